"""The tables: one literal per table, and the DDL that both engines run.

The holdings of a lot tile it: each `next` is the `first` of the row that follows, one closing
row ends the lot, and the lot's own row anchors both ends. The database itself so refuses a gap
as well as an overlap: SQLite by a foreign key, PostgreSQL by `store/tiling.py`.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import msgspec

from onetonne.ledger import tables as s
from onetonne.ledger.article6 import mechanism_tables as m
from onetonne.ledger.article6 import tables as a6
from onetonne.ledger.article6.agreements import Agreement
from onetonne.ledger.article6.approach_levies import LevyTaken
from onetonne.ledger.article6.contributions import Contribution
from onetonne.ledger.article6.plan import Plan
from onetonne.ledger.article6.recalls import Recall
from onetonne.ledger.lanes import Holding
from onetonne.store.compliance_tables import COMPLIANCE
from onetonne.store.faults import damaged
from onetonne.store.table import Table as Table
from onetonne.store.table import columns


def _derived(name: str, row: Any, *key: str) -> Table:
    """A table whose columns are the struct's fields: numbers, text, days, and JSON for lists."""
    kinds = {int: "int", str: "text", bool: "bool", date: "day", date | None: "day"}
    fields = msgspec.structs.fields(row)
    return Table(name, row, key, tuple((f.name, kinds.get(f.type, "json")) for f in fields))


ARTICLE6: tuple[Table, ...] = (
    _derived("approaches", a6.Approach, "approach"),
    _derived("participations", a6.Participation, "party"),
    _derived("ndcs", a6.Ndc, "party", "first"),
    _derived("inventories", a6.Inventory, "party", "year", "metric"),
    _derived("authorisations", a6.Authorisation, "authorisation", "version"),
    _derived("first_transfers", a6.FirstTransfer, "lot", "first"),
    _derived("uses", a6.Use, "lot", "first"),
    _derived(
        "tallies",
        a6.Tally,
        *("party", "basis", "year", "happened", "approach", "purpose", "metric"),
    ),
    _derived("choices", a6.Choice, "policy"),
    _derived("activities", m.Activity, "activity"),
    _derived("verifications", m.Verification, "verification"),
    _derived("levies", m.Levies, "lot"),
    _derived("boundaries", m.Boundary, "project"),
    _derived("claims", m.Claim, "key", "lot"),
    _derived("reversals", m.Reversal, "reversal"),
    _derived("contributions", Contribution, "contribution"),
    _derived("plans", Plan, "party", "first"),
    _derived("recalls", Recall, "recall"),
    _derived("agreements", Agreement, "agreement"),
    _derived("approach_levies", LevyTaken, "lot", "first"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "persons",
            s.Person,
            ("person",),
            columns(person="int", name="text", roles="json", active="bool"),
        ),
        Table(
            "accounts",
            s.Account,
            ("account",),
            columns(
                account="int",
                kind="text",
                party="text",
                holder="text",
                agents="json",
                two_people="bool",
                sink="text",
                opened="int",
                closed="int",
            ),
        ),
        Table(
            "projects",
            s.Project,
            ("project",),
            columns(
                project="text",
                party="text",
                name="text",
                mechanism="text",
                methodology="text",
                activity="text",
                registered="int",
                kind="text",
            ),
        ),
        Table(
            "lots",
            s.Lot,
            ("lot",),
            columns(
                lot="int",
                unit="text",
                size="int",
                first_number="text",
                project="text",
                vintage="int",
                host="text",
                activity="text",
                commitment_period="int",
                facts="json",
                origin="text",
                foreign_key="text",
                foreign_first="text",
                foreign_last="text",
                issued="int",
            ),
        ),
        Table(
            "locks",
            s.LockRow,
            ("lock",),
            columns(
                lock="int",
                kind="text",
                blocks="json",
                set_by="int",
                lift_by="int",
                until="day",
                reason="text",
                set="int",
                lifted="int",
            ),
        ),
        Table(
            "proposals",
            s.Proposal,
            ("proposal",),
            columns(
                proposal="int",
                acts="text",
                by="int",
                lock="int",
                until="day",
                proposed="int",
                outcome="text",
            ),
        ),
        Table(
            "labels",
            s.LabelRow,
            ("lot", "kind", "first", "labelled"),
            columns(lot="int", kind="text", first="int", next="int", value="text", labelled="int"),
        ),
        Table(
            "observations",
            s.Observation,
            ("observation",),
            columns(
                observation="int",
                register="text",
                digest="text",
                root="text",
                rows="int",
                day="day",
            ),
        ),
        *COMPLIANCE,
        *ARTICLE6,
    )
}

