"""Which figures somebody must still tell before what is owed, or a limit's room, is known."""

from __future__ import annotations

from onetonne.ledger.entity import Bases
from onetonne.rules.compose import held
from onetonne.rules.facts import Facts
from onetonne.rules.figures import figure
from onetonne.rules.law import Period, System, in_force
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Book


def awaited(
    system: System,
    period: Period,
    bases: Bases,
    name: str,
    facts: Facts,
    pot: tuple[int, int] | None = None,
) -> tuple[str, ...]:
    """The told figures that `name` waits for, with the year where others of the period are told;
    none where it is known, or where law, not a figure, leaves it open."""
    if figure(system, Book(bases), facts, name, period, {}, pot)[1] is not None:
        return ()
    if name == "obligation":
        law = system.obligation
        version = in_force(law.shares, period.first) if law else None
        if law is not None and (version is None or len(version.readings) != 1):
            return ()
        return awaited(system, period, bases, law.base if law else "verified_emissions", facts)
    derived = system.bases.get(name)
    if derived is None:
        return _of_years(name, period, bases) if pot is None else (name,)
    terms = [term for term in derived.terms
             if not term.when or held(term.when, facts) is not Held.FAILS]  # fmt: skip
    found = [one for term in terms if term.of
             for one in awaited(system, period, bases, term.of, facts, term.years)]  # fmt: skip
    return tuple(dict.fromkeys(found))


def _of_years(name: str, period: Period, bases: Bases) -> tuple[str, ...]:
    """A figure of a longer period that is told year by year: the years that lack."""
    years = [str(year) for year in range(period.first.year, period.last.year + 1)]
    lacking = [year for year in years if year not in bases.get(name, {})]
    if 0 < len(lacking) < len(years):
        return tuple(f"{name} {year}" for year in lacking)
    return (name,)
