"""Acts of a compliance system: who owes, what they were given, what they emitted, and how what was
surrendered is put right."""

from datetime import date
from typing import Annotated

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.ets_reports import PANEL, Operator, Period, System, ets
from onetonne.doors.cli.session import Session, acts
from onetonne.doors.typed import read_document, read_facts, read_sum
from onetonne.ledger.commands import (
    Allocate,
    ChangeOperator,
    GroupOperators,
    Item,
    Recognise,
    RecordPayment,
    RegisterOperator,
    ReportEmissions,
    ReturnExcess,
    SetCap,
    SetFigure,
    SettleDuty,
    WithdrawRecognition,
)

app = typer.Typer()
app.add_typer(ets, name="ets", rich_help_panel=PANEL)
Code = Annotated[str, typer.Argument(help="The operator's code: KR-0001.")]
Fact = Annotated[list[str], typer.Option("--fact", help="NAME=VALUE of the operator. Repeatable.")]
Tonnes = Annotated[
    int, typer.Argument(parser=o.amount, metavar="TONNES", help="Whole tonnes: 1,000.")
]
Document = Annotated[
    str, typer.Option("--document", help="A file, or its SHA-256; only the digest is journaled.")
]
Entry = Annotated[int, typer.Argument(help="The entry's number.")]


def _facts(given: list[str]) -> dict[str, str]:
    return read_facts(given)


@acts(ets, PANEL)
def operator(
    s: Session,
    code: Code,
    system: System,
    account: Annotated[str, typer.Option("--account", help="The account that it surrenders from.")],
    fact: Fact = o.NONE,
) -> RegisterOperator:
    """Register an operator of a system. 登錄納管事業。

    onetonne ets operator KR-0001 --system KR --account "Seoul Steel"
    """
    number = s.names.account(account)
    return RegisterOperator(operator=code, system=system, account=number, facts=_facts(fact))


@acts(ets, PANEL)
def change(
    s: Session,
    code: Code,
    system: System,
    account: Annotated[str, typer.Option("--account", help="Its new account.")] = "",
    fact: Fact = o.NONE,
) -> ChangeOperator:
    """Change an operator's account or facts; cite the decision. 變更納管事業。"""
    number = s.names.account(account) if account else 0
    return ChangeOperator(operator=code, system=system, account=number, facts=_facts(fact))


@acts(ets, PANEL)
def group(
    s: Session,
    codes: Annotated[list[str], typer.Argument(help="Operators, by code.")],
    system: System,
    since: Annotated[
        date, typer.Option("--since", parser=o.day, metavar="DAY", help="From this day on.")
    ],
    into: Annotated[str, typer.Option("--into", help="The pool, or who takes over.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="pool or merger.")] = "pool",
) -> GroupOperators:
    """Let limits look at operators together; cite the decision. 合併計算。"""
    return GroupOperators(system=system, operators=tuple(codes), since=since, into=into, kind=kind)


@acts(ets, PANEL)
def cap(s: Session, tonnes: Tonnes, system: System, period: Period) -> SetCap:
    """Set a period's cap; cite the decision. 訂定總量。"""
    return SetCap(system=system, period=period, tonnes=tonnes)


@acts(ets, PANEL)
def allocate(
    s: Session,
    source: o.From,
    operator: Operator,
    system: System,
    period: Period,
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    kind: Annotated[str, typer.Option("--kind", help="free, benchmark or auction.")] = "free",
) -> Allocate:
    """Allocate allowances to an operator. 核配。"""
    return Allocate(
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
        system=system,
        period=period,
        operator=operator,
        kind=kind,
    )


@acts(ets, PANEL)
def figure(
    s: Session,
    name: Annotated[str, typer.Argument(help="obligation, entitlement, ...")],
    tonnes: Tonnes,
    operator: Operator,
    system: System,
    period: Period,
    document: Document = "",
) -> SetFigure:
    """Set a figure that limits are shares of; cite the decision. 登載數值。"""
    return SetFigure(
        system=system,
        operator=operator,
        period=period,
        figure=name,
        tonnes=tonnes,
        document=read_document(document),
    )


@acts(ets, PANEL)
def emissions(
    s: Session,
    tonnes: Tonnes,
    operator: Operator,
    system: System,
    period: Period,
    document: Document,
    decision: Annotated[
        str, typer.Option("--decision", help="The decision by which it replaces a report.")
    ] = "",
) -> ReportEmissions:
    """Report verified emissions: onetonne propose ets emissions. 申報查驗排放量。"""
    if s.proposal is None:
        s.proposal = {"until": None}
    return ReportEmissions(
        system=system,
        operator=operator,
        period=period,
        tonnes=tonnes,
        document=read_document(document),
        decision=decision,
    )


@acts(ets, PANEL, "return")
def return_excess(
    s: Session,
    operator: Operator,
    system: System,
    period: Period,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
) -> ReturnExcess:
    """Give back what was surrendered beyond the obligation. 退還超繳。"""
    items = s.items(lot, None, serials, item)
    return ReturnExcess(system=system, operator=operator, period=period, items=items)


@acts(ets, PANEL)
def recognise(
    s: Session,
    system: System,
    lot: o.Lot,
    serials: o.Serials = o.NONE,
    statement: Annotated[
        str, typer.Option("--statement", help="The host's statement: a file, or its SHA-256.")
    ] = "",
    conditions: Annotated[str, typer.Option("--conditions", help="Under which conditions.")] = "",
    effect: Annotated[str, typer.Option("--effect", help="What it is recognised as.")] = "",
    until: o.Until = None,
) -> Recognise:
    """Recognise serials, or a whole lot, for a system. 認可。"""
    number = s.names.lot(lot)
    items = s.items(lot, None, serials) if serials else (Item(lot=number),)
    return Recognise(
        system=system,
        items=items,
        statement=read_document(statement),
        conditions=conditions,
        effect=effect,
        until=until,
    )


@acts(ets, PANEL)
def withdraw(s: Session, entry: Entry, reason: o.Reason) -> WithdrawRecognition:
    """Withdraw the recognition that an entry made. 撤銷認可。"""
    return WithdrawRecognition(recognition=entry, reason=reason)


@acts(ets, PANEL)
def settle(
    s: Session,
    entry: Entry,
    evidence: Annotated[str, typer.Option("--evidence", help="The proof: a file, or its SHA-256.")],
    clause: Annotated[str, typer.Option("--clause", help="Only the duties of this clause.")] = "",
) -> SettleDuty:
    """Note that the duties of an entry are met. 義務已履行。"""
    return SettleDuty(duty=entry, evidence=read_document(evidence), clause=clause)


@acts(ets, PANEL)
def pay(
    s: Session,
    amount: Annotated[str, typer.Argument(help="Exact: 25000.50.")],
    currency: Annotated[str, typer.Argument(help="Three letters: SGD.")],
    kind: Annotated[str, typer.Option("--kind", help="penalty, or tax (a fee too).")],
    operator: Operator,
    system: System,
    period: Period,
    document: Document = "",
    back: Annotated[
        bool, typer.Option("--back", help="Take it back: recorded wrongly, or repaid.")
    ] = False,
) -> RecordPayment:
    """Record what was paid in money; cite the decision. 登載繳款。

    onetonne ets pay 25000 SGD --kind tax --operator SG-1 --system SG --period 2025 --cites "no. 7"
    """
    return RecordPayment(
        system=system,
        operator=operator,
        period=period,
        kind=kind,
        amount=("-" if back else "") + read_sum(amount),
        currency=currency,
        document=read_document(document),
    )
