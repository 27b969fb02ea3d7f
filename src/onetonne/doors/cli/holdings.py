"""Who holds what, what happened to it, and how much there is in all."""

from typing import Annotated, Any

import typer

from onetonne.base.days import iso
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.idle import check_idle
from onetonne.doors.measures import amounts, with_metrics
from onetonne.doors.render import Line, Rows, number, to_json
from onetonne.doors.typed import read_range
from onetonne.ledger import codec
from onetonne.ledger.events import Event
from onetonne.service import questions
from onetonne.service.questions.holdings import summed
from onetonne.service.questions.standings import Standing

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
    heads: tuple[tuple[str, str], ...] = (
             ("account", "帳戶"), ("holder", "持有人"), ("lot", "批次"), ("serials", "序號"),
             ("units", "單位數"), ("status", "狀態"))  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (r.shown, s.place(r.shown, r.holder), r.code, r.serials, r.quantity, s.word(r.status))
        for r in answer.rows
    ]
    if any(row.standing for row in answer.rows):
        heads = (*heads, ("Article 6", "第六條"))
        rows = [
            (*row, stands(s, r.serials, r.standing))
            for row, r in zip(rows, answer.rows, strict=True)
        ]
    metrics = [row.metric for row in answer.rows]
    en, zh = amounts(summed(answer.by_metric))
    by = _by_status(s, answer.by_metric)
    s.reply(
        s.data(answer),
        with_metrics(Rows(heads, rows[:SHOWN], frozenset({4})), 5, metrics, s.out.language),
        more(len(rows)),
        Line(f"{en}: {by or '-'}.", f"共 {zh}：{by or '-'}。"),
        as_of(answer.as_of),
    )


def _by_status(s: Session, by_metric: dict[str, dict[str, int]]) -> str:
    """Each status with what is in it; the metric of each where not all are tonnes."""
    at = int(s.out.language == "zh")
    statuses = sorted({status for of in by_metric.values() for status in of})
    told = {
        status: amounts({m: of.get(status, 0) for m, of in by_metric.items()}, "", "")[at]
        for status in statuses
    }
    return s.listed(f"{s.word(status)} {held}" for status, held in told.items())


@asks(app, PANEL, when=True)
def history(
    s: Session,
    lot: Annotated[str, typer.Argument(help="Lot, by code or number; or a foreign serial.")],
    serials: Annotated[str, typer.Argument(help="5 or 1-500; the whole lot if left out.")] = "",
) -> None:
    """The whole life of serials, from issuance to now. 歷程。"""
    number_, named = (s.names.lot(lot), read_range(serials)) if serials else s.names.block(lot)
    answer = questions.history(s.ledger, number_, named, s.moment)
    s.reply(s.data(answer), *life(s, answer), as_of(answer.as_of))


def stands(s: Session, block: str, parts: tuple[Standing, ...]) -> str:
    """What units are under Article 6; part by part where they are not alike."""
    joint = "，" if s.out.language == "zh" else ", "
    words = [
        joint.join([s.word(part.standing), *([s.word("pending")] if part.pending else [])])
        for part in parts
    ]
    if [part.serials for part in parts] == [block]:
        return words[0]
    told = zip((part.serials for part in parts), words, strict=True)
    return "; ".join(f"{serials} {word}" for serials, word in told)


def life(s: Session, answer: questions.History) -> list[Any]:
    """A history for people: each part, then its steps."""
    shown: list[Any] = []
    for part in answer.parts[:SHOWN]:
        who = f"{part.shown} {s.place(part.shown, part.holder)}".strip()
        what, status = f"{answer.code} {part.serials}", s.word(part.status)
        if part.standing:
            low, high = ("（", "）") if s.out.language == "zh" else (" (", ")")
            status += low + stands(s, part.serials, part.standing) + high
        plural = " unit" if part.quantity == 1 else " units"
        en, zh = amounts({answer.metric: part.quantity}, plural)
        shown += [
            Line(f"{what}: {en}, {status}, {who}",
                 f"{what}：{zh}，{status}，{who}", "bold"),
            Rows(_STEPS, [_step(s, step) for step in part.steps]),
        ]  # fmt: skip
    return [*shown, more(len(answer.parts))]


