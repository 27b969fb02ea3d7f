"""The quick yes of the gate is never given where the law engine would refuse, whatever stands."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import Any
from unittest import mock

import pytest
from bench.surrender import AT, SYSTEMS
from tests.ledger.given import LAW, A, founded, given, take
from tests.ledger.traffic import Traffic

from onetonne.ledger import room
from onetonne.ledger.commands import (
    Issue,
    Item,
    OpenAccount,
    RegisterOperator,
    RegisterProject,
    Request,
    SetFigure,
    Surrender,
)
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Entry
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import State
from onetonne.store.lawbook import load_law

DAY_OF = date(2026, 5, 1)
SHIPPED = load_law()


@pytest.mark.slow
def test_the_quick_answer_and_the_law_engine_agree() -> None:
    said: Counter[str] = Counter()
    for seed in range(60):
        traffic, state = Traffic(seed), given()
        rng = random.Random(seed)
        owed = rng.choice((5, 40, 120))
        figure = SetFigure(
            system="S", operator="TIGHT", period="2025", figure="obligation", tonnes=owed
        )
        given(Request(by=1, acts=(figure,), cites="d"), state=state)
        for _ in range(240):
            request = traffic.request(state)
            answer = decide(state, request, LAW, traffic.day)
            if any(isinstance(act, Surrender) for act in request.acts):
                with mock.patch.object(room, "_surely_fits", return_value=False):
                    slow = decide(state, request, LAW, traffic.day)
                assert slow == answer, request
                said[slow.code if isinstance(slow, Refusal) else "accepted"] += 1
            if isinstance(answer, Entry):
                take(state, answer, traffic.day)
    assert said["accepted"] > 20
    assert said["limit_exceeded"] > 5


@pytest.mark.parametrize("system", sorted(SYSTEMS))
def test_they_agree_under_the_law_of_real_systems(system: str) -> None:
    """One operator with little room, several lots of which some do not fit a minimum share."""
    unit, host, period, base, facts = SYSTEMS[system]
    said: Counter[str] = Counter()
    for seed in range(6):
        rng, state = random.Random(seed), founded()
        of: dict[str, Any] = {"system": system, "operator": "X"}
        own = {"high_leakage": "false"} if system == "TW" else {}
        acts: list[Any] = [OpenAccount(account=A, party="TW")]
        acts += [RegisterProject(project="P", party="TW", mechanism="M", methodology="M")]
        acts.append(RegisterOperator(account=A, facts=own, **of))
        years = {"CP5": range(2024, 2027), "CP1": range(2023, 2027)}.get(period, (period,))
        for year in years:
            tonnes = rng.choice((30_100, 27_000)) if system == "TW" else rng.choice((400, 900))
            acts.append(SetFigure(figure=base, period=str(year), tonnes=tonnes, **of))
        for n in range(4):
            less = {k: v for k, v in facts.items() if n % 2 or k != "direct_benefits"}
            made = {"direct_benefits": "US-OR"} if less != facts else {}
            acts.append(Issue(unit=unit, quantity=1_000, account=A, vintage=2024, host=host,
                              activity="reduction", project="P", facts=less | made))  # fmt: skip
        for act in acts:
            take(state, told(state, act), DAY_OF)
        for _ in range(60):
            item = Item(lot=rng.randint(1, 4), quantity=rng.choice((1, 3, 10, 60)))
            act = Surrender(source=A, items=(item,), system=system, period=period, operator="X")
            answer = decide(state, asked(act), SHIPPED, DAY_OF)
            with mock.patch.object(room, "_surely_fits", return_value=False):
                assert decide(state, asked(act), SHIPPED, DAY_OF) == answer, (seed, act)
            said[answer.code if isinstance(answer, Refusal) else "accepted"] += 1
            if isinstance(answer, Entry):
                take(state, answer, DAY_OF)
    assert said["accepted"] > 10, said
    assert said["limit_exceeded"] + said["limit_not_known"] > 10, said


def asked(act: Any) -> Request:
    return Request(by=1, acts=(act,), cites="d", at=AT)


def told(state: State, act: Any) -> Entry:
    entry = decide(state, asked(act), SHIPPED, DAY_OF)
    assert isinstance(entry, Entry), (act, entry.sentence())
    return entry
