"""The day's work is done once a day, whatever stops it and however often it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.service.proof_sample import LATER, LAW, Sample, item
from tests.service.sample_ledger import ENGINES, engine_address

from onetonne.base.days import to_instant
from onetonne.ledger import commands as c
from onetonne.ledger.refusals import Refusal
from onetonne.service import daily as module
from onetonne.service.audit import verify
from onetonne.service.daily import Day, daily
from onetonne.service.execute import Writer
from onetonne.service.ledger import Ledger
from onetonne.store.keys import KeyFileError

DUE = [("proposals", 3), ("locks", 1), ("duties", 37)]
"""What ends on the day LATER in the ledger of these tests."""


@pytest.fixture(params=ENGINES)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    """A ledger with a proposal, a lock and a duty that end, as on the day LATER."""
    made = Sample(engine_address(request, tmp_path)).fill()
    with made.ledger:
        made.comply()
        asked = (c.Transfer(source=made.a, target=made.b, items=(item(1, "711-720"),)),)
        made.do(c.Propose(acts=asked, until=LATER))
        made.do(c.Lock(source=made.a, items=(item(1, "801-805"),), kind="pledge",
                       lift_by=made.me))  # fmt: skip
        made.ledger.publish()
        as_on(made.ledger, LATER)
        yield made


def as_on(ledger: Ledger, day: date) -> None:
    noon = to_instant(datetime.combine(day, time(12), ledger.writer.zone))
    ledger.writer.clock = lambda: noon


def ended(done: Day) -> list[tuple[str, int]]:
    return [(one.kind, one.number) for one in done.endings if one.entry]


def head(ledger: Ledger) -> int:
    return int(ledger.db.query("SELECT seq FROM head")[0][0])


def roots_of(ledger: Ledger) -> int:
    rows = ledger.db.query("SELECT entry FROM journal")
    return sum(b'"rooted"' in bytes(row[0]) for row in rows)


def test_what_is_due_is_done_and_a_second_run_changes_nothing(sample: Sample) -> None:
    ledger, before = sample.ledger, head(sample.ledger)
    done = daily(ledger)
    assert (done.day, ended(done)) == (LATER, DUE)
    assert [one.entry for one in done.endings] == [before + 1, before + 2, before + 3]
    assert (done.new_root, done.rooted.seq, done.point.size) == (True, before + 4, before + 4)
    assert (done.added, done.changed) == (4, True)
    again = daily(ledger)
    assert (again.endings, again.new_root, again.added, again.changed) == ([], False, 0, False)
    assert (again.rooted, again.point) == (done.rooted, done.point)
    assert head(ledger) == before + 4
    assert verify(ledger.log, ledger.verifier(), db=ledger.db).ok


def test_a_move_after_the_days_root_is_published_and_rooted_on_the_next_day(
    sample: Sample,
) -> None:
    first = daily(sample.ledger)
    sample.do(c.Transfer(source=sample.a, target=sample.b, items=(item(1, "501"),)))
    second = daily(sample.ledger)
    assert (second.rooted, second.new_root, second.added) == (first.rooted, False, 1)
    as_on(sample.ledger, date(2999, 1, 2))
    third = daily(sample.ledger)
    assert (third.rooted.seq, third.new_root) == (first.rooted.seq + 2, True)
    as_on(sample.ledger, date(2999, 1, 3))
    assert not daily(sample.ledger).changed, "nothing moved since"


@pytest.mark.parametrize("day", [date(2998, 12, 31), LATER])
def test_nothing_ends_before_its_day(sample: Sample, day: date) -> None:
    as_on(sample.ledger, day)
    kinds = {kind for kind, _ in ended(daily(sample.ledger))}
    assert kinds == ({"duties"} if day < LATER else {"proposals", "locks", "duties"})


STEPS = ("proposals", "locks", "duties", "root", "publish")


@pytest.mark.parametrize("step", STEPS)
def test_a_run_cut_short_is_completed_by_the_next(
    sample: Sample, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = head(sample.ledger)
    end = module._end

    def planted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt("planted")

    with monkeypatch.context() as cut:
        if step == "root":
            cut.setattr(module, "journal_root", planted)
        elif step == "publish":
            cut.setattr(Ledger, "publish", planted)
        else:
            cut.setattr(module, "_end", lambda *a: planted() if a[1] == step else end(*a))
        with pytest.raises(KeyboardInterrupt):
            daily(sample.ledger)
    assert head(sample.ledger) == before + STEPS.index(step)
    done = daily(sample.ledger)
    assert ended(done) == DUE[STEPS.index(step) :]
    assert head(sample.ledger) == done.point.size == before + 4
    assert verify(sample.ledger.log, sample.ledger.verifier(), db=sample.ledger.db).ok


def test_two_at_once_do_what_one_does(sample: Sample) -> None:
    before, roots = head(sample.ledger), roots_of(sample.ledger)
    ready, found = threading.Barrier(2), list[Day]()

    def run() -> None:
        with Ledger.open(sample.ledger.address, LAW) as ledger:
            as_on(ledger, LATER)
            ready.wait()
            found.append(daily(ledger))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended(found[0]) + ended(found[1])) == sorted(DUE)
    assert not [one.refusal for done in found for one in done.endings if one.refusal]
    assert head(sample.ledger) - before - len(DUE) == roots_of(sample.ledger) - roots in (1, 2)
    assert not daily(sample.ledger).changed


def test_without_its_key_nothing_is_done(sample: Sample) -> None:
    before = head(sample.ledger)
    (sample.ledger.folder / "key").rename(sample.ledger.folder / "elsewhere")
    with pytest.raises(KeyFileError):
        daily(sample.ledger)
    assert head(sample.ledger) == before


def test_an_ending_that_is_refused_holds_up_no_other(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: locks that never end are taken for due."""
    sql = module._DUE["locks"].replace("until <= ?", "(until IS NULL OR until <= ?)")
    monkeypatch.setitem(module._DUE, "locks", sql)
    monkeypatch.setattr(module, "AT_ONCE", 1)
    done = daily(sample.ledger)
    refused = {(one.kind, one.number): one.refusal for one in done.endings if one.refusal}
    assert set(refused) == {("locks", 6)}
    assert all(isinstance(no, Refusal) and no.code == "not_yet_due" for no in refused.values())
    assert ended(done) == DUE
    assert done.new_root


def test_many_end_in_several_transactions(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        sample.ledger.writer.clock = Writer(sample.ledger.db, LAW).clock
        sample.do(c.Lock(source=sample.a, items=(item(1, f"{830 + n}"),), kind="pledge",
                         lift_by=sample.me, until=LATER))  # fmt: skip
    as_on(sample.ledger, LATER)
    monkeypatch.setattr(module, "AT_ONCE", 2)
    done = daily(sample.ledger)
    assert [kind for kind, _ in ended(done)].count("locks") == 6


def test_a_duty_is_overdue_only_after_its_last_day(sample: Sample) -> None:
    due = date.fromisoformat(sample.ledger.db.query("SELECT due FROM duties")[0][0])
    as_on(sample.ledger, due)
    assert daily(sample.ledger).endings == []
    as_on(sample.ledger, due + timedelta(days=1))
    assert ended(daily(sample.ledger)) == [("duties", 37)]
