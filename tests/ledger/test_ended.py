"""Which act of a basket moved a serial: a transfer beside a surrender is no part of it."""

from typing import Any

from onetonne.ledger import events as ev
from onetonne.ledger.ended import head_of

SINK, STATE, PLANT, BUYER = 2, 10, 11, 12


def moved(lot: int, first: int, next_: int, source: int, target: int) -> ev.Moved:
    return ev.Moved(
        lot=lot, first=first, next=next_, source=source, target=target, held=((first, 1),)
    )


def heads(*events: Any) -> list[str]:
    """The head of serial 0 of lots 1 to 4."""
    entry = ev.Entry(v=1, seq=9, at=0, by=1, law="", events=events)
    found = [head_of(entry, lot, 0) for lot in range(1, 5)]
    return [type(head).__name__ if head else "" for head in found]


def test_a_transfer_after_an_end_is_no_part_of_it() -> None:
    given = ev.Surrendered(
        source=PLANT, system="S", period="2025", operator="OP", uses=((1, 5), (2, 5))
    )
    ends = moved(1, 0, 5, PLANT, SINK), moved(2, 0, 5, PLANT, SINK)
    sold = moved(3, 0, 5, PLANT, BUYER)
    assert heads(given, *ends, sold) == ["Surrendered", "Surrendered", "", ""]
    retired = ev.Retired(certificate=1, source=PLANT, beneficiary="", purpose="contribution")
    assert heads(retired, ends[0], sold) == ["Retired", "", "", ""]
    assert heads(sold, given, *ends) == ["Surrendered", "Surrendered", "", ""]


def test_a_transfer_to_the_same_account_is_no_allocation() -> None:
    given = ev.Allocated(system="S", operator="OP", period="2025", kind="free", tonnes=5)
    moves = [moved(lot, 0, 5, STATE, PLANT) for lot in (1, 2)]
    assert heads(given, *moves) == ["Allocated", "", "", ""]


def test_a_correction_speaks_of_all_that_it_puts_back() -> None:
    put_right = ev.Corrected(entry=3, reason="r")
    back = moved(1, 0, 5, SINK, PLANT), moved(2, 0, 5, BUYER, STATE)
    assert heads(put_right, *back) == ["Corrected", "Corrected", "", ""]
