"""Rows read for an audit, whatever a hand has done to them.

A table may be gone, and SQLite takes anything in any column: such a cell is named, its row is left
out, and the rest is read. PostgreSQL keeps kinds itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import NoneType
from typing import Any

from onetonne.ledger.proof_findings import Finding
from onetonne.store.audit_log import MAX_FINDINGS
from onetonne.store.rows import Engine
from onetonne.store.schema import JOURNAL, OBSERVED, OPENINGS, REQUESTS, TABLES, Table, quoted
from onetonne.store.table import columns

Row = tuple[Any, ...]
MAX_TEXT = 200
"""Characters of one cell in a finding."""
MAX_KEY = 80

_MAYBE: dict[str, str] = {"next": "int?", "account": "int?", "moved": "int?", "locks": "text?"}
_HEAD = dict.fromkeys(("seq", "at", "lot", "lock", "proposal", "certificate"), "int")
READ: dict[str, Table] = TABLES | {
    table.name: table
    for table in (
        REQUESTS,
        JOURNAL,
        OPENINGS,
        Table("head", None, (), columns(**_HEAD)),
        Table("meta", None, ("name",), columns(name="text", value="text")),
        Table("marks", None, ("account", "seq"), columns(account="int", seq="int")),
        Table("holdings", None, ("lot", "first"), columns(lot="int", first="int", **_MAYBE)),
        OBSERVED,
    )
}
"""Every table that an audit reads, with the kind of each column."""
_KINDS: dict[str, tuple[str, tuple[type, ...]]] = {
    "int": ("a number", (int,)),
    "bool": ("a number", (int,)),
    "int?": ("a number", (int, NoneType)),
    "text": ("a text", (str,)),
    "json": ("a text", (str,)),
    "day": ("a text", (str, NoneType)),
    "text?": ("a text", (str, NoneType)),
    "bytes": ("bytes", (bytes,)),
}


_RAW = """CASE typeof("{0}") WHEN 'blob' THEN NULL ELSE CAST("{0}" AS BLOB) END"""


class Lacking(Exception):
    """A table that is not there, or not with all its columns."""

    def __init__(self, table: str, lacks: Iterable[str]) -> None:
        super().__init__(table)
        self.finding = Finding("table_missing", f"table {table}", found=", ".join(lacks))


class Reader:
    """Streams rows; `rows` counts them, `findings` names what could not be read."""

    def __init__(self, db: Engine) -> None:
        self.db = db
        self.rows = 0
        self._found: dict[str, Finding] = {}
        self._there: dict[str, set[str]] = {}

    @property
    def findings(self) -> list[Finding]:
        return list(self._found.values())

    def stream(
        self, table: str, names: Sequence[str], tail: str = "", params: Sequence[Any] = ()
    ) -> Iterator[Row]:
        """Rows whose cells are all of their column's kind. Raises Lacking."""
        if table not in self._there:
            self._there[table] = self.db.columns(table)
        if lacks := [name for name in names if name not in self._there[table]]:
            raise Lacking(table, lacks)
        rows = self.db.stream(f'SELECT {quoted(names)} FROM "{table}"{tail}', params)
        sound, garbled = set[tuple[type, ...]](), False
        while True:
            try:
                row = next(rows, None)
            except UnicodeDecodeError:  # the next row can be read all the same
                garbled = True
                continue
            if row is None:
                break
            self.rows += 1
            shape = tuple(map(type, row))
            if shape not in sound:
                if self._name(table, names, row):
                    continue
                sound.add(shape)
            yield row
        if garbled:
            cells = ", ".join(_RAW.format(name) for name in names)
            for raw in self.db.stream(f'SELECT {cells} FROM "{table}"{tail}', params):
                self._name(table, names, tuple(map(_text_of, raw)), garbled=True)

    def _name(self, table: str, names: Sequence[str], row: Row, garbled: bool = False) -> bool:
        """Name the cells of a row that are not of their kind; or, of a row with a garbled text
        somewhere, those that stayed bytes."""
        read, cells, found = READ[table], dict(zip(names, row, strict=True)), False
        kinds = dict(read.columns)
        key = [f"{name}={str(cells[name])[:MAX_KEY]}" for name in read.key if name in cells]
        for name, cell in cells.items():
            said, types = _KINDS[kinds[name]]
            if not (isinstance(cell, bytes) if garbled else type(cell) not in types):
                continue
            found = True
            where = f"table {table}, {', '.join(key) or 'id=1'}, column {name}"
            if len(self._found) < MAX_FINDINGS:
                told = Finding("cell_unreadable", where, said, repr(cell)[:MAX_TEXT])
                self._found.setdefault(where, told)
        return found


def _text_of(cell: bytes | None) -> str | bytes | None:
    """A cell's text; its bytes where they are none."""
    try:
        return None if cell is None else cell.decode()
    except UnicodeDecodeError:
        return cell
