"""What proves: certificate, checkpoint, holdings root, verify, rebuild."""

from pathlib import Path
from typing import Annotated, Any

import typer

from onetonne.base.notes import Checkpoint, open_checkpoint
from onetonne.doors.cli import options as o
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.files import put
from onetonne.doors.idle import check_idle
from onetonne.doors.progress import progress
from onetonne.doors.render import Line, number
from onetonne.doors.typed import WrongUsage, keep, read_former, read_kept, read_key
from onetonne.exchange import consistency
from onetonne.ledger.proof_findings import Finding
from onetonne.service.audit import Report
from onetonne.service.audit import verify as audit
from onetonne.service.consistency import kept_under
from onetonne.service.consistency import since as proven_since
from onetonne.service.rebuild import rebuild as make_anew
from onetonne.service.roots import journal_root, rooted_in
from onetonne.store.tiles import read_note

app = typer.Typer()
PANEL = "Proof"


@asks(app, PANEL)
def checkpoint(
    s: Session,
    since: Annotated[
        Path | None,
        typer.Option("--since", help="A kept checkpoint: prove that the log extends it."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", parser=o.place, metavar="FILE", help="Write it to a file."),
    ] = None,
    new_log: Annotated[
        bool, typer.Option("--new-log", help="The log is lost: publish the whole journal anew.")
    ] = False,
) -> None:
    """Publish the log and print its signed checkpoint. 檢查點。"""
    told: dict[str, Any] = {}
    keep(since, out)
    if since is None:
        s.ledger.publish(new_log)
        text = note = read_note(s.ledger.log)
    else:
        proof, note = proven_since(s.ledger, read_kept(since), new_log)
        text = consistency.write(proof, note)
        told = {"since": proof.size, "proof": text}
    key = s.ledger.verifier()
    point = open_checkpoint(note, key)
    data = {"size": point.size, "root": point.root.hex(), "note": note, **told,
            "key": str(key), "log": str(s.ledger.log)}  # fmt: skip
    if out is not None:
        put(out, text)
        data["file"] = str(out)
    shown = _written(s, since, out) if out else text.rstrip().split("\n")
    s.reply(data, *shown, Line("Key:", "金鑰："), data["key"],
            Line("Log, ready to mirror:", "日誌，可供鏡像："), data["log"])  # fmt: skip


def _written(s: Session, since: Path | None, out: Path) -> list[Any]:
    if since is None:
        return [Line(f"Checkpoint written to {out}: keep it.", f"檢查點已寫入 {out}，請妥為保存。",
                     "green")]  # fmt: skip
    return [
        Line(f"Checkpoint and proof written to {out}. To check it anywhere:",
             f"檢查點與證明已寫入 {out}。任何地方皆可查核：", "green"),
        f"onetonne checkpoint-check {out} --key {s.key_file()} --known {kept_as(s, since)}",
    ]  # fmt: skip


def kept_as(s: Session, since: Path) -> str:
    """A kept checkpoint as the checking line names it, with its key where that was replaced."""
    key = kept_under(s.ledger, read_kept(since))
    return str(since) if key is None else f"{since} --known-key {key}"


@asks(app, PANEL, "checkpoint-check")
def checkpoint_check(
    s: Session,
    file: Annotated[Path, typer.Argument(help="A newer checkpoint with its proof.")],
    key: Annotated[str, typer.Option("--key", help="The registry's public key, or its file.")],
    known: Annotated[Path, typer.Option("--known", help="The checkpoint kept from earlier.")],
    known_key: o.KnownKey = "",
) -> None:
    """Check offline that a newer checkpoint extends a kept one. 查核檢查點。"""
    own = read_key(key)
    report = consistency.check(read_kept(file), read_kept(known), own, *read_former(known_key, own))
    told = {"ok": report.ok, "origin": report.newer.origin if report.newer else "",
            "checkpoint": _point(report.newer), "known": _point(report.kept),
            "findings": [_finding(f) for f in report.findings]}  # fmt: skip
    s.reply_apart(told, *_extended(report))
    if not report.ok:
        raise typer.Exit(1)


def _point(point: Checkpoint | None) -> dict[str, Any] | None:
    return {"size": point.size, "root": point.root.hex()} if point else None


def _extended(report: consistency.Report) -> list[Line]:
    new, old = report.newer, report.kept
    if new is None or old is None or not report.ok:
        return [
            Line("It is not shown that this checkpoint extends the kept one:",
                 "未證明此檢查點延續所保存者：", "bold red"),
            *(Line(f.sentence("en"), f.sentence("zh")) for f in report.findings),
        ]  # fmt: skip
    sizes = number(new.size), number(old.size)
    return [
        Line(f"The checkpoint of {sizes[0]} entries of {new.origin} extends the kept one of "
             f"{sizes[1]}: nothing of it was changed or taken out. Keep the newer from now on.",
             f"{new.origin} 之 {sizes[0]} 筆檢查點延續所保存的 {sizes[1]} 筆："
             "其內容未遭更動或移除。今後請保存較新者。", "green")
    ]  # fmt: skip


@asks(app, PANEL)
def root(s: Session) -> None:
    """Journal the Merkle root over all holdings, and publish. 持有根。"""
    entry = journal_root(s.ledger)
    rooted, point = rooted_in(entry), s.ledger.publish()
    s.reply(
        {"entry": entry.seq, "root": rooted.root, "holdings": rooted.holdings,
         "checkpoint": {"size": point.size, "root": point.root.hex()}},
        Line(f"Root over {number(rooted.holdings)} holdings, entry {entry.seq}:",
             f"{number(rooted.holdings)} 筆持有之根，條目 {entry.seq}："),
        rooted.root,
        Line(f"Checkpoint {point.size}.", f"檢查點 {point.size}。", "dim"),
    )  # fmt: skip


@asks(app, PANEL)
def verify(
    s: Session,
    log: Annotated[
        Path | None, typer.Option("--log", help="A mirrored log's folder; no database needed.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help="The public key as you keep it, or its file.")
    ] = None,
    known: Annotated[
        list[Path], typer.Option("--known", help="A checkpoint kept elsewhere. Repeatable.")
    ] = [],  # noqa: B006
    known_key: o.KnownKey = "",
    tables: Annotated[bool, typer.Option(help="Compare the tables too.")] = True,
) -> None:
    """Audit the ledger: log, every entry replayed, every root, all tables. 查核。"""
    if log is not None:
        s.takes_no("address", "ledger beside a log")
    if log is not None and key is None:
        raise WrongUsage("Whose log? Add --key: the registry's public key, or a file with it.",
                         "是誰的日誌？請加上 --key：登錄簿的公鑰，或內含公鑰的檔案。")  # fmt: skip
    check_idle(known_key and not known, "key of what is kept")
    given = None if key is None else read_key(key)
    notes = [read_kept(path) for path in known]
    with progress() as on_progress:
        own = given or s.ledger.verifier()
        former = read_former(known_key, own)
        if log is None:
            report = audit(s.ledger.log, own, notes, s.ledger.db, tables, on_progress, former)
        else:
            report = audit(log, own, notes, on_progress=on_progress, former=former)
    data = _data(report) | {"key_given": given is not None}
    (s.reply if log is None else s.reply_apart)(data, *_told(report), None if given else _OWN_KEY)
    if not report.ok:
        raise typer.Exit(1)


_OWN_KEY = Line(
    "Checked with the ledger's own key: who holds that can replace key and log together. An "
    "auditor keeps the key and a checkpoint elsewhere: --key, --known.",
    "以帳本自身的金鑰查核：持有該金鑰者可將金鑰與日誌一併替換。"
    "查核者請另存公鑰與檢查點：--key、--known。",
    "dim",
)


def _data(report: Report) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "origin": report.origin,
        "size": report.size,
        "root": report.root,
        "entries": report.entries,
        "roots": report.roots,
        "rows": report.rows,
        "findings": [_finding(f) for f in report.findings],
    }


def _finding(f: Finding) -> dict[str, str]:
    """A finding as JSON has it."""
    return {"code": f.code, "where": f.where, "expected": f.expected, "found": f.found,
            "en": f.sentence("en"), "zh": f.sentence("zh")}  # fmt: skip


def _told(report: Report) -> list[Line]:
    entries, roots, rows = map(number, (report.entries, report.roots, report.rows))
    lines = [
        Line(f"As of checkpoint {report.size} of {report.origin}: {entries} entries replayed, "
             f"{roots} roots computed again, {rows} table rows compared.",
             f"截至 {report.origin} 檢查點 {report.size}：重播 {entries} 筆條目，"
             f"重算 {roots} 個根，比對 {rows} 列。")
    ]  # fmt: skip
    if report.ok:
        return [*lines, Line("All is as it should be.", "全部相符。", "green")]
    count = number(len(report.findings))
    lines.append(Line(f"Findings: {count}.", f"發現 {count} 項：", "bold red"))
    lines += [Line(f"{f.code}: {f.sentence('en')}", f"{f.code}：{f.sentence('zh')}")
              for f in report.findings]  # fmt: skip
    return lines


@asks(app, PANEL)
def rebuild(s: Session) -> None:
    """Make the tables anew from the journal; other writers must reopen. 重建資料表。"""
    with progress() as on_progress:
        done = make_anew(s.ledger.db, on_progress, s.ledger.signed_from)
    s.reply(
        {"entries": done.entries, "rows": done.rows, "epoch": done.epoch},
        Line(f"{number(done.entries)} entries replayed, {number(done.rows)} rows written; "
             f"epoch {done.epoch}.",
             f"重播 {number(done.entries)} 筆條目，寫入 {number(done.rows)} 列；"
             f"第 {done.epoch} 紀元。", "green"),
    )  # fmt: skip
