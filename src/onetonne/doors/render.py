"""How answers look: one JSON object, or sentences and tables in English or 繁體中文.

What people typed once (names, reasons) is hostile here: it is shown as text, never as
markup, and its line breaks and control characters are made visible.
"""

import json
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence, Set
from fractions import Fraction
from typing import Any, Literal

import msgspec
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def language(given: str | None) -> str:
    """`en` or `zh`: as given, else from ONETONNE_LANG, else from LANG."""
    text = given or os.environ.get("ONETONNE_LANG") or os.environ.get("LANG") or "en"
    return "zh" if text.lower().startswith("zh") else "en"


def plain(text: object) -> str:
    """Text that is safe to print and stays in its line: line breaks, other control characters
    and direction characters become visible. What has several lines is printed line by line."""
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
    """A table: headings in both languages, rows of cells; `right` are columns of numbers. A cell of
    several lines is a tuple of them."""

    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[object]]
    right: frozenset[int] = frozenset()


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
            console.print(Text(plain(f"ledger {hidden(address)}"), style="dim"))
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
                console.print(Text(plain(part.text(self.language)), style=part.style))
            else:
                print(plain(part))  # to be copied: not broken into lines

    def _table(self, console: Console, rows: Rows) -> None:
        at = 1 if self.language == "zh" else 0
        heads = [head[at] for head in rows.heads]
        cells = [max([0, *map(_wide, column)]) for column in _columns(rows)]
        widths, gap = list(map(max, cells, map(cell_len, heads))), 2
        if sum(widths) + gap * (len(heads) - 1) > console.width:
            gap = 1
            heads = [_folded(head, wide) for head, wide in zip(heads, cells, strict=True)]
            lines = [_wide(head) for head in heads]
            texts = set(range(len(heads))) - rows.right
            widths = _shrunk(list(map(max, cells, lines)), console.width - len(heads) + 1, texts)
            least = sum(widths) + len(heads) - 1
            if least > console.width:
                console = Console(highlight=False, width=least)
        table = Table(
            box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap - 1, 0, 0), show_edge=False
        )
        for column, (head, wide) in enumerate(zip(heads, widths, strict=True)):
            side: Literal["left", "right"] = "right" if column in rows.right else "left"
            table.add_column(Text(head), justify=side, overflow="fold", width=wide)
        for row in rows.rows:
            table.add_row(*(Text(_cell(cell)) for cell in row))
        console.print(table)


SHORT = 14
"""Cells up to this many columns (an account's number) and numbers are never broken: where they do
not fit, a line is too long."""


def _shrunk(widths: list[int], room: int, texts: Set[int]) -> list[int]:
    """Widths that fit, if they can: the widest texts give, down to SHORT."""
    while sum(widths) > room:
        widest = max(texts, key=lambda n: widths[n], default=-1)
        if widest < 0 or widths[widest] <= SHORT:
            break
        widths[widest] -= 1
    return widths


def _columns(rows: Rows) -> list[list[str]]:
    """What each column shows below its heading."""
    return [[_cell(row[n]) for row in rows.rows] for n in range(len(rows.heads))]


def _folded(head: str, wide: int) -> str:
    """A heading in lines no wider than what stands below it, broken between words alone."""
    least = max([wide, *map(len, head.split())])
    return textwrap.fill(head, least, break_long_words=False) if head else head


def yes(value: object) -> str:
    """A mark in a table where something is so."""
    return "✓" if value else ""


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(map(plain, value))
    return number(value) if isinstance(value, int) else plain(value)


def _wide(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def hidden(address: str) -> str:
    """An address without its password."""
    masked = re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", address)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", masked)


def to_json(data: object) -> str:
    """One JSON object, readable, UTF-8; control and direction characters in it are escaped."""
    # by way of built-in types: JSON of msgspec has no whole number above 64 bits
    lines = json.dumps(
        msgspec.to_builtins(data, str_keys=True), ensure_ascii=False, indent=2
    ).split("\n")
    return "\n".join(_CONTROL.sub(lambda c: f"\\u{ord(c[0]):04x}", line) for line in lines)
