"""The tree against the recursive definition of RFC 6962 section 2.1, written again here."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onetonne.base import merkle

SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 70]


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(count)]


def power_below(width: int) -> int:
    power = 1
    while power * 2 < width:
        power *= 2
    return power


def head(part: Sequence[bytes]) -> bytes:
    """MTH over leaf hashes."""
    if not part:
        return sha256(b"").digest()
    if len(part) == 1:
        return part[0]
    cut = power_below(len(part))
    return sha256(b"\x01" + head(part[:cut]) + head(part[cut:])).digest()


def path(index: int, part: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(part) == 1:
        return []
    cut = power_below(len(part))
    if index < cut:
        return [*path(index, part[:cut]), head(part[cut:])]
    return [*path(index - cut, part[cut:]), head(part[:cut])]


def subproof(old: int, part: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b)."""
    if old == len(part):
        return [] if whole else [head(part)]
    cut = power_below(len(part))
    if old <= cut:
        return [*subproof(old, part[:cut], whole), head(part[cut:])]
    return [*subproof(old - cut, part[cut:], False), head(part[:cut])]


def test_known_hashes() -> None:
    # The leaf hash of the empty entry and the root of no leaves are fixed by the definition alone.
    assert merkle.leaf_hash(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert merkle.root([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize("size", SIZES)
def test_root_is_the_definition(size: int) -> None:
    tree = leaves(size)
    assert merkle.root(tree) == head(tree)
    assert merkle.range_root(merkle.in_memory(tree), 0, size) == head(tree)


@pytest.mark.parametrize("size", SIZES)
def test_every_inclusion_proof(size: int) -> None:
    tree = leaves(size)
    hash_at = merkle.in_memory(tree)
    for index in range(size):
        proof = merkle.inclusion_proof(hash_at, index, size)
        assert proof == path(index, tree)
        assert merkle.verify_inclusion(tree[index], index, size, proof, head(tree))


@pytest.mark.parametrize("size", SIZES)
def test_every_consistency_proof(size: int) -> None:
    tree = leaves(size)
    hash_at = merkle.in_memory(tree)
    for old in range(size + 1):
        proof = merkle.consistency_proof(hash_at, old, size)
        assert proof == (subproof(old, tree, True) if old else [])
        assert merkle.verify_consistency(old, size, head(tree[:old]), head(tree), proof)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 200), st.data())
def test_a_spoilt_inclusion_proof_is_refused(size: int, data: st.DataObject) -> None:
    tree = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(merkle.in_memory(tree), index, size)
    good = head(tree)
    assert merkle.verify_inclusion(tree[index], index, size, proof, good)
    other = data.draw(st.integers(-1, size + 3).filter(lambda number: number != index))
    assert not merkle.verify_inclusion(tree[index], other, size, proof, good)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"x"), index, size, proof, good)
    assert not merkle.verify_inclusion(tree[index], index, size, [*proof, good], good)
    for at in range(len(proof)):
        assert not merkle.verify_inclusion(tree[index], index, size, proof[:at], good)
        spoilt = [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]
        assert not merkle.verify_inclusion(tree[index], index, size, spoilt, good)


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 200), st.data())
def test_a_spoilt_consistency_proof_is_refused(size: int, data: st.DataObject) -> None:
    tree = leaves(size)
    old = data.draw(st.integers(1, size - 1))
    proof = merkle.consistency_proof(merkle.in_memory(tree), old, size)
    before, after = head(tree[:old]), head(tree)
    assert merkle.verify_consistency(old, size, before, after, proof)
    forked = head([merkle.leaf_hash(b"other"), *tree[1:old]])
    assert not merkle.verify_consistency(old, size, forked, after, proof)
    assert not merkle.verify_consistency(old, size, before, forked, proof)
    assert not merkle.verify_consistency(old, size, before, after, [*proof, after])
    assert not merkle.verify_consistency(size, old, after, before, proof)
    for at in range(len(proof)):
        assert not merkle.verify_consistency(old, size, before, after, proof[:at])
        spoilt = [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]
        assert not merkle.verify_consistency(old, size, before, after, spoilt)


def test_the_step_from_an_empty_tree() -> None:
    some = head(leaves(3))
    assert merkle.verify_consistency(0, 3, merkle.EMPTY_ROOT, some, [])
    assert not merkle.verify_consistency(0, 3, some, some, [])
    assert not merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, some, [])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=6))
def test_frontier_survives_being_written_down(steps: list[int]) -> None:
    tree = leaves(sum(steps))
    frontier, done = merkle.Frontier(), 0
    for step in steps:
        frontier.extend(tree[done : done + step])
        done += step
        frontier = merkle.Frontier.from_bytes(frontier.to_bytes())
        assert (frontier.size, frontier.root()) == (done, head(tree[:done]))
    frontier.append(merkle.leaf_hash(b"last"))
    assert frontier.root() == head([*tree, merkle.leaf_hash(b"last")])


@pytest.mark.parametrize("data", [b"", b"\0" * 7, b"\0" * 9, (5).to_bytes(8, "big") + b"\0" * 32])
def test_a_damaged_frontier_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="rebuild it"):
        merkle.Frontier.from_bytes(data)


def test_questions_outside_the_tree_are_refused() -> None:
    hash_at = merkle.in_memory(leaves(3))
    with pytest.raises(ValueError, match="no leaf 3"):
        merkle.inclusion_proof(hash_at, 3, 3)
    with pytest.raises(ValueError, match="no step from 4 to 3"):
        merkle.consistency_proof(hash_at, 4, 3)
    assert not merkle.verify_inclusion(b"", 0, 1, [b"short"], b"")
    assert not merkle.verify_consistency(1, 2, b"", b"", [])
