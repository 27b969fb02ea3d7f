"""An export becomes one journaled observation, whose rows prove themselves against its root."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from onetonne.base.merkle import leaf_hash, verify_inclusion
from onetonne.ledger.events import Observed
from onetonne.service.importing import NothingToImport, filed, import_export, index_of
from onetonne.service.ledger import Ledger
from tests.exchange.samples import VERRA_HEADER, as_csv, retired, verra

DAY = date(2026, 5, 2)
DATA = as_csv(VERRA_HEADER, verra(1, 10), retired(11, 20), retired(21, 30), verra(31, 45))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made, _ = Ledger.create(str(tmp_path / "l"), ledger="registry.example/t", party="TW")
    return made


def registrar(ledger: Ledger) -> int:
    return int(ledger.db.query("SELECT person FROM persons")[0][0])


def test_every_row_leads_to_the_journaled_root(ledger: Ledger) -> None:
    made = import_export(ledger, registrar(ledger), "list.csv", DATA, DAY)
    entry = made.answer.entry
    assert entry is not None
    (event,) = entry.events
    assert isinstance(event, Observed)
    assert (event.register, event.rows, event.day) == ("verra", 4, DAY)
    assert event.digest == hashlib.sha256(DATA).hexdigest()
    for index in range(4):
        row = filed(ledger.db, entry.seq, index)
        path = [bytes.fromhex(step) for step in row.proof]
        leaf = leaf_hash(row.row.encode())
        assert verify_inclusion(leaf, index, 4, path, bytes.fromhex(event.root))
        spoilt = leaf_hash(row.row.replace("verra", "verro", 1).encode())
        assert not verify_inclusion(spoilt, index, 4, path, bytes.fromhex(event.root))
    assert index_of(ledger.db, entry.seq, 3) == 1


def test_the_same_file_again_is_the_same_observation(ledger: Ledger) -> None:
    me = registrar(ledger)
    first = import_export(ledger, me, "list.csv", DATA, DAY).answer
    again = import_export(ledger, me, "renamed.csv", DATA, DAY).answer
    assert again.repeated
    assert again.entry == first.entry
    assert ledger.db.query("SELECT count(*) FROM observed") == [(4,)]


def test_rows_lost_on_the_way_come_with_the_next_import(ledger: Ledger) -> None:
    me = registrar(ledger)
    import_export(ledger, me, "list.csv", DATA, DAY)
    ledger.db.query("DELETE FROM observed")
    import_export(ledger, me, "list.csv", DATA, DAY)
    assert ledger.db.query("SELECT count(*) FROM observed") == [(4,)]


def test_a_refused_import_leaves_nothing(ledger: Ledger) -> None:
    answer = import_export(ledger, registrar(ledger), "list.csv", DATA, date(2999, 1, 1)).answer
    assert answer.refusal is not None
    assert answer.refusal.code == "effective_day_in_future"
    assert ledger.db.query("SELECT count(*) FROM observed") == [(0,)]


def test_an_empty_file_and_a_missing_row_are_named(ledger: Ledger) -> None:
    me = registrar(ledger)
    with pytest.raises(NothingToImport, match="no data row"):
        import_export(ledger, me, "list.csv", as_csv(VERRA_HEADER), DAY)
    entry = import_export(ledger, me, "list.csv", DATA, DAY).answer.entry
    assert entry is not None
    with pytest.raises(LookupError, match="has 4 rows, no row 4"):
        filed(ledger.db, entry.seq, 4)
    with pytest.raises(LookupError, match="no row 99"):
        index_of(ledger.db, entry.seq, 99)
