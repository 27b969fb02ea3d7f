"""What people read where not all are tonnes: the measure beside each number, in both languages."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook
from tests.doors.desk import Desk

from onetonne.doors.measures import amounts, measure

TOLD = "500 MWh, 1,000 kg CO2e, 1,010 t CO2e"
TOLD_ZH = "500 MWh、1,000 公斤 CO2e、1,010 公噸 CO2e"
PART, PART_ZH = TOLD.replace("1,010", "10"), TOLD_ZH.replace("1,010", "10")


@pytest.fixture
def mixed(desk: Desk) -> Desk:
    desk.ok("project", "register", "TW-2", "--activity", "removal")
    for size, unit in (("500", "T-REC"), ("10", "TCER"), ("1,000", "ISOMETRIC")):
        desk.ok("issue", size, "--unit", unit, "--to", "Solar Co", "--project", "TW-2",
                "--vintage", "2025")  # fmt: skip
    return desk


@pytest.mark.parametrize(
    ("line", "en", "zh"),
    [
        (("totals", "--by", "party"), f"{TOLD} in all.", f"共 {TOLD_ZH}。"),
        (("holdings",), f"{TOLD}: held {TOLD}.", f"共 {TOLD_ZH}：持有 {TOLD_ZH}。"),
        (("holdings", "--lot", "2"), "500 MWh: held 500 MWh.", "共 500 MWh：持有 500 MWh。"),
        (("project", "show", "TW-2"), f"{PART} issued in all.", f"共核發 {PART_ZH}。"),
        (("account", "statement", "Solar Co"), f"Closing balance: {TOLD}", f"期末餘額：{TOLD_ZH}"),
        (("account", "show", "Solar Co"), "1000 kg CO2e", "1000 公斤 CO2e"),
        (("history", "4"), ": 1,000 kg CO2e, held", "：1,000 公斤 CO2e，持有"),
    ],
)
def test_each_measure_is_said(mixed: Desk, line: tuple[str, ...], en: str, zh: str) -> None:
    assert en.replace("1000", "1,000") in flat(mixed.ok(*line))
    assert zh.replace("1000", "1,000") in flat(mixed.ok(*line, "--lang", "zh"))


def flat(text: str) -> str:
    """An answer without the breaks of lines and columns."""
    return " ".join(text.split())


def test_a_certificate_and_a_workbook_say_it_too(mixed: Desk) -> None:
    mixed.ok("retire", "1,000", "--lot", "4", "--from", "Solar Co", "--for", "ACME",
             "--period", "2025")  # fmt: skip
    assert "Certificate 1: 1,000 kg CO2e for ACME." in mixed.ok("certificate", "1")
    assert "證書 1：1,000 公斤 CO2e，" in mixed.ok("certificate", "1", "--lang", "zh")
    mixed.ok("account", "statement", "Solar Co", "--xlsx", "s.xlsx")
    _, moves, balances = (list(sheet.values) for sheet in load_workbook("s.xlsx").worksheets)
    assert moves[0][7] == "metric 計量"
    assert [row[7] for row in moves[1:]] == ["t CO2e", "MWh", "t CO2e", "kg CO2e", "kg CO2e"]
    assert [row[3] for row in balances] == [
        "metric 計量", "MWh", "t CO2e 公噸 CO2e", "t CO2e 公噸 CO2e"
    ]  # fmt: skip


def test_tonnes_alone_need_no_measure(desk: Desk) -> None:
    assert "1,000 units: held 1,000." in desk.ok("holdings")
    assert "1,000 units in all." in desk.ok("totals")
    assert "metric" not in desk.ok("account", "statement", "Solar Co")
    assert desk.json("totals")["by_metric"] == {"tCO2e": 1000}


@pytest.mark.parametrize(
    ("sums", "en", "zh"),
    [
        ({}, "0 units", "0 單位"),
        ({"tCO2e": 5}, "5 units", "5 單位"),
        ({"MWh": 0}, "0", "0"),
        ({"MWh": 0, "tCO2e": 5}, "5 t CO2e", "5 公噸 CO2e"),
        ({"100 tCO2e": 5}, "5 × 100 t CO2e", "5 × 100 公噸 CO2e"),
    ],
)
def test_amounts_in_words(sums: dict[str, int], en: str, zh: str) -> None:
    assert amounts(sums) == (en, zh)
    assert measure("MWh") == ("MWh", "MWh")
