"""Tables out of the bytes of a CSV, XLSX or JSON file, every cell as text, rows numbered as seen.

Nothing is guessed about meaning here: `NA` stays `NA`, blank rows keep their number, a row that
does not fit its header is kept for the reader of rows to name.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import count

import msgspec
from msgspec import Struct
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, ZipError

from onetonne.exchange.findings import Finding, Place, finding
from onetonne.exchange.workbook_bounds import MAX_CELLS, too_much

MAX_BYTES = 256 * 2**20  # a file: the largest public list is a tenth of it
MAX_DEPTH = 3  # how deep in a JSON envelope rows are looked for
MAX_POWER = 100  # of ten, in a JSON number: written out, a larger one fills the memory
TITLES = 20  # lines: above the header may stand a title, a date and a note
TABLE_SUFFIXES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".json", ".jsonl")

_BOOKS = ("xlsx", "xlsm", "xls", "xlsb", "ods")

MAX_CELL = 10_000_000  # characters: project descriptions pass the 131,072 that CSV has by default
BEYOND = "cell-beyond-bounds"

csv.field_size_limit(MAX_CELL)


class Line(Struct, frozen=True):
    """A row as it stands: number as a spreadsheet shows it, its cells, and a fault code if any."""

    row: int
    cells: tuple[str, ...]
    fault: str = ""


class Sheet(Struct, frozen=True):
    """The lines of one table of a file, header included; `keyed` when JSON gave the header."""

    file: str
    name: str
    lines: tuple[Line, ...]
    keyed: bool = False


class Tables(Struct, frozen=True):
    """The sheets of a file and what went wrong in reading it."""

    sheets: tuple[Sheet, ...] = ()
    findings: tuple[Finding, ...] = ()


def is_table_file(name: str, data: bytes) -> bool:
    """Whether a file claims to hold tables, by its name or its first bytes."""
    return (
        name.lower().endswith(TABLE_SUFFIXES)
        or data[:4] == b"PK\x03\x04"
        or data[:1]
        in (
            b"[",
            b"{",
        )
    )


def read_tables(name: str, data: bytes) -> Tables:
    """All tables of a file; never raises for bad content, names it in `findings` instead."""
    if len(data) > MAX_BYTES:
        return _failed(name, f"{len(data)} bytes are more than {MAX_BYTES}")
    if not is_table_file(name, data):
        return Tables((), (finding("not-a-table", Place(name)),))
    suffix = name.lower().rpartition(".")[2]
    if data[:4] == b"PK\x03\x04":
        return _workbook(name, data)
    if data[:4] == b"\xd0\xcf\x11\xe0":
        return _failed(name, "it is an old or a locked workbook: save it as XLSX, with no password")
    if suffix in _BOOKS:
        return _failed(name, "it is named as a workbook but is none: name it as what it is, .csv")
    text, findings = _decoded(name, data)
    if text is None:
        return Tables((), findings)
    if suffix in ("json", "jsonl") or (suffix not in ("csv", "tsv") and text[:1] in ("[", "{")):
        tables = _json(name, text, by_line=suffix == "jsonl")
    else:
        tables = Tables((Sheet(name, "", _csv_lines(text)),))
    return Tables(tables.sheets, findings + tables.findings)


def _failed(name: str, why: str) -> Tables:
    return Tables((), (finding("file-unreadable", Place(name), why=why),))


def _decoded(name: str, data: bytes) -> tuple[str | None, tuple[Finding, ...]]:
    nul = "it holds NUL bytes, so it is no text in UTF-8: save it as UTF-8"
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if b"\0" in data and not wide:
        return None, _failed(name, nul).findings
    encodings = ["utf-16"] if wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if wide and "\0" in text:  # UTF-32, which begins as UTF-16 does
            return None, _failed(name, nul).findings
        return text, (finding("not-utf8", Place(name)),) if encoding == "cp1252" else ()
    return None, _failed(name, "its characters are in no known encoding: save it as UTF-8").findings


# -- CSV


def _csv_lines(text: str) -> tuple[Line, ...]:
    """The records of a CSV. A quote that closes within a cell of a later line is named: what
    stands up to there was perhaps no cell, but rows."""
    written = list(StringIO(text, newline=""))
    reader = csv.reader(iter(written), delimiter=(comma := _delimiter(written)))
    lines: list[Line] = []
    before = 0
    while before < len(written):
        cells, fault = list[str](), ""
        try:
            cells = next(reader)
        except csv.Error:
            fault = BEYOND
        if not fault and (reader.line_num > before + 1 or reader.line_num == len(written)):
            fault = _quoting(written[before : reader.line_num], comma)
        lines.append(Line(len(lines) + 1, tuple(cells), fault))
        before = reader.line_num
    return tuple(lines)


def _delimiter(written: list[str]) -> str:
    """What the first line that holds any of them holds most of."""
    counts = (Counter(line) for line in written[:TITLES])
    head = next((count for count in counts if any(count[mark] for mark in ",;\t")), Counter[str]())
    return max(",;\t", key=lambda mark: head[mark])


def _quoting(written: list[str], comma: str) -> str:
    """The fault of a record of several lines, or of the last; only a strict reading sees it."""
    try:
        list(csv.reader(iter(written), delimiter=comma, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return "quote-unclosed"
        return "quote-astray" if len(written) > 1 else ""
    return ""


# -- workbooks


def _workbook(name: str, data: bytes) -> Tables:
    if why := too_much(data):
        return _failed(name, why)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [_sheet(name, book.get_sheet_by_name(title)) for title in book.sheet_names]
    except (CalamineError, ZipError, OSError, ValueError) as error:
        return _failed(name, f"the workbook is damaged: {type(error).__name__}: {error}")
    findings = [item for item in sheets if isinstance(item, Finding)]
    return Tables(tuple(item for item in sheets if isinstance(item, Sheet)), tuple(findings))


def _sheet(name: str, sheet: CalamineSheet) -> Sheet | Finding:
    cells = sheet.total_height * sheet.total_width
    if cells > MAX_CELLS:
        why = f"{cells} cells are more than {MAX_CELLS}"
        return finding("file-unreadable", Place(name, sheet.name), why=why)
    return Sheet(name, sheet.name, tuple(_sheet_lines(sheet)))


def _sheet_lines(sheet: CalamineSheet) -> Iterator[Line]:
    rows = sheet.iter_rows()
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for at in count(1):
        try:
            row = next(rows)
        except StopIteration:
            return
        except OverflowError:  # a date or a duration that Python cannot hold
            yield Line(at, (), BEYOND)
            continue
        yield _line(at, [*left, *row])


def _line(at: int, cells: Iterable[object]) -> Line:
    texts = tuple(map(_cell, cells))
    if any(len(text) > MAX_CELL for text in texts):
        return Line(at, tuple(text[:MAX_CELL] for text in texts), BEYOND)
    return Line(at, texts)


def _cell(value: object) -> str:
    """A cell as the registry would print it: whole numbers bare, dates ISO, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) <= MAX_POWER else str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    return str(value)


