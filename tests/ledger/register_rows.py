"""Registers that move no units, for the tests of the kernel: contributions under Article 6.8."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.ledger.article6_rows import DIGEST
from tests.ledger.given import DAY, SECOND, ask

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.commands import Act

GIFT = a6.RecordContribution(
    contribution="N-1", kind="finance", giver="JP", receiver="TW", amount="1500.50",
    currency="USD", since=DAY, until=DAY, digest=DIGEST,
)  # fmt: skip
TAKEN_BACK = a6.WithdrawContribution(contribution="N-1", digest=DIGEST)
FROM_A_COMPANY = replace(GIFT, giver="", company="c:company", amount="", currency="")
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
