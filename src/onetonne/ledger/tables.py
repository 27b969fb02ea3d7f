"""The rows of the state tables, one struct per table; holdings are in `lanes`.

Numbers that end an entry's life (`closed`, `lifted`) are its sequence, 0 while it lives.
"""

from datetime import date

import msgspec


class Person(msgspec.Struct, frozen=True, gc=False):
    person: int
    name: str
    roles: tuple[str, ...]
    active: bool = True


class Account(msgspec.Struct, frozen=True, gc=False):
    account: int
    kind: str
    party: str
    holder: str
    agents: tuple[int, ...]
    two_people: bool
    sink: str
    opened: int
    closed: int = 0


class Project(msgspec.Struct, frozen=True, gc=False):
    project: str
    party: str
    name: str
    mechanism: str
    methodology: str
    activity: str
    registered: int
    kind: str = "project"


class Lot(msgspec.Struct, frozen=True, gc=False):
    """Serials issued together; `first_number` is printed digits, as many as its registry has."""

    lot: int
    unit: str
    size: int
    first_number: str
    project: str
    vintage: int
    host: str
    activity: str
    commitment_period: int
    facts: dict[str, str]
    origin: str
    foreign_key: str
    foreign_first: str
    foreign_last: str
    issued: int

    @property
    def code(self) -> str:
        return lot_code(self.unit, self.vintage, self.lot)


def lot_code(unit: str, vintage: int, lot: int) -> str:
    """A lot's printed name, e.g. TCER-2025-17; `x` where it has no vintage."""
    return f"{unit}-{vintage or 'x'}-{lot}"


class LockRow(msgspec.Struct, frozen=True, gc=False):
    lock: int
    kind: str
    blocks: tuple[tuple[int, int, int], ...]
    set_by: int
    lift_by: int
    until: date | None
    reason: str
    set: int
    lifted: int = 0


class Proposal(msgspec.Struct, frozen=True, gc=False):
    proposal: int
    acts: str
    by: int
    lock: int
    until: date | None
    proposed: int
    outcome: str = ""


class LabelRow(msgspec.Struct, frozen=True, gc=False):
    lot: int
    kind: str
    first: int
    next: int
    value: str
    labelled: int


class Observation(msgspec.Struct, frozen=True, gc=False):
    observation: int
    register: str
    digest: str
    root: str
    rows: int
    day: date
