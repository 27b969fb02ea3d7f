"""What may be asked of Article 6: authorisations, first transfers, balances, room, totals.

Every answer has its JSON twin; fractions are exact there (`100/3`) and rounded to two places here.
"""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from onetonne.article6 import initial_report
from onetonne.article6.safeguards import Limits, check
from onetonne.doors.cli import options as o
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.measures import ORDINARY, amounts, of_outcome, summed, with_metrics
from onetonne.doors.render import Line, Rows, number, rounded
from onetonne.doors.typed import WrongUsage, read_party
from onetonne.service.questions import article6 as ask
from onetonne.service.questions.article6_options import Domestic, Option, options
from onetonne.service.questions.article6_policies import limits_of, policies

app = typer.Typer()
PANEL = "Article 6"
Party = Annotated[str, typer.Argument(help="The Party's code: GH.")]
Year = Annotated[int, typer.Option("--year", help="A year of the NDC meant.")]


def exact(value: Any) -> Any:
    """Plain data with fractions as text."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return {str(name): exact(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [exact(one) for one in value]
    if isinstance(value, msgspec.Struct):
        return {name: exact(getattr(value, name)) for name in value.__struct_fields__}
    return value


@asks(app, PANEL, "list", when=True)
def list_authorisations(s: Session) -> None:
    """Authorisations and where each stands. 授權清單。"""
    answer = ask.authorisations(s.ledger, s.moment)
    heads = (("code", "代碼"), ("version", "版本"), ("Party", "締約方"), ("approach", "合作方法"),
             ("for", "用途"), ("cap", "上限"), ("first transferred", "已首次移轉"),
             ("status", "狀態"))  # fmt: skip
    rows = [(a.row.authorisation, a.row.version, a.row.party, a.row.approach,
             " ".join((*a.row.purposes, *a.row.parties)), a.row.cap or "-", a.row.transferred,
             s.word(a.status)) for a in answer.rows]  # fmt: skip
    table = Rows(heads, rows[:SHOWN], right=frozenset({5, 6}))
    metrics = [of_outcome(a.row.metric) for a in answer.rows]
    s.reply(exact(answer), with_metrics(table, 7, metrics, s.out.language), more(len(rows)),
            as_of(answer.as_of))  # fmt: skip


@asks(app, PANEL, "approaches", when=True)
def approaches(s: Session) -> None:
    """Cooperative approaches. 合作方法清單。"""
    answer = ask.listed(s.ledger, "approaches", s.moment)
    heads = (("code", "代碼"), ("Parties", "締約方"), ("since", "自"), ("title", "名稱"))
    rows = [(a.approach, ", ".join(a.parties), a.since or "", a.title) for a in answer.rows]
    s.reply(exact(answer), Rows(heads, rows), as_of(answer.as_of))


@asks(app, PANEL, "first-transfers", when=True)
def first_transfers(
    s: Session,
    party: Annotated[str, typer.Option("--party", help="Of this host.")] = "",
    code: Annotated[str, typer.Option("--authorisation", help="Under this one.")] = "",
) -> None:
    """What was first transferred, when and why. 首次移轉。"""
    answer = ask.first_transfers(s.ledger, read_party(party), code, s.moment)
    heads = (("lot", "批次"), ("serials", "序號"), ("units", "單位數"), ("host", "地主國"),
             ("day", "日期"), ("by", "觸發"), ("authorisation", "授權"))  # fmt: skip
    rows = [(m.lot, m.serials, m.quantity, m.host, m.day, s.word(m.trigger), m.authorisation)
            for m in answer.rows]  # fmt: skip
    en, zh = amounts(summed((m.metric, m.quantity) for m in answer.rows))
    table = Rows(heads, rows[:SHOWN], right=frozenset({2}))
    metrics = [m.metric for m in answer.rows]
    s.reply(
        exact(answer), with_metrics(table, 3, metrics, s.out.language), more(len(rows)),
        Line(f"{en} first transferred.", f"共首次移轉 {zh}。"),
        as_of(answer.as_of),
    )  # fmt: skip


@asks(app, PANEL, "policy", when=True)
def list_policies(s: Session) -> None:
    """What rules leave open, and the answers that hold. 政策選項。"""
    told = policies(s.ledger, s.moment)
    at = s.out.language
    own = {"en": "entry {}", "zh": "條目 {}"}[at]
    parts: list[Any] = []
    for held in told.rows:
        asked = held.policy
        cited = f"{asked.citation.instrument}, {asked.citation.provision}"
        by = own.format(held.entry) if held.entry else cited
        parts.append(
            Rows(((asked.code, asked.code), (held.value, held.value)), [
                ({"en": "question", "zh": "問題"}[at], getattr(asked.names, at)),
                ({"en": "answers", "zh": "選項"}[at], held.answers),
                ({"en": "by", "zh": "依據"}[at], by),
                ({"en": "because", "zh": "預設理由"}[at], getattr(asked.because, at)),
            ])
        )  # fmt: skip
    s.reply(s.data(told), *parts, as_of(told.as_of))


@asks(app, PANEL, when=True)
def balance(s: Session, party: Party, year: Year = 0) -> None:
    """A Party's balance: emissions, transfers, use. 排放餘額。"""
    answer = ask.accounts(s.ledger, party.upper(), year, s.moment)
    told = answer.balance
    heads = (("year", "年度"), ("inventory", "清冊"), ("first transferred", "首次移轉"),
             ("used", "使用"), ("adjustment", "調整"), ("balance", "餘額"),
             ("path", "路徑"))  # fmt: skip
    rows = [(str(y.year), rounded(y.emissions), y.first, y.used, rounded(y.adjustment),
             rounded(y.balance), rounded(y.path)) for y in told.years]  # fmt: skip
    reached, goal = rounded(told.reached), rounded(told.target)
    s.reply(
        exact(answer),
        Line(f"{told.party} {answer.ndc.first}-{answer.ndc.last}, {told.method}, {told.metric}: "
             "emissions + first transfers - use.",
             f"{told.party} {answer.ndc.first}-{answer.ndc.last}，{s.word(told.method)}，"
             f"{told.metric}：排放＋首次移轉－使用。", "bold"),
        Rows(heads, rows, right=frozenset(range(1, 7))),
        *_earlier(answer),
        *_errata(answer),
        _annual(answer),
        *_levied(answer),
        Line(f"Reached {reached} of {goal}: {told.verdict}, missing {rounded(told.gap)}.",
             f"達成 {reached}／{goal}：{s.word(told.verdict)}，差額 {rounded(told.gap)}。"),
        as_of(answer.as_of),
    )  # fmt: skip


