"""A letter verifies offline; one forged, expired, revoked or superseded is refused by its name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.service.proof_sample import Sample, sha256

from onetonne.base.notes import VerifierKey
from onetonne.exchange.letter import Report, check_letter
from onetonne.ledger import commands as c
from onetonne.ledger.article6 import commands as a6
from onetonne.service import letters
from onetonne.service.questions.asof import Unknown

DIGEST = sha256(b"letter").hexdigest()
LOA = a6.Authorise(
    authorisation="L9", approach="CA9001", party="TW", purposes=("NDC", "OIMP"), digest=DIGEST,
    first_transfer="use", vintage_from=2025, use_by=date(2030, 12, 31),
)  # fmt: skip
CHANGE = a6.ChangeAuthorisation(**{name: getattr(LOA, name) for name in LOA.__struct_fields__})
REVOKE = a6.RevokeAuthorisation(authorisation="L9", digest=DIGEST)


class Desk:
    """A ledger with the letter L9, and the letter as it was handed out."""

    def __init__(self, folder: Path) -> None:
        self.sample = Sample(str(folder / "ledger"))
        self.ledger = self.sample.ledger
        self.sample.do(a6.RegisterApproach(approach="CA9001", parties=("TW", "JP")))
        met = ("party", "ndc", "authorisation", "tracking", "inventory", "contribution")
        self.sample.do(a6.DeclareParticipation(party="TW", met=met))
        self.sample.do(LOA)
        self.letter = letters.letter(self.ledger, "L9")

    @property
    def key(self) -> VerifierKey:
        return self.ledger.verifier()

    def codes(self, data: bytes | None = None, **how: Any) -> list[str]:
        given: dict[str, Any] = {"key": self.key, "day": None, "log": None} | how
        report, _ = letters.check(data or self.letter, **given)
        return told(report)


def told(report: Report) -> list[str]:
    for finding in report.findings:
        assert finding.sentence("en") != finding.sentence("zh")
    return [finding.code for finding in report.findings]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.ledger.close()


def test_a_letter_says_its_terms_and_as_of_when(desk: Desk) -> None:
    report = check_letter(desk.letter, desk.key)
    assert report.ok
    assert report.key_given
    assert report.size == desk.ledger.writer.state.seq
    assert report.terms is not None
    assert report.terms.purposes == ("NDC", "IMP", "OP")


def test_without_a_key_it_shows_only_that_it_is_whole(desk: Desk) -> None:
    report = check_letter(desk.letter)
    assert report.ok
    assert not report.key_given


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2030, 12, 31), []),
        (date(2031, 1, 1), ["letter_expired"]),
        (date(2020, 1, 1), ["letter_not_yet"]),
    ],
)
def test_it_is_good_until_its_last_day(desk: Desk, day: date, codes: list[str]) -> None:
    assert desk.codes(day=day) == codes


FORGERIES: dict[str, tuple[str, str]] = {
    "another code": ("authorisation L9", "authorisation L8"),
    "another purpose": ('\\"OP\\"', '\\"NO\\"'),
    "a later last day": ("2030-12-31", "2040-12-31"),
    "another document": (f"document {DIGEST[:8]}", "document 00000000"),
    "a newer checkpoint": ("valid as of checkpoint 4", "valid as of checkpoint 9"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_letter_is_refused(desk: Desk, name: str) -> None:
    old, new = FORGERIES[name]
    text = desk.letter.decode()
    assert old in text
    codes = desk.codes(text.replace(old, new).encode())
    assert codes in (["letter_forged"], ["letter_not_in_log"])


def test_a_letter_of_another_registry_is_refused(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other")
    assert desk.codes(other.letter) == ["letter_forged"]
    other.ledger.close()


def test_a_note_over_another_entry_is_refused(desk: Desk) -> None:
    told_ = json.loads(desk.letter)
    desk.sample.do(replace(CHANGE, cap=5))
    newer = json.loads(letters.letter(desk.ledger, "L9"))
    mixed = told_ | {name: newer[name] for name in ("entry", "proof", "checkpoint", "seq")}
    assert desk.codes(json.dumps(mixed).encode()) == ["letter_differs"]


@pytest.mark.parametrize("spoilt", [b"", b"[]", b"{}", b"\xff", b'{"format": "x"}'])
def test_what_is_no_letter_is_named(desk: Desk, spoilt: bytes) -> None:
    assert told(check_letter(spoilt, desk.key)) == ["letter_unreadable"]


def test_every_byte_of_it_matters(desk: Desk) -> None:
    for at in range(0, len(desk.letter), 37):
        spoilt = bytearray(desk.letter)
        spoilt[at] ^= 1
        assert not check_letter(bytes(spoilt), desk.key).ok, at


def test_a_revoked_one_is_refused_against_any_later_checkpoint(desk: Desk) -> None:
    assert desk.codes(log=desk.ledger.log) == []
    desk.sample.do(REVOKE)
    desk.ledger.publish()
    assert desk.codes() == [], "by itself it says only: valid as of its checkpoint"
    assert desk.codes(log=desk.ledger.log) == ["letter_revoked"]
    for n in range(3):
        desk.sample.do(a6.RegisterApproach(approach=f"CA000{n}", parties=("TW",)))
        desk.ledger.publish()
        assert desk.codes(log=desk.ledger.log) == ["letter_revoked"]
    with pytest.raises(Unknown):
        letters.letter(desk.ledger, "L9")


def test_a_suspension_is_named_while_it_lasts(desk: Desk) -> None:
    desk.sample.do(a6.SuspendAuthorisation(authorisation="L9", digest=DIGEST))
    desk.ledger.publish()
    assert desk.codes(log=desk.ledger.log) == ["letter_suspended"]
    with pytest.raises(Unknown, match="suspended"):
        letters.letter(desk.ledger, "L9")
    desk.sample.do(a6.ResumeAuthorisation(authorisation="L9", digest=DIGEST))
    desk.ledger.publish()
    assert desk.codes(log=desk.ledger.log) == []
    desk.sample.do(a6.SuspendAuthorisation(authorisation="L9", digest=DIGEST))
    desk.sample.do(REVOKE)
    desk.ledger.publish()
    assert desk.codes(log=desk.ledger.log) == ["letter_revoked"]


def test_an_entity_that_was_withdrawn_is_named_and_no_letter_says_otherwise(desk: Desk) -> None:
    account = desk.sample.a
    desk.sample.do(c.OpenAccount(account=account, party="TW"))
    desk.sample.do(replace(CHANGE, entities=(account,)))
    named = letters.letter(desk.ledger, "L9")
    assert desk.codes(named, log=desk.ledger.log) == []
    desk.sample.do(a6.WithdrawEntity(authorisation="L9", account=account, digest=DIGEST))
    desk.ledger.publish()
    assert desk.codes(named) == [], "by itself it says only: valid as of its checkpoint"
    assert desk.codes(named, log=desk.ledger.log) == ["letter_entity_withdrawn"]
    assert desk.codes(log=desk.ledger.log) == ["letter_superseded"]
    with pytest.raises(Unknown, match="withdrawn"):
        letters.letter(desk.ledger, "L9")
    desk.sample.do(CHANGE)
    newest = letters.letter(desk.ledger, "L9")
    assert desk.codes(newest, log=desk.ledger.log) == []
    assert desk.codes(named, log=desk.ledger.log) == ["letter_superseded"]


def test_a_superseded_one_is_refused_and_the_newest_holds(desk: Desk) -> None:
    desk.sample.do(replace(CHANGE, cap=5))
    newest = letters.letter(desk.ledger, "L9")
    assert desk.codes(log=desk.ledger.log) == ["letter_superseded"]
    assert desk.codes(newest, log=desk.ledger.log) == []


def test_a_log_that_was_rewritten_does_not_confirm_a_letter(desk: Desk) -> None:
    desk.sample.do(REVOKE)
    desk.ledger.publish()
    path = next((desk.ledger.log / "tile" / "entries" / "000.p").iterdir())
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(bytes(data))
    assert desk.codes(log=desk.ledger.log) != []
