"""The law as data: systems with their periods, clauses, limits, dues and penalties, and a digest.

Its parts are in `clauses` (tests, versions, clauses) and `quantities` (limits and bases), and are
named from here too. Files are read in `store`; here they are frozen structs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from onetonne.rules.clauses import (
    AllOf,
    AnyOf,
    Citation,
    Clause,
    Confidence,
    Controversy,
    Due,
    Entered,
    Leaf,
    Not,
    Register,
    Row,
    Says,
    Share,
    Test,
    Tonnes,
    Unless,
    Value,
    Version,
)
from onetonne.rules.quantities import Base, Limit, Term, Weight

__all__ = [
    "AllOf", "AnyOf", "Base", "Citation", "Clause", "Confidence", "Controversy", "Due", "Entered",
    "Leaf", "Limit", "Not", "Register", "Row", "Says", "Share", "Term", "Test", "Tonnes", "Unless",
    "Value", "Version", "Weight",
]  # fmt: skip

Kind = Literal[
    "ets", "carbon_tax", "carbon_fee", "baseline_and_credit", "sectoral_offsetting", "target"
]


class Years(Row, frozen=True, kw_only=True):
    """Compliance periods: each year of first..last is one, or all are one named `code`.

    They are open for surrender from `opens` (MM-DD of the year after their last, or after their
    first, or in their first itself (`within`), where `opening` says so) to `closes` (MM-DD, `after`
    years after their last); both days belong to it. A named period may give whole days instead.
    """

    first: int
    last: int | None = None
    code: str = ""
    opens: str
    closes: str
    cites: tuple[str, ...]
    confidence: Confidence
    after: int = 1
    opening: Literal["within", "first", "last"] = "last"


class Rate(Row, frozen=True, kw_only=True):
    """What a tonne of the obligation costs where it is paid in money: a tax or a fee, dated by the
    period. `kind`: only for operators of whom the fact `fee_rate` says so. `note`: for whom.
    `expected`: announced, not law."""

    since: date
    amount: str
    currency: str
    cites: tuple[str, ...]
    confidence: Confidence
    kind: str = ""
    expected: bool = False
    note: Says | None = None


class Obligation(Row, frozen=True, kw_only=True):
    """What is owed for a period: a share of a figure, in whole tonnes. `partial`: of that, a share
    is owed for each year of a longer period by `partial_closes` (MM-DD of the year after).
    `rates`: what a tonne costs that no credit covers, of a tax or a fee."""

    base: str
    shares: tuple[Version, ...]
    partial: tuple[Version, ...] = ()
    partial_closes: str = ""
    rates: tuple[Rate, ...] = ()


class Penalty(Row, frozen=True, kw_only=True):
    """What a missing tonne costs, dated by the period: money (decimal text), a multiple of the
    market price (with or without a most), or units for each. `makes_good`: the tonne is owed
    all the same; `late`: it may be surrendered after the last day too, one for one. Where the
    amount is not in the texts read, `open` names the question."""

    since: date
    cites: tuple[str, ...]
    confidence: Confidence
    currency: str = ""
    amount: str = ""
    times_price: str = ""
    units: int = 0
    makes_good: bool = True
    late: bool = False
    open: str = ""
    note: Says | None = None


class Removals(Row, frozen=True, kw_only=True):
    """Whether removals share the limits of reductions, or have a compartment with its own room."""

    kept: Literal["together", "apart"]
    cites: tuple[str, ...]
    confidence: Confidence


class Nature(Row, frozen=True, kw_only=True):
    """What a unit is in a country's private law; without a row it is unsettled. `jurisdiction`:
    where it is not the system's own, such as GB-ENG."""

    units: tuple[str, ...]
    status: Literal[
        "PROPERTY", "STATUTORY_RIGHT", "LICENCE", "SECURITY", "NOT_PROPERTY", "UNSETTLED",
        "PENDING_STATUTE",
    ]  # fmt: skip
    says: Says
    cites: tuple[str, ...]
    confidence: Confidence
    financial_instrument: bool | None = None
    pledgeable: bool | None = None
    jurisdiction: str = ""


class Path(Row, frozen=True, kw_only=True):
    """A unit that enters only as another one: burn `source`, issue `target`, one for one. `uses`:
    the limits are used up by this exchange, not by the surrender that follows."""

    source: str
    target: str
    cites: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    uses: bool = False

    def stands(self, day: date) -> bool:
        """Whether it does on a day, such as the first of a period; both ends count."""
        return (self.since or day) <= day <= (self.until or day)


class System(Row, frozen=True, kw_only=True):
    """A compliance system with all its periods, in-force and past. `allowances`: the unit types
    that its cap issues. `exchange_for`: it takes units only in exchange for allowances of that
    system."""

    code: str
    names: Says
    jurisdiction: str
    kind: Kind
    zone: str
    periods: tuple[Years, ...]
    citations: dict[str, Citation]
    clauses: dict[str, Clause]
    limits: dict[str, Limit] = {}
    paths: tuple[Path, ...] = ()
    bases: dict[str, Base] = {}
    allowances: tuple[str, ...] = ()
    obligation: Obligation | None = None
    penalties: tuple[Penalty, ...] = ()
    removals: Removals | None = None
    exchange_for: str = ""
    natures: tuple[Nature, ...] = ()


