"""What no history may hold of recalls, though it was signed: each is named by the watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import recall_rows as rows
from tests.ledger.article6_rows import ABROAD, DIGEST, JAPAN, authorised
from tests.ledger.given import DAY, block, given
from tests.ledger.register_rows import watched

from onetonne.ledger import events as ev
from onetonne.ledger.article6 import events as e6

STORY = given(*rows.FROM_JAPAN, replace(ABROAD, items=block("81-90")), rows.OPEN)
NEXT = STORY.seq + 1


OPENED = e6.RecallOpened(
    recall="R-2", authorisation="A1", party="JP", blocks=((1, 80, 90),), day=DAY,
    until=DAY + timedelta(365), digest=DIGEST,
)  # fmt: skip
YES = e6.RecallConsented(recall="R-1", party="JP", day=DAY, digest=DIGEST)
BACK = e6.Recalled(recall="R-1", lot=1, blocks=((90, 100),), authorisation="A1", version=1, day=DAY)
ENDS = ev.Cancelled(source=JAPAN, kind="towards_ndc_host", reason="")
MOVE = ev.Moved(lot=1, first=90, next=100, source=JAPAN, target=rows.HOME, held=((90, NEXT - 3),))
USED = e6.Used(
    lot=1, blocks=((90, 92),), source=JAPAN, purpose="NDC", day=DAY, approach="CA9001",
    party="JP", year=2030,
)  # fmt: skip
PART = replace(BACK, blocks=((90, 95),))
LAWFUL: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("a case", (OPENED,)),
    ("a consent and what goes back", (YES, BACK, ENDS, MOVE)),
)
UNLAWFUL: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("a case of that code again", (replace(OPENED, recall="R-1"),)),
    ("a case later than the terms allow", (replace(OPENED, until=DAY + timedelta(366)),)),
    ("a case that is late already",
     (replace(OPENED, day=DAY + timedelta(9), until=DAY + timedelta(8)),)),
    ("a case of what was not first transferred", (replace(OPENED, blocks=((1, 70, 80),)),)),
    ("a case of nothing", (replace(OPENED, blocks=()),)),
    ("under an authorisation that there is not", (replace(OPENED, authorisation="A9"),)),
    ("without a consent", (BACK, ENDS, MOVE)),
    ("by a consent to another case", (OPENED, replace(YES, recall="R-2"), BACK, ENDS, MOVE)),
    ("by the consent of another", (replace(YES, party="TW"), BACK, ENDS, MOVE)),
    ("too late", (replace(YES, day=DAY + timedelta(366)), BACK, ENDS, MOVE)),
    ("twice", (YES, BACK, ENDS, MOVE, YES)),
    ("in part", (YES, PART, ENDS, replace(MOVE, next=95))),
    ("more than was asked", (YES, replace(BACK, blocks=((89, 100),)), ENDS, MOVE)),
    ("under another version",
     (authorised(version=2, vintage_to=2029, **rows.TERMS), YES, replace(BACK, version=2), ENDS,
      MOVE)),
    ("and stays where it is", (YES, BACK)),
    ("what was used", (USED, YES, BACK, ENDS, MOVE)),
)  # fmt: skip


@pytest.mark.parametrize(("label", "events"), LAWFUL, ids=[row[0] for row in LAWFUL])
def test_what_an_act_can_do_is_not_named(label: str, events: tuple[Any, ...]) -> None:
    assert watched(STORY, *events) == set()


@pytest.mark.parametrize(("label", "events"), UNLAWFUL, ids=[row[0] for row in UNLAWFUL])
def test_what_no_act_can_do_is_named(label: str, events: tuple[Any, ...]) -> None:
    assert "unlawful_recall" in watched(STORY, *events)
