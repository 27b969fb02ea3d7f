"""What an issuance is levied: the rule's own table, its bounds, and that shares are checked."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from onetonne.ledger.article6.levies import MODES, Rate, Share, adds_up, rounded, split

SOP, OMGE, BUFFER = Fraction(1, 20), Fraction(1, 50), Fraction(1, 10)


def levied(n: int, mode: str, *risk: Fraction) -> tuple[int, ...]:
    rates = [Rate("sop", SOP, mode), Rate("omge", OMGE, mode)]
    made = split(n, [*rates, *(Rate("buffer", one, mode) for one in risk)])
    return (*(share.units for share in made.shares), made.rest)


@pytest.mark.parametrize(
    ("n", "floor", "ceil", "half"),
    [
        (1, (0, 0, 1), (1, 0, 0), (0, 0, 1)),
        (19, (0, 0, 19), (1, 1, 17), (1, 0, 18)),
        (20, (1, 0, 19), (1, 1, 18), (1, 0, 19)),
        (25, (1, 0, 24), (2, 1, 22), (1, 1, 23)),
        (49, (2, 0, 47), (3, 1, 45), (2, 1, 46)),
        (50, (2, 1, 47), (3, 1, 46), (3, 1, 46)),
        (101, (5, 2, 94), (6, 3, 92), (5, 2, 94)),
        (333, (16, 6, 311), (17, 7, 309), (17, 7, 309)),
        (1000, (50, 20, 930), (50, 20, 930), (50, 20, 930)),
        (58428, (2921, 1168, 54339), (2922, 1169, 54337), (2921, 1169, 54338)),
    ],
)
def test_rounds_as_the_table_says(
    n: int, floor: tuple[int, ...], ceil: tuple[int, ...], half: tuple[int, ...]
) -> None:
    assert (levied(n, "FLOOR"), levied(n, "CEIL"), levied(n, "HALF_UP")) == (floor, ceil, half)


def test_what_is_carried_comes_to_a_unit_in_the_end() -> None:
    carried, got = Fraction(0), []
    for _ in range(10):
        made = split(5, [Rate("sop", SOP, "CARRY", carried)])
        got.append(made.shares[0].units)
        carried = Fraction(made.shares[0].carry)
    assert (got, carried) == ([0, 0, 0, 1, 0, 0, 0, 1, 0, 0], Fraction(1, 2))


def test_nothing_is_carried_where_the_mode_does_not_say_so() -> None:
    assert split(5, [Rate("sop", SOP, "FLOOR", Fraction(3, 4))]).shares == (
        Share("sop", "1/20", "FLOOR", "1/4", 0),
    )


@pytest.mark.parametrize(
    ("n", "units", "rest", "capped"),
    [(1, (1, 0, 0), 0, True), (2, (1, 1, 0), 0, True), (3, (1, 1, 1), 0, False)],
)
def test_a_levy_never_takes_what_is_not_there(
    n: int, units: tuple[int, ...], rest: int, capped: bool
) -> None:
    rates = [Rate("sop", SOP, "CEIL"), Rate("omge", OMGE, "CEIL"), Rate("buffer", BUFFER, "CEIL")]
    made = split(n, rates)
    assert (tuple(s.units for s in made.shares), made.rest, made.capped) == (units, rest, capped)


@given(st.integers(1, 10**18), st.lists(st.sampled_from(MODES), min_size=3, max_size=3))
def test_every_unit_goes_somewhere_and_the_check_agrees(n: int, modes: list[str]) -> None:
    rates = zip(("sop", "omge", "buffer"), (SOP, OMGE, BUFFER), modes, strict=True)
    made = split(n, [Rate(name, rate, mode) for name, rate, mode in rates])
    assert sum(share.units for share in made.shares) + made.rest == n
    assert made.rest >= 0
    assert adds_up(n, made.shares, made.capped)
    assert not adds_up(n, made.shares, not made.capped)
    for at, share in enumerate(made.shares):
        more = replace(share, units=share.units + 1)
        assert not adds_up(n, (*made.shares[:at], more, *made.shares[at + 1 :]), made.capped)


@given(st.fractions(0, 10**6))
def test_the_modes_differ_by_less_than_a_unit(exact: Fraction) -> None:
    assert rounded(exact, "FLOOR") == rounded(exact, "CARRY")
    assert 0 <= rounded(exact, "CEIL") - exact < 1
    assert 0 <= exact - rounded(exact, "FLOOR") < 1
    assert Fraction(-1, 2) < rounded(exact, "HALF_UP") - exact <= Fraction(1, 2)


@pytest.mark.parametrize(
    "share",
    [
        Share("sop", "x", "CEIL", "5", 5),
        Share("sop", "1/0", "CEIL", "5", 5),
        Share("sop", "1/20", "LUCK", "5", 5),
        Share("sop", "-1/20", "CEIL", "-5", -5),
        Share("sop", "1/20", "CEIL", "6", 6),
        Share("sop", "1/20", "CARRY", "9/2", 4, "1/2"),
    ],
)
def test_shares_that_do_not_add_up_are_seen(share: Share) -> None:
    assert not adds_up(100, (share,), False)
