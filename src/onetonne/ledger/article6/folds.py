"""How the state changes by events of Article 6; part of `evolve`, which calls these.

Tallies are sums of first transfers and uses. Nothing else ever changes one: there is no event
that states an adjustment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from onetonne.ledger.article6 import (
    agreements,
    approach_levies,
    contributions,
    entities,
    finality,
    plan,
    recalls,
    suspension,
)
from onetonne.ledger.article6 import events as ev
from onetonne.ledger.article6 import tables as t

if TYPE_CHECKING:
    from onetonne.ledger.state import State


def _row(kind: Any, event: Any, **more: Any) -> Any:
    """A row with the event's own fields, and what else it has."""
    mine = set(kind.__struct_fields__)
    fields = {name: getattr(event, name) for name in event.__struct_fields__ if name in mine}
    return kind(**fields, **more)


def _approach(state: State, e: ev.ApproachRegistered, seq: int) -> None:
    state.put("approaches", e.approach, _row(t.Approach, e, registered=seq))


def _participation(state: State, e: ev.ParticipationDeclared, seq: int) -> None:
    state.put("participations", e.party, _row(t.Participation, e, declared=seq))


def _ndc(state: State, e: ev.NdcRecorded, seq: int) -> None:
    state.put("ndcs", (e.party, e.first), _row(t.Ndc, e, recorded=seq))


def _inventory(state: State, e: ev.InventoryRecorded, seq: int) -> None:
    row = _row(t.Inventory, e, recorded=seq)
    state.put("inventories", (e.party, e.year, e.metric), row)


def _authorised(state: State, e: ev.Authorised, seq: int) -> None:
    done = 0
    out: tuple[int, ...] = ()
    if e.version > 1:
        old = state.authorisations[e.authorisation, e.version - 1]
        done, out = old.transferred, old.withdrawn
        state.put("authorisations", _key(old), replace(old, superseded=seq))
    row = _row(t.Authorisation, e, authorised=seq, transferred=done, withdrawn=out)
    state.put("authorisations", _key(row), row)


def _key(row: t.Authorisation) -> tuple[str, int]:
    return row.authorisation, row.version


def _revoked(state: State, e: ev.AuthorisationRevoked, seq: int) -> None:
    old = state.authorisations[e.authorisation, e.version]
    state.put("authorisations", _key(old), replace(old, revoked=seq))


def _first_transferred(state: State, e: ev.FirstTransferred, seq: int) -> None:
    quantity = 0
    for first, next_ in e.blocks:
        row = t.FirstTransfer(
            e.lot, first, next_, e.authorisation, e.version, e.trigger, e.day, seq
        )
        state.put("first_transfers", (e.lot, first), row)
        quantity += next_ - first
    if e.trigger == "conversion":
        return  # counted when the serials that were burnt for these were first transferred
    lot, old = state.lots[e.lot], state.authorisations[e.authorisation, e.version]
    state.put("authorisations", _key(old), replace(old, transferred=old.transferred + quantity))
    purpose = "NDC" if "NDC" in old.purposes else "OIMP"
    basis = finality.basis(state, lot.host, lot.vintage, "first_transfer")
    key = (lot.host, basis, lot.vintage, e.day.year, old.approach, purpose, old.metric)
    add(state, key, quantity)


def _used(state: State, e: ev.Used, seq: int) -> None:
    for first, next_ in e.blocks:
        row = t.Use(e.lot, first, next_, e.purpose, e.party, e.year, e.programme, e.day, seq)
        state.put("uses", (e.lot, first), row)
    quantity = sum(next_ - first for first, next_ in e.blocks)
    if e.purpose == "NDC":
        key = (e.party, "use", e.year, e.day.year, e.approach, "NDC", e.metric)
    else:
        lot = state.lots[e.lot]
        key = (lot.host, "purpose", lot.vintage, e.day.year, e.approach, e.purpose, e.metric)
    add(state, key, quantity)


