"""What can go wrong outside the kernel's refusals, as one sentence each and an exit code.

A traceback never reaches who typed the command; what nobody foresaw is called a bug and
says where to report it.
"""

import re
import traceback
from pathlib import Path

import apsw
from msgspec import DecodeError
from typer.exceptions import TyperException

from onetonne.base.notes import NoteError
from onetonne.base.reasons import reason_zh
from onetonne.doors import render, usage
from onetonne.doors.render import Line
from onetonne.doors.stopping import STOPPED, UNKNOWN, Stopped
from onetonne.doors.typed import WrongUsage, read_amount, shown
from onetonne.ledger.lanes import Corrupt
from onetonne.service.execute import Fenced
from onetonne.service.founding import CannotFound
from onetonne.service.questions import Ambiguous, Unknown
from onetonne.store.faults import OutcomeUnknown, StoreBusy, StoreDamaged, StoreError, StoreRefused
from onetonne.store.keys import KeyFileError
from onetonne.store.lawbook_faults import LawbookError
from onetonne.store.sqlite import LedgerMissing
from onetonne.store.tiles import LogError

REFUSED, USAGE, UNREADABLE, BUSY, BUG = 1, 2, 3, 4, 70
EXIT_CODES = {
    0: ("done", "完成"),
    REFUSED: ("refused, or a check or an expectation failed", "不受理，或查核、預期未通過"),
    USAGE: ("wrong usage", "用法錯誤"),
    UNREADABLE: (
        "no such ledger, or it or a file cannot be read or written",
        "沒有此帳本，或無法讀寫",
    ),
    BUSY: (
        "busy, or taken over by another process: try again; or it is not known whether it was "
        "done: look in the log first",
        "忙碌中或已由他者接管，請重試；或無法得知是否已完成，請先查看日誌",
    ),
    BUG: ("a bug in onetonne", "onetonne 的程式錯誤"),
    STOPPED: ("stopped by hand (Ctrl-C)", "由使用者中斷（Ctrl-C）"),
}
REPORT = "the project's issue tracker"
_NEGATIVE = re.compile(r"-[0-9][0-9.,_]*")
BELOW_ZERO = {"inventory", "ndc"}
"""Commands that take a level, which may be below zero where more is removed than emitted."""


def check_texts(args: list[str]) -> None:
    """Raises WrongUsage for bytes that are no text, unless they name a file."""
    for arg in args:
        said = shown(arg)
        if said != arg and not Path(arg).exists():
            raise WrongUsage(
                f"{said} holds bytes that are no UTF-8. Type it anew.",
                f"{said} 含有非 UTF-8 的位元組。請重新輸入。",
            )


def check_signs(args: list[str]) -> list[str]:
    """The arguments as they are. Raises WrongUsage for -3, which would pass for an option, unless
    it stands after a `--`."""
    for arg in args[: args.index("--")] if "--" in args else args:
        if _NEGATIVE.fullmatch(arg):
            if BELOW_ZERO & set(args):
                raise WrongUsage(
                    f"{arg} would pass for an option. Write it last, after two dashes: -- {arg}; "
                    f"or with its option: --goal={arg}.",
                    f"{arg} 會被當作選項。請寫在最後並加兩個連字號：-- {arg}；"
                    f"或與選項連寫：--goal={arg}。",
                )
            read_amount(arg)
    return args


def tell(error: BaseException, args: list[str]) -> int:
    """Say what went wrong, in the language and form that `args` ask for; the exit code."""
    output = render.Output(render.language(_value(args, "--lang")), "--json" in args)
    if type(error).__name__ == "NoArgsIsHelpError":
        return USAGE  # the help was printed
    if not isinstance(error, Exception):
        error = Stopped(UNKNOWN)  # Ctrl-C before or after the command itself
    if isinstance(error, Stopped):
        output.fault("stopped", Line(error.en, error.zh))
        return STOPPED
    code, status, line = _known(error)
    if status == BUG:
        trace = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{trace.filename.rpartition('onetonne/')[2]}:{trace.lineno}"
        what = f"{type(error).__name__} in {where}: {error}"
        line = Line(
            f"This is a bug in onetonne ({what}). Please report it to {REPORT}, with the command.",
            f"這是 onetonne 的程式錯誤（{what}）。請連同指令回報至專案的問題追蹤系統。",
        )
    output.fault(code, line)
    return status


def _known(error: Exception) -> tuple[str, int, Line]:
    text = " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror and error.filename:
        text = f"{error.filename}: {error.strerror}"
    if isinstance(error, WrongUsage):
        return error.code, USAGE, Line(error.en, error.zh)
    if isinstance(error, LedgerMissing):
        return (
            "no_ledger",
            UNREADABLE,
            Line(
                f"There is {text} (or name another: --ledger, ONETONNE_LEDGER).",
                f"{_place(text)}沒有帳本。請以 `onetonne init` 建立，或以 --ledger 或 "
                "ONETONNE_LEDGER 指定。",
            ),
        )
    if isinstance(error, TyperException):
        return "wrong_usage", USAGE, usage.said(error)
    if isinstance(error, Unknown | Ambiguous | CannotFound):
        return _BOTH[type(error).__name__], USAGE, Line(error.en, error.zh)
    if isinstance(error, OutcomeUnknown):
        return "outcome_unknown", BUSY, _UNCERTAIN
    if isinstance(error, Fenced | StoreBusy | apsw.BusyError):
        return (
            "busy",
            BUSY,
            Line(
                f"The ledger is busy or taken over: {text}. Nothing was written. Try again.",
                f"帳本忙碌中或已由他者接管（{text}）。未寫入任何資料，請重試。",
            ),
        )
    if isinstance(error, StoreError | Corrupt | _FILE) or _LACKS.search(text):
        return _of_store(error, text)
    if isinstance(error, LawbookError):
        fault = error.faults[0]
        at = f"{fault.file}:{fault.line}: "
        return "unreadable", UNREADABLE, Line(at + fault.sentence("en"), at + fault.sentence("zh"))
    if type(error).__name__ in _SAID:
        return _SAID[type(error).__name__], REFUSED, Line(text, getattr(error, "zh", text))
    if isinstance(error, _UNREADABLE):
        return (
            "unreadable",
            UNREADABLE,
            Line(f"Cannot read or write: {text}.", f"無法讀取或寫入：{_reason_zh(error, text)}。"),
        )
    return "bug", BUG, Line("", "")


