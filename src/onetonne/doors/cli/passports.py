"""Passports: the whole life of serials as one file, made here and checked anywhere."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from onetonne.base.account_numbers import show
from onetonne.base.days import iso
from onetonne.doors.cli import options as o
from onetonne.doors.cli.proof import kept_as
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.files import put
from onetonne.doors.idle import check_idle
from onetonne.doors.render import Line, Rows, number
from onetonne.doors.typed import WrongUsage, keep, read_former, read_kept, read_key, read_range
from onetonne.exchange.passport import MAX_BYTES
from onetonne.exchange.passport_check import Report, check_passport
from onetonne.exchange.passport_names import Sealed
from onetonne.ledger.items import closed
from onetonne.ledger.tables import lot_code
from onetonne.ledger.words import called
from onetonne.service import questions
from onetonne.service.passport import passport as made

app = typer.Typer()
PANEL = "Proof"


class MakeUnlessSaid(TyperGroup):
    """`passport LOT SERIAL` makes one, as if `make` had been typed."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands and not args[0].startswith("-"):
            return "make", self.commands["make"], args
        return super().resolve_command(ctx, args)


passport = typer.Typer(
    cls=MakeUnlessSaid, no_args_is_help=True,
    help="A serial's whole life as one file: make, check. 護照。",
)  # fmt: skip
app.add_typer(passport, name="passport", rich_help_panel=PANEL)


@asks(passport, PANEL)
def make(
    s: Session,
    lot: Annotated[str, typer.Argument(help="Lot, by code or number.")],
    serials: Annotated[str, typer.Argument(help="5 or 1-500; the whole lot if left out.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", parser=o.place, metavar="FILE", help="Default: passport-LOT-SERIALS.json."
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option("--since", help="A kept checkpoint: prove too that the log extends it."),
    ] = None,
) -> None:
    """Make a passport that proves itself offline. 製作護照。"""
    keep(since, out)
    code = questions.blocks_of(s.ledger, lot)[0].lot.code
    named = f"{code} {read_range(serials)}" if serials else lot
    blocks = questions.blocks_of(s.ledger, named)
    if len(blocks) > 1:
        raise WrongUsage(
            f"{lot} reaches over several lots here: name one, with serials.",
            f"{lot} 跨越多個批次：請指定一個批次與序號。",
        )
    block = blocks[0]
    data = made(
        s.ledger, block.lot.lot, block.first, block.next,
        kept=None if since is None else read_kept(since),
    )  # fmt: skip
    path = out or Path("-".join(["passport", *named.replace("/", " ").split()]) + ".json")
    put(path, data)
    key = s.key_file()
    s.reply(
        {"file": str(path), "bytes": len(data), "lot": code, "key": str(s.ledger.verifier()),
         "key_file": key},
        Line(f"Passport of {named} written to {path} ({number(len(data))} bytes).",
             f"{named} 的護照已寫入 {path}（{number(len(data))} 位元組）。", "green"),
        Line("To check it anywhere:", "任何地方皆可查核："),
        f"onetonne passport check {path} --key {key}"
        + (f" --known {kept_as(s, since)}" if since else ""),
    )  # fmt: skip


@asks(passport, PANEL)
def check(
    s: Session,
    file: Annotated[Path, typer.Argument(help="The passport.")],
    key: Annotated[
        str | None,
        typer.Option("--key", help="The registry's public key, or a file that holds it."),
    ] = None,
    known: Annotated[
        Path | None,
        typer.Option("--known", help="A kept checkpoint: the passport must prove to extend it."),
    ] = None,
    known_key: o.KnownKey = "",
) -> None:
    """Check a passport offline, with nothing but it and the key. 查核護照。"""
    if known is not None and key is None:
        raise WrongUsage(
            "A kept checkpoint is held against the registry's key, not a passport's own: add --key "
            "KEY.",
            "比對所保存的檢查點須以登錄簿之公鑰為準，不得以護照自附者為準：請加上 --key 公鑰。",
        )
    check_idle(known_key and known is None, "key of what is kept")
    with file.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)  # a file without end is too large, not fatal
    own = read_key(key) if key is not None else None
    former = read_former(known_key, own)
    report = check_passport(data, own, None if known is None else read_kept(known), *former)
    s.reply_apart(_data(report), *_told(s, report))
    if not report.ok:
        raise typer.Exit(1)


