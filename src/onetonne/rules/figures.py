"""Figures of an entity: as they were given, or derived from others as law says.

A figure is a pair, what is certain and what is possible (None: without end); one that nobody told
makes nothing certain and everything possible. Exact fractions until the last step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from onetonne.rules.compose import held
from onetonne.rules.facts import Facts
from onetonne.rules.law import Period, Share, System, Term, Tonnes, Version, in_force
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Book

Range = tuple[int | Fraction, int | Fraction | None]
"""Certain, possible."""
NOTHING: Range = (0, 0)
UNTOLD: Range = (0, None)
Years = tuple[int, int]


def figure(
    system: System,
    book: Book,
    facts: Facts,
    name: str,
    period: Period,
    policy: Mapping[str, int],
    pot: Years | None = None,
) -> Range:
    """A figure of the entity for a period, or for all years of a pot together."""
    given = book.bases.get(name, {})
    if pot is not None and given:
        total = sum(tonnes for key, tonnes in given.items() if _within(key, pot))
        return total, total
    found = given.get(period.code, given.get(""))
    if found is not None:
        return found, found
    derived = system.bases.get(name)
    if derived is None:
        return _whole_of(given, period)
    ends = [(held(term.when, facts) if term.when else Held.HOLDS, term) for term in derived.terms]
    values = [(answer, _term(system, book, facts, term, period, policy))
              for answer, term in ends if answer is not Held.FAILS]  # fmt: skip
    if not values:
        return NOTHING
    sure = [value[0] for answer, value in values if answer is Held.HOLDS]
    highs = [high for _, (_, high) in values if high is not None]
    low = max(sure) if sure else min(value[0] for _, value in values)
    return low, max(highs) if len(highs) == len(values) else None


def _whole_of(given: Mapping[str, int], period: Period) -> Range:
    """The sum over a longer period's years, where each of them is told."""
    years = [str(year) for year in range(period.first.year, period.last.year + 1)]
    if given and all(year in given for year in years):
        total = sum(given[year] for year in years)
        return total, total
    return UNTOLD


def _term(
    system: System,
    book: Book,
    facts: Facts,
    term: Term,
    period: Period,
    policy: Mapping[str, int],
) -> Range:
    version = in_force(term.shares, period.first)
    if version is None:
        return NOTHING
    low, high = figure(system, book, facts, term.of, period, policy, term.years)
    less: Range = (max(0, low - term.less), None if high is None else max(0, high - term.less))
    return spread([times(r, less) for r in readings_of(version, policy)] or [UNTOLD])


def _within(key: str, pot: Years) -> bool:
    return pot[0] <= int(key) <= pot[1] if key.isdigit() else True


def readings_of(version: Version, policy: Mapping[str, int]) -> Sequence[object]:
    """The readings to try, as `Version.chosen`."""
    return version.chosen(dict(policy))


def times(reading: object, base: Range) -> Range:
    """A share of both ends, or an amount; None is no share at all."""
    if isinstance(reading, Tonnes):
        return reading.tonnes, reading.tonnes
    if not isinstance(reading, Share):
        return NOTHING
    low, high = base
    share = reading.fraction
    return low * share, None if high is None else high * share


def floored(found: Range) -> tuple[int, int | None]:
    """Whole tonnes, rounded down."""
    return int(found[0] // 1), None if found[1] is None else int(found[1] // 1)


def spread(found: Sequence[Range]) -> Range:
    """From the least of all readings to the most of any."""
    highs = [high for _, high in found if high is not None]
    return min(low for low, _ in found), max(highs) if len(highs) == len(found) else None
