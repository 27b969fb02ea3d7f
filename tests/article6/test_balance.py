"""The arithmetic of Article 6.2: exact fractions, the sign, the methods, their bounds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.article6.cases import averaged, budget, facts, pledge, tally

from onetonne.article6.balance import MET, MISSED, UNKNOWN, balance, in_tonnes
from onetonne.article6.figures import annual, figures
from onetonne.article6.room import Room, promises
from onetonne.article6.safeguards import Limits, check

YEARS = range(2021, 2031)
EVERY = dict.fromkeys(YEARS, 100)


@pytest.mark.parametrize(
    ("goal", "verdict", "gap"), [("1000", MET, 0), ("999", MISSED, 1), ("999.5", MISSED, "1/2")]
)
def test_a_budget_is_met_up_to_the_last_tonne(goal: str, verdict: str, gap: object) -> None:
    told = balance(budget(goal), facts(EVERY))
    assert (told.verdict, told.gap) == (verdict, Fraction(str(gap)))


def test_a_year_that_is_not_reported_leaves_the_verdict_open() -> None:
    known = {year: 100 for year in YEARS if year != 2027}
    told = balance(budget("1"), facts(known))
    assert (told.verdict, told.reached, told.gap) == (UNKNOWN, None, None)
    assert balance(averaged(), facts(EVERY)).verdict == UNKNOWN, "no target is known"


def test_a_path_stands_for_a_budget_that_is_not_stated() -> None:
    told = balance(budget("", path=("100",) * 10), facts(EVERY))
    assert (told.target, told.verdict) == (1000, MET)


@pytest.mark.parametrize(("goal", "verdict"), [("90", MET), ("89", MISSED), ("", UNKNOWN)])
def test_a_trajectory_is_met_in_its_year_too(goal: str, verdict: str) -> None:
    found = facts(EVERY | {2030: 90})
    ndc = pledge(kind="single", method="trajectory", goal=goal, path=("100",) * 10)
    assert balance(ndc, found).verdict == verdict


def test_an_average_divides_by_calendar_years_whatever_was_reported() -> None:
    found = facts({2030: 1000}, first={2023: 2000})
    assert balance(averaged(), found).years[-1].adjustment == 200


def test_an_average_may_divide_by_the_years_that_an_inventory_reported() -> None:
    found = facts({2022: 1, 2025: 1, 2030: 1000}, first={2023: 300})
    years = balance(averaged(), found, calendar=False).years
    assert [year.adjustment for year in years] == [0, 0, 300, 300, 150, 150, 150, 150, 150, 100]


def test_first_transfers_may_count_in_the_year_in_which_they_happen() -> None:
    sums = (tally(2022, 2025, 40), tally(2030, 2026, 10, basis="use"))
    by_event = figures("TW", "GHG", (), sums, by_vintage=False)
    assert (by_event.first, by_event.used) == ({2025: 40}, {2030: 10})
    assert figures("TW", "GHG", (), sums).first == {2022: 40}


def test_an_indicator_is_met_from_above() -> None:
    goal = {"metric": "MWh", "goal": "1000"}
    assert balance(pledge(**goal), facts(EVERY)).verdict == MET
    assert balance(pledge(**goal), facts(EVERY, first={2025: 1})).verdict == MISSED


def test_a_quantity_of_another_metric_needs_its_factor() -> None:
    assert in_tonnes(pledge(metric="MWh", per_unit="0.5"), 1000) == 500
    assert in_tonnes(pledge(metric="MWh"), 1000) is None
    assert in_tonnes(pledge(), 1000) == 1000


units = st.dictionaries(st.sampled_from(list(YEARS)), st.integers(0, 10**9))


@given(units, units, units)
def test_the_balance_is_emissions_plus_first_transfers_less_use(
    emissions: dict[int, int], first: dict[int, int], used: dict[int, int]
) -> None:
    for year in balance(pledge(), facts(emissions, first, used)).years:
        net = first.get(year.year, 0) - used.get(year.year, 0)
        if year.year in emissions:
            assert year.balance is not None
            assert year.balance - emissions[year.year] == net


@given(units, units)
def test_the_last_average_is_the_whole_net_by_all_years(
    first: dict[int, int], used: dict[int, int]
) -> None:
    told = balance(averaged(), facts({}, first, used))
    assert told.years[-1].adjustment * 10 == sum(first.values()) - sum(used.values())


@given(st.lists(st.tuples(st.sampled_from(YEARS), st.sampled_from(YEARS), st.integers(1, 99))))
def test_sums_by_vintage_and_by_year_of_the_event_are_equal(
    moved: list[tuple[int, int, int]],
) -> None:
    sums = [tally(vintage, done, quantity) for vintage, done, quantity in moved]
    told = annual("TW", "GHG", sums, YEARS)
    assert told[-1].cumulative == sum(row.quantity for row in sums)


def test_a_limit_holds_up_to_its_bound() -> None:
    ndc, found = budget("", path=("100",) * 10), facts(EVERY, first={2025: 10})
    at, below = Limits(first_per_year=10), Limits(first_per_year=9)
    assert {one.verdict for one in check(ndc, found, at)} == {MET}
    assert [one.year for one in check(ndc, found, below) if one.verdict == MISSED] == [2025]
    share = Limits(first_share_of_path=Fraction(1, 11))
    assert [one.year for one in check(ndc, found, share) if one.verdict == MISSED] == [2025]
    gap = Limits(used_share_of_gap=Fraction(1, 2))
    over = facts(EVERY | {2030: 120}, used={2030: 11})
    assert [one.verdict for one in check(ndc, over, gap)] == [MISSED]
    assert [one.verdict for one in check(ndc, facts(EVERY | {2030: 120}), gap)] == [MET]


ROOM = Room(
    party="TW", period="2021-2030", achieved=100, share_of_proceeds=3, omge=2, kept=20,
    authorised={}, first_transferred={"NDC": 10, "OIMP": 5}, used={}, promised={"parties": 4},
    unlimited=(), ended=1, levied=3,
)  # fmt: skip


def test_an_authorisation_without_a_cap_leaves_nothing_that_is_sure() -> None:
    assert (ROOM.here, ROOM.left) == (61, 57)
    assert replace(ROOM, unlimited=("A1",)).left == 0
    assert replace(ROOM, promised={"parties": 62}).left == 0
    none = {"parties": 0, "entities": 0, "others": 0}
    told = promises(())
    assert (told.authorised, told.promised, told.unlimited) == (none, none, ())
