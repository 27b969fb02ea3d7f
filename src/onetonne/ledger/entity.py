"""One entity before the law: the operators that count as one on a day, their figures and uses.

A pool adds its members up; a merger goes on in the operator that took the others over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import structs

from onetonne.ledger.compliance import Duty, Figure, Operator, Used
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.unit_facts import typed
from onetonne.rules.facts import Facts
from onetonne.rules.figures import figure
from onetonne.rules.law import Period, Share, System, called, in_force
from onetonne.rules.verdict import Book

KINDS = ("pool", "merger")
"""How operators are taken together; only a merger takes over what the others owe."""

Bases = dict[str, dict[str, int]]
"""Figure -> period -> tonnes."""


def operator_of(state: State, system: str, operator: str) -> Operator:
    """The registered operator. Refuses one that the system does not know."""
    row = state.operators.get((operator, system))
    if row is None:
        raise Refused("not_an_operator", operator=operator, system=system)
    return row


def companions(
    state: State, system: str, operator: str, day: date, kinds: tuple[str, ...] = KINDS
) -> tuple[str, ...]:
    """All operators that count as one with this one on that day, itself among them, in order."""
    if not state.members:
        return (operator,)
    links = _links(state, system, day, kinds)
    found, wanted = {operator}, [operator]
    while wanted:
        for other in links.get(wanted.pop(), set()) - found:
            found.add(other)
            wanted.append(other)
    known = {who for who in found if (who, system) in state.operators}
    return tuple(sorted(known | {operator}))


def _links(state: State, system: str, day: date, kinds: tuple[str, ...]) -> dict[str, set[str]]:
    """Who belongs to whom on a day, both ways: by the last word of each kind, so that a pool
    leaves a merger as it was; who was told to stand alone since belongs to nobody."""
    last: dict[tuple[str, str], tuple[str, int, str]] = {}
    alone: dict[str, tuple[str, int]] = {}
    for (where, who, since, kind), row in state.members.items():
        if where != system or since > day.isoformat():
            continue
        if not row.into:
            alone[who] = max(alone.get(who, ("", 0)), (since, row.entry))
        elif kind in kinds:
            last[who, kind] = max(last.get((who, kind), ("", 0, "")), (since, row.entry, row.into))
    links: dict[str, set[str]] = {}
    for (who, _), (since, entry, into) in last.items():
        if (since, entry) >= alone.get(who, ("", 0)):
            links.setdefault(who, set()).add(into)
            links.setdefault(into, set()).add(who)
    return links


def figures_of(state: State, system: str, operators: tuple[str, ...]) -> list[Figure]:
    """Every figure of these operators."""
    told = state.of["figures"]
    return [row for who in operators for row in told.get((who, system), {}).values()]


def bases_of(state: State, figures: list[Figure], system: System, period: Period) -> Bases:
    """Figures added up, by name and period; what each operator owes is told or worked out for it
    alone, so that a pool's obligation is the sum of theirs."""
    own: dict[str, Bases] = {}
    for row in figures:
        own.setdefault(row.operator, {}).setdefault(row.figure, {})[row.period] = row.tonnes
    bases: Bases = {"obligation": {}}
    for who, each in own.items():
        operator = state.operators.get((who, system.exchange_for or system.code))
        facts = typed(dict(operator.facts)) if operator is not None else {}
        add_obligation(system, period, each, facts)
        for name, told in each.items():
            of = bases.setdefault(name, {})
            for code, tonnes in told.items():
                of[code] = of.get(code, 0) + tonnes
    return bases


def by_lot(pieces: Iterable[tuple[int, int, int]]) -> tuple[tuple[int, int], ...]:
    """Tonnes by lot, in order of the lots."""
    found: dict[int, int] = {}
    for lot, first, next_ in pieces:
        found[lot] = found.get(lot, 0) + next_ - first
    return tuple(sorted(found.items()))


def add_obligation(system: System, period: Period, bases: Bases, facts: Facts) -> None:
    """What is owed, where no decision says it: the law's share of a figure, else (where the law
    does not say of what) of the verified emissions themselves; year by year in a longer period
    whose figures are told so, because limits may be shares of each year's."""
    told = bases.setdefault("obligation", {})
    if period.code in told or any(called(period, name) for name in told):
        return
    name = system.obligation.base if system.obligation else "verified_emissions"
    years = [str(year) for year in range(period.first.year, period.last.year + 1)]
    given = bases.get(name, {})
    spans = [period]
    if len(years) > 1 and period.code not in given:
        spans = [
            structs.replace(period, code=year, first=date(int(year), 1, 1),
                            last=date(int(year), 12, 31))
            for year in years
            if year in given
        ]  # fmt: skip
    for span in spans or [period]:
        owed = derived_obligation(system, span, bases, facts)
        if owed is not None:
            told[span.code] = owed


def owed_in(system: System, period: Period, bases: Bases) -> int | None:
    """What is owed for a period, told for it or for each of its years; None while not known."""
    low, high = figure(system, Book(bases), {}, "obligation", period, {})
    return int(low) if high is not None and low == high else None


def derived_obligation(system: System, period: Period, bases: Bases, facts: Facts) -> int | None:
    """The obligation of a period in whole tonnes, rounded up; None while its figure is unknown."""
    law = system.obligation
    name = law.base if law else "verified_emissions"
    whole = figure(system, Book(bases), facts, name, period, {})
    if whole[1] is None or whole[0] != whole[1]:
        return None
    version = in_force(law.shares, period.first) if law else None
    if law is not None and (version is None or len(version.readings) != 1):
        return None
    share = version.readings[0] if version else None
    owed = whole[0] * (share.fraction if isinstance(share, Share) else 1)
    return -int(-owed // 1)


NOT_COUNTED = ("overdue", "replaced")
"""Outcomes of a duty under which tonnes no longer count for a status."""


def lost(duties: Iterable[Duty], system: str, period: str) -> tuple[tuple[int, int], ...]:
    """Units under duties that were not met, by lot, each once."""
    return by_lot({
        block
        for row in duties
        if row.outcome in NOT_COUNTED and (row.system, row.period) == (system, period)
        for block in row.blocks
    })  # fmt: skip


def not_counted(
    state: State, system: str, operators: tuple[str, ...], replaces: int
) -> list[tuple[str, str, int, int]]:
    """Uses (operator, period, lot, tonnes) under duties that were not met, or that are being made
    good by replacing the units of an entry; each block once."""
    blocks = {
        (row.operator, row.period, block)
        for row in state.duties.values()
        if row.system == system
        and row.operator in operators
        and (row.outcome in NOT_COUNTED or (row.duty == replaces and not row.outcome))
        for block in row.blocks
    }
    return [(who, period, lot, b - a) for who, period, (lot, a, b) in sorted(blocks)]


def uses_of(state: State, system: str, operators: tuple[str, ...]) -> list[Used]:
    """What these operators used of each lot, in any period."""
    used = state.of["used"]
    rows = [row for who in operators for row in used.get((who, system), {}).values()]
    return [row for row in rows if row.tonnes > 0]
