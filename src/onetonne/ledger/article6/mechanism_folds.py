"""How the state changes by events of a crediting mechanism; part of `evolve`, which calls these."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from onetonne.ledger.article6 import mechanism_events as ev
from onetonne.ledger.article6 import mechanism_tables as t
from onetonne.ledger.article6.folds import add

if TYPE_CHECKING:
    from onetonne.ledger.state import State

EARLIER = "pre_2021"
"""The basis under which units of an earlier mechanism are counted, apart from all others."""


def _submitted(state: State, e: ev.ActivitySubmitted, seq: int) -> None:
    row = t.Activity(
        activity=e.activity,
        mechanism=e.mechanism,
        unit=e.unit,
        state="prior_consideration",
        crediting=e.crediting,
        participants=e.participants,
        risk=e.risk,
        transition=e.transition,
        first=None,
        last=None,
        until=None,
        renewals=0,
        sop_exempt=False,
        carries={},
        owed=0,
        changed=seq,
    )
    state.put("activities", e.activity, row)


def _advanced(state: State, e: ev.ActivityAdvanced, seq: int) -> None:
    old = state.activities[e.activity]
    row = replace(old, state=e.after, changed=seq)
    if e.step == "approve":
        row = replace(row, until=e.last, sop_exempt=e.sop_exempt)
    elif e.step == "register":
        row = replace(row, first=e.first, last=e.last)
    elif e.step == "renew":
        row = replace(row, last=e.last, renewals=old.renewals + 1)
    state.put("activities", e.activity, row)


def _verified(state: State, e: ev.ReductionsVerified, seq: int) -> None:
    row = t.Verification(seq, e.activity, e.first, e.last, e.quantity, 0, e.digest)
    state.put("verifications", seq, row)


def _levied(state: State, e: ev.CreditsLevied, seq: int) -> None:
    units = {share.name: share.units for share in e.shares}
    row = t.Levies(
        lot=e.lot,
        activity=e.activity,
        sop=units.get("sop", 0),
        omge=units.get("omge", 0),
        buffer=units.get("buffer", 0),
        day=e.day,
        entry=seq,
    )
    state.put("levies", e.lot, row)
    told = state.verifications[e.verification]
    issued = told.issued + sum(units.values()) + e.rest
    state.put("verifications", e.verification, replace(told, issued=issued))
    activity = state.activities[e.activity]
    carries = activity.carries | {s.name: s.carry for s in e.shares if s.mode == "CARRY"}
    state.put("activities", e.activity, replace(activity, carries=carries, changed=seq))


def _declared(state: State, e: ev.BoundaryDeclared, seq: int) -> None:
    old = state.boundaries.get(e.project)
    routes = old.routes if old else ((e.route, e.since.isoformat()),)
    state.put("boundaries", e.project, t.Boundary(e.project, e.keys, routes, seq))


def _rerouted(state: State, e: ev.RouteChanged, seq: int) -> None:
    old = state.boundaries[e.project]
    routes = (*old.routes, (e.route, e.since.isoformat()))
    state.put("boundaries", e.project, replace(old, routes=routes, declared=seq))


def _claimed(state: State, e: ev.ReductionClaimed, seq: int) -> None:
    for key in e.keys:
        row = t.Claim(key, e.lot, e.project, e.first, e.last, seq)
        state.put("claims", (key, e.lot), row)


def _reversed(state: State, e: ev.ReversalReported, seq: int) -> None:
    done = e.own + e.pool
    row = t.Reversal(seq, e.activity, e.kind, e.quantity, done, e.pool, e.day)
    state.put("reversals", seq, row)
    old = state.activities[e.activity]
    owed = old.owed + e.quantity - done
    state.put("activities", e.activity, replace(old, owed=owed, changed=seq))


def _remedied(state: State, e: ev.ReversalRemedied, seq: int) -> None:
    told = state.reversals[e.reversal]
    state.put("reversals", e.reversal, replace(told, remedied=told.remedied + e.quantity))
    old = state.activities[told.activity]
    state.put("activities", old.activity, replace(old, owed=old.owed - e.quantity, changed=seq))


def _settled(state: State, e: ev.BufferSettled, seq: int) -> None:
    """The moves beside it say it all."""


def _used(state: State, e: ev.EarlierUsed, seq: int) -> None:
    quantity = sum(next_ - first for first, next_ in e.blocks)
    add(state, (e.party, EARLIER, e.year, e.day.year, "", "NDC", "GHG"), quantity)


FOLDS: dict[type, Callable[[Any, Any, int], None]] = {
    ev.ActivitySubmitted: _submitted,
    ev.ActivityAdvanced: _advanced,
    ev.ReductionsVerified: _verified,
    ev.CreditsLevied: _levied,
    ev.BoundaryDeclared: _declared,
    ev.RouteChanged: _rerouted,
    ev.ReductionClaimed: _claimed,
    ev.ReversalReported: _reversed,
    ev.ReversalRemedied: _remedied,
    ev.BufferSettled: _settled,
    ev.EarlierUsed: _used,
}


def fits(state: State, event: Any) -> bool:
    """Whether an event has what it stands on, where entries before it were left out."""
    if isinstance(event, ev.ActivityAdvanced | ev.ReversalReported):
        return event.activity in state.activities
    if isinstance(event, ev.CreditsLevied):
        known = event.activity in state.activities and event.lot in state.lots
        return known and event.verification in state.verifications
    if isinstance(event, ev.RouteChanged):
        return event.project in state.boundaries
    if isinstance(event, ev.ReversalRemedied):
        told = state.reversals.get(event.reversal)
        return told is not None and told.activity in state.activities
    return True
