"""Issue and forward units of a mechanism: levied in the entry that issues them, none elsewhere.

The lowest serials are for adaptation (a holding of the Adaptation Fund, which may sell them), then
for overall mitigation (cancelled), then for the buffer; the rest waits in the pending account.
Source: 3/CMA.3 annex; that the levies of authorised units are first transfers: `contribution`.
"""

from fractions import Fraction

from onetonne.ledger.acts.activities import REGISTERED, in_state, mechanism_of
from onetonne.ledger.acts.boundaries import claimed
from onetonne.ledger.acts.ends import sink_number
from onetonne.ledger.acts.issue import check_lot, check_size, in_force, unit_type
from onetonne.ledger.article6.levies import Rate, Split, split
from onetonne.ledger.article6.mechanism_commands import ForwardCredits, IssueCredits
from onetonne.ledger.article6.mechanism_events import CreditsLevied
from onetonne.ledger.article6.mechanism_tables import Activity
from onetonne.ledger.article6.policy import chosen
from onetonne.ledger.events import Cancelled, Event, Issued, Moved
from onetonne.ledger.items import (
    BUFFER,
    FUND,
    PENDING,
    Context,
    Pick,
    open_account,
    two_people,
)
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Account

LEVY_TO = {"sop": FUND, "omge": "omge", "buffer": BUFFER}
"""Where the units of each levy go: an account of that kind, or the end of that name."""


def issue_credits(state: State, act: IssueCredits, ctx: Context) -> tuple[Event, ...]:
    told = state.verifications.get(act.verification)
    if told is None:
        raise Refused("unknown_verification", verification=act.verification)
    row = state.activities[told.activity]
    in_state(row, "issue_credits", REGISTERED)
    if row.owed:
        raise Refused("reversal_owed", activity=row.activity, owed=row.owed)
    unit = unit_type(ctx, row.unit, "issue")
    in_force(ctx, unit)
    check_size(act.quantity, act.first_number)
    left = told.quantity - told.issued
    if act.quantity > left:
        raise Refused("not_verified", verification=act.verification, left=left, asked=act.quantity)
    pending = account_of_kind(state, PENDING)
    project = state.projects[row.activity]
    lot = Issued(
        lot=state.counts["lot"] + 1,
        unit=row.unit,
        size=act.quantity,
        account=pending.account,
        first_number=act.first_number,
        project=row.activity,
        vintage=told.first.year,
        host=project.party,
        activity=project.activity,
    )
    check_lot(unit, lot, project)
    if row.activity not in state.boundaries:
        raise Refused("no_boundary", project=row.activity)
    claim = claimed(state, lot, (told.first, told.last))
    made = levied(state, ctx, row, act.quantity)
    moves = _levy_moves(state, ctx, lot, made)
    # After this point the issuance must succeed.
    head = CreditsLevied(
        lot=lot.lot,
        activity=row.activity,
        mechanism=row.mechanism,
        verification=act.verification,
        day=ctx.request.effective or ctx.day,
        shares=made.shares,
        rest=made.rest,
        levy_capped=made.capped,
        sop_exempt=row.sop_exempt,
        buffer_base=chosen(state.choices, ctx.law, "buffer_base") if row.risk else "",
    )
    return (lot, head, *claim, *moves)


def account_of_kind(state: State, kind: str) -> Account:
    """The mechanism registry's own account of a kind: the open one of the least number."""
    found = [a for a in state.accounts.values() if a.kind == kind and not a.closed]
    if not found:
        raise Refused("no_account_of_kind", kind=kind)
    return min(found, key=lambda account: account.account)


def levied(state: State, ctx: Context, row: Activity, quantity: int) -> Split:
    """The levies of an issuance, by the law of the day and this ledger's own choices."""
    mechanism = mechanism_of(ctx, row.mechanism)
    day = ctx.request.effective or ctx.day
    rates = [
        _rate(state, ctx, row, one.name, one.rate, one.rounding)
        for one in mechanism.levies
        if one.in_force(day) and not (one.name == "sop" and row.sop_exempt)
    ]
    if row.risk:
        net = chosen(state.choices, ctx.law, "buffer_base") == "NET"
        risk = Fraction(row.risk)
        rates.append(_rate(state, ctx, row, "buffer", risk, mechanism.buffer_rounding, net))
    return split(quantity, rates)


def _rate(
    state: State,
    ctx: Context,
    row: Activity,
    name: str,
    rate: Fraction,
    rounding: str,
    net: bool = False,
) -> Rate:
    mode = chosen(state.choices, ctx.law, rounding)
    return Rate(name, rate, mode, Fraction(row.carries.get(name, "0")), net)


def _levy_moves(state: State, ctx: Context, lot: Issued, made: Split) -> tuple[Event, ...]:
    """The moves of each levy from the pending account, lowest serials first."""
    events: list[Event] = []
    at = 0
    for share in made.shares:
        if not share.units:
            continue
        to = LEVY_TO[share.name]
        if to == "omge":
            target = sink_number(state, to)
            events.append(Cancelled(source=lot.account, kind=to))
        else:
            target = account_of_kind(state, to).account
        move = Moved(
            lot=lot.lot,
            first=at,
            next=at + share.units,
            source=lot.account,
            target=target,
            held=((at, ctx.seq),),
        )
        events.append(move)
        at += share.units
    return tuple(events)


def forward(state: State, act: ForwardCredits, ctx: Context) -> tuple[Event, ...]:
    source = open_account(state, act.source)
    if source.kind != PENDING:
        raise Refused("not_pending", account=act.source)
    two_people(source, ctx)
    target = open_account(state, act.target)
    pick = Pick(state, ctx, act.source, "transfer").take(act.items)
    for number, *_ in pick.blocks:
        activity = state.activities.get(state.lots[number].project)
        if activity is None or target.account not in activity.participants:
            raise Refused("not_a_participant", account=act.target, lot=number)
    # After this point the forwarding must succeed.
    return pick.moves(act.target)