MARKS = ("first_transfers", "uses", "approach_levies")
"""Tables of many small rows, kept in the order of their key."""
REQUESTS = Table("requests", None, ("key",), columns(key="text", digest="text", seq="int"))
JOURNAL = Table("journal", None, ("seq",), columns(seq="int", hash="bytes", entry="bytes"))
OPENINGS = Table(
    "openings", None, ("commitment",), columns(commitment="text", salt="text", text="text")
)
OBSERVED = Table(
    "observed",
    None,
    ("observation", "row"),
    columns(observation="int", row="int", key="text", record="text"),
)

HOLDING = ("lot", "first", "next", "account", "moved", "locks")

SQL_TYPE = {"int": "BIGINT", "text": "TEXT", "bool": "BIGINT", "day": "TEXT", "json": "TEXT"}

_START = '"start" BIGINT NOT NULL DEFAULT 0 CHECK ("start" = 0)'
_ANCHORS = [
    f'FOREIGN KEY ("lot", "{end}") REFERENCES "holdings" ("lot", "first")'
    " DEFERRABLE INITIALLY DEFERRED"
    for end in ("start", "size")
]
"""A lot's row is tied to its first holding and to the closing row behind its last."""

FIXED_DDL = """
CREATE TABLE head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    lot BIGINT NOT NULL,
    "lock" BIGINT NOT NULL,
    proposal BIGINT NOT NULL,
    certificate BIGINT NOT NULL
);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE journal (
    seq BIGINT PRIMARY KEY,
    hash BYTES NOT NULL,
    entry BYTES NOT NULL
);
CREATE TABLE requests (key TEXT PRIMARY KEY, digest TEXT NOT NULL, seq BIGINT NOT NULL);
CREATE TABLE marks (
    account BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (account, seq)
) KEYED;
CREATE TABLE holdings (
    lot BIGINT NOT NULL,
    first BIGINT NOT NULL CHECK (first >= 0),
    next BIGINT CHECK (next > first),
    account BIGINT,
    moved BIGINT,
    locks TEXT,
    PRIMARY KEY (lot, first), TILED
    CHECK ((next IS NULL) = (account IS NULL))
) KEYED;
CREATE UNIQUE INDEX holdings_closing ON holdings (lot) WHERE account IS NULL;
CREATE INDEX holdings_account ON holdings (account, lot, first);
CREATE TABLE openings (
    commitment TEXT PRIMARY KEY,
    salt TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE observed (
    observation BIGINT NOT NULL,
    row BIGINT NOT NULL,
    key TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (observation, row)
) KEYED;
CREATE INDEX observed_key ON observed (key);
"""

LATE_DDL = """
CREATE INDEX lots_foreign ON lots (foreign_key) WHERE foreign_key <> '';
CREATE INDEX lots_host ON lots (host, vintage) WHERE host <> '';
CREATE INDEX accounts_sink ON accounts (sink) WHERE sink <> '';
CREATE INDEX locks_open ON locks (until) WHERE lifted = 0;
CREATE INDEX proposals_open ON proposals (proposal) WHERE outcome = '';
CREATE INDEX operators_account ON operators (account);
CREATE INDEX recognitions_entry ON recognitions (recognition);
CREATE INDEX duties_operator ON duties (operator);
CREATE INDEX duties_open ON duties (due) WHERE outcome = '';
CREATE INDEX verifications_activity ON verifications (activity);
CREATE INDEX claims_project ON claims (project);
"""


def quoted(names: Iterable[str]) -> str:
    """Column names for a statement: some are words of SQL."""
    return ", ".join(f'"{name}"' for name in names)


