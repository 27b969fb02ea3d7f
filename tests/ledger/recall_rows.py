"""Recalls of unused units, for the tests of the kernel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.ledger.article6_rows import (
    ABROAD,
    BEGUN,
    DIGEST,
    FOR_ALL,
    JAPAN,
    LOA,
    LOT,
    NDC,
    REVOKE,
    SOLD,
    USE,
    N,
    loa,
)
from tests.ledger.given import DAY, A, amount, ask, block

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.commands import Act

TERMS: dict[str, Any] = {"recall_days": 365, "revocation_terms": "counted once"}
FROM_JAPAN: tuple[Act, ...] = (*BEGUN, NDC, LOT, replace(LOA, vintage_to=2029, **TERMS), ABROAD)
OPEN = a6.OpenRecall(recall="R-1", authorisation="A1", items=block("91-100"), digest=DIGEST)
YES = a6.ConsentToRecall(recall="R-1", party="JP", digest=DIGEST)
ASKED: tuple[Act, ...] = (*FROM_JAPAN, OPEN)
SINGAPORE = c.OpenAccount(account=1022, party="SG")
ON = c.Transfer(source=JAPAN, target=1022, items=block("91"))
LONG_AGO = DAY - timedelta(365)
_LATE = (*BEGUN, LOT, ask(replace(LOA, **TERMS), effective=LONG_AGO, cites="d"))
SHORT: tuple[Act, ...] = (
    *BEGUN, replace(NDC), LOT,
    ask(replace(FOR_ALL, recall_days=2, revocation_terms="once"), effective=DAY - timedelta(3),
        cites="d"),
)  # fmt: skip
"""First transferred three days ago, to be recalled within two."""
NO = "not_recallable"
HOME = 22
REFUSED: tuple[tuple[str, tuple[Any, ...], Any, dict[str, Any]], ...] = (
    ("bad_quantity", BEGUN, replace(LOA, recall_days=-1), {"quantity": -1}),
    ("bad_quantity", BEGUN, replace(LOA, recall_days=36_526), {"limit": 36_525}),
    ("bad_text", BEGUN, replace(LOA, recall_days=1), {"field": "revocation_terms"}),
    ("bad_text", FROM_JAPAN, replace(OPEN, recall=" "), {"field": "recall"}),
    ("number_taken", ASKED, OPEN, {"what": "recall", "number": "R-1"}),
    ("unknown_authorisation", FROM_JAPAN, replace(OPEN, authorisation="A8"), {}),
    ("bad_digest", FROM_JAPAN, replace(OPEN, digest="x"), {}),
    ("empty_request", FROM_JAPAN, replace(OPEN, items=()), {}),
    ("too_many_items", FROM_JAPAN, replace(OPEN, items=block("91") * 301), {"count": 301}),
    ("item_malformed", FROM_JAPAN, replace(OPEN, items=amount(5)), {}),
    ("unknown_lot", FROM_JAPAN, replace(OPEN, items=block("91", lot=9)), {"lot": 9}),
    ("outside_lot", FROM_JAPAN, replace(OPEN, items=block("101")), {}),
    ("named_twice", FROM_JAPAN, replace(OPEN, items=(*block("91-92"), *block("92"))), {}),
    ("not_first_transferred", FROM_JAPAN, replace(OPEN, items=block("90-91")),
     {"serials": "90", "free": 1}),
    (NO, SOLD, OPEN, {"why": "its terms provide for no recall", "serials": "91-100"}),
    (NO, (*FROM_JAPAN, loa("B", units=("OUT",), vintage_from=2030)),
     replace(OPEN, authorisation="B"), {"why": "their authorisation is A1"}),
    (NO, (*FROM_JAPAN, c.Convert(source=JAPAN, items=block("91-100"), rule="WHOLE")),
     replace(OPEN, items=block("1", lot=2)), {"why": "a conversion made them"}),
    (NO, (*FROM_JAPAN, SINGAPORE, ON), OPEN, {"why": "several Parties hold them"}),
    (NO, (*FROM_JAPAN, replace(ON, target=A)), replace(OPEN, items=block("91")),
     {"why": "their host holds them"}),
    ("already_used", (*FROM_JAPAN, replace(USE, items=block("91"))), OPEN, {"serials": "91"}),
    ("sink_is_final", (*FROM_JAPAN, c.Cancel(source=JAPAN, items=block("91"), kind="voluntary")),
     OPEN, {"sink": "voluntary"}),
    ("recall_too_late", SHORT, replace(OPEN, items=block("1-10")),
     {"until": str(DAY - timedelta(1)), "day": str(DAY)}),
    ("unknown_recall", FROM_JAPAN, YES, {"recall": "R-1"}),
    ("recall_settled", (*ASKED, YES), YES, {"entry": N + len(ASKED)}),
    ("consent_of_another", ASKED, replace(YES, party="TW"), {"holder": "JP", "party": "TW"}),
    ("bad_digest", ASKED, replace(YES, digest="x"), {}),
    ("already_used", (*ASKED, replace(USE, items=block("95"))), YES, {"serials": "95"}),
    (NO, (*ASKED, SINGAPORE, ON), YES, {"why": "another Party holds them now"}),
    ("locked", (*ASKED, c.Lock(source=JAPAN, items=block("92"), kind="hold")), YES, {}),
    ("needs_two_people",
     (*FROM_JAPAN, c.OpenAccount(account=1023, party="JP", agents=(), two_people=True),
      replace(ON, target=1023), replace(OPEN, items=block("91"))), YES, {"account": 1023}),
    ("nothing_to_correct", (*ASKED, YES), c.Correct(entry=N + len(ASKED), reason="r"),
     {"why": "levies, reversals, recalls and use towards a first NDC stand"}),
    ("sink_is_final", (*ASKED, YES), replace(USE, source=HOME, party="TW"), {}),
)  # fmt: skip
_SALE = N + len(FROM_JAPAN) - 1
MADE: tuple[tuple[str, tuple[Any, ...], Any, tuple[Any, ...]], ...] = (
    ("open a recall", FROM_JAPAN, OPEN,
     (e6.RecallOpened(recall="R-1", authorisation="A1", party="JP", blocks=((1, 90, 100),), day=DAY,
                      until=DAY + timedelta(365), digest=DIGEST),)),
    ("open one after the revocation", (*FROM_JAPAN, REVOKE), replace(OPEN, items=block("91")),
     (e6.RecallOpened(recall="R-1", authorisation="A1", party="JP", blocks=((1, 90, 91),), day=DAY,
                      until=DAY + timedelta(365), digest=DIGEST),)),
    ("open one on its last day", (*SHORT, c.Transfer(source=A, target=JAPAN, items=block("1"))),
     ask(replace(OPEN, items=block("1")), effective=DAY - timedelta(1), cites="d"),
     (e6.RecallOpened(recall="R-1", authorisation="A1", party="JP", blocks=((1, 0, 1),),
                      day=DAY - timedelta(1), until=DAY - timedelta(1), digest=DIGEST),)),
    ("consent to a recall", ASKED, YES,
     (e6.RecallConsented(recall="R-1", party="JP", day=DAY, digest=DIGEST),
      e6.Recalled(recall="R-1", lot=1, blocks=((90, 100),), authorisation="A1", version=1, day=DAY),
      ev.Cancelled(source=JAPAN, kind="towards_ndc_host", reason=""),
      ev.Moved(lot=1, first=90, next=100, source=JAPAN, target=HOME, held=((90, _SALE),)))),
)  # fmt: skip
Breaches = tuple[tuple[str, str, dict[str, Any]], ...]
GUARDED = 15
"""The lot of the world that guards are tried in."""
WORLD: tuple[Any, ...] = (
    loa("K", vintage_from=2044, vintage_to=2044, cap=10, **TERMS),
    c.Issue(unit="CRED", quantity=10, account=JAPAN, vintage=2044, host="TW"),
    c.Transfer(source=JAPAN, target=1021, items=block("10", lot=GUARDED)),
    replace(OPEN, authorisation="K", items=block("1-2", lot=GUARDED)),
    replace(OPEN, recall="R-0", authorisation="K", items=block("9", lot=GUARDED)),
    replace(YES, recall="R-0"),
)
_NO_DIGEST = ("bad_digest", "the digest is no SHA-256 in hex", {"digest": "x"})
GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (replace(OPEN, recall="R-9", authorisation="K", items=block("1-2", lot=GUARDED)), (
        ("bad_text", "the code is not of letters, digits, blank . / -", {"recall": "_"}),
        ("number_taken", "the code is taken", {"recall": "R-1"}),
        ("unknown_authorisation", "the authorisation is unknown", {"authorisation": "A8"}),
        _NO_DIGEST,
        ("empty_request", "no item", {"items": ()}),
        ("too_many_items", "more than 300 items", {"items": 301}),
        ("unknown_lot", "its lot is unknown", {"item.lot": 99}),
        ("item_malformed", "an item is a quantity", {"item.quantity": 5}),
        ("bad_number", "its serials are no range", {"item.serials": "x"}),
        ("outside_lot", "they lie outside the lot", {"item.serials": "10-11"}),
        ("act_not_permitted_for_unit", "its unit may not end at home",
         {"item.lot": 2, "item.serials": "1-2"}),
        ("not_first_transferred", "some of them are not first transferred",
         {"item.lot": 1, "item.serials": "1-2"}),
        ("not_recallable", "the terms provide for no recall of them, or their host holds them",
         {"item.serials": "10"}),
    )),
    (YES, (
        ("unknown_recall", "the recall is unknown", {"recall": "R-8"}),
        ("recall_settled", "its units went back", {"recall": "R-0"}),
        ("consent_of_another", "another Party holds the units", {"party": "SG"}),
        _NO_DIGEST,
    )),
)  # fmt: skip
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (
    ("open a recall", OPEN, {"recalls": {"R-1"}, "uses": True, "holders": True, "lots": {1},
                             "blocks": [(1, "91-100")], "demand": {1: 10}}),
    ("consent to a recall", YES, {"recalls": {"R-1"}, "uses": True, "holders": True}),
)  # fmt: skip
