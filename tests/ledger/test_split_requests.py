"""A request that is split gives what the whole one gives: as two items, as two acts of one
basket, as two commands. Only a conversion rounds; its difference is stated here and tested.
A freeze of a quantity is no split either: the next one looks at the same serials again.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.given import DAY, LAW, REGISTRAR, A, amount, block, code, given, holders, take
from tests.ledger.refusal_rows import CONVERT, LOT
from tests.ledger.traffic import Traffic

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Act, Item, Request
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Converted, Entry
from onetonne.ledger.state import State

HERE: dict[type[Any], dict[str, Any]] = {
    c.Transfer: {"target": 1002},
    c.Retire: {"beneficiary": "ACME"},
    c.Cancel: {},
    c.Surrender: {"system": "S", "period": "2025", "operator": "OP-A"},
    c.Convert: {"rule": "WHOLE"},
    c.Lock: {"kind": "hold"},
}


def after(state: State, *requests: Request) -> State | str:
    """The state after these commands, on a copy; the first refusal's code if there is one."""
    other = state.fork()
    other.entries, other.days = dict(state.entries), dict(state.days)
    for request in requests:
        answer = decide(other, request, LAW, DAY)
        if not isinstance(answer, Entry):
            return answer.code
        take(other, answer, DAY)
    return other


def cut(item: Item, at: int) -> tuple[Item, Item]:
    """One item as two: the block's lower and upper part, or two quantities."""
    if item.quantity:
        return replace(item, quantity=at), replace(item, quantity=item.quantity - at)
    low, high = (int(number) for number in item.serials.split("-"))
    middle = low + at
    return (
        replace(item, serials=f"{low}-{middle - 1}"),
        replace(item, serials=f"{middle}-{high}"),
    )


def said(state: State | str) -> Any:
    """Who holds what, and under how many locks: a split lock has two numbers for one."""
    if isinstance(state, str):
        return state
    held: dict[int, Any] = {}
    for lot in state.lots:
        serials = [
            (h.account, len(h.locks))
            for _, h in sorted(state.lanes[lot].rows.items())
            for _ in range(h.first, h.next)
        ]
        held[lot] = serials
    return held


def split_ways(act: Any, parts: tuple[Item, Item]) -> list[tuple[Request, ...]]:
    one, two = (replace(act, items=(part,)) for part in parts)
    by = REGISTRAR
    return [
        (Request(by=by, acts=(replace(act, items=parts),)),),
        (Request(by=by, acts=(one, two)),),
        (Request(by=by, acts=(one,)), Request(by=by, acts=(two,))),
    ]


def states(seeds: range) -> list[State]:
    out = []
    for seed in seeds:
        traffic, state = Traffic(seed), given()
        for _ in range(60):
            answer = decide(state, traffic.request(state), LAW, traffic.day)
            if isinstance(answer, Entry):
                take(state, answer, traffic.day)
        out.append(state)
    return out


def whole_items(state: State, rng: random.Random) -> list[tuple[int, Item]]:
    """Blocks and quantities of at least two serials that one account holds free."""
    found = []
    for lot, lane in state.lanes.items():
        base = int(state.lots[lot].first_number)
        for h in lane.rows.values():
            if h.next - h.first > 1 and h.account >= 1000 and not h.locks:
                found.append((h.account, Item(lot, f"{base + h.first}-{base + h.next - 1}")))
                found.append((h.account, Item(lot, quantity=h.next - h.first)))
    return rng.sample(found, min(len(found), 6))


@pytest.mark.parametrize("kind", HERE, ids=lambda kind: kind.__name__)
def test_a_split_request_equals_the_whole(kind: type[Any]) -> None:
    rng, compared = random.Random(5), 0
    for state in states(range(36)):
        for source, item in whole_items(state, rng):
            act = kind(source=source, items=(item,), **HERE[kind])
            whole = after(state, Request(by=REGISTRAR, acts=(act,)))
            if isinstance(whole, str):
                continue
            parts = cut(item, rng.randint(1, size(item) - 1))
            for way in split_ways(act, parts):
                split = after(state, *way)
                assert supply(split) == supply(whole), (act, way)
                if kind is not c.Convert or len(way[0].acts[0].items) == 2:  # type: ignore[union-attr]
                    assert said(split) == said(whole), (act, way)
                compared += 1
    assert compared >= 30


def size(item: Item) -> int:
    if item.quantity:
        return item.quantity
    low, high = item.serials.split("-")
    return int(high) - int(low) + 1


