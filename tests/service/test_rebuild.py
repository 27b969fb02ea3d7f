"""`rebuild` makes the tables anew from the journal: as they were, whatever was done to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.service.proof_sample import Sample, item
from tests.service.sample_ledger import ENGINES, engine_address
from tests.service.test_audit import spoil, without_guards

from onetonne.ledger import commands as c
from onetonne.service.audit import verify
from onetonne.service.execute import Fenced, Writer
from onetonne.service.rebuild import CannotRebuild, rebuild
from onetonne.store.rows import Engine
from onetonne.store.schema import TABLES

EVERY = (*TABLES, "holdings", "marks", "journal", "requests", "openings", "meta")


@pytest.fixture(params=ENGINES)
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    made = Sample(engine_address(request, tmp_path)).fill()
    with made.ledger:
        yield made


def content(db: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order that does not depend on how it was written."""
    return {name: sorted(db.query(f'SELECT * FROM "{name}"'), key=repr) for name in EVERY}


def test_the_tables_are_as_before_and_writers_are_fenced(own: Sample) -> None:
    db = own.ledger.db
    before = content(db)
    head = db.query("SELECT * FROM head")[0]
    done = rebuild(db)
    assert content(db) == before
    after = db.query("SELECT * FROM head")[0]
    assert after[3] == head[3] + 1 == done.epoch
    assert (*after[:3], *after[4:]) == (*head[:3], *head[4:])
    assert done.entries == head[1]
    transfer = c.Transfer(source=own.a, target=own.b, items=(item(1, "801-805"),))
    request = c.Request(by=own.me, acts=(transfer,))
    with pytest.raises(Fenced):
        own.ledger.execute([request])
    own.ledger.writer = Writer(db, own.ledger.law)
    assert own.ledger.execute([request])[0].entry is not None
    assert verify(own.ledger.log, own.ledger.verifier(), db=db).ok


def test_edited_emptied_and_lost_rows_come_back(own: Sample) -> None:
    db = own.ledger.db
    before = content(db)
    without_guards(db)
    db.query("UPDATE holdings SET account = ? WHERE lot = 1 AND next > 0 RETURNING 1", (own.a,))
    db.query("DELETE FROM marks WHERE seq > 5 RETURNING 1")
    db.query("DELETE FROM accounts WHERE account = ? RETURNING 1", (own.b,))
    db.query("UPDATE lots SET unit = 'EUA' RETURNING 1")
    db.query("UPDATE meta SET value = 'KR' WHERE name = 'party' RETURNING 1")
    db.query("UPDATE head SET seq = 3 RETURNING 1")
    assert not verify(own.ledger.log, own.ledger.verifier(), db=db).ok
    rebuild(db, signed_from=own.ledger.signed_from)
    assert content(db) == before
    assert verify(own.ledger.log, own.ledger.verifier(), db=db).ok


@pytest.mark.slow
def test_each_edit_of_each_table_is_mended(own: Sample) -> None:
    """Every column of every table of compliance, of Article 6 and of the rest; and a lost row."""
    own.comply()
    own.authorise(lot=6)
    db = own.ledger.db
    without_guards(db)
    before = content(db)
    for table in TABLES.values():
        key = ", ".join(f'"{name}"' for name in table.key)
        lost = f'DELETE FROM "{table.name}" WHERE ({key}) IN (SELECT {key} FROM "{table.name}")'
        for column in (*table.names, ""):
            if column:
                spoil(db, table.name, column)
            else:
                db.query(f"{lost} RETURNING 1")
            edited = content(db)
            assert [name for name in EVERY if edited[name] != before[name]] == [table.name], column
            rebuild(db)
            assert content(db) == before, (table.name, column)


def test_a_lost_head_comes_back_in_an_epoch_of_its_own(own: Sample) -> None:
    db = own.ledger.db
    head = db.query("SELECT * FROM head")[0]
    db.query("DELETE FROM head RETURNING 1")
    done = rebuild(db)
    after = db.query("SELECT * FROM head")[0]
    assert (*after[:3], *after[4:]) == (*head[:3], *head[4:])
    assert after[3] == done.epoch > head[3]


def test_a_journal_that_does_not_replay_changes_nothing(own: Sample) -> None:
    db = own.ledger.db
    db.query("DELETE FROM journal WHERE seq = 9 RETURNING 1")
    before = content(db)
    with pytest.raises(CannotRebuild, match="entry 9"):
        rebuild(db)
    assert content(db) == before
    assert db.query("SELECT epoch FROM head") == [(1,)]


def test_a_ledger_of_an_earlier_build_gets_the_tables_that_it_lacks(own: Sample) -> None:
    own.comply()
    db, before = own.ledger.db, content(own.ledger.db)
    for table in ("operators", "duties", "used", "payments"):
        db.connection.execute(f'DROP TABLE "{table}"')
    rebuild(db)
    assert content(db) == before


def test_a_ledger_of_an_earlier_build_gets_the_columns_that_it_lacks(own: Sample) -> None:
    own.authorise()
    db, before = own.ledger.db, content(own.ledger.db)
    assert before["authorisations"]
    db.connection.execute('ALTER TABLE "authorisations" DROP COLUMN "statements"')
    rebuild(db)
    assert content(db) == before


def test_a_ledger_of_an_earlier_build_can_tell_what_was_used_late(own: Sample) -> None:
    own.comply()
    db, before = own.ledger.db, content(own.ledger.db)
    assert before["used"]
    db.connection.execute('ALTER TABLE "used" DROP COLUMN "late"')
    rebuild(db)
    assert content(db) == before
