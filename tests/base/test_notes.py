"""Notes: what is signed opens again, and everything else is refused with its code."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from onetonne.base import notes

NAME = "onetonne.example/ledger-1"
SIGNER = notes.Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = notes.Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
POINT = notes.Checkpoint(NAME, 70_000, bytes(range(32)))
NOTE = SIGNER.sign(POINT.text)


def code(note: str, key: notes.VerifierKey = SIGNER.verifier) -> str:
    with pytest.raises(notes.NoteError) as caught:
        notes.open_checkpoint(note, key)
    return caught.value.code


def test_a_signed_checkpoint_opens() -> None:
    assert notes.open_checkpoint(NOTE, SIGNER.verifier) == POINT
    lines = NOTE.split("\n")
    assert lines[:2] == [NAME, "70000"]
    assert lines[4].startswith(f"— {NAME} ")


def test_a_verifier_key_is_one_line_and_reads_back() -> None:
    line = str(SIGNER.verifier)
    assert line.startswith(f"{NAME}+{SIGNER.verifier.key_id.hex()}+AQ")
    assert notes.parse_verifier_key(line + "\n") == SIGNER.verifier


@pytest.mark.parametrize(
    "line",
    [
        "",
        NAME,
        f"{NAME}+00000000+" + str(SIGNER.verifier).split("+", 2)[2],
        str(SIGNER.verifier)[:-4],
        str(SIGNER.verifier).replace("onetonne", "otherone"),
        str(SIGNER.verifier).replace("onetonne", "one tonne"),
        f"{NAME}+{SIGNER.verifier.key_id.hex()}+{b64encode(bytes(33)).decode()}",
    ],
)
def test_a_damaged_verifier_key_is_refused(line: str) -> None:
    with pytest.raises(notes.NoteError) as caught:
        notes.parse_verifier_key(line)
    assert caught.value.code == "key_malformed"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\nb", "a\tb"])
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(notes.NoteError):
        notes.check_name(name)


def test_forged_checkpoints_are_refused() -> None:
    assert code(NOTE.replace("70000", "70001")) == "signature_wrong"
    assert code(OTHER.sign(POINT.text)) == "note_unsigned"
    renamed = notes.Signer("elsewhere.example/log", SIGNER.private)
    assert code(renamed.sign(POINT.text)) == "note_unsigned"
    foreign = notes.Checkpoint("elsewhere.example/log", 1, bytes(32))
    assert code(SIGNER.sign(foreign.text)) == "origin_wrong"


def test_signatures_of_others_are_ignored_but_one_of_ours_must_hold() -> None:
    cosigned = NOTE + OTHER.sign(POINT.text).split("\n\n")[1]
    assert notes.open_checkpoint(cosigned, SIGNER.verifier) == POINT
    assert notes.open_checkpoint(cosigned, OTHER.verifier) == POINT
    stale = SIGNER.sign(notes.Checkpoint(NAME, 1, bytes(32)).text).split("\n\n")[1]
    assert code(NOTE + stale) == "signature_wrong"


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        NOTE[:-1],
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("ledger-1\n", "ledger-1\r\n", 1),
        NOTE + "— x\n",
        POINT.text + "\n" + NOTE.split("\n\n")[1] * 101,
        "x" * notes.MAX_NOTE + NOTE,
    ],
)
def test_a_malformed_note_is_refused(note: str) -> None:
    assert code(note) == "note_malformed"


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}\n5\n",
        f"{NAME}\n05\n{'A' * 43}=\n",
        f"{NAME}\n-5\n{'A' * 43}=\n",
        f"{NAME}\n\u0665\n{'A' * 43}=\n",
        f"{NAME}\n5\n{'A' * 42}B=\n",
        f"{NAME}\n5\nAAAA\n",
        f"\n5\n{'A' * 43}=\n",
        f"{NAME}\n5\n{'A' * 43}=\n\nmore\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    assert code(SIGNER.sign(text)) == "checkpoint_malformed"


def test_extension_lines_are_read_over() -> None:
    assert notes.open_checkpoint(SIGNER.sign(POINT.text + "more\n"), SIGNER.verifier) == POINT


def test_only_printable_text_is_signed() -> None:
    for text in ("no newline", "bell\a\n", ""):
        with pytest.raises(notes.NoteError):
            SIGNER.sign(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(0, 7))
def test_no_flipped_bit_goes_unseen(at: int, bit: int) -> None:
    data = bytearray(NOTE.encode())
    data[at] ^= 1 << bit
    with pytest.raises(ValueError):
        notes.open_checkpoint(data.decode(), SIGNER.verifier)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_answered_with_a_refusal(text: str) -> None:
    with pytest.raises(notes.NoteError):
        notes.open_checkpoint(text, SIGNER.verifier)
