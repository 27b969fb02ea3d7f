"""Loading what a compliance act reads: an operator and all who may count as one with it, their
figures and uses, the lots that were used, and what lies on the lots that are judged.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from onetonne.ledger.needs import Needs
from onetonne.ledger.state import State
from onetonne.store.schema import TABLES, from_row
from onetonne.store.table import storable

if TYPE_CHECKING:
    from onetonne.store.rows import Engine

OWED = (
    *("operators", "members", "caps", "allocations", "figures", "used", "system_uses"),
    *("recognitions", "duties", "payments"),
)
"""Tables that are read anew for each batch: others write there too."""


def operators_of(db: "Engine", state: State, needs: Needs) -> None:
    """All of the operators named, and of those linked to them by any grouping."""
    if needs.systems:
        _load(db, state, "members", needs.systems)
    if needs.caps:
        _load(db, state, "caps", {system for system, _ in needs.caps})
    if needs.recognitions:
        known = sorted(key for key in needs.recognitions if storable(key))
        where = " OR ".join("recognition = ?" for _ in known) or "1 = 0"
        _keep(db, state, "recognitions", where, known)
    if needs.duties:
        _load(db, state, "duties", needs.duties)
    if not needs.operators:
        return
    named = {operator for operator, _ in needs.operators if operator and storable(operator)}
    if not named:
        return
    _load(db, state, "system_uses", {system for _, system in needs.operators})
    who = _linked(state, named)
    for table in ("operators", "allocations", "figures", "used", "payments"):
        _load(db, state, table, who)
    marks = ", ".join("?" for _ in who)
    _keep(db, state, "duties", f"operator IN ({marks})", sorted(who))
    needs.accounts.update(row.account for row in state.operators.values())
    lots = {row.lot for row in state.used.values()}
    needs.lots |= lots
    needs.lineage |= lots
    _load(db, state, "labels", lots)


def _linked(state: State, who: set[str]) -> set[str]:
    """These operators, and whoever shares a pool or a merger with them on any day."""
    while True:
        into = {row.into for row in state.members.values() if row.operator in who} - {""}
        more = {
            name
            for row in state.members.values()
            if row.into and (row.into in into or row.into in who)
            for name in (row.operator, row.into)
        }
        if more | into <= who:
            return who
        who = who | more | into


def marks_of(db: "Engine", state: State, needs: Needs) -> None:
    """Labels and recognitions of the lots that are judged."""
    if needs.judged:
        lots = [lot for lot in needs.judged if lot in state.lots]
        _load(db, state, "labels", lots)
        _load(db, state, "recognitions", lots)


def _load(db: "Engine", state: State, name: str, keys: Iterable[Any]) -> None:
    table = TABLES[name]
    for row in db.by_key(table, [key for key in keys if storable(key)]):
        value = from_row(table, row)
        state.know(name, tuple(getattr(value, part) for part in table.key), value)


def _keep(db: "Engine", state: State, name: str, where: str, params: Iterable[Any]) -> None:
    table = TABLES[name]
    columns = ", ".join(f'"{column}"' for column in table.names)
    sql = f'SELECT {columns} FROM "{name}" WHERE {where}'
    for row in db.query(sql, list(params)):
        value = from_row(table, row)
        state.know(name, tuple(getattr(value, part) for part in table.key), value)
