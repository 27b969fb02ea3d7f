"""Rows of registry exports as typed observations: what another registry said, kept with its words.

Every data row becomes one observation in one of three states: parsed (read as what it is), opaque
(kept whole under a named profile), unreadable (with the reason). An observation is never a holding.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from onetonne.base.serial_faults import Unparsed
from onetonne.base.serials import Opaque, Serial, parse
from onetonne.exchange.cells import day, day_forms, looks_like_formula, quantity
from onetonne.exchange.findings import MAX_VALUE, Finding, Place, finding
from onetonne.exchange.headers import Header, header_of
from onetonne.exchange.layouts import BLANK, Layout, is_header, kind_of, layout_of
from onetonne.exchange.tables import Line, Sheet, Tables, read_tables

HEADER_WITHIN = 20  # rows: exports put a title, a date and a note above the header, not a page
UNKNOWN = "unknown"


class Observation(Struct, frozen=True, kw_only=True):
    """One data row. `kind`: project, issuance, block, retirement, cancellation or opaque.

    `profile` is the serial's form, else the list's name, which `listing` always holds.
    `quantity` in units of the serial (tonnes for these registries); days as the registry wrote
    them; `raw` every cell by its header; `columns` the header of each field; `row` counts as a
    spreadsheet shows it (in JSON: the entry's place in its list).
    """

    registry: str
    kind: str
    state: str
    profile: str
    listing: str = ""
    at: Place
    project: str = ""
    country: str = ""
    vintage: str = ""
    quantity: int | None = None
    serial: Serial | Opaque | Unparsed | None = None
    issued: date | None = None
    ended: date | None = None
    beneficiary: str = ""
    reason: str = ""
    note: str = ""
    raw: dict[str, str]
    columns: dict[str, str] = {}


class FileReading(Struct, frozen=True):
    """All observations of a file and all findings on single rows."""

    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]


def read_file(name: str, data: bytes) -> FileReading:
    """Read the tables of one export (CSV, XLSX or JSON as bytes); bad content becomes findings."""
    tables: Tables = read_tables(name, data)
    observations: list[Observation] = []
    findings = list(tables.findings)
    for sheet in tables.sheets:
        for seen, said in _read_sheet(sheet):
            if seen is not None:
                observations.append(seen)
            findings += said
    return FileReading(tuple(observations), tuple(findings))


def observation_rows(observations: Iterable[Observation]) -> list[bytes]:
    """One canonical JSON row per data row, to be the leaves of the observation's Merkle root.

    Beside what the file says (sheet, row, cells) stands what it was read as (kind, quantity, key,
    first and last number): an admission carries one row, and the kernel, which knows no formats,
    must be able to check its numbers against the journaled root. A row that is unreadable, but not
    for its serial, is found by it and cannot be admitted. A better reading later is a new
    observation. Quantities beyond 64 bits are in the cells only.
    """
    encoder = msgspec.json.Encoder(order="sorted")
    return [encoder.encode(_leaf(seen)) for seen in observations]


def _leaf(seen: Observation) -> dict[str, object]:
    serial = seen.serial if isinstance(seen.serial, Serial) else None
    read = seen.state != "unreadable"
    quantity = seen.quantity if read and seen.quantity else 0
    return {
        "cells": seen.raw,
        "first": str(serial.first) if serial else "",
        "key": serial_key(seen.serial),
        "kind": seen.kind if read else seen.state,
        "last": str(serial.last) if serial else "",
        "quantity": quantity if abs(quantity) < 2**63 else 0,
        "row": seen.at.row,
        "sheet": seen.at.sheet,
    }


def serial_key(serial: Serial | Opaque | Unparsed | None) -> str:
    """The issuance within which a serial's numbers are unique, as `registry:key`; an opaque serial
    is its own, without blanks around it; empty where there is none."""
    if isinstance(serial, Serial):
        return f"{serial.registry}:{serial.key}"
    return f"opaque:{serial.raw.strip()}" if isinstance(serial, Opaque) else ""


_Read = tuple[Observation | None, list[Finding]]


def _read_sheet(sheet: Sheet) -> Iterator[_Read]:
    lines = [line for line in sheet.lines if line.fault or any(map(str.strip, line.cells))]
    if sheet.keyed:
        lines = [*sheet.lines[:1], *(line for line in lines if line.row)]
    within = 1 if sheet.keyed else HEADER_WITHIN
    top = next((n for n, line in enumerate(lines[:within]) if layout_of(line.cells)), 0)
    if not lines[top:]:
        return
    lines = lines[top:]
    heads = [0, *(n for n, line in enumerate(lines) if n and _is_head(sheet, line))]
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        yield from _read_list(sheet, lines[head:end])


def _is_head(sheet: Sheet, line: Line) -> bool:
    return not sheet.keyed and not line.fault and is_header(line.cells)


def _read_list(sheet: Sheet, lines: list[Line]) -> Iterator[_Read]:
    """The rows of one list, from its header on."""
    layout = layout_of(lines[0].cells)
    header = header_of(lines[0].cells, layout)
    registry = (layout.registry if layout else "") or UNKNOWN
    at = Place(sheet.file, sheet.name)
    if layout is None:
        yield None, [finding("table-unknown", at, registry=registry)]
    if not sheet.keyed:  # of objects, each has its own keys
        at = replace(at, row=lines[0].row)
        said = [_twice(at, registry, later, later) for _, *more in header.twins for later in more]
        yield None, said
    for line in lines[0 if lines[0].fault else 1 :]:
        yield _read_line(sheet, header, layout, line)


def _twice(at: Place, registry: str, column: str, value: str) -> Finding:
    return finding("column-twice", at, registry=registry, column=column, value=value)


def _read_line(sheet: Sheet, header: Header, layout: Layout | None, line: Line) -> _Read:
    at = Place(sheet.file, sheet.name, line.row)
    registry = (layout.registry if layout else "") or UNKNOWN
    code, column, value = header.misfit(line.cells)
    if line.fault:
        code, column, value = line.fault, "", line.cells[0][:80] if line.cells else ""
    if code:
        raw = {f"(column {n})": cell for n, cell in enumerate(line.cells, start=1)}
        wrong = Observation(
            registry=registry, kind="", state="unreadable", profile="", at=at, raw=raw
        )
        said = finding(
            code,
            at,
            registry=registry,
            column=column,
            value=value,
            cells=len(line.cells),
            expected=header.width,
        )
        return wrong, [said]
    cells = line.cells + ("",) * (len(header.names) - len(line.cells))
    raw = dict(zip(header.names, cells, strict=False))
    formulas = [
        finding("formula-like", at, registry=registry, column=name, value=cell)
        for name, cell in raw.items()
        if looks_like_formula(cell)
    ]
    if layout is None:
        kept = Observation(
            registry=UNKNOWN, kind="opaque", state="opaque", profile="opaque-table", at=at, raw=raw
        )
        return kept, formulas
    seen, wrong_cells = _Row(layout, header, at, raw, sheet.keyed).read()
    return seen, formulas + wrong_cells


class _Row:
    """One row of a known list while it is being read; collects what is wrong with its cells."""

    def __init__(
        self, layout: Layout, header: Header, at: Place, raw: dict[str, str], keyed: bool
    ) -> None:
        self.layout, self.header, self.at, self.raw = layout, header, at, raw
        self.columns, self.keyed = header.columns_in(raw), keyed
        self.findings: list[Finding] = []
        self.registry = layout.registry or UNKNOWN
        self.state = "parsed"

    def text(self, field: str) -> str:
        return self.raw.get(self.columns.get(field, ""), "")

    def wrong(self, code: str, field: str, state: str = "", **facts: object) -> None:
        """Note a finding on a field; the worst state that any cell asks for is the row's."""
        self.findings.append(
            finding(
                code,
                self.at,
                registry=self.registry,
                column=self.columns.get(field, ""),
                value=self.text(field),
                **facts,  # type: ignore[arg-type]
            )
        )
        if state and self.state != "unreadable":
            self.state = state

    def serial(self) -> Serial | Opaque | Unparsed | None:
        if "serial" not in self.columns:
            return None
        text = self.text("serial")
        if not text.strip():
            self.wrong("serial-missing", "serial", "unreadable")
            return None
        read = parse(text, registry=self.layout.registry)
        if isinstance(read, Unparsed):
            facts = {"why": read.reason, "why_zh": read.reason_zh}
            self.wrong("serial-unreadable", "serial", "unreadable", **facts)
        elif isinstance(read, Opaque):
            self.wrong("serial-opaque", "serial", "opaque")
        elif not self.layout.registry:
            self.registry = read.registry
        return read

    def quantity(self) -> int | None:
        if "quantity" not in self.columns:
            return None
        number = quantity(self.text("quantity"))
        if number is None:
            self.wrong("quantity-unreadable", "quantity", "unreadable")
        return number

    def day(self, field: str) -> date | None:
        text = self.text(field)
        found = day(text)
        if found is None and text.strip().lower() not in BLANK:
            self.wrong("date-unreadable", field, expected=day_forms(text))
        return found

    def twice(self) -> None:
        """Names that stand twice and say two things: which of them is meant nobody can tell."""
        for first, later, differ in self.header.twice(self.raw):
            if not differ and self.keyed:
                self.findings.append(_twice(self.at, self.registry, later, self.raw[later]))
            if not differ:
                continue
            self.findings.append(
                finding(
                    "columns-differ",
                    self.at,
                    registry=self.registry,
                    column=later,
                    value=self.raw[later],
                    first=first,
                    expected=self.raw[first][:MAX_VALUE],
                )
            )
            if not {first, later}.isdisjoint(self.columns.values()):
                self.state = "unreadable"

    def read(self) -> tuple[Observation, list[Finding]]:
        self.twice()
        project = self.text("project").strip()
        if self.layout.kind == "project" and not any(map(str.isdigit, project)):
            # Every registry numbers its projects: a line of totals is none.
            code = "project-unreadable" if project else "project-missing"
            self.wrong(code, "project", "unreadable")
        serial, number = self.serial(), self.quantity()
        issued, ended = self.day("issued"), self.day("ended")
        self._check_quantity(serial, number)
        profile = getattr(serial, "profile", "") or self.layout.name
        seen = Observation(
            registry=self.registry,
            kind=kind_of(self.layout, self.text("status"), self.text("ended")),
            state=self.state,
            profile=profile,
            listing=self.layout.name,
            at=self.at,
            project=self.text("project"),
            country=self.text("country"),
            vintage=self.text("vintage"),
            quantity=number,
            serial=serial,
            issued=issued,
            ended=ended,
            beneficiary=self.text("beneficiary"),
            reason=self.text("reason"),
            note=self.text("note"),
            raw=self.raw,
            columns=self.columns,
        )
        return seen, self.findings

    def _check_quantity(self, serial: object, number: int | None) -> None:
        if number is None:
            return
        units = serial.quantity if isinstance(serial, Serial) else None
        if number < 0:
            self.wrong(
                "negative-quantity", "quantity", expected="0 or more" if units is None else units
            )
        elif units is not None and number != units:
            self.wrong("quantity-mismatch", "quantity", expected=units)
