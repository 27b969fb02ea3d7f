"""Tables on a screen of any width: whatever must break breaks, and nothing is cut away."""

from __future__ import annotations

import pytest

from onetonne.doors.render import Output, Rows

HEADS = [("code", "代碼"), ("version", "版本"), ("for", "用途"), ("cap", "上限"),
         ("first transferred", "已首次移轉"), ("status", "狀態")]  # fmt: skip
CELLS = ["GY-CORSIA/1", "1", "other international purposes", 15_840_000, 15_840_000, "exhausted"]
ROWS = Rows(HEADS, [CELLS, ["TH-BUS/1", "2", "NDC CH", 5, 0, "in_force"]], frozenset({3, 4}))


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int,
          language: str = "en") -> list[str]:  # fmt: skip
    monkeypatch.setenv("COLUMNS", str(width))
    Output(language, False).reply("", {}, [ROWS])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [200, 80, 68, 60, 40, 30])
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
    assert all(len(line) <= width for line in lines)


def test_headings_and_long_texts_give_before_statuses_and_numbers_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(monkeypatch, capsys, 76)
    assert any(line.split() == ["first"] for line in lines)
    row = next(line for line in lines if "GY-CORSIA/1" in line)
    assert row.split()[-3:] == ["15,840,000", "15,840,000", "exhausted"]
    assert "other" in row
    assert "purposes" not in row
