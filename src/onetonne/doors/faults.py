"""What can go wrong outside the kernel's refusals, as one sentence each and an exit code.

A traceback never reaches who typed the command; what nobody foresaw is called a bug and
says where to report it.
"""

import re
import traceback

import apsw
from msgspec import DecodeError

from onetonne.base.notes import NoteError
from onetonne.doors import render
from onetonne.doors.render import Line
from onetonne.doors.typed import WrongUsage, read_amount
from onetonne.service.execute import Fenced
from onetonne.service.founding import CannotFound
from onetonne.service.questions import Ambiguous, Unknown
from onetonne.store.faults import OutcomeUnknown, StoreBusy, StoreError
from onetonne.store.keys import KeyFileError
from onetonne.store.lawbook_faults import LawbookError
from onetonne.store.sqlite import LedgerMissing
from onetonne.store.tiles import LogError

REFUSED, USAGE, UNREADABLE, BUSY, BUG = 1, 2, 3, 4, 70
EXIT_CODES = {
    0: ("done", "完成"),
    REFUSED: ("refused, or a check or an expectation failed", "不受理,或查核、預期未通過"),
    USAGE: ("wrong usage", "用法錯誤"),
    UNREADABLE: (
        "no such ledger, or it or a file cannot be read or written",
        "沒有此帳本,或無法讀寫",
    ),
    BUSY: ("busy, or taken over by another process: try again", "忙碌中或已由他者接管,請重試"),
    BUG: ("a bug in onetonne", "onetonne 的程式錯誤"),
}
REPORT = "the project's issue tracker"
_NEGATIVE = re.compile(r"-[0-9][0-9.,_]*")


def check_signs(args: list[str]) -> list[str]:
    """The arguments as they are. Raises WrongUsage for -3, which would pass for an option."""
    for arg in args:
        if _NEGATIVE.fullmatch(arg):
            read_amount(arg)
    return args


def tell(error: Exception, args: list[str]) -> int:
    """Say what went wrong, in the language and form that `args` ask for; the exit code."""
    output = render.Output(render.language(_value(args, "--lang")), "--json" in args)
    code, status, line = _known(error)
    if status == BUG:
        trace = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{trace.filename.rpartition('onetonne/')[2]}:{trace.lineno}"
        what = f"{type(error).__name__} in {where}: {error}"
        line = Line(
            f"This is a bug in onetonne ({what}). Please report it to {REPORT}, with the command.",
            f"這是 onetonne 的程式錯誤({what})。請連同指令回報至專案的問題追蹤。",
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
                f"{text} (or name it: --ledger, ONETONNE_LEDGER).",
                f"此處沒有帳本:{text}。請以 `onetonne init` 建立,或以 --ledger 指定。",
            ),
        )
    if isinstance(error, CannotFound):
        return "cannot_found", USAGE, Line(text, f"無法建立帳本:{text}")
    if isinstance(error, Unknown | Ambiguous):
        return (
            type(error).__name__.lower(),
            USAGE,
            Line(f"{text[:1].upper()}{text[1:]}.", f"查無此項或不明確:{text}。"),
        )
    if isinstance(error, Fenced | StoreBusy | OutcomeUnknown | apsw.BusyError):
        return "busy", BUSY, Line(f"The ledger is busy or taken over: {text}. Try again.",
                                  f"帳本忙碌中或已由他者接管:{text}。請重試。")  # fmt: skip
    if isinstance(error, LawbookError):
        fault = error.faults[0]
        at = f"{fault.file}:{fault.line}: "
        return "unreadable", UNREADABLE, Line(at + fault.sentence("en"), at + fault.sentence("zh"))
    if type(error).__name__ in _SAID:
        return _SAID[type(error).__name__], REFUSED, Line(text, text)
    if isinstance(error, _UNREADABLE):
        return (
            "unreadable",
            UNREADABLE,
            Line(f"Cannot read or write: {text}.", f"無法讀取或寫入:{text}。"),
        )
    return "bug", BUG, Line("", "")


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
