"""What our own books say of a lot, as facts that the law reads; what they do not say is unknown."""

from collections.abc import Sequence
from typing import Any

from onetonne.ledger.acts.first_transfer import speaks_of
from onetonne.ledger.article6.standing import is_dead
from onetonne.ledger.tables import LabelRow, Lot, Project
from onetonne.ledger.unit_facts import labelled
from onetonne.ledger.units import Law
from onetonne.rules.facts import VOCABULARY, Known, read_facts
from onetonne.rules.law import Everywhere
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, View, view
from onetonne.service.questions.holdings import rows_where

_ACTIVITY = {"reduction": "R", "removal": "RM"}


def lot_facts(
    ledger: Ledger, lot: int, everywhere: Everywhere, asof: AsOf = NOW
) -> dict[str, Known]:
    """Facts of a lot: of its unit type, of the lot and its project, and its own stated facts that
    the vocabulary knows. A lot of which some units still live is active. Raises `FactFault`."""
    with view(ledger, asof) as seen:
        row: Lot = seen.structs("lots", "lot = ?", (lot,))[0]
        projects: list[Project] = seen.structs("projects", "project = ?", (row.project,))
        labels: list[LabelRow] = seen.structs("labels", "lot = ?", (lot,))
        alive = {held.status for held in rows_where(seen, " AND h.lot = ?", (lot,))}
        authorised = _authorised(seen, row)
    found: dict[str, Any] = dict(everywhere.unit_facts.get(row.unit, {}))
    year = "allowance_year" if found.get("family") == "allowance" else "reduction_year"
    found |= {"unit_type": row.unit, year: row.vintage}
    found |= {"host": row.host} if row.host else {}
    found["activity_class"] = _ACTIVITY.get(row.activity)
    found["commitment_period"] = f"CP{row.commitment_period}" if row.commitment_period else None
    for project in projects:
        found["methodology"] = project.methodology
        found.setdefault("programme", project.mechanism)
    found["status"] = "active" if alive & {"held", "locked"} else _end(alive)
    found |= _labelled(ledger.law, labels, row.size)
    found |= authorised
    stated = {name: value for name, value in row.facts.items() if name in VOCABULARY}
    return read_facts({name: v for name, v in {**found, **stated}.items() if v})


def _labelled(law: Law, labels: Sequence[LabelRow], size: int) -> dict[str, Any]:
    """What the labels say that the whole lot bears; and what is known against any part of it."""
    whole = [row for row in labels if row.first <= 0 and row.next >= size]
    against = labelled(law, labels)
    known = {name: against[name] for name in ("controversies", "overcredited") if name in against}
    return labelled(law, whole) | known


_OTHERS = {"NDC": ["NDC"], "IMP": ["OIMP_CORSIA"], "OP": ["OIMP_OTHER"]}


def _authorised(seen: View, lot: Lot) -> dict[str, Any]:
    """What authorisations say of the whole lot: a living one that speaks of it, or the one under
    which all of it was first transferred. That a host's report applied it no ledger can say."""
    done = seen.structs("first_transfers", "lot = ?", (lot.lot,))
    whole = sum(mark.next - mark.first for mark in done) == lot.size
    under = {(mark.authorisation, mark.version) for mark in done} if whole else set()
    for row in seen.structs("authorisations", "party = ?", (lot.host,)):
        living = not (row.superseded or is_dead(row, seen.day))
        speaks = living and speaks_of(row, lot) == [(0, lot.size)]
        if under != {(row.authorisation, row.version)} and not (speaks and not done):
            continue
        purposes = [word for one in row.purposes for word in _OTHERS[one]]
        only = row.parties[0] if len(row.parties) == 1 else None
        return {"loa_purposes": purposes, "loa_country": only, "adjustment": "AUTHORISED"}
    return {}


def _end(statuses: set[str]) -> str | None:
    """One word for what became of all units; none where they ended in several ways."""
    ends = {status.partition(".")[0] for status in statuses}
    return ends.pop() if len(ends) == 1 else None
