"""The host's room: of what was achieved in a period, what is left for its own pledge.

A unit that was first transferred cannot count at home; one that is promised may still go. What is
left is what stands at home when all promises are kept (2/CMA.3 annex, paragraph 17). The shares of
proceeds and of overall mitigation are no host's any more (3/CMA.3 annex).
"""

from collections.abc import Iterable

import msgspec

from onetonne.ledger.article6.tables import Authorisation

KINDS = ("parties", "entities", "others")


class Room(msgspec.Struct, frozen=True):
    """Units of one host and period. `authorised` is what authorisations allow in all, `promised`
    what the living ones still do, by whom they are for; `unlimited` names those without a cap,
    under which all that is left may go. `ended` and `levied` are not first transferred: units that
    ended otherwise than kept for the own NDC, and the share of proceeds that is held. `owed` are
    units whose worth is due for adaptation in money."""

    party: str
    period: str
    achieved: int
    share_of_proceeds: int
    omge: int
    kept: int
    authorised: dict[str, int]
    first_transferred: dict[str, int]
    used: dict[str, int]
    promised: dict[str, int]
    unlimited: tuple[str, ...]
    ended: int
    levied: int
    owed: int = 0

    @property
    def here(self) -> int:
        """What stands in accounts and is not first transferred."""
        gone = sum(self.first_transferred.values()) + self.kept + self.ended + self.levied
        return self.achieved - gone

    @property
    def left(self) -> int:
        """What is sure to stay: nothing where an authorisation has no cap."""
        return 0 if self.unlimited else max(self.here - sum(self.promised.values()), 0)


class Promises(msgspec.Struct, frozen=True):
    authorised: dict[str, int]
    promised: dict[str, int]
    unlimited: tuple[str, ...]


def promises(rows: Iterable[tuple[Authorisation, bool]]) -> Promises:
    """What authorisations allow by receiver, each in its newest version with whether it lives: of
    one that does not, what it first transferred."""
    authorised, promised = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    unlimited = []
    for row, alive in rows:
        kind = "others" if "NDC" not in row.purposes else "parties"
        kind = "entities" if row.entities else kind
        if alive and not row.cap:
            unlimited.append(row.authorisation)
        more = row.cap - row.transferred if alive and row.cap else 0
        authorised[kind] += row.transferred + more
        promised[kind] += more
    return Promises(authorised, promised, tuple(sorted(unlimited)))
