"""A letter of authorisation as a file that verifies offline, against the registry's key alone.

The registry signs a note that names the authorisation, the entry that made it and the checkpoint as
of which it is valid; the entry itself comes with its path to that checkpoint. Format 1 is JSON.
What happened after the checkpoint a letter cannot know: hold it against a newer log.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from onetonne.base import merkle, notes
from onetonne.base.account_numbers import show
from onetonne.base.merkle import leaf_hash
from onetonne.base.notes import NoteError, Signer, VerifierKey
from onetonne.ledger import codec
from onetonne.ledger.article6.events import (
    AuthorisationResumed,
    AuthorisationRevoked,
    AuthorisationSuspended,
    Authorised,
    EntityWithdrawn,
)
from onetonne.ledger.events import Entry
from onetonne.ledger.proof_findings import Finding

FORMAT = "onetonne-letter"
VERSION = 1
MAX_BYTES = 1_000_000
"""An entry has at most 65,535 bytes, a path a few thousand."""


class Letter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`note` is what the registry signed, `entry` the journal entry's exact text, `proof` its audit
    path (hex) to the signed `checkpoint`."""

    format: str
    version: int
    key: str
    note: str
    seq: int
    entry: str
    proof: tuple[str, ...]
    checkpoint: str


class Report(msgspec.Struct, frozen=True):
    """What a letter says when `findings` is empty: `terms`, valid as of checkpoint `size`."""

    findings: tuple[Finding, ...]
    key_given: bool
    size: int = 0
    terms: Authorised | None = None

    @property
    def ok(self) -> bool:
        return not self.findings


def note_of(origin: str, terms: Authorised, seq: int, size: int) -> str:
    """The text that the registry signs."""
    return (
        "Letter of authorisation, Article 6 of the Paris Agreement\n"
        f"registry {origin}\n"
        f"authorisation {terms.authorisation}\n"
        f"version {terms.version}\n"
        f"document {terms.digest}\n"
        f"entry {seq}\n"
        f"valid as of checkpoint {size}\n"
    )


def write(
    signer: Signer, terms: Authorised, seq: int, entry: bytes, proof: Iterable[bytes],
    checkpoint: str, size: int,
) -> bytes:  # fmt: skip
    """The file of a letter."""
    letter = Letter(
        FORMAT,
        VERSION,
        str(signer.verifier),
        signer.sign(note_of(signer.name, terms, seq, size)),
        seq,
        entry.decode(),
        tuple(step.hex() for step in proof),
        checkpoint,
    )
    return msgspec.json.format(msgspec.json.encode(letter), indent=1)


def checkpoint_of(data: bytes) -> str:
    """The checkpoint that a letter bears, as its note."""
    return msgspec.json.decode(data, type=Letter).checkpoint


def check_letter(
    data: bytes,
    key: VerifierKey | None = None,
    day: date | None = None,
    later: Iterable[Entry] = (),
) -> Report:
    """Verify a letter offline, for use on `day`. Never raises: whatever is wrong is a finding.

    Without `key` the file's own is used, which shows only that it is whole. `later` are the entries
    after the letter's checkpoint, of a log that was checked: what they changed refuses it.
    """
    try:
        letter = msgspec.json.decode(data[: MAX_BYTES + 1], type=Letter)
        if (letter.format, letter.version) != (FORMAT, VERSION) or len(data) > MAX_BYTES:
            raise ValueError(f"format {letter.format!r} {letter.version}, {len(data)} bytes")
        own = notes.parse_verifier_key(letter.key)
    except (ValueError, RecursionError) as error:
        return Report((Finding("letter_unreadable", "letter", found=str(error)[:200]),), False)
    found: list[Finding] = []
    terms, size = _proven(letter, key or own, found)
    if terms is not None:
        found += _on_day(terms, day)
        found += _changed(terms, later)
    return Report(tuple(found), key is not None, size, terms)


def _proven(
    letter: Letter, key: VerifierKey, found: list[Finding]
) -> tuple[Authorised | None, int]:
    """The terms, once note, checkpoint and inclusion hold."""
    try:
        text = notes.open_note(letter.note, key)
        point = notes.open_checkpoint(letter.checkpoint, key)
    except NoteError as error:
        found.append(Finding("letter_forged", "letter", str(key), error.code))
        return None, 0
    data = letter.entry.encode()
    try:
        proof = [bytes.fromhex(step) for step in letter.proof]
        leaf, at = leaf_hash(data), letter.seq - 1
        held = merkle.verify_inclusion(leaf, at, point.size, proof, point.root)
        entry = codec.read(data)
    except ValueError:
        held, entry = False, None
    if not held or entry is None or entry.seq != letter.seq:
        found.append(Finding("letter_not_in_log", f"journal entry {letter.seq}", str(point.size)))
        return None, point.size
    for event in entry.events:
        if isinstance(event, Authorised):
            wanted = note_of(key.name, event, letter.seq, point.size)
            if wanted == text:
                return event, point.size
    found.append(Finding("letter_differs", f"journal entry {letter.seq}"))
    return None, point.size


def _on_day(terms: Authorised, day: date | None) -> list[Finding]:
    if day is not None and terms.use_by is not None and day > terms.use_by:
        return [Finding("letter_expired", terms.authorisation, str(terms.use_by), str(day))]
    if day is not None and day < terms.day:
        return [Finding("letter_not_yet", terms.authorisation, str(terms.day), str(day))]
    return []


def _changed(terms: Authorised, later: Iterable[Entry]) -> list[Finding]:
    """What later entries say of the same authorisation; the first of them is told, a suspension
    only while it lasts, that an account was taken out where nothing else is."""
    held: list[Finding] = []
    out: list[Finding] = []
    for entry in later:
        for event in entry.events:
            if getattr(event, "authorisation", "") != terms.authorisation:
                continue
            where = f"journal entry {entry.seq}"
            if isinstance(event, AuthorisationRevoked):
                return [Finding("letter_revoked", where, str(event.day), terms.authorisation)]
            if isinstance(event, AuthorisationSuspended):
                held = [Finding("letter_suspended", where, str(event.day), terms.authorisation)]
            if isinstance(event, AuthorisationResumed):
                held = []
            if isinstance(event, EntityWithdrawn) and event.account in terms.entities:
                account = show(event.account)
                out = out or [Finding("letter_entity_withdrawn", where, str(event.day), account)]
            if isinstance(event, Authorised):
                found = f"version {event.version}"
                return [Finding("letter_superseded", where, f"version {terms.version}", found)]
    return held or out
