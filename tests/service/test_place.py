"""A ledger is at home where its own key and log lie, and signs nowhere else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service import books

from onetonne.ledger import commands as c
from onetonne.service.ledger import Ledger
from onetonne.service.place import FOLDER_VARIABLE, folder_of, is_url, remembered
from onetonne.service.roots import journal_root
from onetonne.store.keys import KeyFileError, create_key
from onetonne.store.tiles import LogError, read_checkpoint

NAME = "registry.example/test"
PG = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=["sqlite", PG])
def ledger(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ledger]:
    """A ledger of three entries, its key and log in `tmp_path`/ledger."""
    address = str(tmp_path / "ledger")
    if request.param == "postgres":
        monkeypatch.setenv(FOLDER_VARIABLE, address)
        address = request.getfixturevalue("postgres_url")
    made, registrar = Ledger.create(address, ledger=NAME, party="TW", law=books.law())
    for number in (1000_0001, 1000_0002):
        made.ask(registrar, c.Enrol(person=number, name="A", roles=("registrar",)))
    made.publish()
    with made:
        yield made


def moved(ledger: Ledger, what: str) -> Path:
    """Where a file or folder of the ledger is, out of its place."""
    away = ledger.folder.parent / "away"
    (ledger.folder / what).rename(away)
    return away


def test_a_url_is_at_home_in_one_absolute_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert folder_of("postgresql://me@there/registry?sslmode=require") == tmp_path / (
        "onetonne-registry"
    )
    assert folder_of("postgresql:///other?dbname=registry") == tmp_path / "onetonne-registry"
    assert folder_of("postgresql:///?dbname=a/b&host=/tmp") == tmp_path / "onetonne-a-b"
    monkeypatch.setenv(FOLDER_VARIABLE, "~/keys")
    assert folder_of("postgres://there") == Path.home() / "keys"
    monkeypatch.setenv(FOLDER_VARIABLE, "keys")
    assert folder_of("postgres://there") == tmp_path / "keys"
    assert folder_of("ledger") == Path("ledger")


def test_a_missing_key_is_named_with_where_it_was_looked_for(ledger: Ledger) -> None:
    key = moved(ledger, "key")
    size = read_checkpoint(ledger.log, ledger.verifier()).size
    entries = ledger.writer.state.seq
    for asked in (ledger.publish, lambda: journal_root(ledger), ledger.signer):
        with pytest.raises(KeyFileError) as refused:
            asked()
        assert refused.value.code == "key_missing"
        for text in (str(refused.value), refused.value.zh):
            assert str(ledger.folder.absolute() / "key") in text
            assert (FOLDER_VARIABLE in text) is is_url(ledger.address)
    assert not (ledger.folder / "key").exists()
    assert ledger.db.query("SELECT seq FROM head") == [(entries,)]
    key.rename(ledger.folder / "key")
    assert ledger.publish().size == size


@pytest.mark.parametrize(
    ("name", "knows"), [(NAME, True), ("registry.example/other", True), ("other.example/x", False)]
)
def test_another_key_signs_nothing(ledger: Ledger, name: str, knows: bool) -> None:
    own = ledger.verifier()
    moved(ledger, "key")
    create_key(ledger.folder / "key", name)
    if not knows:  # as a ledger of an earlier build
        ledger.db.query("DELETE FROM meta WHERE name = 'key' RETURNING name")
    before = (ledger.log / "checkpoint").read_bytes()
    shutil.rmtree(ledger.log)
    for new_log in (True, False):
        with pytest.raises(KeyFileError) as refused:
            ledger.publish(new_log)
        assert refused.value.code == "key_other"
        assert (str(own) if knows else NAME) in str(refused.value)
        assert (str(own) if knows else NAME) in refused.value.zh
    assert not ledger.log.exists()
    (ledger.folder / "key").unlink()
    (ledger.folder.parent / "away").rename(ledger.folder / "key")
    ledger.publish(new_log=True)
    assert (ledger.log / "checkpoint").read_bytes() == before


def test_an_emptied_row_lets_no_other_key_sign(ledger: Ledger) -> None:
    ledger.db.query("UPDATE meta SET value = '' WHERE name = 'key' RETURNING name")
    moved(ledger, "key")
    create_key(ledger.folder / "key", NAME)
    shutil.rmtree(ledger.log)
    with pytest.raises(KeyFileError, match="table meta, which is empty") as refused:
        ledger.publish(new_log=True)
    assert (refused.value.code, "該列為空" in refused.value.zh) == ("key_other", True)
    assert not ledger.log.exists()


def test_a_missing_log_begins_anew_only_when_asked_for(ledger: Ledger) -> None:
    away = moved(ledger, "log")
    for asked in (ledger.publish, lambda: journal_root(ledger)):
        with pytest.raises(LogError, match="--new-log") as refused:
            asked()
        assert refused.value.code == "log_missing"
        for text in (str(refused.value), refused.value.zh):
            assert str(ledger.folder.absolute() / "log") in text
            assert (FOLDER_VARIABLE in text) is is_url(ledger.address)
    assert not ledger.log.exists()
    ledger.publish(new_log=True)
    for path in away.rglob("*"):
        if path.is_file() and ".p" not in path.parent.suffix:  # a partial tile of an older size
            assert (ledger.log / path.relative_to(away)).read_bytes() == path.read_bytes()


def test_a_ledger_of_an_earlier_build_learns_its_key_when_it_publishes(ledger: Ledger) -> None:
    told = remembered(ledger.db)
    assert told["key"] == str(ledger.verifier())
    ledger.db.query("DELETE FROM meta WHERE name = 'key' RETURNING name")
    assert "key" not in remembered(ledger.db)
    ledger.publish()
    assert remembered(ledger.db) == told


def test_a_foreign_log_teaches_no_key(ledger: Ledger) -> None:
    """The key goes with the log that stands there: what another signed is refused as before."""
    ledger.db.query("DELETE FROM meta WHERE name = 'key' RETURNING name")
    moved(ledger, "key")
    create_key(ledger.folder / "key", NAME)
    with pytest.raises(Exception, match="signature"):
        ledger.publish()
    assert "key" not in remembered(ledger.db)


def test_the_public_key_is_known_without_the_key_file(ledger: Ledger) -> None:
    own = ledger.signer().verifier
    moved(ledger, "key")
    assert ledger.verifier() == own
