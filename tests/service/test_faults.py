"""A commit made to fail leaves the state as before, each failure has a name that says what is
true, and the database itself refuses rows that would break a lot, whoever writes them.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw
import psycopg
import pytest
from tests.service import books
from tests.service.load import SIGNER, publish_from

from onetonne.ledger.commands import Request
from onetonne.service.execute import Answer, Writer
from onetonne.store import faults
from onetonne.store.audit_log import check_log
from onetonne.store.postgres import Postgres
from onetonne.store.publish import Disk, publish
from onetonne.store.rows import Engine
from onetonne.store.sqlite import Sqlite


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def there(request: Any, tmp_path: Path) -> books.Books:
    """A small ledger on each store."""
    if request.param == "sqlite":
        return books.make(str(tmp_path / "ledger.db"))
    return books.make(str(request.getfixturevalue("postgres_url")))


@pytest.fixture
def on_postgres(postgres_url: str) -> books.Books:
    return books.make(postgres_url)


def moved(there: books.Books, serial: int, key: str = "") -> Request:
    return there.request(there.transfer(0, 1, f"{serial}"), key=key)


def unchanged(there: books.Books, writer: Writer, entries: int) -> None:
    """The ledger has so many entries since its setup, is sound, and this writer, its cache and
    all, answers as a newly opened one does."""
    fresh = books.writer(there.address)
    assert books.complaints(there, fresh.db) == []
    assert there.known.seq == there.setup + entries
    at = there.known.at + 1
    writer.clock = fresh.clock = lambda: at
    wishes = [moved(there, 7), moved(there, 8), there.request(there.transfer(1, 2, "7"))]
    assert writer.execute(wishes, dry=True) == fresh.execute(wishes, dry=True)
    fresh.db.close()
    books.done(writer.execute([moved(there, 100 + entries)])[0])
    again = books.engine(there.address)
    assert books.complaints(there, again) == []
    assert there.known.seq == there.setup + entries + 1
    again.close()


# Each step at which a batch may fail, by what it calls; and what may come up there.
STEPS = (
    *("begin_at_head", "by_key", "ask_cover", "covered", "insert", "save_holdings", "set_head"),
    "commit",
)
ERRORS = (
    apsw.IOError("planted"),
    psycopg.OperationalError("planted"),
    KeyboardInterrupt("planted"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__module__)
@pytest.mark.parametrize("step", STEPS)
def test_a_batch_that_fails_at_any_step_leaves_the_state_as_before(
    there: books.Books, step: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = books.writer(there.address)
    books.done(writer.execute([moved(there, 1)])[0])
    fail_once(monkeypatch, writer.db, step, error)
    with pytest.raises((faults.StoreError, type(error)), match="planted"):
        writer.execute([moved(there, 2, key="k"), moved(there, 3)])
    unchanged(there, writer, 1)


def fail_once(monkeypatch: pytest.MonkeyPatch, db: Engine, step: str, error: BaseException) -> None:
    def planted(*_: object, **__: object) -> Any:
        monkeypatch.undo()
        raise error

    monkeypatch.setattr(db, step, planted)


def test_rows_that_break_a_lot_fail_at_the_commit_and_leave_nothing(
    there: books.Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deferred constraints speak at COMMIT: here a defect loses one row of a cut holding."""
    writer = books.writer(there.address)
    save = writer.db.save_holdings

    def losing(deleted: Any, cut: Any, updated: Any, inserted: Any) -> None:
        save(deleted, cut, updated, inserted[:-1])

    monkeypatch.setattr(writer.db, "save_holdings", losing)
    with pytest.raises(faults.StoreRefused, match="nothing was written"):
        writer.execute([moved(there, 9)])
    monkeypatch.undo()
    unchanged(there, writer, 0)


PLANTED = {
    "an entry beyond the head": (
        "INSERT INTO journal SELECT seq + 1, hash, entry FROM journal ORDER BY seq DESC LIMIT 1",
        faults.StoreRefused,
    ),
    "a mark of an entry to come": (
        "INSERT INTO marks SELECT DISTINCT account, (SELECT seq + 1 FROM head) FROM holdings "
        "WHERE account IS NOT NULL",
        faults.StoreRefused,
    ),
    "people of an account": ("UPDATE accounts SET agents = 'x'", faults.StoreDamaged),
    "locks of a holding": ("UPDATE holdings SET locks = 'x'", faults.StoreDamaged),
    "no head": ("DELETE FROM head", faults.StoreDamaged),
}
"""What a hand may leave that a database takes, and how the next act fails over it."""


