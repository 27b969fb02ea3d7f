"""What a law file must satisfy beyond its types: both languages, dates, acts with their sinks,
codes that exist, no circle of conversions.

Each check returns faults with file and line; `check_row` sees one row, `check_law` all together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from onetonne.base.serial_grammars import GRAMMARS
from onetonne.ledger.units import END_OF_ACT, Law, UnitType
from onetonne.store.lawbook_faults import Fault

if TYPE_CHECKING:
    from onetonne.store.strict_yaml import Document

    Homes = Mapping[tuple[str, str], Document]
    """(table, code) -> the file that the row was read from."""

PROFILES = {"opaque", "own"} | {grammar.registry for grammar in GRAMMARS}

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,39}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


def check_row(document: Document, at: tuple[str, str], row: Any) -> list[Fault]:
    """Faults of one row by itself."""
    code = at[1]
    faults = list(_languages(document, at, row))
    if not _CODE.fullmatch(code):
        faults.append(Fault("BAD_CODE", document.file, document.line(at), {"code": code}))
    since, until = getattr(row, "since", None), getattr(row, "until", None)
    if since and until and until < since:
        facts = {"code": code, "since": str(since), "until": str(until)}
        line = document.line((*at, "until"))
        faults.append(Fault("DATES_REVERSED", document.file, line, facts))
    if isinstance(row, UnitType):
        faults += _unit(document, at, row)
    return faults


def _unit(document: Document, at: tuple[str, str], row: UnitType) -> Iterator[Fault]:
    """One serial is at least one of its metric, and its serials have a known form."""
    if row.quantum < 1:
        facts = {"code": row.code, "key": "quantum", "text": str(row.quantum)}
        line = document.line((*at, "quantum"))
        yield Fault("NOT_POSITIVE", document.file, line, facts)
    if row.serial_profile not in PROFILES:
        allowed = ", ".join(sorted(PROFILES))
        facts = {"code": row.code, "key": "serial_profile", "text": row.serial_profile}
        line = document.line((*at, "serial_profile"))
        yield Fault("UNKNOWN_VALUE", document.file, line, {**facts, "allowed": allowed})


def _languages(document: Document, at: tuple[str, str], row: Any) -> Iterator[Fault]:
    for field in ("names", "because"):
        said = getattr(row, field, None)
        if said is None:
            continue
        wrong = []
        if not _LATIN.search(said.en) or _CHINESE.search(said.en):
            wrong.append(("en", said.en))
        if not _CHINESE.search(said.zh):
            wrong.append(("zh", said.zh))
        for key, text in wrong:
            line = document.line((*at, field, key))
            facts = {"code": at[1], "key": key, "text": text}
            yield Fault("NOT_IN_LANGUAGE", document.file, line, facts)


def check_law(law: Law, homes: Homes) -> list[Fault]:
    """Faults between rows. Only rows with a home (a file read now) are looked at."""
    faults: list[Fault] = []
    for (table, code), document in homes.items():
        found: list[tuple[str, str, dict[str, str]]] = []
        if table == "units":
            found = [*_acts_and_sinks(law, code)]
        elif table == "conversions":
            found = [*_ends_of_conversion(law, code)]
        elif table == "mechanisms":
            found = [*_mechanism(law, code)]
        for fault, key, facts in found:
            line = document.line((table, code, key))
            faults.append(Fault(fault, document.file, line, {"code": code, **facts}))
    return faults or _circles(law, homes)


def _acts_and_sinks(law: Law, code: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every act that ends a unit has its sink and every sink its act."""
    unit = law.units[code]
    kinds = law.cancellation_kinds
    for act, sink in END_OF_ACT.items():
        if act in unit.acts and sink not in unit.sinks:
            yield "ACT_WITHOUT_SINK", "sinks", {"act": act, "sink": sink}
        if act not in unit.acts and sink in unit.sinks:
            yield "SINK_WITHOUT_ACT", "sinks", {"act": act, "sink": sink}
    cancelled = unit.sinks - set(END_OF_ACT.values())
    if "cancel" in unit.acts and not cancelled:
        yield "ACT_WITHOUT_SINK", "sinks", {"act": "cancel", "sink": "/".join(sorted(kinds))}
    for sink in sorted(cancelled):
        if sink not in kinds:
            allowed = ", ".join(sorted({*kinds, *END_OF_ACT.values()}))
            yield "UNKNOWN_VALUE", "sinks", {"text": sink, "key": "sinks", "allowed": allowed}
        elif "cancel" not in unit.acts:
            yield "SINK_WITHOUT_ACT", "sinks", {"act": "cancel", "sink": sink}


def _ends_of_conversion(law: Law, code: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Source and target exist; what is burnt here may be burnt by a conversion."""
    conversion = law.conversions[code]
    named = [("sources", unit) for unit in sorted(conversion.sources)]
    for key, unit in [*named, ("target", conversion.target)]:
        if unit not in law.units:
            yield "UNKNOWN_UNIT", key, {"unit": unit}
            continue
        burnt_here = key == "sources" and conversion.basis == "held"
        if burnt_here and "convert" not in law.units[unit].acts:
            yield "NOT_CONVERTIBLE", key, {"unit": unit}


def _mechanism(law: Law, code: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Its units are units, and its roundings are open points that a ledger may choose."""
    row = law.mechanisms[code]
    for key, unit in (("unit", row.unit), *(("earlier", u) for u in sorted(row.earlier.units))):
        if unit not in law.units:
            yield "UNKNOWN_UNIT", key, {"unit": unit}
    named = [("levies", one.rounding) for one in row.levies]
    for key, policy in (*named, ("buffer_rounding", row.buffer_rounding)):
        if policy not in law.policies:
            allowed = ", ".join(law.policies)
            yield "UNKNOWN_VALUE", key, {"text": policy, "key": key, "allowed": allowed}


def _circles(law: Law, homes: Homes) -> list[Fault]:
    """Conversions that lead back to where they began, each reported once at its own row."""
    steps: dict[str, set[str]] = {}
    faults: list[Fault] = []
    for code, conversion in law.conversions.items():
        for source in sorted(conversion.sources):
            path = _way(steps, conversion.target, source)
            if path and ("conversions", code) in homes:
                document = homes["conversions", code]
                line = document.line(("conversions", code))
                facts = {"code": code, "path": " > ".join([source, *path])}
                faults.append(Fault("CYCLE", document.file, line, facts))
            steps.setdefault(source, set()).add(conversion.target)
    return faults


def _way(steps: Mapping[str, set[str]], start: str, goal: str) -> list[str]:
    """A path of conversions from `start` to `goal` (both in it), or nothing."""
    paths = [[start]]
    seen = {start}
    while paths:
        path = paths.pop()
        if path[-1] == goal:
            return path
        for after in sorted(steps.get(path[-1], set()) - seen):
            seen.add(after)
            paths.append([*path, after])
    return []
