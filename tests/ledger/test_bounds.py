"""Every limit from both sides: what lies exactly on it is accepted, one more is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.given import DAY, LAW, A, B, amount, ask, block, code, events, given, when
from tests.ledger.refusal_rows import (
    ADMIT,
    DIGEST,
    ENDED,
    FURNISHED,
    LOT,
    MOVE,
    OBSERVE,
    PLEDGE,
    RETIRE,
    TOMORROW,
    seen,
)

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Act, Item, Request
from onetonne.ledger.units import Law, sealed

OPERATOR = c.RegisterOperator(system="S", operator="X", account=A)
PAST = DAY - timedelta(1)
CAP = c.SetCap(system="S", period="2025", tonnes=5)
RECOGNISE = c.Recognise(system="S", items=block("1"))
GRADE = c.Label(items=block("1"), kind="grade", value="A")
BIG = replace(LOT, quantity=10_000)

ON: tuple[tuple[str, Act | Request, Act | Request, str], ...] = (
    ("account 1000", c.OpenAccount(account=1_000), c.OpenAccount(account=999), "number_taken"),
    (
        "account of 12 digits",
        c.OpenAccount(account=10**12 - 1),
        c.OpenAccount(account=10**12),
        "bad_text",
    ),
    (
        "a register of 80",
        replace(OBSERVE, register="x" * 80),
        replace(OBSERVE, register="x" * 81),
        "bad_text",
    ),
    ("one row", replace(OBSERVE, rows=1), replace(OBSERVE, rows=0), "bad_quantity"),
    (
        "50 million rows",
        replace(OBSERVE, rows=50_000_000),
        replace(OBSERVE, rows=50_000_001),
        "bad_quantity",
    ),
    (
        "an operator of 40",
        replace(OPERATOR, operator="x" * 40),
        replace(OPERATOR, operator="x" * 41),
        "bad_text",
    ),
    (
        "no tonnes",
        ask(replace(CAP, tonnes=0), cites="d"),
        ask(replace(CAP, tonnes=-1), cites="d"),
        "bad_quantity",
    ),
    (
        "conditions of 400",
        replace(RECOGNISE, conditions="x" * 400),
        replace(RECOGNISE, conditions="x" * 401),
        "bad_text",
    ),
    (
        "recognised today",
        replace(RECOGNISE, until=DAY),
        replace(RECOGNISE, until=PAST),
        "day_has_passed",
    ),
    (
        "a label of 400",
        replace(GRADE, value="x" * 400),
        replace(GRADE, value="x" * 401),
        "bad_label_value",
    ),
    (
        "a fact of 200",
        replace(LOT, facts={"k": "v" * 199}),
        replace(LOT, facts={"k": "v" * 200}),
        "bad_text",
    ),
    (
        "30 facts",
        replace(LOT, facts={str(n): "" for n in range(30)}),
        replace(LOT, facts={str(n): "" for n in range(31)}),
        "bad_text",
    ),
    ("a vintage of 1990", replace(LOT, vintage=1990), replace(LOT, vintage=1989), "bad_text"),
    ("a vintage of 2100", replace(LOT, vintage=2100), replace(LOT, vintage=2101), "bad_text"),
    (
        "commitment period 99",
        replace(LOT, commitment_period=99),
        replace(LOT, commitment_period=100),
        "bad_text",
    ),
    ("2^62 units", replace(LOT, quantity=2**62), replace(LOT, quantity=2**62 + 1), "bad_quantity"),
    ("one unit", replace(LOT, quantity=1), replace(LOT, quantity=0), "bad_quantity"),
    (
        "a range of one",
        replace(MOVE, items=block("1-1")),
        replace(MOVE, items=block("2-1")),
        "bad_number",
    ),
    (
        "a last number of 40 digits",
        replace(LOT, first_number="9" * 38 + "00"),
        replace(LOT, first_number="9" * 38 + "01", quantity=100),
        "bad_number",
    ),
    (
        "a first number of 40 digits",
        replace(LOT, first_number="1" * 40),
        replace(LOT, first_number="1" * 41),
        "bad_number",
    ),
    (
        "a code of 80",
        c.RegisterProject(project="x" * 80, party="TW"),
        c.RegisterProject(project="x" * 81, party="TW"),
        "bad_text",
    ),
    (
        "100 acts",
        ask(*[replace(MOVE, items=block(str(n))) for n in range(1, 101)]),
        ask(*[MOVE] * 101),
        "too_many_items",
    ),
    (
        "300 items",
        replace(MOVE, items=tuple(Item(lot=1, serials=str(n)) for n in range(1, 301))),
        replace(MOVE, items=tuple(Item(lot=1, serials=str(n)) for n in range(1, 302))),
        "too_many_items",
    ),
    (
        "300 labels",
        replace(GRADE, items=tuple(Item(lot=1, serials=str(n)) for n in range(1, 301))),
        replace(GRADE, items=tuple(Item(lot=1, serials=str(n)) for n in range(1, 302))),
        "too_many_items",
    ),
    (
        "a lock until tomorrow",
        replace(PLEDGE, until=TOMORROW),
        replace(PLEDGE, until=DAY),
        "day_has_passed",
    ),
    (
        "an effect today",
        ask(MOVE, effective=DAY, cites="d"),
        ask(MOVE, effective=TOMORROW, cites="d"),
        "effective_day_in_future",
    ),
)


@pytest.mark.parametrize(("label", "on", "over", "why"), ON, ids=[row[0] for row in ON])
def test_the_limit_itself_is_accepted(
    label: str, on: Act | Request, over: Act | Request, why: str
) -> None:
    state = given(BIG)
    assert code(state, on) == "", label
    assert code(state, over) == why, label


def test_a_quantity_is_bounded_before_it_is_looked_for() -> None:
    state = given(LOT)
    assert code(state, replace(MOVE, items=amount(2**62))) == "not_enough_free"
    assert code(state, replace(MOVE, items=amount(2**62 + 1))) == "bad_quantity"


def test_exactly_as_many_holdings_as_fit_are_crossed() -> None:
    """Every second serial moved away and back makes a holding of each."""
    odd = [Item(lot=1, serials=str(2 * n + 1)) for n in range(751)]
    away = [replace(MOVE, items=tuple(odd[at : at + 251])) for at in range(0, 751, 251)]
    back = [replace(move, source=B, target=A) for move in away]
    state = given(BIG, *away, *back)
    assert len(events(state, replace(MOVE, items=block("1-1500")))[0].held) == 1_500
    assert code(state, replace(MOVE, items=block("1-1501"))) == "too_fragmented"
    by_two = replace(MOVE, items=(*block("1-1000"), *block("1001-1501")))
    assert code(state, by_two) == "too_fragmented"
    # Whoever holds them: of so many, not all are loaded.
    partly = given(BIG, *away, *back[:-1])
    assert code(partly, replace(MOVE, items=block("1-1500"))) == "held_elsewhere"
    assert code(partly, replace(MOVE, items=block("1-1501"))) == "too_fragmented"


def foreign(kind: str, first: int, last: int) -> tuple[c.Observe, c.Foreign]:
    quantity = last - first + 1
    observe, filed, _ = seen(kind=kind, first=str(first), last=str(last), quantity=quantity)
    return observe, filed


@pytest.mark.parametrize(
    ("first", "last", "twice"),
    [(1, 4, False), (1, 5, True), (14, 20, True), (15, 20, False), (7, 8, True), (1, 99, True)],
)
def test_foreign_serials_are_taken_once_to_the_last_one(first: int, last: int, twice: bool) -> None:
    observe, filed = foreign("block", first, last)
    state = given(OBSERVE, ADMIT, observe)
    act = replace(ADMIT, filed=replace(filed, observation=FURNISHED + 3))
    assert code(state, act) == ("foreign_serial_used" if twice else "")


@pytest.mark.parametrize(
    ("kind", "rule", "fits"),
    [
        ("block", "", True),
        ("issuance", "", True),
        ("cancellation", "", False),
        ("retirement", "", False),
        ("project", "", False),
        ("cancellation", "ABROAD", True),
        ("retirement", "ABROAD", True),
        ("block", "ABROAD", False),
    ],
)
def test_what_is_filed_circulates_and_what_is_converted_has_ended(
    kind: str, rule: str, fits: bool
) -> None:
    observe, filed = foreign(kind, 5, 14)
    act = c.Admit(filed=filed, account=A, unit="OUT", rule=rule)
    assert code(given(observe), act) == ("" if fits else "row_does_not_fit")


def test_one_foreign_serial_is_a_range_too() -> None:
    observe, filed = foreign("block", 7, 7)
    (issued,) = events(given(observe), c.Admit(filed=filed, account=A, unit="OUT"))
    assert (issued.size, issued.first_number, issued.foreign_last) == (1, "7", "7")


def test_more_than_a_lot_holds_is_not_taken_in() -> None:
    observe, filed = foreign("block", 1, 2**62 + 1)
    assert code(given(observe), c.Admit(filed=filed, account=A, unit="OUT")) == "bad_quantity"


def test_a_dated_unit_is_filed_at_any_time_and_made_only_in_its_own() -> None:
    late = date(2027, 1, 1)
    state = given(OBSERVE)
    assert code(state, replace(ADMIT, unit="DATED"), day=late) == ""
    made = c.Admit(filed=ENDED, account=A, rule="ABROAD_DATED")
    assert code(state, made, day=late) == "unit_not_in_force"
    assert code(state, made) == ""
    (refusal,) = [when(state, made, day=late)]
    facts: dict[str, Any] = refusal.facts  # type: ignore[union-attr]
    assert (facts["since"], facts["until"]) == ("2026-01-01", "2026-12-31")


def test_a_needed_fact_may_come_from_the_project_or_the_lot() -> None:
    issue = c.Issue(unit="METH", quantity=1, account=A)
    assert code(given(), issue) == "missing_fact"
    assert code(given(), replace(issue, project="P1")) == ""
    assert code(given(), replace(issue, project="P2")) == "missing_fact"
    assert code(given(), replace(issue, facts={"methodology": "M"})) == ""


def test_a_basket_with_a_correction_still_needs_its_decision() -> None:
    state = given(LOT, MOVE)
    correct = c.Correct(entry=FURNISHED + 2, reason="r")
    assert code(state, ask(correct, effective=DAY)) == ""
    both = ask(correct, replace(MOVE, items=block("50")), effective=DAY)
    assert code(state, both) == "effective_day_not_allowed"


def test_a_unit_that_left_the_law_moves_no_more() -> None:
    bare = sealed(Law(lock_kinds=LAW.lock_kinds, purposes=LAW.purposes))
    for act in (MOVE, RETIRE, PLEDGE):
        assert code(given(LOT), act, law=bare) == "unknown_unit"


def test_what_is_free_is_counted_within_the_block() -> None:
    state = given(LOT, replace(MOVE, items=block("21-40")))
    given(replace(PLEDGE, source=B, items=block("25-26")), state=state)
    answer = when(state, c.Correct(entry=FURNISHED + 2, reason="r", items=block("22-30")))
    assert answer.facts["free"] == 7  # type: ignore[union-attr]


def test_an_observation_is_of_its_own_digest() -> None:
    (event,) = events(given(), replace(OBSERVE, digest=DIGEST, root="0" * 64))
    assert (event.digest, event.root) == (DIGEST, "0" * 64)
