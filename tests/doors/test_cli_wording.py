"""What an answer tells people: names beside numbers, what a proposal asks for, tables that fit."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from tests.doors.desk import MOVE, Desk

from onetonne.doors.render import Output, Rows
from onetonne.ledger.events import Event
from onetonne.ledger.words import word


def test_numbers_come_with_the_names_behind_them(desk: Desk) -> None:
    desk.ok("person", "add", "Ann")
    moved = desk.ok("transfer", "10", "--lot", "1", *MOVE)
    assert "Solar Co" in moved
    assert "Buyer, TCER-2025-1: 10, free 10." in moved
    assert "(Ann) may not transfer" in desk("transfer", "1", "--lot", "1", *MOVE, "--as",
                                            "Ann").stdout  # fmt: skip
    held = desk("transfer", "--lot", "1", "--serials", "995-1000", *MOVE).stdout
    assert "(Buyer)" in held
    assert "(Solar Co)" in held


def test_an_end_is_called_by_its_name(desk: Desk) -> None:
    desk.ok("retire", "5", "--lot", "1", "--from", "Solar Co", "--for", "A", "--period", "2025")
    back = desk.ok("correct", "6", "--reason", "typo", "--dry-run")
    assert re.search(r"retirement\s", back)
    assert "retirement" in desk.ok("holdings", "--lot", "1")
    sink = desk("transfer", "1", "--lot", "1", "--from", "Solar Co", "--to", "retirement").stdout
    assert "Account retirement is a sink" in sink


def test_who_approves_sees_what_is_asked_for(desk: Desk) -> None:
    desk.ok("propose", "retire", "5", "--lot", "1", "--from", "Solar Co", "--for", "Ada",
            "--period", "2025")  # fmt: skip
    asked = desk.json("proposals")["proposals"][0]
    assert asked["shown"][0].startswith("retire, source ")
    for said in ("(Solar Co)", "5 of TCER-2025-1", "beneficiary Ada", "period 2025"):
        assert said in asked["shown"][0]
    assert asked["by_shown"].endswith("(Mei)")
    desk.ok("propose", "transfer", "--lot", "1", "--serials", "1-3", *MOVE)
    assert "TCER-2025-1 1-3" in desk.json("proposals")["proposals"][1]["shown"][0]
    assert "Ada" in desk.ok("proposals")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_fit_eighty_columns(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    heads = (("account", "帳戶"), ("holder", "持有人"), ("kind", "種類"), ("units", "單位數"))
    rows = [("1234-5678-97", "x" * 300, "entity", 1_234_567), ("1", "登" * 60, "sink", 0)]
    Output(language, False).reply("", {}, [Rows(heads, rows, right=frozenset({3}))])
    shown = capsys.readouterr().out
    assert "1234-5678-97" in shown
    assert "1,234,567" in shown
    assert shown.count("x") == 300
    assert shown.count("登") == 60
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_a_key_may_be_a_file_or_the_key_itself(desk: Desk) -> None:
    desk.ok("passport", "1", "5", "--out", "p.json")
    key = Path("tw/key.pub").read_text("utf-8").strip()
    for given in ("tw/key.pub", key):
        assert desk.json("verify", "--log", "tw/log", "--key", given)["ok"] is True
        assert desk.json("passport", "check", "p.json", "--key", given)["ok"] is True
    for line in (("verify", "--log", "tw/log"), ("verify", "--log", "tw/log", "--key", "gone.pub"),
                 ("passport", "check", "p.json", "--key", "gone.pub")):  # fmt: skip
        error = desk.json(*line, code=2)["error"]
        assert "key" in error["en"]
        assert "公鑰" in error["zh"]


def test_an_empty_file_is_a_finding(desk: Desk) -> None:
    Path("empty.csv").write_text("")
    report = desk.json("scan", "empty.csv")
    assert [(f["file"], f["code"]) for f in report["findings"]] == [("empty.csv", "no-rows")]
    assert "empty.csv" in desk.ok("scan", "empty.csv")
    error = desk.json("import", "empty.csv", "--register", "verra", code=2)["error"]
    assert error["en"].startswith("empty.csv has no rows")


def test_an_import_names_its_files_and_what_is_wrong_in_them(desk: Desk) -> None:
    Path("odd.csv").write_text("a,b\n1,2\n")
    shown = desk.ok("import", "odd.csv", "--register", "x", "--dry-run")
    assert "odd.csv" in shown
    assert "Dry run: nothing was written." in shown
    assert "table-unknown" in shown


def test_chinese_is_punctuated_as_in_taiwan(desk: Desk) -> None:
    """No half-width stop touches a Chinese character in any answer of the first hour."""
    account = ("account", "show", "Solar Co")
    move = ("transfer", "1", "--lot", "1", *MOVE)
    wrong = ("transfer", "5.5", "--lot", "1", *MOVE)
    lines = [("holdings",), ("log",), ("verify",), account, ("units", "TCER"), move, wrong,
             ("project", "show", "TW-1"), ("checkpoint",), ("retire", "1"), ("root",)]  # fmt: skip
    for line in lines:
        shown = desk(*line, "--lang", "zh").output
        assert not re.search(r"[\u4e00-\u9fff][,:;(]|[,:;)][\u4e00-\u9fff]", shown), shown


def test_every_event_has_a_chinese_word() -> None:
    tags = {str(event.__struct_config__.tag) for event in get_args(Event)}
    assert {tag for tag in tags if word(tag, "zh").isascii()} == set()
