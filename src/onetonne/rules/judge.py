"""May this unit enter that system, on that day, and how many? One of five that tell the story.

Gates first, and every one that fails is told; a certain failure outranks an unknown. Only where
all gates hold are the limits asked. Pure: facts and law in, verdict out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from onetonne.rules import limits
from onetonne.rules.act import of_act
from onetonne.rules.compose import described, every, held, missing, show_fact
from onetonne.rules.controversies import told
from onetonne.rules.facts import Facts, presumptions
from onetonne.rules.law import (
    Citation,
    Clause,
    Lawbook,
    Period,
    Says,
    Share,
    System,
    Tonnes,
    announced,
    called,
    ends,
    in_force,
    periods,
)
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Duty, Finding, Result, Verdict

WINDOW = "window"
"""The clause that every system has: one surrenders for a period while it is open."""


def judge(book: Lawbook, ask: Ask) -> list[Verdict]:
    """One verdict for the period asked about, or one for each that is open on the day. If none is,
    the next that opens is judged, so that one sees what else stands in the way; where none follows,
    one verdict says so. Raises KeyError for a system that is not in `book`."""
    system = book.systems[ask.system]
    known = list(periods(system, ask.day))
    if ask.period is not None:
        found = [p for p in known if called(p, ask.period)]
    else:
        found = [p for p in known if p.opens <= ask.day <= p.closes]
        found = found or [p for p in known if ask.day < p.opens][:1]
    if not found:
        return [_no_period(book, ask, known)]
    return [judge_period(book, ask, period) for period in found]


def judge_period(book: Lawbook, ask: Ask, period: Period) -> Verdict:
    """The verdict for one period of the system."""
    system = book.systems[ask.system]
    facts = of_act(book.everywhere, system, ask.facts, ask.day, period)
    taken = {} if ask.strict else presumptions(facts)
    findings, warnings, duties = [_window(system, period, ask.day)], [], []
    for clause, citations in clauses(book, system):
        finding = consider(clause, citations, ask, period, {**taken, **facts}, frozenset(taken))
        warnings += _expected(clause)
        if finding is None:
            continue
        if clause.effect == "gate":
            findings.append(finding)
        elif clause.effect == "warning" and finding.held is Held.HOLDS:
            warnings.append(clause.says)
        elif clause.due is not None and finding.held is not Held.HOLDS:
            duties.append(Duty(clause=clause.code, says=clause.says, required=finding.required,
                               due=clause.due.day(ask.day), cites=finding.cites))  # fmt: skip
    warnings += told(book.everywhere, ask.facts, ask.day)
    targets = [
        path.target
        for path in system.paths
        if path.source == facts.get("unit_type") and path.stands(period.first)
    ]
    warnings += [_as(targets)] if targets else []
    verdict = Verdict(
        system=system.code, period=period.code, day=ask.day, requested=ask.quantity,
        result="ELIGIBLE", quantity=ask.quantity, reasons=(), findings=tuple(findings),
        warnings=tuple(warnings), duties=tuple(duties), law=book.digest,
    )  # fmt: skip
    return _counted(book, period, ask, verdict)


def clauses(book: Lawbook, system: System) -> list[tuple[Clause, dict[str, Citation]]]:
    """What every system asks, then what this one asks, with where each is cited from."""
    shared = [(clause, book.everywhere.citations) for clause in book.everywhere.clauses.values()]
    return shared + [(clause, system.citations) for clause in system.clauses.values()]


def consider(
    clause: Clause,
    citations: dict[str, Citation],
    ask: Ask,
    period: Period,
    facts: Facts,
    taken: frozenset[str],
) -> Finding | None:
    """What a clause says of these facts; None where it does not speak of such a unit."""
    applies = Held.HOLDS if clause.when is None else held(clause.when, facts)
    day = _dated(clause, period, ask.day, facts)
    version = None if day is None else in_force(clause.versions, day)
    if applies is Held.FAILS or (day is not None and version is None):
        return None
    if version is None:  # the fact that dates the clause is unknown
        return Finding(
            clause=clause.code, says=clause.says, held=Held.UNKNOWN, required=clause.says,
            found={clause.dated_by: "?"}, missing=(clause.dated_by,),
        )  # fmt: skip
    readings = version.chosen(ask.policy)
    tests = [reading for reading in readings if not isinstance(reading, Share | Tonnes)]
    answers = [Held.HOLDS if test is None else held(test, facts) for test in tests]
    answer = answers[0] if len(set(answers)) == 1 else Held.UNKNOWN
    real = [test for test in tests if test is not None]
    if not real and tests:
        return None  # repealed
    if applies is Held.UNKNOWN and (answer is not Held.HOLDS or clause.effect == "warning"):
        answer = Held.UNKNOWN  # it may not speak of this unit at all
    if applies is Held.UNKNOWN and clause.when is not None:
        real.append(clause.when)
    descriptions = [described(test) for test in real]
    read = dict.fromkeys(name for one in descriptions for name in one.reads)
    open_tests = real if answer is Held.UNKNOWN else []
    disputed = len(set(answers)) != 1
    return Finding(
        clause=clause.code, says=clause.says, held=answer,
        required=descriptions[0].words if real else clause.says,
        found={name: show_fact(facts.get(name)) for name in read},
        missing=tuple(dict.fromkeys(n for test in open_tests for n in missing(test, facts))),
        assumed=tuple(name for name in read if name in taken),
        since=version.since, until=ends(clause.versions, version),
        open=(version.open or "low-confidence") if disputed else "",
        confidence=version.confidence,
        cites=tuple(citations[code] for code in version.cites),
    )  # fmt: skip


def _dated(clause: Clause, period: Period, day: date, facts: Facts) -> date | None:
    """The day by which a clause's versions are told apart; None where a fact is unknown."""
    if clause.axis == "fact":
        found = facts.get(clause.dated_by)
        return found if isinstance(found, date) else None
    return day if clause.axis == "day" else period.first


