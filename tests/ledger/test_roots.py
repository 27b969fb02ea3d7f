"""The holdings root: every field counts, every path leads there, a quiet lot keeps its leaf."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetonne.base import merkle
from onetonne.ledger import roots
from onetonne.ledger.lanes import Holding


def tiling(count: int) -> list[Holding]:
    return [Holding(n * 10, n * 10 + 10, 1_000_000_007 + n, n + 5, ()) for n in range(count)]


def test_the_leaf_is_the_documented_json() -> None:
    holding = Holding(0, 10, 1234567897, 5, (3, 7))
    expected = merkle.leaf_hash(b"[2,0,10,1234567897,5,[3,7]]")
    assert roots.holding_hash(2, holding) == expected
    leaf = roots.lot_leaf(2, 10, [holding])
    assert leaf == roots.LotLeaf(2, 10, 1, expected)
    text = b'[2,10,1,"' + expected.hex().encode() + b'"]'
    assert roots.holdings_root([leaf]) == merkle.leaf_hash(text)


def test_no_lot_has_the_root_of_nothing() -> None:
    assert roots.holdings_root([]) == merkle.EMPTY_ROOT


@given(st.integers(1, 40), st.data())
def test_each_path_leads_to_the_root_and_no_other_does(count: int, data: st.DataObject) -> None:
    holdings = tiling(count)
    leaf = roots.lot_leaf(1, count * 10, holdings)
    at = data.draw(st.integers(0, count - 1))
    path = roots.holding_paths(1, holdings, range(at, at + 1))[0]
    assert roots.verify_holding(leaf, holdings[at], at, path)
    other = data.draw(st.integers(0, count - 1).filter(lambda n: n != at) | st.just(count))
    assert not roots.verify_holding(leaf, holdings[at], other, path)
    lots = [roots.lot_leaf(n, 10, tiling(1)) for n in range(1, count + 1)]
    root = roots.holdings_root(lots)
    up = roots.lot_path(lots, at)
    assert roots.verify_lot(lots[at], at, count, up, root)
    assert not roots.verify_lot(lots[at], at, count, up, merkle.EMPTY_ROOT)


@pytest.mark.parametrize("field", ["first", "next", "account", "moved", "locks"])
def test_every_field_of_a_holding_changes_the_root(field: str) -> None:
    holdings = tiling(3)
    before = roots.lot_leaf(1, 30, holdings)
    changed = (9,) if field == "locks" else getattr(holdings[1], field) + 1
    holdings[1] = msgspec.structs.replace(holdings[1], **{field: changed})
    assert roots.lot_leaf(1, 30, holdings).root != before.root


@pytest.mark.parametrize("field", ["lot", "size", "count", "root"])
def test_every_field_of_a_lot_changes_the_root(field: str) -> None:
    leaf = roots.lot_leaf(1, 30, tiling(3))
    changed = bytes(32) if field == "root" else getattr(leaf, field) + 1
    other = msgspec.structs.replace(leaf, **{field: changed})
    assert roots.holdings_root([leaf]) != roots.holdings_root([other])


def test_a_hundred_thousand_holdings_take_well_under_a_second_or_so() -> None:
    holdings = tiling(100_000)
    start = time.process_time()
    roots.lot_leaf(1, 1_000_000, holdings)
    assert time.process_time() - start < 2
