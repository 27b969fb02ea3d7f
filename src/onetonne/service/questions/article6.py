"""Article 6 asked of a ledger: authorisations, first transfers, balances, the host's room, totals.

Adjustments are read from tallies, which follow from first transfers and uses alone.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from onetonne.article6.balance import Balance, balance
from onetonne.article6.figures import Annual, Figures, annual, figures, period
from onetonne.article6.room import Room, promises
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.tables import Marks
from onetonne.ledger.items import closed
from onetonne.ledger.tables import lot_code
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, Unknown, View, view


class Listed(msgspec.Struct, frozen=True):
    """Rows of one table, and when they are of."""

    as_of: AsOf
    rows: tuple[Any, ...]


class Told(msgspec.Struct, frozen=True):
    """An authorisation with where it stands: open, exhausted, expired, revoked or superseded."""

    row: t.Authorisation
    status: str
    room: int | None


class Moved(msgspec.Struct, frozen=True):
    """A first transfer as people read it."""

    lot: str
    serials: str
    quantity: int
    host: str
    vintage: int
    authorisation: str
    version: int
    trigger: str
    day: str
    entry: int


class Accounts(msgspec.Struct, frozen=True):
    """A Party's balance over a period, with the annual information of its years."""

    as_of: AsOf
    ndc: t.Ndc
    figures: Figures
    balance: Balance
    annual: tuple[Annual, ...]


class RoomAnswer(msgspec.Struct, frozen=True):
    as_of: AsOf
    room: Room
    here: int
    left: int


def listed(ledger: Ledger, table: str, asof: AsOf = NOW) -> Listed:
    """All rows of approaches, participations, ndcs, inventories or tallies."""
    with view(ledger, asof) as seen:
        return Listed(seen.as_of, tuple(seen.structs(table)))


def authorisations(ledger: Ledger, asof: AsOf = NOW, code: str = "") -> Listed:
    """Every version of every authorisation, or of one. Raises Unknown."""
    with view(ledger, asof) as seen:
        rows = [standing(row, seen) for row in seen.structs("authorisations")]
        found = [row for row in rows if code in ("", row.row.authorisation)]
        if code and not found:
            raise Unknown(f"There is no authorisation {code!r}. See: onetonne a6 list.",
                          f"沒有授權 {code!r}。請見：onetonne a6 list。")  # fmt: skip
        return Listed(seen.as_of, tuple(found))


def standing(row: t.Authorisation, seen: View) -> Told:
    status = "in_force"
    if row.superseded:
        status = "superseded"
    elif row.revoked:
        status = "revoked"
    elif row.use_by is not None and seen.day > row.use_by:
        status = "expired"
    elif row.cap and row.transferred >= row.cap:
        status = "exhausted"
    return Told(row, status, row.cap - row.transferred if row.cap else None)


_TRANSFERS = """SELECT l.unit, l.vintage, l.lot, l.first_number, f."first", f."next", l.host,
f.authorisation, f.version, f."trigger", f.day, f.entry
FROM first_transfers f JOIN lots l ON l.lot = f.lot WHERE {} ORDER BY f.entry, f.lot, f."first\""""


def first_transfers(ledger: Ledger, party: str = "", code: str = "", asof: AsOf = NOW) -> Listed:
    """First transfers of a host, or under an authorisation, in the order they were made."""
    tests, params = ["1 = 1"], []
    for test, value in (("l.host = ?", party), ("f.authorisation = ?", code)):
        if value:
            tests.append(test)
            params.append(value)
    with view(ledger, asof) as seen:
        found = seen.query(_TRANSFERS.format(" AND ".join(tests)), params)
        return Listed(seen.as_of, tuple(_moved(row) for row in found))


def _moved(row: Sequence[Any]) -> Moved:
    unit, vintage, lot, number, first, next_, *rest = row
    return Moved(lot_code(unit, vintage, lot), closed(int(number), first, next_), next_ - first,
                 rest[0], vintage, *rest[1:])  # fmt: skip


def accounts(ledger: Ledger, party: str, year: int = 0, asof: AsOf = NOW) -> Accounts:
    """The balance of a Party over the period that holds `year`, or its only one. Raises Unknown."""
    with view(ledger, asof) as seen:
        ndc = _pledge(seen, party, year)
        mine = ("party = ?", (party,))
        found = figures(party, ndc.metric, seen.structs("inventories", *mine),
                        seen.structs("tallies", *mine))  # fmt: skip
        told = annual(party, ndc.metric, seen.structs("tallies", *mine), _years(seen, ndc))
        return Accounts(seen.as_of, ndc, found, balance(ndc, found), told)


def _years(seen: View, ndc: t.Ndc) -> range:
    """The pledge's years, and those after it in which something happened."""
    sql = "SELECT coalesce(max(happened), 0) FROM tallies WHERE party = ?"
    return range(ndc.first, max(ndc.last, int(seen.query(sql, (ndc.party,))[0][0])) + 1)


