"""The gate of a compliance system: may these serials be used for this operator's period, on this
day, and is there room? The one place that asks the law engine on behalf of an act.

What is judged once is kept by the law's digest, system, period, day and facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from onetonne.ledger import entity, gate_words, loads, unit_facts
from onetonne.ledger.compliance import Figure, Operator, Recognition
from onetonne.ledger.events import DutyArose
from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context, lot_of, printed
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import LabelRow
from onetonne.rules import limits
from onetonne.rules.facts import Known
from onetonne.rules.judge import WINDOW, judge
from onetonne.rules.law import Period, System, called, periods
from onetonne.rules.verdict import Ask, Book, Part, Used, Verdict

Piece = tuple[int, int, int]
"""Lot, first, next."""


class Kind(msgspec.Struct, frozen=True, gc=False):
    """Facts as the judge takes them, and a number that stands for exactly these."""

    facts: dict[str, Known]
    number: int


class Batch(msgspec.Struct, gc=False):
    """Serials with the same facts."""

    kind: Kind
    pieces: list[Piece]
    quantity: int = 0


class At(NamedTuple):
    """A system, one of its periods and the one before, and the day in the system's zone; `key`
    stands for all of it, and for the law's digest, in what is kept."""

    system: System
    period: Period
    before: Period | None
    day: date
    key: str = ""


class Passed(NamedTuple):
    """What the gate let pass: its word, the digest of the law, and what must follow."""

    verdict: str
    hub: str
    duties: tuple[DutyArose, ...]


def hub_of(ctx: Context) -> Hub:
    """The systems' law. Refuses where there is none."""
    if ctx.law.hub is None:
        raise Refused("unknown_system", system="-", known="-")
    return ctx.law.hub


def system_of(ctx: Context, code: str) -> System:
    """The system. Refuses one that the law does not know."""
    book = hub_of(ctx).book
    system = book.systems.get(code)
    if system is None:
        raise Refused("unknown_system", system=code[:80], known=", ".join(sorted(book.systems)))
    return system


def day_in(ctx: Context, system: System) -> date:
    """The day of the act in the system's own zone, or the one that the cited decision fixes."""
    if ctx.request.effective is not None:
        return ctx.request.effective
    hub = hub_of(ctx)
    return hub.day_in(system.zone, ctx.request.at) if hub.day_in else ctx.day


def home_of(system: System) -> str:
    """Where a system's operators are registered: with the one that it exchanges units for."""
    return system.exchange_for or system.code


def at_period(ctx: Context, system: System, name: str) -> At:
    """The period of that code, or the one that a year lies in. Refuses what is none."""
    day = day_in(ctx, system)
    hub = hub_of(ctx)
    key = (hub.book.digest, system.code, name, day)
    found: At | None = hub.seen.get(key)
    if found is None:
        found = hub.once(key, lambda: find_period(system, name, day, hub.book.digest))
    if found is None:
        known = list(periods(system, day))
        span = f"{known[0].code} .. {known[-1].code}"
        raise Refused("unknown_period", system=system.code, period=name[:80], known=span)
    return found


def find_period(system: System, name: str, day: date, law: str = "") -> At | None:
    """A system's period with the one before it, as law tells them around a day."""
    known = list(periods(system, day))
    period = next((p for p in known if called(p, name)), None)
    if period is None:
        return None
    earlier = [p for p in known if p.first < period.first]
    key = f"{law}/{system.code}/{period.code}/{day}"
    return At(system, period, earlier[-1] if earlier else None, day, key)


def pass_gate(
    state: State,
    ctx: Context,
    operator: Operator,
    at: At,
    pieces: Iterable[Piece],
    limited: bool = True,
    replaces: int = 0,
) -> Passed:
    """The verdict under which these serials may be used for the operator's period. Refuses what
    fails a clause, what cannot be settled, and what goes beyond a limit (where they are asked).
    What replaces the units of entry `replaces` may come late, and takes their room."""
    hub = hub_of(ctx)
    batches = _batches(state, ctx, hub, operator, at, pieces)
    verdicts = [_gates(state, ctx, hub, at, batch, bool(replaces)) for batch in batches]
    if limited and at.system.limits:
        _limits(state, ctx, hub, at, operator, batches, replaces)
    if not [verdict for verdict in verdicts if verdict.duties]:
        return Passed("ELIGIBLE", hub.book.digest, ())
    duties = [
        DutyArose(clause=duty.clause, system=at.system.code, operator=operator.operator,
                  period=at.period.code, blocks=tuple(batch.pieces), due=duty.due)
        for batch, verdict in zip(batches, verdicts, strict=True) for duty in verdict.duties
    ]  # fmt: skip
    return Passed("ELIGIBLE", hub.book.digest, tuple(duties))


