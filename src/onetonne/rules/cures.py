"""What would make a clause hold: a fact that somebody can still change, another period, or another
unit. Nothing is promised: each cure is tried by asking the same clause again, and is kept only
where the clause then holds. Where none does, the answer says that nothing can.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from onetonne.rules.act import of_act
from onetonne.rules.compose import leaves, show_fact, shown_in_chinese
from onetonne.rules.facts import VOCABULARY, Facts, Known, presumptions
from onetonne.rules.judge import WINDOW, clauses, consider
from onetonne.rules.law import (
    Citation,
    Clause,
    Lawbook,
    Leaf,
    Period,
    Says,
    Share,
    System,
    Tonnes,
    periods,
)
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Cure, Verdict

Conversions = Mapping[str, Collection[str]]
"""Unit type -> the types into which it can be converted."""

NOTHING = Cure("none", Says("Nothing can cure this.", "無從補正。"))
MOST_PERIODS = 3  # the nearest ones; a list of twenty years helps nobody


def with_cures(
    book: Lawbook, ask: Ask, verdict: Verdict, conversions: Conversions | None = None
) -> Verdict:
    """The verdict, with the cures of every clause that does not hold."""
    system = book.systems[ask.system]
    if system.exchange_for:
        conversions = None  # the exchange itself is what was asked about
    known = {clause.code: (clause, cited) for clause, cited in clauses(book, system)}
    findings = []
    for finding in verdict.findings:
        if finding.held is not Held.HOLDS:
            if finding.clause == WINDOW:
                cures = _windows(system, ask)
            else:
                case = (book, known[finding.clause], ask, verdict.period)
                cures = _of_clause(*case, conversions or {})
            none = () if finding.held is Held.UNKNOWN else (NOTHING,)
            finding = msgspec.structs.replace(finding, cures=tuple(cures) or none)
        findings.append(finding)
    return msgspec.structs.replace(verdict, findings=tuple(findings))


def holds_again(
    book: Lawbook,
    rule: tuple[Clause, dict[str, Citation]],
    ask: Ask,
    period: Period,
    change: Facts,
    spoken: bool = False,
) -> bool:
    """Whether the clause holds of the changed facts, or does not speak of such a unit at all
    (which does not do where it must be `spoken` of)."""
    ask = msgspec.structs.replace(ask, facts={**ask.facts, **change})
    facts = of_act(book.everywhere, book.systems[ask.system], ask.facts, ask.day, period)
    taken = {} if ask.strict else presumptions(facts)
    finding = consider(rule[0], rule[1], ask, period, {**taken, **facts}, frozenset(taken))
    return not spoken if finding is None else finding.held is Held.HOLDS


def _of_clause(
    book: Lawbook,
    rule: tuple[Clause, dict[str, Citation]],
    ask: Ask,
    code: str,
    conversions: Conversions,
) -> list[Cure]:
    system = book.systems[ask.system]
    period = next(p for p in periods(system, ask.day) if p.code == code)
    cures = []
    for change in _changes(rule[0], ask.facts):
        if holds_again(book, rule, ask, period, change):
            cures.append(_fact(change))
            break
    for target in sorted(set(conversions.get(str(ask.facts.get("unit_type")), ()))):
        # What speaks of the source alone is not evaded by making something else of it.
        if holds_again(book, rule, ask, period, {"unit_type": target}, spoken=True):
            says = Says(f"Convert it into {target}.", f"轉換為 {target}。")
            cures.append(Cure("conversion", says, {"unit_type": target}))
    return cures + [
        _period(other) for other in _open_or_to_come(system, ask)
        if other.code != code and holds_again(book, rule, ask, other, {})
    ][:MOST_PERIODS]  # fmt: skip


def _changes(clause: Clause, facts: Facts) -> Iterator[dict[str, Known]]:
    """Changes of facts that could help: each verb's own, and all of them together."""
    together: dict[str, Known] = {}
    for version in clause.versions:
        for reading in version.readings:
            if reading is None or isinstance(reading, Share | Tonnes):
                continue
            for leaf, positive in leaves(reading):
                change = _wanted(leaf, facts) if positive else None
                if change is not None:
                    yield change
                    together |= change
    if len(together) > 1:
        yield together


def _wanted(leaf: Leaf, facts: Facts) -> dict[str, Known] | None:
    """The fact as this verb wants it, where somebody can still bring that about."""
    name = leaf.of[0]
    if not VOCABULARY[name].curable:
        return None
    if leaf.verb == "is_so":
        return {name: True}
    if not isinstance(leaf.value, frozenset) or not leaf.value:
        return None
    have = facts.get(name)
    if leaf.verb.startswith("includes"):
        return {name: (have if isinstance(have, frozenset) else frozenset()) | leaf.value}
    words = VOCABULARY[name].words
    return {name: min(leaf.value, key=words.index) if words else min(leaf.value)}


def _fact(change: dict[str, Known]) -> Cure:
    en = "; ".join(f"{VOCABULARY[n].en}: {show_fact(v)}" for n, v in change.items())
    zh = "；".join(
        f"{VOCABULARY[n].zh}：{shown_in_chinese(show_fact(v))}" for n, v in change.items()
    )
    return Cure("fact", Says(f"Obtain {en}.", f"取得{zh}。"), change)


def _period(period: Period) -> Cure:
    span = f"{period.opens} .. {period.closes}"
    says = Says(
        f"Surrender it for {period.code} ({span}).", f"改為 {period.code} 期繳交（{span}）。"
    )
    return Cure("period", says, period=period.code)


def _open_or_to_come(system: System, ask: Ask) -> Iterator[Period]:
    return (period for period in periods(system, ask.day) if period.closes >= ask.day)


def _windows(system: System, ask: Ask) -> list[Cure]:
    return [_period(period) for period in _open_or_to_come(system, ask)][:MOST_PERIODS]
