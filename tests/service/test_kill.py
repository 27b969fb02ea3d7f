"""`kill -9` at random instants under load: nothing acknowledged is lost, nothing half exists, and
restart needs no hand. 300 instants on each store in `make long`, 3 in the ordinary run.

On PostgreSQL the blow falls on the client process, on its backend, or on the whole server; in the
last two the client lives on, and must find its way back by itself.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from tests import postgres
from tests.service import books
from tests.service.client import ROOT
from tests.service.load import SIGNER, Load, publish_from

from onetonne.ledger.state import State
from onetonne.service.execute import Writer
from onetonne.store.audit_log import check_log
from onetonne.store.faults import StoreError
from onetonne.store.tiles import read_checkpoint

INSTANTS = 300
SPAN = 0.25
"""Seconds within which the blow falls, from before the first commit to far into the load."""
PATIENCE = 30.0


class Ordeal:
    """A ledger, a nursery of loading processes, and what they were told is durable."""

    def __init__(self, address: str, folder: Path) -> None:
        self.books = books.make(address, accounts=4, lots=4)
        self.load = Load(
            address, str(folder / "log"), str(folder / "acknowledged"),
            self.books.registrar, self.books.accounts, self.books.lots,
        )  # fmt: skip
        self.draw = random.Random(300)
        self.told: dict[str, int] = {}
        self.read = 0
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.service.load"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.say(msgspec.json.encode(self.load))

    def say(self, line: bytes) -> bytes:
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write(line + b"\n")
        self.nursery.stdin.flush()
        return self.nursery.stdout.readline()

    def acknowledged(self) -> dict[str, int]:
        """Keys and sequences that were told since the last time."""
        file = Path(self.load.acknowledged)
        new = file.read_bytes()[self.read :] if file.exists() else b""
        self.read += len(new)
        pairs = (line.split() for line in new.decode().splitlines())
        return {key: int(seq) for key, seq in pairs}

    def strike(self, round_: int, blow: Callable[[], None] | None = None) -> None:
        """Let a child load, kill it (or strike elsewhere first, and see it recover), and check."""
        child = int(self.say(b"%d" % round_))
        if not self.told:  # on a busy machine the first child may be slow to its first commit
            until(lambda: bool(self.acknowledged_more()), "the child never came to its work")
        time.sleep(self.draw.random() * SPAN)
        if blow is not None:
            blow()
            self.told |= self.acknowledged()
            until(lambda: bool(self.acknowledged_more()), "the client did not recover by itself")
        os.kill(child, signal.SIGKILL)
        until(lambda: not alive(child), "the child survived a kill -9")
        self.check()

    def acknowledged_more(self) -> dict[str, int]:
        more = self.acknowledged()
        self.told |= more
        return more

    def check(self) -> None:
        """Reopen by plain opening, as soon as a server has recovered by itself; compare with
        all that was ever told."""
        new = self.acknowledged_more()
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.compare(new)
            except (StoreError, psycopg.OperationalError):
                assert time.monotonic() < end, "the server did not come back by itself"
                time.sleep(0.05)

    def compare(self, new: dict[str, int]) -> None:
        db = books.engine(self.load.address)
        assert books.complaints(self.books, db, keyed=True) == []
        for key, seq in new.items():
            assert db.query("SELECT seq FROM requests WHERE key = ?", (key,)) == [(seq,)]
        absent = self.books.request(self.books.transfer(0, 1, "999999"))
        assert Writer(db, books.law()).execute([absent])[0].refusal, "it does not take commands"
        db.close()
        publish_from(self.load.address, Path(self.load.log))

    def finish(self) -> None:
        """The whole once more, from nothing: tables, every acknowledgement, the published log."""
        self.nursery.kill()
        self.nursery.communicate()
        self.books.known = State(search=False)
        db = books.engine(self.load.address)
        assert books.complaints(self.books, db, keyed=True) == []
        assert len(set(self.told.values())) == len(self.told)
        kept = dict(db.query("SELECT key, seq FROM requests"))
        assert self.told.items() <= kept.items()
        log = Path(self.load.log)
        assert check_log(log, SIGNER.verifier) == []
        assert read_checkpoint(log, SIGNER.verifier).size == self.books.known.seq
        db.close()


def until(happened: Callable[[], bool], otherwise: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end, otherwise
        time.sleep(0.005)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def ordeal(address: str, folder: Path) -> Iterator[Ordeal]:
    trial = Ordeal(address, folder)
    try:
        yield trial
        trial.finish()
    finally:
        trial.nursery.kill()
        trial.nursery.communicate()


def strike_sqlite(folder: Path, instants: int) -> Ordeal:
    with ordeal(str(folder / "ledger.db"), folder) as trial:
        for round_ in range(instants):
            trial.strike(round_)
        db = books.engine(trial.load.address)
        assert db.query("PRAGMA integrity_check") == [("ok",)]
        assert db.query("PRAGMA foreign_key_check") == []
        db.close()
    return trial


def workers(server: int) -> list[int]:
    """The processes that a PostgreSQL server has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after = status.read_text().rpartition(") ")[2].split()
            if int(after[1]) == server and after[0] != "Z":
                found.append(int(status.parent.name))
    return found


def crash(cluster: postgres.Cluster) -> None:
    """The whole server dies at once, each of its processes; then it is started again."""
    assert cluster.server is not None
    all_ = workers(cluster.server.pid)
    cluster.kill()
    for worker in all_:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    until(lambda: not any(alive(worker) for worker in all_), "a backend survived a kill -9")
    cluster.start()


def kill_a_backend(cluster: postgres.Cluster, draw: random.Random) -> None:
    """One client's server process dies; the server then ends all others and recovers."""
    with psycopg.connect(cluster.url("postgres")) as admin:
        sql = "SELECT pid FROM pg_stat_activity WHERE datname <> current_database()"
        clients = [pid for (pid,) in admin.execute(sql)]
    draw.shuffle(clients)
    for victim in clients:  # one is enough, unless it was leaving by itself
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        with contextlib.suppress(AssertionError):
            until(lambda: not any(map(alive, clients)), "the server did not notice", 2)
            return


def strike_postgres(folder: Path, instants: int) -> Ordeal:
    with (
        postgres.throwaway(durable=True) as cluster,
        cluster.database() as url,
        ordeal(url, folder) as trial,
    ):
        for round_ in range(instants):
            kinds = (None, lambda: crash(cluster), lambda: kill_a_backend(cluster, trial.draw))
            kind = round_ % 3 if instants < 10 else trial.draw.choice((0, 0, 0, 1, 2))
            trial.strike(round_, kinds[kind])
    return trial


def told(trial: Ordeal) -> None:
    print(f"{len(trial.told)} acknowledged, {trial.books.known.seq} entries")
    assert trial.told, "no load, no test"


def test_kill_9_loses_nothing_on_sqlite(tmp_path: Path) -> None:
    told(strike_sqlite(tmp_path, 3))


@pytest.mark.postgres
def test_kill_9_loses_nothing_on_postgres(tmp_path: Path) -> None:
    told(strike_postgres(tmp_path, 3))


@pytest.mark.long
def test_kill_9_at_300_instants_on_sqlite(tmp_path: Path, scaled: Callable[[int], int]) -> None:
    told(strike_sqlite(tmp_path, scaled(INSTANTS)))


@pytest.mark.long  # not marked postgres: `make test-postgres` would run it at full length
def test_kill_9_at_300_instants_on_postgres(tmp_path: Path, scaled: Callable[[int], int]) -> None:
    told(strike_postgres(tmp_path, scaled(INSTANTS)))
