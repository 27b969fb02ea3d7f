"""The answer: may it enter, how many, and for each clause what was required and what was found.

A verdict is data for programs and people alike; `explain` puts it into sentences. Quantities are
whole units of what was asked about.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

import msgspec

from onetonne.rules.facts import Known
from onetonne.rules.law import Citation, Confidence, Says
from onetonne.rules.verbs import Held

Result = Literal["ELIGIBLE", "ELIGIBLE_UP_TO", "NOT_ELIGIBLE", "INDETERMINATE"]


class Used(msgspec.Struct, frozen=True, gc=False):
    """Tonnes used before in a period by the same entity. `facts` None: of any kind, so they count
    against every limit. `weighed`: told in a limit's own measure. `system`: where it was not the
    one that is asked about. `unsure`: facts that differ from unit to unit, so that of these nobody
    can say which."""

    period: str
    tonnes: int | Fraction
    facts: dict[str, Known] | None = None
    weighed: bool = False
    system: str = ""
    unsure: frozenset[str] = frozenset()


class Book(msgspec.Struct, frozen=True, gc=False):
    """An entity's side of the limits: bases (name -> period or year -> tonnes; without a name it is
    of whichever is asked about), what it has used (None: not known), what all entities of the
    system have (None: not known), and rooms that somebody else has worked out (limit -> tonnes)."""

    bases: dict[str, dict[str, int]] = {}
    used: tuple[Used, ...] | None = None
    rooms: dict[str, int] = {}
    all_used: tuple[Used, ...] | None = None


class Part(msgspec.Struct, frozen=True, gc=False):
    """One kind of unit in a basket: its facts (the entity's own among them), and how many."""

    facts: dict[str, Known]
    quantity: int


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One question: these facts, this system, this day (in the system's zone), this many.

    `period` None: every period open that day. `book` None: only the gates are asked. `policy`
    picks a reading (from 1) of an open question. `strict`: nothing is presumed.
    """

    system: str
    day: date
    facts: dict[str, Known]
    quantity: int = 1
    period: str | None = None
    book: Book | None = None
    policy: dict[str, int] = {}
    strict: bool = False


class Cure(msgspec.Struct, frozen=True, gc=False):
    """What would make a clause hold, tested by judging again. `fact`: these facts change;
    `period`: surrender for another; `conversion`: into another unit; `none`: nothing can."""

    kind: Literal["fact", "period", "conversion", "none"]
    says: Says
    facts: dict[str, Known] = {}
    period: str = ""


class Finding(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one clause says of this unit. `since` and `until`: when the clause says so; `open`: the
    question that its readings leave open; `assumed`: facts that were presumed."""

    clause: str
    says: Says
    held: Held
    required: Says
    found: dict[str, str]
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    open: str = ""
    confidence: Confidence = "high"
    cites: tuple[Citation, ...] = ()
    cures: tuple[Cure, ...] = ()


class Duty(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What must follow after a unit was taken provisionally, and by when."""

    clause: str
    says: Says
    required: Says
    due: date
    cites: tuple[Citation, ...] = ()


class Room(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a limit leaves for such a unit: certainly `certain`, at best `possible` (None: without
    end). `provisional`: a share of what is used, which later use of others can still move."""

    limit: str
    says: Says
    share: str
    certain: int
    possible: int | None
    applies: Held = Held.HOLDS
    provisional: bool = False
    open: tuple[str, ...] = ()
    cites: tuple[Citation, ...] = ()


class Over(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A limit that a basket exceeds: tonnes asked of it (None: not known), and the room left."""

    limit: str
    says: Says
    asked: int | None
    room: int
    provisional: bool = False
    open: str = ""
    cites: tuple[Citation, ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one system and period. `quantity`: how many are eligible under every reading.
    `reasons`: codes of what stood in the way; `rooms` is empty where only the gates were asked."""

    system: str
    period: str
    day: date
    result: Result
    quantity: int
    requested: int
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]
    rooms: tuple[Room, ...] = ()
    warnings: tuple[Says, ...] = ()
    duties: tuple[Duty, ...] = ()
    law: str = ""

    @property
    def failed(self) -> tuple[str, ...]:
        """Clauses that fail, in the law's order."""
        return tuple(f.clause for f in self.findings if f.held is Held.FAILS)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Clauses that cannot be settled."""
        return tuple(f.clause for f in self.findings if f.held is Held.UNKNOWN)
