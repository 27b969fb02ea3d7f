"""What no history may hold of a crediting mechanism; part of the watch in `ledger.lawful`.

Levies are what their own rates make of the issuance and lie where they belong; nothing is issued
beyond what was verified, outside a registered activity, or for what was credited before; an
activity takes no step that leads nowhere; the buffer answers for no more than was reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from onetonne.ledger.acts.activities import CLOSED, REGISTERED, STEPS
from onetonne.ledger.acts.crediting import LEVY_TO
from onetonne.ledger.acts.reversals import REVERSAL
from onetonne.ledger.article6 import mechanism_events as ev
from onetonne.ledger.article6.finality import closing
from onetonne.ledger.article6.lawful_uses import earlier
from onetonne.ledger.article6.levies import adds_up, goes_on
from onetonne.ledger.events import Issued, Moved
from onetonne.ledger.items import BUFFER, PENDING

if TYPE_CHECKING:
    from onetonne.ledger.article6.mechanism_tables import Activity
    from onetonne.ledger.lawful import Watch
    from onetonne.ledger.tables import Account


def _advanced(w: Watch, e: ev.ActivityAdvanced) -> None:
    row, step = w.state.activities.get(e.activity), STEPS.get(e.step)
    known = row is not None and step is not None
    if not (known and row.state == e.before and e.before in step.before and e.after == step.after):  # type: ignore[union-attr]
        w.say("unlawful_activity", f"{e.activity}: {e.step} from {e.before} to {e.after}")


def _verified(w: Watch, e: ev.ReductionsVerified) -> None:
    row = w.state.activities.get(e.activity)
    within = (
        row is not None
        and row.state == REGISTERED
        and row.first is not None
        and row.last is not None
        and row.first <= e.first <= e.last <= row.last
    )
    again = any(
        other.activity == e.activity and e.first <= other.last and other.first <= e.last
        for other in w.state.verifications.values()
    )
    if not within or again or w.entry.seq in w.state.verifications:
        w.say("unlawful_activity", f"{e.activity} verified for {e.first} - {e.last}")


def _levied(w: Watch, e: ev.CreditsLevied) -> None:
    lot = w.state.lots.get(e.lot)
    row = w.state.activities.get(e.activity)
    told = w.state.verifications.get(e.verification)
    if lot is None or row is None or told is None:
        w.say("unlawful_levy", f"lot {e.lot} of {e.activity}")
        return
    fits = (
        row.state == REGISTERED
        and not row.owed
        and told.activity == e.activity == lot.project
        and lot.size <= told.quantity - told.issued
        and lot.vintage == told.first.year
        and e.lot not in w.state.levies
    )
    whole = sum(share.units for share in e.shares) + e.rest == lot.size
    adds = adds_up(lot.size, e.shares, e.levy_capped) and goes_on(lot.size, e.shares, row.carries)
    net = any(share.net != (e.buffer_base == "NET") for share in e.shares if share.name == "buffer")
    fits = fits and _claims(w, e) and _due(e, row)
    if not fits or not whole or not adds or net:
        w.say("unlawful_levy", f"lot {e.lot} of {e.activity}: {lot.size} units")
    elif _moves(w, e.lot)[: len(_wanted(e))] != _wanted(e):
        w.say("unlawful_levy", f"lot {e.lot}: moves {_moves(w, e.lot)[:3]}")


def _claims(w: Watch, e: ev.CreditsLevied) -> bool:
    """Whether this entry claims for the lot what it was verified for."""
    told = w.state.verifications[e.verification]
    return any(
        isinstance(one, ev.ReductionClaimed)
        and (one.lot, one.first, one.last) == (e.lot, told.first, told.last)
        for one in w.entry.events
    )


def _due(e: ev.CreditsLevied, row: Activity) -> bool:
    """Whether every levy is there that the activity owes, with its own share for the buffer. How
    much the others are is the law's."""
    shares = {share.name: share for share in e.shares}
    due = {"omge"} | ({"buffer"} if row.risk else set()) | (set() if row.sop_exempt else {"sop"})
    if shares.keys() != due or len(e.shares) != len(due) or e.sop_exempt != row.sop_exempt:
        return False
    try:
        risk = not row.risk or Fraction(shares["buffer"].rate) == Fraction(row.risk)
        levied = all(Fraction(share.rate) > 0 for share in e.shares)
        return risk and levied
    except (ValueError, ZeroDivisionError):
        return False


def _wanted(e: ev.CreditsLevied) -> list[tuple[int, int, str]]:
    """From where to where each levy takes which serials."""
    found, at = [], 0
    for share in e.shares:
        if share.units:
            found.append((at, at + share.units, LEVY_TO.get(share.name, "")))
        at += share.units
    return found


def _moves(w: Watch, lot: int) -> list[tuple[int, int, str]]:
    """What the entry moves of the lot that it issues, by the kind of account or the end."""
    found = []
    for event in w.entry.events:
        if isinstance(event, Moved) and event.lot == lot:
            source, target = (w.state.accounts.get(n) for n in (event.source, event.target))
            to = (target.sink or target.kind) if target else ""
            pending = source is not None and source.kind == PENDING
            found.append((event.first, event.next, to if pending else ""))
    return found


