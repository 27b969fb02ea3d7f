"""A host's plan and room at the command line, by a scenario of sales, uses and cancellations."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.doors.desk import Desk

DIGEST = ("--digest", "ab" * 32)
MET = [word for one in ("party", "ndc", "authorisation", "tracking", "inventory", "contribution")
       for word in ("--met", one)]  # fmt: skip
OF_ENERGY = ("--approach", "CA0012", "--party", "GH", "--purpose", "NDC", "--project", "GH-1",
             "--vintages", "2021-2026", *DIGEST)  # fmt: skip
PLAN = ("a6", "record-plan", "gh", "2025", *DIGEST, "--currency", "USD",
        "--share", "energy:2024-2026:1000:2/5:12.50:30:GH-1")  # fmt: skip


@pytest.fixture
def ghana(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("ONETONNE_LEDGER", str(tmp_path / "gh"))
    desk.furnish((
        ("init", "--party", "GH", "--registrar", "Ama"),
        ("account", "open", "Stoves"),
        ("account", "open", "Swiss buyer", "--party", "CH"),
        ("project", "register", "GH-1"),
        ("project", "register", "GH-2"),
        ("issue", "900", "--unit", "GS-VER", "--to", "Stoves", "--project", "GH-1",
         "--vintage", "2024", "--activity", "reduction"),
        ("a6", "approach", "CA0012", "--party", "GH", "--party", "CH"),
        ("a6", "party", "GH", *MET),
        ("a6", "ndc", "GH", "2021-2030", "--kind", "multi", "--method", "budget", "--goal",
         "5000", *DIGEST),
        ("a6", "ndc", "CH", "2021-2030", "--kind", "multi", "--method", "budget", *DIGEST),
    ))  # fmt: skip
    return desk


def test_a_plan_is_kept_or_overridden_by_name(ghana: Desk) -> None:
    assert "has no plan" in ghana("a6", "plan", "GH").output
    ghana.ok(*PLAN, "--share", "waste:2024:1000:0.1")
    line = ("a6", "authorise", "L1", *OF_ENERGY, "--cap", "450")
    refused = ghana.json(*line, code=1)["refusal"]
    assert (refused["code"], refused["facts"]["free"]) == ("beyond_plan", 400)
    assert ghana.json(*line, "--override", "Ama", code=1)["refusal"]["code"] == "bad_text"
    ghana.ok(*line, "--override", "Ama", "--override-reason", "A debt is due")
    ghana.ok("transfer", "300", "--lot", "1", "--from", "Stoves", "--to", "Swiss buyer")
    told = ghana.json("a6", "plan", "GH")
    energy, waste = told["lines"]
    assert [energy[name] for name in ("planned", "authorised", "left", "achieved", "sold")] == [
        400, 400, 0, 900, 300,
    ]  # fmt: skip
    assert (energy["cost"], energy["cost_of_sold"], energy["cost_of_authorised"]) == (
        "17.50", "5250.00", "7000.00",
    )  # fmt: skip
    assert (waste["planned"], waste["cost"], waste["cost_of_sold"]) == (100, None, "0")
    assert (told["beyond"], told["authorised"]) == ({"L1": 50}, 450)
    assert (told["room"], told["verdict"], told["cost_of_sold"]) == (None, "indeterminate",
                                                                   "5250.00")  # fmt: skip
    (over,) = told["overridden"]
    assert (over["authorisation"], over["units"], over["reason"]) == ("L1", 50, "A debt is due")
    said = ghana.ok("a6", "plan", "GH")
    assert "L1 goes 50 beyond" in said
    assert "5,250.00" in said
    assert "無法判定" in ghana.ok("a6", "plan", "GH", "--lang", "zh")
    ghana.ok("rebuild")
    assert ghana.json("a6", "plan", "GH")["lines"] == told["lines"]
    ghana.ok("verify")


def test_the_projected_level_says_what_the_pledge_leaves(ghana: Desk) -> None:
    ghana.ok(*PLAN, "--projected", "4900.5")
    line = ("a6", "authorise", "L1", *OF_ENERGY)
    refused = ghana.json(*line, "--cap", "100", code=1)["refusal"]
    assert (refused["code"], refused["facts"]["free"]) == ("breaks_pledge", 99)
    ghana.ok(*line, "--cap", "99")
    told = ghana.json("a6", "plan", "GH")
    assert (told["room"], told["authorised"], told["verdict"]) == (99, 99, "met")
    before = str(told["as_of"]["seq"] - 1)
    assert ghana.json("a6", "plan", "GH", "--asof", before)["authorised"] == 0


def test_a_cost_that_is_not_known_is_not_made_up(ghana: Desk) -> None:
    ghana.ok(*PLAN[:-2], "--share", "energy:2024-2026:1000:2/5:12.50")
    ghana.ok("a6", "authorise", "L1", *OF_ENERGY, "--cap", "400")
    ghana.ok("transfer", "1", "--lot", "1", "--from", "Stoves", "--to", "Swiss buyer")
    told = ghana.json("a6", "plan", "GH")
    assert told["lines"][0]["cost"] is None
    assert (told["cost_of_sold"], told["cost_of_authorised"]) == (None, None)
    assert "indeterminate" in ghana.ok("a6", "plan", "GH")
    assert ghana("a6", "record-plan", "GH", "2025", "--share", "energy:2024", *DIGEST
                 ).exit_code == 2  # fmt: skip


def test_lots_that_others_name_are_read_for_the_plan(ghana: Desk) -> None:
    """Each command opens the ledger anew, so that nothing is at hand but what it loads."""
    ghana.ok(*PLAN)
    terms = ("--approach", "CA0012", "--party", "GH", "--purpose", "NDC", *DIGEST)
    ghana.ok("a6", "authorise", "L1", *terms, "--lot", "GS-VER-2024-1:1-500", "--cap", "390")
    ghana.ok("issue", "9", "--unit", "GS-VER", "--to", "Stoves", "--project", "GH-1",
             "--vintage", "2025", "--activity", "reduction")  # fmt: skip
    line = ("a6", "authorise", "L2", *terms, "--lot", "GS-VER-2025-2", "--cap")
    assert ghana.json(*line, "11", code=1)["refusal"]["facts"]["free"] == 10
    ghana.ok("propose", *line, "10")
    ghana.ok("person", "add", "Kofi", "--role", "authority", "--role", "registrar")
    ghana.ok("approve", "1", "--as", "Kofi")
    assert ghana.json("a6", "plan", "GH", "--as", "Kofi")["authorised"] == 400


def test_the_room_names_every_way_a_tonne_can_go(ghana: Desk) -> None:
    ghana.ok("a6", "authorise", "L1", *OF_ENERGY, "--cap", "500")
    ghana.ok("a6", "authorise", "L2", "--approach", "CA0012", "--party", "GH", "--purpose", "OIMP",
             "--first-transfer", "issuance", "--project", "GH-2", "--cap", "60",
             "--vintages", "2021-2030", *DIGEST,
             )  # fmt: skip
    ghana.ok("a6", "authorise", "L3", "--approach", "CA0012", "--party", "GH", "--purpose", "NDC",
             "--vintages", "2031-2040", "--cap", "7", *DIGEST)  # fmt: skip
    ghana.ok("issue", "50", "--unit", "GS-VER", "--to", "Stoves", "--project", "GH-2",
             "--vintage", "2025", "--activity", "reduction")  # fmt: skip
    ghana.ok("transfer", "300", "--lot", "1", "--from", "Stoves", "--to", "Swiss buyer")
    ghana.ok("a6", "use", "120", "--lot", "1", "--from", "Swiss buyer", "--party", "CH",
             "--year", "2026")  # fmt: skip
    ghana.ok("a6", "use-for", "OP", "10", "--lot", "2", "--from", "Stoves")
    for kind, amount in (("omge", "20"), ("towards_ndc_host", "30"), ("voluntary", "5")):
        ghana.ok("cancel", amount, "--lot", "1", "--from", "Stoves", "--kind", kind)
    told = ghana.json("a6", "room", "GH")
    r = told["room"]
    assert (r["achieved"], r["share_of_proceeds"], r["omge"], r["kept"]) == (950, 0, 20, 30)
    assert r["omge_voluntary"] == 20
    assert r["authorised"] == {"parties": 500, "entities": 0, "others": 60}
    assert r["promised"] == {"parties": 200, "entities": 0, "others": 10}
    assert r["first_transferred"] == {"NDC": 300, "OIMP": 50}
    assert (r["used"], r["ended"]) == ({"NDC": 120, "OIMP": 10}, 25)
    assert (told["here"], told["left"]) == (950 - 350 - 30 - 25, 545 - 210)
    said = ghana.ok("a6", "room", "GH")
    for column in ("achieved", "share of proceeds", "overall mitigation", "kept for its own NDC",
                   "authorised to Parties", "authorised to entities",
                   "authorised for other purposes", "used for NDCs", "left"):  # fmt: skip
        assert column in said
    assert "餘裕：確定留存" in ghana.ok("a6", "room", "GH", "--lang", "zh")
    ghana.ok("a6", "revoke", "L1", *DIGEST)
    r = ghana.json("a6", "room", "GH")["room"]
    assert (r["authorised"]["parties"], r["promised"]["parties"]) == (300, 0)


def test_a_stocktake_tells_every_outcome_once(ghana: Desk, tmp_path: Path) -> None:
    ghana.ok("a6", "authorise", "L1", *OF_ENERGY, "--cap", "500")
    ghana.ok("a6", "authorise", "L2", "--approach", "CA0012", "--party", "GH", "--purpose", "OIMP",
             "--first-transfer", "issuance", "--project", "GH-2", "--cap", "40",
             *DIGEST)  # fmt: skip
    for vintage in ("2025", "2020"):
        ghana.ok("issue", "50", "--unit", "GS-VER", "--to", "Stoves", "--project", "GH-2",
                 "--vintage", vintage, "--activity", "reduction")  # fmt: skip
    ghana.ok("transfer", "300", "--lot", "1", "--from", "Stoves", "--to", "Swiss buyer")
    ghana.ok("a6", "use", "120", "--lot", "1", "--from", "Swiss buyer", "--party", "CH",
             "--year", "2026")  # fmt: skip
    ghana.ok("a6", "use-for", "OP", "--lot", "2", "--serials", "1-10", "--from", "Stoves")
    for kind, amount in (("omge", "20"), ("towards_ndc_host", "30"), ("voluntary", "5")):
        ghana.ok("cancel", amount, "--lot", "1", "--from", "Stoves", "--kind", kind)
    told = ghana.json("a6", "stocktake")
    rows = [tuple(row.values()) for row in told["rows"]]
    assert rows == [
        ("GH", "GHG", 2024, "", "ended", "", 5),
        ("GH", "GHG", 2024, "", "held", "", 345),
        ("GH", "GHG", 2024, "", "kept", "", 30),
        ("GH", "GHG", 2024, "", "omge_voluntary", "", 20),
        ("GH", "GHG", 2024, "NDC", "authorised", "", 200),
        ("GH", "GHG", 2024, "NDC", "first_transferred", "", 180),
        ("GH", "GHG", 2024, "NDC", "used", "CH", 120),
        ("GH", "GHG", 2025, "", "held", "", 10),
        ("GH", "GHG", 2025, "IMP OP", "first_transferred", "", 30),
        ("GH", "GHG", 2025, "OP", "used", "", 10),
    ]
    assert sum(row[-1] for row in rows) == 950
    assert told["by_status"]["GHG"]["used"] == 130
    path = tmp_path / "world.csv"
    ghana.ok("a6", "stocktake", "--csv", str(path), "--party", "gh")
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [tuple(line.values())[-1] for line in lines] == [str(row[-1]) for row in rows]
    assert ghana.json("a6", "stocktake", "--party", "CH")["rows"] == []
    assert ghana.json("a6", "stocktake", "--asof", "1")["rows"] == []
    assert ghana.json("a6", "stocktake", "--on", "2999-01-01")["rows"] == told["rows"]
    assert "計入地主國 30" in " ".join(ghana.ok("a6", "stocktake", "--lang", "zh").split())
    assert "GHG: 950 units" in ghana.ok("a6", "stocktake")
