"""The emissions balance: emissions + first transfers - use (2/CMA.3 annex, paragraphs 7 to 9).

An acquisition adjusts nothing. Where more of the metric is better (paragraph 9) the signs turn:
the adjusted indicator is indicator - first transfers + use. Averages stay exact fractions.
What cannot be known for want of data is never taken as met.
"""

from fractions import Fraction

import msgspec

from onetonne.article6.figures import Figures, period, values
from onetonne.ledger.article6.tables import Ndc

MET, MISSED, UNKNOWN = "met", "missed", "indeterminate"


class Year(msgspec.Struct, frozen=True):
    """One year: what is added to and taken from its emissions, and what that makes.

    `adjustment` is first transfers - use of the year, or their average so far; of an indicator it
    has the other sign. `balance` is None where no inventory states the year. `earlier` are units of
    an earlier mechanism: they are taken from the balance beside the adjustment. `recalled` were
    first transferred and are taken back as errata: `first` still holds them, `adjustment` does not.
    `late` came after the period was closed: neither `adjustment` nor `balance` holds it.
    """

    year: int
    emissions: Fraction | None
    first: int
    used: int
    adjustment: Fraction
    balance: Fraction | None
    path: Fraction | None = None
    earlier: int = 0
    recalled: int = 0
    late: int = 0

    @property
    def above(self) -> bool:
        """Whether the year's balance lies above its path: information, no test."""
        known = self.balance is not None and self.path is not None
        return bool(known and self.balance > self.path)  # type: ignore[operator]


class Balance(msgspec.Struct, frozen=True):
    """A period, and its test: `reached` against `target`; `gap` is what is missing, at least 0."""

    party: str
    method: str
    metric: str
    years: tuple[Year, ...]
    reached: Fraction | None
    target: Fraction | None
    verdict: str
    gap: Fraction | None = None


def balance(ndc: Ndc, found: Figures, calendar: bool = True) -> Balance:
    """A pledge's balance by its own method, the same for every year of the period. Where an average
    is taken, `calendar` says whether years elapse by the calendar or by their inventories."""
    years = _averaged(ndc, found, calendar) if ndc.method == "averaging" else _yearly(ndc, found)
    reached, target = _test(ndc, years)
    if reached is None or target is None:
        verdict, gap = UNKNOWN, None
    else:
        gap = max(_sign(ndc) * (reached - target), Fraction(0))
        verdict = MISSED if gap else MET
    if verdict == MET and ndc.method == "trajectory":
        verdict, gap = _in_target_year(ndc, years)
    return Balance(ndc.party, ndc.method, ndc.metric, years, reached, target, verdict, gap)


def _sign(ndc: Ndc) -> int:
    """+1 where less is better (GHG), -1 where more is."""
    return 1 if ndc.metric == "GHG" else -1


def _year(ndc: Ndc, found: Figures, year: int, adjustment: Fraction) -> Year:
    emissions, earlier = found.emissions.get(year), found.earlier.get(year, 0)
    return Year(
        year=year,
        emissions=emissions,
        first=found.first.get(year, 0),
        used=found.used.get(year, 0),
        adjustment=adjustment,
        balance=None if emissions is None else emissions + adjustment - earlier,
        path=values(ndc).get(year),
        earlier=earlier,
        recalled=found.recalled.get(year, 0),
        late=found.late.get(year, 0),
    )


def _net(found: Figures, year: int) -> int:
    first = found.first.get(year, 0) - found.recalled.get(year, 0)
    return first - found.used.get(year, 0)


def _yearly(ndc: Ndc, found: Figures) -> tuple[Year, ...]:
    """Each year's own first transfers and uses (paragraph 7 (a)(i) and (b))."""
    return tuple(
        _year(
            ndc,
            found,
            year,
            Fraction(_sign(ndc) * _net(found, year)),
        )
        for year in period(ndc)
    )


def _averaged(ndc: Ndc, found: Figures, calendar: bool = True) -> tuple[Year, ...]:
    """The average so far (paragraph 7 (a)(ii)): the sum until the year, by the calendar years that
    have elapsed, whether an inventory reported them or not; else by those that one reported."""
    years = []
    running = elapsed = 0
    for year in period(ndc):
        elapsed += 1 if calendar or year in found.emissions else 0
        running += _net(found, year)
        average = Fraction(_sign(ndc) * running, max(elapsed, 1))
        years.append(_year(ndc, found, year, average))
    return tuple(years)


def _test(ndc: Ndc, years: tuple[Year, ...]) -> tuple[Fraction | None, Fraction | None]:
    """What is compared at the end: the target year, or the sum over the period."""
    if ndc.method == "averaging":
        return years[-1].balance, Fraction(ndc.goal) if ndc.goal else None
    path = sum(values(ndc).values(), Fraction(0)) if ndc.path else None
    budget = Fraction(ndc.goal) if ndc.goal and ndc.method == "budget" else path
    known = [year.balance for year in years if year.balance is not None]
    return (sum(known, Fraction(0)) if len(known) == len(years) else None), budget


def _in_target_year(ndc: Ndc, years: tuple[Year, ...]) -> tuple[str, Fraction | None]:
    """A single-year pledge on a path must be met in its year too."""
    if not ndc.goal or years[-1].balance is None:
        return UNKNOWN, None
    gap = max(_sign(ndc) * (years[-1].balance - Fraction(ndc.goal)), Fraction(0))
    return (MISSED if gap else MET), gap


def in_tonnes(ndc: Ndc, quantity: int) -> Fraction | None:
    """A quantity of another metric in t CO2e by the documented factor; None without one. It is told
    beside the quantity and never enters a sum of tonnes."""
    if ndc.metric == "GHG":
        return Fraction(quantity)
    return quantity * Fraction(ndc.per_unit) if ndc.per_unit else None
