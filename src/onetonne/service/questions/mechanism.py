"""Article 6.4 asked of a ledger: activities and what was verified, levied and reversed; what units
are (AER, MCU, ITMO)."""

from typing import Any

import msgspec

from onetonne.article6.standing import standing
from onetonne.ledger.article6 import mechanism_tables as t
from onetonne.ledger.items import closed
from onetonne.ledger.tables import lot_code
from onetonne.service.ledger import Ledger
from onetonne.service.questions.article6 import Listed
from onetonne.service.questions.asof import NOW, AsOf, Unknown, view


class ActivityTold(msgspec.Struct, frozen=True):
    """An activity with its boundary, what was verified and issued of it, and its reversals."""

    as_of: AsOf
    activity: t.Activity
    boundary: t.Boundary | None
    verifications: tuple[t.Verification, ...]
    levies: tuple[t.Levies, ...]
    reversals: tuple[t.Reversal, ...]


class Part(msgspec.Struct, frozen=True):
    """A part of a lot and what it is."""

    lot: str
    serials: str
    quantity: int
    standing: str
    metric: str


def activities(ledger: Ledger, asof: AsOf = NOW) -> Listed:
    """All activities."""
    with view(ledger, asof) as seen:
        return Listed(seen.as_of, tuple(seen.structs("activities")))


def activity(ledger: Ledger, code: str, asof: AsOf = NOW) -> ActivityTold:
    """One activity, whole. Raises Unknown."""
    with view(ledger, asof) as seen:
        found = seen.structs("activities", "activity = ?", (code,))
        if not found:
            raise Unknown(f"There is no activity {code!r}. See: onetonne a6 activities.",
                          f"沒有活動 {code!r}。請見：onetonne a6 activities。")  # fmt: skip
        told: dict[str, Any] = {
            name: tuple(seen.structs(name, "activity = ?", (code,)))
            for name in ("verifications", "levies", "reversals")
        }
        boundary = seen.structs("boundaries", "project = ?", (code,))
        return ActivityTold(seen.as_of, found[0], boundary[0] if boundary else None, **told)


def standings(ledger: Ledger, numbers: list[int], asof: AsOf = NOW) -> Listed:
    """What the serials of lots are under Article 6, part by part."""
    with view(ledger, asof) as seen:
        authorised = seen.structs("authorisations")
        parts = []
        for number in numbers:
            for lot in seen.structs("lots", "lot = ?", (number,)):
                marks = seen.structs("first_transfers", "lot = ?", (number,))
                base = int(lot.first_number)
                parts += [
                    Part(lot_code(lot.unit, lot.vintage, lot.lot), closed(base, low, high),
                         high - low, word, ledger.law.measure(lot.unit))
                    for low, high, word in standing(lot, ledger.law, seen.day, authorised, marks)
                ]  # fmt: skip
        return Listed(seen.as_of, tuple(parts))