# -- JSON


_STRICT = msgspec.json.Decoder(float_hook=Decimal)


class _Again(str):
    """A key that its object has once more, made different so that neither hides the other."""

    written: str


def _json(name: str, text: str, by_line: bool) -> Tables:
    again: list[str] = []
    try:
        lists = _by_line(text, again) if by_line else []
        if not lists:
            again.clear()
            lists = _lists(_parsed(text, again) if text.strip() else [], "", 0)
    except msgspec.DecodeError as error:
        lists = _by_line(text, again)
        if not lists:
            why = str(error).removeprefix("JSON is malformed: ")
            return _failed(name, f"it is no JSON: {why}")
    except RecursionError:
        return _failed(name, "it nests too deep")
    headers = [{key: 0 for _, row in rows if isinstance(row, dict) for key in row}
               for _, rows in lists]  # fmt: skip
    cells = sum(len(keys) * len(rows) for keys, (_, rows) in zip(headers, lists, strict=True))
    if cells > MAX_CELLS:
        return _failed(name, f"{cells} cells are more than {MAX_CELLS}")
    sheets = tuple(
        Sheet(name, path, _keyed_lines(tuple(keys), rows), keyed=True)
        for keys, (path, rows) in zip(headers, lists, strict=True)
    )
    within = (key for _, rows in lists for _, row in rows if isinstance(row, dict) for key in row)
    deeper = Counter(again) - Counter(key.written for key in within if isinstance(key, _Again))
    findings = [finding("column-twice", Place(name), column=key, value=key) for key in deeper]
    if not sheets:
        findings.append(finding("not-a-table", Place(name)))
    return Tables(sheets, tuple(findings))


def _parsed(text: str, again: list[str]) -> object:
    """JSON with every value of a key that stands twice; each such key is noted in `again`.
    DecodeError for what is no JSON, RecursionError."""
    _STRICT.decode(text)  # the stricter of the two readers, but of one key it keeps the last value

    def kept(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        keys = [key for key, _ in pairs]
        found = {}
        for (key, value), name in zip(pairs, distinct(keys), strict=True):
            if name != key:
                name = _Again(name)
                name.written = key
                again.append(key)
            found[name] = value
        return found

    return json.loads(text, object_pairs_hook=kept, parse_float=Decimal)


_Lists = list[tuple[str, list[tuple[int, object]]]]
"""Lists of rows, each row with its number, by the path to the list."""


def _by_line(text: str, again: list[str]) -> _Lists:
    """JSON Lines: an object a line, numbered as in the file; a line that cannot be read is kept as
    it stands. Nothing where the first line is no object."""
    rows: list[tuple[int, object]] = []
    for at, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                row = _parsed(line, again)
            except (msgspec.DecodeError, RecursionError):
                row = line
            rows.append((at, row))
    return [("", rows)] if rows and isinstance(rows[0][1], dict) else []


def _lists(value: object, path: str, depth: int) -> _Lists:
    """Every list that holds objects, with the dotted path to it."""
    if isinstance(value, list):
        holds = any(isinstance(item, dict) for item in value)
        return [(path, list(enumerate(value, start=1)))] if holds else []
    if not isinstance(value, dict) or depth >= MAX_DEPTH:
        return []
    return [
        found
        for key, inner in value.items()
        for found in _lists(inner, f"{path}.{key}".lstrip("."), depth + 1)
    ]


def _keyed_lines(header: tuple[str, ...], rows: list[tuple[int, object]]) -> tuple[Line, ...]:
    lines = [Line(0, tuple(getattr(key, "written", key) for key in header))]
    for at, row in rows:
        if isinstance(row, dict):
            lines.append(_line(at, [row.get(key) for key in header]))
        else:
            lines.append(Line(at, (_cell(row) or "null",), "row-not-object"))
    return tuple(lines)


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names made different: what stands again becomes `Name (2)`, or the next number that no
    name has."""
    taken, counts, made = set(names), Counter[str](), list[str]()
    for name in names:
        counts[name] += 1
        again = name
        while counts[name] > 1 and (again := f"{name} ({counts[name]})") in taken:
            counts[name] += 1
        taken.add(again)
        made.append(again)
    return tuple(made)


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^a-z0-9]+")


def plain_header(text: str) -> str:
    """A header for comparison: `Serial Number`, `serial_number`, `serialNumber` are one."""
    return _WORD.sub(" ", _CAMEL.sub(" ", text.strip()).lower()).strip()
