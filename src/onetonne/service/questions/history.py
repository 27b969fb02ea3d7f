"""History: the whole life of serials, from issuance to now, by walking back from move to move.

Each holding names the entry that last moved it and each move names the entries before it, so the
cost follows the life of the serials and not the size of the ledger. A block whose parts had
different lives is answered part by part.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec
from msgspec.structs import replace

from onetonne.base import account_numbers
from onetonne.ledger import events as ev
from onetonne.ledger.items import offsets, printed
from onetonne.ledger.lanes import Corrupt
from onetonne.ledger.tables import LabelRow, LockRow, Lot
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, View, view
from onetonne.service.questions.deeds import Deed, Scribe, Step, deeds
from onetonne.service.questions.directory import Block, within
from onetonne.service.questions.holdings import status_of
from onetonne.service.questions.standings import TOLD_BY, Standing, Standings

ALL = 2**31
"""No limit on the holdings under a block: each is a row of the answer."""
Mark = tuple[int, int, int]
"""Where a step stands: entry, place of its event, place among its deeds (-1: lock or label)."""
_Chain = tuple[Mark, Any]
"""A life as it is walked: its oldest step so far, then the rest (None at the newest)."""
_Span = tuple[int, int, list[Mark]]
_Told = tuple[int, int, Mark]


class Life(msgspec.Struct, frozen=True, omit_defaults=True):
    """Serials that share one life, where they are, and its steps, oldest first; what they are under
    Article 6, if anything."""

    serials: str
    quantity: int
    account: int
    shown: str
    holder: str
    status: str
    locks: tuple[int, ...]
    steps: tuple[Step, ...]
    standing: tuple[Standing, ...] = ()


class History(msgspec.Struct, frozen=True):
    """The lives of a block's parts, lowest serials first; `metric` is what one serial is."""

    as_of: AsOf
    lot: int
    code: str
    unit: str
    project: str
    vintage: int
    metric: str
    parts: tuple[Life, ...]


def history(ledger: Ledger, lot: int, serials: str = "", asof: AsOf = NOW) -> History:
    """The life of printed serials ("5", "5-9"; the whole lot when empty). Raises Unknown."""
    with view(ledger, asof, replay=False) as seen:
        found: list[Lot] = seen.structs("lots", "lot = ?", (lot,))
        if not found or not seen.counts(seen.entries([found[0].issued])[found[0].issued]):
            raise seen.no_lot(lot)
        told = history_of(seen, within(found[0], serials or None))
    with view(ledger, asof, kinds=TOLD_BY) as then:
        are = Standings(ledger, then, (lot,))
    parts = tuple(
        replace(part, standing=are.of(lot, *offsets(found[0], part.serials), part.account))
        for part in told.parts
    )
    return replace(told, parts=parts)


def history_of(seen: View, block: Block) -> History:
    """The lives of a block that is there as of this view."""
    lot = block.lot
    parts = tuple(_Walk(seen, lot).lives(block.first, block.next))
    metric = seen.law.measure(lot.unit)
    return History(seen.as_of, lot.lot, lot.code, lot.unit, lot.project, lot.vintage, metric, parts)


class _Piece(msgspec.Struct, gc=False):
    """Serials [first, next) whose life is known back to, not including, entry `seq`; within that
    entry only deeds before `upto` are left."""

    first: int
    next: int
    seq: int
    upto: int = ALL
    chain: _Chain | None = None


