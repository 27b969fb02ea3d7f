"""The room that limits leave an operator: its figures and uses of the day, with all who count as
one with it, asked of the law engine; an ordinary surrender is answered by sums that go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from onetonne.ledger import entity, gate_words, loads, unit_facts
from onetonne.ledger.compliance import Figure, Operator
from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context
from onetonne.ledger.kinds import Batch, Kind, kind_of, labelled, own_facts, used_kind
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, home_of
from onetonne.rules import limits
from onetonne.rules.facts import Known
from onetonne.rules.law import System
from onetonne.rules.verdict import Ask, Book, Part, Used

Told = tuple[Kind, frozenset[str]]
"""Facts of what was used, and those of them that labels on a part leave open."""


def check_limits(
    state: State,
    ctx: Context,
    hub: Hub,
    at: At,
    operator: Operator,
    batches: list[Batch],
    replaces: int,
) -> None:
    """Every limit, over all serials together: of the operator's entity, and of the whole system."""
    stand = _stand(state, hub, at, operator)
    sure = _surely_fits(state, ctx, hub, stand, batches)
    if sure and not stand.limited.wide:
        return
    parts = [Part(batch.kind.facts, batch.quantity) for batch in batches]
    if sure:  # of the entity's own limits; those over the whole system are few sums more
        own = _of_the_system(state, ctx, hub, at, operator, parts[0].facts)
    else:
        own = limits_at(state, ctx, hub, at, operator, parts[0].facts, replaces)
    over = [row for row in limits.over(own, parts) if not sure or row.limit in stand.limited.wide]
    if not over:
        return
    facts = {"system": at.system.code, "period": at.period.code, "operator": operator.operator}
    said = gate_words.exceeded(over)
    for row in over:
        limit = at.system.limits[row.limit]
        possible = row.room if limit.among is not None else limits.left(own, limit)[1]
        if row.asked is not None and possible is not None and row.asked > possible:
            raise Refused("limit_exceeded", **facts, **said)
    raise Refused("limit_not_known", **facts, **said)


def _of_the_system(
    state: State, ctx: Context, hub: Hub, at: At, operator: Operator, facts: dict[str, Known]
) -> limits.At:
    """The question of the limits over what all entities use, without the entity's own uses."""
    home = home_of(at.system)
    together = entity.companions(state, home, operator.operator, at.day)
    figures = entity.figures_of(state, home, together)
    bases = entity.bases_of(state, figures, at.system, at.period)
    book = Book(bases, (), {}, all_used(state, ctx, hub, at.system))
    ask = Ask(system=at.system.code, period=at.period.code, day=at.day, facts=facts, book=book)
    return limits.At(at.system, at.period, at.before, ask)


def all_used(state: State, ctx: Context, hub: Hub, system: System) -> tuple[Used, ...] | None:
    """What all entities of a system used, by period and unit type, of which nothing else is known;
    tonnes under a duty that was not met are still among them. None where no limit asks for it."""
    if not any(limit.scope == "system" for limit in system.limits.values()):
        return None
    return tuple(
        Used(row.period, row.tonnes,
             unit_facts.typed(unit_facts.of_unit(row.unit, ctx.law, hub.book.everywhere)))
        for (code, _, _), row in sorted(state.system_uses.items())
        if code == system.code and row.tonnes > 0
    )  # fmt: skip


class _Stand(NamedTuple):
    """Where an operator stands while nothing of its entity changes but what it uses: the limits'
    question, their rooms, and whose uses of which system count, each with that one's facts."""

    where: str
    asked: limits.At
    limited: loads.Limited
    whose: list[tuple[tuple[str, str, str], tuple[tuple[str, str], ...]]]


def _stand(state: State, hub: Hub, at: At, operator: Operator) -> _Stand:
    key = (at.key, operator.operator, state.turn)
    found: _Stand | None = state.sums.get(key)
    if found is not None:
        return found
    system, where, home = at.system, at.key, home_of(at.system)
    together = entity.companions(state, home, operator.operator, at.day)
    figures = entity.figures_of(state, home, together)
    told = tuple([(row.operator, row.figure, row.period, row.tonnes) for row in figures])
    own = own_facts(state, system, operator.operator, system.code)
    each = tuple([own_facts(state, system, who, system.code) for who in together])
    asked, stands = hub.once((where, own, each, told), lambda: _bare(state, at, figures, own))
    others = {name for limit in system.limits.values() for name in limit.with_uses}
    sources = (system.code, *sorted(others - {system.code}))
    whose = [
        ((where, who, source), own_facts(state, system, who, source))
        for source in sources
        for who in together
    ]
    made = state.sums[key] = _Stand(where, asked, stands, whose)
    return made


