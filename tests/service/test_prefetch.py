"""What the service loads is all that deciding needs, however often holdings were cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.service.sample_ledger import ENGINES, Sample, engine_address, new_ledger

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Item, Request
from onetonne.ledger.units import sealed
from onetonne.service.audit import verify

LOT = 10_000
AGENT = 555


@pytest.fixture(params=ENGINES)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    with new_ledger(engine_address(request, tmp_path)) as made:
        made.project()
        yield made


def issue(sample: Sample, account: int) -> None:
    sample.do(c.Issue(unit="TCER", quantity=LOT, account=account, project="TW-1", vintage=2024))


def freeze_often(sample: Sample, account: int) -> None:
    """Cut a lot into 1,801 holdings: every second serial of 1,800 is frozen."""
    for start in range(2, 1_802, 600):
        items = tuple(Item(lot=1, serials=str(n)) for n in range(start, start + 600, 2))
        sample.do(c.Lock(source=account, items=items, kind="freeze", reason="court"))
    count = "SELECT count(*) FROM holdings WHERE next IS NOT NULL"
    assert sample.ledger.db.query(count) == [(1_801,)]


def test_a_pledge_that_was_cut_often_can_be_lifted(sample: Sample) -> None:
    account = sample.account()
    issue(sample, account)
    pledge = c.Lock(source=account, items=(Item(lot=1, serials=f"1-{LOT}"),), kind="pledge",
                    lift_by=sample.person)  # fmt: skip
    sample.do(pledge)
    freeze_often(sample, account)
    sample.do(c.Lift(lock=1))
    sample.ledger.publish()
    assert verify(sample.ledger.log, sample.ledger.verifier(), db=sample.ledger.db).ok


@pytest.mark.parametrize("act", [c.Withdraw(proposal=1), c.Reject(proposal=1)])
def test_a_proposal_that_was_cut_often_can_be_settled(sample: Sample, act: c.Act) -> None:
    account, other = sample.account(), sample.account()
    second = sample.person_named("Ann")
    issue(sample, account)
    move = c.Transfer(source=account, target=other, items=(Item(lot=1, serials=f"1-{LOT}"),))
    sample.do(c.Propose(acts=(move,)))
    freeze_often(sample, account)
    sample.do(act, by=second if isinstance(act, c.Reject) else 0)
    locks = "SELECT lock FROM locks WHERE lock = 1 AND lifted > 0"
    assert sample.ledger.db.query(locks) == [(1,)]


def test_a_whole_lot_is_labelled_by_its_holder_only(sample: Sample) -> None:
    law = sample.ledger.law
    kinds = {**law.label_kinds, "ccp": replace(law.label_kinds["ccp"], by="holder")}
    sample.ledger.writer.law = sealed(replace(law, label_kinds=kinds))
    sample.do(c.Enrol(person=AGENT, name="Ann"))
    account, mine = sample.account(), sample.account(agents=(AGENT,))
    issue(sample, account)
    issue(sample, mine)

    def asked(lot: int) -> str:
        label = c.Label(items=(Item(lot=lot),), kind="ccp", value="yes", source=mine)
        answer = sample.ledger.execute([Request(by=AGENT, acts=(label,))])[0]
        return answer.refusal.code if answer.refusal else ""

    assert asked(1) == "held_elsewhere"
    assert asked(2) == ""
