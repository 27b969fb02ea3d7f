"""What a writer keeps to in every batch: time, names that were refused, and how much it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.sample_ledger import ENGINES, Sample, engine_address, new_ledger

from onetonne.ledger import commands as c

NOBODY = 99


@pytest.fixture(params=ENGINES)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    with new_ledger(engine_address(request, tmp_path)) as made:
        yield made


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_time_never_goes_back(sample: Sample, drift: int) -> None:
    before = sample.ledger.writer.state.at
    sample.instant = before + drift
    entry = sample.do(c.Enrol(person=77, name="Ann"))
    assert entry.at == before + max(drift, 0)


def names(sample: Sample) -> list[str]:
    return sorted(text for (text,) in sample.ledger.db.query("SELECT text FROM openings"))


def test_a_refused_or_repeated_name_leaves_no_trace(sample: Sample) -> None:
    before = names(sample)
    kept = c.Request(by=sample.person, acts=(c.Enrol(person=77, name="Ann"),), key="k")
    refused = c.Request(by=NOBODY, acts=(c.Enrol(person=78, name="Bob"),))
    answers = sample.ledger.execute([refused, kept, kept])
    assert [(a.entry is not None, a.repeated) for a in answers] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert names(sample) == sorted([*before, "Ann"])


@pytest.mark.parametrize("count", [9_999, 10_000])
def test_a_batch_takes_ten_thousand_requests(sample: Sample, count: int) -> None:
    asked = c.Request(by=NOBODY, acts=(c.Dismiss(person=1),))
    answers = sample.ledger.execute([asked] * count)
    codes = [answer.refusal.code for answer in answers if answer.refusal]
    assert codes == ["unknown_person"] * count


def test_a_batch_takes_no_more_than_ten_thousand_requests(sample: Sample) -> None:
    asked = c.Request(by=sample.person, acts=(c.Enrol(person=77, name="Ann"),))
    before = sample.ledger.db.query("SELECT seq FROM head")
    with pytest.raises(ValueError, match="10001 requests in a batch; at most 10000"):
        sample.ledger.execute([asked] * 10_001)
    assert sample.ledger.db.query("SELECT seq FROM head") == before
