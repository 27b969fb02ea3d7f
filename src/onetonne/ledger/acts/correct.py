"""Correct: reverse the last move of exactly the serials that an entry moved, and cite it.

The history keeps both: an error is never edited away. What moved again since is refused,
and so is what made or burnt a lot: a wrong issuance is cancelled, not reversed.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from onetonne.ledger.acts.duties import len_of
from onetonne.ledger.article6 import mechanism_events as mechanism
from onetonne.ledger.article6.recalls import RecallConsented
from onetonne.ledger.commands import Correct
from onetonne.ledger.ended import head_of
from onetonne.ledger.events import (
    Allocated,
    Converted,
    Corrected,
    DutyArose,
    DutySettled,
    Entry,
    Event,
    FirstTransferred,
    Moved,
    Returned,
    Surrendered,
    Used,
)
from onetonne.ledger.items import (
    MAX_PIECES,
    Context,
    check_effective,
    keyed,
    lot_of,
    offsets,
    open_account,
    printed,
    two_people,
)
from onetonne.ledger.lanes import Holding
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Lot

Net = list[tuple[int, int, int, int, int]]
"""What an entry did in all: (lot, first, next, who held before, who holds after)."""

STANDING = (
    mechanism.CreditsLevied,
    mechanism.ReversalReported,
    mechanism.ReversalRemedied,
    mechanism.BufferSettled,
    mechanism.EarlierUsed,
    RecallConsented,
)
"""Facts that no correction takes back: others rest on them."""


def correct(state: State, act: Correct, ctx: Context) -> tuple[Event, ...]:
    entry = state.entries.get(act.entry)
    if entry is None:
        raise Refused("unknown_entry", entry=act.entry)
    if not act.reason:
        raise Refused("bad_text", field="reason", found="empty", expected="the reason")
    net = net_of(entry)
    if any(isinstance(event, FirstTransferred | Used) for event in entry.events):
        raise Refused("first_transfer_stands", entry=act.entry)
    wanted = _asked(state, act) or [(lot, first, next_) for lot, first, next_, _, _ in net]
    taken: dict[int, list[tuple[int, int]]] = {}
    back = [_reverse(state, ctx, entry, net, block, taken) for block in wanted]
    pieces = sum(len(move.held) for move in back)
    if pieces > MAX_PIECES:
        raise Refused("too_fragmented", pieces=pieces, limit=MAX_PIECES)
    undone = [*_undone(state, entry, back, ctx.seq), *_open_again(state, entry, back, ctx.day)]
    # After this point the correction must succeed.
    return (Corrected(entry=act.entry, reason=act.reason), *undone, *back)


def _undone(state: State, entry: Entry, back: list[Moved], seq: int) -> list[Event]:
    """What was folded for the moves that are reversed: uses, duties and allocations."""
    uses: dict[tuple[str, str, str], dict[int, int]] = {}
    late: dict[tuple[str, str, str], dict[int, int]] = {}
    given: dict[tuple[str, str, str, str], int] = {}
    for move in back:
        head, size = head_of(entry, move.lot, move.first), move.next - move.first
        if isinstance(head, Surrendered) and head.operator:
            for found in (uses, late) if head.late else (uses,):
                lots = found.setdefault((head.system, head.operator, head.period), {})
                lots[move.lot] = lots.get(move.lot, 0) + size
        elif isinstance(head, Allocated):
            key = (head.system, head.operator, head.period, head.kind)
            given[key] = given.get(key, 0) - size
    undone: list[Event] = [
        Returned(
            system=system,
            operator=operator,
            period=period,
            uses=tuple(sorted(lots.items())),
            corrects=entry.seq,
            late=tuple(sorted(late.get((system, operator, period), {}).items())),
        )
        for (system, operator, period), lots in uses.items()
    ]
    undone += _without_duty(state, back, seq)
    return undone + [
        Allocated(system=system, operator=operator, period=period, kind=kind, tonnes=tonnes)
        for (system, operator, period, kind), tonnes in given.items()
    ]


def _without_duty(state: State, back: list[Moved], seq: int) -> list[Event]:
    """The duties on units that went back are void, of the entry or of an earlier correction of it:
    tonnes that are no longer used must not be taken off a limit once more. What stays is under a
    duty of entry `seq`."""
    void: list[Event] = []
    arose: list[Event] = []
    stands: list[Event] = []
    place = sum(1 for duty, _ in state.duties if duty == seq)
    for row in state.owed():
        if row.outcome in ("met", "void"):
            continue
        left = tuple(piece for block in row.blocks for piece in _left(block, back))
        if left == row.blocks:
            continue
        void.append(DutySettled(duty=row.duty, place=row.place, outcome="void"))
        if left:
            arose.append(DutyArose(clause=row.clause, system=row.system, operator=row.operator,
                                   period=row.period, blocks=left, due=row.due))  # fmt: skip
            if row.outcome:
                stands.append(DutySettled(duty=seq, place=place, outcome=row.outcome))
            place += 1
    return [*void, *arose, *stands]


def _open_again(state: State, entry: Entry, back: list[Moved], day: date) -> list[Event]:
    """The duties that the entry made good by other units, of which too few stay: they stand open
    as before, or overdue where their day has passed."""
    replaced = [row for row in state.owed() if (row.outcome, row.entry) == ("replaced", entry.seq)]
    again: list[Event] = []
    for head in entry.events:
        if not isinstance(head, Surrendered) or not head.replaces:
            continue
        rows = [row for row in replaced if row.duty == head.replaces]
        if rows and _staying(state, entry, head, back) < len_of(rows):
            again += [
                DutySettled(
                    duty=row.duty, place=row.place, outcome="overdue" if row.due < day else ""
                )
                for row in rows
            ]
    return again


def _staying(state: State, entry: Entry, head: Surrendered, back: list[Moved]) -> int:
    """Of what the entry surrendered by this head, the units that were not put right yet."""
    mine = [event for event in entry.events if isinstance(event, Moved)
            and head_of(entry, event.lot, event.first) is head]  # fmt: skip
    there = sum(
        min(h.next, move.next) - max(h.first, move.first)
        for move in mine
        for h in state.lane(move.lot).cover(move.first, move.next)
        if h.moved == entry.seq
    )
    return there - sum(
        move.next - move.first for move in back if head_of(entry, move.lot, move.first) is head
    )


def _left(block: tuple[int, int, int], back: list[Moved]) -> Iterator[tuple[int, int, int]]:
    """The parts of a block that do not go back."""
    lot, first, next_ = block
    for move in sorted(back, key=lambda m: m.first):
        if move.lot == lot and move.first < next_ and first < move.next:
            if first < move.first:
                yield lot, first, move.first
            first = move.next
    if first < next_:
        yield lot, first, next_


def net_of(entry: Entry) -> Net:
    """The entry's moves as one: serials that a basket moved twice go back to where they
    were before it, in lot and serial order. Refuses an entry that cannot be reversed."""
    if any(isinstance(event, Converted) for event in entry.events):
        why = "a conversion stands, cancel what it made"
        raise Refused("nothing_to_correct", entry=entry.seq, why=why)
    undoes = any(isinstance(event, Corrected) for event in entry.events)
    if any(
        isinstance(event, Returned) or (undoes and isinstance(event, Allocated))
        for event in entry.events
    ):
        why = "what came back from a surrender is surrendered again"
        raise Refused("nothing_to_correct", entry=entry.seq, why=why)
    if any(isinstance(event, STANDING) for event in entry.events):
        why = "levies, reversals, recalls and use towards a first NDC stand"
        raise Refused("nothing_to_correct", entry=entry.seq, why=why)
    lots: dict[int, list[Moved]] = {}
    for event in entry.events:
        if isinstance(event, Moved):
            lots.setdefault(event.lot, []).append(event)
    net = [row for lot in sorted(lots) for row in _net_in(lot, lots[lot])]
    if not net:
        raise Refused("nothing_to_correct", entry=entry.seq, why="it moved nothing")
    return net


def _net_in(lot: int, moves: list[Moved]) -> Net:
    bounds = sorted({edge for m in moves for edge in (m.first, m.next)})
    held: dict[int, tuple[int, int]] = {}
    for m in moves:
        for at in range(bisect_left(bounds, m.first), bisect_left(bounds, m.next)):
            before = held[at][0] if at in held else m.source
            held[at] = (before, m.target)
    net: Net = []
    for at, (before, after) in sorted(held.items()):
        first, next_ = bounds[at], bounds[at + 1]
        if before == after:
            continue
        if net and net[-1][2:] == (first, before, after):
            first = net.pop()[1]
        net.append((lot, first, next_, before, after))
    return net


def _asked(state: State, act: Correct) -> list[tuple[int, int, int]]:
    asked = []
    for item in act.items:
        lot = lot_of(state, item.lot)
        if item.quantity or not item.serials:
            raise Refused("item_malformed", item="a correction takes serials")
        asked.append((item.lot, *offsets(lot, item.serials)))
    return asked


def _reverse(
    state: State,
    ctx: Context,
    entry: Entry,
    net: Net,
    block: tuple[int, int, int],
    taken: dict[int, list[tuple[int, int]]],
) -> Moved:
    number, first, next_ = block
    lot = lot_of(state, number)
    serials = printed(lot, first, next_)
    whole = [row for row in net if row[0] == number and row[1] <= first and next_ <= row[2]]
    if not whole:
        why = f"it did not move {serials} of lot {number} as one block"
        raise Refused("nothing_to_correct", entry=entry.seq, why=why)
    before, after = whole[0][3:]
    back_to = open_account(state, before)
    if back_to.sink:
        why = "what came back from its end is retired or cancelled again"
        raise Refused("nothing_to_correct", entry=entry.seq, why=why)
    two_people(back_to, ctx)
    two_people(open_account(state, after), ctx)
    spans = taken.setdefault(number, [])
    if any(low < next_ and first < high for low, high in spans):
        raise Refused("named_twice", lot=number, serials=serials)
    held = state.lane(number).cover(first, next_)
    for h in held:
        if h.moved != entry.seq:
            raise Refused("moved_since", lot=number, serials=serials, entry=h.moved)
    _unlocked(lot, held, first, next_)
    if ctx.request.effective is not None:
        check_effective(state, ctx, held)
    return Moved(
        lot=number,
        first=first,
        next=next_,
        source=after,
        target=before,
        held=keyed(spans, held, first, next_),
    )


def _unlocked(lot: Lot, held: list[Holding], first: int, next_: int) -> None:
    under = [(h, n) for h in held for n in h.locks]
    if under:
        where = [
            f"{printed(lot, max(h.first, first), min(h.next, next_))} by lock {n}" for h, n in under
        ]
        locked = {h.first: min(h.next, next_) - max(h.first, first) for h, _ in under}
        raise Refused(
            "locked",
            lot=lot.lot,
            serials=printed(lot, first, next_),
            locks="; ".join(where[:20]),
            free=next_ - first - sum(locked.values()),
        )
