"""A history that was altered does not replay: each entry must fit the state before it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.compliance_rows import GIVE
from tests.ledger.given import AGENT, CONVERSION, LAW, A, B, amount, block, given, picture
from tests.ledger.refusal_rows import CONVERT, FURNISHED, LOT, MOVE, PLEDGE

from onetonne.ledger import codec
from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lanes import Corrupt, Holding, Lane, joined
from onetonne.ledger.state import State, apply

N = FURNISHED + 1
"""The entry that issues lot 1, 100 serials in A; N + 1 moves the first ten to B, N + 2 locks
91-100, N + 3 moves 11-20 to B."""
STORY = (LOT, MOVE, replace(PLEDGE, items=block("91-100")), replace(MOVE, items=block("11-20")))


def moved(**changes: Any) -> ev.Moved:
    right: dict[str, Any] = {"lot": 1, "first": 30, "next": 40, "source": A, "target": B}
    return ev.Moved(**(right | {"held": ((20, N),)} | changes))


ISSUED = ev.Issued(lot=2, unit="OUT", size=5, account=A, first_number="1")
LOCKED = ev.Locked(lock=2, kind="hold", blocks=((1, 30, 40),), held=((20,),), set_by=1)
FITS: tuple[ev.Event, ...] = (
    moved(),
    moved(first=20, next=90),
    moved(first=0, next=20, source=B, target=A, held=((0, N + 1), (10, N + 3))),
    ISSUED,
    LOCKED,
    ev.Lifted(lock=1, blocks=((1, 90, 100),), held=((90,),)),
)
DOES_NOT: tuple[tuple[str, ev.Event], ...] = (
    ("another holder", moved(source=B)),
    ("another last move", moved(held=((20, N + 1),))),
    (
        "another holder of a later part",
        moved(first=15, next=30, source=B, held=((10, N + 3), (20, N))),
    ),
    ("another holder of the first part", moved(first=15, next=30, held=((10, N + 3), (20, N)))),
    (
        "another last move of a later part",
        moved(first=0, next=20, source=B, held=((0, N + 1), (10, N + 1))),
    ),
    (
        "another last move of the first part",
        moved(first=0, next=20, source=B, held=((0, N + 3), (10, N + 3))),
    ),
    ("one part left out", moved(first=0, next=20, source=B, held=((0, N + 1),))),
    ("one part too many", moved(first=0, next=5, source=B, held=((0, N + 1), (10, N + 3)))),
    ("nothing named", moved(held=())),
    ("an unknown key", moved(held=((21, N),))),
    ("a key of other serials", moved(held=((0, N + 1),), source=B)),
    ("beyond the lot", moved(first=85, next=101, held=((20, N), (90, N)))),
    ("no serial", moved(first=30, next=30)),
    ("a reversed block", moved(first=40, next=30)),
    (
        "a reversed block over two",
        moved(first=20, next=0, source=B, held=((0, N + 1), (10, N + 3))),
    ),
    ("a locked serial", moved(first=90, next=91, held=((90, N),))),
    ("locked serials among others", moved(first=89, next=91, held=((20, N), (90, N)))),
    ("an unknown lot", moved(lot=9)),
    ("a lot out of turn", replace(ISSUED, lot=3)),
    ("a lot again", replace(ISSUED, lot=1)),
    ("a lock without keys", replace(LOCKED, held=())),
    ("a lock of a gap", replace(LOCKED, blocks=((1, 99, 101),), held=((90,),))),
    ("a lock of an unknown lot", replace(LOCKED, blocks=((9, 0, 1),))),
    ("an unknown lock lifted", ev.Lifted(lock=9, blocks=(), held=())),
    ("a lock lifted without its keys", ev.Lifted(lock=1, blocks=((1, 90, 100),), held=())),
    ("an unknown person dismissed", ev.Dismissed(person=99)),
    ("an unknown account closed", ev.AccountClosed(account=9_999)),
    ("an unknown proposal settled", ev.Settled(proposal=9, outcome="approved")),
    (
        "a conversion that burns what is not there",
        ev.Converted(
            rule="R",
            ratio="1/1",
            rounding="down",
            issued=ISSUED,
            burnt=(moved(source=B, target=CONVERSION),),
        ),
    ),
    (
        "a conversion that issues out of turn",
        ev.Converted(
            rule="R",
            ratio="1/1",
            rounding="down",
            issued=replace(ISSUED, lot=7),
            burnt=(moved(target=CONVERSION),),
        ),
    ),
)


LENIENT = (
    "another last move of a later part",
    "another last move of the first part",
    "one part left out",
    "an unknown key",
    "nothing named",
    "a locked serial",
    "locked serials among others",
)
"""Where a state can be searched, entries may be left out (what was in effect on a day): cuts and
locks may differ there, holders may not."""


def told(search: bool) -> State:
    """The story replayed from its bytes."""
    whole, state = given(*STORY), State(search)
    for seq in range(1, whole.seq + 1):
        apply(state, codec.decode(codec.encode(whole.entries[seq])))
    assert picture(state) == picture(whole)
    return state


def entry(*events: ev.Event, seq: int = N + 4) -> Entry:
    return Entry(VERSION, seq, 1, 1, LAW.digest, events)


@pytest.mark.parametrize("search", [False, True], ids=["replay", "search"])
@pytest.mark.parametrize("event", FITS, ids=lambda event: type(event).__name__)
def test_what_fits_is_applied(event: ev.Event, search: bool) -> None:
    state = told(search)
    apply(state, entry(event))
    assert state.seq == N + 4


@pytest.mark.parametrize(("label", "event"), DOES_NOT, ids=[row[0] for row in DOES_NOT])
def test_what_does_not_fit_is_corrupt(label: str, event: ev.Event) -> None:
    with pytest.raises(Corrupt):
        apply(told(search=False), entry(event))
    if label not in LENIENT:
        with pytest.raises(Corrupt):
            apply(told(search=True), entry(event))


@pytest.mark.parametrize("seq", [N + 3, N + 5, 0])
def test_entries_follow_one_another(seq: int) -> None:
    with pytest.raises(Corrupt, match=rf"entry {seq} after {N + 3}"):
        apply(told(False), entry(seq=seq))


def test_an_unknown_row_is_named_with_its_entry() -> None:
    with pytest.raises(Corrupt, match=f"entry {N + 4} names 99, which is not there"):
        apply(told(False), entry(ev.Dismissed(person=99)))


def test_an_entry_leaves_its_instant() -> None:
    state = told(False)
    apply(state, replace(entry(), at=123))
    assert state.at == 123


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"null",
        codec.encode(replace(entry(), v=2)),
        b'{"v":1,"seq":"x"}',
    ],
)
def test_bytes_that_are_no_entry_are_named(data: bytes) -> None:
    with pytest.raises(codec.Undecodable):
        codec.decode(data)


def test_every_entry_of_a_story_is_the_same_after_its_bytes() -> None:
    whole = given(
        *STORY, replace(CONVERT, items=block("31-40")), c.Cancel(source=A, items=amount(1))
    )
    for each in whole.entries.values():
        data = codec.encode(each)
        assert codec.decode(data) == each
        assert codec.encode(codec.decode(data)) == data


# Rows that commands make, which no table of events shows.


def test_state_keeps_what_events_say() -> None:
    state = given(
        *STORY,
        c.OpenAccount(account=1005, kind="trader", party="TH", holder="h", agents=(AGENT,)),
        c.Label(items=block("1-2"), kind="grade", value="A"),
        c.Propose(acts=(replace(MOVE, items=block("50")),)),
        c.Dismiss(person=AGENT),
    )
    account = state.accounts[1005]
    assert (account.kind, account.party, account.holder) == ("trader", "TH", "h")
    assert (account.agents, account.two_people, account.opened) == ((AGENT,), False, N + 4)
    assert (account.closed, state.persons[AGENT].active, state.persons[1].active) == (
        0,
        False,
        True,
    )
    label = state.labels[1, "grade", 0, N + 5]
    assert (label.lot, label.first, label.next, label.value) == (1, 0, 2, "A")
    proposal = state.proposals[1]
    assert (proposal.by, proposal.lock, proposal.proposed, proposal.outcome) == (1, 2, N + 6, "")
    lock = state.locks[1]
    assert (lock.kind, lock.blocks, lock.set_by, lock.lift_by) == (
        "pledge",
        ((1, 90, 100),),
        1,
        AGENT,
    )
    assert (lock.set, lock.lifted, lock.reason) == (N + 2, 0, "")
    assert state.lots[1].code == "CRED-2024-1"
    assert state.lots[1].issued == N
    assert ("lots", 1) in state.changed
    assert ("locks", 1) in state.changed
    assert state.counts == {"lot": 1, "lock": 2, "proposal": 1, "certificate": 0}
    given(c.CloseAccount(account=1005), c.Withdraw(proposal=1), state=state)
    assert state.accounts[1005].closed == N + 8
    assert state.proposals[1].outcome == "withdrawn"
    assert state.locks[2].lifted == N + 9


def test_a_fork_shares_nothing_that_changes() -> None:
    state = given(*STORY)
    before, other = picture(state), state.fork()
    assert picture(other) == before
    assert (other.at, other.search, other.founded) == (state.at, state.search, state.founded)
    given(c.Retire(source=A, items=amount(5), beneficiary="x"), LOT, state=other)
    assert picture(state) == before
    assert other.counts != state.counts


def test_a_lane_finds_what_covers_a_block() -> None:
    rows = {0: Holding(0, 10, A, 1), 10: Holding(10, 20, B, 1), 30: Holding(30, 40, A, 1)}
    lane = Lane(dict(rows))
    for first, next_, keys in (
        (0, 1, [0]),
        (0, 10, [0]),
        (9, 10, [0]),
        (9, 11, [0, 10]),
        (10, 20, [10]),
        (0, 40, [0, 10, 30]),
        (20, 30, []),
        (19, 31, [10, 30]),
        (25, 31, [30]),
        (40, 50, []),
        (39, 50, [30]),
        (5, 6, [0]),
    ):
        assert [h.first for h in lane.cover(first, next_)] == keys, (first, next_)
    assert Lane().cover(0, 1) == []
    assert [h.first for h in Lane({30: rows[30]}).cover(0, 31)] == [30]
    with pytest.raises(Corrupt):
        Lane(dict(rows), search=False).cover(0, 1)


def test_a_lane_keeps_its_order() -> None:
    lane = Lane()
    for first in (5, 1, 3, 1):
        lane.add(Holding(first, first + 1, A, 1))
    assert lane.order == [1, 3, 5]
    assert lane.remove(3).first == 3
    assert lane.order == [1, 5]
    unordered = Lane(search=False)
    unordered.add(Holding(0, 1, A, 1))
    assert unordered.order is None
    assert unordered.remove(0).account == A


def test_only_neighbours_that_differ_in_nothing_else_join() -> None:
    base = Holding(0, 5, A, 1, (7,))
    assert joined([base, Holding(5, 9, A, 1, (7,))]) == [Holding(0, 9, A, 1, (7,))]
    for other in (
        Holding(6, 9, A, 1, (7,)),
        Holding(5, 9, B, 1, (7,)),
        Holding(5, 9, A, 2, (7,)),
        Holding(5, 9, A, 1, ()),
    ):
        assert joined([base, other]) == [base, other]
    assert joined([]) == []


@pytest.mark.parametrize(
    ("tonnes", "late", "fits"), [(10, 0, True), (11, 0, False), (10, 1, False)]
)
def test_no_more_returns_than_was_used_and_no_more_of_it_as_late(
    tonnes: int, late: int, fits: bool
) -> None:
    whole, state = given(LOT, GIVE), State(False)
    for each in whole.entries.values():
        apply(state, each)
    back = ev.Returned(
        system="S", operator="OP-A", period="2025", uses=((1, tonnes),), late=((1, late),)
    )
    more = entry(back, seq=state.seq + 1)
    if fits:
        apply(state, more)
        assert state.used["OP-A", "S", "2025", 1].tonnes == 10 - tonnes
    else:
        with pytest.raises(Corrupt, match="returned more of lot 1"):
            apply(state, more)
