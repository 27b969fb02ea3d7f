"""What accounting reads: a Party's pledge, inventories and tallies, as numbers by year.

First transfers count in their vintage year, uses in the year of the NDC that they are for
(2/CMA.3 annex, paragraph 8); annual information counts both in the year in which they happened.
"""

from collections.abc import Iterable
from fractions import Fraction

import msgspec

from onetonne.ledger.article6.approach_levies import SUMS
from onetonne.ledger.article6.finality import LATE, LATE_RECALL
from onetonne.ledger.article6.mechanism_folds import EARLIER
from onetonne.ledger.article6.recalls import RECALLED
from onetonne.ledger.article6.tables import Inventory, Ndc, Tally

ByYear = dict[int, int]


class Figures(msgspec.Struct, frozen=True):
    """One Party and metric: emissions (or the indicator) by year where an inventory says them, and
    units first transferred and used by the year that they adjust, and `recalled` of the first;
    `earlier` are units of an earlier mechanism that were used (pre-2021), counted by themselves;
    `late` what was first transferred, less what was recalled, of a period after it was closed."""

    emissions: dict[int, Fraction]
    first: ByYear
    used: ByYear
    earlier: ByYear = msgspec.field(default_factory=dict)
    recalled: ByYear = msgspec.field(default_factory=dict)
    late: ByYear = msgspec.field(default_factory=dict)


def figures(
    party: str,
    metric: str,
    inputs: Iterable[Inventory],
    sums: Iterable[Tally],
    by_vintage: bool = True,
) -> Figures:
    """The numbers of a Party in one metric; metrics are never added to one another. A first
    transfer counts in its vintage year, or in the year in which it happened."""
    emissions = {
        row.year: Fraction(row.value)
        for row in inputs
        if row.party == party and row.metric == metric
    }
    first: ByYear = {}
    used: ByYear = {}
    earlier: ByYear = {}
    recalled: ByYear = {}
    late: ByYear = {}
    bases = {"first_transfer": first, "use": used, EARLIER: earlier, RECALLED: recalled,
             LATE: late, LATE_RECALL: late}  # fmt: skip
    for row in sums:
        into = bases.get(row.basis)
        if into is not None and row.party == party and row.metric == metric:
            year = row.year if by_vintage or row.basis != "first_transfer" else row.happened
            sign = -1 if row.basis == LATE_RECALL else 1
            into[year] = into.get(year, 0) + sign * row.quantity
    return Figures(emissions, first, used, earlier, recalled, late)


class Annual(msgspec.Struct, frozen=True):
    """What happened in a year (paragraph 23 (c) to (f)): `net` is first + others - used, less what
    was recalled in it. Of first + others, approaches levied `sop` for adaptation and `omge` for
    overall mitigation; the worth of `owed` units is due in money, and is none of them."""

    year: int
    first: int = 0
    others: int = 0
    used: int = 0
    cumulative: int = 0
    recalled: int = 0
    sop: int = 0
    omge: int = 0
    owed: int = 0

    @property
    def net(self) -> int:
        return self.first + self.others - self.used - self.recalled


def annual(party: str, metric: str, sums: Iterable[Tally], years: range) -> tuple[Annual, ...]:
    """Annual information for each of `years`: `first` are first transfers for NDC use, `others`
    those for other international purposes alone; `cumulative` the sum of the net amounts."""
    by: dict[tuple[str, int], int] = {}
    for row in sums:
        if row.party == party and row.metric == metric:
            kind = row.purpose if row.basis in ("first_transfer", LATE) else row.basis
            kind = RECALLED if kind == LATE_RECALL else kind
            by[kind, row.happened] = by.get((kind, row.happened), 0) + row.quantity
    found: list[Annual] = []
    running = 0
    for year in years:
        first, others, used = (by.get((kind, year), 0) for kind in ("NDC", "OIMP", "use"))
        back = by.get((RECALLED, year), 0)
        running += first + others - used - back
        levied = {name: by.get((basis, year), 0) for name, basis in SUMS.items()}
        found.append(Annual(year, first, others, used, running, back, **levied))
    return tuple(found)


def period(ndc: Ndc) -> range:
    """The years of a pledge."""
    return range(ndc.first, ndc.last + 1)


def values(ndc: Ndc) -> dict[int, Fraction]:
    """The indicative level of each year, where the pledge states one."""
    return dict(zip(period(ndc), map(Fraction, ndc.path), strict=False)) if ndc.path else {}
