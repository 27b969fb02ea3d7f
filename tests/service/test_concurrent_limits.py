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
    Approve,
    Enrol,
    GroupOperators,
    Issue,
    Item,
    Propose,
    RegisterOperator,
    ReportEmissions,
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_sixteen_at_once_never_exceed_what_a_whole_system_may_use(address: str) -> None:
    """Operators that share no pool, under a ceiling of all: 1.5 million credits, fifty are left."""
    there = books.make(address, accounts=4)
    writer = books.writer(address)
    of: dict[str, Any] = {"system": "CN-GD", "period": "2018"}
    day = date(2019, 6, 3)

    def do(act: Act, by: int = there.registrar, cites: str = "decision") -> None:
        effective = day if cites else None
        request = Request(by=by, acts=(act,), effective=effective, cites=cites)
        books.done(writer.execute([request])[0])

    do(Enrol(person=900, name="vera", roles=("verifier",)))
    facts = {"project_type": "WIND", "host_region": "CN-GD"}
    for n, account in enumerate(there.accounts):
        do(RegisterOperator(operator=f"GD-{n}", system="CN-GD", account=account))
        do(Issue(unit="CCER", quantity=1_500_000, account=account, vintage=2017, host="CN",
                 project="TW-1", facts=facts))  # fmt: skip
        report = ReportEmissions(operator=f"GD-{n}", tonnes=90_000_000, document="ab" * 32, **of)
        do(Propose(acts=(report,)), by=900, cites="")
        do(Approve(proposal=n + 1), cites="")

    def asked(n: int, quantity: int) -> Surrender:
        items = (Item(lot=n + 2, quantity=quantity),)
        return Surrender(source=there.accounts[n], items=items, operator=f"GD-{n}", **of)

    do(asked(0, 1_500_000 - ROOM))
    writer.db.close()
    requests = [
        [Request(by=there.registrar, acts=(asked(1 + n % 3, EACH),), effective=day, cites="d")]
        for n in range(PROCESSES)
    ]
    told = [mine[0] for mine in heard_at_once(address, requests)]
    assert sum(1 for seq, _, _, _ in told if seq) == ROOM // EACH
    refused = [(code, room) for seq, code, _, room in told if not seq]
    assert refused == [("limit_exceeded", ROOM % EACH)] * (PROCESSES - ROOM // EACH)
    db = books.engine(address)
    assert db.query("SELECT sum(tonnes) FROM used") == [(1_499_999,)]
    assert db.query("SELECT unit, tonnes FROM system_uses") == [("CCER", 1_499_999)]
    db.close()
