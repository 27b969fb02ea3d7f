"""A founding cut short leaves nothing half made: the same command, given again, succeeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.service import books

from onetonne.service.founding import CannotFound
from onetonne.service.ledger import Ledger
from onetonne.service.place import FOLDER_VARIABLE, is_url
from onetonne.store.keys import KeyFileError
from onetonne.store.postgres import Postgres
from onetonne.store.sqlite import LedgerMissing, Sqlite

NAME = "registry.example/test"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a ledger may be founded; key and log go to the folder `tmp_path`/ledger."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "ledger"))
    return str(request.getfixturevalue("postgres_url"))


def create(address: str, name: str = NAME) -> Ledger:
    return Ledger.create(address, ledger=name, party="TW", law=books.law())[0]


STEPS = ("create", "insert", "upsert", "commit")


@pytest.mark.parametrize("step", STEPS)
def test_a_founding_cut_short_can_be_given_again(
    address: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Postgres if is_url(address) else Sqlite

    def planted(*_: object) -> Any:
        raise KeyboardInterrupt("planted")

    with monkeypatch.context() as cut:
        cut.setattr(engine, step, planted)
        with pytest.raises(KeyboardInterrupt):
            create(address)
    with pytest.raises(LedgerMissing, match="onetonne init"):
        Ledger.open(address, books.law())
    with create(address) as ledger:
        assert ledger.publish().size == 1


def test_a_ledger_founded_but_not_yet_published_opens_and_publishes(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(_: Ledger) -> Any:
        raise KeyboardInterrupt("planted")

    with monkeypatch.context() as cut:
        cut.setattr(Ledger, "publish", planted)
        with pytest.raises(KeyboardInterrupt):
            create(address)
    with pytest.raises(CannotFound, match="There is a ledger already"):
        create(address)
    with Ledger.open(address, books.law()) as ledger:
        assert ledger.publish().size == 1


def test_a_second_founding_is_refused_and_spoils_nothing(address: str) -> None:
    create(address).close()
    for name in (NAME, "registry.example/other"):
        with pytest.raises(CannotFound, match="Choose another folder"):
            create(address, name)
    with Ledger.open(address, books.law()) as ledger:
        assert ledger.publish().origin == NAME


def test_a_key_of_another_log_is_not_used(tmp_path: Path) -> None:
    create(str(tmp_path / "one")).close()
    (tmp_path / "two").mkdir()
    (tmp_path / "one" / "key").rename(tmp_path / "two" / "key")
    with pytest.raises(CannotFound, match=f"is the key of {NAME}"):
        create(str(tmp_path / "two"), "registry.example/other")
    with pytest.raises(LedgerMissing):
        Ledger.open(str(tmp_path / "two"), books.law())


@pytest.mark.parametrize("name", [NAME, "registry.example/other"])
def test_where_a_ledger_stands_no_key_is_made(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    create(address).close()
    if is_url(address):
        monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "elsewhere"))
    else:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "ledger" / "ledger.db").rename(tmp_path / "elsewhere" / "ledger.db")
        address = str(tmp_path / "elsewhere")
    before = sorted((tmp_path / "elsewhere").glob("*"))
    with pytest.raises(CannotFound, match="There is a ledger already"):
        create(address, name)
    assert sorted((tmp_path / "elsewhere").glob("*")) == before
    assert (tmp_path / "elsewhere").exists() is not is_url(address)


def test_a_founding_refused_for_its_key_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    create(str(tmp_path / "one")).close()
    (tmp_path / "two").mkdir()
    for text in ((tmp_path / "one" / "key").read_text(), ""):
        (tmp_path / "two" / "key").write_text(text)
        (tmp_path / "two" / "key").chmod(0o600)
        with pytest.raises((CannotFound, KeyFileError)):
            create(str(tmp_path / "two"), "registry.example/other")
        assert [path.name for path in (tmp_path / "two").iterdir()] == ["key"]


@pytest.mark.parametrize(
    ("name", "party", "zone"),
    [("a b", "TW", "UTC"), ("a+b", "TW", "UTC"), ("a", "Taiwan", "UTC"), ("a", "TW", "Mars/Base")],
)
def test_a_bad_founding_leaves_nothing_behind(
    tmp_path: Path, name: str, party: str, zone: str
) -> None:
    with pytest.raises(CannotFound):
        Ledger.create(str(tmp_path / "ledger"), ledger=name, party=party, zone=zone)
    assert not (tmp_path / "ledger").exists()
