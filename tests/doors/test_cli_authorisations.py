"""What becomes of an authorisation after it is made, at the command line."""

from __future__ import annotations

from tests.doors.desk import Desk
from tests.doors.test_cli_article6 import ALL_MET, SALE, ghana

__all__ = ("ghana",)
DIGEST = ("--digest", "ab" * 32)


def test_a_suspended_one_is_listed_so_and_still_promises(ghana: Desk) -> None:
    before = ghana.json("a6", "room", "GH")["room"]["promised"]
    assert before["parties"] > 0
    assert "a6 resume GH-1/26" in ghana.ok("a6", "suspend", "GH-1/26", *DIGEST)
    assert "suspended" in ghana.ok("a6", "list")
    assert "已暫停" in ghana.ok("a6", "list", "--lang", "zh")
    assert ghana.json("a6", "room", "GH")["room"]["promised"] == before
    no = ghana.json("transfer", "500", *SALE, code=1)
    assert no["refusal"]["code"] == "authorisation_suspended"
    (row,) = ghana.json("a6", "may", "CH", "1", "--year", "2026")["rows"]
    assert row["answers"]["obtain"]["code"] == "authorisation_suspended"
    assert "a6 resume" in row["cures"]["obtain"]["en"]
    assert "in force again" in ghana.ok("a6", "resume", "GH-1/26", *DIGEST)
    ghana.ok("transfer", "500", *SALE)


def test_the_next_one_is_in_force_once_nothing_is_left_of_a_cap(ghana: Desk) -> None:
    ghana.ok("transfer", "600", *SALE)
    ghana.ok("a6", "authorise", "GH-2/26", "--approach", "CA0012", "--party", "GH", "--purpose",
             "NDC", "--cap", "100", *DIGEST)  # fmt: skip
    told = ghana.json("a6", "may", "CH", "1", "--year", "2026")["rows"]
    under = {row["authorisation"]: row for row in told if not row["first_transferred"]}
    assert list(under) == ["GH-2/26"]
    assert under["GH-2/26"]["answers"]["obtain"] is None
    said = ghana.ok("transfer", "100", *SALE)
    assert "First transfer of 100 units, by transfer, under GH-2/26" in said
    no = ghana.json("transfer", "1", *SALE, code=1)["refusal"]
    assert no["code"] == "authorisation_cap_exceeded"
    assert ghana.json("verify")["findings"] == []


def test_an_entity_is_withdrawn_and_keeps_what_it_has(ghana: Desk) -> None:
    terms = ("--approach", "CA0012", "--party", "GH", "--purpose", "NDC", "--cap", "600")
    ghana.ok("a6", "change", "GH-1/26", *terms, "--entity", "Swiss buyer", *DIGEST)
    ghana.ok("transfer", "100", *SALE)
    assert "nothing new" in ghana.ok("a6", "withdraw-entity", "GH-1/26", "Swiss buyer", *DIGEST)
    no = ghana.json("transfer", "100", *SALE, code=1)
    assert no["refusal"]["code"] == "entity_withdrawn"
    ghana.ok("a6", "use", "100", "--lot", "GS-VER-2024-1", "--from", "Swiss buyer", "--party",
             "CH", "--year", "2026")  # fmt: skip
    assert ghana.json("verify")["findings"] == []


def test_a_recall_moves_nothing_before_the_buyer_consents(ghana: Desk) -> None:
    terms = ("--approach", "CA0012", "--party", "GH", "--purpose", "NDC", "--cap", "600")
    ghana.ok("a6", "change", "GH-1/26", *terms, "--recall-days", "365", "--revocation-terms",
             "Both Parties report anew", *DIGEST)  # fmt: skip
    ghana.ok("transfer", "400", *SALE)
    lot = ("--lot", "GS-VER-2024-1", "--serials", "601-1000")
    said = ghana.ok("a6", "recall", "R-1", "GH-1/26", *lot, *DIGEST)
    assert "waits for the consent of CH" in said
    (case,) = ghana.json("a6", "recalls")["rows"]
    assert (case["status"], case["quantity"], case["host"]) == ("open", 400, "GH")
    assert ghana.json("a6", "balance", "GH")["balance"]["years"][3]["adjustment"] == "400"
    assert "recalled" in ghana.ok("a6", "consent", "R-1", "--party", "ch", *DIGEST)
    (case,) = ghana.json("a6", "recalls")["rows"]
    assert (case["status"], len(case["restates"])) == ("recalled", 1)
    told = ghana.json("a6", "balance", "GH")
    year = told["balance"]["years"][3]
    assert (year["first"], year["recalled"], year["adjustment"]) == (400, 400, "0")
    assert sum(one["recalled"] for one in told["annual"]) == 400
    assert "Errata of 2024: 400 recalled" in ghana.ok("a6", "balance", "GH")
    room = ghana.json("a6", "room", "GH")
    assert (room["room"]["first_transferred"]["NDC"], room["room"]["kept"]) == (0, 400)
    assert room["here"] == 600
    assert ghana.json("verify")["findings"] == []


def test_a_closed_period_is_final_and_what_comes_after_it_stands_apart(ghana: Desk) -> None:
    no = ghana.json("a6", "close", "GH", "2024", *DIGEST, code=1)
    assert no["refusal"]["code"] == "period_not_over"
    ghana.ok("a6", "ndc", "SG", "2021-2024", "--kind", "multi", "--method", "budget", *DIGEST)
    ghana.ok("a6", "approach", "CA0013", "--party", "SG", "--party", "CH")
    ghana.ok("a6", "party", "SG", *ALL_MET)
    ghana.ok("a6", "authorise", "SG-1", "--approach", "CA0013", "--party", "SG", "--purpose",
             "NDC", *DIGEST)  # fmt: skip
    assert "erratum" in ghana.ok("a6", "close", "SG", "2024", *DIGEST)
    ghana.ok("issue", "50", "--unit", "GS-VER", "--to", "Stoves", "--project", "GH-1", "--vintage",
             "2024", "--activity", "reduction", "--host", "SG")  # fmt: skip
    year = ghana.json("a6", "balance", "SG")["balance"]["years"][-1]
    assert (year["first"], year["late"], year["adjustment"]) == (0, 50, "0")
    said = ghana.ok("a6", "balance", "SG")
    assert "Errata of 2024: +50 after the closing" in said
    assert "these adjustments are final" in said
    assert ghana.json("a6", "room", "SG")["room"]["first_transferred"]["NDC"] == 50


def test_an_approach_rests_on_an_agreement(ghana: Desk) -> None:
    pact = ("a6", "agreement", "CH-GH", "--title", "An agreement", "--party", "gh", "--party", "ch")
    assert "in force from" in ghana.ok(*pact, "--since", "2999-01-01", *DIGEST)
    ghana.ok("a6", "revoke", "GH-1/26", *DIGEST)
    both = ("--party", "GH", "--party", "CH")
    ghana.ok("a6", "approach", "CA0014", *both, "--agreement", "CH-GH")
    terms = ("--approach", "CA0014", "--party", "GH", "--purpose", "NDC", "--vintages", "2031-2032")
    no = ghana.json("a6", "authorise", "G", *terms, *DIGEST, code=1)
    assert no["refusal"]["code"] == "agreement_not_in_force"
    ghana.ok(*pact, "--since", "2020-01-01", *DIGEST)
    ghana.ok("a6", "authorise", "G", *terms, "--entity", "Stoves", *DIGEST)
    assert "CA0014" in ghana.ok("a6", "agreements")
    (row,) = ghana.json("a6", "agreements")["rows"]
    assert (row["version"], row["parties"]) == (2, ["GH", "CH"])
