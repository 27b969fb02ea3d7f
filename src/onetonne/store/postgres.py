"""PostgreSQL: the same ledger by URL. One writer at a time by advisory lock; arrays, not rows.

Each batch takes the lock for its transaction, and the head moves only from the sequence
and epoch that the writer saw: a fenced writer's commit changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import psycopg

from onetonne.store import faults
from onetonne.store.schema import HOLDING, SQL_TYPE, TABLES, Table, ddl, quoted
from onetonne.store.sqlite import LedgerMissing

WRITER_LOCK = 0x1707_2E
"""The advisory lock that a writer of the ledger in this database holds."""
BUSY_MS = 60_000
"""How long a writer waits for another's commit before it gives up."""
_SESSION = f"""SELECT set_config('lock_timeout', '{BUSY_MS}', false),
set_config('synchronous_commit', CASE current_setting('synchronous_commit')
WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
to_regclass('head')"""
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
"""Each statement must see what was committed while this writer waited for the lock."""
_HOLDERS = """SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND objid = %s AND granted AND pid <> pg_backend_pid()
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""

_TYPES = {
    "journal": ("bigint", "bytea", "bytea"),
    "marks": ("bigint", "bigint"),
    "requests": ("text", "text", "bigint"),
    "openings": ("text", "text", "text"),
    "observed": ("bigint", "bigint", "text", "text"),
    "meta": ("text", "text"),
    "head": ("bigint",) * 8,
    "holdings": ("bigint", "bigint", "bigint", "bigint", "bigint", "text"),
}
_COVER = f"""SELECT h.* FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[]) AS k(lot, lo, hi)
CROSS JOIN LATERAL (SELECT {", ".join(HOLDING)} FROM holdings
WHERE lot = k.lot AND first >= (SELECT max(first) FROM holdings WHERE lot = k.lot
AND first <= k.lo) AND first < k.hi AND next IS NOT NULL ORDER BY first LIMIT %s) AS h"""
_TOP = f"""SELECT {", ".join(HOLDING)} FROM holdings
WHERE account = %s AND lot = %s ORDER BY first DESC LIMIT %s OFFSET %s"""

_FAULTS: dict[type[BaseException], type[faults.StoreError]] = {
    psycopg.errors.LockNotAvailable: faults.StoreBusy,
    psycopg.errors.DiskFull: faults.StoreFull,
    psycopg.IntegrityError: faults.StoreRefused,
    psycopg.DataError: faults.StoreRefused,
    psycopg.Error: faults.StoreFailed,
}


class Postgres:
    """One connection to a ledger database. Not for sharing between threads."""

    name = "postgresql"

    def __init__(self, url: str, create: bool = False) -> None:
        self.url = url
        if not self._connect() and not create:
            self.connection.close()
            raise LedgerMissing("no ledger in this database: make one with `onetonne init`")

    def _connect(self) -> bool:
        """Connect anew, never less durable than a flush; says whether a ledger is there."""
        try:
            self.connection = psycopg.connect(self.url, autocommit=True)
            self.connection.prepare_threshold = 1
            session = self.connection.execute(_SESSION).fetchall()
        except psycopg.OperationalError as error:
            raise faults.named(faults.StoreLost, error) from error
        return session[0][2] is not None

    def create(self) -> None:
        """Make the tables of an empty ledger; within a transaction, so that none is half made."""
        for statement in ddl("BYTEA", ""):
            self.connection.execute(statement)

    def founded(self) -> bool:
        """Whether a ledger is here; a founding that was cut short leaves none."""
        return self.query("SELECT to_regclass('head')")[0][0] is not None

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        """Start to write: waits for other writers, then nobody else can."""
        self._start(self._begin)

    def begin_at_head(self) -> tuple[int, int]:
        """Start to write; the head's sequence and epoch, read once nobody else can write."""
        self._start(self._begin_at_head)
        return self._head

    def begin_read(self) -> None:
        """Start a set of reads that see one state."""
        self._start(self._begin_read)

    def _begin(self) -> None:
        with self.connection.pipeline():
            self.connection.execute(_BEGIN)
            self.connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITER_LOCK,))

    def _begin_at_head(self) -> None:
        with self.connection.pipeline():
            self.connection.execute(_BEGIN)
            self.connection.execute("SELECT pg_advisory_xact_lock(%s)", (WRITER_LOCK,))
            head = self.connection.execute("SELECT seq, epoch FROM head")
        seq, epoch = faults.only(head.fetchall())
        self._head = seq, epoch

    def _begin_read(self) -> None:
        self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def _start(self, begin: Callable[[], None]) -> None:
        """Begin; on a connection that broke while it idled, connect anew and begin there.
        Nothing was under way, so nothing is lost."""
        try:
            begin()
        except psycopg.OperationalError:
            if not self.connection.closed:
                raise
            self._connect()
            begin()

    def commit(self) -> None:
        done = self.connection.execute("COMMIT").statusmessage
        if done != "COMMIT":
            raise psycopg.InternalError(f"COMMIT was answered {done}")

    def rollback(self) -> None:
        if self.connection.closed:
            return
        try:
            self.connection.execute("ROLLBACK")
        except psycopg.OperationalError:
            self.connection.close()  # the server rolls back what a lost connection left

    def evict(self) -> int:
        """End the connection of whoever holds the writer's lock; says of how many."""
        return len(self.query(_HOLDERS, (WRITER_LOCK,)))

    def fault(self, error: BaseException, committing: bool) -> faults.StoreError | None:
        """The name of a failure of this engine; None for what is none of its own."""
        if isinstance(error, psycopg.OperationalError) and self.connection.closed:
            return faults.named(faults.OutcomeUnknown if committing else faults.StoreLost, error)
        for raised, kind in _FAULTS.items():
            if isinstance(error, raised):
                return faults.named(kind, error)
        return None

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self.connection.execute(_marked(sql), params).fetchall()
        except psycopg.OperationalError as error:
            raise self.fault(error, committing=False) or error from error

    def stream(self, sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows one by one, for what does not fit memory."""
        return self.connection.cursor().stream(_marked(sql), params, size=1_000)

    def writing(self) -> AbstractContextManager[object]:
        """Within it writes are sent without waiting for each one's answer."""
        return self.connection.pipeline()

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        types = _TYPES.get(table) or _types(TABLES[table])
        self._arrays(f'INSERT INTO "{table}" ({quoted(columns)}) SELECT * FROM', types, rows)

    def upsert(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        sets = ", ".join(f'"{n}" = excluded."{n}"' for n in table.names if n not in table.key)
        self._arrays(
            f'INSERT INTO "{table.name}" ({quoted(table.names)}) SELECT * FROM',
            _types(table),
            rows,
            f" ON CONFLICT ({quoted(table.key)}) DO UPDATE SET {sets}",
        )

    def update_holdings(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows as (next, account, moved, locks, lot, first)."""
        self._arrays(
            "UPDATE holdings h SET next = k.next, account = k.account, moved = k.moved, "
            "locks = k.locks FROM",
            ("bigint", "bigint", "bigint", "text", "bigint", "bigint"),
            rows,
            " AS k(next, account, moved, locks, lot, first)"
            " WHERE h.lot = k.lot AND h.first = k.first",
        )

    def cut_holdings(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows as (next, lot, first): the holding ends earlier and is else as it was."""
        self._arrays(
            "UPDATE holdings h SET next = k.next FROM",
            ("bigint", "bigint", "bigint"),
            rows,
            " AS k(next, lot, first) WHERE h.lot = k.lot AND h.first = k.first",
        )

    def delete_holdings(self, keys: Iterable[Sequence[Any]]) -> None:
        self._arrays(
            "DELETE FROM holdings h USING",
            ("bigint", "bigint"),
            keys,
            " AS k(lot, first) WHERE h.lot = k.lot AND h.first = k.first",
        )

    def _arrays(
        self, head: str, types: Sequence[str], rows: Iterable[Sequence[Any]], tail: str = ""
    ) -> None:
        columns = [list(column) for column in zip(*rows, strict=True)]
        if columns:
            arrays = ", ".join(f"%b::{kind}[]" for kind in types)
            self.connection.execute(f"{head} unnest({arrays}){tail}", columns)

    def set_head(self, head: Sequence[int], after: int, epoch: int) -> bool:
        """Move the head on, if it still stands at `after` in this epoch."""
        done = self.connection.execute(
            'UPDATE head SET seq = %s, at = %s, lot = %s, "lock" = %s, proposal = %s, '
            "certificate = %s WHERE seq = %s AND epoch = %s RETURNING 1",
            (*head, after, epoch),
        )
        return done.fetchone() is not None

    def by_key(self, table: Table, keys: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Rows of a table with a single key column."""
        kind = dict(table.columns)[table.key[0]]
        sql = (
            f'SELECT {quoted(table.names)} FROM "{table.name}" '
            f'WHERE "{table.key[0]}" = ANY(%s::{SQL_TYPE[kind]}[])'
        )
        wanted = list(keys)
        return self.connection.execute(sql, (wanted,)).fetchall() if wanted else []

    def cover(self, blocks: Iterable[tuple[int, int, int]], limit: int) -> list[tuple[Any, ...]]:
        """Holdings that overlap each (lot, first, next)."""
        columns = [list(column) for column in zip(*blocks, strict=True)]
        if not columns:
            return []
        return self.connection.execute(_COVER, (*columns, limit)).fetchall()

    def top(self, account: int, lot: int, limit: int, skip: int) -> list[tuple[Any, ...]]:
        """An account's holdings in a lot from the highest down."""
        return self.connection.execute(_TOP, (account, lot, limit, skip)).fetchall()

    def clear_state(self) -> None:
        """Empty the state tables, within a transaction."""
        self.connection.execute(f"TRUNCATE {quoted((*TABLES, 'holdings', 'marks'))}")


def _types(table: Table) -> tuple[str, ...]:
    return tuple(SQL_TYPE[kind].lower() for _, kind in table.columns)


def _marked(sql: str) -> str:
    return sql.replace("?", "%s")
