"""A history that counts tonnes as used, or gives them back, as no act can: it is named."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.compliance_rows import BACK, FIGURE, GIVE, LOT, NEXT, OF, decided
from tests.ledger.given import DAY, SURRENDER, A, B, block, given

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lawful import Watch
from onetonne.ledger.state import State, apply

STORY = (
    LOT,
    GIVE,
    decided(replace(FIGURE, tonnes=8)),
    c.Transfer(source=A, target=B, items=block("51-60")),
    replace(GIVE, source=B, operator="OP-B", items=block("51-55")),
)
GIVEN, OTHER = NEXT + 1, NEXT + 4


def watched(*events: ev.Event) -> list[str]:
    """What the watch says of the story and one more entry of these events."""
    whole = given(*STORY, BACK)
    entries = [replace(whole.entries[seq], at=1) for seq in range(1, whole.seq + 1)]
    if events:
        entries[-1] = Entry(VERSION, whole.seq, 1, 1, "", events)
    state = State(search=False)
    told = {entry.seq: entry for entry in entries}
    watch = Watch(state, told.get)
    for entry in entries:
        watch.begin(entry)
        apply(state, entry, watch.see)
    watch.end()
    return [finding.code for finding in watch.findings]


def out(first: int, next_: int, target: int = A, seq: int = GIVEN, key: int = 0) -> ev.Moved:
    return ev.Moved(
        lot=1, first=first, next=next_, source=SURRENDER, target=target, held=((key, seq),)
    )


def back(tonnes: int = 2, **of: Any) -> ev.Returned:
    return ev.Returned(uses=((1, tonnes),), **(OF | of))


def test_a_true_history_has_no_finding() -> None:
    assert watched() == []
    assert watched(back(), out(8, 10)) == []


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        ((out(8, 10),), ["sink_left"]),
        ((back(), out(8, 10, target=B)), ["sink_left"]),
        ((back(), out(50, 52, seq=OTHER, key=50)), ["sink_left"]),
        ((back(1), out(8, 10)), ["unlawful_use"]),
        ((back(3), out(8, 10)), ["unlawful_use"]),
        ((back(),), ["unlawful_use"]),
        ((back(period="2026", tonnes=0), out(8, 10)), ["sink_left", "unlawful_use"]),
    ],
    ids=["no act", "to another", "another's", "fewer", "more", "none moved", "another period"],
)
def test_what_no_return_can_have_done_is_named(
    events: tuple[ev.Event, ...], codes: list[str]
) -> None:
    assert watched(*events) == codes


def test_a_surrender_that_counts_otherwise_than_it_moves_is_named() -> None:
    head = ev.Surrendered(source=A, uses=((1, 9),), **OF)
    move = ev.Moved(lot=1, first=10, next=20, source=A, target=SURRENDER, held=((10, NEXT),))
    assert watched(head, move) == ["unlawful_use"]
    assert watched(replace(head, uses=((1, 10),)), move) == []
    assert watched(replace(head, uses=((1, 10),), late=((1, 10),)), move) == []
    assert watched(replace(head, uses=((1, 10),), late=((1, 9),)), move) == ["unlawful_use"]


PAID = ev.PaymentRecorded(kind="penalty", amount="7", currency="EUR", paid=DAY, **OF)


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        ((PAID, replace(PAID, amount="-7")), []),
        ((PAID, replace(PAID, amount="-7.01")), ["unlawful_payment"]),
        ((PAID, replace(PAID, currency="USD")), ["unlawful_payment"]),
        ((PAID, replace(PAID, kind="tax", amount="-1")), ["unlawful_payment"]),
        ((replace(PAID, amount="1e3"),), ["unlawful_payment"]),
    ],
)
def test_a_payment_that_no_act_records_is_named(
    events: tuple[ev.Event, ...], codes: list[str]
) -> None:
    assert watched(*events) == codes
