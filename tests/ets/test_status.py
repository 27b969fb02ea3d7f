"""An operator's standing: each word on its bound, and what a shortfall costs, in decimals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from onetonne.ets.integrity import statement
from onetonne.ets.status import Status, status_of
from onetonne.ledger.compliance import Allocation, Cap, Duty, Paid, Used
from onetonne.ledger.tables import Lot
from onetonne.rules.law import periods
from tests.ledger.given import SYSTEMS

S = SYSTEMS.systems["S"]
PERIOD = next(p for p in periods(S, date(2026, 1, 1)) if p.code == "2025")
DEADLINE = PERIOD.closes
AFTER = date(2027, 1, 1)
LOTS = {
    1: Lot(1, "ALW", 100, "1", "", 2025, "", "", 0, {"period": "2024"}, "", "", "", "", 1),
    2: Lot(2, "CRED", 100, "1", "", 2024, "", "", 0, {}, "", "", "", "", 2),
    3: Lot(3, "ALW", 100, "1", "", 2026, "", "", 0, {}, "", "", "", "", 3),
}
DUTY = Duty(9, 0, "c", "S", "X", "2025", ((2, 0, 10),), date(2026, 12, 31))


def standing(owed: int | None, used: dict[int, int], day: date, *duties: Duty) -> Status:
    bases = {"obligation": {} if owed is None else {"2025": owed}}
    rows = [Used("X", "S", "2025", lot, tonnes, 5) for lot, tonnes in used.items()]
    return status_of(
        S, PERIOD, ("X",), day, allowances=frozenset({"ALW"}), bases=bases, used=rows, lots=LOTS,
        duties=duties,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("owed", "given", "day", "word"),
    [
        (100, 99, DEADLINE, "not_due"),
        (100, 99, AFTER, "short"),
        (100, 100, DEADLINE, "compliant"),
        (100, 100, AFTER, "compliant"),
        (0, 0, AFTER, "compliant"),
        (None, 100, DEADLINE, "not_due"),
        (None, 100, AFTER, "unreported"),
    ],
)
def test_the_word_on_each_side_of_its_bound(
    owed: int | None, given: int, day: date, word: str
) -> None:
    assert standing(owed, {1: given}, day).status == word


def test_a_shortfall_is_priced_as_law_says_without_rounding() -> None:
    found = standing(100, {1: 60, 2: 33}, AFTER)
    assert (found.shortfall, found.outstanding, found.excess) == (7, 7, 0)
    assert found.penalty is not None
    assert (found.penalty.per_tonne, found.penalty.total, found.penalty.currency) == (
        "40.5", "283.5", "EUR",
    )  # fmt: skip
    assert standing(100, {1: 100}, AFTER).penalty is None
    assert standing(100, {1: 1}, DEADLINE).penalty is None


LATE = (
    # in time, late: the word, what was missing on the last day, what is missing now, the penalty
    (100, 0, "compliant", 0, 0, ""),
    (99, 1, "made_good_late", 1, 0, "40.5"),
    (99, 2, "made_good_late", 1, 0, "40.5"),
    (90, 9, "short", 10, 1, "405"),
    (100, 5, "compliant", 0, 0, ""),
)


@pytest.mark.parametrize(("given", "late", "word", "short", "missing", "penalty"), LATE)
def test_what_came_late_never_makes_compliant(
    given: int, late: int, word: str, short: int, missing: int, penalty: str
) -> None:
    rows = [Used("X", "S", "2025", 1, given + late, 5, late)]
    found = status_of(S, PERIOD, ("X",), AFTER, allowances=frozenset({"ALW"}), lots=LOTS,
                      bases={"obligation": {"2025": 100}}, used=rows, duties=())  # fmt: skip
    assert (found.status, found.late, found.shortfall) == (word, late, short)
    assert found.outstanding == missing
    assert (found.penalty.total if found.penalty else "") == penalty


PENALTY = Paid("X", "S", "2025", 7, 0, "penalty", "100.50", "EUR", AFTER)


@pytest.mark.parametrize(
    ("given", "amounts", "told"),
    [
        (93, ("100.50",), ("283.5", "100.5", "183")),
        (93, ("283.50",), ("283.5", "283.5", "0")),
        (93, ("300", "-0.01"), ("283.5", "299.99", "0")),
        (100, ("100.50",), ("", "100.5", "")),
    ],
)
def test_a_payment_is_held_against_the_penalty(
    given: int, amounts: tuple[str, ...], told: tuple[str, str, str]
) -> None:
    rows = [Used("X", "S", "2025", 1, given, 5)]
    paid = [replace(PENALTY, amount=amount, place=n) for n, amount in enumerate(amounts)]
    other = [replace(PENALTY, period="2024"), replace(PENALTY, kind="tax", amount="5")]
    found = status_of(S, PERIOD, ("X",), AFTER, allowances=frozenset({"ALW"}), lots=LOTS,
                      bases={"obligation": {"2025": 100}}, used=rows, duties=(),
                      payments=[*paid, *other])  # fmt: skip
    tax, penalty = found.paid
    assert (penalty.due, penalty.paid, penalty.open) == told
    assert (tax.kind, tax.paid, tax.due, tax.open) == ("tax", "5", "0", "0")


def test_kinds_and_years_are_told_apart() -> None:
    found = standing(100, {1: 40, 2: 20, 3: 50}, AFTER)
    assert found.surrendered == {"ALW": 90, "CRED": 20}
    assert (found.allowances, found.credits, found.banked, found.borrowed) == (90, 20, 40, 50)
    assert (found.counted, found.excess) == (110, 10)


@pytest.mark.parametrize(
    ("outcome", "word", "counted"),
    [
        ("", "provisionally_compliant", 100),
        ("met", "compliant", 100),
        ("overdue", "short", 90),
        ("replaced", "short", 90),
    ],
)
def test_a_duty_decides_what_counts(outcome: str, word: str, counted: int) -> None:
    found = standing(100, {1: 80, 2: 20}, AFTER, replace(DUTY, outcome=outcome))
    assert (found.status, found.counted) == (word, counted)


def test_what_a_duty_does_not_touch_is_compliant_without_it() -> None:
    assert standing(90, {1: 80, 2: 20}, AFTER, DUTY).status == "compliant"
    assert standing(91, {1: 80, 2: 20}, AFTER, DUTY).status == "provisionally_compliant"


def test_the_statement_adds_up() -> None:
    used = [Used("X", "S", "2025", 1, 70, 5), Used("Y", "S", "2025", 2, 30, 5),
            Used("Y", "S", "2024", 2, 9, 5)]  # fmt: skip
    given = [
        Allocation(who, "S", "2025", kind, tonnes, 4)
        for who, kind, tonnes in (("X", "free", 60), ("Y", "free", 5), ("Y", "auction", 20))
    ]
    rest: Any = (given, used, LOTS, frozenset({"ALW"}))
    found = statement(S, "2025", Cap("S", "2025", 100, 90, 3), *rest)
    assert (found.cap, found.issued, found.left, found.beyond) == (100, 90, 10, 0)
    assert found.allocated == {"auction": 20, "free": 65}
    assert (found.surrendered, found.credits) == ({"ALW": 70}, {"CRED": 30})
    assert (found.credits_used, found.effective) == (30, 130)
    both: Any = (*rest[:3], frozenset({"ALW", "CRED"}))
    linked = statement(replace(S, allowances=("ALW",)), "2025", Cap("S", "2025", 100, 90, 3), *both)
    assert (linked.surrendered, linked.linked, linked.credits) == ({"ALW": 70}, {"CRED": 30}, {})
    assert linked.effective == 100
    lowered = statement(S, "2025", Cap("S", "2025", 80, 90, 3), *rest)
    assert (lowered.left, lowered.beyond, lowered.effective) == (0, 10, 110)
    unset = statement(S, "2025", Cap("S", "2025", 0, 90, 0), *rest)
    assert (unset.cap, unset.left, unset.effective) == (None, None, None)
