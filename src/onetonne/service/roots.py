"""The holdings root of the tables, journaled daily and on demand by the ledger itself.

It is computed under the writer's lock, so that no entry comes between the root and the state
that it is over. Most of the work is done before: only lots that moved since are read again.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from onetonne.ledger import codec
from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.roots import ROOTED, LotLeaf, holdings_root, lot_leaf
from onetonne.ledger.state import CLOCK
from onetonne.ledger.touched import lots_of
from onetonne.service.ledger import LEAVES, Ledger
from onetonne.store.rows import Engine
from onetonne.store.schema import HOLDING, holding_from

PAGE = 1_000
"""Entries read at a time when the last root is looked for from the end."""
_SELECT = f"SELECT {', '.join(HOLDING)} FROM holdings WHERE next IS NOT NULL"


class _Kept(msgspec.Struct, frozen=True):
    """The leaves on file, as of the entry that holds their root: its number, its hash in hex, the
    ledger's epoch."""

    place: tuple[int, str, int]
    leaves: list[LotLeaf]


class LotRoots:
    """The leaf of every lot as of entry `seq`; call its methods inside a transaction.

    `file` keeps the leaves between processes. It is believed only where they lead to the root that
    the journal has at that place; losing or altering it costs time and nothing else.
    """

    def __init__(self, db: Engine, file: Path | None = None) -> None:
        self.db, self.file = db, file
        self.seq = self.saved = 0
        self.leaves: dict[int, LotLeaf] = {}

    def load(self) -> None:
        """Begin from the file, where it fits this ledger."""
        if self.file is None or self.seq:
            return
        with suppress(OSError, OverflowError, msgspec.MsgspecError):
            kept = msgspec.json.decode(self.file.read_bytes(), type=_Kept)
            leaves = {leaf.lot: leaf for leaf in kept.leaves}
            root = holdings_root(leaves[lot] for lot in sorted(leaves)).hex()
            if self._place(kept.place[0], root) == kept.place:
                self.seq = self.saved = kept.place[0]
                self.leaves = leaves

    def save(self, rooted: ev.Entry) -> None:
        """Keep the leaves as of the entry that holds their root; a file that cannot be written is
        done without."""
        place = self._place(rooted.seq, rooted_in(rooted).root)
        if self.file is None or self.saved == rooted.seq or place is None:
            return
        self.saved = rooted.seq
        kept = _Kept(place, self.lots)
        incoming = self.file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            incoming.write_bytes(msgspec.json.encode(kept))
            incoming.replace(self.file)

    def _place(self, seq: int, root: str) -> tuple[int, str, int] | None:
        """Where the journal has this root; None where it has another, or none."""
        for leaf, data in self.db.query("SELECT hash, entry FROM journal WHERE seq = ?", (seq,)):
            if ROOTED in data and rooted_in(codec.decode(data)).root == root:
                return seq, leaf.hex(), self.db.query("SELECT epoch FROM head")[0][0]
        return None

    @property
    def lots(self) -> list[LotLeaf]:
        """In order of lot number."""
        return [self.leaves[lot] for lot in sorted(self.leaves)]

    def refresh(self) -> None:
        """Read what moved since the last call; everything at the first."""
        head = self.db.query("SELECT seq FROM head")[0][0]
        if self.seq == 0:
            self._take(self.db.stream(f"{_SELECT} ORDER BY lot, first"))
        elif head > self.seq:
            sql = "SELECT entry FROM journal WHERE seq > ? ORDER BY seq"
            moved = set[int]()
            for (data,) in self.db.stream(sql, (self.seq,)):
                moved |= lots_of(codec.decode(bytes(data)))
            for lot in sorted(moved):
                self._take(self.db.stream(f"{_SELECT} AND lot = ? ORDER BY first", (lot,)))
        self.seq = head

    def _take(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for lot, group in groupby(rows, itemgetter(0)):
            holdings = [holding_from(row) for row in group]
            self.leaves[lot] = lot_leaf(lot, holdings[-1].next, holdings)


def journal_root(
    ledger: "Ledger",
    roots: LotRoots | None = None,
    then: Callable[[LotRoots], None] | None = None,
) -> ev.Entry:
    """The entry that holds the root over the holdings as they stand; a new one unless nothing
    moved since the last. `then` reads more under the same lock. Keep `roots` between calls
    in a long-lived process: a call then reads only what moved. A root is there to be published:
    raises KeyFileError or LogError before it is journaled where key or log are missing."""
    ledger.signer()
    kept, writer = roots or LotRoots(ledger.db, ledger.folder / LEAVES), ledger.writer
    ledger.db.begin_read()
    try:
        kept.load()
        kept.refresh()
    finally:
        ledger.db.rollback()
    found: list[ev.Entry] = []

    def make() -> list[c.Request]:
        kept.refresh()
        if then is not None:
            then(kept)
        root = holdings_root(kept.lots).hex()
        last = last_root(ledger.db)
        if last is not None and rooted_in(last).root == root:
            found.append(last)
            return []
        act = c.Root(root=root, holdings=sum(leaf.count for leaf in kept.leaves.values()))
        return [c.Request(by=CLOCK, acts=(act,))]

    for answer in writer.execute(make):
        assert answer.entry is not None, "the ledger's own root is never refused"
        found.append(answer.entry)
    kept.save(found[0])
    return found[0]


def last_root(db: Engine) -> ev.Entry | None:
    """The newest entry with a holdings root, if no holding changed since."""
    for data in _backwards(db):
        entry = codec.decode(data)
        if ROOTED in data:
            return entry
        if lots_of(entry):
            return None
    return None


def newest_root(db: Engine) -> ev.Entry | None:
    """The newest entry with a holdings root, whatever moved since."""
    return next((codec.decode(data) for data in _backwards(db) if ROOTED in data), None)


def rooted_in(entry: ev.Entry) -> ev.Rooted:
    """The holdings root in an entry that has one."""
    return next(event for event in entry.events if isinstance(event, ev.Rooted))


def _backwards(db: Engine) -> Iterator[bytes]:
    sql = "SELECT seq, entry FROM journal WHERE seq < ? ORDER BY seq DESC LIMIT ?"
    before = 2**62
    while page := db.query(sql, (before, PAGE)):
        yield from (bytes(data) for _, data in page)
        before = page[-1][0]