def _surely_fits(state: State, ctx: Context, hub: Hub, stand: _Stand, batches: list[Batch]) -> bool:
    """The quick yes of `loads`; whatever it does not answer is asked of the law engine."""
    asked = []
    for b in batches:
        key = (stand.where, b.kind.number, "")
        takes = hub.seen.get(key)
        if takes is None:
            takes = hub.seen[key] = loads.load(stand.asked, b.kind.facts)
        asked.append((takes, b.quantity))
    used = [_so_far(state, ctx, hub, stand, key, own) for key, own in stand.whose]
    return loads.fits(stand.limited, asked, used)


def _bare(
    state: State, at: At, figures: list[Figure], own: tuple[tuple[str, str], ...]
) -> tuple[limits.At, loads.Limited]:
    """The limits' question under these figures and the operator's own facts, nothing used."""
    bases = entity.bases_of(state, figures, at.system, at.period)
    ask = Ask(system=at.system.code, period=at.period.code, day=at.day,
              facts=unit_facts.typed(dict(own)), book=Book(bases, ()))  # fmt: skip
    asked_at = limits.At(at.system, at.period, at.before, ask)
    return asked_at, loads.limited(asked_at)


def _so_far(
    state: State,
    ctx: Context,
    hub: Hub,
    stand: _Stand,
    whose: tuple[str, str, str],
    own: tuple[tuple[str, str], ...],
) -> loads.Sum:
    """What an operator used of each limit, added up from where the last question left off."""
    at_turn = (whose, state.turn)
    sum_: loads.Sum | None = state.sums.get(at_turn)
    if sum_ is None:
        sum_ = state.sums[at_turn] = loads.Sum(len(stand.limited.whole))
    where, who, system = whose
    trail = state.trail.get((who, system), ())
    if sum_.seen < len(trail):
        source = "" if system == stand.asked.system.code else system
        for period, lot, tonnes in trail[sum_.seen :]:
            # What was labelled is for the law engine to ask.
            sum_.known = sum_.known and not (state.labels and labelled(state, lot))
            kind = kind_of(state, ctx, hub, lot, {}, own)
            of = (where, kind.number, source, period)
            one: loads.Load | None = hub.seen.get(of)
            if one is None:
                used = Used(period, 1, kind.facts, system=source)
                one = hub.seen[of] = loads.load(stand.asked, kind.facts, used)
            sum_.add(one, tonnes)
        sum_.seen = len(trail)
    return sum_


def _uses(
    state: State, ctx: Context, hub: Hub, at: At, together: tuple[str, ...]
) -> Iterator[tuple[Told, str, str, int]]:
    """What the entity used before: its facts, system (empty: this one), period, tonnes."""
    code = at.system.code
    others = {name for limit in at.system.limits.values() for name in limit.with_uses} - {code}
    for where in (code, *sorted(others)):
        source = "" if where == code else where
        for who in together:
            own = own_facts(state, at.system, who, where)
            for row in state.of["used"].get((who, where), {}).values():
                if row.tonnes > 0:
                    told = used_kind(state, ctx, hub, row.lot, own)
                    yield told, source, row.period, row.tonnes


def limits_at(
    state: State,
    ctx: Context,
    hub: Hub,
    at: At,
    operator: Operator,
    facts: dict[str, Known],
    replaces: int = 0,
) -> limits.At:
    """The limits' question for an operator: its figures and uses of the day."""
    side = book_of(state, ctx, hub, at, operator, replaces)
    ask = Ask(system=at.system.code, period=at.period.code, day=at.day, facts=facts, book=side)
    return limits.At(at.system, at.period, at.before, ask)


def book_of(
    state: State, ctx: Context, hub: Hub, at: At, operator: Operator, replaces: int = 0
) -> Book:
    """The entity's side of the limits: figures and uses of all that count as one that day, less
    what no longer counts because its duty was not met, or is being replaced."""
    system, home = at.system, home_of(at.system)
    together = entity.companions(state, home, operator.operator, at.day)
    bases = entity.bases_of(state, entity.figures_of(state, home, together), system, at.period)
    sums: dict[tuple[str, str, int, frozenset[str]], list[Any]] = {}
    for (kind, unsure), source, period, tonnes in _uses(state, ctx, hub, at, together):
        told = sums.setdefault((source, period, kind.number, unsure), [kind.facts, 0])
        told[1] += tonnes
    for who, period, lot, tonnes in entity.not_counted(state, system.code, together, replaces):
        own = own_facts(state, system, who, system.code)
        kind, unsure = used_kind(state, ctx, hub, lot, own)
        sums.setdefault(("", period, kind.number, unsure), [kind.facts, 0])[1] -= tonnes
    used = tuple(
        Used(period, tonnes, facts, system=source, unsure=unsure)
        for (source, period, _, unsure), (facts, tonnes) in sums.items()
    )
    return Book(bases, used, {}, all_used(state, ctx, hub, system))
