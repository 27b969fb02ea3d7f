"""Where a host's tonnes went, asked of a ledger: its lots cut by marks, uses and holders.

Units that were converted live on as what was made of them and count there, once. Allowances are no
mitigation outcomes, nor is anything of before 2021 (2/CMA.3 annex, paragraph 1).
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec
from msgspec.structs import replace

from onetonne.article6.flows import Flows, Piece, flows
from onetonne.ledger import events as ev
from onetonne.ledger.acts.first_transfer import common, in_scope
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.tables import Marks
from onetonne.ledger.tables import Account, Lot
from onetonne.service.ledger import Ledger
from onetonne.service.questions import article6 as ask
from onetonne.service.questions.article6_levies import levying
from onetonne.service.questions.article6_room import counts
from onetonne.service.questions.asof import NOW, AsOf, Unknown, View, view

FIRST_VINTAGE = 2021
_HELD = """SELECT h.lot, h.first, h.next, h.account, h.moved
FROM holdings h JOIN lots l ON l.lot = h.lot
WHERE l.host = ? AND l.vintage >= ? AND h.next IS NOT NULL ORDER BY h.lot, h.first"""
_MARKED = "lot IN (SELECT lot FROM lots WHERE host = ?)"


class FlowsAnswer(msgspec.Struct, frozen=True):
    as_of: AsOf
    flows: Flows
    issued: int
    ends: dict[str, int]


def whereabouts(ledger: Ledger, party: str, metric: str = "GHG", asof: AsOf = NOW) -> FlowsAnswer:
    """The flows of a host's units in one metric. Raises Unknown where it has none."""
    with view(ledger, asof) as seen:
        found = flows(party, metric, _pieces(ledger, seen, party, metric))
        if not found.rows:
            raise Unknown(
                f"{party} has no mitigation outcomes of 2021 or later in {metric} here.",
                f"本帳本沒有 {party} 於 2021 年以後、以 {metric} 計之減緩成果。",
            )
        return FlowsAnswer(seen.as_of, found, found.issued, found.ends)


def _pieces(ledger: Ledger, seen: View, party: str, metric: str) -> Iterator[Piece]:
    lots = {lot.lot: lot for lot in seen.structs("lots", "host = ?", (party,))}
    accounts: dict[int, Account] = {row.account: row for row in seen.structs("accounts")}
    first: Marks[t.FirstTransfer] = Marks()
    used: Marks[t.Use] = Marks()
    for mark in seen.structs("first_transfers", _MARKED, (party,)):
        first[mark.lot, mark.first] = mark
    for use in seen.structs("uses", _MARKED, (party,)):
        used[use.lot, use.first] = use
    receivers, promised = _Receivers(seen, accounts), _Promised(ledger, seen, party)
    levies = levying(seen)
    for number, low, high, account, moved in seen.query(_HELD, (party, FIRST_VINTAGE)):
        lot, where = lots[number], accounts[account]
        if not counts(ledger.law, lot.unit, metric) or where.sink == "conversion":
            continue
        levied = (number, moved) in levies
        bare = Piece(0, sink=where.sink, kind=where.kind, holder=where.party, levied=levied)
        for a, b in _cut(first, used, number, low, high):
            mark = next(iter(first.over(number, a, b)), None)
            use = next(iter(used.over(number, a, b)), None)
            if mark is not None:
                yield replace(
                    bare,
                    quantity=b - a,
                    trigger=mark.trigger,
                    to=receivers.of(mark),
                    purpose=use.purpose if use else "",
                    user=use.party if use else "",
                )
                continue
            free = 0 if where.sink or where.kind == "peer" else promised.take(lot, a, b)
            if free:
                yield replace(bare, quantity=free, authorised=True)
            if b - a > free:
                yield replace(bare, quantity=b - a - free)


def _cut(
    first: Marks[t.FirstTransfer], used: Marks[t.Use], lot: int, low: int, high: int
) -> list[tuple[int, int]]:
    """A run of serials, cut where a mark begins or ends."""
    rows: list[Any] = [*first.over(lot, low, high), *used.over(lot, low, high)]
    edges = {low, high} | {e for row in rows for e in (row.first, row.next) if low < e < high}
    order = sorted(edges)
    return list(pairwise(order))


class _Receivers:
    """The Party to which a transfer first took serials, from the entry in which it did; empty where
    they stood abroad already when they were authorised."""

    def __init__(self, seen: View, accounts: dict[int, Account]) -> None:
        self.seen, self.accounts = seen, accounts
        self.entries: dict[int, ev.Entry] = {}

    def of(self, mark: t.FirstTransfer) -> str:
        if mark.trigger != "transfer":
            return ""
        if mark.entry not in self.entries:
            self.entries |= self.seen.entries([mark.entry])
        accounts = (_target(event, mark) for event in self.entries[mark.entry].events)
        return next((self.accounts[number].party for number in accounts if number), "")


def _target(event: Any, mark: t.FirstTransfer) -> int:
    """The account to which an event takes the marked serials; 0 where it takes them nowhere."""
    if isinstance(event, ev.Moved):
        mine = event.lot == mark.lot and event.first <= mark.first < event.next
        return event.target if mine else 0
    made = event.issued if isinstance(event, ev.Converted) else event
    return made.account if isinstance(made, ev.Issued) and made.lot == mark.lot else 0


class _Promised:
    """What living authorisations still let go, handed out piece by piece until a cap is reached."""

    def __init__(self, ledger: Ledger, seen: View, party: str) -> None:
        self.law = ledger.law
        rows = seen.structs("authorisations", "party = ?", (party,))
        told = [ask.standing(row, seen) for row in rows]
        self.rows = [one.row for one in told if one.status == "in_force"]
        self.room = {one.row.authorisation: one.room for one in told if one.status == "in_force"}

    def take(self, lot: Lot, low: int, high: int) -> int:
        """How many of a run may still be first transferred; no two scopes share a serial."""
        taken = 0
        for row in self.rows:
            parts = common([(low, high)], in_scope(row, lot, self.law))
            wanted = sum(b - a for a, b in parts)
            left = self.room[row.authorisation]
            if left is not None:
                wanted = min(wanted, left)
                self.room[row.authorisation] = left - wanted
            taken += wanted
        return taken
