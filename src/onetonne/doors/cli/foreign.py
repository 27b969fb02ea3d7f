"""What other registries say: scan their exports, import them as observations, admit units."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.holdings import SHOWN, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.idle import check_idle
from onetonne.doors.progress import progress
from onetonne.doors.render import Line, Rows, to_json
from onetonne.doors.typed import WrongUsage, shown
from onetonne.exchange.findings import Finding
from onetonne.exchange.scan import scan_files
from onetonne.ledger.commands import Admit
from onetonne.service.observing import Observing, foreign, observe
from onetonne.service.questions import Unknown

app = typer.Typer()
PANEL = "Other registries"
Paths = Annotated[list[Path], typer.Argument(help="Export files (CSV, XLSX, JSON) or folders.")]


def files_under(paths: Iterable[Path]) -> list[Path]:
    """The files named, and all but the hidden ones in the folders named; each once, by whatever
    names. Raises WrongUsage for what is not there, or is no file."""
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("[!.]*") if p.is_file())
        elif path.is_file():
            inside = [path]
        else:
            raise WrongUsage(f"There is no file {path}. Check the path.",
                             f"沒有檔案 {path}。請檢查路徑。", "no_file")  # fmt: skip
        for file in inside:
            found.setdefault(file.resolve(), file)
    return list(found.values())


@asks(app, PANEL)
def scan(s: Session, paths: Paths) -> None:
    """Read registry exports and name all that cannot be true. 掃描匯出檔。"""
    files = files_under(paths)
    with progress() as on_progress:
        report = scan_files(_contents(files), _per_file(on_progress, len(files)))
    if s.out.as_json:
        print(to_json(report.told()))
        return
    counts = [report.files, report.rows, report.parsed, report.opaque, report.unreadable]
    heads = (("registry", "登錄簿"), ("files", "檔案"), ("rows", "列"), ("parsed", "已解讀"),
             ("opaque", "原樣保留"), ("unreadable", "無法讀取"), ("findings", "發現"))  # fmt: skip
    rows = [
        (name, *(at[k] for k in ("files", "rows", "parsed", "opaque", "unreadable")),
         sum(f.registry == name for f in report.findings))
        for name, at in report.by_registry.items()
    ]  # fmt: skip
    rows.append(("", *counts, len(report.findings)))
    s.reply_apart({}, *_told(report.findings), Rows(heads, rows, right=frozenset(range(1, 7))))


def _told(findings: Sequence[Finding]) -> list[Line | None]:
    """Each finding: its place, then what is wrong there."""
    lines = [line for f in findings[:SHOWN] for line in (
        Line(_where(f, "row {}"), _where(f, "第 {} 列")),
        Line(f"  {f.code}: {f.reason}.", f"  {f.code}：{f.reason_zh}。"))]  # fmt: skip
    return [*lines, more(len(findings))]


def _contents(files: list[Path]) -> Iterator[tuple[str, bytes | OSError]]:
    for path in files:
        try:
            yield shown(path), path.read_bytes()
        except OSError as error:
            yield shown(path), error


def _content(path: Path) -> bytes:
    """The bytes of a file; Unknown when the system does not give them, because of its OSError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unknown(
            f"{shown(path)} cannot be read: {error.strerror}. Let it be read, and import it again.",
            f"無法讀取 {shown(path)}：{error.strerror}。請開放讀取後重新匯入。",
        ) from error


def _per_file(on_progress: Any, total: int) -> Any:
    done = iter(range(1, total + 1))
    return lambda name, rows: on_progress("scan", next(done), total)


def _where(f: Finding, row: str) -> str:
    cell = [f.file, f.sheet, row.format(f.row) if f.row else "", f.column]
    return " ".join(part for part in cell if part) + (f" {f.value!r}" if f.value else "")


@asks(app, PANEL, "import")
def import_(
    s: Session,
    files: Paths,
    register: Annotated[str, typer.Option("--register", help="Whose export: Verra, GS, CAR.")],
    day: Annotated[
        date | None,
        typer.Option("--day", parser=o.day, metavar="DAY", help="When it said so; today if not."),
    ] = None,
    dry: o.Dry = False,
) -> None:
    """Journal exports as what a register said on a day: an observation. 匯入為觀察。"""
    by, today = s.names.actor(s.who), s.today
    done: dict[Path, Observing] = {}
    left: dict[Path, Unknown] = {}
    for path in files_under(files):
        try:
            done[path] = observe(
                s.ledger, by, register, shown(path), _content(path), day or today, dry
            )
        except Unknown as nothing:
            left[path] = nothing
            continue
        if not dry:
            s.ledger.publish()  # each file is one step: what follows it may fail
    if left and not done:
        why = next(iter(left.values()))
        raise why.__cause__ or why
    heads = (("file", "檔案"), ("entry", "條目"), ("rows", "列"), ("parsed", "已解讀"),
             ("opaque", "原樣保留"), ("unreadable", "無法讀取"), ("findings", "發現"))  # fmt: skip
    rows = [(shown(path), str(d.observation or "-"), d.rows, d.parsed, d.opaque, d.unreadable,
             len(d.findings)) for path, d in done.items()]  # fmt: skip
    found = [f for d in done.values() for f in d.findings]
    refused = [d.refusal for d in done.values() if d.refusal]
    again = sum(d.repeated for d in done.values())
    s.reply(
        {
            "accepted": not refused,
            "dry_run": dry,
            "observations": [s.data(d) for d in done.values()],
            "left_out": [
                {"file": shown(path), "reason": why.en, "reason_zh": why.zh}
                for path, why in left.items()
            ],
        },
        Line("Dry run: nothing was written.", "試行：未寫入任何資料。", "yellow") if dry else None,
        *_told(found),
        Rows(heads, rows, right=frozenset(range(2, 7))),
        *(Line(f"Left out: {why.en}", f"略過：{why.zh}", "yellow") for why in left.values()),
        *(Line(r.sentence("en"), r.sentence("zh"), "red") for r in refused),
        Line(f"{again} were imported before; not again.", f"{again} 檔先前已匯入；未重複。")
        if again else None,
    )  # fmt: skip
    if refused or not left.keys().isdisjoint(files):
        raise typer.Exit(1)


@acts(app, PANEL)
def admit(
    s: Session,
    observation: Annotated[int, typer.Argument(help="The observation's entry.")],
    row: Annotated[int, typer.Argument(help="The row, as a spreadsheet shows it.")],
    to: o.To,
    sheet: Annotated[str, typer.Option("--sheet", help="Where there are several.")] = "",
    unit: Annotated[str, typer.Option("--unit", help="File the block as this unit type.")] = "",
    rule: Annotated[str, typer.Option("--rule", help="Or convert under this rule.")] = "",
    project: Annotated[str, typer.Option("--project", help="Our project's code.")] = "",
    vintage: Annotated[int, typer.Option("--vintage", help="Year of the reductions.")] = 0,
    host: Annotated[str, typer.Option("--host", help="Host Party.")] = "",
    activity: Annotated[str, typer.Option("--activity", help="reduction or removal.")] = "",
) -> Admit:
    """Take in a foreign unit that an observation shows. 納入外國單位。"""
    check_idle(unit and rule, "unit beside a rule")
    return Admit(
        filed=foreign(s.ledger, observation, row, sheet),
        account=s.names.account(to),
        unit=unit,
        rule=rule,
        project=project,
        vintage=vintage,
        host=host.upper(),
        activity=activity,
    )
