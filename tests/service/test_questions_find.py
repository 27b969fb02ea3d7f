"""Observations are journaled with their rows; a serial is found on both sides; a foreign unit is
admitted by a row that proves itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.exchange.samples import (
    CAR_HEADER,
    VERRA_HEADER,
    as_csv,
    car,
    car_serial,
    retired,
    verra,
    verra_serial,
)
from tests.service.sample_ledger import ENGINES, Sample, engine_address, new_ledger

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.service import questions as q
from onetonne.service.audit import verify
from onetonne.service.observing import Altered, Observing, foreign, observe


@pytest.fixture(params=ENGINES)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    with new_ledger(engine_address(request, tmp_path)) as made:
        yield made


def imported(sample: Sample, data: bytes, dry: bool = False, by: int = 0) -> Observing:
    ledger, day = sample.ledger, sample.today
    return observe(ledger, by or sample.person, "verra", "verra.csv", data, day, dry)


DATA = as_csv(VERRA_HEADER, verra(1, 500), retired(501, 800), verra(801, 900, **{
    "Serial Number": "hand-made 7", "Quantity Issued": "100"}))  # fmt: skip


def count(sample: Sample, table: str) -> int:
    return int(sample.ledger.db.query(f"SELECT count(*) FROM {table}")[0][0])


def audited(sample: Sample) -> list[tuple[str, str]]:
    ledger = sample.ledger
    ledger.publish()
    report = verify(ledger.log, ledger.verifier(), db=ledger.db)
    return [(finding.code, finding.where) for finding in report.findings]


def test_an_export_becomes_one_entry_with_its_rows_beside_it(sample: Sample) -> None:
    told = imported(sample, DATA)
    assert (told.rows, told.parsed, told.opaque, told.unreadable) == (3, 2, 1, 0)
    head = sample.ledger.db.query("SELECT seq FROM head")[0][0]
    assert told.observation == head
    assert count(sample, "observed") == 3
    assert audited(sample) == []


def test_the_same_file_of_the_same_day_is_the_same_observation(sample: Sample) -> None:
    first = imported(sample, DATA)
    again = imported(sample, DATA)
    assert (again.observation, again.repeated) == (first.observation, True)
    assert (count(sample, "observations"), count(sample, "observed")) == (1, 3)
    sample.later(1)
    assert not imported(sample, DATA).repeated
    assert count(sample, "observations") == 2


def test_what_is_refused_or_dry_leaves_no_row(sample: Sample) -> None:
    assert imported(sample, DATA, dry=True).observation == 0
    stranger = imported(sample, DATA, by=4711)
    assert stranger.refusal is not None
    assert stranger.refusal.code == "unknown_person"
    future = observe(sample.ledger, sample.person, "verra", "v.csv", DATA,
                     sample.today + timedelta(days=1))  # fmt: skip
    assert future.refusal is not None
    assert count(sample, "observed") == 0
    with pytest.raises(q.Unknown, match="no rows to observe"):
        imported(sample, b"")


def test_a_commit_that_fails_leaves_neither_entry_nor_rows(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("disk full")

    monkeypatch.setattr(sample.ledger.db, "commit", fail)
    with pytest.raises(OSError, match="disk full"):
        imported(sample, DATA)
    monkeypatch.undo()
    assert (count(sample, "observations"), count(sample, "observed")) == (0, 0)
    assert imported(sample, DATA).observation


def test_a_row_that_is_unreadable_but_for_its_serial_is_found_and_not_admitted(
    sample: Sample,
) -> None:
    damaged = retired(1, 500) | {"Quantity Issued": "5OO"}
    told = imported(sample, as_csv(VERRA_HEADER, damaged))
    assert told.unreadable == 1
    (seen,) = q.find(sample.ledger, verra_serial(7, 7)).seen
    assert (seen.kind, seen.quantity, seen.first, seen.last) == ("unreadable", 0, "1", "500")
    filed = foreign(sample.ledger, told.observation, 2)
    mine = sample.account("Solar Co")
    sample.project()
    act = c.Admit(filed=filed, account=mine, rule="VOLUNTARY-TCER", project="TW-1", vintage=2021)
    answer = sample.ledger.ask(sample.person, act)
    assert answer.refusal is not None
    assert answer.refusal.code == "row_does_not_fit"
    assert audited(sample) == []


def test_rows_altered_beside_the_journal_are_noticed(sample: Sample) -> None:
    told = imported(sample, DATA)
    assert audited(sample) == []
    sample.ledger.db.query(
        "UPDATE observed SET record = replace(record, 'Namibia', 'Nambia') RETURNING row"
    )
    with pytest.raises(Altered, match="not those that were observed"):
        foreign(sample.ledger, told.observation, 2)
    where = f"table observed, observation={told.observation}"
    assert audited(sample) == [("observed_differs", where)]


@pytest.mark.parametrize(
    ("edit", "code", "where"),
    [
        ("SET key = '' WHERE row = 1", "observed_cell", ", row=1, column key"),
        ("SET key = 'x' WHERE row = 2", "observed_cell", ", row=2, column key"),
        ("SET row = 9 WHERE row = 2", "observed_cell", ", row=9, column row"),
        ("SET row = -1 WHERE row = 0", "observed_cell", ", row=-1, column row"),
        ("SET row = 9 WHERE row = 0", "observed_differs", ""),
        ("SET record = 'x' WHERE row = 0", "observed_differs", ""),
        ("SET record = '[{\"key\":1}]' WHERE row = 0", "observed_differs", ""),
    ],
)
def test_an_edit_beside_the_journal_is_named(
    sample: Sample, edit: str, code: str, where: str
) -> None:
    told = imported(sample, DATA)
    imported(sample, DATA + b"\n")
    sample.ledger.db.query(f"UPDATE observed {edit} AND observation = {told.observation} RETURNING"
                           " row")  # fmt: skip
    at = f"table observed, observation={told.observation}"
    assert audited(sample) == [(code, at + where)]


def test_rows_of_no_observation_are_named_and_the_next_import_sweeps_them(sample: Sample) -> None:
    told = imported(sample, DATA)
    names = ("observation", "row", "key", "record")
    sample.ledger.db.insert("observed", names, [(999, 0, "k", "{}"), (1, 0, "k", "{}")])
    extra = ("observed_extra", "table observed, observation=")
    assert audited(sample) == [(extra[0], extra[1] + "1"), (extra[0], extra[1] + "999")]
    imported(sample, DATA + b"\n")
    assert audited(sample) == [(extra[0], extra[1] + "1")]
    sample.ledger.db.query("DELETE FROM observed WHERE observation = 1 RETURNING row")
    assert audited(sample) == []
    sample.ledger.db.query("DELETE FROM observed WHERE observation = ? RETURNING row",
                           (told.observation,))  # fmt: skip
    assert audited(sample) == []  # one may be journaled without its rows


def test_a_row_lost_beside_the_journal_is_noticed(sample: Sample) -> None:
    imported(sample, DATA)
    sample.ledger.db.query("DELETE FROM observed WHERE row = 1 RETURNING row")
    assert [code for code, _ in audited(sample)] == ["observed_differs"]


def test_a_block_is_filed_once_and_found_on_both_sides(sample: Sample) -> None:
    told = imported(sample, DATA)
    mine = sample.account("Solar Co")
    sample.project()
    filed = foreign(sample.ledger, told.observation, 2)
    act = c.Admit(filed=filed, account=mine, unit="VCU", project="TW-1", vintage=2021,
                  host="NA", activity="reduction")  # fmt: skip
    before = sample.today
    sample.later(2)
    entry = sample.do(act)
    again = sample.ledger.ask(sample.person, act)
    assert again.refusal is not None
    assert again.refusal.code == "foreign_serial_used"
    issued = entry.events[0]
    assert isinstance(issued, ev.Issued)

    answer = q.find(sample.ledger, verra_serial(11, 20))
    (ours,) = answer.ours
    assert (ours.lot, [part.serials for part in ours.parts]) == (issued.lot, ["11-20"])
    assert [step.act for step in ours.parts[0].steps] == ["admit"]
    (seen,) = answer.seen
    assert (seen.observation, seen.register, seen.row, seen.kind, seen.first, seen.last) == (
        told.observation, "verra", 2, "block", "1", "500")  # fmt: skip
    assert seen.cells["Country/Area"] == "Namibia"
    assert (answer.form, seen.day) == ("verra-vcu-2", before)
    with pytest.raises(q.Unknown, match="names serials 11-20 of"):
        q.lot_number(sample.ledger, verra_serial(11, 20))
    assert q.lot_number(sample.ledger, verra_serial(1, 500)) == issued.lot

    earlier = q.find(sample.ledger, verra_serial(11, 20), q.AsOf(day=before))
    assert (earlier.ours, len(earlier.seen)) == ((), 1)
    assert q.find(sample.ledger, verra_serial(11, 20), q.AsOf(seq=1)).seen == ()


def test_what_was_cancelled_abroad_is_converted_and_found(sample: Sample) -> None:
    told = imported(sample, DATA)
    mine = sample.account("Solar Co")
    sample.project()
    filed = foreign(sample.ledger, told.observation, 3)
    sample.do(c.Admit(filed=filed, account=mine, rule="VOLUNTARY-TCER", project="TW-1",
                      vintage=2021))  # fmt: skip
    answer = q.find(sample.ledger, verra_serial(501, 501))
    assert [history.code for history in answer.ours] == ["TCER-2021-1"]
    assert answer.ours[0].parts[0].quantity == 300
    assert answer.seen[0].kind in ("retirement", "cancellation")


def test_a_row_changed_by_one_character_is_not_admitted(sample: Sample) -> None:
    told = imported(sample, DATA)
    mine = sample.account("Solar Co")
    filed = foreign(sample.ledger, told.observation, 2)
    forged = msgspec.structs.replace(filed, row=filed.row.replace('"500"', '"600"'))
    answer = sample.ledger.ask(sample.person, c.Admit(filed=forged, account=mine, unit="VCU"))
    assert answer.refusal is not None
    assert answer.refusal.code == "row_not_observed"


def test_find_answers_whatever_is_pasted(sample: Sample) -> None:
    imported(sample, DATA)
    ledger = sample.ledger
    mine = sample.account("Solar Co")
    sample.project()
    sample.do(c.Issue(unit="TCER", quantity=9, account=mine, project="TW-1", vintage=2024))
    own = q.find(ledger, "TCER-2024-1 5-9")
    assert (own.form, own.ours[0].parts[0].serials, own.ours[0].parts[0].holder) == (
        "own", "5-9", "Solar Co")  # fmt: skip
    opaque = q.find(ledger, "hand-made 7")
    assert (opaque.form, [seen.row for seen in opaque.seen]) == ("opaque", [4])
    assert q.find(ledger, verra_serial(5000, 5001)).seen == ()
    assert q.find(ledger, car_serial(1, 2)).seen == ()
    misspelt = q.find(ledger, verra_serial(11, 20).replace("VCU", "VCV"))
    assert misspelt.ours == ()
    reversed_ = q.find(ledger, verra_serial(20, 11))
    assert all(reversed_.problem), "a reason in both languages"
    assert q.find(ledger, "TCER-2024-1 8-10").ours[0].parts[0].serials == "8-9"
    for text in ("", "?", "x" * 5000, "a\0b", "17", "TCER-2024-1 10-12", "TCER-2024-1 7-6", "證書"):
        assert q.find(ledger, text).ours == ()


def test_rows_are_told_apart_by_sheet_and_number(sample: Sample) -> None:
    data = as_csv(CAR_HEADER, car(1, 5), car(6, 9))
    told = observe(sample.ledger, sample.person, "car", "car.csv", data, sample.today)
    assert foreign(sample.ledger, told.observation, 3).index == 1
    with pytest.raises(q.Unknown, match="no row 9"):
        foreign(sample.ledger, told.observation, 9)
    with pytest.raises(q.Unknown, match="is no observation"):
        foreign(sample.ledger, 1, 2)


def test_a_cell_that_no_store_likes_is_kept(sample: Sample) -> None:
    rows = [{"Serial Number": "a\0b", "Quantity Issued": "9" * 60, "ID": "1"},
            {"Serial Number": verra_serial(1, 2), "Quantity Issued": "2", "ID": "';"}]  # fmt: skip
    data = msgspec.json.encode(rows)
    told = observe(sample.ledger, sample.person, "verra", "v.json", data, date(2026, 1, 1))
    assert told.rows == 2
    assert audited(sample) == []
    assert len(q.find(sample.ledger, verra_serial(2, 2)).seen) == 1
