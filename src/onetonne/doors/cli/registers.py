"""People, accounts and projects: who may act, where units stand, what made them."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from onetonne.base.account_numbers import show
from onetonne.doors.cli import options as o
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.measures import amounts, measure, ordinary, with_metrics
from onetonne.doors.render import Line, Rows, number, yes
from onetonne.doors.typed import WrongUsage, read_name
from onetonne.ledger.acts.accounts import ROLES
from onetonne.ledger.commands import CloseAccount, Dismiss, Enrol, OpenAccount, RegisterProject
from onetonne.service import questions
from onetonne.service.execute import new_account_number, new_person_number
from onetonne.service.questions.holdings import summed
from onetonne.service.questions.statement import Movement

app = typer.Typer()
PANEL = "Registers"
Role = Annotated[list[str], typer.Option("--role", help=f"{', '.join(ROLES)}. Repeatable.")]
WHOSE = "Account number, or its holder's name."
person = typer.Typer(help="Who may act: add, list, dismiss. 人員。", no_args_is_help=True)
account = typer.Typer(help="Accounts: open, list, show, close, statement. 帳戶。",
                      no_args_is_help=True)  # fmt: skip
project = typer.Typer(help="Projects: register, list, show. 專案。", no_args_is_help=True)
app.add_typer(person, name="person", rich_help_panel=PANEL)
app.add_typer(account, name="account", rich_help_panel=PANEL)
app.add_typer(project, name="project", rich_help_panel=PANEL)


@acts(person, PANEL)
def add(
    s: Session,
    name: Annotated[str, typer.Argument(help="Their name; sealed, never in the log.")],
    role: Role = ["agent"],  # noqa: B006
) -> Enrol:
    """Enrol a person. 登錄人員。"""
    return Enrol(person=new_person_number(s.key), name=read_name(name), roles=tuple(role))


@asks(person, PANEL, "list", when=True)
def list_people(s: Session) -> None:
    """Who may act. 人員清單。"""
    answer: Any = questions.persons(s.ledger, s.moment)
    rows = [(str(p.person), answer.names.get(p.name, ""), s.words(p.roles), yes(p.active))
            for p in answer.rows]  # fmt: skip
    heads = (("person", "人員"), ("name", "姓名"), ("roles", "角色"), ("active", "有效"))
    s.reply(s.data(answer), Rows(heads, rows), as_of(answer.as_of))


@acts(person, PANEL)
def dismiss(s: Session, who: Annotated[str, typer.Argument(help="Name or number.")]) -> Dismiss:
    """End a person's right to act. 解除人員。"""
    return Dismiss(person=s.names.person(who))


@acts(account, PANEL, "open")
def open_account(
    s: Session,
    holder: Annotated[str, typer.Argument(help="Whose account; sealed, never in the log.")],
    kind: Annotated[
        str, typer.Option("--kind", help="entity, operator, party, trader, buffer, escrow, peer.")
    ] = "entity",
    party: Annotated[str, typer.Option("--party", help="Its Party; default the ledger's.")] = "",
    agent: Annotated[
        list[str], typer.Option("--agent", help="A person who acts for it. Repeatable.")
    ] = [],  # noqa: B006
    two_people: Annotated[
        bool, typer.Option("--two-people", help="Whatever leaves it needs two people.")
    ] = False,
) -> OpenAccount:
    """Open an account. 開立帳戶。"""
    return OpenAccount(
        account=new_account_number(s.key),
        kind=kind,
        party=party.upper() or s.ledger.meta["party"],
        holder=read_name(holder),
        agents=tuple(s.names.person(text) for text in agent),
        two_people=two_people,
    )


@asks(account, PANEL, "list", when=True)
def list_accounts(s: Session) -> None:
    """All accounts, sinks included. 帳戶清單。"""
    answer: Any = questions.accounts(s.ledger, s.moment)
    rows = [(show(a.account), answer.names.get(a.holder, "") or _end(s, a.sink), s.word(a.kind),
             a.party, yes(a.two_people), yes(a.closed)) for a in answer.rows]  # fmt: skip
    heads = (("account", "帳戶"), ("holder", "持有人"), ("kind", "種類"), ("Party", "締約方"),
             ("two people", "雙人"), ("closed", "已關閉"))  # fmt: skip
    s.reply(s.data(answer), Rows(heads, rows[:SHOWN]), more(len(rows)), as_of(answer.as_of))


