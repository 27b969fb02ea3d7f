"""Reversals of removals: what the buffer answers for, what participants make good, how it ends.

What was transferred stays valid and no adjustment is touched: the host's inventory shows what was
released. Source: 3/CMA.3 annex; A6.4-STAN-METH-002.
"""

from collections.abc import Iterator

from onetonne.ledger.acts.activities import (
    AFTER,
    CLOSED,
    REGISTERED,
    SUSPENDED,
    activity_of,
    in_state,
)
from onetonne.ledger.acts.crediting import account_of_kind
from onetonne.ledger.acts.decided import digest
from onetonne.ledger.acts.ends import sink_number
from onetonne.ledger.article6.mechanism_commands import (
    RemedyReversal,
    ReportReversal,
    SettleBuffer,
)
from onetonne.ledger.article6.mechanism_events import (
    BufferSettled,
    ReversalRemedied,
    ReversalReported,
)
from onetonne.ledger.article6.policy import chosen
from onetonne.ledger.events import Cancelled, Event, Moved
from onetonne.ledger.items import (
    BUFFER,
    MAX_PIECES,
    MAX_QUANTITY,
    PENDING,
    Context,
    Pick,
    check_effective,
    source_account,
)
from onetonne.ledger.lanes import Holding
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

REVERSAL = "reversal"
KINDS = ("unavoidable", "avoidable")
Piece = tuple[int, Holding]


def report(state: State, act: ReportReversal, ctx: Context) -> tuple[Event, ...]:
    row = activity_of(state, act.activity)
    in_state(row, "report_reversal", REGISTERED, SUSPENDED, AFTER)
    if not row.risk:
        raise Refused("no_reversal_risk", activity=act.activity)
    if act.kind not in KINDS:
        raise Refused("unknown_kind", kind=act.kind, what="reversal", known=", ".join(KINDS))
    if not 0 < act.quantity <= MAX_QUANTITY:
        raise Refused("bad_quantity", quantity=act.quantity, limit=MAX_QUANTITY)
    digest("digest", act.digest)
    own, pool, moves = 0, 0, tuple[Event, ...]()
    if act.kind == "unavoidable":
        own, pool, moves = _from_buffer(state, ctx, act)
    # After this point the report must succeed.
    event = ReversalReported(
        activity=act.activity,
        kind=act.kind,
        quantity=act.quantity,
        day=ctx.request.effective or ctx.day,
        digest=act.digest,
        own=own,
        pool=pool,
    )
    return (event, *moves)


def _from_buffer(
    state: State, ctx: Context, act: ReportReversal
) -> tuple[int, int, tuple[Event, ...]]:
    """The activity's own part of the buffer first, then that of all others: they answer for one
    another. Lots in the order of their issuance, lowest serials first."""
    buffer = account_of_kind(state, BUFFER).account
    sink = sink_number(state, REVERSAL)
    mine, others = _held(state, buffer, act.activity)
    has, beside = _total(mine), _total(others)
    if act.quantity > has + beside:
        raise Refused(
            "buffer_too_small", activity=act.activity, asked=act.quantity, own=has, pool=beside
        )
    moves = _moves(state, ctx, [*mine, *others], act.quantity, buffer, sink)
    own = min(act.quantity, has)
    return own, act.quantity - own, (Cancelled(source=buffer, kind=REVERSAL), *moves)


def _held(state: State, buffer: int, activity: str) -> tuple[list[Piece], list[Piece]]:
    """Free holdings in the buffer: of the activity, and of others."""
    mine: list[Piece] = []
    others: list[Piece] = []
    for number, lot in sorted(state.lots.items()):
        for _, held in sorted(state.lane(number).rows.items()):
            if held.account == buffer and not held.locks:
                (mine if lot.project == activity else others).append((number, held))
    return mine, others


def _total(pieces: list[Piece]) -> int:
    return sum(held.next - held.first for _, held in pieces)


def _moves(
    state: State, ctx: Context, pieces: list[Piece], quantity: int, source: int, target: int
) -> Iterator[Moved]:
    """Moves of so many units from the first pieces on."""
    for number, held in pieces:
        take = min(quantity, held.next - held.first)
        if not take:
            return
        ctx.pieces += 1
        if ctx.pieces > MAX_PIECES:
            raise Refused("too_fragmented", pieces=ctx.pieces, limit=MAX_PIECES)
        check_effective(state, ctx, [held])
        yield Moved(
            lot=number,
            first=held.first,
            next=held.first + take,
            source=source,
            target=target,
            held=((held.first, held.moved),),
        )
        quantity -= take


def remedy(state: State, act: RemedyReversal, ctx: Context) -> tuple[Event, ...]:
    told = state.reversals.get(act.reversal)
    if told is None:
        raise Refused("unknown_reversal", reversal=act.reversal)
    row = state.activities[told.activity]
    source_account(state, ctx, act.source)
    sink = sink_number(state, REVERSAL)
    pick = Pick(state, ctx, act.source, "cancel", REVERSAL).take(act.items)
    for number, *_ in pick.blocks:
        if state.lots[number].unit != row.unit:
            lot = state.lots[number]
            raise Refused("not_of_mechanism", lot=number, unit=lot.unit, wanted=row.unit)
    left = told.quantity - told.remedied
    if pick.quantity() > left:
        raise Refused("more_than_owed", reversal=act.reversal, left=left, asked=pick.quantity())
    # After this point the remedy must succeed.
    return (
        ReversalRemedied(reversal=act.reversal, quantity=pick.quantity()),
        Cancelled(source=act.source, kind=REVERSAL),
        *pick.moves(sink),
    )


def settle(state: State, act: SettleBuffer, ctx: Context) -> tuple[Event, ...]:
    row = activity_of(state, act.activity)
    in_state(row, "settle_buffer", CLOSED)
    if row.owed:
        raise Refused("reversal_owed", activity=row.activity, owed=row.owed)
    digest("digest", act.digest)
    buffer = account_of_kind(state, BUFFER).account
    mine, others = _held(state, buffer, act.activity)
    quantity = _total(mine)
    if not quantity:
        raise Refused(
            "buffer_too_small", activity=act.activity, asked=1, own=0, pool=_total(others)
        )
    outcome = chosen(state.choices, ctx.law, "buffer_at_end")
    cancels = outcome == "CANCEL"
    target = sink_number(state, REVERSAL) if cancels else account_of_kind(state, PENDING).account
    moves = tuple(_moves(state, ctx, mine, quantity, buffer, target))
    # After this point the end of the buffer must succeed.
    head = BufferSettled(
        activity=act.activity, outcome=outcome, quantity=quantity, digest=act.digest
    )
    cancelled = (Cancelled(source=buffer, kind=REVERSAL),) if cancels else ()
    return (head, *cancelled, *moves)
