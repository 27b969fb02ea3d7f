"""The registers of Article 6 that move no units: non-market contributions (6.8).

A company's name and an activity's text are opened where their salt still stands.
"""

import msgspec

from onetonne.ledger.article6.contributions import Contribution
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, view


class Given(msgspec.Struct, frozen=True):
    """A contribution with what can be opened of it; `status` is recorded or withdrawn."""

    row: Contribution
    status: str
    company: str
    activity: str


class Contributions(msgspec.Struct, frozen=True):
    as_of: AsOf
    rows: tuple[Given, ...]


def contributions(
    ledger: Ledger, party: str = "", kind: str = "", asof: AsOf = NOW
) -> Contributions:
    """The newest version of each, of a Party that gives or receives, or of one kind."""
    with view(ledger, asof) as seen:
        rows: list[Contribution] = [
            row
            for row in seen.structs("contributions")
            if party in ("", row.giver, row.receiver) and kind in ("", row.kind)
        ]
        names = seen.names([text for row in rows for text in (row.company, row.activity)])
        found = tuple(
            Given(row, "withdrawn" if row.withdrawn else "recorded",
                  names.get(row.company, row.company and "-"),
                  names.get(row.activity, row.activity and "-"))
            for row in rows
        )  # fmt: skip
        return Contributions(seen.as_of, found)
