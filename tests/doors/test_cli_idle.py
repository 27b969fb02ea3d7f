"""No option is accepted and then passed over: one that would do nothing is refused, and the answer
says what holds instead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.doors.desk import HEAD, MOVE, Desk

from onetonne.doors.idle import IDLE

RETIRE = ("retire", "5", "--lot", "1", "--from", "Solar Co", "--for", "A", "--period", "2025")
TERMS = ("a6", "authorise", "A1", "--approach", "CA0001", "--party", "TW", "--purpose", "NDC",
         "--digest", "a" * 64)  # fmt: skip
LINES: dict[str, tuple[str, ...]] = {
    "certificate of a proposal": ("propose", *RETIRE, "--certificate", "c.html"),
    "day of a proposal": ("propose", *RETIRE, "--effective", "2026-01-05", "--cites", "d"),
    "question as a proposal": ("propose", "lock", "list"),
    "part of a system": ("convert", "5", "--lot", "1", "--from", "Solar Co", "--rule", "KOC-KCU",
                         "--period", "2025"),
    "actor of a founding": ("init", "--party", "TW", "--as", "Mei", "--ledger", "new"),
    "ledger of the demo": ("demo", "--ledger", "new"),
    "ledger of a play": ("--ledger", "new", "play", "story.yaml"),
    "ledger beside a log": ("verify", "--log", "tw/log", "--key", "tw/key.pub", "--ledger", "tw"),
    "digest beside a document": ("a6", "choose", "elapsed", "CALENDAR", "--document", "paper.txt",
                                 "--digest", "b" * 64),
    "unit beside a rule": ("admit", "1", "2", "--to", "Buyer", "--unit", "VCU", "--rule",
                           "VOLUNTARY-TCER"),
    "lifter of an authority's lock": ("lock", "set", "freeze", "5", "--lot", "1", "--from",
                                      "Solar Co", "--lift-by", "Mei"),
    "last beside an entry": ("log", "3", "--last", "2"),
    "question beside vectors": ("judge", "--vectors", "rows.yaml", "--system", "SG"),
    "key of what is kept": ("verify", "--known-key", "tw/key.pub"),
    "use without a limit": ("judge", "--system", "SG", "--fact", "unit_type=VCU", "--used", "5"),
    "reason without an override": (*TERMS, "--override-reason", "because"),
    "worth of a tonne": ("a6", "ndc", "TW", "2021-2030", "--kind", "multi", "--method", "budget",
                         "--per-unit", "2", "--digest", "a" * 64),
}  # fmt: skip


def test_every_row_has_its_line() -> None:
    assert LINES.keys() == IDLE.keys()


@pytest.mark.parametrize("what", LINES)
def test_an_option_that_would_do_nothing_is_refused(desk: Desk, what: str) -> None:
    Path("paper.txt").write_text("so be it")
    option, en, zh = IDLE[what]
    error = desk.json(*LINES[what], code=2)["error"]
    assert (error["code"], error["en"]) == ("wrong_usage", f"{option} does nothing here: {en}")
    assert error["zh"] == f"{option} 在此不起作用：{zh}"
    assert desk.json("log")["head"] == HEAD
    assert not Path("c.html").exists()


def test_what_the_environment_says_is_no_mistake(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONETONNE_AS", "Mei")
    assert desk.json("init", "--party", "TW", "--ledger", "new")["party"] == "TW"
    assert desk.json("verify", "--log", "tw/log", "--key", "tw/key.pub")["ok"]


def test_a_day_is_said_at_the_approval(desk: Desk) -> None:
    desk.ok("person", "add", "Ann", "--role", "authority")
    desk.ok("transfer", "10", "--lot", "1", *MOVE, "--as", "Mei")
    desk.ok("propose", "correct", str(HEAD + 2), "--reason", "wrong", "--as", "Mei")
    today = desk.json("log")["entries"][0]["at"] // 1_000_000
    day = datetime.fromtimestamp(today, UTC).date().isoformat()
    done = desk.json("approve", "1", "--effective", day, "--cites", "d", "--as", "Ann")
    assert desk.json("log", str(done["entry"]))["entries"][0]["effective"] == day


def test_log_has_twenty_entries_where_nobody_says_how_many(desk: Desk) -> None:
    for _ in range(20):
        desk.ok("transfer", "1", "--lot", "1", *MOVE)
    assert len(desk.json("log")["entries"]) == 20
    assert len(desk.json("log", "--last", "3")["entries"]) == 3


def test_a_contribution_with_a_decimal_comma_is_not_recorded_tenfold(desk: Desk) -> None:
    line = ("a6", "contribute", "C1", "--kind", "finance", "--for", "TW", "--giver", "CH",
            "--currency", "USD", "--digest", "a" * 64)  # fmt: skip
    may = ("--as", "Ada")
    desk.ok("person", "add", "Ada", "--role", "authority")
    no = desk.json(*line, "--amount", "100,5", *may, code=1)["refusal"]
    assert (no["code"], no["facts"]["found"]) == ("bad_text", "100,5")
    desk.ok(*line, "--amount", "1,000.50", *may)
    assert desk.json("a6", "contributions")["rows"][0]["row"]["amount"] == "1000.50"
