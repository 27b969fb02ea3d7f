"""Agreements between Parties, for the tests of the kernel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.ledger.article6_rows import APPROACH, CHANGED, DIGEST, LOA, READY, authorised
from tests.ledger.given import DAY, ask

from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.commands import Act

PACT = a6.RecordAgreement(
    agreement="JP-TW", title="An agreement", parties=("TW", "JP", "SG"), since=DAY, digest=DIGEST
)
ON_IT = replace(APPROACH, agreement="JP-TW")
PAST = replace(PACT, since=DAY - timedelta(9), until=DAY - timedelta(1))
DAYS = {"agreement": "JP-TW", "approach": "CA9001", "day": str(DAY)}
REFUSED: tuple[tuple[str, tuple[Any, ...], Any, dict[str, Any]], ...] = (
    ("bad_text", (), replace(PACT, agreement="_"), {"field": "agreement"}),
    ("unknown_party", (), replace(PACT, parties=("TW", "XX")), {"party": "XX"}),
    ("unknown_party", (), replace(PACT, parties=()), {"party": ""}),
    ("bad_text", (), replace(PACT, parties=("TW", "JP", "JP")), {"field": "parties"}),
    ("bad_text", (), replace(PACT, title=""), {"field": "title"}),
    ("bad_text", (), replace(PACT, title="x" * 201), {"field": "title"}),
    ("bad_text", (), replace(PACT, until=DAY - timedelta(1)), {"field": "until"}),
    ("bad_digest", (), replace(PACT, digest="x"), {}),
    ("unknown_agreement", (), ON_IT, {"agreement": "JP-TW"}),
    ("party_not_in_agreement", (replace(PACT, parties=("TW", "JP")),), ON_IT, {"party": "SG"}),
    ("agreement_not_in_force", (PAST, ON_IT, READY), LOA,
     DAYS | {"until": str(DAY - timedelta(1))}),
    ("agreement_not_in_force", (replace(PACT, since=DAY + timedelta(1)), ON_IT, READY), LOA,
     DAYS | {"since": str(DAY + timedelta(1)), "until": "-"}),
    ("agreement_not_in_force", (PACT, ON_IT, READY, LOA, PAST), CHANGED, DAYS),
    ("approach_not_in_force", (replace(APPROACH, until=DAY - timedelta(1)), READY), LOA,
     {"approach": "CA9001", "since": "-", "until": str(DAY - timedelta(1)), "day": str(DAY)}),
    ("approach_not_in_force", (replace(APPROACH, since=DAY + timedelta(1)), READY), LOA,
     {"since": str(DAY + timedelta(1)), "until": "-"}),
)  # fmt: skip
_MADE = e6.AgreementRecorded(
    agreement="JP-TW", version=1, title="An agreement", parties=("TW", "JP", "SG"), since=DAY,
    digest=DIGEST,
)  # fmt: skip
MADE: tuple[tuple[str, tuple[Any, ...], Any, tuple[Any, ...]], ...] = (
    ("record an agreement", (), PACT, (_MADE,)),
    ("record its next version", (PACT,), replace(PACT, until=DAY),
     (replace(_MADE, version=2, until=DAY),)),
    ("register an approach that rests on it", (PACT,), ON_IT,
     (e6.ApproachRegistered(approach="CA9001", parties=("TW", "JP", "SG"), agreement="JP-TW"),)),
    ("authorise on the first and last day of it", (replace(PACT, until=DAY), ON_IT, READY), LOA,
     (authorised(),)),
    ("authorise on the one day of an approach", (replace(APPROACH, since=DAY, until=DAY), READY),
     LOA, (authorised(),)),
    ("authorise as of a day on which it was in force", (PAST, ON_IT, READY),
     ask(LOA, effective=DAY - timedelta(1), cites="d"), (authorised(day=DAY - timedelta(1)),)),
)  # fmt: skip
Breaches = tuple[tuple[str, str, dict[str, Any]], ...]
GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (PACT, (
        ("bad_text", "the code is not of letters, digits, blank . / -", {"agreement": "_"}),
        ("unknown_party", "a Party is unknown, or there is none", {"parties": ()}),
        ("bad_text", "there is no title, or it is too long", {"title": ""}),
        ("bad_text", "it ends before it begins", {"until": DAY - timedelta(1)}),
        ("bad_digest", "the digest is no SHA-256 in hex", {"digest": "x"}),
    )),
)  # fmt: skip
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (("record an agreement", PACT, {}),)
