"""The same command lines on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.doors.desk import FIRST_HOUR, HEAD, MOVE, Desk


@pytest.mark.postgres
def test_the_first_hour_on_postgresql(
    postgres_url: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.setenv("ONETONNE_LEDGER", postgres_url)
    monkeypatch.delenv("ONETONNE_AS", raising=False)
    desk = Desk()
    for line in FIRST_HOUR:
        desk.ok(*line)
    assert desk.json("transfer", "400", "--lot", "TCER-2025-1", *MOVE)["balances"][0]["quantity"]
    assert desk.json("transfer", "601", "--lot", "1", *MOVE, code=1)["refusal"]["facts"]["free"]
    desk.ok("retire", "5", "--lot", "1", "--from", "Solar Co", "--for", "ACME", "--period", "2025")
    assert desk.json("certificate", "1")["quantity"] == 5
    assert desk.json("holdings", "Buyer", "--asof", "5")["quantity"] == 0
    assert desk.json("account", "statement", "Solar Co")["closing_total"] == 595
    assert desk.json("passport", "1", "600", "--out", "p.json")["bytes"] > 1000
    assert desk.json("rebuild")["rows"] > 10
    assert desk.json("verify")["ok"] is True
    assert desk("init", "--party", "TW").exit_code == 2


@pytest.mark.postgres
def test_a_ledger_used_from_another_folder(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs key or log says where it looked, and makes nothing there."""
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir(), other.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("ONETONNE_LEDGER", postgres_url)
    for name in ("ONETONNE_AS", "ONETONNE_FOLDER"):
        monkeypatch.delenv(name, raising=False)
    desk = Desk()
    made = desk.json(*FIRST_HOUR[0])
    assert str(home) in made["folder"]
    for line in FIRST_HOUR[1:]:
        desk.ok(*line)

    monkeypatch.chdir(other)
    where = made["folder"].replace(str(home), str(other))
    asked = (("checkpoint",), ("checkpoint", "--new-log"), ("root",), ("passport", "1", "5"))
    for line in asked:
        error = desk.json(*line, code=3)["error"]
        for text in (error["en"], error["zh"]):
            assert f"{where}/key" in text
            assert "ONETONNE_FOLDER" in text
    sent = desk.json("transfer", "5", "--lot", "1", *MOVE)
    assert sent["accepted"]
    assert f"{where}/key" in sent["warnings"][0]["zh"]
    (finding,) = desk.json("verify", code=1)["findings"]
    assert (finding["code"], finding["found"]) == ("checkpoint_missing", f"{where}/log")
    assert desk("init", "--party", "TW").exit_code == 2
    assert list(other.iterdir()) == []

    monkeypatch.setenv("ONETONNE_FOLDER", made["folder"])
    assert desk.json("checkpoint")["size"] == HEAD + 1, "a refused root was journaled"
    assert desk.json("verify")["ok"] is True
    assert "ONETONNE_FOLDER" in desk("init", "--party", "TW").output
