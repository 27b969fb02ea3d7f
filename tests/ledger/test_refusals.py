"""Every reason to refuse: when it is given, what it names, and how it reads in both languages."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from tests.ledger.given import code, given, when
from tests.ledger.refusal_rows import DATED, LOT, ROWS, SERVICE, Dated, Row

from onetonne.ledger.refusal_words import WORDS
from onetonne.ledger.refusals import CODES, Refusal


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row.code}" for n, row in enumerate(ROWS)])
def test_is_refused_with_code_and_facts(row: Row) -> None:
    answer = when(given(*row.given), row.when)
    assert isinstance(answer, Refusal), "accepted"
    assert answer.code == row.code, answer.sentence()
    assert {name: answer.facts.get(name) for name in row.facts} == row.facts


@pytest.mark.parametrize("row", DATED, ids=[f"{row.code}-{row.day}" for row in DATED])
def test_a_window_holds_on_both_its_days(row: Dated) -> None:
    assert (code(given(LOT), row.when, day=row.day) == row.code) is row.refused


def test_every_code_has_a_row() -> None:
    with_row = {row.code for row in ROWS} | {row.code for row in DATED} | set(SERVICE)
    assert with_row == set(CODES)


def test_codes_are_numbered_once_and_in_order() -> None:
    numbers = [number for number, _, _ in CODES.values()]
    assert numbers == list(range(1, len(CODES) + 1))


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row.code}" for n, row in enumerate(ROWS)])
def test_says_every_fact_in_both_languages(row: Row) -> None:
    answer = when(given(*row.given), row.when)
    assert isinstance(answer, Refusal)
    _, en, zh = CODES[answer.code]
    wanted = set(re.findall(r"{(\w+)}", en))
    assert wanted == set(re.findall(r"{(\w+)}", zh))
    assert wanted <= set(answer.facts)
    assert json.loads(msgspec.json.encode(answer.facts)) == answer.facts
    assert re.search("[一-鿿]", answer.sentence("zh-TW"))
    assert not re.search("[一-鿿]", answer.sentence("en"))


SET_PHRASES = ("what", "needed", "lift_by", "why", "outcome", "elsewhere", "locks")
"""Facts that are always phrases of ours, never codes."""


def english_in(refusal: Refusal) -> list[str]:
    """English in the Chinese sentence: two words or more together, or a phrase that has no row.
    Commands to type are no English, and codes are one word each."""
    said = re.sub("onetonne [a-z ]+", "", refusal.sentence("zh"))
    kept = [
        refusal.facts[name]
        for name in SET_PHRASES
        if name in refusal.facts and WORDS[name].zh(refusal.facts[name]) == refusal.facts[name]
    ]
    return re.findall("[a-z]{2,}(?: [a-z]{2,})+", said) + kept


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row.code}" for n, row in enumerate(ROWS)])
def test_no_english_stands_in_a_chinese_sentence(row: Row) -> None:
    answer = when(given(*row.given), row.when)
    assert isinstance(answer, Refusal)
    assert english_in(answer) == []


def test_english_in_a_chinese_sentence_is_seen() -> None:
    ship = Refusal("row_does_not_fit", {"found": "block", "expected": "a ship abroad"})
    assert english_in(ship) == ["ship abroad"]
    boat = Refusal("number_taken", {"what": "boat", "number": 1})
    assert english_in(boat) == ["boat"]


def test_an_empty_fact_is_said_to_be_empty() -> None:
    empty = Refusal("bad_number", {"text": ""})
    assert empty.sentence().startswith("(empty) is no serial number")
    assert empty.sentence("zh").startswith("（空白）不是序號")


def test_a_sentence_without_its_fact_says_so() -> None:
    assert Refusal("unknown_lot").sentence() == "There is no lot ? in this ledger. Check the lot."
