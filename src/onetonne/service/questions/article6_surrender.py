"""Surrender against use: what was surrendered and not used towards an NDC, and what was used
without having been surrendered. At the end of a period both lists of a Party must be empty.

A surrender adjusts nothing by itself (2/CMA.3 annex, paragraph 8); the two are compared piece by
piece, as of any moment.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from onetonne.article6.balance import MET, MISSED
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.tables import Marks
from onetonne.ledger.ended import head_of
from onetonne.ledger.items import closed
from onetonne.ledger.tables import lot_code
from onetonne.ledger.units import Law
from onetonne.service.ledger import Ledger
from onetonne.service.questions.article6 import pledge_of
from onetonne.service.questions.asof import NOW, AsOf, View, view

OPEN = "open"


class Piece(msgspec.Struct, frozen=True):
    """Serials of one lot: `system` and `effect` as their surrender named them, empty where they
    were not surrendered; `used` the year of the NDC towards which they were, 0: none. `state` is
    not_used, not_surrendered, own (from the Party's own account, whose holder surrenders nothing),
    or empty where both agree."""

    lot: str
    serials: str
    quantity: int
    party: str
    vintage: int
    system: str
    operator: str
    effect: str
    used: int
    state: str
    metric: str


class Compared(msgspec.Struct, frozen=True):
    """Every piece, and what is open either way; `verdict` is met, missed once the period is over,
    open before."""

    as_of: AsOf
    party: str
    period: str
    last_day: date | None
    rows: tuple[Piece, ...]
    not_used: int
    not_surrendered: int
    verdict: str


_ENDED = """SELECT l.unit, l.vintage, l.lot, l.first_number,
CASE WHEN h.first > m."first" THEN h.first ELSE m."first" END,
CASE WHEN h.next < m."next" THEN h.next ELSE m."next" END, {}
FROM holdings h JOIN accounts a ON a.account = h.account
JOIN {} m ON m.lot = h.lot AND m."first" < h.next AND m."next" > h.first
JOIN lots l ON l.lot = h.lot WHERE {} ORDER BY l.lot, h.first"""
_SURRENDERED = _ENDED.format("h.moved", "first_transfers", "a.sink = 'surrender'")
_USED = _ENDED.format(
    'm.party, m.year, m."entry"', "uses", "a.sink <> 'surrender' AND m.purpose = 'NDC'"
)


def compared(ledger: Ledger, party: str = "", year: int = 0, asof: AsOf = NOW) -> Compared:
    """Both lists, of a Party and the NDC period that holds `year`, or of all. Raises Unknown."""
    with view(ledger, asof) as seen:
        period, last_day = range(10_000), None
        if party:
            ndc = pledge_of(seen, party, year)
            period, last_day = range(ndc.first, ndc.last + 1), date(ndc.last, 12, 31)
        rows = tuple(
            row
            for row in (*_surrendered(seen, ledger.law), *_used(seen, ledger.law))
            if party in ("", row.party) and row.vintage in period
        )
        bare = sum(row.quantity for row in rows if row.state == "not_used")
        alone = sum(row.quantity for row in rows if row.state == "not_surrendered")
        over = last_day is not None and seen.as_of.day is not None and seen.as_of.day > last_day
        verdict = MET if not bare + alone else (MISSED if over else OPEN)
        told = f"{period[0]}-{period[-1]}" if party else ""
        return Compared(seen.as_of, party, told, last_day, rows, bare, alone, verdict)


class _Entries:
    """Journal entries, each read once."""

    def __init__(self, seen: View) -> None:
        self.seen = seen
        self.known: dict[int, ev.Entry] = {}

    def __getitem__(self, seq: int) -> ev.Entry:
        if seq not in self.known:
            self.known |= self.seen.entries([seq])
        return self.known[seq]


def _surrendered(seen: View, law: Law) -> list[Piece]:
    """What lies surrendered, cut where its use differs."""
    entries, found = _Entries(seen), []
    party = {row.account: row.party for row in seen.structs("accounts", "sink = ''")}
    uses: Marks[t.Use] = Marks()
    for use in seen.structs("uses"):
        uses[use.lot, use.first] = use
    for unit, vintage, lot, number, first, next_, entry in seen.query(_SURRENDERED):
        head = head_of(entries[entry], lot, first)
        assert isinstance(head, ev.Surrendered)
        bare = [(low, high, 0) for low, high in uses.free(lot, first, next_)]
        done = [(max(u.first, first), min(u.next, next_), u.year)
                for u in uses.over(lot, first, next_)]  # fmt: skip
        for low, high, year in sorted((*bare, *done)):
            place = (unit, vintage, lot, number, low, high)
            found.append(_piece(law, place, party[head.source], head, year))
    return found


def _used(seen: View, law: Law) -> list[Piece]:
    """What was used towards an NDC from an account, without a surrender."""
    entries, found = _Entries(seen), []
    own = {row.account for row in seen.structs("accounts", "kind = 'party'")}
    for unit, vintage, lot, number, first, next_, party, year, entry in seen.query(_USED):
        by = next(
            event.source
            for event in entries[entry].events
            if isinstance(event, ev.Used)
            and event.lot == lot
            and any(low <= first < high for low, high in event.blocks)
        )
        place = (unit, vintage, lot, number, first, next_)
        state = "own" if by in own else "not_surrendered"
        found.append(_piece(law, place, party, None, year, state))
    return found


def _piece(
    law: Law,
    place: Sequence[Any],
    party: str,
    head: ev.Surrendered | None,
    year: int,
    state: str = "",
) -> Piece:
    unit, vintage, lot, number, first, next_ = place
    if head is not None and not year and head.ndc_effect != "oimp":
        state = "not_used"
    return Piece(
        lot=lot_code(unit, vintage, lot),
        serials=closed(int(number), first, next_),
        quantity=next_ - first,
        party=party,
        vintage=vintage,
        system=head.system if head else "",
        operator=head.operator if head else "",
        effect=head.ndc_effect if head else "",
        used=year,
        state=state,
        metric=law.measure(unit),
    )
