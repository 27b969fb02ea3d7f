"""Which tonne may enter which system, how many, until when, and why not: `judge`."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.lawbooks import NO_FILES, LawFile, system_of, today_in, unit_of
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.idle import check_idle
from onetonne.doors.render import Line, Rows
from onetonne.doors.typed import WrongUsage
from onetonne.rules.explain import RESULTS, explain
from onetonne.rules.facts import BASES, VOCABULARY, FactFault, Known, read_facts
from onetonne.rules.judge import judge as answer
from onetonne.rules.law import Lawbook, Says, System
from onetonne.rules.law import questions as open_questions
from onetonne.rules.verdict import Ask, Book, Used, Verdict
from onetonne.service import questions
from onetonne.store.lawbook import load_law
from onetonne.store.systems import load_lawbook

app = typer.Typer()
PANEL = "Law"


@asks(app, PANEL)
def judge(
    s: Session,
    lot: Annotated[str, typer.Argument(help="A lot of the ledger; else say --fact.")] = "",
    system: Annotated[str, typer.Option("--system", help="One system; all if left out.")] = "",
    period: Annotated[str, typer.Option("--period", help="2026; else those open.")] = "",
    day: Annotated[
        date | None, typer.Option("--day", parser=o.day, metavar="DAY", help="Default: today.")
    ] = None,
    quantity: Annotated[
        int, typer.Option("--quantity", parser=o.amount, metavar="N", help="How many.")
    ] = 1,
    fact: Annotated[list[str], typer.Option("--fact", help="NAME=VALUE. Repeatable.")] = o.NONE,
    facts: Annotated[Path | None, typer.Option("--facts", help="YAML: NAME: VALUE lines.")] = None,
    base: Annotated[
        list[str], typer.Option("--base", help="obligation=1000, for limits. Repeatable.")
    ] = o.NONE,
    used: Annotated[
        int, typer.Option("--used", parser=o.amount, metavar="N", help="Used in the period.")
    ] = 0,
    reading: Annotated[
        list[str], typer.Option("--reading", help="QUESTION=2: the reading to take. Repeatable.")
    ] = o.NONE,
    strict: Annotated[bool, typer.Option("--strict", help="Presume nothing.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Clauses that hold, too.")] = False,
    vectors: Annotated[Path | None, typer.Option("--vectors", help="Judge a file of rows.")] = None,
    law_file: LawFile = NO_FILES,
) -> None:
    """Which system takes this unit, how many, and why not. 合格性判斷。

    onetonne judge --system SG --period 2026 --fact unit_type=VCU --fact host=GH
    """
    book = load_lawbook(law_file)
    if vectors is not None:
        others = (lot, system, period, day, fact, facts, base, used, reading, strict, everything)
        check_idle(any(others) or quantity != 1, "question beside vectors")
        _vectors(s, vectors, book)
        return
    if quantity < 1:
        raise WrongUsage("--quantity: a question is about one unit or more.",
                         "--quantity：須為一單位以上。")  # fmt: skip
    systems = [system_of(book, system)] if system else list(book.systems.values())
    known = _facts(s, book, lot, fact, facts)
    if not known:
        raise WrongUsage("Which unit? Name a lot, or give --fact unit_type=VCU.",
                         "哪一單位？請指定批次，或給 --fact unit_type=VCU。")  # fmt: skip
    brief = len(systems) > 1 and not (everything or s.out.as_json)  # a table tells no cures
    verdicts: list[Verdict] = []
    for one in systems:
        ask = Ask(
            system=one.code, day=day or today_in(one), facts=known, quantity=quantity,
            period=period or None, book=_book(base, used, period), strict=strict,
            policy=_policy(reading, systems),
        )  # fmt: skip
        told = answer(book, ask)
        verdicts += told if brief else _cured(book, ask, one, told)
    shown: list[Any] = [_table(s, verdicts)] if len(systems) > 1 else []
    for verdict in verdicts if len(systems) == 1 or everything else ():
        shown += [_line(said) for said in explain(verdict, everything)]
    data = {"law": book.digest, "verdicts": [_plain(verdict) for verdict in verdicts]}
    (s.reply if lot else s.reply_apart)(data, *shown)


def _cured(book: Lawbook, ask: Ask, system: System, told: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts with their cures, where they are of a period of the system."""
    from onetonne.rules.cures import with_cures

    return [with_cures(book, ask, v, _conversions()) if v.period in _codes(system, v) else v
            for v in told]  # fmt: skip


def _codes(system: System, verdict: Verdict) -> tuple[str, ...]:
    """The period of a verdict, where it is one of the system's; a cure needs one to start from."""
    years = [(row.first, row.last or 9999, row.code) for row in system.periods]
    text = verdict.period
    known = any(text == code or (text.isdigit() and a <= int(text) <= b) for a, b, code in years)
    return (text,) if known and len(verdict.findings) > 1 else ()


