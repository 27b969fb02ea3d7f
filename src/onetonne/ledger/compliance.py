"""The rows of compliance systems: who owes, under which figures, what was used and what is due.

A period is a code of the system's law; days are ISO text where they are part of a key.
"""

from datetime import date

import msgspec


class Operator(msgspec.Struct, frozen=True, gc=False):
    """An entity that owes under a system, and the account that it surrenders from."""

    operator: str
    system: str
    account: int
    facts: dict[str, str]
    registered: int
    changed: int


class Member(msgspec.Struct, frozen=True, gc=False):
    """From `since` on an operator belongs to `into`; to nobody where that is empty."""

    system: str
    operator: str
    since: str
    into: str
    kind: str
    entry: int


class Cap(msgspec.Struct, frozen=True, gc=False):
    """A period's cap, and how many of its allowances were issued; `entry` 0: none was set."""

    system: str
    period: str
    tonnes: int
    issued: int
    entry: int


class Allocation(msgspec.Struct, frozen=True, gc=False):
    """Allowances that an operator was given for a period, by kind."""

    operator: str
    system: str
    period: str
    kind: str
    tonnes: int
    entry: int


class Figure(msgspec.Struct, frozen=True, gc=False):
    """A figure of an operator and the decision that last set it."""

    operator: str
    system: str
    period: str
    figure: str
    tonnes: int
    document: str
    entry: int


class Used(msgspec.Struct, frozen=True, gc=False):
    """Tonnes of one lot that an operator used for a period, less what came back; of them `late`
    were surrendered after the last day."""

    operator: str
    system: str
    period: str
    lot: int
    tonnes: int
    entry: int
    late: int = 0


class SystemUse(msgspec.Struct, frozen=True, gc=False):
    """Tonnes of one unit type that all operators together used for a period of a system."""

    system: str
    period: str
    unit: str
    tonnes: int
    entry: int


class Paid(msgspec.Struct, frozen=True, gc=False):
    """Money that an authority noted as paid for a period, or (below zero) taken back: exact decimal
    text; the `place`-th such record of its entry."""

    operator: str
    system: str
    period: str
    entry: int
    place: int
    kind: str
    amount: str
    currency: str
    paid: date
    document: str = ""


class Recognition(msgspec.Struct, frozen=True, gc=False):
    """A block that an authority approved for a system, by entry `recognition`."""

    recognition: int
    lot: int
    first: int
    next: int
    system: str
    statement: str
    conditions: str
    effect: str
    until: date | None
    withdrawn: int = 0
    reason: str = ""


class Duty(msgspec.Struct, frozen=True, gc=False):
    """What must follow a surrender by a day; the `place`-th that arose in entry `duty`. Its
    `outcome` is open (empty), met, replaced or overdue."""

    duty: int
    place: int
    clause: str
    system: str
    operator: str
    period: str
    blocks: tuple[tuple[int, int, int], ...]
    due: date
    outcome: str = ""
    entry: int = 0
    evidence: str = ""

    @property
    def tonnes(self) -> int:
        return sum(next_ - first for _, first, next_ in self.blocks)
