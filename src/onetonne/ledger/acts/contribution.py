"""Units of a mechanism between contribution and transfer: what an authorisation does to them.

What is not authorised (a mitigation contribution unit) stays with its host. What is levied of
authorised units is first transferred when it is levied; of units that are authorised later, when
they are, if the ledger says so. Source: 3/CMA.3 annex; 7/CMA.4; 6/CMA.6.
"""

from msgspec.structs import replace

from onetonne.ledger.acts.first_transfer import (
    Part,
    common,
    in_scope,
    leaves,
    minus,
    of_host,
    where,
)
from onetonne.ledger.article6.events import Block, FirstTransferred
from onetonne.ledger.article6.mechanism_tables import Levies
from onetonne.ledger.article6.policy import chosen
from onetonne.ledger.article6.standing import is_dead
from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.events import Event, Moved
from onetonne.ledger.items import BUFFER, FUND, PENDING, Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Lot
from onetonne.ledger.units import Law, day_in


def stays_home(state: State, ctx: Context, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events, unless they take units that are not authorised to another Party."""
    for event in events:
        if not isinstance(event, Moved) or event.lot not in state.lots:
            continue
        lot = state.lots[event.lot]
        if leaves(lot, state.accounts[event.target]) and _issued_there(ctx.law, lot):
            _authorised(state, ctx, lot, (event.first, event.next), events)
    return events


def _issued_there(law: Law, lot: Lot) -> bool:
    """Whether a mechanism of the law issues a lot's units."""
    return any(lot.unit == row.unit for row in law.mechanisms.values())


def _authorised(
    state: State, ctx: Context, lot: Lot, part: Part, events: tuple[Event, ...]
) -> None:
    parts = state.first_transfers.free(lot.lot, *part)
    for event in events:
        if isinstance(event, FirstTransferred) and event.lot == lot.lot:
            parts = minus(parts, list(event.blocks))
    for row in of_host(state, lot.host):
        if not is_dead(row, ctx.request.effective or ctx.day):
            parts = minus(parts, in_scope(row, lot, ctx.law))
    if parts:
        raise Refused("mcu_stays", lot=lot.lot, serials=where(lot, parts), host=lot.host)


def left_out(
    state: State, ctx: Context, row: Authorisation, old: Authorisation | None
) -> tuple[Block, ...]:
    """What an authorisation cannot reach of units that were issued before it: those that were
    transferred or used since, those that are too late, and levies where the ledger says so. Its
    next version reaches of a lot what the one before did."""
    blocks: list[Block] = []
    for number, levies in sorted(state.levies.items()):
        lot = state.lots.get(number)
        if lot is None or not in_scope(row, lot, ctx.law):
            continue
        if old is not None and in_scope(replace(old, left_out=()), lot, ctx.law):
            out = [(low, high) for lot_, low, high in old.left_out if lot_ == number]
        else:
            out = [(0, lot.size)] if _late(state, ctx, levies) else _gone(state, ctx, levies)
        blocks += [(number, low, high) for low, high in out]
        _named(row, lot, out)
    return tuple(blocks)


def _late(state: State, ctx: Context, levies: Levies) -> bool:
    """Whether the last day for authorising issued units has passed; that day itself has not."""
    answer = chosen(state.choices, ctx.law, "mcu_authorization_deadline")
    day = ctx.request.effective or ctx.day
    if answer.isdigit():
        return (day - levies.day).days > int(answer)
    last = day_in(answer)
    return last is not None and day > last


def _gone(state: State, ctx: Context, levies: Levies) -> list[Part]:
    """Parts of a lot that are no longer where the issuance and its forwarding put them."""
    parts: list[Part] = []
    covers = chosen(state.choices, ctx.law, "retro_auth_covers_levies") == "true"
    activity = state.activities[levies.activity]
    for _, held in sorted(state.lane(levies.lot).rows.items()):
        account = state.accounts.get(held.account)
        kind = account.kind if account else ""
        low, high = max(held.first, levies.sop), max(held.next, levies.sop)
        if held.first < levies.sop and not (covers and kind == FUND):
            parts.append((held.first, min(held.next, levies.sop)))
        end = levies.sop + levies.omge
        if low < end and high > low and not covers:
            parts.append((low, min(high, end)))
        low = max(low, end)
        kept = kind in (PENDING, BUFFER) or held.account in activity.participants
        if low < high and not kept:
            parts.append((low, high))
    return _joined(parts)


def _joined(parts: list[Part]) -> list[Part]:
    """Parts in order, neighbours as one."""
    out: list[Part] = []
    for low, high in sorted(parts):
        if out and out[-1][1] == low:
            low = out.pop()[0]
        out.append((low, high))
    return out


def _named(row: Authorisation, lot: Lot, out: list[Part]) -> None:
    """What the act itself names must be within reach."""
    named = sorted((low, high) for number, low, high in row.blocks if number == lot.lot)
    lost = common(named, out)
    if lost:
        raise Refused(
            "too_late_to_authorise",
            authorisation=row.authorisation,
            lot=lot.lot,
            serials=where(lot, lost),
        )
