"""The same command lines on PostgreSQL."""

from __future__ import annotations

import pytest
from tests.doors.desk import FIRST_HOUR, MOVE, Desk


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
