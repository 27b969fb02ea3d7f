"""Rows of test vectors: their keys become facts by a table, the judge answers, both are compared.

A row is what the field writes: a rule's name, a unit, a day, an entity's figures, the verdict
expected. The table (data) says what each key means; a key or rule that it does not know fails the
row by name. No row has code of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec

from onetonne.rules.facts import FactFault, Known, read_facts
from onetonne.rules.judge import judge
from onetonne.rules.law import Lawbook, System, called, periods
from onetonne.rules.verdict import Ask, Book, Used


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a key means: one of the fields says so. `fact` may turn values (`values`) or make a
    `word` of a list out of a yes; `used` are the facts of the units that were used, `weighed`
    where they are told in the limit's own measure. `beside` names the key whose tonnes are
    told apart from these: they are then of the facts `rest`."""

    fact: str = ""
    word: str = ""
    values: dict[str, dict[str, str]] = {}
    base: str = ""
    room: str = ""
    used: dict[str, str] | None = None
    weighed: bool = False
    beside: str = ""
    rest: dict[str, str] = {}
    period: str = ""
    ask: str = ""


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table: rules (name -> system, the periods that it stands for, and facts of the entity),
    keys of the unit, of the row."""

    rules: dict[str, dict[str, str]]
    unit: dict[str, Meaning]
    row: dict[str, Meaning]
    silent: frozenset[str]


class Outcome(msgspec.Struct, frozen=True):
    """One row: whether it passed, and the line to print."""

    id: str
    passed: bool
    line: str


class Unmeant(ValueError):
    """A row that the table or the lawbook cannot read."""


def run(book: Lawbook, keys: Keys, rows: list[Mapping[str, Any]]) -> list[Outcome]:
    """Judge every row. The lines: `ok ID`, or `FAIL ID expected ... got ...`."""
    return [outcome(book, keys, row) for row in rows]


def outcome(book: Lawbook, keys: Keys, row: Mapping[str, Any]) -> Outcome:
    """Judge one row and compare."""
    name = str(row.get("id", "?"))
    expected = f"{row.get('verdict')} {row.get('qty')}"
    try:
        verdicts = judge(book, asked(book, keys, row))
    except (Unmeant, FactFault) as fault:
        return Outcome(name, False, f"FAIL {name} expected {expected} got {fault}")
    got = " | ".join(dict.fromkeys(f"{v.result} {v.quantity}" for v in verdicts))
    if got == expected:
        return Outcome(name, True, f"ok {name}")
    why = ", ".join(dict.fromkeys(reason for v in verdicts for reason in v.reasons))
    return Outcome(name, False, f"FAIL {name} expected {expected} got {got} ({why})")


def asked(book: Lawbook, keys: Keys, row: Mapping[str, Any]) -> Ask:
    """The question that a row asks. Raises `Unmeant` or `FactFault`."""
    rule = keys.rules.get(str(row.get("rule")))
    if rule is None or rule["system"] not in book.systems:
        raise Unmeant(f"no such rule in the lawbook: {row.get('rule')}")
    facts: dict[str, object] = {k: v for k, v in rule.items() if k not in ("system", "periods")}
    asks: dict[str, str] = {}
    bases: dict[str, dict[str, int]] = {}
    used: list[Used] = []
    rooms: dict[str, int] = {}
    for key, value in _unit(row).items():
        _put(facts, _meaning(keys.unit, f"unit.{key}", key), key, value)
    for key, value in row.items():
        if key in keys.silent or key == "unit":
            continue
        meaning = _meaning(keys.row, key, key)
        if meaning.fact:
            _put(facts, meaning, key, value)
        elif meaning.ask:
            asks[meaning.ask] = str(value)
        elif meaning.base:
            many = value if isinstance(value, dict) else {meaning.period: value}
            found = {str(k): int(_number(key, v)) for k, v in many.items()}
            bases.setdefault(meaning.base, {}).update(found)
        elif meaning.room:
            rooms[meaning.room] = int(_number(key, value))
        elif meaning.used is not None:
            used.append(_use(keys, row, key, meaning))
    asks["day"] = _day(asks.get("day", ""))
    asks["quantity"] = str(int(_number("request", asks.get("quantity", "1"))))
    system = _asked_of(book, rule["system"], facts.get("unit_type"))
    if rule.get("periods") and "period" not in asks:
        asks["period"] = _period(book.systems[system], rule["periods"].split(), asks["day"])
    return _ask(book, system, facts, asks, Book(bases, tuple(used), rooms))


def _use(keys: Keys, row: Mapping[str, Any], key: str, meaning: Meaning) -> Used:
    """One use of a row. Beside another that is told apart, it is of the rest alone."""
    facts = meaning.used or {}
    for name, other in keys.row.items():
        if other.beside == key and name in row:
            facts = facts | other.rest
    tonnes = _number(key, row[key])
    return Used(meaning.period, tonnes, read_facts(facts) if facts else None, meaning.weighed)


def _number(key: str, value: Any) -> int | Fraction:
    """A figure of a row, exact; a use may be a part of a tonne."""
    if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", str(value)) is None:
        raise Unmeant(f"{key}: {value!r}, which is no number of tonnes from 0 on")
    found = Fraction(str(value))
    return int(found) if found.denominator == 1 else found


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unmeant(f"date: {text!r}, which is no day such as 2026-12-31") from None


def _asked_of(book: Lawbook, code: str, unit_type: object) -> str:
    """The system of the rule; an allowance, which needs no exchange, is asked of the system for
    which others are exchanged."""
    other = book.systems[code].exchange_for
    return other if other and unit_type in book.systems[other].allowances else code


def _period(system: System, codes: list[str], day: str) -> str:
    """Of the periods that a rule stands for, the first that has not closed; else the last."""
    known = {p.code: p for p in periods(system, date.fromisoformat(day))}
    return next((c for c in codes if known[c].closes.isoformat() >= day), codes[-1])


def _ask(
    book: Lawbook, system: str, given: dict[str, object], asks: dict[str, str], side: Book
) -> Ask:
    """Put together; what names no period is of the period asked about."""
    period, day = asks.get("period", ""), date.fromisoformat(asks["day"])
    whole = next((p.code for p in periods(book.systems[system], day) if called(p, period)), period)
    type_alone = book.everywhere.unit_facts.get(str(given.get("unit_type")), {})
    facts: dict[str, Known] = read_facts({**type_alone, **given})
    used = tuple(msgspec.structs.replace(u, period=u.period or period) for u in side.used or ())
    bases = {name: {k or whole: v for k, v in of.items()} for name, of in side.bases.items()}
    return Ask(
        system=system, day=day, facts=facts,
        quantity=int(asks["quantity"]), period=period or None,
        book=Book(bases, used or None, side.rooms),
    )  # fmt: skip


def _unit(row: Mapping[str, Any]) -> Mapping[str, Any]:
    unit = row.get("unit", {})
    if not isinstance(unit, dict):
        raise Unmeant(f"unit: {unit!r}, which is no set of KEY: VALUE")
    return unit


def _meaning(table: dict[str, Meaning], where: str, key: str) -> Meaning:
    if key not in table:
        raise Unmeant(f"the key {where}, which has no meaning here")
    return table[key]


def _put(facts: dict[str, object], meaning: Meaning, key: str, value: Any) -> None:
    """Note a fact of a row: as it is, turned by the table, or as a word of a list."""
    if meaning.word:
        if not isinstance(value, bool):
            raise Unmeant(f"unit.{key}: {value!r}, which is neither true nor false")
        words = facts.setdefault(meaning.fact, [])
        if isinstance(words, list) and value is True:
            words.append(meaning.word)
    elif str(value) in meaning.values:
        facts.update(meaning.values[str(value)])
    else:
        facts[meaning.fact or key] = value
