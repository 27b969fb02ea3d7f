"""Names under idempotency keys on either store: compared while they can be opened, then unknown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.sample_ledger import ENGINES, Sample, engine_address, new_ledger

from onetonne.ledger.commands import OpenAccount, Request
from onetonne.service.execute import AHEAD, new_account_number
from onetonne.store.schema import OPENINGS


@pytest.fixture(params=ENGINES)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    with new_ledger(engine_address(request, tmp_path)) as made:
        yield made


def opening(by: int, n: int, holder: str) -> Request:
    key = f"k{n}"
    act = OpenAccount(account=new_account_number(key), party="TW", holder=holder)
    return Request(by=by, acts=(act,), key=key)


def test_a_name_given_in_the_same_batch_is_compared(sample: Sample) -> None:
    made = [opening(sample.person, n, f"Holder {n}") for n in range(AHEAD + 5)]
    last = AHEAD + 4  # not given to the store yet, when it is met again
    again = [opening(sample.person, n, f"Holder {n}") for n in (0, last)]
    other = [opening(sample.person, n, "Another") for n in (0, last)]
    answers = sample.ledger.execute([*made, *again, *other])[len(made) :]
    assert [answer.repeated for answer in answers] == [True, True, False, False]
    codes = [answer.refusal.code for answer in answers if answer.refusal]
    assert codes == ["key_reused"] * 2


def test_an_erased_name_is_not_compared(sample: Sample) -> None:
    execute, by = sample.ledger.execute, sample.person
    (first,) = execute([opening(by, 0, "Ms Chen")])
    (other,) = execute([opening(by, 0, "Ms Chan")])
    assert other.refusal is not None
    assert other.refusal.code == "key_reused"
    (row,) = sample.ledger.db.query("SELECT digest FROM requests")
    ((commitment, _, text),) = sample.ledger.db.by_key(OPENINGS, row[0].split(" ")[1:])
    assert text == "Ms Chen"
    gone = f"DELETE FROM openings WHERE commitment = '{commitment}' RETURNING text"
    assert sample.ledger.db.query(gone) == [("Ms Chen",)]
    (again,) = execute([opening(by, 0, "Ms Chan")])
    assert (again.repeated, again.entry) == (True, first.entry)
