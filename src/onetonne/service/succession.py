"""Another key for the same ledger: the log goes on, and who kept the old key can tell that it does.

Each step finds what an earlier run left, so one that was cut short is finished by another. While
one key follows the other, the published checkpoint holds for both.
"""

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import msgspec

from onetonne.base.notes import Checkpoint, NoteError, Signer, VerifierKey
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
from onetonne.store.publish import cosign, locked, put_beside
from onetonne.store.rows import Engine
from onetonne.store.tiles import LogError, read_checkpoint


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
    if _follow(ledger, old, lost):
        return _told(ledger, former_keys(ledger.db)[0], ledger.verifier())
    if lost:
        _check_lost(ledger)
    else:
        ledger.publish()
    new = load_key(path) if path.exists() else create_key(path, old.name)
    point = cosign(ledger.log, (old, *former_keys(ledger.db)), new)
    if not lost:
        text = handover.write(point, load_key(ledger.folder / KEY), new)
        put_beside(ledger.log, _handover(ledger, new.verifier).name, text)
    _remember(ledger.db, old, new.verifier)
    return _settle(ledger, old, new)


def _follow(ledger: Ledger, old: VerifierKey, lost: bool) -> bool:
    """Whether the key in its place is one that follows the ledger's, by handovers in the log, or
    `lost` and by the log's signature: a database that was restored from before knows no better,
    and learns it here."""
    try:
        there = load_key(ledger.folder / KEY).verifier
    except KeyFileError:
        return False
    known, chain = old, [old]
    while known != there and (after := _next(ledger, known, chain)):
        known = after
        chain.append(known)
    if known != there and lost and there.name == old.name and there not in former_keys(ledger.db):
        with suppress(NoteError, LogError):
            read_checkpoint(ledger.log, there)
            chain.append(there)
    if len(chain) == 1 or chain[-1] != there:
        return False
    for before, after in pairwise(chain):
        _remember(ledger.db, before, after)
    return True


def _next(ledger: Ledger, key: VerifierKey, seen: list[VerifierKey]) -> VerifierKey | None:
    """The key that one hands over to, by a handover in the log."""
    for path in sorted(ledger.log.glob("handover-*")):
        with suppress(OSError):
            told = handover.check(path.read_text("utf-8", "replace"), key)
            if isinstance(told, handover.Handover) and told.new not in seen:
                return told.new
    return None


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
    take_place(folder / INCOMING, folder / KEY, _aside(ledger, old))
    return _told(ledger, old, new.verifier)


def _told(ledger: Ledger, old: VerifierKey, new: VerifierKey) -> Succession:
    """Publish under the new key, and tell what lies where."""
    word, aside = _handover(ledger, new), _aside(ledger, old)
    return Succession(
        old,
        new,
        ledger.publish(),
        word if word.exists() else None,
        aside if aside.exists() else None,
    )


def _aside(ledger: Ledger, old: VerifierKey) -> Path:
    return ledger.folder / f"{KEY}.{old.key_id.hex()}"


def _handover(ledger: Ledger, new: VerifierKey) -> Path:
    """It is published with the log: whoever mirrors that has it."""
    return ledger.log / f"handover-{new.key_id.hex()}"
