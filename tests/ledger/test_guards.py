"""Guards answer in their documented order, and the reference page says that order."""

from __future__ import annotations

import os
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.conftest import watched
from tests.ledger.given import DAY, SECOND, A, B, ask, block, code, given
from tests.ledger.guards import GUARDS, REQUEST, Breach, build, page, world
from tests.ledger.refusal_rows import LOT

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Request
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "kernel-guards.md"


@pytest.fixture(scope="module")
def state() -> State:
    return world()


def names(kind: Any) -> str:
    return str(kind.__struct_config__.tag)


def together(one: Breach, other: Breach) -> dict[str, Any] | None:
    """Both breaches in one request; None where one would undo the other."""
    if one.fields.keys() & other.fields.keys():
        return None
    both = one.fields | other.fields
    # What is named twice, too often or not at all is no longer this item.
    if "items" in both and any(name.startswith("item.") for name in both):
        return None
    return both


@pytest.mark.parametrize("kind", GUARDS, ids=names)
def test_each_guard_refuses_alone_and_before_all_later_ones(kind: Any, state: State) -> None:
    guards = GUARDS[kind]
    for place, one in enumerate(guards.breaches):
        request, day = build(guards.base, one.fields)
        assert code(state, request, day=day) == one.code, one
        for other in guards.breaches[place + 1 :]:
            both = together(one, other)
            if both is not None:
                request, day = build(guards.base, both)
                assert code(state, request, day=day) == one.code, (one, other)


NEVER_ALONE = (c.Expire, c.ReportEmissions)
"""Of these nothing is due in that world, or another must approve it."""


@pytest.mark.parametrize("kind", [k for k in GUARDS if k not in NEVER_ALONE], ids=names)
def test_without_a_breach_the_act_is_accepted(kind: Any, state: State) -> None:
    request, day = build(GUARDS[kind].base, {})
    assert code(state, request, day=day) == ""


def test_a_request_is_guarded_before_its_acts(state: State) -> None:
    bad = c.Transfer(source=4242, target=B, items=block("1"))
    asked: dict[str, Any] = {"by": 1, "acts": (bad,), "effective": DAY, "cites": "d"}
    for one, other in combinations(REQUEST, 2):
        both = one.fields | other.fields
        acts = both.pop("acts", (bad,))
        both["acts"] = (bad,) * acts if isinstance(acts, int) else acts
        if set(one.fields) & set(other.fields):
            both["acts"] = ()
        assert code(state, Request(**(asked | both))) == one.code, (one, other)
    for one in REQUEST[2:]:
        assert code(state, Request(**(asked | one.fields))) == one.code
    assert code(state, Request(**asked)) == "unknown_account"


def test_serials_elsewhere_are_named_before_locked_ones(state: State) -> None:
    act = c.Transfer(source=A, target=B, items=block("31-60"))
    assert code(state, Request(by=1, acts=(act,))) == "held_elsewhere"


def test_every_act_has_its_guards() -> None:
    assert set(GUARDS) == set(c.BY_NAME.values())


def test_the_reference_page_says_this_order() -> None:
    """Write it anew with ONETONNE_WRITE_PAGES=1."""
    if os.environ.get("ONETONNE_WRITE_PAGES") == "1":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(("day", "refused"), [(DAY, ""), (DAY + timedelta(1), "proposal_settled")])
def test_an_approval_on_the_last_day_is_late_though_no_clock_has_said_so(
    day: date, refused: str
) -> None:
    move = c.Transfer(source=A, target=B, items=block("1-10"))
    until = DAY + timedelta(1)
    held = given(LOT, c.Propose(acts=(move,), until=until))
    assert code(held, ask(c.Approve(proposal=1), by=SECOND), day=day) == refused
    assert code(held, ask(c.Reject(proposal=1), by=SECOND), day=day) == ""
    assert code(held, ask(c.Withdraw(proposal=1)), day=day) == ""


def test_a_reason_that_the_page_lacks_is_seen() -> None:
    def refuse(code: str) -> None:
        raise Refused(code)

    with pytest.raises(Refused):
        watched(c.Enrol, refuse)("number_taken")
    with pytest.raises(AssertionError, match="Enrol is refused as locked"):
        watched(c.Enrol, refuse)("locked")
