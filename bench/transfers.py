"""Transfers against the same SQL without kernel and look-ups, on the same ledger.

Our side decides and commits; what it wrote is recorded and written again, statement by
statement, to a copy of the ledger. Same rows, same transaction sizes, same engine.
"""

import shutil
import statistics
from pathlib import Path
from typing import Any

from bench.harness import ROUNDS, report, timed
from bench.world import World
from onetonne.ledger.commands import Request
from onetonne.ledger.units import Law
from onetonne.service.execute import Writer
from onetonne.store.rows import Engine
from onetonne.store.sqlite import Sqlite

GOALS = {"sqlite": {1: 0.80, 100: 0.55, 1_000: 0.55}, "postgresql": {100: 0.45, 1_000: 0.45}}
COUNT = {1: 3_000, 100: 10_000, 1_000: 20_000}
SLICES = 10
"""Within a round the sides take turns this often, so that a slow minute of the disk hits both."""
Calls = list[tuple[str, tuple[Any, ...]]]
WRITES = ("insert", "upsert", "save_holdings", "set_head")


class Recorder:
    """Notes every write of a transaction, so that the bare SQL can be run again elsewhere."""

    def __init__(self, db: Engine) -> None:
        self.calls: Calls = []
        self.within = False
        for name in WRITES:
            setattr(db, name, self._noting(name, getattr(db, name)))

    def _noting(self, name: str, inner: Any) -> Any:
        def write(*args: Any) -> Any:
            if self.within:  # a write that is part of one which is noted
                return inner(*args)
            kept = tuple(list(a) if not isinstance(a, str | int | tuple) else a for a in args)
            self.calls.append((name, kept))
            self.within = True
            done = inner(*kept)
            self.within = False
            return done

        return write


def run(ours: Engine, bare: Engine, law: Law, world: World, entries: int) -> None:
    """Both engines hold equal ledgers of `entries`; each round both get the same writes."""
    writer, recorder = Writer(ours, law), Recorder(ours)
    for batch, goal in GOALS[ours.name].items():
        ratios, rates = [], []
        for _ in range(ROUNDS):
            mine = theirs = 0.0
            for _ in range(SLICES):
                requests = [world.transfer() for _ in range(COUNT[batch] // SLICES)]
                parts = [requests[at : at + batch] for at in range(0, len(requests), batch)]
                recorded: list[Calls] = []
                mine += timed(lambda p=parts, r=recorded: _ours(writer, recorder, p, r))
                theirs += timed(lambda r=recorded: _bare(bare, r))
            ratios.append(theirs / mine)
            rates.append(COUNT[batch] / mine)
        report(
            f"transfers-{ours.name}",
            goal=goal,
            at_least=True,
            ratios=ratios,
            per_commit=batch,
            entries=entries,
            transfers_per_second=round(statistics.median(rates)),
        )


def _ours(
    writer: Writer, recorder: Recorder, parts: list[list[Request]], recorded: list[Calls]
) -> None:
    for part in parts:
        recorder.calls = []
        writer.execute(part)
        recorded.append(recorder.calls)


def _bare(db: Engine, recorded: list[Calls]) -> None:
    for calls in recorded:
        db.begin()
        for name, args in calls:
            getattr(db, name)(*args)
        db.commit()


def copy_of(path: Path) -> Path:
    """A second file with the same ledger, its log written back first."""
    db = Sqlite(path)
    db.query("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    other = path.with_suffix(".bare.db")
    shutil.copyfile(path, other)
    return other


def median_entry(db: Engine) -> int:
    """Median bytes of a transfer's journal entry."""
    rows = db.query("SELECT length(entry) FROM journal ORDER BY seq DESC LIMIT 10001")
    return sorted(size for (size,) in rows)[len(rows) // 2]
