"""Questions at the command line: now, as known at an entry, as in effect on a day."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.doors.desk import HEAD, MOVE, Desk

from onetonne.doors import render

HOSTILE = '=HYPERLINK("http://evil.example")'


@pytest.fixture
def moved(desk: Desk) -> Desk:
    desk.ok("transfer", "400", "--lot", "1", *MOVE)
    desk.ok("retire", "--lot", "1", "--serials", "1-5", "--from", "Solar Co", "--for", "ACME",
            "--period", "2025")  # fmt: skip
    return desk


def test_holdings_now_and_before(moved: Desk) -> None:
    assert moved.json("holdings", "Buyer")["quantity"] == 400
    before = moved.json("holdings", "Buyer", "--asof", str(HEAD))
    assert (before["quantity"], before["as_of"]["seq"]) == (0, HEAD)
    assert moved.json("holdings", "--on", "2020-01-01")["quantity"] == 0
    assert moved.json("holdings", "retirement")["by_status"] == {"retired": 5}


def test_history_of_a_serial(moved: Desk) -> None:
    (part,) = moved.json("history", "TCER-2025-1", "3")["parts"]
    assert [step["act"] for step in part["steps"]] == ["issue", "retire"]
    assert "ACME" in moved.ok("history", "1", "3")
    assert "截至條目" in moved.ok("history", "1", "3", "--lang", "zh")


def test_statement_and_workbook(moved: Desk) -> None:
    said = moved.json("account", "statement", "Solar Co", "--xlsx", "s.xlsx")
    assert (said["opening_total"], said["closing_total"]) == (0, 595)
    assert [m["change"] for m in said["movements"]] == [1000, -400, -5]
    book = load_workbook("s.xlsx")
    told = {str(row[0]): row[1] for row in book.worksheets[0].values}
    assert (told["holder 持有人"], told["as of entry 截至條目"]) == ("Solar Co", HEAD + 2)
    rows = list(book.worksheets[1].values)
    assert [row[5] for row in rows[1:]] == [1000, -400, -5]
    assert all(len(line) <= 80 for line in moved.ok("account", "statement", "Buyer").splitlines())


def test_a_name_is_never_a_formula(desk: Desk) -> None:
    desk.ok("account", "open", HOSTILE)
    desk.ok("transfer", "5", "--lot", "1", "--from", "Solar Co", "--to", HOSTILE)
    desk.ok("account", "statement", HOSTILE, "--xlsx", "s.xlsx")
    desk.ok("account", "statement", "Solar Co", "--xlsx", "t.xlsx")
    found = 0
    for name in ("s.xlsx", "t.xlsx"):
        for sheet in load_workbook(name).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    if isinstance(cell.value, str) and cell.value.startswith("="):
                        assert cell.quotePrefix
                        found += 1
    assert found == 2


def test_totals_projects_accounts_and_log(moved: Desk) -> None:
    rows = moved.json("totals", "--by", "status")["rows"]
    assert {row["of"]["status"]: row["quantity"] for row in rows} == {"held": 995, "retired": 5}
    project = moved.json("project", "show", "TW-1")
    assert (project["quantity"], project["name"]) == (1000, "Roofs")
    assert [p["project"] for p in moved.json("project", "list")["rows"]] == ["TW-1"]
    assert moved.json("account", "show", "Buyer")["by_lot"] == {"TCER-2025-1": 400}
    assert [e["seq"] for e in moved.json("log", "--last", "2")["entries"]] == [HEAD + 2, HEAD + 1]
    assert "issued" in moved.ok("log", str(HEAD))


def test_an_activity_is_a_project_a_programme_or_a_policy(moved: Desk) -> None:
    moved.ok("project", "register", "TW-LAW", "--kind", "policy", "--activity", "removal")
    assert "policy of TW, -, removal" in moved.ok("project", "show", "TW-LAW")
    assert "政策措施" in moved.ok("project", "list", "--lang", "zh")
    assert moved.json("project", "show", "TW-1")["project"]["kind"] == "project"


@pytest.mark.parametrize(
    "line",
    [
        ("holdings", "--asof", "999"),
        ("holdings", "--asof", "0"),
        ("holdings", "--on", "tomorrow"),
        ("history", "TCER-2025-9"),
        ("history", "1", "0-5"),
        ("history", "1", "5-1"),
        ("totals", "--by", "colour"),
        ("project", "show", "XX-1"),
        ("account", "show", "Nobody"),
        ("account", "statement", "Nobody"),
        ("log", "99"),
        ("units", "no such unit"),
        ("refusals", "no_such_code"),
        ("certificate", "7"),
        ("certificate", "-7"),
    ],
)
def test_a_question_of_nothing_is_answered_with_what_to_ask(desk: Desk, line: tuple[str]) -> None:
    done = desk(*line)
    assert done.exit_code == 2, done.output
    assert len(done.stderr) > 10


def test_find_ours_theirs_and_neither(moved: Desk) -> None:
    assert len(moved.json("find", "TCER-2025-1", "3")["ours"]) == 1
    text = "9344-105728441-105728450-VCS-VCU-291-VER-BR-14-1112-01072018-31122018-0"
    neither = moved.json("find", text)
    assert (neither["ours"], neither["seen"]) == ([], [])
    assert "Nothing is known" in moved.ok("find", text)
    assert "No serial" in moved.ok("find", "VCS-VCU-12E")


def test_what_people_typed_cannot_colour_or_move_the_screen(desk: Desk) -> None:
    desk.ok("account", "open", "Evil\x1b[2J\u202e [red]Co[/red]")
    said = desk.ok("account", "list")
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "[red]Co[/red]" in said


def test_reference_needs_no_ledger(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "TCER" in desk.ok("units", "TCER", "--ledger", "empty")
    assert desk.json("units", "TCER", "--ledger", "empty")["units"][0]["names"]["zh"]
    assert "R33" in desk.ok("refusals", "not_enough_free", "--ledger", "empty")


def test_settings_may_stand_before_the_command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONETONNE_LEDGER")
    said = desk.ok("--ledger", "tw", "--lang", "zh", "holdings", "Solar Co")
    assert "持有 1,000" in said
    assert desk("--json", "--ledger", "gone", "holdings").exit_code == 3


def test_the_ledger_is_shown_without_its_password(desk: Desk) -> None:
    assert render.hidden("postgresql://me:secret@host/db") == "postgresql://me:***@host/db"
    assert render.hidden("postgresql://h/d?user=a&password=b&x=1").endswith("password=***&x=1")
    assert render.hidden("postgresql://host/db") == "postgresql://host/db"
