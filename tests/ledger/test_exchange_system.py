"""An exchange that uses up one system's limit cannot pass under the name of another."""

from __future__ import annotations

from msgspec.structs import replace
from tests.ledger.compliance_rows import LOT, OWN
from tests.ledger.given import LAW, SYSTEMS, A, given, when

from onetonne.ledger import commands as c
from onetonne.ledger.hub import Hub
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.units import sealed

OTHER = replace(SYSTEMS.systems["S"], code="U", paths=(), limits={})
BOTH = replace(SYSTEMS, systems=SYSTEMS.systems | {"U": OTHER})
LINKED = sealed(replace(LAW, hub=Hub(lambda: BOTH)))


def test_the_limit_of_the_path_is_asked_whatever_system_is_named() -> None:
    """The rule itself names no system; its path in S uses up a limit of S, and U has none."""
    state = given(
        c.RegisterOperator(system="U", operator="X", account=A), replace(LOT, unit="REM"),
        law=LINKED,
    )  # fmt: skip
    act = replace(OWN, rule="PATH", system="U", period="2025", operator="X")
    answer = when(state, act, law=LINKED)
    assert isinstance(answer, Refusal)
    assert answer.code == "rule_does_not_fit"
    assert (answer.facts["expected"], answer.facts["found"]) == ("system S", "system U")
