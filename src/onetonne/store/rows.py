"""Between State and tables: load the rows that requests name, write the rows that changed.

Both engines share this. Holdings are loaded per batch and thrown away; accounts, lots,
people and projects stay cached until another process writes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.acts.propose import acts_of
from onetonne.ledger.commands import Request
from onetonne.ledger.items import BUFFER, FUND, MAX_PIECES, PENDING, offsets
from onetonne.ledger.lanes import Holding, Lane
from onetonne.ledger.needs import Needs, add_act, needs_of
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.store import faults, mechanism_rows, outcome_rows
from onetonne.store.compliance_rows import OWED, marks_of, operators_of
from onetonne.store.schema import (
    HOLDING,
    JOURNAL,
    TABLES,
    from_row,
    holding_from,
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
MAX_CACHED = 200_000
"""Lots, accounts and projects that a writer keeps in memory (about 500 bytes each)."""
PAGE = 64
"""Holdings read at a time when a quantity is looked for from the top."""
MAX_KEY = 2**63 - 1
MAX_LOCKED = 100_000
"""Holdings under one block of a lock: far more than the entry that lifts it can name."""
Blocks = Sequence[tuple[int, int, int]]
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
    """Rows of a state table as its structs, by key."""
    table = TABLES[name]
    order = f"ORDER BY {quoted(table.key)}"
    sql = f'SELECT {quoted(table.names)} FROM "{name}" WHERE {where} {order}'
    return [from_row(table, row) for row in db.query(sql, params)]


def prefetch(
    db: Engine, state: State, requests: Sequence[Request], day_of: Callable[[ev.Entry], date]
) -> Before:
    """Load into `state` what `requests` name; return the holdings as loaded."""
    needs = needs_of(requests)
    blocks: list[tuple[int, int, int]] = []
    locked = _load_cited(db, state, needs, blocks)
    blocks += outcome_rows.load_recalls(db, state, needs)
    operators_of(db, state, needs)
    live = [*outcome_rows.load_scopes(db, needs), *mechanism_rows.load_named(db, state, needs)]
    outcome_rows.of_planners(state, needs)
    for name in ("persons", "accounts", "lots", "observations"):
        _load(db, state, name, getattr(needs, name))
    if needs.lineage:
        lots = (state.lots[number] for number in needs.lineage if number in state.lots)
        needs.projects.update(lot.project for lot in lots if lot.project)
    _load(db, state, "projects", needs.projects)
    mechanism_rows.load_around(db, state, needs)
    _load_foreign(db, state, needs)
    _load_labels(db, state, needs)
    marks_of(db, state, needs)
    rows = _load_holdings(db, state, needs, chain(blocks, _named_blocks(state, needs)), locked)
    for row in live:
        rows.setdefault(row[0], {})[row[1]] = holding_from(row)
    for number, found in rows.items():
        state.lanes[number] = Lane(dict(found))
    if needs.holders:
        holders = {h.account for lane in rows.values() for h in lane.values()}
        _load(db, state, "accounts", needs.accounts | holders)
    _load_locks(db, state, rows)
    _load_ends(db, state, needs, rows)
    outcome_rows.load_inputs(db, state, needs)
    outcome_rows.load_marks(db, state, needs, rows)
    if any(request.effective is not None for request in requests):
        _load_days(db, state, rows, day_of)
    return rows


def _named_blocks(state: State, needs: Needs) -> Iterator[tuple[int, int, int]]:
    """The blocks that items name, the whole lot where they name none of it; what is no range of
    its lot is for the kernel to refuse."""
    for number, serials in needs.blocks:
        lot = state.lots.get(number)
        if lot is not None:
            with suppress(Refused):
                yield (number, *(offsets(lot, serials) if serials else (0, lot.size)))


def _load_holdings(
    db: Engine, state: State, needs: Needs, blocks: Iterable[tuple[int, int, int]], locked: Blocks
) -> Before:
    rows: Before = {}
    # What lies under a lock was cut by other locks, as often as they wished: it is read whole.
    for row in (
        *db.cover(blocks, MAX_PIECES + 2),
        *(db.cover(locked, MAX_LOCKED) if locked else ()),
    ):
        rows.setdefault(row[0], {})[row[1]] = holding_from(row)
    for account, number in needs.top:
        if account in state.accounts and number in state.lots:
            _load_top(db, rows.setdefault(number, {}), account, number, needs.demand[number])
    for account in needs.whole & state.accounts.keys():
        for row in db.query(f"{_SELECT} WHERE account = ? LIMIT 1000", (account,)):
            rows.setdefault(row[0], {})[row[1]] = holding_from(row)
    return rows


_SELECT = f"SELECT {', '.join(HOLDING)} FROM holdings"


def _load(db: Engine, state: State, name: str, keys: Iterable[Any]) -> None:
    known = getattr(state, name)
    missing = [key for key in keys if key not in known and _storable(key)]
    if not missing:
        return
    if len(known) > MAX_CACHED:
        kept = {k: v for k, v in known.items() if _always(v)}
        known.clear()
        known.update(kept)
        missing = [key for key in keys if _storable(key)]
    table = TABLES[name]
    for row in db.by_key(table, missing):
        known[row[0]] = from_row(table, row)


def _always(row: Any) -> bool:
    """Whether acts read a row without naming it: a sink, an account of a mechanism's registry."""
    return bool(getattr(row, "sink", "")) or getattr(row, "kind", "") in OF_MECHANISM


