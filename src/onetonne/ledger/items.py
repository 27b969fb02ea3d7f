"""From items to moves: which serials an act takes, and what is in the way if it cannot.

Guards in order: the account, the item's form, the lot, the unit's law, then each holding
under the block. Of a quantity the highest free serials go.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from onetonne.ledger.commands import Item, Request
from onetonne.ledger.ended import told
from onetonne.ledger.events import Issued, Moved
from onetonne.ledger.lanes import Holding, Lane
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Account, Lot
from onetonne.ledger.units import Law, UnitType

MAX_ITEMS = 300
"""Items of one command: 300 moves of about 150 bytes fit an entry of 65,535."""
MAX_PIECES = 1_500
"""Holdings that one command may cross: each costs about 20 bytes of its entry."""
MAX_QUANTITY = 2**62
"""Serials of one lot, so that offsets stay within 64 bits in every store."""
MAX_DIGITS = 40
"""Printed serial numbers: the longest in use have 30 digits."""
MAX_KNOWN = 16_384
"""Ranges kept in memory as numbers: a batch asks for each when it looks up and when it decides."""

PENDING, FUND, BUFFER = "pending", "adaptation_fund", "buffer"
"""Kinds of account that a mechanism's registry keeps: units that are not forwarded yet, those of
the Adaptation Fund (which may sell them), and what stands against reversals."""
ADMINISTERED = (PENDING, BUFFER)
"""Nobody's own: they are left by acts of the mechanism alone."""


class Context(msgspec.Struct, gc=False):
    """What one decision may read beside the state. `stacks`: what is asked lies on units whatever
    locks lie there already; `day` is today in the registry's zone."""

    seq: int
    request: Request
    law: Law
    day: date
    stacks: bool = False
    approved: bool = False
    pieces: int = 0


def open_account(state: State, number: int) -> Account:
    """The open account `number`. Refuses unknown and closed ones."""
    account = state.accounts.get(number)
    if account is None:
        raise Refused("unknown_account", account=number)
    if account.closed:
        raise Refused("account_closed", account=number, entry=account.closed)
    return account


def source_account(state: State, ctx: Context, number: int) -> Account:
    """An account from which serials may move by an ordinary act."""
    account = open_account(state, number)
    if account.sink or account.kind == "peer":
        raise Refused("sink_is_final", account=number, sink=account.sink or "peer")
    if account.kind in ADMINISTERED:
        raise Refused("administered_account", account=number, kind=account.kind)
    two_people(account, ctx)
    return account


def two_people(account: Account, ctx: Context) -> None:
    """An account of two people acts only by a proposal that another approved."""
    if account.two_people and not ctx.approved:
        raise Refused("needs_two_people", account=account.account)


def lot_of(state: State, number: int) -> Lot:
    lot = state.lots.get(number)
    if lot is None:
        raise Refused("unknown_lot", lot=number)
    return lot


def printed(lot: Lot, first: int, next_: int) -> str:
    """A block as people read it: the numbers of its first and last serial."""
    return closed(int(lot.first_number), first, next_)


def closed(base: int, first: int, next_: int) -> str:
    """Offsets as printed numbers, counted from `base`: 5-9, or 5."""
    low, high = base + first, base + next_ - 1
    return str(low) if low == high else f"{low}-{high}"


def ends(serials: str) -> tuple[int, int] | None:
    """The numbers of a printed range, 5-9 or 5; None for what is none."""
    return _ends(serials) if len(serials) <= 2 * MAX_DIGITS + 1 else None


@lru_cache(MAX_KNOWN)
def _ends(serials: str) -> tuple[int, int] | None:
    low, dash, high = serials.partition("-")
    if not dash:
        high = low
    if not (serials.isascii() and low.isdigit() and high.isdigit()):
        return None
    return int(low), int(high)


def offsets(lot: Lot, serials: str) -> tuple[int, int]:
    """The half-open offsets of a printed range. Refuses what is no range of this lot."""
    known = ends(serials)
    if known is None:
        raise Refused("bad_number", text=serials[:80])
    base = int(lot.first_number)
    first, next_ = known[0] - base, known[1] - base + 1
    if first >= next_:
        raise Refused("bad_number", text=serials)
    if first < 0 or next_ > lot.size:
        raise Refused("outside_lot", lot=lot.lot, serials=serials, has=printed(lot, 0, lot.size))
    return first, next_


