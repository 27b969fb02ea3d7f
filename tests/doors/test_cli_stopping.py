"""Ctrl-C: one line, exit code 130, and the truth about what was written, at any instant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.doors.desk import HEAD, MOVE, Desk

from onetonne.doors import stopping
from onetonne.doors.cli.session import Session
from onetonne.service import questions
from onetonne.service.ledger import Ledger

AT = """
import os, signal, sys
class Here:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Here())
sys.argv = ["onetonne", *{line!r}]
from onetonne.doors.cli import main
main()
"""
"""A process that is interrupted as it begins to import a module."""


def interrupted(module: str, *line: str, **env: str) -> subprocess.CompletedProcess[str]:
    code = AT.format(module=module, line=line)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | env
    )


@pytest.mark.parametrize(
    "module",
    ["onetonne.doors.stopping", "onetonne.doors.cli.app", "typer", "apsw", "rich.console",
     "onetonne.service.questions", "onetonne.doors.cli.holdings"],
)  # fmt: skip
def test_while_modules_load_it_ends_in_one_line(module: str) -> None:
    done = interrupted(module, "holdings", "--ledger", "nowhere")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.startswith("Stopped. No entry was written.")
    assert len(done.stderr.splitlines()) == 1


def test_it_ends_in_the_readers_language_and_form() -> None:
    zh = "已中斷。未寫入任何條目。\n"
    assert interrupted("typer", "holdings", "--lang", "zh").stderr == zh
    assert interrupted("typer", "--lang=zh", "holdings").stderr == zh
    assert interrupted("typer", "holdings", ONETONNE_LANG="zh-TW").stderr == zh
    done = interrupted("typer", "holdings", "--json")
    assert done.stdout.startswith('{"error": {"code": "stopped", "en": "Stopped. No entry')
    assert done.stderr == ""


def test_where_it_is_ignored_it_stays_ignored(desk: Desk) -> None:
    code = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n{AT}".format(
        module="typer", line=("holdings", "--ledger", "tw")
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_in_a_command_it_says_what_was_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    move = ("transfer", "1", "--lot", "1", *MOVE)
    monkeypatch.setattr(questions, "holdings", interrupt)
    assert desk("holdings").stderr == "Stopped. No entry was written.\n"
    monkeypatch.setattr(Ledger, "execute", interrupt)
    done = desk(*move)
    assert (done.exit_code, done.stderr) == (130, "Stopped. No entry was written.\n")
    monkeypatch.undo()


def test_after_the_commit_it_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONETONNE_LEDGER", str(Path("tw").resolve()))
    monkeypatch.setattr(Session, "publish", interrupt)
    move = ("transfer", "1", "--lot", "1", *MOVE)
    done = desk(*move)
    assert done.exit_code == 130
    assert done.stderr.startswith(f"Stopped. Entry {HEAD + 1} was written since this began, whole:")
    error = desk.json(*move, code=130)["error"]
    assert error["code"] == "stopped"
    assert f"條目 {HEAD + 2}" in error["zh"]
    assert desk.json("log")["head"] == HEAD + 2


def test_what_cannot_be_known_is_not_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger, "create", interrupt)
    done = desk("init", "--party", "TW", "--ledger", "new")
    assert (done.exit_code, done.stderr) == (130, f"{stopping.UNKNOWN[0]}\n")


@pytest.mark.parametrize(
    ("before", "after", "en"),
    [
        (5, 5, "Stopped. No entry was written."),
        (5, 6, "Stopped. Entry 6 was written since"),
        (5, 8, "Stopped. Entries 6 to 8 were written since"),
        (None, 6, "Stopped. An entry is written as a whole or not at all"),
        (5, None, "Stopped. An entry is written as a whole or not at all"),
    ],
)
def test_what_is_said_follows_from_the_newest_entries(
    before: int | None, after: int | None, en: str
) -> None:
    said = stopping.written(before, after)
    assert said[0].startswith(en)
    assert said[1].startswith("已中斷。")


def test_where_no_exception_can_come_up_the_process_ends() -> None:
    code = """
import os, signal
from onetonne.doors import stopping
stopping.watch()
stopping.begin()
class Thing:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(9): pass
thing = Thing()
del thing
print("went on")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", f"{stopping.UNKNOWN[0]}\n")


def test_once_it_is_done_it_comes_too_late() -> None:
    code = """
import os, signal
from onetonne.doors import stopping
stopping.watch()
stopping.end()
os.kill(os.getpid(), signal.SIGINT)
print("done")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