_UNCERTAIN = Line(
    "It is not known whether this was done: the answer of the commit was lost. It was done as a "
    "whole or not at all. Look first: onetonne log. Only a command that had a --key may be sent "
    "again as it was, with that key; without one it could be done twice.",
    "無法得知是否已完成：提交的回覆遺失，可能全部完成，也可能全未執行。請先查看：onetonne log。"
    "僅原本帶有 --key 的指令可以相同的鍵重送；未帶鍵者重送可能執行兩次。",
)
_LACKS = re.compile(r'no such (table|column): |(relation|column) "?[\w.]+"? does not exist')
"""What SQLite and PostgreSQL say of a table or column that an earlier build did not make."""
_OLDER = Line(
    "This ledger was made by an earlier build and lacks tables that this one reads. Run this once: "
    "onetonne rebuild. It keeps every entry, and makes the tables anew from them.",
    "此帳本由較早版本建立，缺少本版本所讀取的資料表。請執行一次：onetonne rebuild。"
    "所有條目皆會保留，資料表將據以重建。",
)
_BOTH = {"Unknown": "unknown", "Ambiguous": "ambiguous", "CannotFound": "cannot_found"}
_STORE_ZH = {
    "StoreFull": "帳本所在磁碟已滿，未寫入任何資料。請騰出空間後重送",
    "StoreLost": "無法連線至資料庫，未寫入任何資料。請檢查位址與伺服器後重送",
    "StoreRefused": "資料庫拒絕這些資料列：資料表與日誌不符，或為 onetonne 的程式錯誤。"
    "未寫入任何資料。請執行 `onetonne verify`，再執行 `onetonne rebuild`；"
    "若 verify 未發現問題，請回報",
    "StoreDamaged": "資料表中有一列並非 onetonne 所寫入者。未寫入任何資料。"
    "請執行 `onetonne verify`，再執行 `onetonne rebuild`",
}
_FILE = apsw.ReadOnlyError | apsw.CantOpenError | apsw.PermissionsError | apsw.NotADBError


def _of_store(error: Exception, text: str) -> tuple[str, int, Line]:
    if _LACKS.search(text):
        return "older_ledger", UNREADABLE, _OLDER
    disagrees = isinstance(error, StoreRefused | StoreDamaged | Corrupt)
    return "tables_disagree" if disagrees else "unreadable", UNREADABLE, _not_written(error, text)


def _not_written(error: Exception, text: str) -> Line:
    if isinstance(error, Corrupt):
        return Line(
            f"The tables disagree with the journal: {text}. Nothing was written. "
            "Run `onetonne verify`, then `onetonne rebuild`.",
            f"資料表與日誌不符：{text}。未寫入任何資料。"
            "請執行 `onetonne verify`，再執行 `onetonne rebuild`。",
        )
    if isinstance(error, apsw.NotADBError):
        return Line(
            "The file ledger.db is not a ledger, or it is damaged. Check --ledger, or restore it.",
            "檔案 ledger.db 不是帳本或已損毀。請檢查 --ledger，或還原備份。",
        )
    if isinstance(error, _FILE):
        return Line(
            f"The ledger's file cannot be opened or written: {text}. SQLite needs the right to "
            "write to the ledger's folder even to read it; check the folder and its owner.",
            f"無法開啟或寫入帳本檔案（{text}）。SQLite 即使僅讀取，也須有帳本資料夾的寫入權限；"
            "請檢查資料夾及其擁有者。",
        )
    zh = _STORE_ZH.get(type(error).__name__, "儲存失敗，未寫入任何資料")
    return Line(f"{text[:1].upper()}{text[1:]}.", f"{zh}（{text.partition('(')[2].rstrip(')')}）。")


def _reason_zh(error: Exception, text: str) -> str:
    cause = error if isinstance(error, OSError) else error.__cause__
    if isinstance(cause, OSError) and cause.filename and cause.errno:
        return f"{cause.filename}：{reason_zh(cause)}"
    return error.zh if isinstance(error, LogError | KeyFileError) else text


def _place(text: str) -> str:
    """`no ledger in PLACE: ...`: the place."""
    found = re.match(r"no ledger (?:in|at) (.+?): make", text)
    return f"{found[1]} " if found else "此處"


# Named, not imported: their modules are heavy, and most commands never need them.
_SAID = {"CannotProve": "cannot_prove", "CannotRebuild": "cannot_rebuild", "Altered": "altered"}
_UNREADABLE = (
    OSError, apsw.Error, StoreError, KeyFileError, NoteError, LogError, DecodeError,
    UnicodeDecodeError,
)  # fmt: skip


def _value(args: list[str], option: str) -> str | None:
    for at, arg in enumerate(args):
        if arg == option and at + 1 < len(args):
            return args[at + 1]
        if arg.startswith(f"{option}="):
            return arg.partition("=")[2]
    return None
