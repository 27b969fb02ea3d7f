"""Bad input is normal input: a sentence, an exit code, never a traceback. Real processes too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import apsw
import pytest
from tests.doors.desk import HEAD, MOVE, Desk

from onetonne.doors import faults
from onetonne.service import questions
from onetonne.service.execute import Fenced

PROGRAM = [sys.executable, "-c", "from onetonne.doors.cli import main; main()"]


def process(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A real process in the test's folder."""
    return subprocess.run([*PROGRAM, *args], capture_output=True, text=True, check=False,
                          env=os.environ | env, timeout=60)  # fmt: skip


def test_no_ledger_here(desk: Desk) -> None:
    done = desk("holdings", "--ledger", "nowhere")
    assert done.exit_code == 3
    assert "onetonne init" in done.stderr
    error = desk.json("holdings", "--ledger", "nowhere", code=3)["error"]
    assert error["code"] == "no_ledger"
    assert "帳本" in error["zh"]


@pytest.mark.parametrize("content", [b"", b"junk" * 100, os.urandom(5000)])
def test_a_ledger_that_is_none(desk: Desk, content: bytes) -> None:
    Path("bad").mkdir()
    Path("bad/ledger.db").write_bytes(content)
    assert desk("holdings", "--ledger", "bad").exit_code == 3


def test_an_unreachable_database(desk: Desk) -> None:
    done = desk("holdings", "--ledger", "postgresql://me:secret@127.0.0.1:1/none")
    assert done.exit_code == 3
    assert "secret" not in done.output


def test_a_second_ledger_in_one_place(desk: Desk) -> None:
    assert desk("init", "--party", "TW").exit_code == 2
    assert desk("init", "--party", "XX", "--ledger", "new").exit_code == 2
    assert desk("init", "--party", "TW", "--ledger", "n2", "--zone", "Mars").exit_code == 2
    assert desk("init", "--ledger", "n3").exit_code == 2


def test_a_ledger_that_failed_to_be_founded_can_be_tried_again(desk: Desk) -> None:
    assert desk("init", "--party", "TW", "--ledger", "n2", "--zone", "Mars").exit_code == 2
    assert desk("init", "--party", "TW", "--ledger", "n2").exit_code == 0


@pytest.mark.parametrize("line", [("trasnfer",), ("transfer", "--bogus"), ("transfer", "1", "2"),
                                  ("lock",), ("lock", "list", "x"), ("approve", "one"),
                                  ("log", "--last", "0"), ()])  # fmt: skip
def test_wrong_usage_exits_2(desk: Desk, line: tuple[str, ...]) -> None:
    assert desk(*line).exit_code == 2


def test_a_typing_error_in_a_command_is_guessed(desk: Desk) -> None:
    assert "'transfer'" in desk("trasnfer").stderr


def test_a_text_that_is_too_long(desk: Desk) -> None:
    assert desk.json("account", "open", "x" * 5000, code=1)["refusal"]["code"] == "bad_text"
    assert desk.json("log")["head"] == HEAD


def test_an_act_that_stands_is_never_told_as_failed(desk: Desk) -> None:
    Path("tw/key").rename("tw/key.away")
    done = desk.json("transfer", "5", "--lot", "1", *MOVE)
    assert done["accepted"] is True
    assert "checkpoint" not in done
    assert "onetonne checkpoint" in done["warnings"][0]["en"]
    assert "行為已生效" in desk.ok("transfer", "5", "--lot", "1", *MOVE, "--lang", "zh")
    Path("tw/key.away").rename("tw/key")
    assert desk.json("checkpoint")["size"] == HEAD + 2


def test_a_certificate_that_cannot_be_written_undoes_nothing(desk: Desk) -> None:
    done = desk.json("retire", "5", "--lot", "1", "--from", "Solar Co", "--for", "A", "--period",
                     "2025", "--certificate", "no/such/folder/c.html")  # fmt: skip
    assert (done["accepted"], done["certificates"]) == (True, [1])
    assert "onetonne certificate" in done["warnings"][0]["en"]
    assert desk("certificate", "1", "--out", "no/such/c.html").exit_code == 3


def test_bytes_that_are_no_text(desk: Desk) -> None:
    done = subprocess.run([*PROGRAM, "account", "open", b"\xff\xfe"], capture_output=True,
                          check=False)  # fmt: skip
    assert done.returncode in (1, 2), done.stderr
    assert b"Traceback" not in done.stderr


def test_a_language_that_is_none(desk: Desk) -> None:
    assert desk("holdings", "--lang", "fr").exit_code == 2
    assert desk("holdings", env={"LANG": "fr_FR.UTF-8"}).exit_code == 0


def test_a_busy_ledger_says_try_again() -> None:
    for error in (Fenced("epoch 3"), apsw.BusyError("locked")):
        assert faults.tell(error, []) == faults.BUSY


def test_a_bug_says_that_it_is_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("nobody foresaw this")

    monkeypatch.setattr(questions, "holdings", broken)
    done = desk("holdings")
    assert done.exit_code == 70
    assert "bug in onetonne" in done.stderr
    assert "nobody foresaw this" in done.stderr
    assert desk.json("holdings", code=70)["error"]["code"] == "bug"
    assert "程式錯誤" in desk("holdings", "--lang", "zh").stderr


def test_real_processes(desk: Desk) -> None:
    done = process("transfer", "5", "--lot", "TCER-2025-1", *MOVE, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["entry"] == HEAD + 1
    assert done.stderr == ""
    refused = process("transfer", "5000", "--lot", "1", *MOVE, LANG="zh_TW.UTF-8")
    assert refused.returncode == 1
    assert "不受理" in refused.stdout
    assert process("holdings", "--ledger", "gone").returncode == 3
    assert process("transfer", "-5", "--lot", "1", *MOVE).returncode == 2


def test_a_terminal_without_utf_8_is_no_bug(desk: Desk) -> None:
    done = process("account", "list", "--lang", "zh", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr


def test_a_closed_pipe_is_no_bug(desk: Desk) -> None:
    line = " ".join(["'" + part + "'" for part in PROGRAM])
    done = subprocess.run(f"{line} units | head -1", shell=True, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert "bug" not in done.stderr
    assert "Traceback" not in done.stderr