@pytest.mark.parametrize("what", PLANTED)
def test_what_a_hand_left_in_the_tables_sends_to_verify(there: books.Books, what: str) -> None:
    sql, kind = PLANTED[what]
    db = books.engine(there.address)
    db.begin()
    db.connection.execute(sql)
    db.commit()
    entries = db.query("SELECT count(*) FROM journal")
    with pytest.raises(kind, match=r"(?s)nothing was written.*`onetonne verify`.*\(\S.+\)"):
        books.writer(there.address).execute([moved(there, 9)])
    assert db.query("SELECT count(*) FROM journal") == entries
    db.close()


@pytest.mark.parametrize("column", ["next", "moved", "account", "locks"])
def test_what_no_number_is_never_reaches_the_journal(tmp_path: Path, column: str) -> None:
    """SQLite keeps a text among numbers, and a move writes what it finds of a holding."""
    there = books.make(str(tmp_path / "ledger.db"))
    writer, db = books.writer(there.address), apsw.Connection(there.address)
    for value in ("'x'", "x'00'", "1.5"):
        with db:
            held = db.execute(f"SELECT {column} FROM holdings WHERE lot = 1 AND first = 0").get
            db.execute(f"UPDATE holdings SET {column} = {value} WHERE lot = 1 AND first = 0")
        with pytest.raises(faults.StoreDamaged, match="table holdings"):
            writer.execute([moved(there, 9)])
        with db:
            db.execute(f"UPDATE holdings SET {column} = ? WHERE lot = 1 AND first = 0", (held,))
    unchanged(there, writer, 0)


BY_HAND = {
    "a gap": "UPDATE holdings SET next = next - 1 WHERE lot = 1 AND first = 0",
    "a gap at the start": "UPDATE holdings SET first = 1 WHERE lot = 1 AND first = 0",
    "an overlap": "INSERT INTO holdings VALUES (1, 5, 10, 1, 1, NULL)",
    "an overlap with one end": "INSERT INTO holdings VALUES (1, 5, 240, 1, 1, NULL)",
    "a holding lost": "DELETE FROM holdings WHERE lot = 1 AND first = 0",
    "a second closing row": "INSERT INTO holdings VALUES (1, 300, NULL, NULL, NULL, NULL)",
    "no closing row": "DELETE FROM holdings WHERE lot = 1 AND next IS NULL",
    "an orphaned lot": "DELETE FROM holdings WHERE lot = 1",
    "holdings of no length": "INSERT INTO holdings VALUES (1, 5, 5, 1, 1, NULL)",
    "a holding of nobody": "UPDATE holdings SET account = NULL WHERE lot = 1 AND first = 0",
    "serials below zero": "INSERT INTO holdings VALUES (1, -5, 0, 1, 1, NULL)",
    "a lot of another size": "UPDATE lots SET size = size + 1 WHERE lot = 1",
    "a second head": "INSERT INTO head SELECT 2, seq, at, epoch, lot, 1, 1, 1 FROM head",
    "an entry twice": "INSERT INTO journal SELECT seq, hash, entry FROM journal WHERE seq = 2",
}
TRUNCATED = (
    "DELETE FROM holdings WHERE lot = 1 AND next IS NULL",
    "UPDATE holdings SET next = 100 WHERE lot = 1 AND first = 0",
    "INSERT INTO holdings VALUES (1, 100, NULL, NULL, NULL, NULL)",
)


@pytest.mark.parametrize("what", [*BY_HAND, "a truncated lot"])
def test_the_database_itself_refuses(there: books.Books, what: str) -> None:
    db = books.engine(there.address)
    db.begin()
    with pytest.raises((apsw.ConstraintError, psycopg.IntegrityError)):
        write_by_hand(db, [BY_HAND[what]] if what in BY_HAND else TRUNCATED)
    db.rollback()
    assert books.complaints(there, db) == []
    db.close()


def write_by_hand(db: Engine, statements: Sequence[str]) -> None:
    for statement in statements:
        db.connection.execute(statement)
    db.commit()


def test_the_check_of_these_tests_can_fail(tmp_path: Path) -> None:
    """Where the database is told to look away, the replay still sees each spoilt row."""
    there = books.make(str(tmp_path / "ledger.db"))
    db = books.engine(there.address)
    db.connection.execute("PRAGMA foreign_keys = OFF")
    spoils = [
        "UPDATE holdings SET next = 239 WHERE lot = 1 AND first = 0",
        "UPDATE holdings SET account = 2 WHERE lot = 1 AND first = 0",
        "UPDATE accounts SET closed = 3 WHERE sink = ''",
        "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
        "UPDATE head SET lot = 9",
        "INSERT INTO requests VALUES ('k', 'd', 99)",
    ]
    for spoil in spoils:
        db.begin()
        db.connection.execute(spoil)
        there.known = books.State(search=False)
        assert list(look_at(there, db)), spoil
        db.rollback()
    there.known = books.State(search=False)
    assert books.complaints(there, db) == []


