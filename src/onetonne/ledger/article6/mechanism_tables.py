"""The rows that a crediting mechanism adds to the state."""

from datetime import date

import msgspec


class Activity(msgspec.Struct, frozen=True, gc=False):
    """A project that a mechanism credits. `until` is the last day that its host allows; `carries`
    what each levy carries on; `owed` units of avoidable reversals that are not made good."""

    activity: str
    mechanism: str
    unit: str
    state: str
    crediting: str
    participants: tuple[int, ...]
    risk: str
    transition: date | None
    first: date | None
    last: date | None
    until: date | None
    renewals: int
    sop_exempt: bool
    carries: dict[str, str]
    owed: int
    changed: int


class Verification(msgspec.Struct, frozen=True, gc=False):
    """What was verified for days of one year, known by its entry, and how much of it was issued."""

    verification: int
    activity: str
    first: date
    last: date
    quantity: int
    issued: int
    digest: str


class Levies(msgspec.Struct, frozen=True, gc=False):
    """What a lot was levied: its lowest serials are for adaptation, then overall mitigation, then
    the buffer."""

    lot: int
    activity: str
    sop: int
    omge: int
    buffer: int
    day: date
    entry: int


class Boundary(msgspec.Struct, frozen=True, gc=False):
    """What a project declared: its keys, and its routes with their first days, oldest first."""

    project: str
    keys: tuple[str, ...]
    routes: tuple[tuple[str, str], ...]
    declared: int


class Claim(msgspec.Struct, frozen=True, gc=False):
    key: str
    lot: int
    project: str
    first: date
    last: date
    entry: int


class Reversal(msgspec.Struct, frozen=True, gc=False):
    """A reversal, known by its entry; `remedied` units were cancelled for it so far."""

    reversal: int
    activity: str
    kind: str
    quantity: int
    remedied: int
    pool: int
    day: date
