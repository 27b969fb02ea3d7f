"""What a regulator, an operator or a reviewer asks of a compliance system."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

import msgspec
import typer

from onetonne.base.account_numbers import show
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line, Rows, number
from onetonne.ets.status import Cost, Payment, Settled
from onetonne.ledger.words import word
from onetonne.service.questions import compliance as q

PANEL = "Compliance"
ets = typer.Typer(
    help="Compliance systems: operators, figures, status, duties. 履約制度。", no_args_is_help=True
)
System = Annotated[str, typer.Option("--system", help="The system: KR. See: onetonne law list.")]
Operator = Annotated[str, typer.Option("--operator", help="The operator's code: KR-0001.")]
Period = Annotated[str, typer.Option("--period", help="The compliance period: 2025.")]
_WORDS = {
    "not_due": ("not due yet", "尚未到期"),
    "compliant": ("compliant", "已履約"),
    "provisionally_compliant": ("provisionally compliant", "暫時履約"),
    "made_good_late": ("made good late", "逾期補繳"),
    "payable": ("the rest is paid in money", "餘額以金錢繳納"),
    "paid": ("the rest was paid in money", "餘額已以金錢繳清"),
    "short": ("short", "未足額"),
    "unreported": ("emissions not reported", "未申報排放量"),
}


def _plain(answer: Any) -> Any:
    return msgspec.to_builtins(answer, enc_hook=str)


@asks(ets, PANEL, "operators", when=True)
def list_operators(s: Session, system: System = "") -> None:
    """Operators of a system. 納管事業清單。"""
    answer = q.operators(s.ledger, system, s.moment)
    rows = [(r.system, r.operator, show(r.account),
             ", ".join(f"{k}={v}" for k, v in r.facts.items())) for r in answer.rows]  # fmt: skip
    heads = (("system", "體系"), ("operator", "事業"), ("account", "帳戶"), ("facts", "事實"))
    s.reply(_plain(answer), Rows(heads, rows[:SHOWN]), more(len(rows)), as_of(answer.as_of))


@asks(ets, PANEL, "figures", when=True)
def list_figures(s: Session, system: System, operator: Operator = "", period: Period = "") -> None:
    """Figures in force: entitlements, obligations, verified emissions. 數值清單。"""
    answer = q.figures(s.ledger, system, operator, period, s.moment)
    rows = [
        (r.operator, r.period, s.word(r.figure), number(r.tonnes), str(r.entry))
        for r in answer.rows
    ]
    heads = (("operator", "事業"), ("period", "期別"), ("figure", "數值"), ("tonnes", "噸數"),
             ("entry", "條目"))  # fmt: skip
    s.reply(_plain(answer), Rows(heads, rows[:SHOWN], right=frozenset({3, 4})), more(len(rows)),
            as_of(answer.as_of))  # fmt: skip


@asks(ets, PANEL, "used", when=True)
def list_uses(s: Session, system: System, operator: Operator = "", period: Period = "") -> None:
    """What was used for a period, by lot. 已使用清單。"""
    answer = q.uses(s.ledger, system, operator, period, s.moment)
    rows = [(r["operator"], r["period"], r["code"], number(r["tonnes"]), str(r["entry"]))
            for r in answer.rows]  # fmt: skip
    heads = (("operator", "事業"), ("period", "期別"), ("lot", "批次"), ("tonnes", "噸數"),
             ("entry", "條目"))  # fmt: skip
    s.reply(_plain(answer), Rows(heads, rows[:SHOWN], right=frozenset({3, 4})), more(len(rows)),
            as_of(answer.as_of))  # fmt: skip


@asks(ets, PANEL, "duties", when=True)
def list_duties(
    s: Session,
    system: System = "",
    everything: Annotated[bool, typer.Option("--all", help="Those that were met, too.")] = False,
) -> None:
    """Duties that are open or overdue. 待履行義務。"""
    answer = q.duties(s.ledger, system, everything, s.moment)
    rows = [(str(d.duty), d.clause, d.system, d.operator, d.period, number(d.tonnes), str(d.due),
             d.outcome or "open") for d in answer.rows]  # fmt: skip
    heads = (("entry", "條目"), ("clause", "條款"), ("system", "體系"), ("operator", "事業"),
             ("period", "期別"), ("tonnes", "噸數"), ("due", "期限"),
             ("state", "狀態"))  # fmt: skip
    s.reply(_plain(answer), Rows(heads, [(*r[:7], s.word(r[7])) for r in rows[:SHOWN]]),
            more(len(rows)), as_of(answer.as_of))  # fmt: skip


@asks(ets, PANEL, when=True)
def status(s: Session, operator: Operator, system: System, period: Period) -> None:
    """What an operator owes, gave and lacks for a period. 履約狀態。

    onetonne ets status --operator KR-0001 --system KR --period 2025
    """
    answer = q.status(s.ledger, system, operator, period, s.moment)
    x = answer.status
    en, zh = _WORDS[x.status]
    if x.status == "unreported" and x.awaited and not any(map(_reported, x.awaited)):
        en, zh = "a figure is missing", "尚缺數值"
    owed, missing = _told(x.obligation), number(x.outstanding)
    missing = "-" if x.obligation is None else missing
    counted = x.deducted or number(x.counted)
    rows: list[tuple[str, str]] = [(unit, number(tonnes)) for unit, tonnes in x.surrendered.items()]
    shown: list[Any] = [
        Line(f"{x.operator}, {x.system} {x.period}: {en}.", f"{x.operator}，{x.system} "
             f"{x.period}：{zh}。", "bold"),
        Line(f"Owed: {owed[0]}; counted {counted}, missing {missing}; deadline {x.deadline}.",
             f"應繳：{owed[1]}；計入 {counted}，尚缺 {missing}；期限 {x.deadline}。"),
    ]  # fmt: skip
    if x.deadline_confidence == "low":
        shown.append(Line("That day is an outer bound: no text that was read names the last day. "
                          "Ask the regulator.",
                          "該期限僅為外限：已查閱之文本未載明最後期限，請向主管機關查證。",
                          "yellow"))  # fmt: skip
    if x.awaited:
        shown.append(_awaits(x.awaited))
    if x.interim:
        shown.append(Line(f"Due in advance by now: {number(x.interim)}.",
                          f"至今應預繳：{number(x.interim)}。"))  # fmt: skip
    if x.next_interim:
        shown.append(Line(f"Next day for a part of it: {x.next_interim}.",
                          f"下一部分繳交期限：{x.next_interim}。"))  # fmt: skip
    if rows:
        shown.append(
            Rows((("unit", "單位"), ("surrendered", "已繳交")), rows, right=frozenset({1}))
        )
    if x.late:
        shown.append(Line(f"Of it late, after {x.deadline}: {number(x.late)}.",
                          f"其中逾期（{x.deadline} 後）補繳：{number(x.late)}。"))  # fmt: skip
    if x.provisional or x.lost:
        shown.append(Line(
            f"Provisional under duties: {number(x.provisional)}; no longer counted: "
            f"{number(x.lost)}. See: onetonne ets duties.",
            f"附義務暫計：{number(x.provisional)}；不再計入：{number(x.lost)}。"
            "請見：onetonne ets duties。"))  # fmt: skip
    if x.excess:
        shown.append(Line(f"Excess: {number(x.excess)} t. It goes back: onetonne ets return.",
                          f"超繳：{number(x.excess)} 噸。退還：onetonne ets return。"))  # fmt: skip
    if x.payment:
        shown.append(_paid(x.payment))
    if x.penalty:
        shown.extend(_costs(x.penalty, x.shortfall))
    shown.extend(_settled(one) for one in x.paid)
    s.reply(_plain(answer), *shown, as_of(answer.as_of))


def _reported(name: str) -> bool:
    """Whether a figure that is awaited, of a year or not, is one that a verifier reports."""
    return name.partition(" ")[0] == "verified_emissions"


def _awaits(names: Iterable[str]) -> Line:
    """The figures that somebody must still tell, and by which command."""
    told = []
    for name in names:
        figure, _, year = name.partition(" ")
        how = "ets emissions" if _reported(name) else f"ets figure {figure}"
        of = f" --period {year}" if year else ""
        told.append((name, f"{word(figure, 'zh')} {year}".rstrip(), how + of))
    return Line(
        "Awaited: " + "; ".join(f"{en} (onetonne {how})" for en, _, how in told) + ".",
        "尚待：" + "；".join(f"{zh}（onetonne {how}）" for _, zh, how in told) + "。",
    )


def _told(tonnes: int | None) -> tuple[str, str]:
    """A number of tonnes in both languages, or that nobody reported it."""
    return ("not reported yet", "尚未申報") if tonnes is None else (number(tonnes),) * 2


def _money(amount: str) -> str:
    """`27000120` as `27,000,120`; what follows the point stays."""
    whole, point, part = amount.partition(".")
    return f"{int(whole):,}{point}{part}"


def _paid(x: Payment) -> Line:
    note = (f" {x.note.en}", x.note.zh) if x.note else ("", "")
    sum_ = f"{_money(x.total)} {x.currency}"
    return Line(
        f"In money by {x.by}: {_money(x.tonnes)} t at {x.per_tonne} {x.currency} make {sum_}. "
        f"What is paid of it is recorded with: onetonne ets pay.{note[0]}",
        f"{x.by} 前應繳金額：{_money(x.tonnes)} 噸，每噸 {x.per_tonne} {x.currency}，"
        f"計 {sum_}。已繳者之登載：onetonne ets pay。{note[1]}",
    )


def _settled(x: Settled) -> Line:
    """What was paid, of what, and what is open; law may leave open how much is due."""
    kind = {"penalty": ("Penalty", "罰款"), "tax": ("Tax or fee", "稅費")}[x.kind]
    due, rest = (f"{_money(text)} {x.currency}" if text else "" for text in (x.due, x.open))
    unknown = ("how much is due is not settled", "應繳金額未定")
    paid = f"{_money(x.paid)} {x.currency}"
    return Line(
        f"{kind[0]}: {due + '; ' if due else ''}paid {paid}, last on {x.on}; "
        + (f"open {rest}." if rest else f"{unknown[0]}."),
        f"{kind[1]}：{due + '；' if due else ''}已繳 {paid}（最近 {x.on}）；"
        + (f"未繳 {rest}。" if rest else f"{unknown[1]}。"),
    )


def _costs(x: Cost, tonnes: int) -> list[Line]:
    """What the shortfall costs, and the law's own words about it."""
    sum_ = f"{_money(x.total)} {x.currency}" if x.total else ""
    most = ("at most ", "至多 ") if x.times_price else ("", "")
    en = [f"{x.times_price} times the market price"] if x.times_price else []
    zh = [f"市價之 {x.times_price} 倍"] if x.times_price else []
    if sum_:
        en, zh = [*en, most[0] + sum_], [*zh, most[1] + sum_]
    if x.units:
        en, zh = [*en, f"{number(x.units)} units"], [*zh, f"{number(x.units)} 單位"]
    if x.open:
        en, zh = [*en, f"not settled ({x.open})"], [*zh, f"未決（{x.open}）"]
    found = [Line(f"The shortfall of {number(tonnes)} costs: {', '.join(en)}.",
                  f"短缺 {number(tonnes)} 之罰則：{'，'.join(zh)}。")]  # fmt: skip
    return [*found, Line(x.note.en, x.note.zh)] if x.note else found


