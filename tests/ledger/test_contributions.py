"""Article 6.8: what names units, in either language, and what a history may not hold of it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import register_rows as rows
from tests.ledger.given import LAW, REGISTRAR, events, given

from onetonne.ledger.article6.contributions import speaks_of_units
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lawful import Watch
from onetonne.ledger.state import State, apply

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


def watched(*made: Any) -> set[str]:
    """The codes that the watch gives for a recorded contribution and one more entry."""
    whole = given(rows.GIFT)
    state = State(search=False)
    watch = Watch(state)
    last = Entry(VERSION, whole.seq + 1, 1, REGISTRAR, LAW.digest, made)
    for entry in (*(replace(whole.entries[n], at=1) for n in range(1, last.seq)), last):
        watch.begin(entry)
        apply(state, entry, watch.see)
    return {finding.code for finding in watch.findings}


FIRST = rows.recorded(rows.GIFT)
(ENDED,) = events(given(rows.GIFT), rows.TAKEN_BACK)


@pytest.mark.parametrize(
    "made", [(replace(FIRST, version=2),), (ENDED,), (replace(FIRST, contribution="N-2"),)]
)
def test_what_an_act_can_do_is_not_named(made: tuple[Any, ...]) -> None:
    assert watched(*made) == set()


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
    assert watched(*made) == {"unlawful_contribution"}
