"""A passport that was made to harm its reader is refused by name, soon, and without a crash."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onetonne.base import merkle
from onetonne.base.notes import Checkpoint, Signer
from onetonne.exchange import passport as form
from onetonne.exchange.passport_check import Report, check_passport
from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.codec import MAX_ENTRY_BYTES

SIGNER = Signer("registry.example/x", Ed25519PrivateKey.generate())
SECONDS = 20
"""Far more than it takes, far less than what was planted would."""
A = 5


def entry(seq: int, *events: ev.Event) -> str:
    return codec.encode(ev.Entry(1, seq, 1, 0, "", events)).decode()


FOUNDED = entry(
    1, ev.Founded(ledger=SIGNER.name, party="TW", zone="UTC", sinks={"retirement": 1}),
    ev.AccountOpened(account=A, kind="entity"),
    ev.Issued(lot=1, unit="X", size=400, account=A, first_number="1"),
)  # fmt: skip


def forged(entries: list[str], size: int = 400) -> bytes:
    """A passport over a log that an attacker made and signed."""
    leaves = [merkle.leaf_hash(text.encode()) for text in entries]
    tree = merkle.in_memory(leaves)
    point = Checkpoint(SIGNER.name, len(leaves), merkle.root(leaves))

    def path(at: int) -> tuple[str, ...]:
        return tuple(step.hex() for step in merkle.inclusion_proof(tree, at, len(leaves)))

    proven = tuple(form.ProvenEntry(at + 1, text, path(at)) for at, text in enumerate(entries))
    held = form.ProvenHolding(0, 0, size, A, len(entries), (), ())
    made = form.Bundle(
        form.FORMAT, form.VERSION, 1, 0, size, SIGNER.name, str(SIGNER.verifier),
        SIGNER.sign(point.text), 1, form.ProvenLot(size, 1, "00" * 32, 0, 1, ()), (held,), proven,
        (),
    )  # fmt: skip
    return form.write(made)


def check(data: bytes) -> Report:
    start = time.process_time()
    report = check_passport(data, SIGNER.verifier)
    assert time.process_time() - start < SECONDS
    assert not report.ok
    return report


@pytest.mark.parametrize(
    "text",
    [
        FOUNDED[:-1] + ',"x":' + "[" * 20_000 + "]" * 20_000 + "}",
        FOUNDED.replace('"at":1', '"at":' + "9" * 5_000),
        FOUNDED.replace('"at":1', '"at":1,"at":1'),
        FOUNDED.replace('"at":1', '"at": 1'),
        FOUNDED.replace('"at":1', '"at":1,"then":1'),
        FOUNDED.replace('"UTC"', r'"\u0055TC"'),
        FOUNDED.replace('"UTC"', '"' + "U" * MAX_ENTRY_BYTES + '"'),
    ],
    ids=["deep", "a long number", "a member twice", "a blank", "an unknown member", "an escape",
         "longer than an entry"],
)  # fmt: skip
def test_an_entry_that_no_ledger_writes_is_refused(text: str) -> None:
    report = check(forged([text]))
    assert "passport_entry" in {finding.code for finding in report.findings}


def test_an_entry_as_a_ledger_writes_it_is_read() -> None:
    assert "passport_entry" not in {f.code for f in check(forged([FOUNDED])).findings}


def moves(seq: int, held: Any) -> tuple[ev.Event, ...]:
    return tuple(
        ev.Moved(lot=1, first=n, next=n + 1, source=A, target=A, held=held(n)) for n in range(400)
    )


def test_a_life_of_many_moves_is_given_up_soon() -> None:
    """Each of 400 serials moved alone in each of 200 entries: 32 million moves to look at."""
    story = [FOUNDED] + [
        entry(seq, *moves(seq, lambda n, seq=seq: ((n, seq - 1),))) for seq in range(2, 202)
    ]
    assert {f.code for f in check(forged(story)).findings} >= {"passport_too_large"}


@pytest.mark.slow
def test_a_life_of_many_pieces_is_given_up_soon() -> None:
    """One move cut from 5,000 holdings, looked at again for each of many pieces."""
    size = 5_000
    cut = ev.Moved(
        lot=1, first=0, next=size, source=A, target=A, held=tuple((n, 1) for n in range(size))
    )
    again = [msgspec.structs.replace(cut, held=tuple((n, s) for n in range(size)))
             for s in (2, 3)]  # fmt: skip
    story = [FOUNDED, entry(2, cut), entry(3, again[0]), entry(4, again[1])]
    assert {f.code for f in check(forged(story, size)).findings} >= {"passport_too_large"}
