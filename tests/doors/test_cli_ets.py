"""A compliance year typed at the desk: both languages, JSON, dry runs, and the past."""

from __future__ import annotations

from typing import Any

import pytest
from tests.doors.desk import Desk

DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
MAY = ("--effective", "2026-05-01", "--cites", "decision 1")
OF = ("--operator", "KR-1", "--system", "KR", "--period", "2025")


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """An operator of the K-ETS that owes 100 for 2025 and holds allowances and credits."""
    desk.furnish((
        ("ets", "operator", "KR-1", "--system", "KR", "--account", "Solar Co"),
        ("issue", "200", "--unit", "KAU", "--to", "Solar Co", "--vintage", "2025",
         "--fact", "system=KR", "--fact", "period=2025", *MAY),
        ("issue", "50", "--unit", "KCU", "--to", "Solar Co", "--vintage", "2024", "--host", "KR",
         "--fact", "covered_source=false", "--fact", "project_start=2017-01-01", *MAY),
        ("person", "add", "Vera", "--role", "verifier"),
        ("person", "add", "Jun", "--role", "registrar"),
        ("ets", "emissions", "100", *OF, "--document", DIGEST, "--as", "Vera"),
        ("approve", "1", "--as", "Jun"),
    ))  # fmt: skip
    return desk


def give(desk: Desk, amount: str, lot: str, code: int = 0) -> dict[str, Any]:
    return desk.json("surrender", amount, "--lot", lot, "--from", "Solar Co", *OF, *MAY,
                     "--as", "Mei", code=code)  # fmt: skip


def test_from_a_report_to_a_status(owing: Desk) -> None:
    room = owing.json("ets", "room", *OF)
    assert {row["limit"]: row["certain"] for row in room["rooms"]}["total"] == 5
    refused = give(owing, "6", "3", code=1)["refusal"]
    assert (refused["code"], refused["facts"]["room"]) == ("limit_exceeded", 5)
    assert give(owing, "5", "3")["moved"][0]["end"] == "surrender"
    assert give(owing, "97", "2")["accepted"]
    told = owing.json("ets", "status", *OF)["status"]
    assert (told["status"], told["obligation"], told["excess"]) == ("compliant", 100, 2)
    assert told["surrendered"] == {"KAU": 97, "KCU": 5}
    used = owing.json("ets", "used", "--system", "KR")["rows"]
    assert [(row["tonnes"], row["period"]) for row in used] == [(97, "2025"), (5, "2025")]
    back = owing.json("ets", "return", *OF, "--lot", "2", "--serials", "104", "--as", "Mei")
    assert back["moved"][0]["quantity"] == 1
    statement = owing.json("ets", "integrity", "--system", "KR")["periods"][0]
    assert (statement["credits_used"], statement["surrendered"]) == (5, {"KAU": 96})
    assert owing.json("ets", "status", *OF)["status"]["excess"] == 1


def test_the_past_is_answered_as_of_an_entry(owing: Desk) -> None:
    first = give(owing, "5", "3")["entry"]
    give(owing, "10", "2")
    then = owing.json("ets", "status", *OF, "--asof", str(first))["status"]
    assert (then["surrendered"], then["outstanding"]) == ({"KCU": 5}, 95)
    now = owing.json("ets", "status", *OF)["status"]
    assert now["surrendered"] == {"KAU": 10, "KCU": 5}


def test_a_payment_is_recorded_taken_back_and_told(owing: Desk) -> None:
    of = (*OF, "--kind", "penalty", "--cites", "notice 1", "--as", "Mei")
    owing.ok("ets", "pay", "25,000.50", "KRW", *of)
    owing.ok("ets", "pay", "0.50", "KRW", *of, "--back")
    refused = owing.json("ets", "pay", "1", "USD", *of, code=1)["refusal"]
    assert (refused["code"], refused["facts"]["expected"]) == ("wrong_currency", "KRW")
    (paid,) = owing.json("ets", "status", *OF)["status"]["paid"]
    assert (paid["kind"], paid["paid"], paid["currency"]) == ("penalty", "25000", "KRW")
    assert "paid 25,000 KRW" in " ".join(owing.ok("ets", "status", *OF).split())
    assert "已繳 25,000 KRW" in " ".join(owing.ok("ets", "status", *OF, "--lang", "zh").split())


