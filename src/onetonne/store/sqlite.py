"""SQLite: the embedded default. One file, WAL, synchronous FULL: an answer means durable."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import apsw

from onetonne.store import faults
from onetonne.store.schema import HOLDING, TABLES, Table, ddl, quoted

BUSY_MS = 60_000
"""How long a writer waits for another process's commit before it gives up."""
CACHE_KIB = 65_536
CHECKPOINT_PAGES = 8_192
"""Pages in the write-ahead log (32 MiB) before they are written back: random moves touch
several pages each, and a page that is touched again meanwhile is written back once."""

# `+ 0` hides the parameter from the planner: with its statistics code compiled in, SQLite
# otherwise prepares an ordered range query anew at each call, which costs four times the read.
_AT = f"""SELECT {", ".join(HOLDING)} FROM holdings
WHERE lot = (?1 + 0) AND first <= ?2 ORDER BY first DESC LIMIT 1"""
_BETWEEN = f"""SELECT {", ".join(HOLDING)} FROM holdings
WHERE lot = (?1 + 0) AND first > ?2 AND first < ?3 AND next IS NOT NULL
ORDER BY first LIMIT ?4"""
_TOP = f"""SELECT {", ".join(HOLDING)} FROM holdings
WHERE account = (?1 + 0) AND lot = (?2 + 0) ORDER BY first DESC LIMIT ?3 OFFSET ?4"""

_FAULTS: dict[type[BaseException], type[faults.StoreError]] = {
    apsw.BusyError: faults.StoreBusy,
    apsw.LockedError: faults.StoreBusy,
    apsw.FullError: faults.StoreFull,
    apsw.ConstraintError: faults.StoreRefused,
    OverflowError: faults.StoreRefused,
    apsw.Error: faults.StoreFailed,
}


class LedgerMissing(FileNotFoundError):
    """There is no ledger at this address."""


class Sqlite:
    """One connection to a ledger file. Not for sharing between threads."""

    name = "sqlite"

    def __init__(self, path: Path, create: bool = False) -> None:
        if not create and not path.exists():
            raise LedgerMissing(f"no ledger at {path}: make one with `onetonne init`")
        self.path = path
        self.connection = apsw.Connection(str(path))
        self.connection.set_busy_timeout(BUSY_MS)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"cache_size = -{CACHE_KIB}",
            f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        ):
            self.connection.execute(f"PRAGMA {pragma}")
        if not create and not self.founded():
            self.connection.close()
            raise LedgerMissing(f"no ledger in {path}: make one with `onetonne init`")

    def create(self) -> None:
        """Make the tables of an empty ledger; within a transaction, so that none is half made."""
        for statement in ddl("BLOB", "WITHOUT ROWID"):
            self.connection.execute(statement)

    def founded(self) -> bool:
        """Whether a ledger is here; a founding that was cut short leaves none."""
        return bool(self.query("SELECT 1 FROM sqlite_master WHERE name = 'head'"))

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        """Start to write: waits for other writers, then nobody else can."""
        self.connection.execute("BEGIN IMMEDIATE")

    def begin_at_head(self) -> tuple[int, int]:
        """Start to write; the head's sequence and epoch, read once nobody else can write."""
        self.begin()
        seq, epoch = faults.only(self.query("SELECT seq, epoch FROM head"))
        return seq, epoch

    def begin_read(self) -> None:
        """Start a set of reads that see one state."""
        self.connection.execute("BEGIN")

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        if not self.connection.get_autocommit():
            self.connection.execute("ROLLBACK")

    def fault(self, error: BaseException, committing: bool) -> faults.StoreError | None:
        """The name of a failure of this engine; None for what is none of its own."""
        for raised, kind in _FAULTS.items():
            if isinstance(error, raised):
                # A flush that failed says nothing of what reached the disk before it.
                lost = committing and isinstance(error, apsw.IOError)
                return faults.named(faults.OutcomeUnknown if lost else kind, error)
        return None

    def evict(self) -> int:
        """Nobody holds a file from afar: a process that ended has let go of its lock."""
        return 0

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return list(self.connection.execute(sql, tuple(params)))

    def stream(self, sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows one by one, for what does not fit memory."""
        return self.connection.cursor().execute(sql, tuple(params))

    def writing(self) -> AbstractContextManager[object]:
        """Writes answer at once here; PostgreSQL sends a batch of them together."""
        return nullcontext()

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(
            f'INSERT INTO "{table}" ({quoted(columns)}) VALUES ({marks})', rows
        )

    def upsert(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(table.names))
        sets = ", ".join(f'"{n}" = excluded."{n}"' for n in table.names if n not in table.key)
        self.connection.executemany(
            f'INSERT INTO "{table.name}" ({quoted(table.names)}) VALUES ({marks}) '
            f"ON CONFLICT ({quoted(table.key)}) DO UPDATE SET {sets}",
            rows,
        )

    def update_holdings(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows as (next, account, moved, locks, lot, first)."""
        self.connection.executemany(
            "UPDATE holdings SET next = ?, account = ?, moved = ?, locks = ? "
            "WHERE lot = ? AND first = ?",
            rows,
        )

    def cut_holdings(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows as (next, lot, first): the holding ends earlier and is else as it was."""
        self.connection.executemany(
            "UPDATE holdings SET next = ? WHERE lot = ? AND first = ?", rows
        )

    def delete_holdings(self, keys: Iterable[Sequence[Any]]) -> None:
        self.connection.executemany("DELETE FROM holdings WHERE lot = ? AND first = ?", keys)

    def set_head(self, head: Sequence[int], after: int, epoch: int) -> bool:
        """Move the head on, if it still stands at `after` in this epoch."""
        self.connection.execute(
            'UPDATE head SET seq = ?, at = ?, lot = ?, "lock" = ?, proposal = ?, certificate = ? '
            "WHERE seq = ? AND epoch = ?",
            (*head, after, epoch),
        )
        return self.connection.changes() == 1

    def by_key(self, table: Table, keys: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Rows of a table with a single key column."""
        sql = f'SELECT {quoted(table.names)} FROM "{table.name}" WHERE "{table.key[0]}" = ?'
        return [row for key in keys for row in self.connection.execute(sql, (key,))]

    def cover(self, blocks: Iterable[tuple[int, int, int]], limit: int) -> list[tuple[Any, ...]]:
        """Holdings that overlap each (lot, first, next)."""
        execute = self.connection.execute
        rows: list[tuple[Any, ...]] = []
        for lot, first, next_ in blocks:
            for row in execute(_AT, (lot, first)):
                if row[2] is not None:
                    rows.append(row)
                    if row[2] < next_:
                        rows.extend(execute(_BETWEEN, (lot, row[1], next_, limit)))
        return rows

    def top(self, account: int, lot: int, limit: int, skip: int) -> list[tuple[Any, ...]]:
        """An account's holdings in a lot from the highest down."""
        return list(self.connection.execute(_TOP, (account, lot, limit, skip)))

    def clear_state(self) -> None:
        """Empty the state tables, within a transaction."""
        for table in ("lots", *[name for name in TABLES if name != "lots"], "holdings", "marks"):
            self.connection.execute(f'DELETE FROM "{table}"')
