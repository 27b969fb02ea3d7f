"""What an act does to units: what it moved or marked, and what each account has of it then."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from onetonne.base import account_numbers
from onetonne.doors import known
from onetonne.ledger import events as ev
from onetonne.ledger.items import MAX_PIECES, printed
from onetonne.ledger.lot_replay import LotReplay
from onetonne.ledger.tables import Lot
from onetonne.service.ledger import Ledger
from onetonne.store.schema import TABLES, from_row, holding_from

_SUM = """SELECT coalesce(sum(next - first), 0),
coalesce(sum(CASE WHEN locks IS NULL THEN next - first ELSE 0 END), 0)
FROM holdings WHERE account = ? AND lot = ?"""
Move = tuple[int, int, int, int, int]
"""lot, first, next, source (0: none, an issuance), target."""


def lot_row(ledger: Ledger, lot: int) -> Lot | None:
    """A lot of the ledger, or None."""
    found = ledger.db.by_key(TABLES["lots"], [lot])
    row: Lot | None = from_row(TABLES["lots"], found[0]) if found else None
    return row


def sinks_of(ledger: Ledger) -> dict[int, str]:
    return dict(ledger.db.query("SELECT account, sink FROM accounts WHERE sink <> ''"))


def moves_of(entry: ev.Entry) -> list[Move]:
    moves: list[Move] = []
    for event in entry.events:
        made = [event.issued] if isinstance(event, ev.Converted) else [event]
        burnt = event.burnt if isinstance(event, ev.Converted) else [event]
        moves += [(m.lot, m.first, m.next, m.source, m.target)
                  for m in burnt if isinstance(m, ev.Moved)]  # fmt: skip
        moves += [(m.lot, 0, m.size, 0, m.account) for m in made if isinstance(m, ev.Issued)]
    return moves


def lots_of(ledger: Ledger, entry: ev.Entry, moves: list[Move]) -> dict[int, Lot]:
    """The lots that an entry names; those that a dry run would make are taken from it."""
    lots: dict[int, Lot] = {}
    for event in entry.events:
        made = event.issued if isinstance(event, ev.Converted) else event
        if isinstance(made, ev.Issued):
            fields = {f: getattr(made, f) for f in Lot.__struct_fields__ if f != "issued"}
            lots[made.lot] = Lot(**fields, issued=entry.seq)
    named = {lot for event in entry.events for lot, _, _ in _blocks(event)}
    told: list[Any] = list(entry.events)
    named |= {event.lot for event in told if isinstance(getattr(event, "lot", None), int)}
    for lot in {move[0] for move in moves} | named - lots.keys():
        row = lot_row(ledger, lot)
        if row is not None:
            lots[lot] = row
    return lots


def _blocks(event: ev.Event) -> Iterable[tuple[int, int, int]]:
    """The serials that an event locks, lifts or labels: lot, first, next."""
    if isinstance(event, ev.Labelled):
        return ((event.lot, event.first, event.next),)
    return event.blocks if isinstance(event, ev.Locked | ev.Lifted) else ()


def metrics_of(ledger: Ledger, lots: dict[int, Lot]) -> dict[int, str]:
    """What one serial of each lot is."""
    return {number: ledger.law.measure(lot.unit) for number, lot in lots.items()}


def marked(ledger: Ledger, lots: dict[int, Lot], entry: ev.Entry) -> Iterator[dict[str, Any]]:
    for event in entry.events:
        for lot, first, next_ in _blocks(event):
            serials = printed(lots[lot], first, next_)
            yield {"act": event.__struct_config__.tag, "lot": lots[lot].code, "serials": serials,
                   "quantity": next_ - first,
                   "metric": ledger.law.measure(lots[lot].unit)}  # fmt: skip


def moved(
    ledger: Ledger, lots: dict[int, Lot], sinks: dict[int, str], move: Move
) -> dict[str, Any]:
    lot, first, next_, source, target = move
    return {
        "lot": lots[lot].code,
        "serials": printed(lots[lot], first, next_),
        "quantity": next_ - first,
        "metric": ledger.law.measure(lots[lot].unit),
        "from": account_numbers.show(source) if source else None,
        "to": account_numbers.show(target),
        "end": sinks.get(target, ""),
        "from_holder": known.holder(ledger, source),
        "to_holder": known.holder(ledger, target),
    }


def _freed(ledger: Ledger, entry: ev.Entry, moves: list[Move]) -> Counter[tuple[int, int]]:
    """How an entry that was not written would change what is free, by account and lot."""
    blocks = [move[:3] for move in moves if move[3]]
    blocks += [block for event in entry.events for block in _blocks(event)]
    freed = Counter[tuple[int, int]]()
    for lot in {move[0] for move in moves} | {block[0] for block in blocks}:
        near = [(lot, max(low - 1, 0), high + 1) for n, low, high in blocks if n == lot]
        replay = LotReplay(lot, map(holding_from, ledger.db.cover(near, MAX_PIECES)))
        before = replay.free()
        replay.apply(entry)
        for free, sign in ((replay.free(), 1), (before, -1)):
            for account, units in free.items():
                freed[account, lot] += sign * units
    return freed


def balances(
    ledger: Ledger, lots: dict[int, Lot], entry: ev.Entry, moves: list[Move], dry: bool
) -> list[dict[str, Any]]:
    """What each account that is no sink has of each lot after the act. A dry run wrote
    nothing, so what it would have moved is added to what stands."""
    freed = _freed(ledger, entry, moves) if dry else Counter[tuple[int, int]]()
    change: dict[tuple[int, int], int] = {}
    for lot, first, next_, source, target in moves:
        change[target, lot] = change.get((target, lot), 0) + next_ - first
        change[source, lot] = change.get((source, lot), 0) - (next_ - first)
    locked = [b for e in entry.events if isinstance(e, ev.Locked | ev.Lifted) for b in e.blocks]
    for row in ledger.db.cover(locked, MAX_PIECES):
        change.setdefault((row[3], row[0]), 0)
    found = []
    for (account, lot), delta in change.items():
        if account < account_numbers.FIRST_BODY:
            continue  # sinks hold what ended; their sums are a question of its own
        held, free = map(int, ledger.db.query(_SUM, (account, lot))[0])
        more = delta if dry else 0
        found.append(
            {"account": account_numbers.show(account), "lot": lots[lot].code,
             "quantity": held + more, "free": free + freed[account, lot],
             "metric": ledger.law.measure(lots[lot].unit),
             "holder": known.holder(ledger, account)}
        )  # fmt: skip
    return found
