"""Sixteen processes at once exchange credits against the last room of one entitlement, under either
rule: together they never exchange more, and what was burnt was issued.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.service import books
from tests.service.client import heard_at_once

from onetonne.ledger.commands import (
    Act,
    Convert,
    Issue,
    Item,
    RegisterOperator,
    RegisterProject,
    Request,
    SetFigure,
)

PROCESSES, EACH, ROOM = 16, 7, 50
DAY = date(2014, 6, 2)
OPERATOR = "DE-0042"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: Any, tmp_path: Path) -> str:
    """Where an empty ledger may be founded, on each store."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return str(request.getfixturevalue("postgres_url"))


def request(there: books.Books, act: Act) -> Request:
    return Request(by=there.registrar, acts=(act,), effective=DAY, cites="decision")


def entitled(address: str) -> books.Books:
    """An incumbent with an entitlement of 50 and enough credits of both commitment periods."""
    there = books.make(address, accounts=1)
    facts = {"project_type": "WIND", "registration": "2008-05-01"}
    state = {"entity_class": "incumbent", "entity_state": "DE"}
    acts: list[Act] = [
        RegisterProject(project="IN-W", party="IN", mechanism="CDM", name="w",
                        activity="reduction"),
        RegisterOperator(operator=OPERATOR, system="EU", account=there.accounts[0], facts=state),
        SetFigure(operator=OPERATOR, system="EU", period="2008", figure="nap_entitlement",
                  tonnes=ROOM),
        SetFigure(operator=OPERATOR, system="EU", period="2008", figure="free_allocation",
                  tonnes=0),
    ]  # fmt: skip
    acts += [
        Issue(unit="CER", quantity=1_000, account=there.accounts[0], project="IN-W",
              vintage=2010 + cp, commitment_period=cp, facts=facts)
        for cp in (1, 2)
    ]  # fmt: skip
    writer = books.writer(address)
    for act in acts:
        books.done(writer.execute([request(there, act)])[0])
    writer.db.close()
    return there


def exchange(there: books.Books, n: int) -> Convert:
    cp = 1 + n % 2
    return Convert(
        source=there.accounts[0], items=(Item(lot=1 + cp, quantity=EACH),),
        rule=f"CER-EUA-CP{cp}", system="EU-EXCHANGE", period="P3", operator=OPERATOR,
    )  # fmt: skip


@pytest.mark.slow
def test_sixteen_at_once_never_exchange_beyond_the_entitlement(address: str) -> None:
    there = entitled(address)
    requests = [[request(there, exchange(there, n))] for n in range(PROCESSES)]
    told = [mine[0] for mine in heard_at_once(address, requests)]
    refused = [(code, room) for seq, code, _, room in told if not seq]
    assert refused == [("limit_exceeded", ROOM % EACH)] * (PROCESSES - ROOM // EACH)
    db = books.engine(address)
    assert db.query("SELECT sum(tonnes) FROM used") == [(49,)]
    assert db.query("SELECT sum(size) FROM lots WHERE unit = 'EUA'") == [(49,)]
    assert books.complaints(there, db) == []
    db.close()
