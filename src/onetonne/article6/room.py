"""The host's room: of what was achieved in a period, what is left for its own pledge.

A unit that was first transferred cannot count at home; one that is promised may still go. What is
left is what stands at home when all promises are kept (2/CMA.3 annex, paragraph 17).
"""

from collections.abc import Iterable

import msgspec

from onetonne.ledger.article6.tables import Authorisation


class Room(msgspec.Struct, frozen=True):
    """Units of one host and period. `promised` is what capped authorisations still allow, by whom
    they are for; `unlimited` names those without a cap, under which all that is left may go."""

    party: str
    period: str
    achieved: int
    first_transferred: dict[str, int]
    kept: int
    ended: int
    promised: dict[str, int]
    unlimited: tuple[str, ...]

    @property
    def here(self) -> int:
        """What stands in accounts and is not first transferred."""
        return self.achieved - sum(self.first_transferred.values()) - self.kept - self.ended

    @property
    def left(self) -> int:
        """What is sure to stay: nothing where an authorisation has no cap."""
        return 0 if self.unlimited else max(self.here - sum(self.promised.values()), 0)


def promises(rows: Iterable[Authorisation]) -> tuple[dict[str, int], tuple[str, ...]]:
    """What living authorisations still allow, by purpose and receiver; those without a cap."""
    promised = {"parties": 0, "entities": 0, "others": 0}
    unlimited = []
    for row in rows:
        if not row.cap:
            unlimited.append(row.authorisation)
            continue
        kind = "others" if "NDC" not in row.purposes else "parties"
        kind = "entities" if row.entities else kind
        promised[kind] += row.cap - row.transferred
    return promised, tuple(sorted(unlimited))
