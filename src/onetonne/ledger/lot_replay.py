"""The holdings of one lot from the entries that name it, and from nothing else.

What tables say of a lot can be held against this without a replay of the whole ledger: of other
entries not more than their bytes is looked at.
"""

import re
from collections import Counter
from collections.abc import Iterable

from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.lanes import Holding, Lane, restate, without
from onetonne.ledger.state import State, evolve


class LotReplay:
    """A lot as of entry `seq`: nothing before its issuance was taken; or what some of its holdings
    become."""

    def __init__(self, lot: int, holdings: Iterable[Holding] = ()) -> None:
        self.lot, self.seq = lot, 0
        self._state = State(search=False)
        self._state.lanes[lot] = Lane({h.first: h for h in holdings}, search=False)
        # In a move or an issuance, and in the blocks of a lock; quotes in texts are escaped.
        self._names = re.compile(rb'"lot":%d,|\[%d,' % (lot, lot)).search

    @property
    def holdings(self) -> list[Holding]:
        """In order of `first`."""
        rows = self._state.lane(self.lot).rows
        return [rows[first] for first in sorted(rows)]

    def take(self, seq: int, data: bytes) -> None:
        """Take the next entry of the journal, its bytes in canonical form. Raises Corrupt where it
        does not follow from those before it, Undecodable where it is none (both ValueErrors)."""
        if self._names(data) is not None:
            self.apply(codec.decode(data))
        self.seq = seq

    def apply(self, entry: ev.Entry) -> None:
        """Take what an entry does to the lot. Raises Corrupt."""
        for event in entry.events:
            self._apply(event, entry.seq)

    def free(self) -> Counter[int]:
        """Units under no lock, by account."""
        free = Counter[int]()
        for h in self.holdings:
            free[h.account] += 0 if h.locks else h.next - h.first
        return free

    def _apply(self, event: ev.Event, seq: int) -> None:
        if isinstance(event, ev.Locked | ev.Lifted):
            self._restate(event)
            return
        parts = (*event.burnt, event.issued) if isinstance(event, ev.Converted) else (event,)
        for part in parts:
            if isinstance(part, ev.Moved) and part.lot == self.lot:
                evolve(self._state, part, seq)
            elif isinstance(part, ev.Issued) and part.lot == self.lot:
                whole = Holding(0, part.size, part.account, seq)
                self._state.lanes[self.lot] = Lane({0: whole}, search=False)

    def _restate(self, event: ev.Locked | ev.Lifted) -> None:
        lane, number = self._state.lane(self.lot), event.lock
        locked = isinstance(event, ev.Locked)
        change = (lambda locks: (*locks, number)) if locked else without(number)
        for (lot, first, next_), keys in zip(event.blocks, event.held, strict=True):
            if lot == self.lot:
                restate(lane, (first, next_), keys, change)
