"""Convert: whole source ranges are burnt and one lot of the rule's target is issued.

The ratio is exact; the result is rounded down, and the remainder that makes no whole
target unit is not burnt: it stays with its holder. One event holds both halves.
"""

from typing import Any, NamedTuple

from onetonne.ledger.acts.ends import sink_number
from onetonne.ledger.acts.issue import check_size, facts_of
from onetonne.ledger.commands import Convert, Item
from onetonne.ledger.compliance import Operator
from onetonne.ledger.conversions import needed_for, rule_in_force, whole_units
from onetonne.ledger.entity import by_lot, operator_of
from onetonne.ledger.events import Converted, Event, Issued, Moved
from onetonne.ledger.gate import pass_gate
from onetonne.ledger.items import Context, Pick, lot_of, open_account, source_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, at_period, home_of, system_of
from onetonne.ledger.unit_facts import inherited
from onetonne.ledger.units import Conversion


def convert(state: State, act: Convert, ctx: Context) -> tuple[Event, ...]:
    source_account(state, ctx, act.source)
    target = open_account(state, act.target or act.source)
    if target.sink:
        raise Refused("not_an_end", account=target.account)
    rule = rule_in_force(ctx, act.rule, basis="held")
    _fits(state, rule, act.items)
    asked = _through(state, act, ctx, rule)
    sink = sink_number(state, "conversion")
    pick = Pick(state, ctx, act.source, "convert", "conversion").take(act.items)
    quantity = pick.quantity()
    made = whole_units(rule, quantity)
    check_size(made, "1")
    burnt = needed_for(rule.ratio, made)
    lot = lot_of(state, act.items[0].lot)
    moves = _keep_lowest(pick.moves(sink), quantity - burnt)
    used = _judged(state, ctx, asked, moves) if asked else {}
    # After this point the conversion must succeed.
    issued = Issued(
        lot=state.counts["lot"] + 1,
        unit=rule.target,
        size=made,
        account=target.account,
        first_number="1",
        project=lot.project,
        vintage=act.vintage or lot.vintage,
        host=lot.host,
        activity=lot.activity,
        commitment_period=lot.commitment_period,
        facts=inherited([lot_of(state, item.lot) for item in act.items], ctx.law),
        origin=f"conversion:{rule.code}",
    )
    event = Converted(
        rule=rule.code,
        ratio=f"{rule.ratio.numerator}/{rule.ratio.denominator}",
        rounding=rule.rounding,
        burnt=moves,
        issued=issued,
        unburnt=quantity - burnt,
        **used,
    )
    return (event,)


class Through(NamedTuple):
    """The system, period and operator for which units are exchanged; `uses`: its limits are used
    up by the exchange itself."""

    at: At
    operator: Operator
    uses: bool


def _through(state: State, act: Convert, ctx: Context, rule: Conversion) -> Through | None:
    """For whom, where the rule makes a unit of a system, or the act says so. Refuses what goes
    through a gate, or uses up a limit, and does not say whose."""
    if not act.system:
        named = [rule.system] if rule.system else _using(state, act, ctx, rule)
        if named:
            missing = f"system ({', '.join(named)}), period, operator"
            raise Refused("missing_fact", unit=rule.code, missing=missing)
        return None
    system = system_of(ctx, act.system)
    if rule.system not in ("", act.system):
        lot = act.items[0].lot if act.items else 0
        raise Refused("rule_does_not_fit", rule=rule.code, expected=f"system {rule.system}",
                      lot=lot, found=f"system {act.system}")  # fmt: skip
    if not act.period:
        raise Refused("missing_period", act="convert", kind=act.system)
    at = at_period(ctx, system, act.period)
    operator = operator_of(state, home_of(system), act.operator)
    if operator.account != act.source:
        raise Refused("not_an_operator", operator=act.operator, system=act.system)
    using = _using(state, act, ctx, rule)
    if using and act.system not in using:
        raise Refused("rule_does_not_fit", rule=rule.code, expected=f"system {', '.join(using)}",
                      lot=act.items[0].lot, found=f"system {act.system}")  # fmt: skip
    return Through(at, operator, bool(using))


def _using(state: State, act: Convert, ctx: Context, rule: Conversion) -> list[str]:
    """The systems whose limits such an exchange uses up on that day."""
    if ctx.law.hub is None:
        return []
    day = ctx.request.effective or ctx.day
    units = {lot_of(state, item.lot).unit for item in act.items}
    return [
        system.code
        for system in ctx.law.hub.book.systems.values()
        if any(
            path.uses and path.source in units and path.target == rule.target and path.stands(day)
            for path in system.paths
        )
    ]


def _judged(state: State, ctx: Context, asked: Through, moves: tuple[Moved, ...]) -> dict[str, Any]:
    """What the system's gate says of the units that are burnt, as fields of the event."""
    pieces = [(move.lot, move.first, move.next) for move in moves]
    # Only an exchange that uses up a limit has days of its own; other units wait for theirs.
    passed = pass_gate(
        state, ctx, asked.operator, asked.at, pieces, asked.uses, any_day=not asked.uses
    )
    return {
        "system": asked.at.system.code,
        "period": asked.at.period.code,
        "operator": asked.operator.operator,
        "uses": by_lot(pieces) if asked.uses else (),
        "hub": passed.hub,
        "verdict": passed.verdict,
    }


def _fits(state: State, rule: Conversion, items: tuple[Item, ...]) -> None:
    first = None
    for item in items:
        lot = lot_of(state, item.lot)
        if lot.unit not in rule.sources:
            expected = ", ".join(sorted(rule.sources))
            raise Refused(
                "rule_does_not_fit", rule=rule.code, expected=expected, lot=lot.lot, found=lot.unit
            )
        known = facts_of(lot, state.projects.get(lot.project))
        for fact, value in rule.requires.items():
            found = str(known[fact] or "")
            if found != value:
                raise Refused(
                    "rule_does_not_fit",
                    rule=rule.code,
                    expected=f"{fact} {value}",
                    lot=lot.lot,
                    found=f"{fact} {found or '?'}",
                )
        lineage = (lot.project, lot.vintage, lot.host, lot.activity, lot.commitment_period)
        if first is not None and lineage != first:
            raise Refused(
                "rule_does_not_fit",
                rule=rule.code,
                expected=f"one project, vintage and host, as lot {items[0].lot}",
                lot=lot.lot,
                found=" ".join(filter(None, (lot.project, str(lot.vintage or ""), lot.host))),
            )
        first = lineage


def _keep_lowest(moves: tuple[Moved, ...], keep: int) -> tuple[Moved, ...]:
    """The moves without the `keep` lowest serials of the last block asked for first."""
    out: list[Moved] = []
    for move in reversed(moves):
        size = move.next - move.first
        if keep >= size:
            keep -= size
            continue
        if keep:
            out.append(_from(move, move.first + keep))
            keep = 0
        else:
            out.append(move)
    return tuple(reversed(out))


def _from(move: Moved, first: int) -> Moved:
    """The part of a move from offset `first` on."""
    held = [pair for pair in move.held if pair[0] > first]
    at = max((pair for pair in move.held if pair[0] <= first), default=None)
    return Moved(
        lot=move.lot,
        first=first,
        next=move.next,
        source=move.source,
        target=move.target,
        held=tuple(([at] if at else []) + held),
    )
