"""Replay a journal from its first entry: state and marks; each entry and holdings root checked.

No lawbook is asked: entries carry what was decided. A root is checked where it stands, and only
lots that changed since the last one are hashed again.
"""

import gc
from array import array
from collections.abc import Callable, Generator, Iterable

from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.lawful import EntryOf, Watch
from onetonne.ledger.proof_findings import Finding
from onetonne.ledger.roots import ROOTED, LotLeaf, holdings_root, lot_leaf
from onetonne.ledger.state import State, apply
from onetonne.ledger.touched import accounts_of, lots_of

PROGRESS = 5_000
"""Entries between two calls of `on_progress`."""
BROKEN = (ValueError, LookupError, TypeError, ArithmeticError, RecursionError)
"""What an entry that does not fit raises on its way through decoder and state."""

Progress = Callable[[str, int, int], None]
"""Called with the stage ("log", "replay", "tables"), how many are done, and of how many (0 where
that is not known)."""


def silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


class Replay:
    """A state made from entries alone; `findings` says where it had to stop, which roots lie and
    what no act can have done. `entry_of` gives an entry that a later one corrects."""

    def __init__(self, entry_of: EntryOf | None = None) -> None:
        self.state = State(search=False)
        self.watch = Watch(self.state, entry_of)
        self.marks: dict[int, array[int]] = {}
        self.findings: list[Finding] = self.watch.findings
        self.roots = 0
        self.stopped = False
        self._leaves: dict[int, LotLeaf] = {}
        self._moved: set[int] = set()

    def run(self, entries: Iterable[bytes], total: int = 0, on_progress: Progress = silent) -> None:
        """Take entries in order, up to one that does not follow from those before it."""
        try:
            with without_gc():
                for data in entries:
                    self._take(data)
                    if self.state.seq % PROGRESS == 0:
                        self.state.changed.clear()
                        on_progress("replay", self.state.seq, total)
                self.watch.end()
        except BROKEN as error:
            self.stopped = True
            where = f"journal entry {self.state.seq + 1}"
            self.findings.append(Finding("replay_stopped", where, found=str(error)[:300]))
            if isinstance(entries, Generator):
                entries.close()  # a half-read answer would keep its connection busy
        on_progress("replay", self.state.seq, total)

    def _take(self, data: bytes) -> None:
        entry = codec.read(data)
        if ROOTED in data:
            self._check_root(entry)
        self.watch.begin(entry)
        apply(self.state, entry, self.watch.see)
        self._moved |= lots_of(entry)
        seq, marks = entry.seq, self.marks
        for account in accounts_of(entry):
            if account in marks:
                marks[account].append(seq)
            else:
                marks[account] = array("q", (seq,))

    def root(self) -> tuple[str, int]:
        """The holdings root of the state as it stands (hex), and how many holdings it is over."""
        for lot in self._moved:
            rows = self.state.lanes[lot].rows
            ordered = [rows[first] for first in sorted(rows)]
            self._leaves[lot] = lot_leaf(lot, self.state.lots[lot].size, ordered)
        self._moved.clear()
        leaves = [self._leaves[lot] for lot in sorted(self._leaves)]
        return holdings_root(leaves).hex(), sum(leaf.count for leaf in leaves)

    def _check_root(self, entry: ev.Entry) -> None:
        for event in entry.events:
            if isinstance(event, ev.Rooted):
                self.roots += 1
                want, have = self.root(), (event.root, event.holdings)
                if want != have:
                    where = f"journal entry {entry.seq}"
                    self.findings.append(
                        Finding("root_false", where, *map(_root_text, (want, have)))
                    )


def _root_text(root: tuple[str, int]) -> str:
    return f"{root[0]} over {root[1]} holdings"


class without_gc:  # noqa: N801, used as a statement's word
    """Replay makes millions of objects and no cycles: collections would only cost time."""

    __slots__ = ("was",)

    def __enter__(self) -> None:
        self.was = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self.was:
            gc.enable()
