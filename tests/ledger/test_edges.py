"""Limits of the kernel's own measures: the case on each bound, and the one just beyond."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import mechanism_rows as m
from tests.ledger.article6_rows import (
    ABROAD,
    AT_USE,
    BEGUN,
    CHANGED,
    FLY,
    FOR_ALL,
    GIVEN,
    LOA,
    LOT,
    NDC,
    SOLD,
    USE,
)
from tests.ledger.authorisation_rows import RESUME, SUSPEND
from tests.ledger.compliance_rows import (
    ALLOWANCES,
    BACK,
    FIGURE,
    GIVE,
    NEXT,
    PROVISIONAL,
    TENTH,
    TIGHT,
    decided,
)
from tests.ledger.compliance_rows import LOT as CREDITS
from tests.ledger.given import DAY, LAW, SURRENDER, A, B, ask, block, code, events, given, when
from tests.ledger.levy_rows import CASH, LEVYING, OF_ISSUED, POLICY
from tests.ledger.levy_rows import OPEN as OPEN_FUND
from tests.ledger.mechanism_rows import RELEASE
from tests.ledger.recall_rows import FROM_JAPAN, OPEN

from onetonne.ledger import commands as c
from onetonne.ledger.acts.activities import years_on
from onetonne.ledger.acts.boundaries import key_of
from onetonne.ledger.article6.approach_levies import ApproachLevied
from onetonne.ledger.events import DutySettled, FirstTransferred, Moved, Used
from onetonne.ledger.refusals import Refusal, Refused
from onetonne.ledger.state import State
from onetonne.ledger.units import Law, sealed


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("site:90,180", "site:90.0000,180.0000"),
        ("site:-90,-180", "site:-90.0000,-180.0000"),
        ("site:-0.00001,0", "site:0.0000,0.0000"),
    ],
)
def test_a_site_on_the_edge_of_the_map_is_a_place(asked: str, kept: str) -> None:
    assert key_of(asked) == kept


@pytest.mark.parametrize("asked", ["site:90.5,0", "site:-90.5,0", "site:0,180.5", "site:0,-180.5"])
def test_a_site_beyond_the_map_is_none(asked: str) -> None:
    with pytest.raises(Refused):
        key_of(asked)


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2025, 1, 1), 5, date(2029, 12, 31)),
    ],
)
def test_a_crediting_period_ends_on_the_last_day_of_its_years(
    first: date, years: int, last: date
) -> None:
    assert years_on(first, years) == last


@pytest.mark.parametrize(("cap", "fits"), [(9, False), (10, True)])
def test_a_cap_may_be_lowered_to_what_is_first_transferred(cap: int, fits: bool) -> None:
    assert isinstance(when(given(*SOLD), replace(CHANGED, cap=cap)), Refusal) is not fits


@pytest.mark.parametrize(("vintage", "fits"), [(2021, True), (2030, True), (2031, False)])
def test_a_pledge_holds_its_first_and_its_last_vintage(vintage: int, fits: bool) -> None:
    lot, loa = replace(LOT, vintage=vintage), replace(LOA, vintage_to=2035)
    answer = when(given(*BEGUN, NDC, lot, loa, ABROAD), USE)
    assert isinstance(answer, Refusal) is not fits
    assert fits or getattr(answer, "code", "") == "foreign_period"


def test_a_recall_takes_neighbouring_blocks_in_any_order() -> None:
    items = (*block("94-95"), *block("91-93"), *block("96"))
    (opened,) = events(given(*FROM_JAPAN), replace(OPEN, items=items))
    assert opened.blocks == ((1, 90, 93), (1, 93, 95), (1, 95, 96))


def test_an_authorisation_first_transfers_no_units_that_have_ended() -> None:
    gone = c.Cancel(source=A, items=block("1-10"), kind="voluntary")
    made = events(given(*BEGUN, LOT, gone), replace(FOR_ALL, cap=0))
    assert [e.blocks for e in made if hasattr(e, "trigger")] == [((10, 100),)]


TWO_DUTIES = (PROVISIONAL, ask(GIVE, replace(GIVE, items=block("21-30"))))
PART, OTHER_PART = (
    c.Correct(entry=NEXT + 1, reason="e", items=block(serials)) for serials in ("1-4", "21-25")
)


def test_what_stays_of_two_duties_stands_as_before_in_whichever_act_a_part_goes_back() -> None:
    state = given(*TWO_DUTIES)
    made = events(state, PART)
    assert [e.outcome for e in made if isinstance(e, DutySettled)] == ["void"]
    late = date(2027, 1, 2)
    given(c.Expire(duties=(NEXT + 1,)), ask(PART, OTHER_PART), state=state, day=late)
    left = {row.blocks: row.outcome for row in state.owed() if row.duty == state.seq}
    assert left == {((1, 4, 10),): "overdue", ((1, 25, 30),): "overdue"}


def first_transferred(made: tuple[Any, ...]) -> list[Any]:
    return [(e.blocks, e.trigger) for e in made if isinstance(e, FirstTransferred)]


def test_a_cap_takes_the_lowest_serials_whoever_holds_them_and_nothing_empty() -> None:
    moved = [c.Transfer(source=A, target=B, items=block(s)) for s in ("41-50", "1-10")]
    made = events(given(*BEGUN, LOT, *moved), replace(FOR_ALL, cap=15))
    assert [blocks for blocks, _ in first_transferred(made)] == [((0, 10),), ((10, 15),)]


def test_units_that_an_authorisation_did_not_reach_move_at_home_without_it() -> None:
    state = given(*BEGUN, FOR_ALL, SUSPEND, LOT, RESUME)
    assert first_transferred(events(state, replace(ABROAD, target=B))) == []


@pytest.mark.parametrize(("choice", "found"), [((RELEASE,), [((7, 17),)]), ((), [])])
def test_what_leaves_the_buffer_alive_is_reached_by_an_authorisation(
    choice: tuple[c.Act, ...], found: list[Any]
) -> None:
    reach = replace(FOR_ALL, cap=0)
    issue = replace(m.ISSUE, verification=m.V1 + len(BEGUN) + 1)
    state = given(*BEGUN, reach, *m.CLOSED[:-3], issue, *m.CLOSED[-2:], *choice)
    assert [blocks for blocks, _ in first_transferred(events(state, m.SETTLE))] == found


def test_a_holder_that_is_not_loaded_hinders_no_authorisation() -> None:
    state = given(*BEGUN, LOT, replace(ABROAD, target=B))
    del state.accounts[B]
    assert first_transferred(events(state, LOA)) == []


@pytest.mark.parametrize(("limit", "refused"), [(3, ""), (2, "too_fragmented")])
def test_an_authorisation_reaches_so_many_pieces_and_no_more(
    monkeypatch: pytest.MonkeyPatch, limit: int, refused: str
) -> None:
    monkeypatch.setattr("onetonne.ledger.acts.authorise.MAX_PIECES", limit)
    state = given(*BEGUN, LOT, replace(ABROAD, target=B, items=block("41-50")))
    assert code(state, replace(FOR_ALL, cap=0)) == refused


def test_units_issued_at_home_are_not_first_transferred_for_that() -> None:
    assert first_transferred(events(given(*BEGUN, LOA), LOT)) == []


def with_unit(unit: str, **changes: Any) -> Law:
    """The law of the tests with one unit type changed."""
    return sealed(replace(LAW, units=LAW.units | {unit: replace(LAW.units[unit], **changes)}))


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"until": DAY}, ""),
        ({"until": DAY - timedelta(1)}, "unit_not_in_force"),
        ({"needs": frozenset({"methodology"})}, "missing_fact"),
    ],
)
def test_a_mechanism_issues_what_its_unit_type_allows(changes: Any, refused: str) -> None:
    assert code(given(*m.VERIFIED), m.ISSUE, law=with_unit("A64", **changes)) == refused


BARE = replace(ALLOWANCES, facts={})
ELSEWHERE = replace(BARE, unit="FREE")
FREE = replace(LAW.units["ALW"], code="FREE")


@pytest.mark.parametrize(
    ("law", "act", "refused"),
    [
        (LAW, BARE, "missing_fact"),
        (sealed(replace(LAW, hub=None)), BARE, ""),
        (sealed(replace(LAW, units=LAW.units | {"FREE": FREE})), ELSEWHERE, ""),
    ],
)
def test_an_allowance_of_no_known_system_names_no_cap(law: Law, act: c.Act, refused: str) -> None:
    assert code(given(), act, law=law) == refused


def facts(state: State, asked: Any, **how: Any) -> dict[str, Any]:
    answer = when(state, asked, **how)
    assert isinstance(answer, Refusal)
    return answer.facts


SEND = c.Transfer(source=A, target=B, items=block("1-10"))
RETIRED = c.Retire(source=A, items=block("6-10"), purpose="voluntary_claim", beneficiary="x")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ((SEND,), "1-10 by 1002"),
        ((RETIRED,), f"6-10 by 1 (retired for voluntary_claim, entry {NEXT + 1})"),
        ((c.Convert(source=A, items=block("1-10"), rule="WHOLE"),), "1-10 by 3"),
    ],
)
def test_who_holds_units_is_told_with_their_use_only_where_they_have_one(
    before: tuple[Any, ...], said: str
) -> None:
    assert facts(given(LOT, *before), SEND)["elsewhere"] == said


def test_locks_are_told_by_their_kind_where_it_is_known() -> None:
    freeze = c.Lock(source=A, items=block("1-10"), kind="freeze")
    state = given(LOT, c.Propose(acts=(SEND,)), freeze)
    approve = ask(c.Approve(proposal=1), by=2)
    assert facts(state, approve)["locks"] == "1-10 by freeze 2"
    del state.locks[2]
    assert facts(state, approve)["locks"] == "1-10 by lock 2"


IN_S = replace(USE, source=SURRENDER)
ONLY_S: dict[str, Any] = {
    "acts": frozenset({"issue", "transfer", "surrender"}), "sinks": frozenset({"surrender"}),
}  # fmt: skip


@pytest.mark.parametrize("what", ["acts", "sinks"])
def test_surrendered_units_are_used_where_they_lie_though_none_may_be_retired(what: str) -> None:
    law = with_unit("CRED", **{what: ONLY_S[what]})
    assert code(given(*SOLD, *GIVEN), IN_S, law=law) == ""
    assert code(given(*SOLD), USE, law=law) == "act_not_permitted_for_unit"


def test_a_use_names_each_serial_that_it_first_transfers_once() -> None:
    parts = (*block("1-5"), *block("8-10"), *block("3-6", lot=2))
    made = events(given(*BEGUN, LOT, LOT, AT_USE), replace(FLY, items=parts))
    used = [(e.lot, e.blocks) for e in made if isinstance(e, Used)]
    assert used == [(1, ((0, 5),)), (1, ((7, 10),)), (2, ((2, 6),))]


def levied(made: tuple[Any, ...]) -> list[tuple[int, ...]]:
    """Of each levy what is taken in units, then what is owed in money."""
    return [
        tuple(share.units for share in (*e.shares, *e.owed))
        for e in made
        if isinstance(e, ApproachLevied)
    ]


def test_what_is_levied_goes_as_one_however_many_pieces_it_lay_in() -> None:
    back = c.Transfer(source=B, target=A, items=block("1-2"))
    state = given(*LEVYING, LOT, replace(SEND, items=block("1-2")), back, replace(LOA, cap=0))
    made = events(state, replace(ABROAD, items=block("1-100")))
    taken = [(e.source, e.first, e.next) for e in made if isinstance(e, Moved)]
    assert taken == [(A, 7, 100), (A, 0, 5), (A, 5, 7)]


def test_what_one_levy_carries_the_next_of_the_same_act_counts() -> None:
    both = (*block("91-100"), *block("91-100", lot=2))
    made = events(given(*BEGUN, CASH, LOT, LOT, LOA), replace(ABROAD, items=both))
    assert levied(made) == [(0, 0), (0, 1)]


def test_an_approach_levies_nothing_of_what_a_mechanism_levied() -> None:
    reach = replace(FOR_ALL, cap=0)
    issue = replace(m.ISSUE, verification=m.V1 + len(BEGUN) + 2)
    state = given(*BEGUN, POLICY, reach, *m.ISSUED[:-1])
    made = events(state, issue)
    assert first_transferred(made)
    assert levied(made) == []


@pytest.mark.parametrize(("second", "found"), [((), []), (block("11-20", lot=1), [(1, 1)])])
def test_a_conversion_is_levied_unless_all_that_it_burnt_was(
    second: tuple[c.Item, ...], found: list[Any]
) -> None:
    reach = replace(LOA, cap=0, items=(), units=("CRED",))
    new = replace(FOR_ALL, authorisation="A2", cap=0, units=("OUT",), first_transfer="issuance")
    state = given(*BEGUN, OPEN_FUND, LOT, OF_ISSUED, reach, LOT, new)
    items = (*block("11-20", lot=2), *second)
    assert levied(events(state, c.Convert(source=A, items=items, rule="WHOLE"))) == found


def test_a_figure_that_is_lowered_counts_in_the_next_question() -> None:
    state = given(CREDITS, TENTH)
    five = replace(TIGHT, items=block("1-5"))
    assert code(state, five) == ""
    given(decided(replace(FIGURE, operator="TIGHT", tonnes=40)), state=state)
    assert code(state, five) == "limit_exceeded"


@pytest.mark.parametrize(("held", "refused"), [("10", "locked"), ("11", "")])
def test_what_a_freeze_may_lie_on_hinders_the_next_act_of_its_basket(
    held: str, refused: str
) -> None:
    state = given(LOT, c.Lock(source=A, items=block(held), kind="hold"))
    freeze = c.Lock(source=A, items=block("11-20"), kind="freeze")
    assert code(state, ask(freeze, SEND)) == refused


def test_a_recall_ends_with_the_days_of_what_was_first_transferred_first() -> None:
    state = given(*FROM_JAPAN[:-1], replace(ABROAD, items=block("96-100")))
    given(replace(ABROAD, items=block("91-95")), state=state, day=DAY + timedelta(9))
    (opened,) = events(state, OPEN, day=DAY + timedelta(9))
    assert opened.until == DAY + timedelta(365)


def test_what_is_left_under_a_duty_in_pieces_does_not_come_back() -> None:
    middle = c.Correct(entry=NEXT + 1, reason="e", items=block("3-5"))
    state = given(PROVISIONAL, GIVE, middle, decided(replace(FIGURE, tonnes=0)))
    assert code(state, BACK) == "under_duty"


@pytest.mark.parametrize(
    ("serials", "refused"), [("4-4", ""), ("5-4", "bad_number"), ("6-4", "bad_number")]
)
def test_a_range_ends_no_earlier_than_it_begins(serials: str, refused: str) -> None:
    assert code(given(LOT), replace(SEND, items=block(serials))) == refused
