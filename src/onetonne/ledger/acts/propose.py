"""Two people: one proposes, another approves, rejects; the proposer may withdraw.

A proposal holds its serials by a lock of its own. Approval decides anew: what has become
impossible since is refused then, and the proposal stands until it is settled or expires.
"""

from collections.abc import Callable, Iterator
from typing import get_args

import msgspec

from onetonne.ledger.acts import duties
from onetonne.ledger.acts.lock import lifted
from onetonne.ledger.article6.commands import Article6Act
from onetonne.ledger.article6.mechanism_commands import MechanismAct
from onetonne.ledger.commands import (
    Admit,
    Allocate,
    Approve,
    Cancel,
    Convert,
    Correct,
    Expire,
    Issue,
    Lock,
    Plain,
    Propose,
    Recognise,
    Reject,
    ReportEmissions,
    Retire,
    ReturnExcess,
    SetCap,
    SetFigure,
    Surrender,
    Transfer,
    Withdraw,
    encode_acts,
)
from onetonne.ledger.events import Converted, Event, Locked, Moved, Proposed, Settled
from onetonne.ledger.items import Context, keyed
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State, evolve
from onetonne.ledger.tables import LockRow, Proposal

PROPOSABLE = (
    Issue,
    Admit,
    Transfer,
    Retire,
    Cancel,
    Surrender,
    Convert,
    Correct,
    Lock,
    SetCap,
    Allocate,
    SetFigure,
    ReportEmissions,
    ReturnExcess,
    Recognise,
    *get_args(Article6Act),
    *get_args(MechanismAct),
)
_decode = msgspec.json.Decoder(tuple[Plain, ...]).decode

Inner = Callable[[State, tuple[Plain, ...], Context], tuple[Event, ...]]
"""Decides acts in order on a copy of the state; `decide` hands itself in."""


def propose(state: State, act: Propose, ctx: Context, inner: Inner) -> tuple[Event, ...]:
    if not act.acts:
        raise Refused("empty_request")
    for asked in act.acts:
        if not isinstance(asked, PROPOSABLE):
            raise Refused("bad_proposal", act=str(asked.__struct_config__.tag))
    if act.until is not None and act.until <= ctx.day:
        raise Refused("day_has_passed", day=str(act.until), today=str(ctx.day))
    ctx.approved = True
    asked_for = inner(state.fork(), act.acts, ctx)
    number = state.counts["proposal"] + 1
    holds = _hold(state, act, ctx, asked_for)
    # After this point the proposal must succeed.
    proposed = Proposed(
        proposal=number,
        acts=encode_acts(act.acts).decode(),
        by=ctx.request.by,
        lock=holds.lock if holds else 0,
        until=act.until,
    )
    return (holds, proposed) if holds else (proposed,)


def _hold(state: State, act: Propose, ctx: Context, events: tuple[Event, ...]) -> Locked | None:
    """One lock over all serials of today's holdings that the proposed acts would move or lock.
    What a later act takes from an earlier one is held already; what they make is not there."""
    taken: dict[int, list[tuple[int, int]]] = {}
    blocks: list[tuple[int, int, int]] = []
    keys: list[tuple[int, ...]] = []
    for lot, low, high in _touched(events):
        if lot not in state.lots:
            continue
        spans = taken.setdefault(lot, [])
        for first, next_ in _outside(spans, low, high):
            held = state.lane(lot).cover(first, next_)
            blocks.append((lot, first, next_))
            keys.append(tuple(key for key, _ in keyed(spans, held, first, next_)))
    if not blocks:
        return None
    return Locked(
        lock=state.counts["lock"] + 1,
        kind="proposal",
        blocks=tuple(blocks),
        held=tuple(keys),
        set_by=ctx.request.by,
        until=act.until,
        reason=f"proposal {state.counts['proposal'] + 1}",
    )


def _touched(events: tuple[Event, ...]) -> Iterator[tuple[int, int, int]]:
    """The blocks (lot, first, next) that acts would move or lock, in order."""
    for event in events:
        if isinstance(event, Locked):
            yield from event.blocks
        for move in event.burnt if isinstance(event, Converted) else (event,):
            if isinstance(move, Moved):
                yield move.lot, move.first, move.next


