"""Where the key and the log of a ledger lie, and whether they are this ledger's own.

A log that is lost can be published anew from the journal; the same key cannot be made again. So a
ledger remembers the key that signs for it, beside its name in the table `meta`: no other does,
until `succession` puts another in its place.
"""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from onetonne.base.notes import NoteError, Signer, VerifierKey, parse_verifier_key
from onetonne.store.cells import Lacking, Reader
from onetonne.store.faults import only
from onetonne.store.keys import KeyFileError, load_key
from onetonne.store.rows import Engine
from onetonne.store.tiles import CHECKPOINT, LogError

FOLDER_VARIABLE = "ONETONNE_FOLDER"
KEY, LOG = "key", "log"
INCOMING = "key.next"
"""A key that is to take the place of the ledger's own."""
REMEMBERED, FORMER = "key", "former_keys"
"""The rows of `meta` that hold the ledger's public key, and those before it: newest first, a line
each."""


def is_url(address: str) -> bool:
    return address.startswith(("postgresql://", "postgres://"))


def folder_of(address: str) -> Path:
    """Where key and log of this ledger lie; of a URL, an absolute path."""
    if not is_url(address):
        return Path(address)
    parts = urlsplit(address)
    named = parse_qs(parts.query).get("dbname", [""])[-1]  # as libpq reads it, before the path
    name = named or parts.path.strip("/") or "postgres"
    given = os.environ.get(FOLDER_VARIABLE) or f"onetonne-{name.replace('/', '-')}"
    return Path(given).expanduser().absolute()


def remembered(db: Engine) -> dict[str, str]:
    """What the ledger knows of itself, as far as a table `meta` can be read."""
    with suppress(Lacking):
        return dict(Reader(db).stream("meta", ("name", "value")))
    return {}


def former_keys(db: Engine) -> tuple[VerifierKey, ...]:
    """The keys that signed the log before the one that does, newest first."""
    found = []
    for line in remembered(db).get(FORMER, "").splitlines():
        with suppress(NoteError):  # of an edited row what is left serves
            found.append(parse_verifier_key(line))
    return tuple(found)


def remember(db: Engine, key: VerifierKey) -> None:
    """Keep the key that signed the log: the first stays."""
    if REMEMBERED in remembered(db):
        return
    db.begin()
    try:
        if REMEMBERED not in remembered(db):
            db.insert("meta", ("name", "value"), [(REMEMBERED, str(key))])
        db.commit()
    except BaseException:
        db.rollback()
        raise


def key_there(address: str, folder: Path) -> Signer:
    """The key in the folder. Raises KeyFileError."""
    path = (folder / KEY).absolute()
    if path.exists():
        return load_key(path)
    where, where_zh = _look(address)
    raise KeyFileError(
        "key_missing",
        path,
        f"no key here. {where} put it back from its backup. If it is lost for good:"
        " onetonne key replace --lost",
        f"{path}：此處沒有金鑰。{where_zh}請自備份還原。若確已滅失：onetonne key replace --lost",
    )


def own_key(address: str, folder: Path, db: Engine) -> Signer:
    """As `key_there`; raises KeyFileError(key_other) where it is not the ledger's own."""
    signer = key_there(address, folder)
    told = remembered(db)
    known = told.get(REMEMBERED)
    if signer.name == told.get("ledger", signer.name) and known in (None, str(signer.verifier)):
        return signer
    if known and _waits(folder, known):
        raise KeyFileError(
            "key_half_replaced",
            (folder / INCOMING).absolute(),
            "the key was being replaced by this one, and that was cut short. Finish it:"
            " onetonne key replace",
            f"{(folder / INCOMING).absolute()}：更換為此金鑰的作業中斷。"
            "請完成：onetonne key replace",
        )
    known_zh = known or "資料表 meta 的列 key 所載者，而該列為空"
    known = known or "the one in the row `key` of the table meta, which is empty"
    if REMEMBERED not in told:
        known, known_zh = f"one of the name {told['ledger']}", f"名稱為 {told['ledger']} 者"
    where, where_zh = _look(address)
    raise KeyFileError(
        "key_other",
        (folder / KEY).absolute(),
        f"this is another ledger's key, {signer.verifier}: expected {known}. Nothing was signed."
        f" {where} put the right key back from its backup. If the database was restored from"
        " before the key was replaced: onetonne key replace",
        f"{(folder / KEY).absolute()}：這是另一帳本的金鑰（{signer.verifier}），應為 {known_zh}。"
        f"未簽署任何內容。{where_zh}請自備份還原正確的金鑰。"
        "若資料庫係還原自更換金鑰之前：onetonne key replace",
    )


def _waits(folder: Path, known: str) -> bool:
    """Whether the key that the ledger knows lies there and has not taken its place."""
    with suppress(KeyFileError, OSError):
        return str(load_key(folder / INCOMING).verifier) == known
    return False


def check_log_there(address: str, folder: Path, db: Engine) -> None:
    """Raises LogError(log_missing) where a ledger that has published finds no log: what is missing
    may lie elsewhere, and hold more than the journal does."""
    log = (folder / LOG).absolute()
    if (log / CHECKPOINT).exists():
        return
    if REMEMBERED not in remembered(db):
        return  # nothing is signed so far
    (size,) = only(db.query("SELECT seq FROM head"))
    where, where_zh = _look(address)
    raise LogError(
        "log_missing",
        str(log),
        f"no published log here, and this ledger has {size:,} entries. Nothing was signed. {where}"
        " put it back from its backup or a mirror. If it is lost for good, publish all of the"
        " journal anew: onetonne checkpoint --new-log",
        f"{log}：此處沒有已公布的日誌，而本帳本有 {size:,} 筆條目。未簽署任何內容。{where_zh}"
        "請自備份或鏡像還原。若確已滅失，請以資料庫中的條目重新公布：onetonne checkpoint --new-log",
    )


def _look(address: str) -> tuple[str, str]:
    """How to say where key and log are; begins a sentence that goes on with what else to do."""
    if is_url(address):
        return (
            f"If key and log lie in another folder, name it: {FOLDER_VARIABLE}=/path/to/folder;"
            " otherwise",
            f"若金鑰與日誌在其他資料夾，請指定：{FOLDER_VARIABLE}=/資料夾路徑；否則",
        )
    return "Check --ledger, or", "請檢查 --ledger，或"
