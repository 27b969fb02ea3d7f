"""Bad input is normal input: a sentence, an exit code, never a traceback. Real processes too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import apsw
import psycopg
import pytest
from tests.doors.desk import HEAD, MOVE, Desk
from typer.exceptions import TyperException
from typer.main import get_command

from onetonne.doors import faults, usage
from onetonne.doors.cli import certificates
from onetonne.doors.cli.app import Lazy, app
from onetonne.service import questions
from onetonne.service.execute import Fenced
from onetonne.store.faults import OutcomeUnknown

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


@pytest.mark.parametrize(
    ("lacks", "question"),
    [
        ("ALTER TABLE approaches DROP COLUMN levies", ("a6", "approaches")),
        ("DROP TABLE agreements", ("a6", "agreements")),
    ],
)
def test_a_ledger_of_an_earlier_build_says_what_to_do(
    desk: Desk, lacks: str, question: tuple[str, ...]
) -> None:
    """A column that is not there must not be read as the text of its name."""
    desk.ok("a6", "approach", "CA0001", "--party", "TW", "--party", "JP")
    connection = apsw.Connection("tw/ledger.db")
    connection.execute(lacks)
    connection.close()
    error = desk.json(*question, code=3)["error"]
    assert error["code"] == "older_ledger"
    assert "onetonne rebuild" in error["en"]
    assert "onetonne rebuild" in error["zh"]
    desk.ok("rebuild")
    desk.ok(*question)


def test_what_postgresql_says_of_an_earlier_ledger_is_known_too() -> None:
    for text in ('relation "agreements" does not exist', "column l.kind does not exist"):
        error = psycopg.errors.UndefinedTable(text)
        assert faults._known(error)[0] == "older_ledger"


@pytest.mark.parametrize(
    ("edit", "en", "zh"),
    [
        ("INSERT INTO journal VALUES (6, x'00', x'00')", "UNIQUE constraint failed: journal.seq",
         "資料庫拒絕這些資料列：資料表與日誌不符"),
        ("UPDATE holdings SET locks = 'x'", "table holdings: invalid literal", "onetonne 所寫"),
        ("DELETE FROM head", "table head: the row is gone", "onetonne 所寫"),
    ],
)  # fmt: skip
def test_what_a_hand_left_in_the_tables_is_said_to_be_that(
    desk: Desk, edit: str, en: str, zh: str
) -> None:
    connection = apsw.Connection("tw/ledger.db")
    connection.execute(edit)
    connection.close()
    error = desk.json("transfer", "5", "--lot", "1", *MOVE, code=3)["error"]
    assert error["code"] == "tables_disagree"
    for said in (en, "othing was written. Run `onetonne verify`, then `onetonne rebuild`"):
        assert said in error["en"]
    for said in (zh, "未寫入任何資料。請執行 `onetonne verify`，再執行 `onetonne rebuild`", en):
        assert said in error["zh"]


def test_a_history_that_does_not_follow_is_no_bug(desk: Desk) -> None:
    connection = apsw.Connection("tw/ledger.db")
    connection.execute("UPDATE holdings SET moved = 2 WHERE first = 0 AND next IS NOT NULL")
    connection.close()
    error = desk.json("history", "1", "5", code=3)["error"]
    assert error["code"] == "tables_disagree"
    assert "entry 2 did not move" in error["en"]
    assert "資料表與日誌不符" in error["zh"]


def test_a_ledger_without_rights_says_which_right_is_missing() -> None:
    for error in (apsw.ReadOnlyError("readonly"), apsw.CantOpenError("no")):
        assert faults.tell(error, []) == faults.UNREADABLE


def test_a_file_that_is_no_database_is_said_to_be_none(desk: Desk) -> None:
    Path("bad").mkdir()
    Path("bad/ledger.db").write_bytes(b"junk" * 100)
    error = desk.json("holdings", "--ledger", "bad", code=3)["error"]
    assert "is not a ledger" in error["en"]
    assert "不是帳本" in error["zh"]


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
    refusal = desk.json("account", "open", "x" * 5000, code=1)["refusal"]
    assert refusal["code"] == "bad_text"
    assert refusal["en"] == "holder is 5,000 characters long; expected 2,000 characters at most."
    assert "5,000 個字元；應為至多 2,000 個字元" in refusal["zh"]
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


RETIRE = ("retire", "5", "--lot", "1", "--from", "Solar Co", "--for", "A", "--period", "2025")


@pytest.mark.parametrize(
    "place", ["", ".", "no/such/folder/c.html", "ledger/key", "ledger/ledger.db"]
)
def test_where_nothing_can_be_written_is_said_before_anything_is_done(
    desk: Desk, place: str
) -> None:
    log = desk.json("log")
    for line in (
        (*RETIRE, "--certificate", place),
        ("passport", "1", "5", "--out", place),
        ("account", "statement", "Solar Co", "--xlsx", place),
    ):
        assert desk(*line).exit_code == 2
    assert desk.json("log") == log
    desk.ok("verify")


def test_a_certificate_that_cannot_be_written_undoes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(certificates, "put", full)
    done = desk.json(*RETIRE, "--certificate", "c.html")
    assert (done["accepted"], done["certificates"]) == (True, [1])
    assert "onetonne certificate" in done["warnings"][0]["en"]


def test_a_lot_named_with_serials_is_not_the_lot(desk: Desk) -> None:
    """Whoever says serial 5 does not mean the highest that is free."""
    five = "TCER-2025-1 5"
    line = ("retire", "1", "--from", "Solar Co", "--for", "A", "--period", "2025", "--lot", five)
    assert "--serials 5" in desk(*line).output
    assert desk(*line).exit_code == 2
    assert desk("transfer", *MOVE, "--item", f"{five}=1").exit_code == 2
    assert desk("holdings", "--lot", five).exit_code == 2
    parts = desk.json("history", five)["parts"]
    assert [part["serials"] for part in parts] == ["5"]


def test_a_fact_is_a_name_and_a_value_once(desk: Desk) -> None:
    line = ("issue", "5", "--unit", "TCER", "--to", "Buyer", "--project", "TW-1", "--vintage",
            "2025")  # fmt: skip
    for wrong in (("foo",), ("=x",), ("a=1", "--fact", "a=2")):
        assert desk(*line, "--fact", *wrong).exit_code == 2
    assert desk("init", "--party", "TW", "--registrar", " ", "--ledger", "new").exit_code == 2


def test_no_key_is_no_check(desk: Desk) -> None:
    desk.ok("passport", "1", "5", "--out", "p.json")
    assert desk("passport", "check", "p.json", "--key", "").exit_code == 2


def test_a_name_is_not_blank(desk: Desk) -> None:
    for line in (("account", "open", ""), ("person", "add", "  ")):
        assert "name is empty" in desk.json(*line, code=2)["error"]["en"]


def test_who_acts_names_whom_it_could_be(desk: Desk) -> None:
    desk.ok("person", "add", "Bo", "--role", "registrar")
    error = desk.json("account", "open", "X", code=2)["error"]
    assert "(Mei)" in error["en"]
    assert "(Bo)" in error["zh"]


def test_bytes_that_are_no_text(desk: Desk) -> None:
    done = subprocess.run([*PROGRAM, "account", "open", b"\xff\xfe"], capture_output=True,
                          check=False)  # fmt: skip
    assert done.returncode in (1, 2), done.stderr
    assert b"Traceback" not in done.stderr


def test_a_language_that_is_none(desk: Desk) -> None:
    assert desk("holdings", "--lang", "fr").exit_code == 2
    assert desk("holdings", env={"LANG": "fr_FR.UTF-8"}).exit_code == 0


@pytest.mark.parametrize(
    ("line", "en", "zh"),
    [
        (("transfer",), "--from is missing. See: onetonne transfer --help", "缺少 --from。"),
        (("issue", "--unit", "X", "--to", "Y"), "AMOUNT is missing.", "缺少 AMOUNT。"),
        (("trasnfer",), "did you mean 'transfer'?", "是否為 'transfer'？"),
        (("holdings", "--lto", "1"), "There is no option --lto", "沒有選項 --lto"),
        (("holdings", "A", "B"), "B is more than this command takes", "多了 B"),
        (("holdings", "--lot"), "--lot needs a value.", "--lot 須有值。"),
        (("approve", "one"), "number must be a whole number", "number 須為整數"),
        (("log", "--last", "0"), "--last must be 1 or more.", "--last 至少為 1。"),
        (("log", "--last", "99999"), "--last must be 10000 at most.", "--last 至多為 10000。"),
    ],
)
def test_wrong_usage_is_a_sentence_in_both_languages(
    desk: Desk, line: tuple[str, ...], en: str, zh: str
) -> None:
    assert desk(*line).exit_code == 2
    error = usage.said(_complaint(line))
    assert en in error.en
    assert zh in error.zh


def _complaint(line: tuple[str, ...]) -> Exception:
    with pytest.raises(TyperException) as raised:
        super(Lazy, get_command(app)).main(list(line), "onetonne", standalone_mode=False)
    return raised.value


def test_wrong_usage_is_json_too(desk: Desk) -> None:
    error = desk.json("transfer", code=2)["error"]
    assert error["code"] == "wrong_usage"
    assert "缺少 --from" in error["zh"]


@pytest.mark.parametrize(
    ("line", "en", "zh"),
    [
        (("holdings", "solar"), "did you mean 'Solar Co'? Give", "是否為 'Solar Co'？請填"),
        (("holdings", "Zzz"), "There is no account 'Zzz' here. Give", "沒有帳戶 'Zzz'。請填"),
        (("holdings", "--lot", "9"), "There is no lot and no serial '9'", "沒有批次或序號 '9'"),
        (("history", "1", "5000"), "which has 1-1000", "不在批次 TCER-2025-1 之內"),
        (("holdings", "--as", "x", "--asof", "99"), "entries 1 to 5", "沒有條目 99"),
        (("person", "dismiss", "mei"), "did you mean 'Mei'?", "是否為 'Mei'？"),
        (("certificate", "7"), "There is no certificate 7", "沒有證書 7"),
        (("totals", "--by", "x"), "There are no totals by 'x'", "總量不能依 'x' 分列"),
        (("project", "show", "x"), "There is no project 'x'", "沒有專案 'x'"),
        (("init", "--party", "QQ", "--ledger", "n"), "'QQ' is no Party", "不是締約方"),
        (
            ("init", "--party", "TW"),
            "/tw already. Choose another folder with --ledger",
            "tw 已有帳本",
        ),
        (("init", "--party", "TW", "--ledger", "n", "--zone", "Q"), "no time zone", "不是時區"),
        (("admit", "2", "1", "--to", "Buyer"), "Entry 2 is no observation", "條目 2 不是觀察"),
    ],
)
def test_what_is_not_there_is_said_in_both_languages(
    desk: Desk, line: tuple[str, ...], en: str, zh: str
) -> None:
    error = desk.json(*line, code=2)["error"]
    assert en in error["en"]
    assert zh in error["zh"]


def test_a_closed_account_is_still_found_by_its_holder(desk: Desk) -> None:
    desk.ok("account", "open", "Old")
    desk.ok("account", "close", "Old")
    assert desk.json("account", "show", "Old")["closed"] > 0
    assert desk.json("transfer", "1", "--lot", "1", "--from", "Solar Co", "--to", "Old",
                     code=1)["refusal"]["code"] == "account_closed"  # fmt: skip
    desk.ok("account", "open", "Old")
    assert desk.json("account", "show", "Old")["closed"] == 0


def test_an_unknown_outcome_never_says_to_simply_try_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert faults.tell(OutcomeUnknown("lost"), ["--lang", "en"]) == faults.BUSY
    said = capsys.readouterr().err
    assert "onetonne log" in said
    assert "could be done twice" in said
    assert "Try again" not in said


def test_ctrl_c_says_what_is_true(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(questions, "holdings", stopped)
    done = desk("holdings")
    assert done.exit_code == faults.STOPPED
    assert done.stderr == "Stopped. No entry was written.\n"
    assert desk.json("holdings", code=faults.STOPPED)["error"]["code"] == "stopped"


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


@pytest.mark.slow
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


def test_numbers_and_days_beyond_all_are_named(desk: Desk) -> None:
    assert "There is no entry 9" in desk("log", "9" * 23).output
    assert desk("log", "9" * 23).exit_code == 2
    desk.ok("holdings", "--on", "9999-12-31")
    line = ("account", "statement", "Buyer", "--since", "2030-01-02", "--until", "2030-01-01")
    assert "comes after" in desk(*line).output


def test_a_basket_that_nests_without_end_is_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text("[" * 200_000)
    assert "nests too deep" in desk("basket", "deep.json").output
    assert desk("basket", "deep.json").exit_code == 2
