"""Another key for the same ledger: the log goes on, and who kept the old key can tell that it does.

Each step finds what an earlier run left, so one that was cut short is finished by another. At every
instant the published checkpoint holds for the key that the ledger remembers.
"""

from pathlib import Path

import msgspec

from onetonne.base.notes import Checkpoint, Signer, VerifierKey
from onetonne.exchange import handover
from onetonne.service.ledger import Ledger
from onetonne.service.place import (
    FORMER,
    INCOMING,
    KEY,
    REMEMBERED,
    check_log_there,
    former_keys,
)
from onetonne.store.keys import KeyFileError, create_key, load_key, take_place
from onetonne.store.publish import Disk, cosign, locked
from onetonne.store.rows import Engine


class Succession(msgspec.Struct, frozen=True):
    """The key that was, the key that is, as of a checkpoint; `handover` is the file with the old
    key's word for it, None where that was lost; `aside` where the old key lies now."""

    old: VerifierKey
    new: VerifierKey
    point: Checkpoint
    handover: Path | None
    aside: Path | None


def replace_key(ledger: Ledger, lost: bool = False) -> Succession:
    """Make a key, let the old one vouch for it (not where it is `lost`), and put it in its place.

    Raises KeyFileError, LogError: nothing is changed then but for a new key that waits for the
    next call. What other processes sign meanwhile, with the old key, is refused or holds.
    """
    with locked(ledger.folder):
        return _replace(ledger, lost)


def _replace(ledger: Ledger, lost: bool) -> Succession:
    path = ledger.folder / INCOMING
    old = ledger.verifier()
    former = former_keys(ledger.db)
    if path.exists() and load_key(path).verifier == old and former:
        return _settle(ledger, former[0], load_key(path))
    if lost:
        _check_lost(ledger)
    else:
        ledger.publish()
    new = load_key(path) if path.exists() else create_key(path, old.name)
    point, _ = cosign(ledger.log, old, new)
    if not lost:
        disk = Disk(ledger.log)
        text = handover.write(point, load_key(ledger.folder / KEY), new)
        disk.put(_handover(ledger, new.verifier).name, text.encode())
        disk.settle()
    _remember(ledger.db, old, new.verifier)
    return _settle(ledger, old, new)


def _check_lost(ledger: Ledger) -> None:
    """Raises KeyFileError(key_there) where there is a key; LogError where there is no log."""
    path = (ledger.folder / KEY).absolute()
    if path.exists():
        raise KeyFileError(
            "key_there",
            path,
            "there is a key here. If it is this ledger's own, leave out --lost, so that it vouches"
            " for the new one; if it cannot be used, move it away yourself first",
            f"{path}：此處有金鑰。若為本帳本的金鑰，請勿加 --lost，使其為新金鑰作證；"
            "若已無法使用，請先自行移走",
        )
    check_log_there(ledger.address, ledger.folder, ledger.db)


def _remember(db: Engine, old: VerifierKey, new: VerifierKey) -> None:
    """The ledger knows the new key, and the old one as the newest of those before."""
    before = "\n".join(map(str, (old, *former_keys(db))))
    sql = "UPDATE meta SET value = ? WHERE name = ? RETURNING name"
    db.begin()
    try:
        for name, value in ((REMEMBERED, str(new)), (FORMER, before)):
            if not db.query(sql, (value, name)):
                db.insert("meta", ("name", "value"), [(name, value)])
        db.commit()
    except BaseException:
        db.rollback()
        raise


def _settle(ledger: Ledger, old: VerifierKey, new: Signer) -> Succession:
    """The new key takes its place, and signs what came meanwhile."""
    folder = ledger.folder
    aside = folder / f"{KEY}.{old.key_id.hex()}"
    take_place(folder / INCOMING, folder / KEY, aside)
    word = _handover(ledger, new.verifier)
    return Succession(
        old,
        new.verifier,
        ledger.publish(),
        word if word.exists() else None,
        aside if aside.exists() else None,
    )


def _handover(ledger: Ledger, new: VerifierKey) -> Path:
    """It is published with the log: whoever mirrors that has it."""
    return ledger.log / f"handover-{new.key_id.hex()}"
