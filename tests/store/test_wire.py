"""Sent ahead and read in order: the wire leaves an ordinary connection behind, whatever fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from onetonne.store.arrays import array, scalar
from onetonne.store.wire import Wire

pytestmark = pytest.mark.postgres

COLUMNS = {
    "bigint": [
        [0, -1, 2**63 - 1, -(2**63)],
        list(range(200)),
        [7, None, 9],
        [None, None],
        [],
    ],
    "text": [["", "é", "平", "a" * 300], ["x", None], [None]],
    "bytea": [[b"", b"\0\xff", bytes(300)], [None, b"x"]],
}
CASES = [(kind, column) for kind, columns in COLUMNS.items() for column in columns]


@pytest.fixture
def wire(postgres_url: str) -> Iterator[Wire]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.prepare_threshold = None
        yield Wire(connection)


@pytest.mark.parametrize(("kind", "column"), CASES)
def test_a_column_arrives_as_it_was_sent(wire: Wire, kind: str, column: list[object]) -> None:
    sent = wire.send(f"SELECT k FROM unnest($1::{kind}[]) AS k", [array(kind, column)])
    assert [value for (value,) in wire.rows(sent)] == column


@pytest.mark.parametrize("beyond", [2**63, -(2**63) - 1])
def test_a_number_beyond_64_bits_is_told_before_it_is_sent(beyond: int) -> None:
    for pack in (scalar, lambda n: array("bigint", [n]), lambda n: array("bigint", [None, n])):
        with pytest.raises(OverflowError):
            pack(beyond)


def test_results_belong_to_what_was_sent(wire: Wire) -> None:
    sent = [wire.send("SELECT $1::bigint", [scalar(n)]) for n in range(5)]
    assert [wire.rows(one) for one in reversed(sent)] == [[(n,)] for n in reversed(range(5))]
    assert wire.connection.execute("SELECT 1").fetchone() == (1,)


def test_the_first_error_is_raised_and_the_next_statement_works(wire: Wire) -> None:
    for _ in range(2):  # what could not be prepared is prepared anew
        wire.send("SELECT 1 / $1::bigint", [scalar(0)])
        wire.send("SELECT * FROM nowhere")
        with pytest.raises(psycopg.errors.DivisionByZero):
            wire.collect()
        with pytest.raises(psycopg.errors.UndefinedTable):
            wire.rows(wire.send("SELECT * FROM nowhere"))
    wire.connection.execute("CREATE TABLE nowhere AS SELECT 5 AS n")
    assert wire.rows(wire.send("SELECT * FROM nowhere")) == [(5,)]


def test_an_answer_is_read_while_others_are_on_their_way(wire: Wire) -> None:
    one = wire.send("SELECT 1")
    wire.answer_soon()
    wire.send("SELECT pg_sleep(30)")
    assert wire.rows(one) == [(1,)]
    assert wire.awaited
    wire.answer_soon()
    wire.abandon()
    assert wire.connection.execute("SELECT 1").fetchone() == (1,)


def test_an_error_is_told_by_whoever_reads_past_it(wire: Wire) -> None:
    one, wrong = wire.send("SELECT 1"), wire.send("SELECT 1 / $1::bigint", [scalar(0)])
    two, _ = wire.send("SELECT 2"), wire.send("SELECT 3")
    assert wire.rows(one) == [(1,)]
    with pytest.raises(psycopg.errors.DivisionByZero):
        wire.rows(two)
    for one in (wrong, two):  # and again, whenever they are asked
        with pytest.raises(psycopg.Error):
            wire.rows(one)
    assert wire.connection.execute("SELECT 1").fetchone() == (1,)


def test_what_is_abandoned_is_stopped(wire: Wire) -> None:
    wire.send("SELECT pg_sleep(30)")
    wire.answer_soon()
    gone = wire.send("SELECT 1")
    wire.abandon()
    wire.abandon()
    with pytest.raises(RuntimeError, match="abandoned"):
        wire.rows(gone)
    assert wire.rows(wire.send("SELECT 2")) == [(2,)]


def test_a_rollback_leaves_what_was_prepared(wire: Wire) -> None:
    assert wire.rows(wire.send("SELECT 3")) == [(3,)]
    for statement in ("BEGIN", "SELECT 1", "SELECT 1", "ROLLBACK", "SELECT 1"):
        wire.connection.execute(statement)
    assert wire.rows(wire.send("SELECT 3")) == [(3,)]


def test_more_than_fits_a_socket_comes_through(wire: Wire) -> None:
    """Both sides have much to say at once; neither waits for the other for ever."""
    text = "x" * 1_000_000
    sent = [wire.send("SELECT unnest($1::text[])", [array("text", [text])]) for _ in range(20)]
    assert all(wire.rows(one) == [(text,)] for one in sent)


def test_a_server_that_hung_up_is_heard(wire: Wire, postgres_url: str) -> None:
    wire.hear()
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", (wire.pg.backend_pid,))
    with pytest.raises(psycopg.OperationalError):
        wire.hear()
    assert wire.connection.closed


def test_a_server_that_goes_while_it_is_waited_for_is_an_error(
    wire: Wire, postgres_url: str
) -> None:
    wire.send("SELECT pg_sleep(30)")
    pid = wire.pg.backend_pid

    def end() -> None:
        with psycopg.connect(postgres_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))

    timer = threading.Timer(0.2, end)
    timer.start()
    with pytest.raises(psycopg.OperationalError):
        wire.collect()
    timer.join()
