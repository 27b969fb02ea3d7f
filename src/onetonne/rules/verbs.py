"""The verbs of the law: plain functions of at most four facts and a clause's value.

A fact that is None is unknown. Every verb answers HOLDS, FAILS or UNKNOWN, and is the whole
meaning of its word: whoever judges one unit and whoever screens a million call the same function.
None is named after a system.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple

from onetonne.rules.law import Register, Share


class Held(Enum):
    """What a test says about a unit."""

    HOLDS = "HOLDS"
    FAILS = "FAILS"
    UNKNOWN = "UNKNOWN"


def _answer(holds: bool) -> Held:
    return Held.HOLDS if holds else Held.FAILS


def one_of(found: str | None, allowed: frozenset[str]) -> Held:
    """The word is one of these."""
    return Held.UNKNOWN if found is None else _answer(found in allowed)


def includes(found: frozenset[str] | None, wanted: frozenset[str]) -> Held:
    """The list has all of these words; an empty list is known to have none."""
    return Held.UNKNOWN if found is None else _answer(wanted <= found)


def includes_any(found: frozenset[str] | None, wanted: frozenset[str]) -> Held:
    """The list has at least one of these words."""
    return Held.UNKNOWN if found is None else _answer(bool(wanted & found))


def is_so(found: bool | None, value: None) -> Held:
    """It is so."""
    return Held.UNKNOWN if found is None else _answer(found)


def from_day(*given: Any) -> Held:
    """The day is the bound or later. Where only the year is known, the whole year must be."""
    day, year, bound = given if len(given) == 3 else (given[0], None, given[1])
    if day is None and year is not None:
        first, last = date(year, 1, 1), date(year, 12, 31)
        return Held.UNKNOWN if first < bound <= last else _answer(first >= bound)
    return Held.UNKNOWN if day is None else _answer(day >= bound)


def to_day(*given: Any) -> Held:
    """The day is the bound or earlier. Where only the year is known, the whole year must be."""
    day, year, bound = given if len(given) == 3 else (given[0], None, given[1])
    if day is None and year is not None:
        first, last = date(year, 1, 1), date(year, 12, 31)
        return Held.UNKNOWN if first <= bound < last else _answer(last <= bound)
    return Held.UNKNOWN if day is None else _answer(day <= bound)


def at_least(found: Fraction | None, bound: Share) -> Held:
    """The share is the bound or more."""
    return Held.UNKNOWN if found is None else _answer(found >= bound.fraction)


def more_than(found: Fraction | None, bound: Share) -> Held:
    """The share is above the bound."""
    return Held.UNKNOWN if found is None else _answer(found > bound.fraction)


def within_years(begun: date | None, day: date | None, years: int) -> Held:
    """From `begun`, `day` is at most so many years later; the anniversary is the last day."""
    if begun is None or day is None:
        return Held.UNKNOWN
    leap = (begun.month, begun.day) == (2, 29)
    last = date(min(begun.year + years, 9999), begun.month, 28 if leap else begun.day)
    return _answer(begun <= day <= last)


def not_after(found: date | int | None, day: date | None, value: None) -> Held:
    """The day is the other one or earlier. Of a year, the whole year must be."""
    if found is None or day is None:
        return Held.UNKNOWN
    if isinstance(found, date):
        return _answer(found <= day)
    first, last = date(found, 1, 1), date(found, 12, 31)
    return Held.UNKNOWN if first <= day < last else _answer(last <= day)


def registered(who: str | None, day: date | None, register: Register) -> Held:
    """It stands in the dated register on that day."""
    if who is None or day is None:
        return Held.UNKNOWN
    row = register.rows.get(who)
    if row is None or (row.after is not None and day < row.after):
        return Held.FAILS
    return Held.HOLDS if day >= row.by else Held.UNKNOWN


class Verb(NamedTuple):
    """A verb, the kinds of facts that it takes (each place one or more kinds; from `least` of
    them), the kind of its value, and how it is said: `{0}` is the fact, `{value}` the value."""

    run: Callable[..., Held]
    takes: tuple[frozenset[str], ...]
    least: int
    value: str
    en: str
    zh: str
    en_not: str
    zh_not: str


def _kinds(*places: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(place.split("|")) for place in places)


VERBS: dict[str, Verb] = {
    "one_of": Verb(one_of, _kinds("word|text|party"), 1, "words", "{0} is {value}",
                   "{0}為 {value}", "{0} is not {value}", "{0}不為 {value}"),
    "includes": Verb(includes, _kinds("words"), 1, "words", "{0} include {value}",
                     "{0}包含 {value}", "{0} do not include {value}", "{0}不包含 {value}"),
    "includes_any": Verb(includes_any, _kinds("words"), 1, "words", "{0} include one of {value}",
                         "{0}包含 {value} 之一", "{0} include none of {value}",
                         "{0}不包含 {value} 之任一"),
    "is_so": Verb(is_so, _kinds("yes"), 1, "none", "{0}: yes", "{0}：是", "{0}: no", "{0}：否"),
    "from_day": Verb(from_day, _kinds("day", "year"), 1, "day", "{0} on or after {value}",
                     "{0}在 {value} 當日或之後", "{0} before {value}", "{0}在 {value} 之前"),
    "to_day": Verb(to_day, _kinds("day", "year"), 1, "day", "{0} on or before {value}",
                   "{0}在 {value} 當日或之前", "{0} after {value}", "{0}在 {value} 之後"),
    "at_least": Verb(at_least, _kinds("share"), 1, "share", "{0} at least {value}",
                     "{0}至少 {value}", "{0} below {value}", "{0}低於 {value}"),
    "more_than": Verb(more_than, _kinds("share"), 1, "share", "{0} above {value}",
                      "{0}超過 {value}", "{0} at most {value}", "{0}至多 {value}"),
    "within_years": Verb(within_years, _kinds("day", "day"), 2, "count",
                         "{1} within {value} years of {0}", "{1}在{0}後 {value} 年內",
                         "{1} not within {value} years of {0}", "{1}不在{0}後 {value} 年內"),
    "not_after": Verb(not_after, _kinds("day|year", "day"), 2, "none", "{0} not after {1}",
                      "{0}不晚於{1}", "{0} after {1}", "{0}晚於{1}"),
    "registered": Verb(registered, _kinds("party|text", "day"), 2, "register",
                       "{0} is listed on {1}: {value}", "{0}於{1}列名：{value}",
                       "{0} is not listed on {1}: {value}", "{0}於{1}未列名：{value}"),
}  # fmt: skip
"""Every verb there is; at most twenty, so that a lawyer can read them all in one sitting."""
