"""The Merkle tree of RFC 6962 and RFC 9162: roots, a growing frontier, inclusion, consistency.

One algorithm serves trees in memory and in tiles: both offer `hash_at(level, index)`, the hash of
the complete subtree over leaves [index * 2**level, (index + 1) * 2**level). Leaves are leaf hashes.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

HashAt = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry), RFC 6962 section 2.1."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, widest first.

    Holds one hash per one-bit of `size`, so a tree of 2**40 leaves needs at most 40 hashes.
    """

    __slots__ = ("peaks", "size")

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self.peaks: list[bytes] = []
        self.extend(leaves)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order; about one node hash each."""
        size, peaks = self.size, self.peaks
        for node in leaves:
            rest = size
            while rest & 1:
                node = sha256(b"\x01" + peaks.pop() + node).digest()
                rest >>= 1
            peaks.append(node)
            size += 1
        self.size = size

    def root(self) -> bytes:
        """The tree head over all leaves so far; of no leaf, SHA-256 of nothing."""
        return fold_peaks(self.peaks)

    def to_bytes(self) -> bytes:
        """Eight bytes of size, big-endian, then the peaks, widest first."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """Read `to_bytes` back; ValueError when the length does not fit the size."""
        size = int.from_bytes(data[:8], "big")
        if len(data) != 8 + HASH_SIZE * size.bit_count():
            raise ValueError(
                f"frontier of {len(data)} bytes: expected 8 + {HASH_SIZE} for each one-bit of its"
                f" size ({size}); rebuild it from the journal"
            )
        frontier = cls()
        frontier.size = size
        frontier.peaks = [data[at : at + HASH_SIZE] for at in range(8, len(data), HASH_SIZE)]
        return frontier


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees given widest first."""
    if not peaks:
        return EMPTY_ROOT
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = node_hash(peak, node)
    return node


def root(leaves: Iterable[bytes]) -> bytes:
    """The tree head over leaf hashes: MTH of RFC 6962 section 2.1."""
    return Frontier(leaves).root()


def in_memory(leaves: Sequence[bytes]) -> HashAt:
    """`hash_at` over leaf hashes held in memory; costs one node hash a leaf, once."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        levels.append([node_hash(left, right) for left, right in pairs])
    return lambda level, index: levels[level][index]


def range_root(hash_at: HashAt, first: int, end: int) -> bytes:
    """MTH(D[first:end]) for a range that the recursion of RFC 6962 visits (any with first = 0)."""
    peaks = []
    while first < end:
        level = (end - first).bit_length() - 1
        peaks.append(hash_at(level, first >> level))
        first += 1 << level
    return fold_peaks(peaks)


def _split(width: int) -> int:
    """The largest power of two smaller than width (width > 1)."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion_proof(hash_at: HashAt, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in the tree of the first `size` leaves, from the leaf up.

    RFC 6962 section 2.1.1. ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}: expected 0 to size - 1")
    path = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            path.append(range_root(hash_at, middle, end))
            end = middle
        else:
            path.append(range_root(hash_at, first, middle))
            first = middle
    return path[::-1]


def consistency_proof(hash_at: HashAt, old: int, new: int) -> list[bytes]:
    """What shows that the tree of `old` leaves is the beginning of the tree of `new` leaves.

    RFC 6962 section 2.1.2; empty when old is 0 or equal to new. ValueError unless 0 <= old <= new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"no step from {old} to {new} leaves: expected 0 <= old <= new")
    if old == 0:
        return []
    path = []
    first, end = 0, new
    while end != old:
        middle = first + _split(end - first)
        if old <= middle:
            path.append(range_root(hash_at, middle, end))
            end = middle
        else:
            path.append(range_root(hash_at, first, middle))
            first = middle
    if first:  # otherwise the verifier holds this hash already: it is the old root
        path.append(range_root(hash_at, first, end))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes
) -> bool:
    """Whether `proof` leads from the leaf hash at `index` to the root of `size` leaves.

    The procedure of RFC 9162 section 2.1.3.2; never raises, a malformed proof is a wrong one.
    """
    if not 0 <= index < size or any(len(step) != HASH_SIZE for step in proof):
        return False
    node, last = leaf, size - 1
    for step in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = node_hash(step, node)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            node = node_hash(node, step)
        index >>= 1
        last >>= 1
    return last == 0 and node == tree_root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows the old tree to be the beginning of the new one.

    The procedure of RFC 9162 section 2.1.4.2; never raises, a malformed proof is a wrong one.
    """
    if not 0 <= old <= new or any(len(step) != HASH_SIZE for step in proof):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and (new > 0 or new_root == EMPTY_ROOT)
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    index, last = old - 1, new - 1
    while index & 1:
        index >>= 1
        last >>= 1
    old_node = new_node = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old_node = node_hash(step, old_node)
            new_node = node_hash(step, new_node)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            new_node = node_hash(new_node, step)
        index >>= 1
        last >>= 1
    return last == 0 and old_node == old_root and new_node == new_root
