"""Look up what a batch names, before it is decided.

Of plain transfers a part is looked up while the part before it is decided; all else at once. What
an earlier part moved is as that left it, whatever the tables still say.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.acts.propose import acts_of
from onetonne.ledger.commands import Request, Transfer
from onetonne.ledger.items import MAX_PIECES, offsets
from onetonne.ledger.lanes import Lane
from onetonne.ledger.needs import Needs, add_act, needs_of
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.store import mechanism_rows, outcome_rows
from onetonne.store.compliance_rows import marks_of, operators_of
from onetonne.store.rows import Before, Engine, structs
from onetonne.store.schema import HOLDING, JOURNAL, TABLES, from_row, holding_from
from onetonne.store.table import storable

PAGE = 64
"""Holdings read at a time when a quantity is looked for from the top."""
MAX_LOCKED = 100_000
"""Holdings under one block of a lock: far more than the entry that lifts it can name."""
FIRST, PART = 64, 250
"""Requests of the first part and the last, so that neither side waits long for the other, and of
those between."""
Blocks: TypeAlias = Sequence[tuple[int, int, int]]
Row: TypeAlias = tuple[Any, ...]


class _Part(NamedTuple):
    """So many requests, the blocks that they name, as printed and as offsets."""

    requests: int
    named: Sequence[tuple[int, str]]
    blocks: Blocks = ()


class LookUp:
    """The rows that a batch names. `ready` of its requests may be decided; `more` makes it more.
    `before` are the holdings as they were loaded."""

    def __init__(
        self,
        db: Engine,
        state: State,
        requests: Sequence[Request],
        day_of: Callable[[ev.Entry], date],
    ) -> None:
        self.db, self.state, self.day_of = db, state, day_of
        self.before: Before = {}
        self.ready = 0
        self._live: Sequence[Row] = ()
        self._dated = False
        plain = _plain(requests)
        self._plain = plain is not None
        self._needs, self._parts = plain or (needs_of(requests), deque())
        if self._plain:
            _load_known(db, state, self._needs)
            mechanism_rows.load_around(db, state, self._needs)
        else:
            self._load_all(requests)
        self._asked = self._ask()

    def more(self) -> None:
        """Receive the part that was asked for, and ask for the next."""
        asked, self._asked = self._asked, self._ask()
        if asked is not None:
            part, holdings = asked
            self._receive(self.db.covered(holdings))
            self.ready += part.requests

    def _ask(self) -> tuple[_Part, Any] | None:
        """Send for the holdings that the next part names."""
        if not self._parts:
            return None
        part = self._parts.popleft()
        blocks = chain(part.blocks, _offsets(self.state, part.named))
        return part, self.db.ask_cover(blocks, MAX_PIECES + 2, soon=bool(self._parts))

    def _load_all(self, requests: Sequence[Request]) -> None:
        """Load whatever else requests name; all of them are one part."""
        db, state, needs = self.db, self.state, self._needs
        blocks: list[tuple[int, int, int]] = []
        locked = _load_cited(db, state, needs, blocks)
        blocks += outcome_rows.load_recalls(db, state, needs)
        operators_of(db, state, needs)
        live: list[Row] = [
            *outcome_rows.load_scopes(db, needs),
            *mechanism_rows.load_named(db, state, needs),
        ]
        outcome_rows.of_planners(state, needs)
        _load_known(db, state, needs)
        _load(db, state, "observations", needs.observations)
        if needs.lineage:
            lots = (state.lots[number] for number in needs.lineage if number in state.lots)
            needs.projects.update(lot.project for lot in lots if lot.project)
        _load(db, state, "projects", needs.projects)
        mechanism_rows.load_around(db, state, needs)
        _load_foreign(db, state, needs)
        _load_labels(db, state, needs)
        marks_of(db, state, needs)
        # What lies under a lock was cut by other locks, as often as they wished: it is read whole.
        live += db.cover(locked, MAX_LOCKED) if locked else ()
        self._live = live
        self._dated = any(request.effective is not None for request in requests)
        self._parts.append(_Part(len(requests), needs.blocks, blocks))

    def _receive(self, found: Iterable[Row]) -> None:
        db, state, needs = self.db, self.state, self._needs
        if self._plain:
            rows = self._new(found)
        else:
            rows = self._new(chain(found, self._live, _found(db, state, needs)))
            if needs.holders:
                holders = {h.account for lane in rows.values() for h in lane.values()}
                _load(db, state, "accounts", needs.accounts | holders)
        _load_locks(db, state, rows)
        _load_ends(db, state, needs, rows)
        if state.authorisations or not self._plain:
            outcome_rows.load_inputs(db, state, needs)
            outcome_rows.load_marks(db, state, needs, rows)
        if self._dated:
            _load_days(db, state, rows, self.day_of)

    def _new(self, found: Iterable[Row]) -> Before:
        """Keep the holdings of which no serial was loaded before: those were decided on since."""
        rows: Before = {}
        lanes, before = self.state.lanes, self.before
        for row in found:
            lot, holding = row[0], holding_from(row)
            lane = lanes.get(lot)
            if lane is None:
                lane = lanes[lot] = Lane()
            elif lane.cover(holding.first, holding.next):
                continue
            lane.add(holding)
            rows.setdefault(lot, {})[holding.first] = holding
        for lot, fresh in rows.items():
            before.setdefault(lot, {}).update(fresh)
        return rows


def _plain(requests: Sequence[Request]) -> tuple[Needs, deque[_Part]] | None:
    """What a batch names, and its parts, where each request names its serials and nothing but
    transfers them; None for every other."""
    persons, accounts, lots = set[int](), set[int](), set[int]()
    named: list[tuple[int, str]] = []
    upto = [0]
    for request in requests:
        if request.effective is not None:
            return None
        persons.add(request.by)
        for act in request.acts:
            if type(act) is not Transfer:
                return None
            accounts.add(act.source)
            accounts.add(act.target)
            for item in act.items:
                if item.quantity or not item.serials:
                    return None
                lots.add(item.lot)
                named.append((item.lot, item.serials))
        upto.append(len(named))
    parts = deque[_Part]()
    at, size = 0, len(requests) if len(requests) <= 2 * FIRST else FIRST
    while at < len(requests):
        end = min(at + size, len(requests))
        parts.append(_Part(end - at, named[upto[at] : upto[end]]))
        at, size = end, min(PART, max((len(requests) - end) // 2, FIRST))
    return Needs(persons=persons, accounts=accounts, lots=lots), parts


def _found(db: Engine, state: State, needs: Needs) -> Iterator[Row]:
    """Holdings that are looked for by account: the highest of a lot, or all."""
    for account, number in needs.top:
        if account in state.accounts and number in state.lots:
            yield from _top(db, account, number, needs.demand[number])
    for account in needs.whole & state.accounts.keys():
        sql = f"SELECT {', '.join(HOLDING)} FROM holdings WHERE account = ? LIMIT 1000"
        yield from db.query(sql, (account,))


def _offsets(state: State, named: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, int]]:
    """The blocks that items name, the whole lot where they name none of it; what is no range of
    its lot is for the kernel to refuse."""
    for number, serials in named:
        lot = state.lots.get(number)
        if lot is not None:
            with suppress(Refused):
                yield (number, *(offsets(lot, serials) if serials else (0, lot.size)))


def _load_known(db: Engine, state: State, needs: Needs) -> None:
    _load(db, state, "persons", needs.persons)
    if needs.registrars:
        for row in structs(db, "persons", "active = 1 AND roles LIKE ?", ('%"registrar"%',)):
            state.persons.setdefault(row.person, row)
    _load(db, state, "accounts", needs.accounts)
    _load(db, state, "lots", needs.lots)


def _load(db: Engine, state: State, name: str, keys: Iterable[Any]) -> None:
    known = getattr(state, name)
    missing = [key for key in keys if key not in known and storable(key)]
    if missing:
        table = TABLES[name]
        for row in db.by_key(table, missing):
            known[row[0]] = from_row(table, row)


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
        for _, _, data in db.by_key(JOURNAL, filter(storable, needs.entries)):
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


def _top(db: Engine, account: int, lot: int, demand: int) -> Iterator[Row]:
    """The highest holdings of an account in a lot, until as much as is wanted is free."""
    skip, free = 0, 0
    while free < demand:
        page = db.top(account, lot, PAGE + skip, skip)
        yield from page
        free += sum(row[2] - row[1] for row in page if not row[5])
        if len(page) < PAGE + skip:
            break
        skip += len(page)


def _load_locks(db: Engine, state: State, rows: Before) -> None:
    numbers = {n for lane in rows.values() for h in lane.values() if h.locks for n in h.locks}
    if numbers:
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
    if not sinks:
        return
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
