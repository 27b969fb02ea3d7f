"""Lock and lift: serials stay where they are and may not move until the lock is lifted.

Pledge, freeze, proposal and hand-over are all locks, and they stack. Who may lift one is
set when it is made: its setter, the person it names, or an authority.
"""

from onetonne.ledger.commands import Lift, Lock
from onetonne.ledger.events import Event, Lifted, Locked
from onetonne.ledger.items import Context, Pick, open_account
from onetonne.ledger.lanes import Holding, Lane, restate, without
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import LockRow

MANAGED = ("proposal", "handover")
"""Locks that a procedure sets and lifts; nobody does so by hand."""


def lock(state: State, act: Lock, ctx: Context) -> tuple[Event, ...]:
    kind = ctx.law.lock_kinds.get(act.kind)
    if kind is None or act.kind in MANAGED:
        known = ", ".join(sorted(k for k in ctx.law.lock_kinds if k not in MANAGED))
        raise Refused("unknown_kind", kind=act.kind, what="lock kind", known=known)
    account = open_account(state, act.source)
    if account.sink or account.kind == "peer":
        raise Refused("sink_is_final", account=act.source, sink=account.sink or "peer")
    if account.two_people and not ctx.approved and act.kind != "freeze":
        raise Refused("needs_two_people", account=act.source)
    if act.until is not None and act.until <= ctx.day:
        raise Refused("day_has_passed", day=str(act.until), today=str(ctx.day))
    lifter = state.persons.get(act.lift_by)
    if act.lift_by and (lifter is None or not lifter.active):
        raise Refused("unknown_person", person=act.lift_by)
    if kind.lifted_by == "named_party" and not act.lift_by:
        raise Refused("missing_fact", unit=f"lock {act.kind}", missing="lift_by")
    if kind.code == "freeze" and all(item.serials for item in act.items):
        # An authority's freeze of named serials stacks on whatever lock lies there already; one of
        # an amount takes free ones, or it would freeze nothing that could still move.
        ctx.stacks = True
    pick = Pick(state, ctx, act.source, "lock").take(act.items)
    # What the freeze may pass, the next act of the same basket may not.
    ctx.stacks = False
    # After this point the lock must succeed.
    event = Locked(
        lock=state.counts["lock"] + 1,
        kind=act.kind,
        blocks=tuple((lot, first, next_) for lot, first, next_, _ in pick.blocks),
        held=tuple(tuple(key for key, _ in held) for _, _, _, held in pick.blocks),
        set_by=ctx.request.by,
        lift_by=act.lift_by,
        until=act.until,
        reason=act.reason,
    )
    return (event,)


def lift(state: State, act: Lift, ctx: Context) -> tuple[Event, ...]:
    row = state.locks.get(act.lock)
    if row is None or row.lifted:
        raise Refused("unknown_lock", lock=act.lock)
    if row.kind in MANAGED:
        raise Refused("lock_is_managed", lock=act.lock, kind=row.kind)
    _may_lift(state, row, ctx)
    return (lifted(state, row),)


def _may_lift(state: State, row: LockRow, ctx: Context) -> None:
    by = ctx.request.by
    kind = ctx.law.lock_kinds.get(row.kind)
    who = kind.lifted_by if kind else "setter"
    person = state.persons.get(by)
    if who == "authority":
        allowed, expected = bool(person and "authority" in person.roles), "an authority"
    elif who == "named_party":
        allowed, expected = by == row.lift_by, f"person {row.lift_by}"
    else:
        allowed, expected = by in (row.set_by, row.lift_by), f"person {row.set_by}"
    if not allowed:
        raise Refused("lock_not_yours", lock=row.lock, lift_by=expected, person=by)


def lifted(state: State, row: LockRow, expired: bool = False) -> Lifted:
    """The event that ends a lock. Neighbours that then differ in nothing are named too, so
    that they join again; each block is read as the blocks before it leave the lane."""
    lanes: dict[int, Lane] = {}
    for lot, first, next_ in row.blocks:
        lane = lanes.setdefault(lot, Lane())
        for h in state.lane(lot).cover(max(first - 1, 0), next_ + 1):
            lane.add(h)
    held = []
    for lot, first, next_ in row.blocks:
        keys = tuple(h.first for h in _around(lanes[lot], first, next_, row.lock))
        restate(lanes[lot], (first, next_), keys, without(row.lock))
        held.append(keys)
    return Lifted(lock=row.lock, blocks=row.blocks, held=tuple(held), expired=expired)


def _around(lane: Lane, first: int, next_: int, lock: int) -> list[Holding]:
    held = lane.cover(first, next_)
    below = lane.cover(first - 1, first) if first else []
    above = lane.cover(next_, next_ + 1)
    if below and _joins(below[0], held[0], lock):
        held = [*below, *held]
    if above and _joins(above[0], held[-1], lock):
        held = [*held, *above]
    return held


def _joins(outside: Holding, inside: Holding, lock: int) -> bool:
    rest = tuple(n for n in inside.locks if n != lock)
    return (
        outside.account == inside.account
        and outside.moved == inside.moved
        and outside.locks == rest
        and outside.first != inside.first
    )