class _Walk:
    """One walk over one lot; entries, deeds and steps are read and written once."""

    def __init__(self, seen: View, lot: Lot) -> None:
        self.seen, self.lot = seen, lot
        self.scribe = Scribe(seen)
        self.entries: dict[int, ev.Entry] = {}
        self.deeds: dict[int, list[tuple[int, Deed]]] = {}
        self.steps: dict[Mark, Step] = {}

    def lives(self, first: int, next_: int) -> Iterable[Life]:
        """The lives under a block: neighbours with the same steps are one."""
        cover = self.seen.tables.cover([(self.lot.lot, first, next_)], ALL)
        pieces = [_Piece(max(row[1], first), min(row[2], next_), row[4]) for row in cover]
        spans = sorted((p.first, p.next, _unrolled(p.chain)) for p in self._origins(pieces))
        open_: tuple[int, list[Mark]] | None = None
        for low, _, marks in self._cut(spans):
            if open_ is None:
                open_ = (low, marks)
            elif self._steps(open_[1]) != self._steps(marks):
                yield self._life(open_[0], low, open_[1])
                open_ = (low, marks)
        if open_ is not None:
            yield self._life(open_[0], next_, open_[1])

    def _life(self, first: int, next_: int, marks: list[Mark]) -> Life:
        seq, _, place = max(mark for mark in marks if mark[2] >= 0)
        deed = self.deeds[seq][place][1]
        account = deed.account if isinstance(deed, ev.Issued) else deed.target
        locks: list[int] = []
        for event in (self.entries[seq].events[at] for seq, at, place in marks if place < 0):
            if isinstance(event, ev.Locked):
                locks.append(event.lock)
            elif isinstance(event, ev.Lifted) and event.lock in locks:
                locks.remove(event.lock)
        sink, kind = self.scribe.place(account)
        return Life(
            serials=printed(self.lot, first, next_),
            quantity=next_ - first,
            account=account,
            shown=account_numbers.show(account),
            holder=self.scribe.name("accounts", account),
            status=status_of(sink, kind, bool(locks)),
            locks=tuple(locks),
            steps=self._steps(marks),
        )

    def _origins(self, pieces: list[_Piece]) -> Iterable[_Piece]:
        """Pieces cut as finely as their moves ask, each walked back to its issuance."""
        while pieces:
            self._load({piece.seq for piece in pieces})
            before: list[_Piece] = []
            while pieces:
                piece = pieces.pop()
                place, deed = self._last_deed(piece)
                low, high = max(piece.first, _first(deed)), min(piece.next, _next(deed))
                for start, end in ((piece.first, low), (high, piece.next)):
                    if start < end:
                        pieces.append(_Piece(start, end, piece.seq, place, piece.chain))
                chain = piece.chain
                if self.seen.counts(self.entries[piece.seq]):
                    at = self.deeds[piece.seq][place][0]
                    chain = ((piece.seq, at, place), chain)
                piece = _Piece(low, high, piece.seq, place, chain)
                if isinstance(deed, ev.Issued):
                    yield piece
                else:
                    before += _before(piece, deed)
            pieces = before

    def _last_deed(self, piece: _Piece) -> tuple[int, Deed]:
        found = self.deeds[piece.seq]
        for place in range(min(piece.upto, len(found)) - 1, -1, -1):
            deed = found[place][1]
            if deed.lot == self.lot.lot and _first(deed) < piece.next and piece.first < _next(deed):
                return place, deed
        where = printed(self.lot, piece.first, piece.next)
        raise Corrupt(f"entry {piece.seq} did not move {self.lot.code} {where}")

    def _load(self, seqs: set[int]) -> None:
        new = self.seen.entries(sorted(seqs - self.entries.keys()))
        self.entries |= new
        self.deeds |= {seq: deeds(entry) for seq, entry in new.items()}

    def _cut(self, spans: list[_Span]) -> Iterable[_Span]:
        """Spans cut again where locks and labels begin and end, with their steps added."""
        told = sorted(self._told(spans[0][0], spans[-1][1]))
        near: list[_Told] = []
        for first, next_, marks in spans:
            while told and told[0][0] < next_:
                near.append(told.pop(0))
            near = [one for one in near if first < one[1]]
            ends = {end for one in near for end in one[:2] if first < end < next_}
            cuts = sorted({first, next_, *ends})
            for low, high in pairwise(cuts):
                own = [mark for start, end, mark in near if start <= low and high <= end]
                yield low, high, sorted([*marks, *own])

    def _told(self, first: int, next_: int) -> Iterable[_Told]:
        """Where locks were set and lifted, and labels written, with the mark of each. No index
        leads from a lot to its locks, so the table of locks is read through."""
        lot = self.lot.lot
        found: list[tuple[int, int, int, Any, type]] = []
        like = (f"[[{lot},%", f"%,[{lot},%")
        for row in self.seen.structs("locks", "blocks LIKE ? OR blocks LIKE ?", like):
            for low, high in ((a, b) for n, a, b in row.blocks if n == lot):
                found.append((low, high, row.set, row, ev.Locked))
                if row.lifted:
                    found.append((low, high, row.lifted, row, ev.Lifted))
        labels = self.seen.structs("labels", "lot = ?", (lot,))
        found += [(row.first, row.next, row.labelled, row, ev.Labelled) for row in labels]
        found = [one for one in found if one[0] < next_ and first < one[1]]
        self._load({one[2] for one in found})
        for low, high, seq, row, kind in found:
            if self.seen.counts(self.entries[seq]):
                yield low, high, self._placed(seq, row, kind)

    def _placed(self, seq: int, row: LockRow | LabelRow, kind: type) -> Mark:
        """The mark of a lock's or label's event within its entry; notes its step."""
        entry = self.entries[seq]
        for at, event in enumerate(entry.events):
            if type(event) is kind and _same(event, row):
                mark = (seq, at, -1)
                self.steps[mark] = self._mark_step(entry, event, row)
                return mark
        raise Corrupt(f"entry {seq} has no {kind.__name__.lower()}")

    def _mark_step(self, entry: ev.Entry, event: Any, row: LockRow | LabelRow) -> Step:
        if isinstance(row, LabelRow):
            return self.scribe.step(entry, "label", {"kind": row.kind, "value": row.value})
        facts = {"lock": row.lock, "kind": row.kind}
        if isinstance(event, ev.Lifted):
            return self.scribe.step(entry, "expire" if event.expired else "lift", facts)
        reason = self.scribe.text(row.reason) or ("" if len(row.reason) == 64 else row.reason)
        facts |= {"until": row.until, "reason": reason}
        return self.scribe.step(entry, "lock", facts)

    def _steps(self, marks: list[Mark]) -> tuple[Step, ...]:
        return tuple([self._step(mark) for mark in marks])

    def _step(self, mark: Mark) -> Step:
        if mark not in self.steps:
            seq, at, place = mark
            entry = self.entries[seq]
            self.steps[mark] = self.scribe.deed(entry, at, self.deeds[seq][place][1])
        return self.steps[mark]


def _same(event: Any, row: LockRow | LabelRow) -> bool:
    if isinstance(row, LockRow):
        return bool(event.lock == row.lock)
    mine = (row.lot, row.kind, row.first, row.next, row.value)
    return mine == (event.lot, event.kind, event.first, event.next, event.value)


def _before(piece: _Piece, move: ev.Moved) -> Iterable[_Piece]:
    """What a moved piece was before: one piece per holding that the move cut it from."""
    keys = [key for key, _ in move.held]
    for (key, seq), end in zip(move.held, [*keys[1:], move.next], strict=True):
        low, high = max(piece.first, key), min(piece.next, end)
        if low < high:
            upto = piece.upto if seq == piece.seq else ALL
            yield _Piece(low, high, seq, upto, piece.chain)


def _unrolled(chain: _Chain | None) -> list[Mark]:
    marks = []
    while chain is not None:
        mark, chain = chain
        marks.append(mark)
    return marks


def _first(deed: Deed) -> int:
    return 0 if isinstance(deed, ev.Issued) else deed.first


def _next(deed: Deed) -> int:
    return deed.size if isinstance(deed, ev.Issued) else deed.next
