"""Registers of Article 6 at the command line: contributions, in a table, JSON and a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.doors.desk import Desk

DIGEST = ("--digest", "ab" * 32)


@pytest.fixture
def ghana(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("ONETONNE_LEDGER", str(tmp_path / "gh"))
    desk.ok("init", "--party", "GH", "--registrar", "Ama")
    desk.ok("a6", "contribute", "N-1", "--kind", "finance", "--giver", "ch", "--for", "gh",
            "--amount", "1,500,000.50", "--currency", "USD", "--since", "2026-01-01",
            "--activity", "Meters", "--fact", "sector=energy", *DIGEST)  # fmt: skip
    desk.ok("a6", "contribute", "N-2", "--kind", "technology", "--company", "Meter works",
            "--for", "GH", *DIGEST)  # fmt: skip
    return desk


def test_contributions_are_a_table_json_and_a_file(ghana: Desk, tmp_path: Path) -> None:
    ghana.ok("a6", "withdraw-contribution", "N-2", "--reason", "sold", *DIGEST)
    told = ghana.ok("a6", "contributions")
    assert "1500000.50 USD" in told
    assert "Meter works" in told
    assert "no units and claims no tonnes" in told
    assert "不主張任何噸數" in ghana.ok("a6", "contributions", "--lang", "zh")
    first, second = ghana.json("a6", "contributions")["rows"]
    assert (first["row"]["giver"], first["row"]["amount"], first["status"]) == (
        "CH", "1500000.50", "recorded",
    )  # fmt: skip
    assert (first["activity"], first["row"]["facts"]) == ("Meters", {"sector": "energy"})
    assert (second["company"], second["status"], second["row"]["version"]) == (
        "Meter works", "withdrawn", 2,
    )  # fmt: skip
    (only,) = ghana.json("a6", "contributions", "--party", "CH")["rows"]
    assert only["row"]["contribution"] == "N-1"
    (only,) = ghana.json("a6", "contributions", "--kind", "technology")["rows"]
    assert only["row"]["contribution"] == "N-2"
    path = tmp_path / "given.csv"
    ghana.ok("a6", "contributions", "--csv", str(path))
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["company"] for line in lines] == ["", "Meter works"]
    assert [line["since"] for line in lines] == ["2026-01-01", ""]


def test_tonnes_are_refused_with_a_sentence_and_nothing_is_recorded(ghana: Desk) -> None:
    for wrong in (("--fact", "tonnes=500"), ("--amount", "500", "--currency", "tCO2e")):
        line = ("a6", "contribute", "N-3", "--kind", "finance", "--giver", "CH", "--for", "GH")
        refused = ghana.json(*line, *wrong, *DIGEST, code=1)["refusal"]
        assert refused["code"] == "contribution_without_units"
        assert "claims no tonnes" in ghana(*line, *wrong, *DIGEST).output
        assert "不主張任何噸數" in ghana(*line, *wrong, *DIGEST, "--lang", "zh").output
    assert len(ghana.json("a6", "contributions")["rows"]) == 2
    wrong = ("--fact", "sector")
    assert "Write NAME=VALUE" in ghana(*line, *wrong, *DIGEST).output


def test_what_was_recorded_is_rebuilt_and_verified(ghana: Desk) -> None:
    before = ghana.json("a6", "contributions")["rows"]
    ghana.ok("rebuild")
    assert ghana.json("a6", "contributions")["rows"] == before
    ghana.ok("verify")
    assert ghana.json("a6", "contributions", "--asof", "1")["rows"] == []