def _outside(spans: list[tuple[int, int]], first: int, next_: int) -> list[tuple[int, int]]:
    """The parts of [first, next) that lie outside the sorted spans, lowest first."""
    parts = []
    for low, high in list(spans):
        if high <= first or low >= next_:
            continue
        if first < low:
            parts.append((first, low))
        first = high
    return [*parts, (first, next_)] if first < next_ else parts


def open_proposal(state: State, number: int) -> Proposal:
    row = state.proposals.get(number)
    if row is None:
        raise Refused("unknown_proposal", proposal=number)
    if row.outcome:
        raise Refused("proposal_settled", proposal=number, outcome=row.outcome)
    return row


def approve(state: State, act: Approve, ctx: Context, inner: Inner) -> tuple[Event, ...]:
    row = open_proposal(state, act.proposal)
    if row.until is not None and row.until <= ctx.day:
        # The clock may be late to say so; a late approval is late all the same.
        raise Refused("proposal_settled", proposal=act.proposal, outcome="expired")
    if row.by == ctx.request.by:
        raise Refused("same_person", person=ctx.request.by, proposal=act.proposal)
    _same_lots(state, row)
    release = _release(state, row)
    ctx.approved = True
    fork = state.fork()
    for event in release:
        evolve(fork, event, ctx.seq)
    events = inner(fork, acts_of(row), ctx)
    # After this point the approval must succeed.
    return (*release, Settled(proposal=act.proposal, outcome="approved"), *events)


def _same_lots(state: State, row: Proposal) -> None:
    """A lot that the proposed acts were to make and then name has its number still: what was issued
    meanwhile took it, and nobody asked for these units."""
    named = (item.lot for act in acts_of(row) for item in getattr(act, "items", ()))
    for number in named:
        lot = state.lots.get(number)
        if lot is not None and lot.issued > row.proposed:
            raise Refused("number_taken", what="lot", number=number)


def acts_of(row: Proposal) -> tuple[Plain, ...]:
    """The acts that a proposal asks for."""
    return _decode(row.acts)


def _release(state: State, row: Proposal, expired: bool = False) -> tuple[Event, ...]:
    lock: LockRow | None = state.locks.get(row.lock)
    return (lifted(state, lock, expired),) if lock is not None and not lock.lifted else ()


def reject(state: State, act: Reject, ctx: Context) -> tuple[Event, ...]:
    row = open_proposal(state, act.proposal)
    if row.by == ctx.request.by:
        raise Refused("same_person", person=ctx.request.by, proposal=act.proposal)
    settled = Settled(proposal=act.proposal, outcome="rejected", reason=act.reason)
    return (*_release(state, row), settled)


def withdraw(state: State, act: Withdraw, ctx: Context) -> tuple[Event, ...]:
    row = open_proposal(state, act.proposal)
    if row.by != ctx.request.by:
        raise Refused("not_proposer", by=row.by, proposal=act.proposal)
    return (*_release(state, row), Settled(proposal=act.proposal, outcome="withdrawn"))


def expire(state: State, act: Expire, ctx: Context) -> tuple[Event, ...]:
    events: list[Event] = []
    # One ending may join holdings that the next one names: each is read after those before it.
    fork = state.fork()

    def happen(*made: Event) -> None:
        for event in made:
            evolve(fork, event, ctx.seq)
        events.extend(made)

    for number in act.proposals:
        row = open_proposal(fork, number)
        _due("proposal", number, row, ctx)
        happen(*_release(fork, row, True), Settled(proposal=number, outcome="expired"))
    for number in act.locks:
        lock = fork.locks.get(number)
        if lock is None or lock.lifted or lock.kind == "proposal":
            raise Refused("unknown_lock", lock=number)
        _due("lock", number, lock, ctx)
        happen(lifted(fork, lock, True))
    for number in act.duties:
        happen(*duties.overdue(fork, number, ctx))
    if not events:
        raise Refused("empty_request")
    return tuple(events)


def _due(what: str, number: int, row: Proposal | LockRow, ctx: Context) -> None:
    if row.until is None or row.until > ctx.day:
        until = str(row.until or "-")
        raise Refused("not_yet_due", what=what, number=number, until=until, today=str(ctx.day))
