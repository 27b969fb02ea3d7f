"""The holdings root: one hash over who holds what, so that a proof can say that nothing else is.

Two Merkle trees of RFC 6962, one over another: each lot has a root over its holdings in order,
and the holdings root is over one leaf per lot. A lot where nothing happened keeps its leaf.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec

from onetonne.base import merkle
from onetonne.base.merkle import leaf_hash
from onetonne.ledger.lanes import Holding

ROOTED = b'"do":"rooted"'
"""In the bytes of every entry that has a holdings root, and of no other: quotes in texts are
escaped."""
_encode = msgspec.json.Encoder().encode


class LotLeaf(msgspec.Struct, frozen=True, gc=False):
    """One lot in the holdings root: serials issued, number of holdings, root over them."""

    lot: int
    size: int
    count: int
    root: bytes

    @property
    def hash(self) -> bytes:
        """The hash of the JSON array [lot, size, count, root in hex] as a leaf."""
        return leaf_hash(_encode((self.lot, self.size, self.count, self.root.hex())))


def holding_hash(lot: int, h: Holding) -> bytes:
    """The hash of [lot, first, next, account, moved, [locks]], JSON without blanks, as a leaf."""
    return leaf_hash(_encode((lot, h.first, h.next, h.account, h.moved, h.locks)))


def _hashes(lot: int, holdings: Iterable[Holding]) -> list[bytes]:
    """`holding_hash` of each, spelt out: a root over a million holdings waits for this line."""
    return [
        sha256(b"\0" + _encode((lot, h.first, h.next, h.account, h.moved, h.locks))).digest()
        for h in holdings
    ]


def _root(hashes: list[bytes]) -> bytes:
    """`merkle.root` a level at a time: twice as fast over a million, and all are here anyway."""
    level = hashes or [merkle.EMPTY_ROOT]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0]


def lot_leaf(lot: int, size: int, holdings: Iterable[Holding]) -> LotLeaf:
    """The leaf of a lot from its holdings in order of `first`."""
    hashes = _hashes(lot, holdings)
    return LotLeaf(lot, size, len(hashes), _root(hashes))


def holdings_root(lots: Iterable[LotLeaf]) -> bytes:
    """The root over lots in order of their number."""
    return merkle.root([leaf.hash for leaf in lots])


def lot_path(lots: Sequence[LotLeaf], index: int) -> list[bytes]:
    """The audit path from the lot at `index` to the holdings root."""
    hashes = [leaf.hash for leaf in lots]
    return merkle.inclusion_proof(merkle.in_memory(hashes), index, len(hashes))


def holding_paths(lot: int, holdings: Sequence[Holding], wanted: range) -> list[list[bytes]]:
    """For the holdings at the indexes `wanted`, the audit path of each to the lot's root."""
    hashes = _hashes(lot, holdings)
    tree = merkle.in_memory(hashes)
    return [merkle.inclusion_proof(tree, index, len(hashes)) for index in wanted]


def verify_holding(leaf: LotLeaf, holding: Holding, index: int, path: Sequence[bytes]) -> bool:
    """Whether the lot has this holding at `index` under its root. Never raises."""
    hashed = holding_hash(leaf.lot, holding)
    return merkle.verify_inclusion(hashed, index, leaf.count, path, leaf.root)


def verify_lot(leaf: LotLeaf, index: int, lots: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the lot is the one at `index` of `lots` under a holdings root. Never raises."""
    return merkle.verify_inclusion(leaf.hash, index, lots, path, root)
