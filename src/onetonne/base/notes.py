"""Signed notes and log checkpoints as text: C2SP signed-note and tlog-checkpoint, Ed25519 only.

A checkpoint is a note of three lines (origin, size, root) that the log's key has signed. Whoever
holds the verifier key, one line of text, can tell a true one from a forgery without asking anybody.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"  # signature type of the signed-note specification
MAX_NOTE = 1_000_000  # characters: sixteen post-quantum cosignatures fit, a flood does not
MAX_SIGNATURES = 100

_DASH = "— "
_BAD_NAME = re.compile(r"[\s+\x00-\x1f\x7f]")
_BAD_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A key, note or checkpoint that cannot be believed; `code` names why and is stable.

    Codes: key_malformed, note_malformed, note_unsigned, signature_wrong, checkpoint_malformed,
    origin_wrong.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key with the name of the log it speaks for; `public` is 32 raw bytes."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, type, public key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_b64(ED25519 + self.public)}"


class Signer(msgspec.Struct, frozen=True):
    """A private key under a name; signing is a pure function of text and key."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signed note over `text`, which must end with a newline."""
        return f"{text}\n{self._line(_checked_text(text))}"

    def cosign(self, note: str) -> str:
        """A signed note with this signature behind those that it has. Raises NoteError."""
        return note + self._line(_split_note(note)[0])

    def _line(self, text: str) -> str:
        signature = self.verifier.key_id + self.private.sign(text.encode())
        return f"{_DASH}{self.name} {_b64(signature)}\n"


class Checkpoint(msgspec.Struct, frozen=True):
    """A tree head: the log's name, its number of entries and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


def check_name(name: str) -> str:
    """The name itself, or NoteError(key_malformed): not empty, no blank, no plus sign."""
    if not name or _BAD_NAME.search(name):
        raise NoteError(
            "key_malformed",
            f"key name {name!r}: expected a name without blanks or '+', such as"
            " onetonne.example/ledger-1; choose another name",
        )
    return name


def parse_verifier_key(text: str) -> VerifierKey:
    """Read `name+keyid+base64`; NoteError(key_malformed) when the three parts do not agree."""
    parts = text.strip().split("+", 2)
    if len(parts) == 3:
        data = _unb64(parts[2])
        key = VerifierKey(check_name(parts[0]), data[1:])
        if len(data) == 33 and data[:1] == ED25519 and parts[1] == key.key_id.hex():
            return key
    raise NoteError(
        "key_malformed",
        f"verifier key {text.strip()[:120]!r}: expected name+keyid+base64 of an Ed25519 key whose"
        " id fits; copy the whole line as the registry publishes it",
    )


def open_note(note: str, key: VerifierKey) -> str:
    """The text of a note that `key` signed; other keys' signatures are ignored, as the format asks.

    NoteError: note_malformed, note_unsigned (no line by this key), signature_wrong.
    """
    text, lines = _split_note(note)
    me = (key.name, key.key_id)
    mine = [blob for name, blob in map(_signature, lines) if (name, blob[:4]) == me]
    if not mine:
        raise NoteError(
            "note_unsigned",
            f"no signature by {key.name} (key {key.key_id.hex()}): expected one; ask the log which"
            " key it signs with, or treat this note as forged",
        )
    for blob in mine:
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(blob[4:], text.encode())
        except InvalidSignature:
            raise NoteError(
                "signature_wrong",
                f"the signature by {key.name} does not fit this text: it was altered or forged;"
                " fetch it again from the log and keep this copy as evidence",
            ) from None
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; extension lines are allowed and not kept."""
    lines = text.split("\n")
    if len(lines) >= 4 and lines[-1] == "" and all(lines[:-1]) and _SIZE.fullmatch(lines[1]):
        root = _unb64(lines[2])
        if len(root) == 32:
            return Checkpoint(lines[0], int(lines[1]), root)
    raise NoteError(
        "checkpoint_malformed",
        "not a checkpoint: expected lines with origin, size and the base64 of a 32-byte root;"
        " fetch the log's `checkpoint` file again",
    )


def open_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that `key` signed for the log of the same name.

    NoteError as `open_note`, and checkpoint_malformed, origin_wrong.
    """
    checkpoint = parse_checkpoint(open_note(note, key))
    if checkpoint.origin != key.name:
        raise NoteError(
            "origin_wrong",
            f"a checkpoint of {checkpoint.origin!r}: expected {key.name!r};"
            " it belongs to another log, use that log's key",
        )
    return checkpoint


def claimed_checkpoint(note: str) -> Checkpoint:
    """What a note says, signature unread: only to describe a note that was refused."""
    return parse_checkpoint(_split_note(note)[0])


def _split_note(note: str) -> tuple[str, list[str]]:
    body, blank, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if (
        len(note) > MAX_NOTE
        or not blank
        or lines[-1] != ""
        or not 1 <= len(lines) - 1 <= MAX_SIGNATURES
        or _BAD_TEXT.search(note)
    ):
        raise NoteError(
            "note_malformed",
            "not a signed note: expected text, an empty line and 1 to 100 signature lines;"
            " fetch the file again",
        )
    return body + "\n", lines[:-1]


def _signature(line: str) -> tuple[str, bytes]:
    name, _, blob = line.removeprefix(_DASH).partition(" ")
    data = _unb64(blob)
    if not line.startswith(_DASH) or not name or _BAD_NAME.search(name) or len(data) < 5:
        raise NoteError(
            "note_malformed",
            f"signature line {line[:80]!r}: expected '— name base64'; fetch the file again",
        )
    return name, data


def _checked_text(text: str) -> str:
    if not text.endswith("\n") or _BAD_TEXT.search(text):
        raise NoteError(
            "note_malformed",
            "text to sign: expected a final newline and no other control character",
        )
    return text


def _b64(data: bytes) -> str:
    return b64encode(data).decode()


def _unb64(text: str) -> bytes:
    """The bytes, or nothing when the text is not the one standard base64 spelling of them."""
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return b""
    return data if _b64(data) == text else b""
