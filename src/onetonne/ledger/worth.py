"""What units stand for before a system: a tonne each, unless a limit of its law weighs them
otherwise; and the tonnes that count for a period, by which status and return both go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from onetonne.ledger.compliance import Operator, Used
from onetonne.ledger.items import Context
from onetonne.ledger.kinds import used_kind
from onetonne.ledger.room import limits_at
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, hub_of
from onetonne.ledger.unit_facts import typed
from onetonne.rules import limits
from onetonne.rules.verbs import Held

ByLot = Iterable[tuple[int, int]]
"""Units by lot."""
Worth = Mapping[int, Fraction]
"""Tonnes that one unit of a lot stands for, where that is not one."""


def worth(
    state: State, ctx: Context, at: At, operator: Operator, lots: Iterable[int]
) -> dict[int, Fraction]:
    """Tonnes that one unit of each of these lots deducts, where that is not one; of a weight that
    law, or a label on a part of the lot, leaves open the least."""
    if not any(limit.weighs for limit in at.system.limits.values()):
        return {}
    hub = hub_of(ctx)
    asked = limits_at(state, ctx, hub, at, operator, typed(dict(operator.facts)))
    weighed = [limit for limit, _ in limits.standing(asked) if limit.weighs]
    own = tuple(sorted(operator.facts.items()))
    found: dict[int, Fraction] = {}
    for lot in lots if weighed else ():
        kind, unsure = used_kind(state, ctx, hub, lot, own)
        facts = asked.told(kind.facts)
        told = {name: fact for name, fact in facts.items() if name not in unsure}
        for limit in weighed:
            if limits.counts(asked.system, limit, told) is Held.HOLDS:
                found[lot] = Fraction(limits.weight(asked, limit, told)[0])
    return found


def weigh(rows: ByLot, each: Worth) -> Fraction:
    """The tonnes that units stand for."""
    return sum((n * each.get(lot, Fraction(1)) for lot, n in rows), Fraction(0))


def counted(used: Iterable[Used], gone: ByLot, each: Worth) -> Fraction:
    """The tonnes that count: of all that was used for a period, less what stands under duties that
    were not met."""
    return weigh(((row.lot, row.tonnes) for row in used), each) - weigh(gone, each)
