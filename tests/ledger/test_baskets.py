"""Acts that build on one another in one command or proposal, and what holds them meanwhile."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.ledger.given import (
    PAIR,
    RETIREMENT,
    SECOND,
    SINKS,
    A,
    B,
    amount,
    ask,
    block,
    code,
    events,
    founded,
    given,
    holders,
    when,
)
from tests.ledger.invariants import broken
from tests.ledger.refusal_rows import ADMIT, CONVERT, FURNISHED, LOT, MOVE, OBSERVE, RETIRE

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Plain
from onetonne.ledger.events import Entry
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import CLOCK
from onetonne.ledger.units import Law

ON = replace(MOVE, source=B, target=PAIR)
"""What B does with serials that it gets from A in the same proposal."""


@pytest.mark.parametrize(
    ("label", "acts", "held"),
    [
        ("one block", (MOVE,), {(0, 10)}),
        ("moved on whole: held once", (MOVE, ON), {(0, 10)}),
        ("moved on in part", (MOVE, replace(ON, items=block("3-4"))), {(0, 10)}),
        (
            "beside what an earlier act takes",
            (MOVE, replace(MOVE, items=block("11-12"))),
            {(0, 10), (10, 12)},
        ),
        (
            "a quantity: the highest, which B has",
            (MOVE, replace(ON, items=amount(4))),
            {(0, 10), (51, 55)},
        ),
        (
            "more than what came: B's own serials are held too",
            (replace(MOVE, items=block("41-50")), replace(ON, items=block("36-55"))),
            {(40, 50), (35, 40), (50, 55)},
        ),
        (
            "what came at the lower end",
            (replace(MOVE, items=block("31-40")), replace(ON, items=block("40-60"))),
            None,
        ),
        ("retired on", (MOVE, replace(RETIRE, source=B)), {(0, 10)}),
        ("converted: what is burnt is held", (replace(CONVERT, rule="HALF"),), {(0, 10)}),
        (
            "converted with a rest: the rest is free",
            (replace(CONVERT, rule="HALF", items=block("1-9")),),
            {(1, 9)},
        ),
        (
            "issued and moved: nothing is there yet",
            (LOT, replace(MOVE, items=block("1", lot=2))),
            set(),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_proposal_holds_what_is_there_and_would_move(
    label: str, acts: tuple[Plain, ...], held: set[tuple[int, int]] | None
) -> None:
    """A holds 1-35, 41-50 and 56-100, B the rest; approval then does what was proposed."""
    own = [replace(MOVE, items=block(text)) for text in ("36-40", "51-55")]
    state = given(LOT, *own)
    proposal = c.Propose(acts=acts)
    if held is None:
        assert code(state, proposal) == "held_elsewhere", label
        return
    given(proposal, state=state)
    lock = state.locks.get(1)
    assert {(first, next_) for _, first, next_ in (lock.blocks if lock else ())} == held
    assert broken(state) == []
    given(ask(c.Approve(proposal=1), by=SECOND), state=state)
    assert broken(state) == []
    # Serials can end elsewhere than where the lock lay; no lock is left behind.
    assert all(not locks for *_, locks in holders(state))


def test_what_a_proposal_does_is_what_a_basket_would() -> None:
    acts = (MOVE, replace(ON, items=block("3-4")), replace(RETIRE, source=B, items=amount(2)))
    proposed = given(LOT, c.Propose(acts=acts), ask(c.Approve(proposal=1), by=SECOND))
    basket = given(LOT, ask(*acts))
    assert holders(proposed) == holders(basket)
    assert (8, 10, RETIREMENT, ()) in holders(basket)


def test_a_basket_takes_a_foreign_serial_in_once() -> None:
    state = given(OBSERVE)
    answer = when(state, ask(ADMIT, ADMIT))
    assert answer.code == "foreign_serial_used"  # type: ignore[union-attr]
    assert code(state, c.Propose(acts=(ADMIT, ADMIT))) == "foreign_serial_used"
    assert state.foreign == {}


def test_a_basket_knows_what_was_taken_in_before_it() -> None:
    state = given(OBSERVE, ADMIT)
    assert code(state, ask(LOT, ADMIT)) == "foreign_serial_used"


def test_each_item_is_cut_from_what_the_items_before_it_left() -> None:
    items = tuple(item for text in ("1-2", "9-10", "5-6", "13") for item in block(text))
    moves = events(given(LOT), replace(MOVE, items=items))
    assert [move.held[0][0] for move in moves] == [0, 2, 2, 10]
    assert broken(given(LOT, replace(MOVE, items=items))) == []


def test_a_lock_whose_kind_left_the_law_is_its_setters_to_lift() -> None:
    state = given(LOT, c.Lock(source=A, items=block("1"), kind="freeze"))
    bare = Law.empty()
    assert code(state, c.Lift(lock=1), law=bare) == ""
    assert code(state, ask(c.Lift(lock=1), by=SECOND), law=bare) == "lock_not_yours"


def test_an_entry_that_converted_is_not_reversed_in_part() -> None:
    state = given(LOT, ask(replace(MOVE, items=block("50-60")), CONVERT))
    answer = when(state, c.Correct(entry=FURNISHED + 2, reason="r", items=block("50-60")))
    assert answer.code == "nothing_to_correct"  # type: ignore[union-attr]


def test_a_correction_goes_by_lot_and_serial_whatever_the_order_of_the_moves() -> None:
    items = (*block("21-30", lot=2), *block("41-50"), *block("1-10"), *block("1-5", lot=2))
    state = given(LOT, LOT, replace(MOVE, items=items))
    made = events(state, c.Correct(entry=FURNISHED + 3, reason="r"))
    assert [(move.lot, move.first) for move in made[1:]] == [(1, 0), (1, 40), (2, 0), (2, 20)]
    state = given(LOT, replace(MOVE, items=(*block("9-12"), *block("1-4"), *block("5-8"))))
    (_, back) = events(state, c.Correct(entry=FURNISHED + 2, reason="r"))
    assert (back.first, back.next, len(back.held)) == (0, 12, 3)


def test_parts_of_a_correction_may_touch() -> None:
    state = given(LOT, MOVE)
    parts = (*block("1-5"), *block("6-10"))
    assert code(state, c.Correct(entry=FURNISHED + 2, reason="r", items=parts)) == ""
    assert code(state, replace(MOVE, items=(*block("11-15"), *block("16-20")))) == ""
    labels = c.Label(items=(*block("5-9"), *block("1-4"), *block("10")), kind="once")
    assert code(state, labels) == ""


def test_a_ledger_begins_with_its_sinks_and_its_registrar() -> None:
    state = founded()
    assert {a.sink: a.account for a in state.accounts.values()} == SINKS
    assert {(a.kind, a.party, a.holder, a.opened) for a in state.accounts.values()} == {
        ("sink", "TW", "", 1)
    }
    assert state.founded is not None
    assert (state.founded.ledger, state.founded.zone) == ("test.example/tw", "UTC")
    assert state.entries[1].by == CLOCK
    assert (state.at, founded().__class__().at) == (1, 0)


def test_many_obstacles_are_named_up_to_twenty() -> None:
    gone = tuple(item for n in range(1, 60, 2) for item in block(str(n)))
    state = given(LOT, replace(MOVE, items=gone))
    facts = when(state, replace(MOVE, items=block("1-60"))).facts  # type: ignore[union-attr]
    assert (facts["elsewhere"].count(";"), facts["free"]) == (19, 30)
    state = given(LOT, c.Lock(source=A, items=gone, kind="hold"))
    facts = when(state, replace(MOVE, items=block("1-60"))).facts  # type: ignore[union-attr]
    assert (facts["locks"].count(";"), facts["free"]) == (19, 30)
    freeze = replace(c.Lock(source=B, items=gone, kind="hold"))
    moved = given(LOT, replace(MOVE, items=block("1-60")), freeze)
    facts = when(moved, c.Correct(entry=FURNISHED + 2, reason="r")).facts  # type: ignore[union-attr]
    assert (facts["locks"].count(";"), facts["free"]) == (19, 30)


FAR = replace(MOVE, items=amount(5_000))


def test_a_refusal_of_several_acts_names_the_one_that_was_refused() -> None:
    state = given(LOT)
    for asked in (ask(MOVE, FAR), ask(c.Propose(acts=(MOVE, FAR)))):
        answer = when(state, asked)
        assert isinstance(answer, Refusal)
        assert answer.code == "not_enough_free"
        assert (answer.facts["act_number"], answer.facts["act_kind"]) == (2, "transfer")
        assert answer.sentence().startswith("Act 2 (transfer): Account ")
        assert answer.sentence("zh").startswith("第 2 項（移轉）：帳戶 ")
    alone = when(state, FAR)
    assert isinstance(alone, Refusal)
    assert "act_number" not in alone.facts
    assert alone.sentence().startswith("Account ")


def test_an_approval_names_the_act_that_cannot_be_done_any_more() -> None:
    state = given(LOT, c.Propose(acts=(MOVE, replace(MOVE, items=amount(5)))))
    closed = given(LOT, c.Propose(acts=(MOVE, replace(ON, items=block("3-4")))))
    assert isinstance(when(state, ask(c.Approve(proposal=1), by=SECOND)), Entry)
    closed.accounts[PAIR] = replace(closed.accounts[PAIR], closed=closed.seq)
    answer = when(closed, ask(c.Approve(proposal=1), by=SECOND))
    assert isinstance(answer, Refusal)
    assert (answer.facts["act_number"], answer.facts["act_kind"]) == (2, "transfer")


def test_among_several_acts_that_nest_the_one_is_named() -> None:
    answer = when(given(LOT), ask(MOVE, c.Propose(acts=(MOVE,))))
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.facts["act"], answer.facts["act_number"]) == (
        "bad_proposal", "propose", 2
    )  # fmt: skip
