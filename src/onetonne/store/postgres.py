"""PostgreSQL: the same ledger by URL. One writer at a time by advisory lock; arrays, not rows.

Each batch takes the lock for its transaction, and the head moves only from the sequence
and epoch that the writer saw: a fenced writer's commit changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

import psycopg

from onetonne.store import faults
from onetonne.store.arrays import array, scalar
from onetonne.store.schema import HOLDING, SQL_TYPE, TABLES, Table, ddl, quoted
from onetonne.store.sqlite import LedgerMissing
from onetonne.store.tiling import guard
from onetonne.store.wire import Sent, Wire

WRITER_LOCK = 0x1707_2E
"""The advisory lock that a writer of the ledger in this database holds."""
BUSY_MS = 60_000
"""How long a writer waits for another's commit before it gives up."""
AT_ONCE = 250
"""Blocks of one look-up."""
_SESSION = f"""SELECT set_config('lock_timeout', '{BUSY_MS}', false),
set_config('client_encoding', 'UTF8', false),
set_config('synchronous_commit', CASE current_setting('synchronous_commit')
WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
to_regclass('head')"""
_LOCK = f"""SELECT pg_advisory_xact_lock({WRITER_LOCK}),
set_config('plan_cache_mode', 'force_generic_plan', true)"""
"""A plan made anew for each small batch would cost more than what it plans."""
_HEAD = "SELECT seq, epoch FROM head"
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
_COLUMNS = ", ".join(HOLDING)
NEAR, NEAR_MOST = 8, 2**59
"""A holding is looked for within eight lengths of a block first (of at most so many serials): an
index is read by the page, unless the range ends before."""
_COVER = f"""SELECT h.* FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k(lot, lo, hi)
CROSS JOIN LATERAL (
    (SELECT {_COLUMNS} FROM holdings WHERE lot = k.lot AND first <= k.lo
        AND first >= k.lo - least(k.hi - k.lo, {NEAR_MOST}) * {NEAR} ORDER BY first DESC LIMIT 1)
    UNION ALL (SELECT {_COLUMNS} FROM holdings WHERE lot = k.lot AND first <= k.lo
        ORDER BY first DESC LIMIT 1)
    LIMIT 1) AS a
CROSS JOIN LATERAL (SELECT a.* UNION ALL (SELECT {_COLUMNS} FROM holdings
    WHERE lot = k.lot AND a.next < k.hi AND first > a.first AND first < k.hi
    ORDER BY first LIMIT $4::bigint)) AS h
WHERE h.next IS NOT NULL"""
"""Nearly every block lies within one holding: the rest of them is asked for where it does not."""
Rows: TypeAlias = Sequence[Sequence[Any]]
_SAVE = (
    (
        "d",
        ("bigint",) * 2,
        "DELETE FROM holdings h USING {} AS k(lot, first)"
        " WHERE h.lot = k.lot AND h.first = k.first",
    ),
    (
        "c",
        ("bigint",) * 3,
        "UPDATE holdings h SET next = k.next FROM {} AS k(next, lot, first)"
        " WHERE h.lot = k.lot AND h.first = k.first",
    ),
    (
        "u",
        ("bigint", "bigint", "bigint", "text", "bigint", "bigint"),
        "UPDATE holdings h SET next = k.next, account = k.account, moved = k.moved, locks = k.locks"
        " FROM {} AS k(next, account, moved, locks, lot, first)"
        " WHERE h.lot = k.lot AND h.first = k.first",
    ),
    (
        "i",
        _TYPES["holdings"],
        f"INSERT INTO holdings ({_COLUMNS}) SELECT * FROM {{}}",
    ),
)
_TOP = f"""SELECT {_COLUMNS} FROM holdings
WHERE account = $1::bigint AND lot = $2::bigint
ORDER BY first DESC LIMIT $3::bigint OFFSET $4::bigint"""

_ROOM = "ALTER TABLE holdings SET (fillfactor = 80)"
"""A holding that is cut stays on its page, and then no index needs to hear of it."""
_SET_HEAD = """WITH moved AS (UPDATE head SET seq = $1::bigint, at = $2::bigint,
lot = $3::bigint, "lock" = $4::bigint, proposal = $5::bigint, certificate = $6::bigint
WHERE seq = $7::bigint AND epoch = $8::bigint RETURNING 1) SELECT 1 / count(*) FROM moved"""
"""Dividing by no row fails the transaction, so that nobody need wait for the answer first."""

_FAULTS: dict[type[BaseException], type[faults.StoreError]] = {
    psycopg.errors.LockNotAvailable: faults.StoreBusy,
    psycopg.errors.DiskFull: faults.StoreFull,
    psycopg.IntegrityError: faults.StoreRefused,
    psycopg.DataError: faults.StoreRefused,
    OverflowError: faults.StoreRefused,
    psycopg.Error: faults.StoreFailed,
}


