"""What no history may hold of authorisations, pledges and inventories: terms that no act accepts.

Two living authorisations speak of no serial both; a version keeps approach, Party and metric, and a
pledge its period and method; whatever is stated again is the next version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onetonne.ledger.acts.authorise import LAST_VINTAGE, PURPOSES, TRIGGERS, are_apart
from onetonne.ledger.acts.first_transfer import FIRST_VINTAGE, FOR_OTHERS, RESPONSIBILITIES, newest
from onetonne.ledger.acts.plan import over_plan
from onetonne.ledger.article6 import events as ev
from onetonne.ledger.article6.agreements import lapsed
from onetonne.ledger.article6.finality import closing
from onetonne.ledger.article6.standing import has_ended, is_spent
from onetonne.ledger.article6.tables import Authorisation

if TYPE_CHECKING:
    from onetonne.ledger.lawful import Watch


def authorised(w: Watch, e: ev.Authorised) -> None:
    old = w.state.authorisations.get((e.authorisation, e.version - 1))
    right = (
        _in_turn(w, e, old)
        and _known(w, e)
        and _worded(e)
        and (old is None or _kept(e, old))
        and _alone(w, e)
        and _planned(w, e)
    )
    if not right:
        w.say("unlawful_authorisation", f"{e.authorisation} version {e.version}")


def _in_turn(w: Watch, e: ev.Authorised, old: Authorisation | None) -> bool:
    if (e.authorisation, e.version) in w.state.authorisations:
        return False
    if old is None:
        return e.version == 1
    return not (old.superseded or old.revoked or old.suspended)


def _known(w: Watch, e: ev.Authorised) -> bool:
    """Its Parties are those of an approach in force, and the host has shown what it must."""
    approach = w.state.approaches.get(e.approach)
    if approach is None or not approach.holds(e.day) or lapsed(w.state, e.approach, e.day):
        return False
    done = w.state.participations.get(e.party)
    shown = done is not None and set(RESPONSIBILITIES) <= set(done.met)
    return shown and {e.party, *e.parties} <= set(approach.parties)


def _worded(e: ev.Authorised) -> bool:
    """Purposes in their order, a trigger where they need one; years, days and cap in bounds."""
    purposes = e.purposes == tuple(one for one in PURPOSES if one in e.purposes) != ()
    others = bool(set(e.purposes) & set(FOR_OTHERS))
    years = FIRST_VINTAGE <= e.vintage_from <= e.vintage_to <= LAST_VINTAGE
    in_time = e.use_by is None or e.use_by >= e.day
    terms = e.recall_days >= 0 and bool(e.revocation_terms or not e.recall_days)
    triggers = TRIGGERS if others else ("",)
    return purposes and e.first_transfer in triggers and years and in_time and terms and e.cap >= 0


def _kept(e: ev.Authorised, old: Authorisation) -> bool:
    same = (e.approach, e.party, e.metric) == (old.approach, old.party, old.metric)
    room = not e.cap or e.cap >= old.transferred
    return same and room and not set(e.entities) & set(old.withdrawn)


def _alone(w: Watch, e: ev.Authorised) -> bool:
    """Whether no other living authorisation may speak of the same serials. Of one with a last day,
    an act that counts on another day than its own does not say whether it lived."""
    row = _row(e)
    return not any(
        other.authorisation != e.authorisation
        and other.party == e.party
        and not has_ended(other, e.day)
        and not (other.use_by and w.entry.effective)
        and not is_spent(other)
        and not are_apart(other, row)
        for other in newest(w.state)
    )


def _row(e: ev.Authorised) -> Authorisation:
    names = Authorisation.__struct_fields__
    return Authorisation(**{f: getattr(e, f) for f in names if hasattr(e, f)}, authorised=0)


def _planned(w: Watch, e: ev.Authorised) -> bool:
    """Whether it keeps to the Party's plan, or goes beyond it as an authority decided."""
    over = over_plan(w.state, _row(e))
    if over is None:
        return not (e.beyond or e.overridden_by)
    person = w.state.persons.get(e.overridden_by)
    by = person is not None and person.active and "authority" in person.roles
    capped = over.code != "plan_needs_cap"
    return by and capped and bool(e.override_reason) and e.beyond == over.units


def pledged(w: Watch, e: ev.NdcRecorded) -> None:
    """An NDC is the next version for its period, which keeps its method, or cuts into none."""
    old = w.state.ndcs.get((e.party, e.first))
    if old is None:
        right = e.version == 1 and e.first <= e.last
        right = right and not any(
            row.party == e.party and row.first <= e.last and e.first <= row.last
            for row in w.state.ndcs.values()
        )
    else:
        kept = (old.last, old.kind, old.method, old.metric, old.version + 1)
        right = not old.closed and kept == (e.last, e.kind, e.method, e.metric, e.version)
    if not right:
        w.say("unlawful_authorisation", f"NDC of {e.party} for {e.first}-{e.last}")


def inventory(w: Watch, e: ev.InventoryRecorded) -> None:
    """An inventory is the next version of its year, which is not final."""
    old = w.state.inventories.get((e.party, e.year, e.metric))
    in_turn = e.version == (old.version + 1 if old else 1)
    if not in_turn or closing(w.state, e.party, e.year):
        w.say("unlawful_authorisation", f"inventory of {e.party} for {e.year}")
