"""What may be asked of Article 6.4: activities, their levies and reversals, and what units are."""

from typing import Annotated

import typer

from onetonne.doors.cli.article6_mechanism import CYCLE, UNITS, Activity
from onetonne.doors.cli.article6_questions import exact
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.measures import with_metrics
from onetonne.doors.render import Line, Rows
from onetonne.service.questions import mechanism as ask

app = typer.Typer()


@asks(app, CYCLE, when=True)
def activities(s: Session) -> None:
    """Activities and where each stands. 活動清單。"""
    answer = ask.activities(s.ledger, s.moment)
    heads = (("activity", "活動"), ("state", "狀態"), ("crediting", "計入期種類"),
             ("first day", "首日"), ("last day", "末日"), ("risk", "風險"),
             ("owed", "待補足"))  # fmt: skip
    rows = [(a.activity, s.word(a.state), s.word(a.crediting), a.first or "-", a.last or "-",
             a.risk or "-", a.owed) for a in answer.rows]  # fmt: skip
    s.reply(exact(answer), Rows(heads, rows[:SHOWN], right=frozenset({6})), more(len(rows)),
            as_of(answer.as_of))  # fmt: skip


@asks(app, CYCLE, when=True)
def activity(s: Session, code: Activity) -> None:
    """One activity: verified, issued, levied, reversed. 活動內容。"""
    answer = ask.activity(s.ledger, code, s.moment)
    row = answer.activity
    keys = ", ".join(answer.boundary.keys) if answer.boundary else "-"
    verified = [(v.verification, v.first, v.last, v.quantity, v.issued)
                for v in answer.verifications]  # fmt: skip
    levied = [(v.lot, v.sop, v.omge, v.buffer, v.day) for v in answer.levies]
    reversed_ = [(v.reversal, s.word(v.kind), v.quantity, v.remedied, v.day)
                 for v in answer.reversals]  # fmt: skip
    s.reply(
        exact(answer),
        Line(f"{row.activity}: {row.state}, {row.first or '-'} to {row.last or '-'}; {keys}.",
             f"{row.activity}：{s.word(row.state)}，{row.first or '-'} 至 {row.last or '-'}；"
             f"{keys}。", "bold"),
        Rows((("verification", "查證"), ("first day", "首日"), ("last day", "末日"),
              ("verified", "已查證"), ("issued", "已核發")), verified[:SHOWN],
             right=frozenset({3, 4})),
        Rows((("lot", "批次"), ("adaptation", "調適"), ("overall mitigation", "整體減緩"),
              ("buffer", "緩衝"), ("day", "日期")), levied[:SHOWN], right=frozenset({1, 2, 3})),
        Rows((("reversal", "逆轉"), ("kind", "種類"), ("units", "單位數"),
              ("made good", "已補足"), ("day", "日期")), reversed_[:SHOWN],
             right=frozenset({2, 3})),
        as_of(answer.as_of),
    )  # fmt: skip


@asks(app, UNITS, when=True)
def standing(
    s: Session, lot: Annotated[list[str], typer.Argument(help="Lots, by code or number.")]
) -> None:
    """What units are: ITMO, AER, MCU. 單位之地位。"""
    numbers = [s.names.lot(text) for text in lot]
    answer = ask.standings(s.ledger, numbers, s.moment)
    heads = (("lot", "批次"), ("serials", "序號"), ("units", "單位數"), ("standing", "地位"))
    rows = [(p.lot, p.serials, p.quantity, s.word(p.standing)) for p in answer.rows]
    table = Rows(heads, rows[:SHOWN], right=frozenset({2}))
    metrics = [p.metric for p in answer.rows]
    s.reply(exact(answer), with_metrics(table, 3, metrics, s.out.language), more(len(rows)),
            as_of(answer.as_of))  # fmt: skip
