"""Label: mark serials without moving them.

A write-once kind is written once per serial; a dated kind may be written again, and the
newest on a day is the one that is read.
"""

from datetime import date

from onetonne.base.parties import is_party
from onetonne.ledger.commands import Item, Label
from onetonne.ledger.events import Event, Labelled
from onetonne.ledger.items import MAX_ITEMS, Context, Pick, lot_of, offsets, printed, unit_permits
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.units import LabelKind

MAX_VALUE = 400


def label(state: State, act: Label, ctx: Context) -> tuple[Event, ...]:
    kind = ctx.law.label_kinds.get(act.kind)
    if kind is None:
        known = ", ".join(sorted(ctx.law.label_kinds))
        raise Refused("unknown_kind", kind=act.kind, what="label kind", known=known)
    if not act.items:
        raise Refused("empty_request")
    if len(act.items) > MAX_ITEMS:
        raise Refused("too_many_items", count=len(act.items), limit=MAX_ITEMS)
    _check_value(kind, act.value)
    events: list[Labelled] = []
    for item in act.items:
        lot = lot_of(state, item.lot)
        unit_permits(ctx.law, lot, "label", "")
        if item.quantity:
            raise Refused("item_malformed", item=f"quantity {item.quantity}: a label takes serials")
        first, next_ = offsets(lot, item.serials) if item.serials else (0, lot.size)
        event = Labelled(kind=act.kind, lot=lot.lot, first=first, next=next_, value=act.value)
        if act.source:
            # Whoever marks units as their holder holds them, free.
            own = Item(lot=lot.lot, serials=printed(lot, first, next_))
            Pick(state, ctx, act.source, "label").take((own,))
        _once(state, event, events, ctx.seq, kind.write_once)
        events.append(event)
    # After this point the label must succeed.
    return tuple(events)


def _once(state: State, new: Labelled, before: list[Labelled], seq: int, write_once: bool) -> None:
    """A write-once label is written once per serial; any label once per serial and entry."""
    serials = printed(lot_of(state, new.lot), new.first, new.next)
    for row in state.labels.values():
        same = row.lot == new.lot and row.kind == new.kind
        if same and row.first < new.next and new.first < row.next:
            if row.labelled == seq:
                raise Refused("named_twice", lot=new.lot, serials=serials)
            if not write_once:
                continue
            raise Refused(
                "label_written", kind=new.kind, lot=new.lot, serials=serials, entry=row.labelled
            )
    for old in before:
        if old.lot == new.lot and old.first < new.next and new.first < old.next:
            raise Refused("named_twice", lot=new.lot, serials=serials)


def _check_value(kind: LabelKind, value: str) -> None:
    expected = {
        "none": ("no value", not value),
        "text": (f"text of 1 to {MAX_VALUE} characters", 0 < len(value) <= MAX_VALUE),
        "day": ("a day, e.g. 2025-12-31", _is_day(value)),
        "party": ("a Party code, e.g. TH", is_party(value)),
        "count": ("a whole number", value.isascii() and value.isdigit() and len(value) <= 18),
    }[kind.value]
    if not expected[1]:
        raise Refused("bad_label_value", kind=kind.code, expected=expected[0], found=value[:80])


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