@asks(account, PANEL, "show", when=True)
def show_account(
    s: Session, number_: Annotated[str, typer.Argument(metavar="ACCOUNT", help=WHOSE)]
) -> None:
    """An account: its holder, agents and what it holds. 帳戶資料。"""
    account_ = s.names.account(number_)
    listed: Any = questions.accounts(s.ledger, s.moment)
    row = next((a for a in listed.rows if a.account == account_), None)
    if row is None:
        raise questions.Unknown(
            f"There was no account {show(account_)} then. Ask a later day or entry.",
            f"當時尚無帳戶 {show(account_)}。請查詢較晚的日期或條目。",
        )
    held = questions.holdings(s.ledger, account_, None, s.moment)
    metrics = {r.code: r.metric for r in held.rows}
    table = Rows((("lot", "批次"), ("units", "單位數")), list(held.by_lot.items()), frozenset({1}))
    holder = listed.names.get(row.holder, "") or row.sink
    people: Any = questions.persons(s.ledger, s.moment)
    agents = [people.names.get(p.name, str(p.person)) for p in people.rows
              if p.person in row.agents]  # fmt: skip
    s.reply(
        msgspec.to_builtins(row) | {"shown": show(account_), "holder": holder, "agents": agents,
                                    "by_lot": held.by_lot, "by_status": held.by_status,
                                    "by_metric": held.by_metric, "metrics": metrics},
        Line(f"{show(account_)}: {holder}, {row.kind}, {row.party or '-'}.",
             f"{show(account_)}：{s.place(show(account_), holder)}，{s.word(row.kind)}，"
             f"{row.party or '-'}。", "bold"),
        Line(f"Agents: {', '.join(agents) or '-'}. Two people: {yes(row.two_people) or '-'}.",
             f"代理人：{', '.join(agents) or '-'}。雙人：{yes(row.two_people) or '-'}。"),
        with_metrics(table, 2, [metrics[code] for code in held.by_lot], s.out.language),
        as_of(held.as_of),
    )  # fmt: skip


@asks(account, PANEL, when=True)
def statement(
    s: Session,
    number_: Annotated[str, typer.Argument(metavar="ACCOUNT", help=WHOSE)],
    since: Annotated[
        date | None, typer.Option("--since", parser=o.day, metavar="DAY", help="First day.")
    ] = None,
    until: o.Until = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", parser=o.place, metavar="FILE", help="Write it as a workbook too."),
    ] = None,
) -> None:
    """Opening balance, every movement, closing balance. 對帳單。"""
    if since and until and since > until:
        raise WrongUsage(f"{since} comes after {until}. Give the earlier day first.",
                         f"{since} 晚於 {until}。請將較早日期填在 --since。")  # fmt: skip
    answer = questions.statement(s.ledger, s.names.account(number_), since, until, s.moment)
    rows = [
        (m.step.entry, str(m.step.day), s.word(m.step.act), m.code, m.serials, m.change, m.balance,
         _other_side(s, m))
        for m in answer.movements
    ]  # fmt: skip
    metrics = [answer.metrics[m.code] for m in answer.movements]
    table = with_metrics(Rows(MOVEMENT, rows, frozenset({5, 6})), 7, metrics, s.out.language)
    if xlsx is not None:
        _workbook(xlsx, answer, table)
    first = answer.since or "-"
    opening = amounts(answer.opening_by_metric, "", "")
    closing = amounts(answer.closing_by_metric, "", "")
    s.reply(
        s.data(answer) | ({"file": str(xlsx)} if xlsx else {}),
        Line(f"{answer.shown} {answer.holder}: {first} to {answer.until}",
             f"{answer.shown} {answer.holder}：{first} 至 {answer.until}", "bold"),
        Line(f"Opening balance: {opening[0]}", f"期初餘額：{opening[1]}"),
        Rows(table.heads, [(str(r[0]), *r[1:]) for r in table.rows[:SHOWN]], table.right),
        more(len(rows)),
        Line(f"Closing balance: {closing[0]}", f"期末餘額：{closing[1]}"),
        Line(f"Written to {xlsx}.", f"已寫入 {xlsx}。", "green") if xlsx else None,
        as_of(answer.as_of),
    )  # fmt: skip


def _other_side(s: Session, move: Movement) -> str:
    step = move.step
    number_, holder = (
        (step.source, step.source_name) if move.change > 0 else (step.target, step.target_name)
    )
    return s.side(number_, holder)


def _end(s: Session, sink: str) -> str:
    """An end by its word, and by the code that names it where one types an account."""
    said = s.word(sink)
    return said if said == sink else f"{said}（{sink}）"


MOVEMENT = (("entry", "條目"), ("day", "日期"), ("act", "行為"), ("lot", "批次"),
            ("serials", "序號"), ("change", "增減"), ("balance", "餘額"),
            ("other side", "對方"))  # fmt: skip


