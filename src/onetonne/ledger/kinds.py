"""Kinds of serials before the law: those of which the same facts are known are judged as one.

Blocks are cut where a label, a recognition or a first transfer begins or ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec

from onetonne.ledger import unit_facts
from onetonne.ledger.compliance import Operator, Recognition
from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context, lot_of
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, home_of
from onetonne.ledger.tables import LabelRow
from onetonne.rules.facts import Known
from onetonne.rules.law import System

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


def batches_of(
    state: State, ctx: Context, hub: Hub, operator: Operator, at: At, pieces: Iterable[Piece]
) -> list[Batch]:
    """Pieces cut where a label or recognition begins or ends, those with the same facts as one."""
    found: dict[int, Batch] = {}
    own = tuple(sorted(operator.facts.items())) if operator.facts else ()
    marked = bool(state.labels or state.recognitions or state.first_transfers)
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
    gone = state.first_transfers.over(*piece)
    marks: list[Any] = [*labels, *known, *gone]
    for row in marks:
        edges |= {edge for edge in (row.first, row.next) if first < edge < next_}
    return [
        (low, high, unit_facts.marks_on(
            ctx.law, system, at.day,
            [x for x in labels if x.first <= low and high <= x.next],
            [x for x in known if x.first <= low and high <= x.next],
        ) | unit_facts.authorised(
            state.authorisations[x.authorisation, x.version]
            for x in gone if x.first <= low and high <= x.next
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


def used_kind(
    state: State, ctx: Context, hub: Hub, number: int, own: tuple[tuple[str, str], ...]
) -> tuple[Kind, frozenset[str]]:
    """The facts of what was used of a lot, with the labels that lie on all of it; and the facts
    that labels on a part of it leave open, because uses are kept by lot."""
    labels = [row for row in _on_lots(state).get(number, ()) if isinstance(row, LabelRow)]
    if not labels:
        return kind_of(state, ctx, hub, number, {}, own), frozenset()
    size = lot_of(state, number).size
    whole = [row for row in labels if row.first <= 0 and size <= row.next]
    partial = [row for row in labels if row.first > 0 or row.next < size]
    marks = unit_facts.labelled(ctx.law, whole)
    unsure = frozenset(unit_facts.labelled(ctx.law, partial))
    return kind_of(state, ctx, hub, number, marks, own), unsure


def labelled(state: State, number: int) -> bool:
    """Whether any label lies on a lot."""
    return any(isinstance(row, LabelRow) for row in _on_lots(state).get(number, ()))


def own_facts(state: State, system: System, who: str, source: str) -> tuple[tuple[str, str], ...]:
    """An operator's own facts, as part of a memory's key."""
    home = home_of(system) if source == system.code else source
    operator = state.operators.get((who, home))
    return tuple(sorted(operator.facts.items())) if operator and operator.facts else ()
