"""A newer checkpoint and a kept one: what extends holds, whatever is wrong is named."""

from __future__ import annotations

import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onetonne.base import merkle
from onetonne.base.notes import Checkpoint, Signer
from onetonne.exchange import consistency
from onetonne.exchange.consistency import Since

NAME = "registry.example/tw"
SIGNER = Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
AWAY = Signer("registry.example/kr", OTHER.private)
LEAVES = [merkle.leaf_hash(b"%d" % n) for n in range(40)]
FORKED = [*LEAVES[:3], merkle.leaf_hash(b"x"), *LEAVES[4:]]


def note(size: int, leaves: list[bytes] = LEAVES, signer: Signer = SIGNER) -> str:
    return signer.sign(Checkpoint(signer.name, size, merkle.root(leaves[:size])).text)


def proof(old: int, new: int, leaves: list[bytes] = LEAVES) -> Since:
    steps = merkle.consistency_proof(merkle.in_memory(leaves), old, new)
    return Since(old, tuple(step.hex() for step in steps))


def text(old: int, new: int, leaves: list[bytes] = LEAVES) -> str:
    return consistency.write(proof(old, new, leaves), note(new, leaves))


def found(newer: str, kept: str) -> list[tuple[str, str]]:
    report = consistency.check(newer, kept, SIGNER.verifier)
    for finding in report.findings:
        assert "checkpoint" not in finding.sentence("zh").replace("onetonne checkpoint", "")
    return [(finding.code, finding.where) for finding in report.findings]


@pytest.mark.parametrize("old", range(1, 41))
def test_every_checkpoint_extends_each_before_it(old: int) -> None:
    for new in range(old, 41):
        report = consistency.check(text(old, new), note(old), SIGNER.verifier)
        assert report.findings == ()
        assert (report.newer, report.kept) == tuple(
            Checkpoint(NAME, size, merkle.root(LEAVES[:size])) for size in (new, old)
        )


def test_the_text_is_that_which_a_witness_takes() -> None:
    head, empty, rest = text(5, 40).partition("\n\n")
    lines = head.split("\n")
    assert lines[0] == "old 5"
    assert [len(line) for line in lines[1:]] == [44] * len(proof(5, 40).proof)
    assert (empty, rest) == ("\n\n", note(40))


ALTERED = text(5, 40).replace("\n", "\nA", 1).replace("=\n", "\n", 1)
SWAPPED = consistency.write(Since(5, proof(5, 40).proof[::-1]), note(40))
SHORT = consistency.write(Since(5, proof(5, 40).proof[:-1]), note(40))
FORGED = note(5).replace("\n5\n", "\n4\n")


@pytest.mark.parametrize(
    ("newer", "kept", "code", "where"),
    [
        (text(5, 40), note(5, signer=AWAY), "checkpoint_elsewhere", "kept checkpoint"),
        (text(5, 40), note(5, signer=OTHER), "checkpoint_other_key", "kept checkpoint"),
        (text(5, 40), FORGED, "known_checkpoint_unusable", "kept checkpoint"),
        (text(5, 40), "junk", "checkpoint_malformed", "kept checkpoint"),
        (text(5, 40), "", "checkpoint_malformed", "kept checkpoint"),
        (text(5, 40), "{" * 10**5, "checkpoint_malformed", "kept checkpoint"),
        (text(5, 40), '{"note": 5}', "checkpoint_malformed", "kept checkpoint"),
        (note(40, signer=AWAY), note(5), "checkpoint_elsewhere", "newer checkpoint"),
        (note(40, signer=OTHER), note(5), "checkpoint_other_key", "newer checkpoint"),
        (note(40).replace("\n40\n", "\n41\n"), note(5), "known_checkpoint_unusable",
         "newer checkpoint"),
        ("", note(5), "checkpoint_malformed", "newer checkpoint"),
        (text(5, 39), note(40), "checkpoint_older", "kept checkpoint"),
        (note(40), note(39), "consistency_missing", "kept checkpoint"),
        (text(5, 40), note(6), "consistency_other", "kept checkpoint"),
        (ALTERED, note(5), "consistency_wrong", "kept checkpoint"),
        (SWAPPED, note(5), "consistency_wrong", "kept checkpoint"),
        (SHORT, note(5), "consistency_wrong", "kept checkpoint"),
        (consistency.write(Since(5, ()), note(40)), note(5), "consistency_wrong",
         "kept checkpoint"),
        (text(8, 40, FORKED), note(8), "consistency_wrong", "kept checkpoint"),
        (text(5, 40, FORKED), note(5), "consistency_wrong", "kept checkpoint"),
        (note(40, FORKED), note(40), "log_forked", "checkpoint of 40 entries"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_named(newer: str, kept: str, code: str, where: str) -> None:
    assert found(newer, kept) == [(code, where)]


def test_both_may_be_wrong() -> None:
    assert [code for code, _ in found("", FORGED)] == [
        "checkpoint_malformed",
        "known_checkpoint_unusable",
    ]


@pytest.mark.parametrize(
    "kept",
    [
        "ledger tw\n" + note(5) + "Key:\nname+1+abc\nLog, ready to mirror:\ntw/log\n",
        note(5).rstrip(),
        text(3, 5),
        json.dumps({"ledger": "tw", "note": note(5)}, indent=2),
        json.dumps({"note": note(5), "proof": text(3, 5)}),
        json.dumps({"format": "onetonne-passport", "checkpoint": note(5)}),
    ],
)
def test_a_checkpoint_is_found_in_what_gave_it(kept: str) -> None:
    assert found(text(5, 40), kept) == []
    assert found("ledger tw\n" + text(5, 40) + "Key:\nk\n", kept) == []


@pytest.mark.slow
def test_a_text_made_to_keep_a_reader_busy_is_soon_refused() -> None:
    began = time.process_time()
    for line in ("1\n", "old 1\n", "a\n1\nAA==\n", "a\n1\nAA==\n" + "b\n" * 15):
        assert found(line * (20_000_000 // len(line)), note(5))[0][0] == "checkpoint_malformed"
    assert time.process_time() - began < 20
