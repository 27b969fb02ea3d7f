"""Periods that are closed, for the tests of the kernel."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from tests.ledger.article6_rows import (
    ABROAD,
    BEGUN,
    DIGEST,
    INVENTORY,
    LOA,
    LOT,
    NDC,
    USE,
    N,
)
from tests.ledger.given import DAY

from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.commands import Act

PLEDGE = replace(NDC, party="TW", last=2025)
"""A pledge that is over in 2026."""
CLOSE = a6.ClosePeriod(party="TW", year=2025, digest=DIGEST)
OF_JAPAN = replace(CLOSE, party="JP")
OVER: tuple[Act, ...] = (*BEGUN, replace(NDC, last=2025), LOT, LOA, ABROAD)
CLOSED: tuple[Act, ...] = (PLEDGE, CLOSE)
FACTS = {"party": "TW", "period": "2021-2025", "entry": N + 1}
REFUSED: tuple[tuple[str, tuple[Any, ...], Any, dict[str, Any]], ...] = (
    ("unknown_party", (), replace(CLOSE, party="XX"), {"party": "XX"}),
    ("no_ndc_period", (), CLOSE, {"year": 2025}),
    ("period_closed", CLOSED, CLOSE, FACTS),
    ("period_not_over", (replace(PLEDGE, last=2026),), CLOSE,
     {"period": "2021-2026", "day": str(DAY)}),
    ("bad_digest", (PLEDGE,), replace(CLOSE, digest="x"), {}),
    ("period_closed", CLOSED, INVENTORY, FACTS),
    ("period_closed", CLOSED, replace(PLEDGE, goal="1"), FACTS),
    ("period_closed", (*OVER, OF_JAPAN), replace(USE, year=2025), {"party": "JP"}),
)  # fmt: skip
MADE: tuple[tuple[str, tuple[Any, ...], Any, tuple[Any, ...]], ...] = (
    ("close a period", (PLEDGE,), CLOSE,
     (e6.PeriodClosed(party="TW", first=2021, last=2025, day=DAY, digest=DIGEST),)),
    ("state an inventory of the next", CLOSED, replace(INVENTORY, year=2026),
     (e6.InventoryRecorded(party="TW", year=2026, version=1, value="1000", digest=DIGEST),)),
)  # fmt: skip
Breaches = tuple[tuple[str, str, dict[str, Any]], ...]
WORLD: tuple[Any, ...] = (
    replace(PLEDGE, party="KR"),
    replace(PLEDGE, party="NZ"),
    replace(NDC, party="GB"),
    replace(CLOSE, party="NZ"),
)
GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (replace(CLOSE, party="KR"), (
        ("unknown_party", "the Party is unknown", {"party": "XX"}),
        ("no_ndc_period", "no NDC of the Party holds the year", {"year": 2050}),
        ("period_closed", "its period is closed", {"party": "NZ"}),
        ("period_not_over", "its period is not over", {"party": "GB"}),
        ("bad_digest", "the digest is no SHA-256 in hex", {"digest": "x"}),
    )),
)  # fmt: skip
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (("close a period", CLOSE, {}),)