def look_at(there: books.Books, db: Engine) -> Iterator[str]:
    """The complaints, within the transaction that spoilt the rows."""
    yield from books._journal(there, db)
    yield from books._tables(there.known, db)
    yield from books._tiling(db)
    yield from books._keys(there, db)


def test_publishing_that_fails_after_the_commit_takes_nothing_back(
    there: books.Books, tmp_path: Path
) -> None:
    writer = books.writer(there.address)
    log = tmp_path / "log"
    publish_from(there.address, log)

    class Broken(Disk):
        def rename(self, source: Path, target: Path) -> None:
            raise OSError("planted")

    seq = books.done(writer.execute([moved(there, 1)])[0])
    rows = "SELECT hash, entry FROM journal WHERE seq > ? ORDER BY seq"
    with pytest.raises(OSError, match="planted"):
        publish(
            log, lambda start: [(bytes(h), bytes(e)) for h, e in writer.db.query(rows, (start,))],
            SIGNER, disk=Broken(log),
        )  # fmt: skip
    assert writer.db.query("SELECT max(seq) FROM journal") == [(seq,)]
    unchanged(there, writer, 1)
    publish_from(there.address, log)
    assert check_log(log, SIGNER.verifier) == []


def test_a_ledger_that_others_keep_busy_says_so(there: books.Books) -> None:
    writer, other = books.writer(there.address), books.engine(there.address)
    shorten_the_wait(writer.db)
    other.begin()
    with pytest.raises(faults.StoreBusy, match="send again"):
        writer.execute([moved(there, 1)])
    other.rollback()
    other.close()
    unchanged(there, writer, 0)


def shorten_the_wait(db: Engine) -> None:
    if isinstance(db, Sqlite):
        db.connection.set_busy_timeout(30)
    else:
        db.query("SELECT set_config('lock_timeout', '30', false)")


def test_a_full_disk_says_so_and_room_is_all_it_takes(there: books.Books) -> None:
    writer = books.writer(there.address)
    books.done(writer.execute([moved(there, 1)])[0])
    fill_up(there, writer.db)
    with pytest.raises(faults.StoreFull, match="make room"):
        writer.execute([moved(there, n) for n in range(2, 80)])
    make_room(there, writer.db)
    unchanged(there, writer, 1)


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER full_disk BEFORE INSERT ON journal EXECUTE FUNCTION full_disk()
"""


def fill_up(there: books.Books, db: Engine) -> None:
    """SQLite: no page more. PostgreSQL: the server's own code for a full disk."""
    if isinstance(db, Sqlite):
        pages = db.query("PRAGMA page_count")[0][0]
        db.query(f"PRAGMA max_page_count = {pages}")
    else:
        db.connection.execute(FULL)


def make_room(there: books.Books, db: Engine) -> None:
    if isinstance(db, Sqlite):
        db.query("PRAGMA max_page_count = 1000000")
    else:
        db.connection.execute("DROP FUNCTION full_disk() CASCADE")


def test_a_flush_that_fails_in_the_commit_is_an_unknown_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = books.make(str(tmp_path / "ledger.db"))
    writer = books.writer(there.address)
    fail_once(monkeypatch, writer.db, "commit", apsw.IOError("planted"))
    with pytest.raises(faults.OutcomeUnknown, match="same idempotency key"):
        writer.execute([moved(there, 1, key="k")])
    unchanged(there, writer, 0)


# PostgreSQL: connections that break.


