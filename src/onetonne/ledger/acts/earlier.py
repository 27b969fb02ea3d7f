"""Units of the CDM towards a Party's first NDC: pre-2021 reductions, reported by themselves.

No host adjusts for them, nothing is levied, and they are used by the Party that holds them or not
at all. Source: 3/CMA.3 annex, chapter XI.B.
"""

from onetonne.ledger.acts.ends import sink_number
from onetonne.ledger.acts.ndc_effect import check_party
from onetonne.ledger.acts.use import open_pledge
from onetonne.ledger.article6.mechanism_commands import UseEarlier
from onetonne.ledger.article6.mechanism_events import EarlierUsed
from onetonne.ledger.article6.tables import Ndc
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context, Pick, source_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Lot
from onetonne.ledger.units import Earlier, day_in

REGISTRATION = "registration"
"""The fact of a lot that says when its activity was registered."""


def use_earlier(state: State, act: UseEarlier, ctx: Context) -> tuple[Event, ...]:
    account = source_account(state, ctx, act.source)
    check_party(account, act.party)
    pledge = open_pledge(state, act.party, act.year)
    _first_ndc(state, pledge, act)
    sink = sink_number(state, "retirement")
    pick = Pick(state, ctx, act.source, "retire", "retirement").take(act.items)
    heads: list[Event] = []
    for number, first, next_, _ in pick.blocks:
        lot = state.lots[number]
        why = unusable(ctx, lot)
        if why:
            raise Refused("earlier_unit_unusable", lot=number, why=why)
        event = EarlierUsed(
            lot=number,
            blocks=((first, next_),),
            source=act.source,
            party=act.party,
            year=act.year,
            day=ctx.request.effective or ctx.day,
            registered=lot.facts[REGISTRATION],
        )
        heads.append(event)
    # After this point the use must succeed.
    return (*heads, *pick.moves(sink))


def _first_ndc(state: State, pledge: Ndc, act: UseEarlier) -> None:
    """The first NDC or its first update: the pledge of a Party with the earliest period."""
    first = min(row.first for row in state.ndcs.values() if row.party == act.party)
    if pledge.first != first or pledge.metric != "GHG":
        raise Refused(
            "not_first_ndc",
            party=act.party,
            year=act.year,
            period=f"{pledge.first}-{pledge.last}",
            first=first,
        )


def unusable(ctx: Context, lot: Lot) -> str:
    """Why a lot may not be used so; empty where it may."""
    rules = [m.earlier for m in ctx.law.mechanisms.values() if lot.unit in m.earlier.units]
    if not rules:
        return "it is no unit of an earlier mechanism"
    return _dates(rules[0], lot)


def _dates(rule: Earlier, lot: Lot) -> str:
    registered = day_in(lot.facts.get(REGISTRATION, ""))
    if registered is None:
        return "it does not state when its activity was registered"
    if registered < rule.registered_from:
        return f"its activity was registered on {registered}, before {rule.registered_from}"
    if not 0 < lot.vintage <= rule.achieved_until:
        return f"its reductions are of {lot.vintage or '-'}, not until {rule.achieved_until}"
    return ""
