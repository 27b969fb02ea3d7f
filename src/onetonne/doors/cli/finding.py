"""Find a serial, in whatever form: what our own lots and other registers' exports say of it."""

from typing import Annotated, Any

import typer

from onetonne.doors.cli.holdings import SHOWN, as_of, life, more
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line, Rows
from onetonne.service import questions

app = typer.Typer()


@asks(app, "Questions", when=True)
def find(
    s: Session,
    text: Annotated[list[str], typer.Argument(help="A serial as any registry prints it.")],
) -> None:
    """Any serial, ours or foreign: who has it, what others said of it. 查找序號。"""
    found = questions.find(s.ledger, " ".join(text), s.moment)
    shown: list[Any] = [part for history in found.ours for part in life(s, history)]
    if found.seen:
        heads = (("observation", "觀察"), ("register", "登錄簿"), ("day", "日期"), ("row", "列"),
                 ("what", "內容"), ("units", "單位數"), ("serials", "序號"))  # fmt: skip
        rows = [(str(o.observation), o.register, o.day, f"{o.sheet} {o.row}".strip(),
                 s.word(o.kind), o.quantity, f"{o.first}-{o.last}" if o.first else "")
                for o in found.seen]  # fmt: skip
        shown += [Line("What other registers said:", "其他登錄簿所述：", "bold"),
                  Rows(heads, rows[:SHOWN], right=frozenset({5})), more(len(rows))]  # fmt: skip
    if found.problem[0]:
        shown.append(Line(f"No serial that can be read: {found.problem[0]}",
                          f"無法解讀為序號：{found.problem[1]}", "yellow"))  # fmt: skip
    elif not shown:
        form = s.word(found.form)
        shown.append(Line(f"Nothing is known here of {found.asked!r}, read as {found.form}.",
                          f"此處沒有 {found.asked!r} 的資料（讀作 {form}）。"))  # fmt: skip
    if found.problem[0] or not (found.ours or found.seen):
        shown.append(Line("How it is read, part by part: onetonne serial TEXT",
                          "各欄位如何解讀：onetonne serial 序號"))  # fmt: skip
    s.reply(s.data(found), *shown, as_of(found.as_of))
