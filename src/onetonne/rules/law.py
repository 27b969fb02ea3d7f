"""What law looks like as data: systems, their dated clauses, limits and periods.

A clause or a share is a row of versions; each version is dated on the axis that its clause names
and cites its source. A version with several readings is open: what all readings agree on is
certain, the rest is not. Files are read in `store`; here they are frozen structs and a digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import msgspec

Axis = Literal["period", "day", "fact"]
"""What dates a clause: the compliance period's first day, the day of the act in the system's
zone, or a fact of the unit that is a day."""

Confidence = Literal["high", "medium", "low"]
Kind = Literal[
    "ets", "carbon_tax", "carbon_fee", "baseline_and_credit", "sectoral_offsetting", "target"
]


class Says(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One sentence in both languages: English and Traditional Chinese (Taiwan usage)."""

    en: str
    zh: str


class Citation(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Where a rule stands: the instrument, the place in it, and an address if there is one."""

    instrument: str
    provision: str
    url: str = ""


class Share(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag="share"):
    """A share as an exact fraction: 5% is 1/20."""

    n: int
    d: int

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.n, self.d)

    def __str__(self) -> str:
        return f"{(Decimal(self.n * 100) / Decimal(self.d)).normalize():f}%"


class Entered(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Since when a register has an entry: certainly from `by` on, certainly not before `after`."""

    by: date
    after: date | None = None


class Register(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag="register"):
    """A dated list, such as agreements by Party."""

    rows: dict[str, Entered]


Value = date | int | frozenset[str] | Share | Register | None


class Leaf(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag="leaf"):
    """One verb over at most four facts and a value."""

    verb: str
    of: tuple[str, ...]
    value: Value = None


class AllOf(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag="all"):
    of: tuple[Test, ...]


class AnyOf(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag="any"):
    of: tuple[Test, ...]


class Not(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag="not"):
    of: Test


class Unless(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag="unless"):
    """`of` must hold, unless `exception` does."""

    exception: Test
    of: Test


Test = Leaf | AllOf | AnyOf | Not | Unless
Reading = Leaf | AllOf | AnyOf | Not | Unless | Share | None


class Version(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """What holds from `since` to `until` (both in it; None: until the next, or without end).

    One reading is settled law, None as that reading repeals. Several readings are open, as is none
    at all; `open` names the question, and a policy may pick one reading. `expected` is announced
    and not yet law.
    """

    since: date
    readings: tuple[Reading, ...]
    cites: tuple[str, ...]
    confidence: Confidence
    until: date | None = None
    open: str = ""
    expected: bool = False

    def chosen(self, policy: dict[str, int]) -> tuple[Reading, ...]:
        """The readings to try. Low confidence adds the reading that there is no such rule."""
        if 1 <= policy.get(self.open, 0) <= len(self.readings):
            return (self.readings[policy[self.open] - 1],)
        return (*self.readings, None) if self.confidence == "low" else self.readings


class Clause(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """One rule of one system. `when`: to which units it speaks. `effect`: a gate refuses, a
    warning is told where its test holds and never changes a verdict."""

    code: str
    says: Says
    versions: tuple[Version, ...]
    axis: Axis = "period"
    dated_by: str = ""
    when: Test | None = None
    effect: Literal["gate", "warning"] = "gate"


class Limit(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """At most a share of a base (`base`), or of another limit (`part_of`), in whole tonnes rounded
    down, over the lots for which `counts` holds. `carries`: which share of the room that the period
    before left unused is added."""

    code: str
    says: Says
    counts: Test
    shares: tuple[Version, ...]
    base: str = ""
    part_of: str = ""
    carries: tuple[Version, ...] = ()


class Years(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Compliance periods: each year of first..last is one, or all are one named `code`. They are
    open for surrender between two days (MM-DD, both in it) of the year after their last."""

    first: int
    last: int | None = None
    code: str = ""
    opens: str
    closes: str
    cites: tuple[str, ...]
    confidence: Confidence


class Path(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """A unit that enters only as another one: burn `source`, issue `target`, one for one."""

    source: str
    target: str
    cites: tuple[str, ...]
    since: date | None = None
    until: date | None = None


class System(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """A compliance system with all its periods, in-force and past."""

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


class Everywhere(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """What every system asks, and the facts that a unit's type alone settles."""

    clauses: dict[str, Clause] = {}
    citations: dict[str, Citation] = {}
    unit_facts: dict[str, dict[str, str]] = {}


class Lawbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All systems by code, and the digest of exactly this law."""

    systems: dict[str, System] = {}
    everywhere: Everywhere = Everywhere()
    digest: str = ""


class Period(msgspec.Struct, frozen=True, gc=False):
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
            after = ends + 1
            yield Period(
                row.code or str(begins), date(begins, 1, 1), date(ends, 12, 31),
                date.fromisoformat(f"{after}-{row.opens}"),
                date.fromisoformat(f"{after}-{row.closes}"), row.cites, row.confidence,
            )  # fmt: skip


def in_force(versions: Sequence[Version], day: date) -> Version | None:
    """The version that is law on `day`: the last that began and has not ended."""
    law = [v for v in versions if not v.expected and v.since <= day]
    newest = law[-1] if law else None
    return None if newest and newest.until and newest.until < day else newest


def questions(system: System) -> dict[str, int]:
    """The open questions of a system's law, and how many readings each has."""
    rows = [c.versions for c in system.clauses.values()]
    rows += [v for limit in system.limits.values() for v in (limit.shares, limit.carries)]
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
    """The law in `data`, sealed anew. Raises `msgspec.ValidationError` naming the path."""
    return sealed(msgspec.json.decode(data, type=Lawbook))
