"""The world at a glance: every mitigation outcome of a ledger once, by host, year, purpose, status.

For a stocktake. Metrics stand apart and are never added; allowances and vintages before 2021 are no
outcomes under Article 6 (2/CMA.3 annex, paragraph 1). What was converted counts as what was made.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec

from onetonne.ledger.acts.first_transfer import FIRST_VINTAGE, common, in_scope, total
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.tables import Marks
from onetonne.ledger.tables import Account, Lot
from onetonne.service.ledger import Ledger
from onetonne.service.questions.article6 import standing
from onetonne.service.questions.article6_levies import levying
from onetonne.service.questions.article6_room import counts
from onetonne.service.questions.asof import NOW, AsOf, View, view

ENDS = {"towards_ndc_host": "kept", "omge": "omge"}
"""Ends with a meaning of their own; every other is `ended`."""
FIELDS = ("party", "metric", "year", "purpose", "status", "used_by", "quantity")


class Total(msgspec.Struct, frozen=True):
    """Units of a host's vintage year. `purpose` is what they are authorised for, or were used for;
    empty where no authorisation speaks of them. `status` is one of held, authorised (and here),
    first_transferred, used, kept, omge (levied), omge_voluntary, ended; `used_by` the Party whose
    NDC they were used for."""

    party: str
    metric: str
    year: int
    purpose: str
    status: str
    used_by: str
    quantity: int


class Stocktake(msgspec.Struct, frozen=True):
    """All rows, and their sums by metric and status."""

    as_of: AsOf
    rows: tuple[Total, ...]
    by_status: dict[str, dict[str, int]]


_HELD = """SELECT h.lot, h.first, h.next, h.account, h.moved
FROM holdings h JOIN lots l ON l.lot = h.lot
WHERE l.host <> '' AND l.vintage >= ? AND h.next IS NOT NULL ORDER BY h.lot, h.first"""


def stocktake(ledger: Ledger, party: str = "", asof: AsOf = NOW) -> Stocktake:
    """Every outcome of all hosts, or of one."""
    with view(ledger, asof) as seen:
        found: dict[tuple[str, str, int, str, str, str], int] = {}
        for key, quantity in _Pieces(ledger, seen, party).all():
            found[key] = found.get(key, 0) + quantity
        rows = tuple(Total(*key, quantity) for key, quantity in sorted(found.items()))
        sums: dict[str, dict[str, int]] = {}
        for row in rows:
            of = sums.setdefault(row.metric, {})
            of[row.status] = of.get(row.status, 0) + row.quantity
        return Stocktake(seen.as_of, rows, sums)


Key = tuple[str, str, int, str, str, str]


class _Pieces:
    """Each run of serials that are alike: of one holder, under one mark and one use."""

    def __init__(self, ledger: Ledger, seen: View, party: str) -> None:
        self.ledger, self.seen = ledger, seen
        self.levying = levying(seen)
        test = "host = ?" if party else "host <> ?"
        self.lots: dict[int, Lot] = {lot.lot: lot for lot in seen.structs("lots", test, (party,))}
        self.accounts: dict[int, Account] = {a.account: a for a in seen.structs("accounts")}
        self.first: Marks[t.FirstTransfer] = Marks()
        self.used: Marks[t.Use] = Marks()
        for mark in seen.structs("first_transfers"):
            self.first[mark.lot, mark.first] = mark
        for use in seen.structs("uses"):
            self.used[use.lot, use.first] = use
        rows = seen.structs("authorisations")
        self.purposes = {(r.authorisation, r.version): " ".join(r.purposes) for r in rows}
        told = [standing(row, seen) for row in rows]
        self.alive: dict[str, list[t.Authorisation]] = {}
        for one in told:
            if one.status == "in_force":
                self.alive.setdefault(one.row.party, []).append(one.row)
        self.room = {one.row.authorisation: one.room for one in told if one.status == "in_force"}

    def all(self) -> Iterator[tuple[Key, int]]:
        law = self.ledger.law
        for number, low, high, account, moved in self.seen.query(_HELD, (FIRST_VINTAGE,)):
            lot = self.lots.get(number)
            sink = self.accounts[account].sink
            if lot is None or sink == "conversion":
                continue
            metric = law.outcome(lot.unit)
            if not counts(law, lot.unit, metric):
                continue
            for first, next_ in self._cut(number, low, high):
                told = self._tell(lot, first, next_, account)
                for purpose, status, by, quantity in told:
                    if status == "omge" and (number, moved) not in self.levying:
                        status = "omge_voluntary"
                    yield (lot.host, metric, lot.vintage, purpose, status, by), quantity

    def _cut(self, lot: int, low: int, high: int) -> list[tuple[int, int]]:
        rows: list[Any] = [*self.first.over(lot, low, high), *self.used.over(lot, low, high)]
        edges = {low, high} | {e for r in rows for e in (r.first, r.next) if low < e < high}
        return list(pairwise(sorted(edges)))

    def _tell(
        self, lot: Lot, low: int, high: int, account: int
    ) -> Iterator[tuple[str, str, str, int]]:
        where = self.accounts[account]
        ended = ENDS.get(where.sink, "ended") if where.sink or where.kind == "peer" else ""
        mark = next(iter(self.first.over(lot.lot, low, high)), None)
        use = next(iter(self.used.over(lot.lot, low, high)), None)
        if use is not None:
            yield use.purpose, "used", use.party, high - low
        elif mark is not None:
            purpose = self.purposes[mark.authorisation, mark.version]
            yield purpose, ended or "first_transferred", "", high - low
        elif ended:
            yield "", ended, "", high - low
        else:
            yield from self._free(lot, low, high)

    def _free(self, lot: Lot, low: int, high: int) -> Iterator[tuple[str, str, str, int]]:
        """What stands here: under a living authorisation as far as its cap reaches, or under
        none. No two scopes share a serial."""
        rest = high - low
        for row in self.alive.get(lot.host, ()):
            part = total(common([(low, high)], in_scope(row, lot, self.ledger.law)))
            room = self.room[row.authorisation]
            part = part if room is None else min(part, room)
            if part:
                if room is not None:
                    self.room[row.authorisation] = room - part
                rest -= part
                yield " ".join(row.purposes), "authorised", "", part
        if rest:
            yield "", "held", "", rest
