"""Reading the law: the rules of a system side by side, in words, as of a day, and what changed.

A rule is a clause or a limit; what it says on a day is its version in force, every reading of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from onetonne.rules.compose import leaves, said
from onetonne.rules.law import (
    Citation,
    Lawbook,
    Nature,
    Says,
    Share,
    System,
    Tonnes,
    Version,
    in_force,
)

NONE = Says("no such rule", "無此規定")
UNPUBLISHED = Says("not published", "尚未公布")


class Rule(NamedTuple):
    """A clause or a limit, with the system that it stands in."""

    system: System
    code: str
    kind: str
    says: Says
    versions: tuple[Version, ...]

    def cited(self, version: Version) -> tuple[Citation, ...]:
        """Where a version of the rule stands."""
        return tuple(self.system.citations[code] for code in version.cites)


class Change(NamedTuple):
    """What a rule said on one day and says on another; None: nothing."""

    rule: Rule
    before: Version | None
    after: Version | None


def rules_of(system: System) -> Iterator[Rule]:
    """Clauses, then limits, in the law's own order."""
    for clause in system.clauses.values():
        yield Rule(system, clause.code, clause.effect, clause.says, clause.versions)
    for limit in system.limits.values():
        yield Rule(system, limit.code, "limit", limit.says, limit.shares)


def on_day(rule: Rule, day: date) -> Version | None:
    """The version in force, where it says anything."""
    version = in_force(rule.versions, day)
    return None if version is None or version.readings == (None,) else version


def words(version: Version) -> Says:
    """What a version says: its test, share or amount, or every reading of an open question."""
    told = [_reading(reading) for reading in version.readings] or [
        Says("not published", "尚未公布")
    ]
    return Says(" | ".join(t.en for t in told), " | ".join(t.zh for t in told))


def _reading(reading: object) -> Says:
    if reading is None:
        return NONE
    if isinstance(reading, Share | Tonnes):
        return Says(str(reading), str(reading))
    return said(reading)  # type: ignore[arg-type]


def search(book: Lawbook, text: str) -> list[Rule]:
    """Rules in whose name, sentence, words or citation every word of `text` occurs."""
    wanted = text.casefold().split()
    found = [rule for system in book.systems.values() for rule in rules_of(system)]
    return [rule for rule in found if all(word in _all_text(rule) for word in wanted)]


def _all_text(rule: Rule) -> str:
    names = rule.system.names
    parts = [rule.system.code, names.en, names.zh, rule.code, rule.says.en, rule.says.zh]
    for version in rule.versions:
        told = words(version)
        parts += [told.en, told.zh, version.open]
        parts += [f"{cite.instrument} {cite.provision}" for cite in rule.cited(version)]
    return "\n".join(parts).casefold()


def changes(system: System, before: date, after: date) -> list[Change]:
    """The rules that say something else on the one day than on the other."""
    pairs = [Change(rule, on_day(rule, before), on_day(rule, after)) for rule in rules_of(system)]
    return [pair for pair in pairs if pair.before != pair.after]


def natures(book: Lawbook, unit: str) -> list[tuple[System, Nature]]:
    """What countries' private law says of a unit type, by system; all of them without a unit."""
    return [(system, row) for system in book.systems.values() for row in system.natures
            if not unit or unit in row.units]  # fmt: skip


def named(book: Lawbook, fact: str) -> set[str]:
    """Every word that some clause or limit asks that fact for."""
    tests: list[Any] = [clause.when for clause in book.everywhere.clauses.values()]
    for system in book.systems.values():
        tests += [limit.counts for limit in system.limits.values()]
        tests += [clause.when for clause in system.clauses.values()]
        tests += [reading for rule in rules_of(system) for version in rule.versions
                  for reading in version.readings]  # fmt: skip
    asked = [leaf for test in tests if test is not None and not isinstance(test, Share | Tonnes)
             for leaf, _ in leaves(test)]  # fmt: skip
    words = [leaf.value for leaf in asked if fact in leaf.of]
    return {word for value in words if isinstance(value, frozenset) for word in value}
