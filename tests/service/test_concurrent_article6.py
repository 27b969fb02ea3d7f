"""Sixteen first transfers at once against one cap, by processes of their own and by one queue: the
sum never exceeds it, and who is refused is told what is left.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.service import books
from tests.service.client import at_once

from onetonne.ledger.acts.first_transfer import RESPONSIBILITIES
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.commands import Act, Item, OpenAccount, Request, Transfer
from onetonne.service.execute import new_account_number
from onetonne.service.queue import Queue

CAP, SIXTEEN, EACH = 100, 16, 15
ABROAD = new_account_number()
DIGEST = "ab" * 32


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def there(request: Any, tmp_path: Path) -> books.Books:
    """A ledger with a lot of 240, of which 100 are authorised for Japan."""
    address = str(tmp_path / "ledger.db")
    if request.param == "postgres":
        address = str(request.getfixturevalue("postgres_url"))
    made = books.make(address)
    writer = books.writer(address)
    acts: tuple[Act, ...] = (
        OpenAccount(account=ABROAD, party="JP"),
        a6.RegisterApproach(approach="CA9001", parties=("TW", "JP")),
        a6.DeclareParticipation(party="TW", met=RESPONSIBILITIES),
        a6.Authorise(
            authorisation="L1", approach="CA9001", party="TW", purposes=("NDC",), digest=DIGEST,
            cap=CAP,
        ),
    )  # fmt: skip
    for act in acts:
        answer = writer.execute([made.request(act)])[0]
        assert answer.entry, answer.refusal
    writer.db.close()
    return made


def sale(there: books.Books, number: int) -> Request:
    """The sale of fifteen serials of their own."""
    first = number * EACH + 1
    items = (Item(lot=1, serials=f"{first}-{first + EACH - 1}"),)
    return there.request(Transfer(source=there.accounts[0], target=ABROAD, items=items))


def within_the_cap(there: books.Books, told: Counter[str]) -> None:
    db = books.engine(there.address)
    ((sold,),) = db.query('SELECT coalesce(sum("next" - "first"), 0) FROM first_transfers')
    ((held,),) = db.query(
        "SELECT coalesce(sum(next - first), 0) FROM holdings WHERE account = ?", (ABROAD,)
    )
    ((counted,),) = db.query("SELECT transferred FROM authorisations")
    ((tallied,),) = db.query("SELECT sum(quantity) FROM tallies")
    db.close()
    assert sold == held == counted == tallied == CAP // EACH * EACH
    assert told == {"": CAP // EACH, "authorisation_cap_exceeded": SIXTEEN - CAP // EACH}


@pytest.mark.slow
def test_sixteen_processes_sell_no_more_than_the_cap(there: books.Books) -> None:
    told = at_once(there.address, [[sale(there, number)] for number in range(SIXTEEN)])
    within_the_cap(there, Counter(code for ((_, code, _),) in told))


def test_sixteen_threads_of_one_queue_sell_no_more_than_the_cap(there: books.Books) -> None:
    with Queue(lambda: books.writer(there.address)) as queue, ThreadPoolExecutor(SIXTEEN) as pool:
        answers = list(pool.map(lambda n: queue.submit(sale(there, n)), range(SIXTEEN)))
    codes = Counter(answer.refusal.code if answer.refusal else "" for answer in answers)
    within_the_cap(there, codes)
