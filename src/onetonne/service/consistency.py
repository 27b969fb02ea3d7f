"""Hand out the proof that the log as it is published extends a checkpoint that somebody kept.

What was kept is held against the log first: of a fork, or of a log that was rolled back, there is
no proof, and the registry learns of it before the auditor does.
"""

from collections.abc import Sequence

from onetonne.base import merkle
from onetonne.base.notes import Checkpoint, VerifierKey, open_checkpoint
from onetonne.exchange.consistency import KEPT, Since, checkpoint_in
from onetonne.ledger.proof_findings import Finding
from onetonne.service.ledger import Ledger
from onetonne.service.place import former_keys
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
    keys = (key, *former_keys(ledger.db))
    return proof(TileLog(ledger.log, point.size), point, kept, keys), note


def kept_under(ledger: Ledger, kept: str) -> VerifierKey | None:
    """The former key that signed a kept checkpoint; None where the ledger's own key did."""
    if not isinstance(checkpoint_in(kept, KEPT, ledger.verifier()), Finding):
        return None
    former = former_keys(ledger.db)
    found = (k for k in former if not isinstance(checkpoint_in(kept, KEPT, k), Finding))
    return next(found, None)


def proof(tiles: TileLog, point: Checkpoint, kept: str, keys: Sequence[VerifierKey]) -> Since:
    """The proof from a checkpoint that one of the log's keys signed to `point`, that of `tiles`.
    Raises CannotProve."""
    known = checkpoint_in(kept, KEPT, *keys)
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
