"""Where a host's tonnes went: from issuance through first transfer to where each stands now.

Every piece of serials takes one way; a way is a list of stations, and flows are the sums over
consecutive stations. So what comes into a station leaves it, or stays there as its end.
"""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

ISSUED, AUTHORISED, BARE, FIRST = "issued", "authorised", "bare", "first_transferred"
PROCEEDS, OMGE, BUFFER, KEPT = "share_of_proceeds", "omge", "buffer", "towards_ndc_host"
GIVEN = "omge_voluntary"
"""Overall mitigation that nobody levied."""
LEVY, FUND = "levy", "adaptation_fund"
"""What first transfers a levied unit, and the kind of account that takes those for adaptation."""
ENDS = {"retirement": "retired", "surrender": "surrendered"}


class Piece(msgspec.Struct, frozen=True):
    """Units of a host that share a fate. `trigger` first transferred them (empty: nothing did), to
    an account of Party `to` where it was a transfer. `sink` and `kind` are of the account in which
    they stand, `holder` its Party; `purpose` and `user` say what they were used for and by whom.
    What is `levied` came to where it stands as a levy."""

    quantity: int
    trigger: str = ""
    to: str = ""
    authorised: bool = False
    sink: str = ""
    kind: str = ""
    holder: str = ""
    purpose: str = ""
    user: str = ""
    levied: bool = False


class Flow(msgspec.Struct, frozen=True):
    """Units that went from one station to the next."""

    source: str
    target: str
    quantity: int


class Flows(msgspec.Struct, frozen=True):
    """All flows of a host in one metric, in the order of their stations."""

    party: str
    metric: str
    rows: tuple[Flow, ...]

    @property
    def issued(self) -> int:
        return sum(row.quantity for row in self.rows if row.source == ISSUED)

    def into(self, station: str) -> int:
        return sum(row.quantity for row in self.rows if row.target == station)

    def out_of(self, station: str) -> int:
        return sum(row.quantity for row in self.rows if row.source == station)

    @property
    def ends(self) -> dict[str, int]:
        """The stations that nothing leaves, with what stands there."""
        left = {row.source for row in self.rows}
        found = dict.fromkeys(row.target for row in self.rows if row.target not in left)
        return {station: self.into(station) for station in found}


def flows(party: str, metric: str, pieces: Iterable[Piece]) -> Flows:
    """The flows of pieces; stations are ordered as ways name them: first transfers first."""
    sums: dict[tuple[str, str], int] = {}
    for piece in pieces:
        stations = way(piece)
        for pair in pairwise(stations):
            sums[pair] = sums.get(pair, 0) + piece.quantity
    rows = (Flow(source, target, quantity) for (source, target), quantity in sums.items())
    return Flows(party, metric, tuple(sorted(rows, key=_order)))


def way(piece: Piece) -> tuple[str, ...]:
    """The stations of a piece, from its issuance on. An end has the name of its place alone where
    it is nobody's, and of its Party where it is one's."""
    if piece.sink == OMGE and piece.levied:
        return (ISSUED, OMGE)
    if piece.trigger == LEVY or piece.kind == FUND:
        return (ISSUED, PROCEEDS)
    if piece.kind == BUFFER and not piece.trigger:
        return (ISSUED, BUFFER)
    if piece.trigger:
        step = f"to:{piece.to}" if piece.to else f"at:{piece.trigger}"
        return (ISSUED, FIRST, step, end(piece))
    return (ISSUED, AUTHORISED if piece.authorised else BARE, end(piece))


def end(piece: Piece) -> str:
    """Where a piece stands now."""
    if piece.purpose:
        return f"used:{piece.purpose}:{piece.user}" if piece.user else f"used:{piece.purpose}"
    if piece.kind == "peer":
        return "elsewhere"
    if not piece.sink:
        return f"held:{piece.holder}"
    if piece.sink == OMGE:
        return GIVEN
    if piece.sink in (*ENDS, KEPT):
        return ENDS.get(piece.sink, KEPT)
    return "cancelled"


RANK = (ISSUED, FIRST, AUTHORISED, BARE, "to", "at", "used", "retired", "surrendered", KEPT,
        "elsewhere", GIVEN, "cancelled", "held", PROCEEDS, OMGE, BUFFER)  # fmt: skip


def rank(station: str) -> tuple[int, str]:
    """The order of stations within a column."""
    return RANK.index(station.partition(":")[0]), station


def _order(row: Flow) -> tuple[tuple[int, str], tuple[int, str]]:
    return rank(row.source), rank(row.target)
