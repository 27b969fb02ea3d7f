"""What units are under Article 6: AER, MCU or ITMO. Nobody states it; it follows from marks.

A unit is an ITMO once it was first transferred, whatever became of it since. Before that, a unit
of a crediting mechanism is authorised (AER) or a contribution to its host's own mitigation (MCU).
"""

from collections.abc import Iterable
from datetime import date

from onetonne.ledger.acts.first_transfer import Part, common, in_scope, minus
from onetonne.ledger.article6.standing import has_ended, is_spent
from onetonne.ledger.article6.tables import Authorisation, FirstTransfer
from onetonne.ledger.tables import Lot
from onetonne.ledger.units import Law

ITMO, AUTHORISED, AER, MCU = "ITMO", "authorised", "AER", "MCU"


def standing(
    lot: Lot,
    law: Law,
    day: date,
    authorisations: Iterable[Authorisation],
    marks: Iterable[FirstTransfer],
) -> list[tuple[int, int, str]]:
    """The parts of a lot with what each is, lowest first; what is nothing of it is left out."""
    credited = any(row.unit == lot.unit for row in law.mechanisms.values())
    first = sorted((row.first, row.next) for row in marks if row.lot == lot.lot)
    rest: list[Part] = minus([(0, lot.size)], first)
    found = [(low, high, ITMO) for low, high in first]
    for row in authorisations:
        if row.superseded or has_ended(row, day) or is_spent(row):
            continue
        mine = common(rest, in_scope(row, lot, law))
        found += [(low, high, AER if credited else AUTHORISED) for low, high in mine]
        rest = minus(rest, mine)
    return sorted([*found, *((low, high, MCU) for low, high in rest if credited)])
