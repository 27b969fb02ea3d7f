"""What blocks are under Article 6, beside whoever holds them: ITMO, authorised, AER, MCU, pending.

Where nothing was ever authorised and no mechanism issues, it costs one look.
"""

from collections.abc import Iterable

import msgspec

from onetonne.article6.standing import alive, within
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import events as a6
from onetonne.ledger.article6.tables import FirstTransfer, Marks
from onetonne.ledger.items import PENDING, closed
from onetonne.ledger.tables import Lot
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import View

TOLD_BY = (
    ev.Founded,
    ev.AccountOpened,
    ev.Issued,
    a6.Authorised,
    a6.AuthorisationRevoked,
    a6.AuthorisationSuspended,
    a6.AuthorisationResumed,
    a6.EntityWithdrawn,
    a6.FirstTransferred,
)
"""The events that the tables read here follow from: nothing else need be replayed."""
FEW = 500
"""Lots that are asked for by number; of more, all are read."""


class Standing(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a block and what it is. `pending` units of a mechanism wait for forwarding."""

    serials: str
    standing: str
    pending: bool = False


class Standings:
    """What the blocks of some lots are, as of a view."""

    def __init__(self, ledger: Ledger, seen: View, numbers: Iterable[int]) -> None:
        self.law = ledger.law
        self.living = alive(seen.structs("authorisations"), seen.day)
        self.first: Marks[FirstTransfer] = Marks()
        wanted = sorted(set(numbers))
        marks = ", ".join("?" * len(wanted)) or "NULL"
        test = f"lot IN ({marks})" if len(wanted) <= FEW else "1 = 1"
        asked = wanted if len(wanted) <= FEW else []
        for row in seen.structs("first_transfers", test, asked):
            self.first[row.lot, row.first] = row
        credited = {row.unit for row in self.law.mechanisms.values()}
        known: list[Lot] = seen.structs("lots", test, asked)
        touched = self.first.order.keys()
        hosts = {row.party for row in self.living}
        self.lots = {
            lot.lot: lot
            for lot in known
            if lot.lot in touched or lot.host in hosts or lot.unit in credited
        }
        kinds = seen.structs("accounts", "kind = ?", (PENDING,))
        self.pending = {account.account for account in kinds}

    def of(self, number: int, first: int, next_: int, account: int) -> tuple[Standing, ...]:
        """The parts of a block that one account holds; neighbours that are alike are one."""
        lot = self.lots.get(number)
        if lot is None:
            return ()
        found: list[tuple[int, int, str]] = []
        for low, high, word in within(lot, (first, next_), self.law, self.living, self.first):
            if found and found[-1][1:] == (low, word):
                low = found.pop()[0]
            found.append((low, high, word))
        base, waits = int(lot.first_number), account in self.pending
        return tuple(Standing(closed(base, low, high), word, waits) for low, high, word in found)
