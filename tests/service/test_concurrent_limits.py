"""Sixteen processes at once against the last room of a limit: the sum never exceeds it, and each
refusal names the room that was left when it was given.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.service import books
from tests.service.client import heard_at_once

from onetonne.ledger import codec
from onetonne.ledger.commands import (
    Act,
    GroupOperators,
    Issue,
    Item,
    RegisterOperator,
    Request,
    SetFigure,
    Surrender,
)
from onetonne.ledger.events import Surrendered
from onetonne.store.schema import JOURNAL

PROCESSES = 16
EACH = 7
ROOM = 50
OF: dict[str, Any] = {"system": "KR", "period": "2023"}
ISSUED, GIVEN = date(2024, 5, 1), date(2024, 6, 1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: Any, tmp_path: Path) -> str:
    """Where an empty ledger may be founded, on each store."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return str(request.getfixturevalue("postgres_url"))


def owing(address: str, operators: int) -> books.Books:
    """Operators that owe 1,000 together, of which five percent may be credits, with enough of
    them; lot 2 and on are theirs."""
    there = books.make(address, accounts=operators)
    writer = books.writer(address)

    def do(act: Act) -> None:
        request = Request(by=there.registrar, acts=(act,), effective=ISSUED, cites="decision")
        books.done(writer.execute([request])[0])

    facts = {"covered_source": "false", "project_start": "2017-01-01"}
    for n, account in enumerate(there.accounts):
        do(RegisterOperator(operator=f"KR-{n}", system="KR", account=account))
        do(Issue(unit="KCU", quantity=1_000, account=account, vintage=2022, host="KR",
                 facts=facts))  # fmt: skip
        do(SetFigure(operator=f"KR-{n}", figure="obligation", tonnes=1_000 // operators, **OF))
    if operators > 1:
        names = tuple(f"KR-{n}" for n in range(operators))
        do(GroupOperators(system="KR", operators=names, since=ISSUED, into="POOL"))
    writer.db.close()
    return there


def give(there: books.Books, n: int) -> Request:
    act = Surrender(
        source=there.accounts[n], items=(Item(lot=n + 2, quantity=EACH),), operator=f"KR-{n}", **OF
    )
    return Request(by=there.registrar, acts=(act,), effective=GIVEN, cites="decision")


@pytest.mark.parametrize("operators", [1, 4], ids=["one operator", "a pool of four"])
def test_sixteen_at_once_never_exceed_a_limit(address: str, operators: int) -> None:
    there = owing(address, operators)
    requests = [[give(there, n % operators)] for n in range(PROCESSES)]
    told = [mine[0] for mine in heard_at_once(address, requests)]
    taken = [seq for seq, _, _, _ in told if seq]
    refused = [(code, room) for seq, code, _, room in told if not seq]
    assert len(taken) == ROOM // EACH
    assert refused == [("limit_exceeded", ROOM % EACH)] * (PROCESSES - len(taken))
    db = books.engine(address)
    entries = [codec.decode(row[2]) for row in db.by_key(JOURNAL, taken)]
    heads = [e for entry in entries for e in entry.events if isinstance(e, Surrendered)]
    assert sum(tonnes for head in heads for _, tonnes in head.uses) == 49
    assert db.query("SELECT sum(tonnes) FROM used") == [(49,)]
    db.close()
