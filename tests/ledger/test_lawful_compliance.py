"""A history that counts tonnes as used, or gives them back, as no act can: it is named."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.compliance_rows import (
    ALLOCATE,
    ALLOWANCES,
    BACK,
    CAP,
    FIGURE,
    GIVE,
    LOT,
    NEXT,
    OF,
    PROOF,
    PROVISIONAL,
    REPORT,
    approved,
    decided,
)
from tests.ledger.given import CONVERSION, DAY, STATE, SURRENDER, A, B, block, given

from onetonne.base.days import to_instant
from onetonne.ledger import codec
from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.article6.lawful import CHECKS as ARTICLE6
from onetonne.ledger.article6.mechanism_lawful import CHECKS as MECHANISM
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lawful import Watch
from onetonne.ledger.lawful_compliance import CHECKS as COMPLIANCE
from onetonne.ledger.state import State, apply
from onetonne.service.replay import Replay

STORY = (
    LOT,
    GIVE,
    decided(replace(FIGURE, tonnes=8)),
    c.Transfer(source=A, target=B, items=block("51-60")),
    replace(GIVE, source=B, operator="OP-B", items=block("51-55")),
    decided(CAP),
    replace(ALLOWANCES, quantity=50),  # lot 2
    replace(ALLOCATE, items=block("1-10", lot=2)),
    PROVISIONAL,  # lot 3
    replace(GIVE, items=block("1-10", lot=3)),
    *approved(REPORT),
    c.Recognise(system="S", items=block("1-10")),
)
GIVEN, OTHER = NEXT + 1, NEXT + 4
ALLOCATED, DUTY, RECOGNISED = NEXT + 7, NEXT + 9, NEXT + 12
NOON = to_instant(datetime(2027, 1, 1, 12, tzinfo=UTC))


def watched(*events: ev.Event, cites: str = "decision 1", at: int = 1) -> list[str]:
    """What the watch says of the story and one more entry of these events."""
    whole = given(*STORY, BACK)
    entries = [replace(whole.entries[seq], at=1) for seq in range(1, whole.seq + 1)]
    if events:
        entries[-1] = Entry(VERSION, whole.seq, at, 1, "", events, cites=cites)
    state = State(search=False)
    told = {entry.seq: entry for entry in entries}
    watch = Watch(state, told.get)
    for entry in entries:
        watch.begin(entry)
        apply(state, entry, watch.see)
    watch.end()
    for finding in watch.findings:
        assert finding.sentence("en") != finding.sentence("zh")
    return [finding.code for finding in watch.findings]


def out(first: int, next_: int, target: int = A, seq: int = GIVEN, key: int = 0) -> ev.Moved:
    return ev.Moved(
        lot=1, first=first, next=next_, source=SURRENDER, target=target, held=((key, seq),)
    )


def back(tonnes: int = 2, **of: Any) -> ev.Returned:
    return ev.Returned(uses=((1, tonnes),), **(OF | of))


def test_a_true_history_has_no_finding() -> None:
    assert watched() == []
    assert watched(back(), out(8, 10)) == []


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        ((out(8, 10),), ["sink_left"]),
        ((back(), out(8, 10, target=B)), ["sink_left"]),
        ((back(), out(50, 52, seq=OTHER, key=50)), ["sink_left"]),
        ((back(1), out(8, 10)), ["unlawful_use"]),
        ((back(3), out(8, 10)), ["unlawful_use"]),
        ((back(),), ["unlawful_use"]),
        ((back(period="2026", tonnes=0), out(8, 10)), ["sink_left", "unlawful_use"]),
    ],
    ids=["no act", "to another", "another's", "fewer", "more", "none moved", "another period"],
)
def test_what_no_return_can_have_done_is_named(
    events: tuple[ev.Event, ...], codes: list[str]
) -> None:
    assert watched(*events) == codes


def test_a_surrender_that_counts_otherwise_than_it_moves_is_named() -> None:
    head = ev.Surrendered(source=A, uses=((1, 9),), **OF)
    move = ev.Moved(lot=1, first=10, next=20, source=A, target=SURRENDER, held=((10, NEXT),))
    assert watched(head, move) == ["unlawful_use"]
    assert watched(replace(head, uses=((1, 10),)), move) == []
    assert watched(replace(head, uses=((1, 10),), late=((1, 10),)), move) == []
    assert watched(replace(head, uses=((1, 10),), late=((1, 9),)), move) == ["unlawful_use"]


PAID = ev.PaymentRecorded(kind="penalty", amount="7", currency="EUR", paid=DAY, **OF)


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        ((PAID, replace(PAID, amount="-7")), []),
        ((PAID, replace(PAID, amount="-7.01")), ["unlawful_payment"]),
        ((PAID, replace(PAID, currency="USD")), ["unlawful_payment"]),
        ((PAID, replace(PAID, kind="tax", amount="-1")), ["unlawful_payment"]),
        ((replace(PAID, amount="1e3"),), ["unlawful_payment"]),
    ],
)
def test_a_payment_that_no_act_records_is_named(
    events: tuple[ev.Event, ...], codes: list[str]
) -> None:
    assert watched(*events) == codes


def test_a_payment_without_a_decision_or_by_nobody_is_named() -> None:
    assert watched(PAID, cites="") == ["unlawful_payment"]
    assert watched(replace(PAID, operator="X")) == ["unlawful_payment"]


def moved(lot: int, first: int, next_: int, source: int, target: int, seq: int) -> ev.Moved:
    return ev.Moved(lot=lot, first=first, next=next_, source=source, target=target,
                    held=((first, seq),))  # fmt: skip


GAVE = ev.Allocated(kind="free", tonnes=5, **OF)
TO_A = moved(2, 10, 15, STATE, A, NEXT + 6)
PUT_RIGHT = ev.Corrected(entry=ALLOCATED, reason="e")
TAKEN = replace(GAVE, tonnes=-10)
HOME = moved(2, 0, 10, A, STATE, ALLOCATED)
MORE = ev.Issued(lot=4, unit="ALW", size=49, account=STATE, first_number="1",
                 facts={"system": "S", "period": "2025"})  # fmt: skip

ALLOCATIONS: tuple[tuple[str, tuple[ev.Event, ...], list[str]], ...] = (
    ("as moved", (GAVE, TO_A), []),
    ("twice", (GAVE, TO_A, GAVE, moved(2, 15, 20, STATE, A, NEXT + 6)), []),
    ("and a transfer beside it", (GAVE, TO_A, moved(2, 15, 20, STATE, B, NEXT + 6)), []),
    ("more than moved", (replace(GAVE, tonnes=6), TO_A), ["unlawful_allocation"]),
    ("fewer than moved", (replace(GAVE, tonnes=4), TO_A), ["unlawful_allocation"]),
    ("nothing moved", (GAVE,), ["unlawful_allocation"]),
    ("the first did not move", (GAVE, GAVE, TO_A), ["unlawful_allocation"]),
    ("to another", (GAVE, replace(TO_A, target=B)), ["unlawful_allocation"]),
    ("not the State's", (GAVE, moved(1, 10, 15, A, A, NEXT)), ["unlawful_allocation"]),
    ("of another period", (replace(GAVE, period="2026"), TO_A), ["unlawful_allocation"]),
    ("of no kind", (replace(GAVE, kind="gift"), TO_A), ["unlawful_allocation"]),
    ("of none", (replace(GAVE, tonnes=0),), ["unlawful_allocation"]),
    ("to nobody", (replace(GAVE, operator="X"), TO_A),
     ["unlawful_operator", "unlawful_allocation"]),
    ("put right", (PUT_RIGHT, TAKEN, HOME), []),
    ("put right in part", (PUT_RIGHT, replace(TAKEN, tonnes=-4), replace(HOME, next=4)), []),
    ("put right beyond", (PUT_RIGHT, replace(TAKEN, tonnes=-11), HOME), ["unlawful_allocation"]),
    ("put right unsaid", (PUT_RIGHT, HOME), ["unlawful_allocation"]),
    ("taken without a correction", (TAKEN,), ["unlawful_allocation"]),
    ("issued up to the cap", (MORE,), []),
    ("issued beyond the cap", (replace(MORE, size=50),), ["unlawful_allocation"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("events", "codes"), [row[1:] for row in ALLOCATIONS], ids=[row[0] for row in ALLOCATIONS]
)
def test_an_allocation_that_did_not_move_so_is_named(
    events: tuple[ev.Event, ...], codes: list[str]
) -> None:
    assert watched(*events) == codes


SET = ev.FigureSet(figure="obligation", tonnes=8, **OF)
YES = ev.Settled(proposal=2, outcome="approved")
REPORTED = ev.FigureSet(figure="verified_emissions", tonnes=7, document=PROOF, **OF)
BEYOND = 2**62 + 1


def proposed(*events: ev.Event, by: int = 2) -> list[str]:
    """What is said of these events where another person approved them."""
    ask = ev.Proposed(proposal=2, acts="[]", by=1)
    whole = given(*STORY)
    entries = [replace(whole.entries[seq], at=1) for seq in range(1, whole.seq + 1)]
    entries += [
        Entry(VERSION, whole.seq + 1, 1, 1, "", (ask,)),
        Entry(VERSION, whole.seq + 2, 1, by, "", (YES, *events)),
    ]
    state = State(search=False)
    watch = Watch(state)
    for entry in entries:
        watch.begin(entry)
        apply(state, entry, watch.see)
    watch.end()
    return [finding.code for finding in watch.findings]


def test_a_figure_that_no_decision_set_is_named() -> None:
    bad = ["unlawful_figure"]
    assert watched(SET) == []
    assert watched(SET, cites="") == bad
    assert watched(replace(SET, figure="luck")) == bad
    assert watched(replace(SET, tonnes=-1)) == bad
    assert watched(replace(SET, tonnes=BEYOND)) == bad
    assert watched(replace(SET, document="x")) == bad
    assert watched(replace(SET, operator="X")) == ["unlawful_operator"]
    assert watched(ev.CapSet(system="S", period="2025", tonnes=0)) == []
    assert watched(ev.CapSet(system="S", period="2025", tonnes=0), cites="") == bad
    assert watched(ev.CapSet(system="S", period="2025", tonnes=-1)) == bad


def test_emissions_that_nobody_approved_are_named() -> None:
    bad, of_next = ["unlawful_figure"], replace(REPORTED, period="2026")
    assert proposed(of_next) == []
    assert watched(of_next) == bad
    assert proposed(replace(of_next, document="")) == bad
    assert proposed(REPORTED) == bad  # what was approved is changed only on a decision
    assert proposed(replace(REPORTED, decision="d")) == []


KNOWN = ev.OperatorRegistered(system="S", operator="NEW", account=A)
CHANGED = ev.OperatorChanged(system="S", operator="OP-A", account=A)
POOL = ev.OperatorsGrouped(system="S", operators=("OP-A",), since=DAY, into="P", kind="pool")


def test_operators_that_no_act_registers_changes_or_groups_are_named() -> None:
    bad = ["unlawful_operator"]
    assert watched(KNOWN) == watched(CHANGED) == watched(POOL) == []
    assert watched(replace(KNOWN, operator="OP-A")) == ["unlawful_number"]
    assert watched(replace(KNOWN, account=SURRENDER)) == ["unlawful_account"]
    assert watched(replace(CHANGED, account=999)) == ["unlawful_account"]
    assert watched(CHANGED, cites="") == bad
    assert watched(POOL, cites="") == bad
    assert watched(replace(POOL, operators=("X",))) == bad
    assert watched(replace(POOL, operators=())) == bad
    assert watched(replace(POOL, into="OP-A")) == bad
    assert watched(replace(POOL, kind="club")) == bad
    assert watched(replace(POOL, kind="merger")) == bad
    assert watched(replace(POOL, kind="merger", into="OP-B")) == []


GIVES = ev.Surrendered(source=A, uses=((3, 5),), **OF)
GOES = moved(3, 10, 15, A, SURRENDER, NEXT + 8)
ARISES = ev.DutyArose(clause="adjusted", blocks=((3, 10, 15),), due=date(2026, 12, 31), **OF)
MET = ev.DutySettled(duty=DUTY, place=0, outcome="met", evidence=PROOF)
OVER = ev.DutySettled(duty=DUTY, place=0, outcome="overdue")
REPLACED = ev.DutySettled(duty=DUTY, place=0, outcome="replaced")
VOID = ev.DutySettled(duty=DUTY, place=0, outcome="void")
OTHERS = ev.Surrendered(source=A, uses=((1, 10),), replaces=DUTY, **OF)
BY_OTHERS = moved(1, 10, 20, A, SURRENDER, NEXT)
WRONG = ev.Corrected(entry=DUTY, reason="e")
FEWER = ev.Returned(uses=((3, 4),), corrects=DUTY, **OF)
FOUR = moved(3, 0, 4, SURRENDER, A, DUTY)
REST = replace(ARISES, blocks=((3, 4, 10),))

DUTIES: tuple[tuple[str, tuple[ev.Event, ...], list[str]], ...] = (
    ("arises", (GIVES, GOES, ARISES), []),
    ("arises on what stays", (GIVES, GOES, replace(ARISES, blocks=((3, 10, 16),))), ["duty"]),
    ("arises on another lot", (GIVES, GOES, replace(ARISES, blocks=((1, 10, 15),))), ["duty"]),
    ("arises of another period", (GIVES, GOES, replace(ARISES, period="2026")), ["duty"]),
    ("arises on nothing", (GIVES, GOES, replace(ARISES, blocks=())), ["duty"]),
    ("arises alone", (ARISES,), ["duty"]),
    ("met", (MET,), []),
    ("met without proof", (replace(MET, evidence=""),), ["duty"]),
    ("met twice", (MET, MET), ["duty"]),
    ("ended otherwise", (replace(MET, outcome="forgiven"),), ["duty"]),
    ("opened again", (replace(MET, outcome=""),), ["duty"]),
    ("void without a correction", (VOID,), ["duty"]),
    ("replaced", (OTHERS, BY_OTHERS, REPLACED), []),
    ("replaced by nothing", (REPLACED,), ["duty"]),
    ("replaced by fewer", (replace(OTHERS, uses=((1, 9),)), replace(BY_OTHERS, next=19), REPLACED),
     ["duty"]),
    ("replaced for another period", (replace(OTHERS, period="2026"), BY_OTHERS, REPLACED),
     ["duty"]),
    ("met, then replaced", (MET, OTHERS, BY_OTHERS, REPLACED), ["duty"]),
    ("corrected", (WRONG, FEWER, VOID, REST, FOUR), []),
    ("corrected, and more is left", (WRONG, FEWER, VOID, replace(REST, blocks=((3, 4, 11),)), FOUR),
     ["duty"]),
    ("corrected, and later due", (WRONG, FEWER, VOID, replace(REST, due=date(2027, 1, 1)), FOUR),
     ["duty"]),
    ("corrected, and met", (WRONG, FEWER, VOID, MET, FOUR), ["duty"]),
    ("void, and nothing went back", (WRONG, VOID), ["duty"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("events", "codes"), [row[1:] for row in DUTIES], ids=[row[0] for row in DUTIES]
)
def test_a_duty_that_no_act_lets_arise_or_end_is_named(
    events: tuple[ev.Event, ...], codes: list[str]
) -> None:
    assert watched(*events) == [f"unlawful_{code}" for code in codes]


def test_a_duty_is_overdue_once_its_day_is_over_somewhere() -> None:
    early = to_instant(datetime(2026, 12, 31, 9, 59, tzinfo=UTC))
    assert watched(OVER, at=early) == ["unlawful_duty"]
    assert watched(OVER, at=early + 60_000_000) == []
    assert watched(OVER, MET, at=NOON) == ["unlawful_duty"]
    assert watched(OVER, OVER, at=NOON) == ["unlawful_duty"]
    assert watched(OVER, OTHERS, BY_OTHERS, REPLACED, at=NOON) == []
    stands = ev.DutySettled(duty=NEXT + 13, place=0, outcome="overdue")
    put_right = (WRONG, FEWER, VOID, REST, stands, FOUR)
    assert watched(*put_right, at=NOON) == [
        "unlawful_duty"
    ]  # it was open, and is overdue of itself
    assert watched(OVER, *put_right, at=NOON) == []


def test_a_duty_that_is_not_there_is_a_finding_and_stops_the_replay() -> None:
    """Nothing can follow from it; the audit says so and does not fall over it."""
    whole = given(*STORY)
    entries = [replace(whole.entries[seq], at=1) for seq in range(1, NEXT + 13)]
    nowhere = Entry(VERSION, NEXT + 13, 1, 1, "", (replace(MET, duty=3),))
    replay = Replay()
    replay.run(codec.encode(entry) for entry in (*entries, nowhere))
    assert [finding.code for finding in replay.findings] == ["unlawful_duty", "replay_stopped"]
    assert replay.stopped
    where = f"journal entry {NEXT + 13}"
    assert {finding.where for finding in replay.findings} == {where}


def test_a_surrender_or_recognition_of_what_is_not_there_is_named() -> None:
    assert watched(replace(GIVES, operator="OP-B"), GOES) == ["unlawful_operator"]
    assert watched(replace(GIVES, operator=""), GOES) == []
    known = ev.Recognised(system="S", lot=1, first=0, next=100)
    assert watched(known) == []
    assert watched(replace(known, next=101)) == ["unlawful_block"]
    gone = ev.RecognitionWithdrawn(recognition=RECOGNISED, reason="r")
    assert watched(gone) == []
    assert watched(gone, gone) == ["unlawful_block"]
    assert watched(replace(gone, recognition=3)) == ["unlawful_block"]


def test_an_exchange_that_uses_up_otherwise_than_it_burns_is_named() -> None:
    burnt = moved(1, 10, 20, A, CONVERSION, NEXT)
    issued = ev.Issued(lot=4, unit="OUT", size=10, account=A, first_number="1")
    made = ev.Converted(rule="R", ratio="1/1", rounding="down", burnt=(burnt,), issued=issued, **OF)
    assert watched(made) == []
    assert watched(replace(made, uses=((1, 10),))) == []
    assert watched(replace(made, uses=((1, 9),))) == ["unlawful_use"]


def test_no_check_of_an_event_hides_another() -> None:
    """The tables of checks are joined: the last one of an event would stand alone."""
    tables = (COMPLIANCE, ARTICLE6, MECHANISM)
    assert sum(map(len, tables)) == len(set().union(*tables))
