"""Figures of a system: its cap, an operator's entitlements and other bases of limits, and verified
emissions, which a verifier reports and another person approves.
"""

from onetonne.ledger.acts.decided import decided, digest
from onetonne.ledger.commands import ReportEmissions, SetCap, SetFigure
from onetonne.ledger.entity import operator_of
from onetonne.ledger.events import CapSet, Event, FigureSet
from onetonne.ledger.items import MAX_QUANTITY, Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import at_period, system_of
from onetonne.rules.facts import BASES
from onetonne.rules.law import System

EMISSIONS = "verified_emissions"


def set_cap(state: State, act: SetCap, ctx: Context) -> tuple[Event, ...]:
    period = at_period(ctx, system_of(ctx, act.system), act.period).period
    tonnes(act.tonnes)
    decided("set_cap", ctx)
    # After this point the cap must stand.
    return (CapSet(system=act.system, period=period.code, tonnes=act.tonnes),)


def set_figure(state: State, act: SetFigure, ctx: Context) -> tuple[Event, ...]:
    _of_operator(state, ctx, act)
    if act.figure not in BASES or act.figure == EMISSIONS:
        known = ", ".join(sorted(BASES - {EMISSIONS}))
        raise Refused("unknown_kind", kind=act.figure[:80], what="figure", known=known)
    tonnes(act.tonnes)
    if act.document:
        digest("document", act.document)
    decided("set_figure", ctx)
    # After this point the figure must stand.
    event = FigureSet(
        system=act.system,
        operator=act.operator,
        period=act.period,
        figure=act.figure,
        tonnes=act.tonnes,
        document=act.document,
    )
    return (event,)


def report(state: State, act: ReportEmissions, ctx: Context) -> tuple[Event, ...]:
    _of_operator(state, ctx, act)
    tonnes(act.tonnes)
    digest("document", act.document)
    if (act.operator, act.system, act.period, EMISSIONS) in state.figures and not act.decision:
        # What was approved is changed only on a decision.
        raise Refused("no_decision", act="report_emissions")
    if not ctx.approved:
        raise Refused("must_be_proposed", act="report_emissions")
    # After this point the report must stand.
    event = FigureSet(
        system=act.system,
        operator=act.operator,
        period=act.period,
        figure=EMISSIONS,
        tonnes=act.tonnes,
        document=act.document,
        decision=act.decision,
    )
    return (event,)


def _of_operator(state: State, ctx: Context, act: SetFigure | ReportEmissions) -> System:
    system = system_of(ctx, act.system)
    operator_of(state, act.system, act.operator)
    at_period(ctx, system, act.period)
    return system


def tonnes(number: int) -> None:
    """A figure in whole tonnes; 0 is one."""
    if not 0 <= number <= MAX_QUANTITY:
        raise Refused("bad_quantity", quantity=number, limit=MAX_QUANTITY)
