"""Hand out the proof that the log as it is published extends a checkpoint that somebody kept.

What was kept is held against the log first: of a fork, or of a log that was rolled back, there is
no proof, and the registry learns of it before the auditor does.
"""

from onetonne.base import merkle
from onetonne.base.notes import Checkpoint, VerifierKey, open_checkpoint
from onetonne.exchange.consistency import KEPT, Since, checkpoint_in
from onetonne.ledger.proof_findings import Finding
from onetonne.service.ledger import Ledger
from onetonne.store.tiles import TileLog, read_note


class CannotProve(ValueError):
    """No proof can be given; the text, and `zh`, say why and what to do."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


def since(ledger: Ledger, kept: str, new_log: bool = False) -> tuple[Since, str]:
    """Publish (`new_log`: see `Ledger.publish`), and prove that the log extends a kept checkpoint:
    the proof, and the signed note that it leads to. Raises CannotProve where it does not."""
    ledger.publish(new_log)
    note, key = read_note(ledger.log), ledger.verifier()
    point = open_checkpoint(note, key)
    return proof(TileLog(ledger.log, point.size), point, kept, key), note


def proof(tiles: TileLog, point: Checkpoint, kept: str, key: VerifierKey) -> Since:
    """The proof from a kept checkpoint to `point`, that of `tiles`. Raises CannotProve."""
    known = checkpoint_in(kept, key, KEPT)
    if isinstance(known, Finding):
        raise _refused(known)
    if known.size > point.size:
        raise _refused(Finding("log_rolled_back", "checkpoint", str(known.size), str(point.size)))
    steps = tiles.consistency_proof(known.size)
    if not merkle.verify_consistency(known.size, point.size, known.root, point.root, steps):
        where = f"checkpoint of {known.size} entries"
        found = tiles.root(known.size)
        raise _refused(Finding("log_forked", where, known.root.hex(), found.hex()))
    return Since(known.size, tuple(step.hex() for step in steps))


def _refused(finding: Finding) -> CannotProve:
    return CannotProve(finding.sentence("en"), finding.sentence("zh"))
