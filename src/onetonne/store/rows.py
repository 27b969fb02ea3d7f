"""Between State and tables: load the rows that requests name, write the rows that changed.

Both engines share this. Holdings are loaded per batch and thrown away; accounts, lots,
people and projects stay cached until another process writes.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from onetonne.ledger.items import BUFFER, FUND, PENDING
from onetonne.ledger.lanes import Holding
from onetonne.ledger.state import State
from onetonne.store import faults, mechanism_rows, outcome_rows
from onetonne.store.compliance_rows import OWED
from onetonne.store.schema import (
    JOURNAL,
    TABLES,
    holding_row,
    quoted,
    to_row,
)
from onetonne.store.sqlite import Sqlite

if TYPE_CHECKING:
    from onetonne.store.postgres import Postgres

    Engine: TypeAlias = Sqlite | Postgres
else:  # PostgreSQL's driver is an extra: a ledger in a file never loads it
    Engine = Sqlite
COUNTS = ("lot", "lock", "proposal", "certificate")
"""The head's counters, in the order of its columns."""
OF_MECHANISM = (PENDING, FUND, BUFFER)
CACHED = ("persons", "accounts", "lots", "projects")
_cached = attrgetter(*CACHED)
MAX_CACHED = 200_000
"""Of each of these a writer keeps no more in memory from batch to batch (about 500 bytes each)."""
Before = dict[int, dict[int, Holding]]


def open_state(db: Engine) -> tuple[State, int]:
    """The state's head and sinks from the tables, and the epoch."""
    state = State()
    sql = 'SELECT seq, at, lot, "lock", proposal, certificate, epoch FROM head'
    row = faults.only(db.query(sql))
    state.seq, state.at = row[0], row[1]
    state.counts = dict(zip(COUNTS, row[2:6], strict=True))
    found = structs(db, "accounts", f"sink <> '' OR kind IN {OF_MECHANISM}")
    state.accounts = {account.account: account for account in found}
    outcome_rows.open_tables(db, state)
    return state, row[6]


def structs(db: Engine, name: str, where: str = "1 = 1", params: Sequence[Any] = ()) -> list[Any]:
    """Rows of a state table as its structs, by key; none where it is asked for what no table
    holds."""
    order = f"ORDER BY {quoted(TABLES[name].key)}"
    return outcome_rows.rows_of(db, name, f"{where} {order}", params)


def forget(state: State) -> None:
    """Drop what was loaded for one batch, and of the rest what is too much to keep."""
    for name, known in zip(CACHED, _cached(state), strict=True):
        if len(known) > MAX_CACHED:
            setattr(state, name, {key: row for key, row in known.items() if _always(row)})
    for known in _passing(state):
        if known:
            known.clear()
    state.forget_owed()


_passing = attrgetter(
    *("lanes", "locks", "proposals", "labels", "foreign", "entries", "days", "changed"),
    *("inventories", "first_transfers", "uses", "contributions", "recalls", "approach_levies"),
    *OWED,
    *mechanism_rows.FOR_ONE_BATCH,
)
"""What is kept of a state for one batch alone."""


def _always(row: Any) -> bool:
    """Whether acts read a row without naming it: a sink, an account of a mechanism's registry."""
    return bool(getattr(row, "sink", "")) or getattr(row, "kind", "") in OF_MECHANISM


def save(db: Engine, state: State, before: Before, lots: Iterable[int] | None = None) -> None:
    """Write every state row that differs from what was loaded, or saved before; `lots` where it
    is known whose holdings may differ. `before` is then what was saved."""
    work = _Differences()
    work.inserted += [
        (key, state.lots[key].size, None, None, None, None)
        for table, key in state.changed
        if table == "lots"
    ]
    for lot in state.lanes if lots is None else lots:
        work.of_lane(lot, before.setdefault(lot, {}), state.lanes[lot].rows)
    db.save_holdings(work.deleted, work.cut, work.updated, work.inserted)
    _save_changed(db, state)
    state.changed.clear()


class _Differences:
    """What the table of holdings lacks: rows by what is to be done with them."""

    def __init__(self) -> None:
        self.deleted: list[tuple[Any, ...]] = []
        self.cut: list[tuple[Any, ...]] = []
        self.updated: list[tuple[Any, ...]] = []
        self.inserted: list[tuple[Any, ...]] = []

    def of_lane(self, lot: int, old: dict[int, Holding], rows: dict[int, Holding]) -> None:
        for first, h in rows.items():
            was = old.get(first)
            if was is h:
                continue
            if was is None:
                self.inserted.append(holding_row(lot, h))
            elif was.moved == h.moved and was.account == h.account and was.locks == h.locks:
                if was.next != h.next:
                    self.cut.append((h.next, lot, first))
            else:
                self.updated.append((*holding_row(lot, h)[2:], lot, first))
            old[first] = h
        if len(old) > len(rows):
            gone = [first for first in old if first not in rows]
            self.deleted += [(lot, first) for first in gone]
            for first in gone:
                del old[first]


def _save_changed(db: Engine, state: State) -> None:
    by_table: dict[str, list[Any]] = {}
    for table, key in state.changed:
        by_table.setdefault(table, []).append(getattr(state, table)[key])
    for name, values in by_table.items():
        db.upsert(TABLES[name], [to_row(TABLES[name], value) for value in values])


def save_journal(db: Engine, rows: Sequence[tuple[int, bytes, bytes]]) -> None:
    """Append entries: (seq, leaf hash, bytes)."""
    db.insert("journal", JOURNAL.names, rows)
