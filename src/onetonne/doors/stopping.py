"""Ctrl-C ends a command in one line and exit code 130, and says whether an entry was written.

While modules load nothing has begun, and an exception could come up in any half-loaded one: the
process ends at once. A command that runs is interrupted, so that it gives back what it holds. Once
it is done, Ctrl-C comes too late.
"""

import os
import signal
import sys
from typing import Any

STOPPED = 130
Said = tuple[str, str]
"""What is said in English and in 繁體中文."""
NOTHING: Said = ("Stopped. No entry was written.", "已中斷。未寫入任何條目。")
UNKNOWN: Said = (
    "Stopped. An entry is written as a whole or not at all: onetonne log shows which are.",
    "已中斷。條目只會整筆寫入或全未寫入：已寫入者請見 onetonne log。",
)


class Stopped(Exception):
    """A command was interrupted; what is true of the ledger, in both languages."""

    def __init__(self, said: Said) -> None:
        super().__init__(said[0])
        self.en, self.zh = said


def written(before: int | None, after: int | None) -> Said:
    """What is true when the newest entry was `before` as the command began, and is `after` now;
    None: not known."""
    if before is None or after is None:
        return UNKNOWN
    if after <= before:
        return NOTHING
    if after == before + 1:
        en, zh = f"Entry {after} was", f"條目 {after}"
    else:
        en, zh = f"Entries {before + 1} to {after} were", f"條目 {before + 1} 至 {after}"
    return (
        f"Stopped. {en} written since this began, whole: onetonne log. To publish: onetonne "
        "checkpoint.",
        f"已中斷。此指令開始後已完整寫入{zh}：請見 onetonne log。公布請用：onetonne checkpoint。",
    )


def watch() -> None:
    """From here on Ctrl-C ends the process at once. Where it is ignored (nohup) it stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _at_once)
        sys.unraisablehook = _unraisable


def begin() -> None:
    """From here on Ctrl-C interrupts what runs."""
    _replace(signal.default_int_handler)


def end() -> None:
    """From here on Ctrl-C comes too late."""
    _replace(signal.SIG_IGN)


def _replace(handler: Any) -> None:
    if sys.unraisablehook is _unraisable:  # else nobody watches: a test, a program of others
        signal.signal(signal.SIGINT, handler)


def _at_once(*_: object) -> None:
    _leave(NOTHING)


def _unraisable(lost: Any) -> None:
    """Where no exception can come up (the end of an object), Ctrl-C ends the process: the store
    takes that as it takes a kill."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        _leave(UNKNOWN)
    sys.__unraisablehook__(lost)


def _leave(said: Said) -> None:
    """One line, and out: without imports, for the importer may be what was interrupted."""
    args = sys.argv[1:]
    given = [arg.partition("=")[2] for arg in args if arg.startswith("--lang=")]
    given += [args[at] for at, arg in enumerate(["", *args][:-1]) if arg == "--lang"]
    language = (*given, os.environ.get("ONETONNE_LANG"), os.environ.get("LANG"), "en")
    en, zh = said
    zh_first = next(filter(None, language), "").lower().startswith("zh")
    line = zh if zh_first else en
    if "--json" in args:
        os.write(1, f'{{"error": {{"code": "stopped", "en": "{en}", "zh": "{zh}"}}}}\n'.encode())
    else:
        os.write(2, f"{line}\n".encode())
    os._exit(STOPPED)
