"""Limits of the kernel's own measures: the case on each bound, and the one just beyond."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from tests.ledger.article6_rows import ABROAD, BEGUN, CHANGED, FOR_ALL, LOA, LOT, NDC, SOLD, USE
from tests.ledger.given import A, block, events, given, when
from tests.ledger.recall_rows import FROM_JAPAN, OPEN

from onetonne.ledger import commands as c
from onetonne.ledger.acts.activities import years_on
from onetonne.ledger.acts.boundaries import key_of
from onetonne.ledger.refusals import Refusal, Refused


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
