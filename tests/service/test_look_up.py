"""A batch that is looked up in parts is answered as one that is looked up whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.service import books
from tests.service.sample_ledger import ENGINES, engine_address

from onetonne.ledger.commands import Request
from onetonne.service import execute
from onetonne.store import look_up

WHOLE = 1_000


@pytest.fixture(params=ENGINES)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> books.Books:
    address = engine_address(request, tmp_path)
    address = f"{address}.db" if request.param == "sqlite" else address
    return books.make(address, accounts=2, lots=2)


def test_parts_are_answered_as_the_whole(
    there: books.Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ranges that cut, cross and join what earlier parts of the batch moved, saved or not."""
    draw = random.Random(5)
    writer = books.writer(there.address)
    instant = writer.state.at + 1
    writer.clock = lambda: instant
    accepted = refused = 0
    for _ in range(20):
        batch = [random_transfer(draw, there) for _ in range(60)]
        monkeypatch.setattr(look_up, "FIRST", WHOLE)
        monkeypatch.setattr(execute, "AHEAD", WHOLE)
        whole = writer.execute(batch, dry=True)
        monkeypatch.setattr(look_up, "FIRST", draw.randrange(1, 6))
        monkeypatch.setattr(look_up, "PART", draw.randrange(1, 9))
        monkeypatch.setattr(execute, "AHEAD", draw.randrange(1, 9))
        answers = writer.execute(batch)
        assert [(a.entry, a.refusal) for a in answers] == [(a.entry, a.refusal) for a in whole]
        accepted += sum(answer.entry is not None for answer in answers)
        refused += sum(answer.refusal is not None for answer in answers)
    writer.db.close()
    assert min(accepted, refused) > 200
    assert books.complaints(there, books.engine(there.address)) == []


def random_transfer(draw: random.Random, there: books.Books) -> Request:
    first = draw.randrange(1, books.SIZE + 1)
    last = min(first + draw.choice((0, 1, 5, 60)), books.SIZE)
    source, target = draw.sample(range(len(there.accounts)), 2)
    return there.request(
        there.transfer(source, target, f"{first}-{last}", lot=draw.randrange(1, 3))
    )
