"""As of when: every question is asked of the ledger now, as it was known at a sequence number,
or as it was in effect on a day.

The present is answered from the tables; the past from the journal, replayed into private tables of
the same shape, so that the same SQL answers both and no write can disturb an answer.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from onetonne.base.days import day_of, to_instant
from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.article6.folds import fits
from onetonne.ledger.article6.mechanism_folds import fits as mechanism_fits
from onetonne.ledger.state import State, apply, evolve
from onetonne.service.ledger import Ledger
from onetonne.store import rows
from onetonne.store.rows import Engine
from onetonne.store.schema import JOURNAL, OPENINGS
from onetonne.store.sqlite import Sqlite


class Unclear(LookupError):
    """What was asked for is not one thing; `en` and `zh` say what to give instead."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


class Unknown(Unclear):
    """Nothing here has that name, number or moment."""


class Ambiguous(Unclear):
    """More than one thing has that name; the texts list their numbers."""


class AsOf(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a question is asked of: nothing given, now; `seq`, as known after that entry; `day`,
    as in effect at its end in the registry's zone; both, that day as known after that entry."""

    seq: int | None = None
    day: date | None = None


NOW = AsOf()
Kinds = tuple[type[Any], ...]
"""Kinds of events; none means all."""


class View:
    """The state tables as of one moment (`seq`, `day`), and the journal and names beside them."""

    def __init__(self, ledger: Ledger, tables: Engine, seq: int, day: date, asked: AsOf) -> None:
        self.db, self.tables, self.zone = ledger.db, tables, ledger.writer.zone
        self.law = ledger.law
        self.seq, self.day, self.asked = seq, day, asked

    @property
    def as_of(self) -> AsOf:
        """What an answer states: the last entry that was read, and the day."""
        return AsOf(self.seq, self.day)

    def counts(self, entry: ev.Entry) -> bool:
        """Whether an entry belongs to what is asked of."""
        day = self.asked.day
        return entry.seq <= self.seq and (day is None or entry_day(entry, self.zone) <= day)

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of the state tables as of this moment."""
        return self.tables.query(sql, params)

    def structs(self, table: str, where: str = "1 = 1", params: Sequence[Any] = ()) -> list[Any]:
        """Rows of a state table as its structs, by key."""
        return rows.structs(self.tables, table, where, params)

    def entries(self, seqs: Sequence[int]) -> dict[int, ev.Entry]:
        """Journal entries by their sequence numbers."""
        return {row[0]: codec.decode(row[2]) for row in self.db.by_key(JOURNAL, seqs)}

    def no_lot(self, lot: int) -> Unknown:
        """A lot was not there yet at this moment."""
        return Unknown(
            f"There was no lot {lot} as of entry {self.seq}, {self.day}. Ask a later day.",
            f"截至條目 {self.seq}、{self.day}，尚無批次 {lot}。請查詢較晚的日期。",
        )

    def names(self, commitments: Sequence[str]) -> dict[str, str]:
        """The texts behind commitments; a name whose salt was destroyed is missing."""
        wanted = sorted({text for text in commitments if text})
        return {row[0]: row[2] for row in self.db.by_key(OPENINGS, wanted)}


def entry_day(entry: ev.Entry, zone: ZoneInfo) -> date:
    """The day on which an entry counts."""
    return entry.effective or day_of(entry.at, zone)


@contextmanager
def view(
    ledger: Ledger, asof: AsOf = NOW, replay: bool = True, kinds: Kinds = ()
) -> Iterator[View]:
    """The ledger as of a moment, all of it read at one instant. Raises Unknown for a sequence
    number that is not there.

    Without `replay` the tables are today's: enough for what never changes (lots, names), where
    the question picks its entries by `counts` itself. With `kinds` only events of these are
    replayed, and entries without one are not even decoded: all that they stand on must be there.
    """
    db, zone = ledger.db, ledger.writer.zone
    db.begin_read()
    try:
        seq = db.query("SELECT seq FROM head")[0][0]
        if asof.seq is not None and not 0 < asof.seq <= seq:
            raise Unknown(f"There is no entry {asof.seq}: this ledger has entries 1 to {seq}.",
                          f"沒有條目 {asof.seq}：本帳本有條目 1 至 {seq}。")  # fmt: skip
        seq = asof.seq or seq
        day = asof.day or _day(ledger, asof.seq)
        if asof == NOW or not replay:
            yield View(ledger, db, seq, day, asof)
            return
        tables = _tables(
            in_effect(db, seq, day, zone, kinds) if asof.day else known_at(db, seq, kinds)
        )
        try:
            yield View(ledger, tables, seq, day, asof)
        finally:
            tables.close()
    finally:
        db.rollback()


def _day(ledger: Ledger, seq: int | None) -> date:
    """The day of an entry's instant; today without one."""
    at = ledger.writer.clock()
    if seq is not None:
        at = codec.decode(ledger.db.by_key(JOURNAL, [seq])[0][2]).at
    return day_of(at, ledger.writer.zone)


_UP_TO = "SELECT entry FROM journal WHERE seq <= ? ORDER BY seq"


def known_at(db: Engine, seq: int, kinds: Kinds = ()) -> State:
    """The state after entry `seq`, replayed from the journal."""
    state = State(search=False)
    decode = codec.decode
    for data in _entries(db, seq, kinds):
        if kinds:
            _apply_alone(state, decode(data), kinds)
        else:
            apply(state, decode(data))
    return state


def _entries(db: Engine, seq: int, kinds: Kinds) -> Iterator[bytes]:
    """Entries 1 to `seq`; with `kinds`, those whose bytes may hold one: quotes in texts are
    escaped, so none is missed."""
    rows = db.stream(_UP_TO, (seq,))
    if not kinds:
        return (data for (data,) in rows)
    tags = (str(kind.__struct_config__.tag).encode() for kind in kinds)
    holds = re.compile(b"|".join(b'"%s"' % tag for tag in tags)).search
    return (data for (data,) in rows if holds(data))


def in_effect(db: Engine, seq: int, day: date, zone: ZoneInfo, kinds: Kinds = ()) -> State:
    """The state at the end of `day`, as entries 1 to `seq` tell it: what was entered by then, and
    what was entered later but counts on an earlier day."""
    state = State(search=True)
    after = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
    end = to_instant(datetime.combine(after, time(), zone))
    for data in _entries(db, seq, kinds):
        # Instants never go back, so after the day only backdated entries are worth decoding.
        if state.at >= end and b'"effective":' not in data:
            continue
        entry = codec.decode(data)
        state.at = entry.at
        if entry.effective is None and entry.at >= end:
            continue
        if entry.effective is None or entry.effective <= day:
            _apply_alone(state, entry, kinds)
    return state


_SUBJECTS: dict[type, tuple[str, str]] = {
    ev.Dismissed: ("persons", "person"),
    ev.AccountClosed: ("accounts", "account"),
    ev.Lifted: ("locks", "lock"),
    ev.Settled: ("proposals", "proposal"),
}


def _apply_alone(state: State, entry: ev.Entry, kinds: Kinds = ()) -> None:
    """Apply an entry, or what is of `kinds` in it, though others before it are left out: numbers
    of lots may jump, and what ends something that never was in effect ends nothing."""
    for event in entry.events:
        if kinds:
            event = event.issued if isinstance(event, ev.Converted) else event
            if not isinstance(event, kinds):
                continue
        table, field = _SUBJECTS.get(type(event), ("", ""))
        if table and getattr(event, field) not in getattr(state, table):
            continue
        if not (fits(state, event) and mechanism_fits(state, event)):
            continue
        made = event.issued if isinstance(event, ev.Converted) else event
        if isinstance(made, ev.Issued):
            state.counts["lot"] = made.lot - 1
        evolve(state, event, entry.seq)


def _tables(state: State) -> Sqlite:
    """A private database in memory that holds a state."""
    tables = Sqlite(Path(":memory:"), create=True)
    tables.create()
    tables.begin()
    rows.save(tables, state, {})
    tables.commit()
    return tables
