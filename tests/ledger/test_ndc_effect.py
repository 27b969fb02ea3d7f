"""What a surrender says of an NDC: what is accepted, journaled and, in a history, out of place."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import article6_rows as a
from tests.ledger import register_rows as rows
from tests.ledger.given import SURRENDER, block, events, given

from onetonne.ledger.commands import Act
from onetonne.ledger.events import Surrendered

OF_BOTH = (*rows.FOR_BOTH, a.NDC)
SALE = (*a.SOLD, a.OWING)


@pytest.mark.parametrize(
    ("before", "effect"),
    [
        (SALE, "use"), (SALE, "held"), (OF_BOTH, "use"), (OF_BOTH, "oimp"),
        ((*rows.FOR_OTHERS, a.NDC), "oimp"),
        ((*a.BEGUN, replace(a.NDC, first=2024, last=2024), *a.SOLD[-3:], a.OWING), "use"),
        ((*a.BEGUN, *a.SOLD[-3:], a.OWING), "held"),
    ],
)  # fmt: skip
def test_the_effect_is_in_the_entry(before: tuple[Act, ...], effect: str) -> None:
    head = events(given(*before), replace(rows.GIVEN, ndc_effect=effect))[0]
    assert isinstance(head, Surrendered)
    assert head.ndc_effect == effect


def test_units_beside_them_that_were_not_transferred_do_not_hinder() -> None:
    before = given(*a.BEGUN, a.NDC, a.LOT, replace(a.LOA, vintage_to=2023), a.ABROAD, a.OWING,
                   replace(a.LOT, vintage=2023),
                   replace(a.ABROAD, items=block("91-95", lot=2)))  # fmt: skip
    both = (*block("91-95"), *block("91-95", lot=2))
    (head, *_) = events(before, replace(rows.GIVEN, items=both))
    assert head.ndc_effect == "use"


@pytest.mark.parametrize("effect", ["use", "held"])
def test_what_was_surrendered_for_an_ndc_is_used_for_it(effect: str) -> None:
    state = given(*SALE, replace(rows.GIVEN, ndc_effect=effect))
    (used,) = events(state, replace(a.USE, source=SURRENDER))
    assert used.purpose == "NDC"


TRUE = given(*OF_BOTH, replace(rows.GIVEN, ndc_effect="oimp", items=block("91-95")),
             replace(rows.GIVEN, items=block("96-97")))  # fmt: skip
USED = a.used(95, 97, source=SURRENDER, purpose="NDC", party="JP", year=2030)
NEXT = events(TRUE, replace(rows.GIVEN, items=block("98-100")))


def test_a_true_history_has_nothing_to_say() -> None:
    assert rows.watched(TRUE, USED) == set()
    assert rows.watched(TRUE, *NEXT) == set()
    assert rows.watched(TRUE, replace(NEXT[0], ndc_effect=""), *NEXT[1:]) == set()


def changed(effect: str) -> tuple[Any, ...]:
    return (replace(NEXT[0], ndc_effect=effect), *NEXT[1:])


def test_what_no_act_can_do_is_named() -> None:
    for_others = replace(USED, blocks=((94, 96),))
    assert rows.watched(TRUE, for_others) == {"unlawful_outcome_use"}
    assert rows.watched(TRUE, replace(USED, blocks=((90, 91),))) == {"unlawful_outcome_use"}
    assert rows.watched(TRUE, *changed("gift")) == {"unlawful_outcome_use"}
    (bought,) = events(TRUE, replace(a.NDC, party="SG"))
    assert rows.watched(TRUE, bought, replace(USED, party="SG")) == {"unlawful_outcome_use"}
    only_ndc = given(*SALE)
    head, *moves = events(only_ndc, rows.GIVEN)
    assert rows.watched(only_ndc, head, *moves) == set()
    assert rows.watched(only_ndc, replace(head, ndc_effect="oimp"), *moves) == {
        "unlawful_outcome_use"
    }
    bare = given(*a.BEGUN, a.NDC, a.LOT, a.ABROAD, a.OWING)
    head, *moves = events(bare, replace(rows.GIVEN, ndc_effect=""))
    assert rows.watched(bare, head, *moves) == set()
    assert rows.watched(bare, replace(head, ndc_effect="use"), *moves) == {"unlawful_outcome_use"}


def test_two_surrenders_of_one_basket_are_told_apart() -> None:
    first = replace(rows.GIVEN, ndc_effect="oimp", items=block("91-95"))
    made = events(
        given(*rows.FOR_BOTH, a.NDC), a.ask(first, replace(rows.GIVEN, items=block("96-97")))
    )
    assert rows.watched(given(*rows.FOR_BOTH, a.NDC), *made) == set()