class Postgres:
    """One connection to a ledger database. Not for sharing between threads."""

    name = "postgresql"
    text_type = 'TEXT COLLATE "C"'
    """Text in the order of its bytes, as SQLite has it, whatever the language of the server."""

    def __init__(self, url: str, create: bool = False) -> None:
        self.url = url
        if not self._connect() and not create:
            self.connection.close()
            raise LedgerMissing("no ledger in this database: make one with `onetonne init`")

    def _connect(self) -> bool:
        """Connect anew, never less durable than a flush; says whether a ledger is there."""
        try:
            self.connection = psycopg.connect(self.url, autocommit=True)
            # What the driver prepares, it drops together with the wire's after a rollback.
            self.connection.prepare_threshold = None
            self.wire, self._within = Wire(self.connection), False
            session = self.connection.execute(_SESSION).fetchall()
        except psycopg.OperationalError as error:
            raise faults.named(faults.StoreLost, error) from error
        return session[0][-1] is not None

    def create(self) -> None:
        """Make the tables of an empty ledger; within a transaction, so that none is half made."""
        schema = self.query("SELECT quote_ident(current_schema())")[0][0]
        for statement in (*ddl("BYTEA", "", "", self.text_type), _ROOM, *guard(schema)):
            self.connection.execute(statement)

    def founded(self) -> bool:
        """Whether a ledger is here; a founding that was cut short leaves none."""
        return self.query("SELECT to_regclass('head')")[0][0] is not None

    def columns(self, table: str) -> set[str]:
        """The columns that a table has; none where it is not there."""
        sql = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0"
        return {name for (name,) in self.query(f"{sql} AND NOT attisdropped", (table,))}

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        """Start to write: waits for other writers, then nobody else can."""
        self._start(self._begin)

    def begin_at_head(self) -> None:
        """Start to write, and ask for the head once nobody else can; `head` tells it."""
        self._start(self._begin_at_head)

    def head(self) -> tuple[int, int]:
        """The head's sequence and epoch, as this transaction found them."""
        seq, epoch = faults.only(self.wire.rows(self._head))
        return seq, epoch

    def begin_read(self) -> None:
        """Start a set of reads that see one state."""
        self._start(self._begin_read)

    def _begin(self) -> None:
        self.wire.send(_BEGIN)
        self.wire.send(_LOCK)
        self.wire.collect()

    def _begin_at_head(self) -> None:
        self.wire.hear()
        self.wire.send(_BEGIN)
        self.wire.send(_LOCK)
        self._head = self.wire.send(_HEAD)

    def _begin_read(self) -> None:
        self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def _start(self, begin: Callable[[], None]) -> None:
        """Begin; on a connection that broke while it idled, connect anew and begin there.
        Nothing was under way, so nothing is lost."""
        self._asked = False
        try:
            begin()
        except psycopg.OperationalError:
            if not self.connection.closed:
                raise
            self._connect()
            begin()
        self._within = True

    def commit(self) -> None:
        """Make durable whatever was sent. Raises HeadMoved where the head was not as expected."""
        self.wire.hear()
        self._asked = True
        sent = self.wire.send("COMMIT")
        try:
            self.wire.collect()
        except psycopg.errors.DivisionByZero as error:
            raise faults.HeadMoved from error
        self._within = False
        done = sent.result.command_status if sent.result else None
        if done != b"COMMIT":
            raise psycopg.InternalError(f"COMMIT was answered {done!r}")

    def rollback(self) -> None:
        self._within = False
        if self.connection.closed:
            return
        try:
            self.wire.abandon()
            self.connection.execute("ROLLBACK")
        except psycopg.OperationalError:
            self.connection.close()  # the server rolls back what a lost connection left

    def evict(self) -> int:
        """End the connection of whoever holds the writer's lock; says of how many."""
        return len(self.query(_HOLDERS, (WRITER_LOCK,)))

    def fault(self, error: BaseException, committing: bool) -> faults.StoreError | None:
        """The name of a failure of this engine; None for what is none of its own."""
        if isinstance(error, psycopg.OperationalError) and self.connection.closed:
            committing = committing and self._asked
            return faults.named(faults.OutcomeUnknown if committing else faults.StoreLost, error)
        for raised, kind in _FAULTS.items():
            if isinstance(error, raised):
                return faults.named(kind, error)
        return None

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            self.wire.collect()
            return self.connection.execute(_marked(sql), params).fetchall()
        except psycopg.OperationalError as error:
            raise self.fault(error, committing=False) or error from error

    def stream(self, sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows one by one, for what does not fit memory."""
        self.wire.collect()
        return self.connection.cursor().stream(_marked(sql), params, size=1_000)

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        types = _TYPES.get(table) or _types(TABLES[table])
        self._arrays(_inserting(table, tuple(columns)), types, rows)

    def upsert(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        sets = ", ".join(f'"{n}" = excluded."{n}"' for n in table.names if n not in table.key)
        self._arrays(
            f'INSERT INTO "{table.name}" ({quoted(table.names)}) SELECT * FROM',
            _types(table),
            rows,
            f" ON CONFLICT ({quoted(table.key)}) DO UPDATE SET {sets}",
        )

    def save_holdings(self, deleted: Rows, cut: Rows, updated: Rows, inserted: Rows) -> None:
        """One statement, so that its guard sees all of it. Rows as keys (lot, first);
        (next, lot, first); (next, account, moved, locks, lot, first); columns as in HOLDING."""
        parts: list[str] = []
        packed: list[bytes] = []
        for (name, types, sql), rows in zip(_SAVE, (deleted, cut, updated, inserted), strict=True):
            if rows:
                unnest, columns = _unnest(types, rows, len(packed))
                parts.append(f"{name} AS ({sql.format(unnest)})")
                packed += columns
        if parts:
            self._write(f"WITH {', '.join(parts)} SELECT", packed)

    def _arrays(
        self, head: str, types: tuple[str, ...], rows: Iterable[Sequence[Any]], tail: str = ""
    ) -> None:
        kept = list(rows)
        if kept:
            unnest, packed = _unnest(types, kept)
            self._write(f"{head} {unnest}{tail}", packed)

    def _write(self, sql: str, packed: Sequence[bytes]) -> None:
        """Send rows; within a transaction its commit, or whatever is read next, waits for them."""
        self.wire.send(sql, packed)
        if not self._within:
            self.wire.collect()

    def set_head(self, head: Sequence[int], after: int, epoch: int) -> None:
        """Move the head on; the commit fails unless it still stands at `after` in this epoch."""
        self.wire.send(_SET_HEAD, [scalar(n) for n in (*head, after, epoch)])

    def by_key(self, table: Table, keys: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Rows of a table with a single key column."""
        wanted = list(keys)
        if not wanted:
            return []
        kind = SQL_TYPE[dict(table.columns)[table.key[0]]].lower()
        sql = (
            f'SELECT {quoted(table.names)} FROM "{table.name}" '
            f'WHERE "{table.key[0]}" = ANY($1::{kind}[])'
        )
        return self.wire.rows(self.wire.send(sql, [array(kind, wanted)]))

    def cover(self, blocks: Iterable[tuple[int, int, int]], limit: int) -> list[tuple[Any, ...]]:
        """Holdings that overlap each (lot, first, next)."""
        return self.covered(self.ask_cover(blocks, limit))

    def ask_cover(
        self, blocks: Iterable[tuple[int, int, int]], limit: int, soon: bool = False
    ) -> list[Sent]:
        """Send for what `cover` answers; `covered` waits for it, where `soon` not for what is sent
        after it. While the server looks for some, the next are taken from `blocks`, which may
        compute them."""
        wanted, most, sent = iter(blocks), scalar(limit), []
        while part := list(islice(wanted, AT_ONCE)):
            packed = [array("bigint", column) for column in zip(*part, strict=True)]
            sent.append(self.wire.send(_COVER, [*packed, most]))
        if sent and soon:
            self.wire.answer_soon()
        return sent

    def covered(self, sent: Sequence[Sent]) -> list[tuple[Any, ...]]:
        """The holdings that were sent for, as the tables were then."""
        return [row for one in sent for row in self.wire.rows(one)]

    def top(self, account: int, lot: int, limit: int, skip: int) -> list[tuple[Any, ...]]:
        """An account's holdings in a lot from the highest down."""
        sent = self.wire.send(_TOP, [scalar(n) for n in (account, lot, limit, skip)])
        return self.wire.rows(sent)

    def clear_state(self) -> None:
        """Empty the state tables, within a transaction."""
        self.wire.collect()
        self.connection.execute(f"TRUNCATE {quoted((*TABLES, 'holdings', 'marks'))}")


def _unnest(types: tuple[str, ...], rows: Rows, after: int = 0) -> tuple[str, list[bytes]]:
    """Rows as arrays to unnest, their parameters numbered on from `after`."""
    return _marks(types, after), [*map(array, types, zip(*rows, strict=True))]


@cache
def _marks(types: tuple[str, ...], after: int) -> str:
    marks = ", ".join(f"${after + n}::{kind}[]" for n, kind in enumerate(types, 1))
    return f"unnest({marks})"


@cache
def _inserting(table: str, columns: tuple[str, ...]) -> str:
    return f'INSERT INTO "{table}" ({quoted(columns)}) SELECT * FROM'


def _types(table: Table) -> tuple[str, ...]:
    return tuple(SQL_TYPE[kind].lower() for _, kind in table.columns)


def _marked(sql: str) -> str:
    return sql.replace("?", "%s")
