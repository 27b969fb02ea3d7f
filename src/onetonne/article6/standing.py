"""What units are under Article 6: AER, MCU or ITMO. Nobody states it; it follows from marks.

A unit is an ITMO once it was first transferred, whatever became of it since. Before that, a unit
of a crediting mechanism is authorised (AER) or a contribution to its host's own mitigation (MCU).
"""

from collections.abc import Iterable
from datetime import date

from onetonne.ledger.acts.first_transfer import Part, common, in_scope, minus
from onetonne.ledger.article6.standing import has_ended, is_spent
from onetonne.ledger.article6.tables import Authorisation, FirstTransfer, Marks
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
    first: Marks[FirstTransfer] = Marks()
    for row in marks:
        first[row.lot, row.first] = row
    return within(lot, (0, lot.size), law, alive(authorisations, day), first)


def alive(authorisations: Iterable[Authorisation], day: date) -> list[Authorisation]:
    """Those under which something may still be first transferred."""
    return [
        row
        for row in authorisations
        if not (row.superseded or has_ended(row, day) or is_spent(row))
    ]


def within(
    lot: Lot,
    block: Part,
    law: Law,
    living: Iterable[Authorisation],
    first: Marks[FirstTransfer],
) -> list[tuple[int, int, str]]:
    """As `standing`, of a block of the lot."""
    low, high = block
    credited = any(row.unit == lot.unit for row in law.mechanisms.values())
    found = [
        (max(row.first, low), min(row.next, high), ITMO) for row in first.over(lot.lot, low, high)
    ]
    rest: list[Part] = first.free(lot.lot, low, high)
    for row in living:
        mine = common(rest, in_scope(row, lot, law))
        found += [(a, b, AER if credited else AUTHORISED) for a, b in mine]
        rest = minus(rest, mine)
    return sorted([*found, *((a, b, MCU) for a, b in rest if credited)])
