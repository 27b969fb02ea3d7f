"""A history that was signed all the same: whatever no act can have done is named by the watch."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.given import (
    AGENT,
    CONVERSION,
    LAW,
    PAIR,
    PEER,
    REGISTRAR,
    RETIREMENT,
    SECOND,
    VOLUNTARY,
    A,
    B,
    ask,
    block,
    given,
)
from tests.ledger.refusal_rows import ADMIT, CONVERT, FURNISHED, LOT, MOVE, OBSERVE, PLEDGE

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lawful import Watch
from onetonne.ledger.proof_findings import Finding
from onetonne.ledger.state import CLOCK, State, apply

PAIRED = c.Transfer(source=PAIR, target=B, items=block("41-45"))
STORY: tuple[c.Act | c.Request, ...] = (
    OBSERVE,  # N
    LOT,  # 1: serials 1 to 100 in A
    c.Retire(source=A, items=block("1-10"), beneficiary="ACME"),  # certificate 1
    c.Cancel(source=A, items=block("11-20")),
    replace(PLEDGE, items=block("21-30")),
    c.Transfer(source=A, target=PAIR, items=block("41-50")),
    c.Propose(acts=(PAIRED,)),
    ask(c.Approve(proposal=1), by=SECOND),
    c.Propose(acts=(replace(PAIRED, items=block("46")),)),
    replace(MOVE, items=block("61-70")),
    c.Transfer(source=A, target=PEER, items=block("71")),
    ADMIT,  # 2: foreign serials 5 to 14
    replace(CONVERT, items=block("81-90")),  # 3
    c.OpenAccount(account=1009),
    c.CloseAccount(account=1009),
    c.Label(items=block("1-2"), kind="grade", value="A"),
)
N = FURNISHED + 1
RETIRED, CANCELLED, PAIRING, MOVED = N + 2, N + 3, N + 5, N + 9
NEXT = N + len(STORY)


def story(*more: c.Act) -> list[Entry]:
    """The entries of the story, all of one instant."""
    whole = given(*STORY, *more)
    return [replace(whole.entries[seq], at=1) for seq in range(1, whole.seq + 1)]


def watched(*more: Entry, blind: bool = False) -> list[Finding]:
    """What the watch says of the story and these entries after it."""
    entries = [*story(), *more]
    state = State(search=False)
    told = {entry.seq: entry for entry in entries}
    watch = Watch(state, None if blind else told.get)
    for entry in entries:
        watch.begin(entry)
        apply(state, entry, watch.see)
    watch.end()
    for finding in watch.findings:
        assert finding.where == f"journal entry {NEXT}" or finding.code == "unlawful_account"
        assert finding.sentence("en") != finding.sentence("zh")
    return watch.findings


def entry(*events: ev.Event, **changes: Any) -> Entry:
    return replace(Entry(VERSION, NEXT, 1, REGISTRAR, LAW.digest, events), **changes)


def move(first: int, next_: int, source: int, target: int, *held: tuple[int, int]) -> ev.Moved:
    return ev.Moved(lot=1, first=first, next=next_, source=source, target=target, held=held)


OUT = move(0, 10, RETIREMENT, A, (0, RETIRED))
BACK = ev.Corrected(entry=RETIRED, reason="x")
INTO = move(90, 95, A, RETIREMENT, (90, N + 1))
RETIRE = ev.Retired(certificate=2, source=A, beneficiary="x", purpose="p")
FOREIGN = ev.Issued(
    lot=4, unit="OUT", size=5, account=A, first_number="1", foreign_key="VCS-1",
    foreign_first="15", foreign_last="19", facts={"observation": str(N)},
)  # fmt: skip
PLAIN = ev.Issued(lot=4, unit="OUT", size=5, account=A, first_number="1")
BURNT = move(90, 95, A, CONVERSION, (90, N + 1))
MADE = ev.Converted(rule="R", ratio="1/1", rounding="down", burnt=(BURNT,), issued=PLAIN)
LOCK = ev.Locked(lock=4, kind="hold", blocks=((1, 30, 40),), held=((30,),), set_by=1)
LABEL = ev.Labelled(kind="grade", lot=1, first=0, next=100, value="B")
PROPOSED = ev.Proposed(proposal=3, acts="[]", by=REGISTRAR)
LAST = entry(ev.Settled(proposal=2, outcome="withdrawn"))

LAWFUL: tuple[tuple[str, Entry], ...] = (
    ("a correction", entry(BACK, OUT)),
    ("a part of a correction", entry(BACK, replace(OUT, next=5))),
    ("a retirement", entry(RETIRE, INTO)),
    ("a foreign unit beside another", entry(FOREIGN)),
    ("an issuance", entry(PLAIN)),
    ("a conversion", entry(MADE)),
    ("two for three, rounded down", entry(replace(MADE, ratio="1/2", issued=replace(PLAIN, size=2),
                                           burnt=(replace(BURNT, next=94),)))),
    ("a lock", entry(LOCK)),
    ("a label", entry(LABEL)),
    ("a proposal", entry(PROPOSED)),
    ("its proposer withdraws", LAST),
    ("another approves", entry(ev.Settled(proposal=2, outcome="approved"), by=SECOND)),
    ("the clock ends it", entry(ev.Settled(proposal=2, outcome="expired"), by=CLOCK)),
    ("a root by the ledger", entry(ev.Rooted(root="00", holdings=1), by=CLOCK)),
    ("an account opened and used", entry(
        ev.AccountOpened(account=2000, kind="entity"), move(90, 95, A, 2000, (90, N + 1)))),
)  # fmt: skip

UNLAWFUL: tuple[tuple[str, str, Entry], ...] = (
    ("out of an end", "sink_left", entry(OUT)),
    ("out of another registry", "sink_left", entry(move(70, 71, PEER, A, (70, N + 10)))),
    ("a correction of another entry", "sink_left", entry(replace(BACK, entry=CANCELLED), OUT)),
    ("a correction to somebody else", "sink_left", entry(BACK, replace(OUT, target=B))),
    ("a correction of no move", "sink_left", entry(replace(BACK, entry=N), OUT)),
    ("into an end", "sink_entered", entry(INTO)),
    ("into another end", "sink_entered", entry(RETIRE, replace(INTO, target=VOLUNTARY))),
    ("an end of somebody else's", "sink_entered", entry(replace(RETIRE, source=B), INTO)),
    ("burnt without a conversion", "sink_entered", entry(RETIRE, BURNT)),
    ("converted into another end", "sink_entered",
     entry(replace(MADE, burnt=(replace(BURNT, target=RETIREMENT),)))),
    ("converted out of an end", "sink_left",
     entry(replace(MADE, issued=replace(PLAIN, size=10),
                   burnt=(replace(OUT, target=CONVERSION),)))),
    ("more than the ratio gives", "unlawful_conversion",
     entry(replace(MADE, issued=replace(PLAIN, size=6)))),
    ("more burnt than it needs", "unlawful_conversion",
     entry(replace(MADE, ratio="1/2", issued=replace(PLAIN, size=2)))),
    ("a ratio of nothing", "unlawful_conversion", entry(replace(MADE, ratio="1/0"))),
    ("nothing burnt", "unlawful_conversion", entry(replace(MADE, burnt=()))),
    ("to an unknown account", "unlawful_account", entry(move(90, 95, A, 9, (90, N + 1)))),
    ("to a closed account", "unlawful_account", entry(move(90, 95, A, 1009, (90, N + 1)))),
    ("issued to nobody", "unlawful_account", entry(replace(PLAIN, account=9))),
    ("issued into an end", "unlawful_account", entry(replace(PLAIN, account=RETIREMENT))),
    ("closed with units", "unlawful_account", entry(ev.AccountClosed(account=B))),
    ("an end closed", "unlawful_account", entry(ev.AccountClosed(account=VOLUNTARY))),
    ("closed twice", "unlawful_account", entry(ev.AccountClosed(account=1009))),
    ("founded again", "unlawful_number",
     entry(ev.Founded(ledger="x", party="TW", zone="UTC", sinks={}))),
    ("an end made an account", "unlawful_number",
     entry(ev.AccountOpened(account=RETIREMENT, kind="entity"))),
    ("a person again", "unlawful_number", entry(ev.Enrolled(person=AGENT, name="", roles=()))),
    ("a project again", "unlawful_number", entry(ev.ProjectRegistered(project="P1", party="TW"))),
    ("a certificate again", "unlawful_number", entry(replace(RETIRE, certificate=1), INTO)),
    ("a certificate left out", "unlawful_number", entry(replace(RETIRE, certificate=3), INTO)),
    ("a lock again", "unlawful_number", entry(replace(LOCK, lock=1))),
    ("a proposal again", "unlawful_number", entry(replace(PROPOSED, proposal=1))),
    ("a lot of nothing", "unlawful_issue", entry(replace(PLAIN, first_number="abc"))),
    ("a lot beyond count", "unlawful_issue", entry(replace(PLAIN, size=2**62 + 1))),
    ("a lot of no project", "unlawful_issue", entry(replace(PLAIN, project="P9"))),
    ("a foreign serial twice", "unlawful_foreign", entry(replace(FOREIGN, foreign_first="14"))),
    ("a foreign serial unseen", "unlawful_foreign",
     entry(replace(FOREIGN, facts={"observation": "1"}))),
    ("a foreign serial from nowhere", "unlawful_foreign", entry(replace(FOREIGN, facts={}))),
    ("one where two are needed", "unlawful_alone", entry(move(46, 47, PAIR, B, (46, PAIRING)))),
    ("one's own approval", "unlawful_alone", entry(ev.Settled(proposal=2, outcome="approved"))),
    ("withdrawn by another", "unlawful_alone",
     entry(ev.Settled(proposal=2, outcome="withdrawn"), by=SECOND)),
    ("settled twice", "unlawful_alone",
     entry(ev.Settled(proposal=1, outcome="approved"), by=SECOND)),
    ("proposed for another", "unlawful_person", entry(replace(PROPOSED, by=SECOND))),
    ("by nobody", "unlawful_person", entry(LABEL, by=99)),
    ("a root by a person", "unlawful_person", entry(ev.Rooted(root="00", holdings=1))),
    ("before the last", "unlawful_time", entry(LABEL, at=0)),
    ("a label beyond its lot", "unlawful_block", entry(replace(LABEL, next=101))),
    ("a label twice", "unlawful_block", entry(LABEL, replace(LABEL, value="C"))),
    ("half a lock lifted", "unlawful_block",
     entry(ev.Lifted(lock=1, blocks=((1, 20, 25),), held=((20,),)))),
)  # fmt: skip


def test_a_true_history_has_nothing_to_say() -> None:
    assert watched() == []


@pytest.mark.parametrize(("label", "last"), LAWFUL, ids=[row[0] for row in LAWFUL])
def test_what_an_act_can_do_is_not_named(label: str, last: Entry) -> None:
    assert watched(last) == []


@pytest.mark.parametrize(("label", "code", "last"), UNLAWFUL, ids=[row[0] for row in UNLAWFUL])
def test_what_no_act_can_do_is_named(label: str, code: str, last: Entry) -> None:
    assert code in {finding.code for finding in watched(last)}


def test_a_lock_is_lifted_once() -> None:
    lifted = ev.Lifted(lock=1, blocks=((1, 20, 30),), held=((20,),))
    assert watched(entry(lifted)) == []
    again = {finding.code for finding in watched(entry(lifted, lifted))}
    assert again == {"unlawful_block"}


def test_without_earlier_entries_a_correction_is_believed_as_far_as_it_names_them() -> None:
    assert watched(entry(BACK, replace(OUT, target=B)), blind=True) == []
    named = watched(entry(replace(BACK, entry=CANCELLED), OUT), blind=True)
    assert {finding.code for finding in named} == {"sink_left"}


def test_a_person_who_was_dismissed_does_nothing_more() -> None:
    later = replace(entry(LABEL, by=SECOND), seq=NEXT + 1)
    state = State(search=False)
    watch = Watch(state)
    for one in [*story(c.Dismiss(person=SECOND)), later]:
        watch.begin(one)
        apply(state, one, watch.see)
    assert [finding.code for finding in watch.findings] == ["unlawful_person"]


def test_what_is_wrong_everywhere_is_not_told_to_its_end() -> None:
    state = given(*STORY)
    watch = Watch(state)
    for _ in range(1_100):
        watch.see(OUT)
    assert len(watch.findings) == 1_000
