"""Registers that move no units, for the tests of the kernel: contributions under Article 6.8."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.ledger.article6_rows import (
    ABROAD,
    AT_USE,
    BEGUN,
    DIGEST,
    FOR_ALL,
    JAPAN,
    LOT,
    NDC,
    OWING,
    SOLD,
    USE,
)
from tests.ledger.given import DAY, LAW, REGISTRAR, SECOND, SURRENDER, A, ask, block

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.commands import Act
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lawful import Watch
from onetonne.ledger.state import State, apply

GIFT = a6.RecordContribution(
    contribution="N-1", kind="finance", giver="JP", receiver="TW", amount="1500.50",
    currency="USD", since=DAY, until=DAY, digest=DIGEST,
)  # fmt: skip
TAKEN_BACK = a6.WithdrawContribution(contribution="N-1", digest=DIGEST)
FROM_A_COMPANY = replace(GIFT, giver="", company="c:company", amount="", currency="")
GIVEN = c.Surrender(
    source=JAPAN, items=block("91-100"), system="S", period="2025", operator="JP-1",
    ndc_effect="use",
)  # fmt: skip
FOR_OTHERS: tuple[Act, ...] = (
    *BEGUN, LOT,
    replace(AT_USE, first_transfer="authorisation", entities=(), cap=0), ABROAD, OWING,
)  # fmt: skip
FOR_BOTH: tuple[Act, ...] = (*BEGUN, LOT, replace(FOR_ALL, cap=0), ABROAD, OWING)
REFUSED: tuple[tuple[str, tuple[Act, ...], Act, dict[str, Any]], ...] = (
    ("bad_text", (), replace(GIFT, contribution=" N"), {"field": "contribution"}),
    ("unknown_kind", (), replace(GIFT, kind="credits"), {"kind": "credits"}),
    ("contribution_without_units", (), replace(GIFT, currency="tCO2e"),
     {"field": "currency", "found": "tCO2e"}),
    ("contribution_without_units", (), replace(GIFT, facts={"sector": "energy", "tonnes": "5"}),
     {"field": "tonnes", "found": "5"}),
    ("contribution_without_units", (), replace(GIFT, facts={"effect": "saves 500t a year"}),
     {"field": "effect"}),
    ("contribution_without_units", (), replace(GIFT, facts={"lot_serials": "1-500"}),
     {"field": "lot_serials"}),
    ("giver_not_named", (), replace(GIFT, giver=""), {"contribution": "N-1"}),
    ("unknown_party", (), replace(GIFT, receiver="XX"), {"party": "XX"}),
    ("unknown_party", (), replace(GIFT, giver="XX"), {"party": "XX"}),
    ("unknown_party", (), replace(FROM_A_COMPANY, receiver=""), {"party": ""}),
    ("bad_text", (), replace(GIFT, amount="1e3"), {"field": "amount"}),
    ("bad_text", (), replace(GIFT, amount="-1"), {"field": "amount"}),
    ("bad_text", (), replace(GIFT, amount=""), {"field": "currency", "found": "USD"}),
    ("bad_text", (), replace(GIFT, currency=""), {"field": "currency", "found": "-"}),
    ("bad_text", (), replace(GIFT, currency="usd"), {"field": "currency"}),
    ("bad_text", (), replace(GIFT, until=DAY - timedelta(1)), {"field": "until"}),
    ("bad_text", (), replace(GIFT, facts={str(n): "" for n in range(21)}),
     {"field": "facts", "found": 21}),
    ("bad_text", (), replace(GIFT, facts={"x" * 201: ""}), {"field": "facts"}),
    ("bad_text", (), replace(GIFT, facts={"x": "y" * 201}), {"field": "facts"}),
    ("bad_digest", (), replace(GIFT, digest="x"), {}),
    ("contribution_withdrawn", (GIFT, TAKEN_BACK), GIFT, {"contribution": "N-1"}),
    ("contribution_withdrawn", (GIFT, TAKEN_BACK), TAKEN_BACK, {}),
    ("unknown_contribution", (GIFT,), replace(TAKEN_BACK, contribution="N-2"),
     {"contribution": "N-2"}),
    ("bad_digest", (GIFT,), replace(TAKEN_BACK, digest="x"), {}),
    ("unknown_kind", (*SOLD, OWING), replace(GIVEN, ndc_effect="gift"), {"kind": "gift"}),
    ("ndc_effect_missing", (*SOLD, OWING), replace(GIVEN, ndc_effect=""), {"serials": "91-100"}),
    ("ndc_effect_missing", (*SOLD, OWING, c.Transfer(source=A, target=JAPAN, items=block("86-90"))),
     replace(GIVEN, items=block("88-95"), ndc_effect=""), {"serials": "88-90"}),
    ("ndc_effect_contradicted", (*BEGUN, NDC, LOT, ABROAD, OWING), GIVEN,
     {"effect": "use", "why": "none of them was first transferred"}),
    ("ndc_effect_contradicted", (*SOLD, OWING), replace(GIVEN, ndc_effect="oimp"),
     {"why": "A1 is for an NDC alone"}),
    ("ndc_effect_contradicted", (*FOR_OTHERS, NDC), replace(GIVEN, ndc_effect="held"),
     {"why": "A1 is not for an NDC"}),
    ("ndc_effect_contradicted", (*FOR_OTHERS, NDC), GIVEN, {"why": "A1 is not for an NDC"}),
    ("ndc_effect_contradicted",
     (*BEGUN, NDC, LOT, replace(FOR_ALL, cap=0, parties=("SG",)), ABROAD, OWING), GIVEN,
     {"why": "A1 is not for JP"}),
    ("ndc_effect_contradicted",
     (*BEGUN, replace(NDC, first=2025, last=2030), *SOLD[-3:], OWING), GIVEN,
     {"why": "JP has no recorded NDC for vintage 2024"}),
    ("ndc_effect_contradicted",
     (*BEGUN, replace(NDC, first=2021, last=2023), *SOLD[-3:], OWING), GIVEN,
     {"why": "JP has no recorded NDC for vintage 2024"}),
    ("ndc_effect_contradicted", (*BEGUN, replace(NDC, metric="MWh"), *SOLD[-3:], OWING), GIVEN,
     {"why": "lot 1 is measured in GHG, the NDC in MWh"}),
    ("surrendered_for_others", (*FOR_BOTH, NDC, replace(GIVEN, ndc_effect="oimp")),
     replace(USE, source=SURRENDER, items=block("92-95")), {"serials": "92-95"}),
)  # fmt: skip


def recorded(act: a6.RecordContribution, **changes: Any) -> e6.ContributionRecorded:
    fields = {f: getattr(act, f) for f in a6.RecordContribution.__struct_fields__}
    return e6.ContributionRecorded(**(fields | {"version": 1} | changes))


MADE: tuple[tuple[str, tuple[Act, ...], Act | c.Request, tuple[Any, ...]], ...] = (
    ("record a contribution", (), GIFT, (recorded(GIFT),)),
    ("record one of a company", (), FROM_A_COMPANY, (recorded(FROM_A_COMPANY),)),
    ("with words that only look like units",
     (), replace(GIFT, facts={"donor": "Tonga export credit fund", "by": "執行單位"}),
     (recorded(GIFT, facts={"donor": "Tonga export credit fund", "by": "執行單位"}),)),
    ("change a contribution", (GIFT,), replace(GIFT, kind="capacity"),
     (recorded(GIFT, kind="capacity", version=2),)),
    ("withdraw a contribution", (GIFT, GIFT), replace(TAKEN_BACK, reason="c:why"),
     (e6.ContributionWithdrawn(contribution="N-1", version=3, digest=DIGEST, reason="c:why"),)),
    ("contribute with two people", (c.Propose(acts=(GIFT,)),),
     ask(c.Approve(proposal=1), by=SECOND),
     (ev.Settled(proposal=1, outcome="approved"), recorded(GIFT))),
)  # fmt: skip


def watched(whole: State, *made: Any) -> set[str]:
    """The codes that the watch gives for a story with one more entry, of these events."""
    last = Entry(VERSION, whole.seq + 1, 1, REGISTRAR, LAW.digest, made)
    entries = {n: replace(whole.entries[n], at=1) for n in range(1, last.seq)} | {last.seq: last}
    state = State(search=False)
    watch = Watch(state, entries.get)
    for entry in entries.values():
        watch.begin(entry)
        apply(state, entry, watch.see)
    watch.end()
    return {finding.code for finding in watch.findings}


ENDED = replace(GIFT, contribution="N-9")
WORLD: tuple[Act, ...] = (GIFT, ENDED, replace(TAKEN_BACK, contribution="N-9"))
Breaches = tuple[tuple[str, str, dict[str, Any]], ...]
_NO_DIGEST = ("bad_digest", "the digest is no SHA-256 in hex", {"digest": "x"})
_WITHDRAWN = ("contribution_withdrawn", "it was withdrawn", {"contribution": "N-9"})
GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (GIFT, (
        ("bad_text", "the code is not of letters, digits, blank . / -", {"contribution": "_"}),
        ("unknown_kind", "the kind is unknown", {"kind": "credits"}),
        ("contribution_without_units", "the currency or a fact names tonnes or serials",
         {"currency": "tCO2e"}),
        ("giver_not_named", "neither a Party nor a company gives it", {"giver": ""}),
        ("unknown_party", "a Party is unknown", {"receiver": "XX"}),
        ("bad_text", "the amount is no decimal number", {"amount": "x"}),
        ("bad_text", "amount and currency do not stand together", {"currency": ""}),
        ("bad_text", "its last day is before its first", {"until": DAY - timedelta(1)}),
        ("bad_text", "the facts are too many or too long", {"facts": {"x": "y" * 201}}),
        _NO_DIGEST,
        _WITHDRAWN,
    )),
    (TAKEN_BACK, (
        ("unknown_contribution", "there is none of that code", {"contribution": "N-8"}),
        _WITHDRAWN,
        _NO_DIGEST,
    )),
)  # fmt: skip
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (
    ("record a contribution", GIFT, {"contributions": {"N-1"}}),
    ("withdraw a contribution", TAKEN_BACK, {"contributions": {"N-1"}}),
)
