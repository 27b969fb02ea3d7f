"""The demo, and scenario files: played, with every difference from what they expect."""

from itertools import count
from pathlib import Path
from typing import Annotated

import typer

from onetonne.doors.cli.session import Session, asks
from onetonne.doors.progress import progress
from onetonne.doors.render import Line, number, plain
from onetonne.doors.typed import WrongUsage
from onetonne.service.demo import demo as tell
from onetonne.service.play import play as play_files

app = typer.Typer()
PANEL = "Start"


@asks(app, PANEL)
def demo(
    s: Session,
    folder: Annotated[
        Path | None, typer.Argument(help="A new folder; ./onetonne-demo if left out.")
    ] = None,
) -> None:
    """Nine journeys, told, in ledgers that stay. 展示。"""
    s.takes_no("address", "ledger of the demo")
    if folder is not None and folder.exists():
        raise WrongUsage(f"{folder} is there already. Name a new folder.",
                         f"{folder} 已存在。請指定新資料夾。")  # fmt: skip
    s.founds = True
    say = (lambda line: None) if s.out.as_json else (lambda line: print(plain(line)))
    done = tell(say, s.out.language, folder)
    s.reply_apart(
        s.data(done) | {"ok": done.ok},
        *(Line(d.sentence(), d.sentence("zh"), "red") for d in done.differences),
    )
    if not done.ok:
        raise typer.Exit(1)


@asks(app, PANEL)
def play(
    s: Session,
    files: Annotated[list[Path], typer.Argument(help="Scenario files (YAML).")],
) -> None:
    """Play scenario files, each on a ledger of its own. 演練情境檔。"""
    s.takes_no("address", "ledger of a play")
    with progress() as on_progress:
        steps = count()
        report = play_files(files, lambda told: on_progress(told.file, next(steps) + 1, 0))
    played = f"{len(report.files)}", number(report.steps)
    s.reply_apart(
        s.data(report) | {"ok": report.ok},
        *(Line(d.sentence(), d.sentence("zh"), "red") for d in report.differences),
        Line("{} files, {} steps as expected.".format(*played),
             "{} 個檔案，{} 個步驟符合預期。".format(*played), "green" if report.ok else ""),
    )  # fmt: skip
    if not report.ok:
        raise typer.Exit(1)
