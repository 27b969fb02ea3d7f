"""What is answered of the past is what was answered then, whatever came since.

Random commands of all fields through the writer; now and then every question is asked. At the end
each is asked again as of the entry that was the last one then, and of every day.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.ledger.given import DAY, LAW
from tests.ledger.test_random_writer import MEMORY, World

from onetonne.ledger.state import State
from onetonne.service import execute
from onetonne.service import questions as q
from onetonne.service.ledger import Ledger
from onetonne.service.questions import (
    article6,
    article6_flows,
    article6_levies,
    article6_options,
    article6_policies,
    article6_recalls,
    article6_room,
    article6_stocktake,
    article6_surrender,
    compliance,
    mechanism,
)
from onetonne.service.questions.asof import NOW, AsOf, Unclear
from onetonne.service.scenario import Scenario
from onetonne.service.stage import Stage
from onetonne.store.lawbook import load_law

Ask = Callable[..., Any]
"""A question that still wants its ledger (first) and its moment (`asof`)."""
SEEDS = (1, 4, 16)
PARTIES = ("TW", "SG", "GH")
LISTED = ("approaches", "participations", "ndcs", "inventories", "choices", "plans", "agreements")
WHOLE: tuple[Ask, ...] = (
    q.totals, q.holdings, q.accounts, q.lots, q.projects, q.persons, q.locks, q.proposals,
    compliance.operators, partial(compliance.duties, everything=True),
    partial(compliance.integrity, system="S"),
    article6_levies.levies, article6_policies.policies, article6_policies.limits_of,
    article6.authorisations, article6_recalls.recalls, article6_stocktake.stocktake,
    mechanism.activities,
)  # fmt: skip
OF_A_PARTY: tuple[Ask, ...] = (
    article6_surrender.compared, article6.accounts, article6_room.room, article6_room.plan,
)  # fmt: skip


def questions(state: State) -> Iterator[tuple[str, Ask]]:
    """Every question that a ledger with these rows may be asked, and a name for it."""
    yield from ((str(ask), ask) for ask in WHOLE)
    yield "by all", partial(q.totals, by=tuple(q.DIMENSIONS))
    for table in LISTED:
        yield table, partial(article6.listed, table=table)
    for account in state.accounts:
        yield f"statement {account}", partial(q.statement, account=account)
    for lot in state.lots:
        yield f"history {lot}", partial(q.history, lot=lot)
        yield f"may {lot}", partial(article6_options.options, number=lot, party="SG", year=2026)
    yield "standings", partial(mechanism.standings, numbers=list(state.lots))
    for code in state.projects:
        yield f"project {code}", partial(q.project, code=code)
    for operator, system in state.operators:
        of = {"system": system, "operator": operator, "period": "2025"}
        yield f"status {operator}", partial(compliance.status, **of)
        yield f"room {operator}", partial(compliance.rooms, **of)
    for code in state.activities:
        yield f"activity {code}", partial(mechanism.activity, code=code)
    for party in PARTIES:
        yield f"flows {party}", partial(article6_flows.whereabouts, party=party)
        yield f"first {party}", partial(article6.first_transfers, party=party)
        for ask in OF_A_PARTY:
            yield f"{party} {ask}", partial(ask, party=party, year=2026)


def answered(ask: Ask, ledger: Ledger, asof: AsOf) -> Any:
    """The answer, without what it says of the moment; or that it is unknown. Raises what is
    neither: a question may be unanswerable, it may not fall over."""
    try:
        told = msgspec.json.encode(ask(ledger, asof=asof), enc_hook=str)
    except Unclear as error:
        return type(error).__name__
    return _timeless(msgspec.json.decode(told))


def _timeless(value: Any) -> Any:
    if isinstance(value, list):
        return [_timeless(one) for one in value]
    if isinstance(value, dict):
        return {name: _timeless(one) for name, one in value.items() if name != "as_of"}
    return value


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_past_answers_as_it_did(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "seal", lambda act, openings: act)
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        world = World(Path(folder), seed)
        ledger = Ledger("test.example/tw", world.db, Path(folder), LAW)
        ledger.writer = world.writers[0]
        points: list[tuple[int, str, Ask, Any]] = []
        moments = 0
        for number in range(150):
            before = world.state.seq
            world.batch([world.traffic.request(world.state)])
            if world.state.seq > before and number >= 45 * (moments + 1):
                moments += 1
                points += [(world.state.seq, name, ask, answered(ask, ledger, NOW))
                           for name, ask in questions(world.state)]  # fmt: skip
        assert moments >= 2
        for seq, name, ask, then in points:
            assert answered(ask, ledger, AsOf(seq=seq)) == then, (seq, name)
        today = world.traffic.day
        for name, ask in questions(world.state):
            assert answered(ask, ledger, AsOf(day=today)) == answered(ask, ledger, NOW), name
            for back in range(-1, (today - DAY).days + 3):
                answered(ask, ledger, AsOf(day=today - timedelta(back)))
        world.close()


LEVIED_EARLIER = f"""
scenario: {{en: An approach comes after what counts before it, zh: 合作方法晚於較早生效之行為}}
ledger: {{party: GH, zone: Africa/Accra, day: 2026-02-02}}
people: {{dna: [registrar, authority]}}
accounts: {{fund: {{kind: adaptation_fund}}, host: {{party: GH}}, singapore: {{party: SG}}}}
projects: {{GH-1: {{party: GH, activity: reduction}}}}
steps:
- declare_participation: {{party: GH, met: [party, ndc, authorisation, tracking, inventory,
    contribution]}}
- issue: {{unit: GS-VER, quantity: 1000, to: host, project: GH-1, vintage: 2024}}
  name: stoves
- register_approach: {{approach: CA9001, parties: [GH, SG]}}
  day: 2026-02-10
- set_levy_policy: {{approach: CA9001, sop: 1/20, sop_kind: UNITS, omge: 1/50, rounding: CARRY,
    digest: {"ab" * 32}}}
  effective: 2026-02-05
  cites: decision 7
- authorise: {{authorisation: A, approach: CA9001, party: GH, purposes: [NDC], projects: [GH-1],
    digest: {"ab" * 32}}}
  effective: 2026-02-05
  cites: decision 7
- transfer: {{from: host, to: singapore, items: [{{stoves: 101}}]}}
  effective: 2026-02-06
  cites: decision 7
"""


def test_a_levy_counts_before_its_approach_was_registered(tmp_path: Path) -> None:
    """What was carried on stands with the approach, which that day does not know yet."""
    file = tmp_path / "trial.yaml"
    file.write_text(LEVIED_EARLIER)
    stage = Stage(Scenario(file), tmp_path / "ledger", load_law())
    stage.play(lambda told: None)
    assert not stage.differences
    for day, held in ((5, 1), (6, 4), (10, 4)):
        told = q.holdings(stage.ledger, asof=AsOf(day=date(2026, 2, day)))
        assert len(told.rows) == held
    stage.ledger.close()