def unit_permits(law: Law, lot: Lot | Issued, act: str, sink: str) -> UnitType:
    """The lot's unit type. Refuses an act or an end that its law does not permit."""
    unit = law.units.get(lot.unit)
    if unit is None:
        raise Refused("unknown_unit", unit=lot.unit)
    if act not in unit.acts or (sink and sink not in unit.sinks):
        raise Refused(
            "act_not_permitted_for_unit",
            unit=lot.unit,
            act=act,
            sink=sink or "-",
            permitted=", ".join(sorted(unit.sinks if act in unit.acts else unit.acts)),
            source=f"{unit.citation.instrument}, {unit.citation.provision}",
        )
    return unit


class Pick:
    """The serials that one act takes from one account, item by item."""

    def __init__(self, state: State, ctx: Context, source: int, act: str, sink: str = "") -> None:
        self.state, self.ctx, self.source = state, ctx, source
        self.act, self.sink = act, sink
        self.taken: dict[int, list[tuple[int, int]]] = {}
        self.blocks: list[tuple[int, int, int, tuple[tuple[int, int], ...]]] = []

    def take(self, items: Sequence[Item]) -> "Pick":
        if not items:
            raise Refused("empty_request")
        if len(items) > MAX_ITEMS:
            raise Refused("too_many_items", count=len(items), limit=MAX_ITEMS)
        for item in items:
            if bool(item.serials) == bool(item.quantity):
                raise Refused("item_malformed", item=msgspec.json.encode(item).decode())
            lot = lot_of(self.state, item.lot)
            unit_permits(self.ctx.law, lot, self.act, self.sink)
            if item.serials:
                first, next_ = offsets(lot, item.serials)
                self._block(lot, first, next_)
            else:
                self._quantity(lot, item.quantity)
        return self

    def moves(self, target: int) -> tuple[Moved, ...]:
        return tuple(
            [
                Moved(lot=lot, first=at, next=end, source=self.source, target=target, held=held)
                for lot, at, end, held in self.blocks
            ]
        )

    def quantity(self) -> int:
        return sum(next_ - first for _, first, next_, _ in self.blocks)

    def _block(self, lot: Lot, first: int, next_: int) -> None:
        if self.blocks:
            self._not_twice(lot, first, next_)
        held = self.state.lane(lot.lot).cover(first, next_)
        if len(held) > MAX_PIECES:  # not all of them are loaded: nothing is said of holders
            raise Refused("too_fragmented", pieces=len(held), limit=MAX_PIECES)
        for h in held:
            if h.account != self.source:
                raise self._held_elsewhere(lot, first, next_, held)
        for h in held:
            if h.locks and self._is_locked(h):
                raise self._locked(lot, first, next_, held)
        self._add(lot.lot, first, next_, held)

    def _not_twice(self, lot: Lot, first: int, next_: int) -> None:
        taken = self.taken.get(lot.lot, [])
        at = bisect_right(taken, (first, MAX_QUANTITY))
        if (at and taken[at - 1][1] > first) or (at < len(taken) and taken[at][0] < next_):
            raise Refused("named_twice", lot=lot.lot, serials=printed(lot, first, next_))

    def _quantity(self, lot: Lot, quantity: int) -> None:
        if not 0 < quantity <= MAX_QUANTITY:
            raise Refused("bad_quantity", quantity=quantity, limit=MAX_QUANTITY)
        lane = self.state.lane(lot.lot)
        left = quantity
        picked: list[tuple[int, int, Holding]] = []
        for low, high, h in self._free_from_top(lot.lot, lane):
            cut = max(low, high - left)
            picked.append((cut, high, h))
            left -= high - cut
            if not left:
                break
        if left:
            locked = sum(h.next - h.first for h in self._mine(lane) if self._is_locked(h))
            raise Refused(
                "not_enough_free",
                account=self.source,
                lot=lot.lot,
                wanted=quantity,
                free=quantity - left,
                locked=locked,
            )
        for low, high, held in _runs(picked):
            self._add(lot.lot, low, high, held)

    def _free_from_top(self, number: int, lane: Lane) -> Iterable[tuple[int, int, Holding]]:
        taken = self.taken.get(number, [])
        rows = lane.rows
        for key in reversed(lane.order or ()):
            h = rows[key]
            if h.account != self.source or self._is_locked(h):
                continue
            high = h.next
            for low_taken, high_taken in reversed(taken):
                if low_taken >= high or high_taken <= h.first:
                    continue
                if high_taken < high:
                    yield high_taken, high, h
                high = low_taken
            if h.first < high:
                yield h.first, high, h

    def _is_locked(self, h: Holding) -> bool:
        return bool(h.locks) and not self.ctx.stacks

    def _mine(self, lane: Lane) -> Iterable[Holding]:
        return (h for h in lane.rows.values() if h.account == self.source)

    def _add(self, lot: int, first: int, next_: int, held: list[Holding]) -> None:
        taken = self.taken.get(lot)
        if taken is None:
            self.taken[lot] = [(first, next_)]
            pairs = tuple([(h.first, h.moved) for h in held])
        else:
            pairs = keyed(taken, held, first, next_)
        self.ctx.pieces += len(held)
        if self.ctx.pieces > MAX_PIECES:
            raise Refused("too_fragmented", pieces=self.ctx.pieces, limit=MAX_PIECES)
        if self.ctx.request.effective is not None:
            check_effective(self.state, self.ctx, held)
        self.blocks.append((lot, first, next_, pairs))

    def _held_elsewhere(self, lot: Lot, first: int, next_: int, held: list[Holding]) -> Refused:
        others = [
            f"{printed(lot, max(h.first, first), min(h.next, next_))} by {h.account}"
            + self._use(lot.lot, h, max(h.first, first))
            for h in held
            if h.account != self.source
        ]
        free = sum(
            min(h.next, next_) - max(h.first, first)
            for h in held
            if h.account == self.source and not self._is_locked(h)
        )
        return Refused(
            "held_elsewhere",
            account=self.source,
            lot=lot.lot,
            serials=printed(lot, first, next_),
            elsewhere="; ".join(others[:20]),
            free=free,
        )

    def _use(self, lot: int, h: Holding, at: int) -> str:
        """What was done with units that ended: the first of the lawful ends excludes the rest."""
        account = self.state.accounts.get(h.account)
        if account is None or not account.sink:
            return ""
        said = told(self.state.entries.get(h.moved), lot, at)
        return f" ({said})" if said else ""

    def _locked(self, lot: Lot, first: int, next_: int, held: list[Holding]) -> Refused:
        locks = []
        for h in held:
            for number in h.locks:
                row = self.state.locks.get(number)
                kind = row.kind if row else "lock"
                where = printed(lot, max(h.first, first), min(h.next, next_))
                locks.append(f"{where} by {kind} {number}")
        free = sum(min(h.next, next_) - max(h.first, first) for h in held if not self._is_locked(h))
        return Refused(
            "locked",
            account=self.source,
            lot=lot.lot,
            serials=printed(lot, first, next_),
            locks="; ".join(locks[:20]),
            free=free,
        )


