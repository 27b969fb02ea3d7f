"""Allocate: allowances of a period go from the State's account to an operator."""

from onetonne.ledger.commands import Allocate
from onetonne.ledger.entity import operator_of
from onetonne.ledger.events import Allocated, Event
from onetonne.ledger.items import Context, Pick, lot_of, open_account, source_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import at_period, system_of

KINDS = ("free", "benchmark", "auction")
"""Given, given by a benchmark, or sold: only what is given makes up the figure `allocation`."""


def allocate(state: State, act: Allocate, ctx: Context) -> tuple[Event, ...]:
    period = at_period(ctx, system_of(ctx, act.system), act.period).period
    if act.kind not in KINDS:
        known = ", ".join(KINDS)
        raise Refused("unknown_kind", kind=act.kind[:80], what="allocation", known=known)
    operator = operator_of(state, act.system, act.operator)
    source = source_account(state, ctx, act.source)
    if source.kind != "party":
        raise Refused("not_the_states", account=act.source)
    target = open_account(state, operator.account)
    if target.account == act.source:
        raise Refused("same_account", account=act.source)
    pick = Pick(state, ctx, act.source, "transfer").take(act.items)
    for lot, _, _, _ in pick.blocks:
        facts = lot_of(state, lot).facts
        found = f"{facts.get('system', '-')} {facts.get('period', '-')}"
        if found != f"{act.system} {period.code}":
            expected = f"{act.system} {period.code}"
            raise Refused("not_for_this_period", lot=lot, found=found, expected=expected)
    # After this point the allocation must succeed.
    head = Allocated(
        system=act.system,
        operator=act.operator,
        period=period.code,
        kind=act.kind,
        tonnes=pick.quantity(),
    )
    return (head, *pick.moves(operator.account))
