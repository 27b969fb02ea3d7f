"""A registry's word, under the key that signed so far, which key signs from now on.

It is a checkpoint of the log with one line more, signed by both: whoever knows the old key learns
the new one from it, keeps it as a checkpoint under either, and needs nobody else's word.
"""

import msgspec

from onetonne.base import notes
from onetonne.base.notes import Checkpoint, NoteError, Signer, VerifierKey
from onetonne.exchange.consistency import checkpoint_in, read
from onetonne.ledger.proof_findings import Finding

NEXT = "next-key "
WHERE = "handover"


class Handover(msgspec.Struct, frozen=True):
    """As of a checkpoint that `old` signed, `new` signs the log."""

    point: Checkpoint
    old: VerifierKey
    new: VerifierKey


def write(point: Checkpoint, old: Signer, new: Signer) -> str:
    """The handover as a signed note."""
    return new.cosign(old.sign(f"{point.text}{NEXT}{new.verifier}\n"))


def check(text: str, old: VerifierKey) -> Handover | Finding:
    """What a handover says to a holder of the old key, or why it says nothing. The new key must
    have signed it too: nobody is handed a key that another cannot use."""
    point = checkpoint_in(text, WHERE, old)
    if isinstance(point, Finding):
        return point
    note = read(text)[1]
    lines = notes.open_note(note, old).split("\n")[3:]
    named = [line.removeprefix(NEXT) for line in lines if line.startswith(NEXT)]
    if len(named) != 1:
        return Finding("handover_none", WHERE, found=str(len(named)))
    try:
        new = notes.parse_verifier_key(named[0])
        notes.open_checkpoint(note, new)
    except NoteError as error:
        return Finding("handover_unsigned", WHERE, named[0][:200], error.code)
    if new == old:
        return Finding("handover_to_itself", WHERE, str(old))
    return Handover(point, old, new)
