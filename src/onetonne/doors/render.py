"""How answers look: one JSON object, or sentences and tables in English or 繁體中文.

What people typed once (names, reasons) is hostile here: it is shown as text, never as
markup, and its control characters are made visible.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from collections.abc import Set as AnySet
from fractions import Fraction
from typing import Any, Literal

import msgspec
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def language(given: str | None) -> str:
    """`en` or `zh`: as given, else from ONETONNE_LANG, else from LANG."""
    text = given or os.environ.get("ONETONNE_LANG") or os.environ.get("LANG") or "en"
    return "zh" if text.lower().startswith("zh") else "en"


def plain(text: object) -> str:
    """Text that is safe to print: control and direction characters become visible."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(text))


def number(value: int) -> str:
    """1,000 with separators, as both languages write it."""
    return f"{value:,}"


def rounded(value: Fraction | None) -> str:
    """A number for people: two places where it is no whole number, exactly rounded."""
    if value is None:
        return "-"
    if value.denominator == 1:
        return number(int(value))
    whole, cents = divmod(abs(round(value * 100)), 100)
    return f"{'-' if value < 0 else ''}{number(whole)}.{cents:02d}"


class Rows(msgspec.Struct):
    """A table: headings in both languages, rows of cells; `right` are columns of numbers,
    `wrap` those that may take several lines (the last when none is named)."""

    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[object]]
    right: frozenset[int] = frozenset()
    wrap: frozenset[int] = frozenset()


class Line(msgspec.Struct):
    """A sentence in both languages; `style` is a colour where there are colours."""

    en: str
    zh: str
    style: str = ""

    def text(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Output:
    """Where replies go: stdout; what went wrong goes to stderr, unless JSON was asked for."""

    def __init__(self, language: str, as_json: bool) -> None:
        self.language, self.as_json = language, as_json

    def reply(self, address: str, data: dict[str, Any], shown: Iterable[Any]) -> None:
        if self.as_json:
            print(to_json(({"ledger": hidden(address)} if address else {}) | data))
            return
        console = Console(highlight=False)
        if address:
            console.print(self._text(f"ledger {hidden(address)}", "dim"))
        self._print(console, shown)

    def fault(self, code: str, line: Line, address: str = "") -> None:
        """Say what went wrong: an error object as JSON on stdout, else a line on stderr."""
        if self.as_json:
            error = {"code": code, "en": line.en, "zh": line.zh}
            print(to_json(({"ledger": hidden(address)} if address else {}) | {"error": error}))
        else:
            print(plain(line.text(self.language)), file=sys.stderr)

    def _print(self, console: Console, shown: Iterable[Any]) -> None:
        for part in shown:
            if isinstance(part, Rows):
                self._table(console, part)
            elif isinstance(part, Line):
                console.print(self._text(part.text(self.language), part.style))
            else:
                print(plain(part))  # to be copied: not broken into lines

    def _text(self, text: object, style: str) -> Text:
        return Text(plain(text), style=style)

    def _table(self, console: Console, rows: Rows) -> None:
        at = 1 if self.language == "zh" else 0
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
        wrap = (rows.wrap or {len(rows.heads) - 1}) | _too_wide(rows, at, console.width)
        for column, head in enumerate(rows.heads):
            side: Literal["left", "right"] = "right" if column in rows.right else "left"
            table.add_column(
                self._text(head[at], ""), justify=side, overflow="fold", no_wrap=column not in wrap
            )
        for row in rows.rows:
            table.add_row(*(self._text(_cell(cell), "") for cell in row))
        least = _least(rows, at, wrap)
        if least > console.width:
            console = Console(highlight=False, width=least)
        console.print(table)


SHORT = 14
"""Cells up to this many columns (an account's number) are never broken."""


def _widths(rows: Rows, at: int) -> list[int]:
    cells = [[head[at] for head in rows.heads], *([_cell(c) for c in row] for row in rows.rows)]
    return [max(map(cell_len, column)) for column in zip(*cells, strict=True)]


def _least(rows: Rows, at: int, wrap: AnySet[int]) -> int:
    """How wide a table is at least: no number and no day is ever cut, rather is a line too long."""
    widths = [min(wide, SHORT) if n in wrap else wide for n, wide in enumerate(_widths(rows, at))]
    return sum(widths) + 2 * (len(widths) - 1)


def _too_wide(rows: Rows, at: int, width: int) -> set[int]:
    """The columns of text that must break into lines for the table to fit, if it does not."""
    widths = _widths(rows, at)
    if sum(widths) + 2 * (len(widths) - 1) <= width:
        return set()
    return {n for n, wide in enumerate(widths) if wide > SHORT and n not in rows.right}


def yes(value: object) -> str:
    """A mark in a table where something is so."""
    return "✓" if value else ""


def _cell(value: object) -> str:
    return number(value) if isinstance(value, int) else str(value)


def hidden(address: str) -> str:
    """An address without its password."""
    masked = re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", address)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", masked)


def to_json(data: object) -> str:
    """One JSON object, readable, UTF-8."""
    plain_data = json.loads(msgspec.json.encode(data))
    return json.dumps(plain_data, ensure_ascii=False, indent=2)
