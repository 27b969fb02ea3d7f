"""The function that the benches compare with does the same job: its ledger passes `verify`."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from bench.plpgsql import called, install, load
from bench.world import World, grow

from onetonne.service.audit import verify
from onetonne.service.ledger import Ledger
from onetonne.service.place import FOLDER_VARIABLE
from onetonne.store.lawbook import load_law

pytestmark = pytest.mark.postgres


def test_what_the_function_leaves_is_a_ledger_that_verifies(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "ledger"))
    law = load_law()
    ledger, person = Ledger.create(postgres_url, ledger="bench.example/ledger", party="TW", law=law)
    world = World(person, lots=3)
    grow(ledger.writer, world, 1_100)
    before = ledger.writer.state.seq
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        install(connection, person, law)
        for whole in (False, True, False):
            called(connection, [world.move(whole=whole) for _ in range(10)])
            load(postgres_url, [world.move(whole=whole) for _ in range(2)])
            for _ in range(2):
                connection.execute("SELECT bench_next()")
        lot, first, next_, holder = world.holdings[-1]
        others = [account for account in world.accounts if account != holder]
        with pytest.raises(psycopg.errors.RaiseException, match="not held"):
            called(connection, [(lot, first, next_, others[0], others[1])])
    ledger.publish()
    report = verify(ledger.log, ledger.verifier(), db=ledger.db)
    ledger.close()
    assert (report.findings, report.size) == ((), before + 36)
