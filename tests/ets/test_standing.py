"""Standing under shipped law: parts that fall due, money, weighed units, fee bases."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from onetonne.ets.status import Status, payment, status_of
from onetonne.ledger.compliance import Duty, Used
from onetonne.ledger.entity import Bases, add_obligation, owed_in
from onetonne.ledger.systems import find_period
from onetonne.ledger.tables import Lot
from onetonne.store.lawbook import load_law

HUB = load_law().hub
assert HUB is not None
SYSTEMS = HUB.book.systems
DAY = timedelta(days=1)


def lot(unit: str) -> Lot:
    return Lot(
        lot=1, unit=unit, size=10**9, first_number="1", project="", vintage=2024, host="",
        activity="", commitment_period=0, facts={}, origin="",
        foreign_key="", foreign_first="", foreign_last="", issued=1,
    )  # fmt: skip


def standing(
    system: str, period: str, day: date, bases: Bases, used: int = 0, **more: Any
) -> Status:
    at = find_period(SYSTEMS[system], period, day)
    assert at is not None
    add_obligation(at.system, at.period, bases, {})
    rows = [Used("OP", system, at.period.code, 1, used, 1)] if used else []
    return status_of(
        SYSTEMS[system], at.period, ("OP",), day, allowances=frozenset(["CCA", "KAU", "EUA"]),
        bases=bases, used=rows, lots={1: lot(more.pop("unit", "CCA"))},
        duties=more.pop("duties", ()), **more,
    )  # fmt: skip


NOVEMBER = date(2025, 11, 1)
FIRST_YEAR = {"verified_emissions": {"2024": 100_001}}
# Thirty percent of 100,001, rounded up, is 30,001.
PARTS = (
    (NOVEMBER, 30_000, "not_due", 0),
    (NOVEMBER + DAY, 30_000, "short", 1),
    (NOVEMBER + DAY, 30_001, "not_due", 0),
    (date(2026, 11, 1), 30_001, "not_due", 0),
    (date(2026, 11, 2), 30_001, "not_due", 0),  # the second year's figure is not told
    (date(2026, 11, 2), 30_000, "short", 1),
)


@pytest.mark.parametrize(("day", "used", "word", "short"), PARTS)
def test_a_part_falls_due_with_its_november(day: date, used: int, word: str, short: int) -> None:
    found = standing("US-CA", "CP5", day, dict(FIRST_YEAR), used)
    assert (found.status, found.shortfall) == (word, short)
    assert (found.penalty.units if found.penalty else 0) == 4 * short
    assert found.interim == (30_001 if day > NOVEMBER else 0)


WHOLE = (
    (date(2026, 8, 31), 9, "not_due"),
    (date(2026, 9, 1), 9, "short"),
    (date(2026, 9, 1), 10, "compliant"),
    (date(2026, 9, 1), 11, "compliant"),
)


@pytest.mark.parametrize(("day", "used", "word"), WHOLE)
def test_the_last_day_is_within(day: date, used: int, word: str) -> None:
    bases = {"verified_emissions": {"2025": 10}}
    found = standing("KR", "2025", day, bases, used, unit="KAU")
    assert (found.status, found.excess) == (word, max(0, used - 10))
    assert found.payment is None


def test_what_no_credit_covers_is_owed_in_money() -> None:
    bases = {"taxable_emissions": {"2025": 100}}
    found = standing("SG", "2025", date(2026, 9, 30), bases, 5, unit="VCU")
    assert found.status == "payable"
    assert found.payment is not None
    assert (found.payment.total, found.payment.currency) == ("2375", "SGD")
    late = standing("SG", "2025", date(2026, 10, 1), bases, 5, unit="VCU")
    assert (late.status, late.penalty) == ("payable", None)
    assert standing("SG", "2025", date(2026, 9, 30), {}).status == "not_due"
    assert standing("SG", "2025", date(2026, 10, 1), {}).status == "unreported"


def test_a_unit_may_stand_for_more_than_a_tonne() -> None:
    bases = {"chargeable_emissions": {"2025": 100}}
    more = {"worth": {1: Fraction(6, 5)}, "unit": "TCER"}
    found = standing("TW", "2025", date(2026, 5, 4), bases, 8, **more)
    assert (found.surrendered, found.deducted, found.counted) == ({"TCER": 8}, "9.6", 9)
    assert found.payment is not None
    assert (found.payment.tonnes, found.payment.total) == ("90.4", "27120")


@pytest.mark.parametrize(("outcome", "deducted"), [("", "9.6"), ("overdue", "6")])
def test_what_a_duty_lost_is_weighed_as_it_was_counted(outcome: str, deducted: str) -> None:
    """Three of eight units, each 1.2 t: 3.6 of 9.6 t no longer count."""
    bases = {"chargeable_emissions": {"2025": 7}}
    duty = Duty(9, 0, "c", "TW", "OP", "2025", ((1, 0, 3),), date(2026, 12, 31), outcome)
    more = {"worth": {1: Fraction(6, 5)}, "unit": "TCER", "duties": [duty]}
    found = standing("TW", "2025", date(2026, 5, 4), bases, 8, **more)
    assert (found.deducted, found.status) == (
        (deducted, "payable") if outcome else (deducted, "provisionally_compliant")
    )


# Of 25,001 tonnes one is above the threshold, which does not stand for who is at high risk.
FEE_BASES = (
    ({"high_leakage": False}, 25_000, 0),
    ({"high_leakage": False}, 25_001, 1),
    ({"high_leakage": True, "approved_plan": False}, 25_001, 25_001),
    ({"high_leakage": True, "approved_plan": True, "plan_period": "1"}, 25_001, 5_001),
    ({}, 25_001, None),
)


@pytest.mark.parametrize(("facts", "tonnes", "owed"), FEE_BASES)
def test_what_is_owed_follows_from_what_the_operator_is(
    facts: dict[str, Any], tonnes: int, owed: int | None
) -> None:
    at = find_period(SYSTEMS["TW"], "2025", date(2026, 5, 4))
    assert at is not None
    bases: Bases = {"annual_emissions": {"2025": tonnes}}
    add_obligation(at.system, at.period, bases, facts)
    assert bases["obligation"].get("2025") == owed


def test_each_year_of_a_period_is_owed_as_soon_as_it_is_told() -> None:
    at = find_period(SYSTEMS["US-CA"], "CP5", NOVEMBER)
    assert at is not None
    bases: Bases = {"verified_emissions": {"2024": 7}}
    add_obligation(at.system, at.period, bases, {})
    assert bases["obligation"] == {"2024": 7}
    assert owed_in(at.system, at.period, bases) is None
    bases = {"verified_emissions": {"2024": 7, "2025": 8, "2026": 9}}
    add_obligation(at.system, at.period, bases, {})
    assert owed_in(at.system, at.period, bases) == 24


def test_a_rate_that_is_not_law_yet_costs_nothing() -> None:
    at = find_period(SYSTEMS["KR"], "2025", NOVEMBER)
    assert at is not None
    assert payment(at.system, at.period, Fraction(1)) is None


CP5_TOLD = (
    ({}, ("verified_emissions",)),
    ({"2024": 7}, ("verified_emissions 2025", "verified_emissions 2026")),
    ({"2024": 7, "2026": 9}, ("verified_emissions 2025",)),
    ({"2024": 7, "2025": 8, "2026": 9}, ()),
    ({"CP5": 24}, ()),
)


@pytest.mark.parametrize(("told", "names"), CP5_TOLD)
def test_of_a_longer_period_the_years_that_lack_are_named(
    told: dict[str, int], names: tuple[str, ...]
) -> None:
    assert standing("US-CA", "CP5", NOVEMBER, {"verified_emissions": told}).awaited == names