@asks(ets, PANEL, when=True)
def room(s: Session, operator: Operator, system: System, period: Period) -> None:
    """What each limit still leaves an operator. 尚餘額度。"""
    answer = q.rooms(s.ledger, system, operator, period, s.moment)
    at = "zh" if s.out.language == "zh" else "en"
    rows = [(r.limit, number(r.certain), "-" if r.possible is None else number(r.possible),
             getattr(r.says, at)) for r in answer.rooms]  # fmt: skip
    missing = dict.fromkeys(name for r in answer.rooms for name in r.awaited)
    waits = [_awaits(missing)] if missing else []
    heads = (("limit", "上限"), ("certain", "確定"), ("possible", "至多"), ("rule", "規則"))
    s.reply(_plain(answer), Rows(heads, rows, right=frozenset({1, 2})),
            *waits, as_of(answer.as_of))  # fmt: skip


@asks(ets, PANEL, when=True)
def integrity(s: Session, system: System, period: Period = "") -> None:
    """Cap, allowances issued, credits used, effective cap. 總量完整性。"""
    answer = q.integrity(s.ledger, system, period, s.moment)
    told: Callable[[int | None], str] = lambda n: "-" if n is None else number(n)  # noqa: E731
    rows = [(p.period, told(p.cap), told(p.issued), told(sum(p.linked.values())),
             told(p.credits_used), told(p.effective), told(p.beyond))
            for p in answer.periods]  # fmt: skip
    heads = (("period", "期別"), ("cap", "總量"), ("issued", "已核發"), ("linked", "連結配額"),
             ("credits", "抵換"), ("effective cap", "有效總量"), ("beyond", "逾總量"))  # fmt: skip
    s.reply(_plain(answer), Rows(heads, rows, right=frozenset(range(1, 7))), as_of(answer.as_of))
