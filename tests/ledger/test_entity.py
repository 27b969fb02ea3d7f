"""Who counts as one before the law on a day, and what they owe together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.compliance_rows import BACK, FIGURE, GIVE, LOT, decided
from tests.ledger.given import DAY, SYSTEMS, code, given

from onetonne.ledger import commands as c
from onetonne.ledger import entity
from onetonne.ledger.commands import Request
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, find_period

SYSTEM = SYSTEMS.systems["S"]
LATER = DAY + timedelta(days=10)
MERGER = ("merger",)


def group(*operators: str, into: str = "", kind: str = "pool", since: date = DAY) -> Any:
    return decided(
        c.GroupOperators(system="S", operators=operators, since=since, into=into, kind=kind)
    )


def one(state: State, who: str, day: date = LATER, kinds: tuple[str, ...] = entity.KINDS) -> str:
    return " ".join(entity.companions(state, "S", who, day, kinds))


def at(name: str = "2025", day: date = DAY) -> At:
    found = find_period(SYSTEM, name, day)
    assert found is not None
    return found


def test_a_pool_begins_on_its_day_and_ends_when_its_members_stand_alone() -> None:
    state = given(group("OP-A", "OP-B", into="POOL", since=LATER))
    assert one(state, "OP-A", LATER - timedelta(days=1)) == "OP-A"
    assert one(state, "OP-A") == "OP-A OP-B"
    assert one(state, "OP-A", kinds=MERGER) == "OP-A"
    given(group("OP-A", since=LATER + timedelta(days=1)), state=state)
    assert one(state, "OP-A") == "OP-A OP-B"
    assert one(state, "OP-A", LATER + timedelta(days=1)) == "OP-A"
    assert one(state, "OP-B", LATER + timedelta(days=1)) == "OP-B"


def test_another_pool_takes_the_place_of_the_first() -> None:
    state = given(group("OP-A", "OP-B", into="ONE"), group("OP-P", into="TWO"))
    given(group("OP-A", into="TWO", since=LATER), state=state)
    assert one(state, "OP-A", DAY) == "OP-A OP-B"
    assert (one(state, "OP-A"), one(state, "OP-B")) == ("OP-A OP-P", "OP-B")


@pytest.mark.parametrize("since", [DAY, LATER])
def test_a_pool_leaves_a_merger_as_it_was(since: date) -> None:
    state = given(group("OP-A", into="OP-B", kind="merger"))
    given(group("OP-A", "OP-P", into="POOL", since=since), state=state)
    assert one(state, "OP-B", kinds=MERGER) == "OP-A OP-B"
    assert one(state, "OP-P", kinds=MERGER) == "OP-P"
    assert one(state, "OP-P") == one(state, "OP-B") == "OP-A OP-B OP-P"
    given(group("OP-A", since=LATER), state=state)
    assert one(state, "OP-B", kinds=MERGER) == "OP-B"


def test_mergers_in_a_chain_and_in_a_ring_are_one() -> None:
    state = given(group("OP-A", into="OP-B", kind="merger"), group("OP-B", into="OP-P",
                                                                   kind="merger"))  # fmt: skip
    assert one(state, "OP-A", kinds=MERGER) == "OP-A OP-B OP-P"
    given(group("OP-P", into="OP-A", kind="merger"), state=state)
    assert one(state, "OP-P", kinds=MERGER) == "OP-A OP-B OP-P"
    assert one(state, "TIGHT", kinds=MERGER) == "TIGHT"


def test_who_is_grouped_anew_in_the_same_entry_belongs_again() -> None:
    acts = [
        c.GroupOperators(system="S", operators=("OP-A",), since=DAY, into=into, kind=kind)
        for into, kind in (("", "pool"), ("OP-B", "merger"))
    ]
    state = given(Request(by=1, acts=tuple(acts), cites="decision 1"))
    assert one(state, "OP-A", kinds=MERGER) == "OP-A OP-B"


def test_groups_are_of_one_system() -> None:
    state = given(group("OP-A", "OP-B", into="POOL"))
    assert entity.companions(state, "T", "OP-A", LATER) == ("OP-A",)


def test_the_excess_of_a_merger_is_that_of_all_though_one_of_them_joined_a_pool() -> None:
    figures = [decided(replace(FIGURE, operator=who, tonnes=8)) for who in ("OP-A", "OP-B")]
    state = given(LOT, GIVE, *figures)
    assert code(state, BACK) == ""  # 10 given, 8 owed
    given(group("OP-B", into="OP-A", kind="merger"), state=state)
    assert code(state, BACK) == "no_excess"  # 16 owed
    given(group("OP-B", "OP-P", into="POOL"), state=state)
    assert code(state, BACK) == "no_excess"


@pytest.mark.parametrize(
    ("figures", "owed"),
    [
        ({}, None),
        ({"verified_emissions": 70}, 70),
        ({"obligation": 30, "verified_emissions": 70}, 30),
        ({"taxable_emissions": 70}, None),
    ],
)
def test_what_is_owed_is_told_or_worked_out(figures: dict[str, int], owed: int | None) -> None:
    bases: entity.Bases = {name: {"2025": tonnes} for name, tonnes in figures.items()}
    period = at().period
    entity.add_obligation(SYSTEM, period, bases, {})
    assert entity.owed_in(SYSTEM, period, bases) == owed


def test_without_a_rule_verified_emissions_are_owed() -> None:
    bare = replace(SYSTEM, obligation=None)
    bases: entity.Bases = {"verified_emissions": {"2025": 7}}
    entity.add_obligation(bare, at().period, bases, {})
    assert entity.owed_in(bare, at().period, bases) == 7


def test_a_share_that_is_not_law_yet_leaves_what_is_owed_unknown() -> None:
    assert SYSTEM.obligation is not None
    (version,) = SYSTEM.obligation.shares
    for shares in ((), (replace(version, readings=()),), (replace(version, since=LATER),)):
        owing = replace(SYSTEM, obligation=replace(SYSTEM.obligation, shares=shares))
        bases: entity.Bases = {"verified_emissions": {"2025": 7}}
        assert entity.derived_obligation(owing, at().period, bases, {}) is None


def test_uses_by_lot_are_in_the_order_of_lots() -> None:
    assert entity.by_lot([(2, 0, 5), (1, 3, 4), (2, 9, 10)]) == ((1, 1), (2, 6))
    assert entity.by_lot([]) == ()