def _earlier(answer: ask.Accounts) -> list[Line]:
    """Units of the CDM, which are no ITMOs and stand by themselves."""
    return [
        Line(
            f"Pre-2021 reductions used for {y.year}: {number(y.earlier)}, beside the adjustment.",
            f"{y.year} 年使用 2021 年前之減量：{number(y.earlier)}，不計入調整。",
        )
        for y in answer.balance.years
        if y.earlier
    ]


def _errata(answer: ask.Accounts) -> list[Line]:
    """What was recalled stands apart: the column of first transfers still holds it; what came after
    the period was closed, none does."""
    years, entry = answer.balance.years, answer.ndc.closed
    final = Line(
        f"Closed by entry {entry}: these adjustments are final.",
        f"已由條目 {entry} 結清：調整不再變動。",
    )
    late = [
        Line(
            f"Errata of {y.year}: {y.late:+,} after the closing, in no adjustment.",
            f"{y.year} 年勘誤：結清後 {y.late:+,}，未計入調整。",
        )
        for y in years
        if y.late
    ]
    return [*([final] if entry else []), *late] + [
        Line(
            f"Errata of {y.year}: {number(y.recalled)} recalled, taken from the adjustment.",
            f"{y.year} 年勘誤：召回 {number(y.recalled)}，已自調整扣除。",
        )
        for y in years
        if y.recalled
    ]


def _annual(answer: ask.Accounts) -> Rows:
    heads = (("happened in", "發生年度"), ("for NDCs", "供 NDC"), ("for others", "供其他目的"),
             ("recalled", "召回"), ("used", "使用"), ("net", "淨額"),
             ("cumulative", "累計"))  # fmt: skip
    rows = [(str(a.year), a.first, a.others, a.recalled, a.used, a.net, a.cumulative)
            for a in answer.annual
            if a.first or a.others or a.used or a.recalled]  # fmt: skip
    return Rows(heads, rows, right=frozenset(range(1, 7)))