def _workbook(path: Path, answer: questions.Statement, moves: Rows) -> None:
    # Only here, because a workbook costs a library that no other question needs.
    from onetonne.doors.workbook import write

    plain = ordinary(answer.metrics.values())
    balances = [(code, answer.opening.get(code, 0), answer.closing.get(code, 0),
                 *(() if plain else (" ".join(dict.fromkeys(measure(answer.metrics[code]))),)))
                for code in sorted(answer.opening | answer.closing)]  # fmt: skip
    heads = ("lot 批次", "opening 期初", "closing 期末", *(() if plain else ("metric 計量",)))
    facts = [("account 帳戶", answer.shown), ("holder 持有人", answer.holder),
             ("since 自", str(answer.since or "")), ("until 至", str(answer.until)),
             ("as of entry 截至條目", answer.as_of.seq)]  # fmt: skip
    write(path, {
        "Statement 對帳單": (("", ""), facts),
        "Movements 異動": ([f"{en} {zh}" for en, zh in moves.heads], moves.rows),
        "Balances 餘額": (heads, balances),
    })  # fmt: skip


@acts(account, PANEL)
def close(
    s: Session, number: Annotated[str, typer.Argument(help="Number or holder.")]
) -> CloseAccount:
    """Close an empty account. 關閉帳戶。"""
    return CloseAccount(account=s.names.account(number))


@acts(project, PANEL)
def register(
    s: Session,
    code: Annotated[str, typer.Argument(help="Its code: TW-1.")],
    name: Annotated[str, typer.Option("--name", help="Its name; sealed.")] = "",
    party: Annotated[str, typer.Option("--party", help="Host; default the ledger's.")] = "",
    mechanism: Annotated[str, typer.Option("--mechanism", help="E.g. TW-GHG, A6.4.")] = "",
    methodology: Annotated[str, typer.Option("--methodology", help="Its code.")] = "",
    activity: Annotated[
        str, typer.Option("--activity", help="reduction or removal.")
    ] = "reduction",
    kind: Annotated[str, typer.Option("--kind", help="project, programme or policy.")] = "project",
) -> RegisterProject:
    """Register a project, a programme or a policy. 登錄專案。"""
    return RegisterProject(
        project=code,
        party=party.upper() or s.ledger.meta["party"],
        name=name,
        mechanism=mechanism,
        methodology=methodology,
        activity=activity,
        kind=kind,
    )


@asks(project, PANEL, "list", when=True)
def list_projects(s: Session) -> None:
    """All projects. 專案清單。"""
    answer: Any = questions.projects(s.ledger, s.moment)
    rows = [(p.project, answer.names.get(p.name, ""), p.party, p.mechanism, p.methodology,
             s.word(p.activity), s.word(p.kind)) for p in answer.rows]  # fmt: skip
    heads = (("project", "專案"), ("name", "名稱"), ("Party", "締約方"), ("mechanism", "機制"),
             ("methodology", "方法學"), ("activity", "活動"), ("kind", "類別"))  # fmt: skip
    s.reply(s.data(answer), Rows(heads, rows[:SHOWN]), more(len(rows)), as_of(answer.as_of))


@asks(project, PANEL, "show", when=True)
def show_project(
    s: Session, code: Annotated[str, typer.Argument(help="The project's code.")]
) -> None:
    """A project, its lots, and where their units are. 專案資料。"""
    answer = questions.project(s.ledger, code, s.moment)
    p = answer.project
    rows = [(lot.code, lot.lot.vintage, lot.lot.size,
             s.listed(f"{s.word(k)} {number(v)}" for k, v in sorted(lot.by_status.items())))
            for lot in answer.lots]  # fmt: skip
    heads = (("lot", "批次"), ("vintage", "年份"), ("issued", "核發"), ("now", "現況"))
    table = Rows(heads, [(c, str(v or "-"), n, t) for c, v, n, t in rows], right=frozenset({2}))
    en, zh = amounts(summed(answer.by_metric))
    s.reply(
        s.data(answer),
        Line(f"{p.project} {answer.name}: {p.kind} of {p.party}, {p.methodology or '-'}, "
             f"{p.activity}.",
             f"{p.project} {answer.name}：{p.party} {s.word(p.kind)}，{p.methodology or '-'}，"
             f"{s.word(p.activity)}。",
             "bold"),
        with_metrics(table, 3, [lot.metric for lot in answer.lots], s.out.language),
        Line(f"{en} issued in all.", f"共核發 {zh}。"),
        as_of(answer.as_of),
    )  # fmt: skip
