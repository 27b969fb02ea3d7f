"""Against a transfer function written by hand in PL/pgSQL, on the same PostgreSQL.

The function does what a transfer of ours does: the same guards, the same rows, the same entry to
the byte, numbered without a gap in the order of commits. `tests/store/test_bench_function.py`
shows that the ledger it leaves passes `verify`. Clients of the function are pgbench's; ours are
threads of one Python process, each waiting for its own answer. A batch of the function's is one
statement that calls it for each transfer; one SQL statement over the whole batch, without a
function for a transfer, is another thing, and faster than either.
"""

import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

import psycopg

from bench.harness import ROUNDS, report, timed
from bench.world import Move, World
from onetonne.ledger.commands import Request
from onetonne.ledger.units import Law
from onetonne.service.execute import Writer, now
from onetonne.service.queue import Queue
from onetonne.store.postgres import Postgres

CLIENTS = 16
EACH = 200
BATCH = 1_000
BATCHES = 5

FUNCTION = """
CREATE OR REPLACE FUNCTION bench_transfer(p_lot bigint, p_first bigint, p_next bigint,
    p_source bigint, p_target bigint, p_at bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE h holdings%ROWTYPE; n bigint; body bytea;
BEGIN
    n := (SELECT max(seq) + 1 FROM journal);
    PERFORM 1 FROM persons WHERE person = PERSON AND active = 1
        AND roles::jsonb ? 'registrar';
    IF NOT FOUND THEN RAISE EXCEPTION 'not permitted'; END IF;
    PERFORM 1 FROM accounts WHERE account = p_source AND closed = 0 AND sink = ''
        AND two_people = 0 AND kind NOT IN ('peer', 'pending', 'buffer');
    IF NOT FOUND THEN RAISE EXCEPTION 'no source account %', p_source; END IF;
    PERFORM 1 FROM accounts WHERE account = p_target AND closed = 0 AND sink = ''
        AND p_target <> p_source;
    IF NOT FOUND THEN RAISE EXCEPTION 'no target account %', p_target; END IF;
    PERFORM 1 FROM lots WHERE lot = p_lot AND unit = 'TCER' AND p_first < p_next
        AND p_next <= size;
    IF NOT FOUND THEN RAISE EXCEPTION 'no such serials of lot %', p_lot; END IF;
    SELECT * INTO h FROM holdings WHERE lot = p_lot AND first <= p_first AND next IS NOT NULL
        ORDER BY first DESC LIMIT 1 FOR UPDATE;
    IF NOT FOUND OR h.next < p_next OR h.account <> p_source OR h.locks IS NOT NULL THEN
        RAISE EXCEPTION 'not held';
    END IF;
    body := convert_to(format('{"v":1,"seq":%s,"at":%s,"by":PERSON,"law":"LAW","events":'
        '[{"do":"moved","lot":%s,"first":%s,"next":%s,"source":%s,"target":%s,'
        '"held":[[%s,%s]]}]}', n, p_at, p_lot, p_first, p_next, p_source, p_target,
        h.first, h.moved), 'UTF8');
    INSERT INTO journal (seq, hash, entry) VALUES (n, sha256('\\x00'::bytea || body), body);
    INSERT INTO marks (account, seq) VALUES (p_source, n), (p_target, n);
    IF p_first = h.first AND p_next = h.next THEN
        UPDATE holdings SET account = p_target, moved = n WHERE lot = p_lot AND first = h.first;
    ELSE
        IF p_first > h.first THEN
            UPDATE holdings SET next = p_first WHERE lot = p_lot AND first = h.first;
        ELSE
            DELETE FROM holdings WHERE lot = p_lot AND first = h.first;
        END IF;
        IF p_next < h.next THEN
            INSERT INTO holdings VALUES (p_lot, p_next, h.next, h.account, h.moved, NULL);
        END IF;
        INSERT INTO holdings VALUES (p_lot, p_first, p_next, p_target, n, NULL);
    END IF;
    RETURN n;
END $$;
"""
"""For transfers of one block, by a registrar (PERSON), under one law (LAW), of units as the bench
issues them. Whoever calls it holds the row of the head, and moves it once before the commit: a
sequence would number without waiting, but leave gaps and an order that is not the log's."""
HOLD = "SELECT FROM head FOR UPDATE"
MOVE = "UPDATE head SET seq = (SELECT max(seq) FROM journal), at = greatest(at, %s)"
NEXT = """
CREATE SEQUENCE IF NOT EXISTS bench_move;
CREATE TABLE IF NOT EXISTS bench_moves (n bigint PRIMARY KEY, lot bigint, first bigint,
    next bigint, source bigint, target bigint);
CREATE OR REPLACE FUNCTION bench_next() RETURNS void LANGUAGE plpgsql AS $$
DECLARE m bench_moves%ROWTYPE; k bigint := nextval('bench_move');
    instant bigint;
BEGIN
    SELECT * INTO m FROM bench_moves WHERE n = k;
    SELECT at INTO instant FROM head FOR UPDATE;
    instant := greatest(instant, extract(epoch FROM clock_timestamp()) * 1000000);
    UPDATE head SET at = instant,
        seq = bench_transfer(m.lot, m.first, m.next, m.source, m.target, instant);
END $$;
"""
CLASSIC = """
DROP TRIGGER holdings_inserted ON holdings;
DROP TRIGGER holdings_changed ON holdings;
DROP TRIGGER holdings_deleted ON holdings;
ALTER TABLE holdings ADD UNIQUE (lot, next), ADD FOREIGN KEY (lot, next)
    REFERENCES holdings (lot, first) DEFERRABLE INITIALLY DEFERRED;
VACUUM ANALYZE holdings;
"""
"""The same guard of tiling as a foreign key: row by row, as the function works, it is cheaper."""
CALL = """SELECT count(bench_transfer(lot, first, next, source, target, %s)) FROM unnest(
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS m(lot, first, next, source, target)"""


