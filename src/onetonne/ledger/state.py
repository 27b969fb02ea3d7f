"""State, and `evolve`, the only writer of it.

A State holds either a whole ledger (replay) or the rows that commands name (a cache the
service fills from the tables). Invariant: every issued serial is held by exactly one account.
"""

from bisect import insort
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec

from onetonne.ledger import events as ev
from onetonne.ledger.article6 import mechanism_tables as m
from onetonne.ledger.article6 import tables as a6
from onetonne.ledger.article6.agreements import Agreement
from onetonne.ledger.article6.approach_levies import LevyTaken
from onetonne.ledger.article6.contributions import Contribution
from onetonne.ledger.article6.folds import FOLDS as OUTCOMES
from onetonne.ledger.article6.mechanism_folds import FOLDS as MECHANISM
from onetonne.ledger.article6.plan import Plan
from onetonne.ledger.article6.recalls import Recall
from onetonne.ledger.compliance import (
    Allocation,
    Cap,
    Duty,
    Figure,
    Member,
    Operator,
    Paid,
    Recognition,
    SystemUse,
    Used,
)
from onetonne.ledger.folds import FOLDS, count_issued, use
from onetonne.ledger.lanes import Corrupt, Holding, Lane, restate, without
from onetonne.ledger.tables import (
    Account,
    LabelRow,
    LockRow,
    Lot,
    Observation,
    Person,
    Project,
    Proposal,
)

See = Callable[[ev.Event], None]
CLOCK = 0
"""Person 0 is the ledger itself: its founding, its clock, its roots."""


