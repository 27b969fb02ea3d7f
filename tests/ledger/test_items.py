"""Printed serials as numbers: what is a range, what is none, and where a lot's offsets end."""

from __future__ import annotations

import pytest

from onetonne.ledger import items
from onetonne.ledger.items import MAX_DIGITS, ends, offsets
from onetonne.ledger.refusals import Refused
from onetonne.ledger.tables import Lot

LOT = Lot(1, "CRED", 100, "1", "", 2024, "", "", 0, {}, "", "", "", "", 3)
LONG = "9" * MAX_DIGITS
ENDS: dict[str, tuple[int, int] | None] = {
    "7": (7, 7),
    "007": (7, 7),
    "5-9": (5, 9),
    "9-5": (9, 5),
    f"{LONG}-{LONG}": (int(LONG), int(LONG)),
    f"{LONG}9-{LONG}": None,
    "": None,
    "-": None,
    "5-": None,
    "-5": None,
    "5-9-11": None,
    "5~9": None,
    "5-x": None,
    "x-5": None,
    "x": None,
    " 5": None,
    "+5": None,
    "1_000": None,
    "٣": None,
    "5-²": None,
}


@pytest.mark.parametrize("serials", ENDS)
def test_a_printed_range_is_its_ends(serials: str) -> None:
    items._ends.cache_clear()
    assert ends(serials) == ENDS[serials]


@pytest.mark.parametrize(
    ("serials", "answer"),
    [
        ("1", (0, 1)),
        ("100", (99, 100)),
        ("1-100", (0, 100)),
        ("7-6", "bad_number"),
        ("9-5", "bad_number"),
        ("0", "outside_lot"),
        ("0-1", "outside_lot"),
        ("101", "outside_lot"),
        ("100-101", "outside_lot"),
        ("x", "bad_number"),
    ],
)
def test_offsets_lie_within_their_lot(serials: str, answer: tuple[int, int] | str) -> None:
    if not isinstance(answer, str):
        assert offsets(LOT, serials) == answer
        return
    with pytest.raises(Refused) as refused:
        offsets(LOT, serials)
    assert refused.value.refusal.code == answer
