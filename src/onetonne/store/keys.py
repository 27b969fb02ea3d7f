"""The log's signing key in a file: made once, readable by its owner only, never written over.

One line in the private key form of Go's note package, PRIVATE+KEY+name+keyid+base64(0x01 || seed):
the name travels with the key, so a checkpoint cannot be signed under another log's name by slip.
"""

import os
import tempfile
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onetonne.base.notes import ED25519, NoteError, Signer, check_name

_MARK = "PRIVATE+KEY+"


class KeyFileError(Exception):
    """The key file cannot be used; codes: key_exists, key_missing, key_exposed, key_damaged;
    key_other where it is not the ledger's own, key_half_replaced where the ledger's own has not
    taken its place yet. `zh` is the sentence in Chinese."""

    def __init__(self, code: str, path: Path, text: str, zh: str) -> None:
        super().__init__(f"{path}: {text}")
        self.code, self.zh = code, zh


def create_key(path: Path, name: str) -> Signer:
    """Make a new Ed25519 key for the log `name`, mode 0600; its verifier key is `.verifier`.

    The file is there whole, or not at all, whatever stops this.
    KeyFileError(key_exists) when anything is at `path`; NoteError(key_malformed) for a bad name.
    """
    signer = Signer(check_name(name), Ed25519PrivateKey.generate())
    secret = b64encode(ED25519 + signer.private.private_bytes_raw()).decode()
    line = f"{_MARK}{name}+{signer.verifier.key_id.hex()}+{secret}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _put(path, line)
    except FileExistsError:
        raise KeyFileError(
            "key_exists",
            path,
            "there is a file already and a lost key ends a log; choose another path"
            " or move the old key to a safe place yourself",
            f"{path}：此處已有檔案；金鑰一旦遺失，日誌即告終止。請另選路徑，或自行將舊金鑰移至安全處",
        ) from None
    return signer


def take_place(incoming: Path, path: Path, aside: Path) -> None:
    """A key file takes the place of the one at `path`, which stays under the name `aside`. At no
    instant is there none; whatever stops this, the same call goes on."""
    if path.exists() and not aside.exists():
        os.link(path, aside)
    incoming.replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put(path: Path, line: str) -> None:
    """Write a file that only its owner may read, then give it its name. Raises FileExistsError."""
    handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    incoming = Path(made)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        os.link(incoming, path)  # unlike a renaming, never over what is there
    finally:
        incoming.unlink()
    _settle(path.parent)


def load_key(path: Path) -> Signer:
    """Read a key file; KeyFileError key_missing, key_exposed (others may read it), key_damaged."""
    try:
        mode, line = path.stat().st_mode, path.read_text("utf-8", "replace").strip()
    except FileNotFoundError:
        raise KeyFileError(
            "key_missing",
            path,
            "no key here; restore it from its backup or make a new log",
            f"{path}：此處沒有金鑰；請自備份還原，或另建日誌",
        ) from None
    if mode & 0o077:
        raise KeyFileError(
            "key_exposed",
            path,
            f"mode {mode & 0o777:04o}, expected 0600; run chmod 600 and consider who has read it",
            f"{path}：權限為 {mode & 0o777:04o}，應為 0600；請執行 chmod 600，並查明何人曾讀取",
        )
    parts = line.removeprefix(_MARK).split("+", 2)
    try:
        name, key_id, secret = parts
        data = b64decode(secret, validate=True)
        signer = Signer(check_name(name), Ed25519PrivateKey.from_private_bytes(data[1:]))
    except (ValueError, Base64Error, NoteError):
        signer = None
    fits = signer and data[:1] == ED25519 and signer.verifier.key_id.hex() == key_id
    if signer is None or not fits or not line.startswith(_MARK):
        raise KeyFileError(
            "key_damaged",
            path,
            "expected one line PRIVATE+KEY+name+keyid+base64 whose id fits; restore it from backup",
            f"{path}：應為一行 PRIVATE+KEY+name+keyid+base64，且代碼相符；請自備份還原",
        )
    return signer
