"""What becomes of an authorisation after it is made, at the command line."""

from __future__ import annotations

from tests.doors.desk import Desk
from tests.doors.test_cli_article6 import SALE, ghana

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
