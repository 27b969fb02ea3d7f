"""Article 6.4 at the command line: an activity from notice to issuance, a reversal, CERs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.doors.desk import Desk

from onetonne.service import execute

DIGEST = ("--digest", "ab" * 32)


@pytest.fixture
def registered(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A removal activity of Ghana, registered; the clock stands in 2027."""
    monkeypatch.setenv("ONETONNE_LEDGER", str(tmp_path / "gh"))
    at = int(datetime(2027, 2, 1, tzinfo=UTC).timestamp())
    clock = SimpleNamespace(time=lambda: at, time_ns=lambda: at * 1_000_000_000)
    monkeypatch.setattr(execute, "time", clock)
    desk.furnish((
        ("init", "--party", "GH", "--registrar", "Ama"),
        ("person", "add", "Vera", "--role", "verifier"),
        ("person", "add", "Sol", "--role", "supervisor"),
        ("account", "open", "Pending", "--kind", "pending"),
        ("account", "open", "Fund", "--kind", "adaptation_fund"),
        ("account", "open", "Pool", "--kind", "buffer"),
        ("account", "open", "Foresters", "--party", "GH"),
        ("project", "register", "R1", "--activity", "removal"),
        ("a6", "submit", "R1", "--crediting", "removal", "--risk", "1/10", "--participant",
         "Foresters", *DIGEST),
        ("a6", "boundary", "R1", "--at", "site:9.4,-0.8", "--route", "A6.4ER", "--since",
         "2026-01-01", *DIGEST),
        ("a6", "step", "R1", "approve", *DIGEST),
        ("a6", "step", "R1", "validate", *DIGEST, "--as", "Vera"),
        ("a6", "step", "R1", "register", "--first", "2026-01-01", "--last", "2040-12-31",
         *DIGEST, "--as", "Sol"),
    ))  # fmt: skip
    return desk


def certified(desk: Desk) -> str:
    told = desk.json("a6", "certify", "R1", "2026-01-01", "2026-12-31", "--quantity", "1000",
                     *DIGEST, "--as", "Vera")  # fmt: skip
    return str(told["entry"])


def test_an_issuance_is_levied_and_forwarded(registered: Desk) -> None:
    told = registered.ok("a6", "issue", certified(registered), "--quantity", "1000")
    assert "Levied: sop 50, omge 20, buffer 100; 830 units wait for forwarding." in told
    registered.ok("a6", "forward", "830", "--lot", "A6.4ER-2026-1", "--from", "Pending", "--to",
                  "Foresters")  # fmt: skip
    refused = registered.json("transfer", "1", "--lot", "A6.4ER-2026-1", "--from", "Pool", "--to",
                              "Foresters", code=1)["refusal"]  # fmt: skip
    assert refused["code"] == "administered_account"
    parts = registered.json("a6", "standing", "A6.4ER-2026-1")["rows"]
    assert [(part["serials"], part["standing"]) for part in parts] == [("1-1000", "MCU")]
    registered.ok("verify")


def test_a_reversal_is_told_with_what_the_buffer_answered(registered: Desk) -> None:
    registered.ok("a6", "issue", certified(registered), "--quantity", "1000")
    told = registered.ok("a6", "reversal", "R1", "unavoidable", "--quantity", "60", *DIGEST,
                         "--as", "Sol")  # fmt: skip
    assert "the buffer answered for 60" in told
    one = registered.json("a6", "activity", "R1")
    assert [(row["quantity"], row["remedied"]) for row in one["reversals"]] == [(60, 60)]
    assert [(row["sop"], row["omge"], row["buffer"]) for row in one["levies"]] == [(50, 20, 100)]
    assert "registered" in registered.ok("a6", "activities")
    assert "已註冊" in registered.ok("a6", "activity", "R1", "--lang", "zh")


def test_an_unknown_activity_is_named(registered: Desk) -> None:
    answer = registered("a6", "activity", "R9")
    assert (answer.exit_code, "no activity" in answer.output) == (2, True)


def test_cers_are_taken_from_the_balance_beside_the_adjustment(registered: Desk) -> None:
    for line in (
        ("project", "register", "W1", "--party", "IN", "--mechanism", "CDM"),
        ("issue", "500", "--unit", "CER", "--to", "Foresters", "--project", "W1", "--vintage",
         "2018", "--commitment-period", "2", "--fact", "registration=2014-06-01"),
        ("a6", "ndc", "GH", "2021-2030", "--kind", "multi", "--method", "budget", *DIGEST),
        ("a6", "inventory", "GH", "2030", "10000", *DIGEST),
        ("a6", "use-cers", "500", "--lot", "CER-2018-1", "--from", "Foresters", "--party", "gh",
         "--year", "2030"),
    ):  # fmt: skip
        registered.ok(*line)
    told = registered.json("a6", "balance", "gh")
    year = told["balance"]["years"][-1]
    assert (year["earlier"], year["adjustment"], year["balance"]) == (500, "0", "9500")
    assert "Pre-2021" in registered.ok("a6", "balance", "gh")
