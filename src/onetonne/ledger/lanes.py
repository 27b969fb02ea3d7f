"""Lanes: the holdings of one lot, end to end, cut and joined as blocks move.

Invariant: a lane's holdings neither overlap nor leave a gap over what was loaded.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable
from itertools import pairwise

import msgspec


class Corrupt(ValueError):
    """An entry does not fit the state before it: the history was altered."""


class Holding(msgspec.Struct, frozen=True, gc=False):
    """A run of one lot's serials with one holder, last moved by one entry, under one set
    of locks. Offsets, `next` exclusive."""

    first: int
    next: int
    account: int
    moved: int
    locks: tuple[int, ...] = ()


class Lane:
    """The holdings of one lot by first offset; `order` (the sorted offsets) serves searches
    and is kept only where something is searched: a replay knows every key."""

    __slots__ = ("order", "rows")

    def __init__(self, rows: dict[int, Holding] | None = None, search: bool = True) -> None:
        self.rows = {} if rows is None else rows
        self.order: list[int] | None = sorted(self.rows) if search else None

    def add(self, holding: Holding) -> None:
        if self.order is not None and holding.first not in self.rows:
            insort(self.order, holding.first)
        self.rows[holding.first] = holding

    def remove(self, key: int) -> Holding:
        if self.order is not None:
            del self.order[bisect_left(self.order, key)]
        return self.rows.pop(key)

    def cover(self, first: int, next_: int) -> list[Holding]:
        """The loaded holdings that overlap [first, next), lowest first."""
        order, rows = self.order, self.rows
        if order is None:
            raise Corrupt("a lane without order cannot be searched")
        at = max(bisect_right(order, first) - 1, 0)
        if at < len(order):
            only = rows[order[at]]
            if only.first <= first and next_ <= only.next:
                return [only]
        found = []
        while at < len(order) and order[at] < next_:
            holding = rows[order[at]]
            if holding.next > first:
                found.append(holding)
            at += 1
        return found

    def take(self, first: int, next_: int, keys: Iterable[int]) -> list[Holding]:
        """Remove and return the holdings over [first, next). Raises Corrupt on a gap."""
        rows = self.rows
        try:
            held = [rows[key] for key in keys]
        except KeyError:
            held = []
        if not _spans(held, first, next_):
            held = self.cover(first, next_) if self.order is not None else []
            if not _spans(held, first, next_):
                raise Corrupt(f"offsets {first}..{next_ - 1} are not held as the entry says")
        for holding in held:
            self.remove(holding.first)
        return held

    def put_back(self, held: list[Holding], first: int, next_: int) -> None:
        """Return what `take` took outside [first, next)."""
        low, high = held[0], held[-1]
        if low.first < first:
            self.add(Holding(low.first, first, low.account, low.moved, low.locks))
        if high.next > next_:
            self.add(Holding(next_, high.next, high.account, high.moved, high.locks))


def _spans(held: list[Holding], first: int, next_: int) -> bool:
    if not held or first >= next_ or held[0].first > first or held[-1].next < next_:
        return False
    return all(a.next == b.first for a, b in pairwise(held))


def joined(holdings: list[Holding]) -> list[Holding]:
    """Neighbours that differ in nothing but their range, as one."""
    out: list[Holding] = []
    for h in holdings:
        if out and _alike(out[-1], h):
            last = out.pop()
            h = Holding(last.first, h.next, h.account, h.moved, h.locks)
        out.append(h)
    return out


def _alike(a: Holding, b: Holding) -> bool:
    return (
        a.next == b.first and a.account == b.account and a.moved == b.moved and a.locks == b.locks
    )


def restate(
    lane: Lane,
    block: tuple[int, int],
    keys: tuple[int, ...],
    locks: Callable[[tuple[int, ...]], tuple[int, ...]],
) -> None:
    """Give the serials of a block other locks, cutting and joining holdings as needed; `keys`
    are the holdings that it covers, and neighbours that it may join."""
    first, next_ = block
    new: list[Holding] = []
    for old in lane.take(first, next_, keys):
        low, high = max(old.first, first), min(old.next, next_)
        parts = [
            Holding(old.first, low, old.account, old.moved, old.locks),
            Holding(low, high, old.account, old.moved, locks(old.locks)),
            Holding(high, old.next, old.account, old.moved, old.locks),
        ]
        if high <= low:
            parts = [old]
        new.extend(part for part in parts if part.first < part.next)
    for holding in joined(new):
        lane.add(holding)


def without(lock: int) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    """How a holding's locks change when one is lifted."""
    return lambda locks: tuple(number for number in locks if number != lock)
