"""Reading the law that judges: systems, rules as of a day, search, differences, citations."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import msgspec
import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.lawbooks import NO_FILES, LawFile, system_of, today_in
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line, Rows
from onetonne.doors.typed import WrongUsage
from onetonne.ledger.words import SURE
from onetonne.rules import browse
from onetonne.rules.browse import Rule
from onetonne.rules.facts import SHAPES, VOCABULARY
from onetonne.rules.law import Citation, Version, ends
from onetonne.store.systems import load_lawbook

app = typer.Typer()
PANEL = "Law"
law = typer.Typer(help="The lawbook: systems, clauses, facts. 法規。", no_args_is_help=True)
app.add_typer(law, name="law", rich_help_panel=PANEL)
SystemCode = Annotated[str, typer.Argument(help="Its code: onetonne law list.")]


@asks(law, PANEL, "list")
def list_systems(s: Session, law_file: LawFile = NO_FILES) -> None:
    """All systems with their years. 體系清單。"""
    book = load_lawbook(law_file)
    heads = (("system", "體系"), ("name", "名稱"), ("years", "年度"), ("clauses", "條款"))
    rows = [
        (x.code, getattr(x.names, s.out.language),
         f"{x.periods[0].first}-{x.periods[-1].last or ''}", len(x.clauses) + len(x.limits))
        for x in book.systems.values()
    ]  # fmt: skip
    data = {"law": book.digest, "systems": [
        {"code": x.code, "names": msgspec.to_builtins(x.names), "zone": x.zone,
         "clauses": list(x.clauses), "limits": list(x.limits)}
        for x in book.systems.values()]}  # fmt: skip
    s.reply_apart(data, Rows(heads, rows))


@asks(law, PANEL, "show")
def show(
    s: Session,
    system: SystemCode,
    clause: Annotated[str, typer.Argument(help="One clause or limit; all if left out.")] = "",
    on: Annotated[
        date | None,
        typer.Option("--on", parser=o.day, metavar="DAY", help="As of this day; default today."),
    ] = None,
    law_file: LawFile = NO_FILES,
) -> None:
    """The clauses and limits in force on a day, cited. 條款。"""
    found = system_of(load_lawbook(law_file), system)
    day = on or today_in(found)
    rules = [_rule(found, clause)] if clause else list(browse.rules_of(found))
    shown: list[Any] = [Line(f"{found.code}: {found.names.en}, as of {day}",
                             f"{found.code}：{found.names.zh}，{day}", "bold")]  # fmt: skip
    data = []
    for rule in rules:
        version = browse.on_day(rule, day)
        if version is not None:
            shown += [Line(f"{rule.code}: {rule.says.en}", f"{rule.code}：{rule.says.zh}"),
                      *_version(rule, version)]  # fmt: skip
            data.append(_rule_data(rule) | {"version": _version_data(rule, version)})
    s.reply_apart({"system": system, "on": day.isoformat(), "clauses": data}, *shown)


@asks(law, PANEL, "cite")
def cite(
    s: Session,
    system: SystemCode,
    clause: Annotated[str, typer.Argument(help="A clause or a limit.")],
    law_file: LawFile = NO_FILES,
) -> None:
    """Every version of a rule, with its sources in full. 引註。"""
    rule = _rule(system_of(load_lawbook(law_file), system), clause)
    shown: list[Any] = [Line(f"{system} {rule.code}: {rule.says.en}",
                             f"{system} {rule.code}：{rule.says.zh}", "bold")]  # fmt: skip
    for version in rule.versions:
        shown += _version(rule, version)
        shown += [Line(f"    {c.url}", f"    {c.url}", "dim") for c in rule.cited(version) if c.url]
    versions = [_version_data(rule, version) for version in rule.versions]
    s.reply_apart({"system": system, **_rule_data(rule), "versions": versions}, *shown)


@asks(law, PANEL, "search")
def search(
    s: Session,
    words: Annotated[list[str], typer.Argument(help="Words that all must occur.")],
    law_file: LawFile = NO_FILES,
) -> None:
    """Rules by their words, in either language, or by what they cite. 搜尋。"""
    found = browse.search(load_lawbook(law_file), " ".join(words))
    heads = (("system", "體系"), ("rule", "條款"), ("says", "內容"))
    rows = [(r.system.code, r.code, getattr(r.says, s.out.language)) for r in found]
    told = Line(f"{len(rows)} rules.", f"{len(rows)} 則條款。")
    data = {"rules": [{"system": r.system.code, **_rule_data(r)} for r in found]}
    s.reply_apart(data, *([Rows(heads, rows)] if rows else []), told)


@asks(law, PANEL, "diff")
def diff(
    s: Session,
    system: SystemCode,
    before: Annotated[date, typer.Argument(parser=o.day, metavar="DAY", help="On this day.")],
    after: Annotated[date, typer.Argument(parser=o.day, metavar="DAY", help="And on this.")],
    law_file: LawFile = NO_FILES,
) -> None:
    """What the law of a system says otherwise on two days. 修法對照。"""
    if after <= before:
        raise WrongUsage(f"{after} is not after {before}. The earlier day comes first.",
                         f"{after} 不在 {before} 之後。請先寫較早之日。")  # fmt: skip
    found = browse.changes(system_of(load_lawbook(law_file), system), before, after)
    shown: list[Any] = []
    for change in found:
        rule = change.rule
        shown.append(Line(f"{rule.code}: {rule.says.en}", f"{rule.code}：{rule.says.zh}", "bold"))
        for mark, day, version in (("-", before, change.before), ("+", after, change.after)):
            told = browse.words(version) if version else browse.NONE
            places = _cites(rule.cited(version)) if version else ""
            en = f" ({version.confidence}){places}" if version else ""
            zh = f"（{SURE[version.confidence]}）{places}" if version else ""
            shown.append(Line(f"{mark} {day}: {told.en}{en}", f"{mark} {day}：{told.zh}{zh}"))
    shown.append(Line(f"{len(found)} rules differ.", f"{len(found)} 則條款不同。"))
    data = {"system": system, "before": str(before), "after": str(after), "changes": [
        {**_rule_data(c.rule),
         "before": _version_data(c.rule, c.before) if c.before else None,
         "after": _version_data(c.rule, c.after) if c.after else None} for c in found]}  # fmt: skip
    s.reply_apart(data, *shown)


@asks(law, PANEL, "nature")
def nature(
    s: Session,
    unit: Annotated[str, typer.Argument(help="A unit type; all if left out.")] = "",
    law_file: LawFile = NO_FILES,
) -> None:
    """What a unit is in private law: property, permit, security, unsettled. 法律性質。"""
    found = browse.natures(load_lawbook(law_file), unit)
    shown: list[Any] = []
    for system, row in found:
        places = _cites([system.citations[code] for code in row.cites])
        pledge = {True: ("pledgeable", "可設質"), False: ("not pledgeable", "不得設質"),
                  None: ("pledge unsettled", "設質與否未定")}[row.pledgeable]  # fmt: skip
        who = f"{row.jurisdiction or system.jurisdiction} {', '.join(row.units)}"
        status = s.word(row.status)
        shown.append(Line(f"{who}: {row.status}, {pledge[0]}. {row.says.en}{places}",
                          f"{who}：{status}，{pledge[1]}。{row.says.zh}{places}"))  # fmt: skip
    if not found:
        shown.append(Line(f"UNSETTLED: no source says what {unit or 'a unit'} is.",
                          f"未定：無來源說明 {unit or '單位'} 之性質。"))  # fmt: skip
    data = {"unit": unit, "natures": [
        {"system": x.code, "jurisdiction": x.jurisdiction} | msgspec.to_builtins(row)
        for x, row in found] or [{"status": "UNSETTLED"}]}  # fmt: skip
    s.reply_apart(data, *shown)


@asks(law, PANEL, "facts")
def list_facts(s: Session) -> None:
    """Every fact that law can ask of a unit. 事實詞彙。"""
    at = "zh" if s.out.language == "zh" else "en"
    heads = (("fact", "事實"), ("kind", "種類"), ("meaning", "意義"))
    rows = [(name, ", ".join(sorted(f.words)) or (SHAPES[f.kind].zh if at == "zh" else f.kind),
             getattr(f, at))
            for name, f in VOCABULARY.items()]  # fmt: skip
    data = {"facts": [{"name": n, "kind": f.kind, "en": f.en, "zh": f.zh,
                       "words": sorted(f.words)} for n, f in VOCABULARY.items()]}  # fmt: skip
    s.reply_apart(data, Rows(heads, rows))


def _rule(system: Any, code: str) -> Rule:
    known = {rule.code: rule for rule in browse.rules_of(system)}
    if code not in known:
        there = ", ".join(known)
        raise WrongUsage(f"{system.code} has no clause {code!r}. Known: {there}.",
                         f"{system.code} 沒有條款 {code!r}。已有：{there}。")  # fmt: skip
    return known[code]


def _version(rule: Rule, version: Version) -> list[Line]:
    """What a version says, since when, and where that stands."""
    told, until = browse.words(version), ends(rule.versions, version)
    span = f"{version.since} .. {until or ''}".rstrip()
    note = f" [{version.open}]" if version.open else ""
    expected = (" (expected)", "（預期）") if version.expected else ("", "")
    places, sure = _cites(rule.cited(version)), SURE[version.confidence]
    return [Line(f"  {told.en}", f"  {told.zh}"),
            Line(f"  {span}, {version.confidence}{note}{expected[0]}{places}",
                 f"  {span}，{sure}{note}{expected[1]}{places}", "dim")]  # fmt: skip


def _cites(cites: Sequence[Citation]) -> str:
    places = "; ".join(f"{c.instrument}, {c.provision}" for c in cites)
    return f" [{places}]" if places else ""


def _rule_data(rule: Rule) -> dict[str, Any]:
    return {"code": rule.code, "kind": rule.kind, "says": msgspec.to_builtins(rule.says)}


def _version_data(rule: Rule, version: Version) -> dict[str, Any]:
    words, until = browse.words(version), ends(rule.versions, version)
    return {**msgspec.to_builtins(version), "words": msgspec.to_builtins(words),
            "ends": until.isoformat() if until else None,
            "cites": [msgspec.to_builtins(c) for c in rule.cited(version)]}  # fmt: skip
