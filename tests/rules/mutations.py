"""Changes to the law that some case must notice: each day moved, each share and count changed.

What a period dates is moved by a period, since the loader refuses a day on which none begins.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path as Path_
from typing import Any

from tests.rules.cases import texts

from onetonne.store.jurisdictions import CASES

Path = tuple[str | int, ...]


def same(folder: Path_ = CASES) -> dict[tuple[Path, str], str]:
    """Moves that change nothing: where and what, and why; each system's beside its cases."""
    found: dict[tuple[Path, str], str] = {}
    for _, text in texts(folder):
        for row in text.get("same", ()):
            at = tuple(int(x) if x.isdigit() else x for x in row["at"].split("/"))
            found[((text["system"], *at), row["change"])] = row["why"]
    return found


SAME = same()


def mutants(system: str, law: dict[str, Any]) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """Every single change of a system's compiled law: where, what, and the law with it."""
    for at, value in _leaves(law, ()):
        for what, other in _changed(law, at, value):
            if ((system, *at), what) not in SAME:
                yield at, what, _put(law, at, other)


def _leaves(value: Any, at: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict) and value.get("type") == "share":
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "citations":
                yield from _leaves(inner, (*at, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _leaves(inner, (*at, n))
    else:
        yield at, value


UNJUDGED = ("penalties", "natures", "obligation", "removals", "allowances")
"""Not asked by the judge; `tests/ets` moves what is owed and what it costs."""


def _changed(law: dict[str, Any], at: Path, value: Any) -> Iterator[tuple[str, Any]]:
    if at[0] in UNJUDGED:
        return
    if isinstance(value, dict):
        yield from _shares(value, "weighs" in at)
    elif at[0] == "periods" and at[-1] in ("opens", "closes") and len(value) == 10:
        for days in (1, -1):
            yield f"{days:+} day", (date.fromisoformat(value) + timedelta(days)).isoformat()
    elif at[0] == "periods" and at[-1] in ("opens", "closes"):
        for days in (1, -1):
            moved = date.fromisoformat(f"2025-{value}") + timedelta(days)
            if moved.year == 2025:
                yield f"{days:+} day", moved.isoformat()[5:]
    elif isinstance(value, str) and _is_day(value):
        yield from _days(law, at, value)
    elif isinstance(value, int) and not isinstance(value, bool) and at[-1] not in ("n", "d"):
        yield "+1", value + 1
        yield "-1", value - 1


def _shares(value: dict[str, Any], ratio: bool) -> Iterator[tuple[str, Any]]:
    share = Fraction(value["n"], value["d"])
    for what, step in (("+0.001", Fraction(1, 1000)), ("-0.001", Fraction(-1, 1000))):
        moved, plain = share + step, value.get("plain", False)
        if moved >= 0 and (ratio or plain or moved <= 1):
            yield what, value | {"n": moved.numerator, "d": moved.denominator}


def _days(law: dict[str, Any], at: Path, value: str) -> Iterator[tuple[str, Any]]:
    if at[-1] in ("since", "until") and _by_period(law, at):
        if at[0] == "limits" and law["limits"][at[1]].get("by_year"):
            for years in (1, -1):
                yield f"{years:+} year", f"{int(value[:4]) + years}{value[4:]}"
            return
        known = _periods(law, since=at[-1] == "since")
        here = known.index(int(value[:4]))
        for step in (1, -1):
            if 0 <= here + step < len(known):  # else the loader refuses it
                year = known[here + step]
                said = "year" if abs(year - known[here]) == 1 else "period"
                yield f"{step:+} {said}", f"{year}{value[4:]}"
        return
    for days in (1, -1):
        moved = (date.fromisoformat(value) + timedelta(days)).isoformat()
        reversed_ = at[-1] == "by" and moved < (_get(law, at[:-1]).get("after") or "")
        if not reversed_:  # else the loader refuses it
            yield f"{days:+} day", moved


def _periods(law: dict[str, Any], since: bool) -> list[int]:
    """The years with which periods begin (or end), in order; thirty of a row without an end."""
    found = []
    for row in law["periods"]:
        first, last = row["first"], row.get("last") or row["first"] + 30
        if row.get("code"):
            found.append(first if since else last)
        else:
            found += range(first, last + 1)
    return found


def _by_period(law: dict[str, Any], at: Path) -> bool:
    if at[0] in ("limits", "paths", "bases"):
        return True
    clause = at[0] == "clauses" and "versions" in at
    return clause and law["clauses"][at[1]].get("axis", "period") == "period"


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _get(law: dict[str, Any], at: Path) -> dict[str, Any]:
    inner: Any = law
    for step in at:
        inner = inner[step]
    found: dict[str, Any] = inner
    return found


def _put(law: dict[str, Any], at: Path, value: Any) -> dict[str, Any]:
    made = copy.copy(law)
    inner: Any = made
    for step in at[:-1]:
        inner[step] = copy.copy(inner[step])
        inner = inner[step]
    inner[at[-1]] = value
    return made


def as_data(canonical: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(canonical)
    return found
