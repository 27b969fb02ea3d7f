"""Why a gate refused, in both languages and as data: clauses, what was required and found, where
that is written, what would cure it, and the room that limits left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from onetonne.ledger.units import Law
from onetonne.rules.compose import shown_in_chinese
from onetonne.rules.cures import with_cures
from onetonne.rules.explain import cited, fact_name
from onetonne.rules.facts import VOCABULARY
from onetonne.rules.law import Lawbook
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Finding, Over, Verdict

Told = dict[str, Any]
_UNKNOWN = {"?": "unknown"}


def conversions(law: Law) -> dict[str, list[str]]:
    """Unit type -> what the law of units lets it be converted into."""
    found: dict[str, list[str]] = {}
    for rule in law.conversions.values():
        for source in sorted(rule.sources):
            found.setdefault(source, []).append(rule.target)
    return found


def failures(book: Lawbook, ask: Ask, verdict: Verdict, into: dict[str, list[str]]) -> Told:
    """The clauses that fail, and those that are unknown beside them."""
    cured = with_cures(book, ask, verdict, into) if len(verdict.findings) > 1 else verdict
    stopping = [f for f in cured.findings if f.held is not Held.HOLDS]
    failed = [f for f in stopping if f.held is Held.FAILS]
    return {
        "clauses": ", ".join(f.clause for f in failed),
        "because": _both([_said(f) for f in failed]),
        "findings": [_data(f) for f in stopping],
    }


def lacking(book: Lawbook, ask: Ask, verdict: Verdict) -> Told:
    """The clauses that cannot be settled, and which facts or questions leave them open."""
    cured = with_cures(book, ask, verdict)
    stopping = [f for f in cured.findings if f.held is Held.UNKNOWN]
    names = list(dict.fromkeys(name for f in stopping for name in f.missing))
    questions = [f.open for f in stopping if f.open]
    en = ", ".join([VOCABULARY[n].en for n in names] + questions)
    zh = "、".join([VOCABULARY[n].zh for n in names] + questions)
    return {
        "clauses": ", ".join(f.clause for f in stopping),
        "missing": {"en": en or "-", "zh": zh or "-"},
        "facts": ", ".join(names),
        "findings": [_data(f) for f in stopping],
    }


def exceeded(over: Sequence[Over]) -> Told:
    """The limits, how many were asked for, and the room that was left."""
    return {
        "limits": ", ".join(row.limit for row in over),
        "room": min(row.room for row in over),
        "asked": max((row.asked or 0 for row in over), default=0),
        "because": _both([_over(row) for row in over]),
        "rooms": {row.limit: row.room for row in over},
    }


def _both(said: Iterable[tuple[str, str]]) -> dict[str, str]:
    pairs = list(said)
    return {
        "en": "; ".join(en.removesuffix(".") for en, _ in pairs),
        "zh": "；".join(zh.removesuffix("。") for _, zh in pairs),
    }


def _over(row: Over) -> tuple[str, str]:
    where = cited(row.cites)
    asked = ("unknown", "不明") if row.asked is None else (str(row.asked), str(row.asked))
    until_now = ("; a share of use, which later use can move", "；占使用量之比，後續使用仍會變動")
    note = until_now if row.provisional else ("", "")
    return (
        f"{row.limit}: {row.says.en} {asked[0]} asked for, {row.room} left{note[0]}{where}",
        f"{row.limit}：{row.says.zh}要求 {asked[1]}，尚餘 {row.room}{note[1]}{where}",
    )


def _said(finding: Finding) -> tuple[str, str]:
    en = ", ".join(f"{fact_name(n).en}: {_UNKNOWN.get(v, v)}" for n, v in finding.found.items())
    zh = "，".join(f"{fact_name(n).zh}：{shown_in_chinese(v)}" for n, v in finding.found.items())
    cures = [cure for cure in finding.cures if cure.kind != "none"]
    more_en = "".join(f" Cure: {cure.says.en}" for cure in cures)
    more_zh = "".join(f"補正：{cure.says.zh}" for cure in cures)
    where = cited(finding.cites)
    return (
        f"{finding.clause}: {finding.says.en} Found: {en or '-'}{where}{more_en}",
        f"{finding.clause}：{finding.says.zh}實際：{zh or '-'}{where}{more_zh}",
    )


def _data(finding: Finding) -> Told:
    return {
        "clause": finding.clause,
        "held": finding.held.value,
        "required": {"en": finding.required.en, "zh": finding.required.zh},
        "found": dict(finding.found),
        "missing": list(finding.missing),
        "cites": cited(finding.cites).strip(),
        "cures": [{"kind": c.kind, "en": c.says.en, "zh": c.says.zh} for c in finding.cures],
    }