def _storable(key: Any) -> bool:
    """A number beyond 64 bits is in no table, and no store can even be asked for it."""
    return not isinstance(key, int) or -MAX_KEY <= key <= MAX_KEY


def _load_cited(
    db: Engine, state: State, needs: Needs, blocks: list[tuple[int, int, int]]
) -> Blocks:
    """Proposals, locks and entries that are named, and what these name in turn; the blocks of
    the locks, with their neighbours."""
    locked: list[tuple[int, int, int]] = []
    if needs.proposals:
        _load(db, state, "proposals", needs.proposals)
        for number in needs.proposals:
            row = state.proposals.get(number)
            if row is not None:
                needs.locks.add(row.lock)
                for act in acts_of(row):
                    add_act(needs, act)
    if needs.locks:
        _load(db, state, "locks", needs.locks)
        for number in needs.locks:
            lock = state.locks.get(number)
            if lock is not None:
                needs.lots.update(lot for lot, _, _ in lock.blocks)
                locked += [(lot, max(low - 1, 0), high + 1) for lot, low, high in lock.blocks]
    if needs.entries:
        for _, _, data in db.by_key(JOURNAL, filter(_storable, needs.entries)):
            entry = codec.decode(data)
            state.entries[entry.seq] = entry
            blocks += _cited(needs, entry)
    return locked


def _cited(needs: Needs, entry: ev.Entry) -> Iterator[tuple[int, int, int]]:
    """What a correction of an entry needs; the blocks that the entry moved."""
    for event in entry.events:
        if isinstance(event, ev.Moved):
            needs.lots.add(event.lot)
            needs.accounts.update((event.source, event.target))
            yield event.lot, event.first, event.next
        elif isinstance(event, ev.Surrendered | ev.Allocated) and event.operator:
            needs.operators.add((event.operator, event.system))


def _load_foreign(db: Engine, state: State, needs: Needs) -> None:
    for key in needs.foreign:
        state.foreign[key] = structs(db, "lots", "foreign_key = ? AND foreign_key <> ''", (key,))


def _load_labels(db: Engine, state: State, needs: Needs) -> None:
    for lot, kind in needs.labels:
        if lot not in state.lots:
            continue
        for label in structs(db, "labels", "lot = ? AND kind = ?", (lot, kind)):
            state.labels[(lot, kind, label.first, label.labelled)] = label


def _load_top(db: Engine, rows: dict[int, Holding], account: int, lot: int, demand: int) -> None:
    skip, free = 0, 0
    while free < demand:
        page = db.top(account, lot, PAGE + skip, skip)
        for row in page:
            rows[row[1]] = holding_from(row)
            free += 0 if row[5] else row[2] - row[1]
        if len(page) < PAGE + skip:
            break
        skip += len(page)


def _load_locks(db: Engine, state: State, rows: Before) -> None:
    numbers = {n for lane in rows.values() for h in lane.values() for n in h.locks}
    _load(db, state, "locks", numbers)


def _load_days(db: Engine, state: State, rows: Before, day_of: Callable[[ev.Entry], date]) -> None:
    moved = {h.moved for lane in rows.values() for h in lane.values()}
    for seq, _, data in db.by_key(JOURNAL, moved):
        state.days[seq] = day_of(codec.decode(data))


def _load_ends(db: Engine, state: State, needs: Needs, rows: Before) -> None:
    """The entries by which units ended, so that whoever asks for them is told what they served;
    and who surrendered them, where they are to be used."""
    held = [h for lane in rows.values() for h in lane.values()]
    holders = {h.account for h in held}  # every sink is in memory; of the others, some are not
    sinks = {n for n in holders if n in state.accounts and state.accounts[n].sink}
    ended = {h.moved for h in held if h.account in sinks}
    for _, _, data in db.by_key(JOURNAL, ended - state.entries.keys()):
        entry = codec.decode(data)
        state.entries[entry.seq] = entry
    if needs.uses:
        by = {
            event.source
            for seq in ended & state.entries.keys()
            for event in state.entries[seq].events
            if isinstance(event, ev.Surrendered)
        }
        _load(db, state, "accounts", needs.accounts | by)


def forget(state: State) -> None:
    """Drop what was loaded for one batch."""
    for table in (
        *("lanes", "locks", "proposals", "labels", "foreign", "entries", "days"),
        *("inventories", "first_transfers", "uses", "contributions", "recalls"),
        "approach_levies",
        *OWED,
        *mechanism_rows.FOR_ONE_BATCH,
    ):
        getattr(state, table).clear()
    state.forget_owed()
    state.changed.clear()


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