def _levied(answer: ask.Accounts) -> list[Line]:
    """What approaches levied of their own accord stands in the columns of first transfers."""
    return [
        Line(
            f"Of those of {a.year}, levied: {number(a.sop)} for adaptation, {number(a.omge)} for"
            f" overall mitigation; worth of {number(a.owed)} owed.",
            f"{a.year} 年其中提撥：調適 {number(a.sop)}，整體減緩 {number(a.omge)}；"
            f"應付 {number(a.owed)} 單位之價額。",
        )
        for a in answer.annual
        if a.sop or a.omge or a.owed
    ]


@asks(app, PANEL, when=True)
def totals(
    s: Session,
    out: Annotated[
        Path | None,
        typer.Option("--csv", parser=o.place, metavar="FILE", help="Write them to this file."),
    ] = None,
) -> None:
    """First transfers and uses of all Parties, by year. 全球總量。"""
    answer = ask.listed(s.ledger, "tallies", s.moment)
    fields = ("party", "basis", "year", "happened", "approach", "purpose", "metric", "quantity")
    heads = (("Party", "締約方"), ("what", "項目"), ("adjusts", "調整年度"),
             ("done", "發生年度"), ("approach", "合作方法"), ("purpose", "用途"),
             ("metric", "計量"), ("units", "單位數"))  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        tuple(getattr(row, name) for name in fields) for row in answer.rows
    ]
    if out is not None:
        with out.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([fields, *rows])
    shown = [(p, s.word(b), str(y), str(h), *rest) for p, b, y, h, *rest in rows[:SHOWN]]
    s.reply(exact(answer) | ({"file": str(out)} if out else {}),
            Rows(heads, shown, right=frozenset({7})), more(len(rows)),
            as_of(answer.as_of))  # fmt: skip


@asks(app, PANEL, "may", when=True)
def may(
    s: Session,
    party: Party,
    lot: Annotated[str, typer.Argument(help="Lot, by code or number.")],
    year: Annotated[int, typer.Option("--year", help="Of the NDC; default this year.")] = 0,
) -> None:
    """May one of this Party have units, and for what? 可否取得與使用。"""
    told = options(s.ledger, s.names.lot(lot), read_party(party), year or s.today.year, s.moment)
    heads = (("units", "單位數"), ("under", "授權"), ("", ""), ("answer", "答覆"))
    zh = s.out.language == "zh"
    rows = [
        (r.quantity if n == 0 else "", _situation(s, r) if n == 0 else "", WHAT[what][zh],
         _answer(r, what, s.out.language))
        for r in told.rows if not r.ended for n, what in enumerate(r.answers)
    ]  # fmt: skip
    rows += [(r.quantity, _situation(s, r), ("anything", "任何用途")[zh],
              _answer(r, "obtain", s.out.language)) for r in told.rows if r.ended]  # fmt: skip
    rows += [("", d.system, ("trading system", "排放交易體系")[zh], _domestic(d, zh))
             for d in told.domestic]  # fmt: skip
    none = not told.domestic
    metrics = [told.metric if row[0] != "" else ORDINARY for row in rows]
    s.reply(
        exact(told),
        Line(f"{told.lot} of {told.host}, asked for {told.party}, NDC year {told.year}:",
             f"{told.host} 的 {told.lot}，詢問者 {told.party}，NDC 年度 {told.year}：", "bold"),
        with_metrics(Rows(heads, rows, right=frozenset({0})), 1, metrics, s.out.language),
        Line(f"The lawbook knows no trading system of {told.party}.",
             f"法規中沒有 {told.party} 的排放交易體系。") if none else None,
        as_of(told.as_of),
    )  # fmt: skip


WHAT = {"obtain": ("obtain", "取得"), "NDC": ("use towards its NDC", "用於本國 NDC"),
        "IMP": ("use for CORSIA", "用於 CORSIA"),
        "OP": ("use for another purpose (OP)", "用於其他目的（OP）"),
        "claim": ("claim, adjusting nothing", "自願宣告（不調整）")}  # fmt: skip


