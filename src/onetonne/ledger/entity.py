"""One entity before the law: the operators that count as one on a day, their figures and uses.

A pool adds its members up; a merger goes on in the operator that took the others over.
"""

from __future__ import annotations

from datetime import date

from onetonne.ledger.compliance import Figure, Operator, Used
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

Bases = dict[str, dict[str, int]]
"""Figure -> period -> tonnes."""


def operator_of(state: State, system: str, operator: str) -> Operator:
    """The registered operator. Refuses one that the system does not know."""
    row = state.operators.get((system, operator))
    if row is None:
        raise Refused("not_an_operator", operator=operator, system=system)
    return row


def companions(state: State, system: str, operator: str, day: date) -> tuple[str, ...]:
    """All operators that count as one with this one on that day, itself among them, in order."""
    today = day.isoformat()
    into: dict[str, tuple[str, str]] = {}
    for (where, who, since), row in state.members.items():
        if where == system and since <= today and since >= into.get(who, ("",))[0]:
            into[who] = (since, row.into)
    if not into:
        return (operator,)
    home = _home(operator, into)
    known = {operator, *into, *[target for _, target in into.values()]}
    mine = {who for who in known if _home(who, into) == home}
    return tuple(sorted(who for who in mine if who == operator or (system, who) in state.operators))


def _home(operator: str, into: dict[str, tuple[str, str]]) -> str:
    """Where the chain of memberships ends; a ring ends at its least name."""
    seen = [operator]
    while (target := into.get(seen[-1], ("", ""))[1]) and target not in seen:
        seen.append(target)
    return min(seen[seen.index(target) :]) if target else seen[-1]


def figures_of(state: State, system: str, operators: tuple[str, ...]) -> list[Figure]:
    """Every figure of these operators."""
    told = state.of["figures"]
    return [row for who in operators for row in told.get((system, who), {}).values()]


def bases_of(figures: list[Figure]) -> Bases:
    """Figures added up, by name and period."""
    bases: Bases = {}
    for row in figures:
        of = bases.setdefault(row.figure, {})
        of[row.period] = of.get(row.period, 0) + row.tonnes
    return bases


def uses_of(state: State, system: str, operators: tuple[str, ...]) -> list[Used]:
    """What these operators used of each lot, in any period."""
    used = state.of["used"]
    rows = [row for who in operators for row in used.get((system, who), {}).values()]
    return [row for row in rows if row.tonnes > 0]
