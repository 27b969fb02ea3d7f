"""Law cases as lawyers write them: what is expected first, why, then the unit and the act.

A file has a `unit` that passes; each case changes it (`unit`, `without`) or the act, and says what
then happens: the result, how many, which clauses fail or stay unknown, how many warnings.
"""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from onetonne.rules.facts import read_facts
from onetonne.rules.judge import judge
from onetonne.rules.law import Lawbook
from onetonne.rules.verdict import Ask, Book, Used, Verdict
from onetonne.store.jurisdictions import CASES, read_law

KEYS = {"id", "expect", "qty", "fails", "unknown", "warns", "why", "unit", "without", "day",
        "period", "request", "bases", "used", "all_used", "policy", "strict", "duties"}  # fmt: skip


class Case(NamedTuple):
    """One case of a file, with the file's own unit and act put under it."""

    id: str
    system: str
    told: dict[str, Any]
    ask: Ask


@functools.cache
def texts(folder: Path = CASES) -> list[tuple[str, dict[str, Any]]]:
    """The name and the content of every file of cases, read once."""
    return [(path.name, read_law(path, cases=True).value) for path in sorted(folder.glob("*.yaml"))]


@functools.cache
def load_cases(folder: Path = CASES) -> list[Case]:
    """Every case of every file, in order; read once. A key that no case has is refused."""
    found = []
    for name, text in texts(folder):
        for told in text["cases"]:
            assert set(told) <= KEYS, (name, told["id"], set(told) - KEYS)
            found.append(Case(told["id"], text["system"], told, ask(text, told)))
    assert len({case.id for case in found}) == len(found)
    return found


def ask(text: dict[str, Any], told: dict[str, Any]) -> Ask:
    unit = {k: v for k, v in text["unit"].items() if k not in told.get("without", ())}
    act = {**text["act"], **told}
    used = None if act.get("used") == "unknown" else uses(act.get("used", ()))
    return Ask(
        system=text["system"], day=date.fromisoformat(act["day"]), quantity=act["request"],
        period=None if act["period"] == "any" else str(act["period"]),
        facts=read_facts({**unit, **told.get("unit", {})}),
        book=Book(bases=act["bases"], used=used,
                  all_used=uses(act["all_used"]) if "all_used" in act else None),
        policy=told.get("policy", {}), strict=told.get("strict", False),
    )  # fmt: skip


def uses(rows: Any) -> tuple[Used, ...]:
    """What was used: `period`, `tonnes`, and the `unit`, `system` or `weighed` where told."""
    return tuple(
        Used(str(row["period"]), row["tonnes"], read_facts(row["unit"]) if "unit" in row else None,
             row.get("weighed", False), row.get("system", ""))
        for row in rows
    )  # fmt: skip


def difference(case: Case, verdicts: list[Verdict]) -> str:
    """What the case expects and the judge does not say; empty where they agree."""
    told = case.told
    if len(verdicts) != 1:
        return f"{len(verdicts)} verdicts"
    verdict = verdicts[0]
    eligible = told["expect"] == "ELIGIBLE"
    wanted = {
        "result": (told["expect"], verdict.result),
        "qty": (told.get("qty", case.ask.quantity if eligible else 0), verdict.quantity),
        "fails": (set(told.get("fails", ())), set(verdict.failed)),
        "unknown": (set(told.get("unknown", ())), set(verdict.unknown)),
    }
    if "duties" in told:
        wanted["duties"] = (told["duties"], {d.clause: d.due.isoformat() for d in verdict.duties})
    if "warns" in told:
        wanted["warns"] = (told["warns"], len(verdict.warnings))
    return "; ".join(f"{k}: {a} but {b}" for k, (a, b) in wanted.items() if a != b)


def failing(book: Lawbook, cases: list[Case]) -> list[str]:
    """Every case that this law does not answer as written."""
    found = []
    for case in cases:
        said = difference(case, judge(book, case.ask))
        if said:
            found.append(f"{case.id}: {said}")
    return found
