"""The gate of a compliance system: may these serials be used for this operator's period, on this
day, and is there room? The one place that asks the law engine on behalf of an act.

What is judged once is kept by the law's digest, system, period, day and facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from onetonne.ledger import entity, gate_words, unit_facts
from onetonne.ledger.compliance import Operator
from onetonne.ledger.events import DutyArose
from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context, lot_of, printed
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.rules import limits
from onetonne.rules.facts import Known
from onetonne.rules.judge import judge
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
    """A system, one of its periods and the one before, and the day in the system's zone."""

    system: System
    period: Period
    before: Period | None
    day: date


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
    found: At | None = hub.once(
        (hub.book.digest, system.code, name, day), lambda: find_period(system, name, day)
    )
    if found is None:
        known = list(periods(system, day))
        span = f"{known[0].code} .. {known[-1].code}"
        raise Refused("unknown_period", system=system.code, period=name[:80], known=span)
    return found


def find_period(system: System, name: str, day: date) -> At | None:
    """A system's period with the one before it, as law tells them around a day."""
    known = list(periods(system, day))
    period = next((p for p in known if called(p, name)), None)
    if period is None:
        return None
    earlier = [p for p in known if p.first < period.first]
    return At(system, period, earlier[-1] if earlier else None, day)


def pass_gate(
    state: State,
    ctx: Context,
    operator: Operator,
    at: At,
    pieces: Iterable[Piece],
    limited: bool = True,
) -> Passed:
    """The verdict under which these serials may be used for the operator's period. Refuses what
    fails a clause, what cannot be settled, and what goes beyond a limit (where they are asked)."""
    hub = hub_of(ctx)
    batches = _batches(state, ctx, hub, operator, at, pieces)
    verdicts = [_gates(state, ctx, hub, at, batch) for batch in batches]
    if limited and at.system.limits:
        _limits(state, ctx, hub, at, operator, batches)
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
    labels = [x for x in state.labels.values() if _over(x, piece)]
    known = [x for x in state.recognitions.values() if x.system == system and _over(x, piece)]
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
    return found


def _gates(state: State, ctx: Context, hub: Hub, at: At, batch: Batch) -> Verdict:
    system, period = at.system.code, at.period.code
    ask = Ask(system=system, period=period, day=at.day, facts=batch.kind.facts)
    key = (hub.book.digest, system, period, at.day, batch.kind.number)
    verdict: Verdict = hub.once(key, lambda: judge(hub.book, ask)[0])
    if verdict.result == "ELIGIBLE":
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
    state: State, ctx: Context, hub: Hub, at: At, operator: Operator, batches: list[Batch]
) -> None:
    """Every limit, over all serials together."""
    parts = [Part(batch.kind.facts, batch.quantity) for batch in batches]
    own = limits_at(state, ctx, hub, at, operator, parts[0].facts)
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


def limits_at(
    state: State, ctx: Context, hub: Hub, at: At, operator: Operator, facts: dict[str, Known]
) -> limits.At:
    """The limits' question for an operator: its figures and uses of the day."""
    side = book_of(state, ctx, hub, at, operator)
    ask = Ask(system=at.system.code, period=at.period.code, day=at.day, facts=facts, book=side)
    return limits.At(at.system, at.period, at.before, ask)


def book_of(state: State, ctx: Context, hub: Hub, at: At, operator: Operator) -> Book:
    """The entity's side of the limits: figures and uses of all that count as one that day."""
    system, home = at.system, home_of(at.system)
    together = entity.companions(state, home, operator.operator, at.day)
    bases = entity.bases_of(entity.figures_of(state, home, together))
    entity.add_obligation(system, at.period, bases)
    others = {name for limit in system.limits.values() for name in limit.with_uses}
    sums: dict[tuple[str, str, int], list[Any]] = {}
    for where in (system.code, *sorted(others - {system.code})):
        for row in entity.uses_of(state, where, together):
            who = state.operators.get((row.operator, home if where == system.code else where))
            own = tuple(sorted(who.facts.items())) if who is not None and who.facts else ()
            kind = kind_of(state, ctx, hub, row.lot, {}, own)
            told = sums.setdefault((where, row.period, kind.number), [kind.facts, 0])
            told[1] += row.tonnes
    used = tuple(
        Used(period, tonnes, facts, system="" if where == system.code else where)
        for (where, period, _), (facts, tonnes) in sums.items()
    )
    return Book(bases, used)