class State:
    """All that acts read. Tables are dicts by key; `changed` notes the rows that `evolve`
    wrote, for the store."""

    def __init__(self, search: bool = True) -> None:
        self.search = search
        self.seq = 0
        self.at = 0
        self.counts = {"lot": 0, "lock": 0, "proposal": 0, "certificate": 0}
        self.founded: ev.Founded | None = None
        self.persons: dict[int, Person] = {}
        self.accounts: dict[int, Account] = {}
        self.projects: dict[str, Project] = {}
        self.lots: dict[int, Lot] = {}
        self.lanes: dict[int, Lane] = {}
        self.locks: dict[int, LockRow] = {}
        self.proposals: dict[int, Proposal] = {}
        self.labels: dict[tuple[int, str, int, int], LabelRow] = {}
        self.observations: dict[int, Observation] = {}
        self.operators: dict[tuple[str, str], Operator] = {}
        self.members: dict[tuple[str, str, str, str], Member] = {}
        self.caps: dict[tuple[str, str], Cap] = {}
        self.allocations: dict[tuple[str, str, str, str], Allocation] = {}
        self.figures: dict[tuple[str, str, str, str], Figure] = {}
        self.used: dict[tuple[str, str, str, int], Used] = {}
        self.system_uses: dict[tuple[str, str, str], SystemUse] = {}
        self.of: dict[str, dict[tuple[str, str], dict[Any, Any]]] = {"figures": {}, "used": {}}
        self.trail: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
        self.sums: dict[Any, Any] = {}
        self.turn = 0
        self.recognitions: dict[tuple[int, int, int, str], Recognition] = {}
        self.duties: dict[tuple[int, int], Duty] = {}
        self.payments: dict[tuple[str, str, str, int, int], Paid] = {}
        self.approaches: dict[str, a6.Approach] = {}
        self.participations: dict[str, a6.Participation] = {}
        self.ndcs: dict[tuple[str, int], a6.Ndc] = {}
        self.inventories: dict[tuple[str, int, str], a6.Inventory] = {}
        self.authorisations: dict[tuple[str, int], a6.Authorisation] = {}
        self.first_transfers: a6.Marks[a6.FirstTransfer] = a6.Marks()
        self.uses: a6.Marks[a6.Use] = a6.Marks()
        self.tallies: dict[a6.TallyKey, a6.Tally] = {}
        self.choices: dict[str, a6.Choice] = {}
        self.tallied: set[str] = set()
        self.activities: dict[str, m.Activity] = {}
        self.verifications: dict[int, m.Verification] = {}
        self.levies: dict[int, m.Levies] = {}
        self.boundaries: dict[str, m.Boundary] = {}
        self.claims: dict[tuple[str, int], m.Claim] = {}
        self.reversals: dict[int, m.Reversal] = {}
        self.contributions: dict[str, Contribution] = {}
        self.plans: dict[tuple[str, int], Plan] = {}
        self.agreements: dict[str, Agreement] = {}
        self.recalls: dict[str, Recall] = {}
        self.approach_levies: a6.Marks[LevyTaken] = a6.Marks()
        self.foreign: dict[str, list[Lot]] = {}
        self.entries: dict[int, ev.Entry] = {}
        self.days: dict[int, date] = {}
        self.changed: set[tuple[str, Any]] = set()

    def put(self, table: str, key: Any, row: Any) -> None:
        self.know(table, key, row)
        self.changed.add((table, key))

    def know(self, table: str, key: Any, row: Any) -> None:
        """Keep a row, and beside its operator (`of`) what limits look for there; of used tonnes
        also each change (`trail`), so that a sum (`sums`, a memory of the gate) can go on. `turn`
        counts what changes an entity, or what lies on units."""
        if table == "used":
            old = self.used.get(key)
            change = row.tonnes - (old.tonnes if old else 0)
            self.trail.setdefault(key[:2], []).append((key[2], key[3], change))
        if table in TURNING:
            self.turn += 1
        getattr(self, table)[key] = row
        if table in self.of:
            self.of[table].setdefault(key[:2], {})[key] = row

    def forget_owed(self) -> None:
        """Drop what is kept by operator."""
        for rows in self.of.values():
            rows.clear()
        self.trail.clear()
        self.sums.clear()

    def owed(self) -> list[Duty]:
        """The duties in the order of their key, however their rows came here."""
        return [self.duties[key] for key in sorted(self.duties)]

    def lane(self, lot: int) -> Lane:
        lane = self.lanes.get(lot)
        if lane is None:
            lane = self.lanes[lot] = Lane(search=self.search)
        return lane

    def fork(self) -> "State":
        """A copy to try acts on; the rows themselves are immutable and shared."""
        other = State(self.search)
        other.seq, other.at, other.founded = self.seq, self.at, self.founded
        other.counts = dict(self.counts)
        for table in TABLES:
            setattr(other, table, getattr(self, table).copy())
        other.of = {t: {k: dict(v) for k, v in of.items()} for t, of in self.of.items()}
        other.trail = {k: list(v) for k, v in self.trail.items()}
        other.foreign = {k: list(v) for k, v in self.foreign.items()}
        other.lanes = {k: Lane(dict(v.rows), self.search) for k, v in self.lanes.items()}
        other.entries, other.days = self.entries, self.days
        return other


TURNING = frozenset(("figures", "members", "operators", "labels", "recognitions"))
TABLES = (
    "persons",
    "accounts",
    "projects",
    "lots",
    "locks",
    "proposals",
    "labels",
    "observations",
    "operators",
    "members",
    "caps",
    "allocations",
    "figures",
    "used",
    "system_uses",
    "recognitions",
    "duties",
    "payments",
    "approaches",
    "participations",
    "ndcs",
    "inventories",
    "authorisations",
    "first_transfers",
    "uses",
    "tallies",
    "choices",
    "activities",
    "verifications",
    "levies",
    "boundaries",
    "claims",
    "reversals",
    "contributions",
    "plans",
    "recalls",
    "agreements",
    "approach_levies",
)


def _founded(state: State, e: ev.Founded, seq: int) -> None:
    state.founded = e
    for sink, number in e.sinks.items():
        row = Account(number, "sink", e.party, "", (), False, sink, seq)
        state.put("accounts", number, row)


