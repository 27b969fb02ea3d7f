"""People, accounts and projects: who may act, where units stand, what made them."""

from typing import Annotated, Any

import typer

from onetonne.base.account_numbers import show
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.render import Rows, yes
from onetonne.ledger.commands import CloseAccount, Dismiss, Enrol, OpenAccount, RegisterProject
from onetonne.service import questions
from onetonne.service.execute import new_account_number, new_person_number

app = typer.Typer()
PANEL = "Registers"
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
    role: Annotated[
        list[str], typer.Option("--role", help="registrar, authority, agent, auditor. Repeatable.")
    ] = ["agent"],  # noqa: B006
) -> Enrol:
    """Enrol a person. 登錄人員。"""
    return Enrol(person=new_person_number(), name=name, roles=tuple(role))


@asks(person, PANEL, "list", when=True)
def list_people(s: Session) -> None:
    """Who may act. 人員清單。"""
    answer: Any = questions.persons(s.ledger, s.moment)
    rows = [(str(p.person), answer.names.get(p.name, ""), ", ".join(p.roles), yes(p.active))
            for p in answer.rows]  # fmt: skip
    heads = (("person", "人員"), ("name", "姓名"), ("roles", "角色"), ("active", "有效"))
    s.reply(s.data(answer), Rows(heads, rows), as_of(answer.as_of))


@acts(person, PANEL)
def dismiss(s: Session, who: Annotated[str, typer.Argument(help="Name or number.")]) -> Dismiss:
    """End a person's right to act. 解除人員。"""
    return Dismiss(person=s.names.person(who))


@acts(account, PANEL, "open")
def open_(
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
        account=new_account_number(),
        kind=kind,
        party=party.upper() or s.ledger.meta["party"],
        holder=holder,
        agents=tuple(s.names.person(text) for text in agent),
        two_people=two_people,
    )


@asks(account, PANEL, "list", when=True)
def list_accounts(s: Session) -> None:
    """All accounts, sinks included. 帳戶清單。"""
    answer: Any = questions.accounts(s.ledger, s.moment)
    rows = [(show(a.account), answer.names.get(a.holder, "") or a.sink, a.kind, a.party,
             yes(a.two_people), yes(a.closed)) for a in answer.rows]  # fmt: skip
    heads = (("account", "帳戶"), ("holder", "持有人"), ("kind", "種類"), ("Party", "締約方"),
             ("two people", "雙人"), ("closed", "已關閉"))  # fmt: skip
    s.reply(s.data(answer), Rows(heads, rows[:SHOWN]), more(len(rows)), as_of(answer.as_of))


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
) -> RegisterProject:
    """Register a project. 登錄專案。"""
    return RegisterProject(
        project=code,
        party=party.upper() or s.ledger.meta["party"],
        name=name,
        mechanism=mechanism,
        methodology=methodology,
        activity=activity,
    )


@asks(project, PANEL, "list", when=True)
def list_projects(s: Session) -> None:
    """All projects. 專案清單。"""
    answer: Any = questions.projects(s.ledger, s.moment)
    rows = [(p.project, answer.names.get(p.name, ""), p.party, p.mechanism, p.methodology,
             p.activity) for p in answer.rows]  # fmt: skip
    heads = (("project", "專案"), ("name", "名稱"), ("Party", "締約方"), ("mechanism", "機制"),
             ("methodology", "方法學"), ("activity", "活動"))  # fmt: skip
    s.reply(s.data(answer), Rows(heads, rows[:SHOWN]), more(len(rows)), as_of(answer.as_of))
