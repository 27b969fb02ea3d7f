"""Answers to what a rule leaves open: which are taken, and which one holds."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.ledger.given import DAY, LAW

from onetonne.ledger.article6.policy import answers, chosen, is_answer
from onetonne.ledger.article6.tables import Choice
from onetonne.ledger.refusals import Refused
from onetonne.ledger.units import Law

PLAIN = LAW.policies["elapsed"]
OPEN = replace(PLAIN, values=("none",), others=frozenset(("count", "share", "day")))


@pytest.mark.parametrize(
    ("text", "taken"),
    [("none", True), ("0", True), ("9" * 18, True), ("9" * 19, False), ("1/10", True),
     ("1/1", True), ("11/10", False), ("1/0", False), ("2026-12-31", True), ("2026-02-30", False),
     ("20261231", True), ("2026-1-1", False), ("", False), ("-1", False), ("x" * 41, False)],
)  # fmt: skip
def test_an_answer_is_a_word_or_of_a_kind_that_is_allowed(text: str, taken: bool) -> None:
    assert is_answer(OPEN, text) is taken
    assert is_answer(PLAIN, text) is False


def test_a_kind_alone_allows_no_other() -> None:
    counts = replace(OPEN, others=frozenset(("count",)))
    assert [is_answer(counts, text) for text in ("7", "1/7", "2026-12-31")] == [True, False, False]
    assert answers(OPEN) == "none, 100, 2026-12-31, 1/10"


def test_a_choice_holds_before_the_first_answer_of_the_law() -> None:
    mine = {"elapsed": Choice("elapsed", "INVENTORY_REPORTED", DAY, "ab" * 32, 7)}
    assert chosen({}, LAW, "elapsed") == "CALENDAR"
    assert chosen(mine, LAW, "elapsed") == "INVENTORY_REPORTED"
    assert chosen(mine, Law.empty(), "elapsed") == "INVENTORY_REPORTED"
    with pytest.raises(Refused):
        chosen({}, Law.empty(), "elapsed")
