"""That a newer checkpoint extends a kept one: the proof, its text, the check that needs no log.

The proof is that of RFC 6962, section 2.1.2. As a text it stands before the newer checkpoint in the
form of C2SP tlog-witness: `old SIZE`, hashes in base64, an empty line, the signed note. A
witness takes it as it is.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Annotated

import msgspec

from onetonne.base import merkle, notes
from onetonne.base.notes import Checkpoint, NoteError, VerifierKey
from onetonne.ledger.proof_findings import Finding

KEPT, NEWER = "kept checkpoint", "newer checkpoint"
"""Where a finding is, when one checkpoint is held against another."""
MAX_TEXT = 2 * notes.MAX_NOTE
"""Characters in which a note is looked for: a wall of lines is refused within seconds."""
_TEXT = re.compile(
    r"(?:^old (0|[1-9][0-9]{0,18})\n((?:[^\n]{1,80}\n){0,63})\n)?"
    r"(^[^\n]+\n[0-9]+\n[A-Za-z0-9+/=]+\n(?:[^\n]+\n){0,16}\n(?:— [^\n]+(?:\n|\Z))+)",
    re.MULTILINE,
)


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The consistency proof (hex) from a checkpoint of `size` entries to the one beside it."""

    size: Annotated[int, msgspec.Meta(ge=0, le=2**62)]
    proof: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """The newer checkpoint and the kept one, None where the key did not sign it, and all that is
    wrong. With no finding the newer extends the kept."""

    newer: Checkpoint | None
    kept: Checkpoint | None
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings


def write(since: Since, note: str) -> str:
    """The text: the proof, then the checkpoint that it leads to."""
    lines = [b64encode(bytes.fromhex(step)).decode() for step in since.proof]
    return "\n".join([f"old {since.size}", *lines, "", note])


def read(text: str) -> tuple[Since | None, str]:
    """The proof, where there is one, and the signed note in a text: as `write` or a log gives it,
    within the answer of a command, or in a member `proof`, `note` or `checkpoint` of JSON. Text
    without a note comes back as it is, for the check to name."""
    found = _TEXT.search(_member(text), 0, MAX_TEXT)
    if found is None:
        return None, text
    size, steps, note = found.groups()
    since = Since(int(size), tuple(map(_hex, steps.splitlines()))) if size else None
    return since, note.rstrip("\n") + "\n"


def check(text: str, kept: str, key: VerifierKey, *former: VerifierKey) -> Report:
    """Whether the checkpoint in `text` extends the one in `kept`, by the proof in `text` and for
    the log of `key`; a `former` key of that log may have signed what was kept. Never raises:
    whatever is wrong is a finding."""
    newer, known = checkpoint_in(text, NEWER, key), checkpoint_in(kept, KEPT, *former, key)
    findings = tuple(one for one in (newer, known) if isinstance(one, Finding))
    point = None if isinstance(newer, Finding) else newer
    earlier = None if isinstance(known, Finding) else known
    if point is not None and earlier is not None:
        findings = tuple(extends(point, read(text)[0], earlier))
    return Report(point, earlier, findings)


def checkpoint_in(text: str, where: str, *keys: VerifierKey) -> Checkpoint | Finding:
    """The checkpoint of a log in a text as `read` takes it, which one of the log's keys signed; or
    why that is of no use, as the first of them sees it."""
    note, key, codes = read(text)[1], keys[0], []
    for one in keys:
        try:
            return notes.open_checkpoint(note, one)
        except NoteError as error:
            codes.append(error.code)
    code = codes[0]
    try:
        origin = notes.claimed_checkpoint(note).origin
    except NoteError:
        return Finding("checkpoint_malformed", where)
    if origin != key.name:
        return Finding("checkpoint_elsewhere", where, key.name, origin)
    if code == "note_unsigned":
        return Finding("checkpoint_other_key", where, str(key))
    return Finding("known_checkpoint_unusable", where, str(key), code)


def extends(point: Checkpoint, since: Since | None, known: Checkpoint) -> Iterator[Finding]:
    """Why it is not shown that `point` extends `known`, both signed; nothing where it is."""
    sizes = str(known.size), str(point.size)
    if known.size > point.size:
        yield Finding("checkpoint_older", KEPT, *sizes)
    elif known.size == point.size:
        if known.root != point.root:
            where = f"checkpoint of {known.size} entries"
            yield Finding("log_forked", where, known.root.hex(), point.root.hex())
    elif since is None:
        yield Finding("consistency_missing", KEPT, *sizes)
    elif since.size != known.size:
        yield Finding("consistency_other", KEPT, sizes[0], str(since.size))
    elif not merkle.verify_consistency(
        known.size, point.size, known.root, point.root, [unhex(step) for step in since.proof]
    ):
        yield Finding("consistency_wrong", KEPT, *sizes)


def unhex(text: str) -> bytes:
    """32 bytes from lower-case hex; of any other spelling no hash that any tree has."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return b""
    return data if data.hex() == text else b""


def _hex(line: str) -> str:
    try:
        return b64decode(line, validate=True).hex()
    except ValueError:
        return ""


def _member(text: str) -> str:
    """The text in a JSON object that an earlier answer or a passport is; other text as it is."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        told = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        given = [told[name] for name in ("proof", "note", "checkpoint") if name in told]
        return msgspec.json.decode(given[0], type=str) if given else text
    except (msgspec.MsgspecError, RecursionError):
        return text
