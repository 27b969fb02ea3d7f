"""Recognise: an authority approves serials, or whole lots, for a system after review, on the
host's statement; it may set conditions and a last day, and may withdraw what it approved.
"""

from onetonne.ledger.acts.decided import digest
from onetonne.ledger.commands import Recognise, WithdrawRecognition
from onetonne.ledger.events import Event, Recognised, RecognitionWithdrawn
from onetonne.ledger.items import MAX_ITEMS, Context, lot_of, offsets, printed
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import system_of

MAX_CONDITIONS = 400


def recognise(state: State, act: Recognise, ctx: Context) -> tuple[Event, ...]:
    system_of(ctx, act.system)
    if not act.items:
        raise Refused("empty_request")
    if len(act.items) > MAX_ITEMS:
        raise Refused("too_many_items", count=len(act.items), limit=MAX_ITEMS)
    if act.statement:
        digest("statement", act.statement)
    for field in ("conditions", "effect"):
        text = getattr(act, field)
        if len(text) > MAX_CONDITIONS:
            expected = f"at most {MAX_CONDITIONS} characters"
            raise Refused("bad_text", field=field, found=text[:80], expected=expected)
    if act.until is not None and act.until < ctx.day:
        raise Refused("day_has_passed", day=str(act.until), today=str(ctx.day))
    events: list[Recognised] = []
    for item in act.items:
        lot = lot_of(state, item.lot)
        if item.quantity:
            raise Refused("item_malformed", item="a recognition takes serials")
        first, next_ = offsets(lot, item.serials) if item.serials else (0, lot.size)
        if any(e.lot == lot.lot and e.first < next_ and first < e.next for e in events) or any(
            row.recognition == ctx.seq
            and row.system == act.system
            and row.lot == lot.lot
            and row.first < next_
            and first < row.next
            for row in state.recognitions.values()
        ):
            raise Refused("named_twice", lot=lot.lot, serials=printed(lot, first, next_))
        events.append(
            Recognised(
                system=act.system,
                lot=lot.lot,
                first=first,
                next=next_,
                statement=act.statement,
                conditions=act.conditions,
                effect=act.effect,
                until=act.until,
            )
        )
    # After this point the recognition must succeed.
    return tuple(events)


def withdraw(state: State, act: WithdrawRecognition, ctx: Context) -> tuple[Event, ...]:
    rows = [row for row in state.recognitions.values() if row.recognition == act.recognition]
    if not any(not row.withdrawn for row in rows):
        raise Refused("unknown_recognition", entry=act.recognition)
    if not act.reason:
        raise Refused("bad_text", field="reason", found="empty", expected="the reason")
    # After this point the withdrawal must succeed.
    return (RecognitionWithdrawn(recognition=act.recognition, reason=act.reason),)