def test_what_the_law_does_not_let_come_late_is_refused(owing: Desk) -> None:
    line = ("surrender", "5", "--lot", "2", "--from", "Solar Co", *OF, "--late",
            "--effective", "2026-09-01", "--cites", "d", "--as", "Mei")  # fmt: skip
    refused = owing.json(*line, code=1)["refusal"]
    assert (refused["code"], refused["facts"]["clauses"]) == ("not_eligible", "window")


def test_a_dry_run_writes_nothing(owing: Desk) -> None:
    before = owing.json("ets", "figures", "--system", "KR")["rows"]
    line = ("ets", "figure", "entitlement", "7", *OF, "--cites", "d", "--as", "Mei")
    assert owing.json(*line, "--dry-run")["dry_run"] is True
    assert owing.json("ets", "figures", "--system", "KR")["rows"] == before
    owing.ok(*line)
    assert len(owing.json("ets", "figures", "--system", "KR")["rows"]) == len(before) + 1


@pytest.mark.parametrize(
    "line",
    [("operators",), ("figures", "--system", "KR"), ("used", "--system", "KR"), ("duties",),
     ("status", *OF), ("room", *OF), ("integrity", "--system", "KR", "--period", "2025")],
    ids=lambda line: line[0],
)  # fmt: skip
def test_each_question_speaks_both_languages(owing: Desk, line: tuple[str, ...]) -> None:
    give(owing, "5", "3")
    english, chinese = owing.ok("ets", *line), owing.ok("ets", *line, "--lang", "zh")
    assert english != chinese
    assert any("一" <= c <= "鿿" for c in chinese)


def test_what_is_not_there_is_named(desk: Desk) -> None:
    done = desk("ets", "status", "--operator", "X", "--system", "KR", "--period", "2025")
    assert done.exit_code == 2
    assert "'X' is no operator of KR" in " ".join(done.output.split())
    done = desk("ets", "integrity", "--system", "K-ETS")
    assert "There is no system" in " ".join(done.output.split())


def test_the_figure_that_is_missing_is_named_with_its_command(desk: Desk) -> None:
    of = ("--operator", "SG-1", "--system", "SG", "--period", "2024")
    desk.ok("ets", "operator", "SG-1", "--system", "SG", "--account", "Solar Co")
    desk.ok("ets", "operator", "KR-9", "--system", "KR", "--account", "Solar Co")
    desk.ok("person", "add", "Vera", "--role", "verifier")
    desk.ok("person", "add", "Jun", "--role", "registrar", "--role", "authority")
    desk.ok("ets", "emissions", "100", *of, "--document", DIGEST, "--as", "Vera")
    desk.ok("approve", "1", "--as", "Jun")
    said = desk.ok("ets", "status", *of)
    assert "emissions not reported" not in said
    for asked in ("status", "room"):
        said = desk.ok("ets", asked, *of)
        assert "Awaited: taxable_emissions (onetonne ets figure taxable_emissions)." in said
        said = desk.ok("ets", asked, *of, "--lang", "zh")
        assert "尚待：應稅排放量（onetonne ets figure taxable_emissions）。" in said
    assert desk.json("ets", "room", *of)["rooms"][0]["awaited"] == ["taxable_emissions"]
    desk.ok("ets", "figure", "taxable_emissions", "1000", *of, "--cites", "a decision",
            "--as", "Jun")  # fmt: skip
    assert "Awaited" not in desk.ok("ets", "status", *of) + desk.ok("ets", "room", *of)
    kr = ("--operator", "KR-9", "--system", "KR", "--period", "2023")
    said = desk.ok("ets", "status", *kr)
    assert "emissions not reported" in said
    assert "Awaited: verified_emissions (onetonne ets emissions)." in said


@pytest.mark.parametrize(
    ("system", "period", "confidence"), [("ID", "2024", "low"), ("KR", "2023", "medium")]
)
def test_a_deadline_that_no_text_names_is_told_as_that(
    desk: Desk, system: str, period: str, confidence: str
) -> None:
    of = ("--operator", "OP-1", "--system", system, "--period", period)
    desk.ok("ets", "operator", "OP-1", "--system", system, "--account", "Solar Co")
    assert desk.json("ets", "status", *of)["status"]["deadline_confidence"] == confidence
    assert ("an outer bound" in desk.ok("ets", "status", *of)) == (confidence == "low")
    assert ("僅為外限" in desk.ok("ets", "status", *of, "--lang", "zh")) == (confidence == "low")
