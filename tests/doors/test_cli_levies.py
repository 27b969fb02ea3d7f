"""Levies of an approach, and what units are under Article 6, at the command line."""

from __future__ import annotations

from pathlib import Path

from tests.doors.desk import Desk
from tests.doors.test_cli_article6 import SALE, ghana
from tests.doors.test_cli_mechanism import certified, registered

__all__ = ("ghana", "registered")
DIGEST = ("--digest", "ab" * 32)


def test_an_approach_levies_and_tells_it_exactly(ghana: Desk) -> None:
    ghana.ok("account", "open", "Fund", "--kind", "adaptation_fund")
    told = ghana.ok("a6", "levy", "CA0012", "--sop", "1/20", "--omge", "1/50", *DIGEST)
    assert "CA0012 levies from" in told
    assert "sop 1/20 UNITS, omge 1/50" in told
    told = ghana.ok("transfer", "101", *SALE)
    assert "Levied for CA0012: sop 6, omge 3; 92 units are left." in told
    assert "提撥：調適收益分享 6、全球整體減緩 3；餘 92 單位。" in ghana.ok(
        "transfer", "101", *SALE, "--dry-run", "--lang", "zh"
    )
    (row,) = ghana.json("a6", "levies", "CA0012")["rows"]
    assert [(s["rate"], s["exact"], s["units"]) for s in row["shares"]] == [
        ("1/20", "101/20", 6), ("1/50", "101/50", 3)
    ]  # fmt: skip
    assert "6 (101/20)" in ghana.ok("a6", "levies")
    parts = ghana.json("history", "GS-VER-2024-1", "900-908")["parts"]
    levied = [part["steps"][-1] for part in parts]
    assert [(step["act"], step["facts"]) for step in levied] == [
        ("levy", {"kind": "sop", "rate": "1/20", "exact": "101/20", "for": "CA0012"}),
        ("levy", {"kind": "omge", "rate": "1/50", "exact": "101/50", "for": "CA0012"}),
    ]
    assert "調適 6 單位" in ghana.ok("a6", "levies", "--lang", "zh")
    room = ghana.json("a6", "room", "GH")["room"]
    assert (room["share_of_proceeds"], room["omge"], room["first_transferred"]["NDC"]) == (
        6,
        3,
        101,
    )
    assert ", levied: 6 for adaptation, 3 for overall mitigation" in ghana.ok("a6", "balance", "GH")
    assert "sop_levied" in ghana.ok("a6", "totals")
    assert "調適收益分享提撥" in ghana.ok("a6", "totals", "--lang", "zh")
    year = next(y for y in ghana.json("a6", "balance", "GH")["balance"]["years"]
                if y["year"] == 2024)  # fmt: skip
    assert year["adjustment"] == "101"
    assert ghana.json("verify")["findings"] == []


def test_what_is_owed_in_money_moves_nothing(ghana: Desk) -> None:
    ghana.ok("a6", "levy", "CA0012", "--sop", "1/20", "--sop-kind", "cash", *DIGEST)
    assert "sop CASH 5" in ghana.ok("transfer", "100", *SALE)
    assert ghana.json("holdings", "Swiss buyer")["quantity"] == 100
    assert ghana.json("a6", "levies")["sums"]["sop_owed"] == 5
    assert ghana.json("a6", "room", "GH")["room"]["owed"] == 5


def test_holdings_and_history_say_what_units_are(ghana: Desk) -> None:
    before = ghana.json("holdings")["rows"]
    assert [[p["standing"] for p in row["standing"]] for row in before] == [["authorised"]]
    seq = ghana.json("log")["head"]
    ghana.ok("transfer", "500", *SALE)
    assert "ITMO" in ghana.ok("holdings", "Swiss buyer")
    told = ghana.ok("history", "GS-VER-2024-1")
    assert "(ITMO)" in told
    assert "(authorised)" in told
    assert "持有（授權）" in ghana.ok("history", "GS-VER-2024-1", "--lang", "zh")
    assert "第六條" in ghana.ok("holdings", "--lang", "zh")
    (part,) = ghana.json("history", "GS-VER-2024-1", "501-1000", "--asof", str(seq))["parts"]
    assert [p["standing"] for p in part["standing"]] == ["authorised"]
    ghana.ok("a6", "revoke", "GH-1/26", *DIGEST)
    rows = ghana.json("holdings")["rows"]
    assert [[p["standing"] for p in row.get("standing", ())] for row in rows] == [[], ["ITMO"]]


