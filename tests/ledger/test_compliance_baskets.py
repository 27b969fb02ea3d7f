"""Surrenders among other acts of one command, approved late, or put right after the last day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.compliance_rows import (
    CHANGE,
    FIGURE,
    GIVE,
    GROUP,
    LOT,
    NEXT,
    OF,
    OWN,
    TENTH,
    TIGHT,
    decided,
)
from tests.ledger.given import SECOND, SURRENDER, A, B, ask, block, code, given, holders, when

from onetonne.ledger import commands as c
from onetonne.ledger import entity
from onetonne.ledger.events import Entry
from onetonne.ledger.state import State

LAST, LATE = date(2026, 12, 31), date(2027, 1, 1)
POOLED = decided(replace(GROUP, operators=("TIGHT", "OP-B"), kind="pool"))
TIGHT_B = decided(replace(CHANGE, operator="OP-B", facts={"entity_class": "tight"}))
TO_B = c.Transfer(source=A, target=B, items=block("51-60"))


def used(state: State, *who: str) -> int:
    return sum(row.tonnes for row in entity.uses_of(state, "S", who))


def facts(answer: Any) -> dict[str, Any]:
    assert not isinstance(answer, Entry)
    return {"code": answer.code} | answer.facts


def test_members_of_a_pool_cannot_take_one_room_twice_in_a_basket() -> None:
    """A tenth of 50 tonnes: five, whichever member takes them; and nothing of the basket stands."""
    state = given(LOT, TENTH, POOLED, TIGHT_B, TO_B)
    mine = replace(TIGHT, items=block("1-3"))
    theirs = c.Surrender(source=B, items=block("51-53"), **(OF | {"operator": "OP-B"}))
    found = facts(when(state, ask(mine, theirs)))
    assert (found["code"], found["room"], found["asked"]) == ("limit_exceeded", 2, 3)
    assert used(state, "TIGHT", "OP-B") == 0
    given(ask(mine, replace(theirs, items=block("51-52"))), state=state)
    assert used(state, "TIGHT", "OP-B") == 5


def test_a_figure_set_in_the_basket_makes_room_for_what_follows_it() -> None:
    first, then = replace(TIGHT, items=block("1-5")), replace(FIGURE, operator="TIGHT", tonnes=50)
    state = given(LOT)
    assert code(state, ask(first, then, cites="d")) == "limit_not_known"
    assert code(state, ask(then, first, cites="d")) == ""


def test_the_same_serial_is_not_surrendered_twice_in_a_basket() -> None:
    state = given(LOT)
    found = facts(when(state, ask(GIVE, replace(GIVE, items=block("10-11")))))
    assert found["code"] == "held_elsewhere"
    assert str(SURRENDER) in found["elsewhere"]
    assert code(state, replace(GIVE, items=(*block("1-10"), *block("10-11")))) == "named_twice"
    other = replace(GIVE, period="2024")
    assert code(state, ask(GIVE, other)) in ("held_elsewhere", "not_eligible")
    assert used(state, "OP-A") == 0


def test_an_approval_after_the_window_has_closed_is_judged_on_its_own_day() -> None:
    state = given(LOT, c.Propose(acts=(GIVE,)))
    yes = ask(c.Approve(proposal=1), by=SECOND)
    assert code(state, yes, day=LAST) == ""
    found = facts(when(state, yes, day=LATE))
    assert (found["code"], found["clauses"]) == ("not_eligible", "window")
    # The proposal stands; what was held for it is let go by whoever ends it.
    given(ask(c.Reject(proposal=1), by=SECOND), state=state, day=LATE)
    assert all(not locks for *_, locks in holders(state))
    # What is proposed as late is judged so on the day of its approval.
    given(c.Propose(acts=(replace(GIVE, late=True),)), state=state, day=LAST)
    given(ask(c.Approve(proposal=2), by=SECOND), state=state, day=LATE)
    (row,) = entity.uses_of(state, "S", ("OP-A",))
    assert (row.tonnes, row.late) == (10, 10)


def test_a_surrender_that_is_put_right_after_the_last_day_is_missing_from_then_on() -> None:
    state = given(LOT, GIVE)
    given(c.Correct(entry=NEXT + 1, reason="e", items=block("1-4")), state=state, day=LATE)
    assert used(state, "OP-A") == 6
    again = replace(GIVE, items=block("1-4"))
    assert code(state, again, day=LATE) == "not_eligible"
    given(replace(again, late=True), state=state, day=LATE)
    (row,) = entity.uses_of(state, "S", ("OP-A",))
    assert (row.tonnes, row.late) == (10, 4)
    # What came late and is put right is no longer late either.
    given(c.Correct(entry=state.seq, reason="e", items=block("1-2")), state=state, day=LATE)
    (row,) = entity.uses_of(state, "S", ("OP-A",))
    assert (row.tonnes, row.late) == (8, 2)


def test_what_is_locked_is_not_surrendered_nor_taken_round_the_lock() -> None:
    state = given(LOT, c.Lock(source=A, items=block("5-6"), kind="freeze"))
    assert code(state, GIVE) == "locked"
    free = replace(GIVE, items=block("1-4"))
    assert code(state, ask(free, replace(GIVE, items=block("5")))) == "locked"
    assert code(state, ask(c.Lift(lock=1), GIVE)) == ""
    pledge = c.Lock(source=A, items=block("1"), kind="hold")
    assert code(given(LOT), ask(pledge, GIVE)) == "locked"
    # Units by quantity pass by what is locked.
    state = given(LOT, c.Lock(source=A, items=block("91-100"), kind="freeze"))
    given(replace(GIVE, items=(c.Item(lot=1, quantity=10),)), state=state)
    assert (80, 90, SURRENDER, ()) in holders(state)


def test_what_a_basket_converts_it_can_surrender() -> None:
    state = given(LOT)
    through = replace(OWN, **{k: OF[k] for k in ("system", "operator", "period")})
    made = replace(GIVE, items=block("1-10", lot=2))
    given(ask(through, made), state=state)
    assert holders(state, 2) == [(0, 10, SURRENDER, ())]
    assert [(row.lot, row.tonnes) for row in entity.uses_of(state, "S", ("OP-A",))] == [(2, 10)]
    # What was made in it is not there for more than was made.
    more = replace(made, items=block("1-11", lot=2))
    assert code(given(LOT), ask(through, more)) == "outside_lot"
    assert code(given(LOT), ask(made, through)) == "unknown_lot"
    # And what was burnt is gone.
    assert code(given(LOT), ask(through, GIVE)) == "held_elsewhere"


def test_a_limit_counts_what_a_basket_converts_and_surrenders() -> None:
    """A path that uses up a limit, then its result, which is counted as well."""
    issue = replace(LOT, unit="REM")
    path = c.Convert(source=A, items=block("1-3"), rule="PATH", **(OF | {"operator": "TIGHT"}))
    made = replace(TIGHT, items=block("1-3", lot=2))
    state = given(issue, TENTH)
    found = facts(when(state, ask(path, made)))
    assert (found["code"], found["room"], found["asked"]) == ("limit_exceeded", 2, 3)
    assert code(state, ask(path, replace(made, items=block("1-2", lot=2)))) == ""


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (TENTH, decided(replace(FIGURE, operator="TIGHT", tonnes=20))),
        (TENTH, POOLED),
        (
            decided(replace(FIGURE, tonnes=50)),
            decided(replace(CHANGE, facts={"entity_class": "tight"})),
        ),
    ],
    ids=["a figure is lowered", "a pool is made", "its facts are others"],
)
def test_what_changes_an_operator_between_two_surrenders_counts_at_the_second(
    before: Any, change: Any
) -> None:
    """Four tonnes are used of a tenth of 50; B, once tight, has used two."""
    who = "OP-A" if before is not TENTH else "TIGHT"
    first = replace(GIVE, operator=who, items=block("1-4"))
    theirs = c.Surrender(source=B, items=block("51-52"), **(OF | {"operator": "OP-B"}))
    then = replace(first, items=block("5-6" if who == "OP-A" else "5"))
    state = given(LOT, before, TO_B, theirs, TIGHT_B, first)
    assert code(state, then) == ""
    given(change, state=state)
    assert code(state, then) == "limit_exceeded"


def test_a_refused_basket_gives_no_room_back() -> None:
    """Its correction of a surrender is as little done as the act that was refused after it."""
    state = given(LOT, TENTH, replace(TIGHT, items=block("1-5")))
    undo = c.Correct(entry=state.seq, reason="e")
    assert code(state, ask(undo, replace(TO_B, items=block("101")))) == "outside_lot"
    assert code(state, replace(TIGHT, items=block("6"))) == "limit_exceeded"
    assert code(state, ask(TO_B, replace(TIGHT, items=block("6")))) == "limit_exceeded"
    assert code(state, ask(undo, replace(TIGHT, items=block("6")))) == ""