def _enrolled(state: State, e: ev.Enrolled, seq: int) -> None:
    state.put("persons", e.person, Person(e.person, e.name, e.roles))


def _dismissed(state: State, e: ev.Dismissed, seq: int) -> None:
    old = state.persons[e.person]
    state.put("persons", e.person, msgspec.structs.replace(old, active=False))


def _account_opened(state: State, e: ev.AccountOpened, seq: int) -> None:
    row = Account(e.account, e.kind, e.party, e.holder, e.agents, e.two_people, e.sink, opened=seq)
    state.put("accounts", e.account, row)


def _account_closed(state: State, e: ev.AccountClosed, seq: int) -> None:
    old = state.accounts[e.account]
    state.put("accounts", e.account, msgspec.structs.replace(old, closed=seq))


def _project_registered(state: State, e: ev.ProjectRegistered, seq: int) -> None:
    row = Project(e.project, e.party, e.name, e.mechanism, e.methodology, e.activity, seq, e.kind)
    state.put("projects", e.project, row)


def _issued(state: State, e: ev.Issued, seq: int) -> None:
    if e.lot != state.counts["lot"] + 1:
        raise Corrupt(f"lot {e.lot} issued out of turn")
    state.counts["lot"] = e.lot
    fields = {f: getattr(e, f) for f in Lot.__struct_fields__ if f != "issued"}
    lot = Lot(**fields, issued=seq)
    state.put("lots", e.lot, lot)
    if e.facts:
        count_issued(state, e)
    if e.foreign_key:
        state.foreign.setdefault(e.foreign_key, []).append(lot)
    state.lanes[e.lot] = Lane({0: Holding(0, e.size, e.account, seq)}, state.search)


def _moved(state: State, e: ev.Moved, seq: int) -> None:
    """The hot path: most moves cut one holding that the event names."""
    lane = state.lane(e.lot)
    held = e.held
    if len(held) == 1:
        old = lane.rows.get(held[0][0])
        if old is not None and old.first <= e.first < e.next <= old.next:
            strict = old.locks and not state.search
            if old.account != e.source or old.moved != held[0][1] or strict:
                raise Corrupt(f"lot {e.lot} from {e.first}: not held as the entry says")
            _cut_one(lane, old, Holding(e.first, e.next, e.target, seq))
            return
    olds = lane.take(e.first, e.next, [key for key, _ in held])
    inside = e.first < olds[0].next and olds[-1].first < e.next
    as_said = [(old.moved, old.locks) for old in olds] == [(moved, ()) for _, moved in held]
    # Where entries are left out (a day's view), cuts and locks differ from what was decided on.
    if not inside or any(o.account != e.source for o in olds) or not (as_said or state.search):
        raise Corrupt(f"lot {e.lot} from {e.first}: not held as the entry says")
    lane.put_back(olds, e.first, e.next)
    lane.add(Holding(e.first, e.next, e.target, seq))


def _cut_one(lane: Lane, old: Holding, new: Holding) -> None:
    rows, order = lane.rows, lane.order
    if old.first < new.first:
        rows[old.first] = Holding(old.first, new.first, old.account, old.moved, old.locks)
        if order is not None:
            insort(order, new.first)
    rows[new.first] = new
    if new.next < old.next:
        rows[new.next] = Holding(new.next, old.next, old.account, old.moved, old.locks)
        if order is not None:
            insort(order, new.next)


def _converted(state: State, e: ev.Converted, seq: int) -> None:
    for move in e.burnt:
        _moved(state, move, seq)
    _issued(state, e.issued, seq)
    if e.uses:
        use(state, e, seq)


def _retired(state: State, e: ev.Retired, seq: int) -> None:
    state.counts["certificate"] = e.certificate


