"""Limits that a Party sets itself, so that first transfers raise nobody's emissions.

The CMA set no numbers (2/CMA.3 annex, paragraph 17); a limit is the Party's own. A test that lacks
its data is indeterminate: it is never passed in silence.
"""

from fractions import Fraction

import msgspec

from onetonne.article6.balance import MET, MISSED, UNKNOWN
from onetonne.article6.figures import Figures, period, values
from onetonne.ledger.article6.tables import Ndc


class Limits(msgspec.Struct, frozen=True):
    """Shares as fractions, amounts as units; None is no limit."""

    first_per_year: int | None = None
    first_share_of_path: Fraction | None = None
    used_share_of_gap: Fraction | None = None


class Check(msgspec.Struct, frozen=True):
    """One limit in one year (0: the period): what was found and what is allowed."""

    limit: str
    year: int
    verdict: str
    found: Fraction | None = None
    allowed: Fraction | None = None


def check(ndc: Ndc, found: Figures, limits: Limits) -> tuple[Check, ...]:
    """Every limit that is set, year by year; the last is over the whole period."""
    path = values(ndc)
    checks: list[Check] = []
    for year in period(ndc):
        first = Fraction(found.first.get(year, 0))
        if limits.first_per_year is not None:
            checks.append(_at_most("first_per_year", year, first, Fraction(limits.first_per_year)))
        if limits.first_share_of_path is not None:
            level = path.get(year)
            allowed = None if level is None else level * limits.first_share_of_path
            checks.append(_at_most("first_share_of_path", year, first, allowed))
    if limits.used_share_of_gap is not None:
        checks.append(_gap(ndc, found, limits.used_share_of_gap))
    return tuple(checks)


def _at_most(limit: str, year: int, found: Fraction | None, allowed: Fraction | None) -> Check:
    if found is None or allowed is None:
        return Check(limit, year, UNKNOWN, found, allowed)
    return Check(limit, year, MET if found <= allowed else MISSED, found, allowed)


def _gap(ndc: Ndc, found: Figures, share: Fraction) -> Check:
    """Use may close at most a share of the gap between emissions and the pledge."""
    level = values(ndc).get(ndc.last, Fraction(ndc.goal) if ndc.goal else None)
    emissions = found.emissions.get(ndc.last)
    used = Fraction(sum(found.used.get(year, 0) for year in period(ndc)))
    allowed = None
    if level is not None and emissions is not None:
        allowed = max(emissions - level, Fraction(0)) * share
    return _at_most("used_share_of_gap", 0, used, allowed)
