"""What a clause, a limit and a system must be beyond the shape of their rows.

Each check yields faults with the line of the row that it concerns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onetonne.base.parties import is_party
from onetonne.rules.facts import BASES, VOCABULARY
from onetonne.rules.law import (
    Citation,
    Clause,
    Controversy,
    Limit,
    Says,
    System,
    Tonnes,
    Version,
    periods,
)
from onetonne.store.lawbook_faults import Fault

Place = tuple[str | int, ...]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_MONEY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


def check_clause(
    document: Any, at: Place, clause: Clause, citations: Mapping[str, Citation]
) -> list[Fault]:
    """Sentences in their languages, versions in order and cited, a day that dates them."""
    faults = [*_languages(document, (*at, "says"), clause.code, clause.says)]
    faults += _versions(document, (*at, "versions"), clause.code, clause.versions, citations)
    kind = VOCABULARY[clause.dated_by].kind if clause.dated_by in VOCABULARY else ""
    if (clause.axis == "fact") != (kind == "day"):
        allowed = ", ".join(n for n, f in VOCABULARY.items() if f.kind == "day")
        facts = {"code": clause.code, "text": clause.dated_by or "nothing", "key": "dated_by"}
        line = document.line((*at, "dated_by"))
        faults.append(Fault("UNKNOWN_VALUE", document.file, line, {**facts, "allowed": allowed}))
    return faults


def check_controversy(
    document: Any, at: Place, row: Controversy, citations: Mapping[str, Citation]
) -> list[Fault]:
    """Its sentence in both languages, and where the finding is written."""
    faults = [*_languages(document, (*at, "says"), row.code, row.says)]
    faults += _cites(document, document.line(at), row.code, row.cites, citations)
    return faults


def check_limit(
    document: Any, at: Place, limit: Limit, citations: Mapping[str, Citation]
) -> list[Fault]:
    """One base that an entity can have, or a part of another limit; versions in order."""
    faults = [*_languages(document, (*at, "says"), limit.code, limit.says)]
    for table, versions in (("shares", limit.shares), ("carries", limit.carries)):
        if versions or table == "shares":
            faults += _versions(document, (*at, table), limit.code, versions, citations)
    for n, row in enumerate(limit.weighs):
        faults += _versions(document, (*at, "weighs", n, "versions"), limit.code, row.versions,
                            citations)  # fmt: skip
    kinds = [bool(limit.base), bool(limit.part_of), limit.among is not None, _amount(limit)]
    if kinds.count(True) != 1:
        facts = {"code": limit.code, "text": "nothing" if not any(kinds) else "several",
                 "key": "base", "allowed": "one of base, part_of, among, or tonnes"}  # fmt: skip
        faults.append(Fault("UNKNOWN_VALUE", document.file, document.line(at), facts))
    return faults


def _amount(limit: Limit) -> bool:
    readings = [r for version in limit.shares for r in version.readings if r is not None]
    return bool(readings) and all(isinstance(r, Tonnes) for r in readings)


def check_system(document: Any, at: Place, system: System) -> list[Fault]:
    """Its zone exists, its periods are in order, its parts and paths lead somewhere."""
    faults = [*_languages(document, (*at, "names"), system.code, system.names)]

    def fault(code: str, place: Place, **facts: str) -> None:
        line = document.line((*at, *place))
        faults.append(Fault(code, document.file, line, {"code": system.code, **facts}))

    try:
        ZoneInfo(system.zone)
    except (ZoneInfoNotFoundError, ValueError):
        fault("UNKNOWN_VALUE", ("zone",), text=system.zone, key="zone", allowed="Asia/Seoul ...")
    if not is_party(system.jurisdiction.partition("-")[0]) and system.jurisdiction != "ICAO":
        fault("UNKNOWN_VALUE", ("jurisdiction",), text=system.jurisdiction, key="jurisdiction",
              allowed="KR, US-CA, ICAO ...")  # fmt: skip
    _rows_of_periods(system, fault)
    for name, limit in system.limits.items():
        if limit.part_of and (limit.part_of not in system.limits or limit.part_of == name):
            fault("UNKNOWN_VALUE", ("limits", name, "part_of"), text=limit.part_of, key="part_of",
                  allowed=", ".join(system.limits))  # fmt: skip
    _figures(system, fault)
    _dues(system, fault)
    _paths(system, fault)
    faults += [f for name, base in system.bases.items()
               for n, term in enumerate(base.terms)
               for f in _versions(document, (*at, "bases", name, "terms", n, "shares"), name,
                                  term.shares, system.citations)]  # fmt: skip
    if not faults:
        _on_periods(system, fault)
    return faults


def _figures(system: System, fault: Any) -> None:
    """Every figure that law asks for is one that an entity has, or is derived, not from itself."""
    known = BASES | set(system.bases)

    def check(name: str, place: Place) -> None:
        if name not in known:
            fault("UNKNOWN_VALUE", place, text=name, key=str(place[-1]),
                  allowed=", ".join(sorted(known)))  # fmt: skip

    for name, limit in system.limits.items():
        if limit.base:
            check(limit.base, ("limits", name, "base"))
    for name, base in system.bases.items():
        for n, term in enumerate(base.terms):
            check(term.of, ("bases", name, "terms", n, "of"))
            if term.of in system.bases:
                fault("CYCLE_OF_FIGURES", ("bases", name), path=f"{name} > {term.of}")
    if system.obligation is not None:
        check(system.obligation.base, ("obligation", "base"))


def _dues(system: System, fault: Any) -> None:
    """A duty says by when; what is owed, what it costs and what a unit is are cited."""
    for name, clause in system.clauses.items():
        due = clause.due
        told = due is not None and (due.on is not None) != (due.days > 0)
        if (clause.effect == "duty") != told:
            fault("WRONG_VALUE", ("clauses", name, "due"), text=str(due), wants="on or days")
    for n, penalty in enumerate(system.penalties):
        _cited(system, penalty.cites, fault, ("penalties", n))
        known = bool(penalty.amount) + bool(penalty.times_price) + bool(penalty.units)
        money = penalty.amount or penalty.times_price
        exact = not money or _MONEY.fullmatch(money)
        if not exact or (not known and not penalty.open):
            fault("WRONG_VALUE", ("penalties", n), text=money or "nothing",
                  wants="amount, times_price or units as text, or open")  # fmt: skip
    for n, nature in enumerate(system.natures):
        _cited(system, nature.cites, fault, ("natures", n))
        if nature.jurisdiction and not is_party(nature.jurisdiction.partition("-")[0]):
            fault("UNKNOWN_VALUE", ("natures", n, "jurisdiction"), text=nature.jurisdiction,
                  key="jurisdiction", allowed="KR, GB-ENG ...")  # fmt: skip
    if system.removals is not None:
        _cited(system, system.removals.cites, fault, ("removals",))
    owed = system.obligation
    for table in ("shares", "partial") if owed is not None else ():
        for n, version in enumerate(getattr(owed, table)):
            _cited(system, version.cites, fault, ("obligation", table, n))
    for n, rate in enumerate(owed.rates if owed is not None else ()):
        _cited(system, rate.cites, fault, ("obligation", "rates", n))
        if not _MONEY.fullmatch(rate.amount):
            fault("WRONG_VALUE", ("obligation", "rates", n), text=rate.amount,
                  wants="an amount as text, such as 25")  # fmt: skip


def _rows_of_periods(system: System, fault: Any) -> None:
    """Years and days that there are, in order, cited."""
    before = 0
    for n, row in enumerate(system.periods):
        for key in ("opens", "closes"):
            text = getattr(row, key)
            if not _day_of_every_year(text) and not (row.code and _whole_day(text)):
                fault("WRONG_VALUE", ("periods", n, key), text=text, wants="a day such as 09-30")
        for key, year in (("first", row.first), ("last", row.last)):
            if year is not None and not 1990 <= year <= 2100:
                fault("WRONG_VALUE", ("periods", n, key), text=str(year), wants="a year")
        if row.first <= before or (row.last or row.first) < row.first:
            fault("DATES_OVERLAP", ("periods", n), since=str(row.first), first=str(before))
        before = row.last or 9999
        _cited(system, row.cites, fault, ("periods", n))
    if not system.periods:
        fault("MISSING_KEY", ("periods",), key="periods")


def _day_of_every_year(text: str) -> bool:
    """MM-DD; 29 February is no day of every year."""
    try:
        return len(text) == 5 and bool(date.fromisoformat(f"2025-{text}"))
    except ValueError:
        return False


def _whole_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _on_periods(system: System, fault: Any) -> None:
    """What a period dates begins with a period and ends with one; a day between says nothing."""
    last = max(row.last or row.first for row in system.periods)
    known = list(periods(system, date(last, 1, 1)))
    first, final = {p.first for p in known}, {p.last for p in known}
    rows = [(("clauses", c.code, "versions"), c.versions) for c in system.clauses.values()
            if c.axis == "period"]  # fmt: skip
    rows += [(("limits", x.code, table), versions) for x in system.limits.values()
             for table, versions in (("shares", x.shares), ("carries", x.carries))]  # fmt: skip
    yearly = {("limits", x.code, "shares") for x in system.limits.values() if x.by_year}
    for at, versions in rows:
        for n, version in enumerate(versions):
            for key, day, allowed, of_year in (
                ("since", version.since, first, (1, 1)),
                ("until", version.until, final, (12, 31)),
            ):
                good = day is None or day in allowed
                if not good and at in yearly and day is not None:
                    good = (day.month, day.day) == of_year
                if not good:
                    fault("NOT_A_PERIOD", (*at, n, key), text=str(day), clause=at[1])


def _paths(system: System, fault: Any) -> None:
    """Paths are cited and do not lead back."""
    steps: dict[str, set[str]] = {}
    for n, path in enumerate(system.paths):
        _cited(system, path.cites, fault, ("paths", n))
        reach, seen = [path.target], {path.target}
        while reach:
            for after in steps.get(reach.pop(), set()) - seen:
                seen.add(after)
                reach.append(after)
        if path.source in seen:
            fault("CYCLE", ("paths", n), path=f"{path.source} > {path.target} > {path.source}")
        steps.setdefault(path.source, set()).add(path.target)


def _cited(system: System, cites: Sequence[str], fault: Any, key: Place) -> None:
    if not cites:
        fault("MISSING_CITATION", key, key="cites")
    for code in cites:
        if code not in system.citations:
            fault("UNKNOWN_CITATION", key, text=code, allowed=", ".join(system.citations))


def _versions(
    document: Any,
    at: Place,
    code: str,
    versions: Sequence[Version],
    citations: Mapping[str, Citation],
) -> Iterator[Fault]:
    """In order of their dates, never two at once, each cited."""
    if not versions:
        facts = {"code": code, "key": str(at[-1])}
        yield Fault("MISSING_KEY", document.file, document.line(at), facts)
    last: date | None = None
    for n, version in enumerate(versions):
        line = document.line((*at, n))
        if version.until and version.until < version.since:
            facts = {"code": code, "since": str(version.since), "until": str(version.until)}
            yield Fault("DATES_REVERSED", document.file, line, facts)
        if last and version.since <= last and not version.expected:
            facts = {"code": code, "since": str(version.since), "first": str(last)}
            yield Fault("DATES_OVERLAP", document.file, line, facts)
        last = last if version.expected else version.until or version.since
        yield from _cites(document, line, code, version.cites, citations)


def _cites(
    document: Any, line: int, code: str, cites: Sequence[str], citations: Mapping[str, Citation]
) -> Iterator[Fault]:
    if not cites:
        yield Fault("MISSING_CITATION", document.file, line, {"code": code, "key": "cites"})
    for cite in cites:
        if cite not in citations:
            facts = {"code": code, "text": cite, "allowed": ", ".join(citations)}
            yield Fault("UNKNOWN_CITATION", document.file, line, facts)


def _languages(document: Any, at: Place, code: str, says: Says) -> Iterator[Fault]:
    wrong = [("en", says.en)] if not _LATIN.search(says.en) or _CHINESE.search(says.en) else []
    wrong += [("zh", says.zh)] if not _CHINESE.search(says.zh) else []
    for key, text in wrong:
        line = document.line((*at, key))
        yield Fault(
            "NOT_IN_LANGUAGE", document.file, line, {"code": code, "key": key, "text": text}
        )