def supply(state: State | str) -> Any:
    """Serials in each account over all lots of a unit: what a split may never change."""
    if isinstance(state, str):
        return state
    held: dict[tuple[str, int], int] = {}
    for lot, row in state.lots.items():
        for h in state.lanes[lot].rows.values():
            key = (row.unit, h.account)
            held[key] = held.get(key, 0) + h.next - h.first
    return held


def test_a_split_label_equals_the_whole() -> None:
    state = given(LOT)
    one, two = (c.Label(items=block(text), kind="once") for text in ("1-4", "5-9"))
    both = c.Label(items=(*block("1-4"), *block("5-9")), kind="once")
    ways: list[tuple[Act, ...]] = [(c.Label(items=block("1-9"), kind="once"),), (both,), (one, two)]
    marked = []
    for way in ways:
        made = after(state, Request(by=REGISTRAR, acts=way))
        assert isinstance(made, State)
        marked.append({n for row in made.labels.values() for n in range(row.first, row.next)})
    assert marked[0] == marked[1] == marked[2] == set(range(9))


def test_a_freeze_of_a_quantity_takes_what_is_free_and_one_of_serials_what_it_names() -> None:
    """Two freezes of 3 keep 6 from moving; on named serials a freeze stacks upon any lock."""
    freeze = c.Lock(source=A, items=amount(3), kind="freeze")
    twice = given(LOT, freeze, freeze)
    assert holders(twice) == [(0, 94, A, ()), (94, 97, A, (2,)), (97, 100, A, (1,))]
    at_once = given(LOT, replace(freeze, items=amount(3) * 2))
    assert holders(at_once) == holders(given(LOT, replace(freeze, items=amount(6))))
    assert code(twice, replace(freeze, items=amount(95))) == "not_enough_free"
    stacked = given(LOT, freeze, replace(freeze, items=block("97-98")))
    assert holders(stacked)[1:] == [(96, 97, A, (2,)), (97, 98, A, (1, 2)), (98, 100, A, (1,))]


def test_a_split_correction_equals_the_whole() -> None:
    move = c.Transfer(source=A, target=1002, items=block("1-9"))
    state = given(LOT, move)
    act = c.Correct(entry=state.seq, reason="error", items=block("1-9"))
    whole = after(state, Request(by=REGISTRAR, acts=(act,)))
    assert isinstance(whole, State)
    assert holders(whole) == [(0, 100, A, ())]
    for way in split_ways(act, (Item(1, "1-4"), Item(1, "5-9"))):
        assert said(after(state, *way)) == said(whole)


@pytest.mark.parametrize("rule", ["WHOLE", "HALF", "MORE", "SEVEN"])
def test_conversion_in_parts_makes_at_most_one_unit_less_per_cut(rule: str) -> None:
    """Each part rounds down for itself: of q units in n parts at ratio r, the whole makes
    floor(q r), the parts at least floor(q r) - (n - 1), and never more. As two items of one
    act nothing is lost, for the act rounds once. What is not burnt stays with the giver."""
    ratio, quantity = LAW.conversions[rule].ratio, 40
    lost = set()
    for at in range(2, quantity - 1):
        parts = (at, quantity - at)
        whole = converted(rule, (amount(quantity),))
        assert converted(rule, ((*amount(parts[0]), *amount(parts[1])),)) == whole
        split = converted(rule, tuple(amount(part) for part in parts))
        assert whole[0] == int(quantity * ratio)
        assert split[0] == sum(int(part * ratio) for part in parts)
        assert 0 <= whole[0] - split[0] <= 1
        for made, burnt, unburnt in (whole, split):
            assert burnt + unburnt == quantity
            assert burnt * ratio >= made
        lost.add(whole[0] - split[0])
    assert lost == ({0} if ratio == Fraction(1) else {0, 1})


def converted(rule: str, commands: tuple[tuple[Item, ...], ...]) -> tuple[int, int, int]:
    """Units made, burnt and left over all commands; what is left is what the giver keeps."""
    state, made, burnt, unburnt = given(replace(LOT, quantity=40)), 0, 0, 0
    for items in commands:
        request = Request(by=REGISTRAR, acts=(replace(CONVERT, items=items, rule=rule),))
        entry = decide(state, request, LAW, DAY)
        assert isinstance(entry, Entry)
        (event,) = entry.events
        assert isinstance(event, Converted)
        take(state, entry, DAY)
        made += event.issued.size
        burnt += sum(move.next - move.first for move in event.burnt)
        unburnt += event.unburnt
        assert (event.rule, event.rounding) == (rule, "down")
        assert Fraction(event.ratio) == LAW.conversions[rule].ratio
    kept = sum(h.next - h.first for h in state.lanes[1].rows.values() if h.account == A)
    assert kept == unburnt
    return made, burnt, unburnt
