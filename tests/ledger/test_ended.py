"""Which act of a basket moved a serial: a transfer beside a surrender is no part of it."""

from typing import Any

from onetonne.ledger import events as ev
from onetonne.ledger.ended import head_of, told

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


def test_a_head_speaks_of_as_many_serials_as_it_names_wherever_they_lie() -> None:
    back = ev.Returned(system="S", operator="OP", period="2025", uses=((1, 5), (2, 3)))
    parts = moved(1, 0, 1, SINK, PLANT), moved(1, 6, 10, SINK, PLANT), moved(2, 0, 3, SINK, PLANT)
    assert heads(back, *parts, moved(3, 0, 2, SINK, PLANT)) == ["Returned", "Returned", "", ""]
    given = ev.Surrendered(source=PLANT, system="S", period="2025", operator="OP", uses=((1, 7),))
    parts = moved(1, 4, 10, PLANT, SINK), moved(1, 0, 1, PLANT, SINK), moved(2, 0, 1, PLANT, SINK)
    assert heads(given, *parts) == ["Surrendered", "", "", ""]


def test_a_serial_behind_a_block_is_not_of_it() -> None:
    retired = ev.Retired(certificate=1, source=PLANT, beneficiary="", purpose="contribution")
    entry = ev.Entry(v=1, seq=9, at=0, by=1, law="", events=(retired, moved(1, 2, 5, PLANT, SINK)))
    found = [bool(head_of(entry, 1, at)) for at in (1, 2, 4, 5)]
    assert found == [False, True, True, False]


def test_an_end_is_told_by_what_it_was_and_its_entry() -> None:
    place = moved(1, 0, 5, PLANT, SINK)
    surrendered = ev.Surrendered(source=PLANT, system="S", period="2025", operator="OP")
    retired = ev.Retired(certificate=1, source=PLANT, beneficiary="", purpose="contribution")
    cancelled = ev.Cancelled(source=PLANT, kind="voluntary")
    sold = moved(1, 0, 5, PLANT, BUYER)
    said = [
        told(ev.Entry(v=1, seq=9, at=0, by=1, law="", events=events), 1, 0)
        for events in (
            (surrendered, place),
            (retired, place),
            (cancelled, place),
            (ev.Corrected(entry=3, reason="r"), place),
            (sold,),
        )
    ]
    assert said == [
        "surrendered to S for 2025, entry 9",
        "retired for contribution, entry 9",
        "cancelled as voluntary, entry 9",
        "",
        "",
    ]
    assert told(None, 1, 0) == ""
