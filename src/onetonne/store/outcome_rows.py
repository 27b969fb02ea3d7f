"""What acts under Article 6 read beside the rows that they name.

Approaches, pledges, participation and authorisations are few and stay in memory; marks (first
transfers, uses) are loaded over the holdings of a batch, tallies for the Parties that it touches.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from onetonne.ledger.article6.commands import Terms
from onetonne.ledger.lanes import Holding
from onetonne.ledger.needs import Needs
from onetonne.ledger.state import State
from onetonne.store.schema import HOLDING, TABLES, from_row, quoted
from onetonne.store.table import storable

if TYPE_CHECKING:
    from onetonne.store.rows import Engine

ALWAYS = (
    *("approaches", "participations", "ndcs", "authorisations", "choices", "activities", "plans"),
    "agreements",
)
FEW = 4
MAX_LIVE = 100_000
"""Live holdings that a new authorisation may look at; it can name far fewer in its entry."""
_OVER = """lot = ? AND "first" < ? AND "next" > ? AND "first" >=
coalesce((SELECT max("first") FROM "{table}" WHERE lot = ? AND "first" <= ?), 0)"""

_DAY = {
    name: TABLES[name].names.index("day") for name in ("first_transfers", "uses", "approach_levies")
}
_MARKS = {
    name: f'SELECT {quoted(TABLES[name].names)} FROM "{name}" WHERE {_OVER.format(table=name)}'
    for name in _DAY
}


def rows_of(db: "Engine", name: str, where: str, params: Sequence[Any] = ()) -> list[Any]:
    """Rows of a state table as its structs; none where it is asked for what no table holds."""
    table = TABLES[name]
    sql = f'SELECT {quoted(table.names)} FROM "{name}" WHERE {where}'
    return [from_row(table, row) for row in asked(db, sql, params)]


def asked(db: "Engine", sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What a query finds; nothing where it asks for what no table holds."""
    return db.query(sql, params) if all(map(storable, params)) else []


def keep(state: State, name: str, found: Iterable[Any]) -> None:
    """Make rows known by the key of their table."""
    key = TABLES[name].key
    known = getattr(state, name)
    for row in found:
        values = tuple(getattr(row, field) for field in key)
        known[values if len(key) > 1 else values[0]] = row


def open_tables(db: "Engine", state: State) -> None:
    """Load what every batch may read."""
    for name in ALWAYS:
        keep(state, name, rows_of(db, name, "1 = 1"))


def load_inputs(db: "Engine", state: State, needs: Needs) -> None:
    """Load inventories that are named, and the tallies of every Party that may be touched."""
    for party, year, metric in needs.inventories:
        where = "party = ? AND year = ? AND metric = ?"
        keep(state, "inventories", rows_of(db, "inventories", where, (party, year, metric)))
    for code in needs.contributions:
        found = rows_of(db, "contributions", "contribution = ?", (code,))
        keep(state, "contributions", found)
    parties = {row.party for row in state.authorisations.values()}
    parties |= needs.parties | {terms.party for terms in needs.scopes}
    for party in parties - state.tallied:
        keep(state, "tallies", rows_of(db, "tallies", "party = ?", (party,)))
        state.tallied.add(party)


def load_recalls(db: "Engine", state: State, needs: Needs) -> list[tuple[int, int, int]]:
    """Load recalls that are named; the blocks they ask back, whose lots are added to `needs`."""
    for code in needs.recalls:
        keep(state, "recalls", rows_of(db, "recalls", "recall = ?", (code,)))
    found = [block for code in needs.recalls if code in state.recalls
             for block in state.recalls[code].blocks]  # fmt: skip
    needs.lots.update(lot for lot, _, _ in found)
    return found


def of_planners(state: State, needs: Needs) -> None:
    """Add the lots that authorisations name, of Parties whose plan a new one is held against."""
    asked = {terms.party for terms in needs.scopes}
    planners = {plan.party for plan in state.plans.values()} & asked
    for row in state.authorisations.values():
        if row.party in planners and not row.superseded:
            needs.lots.update(lot for lot, _, _ in row.blocks)


def load_scopes(db: "Engine", needs: Needs) -> list[tuple[Any, ...]]:
    """The live holdings that new authorisations may first transfer, as rows of HOLDING; their
    lots and accounts are added to `needs`."""
    found = []
    for terms in needs.scopes:
        sql, params = _live(terms)
        for row in asked(db, sql, params):
            needs.lots.add(row[0])
            needs.accounts.add(row[3])
            found.append(row)
    return found


def _live(terms: Terms) -> tuple[str, list[Any]]:
    """Holdings in the scope of an authorisation; where nothing but a transfer abroad triggers,
    only those that other Parties' accounts hold already."""
    tests = ["l.host = ?", "l.vintage BETWEEN ? AND ?", "a.sink = ''", "a.kind <> 'peer'"]
    params: list[Any] = [terms.party, terms.vintage_from, terms.vintage_to]
    if terms.first_transfer != "authorisation":
        tests += ["a.party <> ''", "a.party <> l.host"]
    lots = tuple({item.lot for item in terms.items})
    for column, values in (("project", terms.projects), ("unit", terms.units), ("lot", lots)):
        if values:
            known = [value for value in values if storable(value)]
            tests.append(f'l."{column}" IN ({", ".join("?" * len(known)) or "NULL"})')
            params += known
    columns = ", ".join(f'h."{name}"' for name in HOLDING)
    sql = (
        f"SELECT {columns} FROM lots l JOIN holdings h ON h.lot = l.lot "
        f"JOIN accounts a ON a.account = h.account WHERE {' AND '.join(tests)} "
        f"LIMIT {MAX_LIVE}"
    )
    return sql, params


def load_marks(
    db: "Engine", state: State, needs: Needs, rows: dict[int, dict[int, Holding]]
) -> None:
    """Load the first transfers over loaded holdings, where their host authorises anything, and what
    was levied of them, where an approach levies."""
    hosts = {row.party for row in state.authorisations.values()}
    hosts |= {terms.party for terms in needs.scopes}
    if not hosts:
        return
    # Units that come back from surrender may have been used there towards an NDC.
    ends = {n for n, account in state.accounts.items() if account.sink == "surrender"}
    levied = ("approach_levies",) if any(r.levies for r in state.approaches.values()) else ()
    for number, held in rows.items():
        lot = state.lots.get(number)
        if lot is None or lot.host not in hosts:
            continue
        back = needs.uses or any(h.account in ends for h in held.values())
        wanted = ("first_transfers", *(("uses",) if back else ()), *levied)
        for name in wanted:
            marks, kind, at = getattr(state, name), TABLES[name].row, _DAY[name]
            for row in _over(db, name, number, held):
                day = date.fromisoformat(row[at])
                marks[row[0], row[1]] = kind(*row[:at], day, *row[at + 1 :])


def _over(db: "Engine", name: str, lot: int, held: dict[int, Holding]) -> Iterable[tuple[Any, ...]]:
    """The marks over holdings of a lot: of many, with one look from the first to the last, unless
    too much lies between them."""
    if len(held) > FEW:
        low, high = min(held), max(h.next for h in held.values())
        most = 4 * len(held)
        over = (lot, high, low, lot, low)
        found = db.query(f"{_MARKS[name]} LIMIT {most}", over)
        if len(found) < most:
            return found
    return [
        row
        for h in held.values()
        for row in db.query(_MARKS[name], (lot, h.next, h.first, lot, h.first))
    ]
