"""Every code of ours that a person may meet has a word in 繁體中文, in one table."""

from __future__ import annotations

from typing import get_args

import pytest

from onetonne.ledger import entity
from onetonne.ledger import events as ev
from onetonne.ledger.acts import accounts, activities, allocate, pay, reversals
from onetonne.ledger.acts.first_transfer import RESPONSIBILITIES
from onetonne.ledger.article6 import contributions
from onetonne.ledger.commands import BY_NAME
from onetonne.ledger.words import EVENTS_ZH, NAMES_ZH, ZH, typed, word, words
from onetonne.service.questions.holdings import status_of
from onetonne.store.lawbook import load_law

LAW = load_law()
OF_THE_FIELD = {"ndc"}
"""Codes whose word is the same in both languages."""
ENDS = {"retirement", "surrender", "conversion", *LAW.cancellation_kinds}
CODES = {
    "acts": BY_NAME,
    "ends": ENDS,
    "locks": LAW.lock_kinds,
    "labels": LAW.label_kinds,
    "purposes": LAW.purposes,
    "roles": accounts.ROLES,
    "accounts": (*accounts.KINDS, "sink"),
    "projects": accounts.PROJECT_KINDS,
    "allocations": allocate.KINDS,
    "payments": pay.KINDS,
    "groups": entity.KINDS,
    "reversals": reversals.KINDS,
    "contributions": contributions.KINDS,
    "responsibilities": RESPONSIBILITIES,
    "steps": activities.STEPS,
    "states": {step.after for step in activities.STEPS.values()},
    "statuses": {*(status_of(end, "", False) for end in ENDS), status_of("", "peer", False),
                 status_of("", "", True), status_of("", "", False)},
    "outcomes": ("approved", "rejected", "withdrawn", "expired"),
}  # fmt: skip


def chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


@pytest.mark.parametrize("sort", CODES)
def test_every_code_has_a_word_in_chinese(sort: str) -> None:
    lacking = {code for code in CODES[sort] if not chinese(word(str(code), "zh"))}
    assert lacking <= OF_THE_FIELD
    assert all(word(str(code), "en") == code for code in CODES[sort])


def test_every_event_has_a_word_in_chinese() -> None:
    assert {kind.__struct_config__.tag for kind in get_args(ev.Event)} == EVENTS_ZH.keys()
    assert all(map(chinese, EVENTS_ZH.values()))


def test_an_end_is_told_from_what_leads_there() -> None:
    assert word("cancelled.voluntary", "zh") == "已取消（自願）"
    assert word("retired", "zh") == "已註銷使用"
    assert word("retire", "zh") == "註銷使用"
    assert word("VCU", "zh") == "VCU"


def test_a_list_of_codes_is_a_list_of_words() -> None:
    assert words("cancel, convert (i-KCU)", "zh") == "取消、轉換 (i-KCU)"
    assert words("cancel, convert", "en") == "cancel, convert"


def test_what_must_be_typed_stands_beside_its_word() -> None:
    assert typed("vintage, fee_rate") == "年份（vintage）、fee_rate"
    assert set(NAMES_ZH) - set(ZH) > {"vintage", "host"}
