"""The operations page keeps its word: its backup and restore commands run as they stand there, on a
ledger that is being written to, and every error that it names exists.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests import postgres
from tests.service import books
from tests.service.client import ROOT
from tests.service.load import SIGNER, publish_from

from onetonne.service import execute, queue
from onetonne.service.execute import Writer, fence
from onetonne.store import faults
from onetonne.store.audit_log import check_log
from onetonne.store.tiles import LogError, read_checkpoint

PAGE = (ROOT / "docs" / "operations.md").read_text()
COMMANDS = {
    line.split()[0] if not line.startswith("python") else "apsw": line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
}


def shell(command: str, folder: Path, url: str = "") -> None:
    """Run a command of the page in a folder, as an operator with our Python and PostgreSQL."""
    tools = [str(Path(sys.executable).parent)]
    if url:
        tools.append(str(postgres.find_binaries()))
    path = os.pathsep.join([*tools, os.environ["PATH"]])
    subprocess.run(
        command, shell=True, cwd=folder, env=os.environ | {"PATH": path, "URL": url}, check=True
    )


@contextmanager
def under_load(there: books.Books) -> Iterator[None]:
    """Transfers to and fro, meanwhile."""
    stop = threading.Event()

    def load() -> None:
        writer = books.writer(there.address)
        while not stop.is_set():
            for one, two in ((0, 1), (1, 0)):
                writer.execute([there.request(there.transfer(one, two, "1-9"))])
        writer.db.close()

    thread = threading.Thread(target=load)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def restored(there: books.Books, address: str, log: Path) -> None:
    """The copy is whole, covers the log that was copied before it, and goes on."""
    there.known = books.State(search=False)
    db = books.engine(address)
    assert books.complaints(there, db) == []
    assert there.known.seq >= read_checkpoint(log, SIGNER.verifier).size > there.setup
    assert fence(db) == 2
    books.done(Writer(db, books.law()).execute([there.request(there.transfer(0, 1, "50"))])[0])
    assert books.complaints(there, db) == []
    db.close()
    publish_from(address, log)
    assert check_log(log, SIGNER.verifier) == []
    assert read_checkpoint(log, SIGNER.verifier).size == there.known.seq


def some_moves(there: books.Books, count: int) -> None:
    writer = books.writer(there.address)
    for n in range(count):
        books.done(writer.execute([there.request(there.transfer(0, 2, f"{200 + n}"))])[0])
    writer.db.close()


def a_folder(tmp_path: Path) -> Path:
    (tmp_path / "ledger").mkdir()
    (tmp_path / "backup").mkdir()
    (tmp_path / "ledger" / "key").write_text("a key\n")
    return tmp_path


def test_a_sqlite_ledger_is_backed_up_under_load_and_restored(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    there = books.make(str(folder / "ledger" / "ledger.db"))
    some_moves(there, 3)
    publish_from(there.address, folder / "ledger" / "log")
    with under_load(there):
        shell(COMMANDS["cp"], folder)
        shell(COMMANDS["apsw"], folder)
    shutil.rmtree(folder / "ledger")
    restored(there, str(folder / "backup" / "ledger.db"), folder / "backup" / "log")


@pytest.mark.postgres
def test_a_postgres_ledger_is_backed_up_under_load_and_restored(
    postgres_cluster: postgres.Cluster, postgres_url: str, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path)
    there = books.make(postgres_url)
    some_moves(there, 3)
    publish_from(there.address, folder / "ledger" / "log")
    with under_load(there):
        shell(COMMANDS["cp"], folder)
        shell(COMMANDS["pg_dump"], folder, postgres_url)
    with postgres_cluster.database() as empty:
        shell(COMMANDS["pg_restore"], folder, empty)
        restored(there, empty, folder / "backup" / "log")


def test_a_log_published_beyond_the_restored_journal_is_never_signed_over(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    there = books.make(str(folder / "ledger" / "ledger.db"))
    shell(COMMANDS["apsw"], folder)
    some_moves(there, 1)
    log = folder / "ledger" / "log"
    publish_from(there.address, log)
    before = (log / "checkpoint").read_bytes()
    with pytest.raises(LogError) as refused:
        publish_from(str(folder / "backup" / "ledger.db"), log)
    assert refused.value.code == "log_rolled_back"
    assert (log / "checkpoint").read_bytes() == before


def test_the_page_names_every_error_of_the_store_and_none_that_is_not() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    real = {kind.__name__ for kind in faults.NOTHING_WRITTEN}
    others = {execute.Fenced, queue.QueueFull, queue.QueueClosed}
    assert named == real | {kind.__name__ for kind in others}


def test_the_page_names_the_limits_as_they_are() -> None:
    assert f"{queue.MAX_WAITING:,} requests" in PAGE
    assert set(COMMANDS) == {"cp", "apsw", "pg_dump", "pg_restore"}
