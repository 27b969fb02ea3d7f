"""Limits of the kernel's own measures: the case on each bound, and the one just beyond."""

from __future__ import annotations

from datetime import date

import pytest

from onetonne.ledger.acts.activities import years_on
from onetonne.ledger.acts.boundaries import key_of
from onetonne.ledger.refusals import Refused


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
