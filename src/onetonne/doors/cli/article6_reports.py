"""Reports of Article 6 on the command line: surrender against use."""

from typing import Annotated

import typer

from onetonne.article6.balance import MISSED
from onetonne.doors.cli.article6_questions import PANEL, Year, exact
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line, Rows, number
from onetonne.service.questions import article6_surrender

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
    bare, alone = number(answer.not_used), number(answer.not_surrendered)
    style = "red" if answer.verdict == MISSED else ""
    s.reply(
        exact(answer), Rows(heads, rows[:SHOWN], right=frozenset({2}), wrap=frozenset({7})),
        more(len(rows)),
        Line(f"{bare} units surrendered and not used towards an NDC; {alone} used and not "
             "surrendered.",
             f"{bare} 單位已繳交而尚未用於 NDC；{alone} 單位已使用而未經繳交。", style),
        Line(f"{answer.party} {answer.period}, empty by {answer.last_day}: {answer.verdict}.",
             f"{answer.party} {answer.period}，應於 {answer.last_day} 前清空："
             f"{s.word(answer.verdict)}。", style) if answer.party else None,
        as_of(answer.as_of),
    )  # fmt: skip