def test_units_of_a_mechanism_are_contributions_until_authorised(registered: Desk) -> None:
    registered.ok("a6", "issue", certified(registered), "--quantity", "1000")
    rows = registered.json("holdings", "Pending")["rows"]
    assert rows[0]["standing"] == [{"serials": "171-1000", "standing": "MCU", "pending": True}]
    assert "MCU, pending" in registered.ok("holdings", "Pending")
    assert "MCU，待轉發" in registered.ok("holdings", "Pending", "--lang", "zh")
    registered.ok("a6", "approach", "CA0001", "--party", "GH", "--party", "CH")
    met = [word for one in ("party", "ndc", "authorisation", "tracking", "inventory",
                            "contribution") for word in ("--met", one)]  # fmt: skip
    registered.ok("a6", "party", "GH", *met)
    registered.ok("a6", "authorise", "GH-2", "--approach", "CA0001", "--party", "GH", "--purpose",
                  "NDC", "--lot", "A6.4ER-2026-1:900-1000", *DIGEST)  # fmt: skip
    (row,) = registered.json("holdings", "Pending")["rows"]
    assert [(p["serials"], p["standing"]) for p in row["standing"]] == [
        ("171-899", "MCU"), ("900-1000", "AER")
    ]  # fmt: skip
    told = registered.ok("holdings", "Pending")
    assert "171-899 MCU" in told
    assert "AER, pending" in told


def test_levied_and_voluntary_overall_mitigation_are_told_apart(
    ghana: Desk, tmp_path: Path
) -> None:
    ghana.ok("account", "open", "Fund", "--kind", "adaptation_fund")
    ghana.ok("a6", "levy", "CA0012", "--sop", "1/20", "--omge", "1/50", *DIGEST)
    ghana.ok("transfer", "100", *SALE)
    ghana.ok("cancel", "7", "--lot", "1", "--from", "Swiss buyer", "--kind", "omge")
    ghana.ok("cancel", "3", "--lot", "1", "--from", "Stoves", "--kind", "omge")
    room = ghana.json("a6", "room", "GH")["room"]
    assert (room["omge"], room["omge_voluntary"]) == (12, 10)
    assert "of it of one's own accord" in ghana.ok("a6", "room", "GH")
    assert "其中自願取消" in ghana.ok("a6", "room", "GH", "--lang", "zh")
    file = tmp_path / "stocktake.csv"
    taken = ghana.json("a6", "stocktake", "--csv", str(file))
    sums = taken["by_status"]["GHG"]
    assert (sums["omge"], sums["omge_voluntary"]) == (2, 10)
    assert sum(",omge_voluntary," in line for line in file.read_text().splitlines()) == 2
    flows = ghana.json("a6", "chart", "flows", "GH")
    assert (flows["ends"]["omge"], flows["ends"]["omge_voluntary"]) == (2, 10)


def test_a_mechanism_levies_and_who_gives_more_is_told_apart(registered: Desk) -> None:
    registered.ok("a6", "issue", certified(registered), "--quantity", "1000")
    lot = ("--lot", "A6.4ER-2026-1", "--from")
    registered.ok("a6", "forward", "100", *lot, "Pending", "--to", "Foresters")
    registered.ok("cancel", "4", *lot, "Foresters", "--kind", "omge")
    parts = registered.json("history", "A6.4ER-2026-1")["parts"]
    assert [part["steps"][-1]["act"] for part in parts] == [
        "levy", "levy", "levy", "issue", "transfer", "cancel"
    ]  # fmt: skip
    sums = registered.json("a6", "stocktake")["by_status"]["GHG"]
    assert (sums["omge"], sums["omge_voluntary"]) == (20, 4)
