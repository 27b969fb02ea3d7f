"""What no history may hold of Article 6, whoever signed it; part of the watch in `ledger.lawful`.

No serial is first transferred or used twice, none without a living authorisation that speaks of it,
none beyond a cap; nothing is used that was not first transferred; no pledge changes its method.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from onetonne.ledger.acts.first_transfer import (
    INHERITED,
    RESPONSIBILITIES,
    common,
    speaks_of,
    total,
)
from onetonne.ledger.article6 import events as ev
from onetonne.ledger.article6.contributions import speaks_of_units
from onetonne.ledger.article6.entities import barred
from onetonne.ledger.article6.lawful_terms import authorised, inventory, pledged
from onetonne.ledger.article6.lawful_uses import apart, caused, issued_by, surrendered, used
from onetonne.ledger.article6.levies_lawful import unlevied
from onetonne.ledger.article6.policy import TRUE
from onetonne.ledger.article6.recalls import HOME
from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.events import Converted, Moved, Surrendered

if TYPE_CHECKING:
    from onetonne.ledger.lawful import Watch


def _revoked(w: Watch, e: ev.AuthorisationRevoked) -> None:
    row = w.state.authorisations.get((e.authorisation, e.version))
    if row is None or row.superseded or row.revoked:
        w.say("unlawful_authorisation", f"{e.authorisation} version {e.version}")


def _suspended(w: Watch, e: ev.AuthorisationSuspended | ev.AuthorisationResumed) -> None:
    """What is in force is suspended, what is suspended is resumed."""
    row = w.state.authorisations.get((e.authorisation, e.version))
    resumed = isinstance(e, ev.AuthorisationResumed)
    if row is None or row.superseded or row.revoked or bool(row.suspended) != resumed:
        w.say("unlawful_authorisation", f"{e.authorisation} version {e.version}")


def _entity(w: Watch, e: ev.EntityWithdrawn) -> None:
    row = w.state.authorisations.get((e.authorisation, e.version))
    known = row is not None and not (row.superseded or row.revoked)
    if row is None or not known or e.account not in row.entities or e.account in row.withdrawn:
        w.say("unlawful_authorisation", f"{e.authorisation} version {e.version}")


def to_withdrawn(w: Watch, e: Moved) -> None:
    """No first transferred unit comes to who was withdrawn, but what it has back."""
    codes = barred(w.state).get(e.target) if w.state.authorisations else None
    if codes and e.source != e.target:
        marks = w.state.first_transfers.over(e.lot, e.first, e.next)
        if any(mark.authorisation in codes for mark in marks):
            w.say("unlawful_first_transfer", f"lot {e.lot} {e.first}-{e.next - 1} to {e.target}")


def _for_withdrawn(w: Watch, row: Authorisation, e: ev.FirstTransferred) -> bool:
    """Whether an entity that was withdrawn got or used new units."""
    if not row.withdrawn or e.trigger not in ("transfer", "use"):
        return False
    return any(
        held.account in row.withdrawn and held.first < high and low < held.next
        for held in w.state.lane(e.lot).rows.values()
        for low, high in e.blocks
    )


def _first_transferred(w: Watch, e: ev.FirstTransferred) -> None:
    row = w.state.authorisations.get((e.authorisation, e.version))
    lot = w.state.lots.get(e.lot)
    done = w.state.participations.get(row.party) if row else None
    alive = (
        row is not None
        and lot is not None
        and not (row.superseded or row.suspended or _for_withdrawn(w, row, e))
        and not (row.revoked and not _reaches_further(w, row, e))
        and (row.use_by is None or e.day <= row.use_by)
        and done is not None
        and set(RESPONSIBILITIES) <= set(done.met)
        and common(list(e.blocks), speaks_of(row, lot)) == list(e.blocks)
    )
    blocks = list(e.blocks)
    if e.trigger == INHERITED:
        # What was burnt for these serials stands in the same entry, of as many first transferred.
        alive = row is not None and lot is not None and _burnt(w, e)
    elif row is not None and lot is not None:
        alive = alive and caused(w, e, row, lot)
    if unlevied(w, e):
        w.say("unlawful_levy", f"lot {e.lot} {blocks[:3]} under {e.authorisation}: not levied")
    if not alive or not apart(blocks) or not _fresh(w, e.lot, blocks):
        w.say("unlawful_first_transfer", f"lot {e.lot} {blocks[:3]} under {e.authorisation}")
    elif (
        e.trigger != INHERITED
        and row is not None
        and row.cap
        and row.transferred + total(blocks) > row.cap
    ):
        found = f"{row.transferred + total(blocks)} under {e.authorisation}"
        w.say("unlawful_first_transfer", found, str(row.cap))


def _reaches_further(w: Watch, row: Authorisation, e: ev.FirstTransferred) -> bool:
    """Whether the registry chose that an authorisation by which units are first transferred still
    reaches what is issued after its revocation, and this entry issues it."""
    choice = w.state.choices.get("revoke_stops_future_auth_ft")
    issued = any(one.lot == e.lot for one in issued_by(w))
    further = choice is not None and choice.value != TRUE
    return further and issued and e.trigger == row.first_transfer == "authorisation"


def _burnt(w: Watch, e: ev.FirstTransferred) -> bool:
    """Whether this entry converted serials under the same version into exactly this lot."""
    for made in w.entry.events:
        if isinstance(made, Converted) and made.issued.lot == e.lot:
            under = {
                (row.authorisation, row.version)
                for m in made.burnt
                for row in w.state.first_transfers.over(m.lot, m.first, m.next)
            }
            bare = [
                part
                for m in made.burnt
                for part in w.state.first_transfers.free(m.lot, m.first, m.next)
            ]
            burnt = sum(m.next - m.first for m in made.burnt)
            return (
                not bare
                and under == {(e.authorisation, e.version)}
                and (total(list(e.blocks)) <= burnt)
            )
    return False


def _fresh(w: Watch, lot: int, blocks: list[tuple[int, int]]) -> bool:
    return not any(w.state.first_transfers.over(lot, low, high) for low, high in blocks)


def _closed(w: Watch, e: ev.PeriodClosed) -> None:
    """A period is closed once, after its last year."""
    row = w.state.ndcs.get((e.party, e.first))
    if row is None or row.closed or row.last != e.last or e.day.year <= e.last:
        w.say("unlawful_authorisation", f"period of {e.party} for {e.first}-{e.last}")


def _approach(w: Watch, e: ev.ApproachRegistered) -> None:
    """Each is registered once, and rests on an agreement of its Parties where it names one."""
    w.once("approach", e.approach, w.state.approaches)
    row = w.state.agreements.get(e.agreement)
    if e.agreement and (row is None or not set(e.parties) <= set(row.parties)):
        w.say("unlawful_authorisation", f"approach {e.approach}")


def _agreement(w: Watch, e: ev.AgreementRecorded) -> None:
    old = w.state.agreements.get(e.agreement)
    if e.version != (old.version + 1 if old else 1):
        w.say("unlawful_authorisation", f"agreement {e.agreement} version {e.version}")


def _contribution(w: Watch, e: ev.ContributionRecorded | ev.ContributionWithdrawn) -> None:
    """Versions follow one another, none after a withdrawal, and none names units."""
    old = w.state.contributions.get(e.contribution)
    in_turn = e.version == (old.version + 1 if old else 1) and not (old and old.withdrawn)
    said = (
        () if isinstance(e, ev.ContributionWithdrawn) else (e.currency, *e.facts, *e.facts.values())
    )
    if not in_turn or any(map(speaks_of_units, said)):
        w.say("unlawful_contribution", f"{e.contribution} version {e.version}")


def _plan(w: Watch, e: ev.PlanRecorded) -> None:
    old, pledge = w.state.plans.get((e.party, e.first)), w.state.ndcs.get((e.party, e.first))
    in_turn = e.version == (old.version + 1 if old else 1)
    if not in_turn or pledge is None or pledge.last != e.last:
        w.say("unlawful_authorisation", f"plan of {e.party} for {e.first}-{e.last}")


def _recall_opened(w: Watch, e: ev.RecallOpened) -> None:
    known = any(code == e.authorisation for code, _ in w.state.authorisations)
    last = min((_last(w, e.authorisation, *block) for block in e.blocks), default=None)
    if e.recall in w.state.recalls or not known or last is None or not e.day <= e.until <= last:
        w.say("unlawful_recall", e.recall)


def _last(w: Watch, code: str, lot: int, first: int, next_: int) -> date:
    """The last day on which a block may be recalled; none ever, where its terms provide for no
    recall."""
    marks = w.state.first_transfers.over(lot, first, next_)
    days = [
        mark.day + timedelta(w.state.authorisations[mark.authorisation, mark.version].recall_days)
        for mark in marks
        if mark.authorisation == code and mark.trigger != INHERITED
        and w.state.authorisations[mark.authorisation, mark.version].recall_days
    ]  # fmt: skip
    bare = w.state.first_transfers.free(lot, first, next_)
    return min(days) if len(days) == len(marks) > 0 and not bare else date.min


def _consented(w: Watch, e: ev.RecallConsented) -> None:
    """The other Party consents in time, once, and all of the case goes back by this entry."""
    row = w.state.recalls.get(e.recall)
    open_ = row is not None and not row.consented and e.party == row.party and e.day <= row.until
    back = {
        (one.lot, at)
        for one in w.entry.events
        if isinstance(one, ev.Recalled) and one.recall == e.recall
        for first, next_ in one.blocks
        for at in (first, next_)
    }
    asked = {(lot, at) for lot, *ends in row.blocks for at in ends} if row else set()
    units = sum(
        next_ - first
        for one in w.entry.events
        if isinstance(one, ev.Recalled) and one.recall == e.recall
        for first, next_ in one.blocks
    )
    whole = row is not None and units == sum(next_ - first for _, first, next_ in row.blocks)
    if not open_ or not whole or not asked <= back:
        w.say("unlawful_recall", e.recall)


def _recalled(w: Watch, e: ev.Recalled) -> None:
    """What is recalled was asked back, lives with the Party that consents, was used by nobody, and
    ends at home by this entry."""
    row = w.state.recalls.get(e.recall)
    right = row is not None and any(
        isinstance(one, ev.RecallConsented) and one.recall == e.recall for one in w.entry.events
    )
    for first, next_ in e.blocks:
        marks = w.state.first_transfers.over(e.lot, first, next_)
        under = {(mark.authorisation, mark.version) for mark in marks}
        asked = row is not None and any(
            lot == e.lot and low <= first < next_ <= high for lot, low, high in row.blocks
        )
        right = right and asked and under == {(e.authorisation, e.version)}
        right = right and not w.state.uses.over(e.lot, first, next_)
        right = right and row is not None and _leaves_for_home(w, row.party, e.lot, first, next_)
    if not right:
        w.say("unlawful_recall", f"{e.recall} lot {e.lot} {e.blocks[:3]}")


def _leaves_for_home(w: Watch, party: str, lot: int, first: int, next_: int) -> bool:
    """Whether this entry takes a block from accounts of a Party to its end at home."""
    accounts = w.state.accounts
    moved = sum(
        min(one.next, next_) - max(one.first, first)
        for one in w.entry.events
        if isinstance(one, Moved) and one.lot == lot and one.first < next_ and first < one.next
        and one.source in accounts and one.target in accounts
        and accounts[one.source].party == party and not accounts[one.source].sink
        and accounts[one.target].sink == HOME
    )  # fmt: skip
    return moved == next_ - first


CHECKS: dict[type, Callable[[Any, Any], None]] = {
    ev.ApproachRegistered: _approach,
    ev.AgreementRecorded: _agreement,
    ev.Authorised: authorised,
    ev.AuthorisationRevoked: _revoked,
    ev.FirstTransferred: _first_transferred,
    ev.Used: used,
    Surrendered: surrendered,
    ev.NdcRecorded: pledged,
    ev.ContributionRecorded: _contribution,
    ev.ContributionWithdrawn: _contribution,
    ev.PlanRecorded: _plan,
    ev.AuthorisationSuspended: _suspended,
    ev.AuthorisationResumed: _suspended,
    ev.EntityWithdrawn: _entity,
    ev.RecallOpened: _recall_opened,
    ev.RecallConsented: _consented,
    ev.Recalled: _recalled,
    ev.PeriodClosed: _closed,
    ev.InventoryRecorded: inventory,
}