_STEPS = (("entry", "條目"), ("day", "日期"), ("act", "行為"), ("from", "自"), ("to", "至"),
          ("facts", "事實"))  # fmt: skip


def _step(s: Session, step: questions.Step) -> tuple[object, ...]:
    source, target = (step.source, step.source_name), (step.target, step.target_name)
    sides = s.side(*source), s.side(*target)
    return (str(step.entry), step.day, s.word(step.act), *sides, s.facts(step.facts))


@asks(app, PANEL, when=True)
def totals(
    s: Session,
    by: Annotated[
        list[str],
        typer.Option("--by", help=f"Any of {', '.join(questions.DIMENSIONS)}. Repeatable."),
    ] = ["type", "status", "party", "vintage"],  # noqa: B006
) -> None:
    """How many units there are, by type, status, Party and vintage. 總量。"""
    answer = questions.totals(s.ledger, by, s.moment)
    heads = (*((name, _DIMENSIONS_ZH[name]) for name in answer.by), ("units", "單位數"))
    rows = [(*(s.word(row.of[name]) if name in ("status", "activity") else row.of[name] or "-"
               for name in answer.by), row.quantity) for row in answer.rows]  # fmt: skip
    metrics, (en, zh) = [row.metric for row in answer.rows], amounts(answer.by_metric)
    table, at = Rows(heads, rows, right=frozenset({len(answer.by)})), len(answer.by) + 1
    s.reply(
        s.data(answer),
        with_metrics(table, at, metrics, s.out.language),
        Line(f"{en} in all.", f"共 {zh}。"),
        as_of(answer.as_of),
    )


_DIMENSIONS_ZH = {
    "type": "單位類型",
    "status": "狀態",
    "party": "締約方",
    "vintage": "年份",
    "holder_party": "持有人締約方",
    "project": "專案",
    "lot": "批次",
    "activity": "活動",
    "commitment_period": "承諾期",
}


@asks(app, PANEL)
def log(
    s: Session,
    entry: Annotated[int, typer.Argument(help="One entry; the newest if left out.")] = 0,
    last: Annotated[
        int | None, typer.Option("--last", min=1, max=10_000, help="How many; 20 if left out.")
    ] = None,
) -> None:
    """The journal: the newest entries, or one of them. 日誌。"""
    check_idle(entry and last, "last beside an entry")
    last = last or 20
    sql = "SELECT entry FROM journal WHERE seq = ? OR (? = 0 AND seq > ?) ORDER BY seq DESC LIMIT ?"
    head = s.ledger.db.query("SELECT seq FROM head")[0][0]
    found = s.ledger.db.query(sql, (entry, entry, head - last, last)) if 0 <= entry <= head else []
    if not found:
        raise questions.Unknown(
            f"There is no entry {entry}: this ledger has entries 1 to {head}.",
            f"沒有條目 {entry}：本帳本有條目 1 至 {head}。",
        )
    entries = [codec.decode(bytes(row[0])) for row in found]
    heads = (("entry", "條目"), ("at", "時間"), ("by", "人員"), ("what", "內容"))
    rows = [
        (
            str(e.seq),
            iso(e.at),
            str(e.by),
            s.listed(dict.fromkeys(s.word(_tag(event)) for event in e.events)),
        )
        for e in entries
    ]
    shown: list[Any] = [Rows(heads, rows)]
    if entry:
        shown += to_json(entries[0]).split("\n")
    s.reply({"head": head, "entries": entries}, *shown)


def _tag(event: Event) -> str:
    return str(event.__struct_config__.tag)


def more(count: int) -> Line | None:
    """That a table was cut short, if it was."""
    if count <= SHOWN:
        return None
    return Line(f"... {number(count - SHOWN)} more: add --json.",
                f"……另有 {number(count - SHOWN)} 項：請加 --json。", "yellow")  # fmt: skip


def as_of(moment: Any) -> Line:
    return Line(f"As of entry {moment.seq}, {moment.day}.",
                f"截至條目 {moment.seq}，{moment.day}。", "dim")  # fmt: skip
