"""Several processes on one ledger: nothing acknowledged is lost, nothing is done twice.

Each test runs on SQLite and, marked `postgres`, on PostgreSQL; the processes are real ones.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.service import books
from tests.service.client import ROOT, at_once

from onetonne.ledger.commands import Approve, Issue, Propose, Request, Withdraw
from onetonne.ledger.refusals import CODES
from onetonne.service.execute import Fenced, Writer, fence
from onetonne.store.postgres import WRITER_LOCK

PROCESSES = 8
TRANSFERS = 100
ROUNDS = 20


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: Any, tmp_path: Path) -> str:
    """Where an empty ledger may be founded, on each store."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return str(request.getfixturevalue("postgres_url"))


def sound(there: books.Books) -> None:
    db = books.engine(there.address)
    assert books.complaints(there, db) == []
    db.close()


@pytest.mark.slow
def test_eight_processes_on_the_same_blocks_lose_and_double_nothing(address: str) -> None:
    there = books.make(address)
    draw = random.Random(8)

    def one(process: int, number: int) -> Request:
        source, target = draw.sample(range(3), 2)
        first = draw.randrange(1, 41)
        serials = f"{first}-{first + draw.randrange(2)}"
        return there.request(there.transfer(source, target, serials), key=f"{process}-{number}")

    requests = [[one(p, n) for n in range(TRANSFERS)] for p in range(PROCESSES)]
    told = at_once(address, requests)
    answers = [answer for mine in told for answer in mine]
    assert len(answers) == PROCESSES * TRANSFERS

    acknowledged = [seq for seq, _, _ in answers if seq]
    refused = Counter(code for seq, code, _ in answers if not seq)
    assert set(refused) <= set(CODES)
    assert set(refused) == {"held_elsewhere"}, refused  # the one lawful reason in this contest
    assert len(acknowledged) == len(set(acknowledged)) > 50
    assert sum(refused.values()) > 50

    sound(there)
    db = books.engine(address)
    assert {seq for (seq,) in db.query("SELECT seq FROM requests")} == set(acknowledged)
    assert there.known.seq == there.setup + len(acknowledged)
    for process, mine in enumerate(told):
        for number, (seq, _, _) in enumerate(mine):
            found = db.query("SELECT seq FROM requests WHERE key = ?", (f"{process}-{number}",))
            assert found == ([(seq,)] if seq else [])
    total = db.query("SELECT sum(next - first) FROM holdings WHERE next IS NOT NULL")
    assert total == [(books.SIZE,)]
    db.close()


def test_two_transfers_of_one_block_at_once_twenty_times(address: str) -> None:
    """Ten to A against seven to B of the same ten: one is told yes, the other why not."""
    there = books.make(address)
    blocks = [(10 * n + 1, 10 * n + 10) for n in range(ROUNDS)]
    to_a = [there.request(there.transfer(0, 1, f"{a}-{b}")) for a, b in blocks]
    to_b = [there.request(there.transfer(0, 2, f"{a}-{a + 6}")) for a, _ in blocks]
    for won, lost in zip(*at_once(address, [to_a, to_b]), strict=True):
        assert bool(won[0]) != bool(lost[0])
        assert {won[1], lost[1]} == {"", "held_elsewhere"}
    sound(there)


def test_approve_against_withdraw_at_once_twenty_times(address: str) -> None:
    there = books.make(address)
    first = books.writer(address)
    for n in range(ROUNDS):
        asked = Propose(acts=(there.transfer(0, 1, f"{n + 1}"),))
        books.done(first.execute([there.request(asked)])[0])
    first.db.close()
    numbers = range(1, ROUNDS + 1)
    approve = [there.request(Approve(proposal=n), by=books.ANN) for n in numbers]
    withdraw = [there.request(Withdraw(proposal=n)) for n in numbers]
    for yes, no in zip(*at_once(address, [approve, withdraw]), strict=True):
        assert bool(yes[0]) != bool(no[0])
        assert {yes[1], no[1]} == {"", "proposal_settled"}
    sound(there)


def test_one_issuance_approved_twice_at_once_issues_once(address: str) -> None:
    there = books.make(address)
    first = books.writer(address)
    issuance = Issue(
        unit="TCER", quantity=1_000, account=there.accounts[0], project="TW-1", vintage=2025
    )
    numbers = range(1, 4)
    for _ in numbers:
        books.done(first.execute([there.request(Propose(acts=(issuance,)))])[0])
    first.db.close()
    approve = [there.request(Approve(proposal=n), by=books.ANN) for n in numbers]
    for one, two in zip(*at_once(address, [approve, approve]), strict=True):
        assert bool(one[0]) != bool(two[0])
        assert {one[1], two[1]} == {"", "proposal_settled"}
    sound(there)
    assert there.known.counts["lot"] == 1 + len(numbers)


@pytest.mark.slow
def test_one_key_from_eight_processes_at_once_is_one_entry(address: str) -> None:
    there = books.make(address)
    request = there.request(there.transfer(0, 1, "1-10"), key="once")
    told = [mine[0] for mine in at_once(address, [[request]] * PROCESSES)]
    assert {seq for seq, _, _ in told} == {there.setup + 1}
    assert sorted(repeated for _, _, repeated in told) == [False] + [True] * (PROCESSES - 1)
    sound(there)


def test_a_fenced_writer_writes_nothing(address: str) -> None:
    there = books.make(address)
    old = books.writer(address)
    books.done(old.execute([there.request(there.transfer(0, 1, "1"))])[0])
    other = books.engine(address)
    assert fence(other) == old.epoch + 1
    for _ in range(2):
        with pytest.raises(Fenced, match="reopen"):
            old.execute([there.request(there.transfer(0, 1, "2"))])
    assert other.query("SELECT seq FROM head") == [(there.setup + 1,)]
    new = Writer(other, books.law())
    books.done(new.execute([there.request(there.transfer(0, 1, "2"))])[0])
    sound(there)


def test_a_writer_fenced_between_decision_and_commit_writes_nothing(address: str) -> None:
    """Even a writer that never looked again: the head moves only in the epoch that it knows."""
    there = books.make(address)
    old = books.writer(address)
    old._catch_up = lambda *_: None  # type: ignore[method-assign]
    other = books.engine(address)
    fence(other)
    with pytest.raises(Fenced):
        old.execute([there.request(there.transfer(0, 1, "2"))])
    assert other.query("SELECT seq FROM head") == [(there.setup,)]
    sound(there)


HOLD = """
import sys, time
from tests.service import books
db = books.engine(sys.argv[1])
db.begin()
print("held", flush=True)
time.sleep(float(sys.argv[2]))
db.rollback()
"""


def holder(address: str, seconds: float) -> subprocess.Popen[bytes]:
    """Another process that has begun to write and takes its time."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, address, str(seconds)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    return process


def test_one_writer_at_a_time(address: str) -> None:
    there = books.make(address)
    with holder(address, 0.5):
        started = time.monotonic()
        second = books.writer(address)
        books.done(second.execute([there.request(there.transfer(0, 1, "1"))])[0])
        assert time.monotonic() - started > 0.3
    sound(there)


@pytest.mark.postgres
def test_the_writers_lock_is_an_advisory_one_and_a_hanging_holder_can_be_evicted(
    postgres_url: str,
) -> None:
    there = books.make(postgres_url)
    with holder(postgres_url, 60) as hanging:
        db = books.engine(postgres_url)
        sql = "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND granted"
        assert db.query(sql) == [(WRITER_LOCK,)]
        assert fence(db, evict=True) == 2
        assert db.query(sql) == []
        hanging.kill()
    sound(there)