def end_connections(url: str) -> None:
    """What a restarted server, a broken network or an administrator does."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.postgres
def test_a_connection_that_broke_while_idle_mends_itself(on_postgres: books.Books) -> None:
    there = on_postgres
    writer = books.writer(there.address)
    books.done(writer.execute([moved(there, 1)])[0])
    end_connections(there.address)
    books.done(writer.execute([moved(there, 2)])[0])
    unchanged(there, writer, 2)


@pytest.mark.postgres
@pytest.mark.parametrize("step", ["by_key", "ask_cover", "covered", "insert", "set_head", "commit"])
def test_a_connection_that_breaks_before_the_commit_writes_nothing(
    on_postgres: books.Books, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = on_postgres
    writer = books.writer(there.address)
    before(monkeypatch, writer.db, step, lambda: end_connections(there.address))
    with pytest.raises(faults.StoreLost, match="nothing was written"):
        writer.execute([moved(there, 1, key="k")])
    unchanged(there, writer, 0)


def before(
    monkeypatch: pytest.MonkeyPatch, db: Engine, step: str, happening: Callable[[], None]
) -> None:
    """Let something happen just before a step, once."""
    real = getattr(db, step)

    def planted(*given: Any, **named: Any) -> Any:
        monkeypatch.undo()
        happening()
        return real(*given, **named)

    monkeypatch.setattr(db, step, planted)


@pytest.mark.postgres
def test_a_lost_answer_of_a_commit_that_did_not_happen(
    on_postgres: books.Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = on_postgres
    writer = books.writer(there.address)
    assert isinstance(writer.db, Postgres)
    wire = writer.db.wire

    def unheard() -> None:
        monkeypatch.undo()
        end_connections(there.address)

    # The server goes between the last look at the connection and the word COMMIT.
    before(monkeypatch, writer.db, "commit", lambda: monkeypatch.setattr(wire, "hear", unheard))
    request = moved(there, 1, key="k")
    with pytest.raises(faults.OutcomeUnknown, match="same idempotency key"):
        writer.execute([request])
    answer = writer.execute([request])[0]
    assert not answer.repeated
    assert books.done(answer) == there.setup + 1
    unchanged(there, writer, 1)


@pytest.mark.postgres
def test_a_lost_answer_of_a_commit_that_happened(
    on_postgres: books.Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = on_postgres
    writer = books.writer(there.address)
    assert isinstance(writer.db, Postgres)
    plant_a_lost_answer(monkeypatch, writer.db, there)
    request = moved(there, 1, key="k")
    with pytest.raises(faults.OutcomeUnknown, match="same idempotency key"):
        writer.execute([request])
    answers: list[Answer] = [writer.execute([request])[0], writer.execute([request])[0]]
    for answer in answers:
        assert answer.repeated
        assert books.done(answer) == there.setup + 1
    unchanged(there, writer, 1)


def plant_a_lost_answer(monkeypatch: pytest.MonkeyPatch, db: Postgres, there: books.Books) -> None:
    """The server commits; the connection breaks before its answer is read."""

    def unheard() -> None:
        monkeypatch.undo()
        server = db.connection.pgconn
        server.pipeline_sync()
        server.flush()
        with psycopg.connect(there.address, autocommit=True) as other:
            head = "SELECT seq FROM head"
            while other.execute(head).fetchone() != (there.setup + 1,):
                time.sleep(0.01)
        with contextlib.closing(socket.socket(fileno=os.dup(server.socket))) as line:
            line.shutdown(socket.SHUT_RDWR)
            while line.recv(65_536):
                pass
        db.wire.collect()

    before(monkeypatch, db, "commit", lambda: monkeypatch.setattr(db.wire, "collect", unheard))


@pytest.mark.postgres
def test_a_server_that_is_away_is_named_and_found_again(on_postgres: books.Books) -> None:
    there = on_postgres
    writer = books.writer(there.address)
    assert isinstance(writer.db, Postgres)
    end_connections(there.address)
    url, writer.db.url = writer.db.url, "postgresql:///none?host=/nowhere"
    with pytest.raises(faults.StoreLost, match="cannot be reached"):
        writer.execute([moved(there, 1)])
    writer.db.url = url
    unchanged(there, writer, 0)


@pytest.mark.postgres
def test_a_session_is_never_less_durable_than_a_flush(on_postgres: books.Books) -> None:
    url = on_postgres.address + "&options=-csynchronous_commit%3Doff"
    db = books.engine(url)
    assert db.query("SHOW synchronous_commit") == [("on",)]
    db.close()


@pytest.mark.parametrize(
    ("pragma", "value"), [("synchronous", 2), ("journal_mode", "wal"), ("foreign_keys", 1)]
)
def test_a_sqlite_commit_is_a_flush_and_keys_are_checked(
    tmp_path: Path, pragma: str, value: object
) -> None:
    there = books.make(str(tmp_path / "ledger.db"))
    db = books.engine(there.address)
    assert db.query(f"PRAGMA {pragma}") == [(value,)]
    db.close()


def test_every_fault_says_what_is_true_of_the_batch() -> None:
    kinds = set(faults.StoreError.__subclasses__())
    assert kinds == set(faults.NOTHING_WRITTEN)
    for kind, text in faults.NOTHING_WRITTEN.items():
        assert ("nothing was written" in text) == (kind is not faults.OutcomeUnknown)
