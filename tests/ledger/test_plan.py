"""A host's plan: how claims are set against shares, and what a history may not hold of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.ledger import plan_rows as rows
from tests.ledger.article6_rows import authorised
from tests.ledger.given import AGENT, AUTHORITY, events, given
from tests.ledger.register_rows import watched

from onetonne.ledger.acts.plan import over_plan
from onetonne.ledger.article6.plan import Claim, Share, attribute, covers
from onetonne.ledger.article6.tables import Tally


def share(expected: int, part: str = "1", *projects: str) -> Share:
    return Share(sector="s", first=2024, last=2024, expected=expected, share=part,
                 projects=projects)  # fmt: skip


def test_what_is_planned_is_the_whole_units_of_the_share() -> None:
    assert [share(n, "2/3").planned for n in (0, 1, 2, 3, 100)] == [0, 0, 1, 2, 66]
    assert share(10**18, "0.333333333").planned == 333333333 * 10**9


def test_the_narrow_go_first_whatever_their_order() -> None:
    shares = (share(10), share(10))
    wide, narrow = Claim("W", 10, (0, 1)), Claim("X", 10, (0,))
    for claims in ((wide, narrow), (narrow, wide)):
        told = attribute(shares, claims)
        assert (told.taken, told.beyond) == ((10, 10), {})
    told = attribute(shares, (wide, narrow, Claim("Y", 1, (0, 1))))
    assert (told.taken, told.beyond) == ((10, 10), {"Y": 1})


def test_what_has_no_cap_takes_all_of_its_shares_first() -> None:
    told = attribute((share(10), share(5)), (Claim("X", 3, (0,)), Claim("U", None, (0,))))
    assert (told.taken, told.beyond) == ((10, 0), {"X": 3})


@forall(
    st.lists(st.integers(0, 9), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 12), st.sets(st.integers(0, 3))), max_size=5),
)
def test_no_unit_is_lost_or_made(expected: list[int], asked: list[tuple[int, set[int]]]) -> None:
    shares = tuple(map(share, expected))
    claims = [Claim(str(n), quantity, tuple(sorted(p for p in places if p < len(shares))))
              for n, (quantity, places) in enumerate(asked)]  # fmt: skip
    told = attribute(shares, claims)
    assert sum(told.taken) + sum(told.beyond.values()) == sum(one[0] for one in asked)
    assert all(a <= one.planned for a, one in zip(told.taken, shares, strict=True))
    again = attribute(shares, reversed(claims))
    assert again == told


def test_a_share_without_projects_is_of_those_that_no_other_names() -> None:
    shares = (share(1, "1", "P1"), share(1), replace(share(1, "1", "P9"), first=2025, last=2025))
    assert [covers(shares, 0, p) for p in ("P1", "P2")] == [True, False]
    assert [covers(shares, 1, p) for p in ("P1", "P2", "P9", "")] == [False, True, True, True]


TRUE = given(*rows.PLANNED)
WITHIN = authorised(replace(rows.NARROW, cap=40))
OVER = authorised(replace(rows.NARROW, cap=50, **rows.BY), beyond=10)
LAWFUL: tuple[Any, ...] = (
    WITHIN, OVER, rows.recorded(version=2), authorised(rows.WIDE),
    authorised(replace(rows.LOA, vintage_from=2031, cap=0)),
)  # fmt: skip
UNLAWFUL: tuple[Any, ...] = (
    replace(OVER, overridden_by=0),
    replace(OVER, overridden_by=99),
    replace(OVER, overridden_by=AGENT),
    replace(OVER, override_reason=""),
    replace(OVER, beyond=9),
    replace(WITHIN, beyond=1),
    replace(WITHIN, overridden_by=AUTHORITY),
    replace(OVER, cap=0),
    replace(WITHIN, cap=41),
    rows.recorded(),
    rows.recorded(version=3),
    replace(rows.recorded(version=2), last=2029),
    replace(rows.recorded(), party="JP"),
)


@pytest.mark.parametrize("event", LAWFUL)
def test_what_an_act_can_do_is_not_named(event: Any) -> None:
    assert watched(TRUE, event) == set()


@pytest.mark.parametrize("event", UNLAWFUL)
def test_what_no_act_can_do_is_named(event: Any) -> None:
    assert watched(TRUE, event) == {"unlawful_authorisation"}


def test_use_towards_the_own_pledge_makes_room() -> None:
    row = given(*rows.level("1000"), replace(rows.NARROW, cap=1, **rows.BY)).authorisations["A1", 1]
    state = given(*rows.level("1000"))
    over = over_plan(state, row)
    assert over is not None
    assert (over.units, over.code) == (1, "breaks_pledge")
    for basis, metric, year, still in (
        ("use", "MWh", 2024, True), ("use", "GHG", 2031, True), ("use", "GHG", 2020, True),
        ("first_transfer", "GHG", 2024, True), ("use", "GHG", 2021, False),
        ("use", "GHG", 2030, False),
    ):  # fmt: skip
        key = ("TW", basis, year, 2024, "CA9001", "NDC", metric)
        state = given(*rows.level("1000"))
        state.tallies[key] = Tally(*key, 1)
        assert (over_plan(state, row) is not None) == still, (basis, metric, year)


def test_the_worst_of_both_is_told() -> None:
    plan = replace(rows.PLAN, projected="995")
    told = given(*rows.BEGUN, rows.MORE, rows.PLEDGE, plan)
    (event,) = events(told, replace(rows.NARROW, cap=41, **rows.BY))
    assert event.beyond == 36
