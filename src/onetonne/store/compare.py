"""Compare the tables with a replayed state, row by row, and name each cell that differs.

The tables are streamed, the replay is looked up by key. What it says is the truth: a row that
was edited by hand is found because no entry of the journal leads to it.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from onetonne.ledger.proof_findings import Finding
from onetonne.ledger.state import State
from onetonne.store.cells import MAX_TEXT, Lacking, Reader, Row
from onetonne.store.schema import HOLDING, TABLES, Table, holding_row, to_row

Marks = Mapping[int, "array[int]"]
HEAD = ("seq", "at", "lot", "lock", "proposal", "certificate")


class Comparison:
    """One pass over all state tables, `marks`, `head` and `meta`."""

    def __init__(self, reader: Reader, state: State, marks: Marks) -> None:
        self.reader, self.state, self.marks = reader, state, marks

    def findings(self) -> Iterator[Finding]:
        """Every difference; call inside a transaction that sees one state. What could not be
        read the reader names."""
        tables = map(self._table, TABLES.values())
        for part in (self._head(), self._meta(), *tables, self._holdings(), self._marks()):
            yield from unless_lacking(part)

    def _head(self) -> Iterator[Finding]:
        state = self.state
        want = (state.seq, state.at, *(state.counts[name] for name in HEAD[2:]))
        there = list(self.reader.stream("head", HEAD))
        if not there:
            yield _missing("head", "id=1", want)
        for row in there:
            yield from _cells("head", "id=1", HEAD, want, row)

    def _meta(self) -> Iterator[Finding]:
        told = self.state.founded
        if told is None:
            return
        want = {"ledger": told.ledger, "party": told.party, "zone": told.zone}
        have: dict[str, str] = dict(self.reader.stream("meta", ("name", "value")))
        for name, value in want.items():
            yield from _cells("meta", f"name={name}", ("value",), (value,), (have.get(name),))

    def _table(self, table: Table) -> Iterator[Finding]:
        expected: dict[Any, Any] = getattr(self.state, table.name)
        at = [table.names.index(name) for name in table.key]
        key_of = itemgetter(*at)
        matched = 0
        for row in self.reader.stream(table.name, table.names):
            value = expected.get(key_of(row))
            if value is None:
                yield _extra(table.name, _key(table.key, key_of(row)), row)
                continue
            matched += 1
            want = to_row(table, value)
            if want != row:
                yield from _cells(table.name, _key(table.key, key_of(row)), table.names, want, row)
        if matched != len(expected):
            whole = itemgetter(*range(len(at)))
            there = {whole(row) for row in self.reader.stream(table.name, table.key)}
            for key in expected.keys() - there:
                row = to_row(table, expected[key])
                yield _missing(table.name, _key(table.key, key), row)

    def _holdings(self) -> Iterator[Finding]:
        lanes, lots = self.state.lanes, self.state.lots
        keys = ("lot", "first")
        matched = 0
        for row in self.reader.stream("holdings", HOLDING):
            lot, first = row[0], row[1]
            lane = lanes.get(lot)
            h = lane.rows.get(first) if lane is not None else None
            if h is not None:
                want = holding_row(lot, h)
            elif lot in lots and first == lots[lot].size:
                want = (lot, first, None, None, None, None)
            else:
                yield _extra("holdings", _key(keys, (lot, first)), row)
                continue
            matched += 1
            if want != row:
                yield from _cells("holdings", _key(keys, (lot, first)), HOLDING, want, row)
        if matched != sum(len(lane.rows) + 1 for lane in lanes.values()):
            there = {(lot, first) for lot, first in self.reader.stream("holdings", keys)}
            for lot, lane in lanes.items():
                for first in (*lane.rows, lots[lot].size):
                    if (lot, first) not in there:
                        held = lane.rows.get(first)
                        row = holding_row(lot, held) if held else ("closing row",)
                        yield _missing("holdings", _key(keys, (lot, first)), row)

    def _marks(self) -> Iterator[Finding]:
        keys = ("account", "seq")
        seen = set[int]()
        ordered = self.reader.stream("marks", keys, " ORDER BY account, seq")
        for account, group in groupby(ordered, itemgetter(0)):
            have = array("q", [seq for _, seq in group])
            seen.add(account)
            yield from self._account_marks(account, self.marks.get(account, array("q")), have)
        for account in self.marks.keys() - seen:
            yield from self._account_marks(account, self.marks[account], array("q"))

    def _account_marks(
        self, account: int, want: Iterable[int], have: Iterable[int]
    ) -> Iterator[Finding]:
        if want == have:
            return
        keys = ("account", "seq")
        for seq in sorted(set(want) - set(have)):
            yield _missing("marks", _key(keys, (account, seq)), (account, seq))
        for seq in sorted(set(have) - set(want)):
            yield _extra("marks", _key(keys, (account, seq)), (account, seq))


def unless_lacking(part: Iterator[Finding]) -> Iterator[Finding]:
    """The findings of one table; where it lacks, that is the finding."""
    try:
        yield from part
    except Lacking as lacking:
        yield lacking.finding


def _key(names: tuple[str, ...], key: Any) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{name}={value}" for name, value in zip(names, parts, strict=True))


def _cells(table: str, key: str, columns: Iterable[str], want: Row, have: Row) -> Iterator[Finding]:
    for column, expected, found in zip(columns, want, have, strict=True):
        if expected != found:
            where = f"table {table}, {key}, column {column}"
            yield Finding("table_differs", where, _text(expected), _text(found))


def _missing(table: str, key: str, row: Row) -> Finding:
    return Finding("table_row_missing", f"table {table}, {key}", expected=_text(row))


def _extra(table: str, key: str, row: Row) -> Finding:
    return Finding("table_row_extra", f"table {table}, {key}", found=_text(row))


def _text(value: Any) -> str:
    return repr(value)[:MAX_TEXT]