def _pledge(seen: View, party: str, year: int) -> t.Ndc:
    rows: list[t.Ndc] = seen.structs("ndcs", "party = ?", (party,))
    found = [row for row in rows if not year or year in period(row)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{row.first}-{row.last}" for row in rows) or "-"
    raise Unknown(
        f"Which NDC of {party}? Recorded periods: {known}. Give a year with --year, or record "
        "one: onetonne a6 ndc.",
        f"{party} 的哪一期 NDC？已登載期間：{known}。請以 --year 指定，或登載：onetonne a6 ndc。",
    )


_ENDED = """SELECT a.sink, sum(h.next - h.first) FROM lots l JOIN holdings h ON h.lot = l.lot
JOIN accounts a ON a.account = h.account
WHERE l.host = ? AND l.vintage BETWEEN ? AND ? AND a.sink <> '' GROUP BY a.sink"""
_ENDED_ABROAD = """SELECT coalesce(sum(
CASE WHEN h.next < f."next" THEN h.next ELSE f."next" END
- CASE WHEN h.first > f."first" THEN h.first ELSE f."first" END), 0)
FROM lots l JOIN first_transfers f ON f.lot = l.lot
JOIN holdings h ON h.lot = f.lot AND h.first < f."next" AND h.next > f."first"
JOIN accounts a ON a.account = h.account
WHERE l.host = ? AND l.vintage BETWEEN ? AND ? AND a.sink <> ''"""
_ACHIEVED = """SELECT coalesce(sum(size), 0) FROM lots
WHERE host = ? AND vintage BETWEEN ? AND ?"""


def room(ledger: Ledger, party: str, year: int = 0, asof: AsOf = NOW) -> RoomAnswer:
    """What a host achieved in a period, promised, transferred and has left. Raises Unknown."""
    with view(ledger, asof) as seen:
        ndc = _pledge(seen, party, year)
        span = (party, ndc.first, ndc.last)
        achieved = int(seen.query(_ACHIEVED, span)[0][0])
        ends = {sink: int(quantity) for sink, quantity in seen.query(_ENDED, span)}
        kept = ends.pop("towards_ndc_host", 0)
        transferred = {"NDC": 0, "OIMP": 0}
        for row in seen.structs("tallies", "party = ? AND basis = 'first_transfer'", (party,)):
            if row.year in period(ndc):
                transferred[row.purpose] += row.quantity
        ended = sum(ends.values()) - int(seen.query(_ENDED_ABROAD, span)[0][0])
        told = (
            standing(row, seen) for row in seen.structs("authorisations", "party = ?", (party,))
        )
        promised, unlimited = promises(one.row for one in told if one.status == "in_force")
        found = Room(party, f"{ndc.first}-{ndc.last}", achieved, transferred, kept, ended,
                     promised, unlimited)  # fmt: skip
        return RoomAnswer(seen.as_of, found, found.here, found.left)


class Surrendered(msgspec.Struct, frozen=True):
    """Units of a Party's accounts that were surrendered, or used, or both: `used` says for which
    year; 0 is surrendered and not used."""

    lot: str
    serials: str
    quantity: int
    system: str
    used: int


_SURRENDERED = """SELECT l.unit, l.vintage, l.lot, l.first_number,
CASE WHEN h.first > f."first" THEN h.first ELSE f."first" END,
CASE WHEN h.next < f."next" THEN h.next ELSE f."next" END, h.moved
FROM holdings h JOIN accounts a ON a.account = h.account
JOIN first_transfers f ON f.lot = h.lot AND f."first" < h.next AND f."next" > h.first
JOIN lots l ON l.lot = h.lot WHERE a.sink = 'surrender' ORDER BY l.lot, h.first"""


def surrendered(ledger: Ledger, asof: AsOf = NOW) -> Listed:
    """First transferred units that lie surrendered, piece by piece, each with the year of the NDC
    towards which it was used. At the end of a period none should be left without one."""
    with view(ledger, asof) as seen:
        found: list[Surrendered] = []
        systems: dict[int, str] = {}
        uses: Marks[t.Use] = Marks()
        for use in seen.structs("uses"):
            uses[use.lot, use.first] = use
        for unit, vintage, lot, number, first, next_, entry in seen.query(_SURRENDERED):
            if entry not in systems:
                systems[entry] = _system(seen, entry)
            bare = [(low, high, 0) for low, high in uses.free(lot, first, next_)]
            done = [(max(u.first, first), min(u.next, next_), u.year)
                    for u in uses.over(lot, first, next_)]  # fmt: skip
            for low, high, year in sorted((*bare, *done)):
                serials = closed(int(number), low, high)
                code = lot_code(unit, vintage, lot)
                found.append(Surrendered(code, serials, high - low, systems[entry], year))
        return Listed(seen.as_of, tuple(found))


def _system(seen: View, seq: int) -> str:
    """The compliance system that an entry's surrender names."""
    events = seen.entries([seq])[seq].events
    return next((e.system for e in events if isinstance(e, ev.Surrendered)), "")
