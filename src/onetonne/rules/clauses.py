"""What a law file says, as frozen structs: sentences, citations, tests, dated versions, clauses.

A clause or a share is a row of versions; each version is dated on the axis that its clause names
and cites its source. A version with several readings is open: what all readings agree on is
certain, the rest is not.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import msgspec

Axis = Literal["period", "day", "fact"]
"""What dates a clause: the compliance period's first day, the day of the act in the system's
zone, or a fact of the unit that is a day."""

Confidence = Literal["high", "medium", "low"]


class Row(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """What every row of law is: frozen, strict about its keys, short in its compiled form."""


class Says(Row, frozen=True):
    """One sentence in both languages: English and Traditional Chinese (Taiwan usage)."""

    en: str
    zh: str


class Citation(Row, frozen=True):
    """Where a rule stands: the instrument, the place in it, and an address if there is one."""

    instrument: str
    provision: str
    url: str = ""


class Share(Row, frozen=True, tag="share"):
    """A share as an exact fraction: 5% is 1/20. `plain`: written without a percent sign, as 15."""

    n: int
    d: int
    plain: bool = False

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.n, self.d)

    def __str__(self) -> str:
        if self.plain:
            return f"{(Decimal(self.n) / Decimal(self.d)).normalize():f}"
        return f"{(Decimal(self.n * 100) / Decimal(self.d)).normalize():f}%"


class Entered(Row, frozen=True):
    """Since when a register has an entry: certainly from `by` on, certainly not before `after`."""

    by: date
    after: date | None = None


class Register(Row, frozen=True, tag="register"):
    """A dated list, such as agreements by Party."""

    rows: dict[str, Entered]


class Tonnes(Row, frozen=True, tag="tonnes"):
    """An amount that is no share of anything, in whole tonnes."""

    tonnes: int

    def __str__(self) -> str:
        return f"{self.tonnes:,} t"


Value = date | int | frozenset[str] | Share | Register | None


class Leaf(Row, frozen=True, tag="leaf"):
    """One verb over at most four facts and a value."""

    verb: str
    of: tuple[str, ...]
    value: Value = None


class AllOf(Row, frozen=True, tag="all"):
    of: tuple[Test, ...]


class AnyOf(Row, frozen=True, tag="any"):
    of: tuple[Test, ...]


class Not(Row, frozen=True, tag="not"):
    of: Test


class Unless(Row, frozen=True, tag="unless"):
    """`of` must hold, unless `exception` does."""

    exception: Test
    of: Test


Test = Leaf | AllOf | AnyOf | Not | Unless
Reading = Leaf | AllOf | AnyOf | Not | Unless | Share | Tonnes | None


class Version(Row, frozen=True, kw_only=True):
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


class Controversy(Row, frozen=True, kw_only=True):
    """A finding about some units: who found it, on which day, of which kind, and how many times too
    much was credited, if that was found. It is told of every unit for which `when` holds from that
    day on, and refuses none by itself."""

    code: str
    says: Says
    by: str
    on: date
    kind: str
    when: Test
    cites: tuple[str, ...]
    confidence: Confidence
    times: Share | None = None


class Due(Row, frozen=True, kw_only=True):
    """By when a duty is to be met: on a day, or so many days after the act."""

    on: date | None = None
    days: int = 0

    def day(self, act: date) -> date:
        """The last day for what was done on `act`."""
        return self.on or act + timedelta(self.days)


class Clause(Row, frozen=True, kw_only=True):
    """One rule of one system. `when`: to which units it speaks. `effect`: a gate refuses, a
    warning is told where its test holds and never changes a verdict, a duty accepts a unit for
    which its test does not hold yet and demands that it does by `due`."""

    code: str
    says: Says
    versions: tuple[Version, ...]
    axis: Axis = "period"
    dated_by: str = ""
    when: Test | None = None
    effect: Literal["gate", "warning", "duty"] = "gate"
    due: Due | None = None