def _data(report: Report) -> dict[str, Any]:
    holders = [{"serials": _printed(report, h.first, h.next), "account": show(h.account),
                "status": h.status, "entry": h.moved} for h in report.holders]  # fmt: skip
    return {
        "ok": report.ok,
        "key_given": report.key_given,
        "origin": report.origin,
        "checkpoint": {"size": report.size, "root": report.root},
        "since": report.since,
        "extends": report.extends if report.ok else None,
        "rooted": report.rooted,
        "holders": holders,
        "steps": report.steps,
        "names": [_name(report, name) for name in report.names],
        "findings": [
            {"code": f.code, "where": f.where, "en": f.sentence("en"), "zh": f.sentence("zh")}
            for f in report.findings
        ],
    }


def _name(report: Report, name: Sealed) -> dict[str, Any]:
    lot = report.lots[name.lot]
    serials = closed(int(lot.first_number), name.first, name.next)
    return {"lot": lot_code(lot.unit, lot.vintage, lot.lot), "serials": serials,
            "role": name.role, "text": name.text, "seq": name.seq}  # fmt: skip


def _printed(report: Report, first: int, next_: int) -> str:
    return closed(int(report.issued.first_number) if report.issued else 0, first, next_)


def _told(s: Session, report: Report) -> list[Any]:
    if not report.ok:
        return [
            Line("This passport does not hold:", "此護照不成立：", "bold red"),
            *(Line(f.sentence("en"), f.sentence("zh")) for f in report.findings),
        ]
    issued = report.issued
    code = lot_code(issued.unit, issued.vintage, issued.lot) if issued else ""
    what = f"{code} {_printed(report, report.first, report.next)}"
    at = iso(report.rooted_at)
    heads = (("serials", "序號"), ("account", "帳戶"), ("status", "狀態"), ("entry", "條目"))
    rows = [(h["serials"], h["account"], s.word(h["status"]), str(h["entry"]))
            for h in _data(report)["holders"]]  # fmt: skip
    lines: list[Any] = [
        Line(f"{what} of {report.origin}: the passport holds.",
             f"{report.origin} 的 {what}：護照成立。", "green"),
        Line(f"As of checkpoint {report.size}; holders as of entry {report.rooted}, {at}.",
             f"截至檢查點 {report.size}；持有人截至條目 {report.rooted}，{at}。"),
        *_extended(report),
        Rows(heads, rows),
    ]  # fmt: skip
    if report.names:
        heads = (("serials", "序號"), ("role", "角色"), ("name", "名稱"), ("entry", "條目"))
        names = [_name(report, name) for name in report.names]
        language = s.out.language
        rows = [(n["serials"] if n["lot"] == code else f"{n['lot']} {n['serials']}",
                 called(n["role"], language), n["text"], str(n["seq"])) for n in names]  # fmt: skip
        lines.append(Rows(heads, rows))
    if not report.key_given:
        lines.append(
            Line("No key was given: this shows only that the file agrees with itself. Add --key.",
                 "未提供金鑰：僅能證明檔案自身一致。請加上 --key。", "yellow"))  # fmt: skip
    return lines


def _extended(report: Report) -> list[Line]:
    """Whether its log was held against an earlier checkpoint, or can be."""
    if report.extends is not None:
        size = number(report.extends)
        return [Line(f"Its log extends the kept checkpoint of {size} entries: nothing of that was "
                     "changed or taken out.",
                     f"其日誌延續所保存的 {size} 筆檢查點：其內容未遭更動或移除。")]  # fmt: skip
    if report.since is not None:
        size = number(report.since)
        return [Line(f"It carries a proof that its log extends a checkpoint of {size} entries: "
                     "hold it against the one you kept, with --known.",
                     f"內含證明，顯示其日誌延續 {size} 筆之檢查點：請以 --known 與您所保存者比對。",
                     "dim")]  # fmt: skip
    return []
