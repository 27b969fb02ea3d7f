"""What is beyond an obligation is counted in tonnes, by return as by status: no unit that stands
for more or less than a tonne lets more go back, or less, than the operator does not owe."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.compliance_rows import FIGURE, LOT, OF, decided
from tests.ledger.given import DAY, LAW, A, ask, block, founded, furnished, given, take

from onetonne.ets.status import Status, status_of
from onetonne.ledger import commands as c
from onetonne.ledger import entity
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Entry
from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import State
from onetonne.ledger.systems import at_period, system_of
from onetonne.ledger.units import sealed
from onetonne.ledger.worth import worth
from onetonne.store.jurisdictions import compile_files

BOOK = compile_files([Path(__file__).with_name("weighed.yaml")])
WEIGHED = sealed(replace(LAW, hub=Hub(lambda: BOOK)))
EACH = {"CRED": Fraction(1), "OUT": Fraction(6, 5), "REM": Fraction(3, 10)}
"""What the law of `weighed.yaml` says, said again."""
LOTS = {"CRED": 1, "OUT": 2, "REM": 3}


def standing(state: State) -> Status:
    """The status as the service asks for it."""
    ctx = Context(0, c.Request(by=0, acts=()), WEIGHED, DAY)
    at = at_period(ctx, system_of(ctx, "S"), "2025")
    operator = state.operators["OP-A", "S"]
    used = entity.uses_of(state, "S", ("OP-A",))
    figures = entity.figures_of(state, "S", ("OP-A",))
    return status_of(
        at.system, at.period, ("OP-A",), DAY, allowances=frozenset({"ALW"}), lots=state.lots,
        bases=entity.bases_of(state, figures, at.system, at.period), used=used, duties=state.owed(),
        worth=worth(state, ctx, at, operator, [row.lot for row in used]),
    )  # fmt: skip


def gave(unit: str, units: int, owed: int) -> State:
    """A ledger in which the operator, which owes so much, surrendered so many of one unit."""
    state = given(*furnished(), state=founded(), law=WEIGHED)
    issue = replace(LOT, unit=unit, quantity=1000)
    give = c.Surrender(source=A, items=block(f"1-{units}"), **OF)
    # What is owed falls after the surrender, as when a report is corrected.
    much = decided(replace(FIGURE, tonnes=10_000))
    return given(issue, much, give, decided(replace(FIGURE, tonnes=owed)), state=state, law=WEIGHED)


def back(serials: str, lot: int = 1) -> c.Request:
    return ask(c.ReturnExcess(items=block(serials, lot), **OF))


CASES: tuple[tuple[str, int, int, int, int], ...] = (
    # unit, surrendered, owed: the excess in tonnes, and how many of the units may go back
    ("REM", 110, 100, 0, 0),  # 33 t: 67 are missing, though there are more units than tonnes owed
    ("OUT", 90, 100, 8, 6),  # 108 t, though there are fewer units than tonnes owed
    ("OUT", 84, 100, 0, 0),  # 100.8 t
    ("OUT", 85, 100, 2, 1),  # 102 t; two units would be 2.4 t
    ("REM", 340, 100, 2, 6),  # 102 t; seven units would be 2.1 t
    ("CRED", 102, 100, 2, 2),
)


@pytest.mark.parametrize(("unit", "units", "owed", "tonnes", "most"), CASES)
def test_as_many_go_back_as_stand_for_the_excess(
    unit: str, units: int, owed: int, tonnes: int, most: int
) -> None:
    state = gave(unit, units, owed)
    assert standing(state).excess == tonnes
    refused = decide(state, back(f"{units - most}-{units}"), WEIGHED, DAY)
    assert isinstance(refused, Refusal)
    asked = -int(-(most + 1) * EACH[unit] // 1)
    assert refused.code == "no_excess"
    assert refused.facts | {"excess": tonnes, "units": most + 1, "asked": asked} == refused.facts
    if most:
        entry = decide(state, back(f"{units - most + 1}-{units}"), WEIGHED, DAY)
        assert isinstance(entry, Entry)
        take(state, entry, DAY)
        assert standing(state).status == "compliant"
        assert standing(state).outstanding == 0


def test_a_weight_that_a_label_on_a_part_leaves_open_counts_as_the_least() -> None:
    """Of ten units five are labelled as half a tonne; which of them were used nobody says."""
    state = given(*furnished(), state=founded(), law=WEIGHED)
    lot = replace(LOT, unit="METH", facts={"methodology": "M"})
    label = c.Label(kind="grade", value="half", items=block("1-5"))
    story: tuple[Any, ...] = (
        lot,
        label,
        decided(replace(FIGURE, tonnes=100)),
        c.Surrender(source=A, items=block("1-10"), **OF),
        decided(replace(FIGURE, tonnes=5)),
    )
    state = given(*story, state=state, law=WEIGHED)
    found = standing(state)
    assert (found.deducted, found.excess) == ("5", 0)
    assert isinstance(decide(state, back("10"), WEIGHED, DAY), Refusal)


@pytest.mark.parametrize("seed", range(12))
def test_status_and_return_agree_with_a_count_of_their_own(seed: int) -> None:
    """Random surrenders, returns and figures, against a count that knows nothing of the ledger."""
    pick = random.Random(seed)
    state = given(
        *furnished(), *[replace(LOT, unit=unit, quantity=9_000) for unit in LOTS],
        decided(replace(FIGURE, tonnes=0)), state=founded(), law=WEIGHED,
    )  # fmt: skip
    gone: dict[str, list[int]] = {unit: [] for unit in LOTS}
    free = dict.fromkeys(LOTS, 1)
    owed, returned, refused = 0, 0, 0
    for _ in range(90):
        unit = pick.choice(tuple(LOTS))
        what = pick.choice(("give", "give", "back", "back", "owe"))
        if what == "give":
            n = pick.randint(1, 30)
            low, free[unit] = free[unit], free[unit] + n
            give = c.Surrender(source=A, items=block(f"{low}-{low + n - 1}", LOTS[unit]), **OF)
            much, little = (decided(replace(FIGURE, tonnes=tonnes)) for tonnes in (9_000, owed))
            state = given(much, give, little, state=state, law=WEIGHED)
            gone[unit] += range(low, low + n)
        elif what == "owe":
            total = sum(EACH[u] * len(gone[u]) for u in LOTS)
            owed = max(0, int(total) - pick.randint(-5, 6))
            state = given(decided(replace(FIGURE, tonnes=owed)), state=state, law=WEIGHED)
        elif gone[unit]:
            n = pick.randint(1, min(8, len(gone[unit])))
            last = sorted(gone[unit])[-n:]
            request = ask(*[c.ReturnExcess(items=block(str(x), LOTS[unit]), **OF) for x in last])
            total = sum(EACH[u] * len(gone[u]) for u in LOTS)
            answer = decide(state, request, WEIGHED, DAY)
            lawful = total - n * EACH[unit] >= owed
            assert isinstance(answer, Entry) == lawful, (seed, unit, n, total, owed)
            if isinstance(answer, Entry):
                take(state, answer, DAY)
                gone[unit] = [x for x in gone[unit] if x not in last]
                returned += 1
            else:
                refused += 1
        total = sum(EACH[u] * len(gone[u]) for u in LOTS)
        found = standing(state)
        assert found.counted == int(total)
        assert found.excess == max(0, int(total) - owed)
        assert found.outstanding == max(0, owed - int(total))
    assert min(returned, refused) > 0
