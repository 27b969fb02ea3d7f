"""The shape of whatever is asked of the ledger: an act, and the items that it takes."""

import msgspec


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Serials of one lot: a block as printed ("1-500", "7"), or a quantity.

    Of a quantity the highest free serials go; the giver keeps the lowest.
    """

    lot: int
    serials: str = ""
    quantity: int = 0


class Asked(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="act",
    kw_only=True,
):
    """What every act is: frozen, strict, named by its tag."""