def _batches(
    state: State, ctx: Context, hub: Hub, operator: Operator, at: At, pieces: Iterable[Piece]
) -> list[Batch]:
    """Pieces cut where a label or recognition begins or ends, those with the same facts as one."""
    found: dict[int, Batch] = {}
    own = tuple(sorted(operator.facts.items())) if operator.facts else ()
    marked = bool(state.labels or state.recognitions)
    for piece in pieces:
        parts = _cut(state, ctx, at, piece) if marked else [(piece[1], piece[2], {})]
        for low, high, marks in parts:
            kind = kind_of(state, ctx, hub, piece[0], marks, own)
            batch = found.get(kind.number)
            if batch is None:
                batch = found[kind.number] = Batch(kind, [])
            batch.pieces.append((piece[0], low, high))
            batch.quantity += high - low
    return list(found.values())


def _cut(state: State, ctx: Context, at: At, piece: Piece) -> list[tuple[int, int, unit_facts.Raw]]:
    _, first, next_ = piece
    system = at.system.code
    on = _on_lots(state).get(piece[0], ())
    labels = [x for x in on if isinstance(x, LabelRow) and _over(x, piece)]
    known = [x for x in on if isinstance(x, Recognition) and x.system == system and _over(x, piece)]
    edges = {first, next_}
    marks: list[Any] = [*labels, *known]
    for row in marks:
        edges |= {edge for edge in (row.first, row.next) if first < edge < next_}
    return [
        (low, high, unit_facts.marks_on(
            ctx.law, system, at.day,
            [x for x in labels if x.first <= low and high <= x.next],
            [x for x in known if x.first <= low and high <= x.next],
        ))
        for low, high in pairwise(sorted(edges))
    ]  # fmt: skip


def _on_lots(state: State) -> dict[int, list[Any]]:
    """Labels and recognitions by lot, found once until one of them changes."""
    key = ("marks", state.turn)
    found: dict[int, list[Any]] | None = state.sums.get(key)
    if found is None:
        found = state.sums[key] = {}
        for table in (state.labels, state.recognitions):
            for row in table.values():
                found.setdefault(row.lot, []).append(row)
    return found


def _over(row: Any, piece: Piece) -> bool:
    return bool(row.lot == piece[0] and row.first < piece[2] and piece[1] < row.next)


def kind_of(
    state: State,
    ctx: Context,
    hub: Hub,
    number: int,
    marks: unit_facts.Raw,
    own: tuple[tuple[str, str], ...] = (),
) -> Kind:
    """The facts of a lot with what lies on it and what the operator is, once for equal ones."""
    lot = lot_of(state, number)
    project = state.projects.get(lot.project) if lot.project else None
    known = hub.lots.get((number, own)) if not marks else None
    if known is not None and known[0] is lot and known[1] is project and known[2] is ctx.law:
        kind: Kind = known[3]
        return kind
    made = (project.mechanism, project.methodology) if project else None
    stated = tuple(lot.facts.items()) if lot.facts else ()
    laid = repr(sorted(marks.items())) if marks else ""
    key = (ctx.law.digest, hub.book.digest, lot.unit, lot.host, lot.vintage, lot.activity,
           lot.commitment_period, lot.origin, stated, made, laid, own)  # fmt: skip

    def work() -> Kind:
        raw = unit_facts.of_lot(lot, project, ctx.law, hub.book.everywhere)
        facts = unit_facts.typed({**raw, **marks, **dict(own), "status": "active"})
        hub.kinds += 1
        return Kind(facts, hub.kinds)

    found: Kind = hub.once(key, work)
    if not marks:
        hub.lots[number, own] = (lot, project, ctx.law, found)
    return found


def _gates(
    state: State, ctx: Context, hub: Hub, at: At, batch: Batch, late: bool = False
) -> Verdict:
    system, period = at.system.code, at.period.code
    key = (at.key, batch.kind.number)
    verdict: Verdict | None = hub.seen.get(key)
    if verdict is not None and verdict.result == "ELIGIBLE":
        return verdict
    ask = Ask(system=system, period=period, day=at.day, facts=batch.kind.facts)
    verdict = hub.once(key, lambda: judge(hub.book, ask)[0])
    assert verdict is not None
    excused = late and at.day > at.period.closes and verdict.failed == (WINDOW,)
    if verdict.result == "ELIGIBLE" or (excused and not verdict.unknown):
        return verdict
    lot, first, next_ = batch.pieces[0]
    facts = {
        "system": system, "period": period, "day": str(at.day), "lot": lot,
        "serials": printed(lot_of(state, lot), first, next_),
    }  # fmt: skip
    if verdict.result == "NOT_ELIGIBLE":
        why = gate_words.failures(hub.book, ask, verdict, gate_words.conversions(ctx.law))
        raise Refused("not_eligible", **facts, **why)
    raise Refused("indeterminate", **facts, **gate_words.lacking(hub.book, ask, verdict))


def _limits(
    state: State,
    ctx: Context,
    hub: Hub,
    at: At,
    operator: Operator,
    batches: list[Batch],
    replaces: int,
) -> None:
    """Every limit, over all serials together."""
    if _surely_fits(state, ctx, hub, at, operator, batches):
        return
    parts = [Part(batch.kind.facts, batch.quantity) for batch in batches]
    own = limits_at(state, ctx, hub, at, operator, parts[0].facts, replaces)
    over = limits.over(own, parts)
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