def ddl(bytes_type: str, keyed: str, tiled: str, text_type: str = "TEXT") -> list[str]:
    """The statements that make an empty ledger, for an engine's type names and its constraints
    on holdings."""
    text = FIXED_DDL.replace("BYTES", bytes_type).replace("KEYED", keyed).replace("TILED", tiled)
    statements = [part for part in text.split(";") if part.strip()]
    for table in TABLES.values():
        lines = [
            f'"{name}" {SQL_TYPE[kind]}{"" if kind == "day" else " NOT NULL"}'
            for name, kind in table.columns
        ]
        key = f"PRIMARY KEY ({quoted(table.key)})"
        lines += [_START, key, *_ANCHORS] if table.name == "lots" else [key]
        body = ",\n    ".join(lines)
        end = keyed if table.name in MARKS else ""
        statements.append(f'CREATE TABLE "{table.name}" (\n    {body}\n) {end}'.rstrip())
    statements += [part for part in LATE_DDL.split(";") if part.strip()]
    return [statement.replace(" TEXT", f" {text_type}") for statement in statements]


WIDENED = ("approaches", "authorisations", "ndcs", "projects", "used")
"""State tables that an earlier ledger has with fewer columns: a rebuild makes them anew."""


def additions(text_type: str) -> list[str]:
    """The statements that give an earlier ledger the tables and columns which it lacks, before its
    state is written anew; whatever runs them twice has lost nothing."""
    wanted = [f'DROP TABLE IF EXISTS "{name}"' for name in WIDENED]
    for text in ddl("", "", "", text_type):
        statement = text.strip().replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1)
        statement = statement.replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", 1)
        late = (*COMPLIANCE, *ARTICLE6)
        names = [f'"{table.name}" (' for table in late]
        names += [f" ON {table.name} (" for table in late]
        names += [f'"{name}" (' for name in WIDENED]
        wanted += [statement] if any(name in statement for name in names) else []
    return wanted


def to_row(table: Table, value: Any) -> tuple[Any, ...]:
    """A struct as column values: most are as they are, the others are written over."""
    row = list(msgspec.structs.astuple(value))
    for at, write in _written(table.name):
        row[at] = write(row[at])
    return tuple(row)


@cache
def _written(name: str) -> list[tuple[int, Any]]:
    """The columns of a state table that are not kept as they are, which stand as in its struct."""
    table = TABLES[name]
    assert table.names == table.row.__struct_fields__
    return [(at, _TO[kind]) for at, (_, kind) in enumerate(table.columns) if _TO[kind] is not _same]


def from_row(table: Table, row: tuple[Any, ...]) -> Any:
    """A struct from column values, in column order. Raises StoreDamaged where they give none."""
    fields = zip(table.columns, row, strict=True)
    try:
        return msgspec.convert(
            {name: _FROM[kind](value) for (name, kind), value in fields}, table.row, strict=False
        )
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise damaged(table.name, error) from error


def _same(value: Any) -> Any:
    return value


_TO: dict[str, Any] = {
    "int": _same,
    "text": _same,
    "bool": int,
    "day": lambda day: None if day is None else day.isoformat(),
    "json": lambda value: msgspec.json.encode(value, order="deterministic").decode(),
}
_FROM: dict[str, Any] = {
    "int": _same,
    "text": _same,
    "bool": bool,
    "day": lambda text: None if text is None else date.fromisoformat(text),
    "json": msgspec.json.decode,
}


def holding_row(lot: int, h: Holding) -> tuple[Any, ...]:
    """A holding as column values, in the order of HOLDING."""
    return (lot, h.first, h.next, h.account, h.moved, _locks_text(h.locks))


def _locks_text(locks: tuple[int, ...]) -> str | None:
    return ",".join(map(str, locks)) if locks else None


def holding_from(row: tuple[Any, ...]) -> Holding:
    """A holding from column values in the order of HOLDING. Raises StoreDamaged where they give
    none: SQLite keeps anything in any column, and an act would write it into the journal."""
    _, first, next_, account, moved, held = row
    try:
        locks = tuple(map(int, held.split(","))) if held else ()
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged("holdings", error) from error
    if not type(first) is type(next_) is type(account) is type(moved) is int:
        raise damaged("holdings", f"{row[:5]!r} are not all numbers")
    return Holding(first, next_, account, moved, locks)
