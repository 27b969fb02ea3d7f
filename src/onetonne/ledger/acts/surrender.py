"""Surrender: units end for an operator's obligation, through the system's gate; and the lawful
return of what was surrendered beyond it.
"""

from collections.abc import Iterator
from fractions import Fraction

from onetonne.ledger import entity
from onetonne.ledger.acts.duties import replaced
from onetonne.ledger.acts.ends import sink_number
from onetonne.ledger.acts.ndc_effect import check_effect
from onetonne.ledger.commands import ReturnExcess, Surrender
from onetonne.ledger.compliance import Operator
from onetonne.ledger.ended import head_of
from onetonne.ledger.events import Event, Moved, Returned, Surrendered
from onetonne.ledger.gate import pass_gate
from onetonne.ledger.items import (
    Context,
    Pick,
    lot_of,
    open_account,
    printed,
    source_account,
    two_people,
)
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, at_period, system_of
from onetonne.ledger.worth import Worth, counted, weigh, worth


def surrender(state: State, act: Surrender, ctx: Context) -> tuple[Event, ...]:
    system = system_of(ctx, act.system)
    if not act.period:
        raise Refused("missing_period", act="surrender", kind=act.system)
    at = at_period(ctx, system, act.period)
    operator = entity.operator_of(state, act.system, act.operator)
    source_account(state, ctx, act.source)
    if operator.account != act.source:
        raise Refused("not_an_operator", operator=act.operator, system=act.system)
    sink = sink_number(state, "surrender")
    pick = Pick(state, ctx, act.source, "surrender", "surrender").take(act.items)
    check_effect(state, act, operator, pick)
    made_good, late = replaced(state, act, at.period.code, pick.quantity())
    behind = act.late and _makes_good(at)
    pieces = [block[:3] for block in pick.blocks]
    passed = pass_gate(state, ctx, operator, at, pieces, replaces=act.replaces, late=late or behind)
    _enters_as_it_is(state, at, pieces)
    # After this point the surrender must succeed.
    uses = entity.by_lot(pieces)
    head = Surrendered(
        source=act.source,
        system=act.system,
        period=at.period.code,
        operator=act.operator,
        uses=uses,
        hub=passed.hub,
        verdict=passed.verdict,
        replaces=act.replaces,
        ndc_effect=act.ndc_effect,
        late=uses if behind else (),
    )
    return (head, *pick.moves(sink), *passed.duties, *made_good)


def _makes_good(at: At) -> bool:
    """Whether the last day is over, and law lets what is missing be surrendered even then."""
    rows = [row for row in at.system.penalties if row.since <= at.period.first]
    return at.day > at.period.closes and bool(rows) and rows[-1].late


def _enters_as_it_is(state: State, at: At, pieces: list[tuple[int, int, int]]) -> None:
    """What enters a system only as another unit is converted first."""
    first = at.period.first
    for lot, _, _ in pieces:
        unit = lot_of(state, lot).unit
        paths = [row for row in at.system.paths if row.source == unit and row.stands(first)]
        if paths:
            cites = [at.system.citations[code] for row in paths for code in row.cites]
            raise Refused(
                "act_not_permitted_for_unit",
                unit=unit,
                act="surrender",
                sink=at.system.code,
                permitted=", ".join(f"convert ({row.target})" for row in paths),
                source="; ".join(dict.fromkeys(f"{c.instrument}, {c.provision}" for c in cites)),
            )


def return_excess(state: State, act: ReturnExcess, ctx: Context) -> tuple[Event, ...]:
    at = at_period(ctx, system_of(ctx, act.system), act.period)
    operator = entity.operator_of(state, act.system, act.operator)
    two_people(open_account(state, operator.account), ctx)
    moves = _back(state, ctx, act, at, operator)
    uses = entity.by_lot([(move.lot, move.first, move.next) for move in moves])
    spare, each = excess(state, ctx, at, operator)
    asked = weigh(uses, each)
    if asked > spare:
        raise Refused(
            "no_excess",
            operator=act.operator,
            system=act.system,
            period=at.period.code,
            excess=int(spare),
            units=sum(n for _, n in uses),
            asked=-int(-asked // 1),
        )
    # After this point the return must succeed.
    head = Returned(
        system=act.system,
        operator=act.operator,
        period=at.period.code,
        uses=uses,
        late=entity.by_lot(_late_of(state, moves)),
    )
    return (head, *moves)


def _late_of(state: State, moves: tuple[Moved, ...]) -> Iterator[tuple[int, int, int]]:
    """The parts of these moves that were surrendered after the last day."""
    for move in moves:
        starts = [max(move.first, start) for start, _ in move.held]
        for (_, moved), low, high in zip(move.held, starts, [*starts[1:], move.next], strict=True):
            head = head_of(state.entries.get(moved), move.lot, low)
            if isinstance(head, Surrendered) and head.late:
                yield move.lot, low, high


def _back(
    state: State, ctx: Context, act: ReturnExcess, at: At, operator: Operator
) -> tuple[Moved, ...]:
    """The serials out of the sink, where this operator surrendered them for this period."""
    if any(item.quantity for item in act.items):
        raise Refused("item_malformed", item="a return takes serials")
    sink = sink_number(state, "surrender")
    pick = Pick(state, ctx, sink, "surrender", "surrender").take(act.items)
    for lot, first, next_, held in pick.blocks:
        for start, moved in held:
            head = head_of(state.entries.get(moved), lot, max(first, start))
            mine = isinstance(head, Surrendered) and (
                (head.system, head.period, head.operator)
                == (act.system, at.period.code, act.operator)
            )
            if not mine:
                raise Refused(
                    "not_used_here",
                    lot=lot,
                    serials=printed(lot_of(state, lot), first, next_),
                    operator=act.operator,
                    system=act.system,
                    period=at.period.code,
                )
        _no_duty(state, lot, first, next_)
    return pick.moves(operator.account)


def _no_duty(state: State, lot: int, first: int, next_: int) -> None:
    """What stands under a duty that was not met does not come back."""
    for row in state.owed():
        under = any(x == lot and a < next_ and first < b for x, a, b in row.blocks)
        if under and row.outcome in ("", "overdue", "replaced"):
            serials = printed(lot_of(state, lot), first, next_)
            raise Refused("under_duty", lot=lot, serials=serials, entry=row.duty)


def excess(state: State, ctx: Context, at: At, operator: Operator) -> tuple[Fraction, Worth]:
    """The tonnes that an operator, with those merged into it, surrendered beyond what it owes (0
    while nobody can say what that is), and what a unit of each lot stands for in them."""
    code, period = at.system.code, at.period.code
    who = entity.companions(state, code, operator.operator, at.day, ("merger",))
    bases = entity.bases_of(state, entity.figures_of(state, code, who), at.system, at.period)
    owed = entity.owed_in(at.system, at.period, bases)
    used = [row for row in entity.uses_of(state, code, who) if row.period == period]
    gone = entity.lost([row for row in state.owed() if row.operator in who], code, period)
    each = worth(state, ctx, at, operator, [row.lot for row in used])
    spare = counted(used, gone, each) - owed if owed is not None else Fraction(0)
    return max(Fraction(0), spare), each
