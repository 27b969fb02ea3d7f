"""Duties and what is counted: units that went back, or that replace others, free a limit once."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace
from tests.ledger.compliance_rows import (
    ALLOCATE,
    ALLOWANCES,
    BACK,
    FIGURE,
    GIVE,
    LOT,
    NEXT,
    PROVISIONAL,
    SETTLE,
    decided,
)
from tests.ledger.given import ask, block, code, given

from onetonne.ledger import commands as c
from onetonne.ledger import entity
from onetonne.ledger.state import State

LATE = date(2027, 1, 2)
OWNER = ("OP-A",)
ANEW = replace(GIVE, items=block("1-10", lot=2), replaces=NEXT + 1)


def counted(state: State) -> int:
    """Tonnes that a limit and a status see: used, less what stands under unmet duties."""
    used = sum(row.tonnes for row in entity.uses_of(state, "S", OWNER))
    less = sum(row[3] for row in entity.not_counted(state, "S", OWNER, 0))
    assert less == sum(n for _, n in entity.lost(state.duties.values(), "S", "2025"))
    return used - less


def corrected(serials: str = "") -> Any:
    return c.Correct(entry=NEXT + 1, reason="e", items=block(serials) if serials else ())


def test_a_corrected_part_is_not_taken_off_again_when_the_rest_is_overdue() -> None:
    state = given(PROVISIONAL, GIVE, corrected("3-5"))
    assert counted(state) == 7
    new = NEXT + 2
    assert [row.outcome for row in state.duties.values()] == ["void", ""]
    assert state.duties[new, 0].blocks == ((1, 0, 2), (1, 5, 10))
    given(c.Expire(duties=(new,)), state=state, day=LATE)
    assert counted(state) == 0


def test_a_second_correction_leaves_no_duty_on_what_went_back() -> None:
    state = given(PROVISIONAL, GIVE, corrected("3-5"), corrected("6-7"))
    assert counted(state) == 5
    assert [row.outcome for row in state.owed()] == ["void", "void", ""]
    new = state.owed()[-1]
    assert new.blocks == ((1, 0, 2), (1, 7, 10))
    given(c.Expire(duties=(new.duty,)), state=state, day=LATE)
    assert counted(state) == 0
    given(corrected("1-2"), corrected("8-10"), state=state, day=LATE)
    assert {row.outcome for row in state.owed()} == {"void"}
    assert counted(state) == 0


def test_what_is_overdue_is_replaced_and_not_met_late() -> None:
    state = given(PROVISIONAL, GIVE)
    settle = replace(SETTLE, duty=NEXT + 1)
    assert code(state, settle) == ""
    given(c.Expire(duties=(NEXT + 1,)), state=state, day=LATE)
    assert code(state, settle) == "unknown_duty"
    assert counted(state) == 0


def test_a_correction_of_two_parts_voids_the_whole_duty() -> None:
    parts = (*block("1-4"), *block("5-10"))
    state = given(PROVISIONAL, GIVE, replace(corrected(), items=parts))
    assert [row.outcome for row in state.duties.values()] == ["void"]
    assert counted(state) == 0


def test_a_part_of_what_is_overdue_stays_overdue() -> None:
    state = given(PROVISIONAL, GIVE)
    given(c.Expire(duties=(NEXT + 1,)), corrected("1-4"), state=state, day=LATE)
    assert [row.outcome for row in state.duties.values()] == ["void", "overdue"]
    assert counted(state) == 0


def test_what_was_replaced_and_then_corrected_is_taken_off_once() -> None:
    state = given(PROVISIONAL, GIVE, LOT, ANEW)
    assert counted(state) == 10
    given(corrected(), state=state)
    assert counted(state) == 10
    given(decided(replace(FIGURE, tonnes=8)), state=state)
    assert code(state, replace(BACK, items=block("9-10", lot=2))) == ""


def test_a_duty_is_made_good_for_its_own_period_alone() -> None:
    state = given(PROVISIONAL, GIVE, LOT)
    assert code(state, replace(ANEW, period="ANY")) == "unknown_duty"
    assert code(state, ANEW) == ""


def test_only_what_a_duty_needs_may_come_after_the_period_has_closed() -> None:
    state = given(PROVISIONAL, GIVE, LOT)
    given(c.Expire(duties=(NEXT + 1,)), state=state, day=LATE)
    more = replace(ANEW, items=block("1-11", lot=2))
    assert code(state, more, day=LATE) == "not_eligible"
    assert code(state, ANEW, day=LATE) == ""


def test_a_figure_that_a_decision_lowered_is_not_made_negative_by_a_correction() -> None:
    lowered = decided(replace(FIGURE, figure="allocation", tonnes=3))
    state = given(ALLOWANCES, ALLOCATE, lowered, corrected())
    assert [row.tonnes for row in state.figures.values()] == [0]


def outcomes(state: State) -> list[str]:
    return [row.outcome for _, row in sorted(state.duties.items())]


WIDER = replace(GIVE, items=block("1-12", lot=2), replaces=NEXT + 1)


def wrong(state: State, serials: str = "") -> c.Correct:
    items = block(serials, lot=2) if serials else ()
    return c.Correct(entry=state.seq, reason="e", items=items)


def test_a_replacement_that_is_corrected_away_leaves_the_duty_open_again() -> None:
    state = given(PROVISIONAL, GIVE, LOT, ANEW)
    assert (outcomes(state), counted(state)) == (["replaced"], 10)
    given(wrong(state), state=state)
    assert (outcomes(state), counted(state)) == ([""], 10)
    assert code(state, replace(SETTLE, duty=NEXT + 1)) == ""
    given(ANEW, state=state)
    assert (outcomes(state), counted(state)) == (["replaced"], 10)


def test_a_replacement_corrected_after_the_last_day_leaves_the_duty_overdue() -> None:
    state = given(PROVISIONAL, GIVE, LOT, ANEW)
    given(wrong(state), state=state, day=date(2026, 12, 31))
    assert outcomes(state) == [""]
    state = given(PROVISIONAL, GIVE, LOT, ANEW)
    given(wrong(state), state=state, day=date(2027, 1, 1))
    assert (outcomes(state), counted(state)) == (["overdue"], 0)


def test_what_stays_of_a_replacement_must_be_enough_in_all() -> None:
    state = given(PROVISIONAL, GIVE, LOT, WIDER)
    seq = state.seq
    given(c.Correct(entry=seq, reason="e", items=block("1", lot=2)), state=state)
    given(c.Correct(entry=seq, reason="e", items=block("12", lot=2)), state=state)
    assert outcomes(state) == ["replaced"]
    given(c.Correct(entry=seq, reason="e", items=block("5", lot=2)), state=state)
    assert (outcomes(state), counted(state)) == ([""], 19)


def test_a_duty_that_was_met_stays_met_when_its_units_go_back() -> None:
    state = given(PROVISIONAL, GIVE, SETTLE, corrected("3-5"))
    assert outcomes(state) == ["met"]
    assert counted(state) == 7


def test_what_stays_of_several_overdue_duties_is_overdue_each_in_its_place() -> None:
    """One entry, two surrenders, two duties; a part of each goes back, in one correction."""
    state = given(PROVISIONAL, ask(GIVE, replace(GIVE, items=block("21-30"))))
    assert sorted(state.duties) == [(NEXT + 1, 0), (NEXT + 1, 1)]
    parts = replace(corrected(), items=(*block("1-4"), *block("21-25")))
    given(c.Expire(duties=(NEXT + 1,)), parts, state=state, day=LATE)
    new = state.seq
    assert {key: row.outcome for key, row in state.duties.items()} == {
        (NEXT + 1, 0): "void",
        (NEXT + 1, 1): "void",
        (new, 0): "overdue",
        (new, 1): "overdue",
    }
    assert [state.duties[new, place].blocks for place in (0, 1)] == [((1, 4, 10),), ((1, 25, 30),)]
    assert counted(state) == 0