def _vectors(s: Session, path: Path, book: Lawbook) -> None:
    from onetonne.store.vectors import closing, judge_vectors

    outcomes = judge_vectors(path, book)
    last = closing(outcomes)
    rows = [msgspec.to_builtins(outcome) for outcome in outcomes]
    data = {"law": book.digest, "summary": last, "outcomes": rows}
    s.reply_apart(data, *(outcome.line for outcome in outcomes), last)
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


def _facts(
    s: Session, book: Lawbook, lot: str, given: Sequence[str], file: Path | None
) -> dict[str, Known]:
    """Facts of the lot, then of the file, then as typed: the later replaces the earlier."""
    try:
        found: dict[str, Any] = {}
        if lot:
            found |= questions.lot_facts(s.ledger, s.names.lot(lot), book.everywhere)
        found |= _read(file) if file else {}
        found |= _typed(given)
        if not lot and "unit_type" in found:
            unit_of(book, str(found["unit_type"]))
        alone = book.everywhere.unit_facts.get(str(found.get("unit_type")), {})
        return read_facts({**alone, **found})
    except FactFault as fault:
        raise WrongUsage(f"{fault.name}: {fault.en}.", f"{fault.name}：{fault.zh}。") from None


def _read(file: Path) -> dict[str, Any]:
    from onetonne.store.jurisdictions import read_law

    read: dict[str, Any] = read_law(file, cases=True).value
    return read


def _typed(given: Sequence[str]) -> dict[str, str]:
    """The facts as typed, each once. A list may be empty: then it is known that there is none."""
    found: dict[str, str] = {}
    for text in given:
        name = text.partition("=")[0].strip()
        of_many = name in VOCABULARY and VOCABULARY[name].kind == "words"
        name, value = _pair(text, empty=of_many)
        if name in found:
            raise WrongUsage(f"--fact {name} is given twice. Give it once; of a list: {name}=A,B.",
                             f"--fact {name} 重複。請只給一次；多值寫成：{name}=A,B。")  # fmt: skip
        found[name] = value
    return found


def _pair(text: str, empty: bool = False) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and (value or empty)):
        raise WrongUsage(f"{text!r} is no pair. Write NAME=VALUE.",
                         f"{text!r} 不是成對的值。請寫成 名稱=值。")  # fmt: skip
    return name.strip(), value.strip()


def _book(given: Sequence[str], used: int, period: str) -> Book | None:
    """The entity's figures for the period, or, where none are given, only the gates."""
    check_idle(used and not (given and period), "use without a limit")
    if not given:
        return None
    bases: dict[str, dict[str, int]] = {}
    for name, text in map(_pair, given):
        base, _, of = name.partition(":")
        if base not in BASES or not (of or period):
            known = ", ".join(sorted(BASES))
            raise WrongUsage(f"--base {name}: write one of {known}, with --period.",
                             f"--base {name}：請寫其一並加 --period：{known}。")  # fmt: skip
        bases.setdefault(base, {})[of or period] = _count(name, text)
    return Book(bases, (Used(period, used),))


def _count(name: str, text: str) -> int:
    value: int = o.amount(text)
    if value < 0:
        raise WrongUsage(f"{name}: {text} is below zero.", f"{name}：{text} 小於零。")
    return value


def _policy(given: Sequence[str], systems: Sequence[System]) -> dict[str, int]:
    """Which reading to take of which open question."""
    known = {name: many for system in systems for name, many in open_questions(system).items()}
    found = {}
    for name, text in map(_pair, given):
        found[name] = _count(name, text)
        if not 1 <= found[name] <= known.get(name, 0):
            there = ", ".join(f"{n}=1..{many}" for n, many in known.items() if many) or "-"
            raise WrongUsage(f"There is no reading {name}={text}. Known: {there}.",
                             f"沒有解釋 {name}={text}。已有：{there}。")  # fmt: skip
    return found


def _conversions() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for rule in load_law().conversions.values():
        for source in sorted(rule.sources):
            found.setdefault(source, []).append(rule.target)
    return found


def _plain(verdict: Verdict) -> Any:
    return msgspec.to_builtins(verdict, enc_hook=str)


def _line(said: Says) -> Line:
    return Line(said.en, said.zh)


def _result(s: Session, code: str) -> str:
    return RESULTS[code].zh if s.out.language == "zh" else code


def _table(s: Session, verdicts: Sequence[Verdict]) -> Rows:
    heads = (("system", "體系"), ("period", "期別"), ("answer", "結果"), ("units", "單位數"),
             ("because of", "原因"))  # fmt: skip
    rows = [(v.system, v.period or "-", _result(s, v.result), v.quantity,
             ", ".join(v.reasons) or "-") for v in verdicts]  # fmt: skip
    return Rows(heads, rows, right=frozenset({3}))