class Everywhere(Row, frozen=True, kw_only=True):
    """What every system asks, what is known against some units, and the facts that a unit's type
    alone settles."""

    clauses: dict[str, Clause] = {}
    citations: dict[str, Citation] = {}
    controversies: dict[str, Controversy] = {}
    unit_facts: dict[str, dict[str, str]] = {}


class Lawbook(Row, frozen=True, kw_only=True):
    """All systems by code, and the digest of exactly this law."""

    systems: dict[str, System] = {}
    everywhere: Everywhere = Everywhere()
    digest: str = ""


class Period(Row, frozen=True):
    """One compliance period of a system, and the days on which one may surrender for it."""

    code: str
    first: date
    last: date
    opens: date
    closes: date
    cites: tuple[str, ...]
    confidence: Confidence


LAST_YEAR = 9998  # the calendar ends with 9999, in which its units would be surrendered


def periods(system: System, around: date) -> Iterator[Period]:
    """The system's periods in order; one without a last year is told up to ten years past
    `around`, so that a mistyped year still meets its end."""
    for row in system.periods:
        last = row.last or max(row.first, min(around.year + 10, LAST_YEAR))
        spans = [(row.first, last)] if row.code else [(y, y) for y in range(row.first, last + 1)]
        for begins, ends in spans:
            opening = {"within": begins, "first": begins + 1, "last": ends + 1}[row.opening]
            yield Period(
                row.code or str(begins), date(begins, 1, 1), date(ends, 12, 31),
                _day_in(opening, row.opens), _day_in(ends + row.after, row.closes),
                row.cites, row.confidence,
            )  # fmt: skip


def _day_in(year: int, text: str) -> date:
    """MM-DD in that year, or a whole day as it stands."""
    return date.fromisoformat(text if len(text) > 5 else f"{year}-{text}")


def called(period: Period, name: str) -> bool:
    """Whether `name` means this period: its code, or a year that lies in it."""
    within = name.isdigit() and len(name) == 4
    return period.code == name or (within and period.first.year <= int(name) <= period.last.year)


def in_force(versions: Sequence[Version], day: date) -> Version | None:
    """The version that is law on `day`: the last that began and has not ended."""
    law = [v for v in versions if not v.expected and v.since <= day]
    newest = law[-1] if law else None
    return None if newest and newest.until and newest.until < day else newest


def questions(system: System) -> dict[str, int]:
    """The open questions of a system's law, and how many readings each has."""
    rows = [c.versions for c in system.clauses.values()]
    for limit in system.limits.values():
        rows += [limit.shares, limit.carries, *(weight.versions for weight in limit.weighs)]
    rows += [term.shares for base in system.bases.values() for term in base.terms]
    return {v.open: len(v.readings) for versions in rows for v in versions if v.open}


def announced(versions: Sequence[Version]) -> Iterator[Version]:
    """Versions that were announced and are not law."""
    return (version for version in versions if version.expected)


def ends(versions: Sequence[Version], version: Version) -> date | None:
    """The last day of a version: its own, or the day before the next one; None without end."""
    if version.until:
        return version.until
    later = [v.since for v in versions if v.since > version.since and not v.expected]
    return date.fromordinal(min(later).toordinal() - 1) if later else None


def sealed(book: Lawbook) -> Lawbook:
    """`book` with its digest: SHA-256 (hex) of `canonical(book)`."""
    return msgspec.structs.replace(book, digest=hashlib.sha256(canonical(book)).hexdigest())


def canonical(book: Lawbook) -> bytes:
    """The law without its digest as JSON: in the law's own order, sets sorted, no spaces, UTF-8."""
    bare = msgspec.structs.replace(book, digest="")
    return msgspec.json.encode(_steady(msgspec.to_builtins(bare)))


def _steady(data: Any) -> Any:
    """Plain data whose sets of words (a verb's value) stand in one order always."""
    if isinstance(data, dict):
        words = data.get("type") == "leaf" and isinstance(data.get("value"), list)
        kept = {key: _steady(value) for key, value in data.items()}
        return kept | {"value": sorted(data["value"])} if words else kept
    return [_steady(value) for value in data] if isinstance(data, list | tuple) else data


def lawbook_from_json(data: bytes) -> Lawbook:
    """The law in `data`, its canonical form with any spacing. Raises `msgspec.ValidationError`
    naming the path."""
    digest = hashlib.sha256(msgspec.json.format(data, indent=-1)).hexdigest()
    return msgspec.structs.replace(msgspec.json.decode(data, type=Lawbook), digest=digest)
