"""An event of a day's view has what it stands on, or is left out: by each thing that it needs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from onetonne.ledger import events as events
from onetonne.ledger.article6 import events as ev
from onetonne.ledger.article6 import folds, mechanism_folds
from onetonne.ledger.article6 import mechanism_events as me
from onetonne.ledger.state import State

DAY = date(2026, 2, 6)
ANY: Any = None
"""A row of which nothing is asked but that it is there."""

OF = {"authorisation": "A", "version": 2, "day": DAY, "digest": ""}
UNDER = {"lot": 7, "blocks": ((0, 5),), "authorisation": "A", "version": 2, "day": DAY}
VERSION = ("authorisations", ("A", 2))
LOT = ("lots", 7)
APPROACH = ("approaches", "CA0001")
TERMS = {"approach": "CA0001", "party": "GH", "purposes": ("NDC",), "digest": "",
         "vintage_from": 2021, "vintage_to": 2030, "day": DAY}  # fmt: skip

NEEDS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (ev.Authorised(authorisation="A", version=1, **TERMS), ()),
    (ev.Authorised(authorisation="A", version=3, **TERMS), (VERSION,)),
    (ev.AuthorisationRevoked(**OF), (VERSION,)),
    (ev.AuthorisationSuspended(**OF), (VERSION,)),
    (ev.AuthorisationResumed(**OF), (VERSION,)),
    (ev.EntityWithdrawn(account=1001, **OF), (VERSION,)),
    (ev.PeriodClosed(party="GH", first=2021, last=2030, day=DAY, digest=""),
     (("ndcs", ("GH", 2021)),)),
    (ev.RecallConsented(recall="R", party="SG", day=DAY, digest=""), (("recalls", "R"),)),
    (ev.LevyPolicySet(approach="CA0001", version=1, day=DAY, digest=""), (APPROACH,)),
    (ev.FirstTransferred(trigger="transfer", **UNDER), (VERSION, LOT)),
    (ev.Recalled(recall="R", **UNDER), (VERSION, LOT)),
    (ev.ApproachLevied(approach="CA0001", policy=1, base="", rest=0, **UNDER),
     (VERSION, LOT, APPROACH)),
    (ev.ContributionWithdrawn(contribution="C", version=2, digest=""), (("contributions", "C"),)),
    (ev.Used(lot=7, blocks=((0, 5),), source=1001, purpose="OP", day=DAY, approach="CA0001"),
     (LOT,)),
    (ev.ApproachRegistered(approach="CA0001", parties=("GH", "SG")), ()),
    (me.ActivityAdvanced(activity="P", step="approve", before="", after="", digest="", day=DAY),
     (("activities", "P"),)),
    (me.ReversalReported(activity="P", kind="", quantity=1, day=DAY, digest=""),
     (("activities", "P"),)),
    (me.CreditsLevied(lot=7, activity="P", mechanism="", verification=9, day=DAY, shares=(),
                      rest=0), (LOT, ("activities", "P"), ("verifications", 9))),
    (me.RouteChanged(project="P", route="", since=DAY, digest=""), (("boundaries", "P"),)),
    (events.AccountClosed(account=1001), ()),
)  # fmt: skip


def fits(state: State, event: Any) -> bool:
    return folds.fits(state, event) and mechanism_folds.fits(state, event)


def holding(*rows: tuple[str, Any]) -> State:
    state = State()
    for table, key in rows:
        getattr(state, table)[key] = ANY
    return state


@pytest.mark.parametrize(("event", "needs"), NEEDS, ids=lambda one: type(one).__name__)
def test_an_event_fits_where_all_that_it_stands_on_is_there(event: Any, needs: Any) -> None:
    assert fits(holding(*needs), event)
    for left_out in needs:
        assert not fits(holding(*(row for row in needs if row != left_out)), event), left_out


def test_another_version_is_not_what_an_event_stands_on() -> None:
    for version in (1, 3):
        assert not fits(holding(("authorisations", ("A", version))), ev.AuthorisationRevoked(**OF))
    next_ = ev.Authorised(authorisation="A", version=2, **TERMS)
    assert not fits(holding(VERSION), next_)
    assert fits(holding(("authorisations", ("A", 1))), next_)


def test_a_remedy_stands_on_the_reversal_and_on_its_activity() -> None:
    state, remedy = State(), me.ReversalRemedied(reversal=9, quantity=1)
    reported = me.ReversalReported(activity="P", kind="", quantity=1, day=DAY, digest="")
    assert not fits(state, remedy)
    state.activities["P"] = ANY
    assert not fits(state, remedy)
    mechanism_folds.FOLDS[type(reported)](_with_activity(state), reported, 9)
    assert fits(state, remedy)
    del state.activities["P"]
    assert not fits(state, remedy)


def _with_activity(state: State) -> State:
    submitted = me.ActivitySubmitted(activity="P", mechanism="", unit="", crediting="",
                                     participants=(), digest="", day=DAY)  # fmt: skip
    mechanism_folds.FOLDS[type(submitted)](state, submitted, 1)
    return state
