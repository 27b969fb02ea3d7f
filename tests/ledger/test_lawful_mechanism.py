"""What no history may hold of a crediting mechanism: each is named by the watch."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import mechanism_rows as rows
from tests.ledger.article6_rows import DIGEST, _moved
from tests.ledger.given import DAY, LAW, REGISTRAR, RETIREMENT, VOLUNTARY, A, B, block, given

from onetonne.ledger import events as ev
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.article6 import mechanism_events as e
from onetonne.ledger.article6.levies import Share
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lawful import Watch
from onetonne.ledger.state import State, apply

FEBRUARY = replace(rows.VERIFY, first=date(2026, 2, 1), last=date(2026, 2, 28))
WHOLE = given(
    *rows.OWING[:-1],
    *rows.CERS,
    FEBRUARY,
    rows.FORWARD,
    rows.REMEDY,
    replace(rows.CLEARING, quantity=3),
    replace(rows.REMEDY, reversal=rows.R1 + 9, items=block("95-97")),
    rows.SAME,
)
NEXT = WHOLE.seq + 1
V2 = next(row.verification for row in WHOLE.verifications.values() if row.first.month == 2)
AT = rows.V1 + 1
"""The entry that issued the first lot."""


def watched(*events: Any) -> set[str]:
    """The codes that the watch gives for the story with one more entry."""
    state = State(search=True)
    watch = Watch(state)
    last = Entry(VERSION, NEXT, 1, REGISTRAR, LAW.digest, events)
    for entry in (*(replace(WHOLE.entries[n], at=1) for n in range(1, NEXT)), last):
        watch.begin(entry)
        apply(state, entry, watch.see)
    return {finding.code for finding in watch.findings}


LOT = replace(rows._LOT, lot=3)
HEAD = replace(rows._HEAD, lot=3, verification=V2)
CLAIM = replace(rows._CLAIM, lot=3, first=FEBRUARY.first, last=FEBRUARY.last)
SOP = replace(_moved(0, 5, rows.PENDING, rows.FUND, (0, NEXT)), lot=3)
CANCELLED = ev.Cancelled(source=rows.PENDING, kind="omge")
OMGE = replace(_moved(5, 7, rows.PENDING, rows.OMGE, (5, NEXT)), lot=3)
BUFFER = replace(_moved(7, 17, rows.PENDING, rows.POOL, (7, NEXT)), lot=3)
ON = replace(_moved(90, 100, rows.PENDING, A, (17, NEXT)), lot=3)


def issuance(**changes: Any) -> tuple[Any, ...]:
    """The issuance of February, with another head."""
    return (LOT, replace(HEAD, **changes), CLAIM, SOP, CANCELLED, OMGE, BUFFER)


FIRE = e.ReversalReported(
    activity="X1", kind="unavoidable", quantity=4, day=DAY, digest=DIGEST, own=4
)
GONE = ev.Cancelled(source=rows.POOL, kind="reversal")
BURNT = _moved(7, 11, rows.POOL, rows.REVERSAL, (7, AT))
SUSPEND = e.ActivityAdvanced(
    activity="X1", step="suspend", before="registered", after="suspended", digest=DIGEST, day=DAY
)
VERIFIED = e.ReductionsVerified(
    activity="X1", first=date(2026, 3, 1), last=date(2026, 3, 1), quantity=1, digest=DIGEST
)
CERS = e.EarlierUsed(
    lot=2, blocks=((0, 10),), source=rows.JAPAN, party="JP", year=2030, day=DAY,
    registered="2013-01-01",
)  # fmt: skip
OUT = replace(_moved(0, 10, rows.JAPAN, RETIREMENT, (0, rows.R1 + 5)), lot=2)
OWED = e.ReversalReported(activity="X1", kind="avoidable", quantity=4, day=DAY, digest=DIGEST)
REMEDIED = e.ReversalRemedied(reversal=NEXT, quantity=2)
GOOD = (ev.Cancelled(source=A, kind="reversal"), _moved(97, 99, A, rows.REVERSAL, (97, NEXT - 5)))
END_OF_BUFFER = e.BufferSettled(activity="X1", outcome="CANCEL", quantity=4, digest=DIGEST)
LAWFUL: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("an issuance", issuance()),
    ("an issuance that is forwarded", (*issuance(), ON)),
    ("a reversal", (FIRE, GONE, BURNT)),
    ("a step", (SUSPEND,)),
    ("a verification", (VERIFIED,)),
    ("CERs used", (CERS, OUT)),
)
UNLAWFUL: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("issued without a levy", "unlawful_levy", (LOT, CLAIM)),
    ("levied less", "unlawful_levy", issuance(
        shares=(Share("sop", "1/20", "CEIL", "5", 4), *rows._SHARES[1:]), rest=84)),
    ("no levy at all", "unlawful_levy",
     (LOT, replace(HEAD, shares=(), rest=100), CLAIM)),
    ("no share of proceeds, though it is not exempt", "unlawful_levy",
     (LOT, replace(HEAD, shares=(replace(HEAD.shares[1]), HEAD.shares[2]), rest=88), CLAIM,
      CANCELLED, replace(OMGE, first=0, next=2, held=((0, NEXT),)),
      replace(BUFFER, first=2, next=12, held=((2, NEXT),)))),
    ("said to be exempt", "unlawful_levy", issuance(sop_exempt=True)),
    ("levied at no rate", "unlawful_levy",
     (LOT, replace(HEAD, shares=(Share("sop", "0", "CEIL", "0", 0), *HEAD.shares[1:]), rest=88),
      CLAIM, CANCELLED, replace(OMGE, first=0, next=2, held=((0, NEXT),)),
      replace(BUFFER, first=2, next=12, held=((2, NEXT),)))),
    ("less for the buffer than its risk", "unlawful_levy",
     (LOT, replace(HEAD, shares=(*HEAD.shares[:2], Share("buffer", "1/20", "CEIL", "5", 5)),
                   rest=88),
      CLAIM, SOP, CANCELLED, OMGE, replace(BUFFER, next=12))),
    ("carried on from nowhere", "unlawful_levy",
     (LOT, replace(HEAD, shares=(Share("sop", "1/20", "CARRY", "11/2", 5, "1/2"),
                                 *HEAD.shares[1:])),
      CLAIM, SOP, CANCELLED, OMGE, BUFFER)),
    ("claimed by nobody", "unlawful_levy", (LOT, HEAD, SOP, CANCELLED, OMGE, BUFFER)),
    ("claimed for other days", "unlawful_levy",
     (LOT, HEAD, replace(CLAIM, first=FEBRUARY.last), SOP, CANCELLED, OMGE, BUFFER)),
    ("levied more than is there", "unlawful_levy", issuance(rest=84)),
    ("said to be cut short", "unlawful_levy", issuance(levy_capped=True)),
    ("levied of another verification", "unlawful_levy", issuance(verification=rows.V1)),
    ("the fund's to somebody else", "unlawful_levy",
     (LOT, HEAD, CLAIM, replace(SOP, target=A), CANCELLED, OMGE, BUFFER)),
    ("a levy that did not move", "unlawful_levy", (LOT, HEAD, CLAIM, SOP, CANCELLED, OMGE)),
    ("while it is suspended", "unlawful_levy", (SUSPEND, *issuance())),
    ("while a reversal is owed", "unlawful_levy", (OWED, *issuance())),
    ("for what another was credited", "unlawful_levy",
     (*issuance(), replace(CLAIM, project="P1", lot=1))),
    ("claimed for another project", "unlawful_levy",
     (LOT, HEAD, replace(CLAIM, project="P1", keys=("meter:X9",)), SOP, CANCELLED, OMGE, BUFFER)),
    ("forwarded to a stranger", "unlawful_levy", (*issuance(), replace(ON, target=B))),
    ("from the pending account, alone", "unlawful_levy",
     (_moved(80, 90, rows.PENDING, B, (17, AT)),)),
    ("from the buffer without a reversal", "unlawful_reversal",
     (_moved(7, 11, rows.POOL, A, (7, AT)),)),
    ("a reversal that moves less", "unlawful_reversal",
     (FIRE, GONE, replace(BURNT, next=10))),
    ("a reversal by halves", "unlawful_reversal", (replace(FIRE, quantity=5), GONE, BURNT)),
    ("an avoidable one from the buffer", "unlawful_reversal",
     (replace(FIRE, kind="avoidable"), GONE, BURNT)),
    ("more out of the buffer than was reversed", "unlawful_reversal",
     (FIRE, GONE, replace(BURNT, next=12))),
    ("out of the buffer to an account, beside a report", "unlawful_reversal",
     (FIRE, replace(BURNT, target=A))),
    ("out of the buffer to an account, at its end", "unlawful_reversal",
     (END_OF_BUFFER, replace(BURNT, target=A))),
    ("the buffer of an activity that is not closed", "unlawful_reversal",
     (END_OF_BUFFER, GONE, BURNT)),
    ("two reports in one entry", "unlawful_reversal", (OWED, replace(OWED, quantity=1))),
    ("made good by units of another type", "unlawful_reversal",
     (OWED, replace(REMEDIED, quantity=10), ev.Cancelled(source=rows.JAPAN, kind="reversal"),
      replace(OUT, target=rows.REVERSAL))),
    ("made good by units that went elsewhere", "unlawful_reversal",
     (OWED, REMEDIED, ev.Cancelled(source=A, kind="voluntary"),
      replace(GOOD[1], target=VOLUNTARY))),
    ("made good without units", "unlawful_reversal", (OWED, REMEDIED)),
    ("made good twice", "unlawful_reversal",
     (e.ReversalRemedied(reversal=rows.R1, quantity=1), *GOOD)),
    ("a step from elsewhere", "unlawful_activity", (replace(SUSPEND, before="validated"),)),
    ("a step that leads nowhere", "unlawful_activity", (replace(SUSPEND, after="closed"),)),
    ("no step", "unlawful_activity", (replace(SUSPEND, step="leap"),)),
    ("suspended twice", "unlawful_activity", (SUSPEND, SUSPEND)),
    ("verified again", "unlawful_activity",
     (replace(VERIFIED, first=FEBRUARY.last, last=FEBRUARY.last),)),
    ("verified before its period", "unlawful_activity",
     (replace(VERIFIED, first=date(2025, 12, 31), last=date(2025, 12, 31)),)),
    ("verified after its period", "unlawful_activity",
     (replace(VERIFIED, first=date(2036, 1, 1), last=date(2036, 1, 1)),)),
    ("two reversals by one entry", "unlawful_reversal", (OWED, OWED)),
    ("two verifications in one entry", "unlawful_activity", (
        VERIFIED, replace(VERIFIED, first=date(2026, 3, 2), last=date(2026, 3, 2)),
    )),
    ("verified while suspended", "unlawful_activity", (SUSPEND, VERIFIED)),
    ("an activity again", "unlawful_number",
     (e.ActivitySubmitted(activity="X1", mechanism="PACM", unit="A64", crediting="fixed",
                          participants=(A,), digest=DIGEST, day=DAY),)),
    ("CERs for a later NDC", "unlawful_outcome_use", (replace(CERS, year=2031), OUT)),
    ("CERs that stay where they are", "unlawful_outcome_use", (CERS,)),
    ("CERs of another Party's account", "unlawful_outcome_use",
     (e6.NdcRecorded(party="SG", first=2021, last=2030, version=1, kind="multi",
                     method="budget", digest=DIGEST),
      replace(CERS, party="SG"), OUT)),
    ("more CERs than were used", "sink_entered", (replace(CERS, blocks=((0, 9),)), OUT)),
    ("CERs of another day", "unlawful_outcome_use", (replace(CERS, registered="2014-01-01"), OUT)),
    ("CERs that go elsewhere", "sink_entered", (CERS, replace(OUT, target=rows.OMGE))),
)  # fmt: skip


@pytest.mark.parametrize(("label", "events"), LAWFUL, ids=[row[0] for row in LAWFUL])
def test_what_is_lawful_is_not_named(label: str, events: tuple[Any, ...]) -> None:
    assert watched(*events) == set()


@pytest.mark.parametrize(("label", "code", "events"), UNLAWFUL, ids=[r[0] for r in UNLAWFUL])
def test_what_is_not_is_named(label: str, code: str, events: tuple[Any, ...]) -> None:
    assert code in watched(*events)
