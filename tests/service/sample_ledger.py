"""A small ledger whose clock the test moves, on either engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onetonne.base.days import day_of
from onetonne.ledger.commands import Act, Enrol, Item, OpenAccount, RegisterProject, Request
from onetonne.ledger.events import Entry
from onetonne.service.execute import new_account_number
from onetonne.service.ledger import Ledger
from onetonne.service.place import FOLDER_VARIABLE
from onetonne.store.lawbook import load_law

DAY = 86_400_000_000
LAW = load_law()
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def engine_address(request: pytest.FixtureRequest, folder: Path) -> str:
    """Where a test's ledger lies, for a fixture over ENGINES."""
    if request.param == "sqlite":
        return str(folder / "ledger")
    request.getfixturevalue("monkeypatch").setenv(FOLDER_VARIABLE, str(folder / "ledger"))
    return str(request.getfixturevalue("postgres_url"))


@contextmanager
def new_ledger(address: str) -> Iterator[Sample]:
    ledger, person = Ledger.create(
        address, ledger="registry.example/tw", party="TW", zone="Asia/Taipei", registrar="Mei",
        law=LAW,
    )  # fmt: skip
    with ledger:
        yield Sample(ledger, person)


class Sample:
    """A ledger with a clock that stands still until a test moves it on."""

    def __init__(self, ledger: Ledger, person: int) -> None:
        self.ledger, self.person = ledger, person
        self.instant = ledger.writer.state.at
        ledger.writer.clock = lambda: self.instant

    @property
    def today(self) -> date:
        return day_of(self.instant, self.ledger.writer.zone)

    def later(self, days: int) -> date:
        self.instant += days * DAY
        return self.today

    def do(self, *acts: Act, by: int = 0, **more: Any) -> Entry:
        """Do acts that must be accepted."""
        answer = self.ledger.execute([Request(by=by or self.person, acts=acts, **more)])[0]
        assert answer.entry is not None, answer.refusal and answer.refusal.sentence()
        return answer.entry

    def account(self, holder: str = "", **more: Any) -> int:
        number = new_account_number()
        self.do(OpenAccount(account=number, party="TW", holder=holder, **more))
        return number

    def project(self) -> str:
        self.do(
            RegisterProject(
                project="TW-1", party="TW", name="Sun roofs", methodology="TM001",
                mechanism="TW-GHG", activity="reduction",
            )
        )  # fmt: skip
        return "TW-1"

    def person_named(self, name: str, *roles: str) -> int:
        self.do(Enrol(person=77, name=name, roles=roles or ("registrar",)))
        return 77


def block(lot: int, serials: str) -> tuple[Item, ...]:
    return (Item(lot=lot, serials=serials),)


def some(lot: int, quantity: int) -> tuple[Item, ...]:
    return (Item(lot=lot, quantity=quantity),)
