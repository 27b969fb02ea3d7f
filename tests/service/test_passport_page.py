"""The page on the passport suffices: a reader with hashlib and json alone comes to our answer."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.service.proof_sample import Sample

from onetonne.exchange import passport as form
from onetonne.ledger import commands as c
from onetonne.ledger.proof_findings import TEXTS
from onetonne.service.execute import new_account_number
from onetonne.service.passport import passport
from onetonne.store.tiles import read_note

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "passport.md").read_text()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    made = Sample(str(tmp_path_factory.mktemp("page") / "ledger")).fill()
    with made.ledger:
        yield made


def test_the_page_names_every_member_and_every_code() -> None:
    parts = (form.Bundle, form.ProvenLot, form.ProvenHolding, form.ProvenEntry, form.Opening,
             form.Since)  # fmt: skip
    for member in {name for part in parts for name in part.__struct_fields__}:
        assert f"`{member}`" in PAGE, member
    for code in TEXTS:
        assert code in PAGE or not code.startswith("passport_"), code


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def climb(leaf: bytes, index: int, size: int, path: list[str]) -> bytes:
    """RFC 6962 by its recursion, from the top: which half the leaf is in."""
    if size == 1:
        assert not path
        return leaf
    half = 1
    while half * 2 < size:
        half *= 2
    other = bytes.fromhex(path[-1])
    if index < half:
        return sha(b"\x01", climb(leaf, index, half, path[:-1]), other)
    return sha(b"\x01", other, climb(leaf, index - half, size - half, path[:-1]))


def array(*values: Any) -> bytes:
    return json.dumps(values, separators=(",", ":")).encode()


def holders(data: bytes, public: bytes) -> list[tuple[int, int, int]]:
    """Steps 1 to 5 of the page, and of step 6 the last move of each holding."""
    told = json.loads(data)
    head, tail = data.split(b',"digest":"')
    assert tail == hashlib.sha256(head).hexdigest().encode() + b'"}'
    text, _, signature = told["checkpoint"].rpartition("\n\n")
    blob = base64.b64decode(signature.split()[2])
    Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], (text + "\n").encode())
    origin, size, root = text.split("\n")
    assert origin == told["origin"]
    entries = {}
    for proven in told["entries"]:
        leaf = sha(b"\x00", proven["entry"].encode())
        top = climb(leaf, proven["seq"] - 1, int(size), proven["proof"])
        assert base64.b64encode(top).decode() == root
        entries[proven["seq"]] = json.loads(proven["entry"])
    lot = told["proven"]
    leaf = sha(b"\x00", array(told["lot"], lot["size"], lot["count"], lot["root"]))
    (rooted,) = (e for e in entries[told["rooted"]]["events"] if e["do"] == "rooted")
    assert climb(leaf, lot["index"], lot["lots"], lot["path"]).hex() == rooted["root"]
    at = told["holdings"][0]["first"]
    for h in told["holdings"]:
        assert h["first"] == at
        at = h["next"]
        row = array(told["lot"], h["first"], at, h["account"], h["moved"], h["locks"])
        assert climb(sha(b"\x00", row), h["index"], lot["count"], h["path"]).hex() == lot["root"]
        events = str(entries[h["moved"]]["events"])
        assert str(h["account"]) in events
    assert told["holdings"][0]["first"] <= told["first"] < told["next"] <= at
    return [(h["first"], h["next"], h["account"]) for h in told["holdings"]]


def test_a_reader_of_the_page_comes_to_the_same_holders(sample: Sample) -> None:
    data = passport(sample.ledger, 1, 0, 150)
    assert holders(data, sample.ledger.verifier().public) == [
        (0, 20, 1),
        (20, 100, sample.b),
        (100, 150, sample.a),
    ]


def both(old: int, new: int, path: list[str], kept: bytes, whole: bool = True) -> tuple[bytes, ...]:
    """Old and new root by the recursion of RFC 6962, section 2.1.2, from the top."""
    if old == new:
        assert len(path) == (not whole)
        return (kept, kept) if whole else (bytes.fromhex(path[0]),) * 2
    half = 1
    while half * 2 < new:
        half *= 2
    other = bytes.fromhex(path[-1])
    if old <= half:
        before, after = both(old, half, path[:-1], kept, whole)
        return before, sha(b"\x01", after, other)
    roots = both(old - half, new - half, path[:-1], kept, False)
    return tuple(sha(b"\x01", other, root) for root in roots)


def test_a_reader_of_the_page_finds_the_kept_checkpoint_extended(sample: Sample) -> None:
    sample.ledger.publish()
    note = read_note(sample.ledger.log)
    for _ in range(3):
        kept, size, root = note, *note.split("\n")[1:3]
        sample.do(c.Enrol(person=new_account_number(), name="X"))
        data = passport(sample.ledger, 1, 0, 150, kept=kept)
        assert holders(data, sample.ledger.verifier().public)
        told = json.loads(data)
        note = told["checkpoint"]
        new = note.split("\n")[1:3]
        assert told["since"]["size"] == int(size)
        before, after = both(int(size), int(new[0]), told["since"]["proof"], base64.b64decode(root))
        assert [base64.b64encode(found).decode() for found in (before, after)] == [root, new[1]]


def test_that_reader_refuses_a_spoilt_one(sample: Sample) -> None:
    data = passport(sample.ledger, 1, 0, 150)
    spoilt = data.replace(str(sample.b).encode(), str(sample.a).encode())
    with pytest.raises(AssertionError):
        holders(spoilt, sample.ledger.verifier().public)