def run(ours_url: str, theirs_url: str, law: Law, world: World, pgbench: Path) -> None:
    """Two databases with equal ledgers; each round gives both the same transfers."""
    with psycopg.connect(theirs_url, autocommit=True) as connection:
        install(connection, world.person, law)
    _clients(ours_url, theirs_url, law, world, pgbench)
    _batches(ours_url, theirs_url, law, world)


def install(connection: psycopg.Connection, person: int, law: Law) -> None:
    """Make a ledger's database the function's: its guard of tiling, and the function."""
    for statement in filter(str.strip, CLASSIC.split(";")):
        connection.execute(statement.encode())
    connection.execute(FUNCTION.replace("PERSON", str(person)).replace("LAW", law.digest).encode())
    connection.execute(NEXT)


def _clients(ours_url: str, theirs_url: str, law: Law, world: World, pgbench: Path) -> None:
    ratios, rates = [], []
    queue = Queue(lambda: Writer(Postgres(ours_url), law))
    for _ in range(ROUNDS):
        moves = world.independent(CLIENTS * EACH)
        requests = [world.request(move) for move in moves]
        mine = timed(lambda requests=requests: _wait_each(queue, requests))  # type: ignore[misc]
        load(theirs_url, moves)
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write("SELECT bench_next();\n")
            script.flush()
            command = [str(pgbench), "-n", "-c", str(CLIENTS), "-j", "1", "-t", str(EACH)]
            command += ["-M", "prepared", "-f", script.name, theirs_url]
            theirs = len(moves) / _rate(command)
        ratios.append(theirs / mine)
        rates.append(round(len(requests) / mine))
    queue.close()
    report(
        "against-plpgsql-16-clients",
        goal=1.5,
        at_least=True,
        ratios=ratios,
        transfers_per_second=sorted(rates)[1],
    )


def _wait_each(queue: Queue, requests: list[Request]) -> None:
    failed: list[Any] = []

    def client(part: list[Request]) -> None:
        for request in part:
            answer = queue.submit(request)
            if answer.refusal is not None:
                failed.append(answer.refusal)

    threads = [
        threading.Thread(target=client, args=(requests[n::CLIENTS],)) for n in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(str(failed[0]))


def load(url: str, moves: list[Move]) -> None:
    """Put the moves where the clients of the function take them from, each once."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE bench_moves")
        connection.execute("SELECT setval('bench_move', 1, false)")
        columns = [list(column) for column in zip(*moves, strict=True)]
        connection.execute(
            "INSERT INTO bench_moves SELECT row_number() OVER (), * FROM "
            "unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])",
            columns,
        )
        connection.execute("ANALYZE bench_moves")


def _rate(command: list[str]) -> float:
    """Transactions per second as pgbench tells them, its connecting left out."""
    done = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(done.partition("tps = ")[2].split()[0])


def called(connection: psycopg.Connection, moves: list[Move]) -> None:
    """One commit of the function's, for many transfers."""
    columns = [list(column) for column in zip(*moves, strict=True)]
    with connection.transaction(), connection.pipeline():
        connection.execute(HOLD)
        at = now()
        connection.execute(CALL, (at, *columns))
        connection.execute(MOVE, (at,))


def _batches(ours_url: str, theirs_url: str, law: Law, world: World) -> None:
    ratios, rates = [], []
    writer = Writer(Postgres(ours_url), law)
    with psycopg.connect(theirs_url, autocommit=True) as connection:
        for _ in range(ROUNDS):
            mine = theirs = 0.0
            for _ in range(BATCHES):  # the sides take turns, so that a slow moment hits both
                part = [world.move() for _ in range(BATCH)]
                requests = [world.request(move) for move in part]
                mine += timed(lambda requests=requests: writer.execute(requests))  # type: ignore[misc]
                theirs += timed(lambda part=part: called(connection, part))  # type: ignore[misc]
            ratios.append(theirs / mine)
            rates.append(round(BATCH * BATCHES / mine))
    report(
        "against-plpgsql-batches",
        goal=4,
        at_least=True,
        ratios=ratios,
        per_commit=BATCH,
        transfers_per_second=sorted(rates)[1],
    )
