"""What comes with the day: the command for cron or a timer, and its first step by hand."""

from typing import Any

import typer

from onetonne.doors import answers
from onetonne.doors.cli import options as o
from onetonne.doors.cli.holdings import SHOWN, more
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line, Rows, number
from onetonne.service.daily import Day, Ending, end_due
from onetonne.service.daily import daily as work
from onetonne.service.roots import rooted_in

app = typer.Typer()
PANEL = "Operations"
KINDS = {
    "proposals": ("proposal", "提案"),
    "locks": ("lock", "鎖定"),
    "duties": ("duty", "義務"),
}
"""What may end, in both languages; a duty goes by the entry in which it arose."""
KINDS_ZH = dict(KINDS.values())


@asks(app, PANEL)
def daily(s: Session) -> None:
    """Do what is due today: end proposals and locks, note overdue duties, root, publish. 每日作業。

    Safe to repeat: a second run on the same day finds nothing left to do. It needs no --as.
    """
    done = work(s.ledger)
    ended, refused = _data(s, done.endings)
    rooted = rooted_in(done.rooted)
    data = {
        "day": str(done.day),
        "changed": done.changed,
        "ended": ended,
        "refused": refused,
        "root": {"entry": done.rooted.seq, "root": rooted.root, "holdings": rooted.holdings,
                 "new": done.new_root},
        "checkpoint": {"size": done.point.size, "root": done.point.root.hex(),
                       "added": done.added},
    }  # fmt: skip
    s.reply(data, *_told(s, done, refused))
    if refused:
        raise typer.Exit(1)


@asks(app, PANEL)
def expire(s: Session, dry_run: o.Dry = False) -> None:
    """End proposals and locks whose last day has come, note overdue duties. 到期處理。

    Each has an entry of its own. `daily` does this too.
    """
    endings = end_due(s.ledger, s.today, s.names.actor(s.who), dry_run)
    ended, refused = _data(s, endings)
    told = answers.Told({"accepted": not refused, "dry_run": dry_run, "due": len(endings),
                         "ended": ended, "refused": refused})  # fmt: skip
    if ended and not dry_run:
        s.publish(told)
    dry = Line("Dry run: nothing was written.", "試行：未寫入任何資料。", "yellow")
    s.reply(told.data, dry if dry_run else None, *_ends(s, endings, refused), *answers.after(told))
    if refused:
        raise typer.Exit(1)


def _data(s: Session, endings: list[Ending]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What ended, and what was refused."""
    ended, refused = [], []
    for one in endings:
        named: dict[str, Any] = {"kind": KINDS[one.kind][0], "number": one.number}
        if one.refusal is None:
            ended.append(named | {"entry": one.entry})
        else:
            refused.append(named | {"refusal": answers.refused(s.ledger, one.refusal)})
    return ended, refused


def _ends(s: Session, endings: list[Ending], refused: list[dict[str, Any]]) -> list[Any]:
    """Lines for people on what ended and what was refused."""
    at = 1 if s.out.language == "zh" else 0
    lines: list[Any] = []
    if ended := [(KINDS[one.kind][at], one.number, one.entry) for one in endings if one.entry]:
        heads = (("ended, or overdue", "到期或逾期"), ("number", "號碼"), ("entry", "條目"))
        lines += [Rows(heads, ended[:SHOWN], frozenset({1, 2})), more(len(ended))]
    elif not refused:
        lines.append(Line("Nothing had come to its end.", "沒有到期者。"))
    lines += [
        Line(f"Refused: {one['kind']} {one['number']}: {one['refusal']['en']}",
             f"不受理：{KINDS_ZH[one['kind']]} {one['number']}：{one['refusal']['zh']}", "bold red")
        for one in refused[:SHOWN]
    ]  # fmt: skip
    return lines


def _told(s: Session, done: Day, refused: list[dict[str, Any]]) -> list[Any]:
    """Lines for people on the whole day."""
    lines: list[Any] = [Line(f"Day {done.day}.", f"日期 {done.day}。", "dim")]
    lines += _ends(s, done.endings, refused)
    seq, size, holdings = done.rooted.seq, done.point.size, number(rooted_in(done.rooted).holdings)
    lines.append(
        Line(f"Root over {holdings} holdings journaled, entry {seq}.",
             f"已記載 {holdings} 筆持有之根，條目 {seq}。")
        if done.new_root else
        Line(f"No new root is due: entry {seq} has it.", f"無須新的持有根：見條目 {seq}。")
    )  # fmt: skip
    lines.append(
        Line(f"Entries published: {number(done.added)}; checkpoint {size}.",
             f"新公布 {number(done.added)} 筆條目；檢查點 {size}。")
        if done.added else
        Line(f"All is published already: checkpoint {size}.", f"均已公布：檢查點 {size}。")
    )  # fmt: skip
    if not done.changed and not refused:
        lines.append(Line("Nothing was left to do today.", "今日已無待辦事項。", "green"))
    return lines
