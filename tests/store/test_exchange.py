"""Two files speak of the same windows: what may be converted, and what the exchange lets pass."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from onetonne.rules.facts import read_facts
from onetonne.rules.judge import judge
from onetonne.rules.verdict import Ask
from onetonne.store.jurisdictions import load_lawbook
from onetonne.store.lawbook import load_law

BOOK, CONVERSIONS = load_lawbook(), load_law().conversions
PATHS = [(system, path) for system in BOOK.systems.values() if system.exchange_for
         for path in system.paths]  # fmt: skip
RULES = [(system.code, code, period) for system, path in PATHS for period in ("1", "2")
         for code, rule in CONVERSIONS.items()
         if rule.target == path.target and path.source in rule.sources
         and rule.requires == {"commitment_period": period}]  # fmt: skip
DAY = timedelta(1)


def lets_pass(system: str, unit: str, period: str, day: date) -> bool:
    facts = {"unit_type": unit, "project_type": "WIND", "host": "CH", "registration": "2010-01-01",
             "second_period_target": True, "commitment_period": f"CP{period}"}  # fmt: skip
    (verdict,) = judge(BOOK, Ask(system=system, day=day, facts=read_facts(facts), period="2013"))
    return verdict.result == "ELIGIBLE"


def test_every_path_of_an_exchange_has_its_conversions() -> None:
    assert len(RULES) == 2 * len(PATHS) > 0
    assert all(path.uses for _, path in PATHS)


@pytest.mark.parametrize(("system", "code", "period"), RULES)
def test_a_conversion_is_open_exactly_as_long_as_the_exchange(
    system: str, code: str, period: str
) -> None:
    rule = CONVERSIONS[code]
    assert rule.since is not None
    assert rule.until is not None
    days = (rule.since - DAY, rule.since, rule.until, rule.until + DAY)
    (source,) = rule.sources
    found = [lets_pass(system, source, period, day) for day in days]
    assert found == [False, True, True, False]
