"""What acts of a crediting mechanism read beside the rows that they name.

Activities and policies are few and stay in memory; verifications, reversals, boundaries, claims and
levies are loaded for a batch; of the buffer, and of levied lots in the scope of an authorisation,
all holdings.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from onetonne.ledger.acts.boundaries import key_of
from onetonne.ledger.items import BUFFER
from onetonne.ledger.needs import Needs
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.store.outcome_rows import MAX_LIVE, asked, keep, rows_of
from onetonne.store.schema import HOLDING

if TYPE_CHECKING:
    from onetonne.store.rows import Engine

FOR_ONE_BATCH = ("verifications", "levies", "boundaries", "claims", "reversals")
_COLUMNS = ", ".join(f'h."{name}"' for name in HOLDING)


def load_named(db: "Engine", state: State, needs: Needs) -> list[tuple[Any, ...]]:
    """Load verifications and reversals by entry and by activity; return, as rows of HOLDING, what
    the buffer holds where it is asked for, and levied lots that an authorisation may reach."""
    for name, key in (("verifications", "verification"), ("reversals", "reversal")):
        for number in getattr(needs, name):
            keep(state, name, rows_of(db, name, f"{key} = ?", (number,)))
    needs.projects.update(row.activity for row in state.verifications.values())
    for activity in needs.activities:
        keep(state, "verifications", rows_of(db, "verifications", "activity = ?", (activity,)))
    found = [*_buffer(db)] if needs.buffer else []
    if state.activities:
        for terms in needs.scopes:
            found += _levied(db, terms.party, terms.vintage_from, terms.vintage_to)
    for row in found:
        needs.lots.add(row[0])
        needs.accounts.add(row[3])
    return found


def _buffer(db: "Engine") -> list[tuple[Any, ...]]:
    sql = (
        f"SELECT {_COLUMNS} FROM holdings h JOIN accounts a ON a.account = h.account "
        f"WHERE a.kind = '{BUFFER}' ORDER BY h.lot, h.\"first\" LIMIT {MAX_LIVE}"
    )
    return list(db.query(sql, ()))


def _levied(db: "Engine", *scope: Any) -> list[tuple[Any, ...]]:
    sql = (
        f"SELECT {_COLUMNS} FROM levies v JOIN lots l ON l.lot = v.lot "
        "JOIN holdings h ON h.lot = v.lot WHERE h.account IS NOT NULL "
        f"AND l.host = ? AND l.vintage BETWEEN ? AND ? LIMIT {MAX_LIVE}"
    )
    return asked(db, sql, scope)


def load_around(db: "Engine", state: State, needs: Needs) -> None:
    """Load the boundaries of projects, what was claimed of their keys, and what was levied."""
    keys = set[str]()
    for text in needs.keys:
        with suppress(Refused):
            keys.add(key_of(text))
    for project in needs.projects:
        for row in rows_of(db, "boundaries", "project = ?", (project,)):
            keep(state, "boundaries", [row])
            keys.update(row.keys)
            keep(state, "claims", rows_of(db, "claims", "project = ?", (project,)))
    for project in needs.credited:
        keep(state, "lots", rows_of(db, "lots", f"project = ? LIMIT {MAX_LIVE}", (project,)))
    for key in keys:
        keep(state, "claims", rows_of(db, "claims", "key = ?", (key,)))
    if state.activities:
        for number in needs.lots:
            keep(state, "levies", rows_of(db, "levies", "lot = ?", (number,)))