def _situation(s: Session, row: Option) -> str:
    """Under which authorisation units stand, and whether they were first transferred or ended."""
    if row.ended:
        return s.word(row.ended)
    done = s.word("first_transferred").replace("_", " ") if row.first_transferred else ""
    return " ".join(filter(None, (row.authorisation or "-", done)))


def _answer(row: Option, what: str, language: str) -> str:
    no = row.answers[what]
    if no is None:
        return f"✓ {row.acts[what]}"
    mend = row.cures[what]
    cured = mend.zh if language == "zh" else mend.en
    return f"✗ {row.acts[what]}: {no.sentence(language)} → {cured}"


def _domestic(told: Domestic, zh: bool) -> str:
    said = told.says.zh if zh else told.says.en
    sign = "✗" if told.cure else "✓"
    why = f" [{', '.join(told.reasons)}]" if told.reasons else ""
    return f"{sign} {told.act}: {said}{why}" + (f" → {told.cure}" if told.cure else "")


@asks(app, PANEL, "safeguards", when=True)
def safeguards(
    s: Session,
    party: Party,
    first: Annotated[
        int | None,
        typer.Option(
            "--first-per-year",
            parser=o.amount,
            metavar="AMOUNT",
            help="First transfers of a year at most.",
        ),
    ] = None,
    share: Annotated[str, typer.Option("--first-share", help="Of each year's path: 1/10.")] = "",
    gap: Annotated[str, typer.Option("--used-share", help="Of the gap to the goal: 1/2.")] = "",
    year: Year = 0,
) -> None:
    """Hold a Party against limits of its own. 防衛措施檢核。"""
    answer = ask.accounts(s.ledger, party.upper(), year, s.moment)
    own = limits_of(s.ledger, s.moment)
    limits = Limits(
        own.first_per_year if first is None else first,
        read_share(share) if share else own.first_share_of_path,
        read_share(gap) if gap else own.used_share_of_gap,
    )
    told = check(answer.ndc, answer.figures, limits)
    heads = (("limit", "限制"), ("year", "年度"), ("found", "實際"), ("allowed", "上限"),
             ("verdict", "結果"))  # fmt: skip
    rows = [(c.limit, str(c.year or "-"), rounded(c.found), rounded(c.allowed), s.word(c.verdict))
            for c in told]  # fmt: skip
    s.reply({"checks": exact(told)}, Rows(heads, rows, right=frozenset({2, 3})),
            as_of(answer.as_of))  # fmt: skip


def read_share(text: str) -> Fraction | None:
    """A share as typed, 1/10 or 0.1. Raises WrongUsage."""
    try:
        return Fraction(text) if text else None
    except (ValueError, ZeroDivisionError) as error:
        raise WrongUsage(f"{text!r} is no share: write 1/10.", f"{text!r} 不是比例：請寫 1/10。"
                         ) from error  # fmt: skip


@asks(app, PANEL, "report-check")
def report_check(
    s: Session,
    file: Annotated[Path, typer.Argument(help="JSON: a text for each section.")],
) -> None:
    """Which sections an initial report still lacks. 初始報告檢核。"""
    try:
        draft = msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except msgspec.MsgspecError as error:
        raise WrongUsage(
            f"{file} is no JSON object of texts: {error}.",
            f"{file} 不是文字的 JSON 物件：{error}。",
        ) from error
    lacking, strange = initial_report.missing(draft), initial_report.unknown(draft)
    odd, at = ", ".join(strange), 1 if s.out.language == "zh" else 0
    rows = [(name, initial_report.SECTIONS[name][at]) for name in lacking]
    s.reply_apart(
        {"complete": not lacking, "missing": list(lacking), "unknown": list(strange)},
        Line("Nothing is missing.", "各節齊備。", "green") if not lacking
        else Rows((("missing", "缺少"), ("what it says", "內容")), rows),
        Line(f"No such section: {odd}.", f"沒有此節：{odd}。", "yellow") if odd else None,
    )  # fmt: skip
    if lacking:
        raise typer.Exit(1)
