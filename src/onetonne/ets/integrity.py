"""The cap-integrity statement: how many allowances a period's cap permits and has issued, which
credits came in beside them, and so how much may be emitted in all.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from onetonne.ledger.compliance import Allocation, Cap, Used
from onetonne.ledger.tables import Lot
from onetonne.rules.law import System


class Integrity(msgspec.Struct, frozen=True, kw_only=True):
    """One period of a system. `cap` None: none was set. `effective`: cap plus credits used;
    `linked`: allowances of linked systems that were surrendered, which another cap issued;
    `beyond`: allowances issued above the cap, which is 0 unless it was lowered later."""

    system: str
    period: str
    cap: int | None
    issued: int
    left: int | None
    allocated: dict[str, int]
    surrendered: dict[str, int]
    linked: dict[str, int]
    credits: dict[str, int]
    credits_used: int
    effective: int | None
    beyond: int


def statement(
    system: System,
    period: str,
    cap: Cap | None,
    allocations: Iterable[Allocation],
    used: Iterable[Used],
    lots: dict[int, Lot],
    allowances: frozenset[str],
) -> Integrity:
    """The statement of a period over all operators; `allowances` are all units that caps issue,
    of which the system's law names its own (all of them where it names none)."""
    given: dict[str, int] = {}
    for row in allocations:
        if row.period == period:
            given[row.kind] = given.get(row.kind, 0) + row.tonnes
    own: dict[str, int] = {}
    linked: dict[str, int] = {}
    credit: dict[str, int] = {}
    mine = frozenset(system.allowances) or allowances
    for use in used:
        if use.period == period and use.tonnes > 0:
            unit = lots[use.lot].unit
            side = own if unit in mine else linked if unit in allowances else credit
            side[unit] = side.get(unit, 0) + use.tonnes
    issued = cap.issued if cap else 0
    most = cap.tonnes if cap and cap.entry else None
    came_in = sum(credit.values())
    return Integrity(
        system=system.code, period=period, cap=most, issued=issued,
        left=max(0, most - issued) if most is not None else None,
        allocated=dict(sorted(given.items())), surrendered=dict(sorted(own.items())),
        linked=dict(sorted(linked.items())),
        credits=dict(sorted(credit.items())), credits_used=came_in,
        effective=most + came_in if most is not None else None,
        beyond=max(0, issued - most) if most is not None else 0,
    )  # fmt: skip
