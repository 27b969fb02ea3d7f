"""What people read where not all are tonnes: the measure beside each number, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.doors.desk import MOVE, Desk

from onetonne.doors.answers import shown, tell
from onetonne.doors.measures import amounts, measure
from onetonne.doors.render import Line
from onetonne.service.scenario import Scenario
from onetonne.service.stage import Stage, Told
from onetonne.store.lawbook import load_law

ROOT = Path(__file__).resolve().parents[1] / "scenarios"

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
    ("line", "en", "zh"),
    [
        (("transfer", "40", "--lot", "2", *MOVE), "Buyer, T-REC-2025-2: 40 MWh, free 40 MWh.",
         "Buyer，T-REC-2025-2：40 MWh，可用 40 MWh。"),
        (("transfer", "40", "--lot", "4", *MOVE), "961-1000 40 kg CO2e ",
         "961-1000 40 公斤 CO2e "),
        (("lock", "set", "freeze", "40", "--lot", "2", "--from", "Solar Co"),
         "461-500 40 MWh Balance", "461-500 40 MWh 餘額"),
        (("transfer", "40", "--lot", "1", *MOVE), "Buyer, TCER-2025-1: 40, free 40.",
         "Buyer，TCER-2025-1：40，可用 40。"),
    ],
)  # fmt: skip
def test_an_act_says_its_measure(mixed: Desk, line: tuple[str, ...], en: str, zh: str) -> None:
    may = ("--as", "Ada")
    mixed.ok("person", "add", "Ada", "--role", "authority", "--role", "registrar")
    assert en in flat(mixed.ok(*line, "--dry-run", *may))
    assert zh in flat(mixed.ok(*line, "--dry-run", "--lang", "zh", *may))
    told = mixed.json(*line, *may)
    assert {row["metric"] for row in (*told["moved"], *told["marked"], *told["balances"])} == {
        "MWh" if "2" in line else "kgCO2e" if "4" in line else "tCO2e"
    }


def test_article_6_says_its_measure(tmp_path: Path, desk: Desk) -> None:
    """Electricity across a border: nothing of it is a tonne, and no sum says so."""
    stage = Stage(Scenario(ROOT / "article6/V10.yaml"), tmp_path / "v10", load_law())
    acts: list[str] = []
    stage.play(lambda told: acts.extend(acts_of(stage, told)))
    stage.ledger.close()
    assert "First transfer of 1,000 MWh, by transfer, under A1." in acts
    assert "1,000 MWh used for NDC." in acts
    at = ("--ledger", str(tmp_path / "v10"))
    for line, en, zh in (
        (("a6", "first-transfers"), "1,000 MWh first transferred.", "共首次移轉 1,000 MWh。"),
        (("a6", "standing", "1"), "1-4000 4,000 MWh ", "1-4000 4,000 MWh "),
        (("a6", "list"), "- 1,000 MWh in_force", "1,000 MWh 有效"),
        (("a6", "room", "GH"), "2021-2030: MWh ", "年份： MWh "),
        (("a6", "stocktake"), "MWh: 5,000 MWh: ", "MWh：共 5,000 MWh："),
        (("a6", "surrendered"), "0 units surrendered", "0 單位已繳交"),
    ):
        assert en in flat(desk.ok(*line, *at))
        assert zh in flat(desk.ok(*line, *at, "--lang", "zh"))


def acts_of(stage: Stage, told: Told) -> list[str]:
    """What each answer of a step says, in English."""
    parts = [shown(tell(stage.ledger, answer), "en") for answer in told.answers]
    return [part.en for one in parts for part in one if isinstance(part, Line)]


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
