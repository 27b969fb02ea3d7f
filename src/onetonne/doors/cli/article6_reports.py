"""Reports of Article 6 on the command line: a host's room and plan, surrender, a stocktake."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from onetonne.article6.balance import MISSED
from onetonne.article6.room import Room
from onetonne.doors.cli import options as o
from onetonne.doors.cli.article6_questions import PANEL, Party, Year, exact
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.measures import amounts, measure, of_outcome, summed, with_metrics
from onetonne.doors.render import Line, Rows, number
from onetonne.doors.typed import read_party
from onetonne.service.questions import article6_room, article6_stocktake, article6_surrender

app = typer.Typer()


@asks(app, PANEL, "surrendered", when=True)
def surrendered(
    s: Session,
    party: Annotated[str, typer.Option("--party", help="Of this Party's NDC period.")] = "",
    year: Year = 0,
) -> None:
    """What was surrendered and not used, and the other way round. 已繳交與 NDC。"""
    answer = article6_surrender.compared(s.ledger, party.upper(), year, s.moment)
    heads = (("lot", "批次"), ("serials", "序號"), ("units", "單位數"), ("Party", "締約方"),
             ("system", "體系"), ("effect", "效果"), ("used for", "用於"), ("", ""))  # fmt: skip
    rows = [(r.lot, r.serials, r.quantity, r.party, r.system or "-", s.word(r.effect) or "-",
             str(r.used or "-"), s.word(r.state)) for r in answer.rows]  # fmt: skip
    bare, alone = (amounts(summed((r.metric, r.quantity) for r in answer.rows if r.state == state))
                   for state in ("not_used", "not_surrendered"))  # fmt: skip
    table = Rows(heads, rows[:SHOWN], right=frozenset({2}))
    metrics = [r.metric for r in answer.rows]
    style = "red" if answer.verdict == MISSED else ""
    s.reply(
        exact(answer), with_metrics(table, 3, metrics, s.out.language), more(len(rows)),
        Line(f"{bare[0]} surrendered and not used towards an NDC; {alone[0]} used and not "
             "surrendered.",
             f"{bare[1]}已繳交而尚未用於 NDC；{alone[1]}已使用而未經繳交。", style),
        Line(f"{answer.party} {answer.period}, empty by {answer.last_day}: {answer.verdict}.",
             f"{answer.party} {answer.period}，應於 {answer.last_day} 前清空："
             f"{s.word(answer.verdict)}。", style) if answer.party else None,
        as_of(answer.as_of),
    )  # fmt: skip


@asks(app, PANEL, when=True)
def room(s: Session, party: Party, year: Year = 0) -> None:
    """What a host has left for its own NDC. 地主國餘裕。"""
    answer = article6_room.room(s.ledger, party.upper(), year, s.moment)
    r, zh = answer.room, s.out.language == "zh"
    lines = [
        ("achieved", "已實現", r.achieved),
        ("share of proceeds (Adaptation Fund)", "收益分成（調適基金）", r.share_of_proceeds),
        ("owed for adaptation in money", "應付調適金額之單位", r.owed),
        ("cancelled for overall mitigation", "全球整體減緩取消", r.omge),
        ("of it of one's own accord", "其中自願取消", r.omge_voluntary),
        ("kept for its own NDC", "已計入本國 NDC", r.kept),
        *_by_receiver(r),
        ("first transferred for NDCs", "已首次移轉（供 NDC）", r.first_transferred["NDC"]),
        ("first transferred for others", "已首次移轉（供其他目的）", r.first_transferred["OIMP"]),
        ("of it used for NDCs", "其中已用於 NDC", r.used["NDC"]),
        ("of it used for others", "其中已用於其他目的", r.used["OIMP"]),
        ("ended otherwise", "以其他方式終結", r.ended),
        ("here, not first transferred", "在帳，未首次移轉", answer.here),
        ("left: sure to stay", "餘裕：確定留存", answer.left),
    ]
    rows = [(line[zh], line[2]) for line in lines]
    unlimited = ", ".join(r.unlimited)
    measured = ("units", "單位") if answer.metric == "GHG" else measure(answer.metric)
    s.reply(
        exact(answer),
        Line(f"{r.party}, vintages of {r.period}:", f"{r.party}，{r.period} 年份：", "bold"),
        Rows((measured, ("", "")), rows, right=frozenset({1})),
        Line(f"Without a cap, so that all may go: {unlimited}.",
             f"未設上限，可能全數移出：{unlimited}。", "yellow") if unlimited else None,
        as_of(answer.as_of),
    )  # fmt: skip


def _by_receiver(r: Room) -> list[tuple[str, str, str]]:
    """What authorisations allow, with what of it is still to go."""
    names = {"parties": ("to Parties", "締約方"), "entities": ("to entities", "實體"),
             "others": ("for other purposes", "其他國際目的")}  # fmt: skip
    return [
        (f"authorised {en}; still to go", f"已授權{zh}；尚可移出",
         f"{number(r.authorised[kind])}; {number(r.promised[kind])}")
        for kind, (en, zh) in names.items()
    ]  # fmt: skip


def money(value: Decimal | None, s: Session) -> str:
    """An exact amount, or that it cannot be told."""
    return s.word("indeterminate") if value is None else f"{value:,f}"


@asks(app, PANEL, when=True)
def plan(s: Session, party: Party, year: Year = 0) -> None:
    """What a host planned to sell, and what a tonne costs to replace. 地主國計畫。"""
    told = article6_room.plan(s.ledger, party.upper(), year, s.moment)
    p, money_of = told.plan, told.plan.currency or "-"
    heads = (("sector", "部門"), ("vintages", "年份"), ("planned", "計畫"),
             ("authorised", "已授權"), ("left", "餘額"), ("sold", "已售"), ("price", "價格"),
             ("replace", "替代"), ("cost/t", "每噸成本"),
             ("cost of sold", "已售成本"))  # fmt: skip
    rows = [
        (r.share.sector, _years(r.share.first, r.share.last), r.planned, r.authorised, r.left,
         r.sold, r.share.price or "-", r.share.replacement or "-", money(r.cost, s),
         money(r.cost_of_sold, s))
        for r in told.lines
    ]  # fmt: skip
    spare = s.word("indeterminate") if told.room is None else number(told.room)
    given = "-" if told.authorised is None else number(told.authorised)
    s.reply(
        exact(told),
        Line(f"{p.party} {p.first}-{p.last}, version {p.version}; money in {money_of}:",
             f"{p.party} {p.first}-{p.last}，第 {p.version} 版；幣別 {money_of}：", "bold"),
        Rows(heads, rows, right=frozenset(range(2, 10))),
        Line(f"To replace what is sold costs {money(told.cost_of_sold, s)} beyond its price; all "
             f"that is authorised {money(told.cost_of_authorised, s)}.",
             f"替代已售單位之成本高於售價 {money(told.cost_of_sold, s)}；全部已授權單位為 "
             f"{money(told.cost_of_authorised, s)}。"),
        Line(f"The pledge leaves {spare}, authorised are {given}: {told.verdict}.",
             f"承諾可容 {spare}，已授權 {given}：{s.word(told.verdict)}。",
             "red" if told.verdict == MISSED else ""),
        *[Line(f"{o.authorisation} goes {number(o.units)} beyond, by person {o.by} in entry "
               f"{o.entry}: {o.reason}",
               f"{o.authorisation} 超出 {number(o.units)}，由人員 {o.by} 於條目 {o.entry} 決定："
               f"{o.reason}", "yellow") for o in told.overridden],
        as_of(told.as_of),
    )  # fmt: skip


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


@asks(app, PANEL, when=True)
def stocktake(
    s: Session,
    party: Annotated[str, typer.Option("--party", help="Only of this host.")] = "",
    out: Annotated[
        Path | None,
        typer.Option("--csv", parser=o.place, metavar="FILE", help="Write it to this file."),
    ] = None,
) -> None:
    """All outcomes by Party, year, purpose and status. 全球盤點。"""
    answer = article6_stocktake.stocktake(s.ledger, read_party(party), s.moment)
    fields = article6_stocktake.FIELDS
    rows = [tuple(getattr(row, name) for name in fields) for row in answer.rows]
    if out is not None:
        with out.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([fields, *rows])
    heads = (("Party", "締約方"), ("metric", "計量"), ("year", "年份"), ("purpose", "用途"),
             ("status", "狀態"), ("used by", "使用方"), ("units", "單位數"))  # fmt: skip
    shown = [(row[0], row[1], str(row[2]), row[3] or "-", s.word(row[4]), row[5] or "-", row[6])
             for row in rows]  # fmt: skip
    s.reply(
        exact(answer) | ({"file": str(out)} if out else {}),
        Rows(heads, shown[:SHOWN], right=frozenset({6})), more(len(rows)),
        *[_sums(metric, of, s) for metric, of in answer.by_status.items()],
        as_of(answer.as_of),
    )  # fmt: skip


def _sums(metric: str, of: dict[str, int], s: Session) -> Line:
    told = s.listed(f"{s.word(status)} {number(units)}" for status, units in sorted(of.items()))
    en, zh = amounts({of_outcome(metric): sum(of.values())})
    return Line(f"{metric}: {en}: {told}.", f"{metric}：共 {zh}：{told}。")