def keyed(
    taken: list[tuple[int, int]], held: list[Holding], first: int, next_: int
) -> tuple[tuple[int, int], ...]:
    """(key, last move) of each holding under a block, as the event will find them: an
    earlier block of the same command may have cut the lowest one. Adds the block to `taken`."""
    at = bisect_right(taken, (first, MAX_QUANTITY))
    low = held[0]
    key = max(low.first, taken[at - 1][1]) if at else low.first
    taken.insert(at, (first, next_))
    return ((key, low.moved), *[(h.first, h.moved) for h in held[1:]])


def check_effective(state: State, ctx: Context, held: Iterable[Holding]) -> None:
    """An act on another day may not come before the last move of the same serials."""
    day = ctx.request.effective
    for h in held:
        moved = state.days.get(h.moved)
        if day is not None and moved is not None and day < moved:
            raise Refused("effective_before_last_move", moved=str(moved), day=str(day))


def _runs(
    picked: list[tuple[int, int, Holding]],
) -> Iterable[tuple[int, int, list[Holding]]]:
    """Picked pieces, highest first, as contiguous blocks with their holdings lowest first."""
    low, high, held = picked[0][0], picked[0][1], [picked[0][2]]
    for first, next_, h in picked[1:]:
        if next_ == low:
            low, held = first, [h, *held]
        else:
            yield low, high, held
            low, high, held = first, next_, [h]
    yield low, high, held
