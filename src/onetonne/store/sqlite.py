"""SQLite: the embedded default. One file, WAL, synchronous FULL: an answer means durable."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

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

TILED = """UNIQUE (lot, next),
    FOREIGN KEY (lot, next) REFERENCES holdings (lot, first) DEFERRABLE INITIALLY DEFERRED,"""
"""What keeps a lot free of gaps and overlaps; PostgreSQL's shape of it is `store/tiling.py`."""

Rows: TypeAlias = Sequence[Sequence[Any]]

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
    text_type = "TEXT"

    def __init__(self, path: Path, create: bool = False) -> None:
        if not create and not path.exists():
            raise LedgerMissing(f"no ledger at {path}: make one with `onetonne init`")
        self.path = path
        self.connection = apsw.Connection(str(path))
        self.connection.set_busy_timeout(BUSY_MS)
        # Otherwise the name of a column that is not there would be read as a text.
        self.connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
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
        for statement in ddl("BLOB", "WITHOUT ROWID", TILED):
            self.connection.execute(statement)

    def founded(self) -> bool:
        """Whether a ledger is here; a founding that was cut short leaves none."""
        return bool(self.query("SELECT 1 FROM sqlite_master WHERE name = 'head'"))

    def columns(self, table: str) -> set[str]:
        """The columns that a table has; none where it is not there."""
        return {name for (name,) in self.query("SELECT name FROM pragma_table_info(?)", (table,))}

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        """Start to write: waits for other writers, then nobody else can."""
        self.connection.execute("BEGIN IMMEDIATE")

    def begin_at_head(self) -> None:
        """Start to write; `head` then tells where the ledger stands."""
        self.begin()

    def head(self) -> tuple[int, int]:
        """The head's sequence and epoch, as this transaction found them."""
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

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.connection.executemany(_inserting(table, tuple(columns)), rows)

    def upsert(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(table.names))
        sets = ", ".join(f'"{n}" = excluded."{n}"' for n in table.names if n not in table.key)
        self.connection.executemany(
            f'INSERT INTO "{table.name}" ({quoted(table.names)}) VALUES ({marks}) '
            f"ON CONFLICT ({quoted(table.key)}) DO UPDATE SET {sets}",
            rows,
        )

    def save_holdings(self, deleted: Rows, cut: Rows, updated: Rows, inserted: Rows) -> None:
        """Rows as keys (lot, first); (next, lot, first); (next, account, moved, locks, lot,
        first); columns as in HOLDING. In this order nothing breaks a uniqueness on the way,
        because old and new holdings both tile."""
        many = self.connection.executemany
        if deleted:
            many("DELETE FROM holdings WHERE lot = ? AND first = ?", deleted)
        if cut:
            many("UPDATE holdings SET next = ? WHERE lot = ? AND first = ?", cut)
        if updated:
            sql = "UPDATE holdings SET next = ?, account = ?, moved = ?, locks = ?"
            many(f"{sql} WHERE lot = ? AND first = ?", updated)
        if inserted:
            self.insert("holdings", HOLDING, inserted)

    def set_head(self, head: Sequence[int], after: int, epoch: int) -> None:
        """Move the head on. Raises HeadMoved unless it still stands at `after` in this epoch."""
        self.connection.execute(
            'UPDATE head SET seq = ?, at = ?, lot = ?, "lock" = ?, proposal = ?, certificate = ? '
            "WHERE seq = ? AND epoch = ?",
            (*head, after, epoch),
        )
        if self.connection.changes() != 1:
            raise faults.HeadMoved

    def by_key(self, table: Table, keys: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Rows of a table with a single key column."""
        sql = f'SELECT {quoted(table.names)} FROM "{table.name}" WHERE "{table.key[0]}" = ?'
        return [row for key in keys for row in self.connection.execute(sql, (key,))]

    def cover(self, blocks: Iterable[tuple[int, int, int]], limit: int) -> list[tuple[Any, ...]]:
        """Holdings that overlap each (lot, first, next)."""
        execute = self.connection.execute
        rows: list[tuple[Any, ...]] = []
        try:
            for lot, first, next_ in blocks:
                for row in execute(_AT, (lot, first)):
                    if row[2] is not None:
                        rows.append(row)
                        if row[2] < next_:
                            rows.extend(execute(_BETWEEN, (lot, row[1], next_, limit)))
        except TypeError as error:  # the column keeps anything
            raise faults.damaged("holdings", f"{rows[-1][:5]!r} are not all numbers") from error
        return rows

    def ask_cover(
        self, blocks: Iterable[tuple[int, int, int]], limit: int, soon: bool = False
    ) -> list[tuple[Any, ...]]:
        """As `cover`: here an answer is there when it is asked for."""
        return self.cover(blocks, limit)

    def covered(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """What `ask_cover` found."""
        return found

    def top(self, account: int, lot: int, limit: int, skip: int) -> list[tuple[Any, ...]]:
        """An account's holdings in a lot from the highest down."""
        return list(self.connection.execute(_TOP, (account, lot, limit, skip)))

    def clear_state(self) -> None:
        """Empty the state tables, within a transaction."""
        for table in ("lots", *[name for name in TABLES if name != "lots"], "holdings", "marks"):
            self.connection.execute(f'DELETE FROM "{table}"')


@cache
def _inserting(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(columns))
    return f'INSERT INTO "{table}" ({quoted(columns)}) VALUES ({marks})'
