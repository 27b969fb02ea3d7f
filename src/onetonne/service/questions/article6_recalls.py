"""Recalls asked of a ledger: who waits for whose consent, until when, and what each restates."""

import msgspec

from onetonne.ledger.article6.recalls import Recall
from onetonne.service.ledger import Ledger
from onetonne.service.questions.article6 import Listed
from onetonne.service.questions.asof import NOW, AsOf, View, view

_DAYS = 'SELECT DISTINCT day FROM first_transfers WHERE lot = ? AND "first" < ? AND "next" > ?'


class Case(msgspec.Struct, frozen=True):
    """A recall: `open`, `recalled` or `lapsed`. `restates` are the years in which its units were
    first transferred: once they went back, what the host and the other Party reported of these
    years gets a new version."""

    row: Recall
    host: str
    quantity: int
    metric: str
    status: str
    restates: tuple[int, ...]


def recalls(ledger: Ledger, asof: AsOf = NOW) -> Listed:
    """Every recall, in the order of its code."""
    with view(ledger, asof) as seen:
        return Listed(
            seen.as_of, tuple(_case(ledger, seen, row) for row in seen.structs("recalls"))
        )


def _case(ledger: Ledger, seen: View, row: Recall) -> Case:
    status = "recalled" if row.consented else "lapsed" if seen.day > row.until else "open"
    days = {
        str(day)
        for lot, first, next_ in row.blocks
        for (day,) in seen.query(_DAYS, (lot, next_, first))
    }
    of = (row.blocks[0][0],)
    host, unit = seen.query("SELECT host, unit FROM lots WHERE lot = ?", of)[0]
    return Case(
        row=row,
        host=host,
        quantity=sum(next_ - first for _, first, next_ in row.blocks),
        metric=ledger.law.measure(unit),
        status=status,
        restates=tuple(sorted({int(day[:4]) for day in days})),
    )
