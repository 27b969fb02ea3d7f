"""What all acts and all events have in common: how they are told apart, that they never change,
that a field which nobody knows is refused. And an item, which many acts take."""

import msgspec


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Serials of one lot: a block as printed ("1-500", "7"), or a quantity.

    Of a quantity the highest free serials go; the giver keeps the lowest.
    """

    lot: int
    serials: str = ""
    quantity: int = 0


class ActShape(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="act",
    kw_only=True,
):
    """An act names itself in `act`."""


class EventShape(
    msgspec.Struct, frozen=True, omit_defaults=True, tag_field="do", kw_only=True, gc=False
):
    """An event names itself in `do`."""