def _window(system: System, period: Period, day: date) -> Finding:
    inside = Held.HOLDS if period.opens <= day <= period.closes else Held.FAILS
    low = inside is Held.FAILS and period.confidence == "low"
    span = f"{period.opens} .. {period.closes}"
    return Finding(
        clause=WINDOW, held=Held.UNKNOWN if low else inside, says=_WINDOW,
        required=Says(f"day of the act within {span} for {period.code}",
                      f"{period.code} 期之行為日在 {span} 之內"),
        found={"transaction_day": day.isoformat()}, since=period.opens, until=period.closes,
        open="low-confidence" if low else "", confidence=period.confidence,
        cites=tuple(system.citations[code] for code in period.cites),
    )  # fmt: skip


def _counted(book: Lawbook, period: Period, ask: Ask, verdict: Verdict) -> Verdict:
    """The verdict with its result: by the gates, then by the limits."""
    system = book.systems[ask.system]
    gates = every([finding.held for finding in verdict.findings])
    if gates is not Held.HOLDS:
        result: Result = "NOT_ELIGIBLE" if gates is Held.FAILS else "INDETERMINATE"
        return _with(verdict, result, 0, verdict.failed or verdict.unknown)
    if ask.book is None:
        unasked = (_UNASKED,) if system.limits else ()
        return _with(verdict, "ELIGIBLE", ask.quantity, (), warnings=verdict.warnings + unasked)
    earlier = [p for p in periods(system, ask.day) if p.first < period.first]
    at = limits.At(system, period, earlier[-1] if earlier else None, ask, book.everywhere)
    rooms = limits.rooms(at)
    certain, possible = limits.settle(ask.quantity, rooms)
    binding = tuple(room.limit for room in rooms if room.certain < ask.quantity)
    said = [_PROVISIONAL] if any(room.provisional for room in rooms) else []
    said += [_unasked(limit.says) for limit in limits.unasked(at)]
    kept = {"rooms": tuple(rooms), "warnings": (*verdict.warnings, *said)}
    if certain != possible:
        return _with(verdict, "INDETERMINATE", certain, binding, **kept)
    if certain == ask.quantity:
        return _with(verdict, "ELIGIBLE", certain, (), **kept)
    if certain:
        return _with(verdict, "ELIGIBLE_UP_TO", certain, binding, **kept)
    return _with(verdict, "NOT_ELIGIBLE", 0, ("LIMIT_EXHAUSTED", *binding), **kept)


def _with(
    verdict: Verdict, result: Result, quantity: int, reasons: tuple[str, ...], **more: object
) -> Verdict:
    facts = {name: getattr(verdict, name) for name in verdict.__struct_fields__}
    return Verdict(**(facts | {"result": result, "quantity": quantity, "reasons": reasons} | more))


def _no_period(book: Lawbook, ask: Ask, known: list[Period]) -> Verdict:
    """Nothing can be surrendered: no such period, or none open on that day."""
    system = book.systems[ask.system]
    last = known[-1].code if system.periods[-1].last else ""
    span = f"{known[0].code} .. {last}".strip()
    finding = Finding(
        clause=WINDOW, says=_WINDOW, held=Held.FAILS,
        required=Says(f"a period of {system.code} ({span}) that is open on the day",
                      f"{system.code} 當日開放繳交之履約期（{span}）"),
        found={"period": ask.period or "none", "transaction_day": ask.day.isoformat()},
        since=known[0].opens, cites=tuple(system.citations[c] for c in known[0].cites),
    )  # fmt: skip
    return Verdict(
        system=system.code, period=ask.period or "", day=ask.day, result="NOT_ELIGIBLE",
        quantity=0, requested=ask.quantity, reasons=(WINDOW,), findings=(finding,),
        law=book.digest,
    )  # fmt: skip


def _expected(clause: Clause) -> list[Says]:
    return [Says(f"Announced, not yet law, from {v.since}: {clause.says.en}",
                 f"已公布、尚未生效（自 {v.since} 起）：{clause.says.zh}")
            for v in announced(clause.versions)]  # fmt: skip


def _as(targets: Sequence[str]) -> Says:
    return Says(f"It enters only as {' or '.join(targets)}: convert it first, one for one.",
                f"僅能以 {' 或 '.join(targets)} 進入：請先依 1：1 轉換。")  # fmt: skip


_WINDOW = Says("One surrenders for a period while it is open.", "於履約期開放期間繳交。")
_PROVISIONAL = Says(
    "A share of what is used: provisional until the period's last surrender.",
    "依實際使用量計算之比率；至該期最後一次繳交前均屬暫定。",
)


def _unasked(says: Says) -> Says:
    return Says(f"Not asked, for want of the whole system's use: {says.en}",
                f"因缺全體系使用量，未予檢視：{says.zh}")  # fmt: skip


_UNASKED = Says(
    "Only the gates were asked; how many may enter depends on the entity's limits.",
    "僅檢視資格條件；可繳交數量尚視該事業之上限而定。",
)
