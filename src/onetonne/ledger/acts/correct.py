"""Correct: reverse the last move of exactly the serials that an entry moved, and cite it.

The history keeps both: an error is never edited away. What moved again since is refused,
and so is what made or burnt a lot: a wrong issuance is cancelled, not reversed.
"""

from onetonne.ledger.commands import Correct
from onetonne.ledger.events import Converted, Corrected, Entry, Event, Moved
from onetonne.ledger.items import (
    MAX_PIECES,
    Context,
    check_effective,
    keyed,
    lot_of,
    offsets,
    open_account,
    printed,
)
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State


def correct(state: State, act: Correct, ctx: Context) -> tuple[Event, ...]:
    entry = state.entries.get(act.entry)
    if entry is None:
        raise Refused("unknown_entry", entry=act.entry)
    if not act.reason:
        raise Refused("bad_text", field="reason", found="empty", expected="the reason")
    moves = _moves(entry)
    wanted = [(lot, *span) for lot, span in _asked(state, act)] or [
        (m.lot, m.first, m.next) for m in moves
    ]
    taken: dict[int, list[tuple[int, int]]] = {}
    back = [_reverse(state, ctx, entry, moves, block, taken) for block in wanted]
    if sum(len(move.held) for move in back) > MAX_PIECES:
        raise Refused("too_fragmented", pieces=len(back), limit=MAX_PIECES)
    # After this point the correction must succeed.
    return (Corrected(entry=act.entry, reason=act.reason), *back)


def _moves(entry: Entry) -> list[Moved]:
    if any(isinstance(event, Converted) for event in entry.events):
        why = "a conversion stands; cancel what it made"
        raise Refused("nothing_to_correct", entry=entry.seq, why=why)
    moves = [event for event in entry.events if isinstance(event, Moved)]
    if not moves:
        raise Refused("nothing_to_correct", entry=entry.seq, why="it moved nothing")
    return moves


def _asked(state: State, act: Correct) -> list[tuple[int, tuple[int, int]]]:
    asked = []
    for item in act.items:
        lot = lot_of(state, item.lot)
        if item.quantity or not item.serials:
            raise Refused("item_malformed", item="a correction takes serials")
        asked.append((item.lot, offsets(lot, item.serials)))
    return asked


def _reverse(
    state: State,
    ctx: Context,
    entry: Entry,
    moves: list[Moved],
    block: tuple[int, int, int],
    taken: dict[int, list[tuple[int, int]]],
) -> Moved:
    number, first, next_ = block
    lot = lot_of(state, number)
    serials = printed(lot, first, next_)
    move = next(
        (m for m in moves if m.lot == number and m.first <= first and next_ <= m.next), None
    )
    if move is None:
        why = f"it did not move {serials} of lot {number} as one block"
        raise Refused("nothing_to_correct", entry=entry.seq, why=why)
    spans = taken.setdefault(number, [])
    if any(low < next_ and first < high for low, high in spans):
        raise Refused("named_twice", lot=number, serials=serials)
    held = state.lane(number).cover(first, next_)
    for h in held:
        if h.moved != entry.seq:
            raise Refused("moved_since", lot=number, serials=serials, entry=h.moved)
        if h.locks:
            where = printed(lot, max(h.first, first), min(h.next, next_))
            locks = f"{where} by lock {h.locks[0]}"
            raise Refused("locked", lot=number, serials=serials, locks=locks, free=0)
    open_account(state, move.source)
    if ctx.request.effective is not None:
        check_effective(state, ctx, held)
    return Moved(
        lot=number,
        first=first,
        next=next_,
        source=move.target,
        target=move.source,
        held=keyed(spans, held, first, next_),
    )
