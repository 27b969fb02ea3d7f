"""What a cell of an export says: whole numbers with thousands commas, dates of two orders.

A month-day order is never guessed from one cell: slashes mean MM/DD/YYYY, as the exports with
slashes write it, and a thirteenth month is an error, not a day.
"""

import re
from datetime import date, datetime

_QUANTITY = re.compile(r"(-?)(\(?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,40})(?:\.0+)?(\)?)")
_EITHER = re.compile(r"[-(]?[1-9][0-9]{0,2}\.000\)?")  # 5.000 is five, or five thousand
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: [0-9:]+(?: [AP]M)?)?")
_FORMULA = re.compile(r"\s*(?:=|[+\-@][0-9.+*/\-]*[A-Za-z]+[(!|])")
_STARTS = frozenset("=+-@ \t\r\n")  # looked at first: most cells are none of it
DATE_FORMS = "2026-03-31 / 03/31/2026 (MM/DD/YYYY)"
MONTH_FIRST = "the month first; if this list writes the day first, its other days are read wrongly"


def quantity(text: str) -> int | None:
    """A whole number, or None: `1,234`, `1234.0`, `-5`, `(5)` for minus five; `1.5` is none, nor is
    `5.000`, which is five or five thousand."""
    match = _QUANTITY.fullmatch(text.strip())
    if not match or bool(match[2]) != bool(match[4]) or (match[1] and match[2]):
        return None
    if _EITHER.fullmatch(match[0]):
        return None
    number = int(match[3].replace(",", ""))
    return -number if match[1] or match[2] else number


def day(text: str) -> date | None:
    """A day from ISO (a time of day is dropped) or MM/DD/YYYY, or None."""
    text = text.strip()
    slashed = _SLASHED.fullmatch(text)
    try:
        if slashed:
            return date(int(slashed[3]), int(slashed[1]), int(slashed[2]))
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def day_forms(text: str) -> str:
    """What was expected instead of a text that is no day."""
    turned = re.sub("^([0-9]{1,2})/([0-9]{1,2})/", r"\2/\1/", text.strip())
    return MONTH_FIRST if day(turned) else DATE_FORMS


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet that opens this text as CSV would run it."""
    return text[:1] in _STARTS and bool(_FORMULA.match(text))
