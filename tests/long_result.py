"""The dated record of `make long`: what ran, at what size, how it ended and how long it took.

Written to `docs/results/` at full size only, as JSON lines: one for the run, one for each test.
"""

from __future__ import annotations

import json
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "results"


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or "unknown"


def lines(reports: list[pytest.TestReport], share: str, day: str) -> list[str]:
    """One JSON line for the run, then one for each test in the order they ended."""
    head = {
        "day": day,
        "commit": _commit(),
        "share": share,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    rows = [
        {"test": report.nodeid, "outcome": report.outcome, "seconds": round(report.duration, 1)}
        | dict(report.user_properties)
        for report in reports
        if report.when == "call" or report.failed
    ]
    return [json.dumps(row, ensure_ascii=False) for row in [head, *rows]]


def write(reports: list[pytest.TestReport], share: str, folder: Path = FOLDER) -> Path:
    """Write the record of today; a later run on the same day replaces it."""
    day = datetime.now(UTC).date().isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"long-{day}.jsonl"
    path.write_text("\n".join(lines(reports, share, day)) + "\n")
    return path
