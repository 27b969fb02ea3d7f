"""A verdict in sentences, in both languages: the answer, what stood in the way and where that is
written, what would cure it, the room, and what was taken for granted.
"""

from __future__ import annotations

from collections.abc import Iterator

from onetonne.rules.compose import show_fact, shown_in_chinese
from onetonne.rules.facts import VOCABULARY
from onetonne.rules.law import Citation, Says
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Finding, Room, Verdict

RESULTS = {
    "ELIGIBLE": Says("eligible", "合格"),
    "ELIGIBLE_UP_TO": Says("eligible up to a limit", "於上限內合格"),
    "NOT_ELIGIBLE": Says("not eligible", "不合格"),
    "INDETERMINATE": Says("cannot be settled", "無法確定"),
}
_HELD = {
    Held.FAILS: Says("Fails", "不符"),
    Held.UNKNOWN: Says("Unknown", "不明"),
    Held.HOLDS: Says("Holds", "符合"),
}


def explain(verdict: Verdict, everything: bool = False) -> list[Says]:
    """The verdict as sentences. Clauses that hold are told only if `everything` is asked for."""
    return list(_sentences(verdict, everything))


def _sentences(verdict: Verdict, everything: bool) -> Iterator[Says]:
    yield headline(verdict)
    for finding in verdict.findings:
        if everything or finding.held is not Held.HOLDS:
            yield from _finding(finding)
    for room in verdict.rooms:
        yield _room(room)
    for duty in verdict.duties:
        where = cited(duty.cites)
        yield Says(
            f"Taken provisionally. By {duty.due}: {duty.required.en}. {duty.says.en}{where}",
            f"暫予受理。須於 {duty.due} 前：{duty.required.zh}。{duty.says.zh}{where}",
        )
    if "LIMIT_EXHAUSTED" in verdict.reasons:
        yield Says("The limit is used up.", "上限已用罄。")
    assumed = dict.fromkeys(n for f in verdict.findings for n in f.assumed)
    for name in assumed:
        presumed = VOCABULARY[name].presumed
        if presumed is not None:
            fact = VOCABULARY[name]
            value = show_fact(presumed.value)
            yield Says(f"Assumed: {fact.en} is {value} ({presumed.why.en}).",
                       f"推定：{fact.zh}為{shown_in_chinese(value)}"
                       f"（{presumed.why.zh}）。")  # fmt: skip
    yield from verdict.warnings


def headline(verdict: Verdict) -> Says:
    """System, period and answer in one line."""
    result = RESULTS[verdict.result]
    what = f"{verdict.system} {verdict.period}".strip()
    count = f"{verdict.quantity:,} / {verdict.requested:,}"
    return Says(f"{what}, {verdict.day}: {result.en} ({verdict.result}), {count}.",
                f"{what}，{verdict.day}：{result.zh}（{verdict.result}），{count}。")  # fmt: skip


def _finding(finding: Finding) -> Iterator[Says]:
    held = _HELD[finding.held]
    en = "; ".join(f"{fact_name(n).en}: {v}" for n, v in finding.found.items())
    zh = "；".join(f"{fact_name(n).zh}：{shown_in_chinese(v)}" for n, v in finding.found.items())
    where = cited(finding.cites)
    yield Says(
        f"{held.en}: {finding.clause}. {finding.says.en} Required: {finding.required.en}. "
        f"Found: {en or '-'}.{where}",
        f"{held.zh}：{finding.clause}。{finding.says.zh}要求：{finding.required.zh}。"
        f"實際：{zh or '-'}。{where}",
    )
    if finding.missing:
        lacking = [VOCABULARY[name] for name in finding.missing]
        yield Says(f"  Not known: {', '.join(f.en for f in lacking)}.",
                   f"  未知：{'、'.join(f.zh for f in lacking)}。")  # fmt: skip
    if finding.open:
        yield Says(f"  Open question: {finding.open}.", f"  未決問題：{finding.open}。")
    for cure in finding.cures:
        yield Says(f"  Cure: {cure.says.en}", f"  補正：{cure.says.zh}")


def fact_name(name: str) -> Says:
    """What a fact of a finding is called; `period` is of the question, not of the vocabulary."""
    fact = VOCABULARY.get(name)
    return Says(fact.en, fact.zh) if fact else _ASKED.get(name, Says(name, name))


_ASKED = {"period": Says("period", "期別")}


def _room(room: Room) -> Says:
    best = "-" if room.possible is None else f"{room.possible:,}"
    count = f"{room.certain:,}" if room.possible == room.certain else f"{room.certain:,} .. {best}"
    note = f" [{', '.join(room.open)}]" if room.open else ""
    where = cited(room.cites)
    return Says(
        f"Room left: {count} ({room.limit}, {room.share}). {room.says.en}{note}{where}",
        f"剩餘空間：{count}（{room.limit}，{room.share}）。{room.says.zh}{note}{where}",
    )


def cited(cites: tuple[Citation, ...]) -> str:
    """Instruments and provisions in brackets."""
    places = "; ".join(f"{cite.instrument}, {cite.provision}" for cite in cites)
    return f" [{places}]" if places else ""
