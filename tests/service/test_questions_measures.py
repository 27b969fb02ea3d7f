"""Tonnes, kilograms and megawatt-hours of one ledger: told apart, and never added up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.service.sample_ledger import (
    ENGINES,
    LAW,
    Sample,
    block,
    engine_address,
    new_ledger,
    some,
)

from onetonne.doors.certificate import certificate, page
from onetonne.ledger import commands as c
from onetonne.ledger.units import Law
from onetonne.service import questions as q

EACH = {"MWh": 500, "kgCO2e": 1000, "tCO2e": 1010}
HELD = {metric: {"held": size} for metric, size in EACH.items()}


@pytest.fixture(params=ENGINES)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    with new_ledger(engine_address(request, tmp_path)) as made:
        yield made


@pytest.fixture
def mine(sample: Sample) -> int:
    """1,000 and 10 tonnes, 500 megawatt-hours and 1,000 kilograms in one account."""
    account = sample.account("Solar Co")
    removal = c.RegisterProject(project="TW-1", party="TW", mechanism="TW-GHG", activity="removal")
    sample.do(removal)
    for unit, size in (("TCER", 1000), ("T-REC", 500), ("TCER", 10), ("ISOMETRIC", 1000)):
        sample.do(c.Issue(unit=unit, quantity=size, account=account, project="TW-1", vintage=2024))
    return account


def test_totals_are_by_metric_whatever_else_they_are_by(sample: Sample, mine: int) -> None:
    told = q.totals(sample.ledger, ("party",))
    assert [(row.of, row.metric, row.quantity) for row in told.rows] == [
        ({"party": "TW"}, metric, size) for metric, size in EACH.items()
    ]
    assert (told.quantity, told.by_metric) == (None, EACH)
    assert {row.metric: row.quantity for row in q.totals(sample.ledger, ()).rows} == EACH


def test_holdings_and_projects_have_no_sum_over_two_metrics(sample: Sample, mine: int) -> None:
    held = q.holdings(sample.ledger, mine)
    assert (held.quantity, held.by_status, held.by_metric) == (None, None, HELD)
    assert [row.metric for row in held.rows] == ["tCO2e", "MWh", "tCO2e", "kgCO2e"]
    one = q.holdings(sample.ledger, lot=4)
    assert (one.quantity, one.by_status) == (1000, {"held": 1000})
    told = q.project(sample.ledger, "TW-1")
    assert (told.quantity, told.by_status, told.by_metric) == (None, None, HELD)
    assert [lot.metric for lot in told.lots] == ["tCO2e", "MWh", "tCO2e", "kgCO2e"]
    assert [q.history(sample.ledger, lot).metric for lot in (1, 4)] == ["tCO2e", "kgCO2e"]


def test_a_statement_closes_each_metric(sample: Sample, mine: int) -> None:
    day = sample.later(1)
    theirs = sample.account("Buyer")
    sample.do(c.Transfer(source=mine, target=theirs, items=some(4, 1000)))
    told = q.statement(sample.ledger, mine, since=day)
    assert (told.opening_by_metric, told.closing_by_metric) == (EACH, EACH | {"kgCO2e": 0})
    assert (told.opening_total, told.closing_total) == (None, None)
    assert [move.metric for move in told.movements] == ["kgCO2e"]
    assert told.metrics["ISOMETRIC-2024-4"] == "kgCO2e"
    other = q.statement(sample.ledger, theirs)
    assert (other.closing_total, other.closing_by_metric) == (1000, {"kgCO2e": 1000})


def test_a_certificate_says_kilograms(sample: Sample, mine: int) -> None:
    sample.do(c.Retire(source=mine, items=some(4, 1000), beneficiary="ACME", period="2025"))
    told = certificate(sample.ledger, 1)
    assert (told.quantity, told.by_metric) == (1000, {"kgCO2e": 1000})
    shown = page(told)
    assert "1,000 kg CO2e" in shown
    assert "1,000 公斤 CO2e" in shown
    assert "1,000 unit" not in shown
    assert ">單位</span></p>" not in shown


def test_a_certificate_of_two_metrics_adds_nothing_up(sample: Sample, mine: int) -> None:
    items = (*some(1, 7), *block(2, "1-5"))
    done = sample.do(c.Retire(source=mine, items=items, beneficiary="ACME", period="2025"))
    told = certificate(sample.ledger, 1)
    assert (told.quantity, told.by_metric) == (None, {"tCO2e": 7, "MWh": 5})
    shown = page(told)
    assert "5 MWh, 7 t CO2e" in shown
    assert "5 MWh、7 公噸 CO2e" in shown
    assert "of these units" not in shown
    sample.do(c.Correct(entry=done.seq, items=block(2, "1-2"), reason="typo"), cites="D-7")
    told = certificate(sample.ledger, 1)
    assert (told.corrected, told.corrected_by_metric) == (None, {"tCO2e": 0, "MWh": 2})
    assert "2 MWh of these units" in page(told)
    assert "2 MWh 已由" in page(told)


def test_a_certificate_of_tonnes_reads_as_ever(sample: Sample, mine: int) -> None:
    retire = c.Retire(source=mine, items=some(1, 1), beneficiary="ACME", period="2025")
    sample.do(retire, replace(retire, items=(*some(1, 4), *some(3, 2))))
    assert '>1 unit <span lang="zh-Hant">單位</span>' in page(certificate(sample.ledger, 1))
    assert '>6 units <span lang="zh-Hant">單位</span>' in page(certificate(sample.ledger, 2))
    assert "t CO2e" not in page(certificate(sample.ledger, 2))


def test_what_one_serial_is_and_what_article_6_counts_it_in() -> None:
    kilogram = LAW.units["ISOMETRIC"]
    hundred = replace(LAW.units["TCER"], quantum=100)
    law = Law(units={"K": kilogram, "H": hundred})
    assert [law.measure(code) for code in ("K", "H", "gone")] == ["kgCO2e", "100 tCO2e", "tCO2e"]
    assert [law.outcome(code) for code in ("K", "H", "gone")] == ["kgCO2e", "GHG", "GHG"]