def _surely_fits(
    state: State, ctx: Context, hub: Hub, at: At, operator: Operator, batches: list[Batch]
) -> bool:
    """The quick yes of `loads`; whatever it does not answer is asked of the law engine."""
    system = at.system
    where = at.key
    key = (where, operator.operator, state.turn)
    found = state.sums.get(key)
    if found is None:
        home = home_of(system)
        together = entity.companions(state, home, operator.operator, at.day)
        figures = entity.figures_of(state, home, together)
        told = tuple([(row.operator, row.figure, row.period, row.tonnes) for row in figures])
        own = own_facts(state, system, operator.operator, system.code)
        asked_at, stands = hub.once((where, own, told), lambda: _bare(at, figures, own))
        others = {name for limit in system.limits.values() for name in limit.with_uses}
        sources = (system.code, *sorted(others - {system.code}))
        whose = [
            ((where, who, source), own_facts(state, system, who, source))
            for source in sources
            for who in together
        ]
        found = state.sums[key] = (asked_at, stands, whose)
    asked_at, stands, whose = found
    asked = []
    for b in batches:
        takes = hub.seen.get((where, b.kind.number, ""))
        if takes is None:
            takes = loads.load(asked_at, b.kind.facts)
            hub.seen[where, b.kind.number, ""] = takes
        asked.append((takes, b.quantity))
    used = [_so_far(state, ctx, hub, one, (asked_at, stands)) for one in whose]
    return loads.fits(stands, asked, used)


def _bare(
    at: At, figures: list[Figure], own: tuple[tuple[str, str], ...]
) -> tuple[limits.At, loads.Limited]:
    """The limits' question under these figures and the operator's own facts, nothing used."""
    bases = entity.bases_of(figures, at.system, at.period)
    ask = Ask(system=at.system.code, period=at.period.code, day=at.day,
              facts=unit_facts.typed(dict(own)), book=Book(bases, ()))  # fmt: skip
    asked_at = limits.At(at.system, at.period, at.before, ask)
    return asked_at, loads.limited(asked_at)


def _so_far(
    state: State,
    ctx: Context,
    hub: Hub,
    whose: tuple[tuple[str, str, str], tuple[tuple[str, str], ...]],
    under: tuple[limits.At, loads.Limited],
) -> loads.Sum:
    """What an operator used of each limit, added up from where the last question left off."""
    (asked_at, stands), (key, own) = under, whose
    sum_: loads.Sum | None = state.sums.get(key)
    if sum_ is None:
        sum_ = state.sums[key] = loads.Sum(len(stands.whole))
    trail = state.trail.get(key[1:], ())
    if sum_.seen < len(trail):
        source = "" if key[2] == asked_at.system.code else key[2]
        for period, lot, tonnes in trail[sum_.seen :]:
            kind = kind_of(state, ctx, hub, lot, {}, own)
            of = (key[0], kind.number, source, period)
            one: loads.Load | None = hub.seen.get(of)
            if one is None:
                used = Used(period, 1, kind.facts, system=source)
                one = hub.seen[of] = loads.load(asked_at, kind.facts, used)
            sum_.add(one, tonnes)
        sum_.seen = len(trail)
    return sum_


def own_facts(state: State, system: System, who: str, source: str) -> tuple[tuple[str, str], ...]:
    """An operator's own facts, as part of a memory's key."""
    home = home_of(system) if source == system.code else source
    operator = state.operators.get((who, home))
    return tuple(sorted(operator.facts.items())) if operator and operator.facts else ()


def _uses(
    state: State, ctx: Context, hub: Hub, at: At, together: tuple[str, ...]
) -> Iterator[tuple[Kind, str, str, int]]:
    """What the entity used before: kind, system (empty: this one), period, tonnes."""
    code = at.system.code
    others = {name for limit in at.system.limits.values() for name in limit.with_uses} - {code}
    for where in (code, *sorted(others)):
        source = "" if where == code else where
        for who in together:
            own = own_facts(state, at.system, who, where)
            for row in state.of["used"].get((who, where), {}).values():
                if row.tonnes > 0:
                    kind = kind_of(state, ctx, hub, row.lot, {}, own)
                    yield kind, source, row.period, row.tonnes


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
    bases = entity.bases_of(entity.figures_of(state, home, together), system, at.period)
    sums: dict[tuple[str, str, int], list[Any]] = {}
    for kind, source, period, tonnes in _uses(state, ctx, hub, at, together):
        told = sums.setdefault((source, period, kind.number), [kind.facts, 0])
        told[1] += tonnes
    for who, period, lot, tonnes in entity.not_counted(state, system.code, together, replaces):
        own = own_facts(state, system, who, system.code)
        kind = kind_of(state, ctx, hub, lot, {}, own)
        sums.setdefault(("", period, kind.number), [kind.facts, 0])[1] -= tonnes
    used = tuple(
        Used(period, tonnes, facts, system=source)
        for (source, period, _), (facts, tonnes) in sums.items()
    )
    return Book(bases, used)
