"""The life of serials, walked back from a holding to what issued them.

Each move names the entry that last moved what it took. The walk asks for one entry after the
other; what makes a passport and what checks one walk the same way, so neither leaves out what
the other needs.
"""

from collections.abc import Callable, Iterator

import msgspec

from onetonne.ledger import events as ev
from onetonne.ledger.proof_findings import Finding

MAX_STEPS = 100_000
"""Pieces of serials looked at: far beyond any real life, and soon reached by a planted one."""
MAX_LOOKS = 5_000_000
"""Moves held against a piece, a few seconds: so many that only a planted life has them."""
LAST = 2**62

EntryOf = Callable[[int], ev.Entry | None]
Arrival = tuple[int, int, int, ev.Moved | ev.Issued]
"""Serials [first, next) that came to an account, the place of their event in its entry, and it."""


class Step(msgspec.Struct, frozen=True, order=True):
    """In entry `seq` serials [first, next) of `lot` came to `account`; `source` is 0 at their
    issuance, `what` is issued, moved or burnt."""

    seq: int
    lot: int
    first: int
    next: int
    what: str
    source: int
    account: int


class Piece(msgspec.Struct, frozen=True):
    """Serials that `account` had by entry `seq`, looked for among its events before `before`."""

    lot: int
    first: int
    next: int
    account: int
    seq: int
    before: int = LAST


class Life:
    """The walk. `steps` in order of entries, `needed` entries, `findings` where it breaks.

    `asked` are the pieces that it began from, and `brought` which event brought what of them: the
    piece, its serials [first, next), the place of the event in the piece's entry.
    """

    def __init__(self, entry_of: EntryOf) -> None:
        self.entry_of = entry_of
        self.needed: set[int] = set()
        self.findings: list[Finding] = []
        self.issued: dict[int, ev.Issued] = {}
        self.asked: set[Piece] = set()
        self.brought: list[tuple[Piece, int, int, int]] = []
        self._steps: set[Step] = set()
        self._seen: set[Piece] = set()
        self._work: list[Piece] = []
        self._arrivals: dict[tuple[int, int], list[Arrival]] = {}
        self._looks = 0

    @property
    def steps(self) -> list[Step]:
        return sorted(self._steps)

    def walk(self, pieces: list[Piece]) -> None:
        """Follow the pieces back to their issuance, through conversions to what was burnt."""
        self.asked.update(pieces)
        for piece in pieces:
            self._add(piece)
        while self._work:
            if len(self._seen) > MAX_STEPS or self._looks > MAX_LOOKS:
                self.findings.insert(0, Finding("passport_too_large", "", f"{MAX_STEPS} steps"))
                return
            self._follow(self._work.pop())

    def need(self, seq: int) -> ev.Entry | None:
        """The entry, noted as needed; a finding when it is not there."""
        entry = self.entry_of(seq)
        if entry is None and seq not in self.needed:
            self.findings.append(Finding("passport_entry_missing", f"entry {seq}"))
        self.needed.add(seq)
        return entry

    def _add(self, piece: Piece) -> None:
        if piece not in self._seen:
            self._seen.add(piece)
            self._work.append(piece)

    def _follow(self, piece: Piece) -> None:
        entry = self.need(piece.seq)
        if entry is None:
            return
        left = [(piece.first, piece.next)]
        key = (piece.seq, piece.lot)
        if key not in self._arrivals:
            self._arrivals[key] = list(_arrivals(entry, piece.lot))
        for low, high, at, event in reversed(self._arrivals[key]):
            self._looks += len(left)
            if at < piece.before and low < piece.next and piece.first < high:
                left = self._arrive(piece, entry, at, event, left)
            if not left:
                return
        for first, next_ in left:
            expected = f"a move of {first} to {next_ - 1} of lot {piece.lot}"
            self._broken(piece.seq, expected, "none")

    def _arrive(
        self,
        piece: Piece,
        entry: ev.Entry,
        at: int,
        event: ev.Moved | ev.Issued,
        left: list[tuple[int, int]],
    ) -> list[tuple[int, int]]:
        """Explain what of `left` this event brought; return what it did not."""
        low, high = (0, event.size) if isinstance(event, ev.Issued) else (event.first, event.next)
        to = event.account if isinstance(event, ev.Issued) else event.target
        rest: list[tuple[int, int]] = []
        for first, next_ in left:
            start, end = max(first, low), min(next_, high)
            if start >= end:
                rest.append((first, next_))
                continue
            rest += [(a, b) for a, b in ((first, start), (end, next_)) if a < b]
            if piece in self.asked:
                self.brought.append((piece, start, end, at))
            if to != piece.account:
                self._broken(entry.seq, f"to account {piece.account}", f"to account {to}")
            elif isinstance(event, ev.Issued):
                self._step(entry.seq, event.lot, (start, end), "issued", 0, to)
                self._origin(entry, at, event)
            else:
                what = "burnt" if isinstance(entry.events[at], ev.Converted) else "moved"
                self._step(entry.seq, event.lot, (start, end), what, event.source, to)
                self._before(entry.seq, at, event, (start, end))
        return rest

    def _before(self, seq: int, at: int, move: ev.Moved, block: tuple[int, int]) -> None:
        """Follow on to the holdings that a move cut its block from."""
        bounds = [key for key, _ in move.held[1:]] + [move.next]
        low = move.first
        self._looks += len(move.held)
        if not move.held or move.held[0][0] > low:
            self._broken(seq, "the holdings that the move took", str(move.held[:3]))
            return
        for (_, moved), high in zip(move.held, bounds, strict=True):
            if high <= low or moved > seq:
                self._broken(seq, "earlier holdings in order", f"{high} moved by {moved}")
                return
            first, next_ = max(low, block[0]), min(high, block[1])
            if first < next_:
                before = at if moved == seq else LAST
                self._add(Piece(move.lot, first, next_, move.source, moved, before))
            low = high

    def _origin(self, entry: ev.Entry, at: int, event: ev.Issued) -> None:
        """What stands behind an issuance: units burnt for it, or what a register said."""
        if event.lot in self.issued:
            return
        self.issued[event.lot] = event
        whole = entry.events[at]
        if isinstance(whole, ev.Converted):
            for move in whole.burnt:
                self._add(Piece(move.lot, move.first, move.next, move.target, entry.seq, at + 1))
        observation = event.facts.get("observation", "")
        if event.foreign_key and observation.isascii() and observation.isdigit():
            seen = self.need(int(observation[:18]))
            if seen is not None and not any(isinstance(e, ev.Observed) for e in seen.events):
                self._broken(seen.seq, "an observation", "none")

    def _step(
        self, seq: int, lot: int, block: tuple[int, int], what: str, source: int, to: int
    ) -> None:
        self._steps.add(Step(seq, lot, *block, what, source, to))

    def _broken(self, seq: int, expected: str, found: str) -> None:
        self.findings.append(Finding("passport_move", f"entry {seq}", expected, found))


def _arrivals(entry: ev.Entry, lot: int) -> Iterator[Arrival]:
    """The ways in which an entry put serials of a lot into an account, in order."""
    for at, event in enumerate(entry.events):
        burnt = event.burnt if isinstance(event, ev.Converted) else ()
        made = event.issued if isinstance(event, ev.Converted) else event
        if isinstance(made, ev.Issued) and made.lot == lot:
            yield 0, made.size, at, made
        for move in (event, *burnt):
            if isinstance(move, ev.Moved) and move.lot == lot:
                yield move.first, move.next, at, move