Keyed = tuple[tuple[int, int, int], tuple[int, ...]]
"""A block (lot, first, next) and the keys of the holdings that it covers."""


def _with_keys(e: ev.Locked | ev.Lifted) -> Iterator[Keyed]:
    if len(e.blocks) != len(e.held):
        raise Corrupt(f"lock {e.lock}: {len(e.blocks)} blocks with the keys of {len(e.held)}")
    return zip(e.blocks, e.held, strict=True)


def _locked(state: State, e: ev.Locked, seq: int) -> None:
    state.counts["lock"] = e.lock
    for (lot, first, next_), keys in _with_keys(e):
        restate(state.lane(lot), (first, next_), keys, lambda locks: (*locks, e.lock))
    row = LockRow(e.lock, e.kind, e.blocks, e.set_by, e.lift_by, e.until, e.reason, seq)
    state.put("locks", e.lock, row)


def _lifted(state: State, e: ev.Lifted, seq: int) -> None:
    for (lot, first, next_), keys in _with_keys(e):
        restate(state.lane(lot), (first, next_), keys, without(e.lock))
    old = state.locks[e.lock]
    state.put("locks", e.lock, msgspec.structs.replace(old, lifted=seq))


def _labelled(state: State, e: ev.Labelled, seq: int) -> None:
    row = LabelRow(e.lot, e.kind, e.first, e.next, e.value, seq)
    state.put("labels", (e.lot, e.kind, e.first, seq), row)


def _proposed(state: State, e: ev.Proposed, seq: int) -> None:
    state.counts["proposal"] = e.proposal
    row = Proposal(e.proposal, e.acts, e.by, e.lock, e.until, seq)
    state.put("proposals", e.proposal, row)


def _settled(state: State, e: ev.Settled, seq: int) -> None:
    old = state.proposals[e.proposal]
    state.put("proposals", e.proposal, msgspec.structs.replace(old, outcome=e.outcome))


def _observed(state: State, e: ev.Observed, seq: int) -> None:
    row = Observation(seq, e.register, e.digest, e.root, e.rows, e.day)
    state.put("observations", seq, row)


def _noted(state: State, e: ev.Event, seq: int) -> None:
    """Facts about moves that stand beside them in the entry; no state of their own."""


_APPLY: dict[type, Callable[[State, Any, int], None]] = {
    ev.Founded: _founded,
    ev.Enrolled: _enrolled,
    ev.Dismissed: _dismissed,
    ev.AccountOpened: _account_opened,
    ev.AccountClosed: _account_closed,
    ev.ProjectRegistered: _project_registered,
    ev.Issued: _issued,
    ev.Moved: _moved,
    ev.Converted: _converted,
    ev.Retired: _retired,
    ev.Locked: _locked,
    ev.Lifted: _lifted,
    ev.Labelled: _labelled,
    ev.Proposed: _proposed,
    ev.Settled: _settled,
    ev.Observed: _observed,
    ev.Cancelled: _noted,
    ev.Corrected: _noted,
    ev.Rooted: _noted,
    **FOLDS,
    **OUTCOMES,
    **MECHANISM,
}


def evolve(state: State, event: ev.Event, seq: int) -> None:
    """Apply one event of entry `seq`. Raises Corrupt when it does not fit."""
    _APPLY[type(event)](state, event, seq)


def apply(state: State, entry: ev.Entry, see: See | None = None) -> None:
    """Apply a whole entry, in order; `see` is shown each event before it happens. Raises
    Corrupt when the entry does not follow the state."""
    if entry.seq != state.seq + 1:
        raise Corrupt(f"entry {entry.seq} after {state.seq}")
    try:
        for event in entry.events:
            if see is not None:
                see(event)
            _APPLY[type(event)](state, event, entry.seq)
    except KeyError as error:
        raise Corrupt(f"entry {entry.seq} names {error}, which is not there") from error
    state.seq = entry.seq
    state.at = entry.at
