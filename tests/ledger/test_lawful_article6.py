"""What no history may hold of Article 6, though it was signed: each is named by the watch."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import article6_rows as rows
from tests.ledger.given import (
    CONVERSION,
    LAW,
    REGISTRAR,
    RETIREMENT,
    VOLUNTARY,
    A,
    block,
    given,
)

from onetonne.ledger import events as ev
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lanes import Corrupt
from onetonne.ledger.lawful import Watch
from onetonne.ledger.state import State, apply

WHOLE = given(
    *rows.BEGUN,
    rows.loa("R", vintage_from=2030),
    replace(rows.REVOKE, authorisation="R"),
    *rows.SOLD[len(rows.BEGUN) :],
    rows.OLD,
    replace(rows.USE, items=block("91")),
    rows.OWING,
    replace(rows.GIVEN[1], items=block("92-93")),
)
NEXT = WHOLE.seq + 1


def watched(*events: Any) -> set[str]:
    """The codes that the watch gives for the story with one more entry."""
    state = State(search=False)
    watch = Watch(state)
    last = Entry(VERSION, NEXT, 1, REGISTRAR, LAW.digest, events)
    for entry in (*(replace(WHOLE.entries[n], at=1) for n in range(1, NEXT)), last):
        watch.begin(entry)
        apply(state, entry, watch.see)
    return {finding.code for finding in watch.findings}


FIRST = rows.transferred(0, 10)
USED = rows.used(93, 95, source=rows.JAPAN, purpose="NDC", party="JP", year=2030)
LOA = rows.authorised(authorisation="A7", metric="MWh")
"""Apart from A1, which speaks of every vintage."""
REVOKED = e6.AuthorisationRevoked(
    authorisation="A1", version=1, day=rows.YESTERDAY, digest=rows.DIGEST
)
MOVE = ev.Moved(
    lot=1, first=93, next=95, source=rows.JAPAN, target=RETIREMENT, held=((93, NEXT - 5),)
)
KEPT = ev.Cancelled(source=rows.JAPAN, kind="towards_ndc_host")
GOES = ev.Moved(lot=1, first=0, next=10, source=A, target=rows.JAPAN, held=((0, NEXT - 7),))
"""What first transfers the units of FIRST."""
GO = (GOES, FIRST)
LAWFUL: tuple[tuple[str, tuple[Any, ...]], ...] = (
    (
        "kept by its host",
        (
            replace(KEPT, source=A),
            replace(MOVE, first=0, next=9, source=A, target=22, held=((0, NEXT - 7),)),
        ),
    ),
    ("a first transfer", GO),
    ("a first transfer up to the cap", (replace(GOES, next=50), replace(FIRST, blocks=((0, 50),)))),
    ("a use of what was surrendered", (replace(USED, blocks=((91, 93),), source=2),)),
    ("an authorisation", (LOA,)),
    ("its next version", (LOA, replace(LOA, version=2, cap=5))),
    ("a revocation", (REVOKED,)),
)
REACHES = e6.PolicyChosen(
    policy="revoke_stops_future_auth_ft", value="false", day=rows.YESTERDAY, digest=rows.DIGEST
)
AT_ONCE = rows.authorised(
    rows.FOR_ALL, authorisation="A7", purposes=("IMP", "OP"), vintage_from=2031, metric="MWh"
)
ENDED = replace(REVOKED, authorisation="A7")
NEW = ev.Issued(lot=3, unit="CRED", size=10, account=A, first_number="1", vintage=2031, host="TW")
AFTER = rows.transferred(0, 10, "authorisation", lot=3, authorisation="A7")
SUSPENDED = e6.AuthorisationSuspended(
    authorisation="A1", version=1, day=rows.YESTERDAY, digest=rows.DIGEST
)
RESUMED = e6.AuthorisationResumed(
    authorisation="A1", version=1, day=rows.YESTERDAY, digest=rows.DIGEST
)
NAMED = rows.authorised(version=2, entities=(rows.JAPAN,))
OUT = e6.EntityWithdrawn(
    authorisation="A1", version=2, account=rows.JAPAN, day=rows.YESTERDAY, digest=rows.DIGEST
)
AWAY = ev.Moved(lot=1, first=93, next=95, source=rows.JAPAN, target=A, held=((93, NEXT - 5),))
HOME = replace(AWAY, source=A, target=rows.JAPAN, held=((93, NEXT),))
SOLD = ev.Moved(lot=1, first=80, next=90, source=A, target=rows.JAPAN, held=((0, NEXT - 7),))
PAST = e6.NdcRecorded(
    party="TW", first=2021, last=2024, version=1, kind="multi", method="budget", digest=rows.DIGEST
)
CLOSED = e6.PeriodClosed(party="TW", first=2021, last=2024, day=rows.YESTERDAY, digest=rows.DIGEST)
STATED = e6.InventoryRecorded(party="TW", year=2024, version=1, value="1", digest=rows.DIGEST)
BOUGHT = replace(PAST, party="SG")
PACT = e6.AgreementRecorded(
    agreement="P", version=1, title="t", parties=("TW", "JP"), since=rows.YESTERDAY,
    digest=rows.DIGEST,
)  # fmt: skip
PACT_LESS = e6.ApproachRegistered(approach="CA9009", parties=("TW", "JP"))
RESTS = e6.ApproachRegistered(approach="CA9009", parties=("TW", "JP"), agreement="P")
UNDER = replace(LOA, approach="CA9009", day=rows.YESTERDAY)
LAWFUL = (
    *LAWFUL,
    ("an approach on an agreement in force", (PACT, RESTS, UNDER)),
    ("a period is closed, and more of it goes", (PAST, STATED, CLOSED, *GO)),
    ("an entity is withdrawn, and sells what it had", (NAMED, OUT, AWAY)),
    ("a suspension and its end", (SUSPENDED, RESUMED, *GO)),
    ("a revocation of what is suspended", (SUSPENDED, REVOKED)),
)
BURNT = ev.Converted(
    rule="WHOLE", ratio="1/1", rounding="down", unburnt=0, issued=NEW,
    burnt=(ev.Moved(lot=1, first=0, next=10, source=A, target=CONVERSION, held=((0, NEXT - 7),)),),
)  # fmt: skip
LAWFUL = (
    *LAWFUL,
    ("a use", (USED, MOVE)),
    ("an authorisation of what another one has nothing left of",
     (replace(GOES, next=50), replace(FIRST, blocks=((0, 50),)), replace(LOA, metric="GHG"))),
    ("made after a revocation that reaches what exists", (REACHES, AT_ONCE, ENDED, BURNT, AFTER)),
)  # fmt: skip
LAWFUL = (*LAWFUL, ("issued after a revocation that reaches what exists",
                    (REACHES, AT_ONCE, ENDED, NEW, AFTER)))  # fmt: skip
UNLAWFUL: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("first transferred twice", "unlawful_first_transfer", (replace(FIRST, blocks=((89, 92),)),)),
    ("twice in one entry", "unlawful_first_transfer",
     (GOES, replace(FIRST, blocks=((0, 9), (8, 10))))),
    ("no block at all", "unlawful_first_transfer", (replace(FIRST, blocks=()),)),
    ("over the cap", "unlawful_first_transfer",
     (replace(GOES, next=51), replace(FIRST, blocks=((0, 51),)))),
    ("beyond the lot", "unlawful_first_transfer", (replace(FIRST, blocks=((99, 101),)),)),
    ("of another vintage", "unlawful_first_transfer", (replace(FIRST, lot=2),)),
    ("under one that was revoked", "unlawful_first_transfer",
     (GOES, replace(FIRST, authorisation="R"))),
    ("under an older version", "unlawful_first_transfer",
     (rows.authorised(version=2, cap=70), *GO)),
    ("without participation", "unlawful_first_transfer",
     (e6.ParticipationDeclared(party="TW", met=(), day=rows.YESTERDAY), *GO)),
    ("handed on by no conversion", "unlawful_first_transfer",
     (GOES, replace(FIRST, trigger="conversion"))),
    ("issued after a revocation", "unlawful_first_transfer", (AT_ONCE, ENDED, NEW, AFTER)),
    ("so, where the registry chose otherwise since", "unlawful_first_transfer",
     (REACHES, replace(REACHES, value="true"), AT_ONCE, ENDED, NEW, AFTER)),
    ("after a revocation, and not issued by this entry", "unlawful_first_transfer",
     (REACHES, AT_ONCE, ENDED, replace(AFTER, lot=1))),
    ("after a revocation, by another trigger", "unlawful_first_transfer",
     (REACHES, AT_ONCE, ENDED, NEW, replace(AFTER, trigger="issuance"))),
    ("after a revocation, of what waits for issuance", "unlawful_first_transfer",
     (REACHES, replace(AT_ONCE, first_transfer="issuance"), ENDED, NEW, AFTER)),
    ("kept by the host it has left", "unlawful_outcome_use", (KEPT, replace(MOVE, target=22))),
    ("used twice", "unlawful_outcome_use", (replace(USED, blocks=((90, 92),)),)),
    ("used after its last day", "unlawful_outcome_use",
     (rows.authorised(version=2, use_by=rows.DAY), GOES, replace(FIRST, version=2),
      replace(USED, blocks=((0, 2),), day=rows.TOMORROW),
      replace(MOVE, first=0, next=2, held=((0, NEXT),)))),
    ("first transferred, and nothing went abroad", "unlawful_first_transfer", (FIRST,)),
    ("more of it than went abroad", "unlawful_first_transfer",
     (replace(GOES, next=9), FIRST)),
    ("first transferred by a move at home", "unlawful_first_transfer",
     (replace(GOES, target=rows.STATE), FIRST)),
    ("first transferred to whom it is not for", "unlawful_first_transfer",
     (rows.authorised(version=2, parties=("SG",)), GOES, replace(FIRST, version=2))),
    ("first transferred to an account that it does not name", "unlawful_first_transfer",
     (rows.authorised(version=2, entities=(A,)), GOES, replace(FIRST, version=2))),
    ("first transferred by a use that is not there", "unlawful_first_transfer",
     (GOES, replace(FIRST, trigger="use"))),
    ("first transferred by an authorisation for which that is no trigger",
     "unlawful_first_transfer", (GOES, replace(FIRST, trigger="authorisation"))),
    ("first transferred as a levy that is none", "unlawful_first_transfer",
     (GOES, replace(FIRST, trigger="levy"))),
    ("first transferred by no trigger", "unlawful_first_transfer",
     (GOES, replace(FIRST, trigger="gift"))),
    ("used, and left where it was", "unlawful_outcome_use", (USED,)),
    ("used by a Party that does not hold it", "unlawful_outcome_use",
     (replace(BOUGHT, last=2030), replace(USED, party="SG"), MOVE)),
    ("used under another approach", "unlawful_outcome_use",
     (replace(USED, approach="CA9999"), MOVE)),
    ("used in another metric", "unlawful_outcome_use", (replace(USED, metric="MWh"), MOVE)),
    ("used for what it is not authorised for", "unlawful_outcome_use",
     (replace(USED, purpose="OP", party="", year=0), replace(MOVE, target=VOLUNTARY))),
    ("used for another period", "unlawful_outcome_use",
     (replace(PAST, party="JP", first=2031, last=2035), replace(USED, year=2031), MOVE)),
    ("used by a Party that it is not for", "unlawful_outcome_use",
     (rows.authorised(version=2, parties=("SG",)), GOES, replace(FIRST, version=2),
      replace(USED, blocks=((0, 2),)), replace(MOVE, first=0, next=2, held=((0, NEXT),)))),
    ("less used than went to its end", "sink_entered",
     (replace(USED, blocks=((93, 94),)), MOVE)),
    ("used from where it was not surrendered", "unlawful_outcome_use",
     (replace(USED, source=2),)),
    ("used, not first transferred", "unlawful_outcome_use", (replace(USED, blocks=((0, 2),)),)),
    ("used for no pledge", "unlawful_outcome_use", (replace(USED, year=2031),)),
    ("retired without a use", "sink_entered", (MOVE,)),
    ("used by another", "sink_entered", (replace(USED, source=A), MOVE)),
    ("a version again", "unlawful_authorisation", (rows.authorised(),)),
    ("the same serials again", "unlawful_authorisation", (replace(LOA, metric="GHG"),)),
    ("again while the other one is suspended", "unlawful_authorisation",
     (SUSPENDED, replace(LOA, metric="GHG"))),
    ("a cap below what went", "unlawful_authorisation", (rows.authorised(version=2, cap=9),)),
    ("for no purpose", "unlawful_authorisation", (replace(LOA, purposes=()),)),
    ("for a purpose that is none", "unlawful_authorisation", (replace(LOA, purposes=("FUN",)),)),
    ("with no trigger", "unlawful_authorisation", (replace(LOA, purposes=("NDC", "IMP")),)),
    ("with a trigger that it needs not", "unlawful_authorisation",
     (replace(LOA, first_transfer="use"),)),
    ("of years before 2021", "unlawful_authorisation", (replace(LOA, vintage_from=2020),)),
    ("recalled by no terms", "unlawful_authorisation", (replace(LOA, recall_days=1),)),
    ("under another approach", "unlawful_authorisation",
     (replace(PACT_LESS, approach="CA9009"), rows.authorised(version=2, approach="CA9009"))),
    ("in another metric", "unlawful_authorisation", (rows.authorised(version=2, metric="MWh"),)),
    ("by a Party that has not shown what it must", "unlawful_authorisation",
     (replace(LOA, party="JP"),)),
    ("a period within another", "unlawful_authorisation",
     (replace(PAST, party="JP", first=2030, last=2035),)),
    ("a version that does not follow", "unlawful_authorisation", (replace(PAST, version=2),)),
    ("an inventory that does not follow", "unlawful_authorisation",
     (replace(STATED, version=2),)),
    ("one that ended, anew", "unlawful_authorisation",
     (rows.authorised(authorisation="R", version=2),)),
    ("of no Party to it", "unlawful_authorisation", (replace(LOA, party="KR"),)),
    ("for no Party to it", "unlawful_authorisation", (replace(LOA, parties=("KR",)),)),
    ("under no approach", "unlawful_authorisation", (replace(LOA, approach="CA1"),)),
    ("revoked twice", "unlawful_authorisation", (REVOKED, REVOKED)),
    ("withdrawn, never named", "unlawful_authorisation", (replace(OUT, version=1),)),
    ("withdrawn twice", "unlawful_authorisation", (NAMED, OUT, OUT)),
    ("withdrawn, and named again", "unlawful_authorisation",
     (NAMED, OUT, replace(NAMED, version=3))),
    ("more for an entity that was withdrawn", "unlawful_first_transfer",
     (NAMED, OUT, AWAY, HOME)),
    ("something new for it", "unlawful_first_transfer",
     (NAMED, OUT, SOLD, replace(FIRST, version=2, blocks=((80, 90),)))),
    ("an agreement again", "unlawful_authorisation", (PACT, PACT)),
    ("an approach on no agreement", "unlawful_authorisation", (RESTS,)),
    ("an approach of others than its agreement", "unlawful_authorisation",
     (PACT, replace(RESTS, parties=("TW", "SG")))),
    ("authorised before the agreement is in force", "unlawful_authorisation",
     (replace(PACT, since=rows.TOMORROW), RESTS, UNDER)),
    ("closed twice", "unlawful_authorisation", (PAST, CLOSED, CLOSED)),
    ("closed before it is over", "unlawful_authorisation",
     (replace(PAST, last=2030), replace(CLOSED, last=2030))),
    ("restated when it is final", "unlawful_authorisation", (PAST, CLOSED, STATED)),
    ("pledged anew when it is final", "unlawful_authorisation",
     (PAST, CLOSED, replace(PAST, version=2, goal="1"))),
    ("used for what is final", "unlawful_outcome_use",
     (BOUGHT, replace(CLOSED, party="SG"), replace(USED, party="SG", year=2024))),
    ("suspended twice", "unlawful_authorisation", (SUSPENDED, SUSPENDED)),
    ("resumed, not suspended", "unlawful_authorisation", (RESUMED,)),
    ("suspended after its revocation", "unlawful_authorisation", (REVOKED, SUSPENDED)),
    ("changed while it is suspended", "unlawful_authorisation",
     (SUSPENDED, rows.authorised(version=2))),
    ("first transferred while it is suspended", "unlawful_first_transfer", (SUSPENDED, *GO)),
    ("another method within the period", "unlawful_authorisation",
     (e6.NdcRecorded(party="JP", first=2021, last=2030, version=2, kind="single",
                     method="averaging", digest=rows.DIGEST),)),
    ("changed to end before it begins", "unlawful_authorisation",
     (rows.authorised(version=2, use_by=rows.YESTERDAY),)),
    ("an approach again", "unlawful_number",
     (e6.ApproachRegistered(approach="CA9001", parties=("TW",)),)),
)  # fmt: skip


def test_a_true_history_has_nothing_to_say() -> None:
    assert watched(ev.Observed(register="x", digest="", root="", rows=1, day=rows.YESTERDAY)) == (
        set()
    )


@pytest.mark.parametrize(("label", "events"), LAWFUL, ids=[row[0] for row in LAWFUL])
def test_what_an_act_can_do_is_not_named(label: str, events: tuple[Any, ...]) -> None:
    assert watched(*events) == set()


@pytest.mark.parametrize(("label", "code", "events"), UNLAWFUL, ids=[r[0] for r in UNLAWFUL])
def test_what_no_act_can_do_is_named(label: str, code: str, events: tuple[Any, ...]) -> None:
    assert code in watched(*events)


def test_a_version_out_of_turn_ends_the_replay() -> None:
    with pytest.raises(Corrupt):
        watched(rows.authorised(version=3))
