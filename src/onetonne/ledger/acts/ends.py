"""The ends of a unit that its holder chooses: retirement, and cancellation by kind.

Each moves serials into the sink of its kind, with the facts that the end must state.
What entered a sink leaves it only by a correction.
"""

from onetonne.ledger.article6.recalls import HOME
from onetonne.ledger.commands import Cancel, Item, Retire
from onetonne.ledger.events import Cancelled, Event, Moved, Retired
from onetonne.ledger.items import Context, Pick, printed, source_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

MAX_TEXT = 200
"""Codes and periods are short; what is long belongs in a document, by digest."""


def sink_number(state: State, sink: str) -> int:
    """The account of a sink. Refuses a sink that this ledger never opened."""
    for account in state.accounts.values():
        if account.sink == sink and not account.closed:
            return account.account
    known = ", ".join(sorted(a.sink for a in state.accounts.values() if a.sink))
    raise Refused("unknown_kind", kind=sink, what="sink", known=known)


def _end(
    state: State, ctx: Context, act: str, source: int, items: tuple[Item, ...], sink: str
) -> tuple[Moved, ...]:
    source_account(state, ctx, source)
    target = sink_number(state, sink)
    return Pick(state, ctx, source, act, sink).take(items).moves(target)


def retire(state: State, act: Retire, ctx: Context) -> tuple[Event, ...]:
    purpose = ctx.law.purposes.get(act.purpose)
    if purpose is None:
        known = ", ".join(sorted(ctx.law.purposes))
        raise Refused("unknown_kind", kind=act.purpose, what="purpose", known=known)
    if not act.beneficiary:
        raise Refused("missing_beneficiary")
    _period(act.period, needed=purpose.period, act="retire", kind=act.purpose)
    moves = _end(state, ctx, "retire", act.source, act.items, "retirement")
    # After this point the retirement must succeed.
    head = Retired(
        certificate=state.counts["certificate"] + 1,
        source=act.source,
        beneficiary=act.beneficiary,
        purpose=act.purpose,
        period=act.period,
    )
    return (head, *moves)


def cancel(state: State, act: Cancel, ctx: Context) -> tuple[Event, ...]:
    if act.kind not in ctx.law.cancellation_kinds:
        known = ", ".join(sorted(ctx.law.cancellation_kinds))
        raise Refused("unknown_kind", kind=act.kind, what="cancellation kind", known=known)
    moves = _end(state, ctx, "cancel", act.source, act.items, act.kind)
    if act.kind == HOME:
        _never_left(state, moves)
    # After this point the cancellation must succeed.
    return (Cancelled(source=act.source, kind=act.kind, reason=act.reason), *moves)


def _never_left(state: State, moves: tuple[Moved, ...]) -> None:
    """A host counts nothing at home for which it adjusts its emissions already."""
    for move in moves:
        lot = state.lots[move.lot]
        for mark in state.first_transfers.over(move.lot, move.first, move.next):
            serials = printed(lot, max(mark.first, move.first), min(mark.next, move.next))
            raise Refused(
                "left_its_host", lot=lot.lot, serials=serials, entry=mark.entry, host=lot.host
            )


def _period(period: str, *, needed: bool, act: str, kind: str) -> None:
    if needed and not period:
        raise Refused("missing_period", act=act, kind=kind)
    if len(period) > MAX_TEXT:
        raise Refused("bad_text", field="period", found=period[:80], expected="e.g. 2025")
