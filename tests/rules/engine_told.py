"""What the made-up system GATES of `engine_law.yaml` tells, held against `engine_told.yaml`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tests.rules.engine_rows import BOOK, facts_of

from onetonne.rules.judge import judge
from onetonne.rules.verdict import Ask
from onetonne.store.jurisdictions import read_law

FILE = Path(__file__).parent / "engine_told.yaml"


class Told(NamedTuple):
    """A question, perhaps without a period, and every line of the answer."""

    period: str | None
    unit: str | dict[str, Any]
    day: str
    lines: list[str]
    strict: bool = False
    system: str = "GATES"


def lines_of(row: Told) -> list[str]:
    ask = Ask(system=row.system, day=date.fromisoformat(row.day), facts=facts_of(row.unit),
              period=row.period, strict=row.strict)  # fmt: skip
    said = []
    for verdict in judge(BOOK, ask):
        said.append(f"{verdict.period}: {verdict.result} {', '.join(verdict.reasons)}".strip())
        for f in verdict.findings:
            if f.held.name != "HOLDS":
                found = ", ".join(f"{name} {value}" for name, value in f.found.items())
                said.append(f"{f.clause} {f.held.name}: {f.required.en} [{found}]")
                said += [f"{f.clause} says so from {f.since} to {f.until}"] if f.until else []
                said += [f"{f.clause} misses {', '.join(f.missing)}"] if f.missing else []
                said += [f"{f.clause} is open: {f.open}"] if f.open else []
            elif f.missing or f.open:
                said.append(f"{f.clause} HOLDS and misses {f.missing} {f.open}")
            said += [f"{f.clause} assumes {', '.join(f.assumed)}"] if f.assumed else []
        said += [warning.en for warning in verdict.warnings]
        said += [w.zh for w in verdict.warnings if w.en.startswith("Known controversy")]
    return said


def wrong_of_told(row: Told) -> str:
    """What the row expects and is not told; empty where they agree."""
    got = lines_of(row)
    return "" if got == row.lines else f"{row.lines} but {got}"


TOLD = [
    Told(str(row["ask"]["period"]) if "period" in row["ask"] else None, row["ask"]["unit"],
         row["ask"]["day"], row["told"], row["ask"].get("strict", False),
         row["ask"].get("system", "GATES"))
    for row in read_law(FILE, cases=True).value["rows"]
]  # fmt: skip
