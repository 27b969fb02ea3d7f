"""The engine on made-up law: every kind of limit, figure, period and basket worked out by hand, and
every comparison, sum and choice in it shown to be met by a check.
"""

from __future__ import annotations

from functools import partial
from types import ModuleType

import pytest
from tests.rules.engine_baskets import MANY, Many, wrong_of_many
from tests.rules.engine_mutants import MODULES, mutants, survivors
from tests.rules.engine_rows import ROWS, Row, wrong
from tests.rules.engine_told import TOLD, Told, wrong_of_told

from onetonne.rules import law


def wrong_of_steady(data: dict[str, object], value: object) -> str:
    """Words of a leaf stand in one order always; other lists are in the law's own."""
    got = law._steady(data)["value"]
    return "" if got == value else f"{value} but {got}"


CHECKS = [
    *(partial(wrong, row) for row in ROWS),
    *(partial(wrong_of_many, row) for row in MANY),
    *(partial(wrong_of_told, row) for row in TOLD),
    partial(wrong_of_steady, {"type": "leaf", "value": ["b", "a"]}, ["a", "b"]),
    partial(wrong_of_steady, {"type": "leaf", "value": "b"}, "b"),
    partial(wrong_of_steady, {"type": "row", "value": ["b", "a"]}, ["b", "a"]),
]
SAME = {
    "judge judge: ask.day < p.opens -> ask.day <= p.opens":
        "asked only where no period is open, so none opens on that day",
    "figures floored: found[0] // 1 -> found[0] / 1":
        "int() cuts off what is left of a number that is not below zero",
    "figures floored: found[1] // 1 -> found[1] / 1":
        "int() cuts off what is left of a number that is not below zero",
    "basket _gates: len(_known) >= MAX_KNOWN -> len(_known) > MAX_KNOWN":
        "one answer more is kept in memory",
    "compose described: len(_DESCRIBED) >= MAX_DESCRIBED -> len(_DESCRIBED) > MAX_DESCRIBED":
        "one description more is kept in memory",
}  # fmt: skip
"""Changes that change no answer, and why."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.system}-{row.period}-{row.expect}")
def test_a_unit_is_counted_as_worked_out_by_hand(row: Row) -> None:
    assert wrong(row) == ""


@pytest.mark.parametrize("row", MANY, ids=lambda row: f"{row.system}-{row.period}-{row.expect}")
def test_a_basket_is_counted_as_worked_out_by_hand(row: Many) -> None:
    assert wrong_of_many(row) == ""


@pytest.mark.parametrize("row", TOLD, ids=lambda row: f"{row.period}-{row.day}")
def test_an_answer_is_told_line_by_line(row: Told) -> None:
    assert wrong_of_told(row) == ""


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
def test_the_engine_changed_by_the_least_step_is_noticed(module: ModuleType) -> None:
    count, found = survivors(module, CHECKS)
    assert count > 5
    assert [line for line in found if line not in SAME] == []


def test_what_is_excused_is_still_there() -> None:
    assert SAME.keys() <= {str(mutant) for module in MODULES for mutant in mutants(module)}


@pytest.mark.slow
def test_a_check_that_is_missing_is_seen() -> None:
    kept = [partial(wrong, row) for row in ROWS if row.system != "MINIMA"]
    (limits,) = [module for module in MODULES if module.__name__.endswith("limits")]
    assert any("_spare" in line for line in survivors(limits, kept)[1])
