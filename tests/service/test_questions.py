"""Answers against a ledger that is counted anew, serial by serial, from its journal."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from tests.service.sample_ledger import ENGINES, Sample, block, engine_address, new_ledger, some

from onetonne.ledger import codec
from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.service import questions as q
from onetonne.service.execute import new_account_number
from onetonne.service.questions.asof import entry_day
from onetonne.service.rebuild import rebuild

SIZE = 24


@pytest.fixture(params=ENGINES)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    with new_ledger(engine_address(request, tmp_path)) as made:
        yield made


class Counted(NamedTuple):
    """What a serial-by-serial count says: who holds each serial and how it came there."""

    holder: dict[tuple[int, int], int]
    locks: dict[tuple[int, int], tuple[int, ...]]
    lives: dict[tuple[int, int], list[int]]


def journal(sample: Sample) -> list[ev.Entry]:
    rows = sample.ledger.db.query("SELECT entry FROM journal ORDER BY seq")
    return [codec.decode(row[0]) for row in rows]


def counted(entries: list[ev.Entry]) -> Counted:
    """Each event applied to single serials; deliberately slow and plain."""
    count = Counted({}, defaultdict(tuple), defaultdict(list))
    for entry in entries:
        for event in entry.events:
            for key in serials_of(event):
                count.lives[key].append(entry.seq)
                count_one(count, event, key)
    return count


def serials_of(event: ev.Event) -> list[tuple[int, int]]:
    if isinstance(event, ev.Issued):
        return [(event.lot, n) for n in range(event.size)]
    if isinstance(event, ev.Moved | ev.Labelled):
        return [(event.lot, n) for n in range(event.first, event.next)]
    if isinstance(event, ev.Locked | ev.Lifted):
        return [(lot, n) for lot, first, next_ in event.blocks for n in range(first, next_)]
    return []


def count_one(count: Counted, event: ev.Event, key: tuple[int, int]) -> None:
    if isinstance(event, ev.Issued):
        count.holder[key] = event.account
    elif isinstance(event, ev.Moved):
        assert count.holder[key] == event.source
        count.holder[key] = event.target
    elif isinstance(event, ev.Locked):
        count.locks[key] = (*count.locks[key], event.lock)
    elif isinstance(event, ev.Lifted):
        count.locks[key] = tuple(lock for lock in count.locks[key] if lock != event.lock)


def grown(sample: Sample, seed: int, rounds: int = 110) -> list[int]:
    """A ledger of random acts, some of them on an earlier day; the accounts that it has."""
    rng = random.Random(seed)
    accounts = [sample.account(f"Holder {n}") for n in range(3)]
    other = sample.person_named("Ann")
    sample.project()
    issue = c.Issue(unit="TCER", quantity=SIZE, account=accounts[0], project="TW-1", vintage=2024)
    sample.do(issue)
    done = 0
    for _ in range(rounds):
        if rng.random() < 0.4:
            sample.later(rng.randrange(1, 4))
        act = random_act(rng, accounts, sample)
        more: dict[str, object] = {}
        if rng.random() < 0.3:
            more = {"effective": sample.today - timedelta(days=rng.randrange(4)), "cites": "D-1"}
        by = other if isinstance(act, c.Approve) else sample.person
        acts = (act,) if rng.random() < 0.8 or isinstance(act, c.Propose | c.Approve) else (
            act, random_act(rng, accounts, sample, simple=True))  # fmt: skip
        answer = sample.ledger.execute([c.Request(by=by, acts=acts, **more)])[0]  # type: ignore[arg-type]
        done += answer.entry is not None
    assert done > rounds // 6
    return accounts


def random_act(
    rng: random.Random, accounts: list[int], sample: Sample, simple: bool = False
) -> c.Act:
    lots, lock, seq, proposal = sample.ledger.db.query(
        'SELECT lot, "lock", seq, proposal FROM head'
    )[0]
    lot, low = rng.randrange(1, lots + 1), rng.randrange(1, SIZE + 1)
    source, target = rng.sample(accounts, 2)
    items = block(lot, f"{low}-{min(SIZE, low + rng.randrange(6))}")
    if rng.random() < 0.3:
        items = some(lot, rng.randrange(1, 7))
    transfer = c.Transfer(source=source, target=target, items=items)
    kind = "transfer" if simple else rng.choice(
        ["transfer"] * 6 + ["retire", "cancel", "issue", "label", "lock", "lock", "lift", "lift",
        "propose", "approve", "correct", "correct", "correct", "correct"])  # fmt: skip
    issue = c.Issue(unit="TCER", quantity=SIZE, account=source, project="TW-1", vintage=2025)
    made: dict[str, c.Act] = {
        "transfer": transfer,
        "retire": c.Retire(source=source, items=items, beneficiary="ACME", period="2025"),
        "cancel": c.Cancel(source=source, items=items, reason="gone"),
        "issue": issue if lots < 3 else transfer,
        "label": c.Label(items=block(lot, f"{low}"), kind="ccp", value="A"),
        "lock": c.Lock(source=source, items=items, kind="pledge", lift_by=sample.person),
        "lift": c.Lift(lock=rng.randrange(1, lock + 1) if lock else 1),
        "propose": c.Propose(acts=(transfer,)),
        "approve": c.Approve(proposal=max(proposal, 1)),
        "correct": c.Correct(entry=seq - rng.randrange(4), reason="slip"),
    }
    return made[kind]


def moments(sample: Sample, entries: list[ev.Entry]) -> list[tuple[q.AsOf, list[ev.Entry]]]:
    """Points to ask at, each with the entries that count there."""
    zone = sample.ledger.writer.zone
    days = sorted({entry_day(entry, zone) for entry in entries})
    by_seq = [(q.AsOf(seq=n), entries[:n]) for n in range(1, len(entries) + 1, 7)]
    by_day = [
        (q.AsOf(day=day), [e for e in entries if entry_day(e, zone) <= day])
        for day in [days[0] - timedelta(days=1), *days]
    ]
    half, mid = len(entries) // 2, days[len(days) // 2]
    both = [e for e in entries[:half] if entry_day(e, zone) <= mid]
    return [(q.NOW, entries), *by_seq, *by_day, (q.AsOf(seq=half, day=mid), both)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_every_answer_agrees_with_a_count_serial_by_serial(sample: Sample, seed: int) -> None:
    accounts = grown(sample, seed)
    entries = journal(sample)
    backdated = [e for e in entries if e.effective and any(type(x) is ev.Moved for x in e.events)]
    assert backdated, "no move on another day was accepted: the sample shows too little"
    for asof, counting in moments(sample, entries):
        want = counted(counting)
        check_holdings(sample, asof, want)
        check_lives(sample, asof, want, counting)
        check_statements(sample, asof, want, accounts)


def check_holdings(sample: Sample, asof: q.AsOf, want: Counted) -> None:
    answer = q.holdings(sample.ledger, asof=asof)
    found = {(r.lot, n): r for r in answer.rows for n in range(r.first, r.next)}
    assert {key: row.account for key, row in found.items()} == want.holder, asof
    assert all(row.locks == want.locks[key] for key, row in found.items()), asof
    assert answer.quantity == len(want.holder)
    by_status = {status: total for status, total in answer.by_status.items() if total}
    totals = q.totals(sample.ledger, ("status",), asof)
    assert {row.of["status"]: row.quantity for row in totals.rows} == by_status
    assert q.project(sample.ledger, "TW-1", asof).by_status == by_status if found else True


def check_lives(sample: Sample, asof: q.AsOf, want: Counted, counting: list[ev.Entry]) -> None:
    seqs = {entry.seq for entry in counting}
    for lot in sorted({lot for lot, _ in want.holder}):
        answer = q.history(sample.ledger, lot, asof=asof)
        at = 0
        for part in answer.parts:
            for n in range(at, at + part.quantity):
                steps = [step.entry for step in part.steps]
                assert steps == want.lives[lot, n], (asof, lot, n)
                assert part.account == want.holder[lot, n]
                assert part.locks == want.locks[lot, n]
            at += part.quantity
            assert {step.entry for step in part.steps} <= seqs
        assert at == SIZE
        single = q.history(sample.ledger, lot, "3", asof=asof).parts[0]
        assert [step.entry for step in single.steps] == want.lives[lot, 2]


def check_statements(sample: Sample, asof: q.AsOf, want: Counted, accounts: list[int]) -> None:
    for account in accounts:
        try:
            answer = q.statement(sample.ledger, account, asof=asof)
        except q.Unknown:
            assert account not in want.holder.values()
            continue
        held = sum(1 for holder in want.holder.values() if holder == account)
        assert answer.closing_total == held, asof
        assert sum(m.change for m in answer.movements) == held
        if answer.movements:
            middle = answer.movements[len(answer.movements) // 2].step.day
            split = q.statement(sample.ledger, account, since=middle, asof=asof)
            before = q.statement(sample.ledger, account, until=middle - timedelta(1), asof=asof)
            assert split.opening == before.closing
            assert split.closing == answer.closing


def test_a_correction_counts_on_its_effective_day(sample: Sample) -> None:
    mine, theirs = sample.account("Solar Co"), sample.account("Buyer")
    sample.project()
    issue = c.Issue(unit="TCER", quantity=10, account=mine, project="TW-1", vintage=2024)
    sample.do(issue)
    day = sample.later(1)
    wrong = sample.do(c.Transfer(source=mine, target=theirs, items=some(1, 4)))
    sample.later(5)
    right = sample.do(c.Correct(entry=wrong.seq, reason="wrong buyer"), effective=day)
    held = {
        str(asof): q.holdings(sample.ledger, account=theirs, asof=asof).quantity
        for asof in (q.NOW, q.AsOf(day=day), q.AsOf(seq=wrong.seq), q.AsOf(wrong.seq, day))
    }
    assert list(held.values()) == [0, 0, 4, 4]
    answer = q.history(sample.ledger, 1, "10")
    acts = [(step.entry, step.act, step.day) for step in answer.parts[0].steps]
    assert acts[1:] == [(wrong.seq, "transfer", day), (right.seq, "correct", day)]
    assert answer.parts[0].steps[2].facts == {"corrects": str(wrong.seq), "reason": "wrong buyer"}
    lines = q.statement(sample.ledger, theirs, since=day, until=day).movements
    assert [(line.serials, line.change, line.balance) for line in lines] == [
        ("7-10", 4, 4),
        ("7-10", -4, 0),
    ]


def test_a_life_names_acts_people_and_facts(sample: Sample) -> None:
    mine, theirs = sample.account("Solar Co"), sample.account("Buyer")
    sample.project()
    sample.do(c.Issue(unit="TCER", quantity=10, account=mine, project="TW-1", vintage=2024))
    lock = c.Lock(source=mine, items=block(1, "1-4"), kind="pledge", lift_by=sample.person,
                  reason="loan 7")  # fmt: skip
    sample.do(lock)
    sample.do(c.Lift(lock=1))
    sample.do(
        c.Transfer(source=mine, target=theirs, items=block(1, "3-10")),
        c.Retire(source=theirs, items=block(1, "5-6"), beneficiary="ACME", period="2025"),
    )
    answer = q.history(sample.ledger, 1)
    assert [(p.serials, p.status, [s.act for s in p.steps]) for p in answer.parts] == [
        ("1-2", "held", ["issue", "lock", "lift"]),
        ("3-4", "held", ["issue", "lock", "lift", "transfer"]),
        ("5-6", "retired", ["issue", "transfer", "retire"]),
        ("7-10", "held", ["issue", "transfer"]),
    ]
    locked, retired = answer.parts[0].steps[1], answer.parts[2].steps[2]
    assert locked.facts == {"lock": "1", "kind": "pledge", "reason": "loan 7"}
    assert (retired.by_name, retired.source_name, retired.target_name) == (
        "Mei", "Buyer", "retirement")  # fmt: skip
    assert retired.facts["beneficiary"] == "ACME"
    assert retired.facts["certificate"] == "1"


def test_a_conversion_is_told_from_both_sides(sample: Sample) -> None:
    mine = sample.account("Solar Co")
    issue = c.Issue(unit="AAU", quantity=10, account=mine, host="NZ", commitment_period=1)
    sample.do(issue)
    sample.do(c.Convert(source=mine, items=block(1, "3-6"), rule="AAU-ERU"))
    source, target = q.history(sample.ledger, 1), q.history(sample.ledger, 2)
    assert [(p.serials, p.status) for p in source.parts] == [
        ("1-2", "held"), ("3-6", "converted"), ("7-10", "held")]  # fmt: skip
    assert source.parts[1].steps[-1].facts["into"] == "2"
    assert target.parts[0].steps[0].act == "convert"
    assert target.parts[0].steps[0].facts["from"] == "lot 1: 4"


def test_what_is_not_there_is_named_with_what_to_give(sample: Sample) -> None:
    ledger = sample.ledger
    one, two = sample.account("Twin"), sample.account("Twin")
    sample.project()
    sample.do(c.Issue(unit="TCER", quantity=9, account=one, project="TW-1", vintage=2024))
    issued = sample.today
    code = "TCER-2024-1"
    assert {q.lot_number(ledger, text) for text in ("1", code, f"{code} 1-9")} == {1}
    assert (q.blocks_of(ledger, f"{code} 5-9")[0].first, q.account_number(ledger, "surrender")) == (
        4, 2)  # fmt: skip
    assert q.person_number(ledger, "Mei") == q.person_number(ledger, str(sample.person))
    with pytest.raises(q.Ambiguous, match="2 accounts are called 'Twin'"):
        q.account_number(ledger, "Twin")
    sample.do(c.CloseAccount(account=two))
    assert q.account_number(ledger, "Twin") == one
    asked = {
        "no lot and no serial '9'": lambda: q.lot_number(ledger, "9"),
        "no lot and no serial 'TCER-2023-1'": lambda: q.lot_number(ledger, "TCER-2023-1"),
        "Serials 5-10 are not in TCER-2024-1": lambda: q.lot_number(ledger, f"{code} 5-10"),
        "names serials 5 of TCER-2024-1, not the lot": lambda: q.lot_number(ledger, f"{code}-5"),
        "9-5 runs backwards": lambda: q.blocks_of(ledger, f"{code} 9-5"),
        "no person 'Ann'": lambda: q.person_number(ledger, "Ann"),
        "no account 'Ann'": lambda: q.account_number(ledger, "Ann"),
        "check digits do not fit": lambda: q.account_number(ledger, "1234-5678-90"),
        "no entry 99": lambda: q.holdings(ledger, asof=q.AsOf(seq=99)),
        "no lot 2": lambda: q.history(ledger, 2),
        "no lot 1": lambda: q.history(ledger, 1, asof=q.AsOf(day=issued - timedelta(days=1))),
        "no totals by 'colour'": lambda: q.totals(ledger, ("colour",)),
        "no project 'X'": lambda: q.project(ledger, "X"),
        "no account 500 as of": lambda: q.statement(ledger, 500),
    }
    for text, ask in asked.items():
        with pytest.raises(q.Unknown, match=text):
            ask()


def test_lists_are_as_of_too(sample: Sample) -> None:
    ledger = sample.ledger
    before, day = q.NOW, sample.today
    mine = sample.account("Solar Co")
    sample.project()
    sample.do(c.Issue(unit="TCER", quantity=9, account=mine, project="TW-1", vintage=2024))
    sample.do(c.Lock(source=mine, items=some(1, 2), kind="pledge", lift_by=sample.person))
    seq = sample.do(
        c.Propose(acts=(c.Retire(source=mine, items=some(1, 1), beneficiary="A", period="2025"),))
    ).seq
    later = sample.later(3)
    sample.do(c.Lift(lock=1))
    sample.do(c.Withdraw(proposal=1))
    assert [len(ask(ledger, before).rows) for ask in (q.locks, q.proposals)] == [0, 0]
    then = q.AsOf(day=day)
    assert [len(ask(ledger, then).rows) for ask in (q.locks, q.proposals)] == [2, 1]
    assert len(q.locks(ledger, q.AsOf(seq=seq)).rows) == 2
    assert q.accounts(ledger).as_of == q.AsOf(seq + 2, later)
    assert q.accounts(ledger, then).as_of.day == day
    assert "Solar Co" in q.accounts(ledger, then).names.values()
    assert [row.project for row in q.projects(ledger).rows] == ["TW-1"]
    assert [row.lot for row in q.lots(ledger).rows] == [1]
    assert q.lots(ledger, q.AsOf(seq=1)).rows == ()
    assert q.persons(ledger).names[q.persons(ledger).rows[0].name] == "Mei"


def test_a_destroyed_salt_leaves_the_answer_without_the_name(sample: Sample) -> None:
    mine = sample.account("Solar Co")
    sample.project()
    sample.do(c.Issue(unit="TCER", quantity=9, account=mine, project="TW-1", vintage=2024))
    assert q.holdings(sample.ledger).rows[0].holder == "Solar Co"
    sample.ledger.db.query("DELETE FROM openings WHERE text = 'Solar Co' RETURNING text")
    assert q.holdings(sample.ledger).rows[0].holder == ""
    assert q.history(sample.ledger, 1).parts[0].holder == ""


def test_a_far_day_is_everything(sample: Sample) -> None:
    sample.account("Solar Co")
    far = q.AsOf(day=date(2100, 1, 1))
    assert q.accounts(sample.ledger, far).rows == q.accounts(sample.ledger).rows


def test_every_answer_goes_into_json(sample: Sample) -> None:
    mine = sample.account("Solar Co")
    sample.project()
    sample.do(c.Issue(unit="TCER", quantity=9, account=mine, project="TW-1", vintage=2024))
    ledger = sample.ledger
    lists = (q.accounts, q.lots, q.projects, q.persons, q.locks, q.proposals, q.totals, q.holdings)
    answers = [ask(ledger) for ask in lists]
    answers += [q.history(ledger, 1), q.statement(ledger, mine), q.project(ledger, "TW-1")]
    answers += [q.find(ledger, "TCER-2024-1-5")]
    for answer in answers:
        told = msgspec.json.decode(msgspec.json.encode(answer))
        assert told["as_of"] == {"seq": 4, "day": sample.today.isoformat()}


def test_questions_leave_no_transaction_open_and_see_what_others_write(sample: Sample) -> None:
    ledger = sample.ledger
    for asof in (q.NOW, q.AsOf(seq=1), q.AsOf(seq=77)):
        with pytest.raises(q.Unknown):
            q.history(ledger, 1, asof=asof)
    before = q.accounts(ledger).as_of.seq
    sample.account("Solar Co")
    assert q.accounts(ledger).as_of.seq == (before or 0) + 1


def test_lives_under_one_block_stay_linear_in_its_pieces(sample: Sample) -> None:
    """Two hundred pieces and a basket that moves the same serials twice."""
    mine, theirs = sample.account("Solar Co"), sample.account("Buyer")
    sample.project()
    sample.do(c.Issue(unit="TCER", quantity=400, account=mine, project="TW-1", vintage=2024))
    for n in range(1, 400, 2):
        sample.do(c.Transfer(source=mine, target=theirs, items=block(1, str(n))))
    last = sample.do(
        c.Transfer(source=theirs, target=mine, items=block(1, "1")),
        c.Transfer(source=mine, target=theirs, items=block(1, "1")),
    )
    answer = q.history(sample.ledger, 1)
    assert len(answer.parts) == 400
    assert [step.entry for step in answer.parts[0].steps][2:] == [last.seq, last.seq]
    assert answer.parts[0].holder == "Buyer"


def test_what_counts_earlier_stands_without_what_came_between(sample: Sample) -> None:
    """Lot numbers may jump, and the end of what was not yet in effect ends nothing."""
    mine = sample.account("Solar Co")
    sample.project()
    issue = c.Issue(unit="TCER", quantity=9, account=mine, project="TW-1", vintage=2024)
    sample.do(issue)
    day = sample.today
    sample.later(2)
    late = sample.account("Late Co")
    sample.do(issue)
    sample.do(c.Lock(source=mine, items=block(1, "1-3"), kind="pledge", lift_by=sample.person))
    sample.do(c.Propose(acts=(c.Transfer(source=mine, target=late, items=block(1, "8-9")),)))
    ann = sample.person_named("Ann")
    then: dict[str, object] = {"effective": day, "cites": "D-7"}
    sample.do(issue, **then)
    for ending in (c.Lift(lock=1), c.Withdraw(proposal=1), c.Dismiss(person=ann)):
        sample.do(ending, **then)
    sample.do(c.CloseAccount(account=late), **then)
    asof = q.AsOf(day=day)
    assert [row.lot for row in q.lots(sample.ledger, asof).rows] == [1, 3]
    assert q.holdings(sample.ledger, asof=asof).by_status == {"held": 18}
    assert late not in [row.account for row in q.accounts(sample.ledger, asof).rows]
    assert len(q.persons(sample.ledger, asof).rows) == 1
    life = q.history(sample.ledger, 1, "1", asof).parts[0]
    assert (life.status, life.locks) == ("held", ())


def test_locked_serials_and_acts_of_one_basket_are_told_apart(sample: Sample) -> None:
    mine, theirs = sample.account("Solar Co"), sample.account("Buyer")
    sample.project()
    sample.do(c.Issue(unit="TCER", quantity=20, account=mine, project="TW-1", vintage=2024))
    sample.do(
        c.Retire(source=mine, items=block(1, "19-20"), beneficiary="ACME", period="2025"),
        c.Transfer(
            source=mine, target=theirs, items=(*block(1, "5-6"), *block(1, "1-2"), *block(1, "3-4"))
        ),
    )
    sample.do(c.Lock(source=theirs, items=block(1, "2-5"), kind="pledge", lift_by=sample.person))
    assert q.holdings(sample.ledger).by_status == {"held": 14, "locked": 4, "retired": 2}
    sample.do(c.Lift(lock=1))
    acts = {part.serials: [s.act for s in part.steps] for part in q.history(sample.ledger, 1).parts}
    assert acts["19-20"] == ["issue", "retire"]
    assert acts["2-5"] == ["issue", "transfer", "lock", "lift"]
    assert acts["1"] == acts["6"] == ["issue", "transfer"]


def test_a_project_of_many_lots_sums_its_own_only(sample: Sample) -> None:
    mine = sample.account("Solar Co")
    sample.project()
    sample.do(c.RegisterProject(project="TW-2", party="TW", methodology="TM001",
                                mechanism="TW-GHG", activity="reduction"))  # fmt: skip
    many = [c.Issue(unit="TCER", quantity=2, account=mine, project="TW-1", vintage=2024)] * 100
    other = c.Issue(unit="TCER", quantity=5, account=mine, project="TW-2", vintage=2025)
    sample.do(*many)
    sample.do(many[0], other)
    one, two = (q.project(sample.ledger, code) for code in ("TW-1", "TW-2"))
    assert (one.quantity, len(one.lots), two.by_status) == (202, 101, {"held": 5})
    by = q.totals(sample.ledger, ("type", "vintage", "party", "holder_party")).rows
    assert [(total.of["vintage"], total.of["party"], total.quantity) for total in by] == [
        ("2024", "TW", 202),
        ("2025", "TW", 5),
    ]


def test_names_and_codes_come_in_the_order_of_their_bytes(sample: Sample) -> None:
    """On every store, whatever the language of its server, now and as of an entry."""
    codes = ["a1", "B1", "Zz", "a2", "b-0"]
    for code in codes:
        sample.do(c.RegisterProject(project=code, party="TW", methodology="TM001"))
    head = sample.ledger.db.query("SELECT seq FROM head")[0][0]
    for asof in (q.NOW, q.AsOf(seq=head)):
        assert [row.project for row in q.projects(sample.ledger, asof).rows] == sorted(codes)
    rebuild(sample.ledger.db)  # makes this very table anew
    assert [row.project for row in q.projects(sample.ledger).rows] == sorted(codes)


def test_a_day_beyond_the_calendars_last_but_one_is_a_day(sample: Sample) -> None:
    assert q.holdings(sample.ledger, asof=q.AsOf(day=date.max)).rows == ()


def test_a_statement_of_a_day_before_the_account_is_refused(sample: Sample) -> None:
    account = sample.account("Solar Co")
    before = q.AsOf(day=sample.today - timedelta(days=9))
    with pytest.raises(q.Unknown, match="no account"):
        q.statement(sample.ledger, account, asof=before)
    assert q.statement(sample.ledger, account).closing_total == 0


def test_totals_know_the_holders_party_and_the_activity(sample: Sample) -> None:
    """Where each differs from its neighbour: the host from the holder's Party, the activity from
    the type."""
    sample.project()
    at_home, abroad = sample.account("Solar Co"), new_account_number()
    sample.do(c.OpenAccount(account=abroad, party="JP", holder="Buyer"))
    issue = c.Issue(unit="TCER", quantity=10, account=at_home, project="TW-1", vintage=2024)
    sample.do(issue)
    sample.do(c.Transfer(source=at_home, target=abroad, items=block(1, "1-4")))
    by = ("type", "party", "holder_party", "activity")
    told = [(*total.of.values(), total.quantity) for total in q.totals(sample.ledger, by).rows]
    assert told == [("TCER", "TW", "JP", "reduction", 4), ("TCER", "TW", "TW", "reduction", 6)]
