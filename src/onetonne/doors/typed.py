"""What people type as amounts, ranges, days and items; what is unclear is named, never guessed."""

import hashlib
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

from onetonne.base.notes import NoteError, VerifierKey, parse_verifier_key
from onetonne.base.parties import is_party
from onetonne.exchange.passport import MAX_BYTES
from onetonne.service.ledger import DATABASE, LEAVES
from onetonne.service.place import INCOMING, KEY

OWN = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEY, f"{KEY}.pub", INCOMING, LEAVES)
"""Files that a ledger keeps in its folder."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLAIN = re.compile(r"[0-9]+|[0-9]{1,3}([,_ ])[0-9]{3}(?:\1[0-9]{3})*")
_SUM = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_RANGE = re.compile(r"([0-9][0-9,_]*)(?:\s*[-–]\s*([0-9][0-9,_]*))?")
_LOOKALIKE = {"O": "0", "o": "0", "l": "1", "I": "1"}


class WrongUsage(Exception):
    """Something typed that cannot be understood, with what to type, in both languages."""

    def __init__(self, en: str, zh: str, code: str = "wrong_usage") -> None:
        super().__init__(en)
        self.en, self.zh, self.code = en, zh, code


def shown(text: str | Path) -> str:
    """A text or path as typed; bytes of it that are no UTF-8 are shown as marks."""
    return os.fsencode(text).decode(errors="replace")


def read_amount(text: str) -> int:
    """A whole number with or without thousands separators. Raises WrongUsage."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return int(re.sub("[,_ ]", "", text))
    raise _not_whole(text)


def check_some(amount: int) -> None:
    """Of units nobody moves none. Raises WrongUsage."""
    if amount == 0:
        raise WrongUsage(
            "0 units are none; an amount is 1 or more.", "0 單位等於沒有；數量須為 1 以上。"
        )


def read_sum(text: str) -> str:
    """An exact sum of money as decimal text, with or without thousands separators; what is neither
    stays as it is, for the act to refuse: a comma is never dropped to make another number."""
    text = text.strip()
    return text.replace(",", "") if _SUM.fullmatch(text) else text


def _not_whole(text: str) -> WrongUsage:
    meant = "".join(_LOOKALIKE.get(c, c) for c in text)
    if meant != text and _PLAIN.fullmatch(meant):
        return WrongUsage(
            f"{text} holds a letter where a digit belongs: did you mean {meant}?",
            f"{text} 中有字母誤作數字：是否應為 {meant}？",
        )
    if not text.isascii() and any(c.isdigit() for c in text):
        return WrongUsage(
            f"{text} is not in plain digits 0-9 (full-width, perhaps). Type it in plain digits.",
            f"{text} 並非半形數字 0-9。請改用半形數字。",
        )
    if text.startswith(("-", "−")):
        return WrongUsage(
            f"{text} is below zero; an amount is 1 or more. To undo an act: onetonne correct.",
            f"{text} 小於零；數量須為 1 以上。若要更正，請用：onetonne correct。",
        )
    if re.fullmatch(r"[0-9,_ ]+\.[0-9]+", text):
        return WrongUsage(
            f"{text} is no whole number: units are whole, and thousands are written 1,000.",
            f"{text} 不是整數：單位須為整數，千分位請寫成 1,000。",
        )
    return WrongUsage(
        f"{text!r} is no amount. Write a whole number such as 500 or 1,000.",
        f"{text!r} 不是數量。請寫成整數，例如 500 或 1,000。",
    )


def read_range(text: str) -> str:
    """A range as printed, closed at both ends, without separators: `1-500`, or `7`."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise WrongUsage(
            f"{text!r} is no range of serials. Write 1-500, or 7 for one.",
            f"{text!r} 不是序號範圍。請寫成 1-500，單一序號寫成 7。",
        )
    parts = [_digits(part) for part in match.groups() if part]
    return "-".join(parts)


def _digits(text: str) -> str:
    if text.isdigit():
        return text
    if not _PLAIN.fullmatch(text):
        raise _not_whole(text)
    return re.sub("[,_]", "", text)


def read_facts(given: Iterable[str]) -> dict[str, str]:
    """NAME=VALUE, each name once. Raises WrongUsage."""
    facts: dict[str, str] = {}
    for text in given:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not name or not sign:
            raise WrongUsage(
                f"{text!r} is no fact. Write NAME=VALUE, such as methodology=TM001.",
                f"{text!r} 不是事實。請寫成 名稱=值，例如 methodology=TM001。",
            )
        if name in facts:
            raise WrongUsage(
                f"The fact {name} is given twice. Give it once.", f"事實 {name} 重複。請只填一次。"
            )
        facts[name] = value
    return facts


def read_name(text: str) -> str:
    """A name that can be found again: not blank. Raises WrongUsage."""
    if not text.strip():
        raise WrongUsage("The name is empty. Give one.", "名稱是空的。請填寫。")
    return text.strip()


def read_party(text: str) -> str:
    """A Party's code in capitals; none where none is typed. Raises WrongUsage."""
    code = text.strip().upper()
    if text and not is_party(code):
        raise WrongUsage(
            f"{text!r} is no Party or country code (ISO 3166-1 alpha-2, or EU), such as GH.",
            f"{text!r} 不是締約方或國家代碼（ISO 3166-1 二位字母，或 EU），例如 GH。",
        )
    return code


