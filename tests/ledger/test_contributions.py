"""Article 6.8: what names units, in either language, and what a history may not hold of it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import register_rows as rows
from tests.ledger.given import events, given

from onetonne.ledger.article6.contributions import speaks_of_units

UNITS = ("500 t", "500t", "tCO2e", "CO2", "1 tonne", "tons", "Kilotonnes", "serial 5", "lots",
         "unit", "units", "carbon credit", "mitigation outcomes", "ITMOs", "vintage", "lot_serials",
         "corresponding adjustment", "減量五百公噸", "序號", "減量單位", "減緩成果", "碳權",
         "相應調整")  # fmt: skip
NONE = ("USD", "solar", "Tonga", "don't", "export credit", "United", "slot", "co-benefits", "at",
        "執行單位", "資金", "")  # fmt: skip


@pytest.mark.parametrize("text", UNITS)
def test_names_units(text: str) -> None:
    assert speaks_of_units(text)


@pytest.mark.parametrize("text", NONE)
def test_names_none(text: str) -> None:
    assert not speaks_of_units(text)


FIRST = rows.recorded(rows.GIFT)
(ENDED,) = events(given(rows.GIFT), rows.TAKEN_BACK)


@pytest.mark.parametrize(
    "made", [(replace(FIRST, version=2),), (ENDED,), (replace(FIRST, contribution="N-2"),)]
)
def test_what_an_act_can_do_is_not_named(made: tuple[Any, ...]) -> None:
    assert rows.watched(given(rows.GIFT), *made) == set()


@pytest.mark.parametrize(
    "made",
    [
        (FIRST,),
        (replace(FIRST, version=3),),
        (ENDED, replace(FIRST, version=3)),
        (ENDED, replace(ENDED, version=3)),
        (replace(ENDED, version=3),),
        (replace(FIRST, version=2, currency="tCO2e"),),
        (replace(FIRST, version=2, facts={"tonnes": "5"}),),
        (replace(FIRST, version=2, facts={"effect": "5 t"}),),
    ],
)
def test_what_no_act_can_do_is_named(made: tuple[Any, ...]) -> None:
    assert rows.watched(given(rows.GIFT), *made) == {"unlawful_contribution"}
