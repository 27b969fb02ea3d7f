"""No line ends as a defect of the program, whatever stands in one argument or option of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.doors.desk import MOVE, Desk
from tools.cli_pages import _commands
from typer.main import get_command

from onetonne.doors.cli.app import app

BAD = ("", str(2**70), str(-(2**70)), "1-", "\udce9'")
GOOD = {
    "lot": "1", "number": "1", "entry": "3", "serials": "1-5", "quantity": "5", "unit": "TCER",
    "source": "Solar Co", "target": "Buyer", "account": "Solar Co", "project": "TW-1",
    "party": "TW", "person": "Mei", "period": "2025", "year": "2025", "name": "Some Name",
}  # fmt: skip
"""What stands in the others, by their names; a day where a day is asked for, `x` otherwise."""
MAKES = ("init", "demo", "play", "key replace")
"""These make things beside the ledger."""


def lines() -> Iterator[list[str]]:
    for name, command in _commands(get_command(app)):
        if name in MAKES or name.startswith("propose"):
            continue
        shared = ("help", "lang", "as_json", "address")
        parts = [part for part in command.params if part.name not in shared]
        for part in parts:
            if not getattr(part, "is_flag", False):
                yield from (line(name, parts, part, bad) for bad in BAD)


def line(name: str, parts: list[Any], spoilt: Any, bad: str) -> list[str]:
    """A command with all that it must have, and one part spoilt."""
    places, options = [], []
    for part in parts:
        if part is spoilt or part.required:
            value = bad if part is spoilt else GOOD.get(part.name, "x")
            if part.param_type_name == "argument":
                places.append(value)
            else:
                options += [part.opts[0], value]
    dry = ["--dry-run"] if any(part.name == "dry" for part in parts) else []
    return [*name.split(), *options, *dry, "--json", *(["--", *places] if places else [])]


@pytest.mark.slow
def test_one_bad_part_of_any_command_is_answered(desk: Desk) -> None:
    desk.ok("transfer", "10", "--lot", "1", *MOVE)
    desk.ok("retire", "5", "--lot", "1", "--from", "Buyer", "--for", "Buyer", "--period", "2025")
    count = 0
    for typed in lines():
        done = desk(*typed)
        count += 1
        assert done.exit_code in (0, 1, 2, 3, 4), (typed, done.output)
        if done.exit_code != 2:
            json.loads(done.stdout)
    assert count > 4_000
