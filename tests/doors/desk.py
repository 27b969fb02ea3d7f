"""A registry desk for tests: one small ledger, and command lines typed at it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typer.testing import CliRunner, Result

from onetonne.doors.cli.app import app
from onetonne.service import execute

Lines = tuple[tuple[str, ...], ...]
DAY = 86_400_000_000

FIRST_HOUR = (
    ("init", "--party", "TW", "--registrar", "Mei"),
    ("account", "open", "Solar Co"),
    ("account", "open", "Buyer"),
    ("project", "register", "TW-1", "--methodology", "TM001", "--name", "Roofs"),
    ("issue", "1,000", "--unit", "TCER", "--to", "Solar Co", "--project", "TW-1",
     "--vintage", "2025"),
)  # fmt: skip
MOVE = ("--from", "Solar Co", "--to", "Buyer")
HEAD = 5
"""The last entry of the first hour."""
KEPT = TemporaryDirectory()
"""Folders as lines left them: what stands at the head of many tests is typed once and copied."""
FURNISHED: dict[tuple[Lines, int], Path] = {}
"""Such a folder by its lines and the day of the service's clock."""


class Desk:
    """Types command lines; every answer is checked to hold no traceback."""

    def __init__(self) -> None:
        self.runner = CliRunner()

    def __call__(self, *args: str, **how: Any) -> Result:
        done = self.runner.invoke(app, list(args), **how)
        assert "Traceback" not in done.output
        return done

    def ok(self, *args: str) -> str:
        """The output of a command that must succeed."""
        done = self(*args)
        assert done.exit_code == 0, done.output
        return done.stdout

    def furnish(self, lines: Lines) -> None:
        """Type lines that must succeed, in a folder where nothing but lines was typed before; or
        copy what they left when they were typed on the same day."""
        here, of = Path.cwd(), (lines, execute.now() // DAY)
        if of in FURNISHED:
            shutil.copytree(FURNISHED[of], here, dirs_exist_ok=True)
            return
        for line in lines:
            self.ok(*line)
        FURNISHED[of] = Path(KEPT.name, str(len(FURNISHED)))
        shutil.copytree(here, FURNISHED[of])

    def json(self, *args: str, code: int = 0) -> dict[str, Any]:
        """The JSON answer of a command that must exit with `code`."""
        done = self(*args, "--json")
        assert done.exit_code == code, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found
