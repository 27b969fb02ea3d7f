"""The gate of a compliance system: may these serials be used for this operator's period, on this
day, and is there room? The one place that asks the law engine on behalf of an act.

What is judged once is kept by the law's digest, system, period, day and facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from onetonne.ledger import entity, gate_words, unit_facts
from onetonne.ledger.compliance import Operator
from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context, lot_of, printed
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.rules import limits
from onetonne.rules.compose import held
from onetonne.rules.facts import Known, read_facts
from onetonne.rules.judge import judge
from onetonne.rules.law import Lawbook, Period, System, periods
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Book, Room, Used, Verdict

Piece = tuple[int, int, int]
"""Lot, first, next."""


class Kind(msgspec.Struct, frozen=True, gc=False):
    """Facts as the judge takes them, and a number that stands for exactly these."""

    facts: dict[str, Known]
    number: int


class Part(msgspec.Struct, gc=False):
    """Serials with the same facts."""

    kind: Kind
    pieces: list[Piece]

    @property
    def quantity(self) -> int:
        return sum(next_ - first for _, first, next_ in self.pieces)


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


def period_of(ctx: Context, system: System, code: str) -> Period:
    """The system's period. Refuses one that its law does not have."""
    known = list(periods(system, day_in(ctx, system)))
    for period in known:
        if period.code == code:
            return period
    span = f"{known[0].code} .. {known[-1].code}"
    raise Refused("unknown_period", system=system.code, period=code[:80], known=span)


def pass_gate(
    state: State, ctx: Context, operator: Operator, period: str, pieces: Iterable[Piece]
) -> str:
    """The verdict under which these serials may be used for the operator's period. Refuses what
    fails a clause, what cannot be settled, and what goes beyond a limit."""
    system = system_of(ctx, operator.system)
    day = day_in(ctx, system)
    parts = list(_parts(state, ctx, operator, day, pieces))
    for part in parts:
        _gates(state, ctx, (system, period, day), part)
    if system.limits:
        _limits(state, ctx, (system, period, day), operator, parts)
    return "ELIGIBLE"


def _parts(
    state: State, ctx: Context, operator: Operator, day: date, pieces: Iterable[Piece]
) -> Iterator[Part]:
    """Pieces cut where a label or recognition begins or ends, those with the same facts as one."""
    hub, found = hub_of(ctx), dict[int, Part]()
    own = tuple(sorted(operator.facts.items()))
    for lot, first, next_ in pieces:
        for low, high, marks in _cut(state, ctx, operator.system, day, (lot, first, next_)):
            kind = _kind(state, ctx, hub, lot, marks, own)
            part = found.get(kind.number)
            if part is None:
                part = found[kind.number] = Part(kind, [])
            part.pieces.append((lot, low, high))
    yield from found.values()


def _cut(
    state: State, ctx: Context, system: str, day: date, piece: Piece
) -> list[tuple[int, int, unit_facts.Raw]]:
    lot, first, next_ = piece
    labels = [x for x in state.labels.values() if _over(x, piece)]
    known = [x for x in state.recognitions.values() if x.system == system and _over(x, piece)]
    if not labels and not known:
        return [(first, next_, {})]
    edges = {first, next_}
    for row in (*labels, *known):
        edges |= {edge for edge in (row.first, row.next) if first < edge < next_}
    bounds = sorted(edges)
    return [
        (low, high, unit_facts.marks_on(
            ctx.law, system, day,
            [x for x in labels if x.first <= low and high <= x.next],
            [x for x in known if x.first <= low and high <= x.next],
        ))
        for low, high in zip(bounds, bounds[1:], strict=False)
    ]  # fmt: skip


def _over(row: Any, piece: Piece) -> bool:
    lot, first, next_ = piece
    return bool(row.lot == lot and row.first < next_ and first < row.next)


def _kind(
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
    made = (project.mechanism, project.methodology) if project else None
    stated = tuple(lot.facts.items()) if lot.facts else ()
    laid = repr(sorted(marks.items())) if marks else ""
    key = (ctx.law.digest, hub.book.digest, lot.unit, lot.host, lot.vintage, lot.activity,
           lot.commitment_period, lot.origin, stated, made, laid, own)  # fmt: skip

    def work() -> Kind:
        raw = unit_facts.of_lot(lot, project, ctx.law, hub.book.everywhere)
        facts = unit_facts.typed({**raw, **marks, **dict(own)})
        hub.kinds += 1
        return Kind({"status": "active"} | facts, hub.kinds)

    found: Kind = hub.once(key, work)
    return found


At = tuple[System, str, date]
"""A system, one of its periods, and the day."""


def _gates(state: State, ctx: Context, at: At, part: Part) -> None:
    system, period, day = at
    hub = hub_of(ctx)
    ask = Ask(system=system.code, period=period, day=day, facts=part.kind.facts)
    key = (hub.book.digest, system.code, period, day, part.kind.number)
    verdict: Verdict = hub.once(key, lambda: judge(hub.book, ask)[0])
    if verdict.result == "ELIGIBLE":
        return
    lot, first, next_ = part.pieces[0]
    facts = {
        "system": system.code, "period": period, "day": str(day), "lot": lot,
        "serials": printed(lot_of(state, lot), first, next_),
    }  # fmt: skip
    if verdict.result == "NOT_ELIGIBLE":
        why = gate_words.failures(hub.book, ask, verdict, gate_words.conversions(ctx.law))
        raise Refused("not_eligible", **facts, **why)
    raise Refused("indeterminate", **facts, **gate_words.lacking(hub.book, ask, verdict))


def _limits(state: State, ctx: Context, at: At, operator: Operator, parts: list[Part]) -> None:
    """Every limit, over all parts together."""
    system, period, day = at
    side = book_of(state, ctx, operator, day)
    asked: dict[str, int] = {}
    rooms: dict[str, Room] = {}
    for part in parts:
        for room in rooms_for(ctx, at, part.kind.facts, side):
            asked[room.limit] = asked.get(room.limit, 0) + part.quantity
            rooms[room.limit] = room
    over = [(rooms[code], wanted) for code, wanted in asked.items() if wanted > rooms[code].certain]
    if not over:
        return
    facts = {"system": system.code, "period": period, "operator": operator.operator}
    if any(room.possible is not None and wanted > room.possible for room, wanted in over):
        raise Refused("limit_exceeded", **facts, **gate_words.exceeded(over))
    raise Refused("limit_not_known", **facts, **gate_words.exceeded(over))


def rooms_for(ctx: Context, at: At, facts: dict[str, Known], side: Book) -> list[Room]:
    """The rooms of the limits that such units count against."""
    system, code, day = at
    known = list(periods(system, day))
    place = next(n for n, period in enumerate(known) if period.code == code)
    before = known[place - 1] if place else None
    ask = Ask(system=system.code, period=code, day=day, facts=facts, book=side)
    return limits.rooms(system, known[place], before, ask)


def book_of(state: State, ctx: Context, operator: Operator, day: date) -> Book:
    """The entity's side of the limits: figures and uses of all that count as one that day."""
    system = operator.system
    together = entity.companions(state, system, operator.operator, day)
    bases = entity.bases_of(entity.figures_of(state, system, together))
    sums: dict[tuple[str, int], list[Any]] = {}
    hub = hub_of(ctx)
    for row in entity.uses_of(state, system, together):
        kind = _kind(state, ctx, hub, row.lot, {})
        sum_ = sums.setdefault((row.period, kind.number), [kind.facts, 0])
        sum_[1] += row.tonnes
    used = tuple(Used(period, tonnes, facts) for (period, _), (facts, tonnes) in sums.items())
    return Book(bases, used)