def _recalled(state: State, e: ev.Recalled, seq: int) -> None:
    lot, row = state.lots[e.lot], state.authorisations[e.authorisation, e.version]
    purpose = "NDC" if "NDC" in row.purposes else "OIMP"
    basis = finality.basis(state, lot.host, lot.vintage, recalls.RECALLED)
    key = (lot.host, basis, lot.vintage, e.day.year, row.approach, purpose, row.metric)
    add(state, key, sum(next_ - first for first, next_ in e.blocks))


def _levied(state: State, e: ev.ApproachLevied, seq: int) -> None:
    """Blocks are marked, what is carried on is kept, and sums grow that adjust nothing."""
    for first, next_ in e.blocks:
        row = approach_levies.LevyTaken(e.lot, first, next_, e.approach, e.policy, e.day, seq)
        state.put("approach_levies", (e.lot, first), row)
    told = (*e.shares, *e.owed)
    carries = {share.name: share.carry for share in told if share.mode == "CARRY"}
    if carries:
        old = state.approaches[e.approach]
        state.put("approaches", e.approach, replace(old, carries=old.carries | carries))
    lot, under = state.lots[e.lot], state.authorisations[e.authorisation, e.version]
    purpose = "NDC" if "NDC" in under.purposes else "OIMP"
    for share in told:
        basis = approach_levies.SUMS["owed" if share in e.owed else share.name]
        key = (lot.host, basis, lot.vintage, e.day.year, e.approach, purpose, under.metric)
        if share.units:
            add(state, key, share.units)


def _chosen(state: State, e: ev.PolicyChosen, seq: int) -> None:
    state.put("choices", e.policy, _row(t.Choice, e, chosen=seq))


def add(state: State, key: t.TallyKey, quantity: int) -> None:
    """Count units into a tally."""
    old = state.tallies.get(key)
    state.put("tallies", key, t.Tally(*key, quantity + (old.quantity if old else 0)))


FOLDS: dict[type, Callable[[Any, Any, int], None]] = {
    ev.ApproachRegistered: _approach,
    ev.ParticipationDeclared: _participation,
    ev.NdcRecorded: _ndc,
    ev.InventoryRecorded: _inventory,
    ev.Authorised: _authorised,
    ev.AuthorisationRevoked: _revoked,
    ev.FirstTransferred: _first_transferred,
    ev.Used: _used,
    ev.PolicyChosen: _chosen,
    ev.ContributionRecorded: contributions.recorded,
    ev.ContributionWithdrawn: contributions.withdrawn,
    ev.PlanRecorded: plan.recorded,
    ev.AuthorisationSuspended: suspension.suspended,
    ev.AuthorisationResumed: suspension.resumed,
    ev.EntityWithdrawn: entities.withdrawn,
    ev.RecallOpened: recalls.opened,
    ev.RecallConsented: recalls.consented,
    ev.Recalled: _recalled,
    ev.PeriodClosed: finality.closed,
    ev.AgreementRecorded: agreements.recorded,
    ev.LevyPolicySet: approach_levies.policy_set,
    ev.ApproachLevied: _levied,
}


OF_A_VERSION = (
    ev.AuthorisationRevoked
    | ev.AuthorisationSuspended
    | ev.AuthorisationResumed
    | ev.EntityWithdrawn
)


def fits(state: State, event: Any) -> bool:
    """Whether an event has what it stands on, where entries before it were left out."""
    known = state.authorisations
    if isinstance(event, ev.Authorised):
        return event.version == 1 or (event.authorisation, event.version - 1) in known
    if isinstance(event, OF_A_VERSION):
        return (event.authorisation, event.version) in known
    if isinstance(event, ev.PeriodClosed):
        return (event.party, event.first) in state.ndcs
    if isinstance(event, ev.RecallConsented):
        return event.recall in state.recalls
    if isinstance(event, ev.LevyPolicySet):
        return event.approach in state.approaches
    if isinstance(event, ev.ApproachLevied) and event.approach not in state.approaches:
        return False
    if isinstance(event, ev.FirstTransferred | ev.Recalled | ev.ApproachLevied):
        return (event.authorisation, event.version) in known and event.lot in state.lots
    if isinstance(event, ev.ContributionWithdrawn):
        return event.contribution in state.contributions
    return not isinstance(event, ev.Used) or event.lot in state.lots