def _claimed(w: Watch, e: ev.ReductionClaimed) -> None:
    lot = w.state.lots.get(e.lot)
    if lot is None or lot.project != e.project or not e.first <= e.last:
        w.say("unlawful_levy", f"lot {e.lot} claimed for {e.project}")
        return
    for row in w.state.claims.values():
        shares = row.key in e.keys and row.project != e.project
        if shares and e.first <= row.last and row.first <= e.last:
            w.say("unlawful_levy", f"lot {e.lot}: {row.key} was credited as lot {row.lot}")
            return


def credited(w: Watch, e: Issued) -> None:
    """Units of an activity are issued with their levies, by no other entry."""
    row = w.state.activities.get(e.project)
    levied = any(
        isinstance(event, ev.CreditsLevied) and event.lot == e.lot for event in w.entry.events
    )
    if row is not None and row.unit == e.unit and not levied:
        w.say("unlawful_levy", f"lot {e.lot} of {e.project}: not levied")


def left_registry(w: Watch, e: Moved, source: Account, target: Account) -> None:
    """Units leave the mechanism's own accounts by its own acts: pending ones as levies or to their
    participants, those of the buffer for a reversal or at its end."""
    if source.kind == PENDING:
        lot = w.state.lots.get(e.lot)
        activity = w.state.activities.get(lot.project) if lot else None
        levied = any(isinstance(x, ev.CreditsLevied) and x.lot == e.lot for x in w.entry.events)
        known = activity is not None and target.account in activity.participants
        if not (known or (levied and (target.sink or target.kind) in LEVY_TO.values())):
            w.say("unlawful_levy", f"lot {e.lot} {e.first}-{e.next - 1} > {target.account}")
    else:
        told = any(isinstance(x, ev.ReversalReported | ev.BufferSettled) for x in w.entry.events)
        freed = any(
            isinstance(x, ev.BufferSettled) and x.outcome == "RELEASE" for x in w.entry.events
        )
        if not told or not (target.sink == REVERSAL or (freed and target.kind == PENDING)):
            w.say("unlawful_reversal", f"lot {e.lot} {e.first}-{e.next - 1} > {target.account}")


def _from_buffer(w: Watch) -> list[Moved]:
    """What this entry moves out of the buffer."""
    moves = (event for event in w.entry.events if isinstance(event, Moved))
    accounts = w.state.accounts
    return [m for m in moves if m.source in accounts and accounts[m.source].kind == BUFFER]


def _units(moves: Iterable[Moved]) -> int:
    return sum(move.next - move.first for move in moves)


def _reversed(w: Watch, e: ev.ReversalReported) -> None:
    """An unavoidable one is met from the buffer, by all reports and ends of the entry together no
    more units than they say."""
    told = 0
    for one in w.entry.events:
        if isinstance(one, ev.ReversalReported):
            told += one.own + one.pool
        elif isinstance(one, ev.BufferSettled):
            told += one.quantity
    due = e.quantity if e.kind == "unavoidable" else 0
    known = e.activity in w.state.activities and w.entry.seq not in w.state.reversals
    if not known or e.own + e.pool != due or _units(_from_buffer(w)) != told:
        w.say("unlawful_reversal", f"{e.activity}: {e.own + e.pool} of {e.quantity}")


def _settled(w: Watch, e: ev.BufferSettled) -> None:
    """The buffer of a closed activity that owes nothing ends whole, and no other with it."""
    row = w.state.activities.get(e.activity)
    lots = w.state.lots
    mine = [m for m in _from_buffer(w) if m.lot in lots and lots[m.lot].project == e.activity]
    over = row is not None and row.state == CLOSED and not row.owed
    if not over or not 0 < e.quantity == _units(mine):
        w.say("unlawful_reversal", f"{e.activity}: {e.quantity} at the end of the buffer")


def _remedied(w: Watch, e: ev.ReversalRemedied) -> None:
    told = w.state.reversals.get(e.reversal)
    row = w.state.activities.get(told.activity) if told else None
    moved = sum(
        m.next - m.first
        for m in w.entry.events
        if isinstance(m, Moved) and row is not None and w.state.lots[m.lot].unit == row.unit
        and w.state.accounts[m.target].sink == REVERSAL
    )  # fmt: skip
    if told is None or e.quantity > told.quantity - told.remedied or moved < e.quantity:
        w.say("unlawful_reversal", f"reversal {e.reversal}: {e.quantity}")


def _earlier(w: Watch, e: ev.EarlierUsed) -> None:
    pledges = [row for row in w.state.ndcs.values() if row.party == e.party]
    first = min((row.first for row in pledges), default=0)
    named = any(row.first == first and row.first <= e.year <= row.last for row in pledges)
    named = named and not closing(w.state, e.party, e.year)
    lot = w.state.lots.get(e.lot)
    named = named and earlier(w, e)
    if not named or lot is None or lot.facts.get("registration") != e.registered:
        w.say("unlawful_outcome_use", f"lot {e.lot} for {e.party} {e.year}")


CHECKS: dict[type, Callable[[Any, Any], None]] = {
    ev.ActivitySubmitted: lambda w, e: w.once("activity", e.activity, w.state.activities),
    ev.ActivityAdvanced: _advanced,
    ev.ReductionsVerified: _verified,
    ev.CreditsLevied: _levied,
    ev.ReductionClaimed: _claimed,
    ev.ReversalReported: _reversed,
    ev.ReversalRemedied: _remedied,
    ev.BufferSettled: _settled,
    ev.EarlierUsed: _earlier,
}
