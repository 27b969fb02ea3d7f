"""A desk with a ledger of two accounts and one lot of 1,000, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.doors.desk import FIRST_HOUR, Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONETONNE_LEDGER", "tw")
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("ONETONNE_AS", "ONETONNE_LANG", "LANG"):
        monkeypatch.delenv(name, raising=False)
    found = Desk()
    found.furnish(FIRST_HOUR)
    return found