def read_day(text: str) -> date:
    """A day as ISO 8601. Raises WrongUsage."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongUsage(
            f"{text!r} is no day. Write year-month-day, such as 2026-03-31.",
            f"{text!r} 不是日期。請寫成年-月-日，例如 2026-03-31。",
        ) from None


def read_document(text: str) -> str:
    """The SHA-256 of a document: as typed, or of the file of that name. Raises WrongUsage."""
    if not text or _DIGEST.fullmatch(text):
        return text
    try:
        return hashlib.sha256(Path(text).read_bytes()).hexdigest()
    except OSError:
        raise WrongUsage(
            f"{text!r} is neither a file that can be read nor a SHA-256 in 64 digits.",
            f"{text!r} 不是可讀取的檔案，也不是 64 位的 SHA-256。",
        ) from None


def read_place(text: str) -> Path:
    """Where a file is to be written: in a folder that is there and may be written to, and never
    over a ledger's own files. Raises WrongUsage."""
    path, real = Path(text), Path(os.path.realpath(text))
    folder = real.parent
    if not text or path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise WrongUsage(
            f"No file can be written at {text!r}. Name one in a folder that is there.",
            f"{text!r} 無法寫入檔案。請指定現有資料夾中的檔案。",
        )
    if real.name in OWN and any((folder / name).exists() for name in OWN):
        raise WrongUsage(
            f"{text} is a file of the ledger in {folder}. Write elsewhere.",
            f"{text} 是 {folder} 中帳本的檔案。請寫到別處。",
        )
    return path


def keep(kept: Path | None, out: Path | None) -> None:
    """Raises WrongUsage where an answer would be written over what somebody kept."""
    if kept is not None and out is not None and os.path.realpath(kept) == os.path.realpath(out):
        raise WrongUsage(
            f"{out} is the checkpoint that was kept: it would be lost. Write elsewhere.",
            f"{out} 是所保存的檢查點，寫入將使其滅失。請寫到別處。",
        )


def read_key(text: str) -> VerifierKey:
    """A log's public key, or a file that holds it. Raises WrongUsage, OSError."""
    with suppress(NoteError):
        return parse_verifier_key(text)  # first, for a long one is no name that a file can have
    try:
        return parse_verifier_key(_key_file(Path(text)))
    except (NoteError, UnicodeDecodeError):
        raise WrongUsage(
            f"{text!r} is neither a public key (name+keyid+base64) nor a file that holds one. "
            "Copy the line as the registry publishes it, or give the path of its key.pub.",
            f"{text!r} 不是公鑰（name+keyid+base64），也不是內含公鑰的檔案。"
            "請照登錄簿公布的整行填寫，或指定其 key.pub 的路徑。",
            "bad_key",
        ) from None


def _key_file(path: Path) -> str:
    """What a file says, if it is one; of a giant as much as no key has."""
    if len(path.name) > 255 or not path.is_file():
        return ""
    with path.open("rb") as opened:
        return opened.read(10_000).decode()


def read_former(text: str, own: VerifierKey | None) -> tuple[VerifierKey, ...]:
    """An earlier key of the log that `own` signs, where one is given. Raises as `read_key`."""
    if not text:
        return ()
    key = read_key(text)
    if own is not None and key.name != own.name:
        raise WrongUsage(
            f"--known-key is a key of {key.name}, --key one of {own.name}: expected two of one "
            "ledger.",
            f"--known-key 是 {key.name} 的金鑰，--key 是 {own.name} 的：應為同一帳本的兩把金鑰。",
        )
    return (key,)


def read_kept(path: Path) -> str:
    """What a file with a checkpoint says; its content is judged by whoever asks. Raises OSError."""
    with path.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)  # a file without end is malformed, not fatal
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(coding, "replace").replace("\r\n", "\n")


def read_item(text: str) -> tuple[str, str, int]:
    """(lot, serials, amount) of `LOT:1-500` or `LOT=500`. Raises WrongUsage."""
    for sign in ":=":
        lot, found, rest = text.partition(sign)
        if found and lot and rest:
            return (lot, read_range(rest), 0) if sign == ":" else (lot, "", read_amount(rest))
    raise WrongUsage(
        f"{text!r} is no item. Write LOT:1-500 for serials or LOT=500 for an amount.",
        f"{text!r} 不是項目。請寫成 LOT:1-500（序號）或 LOT=500（數量）。",
    )
