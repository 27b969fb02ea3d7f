"""Who holds what: holdings, totals."""

from typing import Annotated, Any

import typer

from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line, Rows, number
from onetonne.service import questions

app = typer.Typer()
PANEL = "Questions"
SHOWN = 200
"""Rows of a table for people; --json gives all."""


@asks(app, PANEL, when=True)
def holdings(
    s: Session,
    account: Annotated[str, typer.Argument(help="Number or holder; all if left out.")] = "",
    lot: Annotated[str, typer.Option("--lot", help="Only this lot.")] = "",
) -> None:
    """What an account holds, or who holds a lot. 持有。"""
    answer = questions.holdings(
        s.ledger,
        s.names.account(account) if account else None,
        s.names.lot(lot) if lot else None,
        s.moment,
    )
    heads = (("account", "帳戶"), ("holder", "持有人"), ("lot", "批次"), ("serials", "序號"),
             ("units", "單位數"), ("status", "狀態"))  # fmt: skip
    rows = [(r.shown, r.holder, r.code, r.serials, r.quantity, r.status) for r in answer.rows]
    by = ", ".join(f"{name} {number(units)}" for name, units in sorted(answer.by_status.items()))
    s.reply(
        s.data(answer),
        Rows(heads, rows[:SHOWN], right=frozenset({4})),
        more(len(rows)),
        Line(f"{number(answer.quantity)} units: {by or '-'}.",
             f"共 {number(answer.quantity)} 單位:{by or '-'}。"),
        as_of(answer.as_of),
    )  # fmt: skip


def more(count: int) -> Line | None:
    """That a table was cut short, if it was."""
    if count <= SHOWN:
        return None
    return Line(f"... {number(count - SHOWN)} more rows: add --json.",
                f"……另有 {number(count - SHOWN)} 列:請加 --json。", "yellow")  # fmt: skip


def as_of(moment: Any) -> Line:
    return Line(f"As of entry {moment.seq}, {moment.day}.",
                f"截至條目 {moment.seq},{moment.day}。", "dim")  # fmt: skip
