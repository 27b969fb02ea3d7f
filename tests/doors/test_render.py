"""Tables on a screen of any width: whatever must break breaks, and nothing is cut away."""

from __future__ import annotations

import json

import pytest

from onetonne.doors.render import Line, Output, Rows, to_json

HEADS = [("code", "代碼"), ("version", "版本"), ("for", "用途"), ("cap", "上限"),
         ("first transferred", "已首次移轉"), ("status", "狀態")]  # fmt: skip
CELLS = ["GY-CORSIA/1", "1", "other international purposes", 15_840_000, 15_840_000, "exhausted"]
ROWS = Rows(HEADS, [CELLS, ["TH-BUS/1", "2", "NDC CH", 5, 0, "in_force"]], frozenset({3, 4}))


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int,
          language: str = "en") -> list[str]:  # fmt: skip
    monkeypatch.setenv("COLUMNS", str(width))
    Output(language, False).reply("", {}, [ROWS])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [200, 100, 80, 76, 40])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_letter_of_a_table_is_cut_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int, language: str
) -> None:
    lines = shown(monkeypatch, capsys, width, language)
    letters = sorted("".join(lines).replace(" ", "").replace("─", ""))
    cells = [head[language == "zh"] for head in HEADS]
    for row in ROWS.rows:
        cells += [f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row]
    assert letters == sorted("".join(cells).replace(" ", ""))
    assert all(len(line) <= max(width, 76) for line in lines)


def test_headings_and_long_texts_give_before_statuses_and_numbers_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(monkeypatch, capsys, 76)
    assert any(line.split() == ["first"] for line in lines)
    row = next(line for line in lines if "GY-CORSIA/1" in line)
    assert row.split()[-3:] == ["15,840,000", "15,840,000", "exhausted"]
    assert "other" in row
    assert "purposes" not in row


BREAKS = ["\n", "\r", "\t", "\v", "\f", "\x85", "\u2028", "\u2029", "\x1b", "\x9b", "\u202e"]


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
def test_no_text_breaks_its_line(
    mark: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    name = f"Honest{mark}beneficiary: MegaCorp"
    parts = [Line(name, name), name, Rows([("for", "用途")], [[name], [(name, "two")]])]
    Output("en", False).reply(name, {}, parts)
    Output("en", False).fault("code", Line(name, name))
    told = capsys.readouterr()
    for out in (told.out, told.err):
        assert mark == "\n" or mark not in out
    forged = [line for text in told for line in text.splitlines() if line.startswith("benef")]
    assert forged == []
    assert (told.out + told.err).count("Honest\ufffdbeneficiary: MegaCorp") == 6


def test_what_has_several_lines_keeps_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = [["1", ("transfer 5", "retire 7"), "x"], ["2", (), "y"]]
    Output("en", False).reply("", {}, [Rows([("n", "號"), ("acts", "行為"), ("by", "人")], rows)])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[2:] == [["1", "transfer", "5", "x"], ["retire", "7"], ["2", "y"]]


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
def test_json_says_the_same_and_holds_no_control_character(mark: str) -> None:
    said = to_json({"name": f"a{mark}b\\u0041 台", "list": [1, 2]})
    assert json.loads(said) == {"name": f"a{mark}b\\u0041 台", "list": [1, 2]}
    assert mark == "\n" or mark not in said
    assert len(said.split("\n")) == 7
    assert "台" in said
