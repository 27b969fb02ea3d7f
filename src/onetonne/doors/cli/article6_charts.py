"""Charts of Article 6: a Party's balance, and where a host's tonnes went; SVG and CSV as files.

Both files are written from the same numbers; `--json` gives these numbers too.
"""

import csv
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from onetonne.doors import chart_balance, chart_flows
from onetonne.doors.cli import options as o
from onetonne.doors.cli.article6_questions import PANEL, Party, Year, exact
from onetonne.doors.cli.holdings import as_of
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.files import put
from onetonne.doors.render import Line
from onetonne.doors.typed import WrongUsage
from onetonne.service.questions import article6 as ask
from onetonne.service.questions.article6_flows import whereabouts
from onetonne.service.questions.asof import AsOf

chart = typer.Typer(help="Charts as SVG and CSV. 圖表。", no_args_is_help=True)
Svg = Annotated[
    Path | None,
    typer.Option("--svg", parser=o.place, metavar="FILE", help="Write the drawing to this file."),
]
Csv = Annotated[
    Path | None,
    typer.Option("--csv", parser=o.place, metavar="FILE", help="Write its numbers to this file."),
]


@asks(chart, PANEL, when=True)
def balance(s: Session, party: Party, year: Year = 0, svg: Svg = None, rows: Csv = None) -> None:
    """Emissions and balance against target or budget. 餘額圖。"""
    answer = ask.accounts(s.ledger, party.upper(), year, s.moment)
    drawn = chart_balance.draw(answer.ndc, answer.balance, s.out.language, _when(s, answer.as_of))
    written = _write(s, svg, drawn, rows, chart_balance.rows(answer.ndc, answer.balance))
    s.reply(exact(answer) | {"files": written}, *_told(written), as_of(answer.as_of))


@asks(chart, PANEL, when=True)
def flows(
    s: Session,
    party: Party,
    metric: Annotated[str, typer.Option("--metric", help="GHG, or another such as MWh.")] = "GHG",
    svg: Svg = None,
    rows: Csv = None,
) -> None:
    """Where a host's mitigation outcomes went. 去向圖。"""
    answer = whereabouts(s.ledger, party.upper(), metric, s.moment)
    drawn = chart_flows.draw(answer.flows, s.out.language, _when(s, answer.as_of))
    written = _write(s, svg, drawn, rows, chart_flows.rows(answer.flows))
    s.reply(exact(answer) | {"files": written}, *_told(written), as_of(answer.as_of))


def _when(s: Session, moment: AsOf) -> str:
    return as_of(moment).text(s.out.language)


def _write(
    s: Session, svg: Path | None, drawn: str, rows: Path | None, told: list[list[str]]
) -> list[str]:
    """Write what was asked for. Raises WrongUsage where nothing was."""
    if svg is None and rows is None and not s.out.as_json:
        raise WrongUsage(
            "Where should the chart go? Add --svg FILE, --csv FILE or both.",
            "圖表要寫到哪裡？請加上 --svg 檔案、--csv 檔案，或兩者。",
        )
    written = []
    if svg is not None:
        put(svg, drawn)
        written.append(str(svg))
    if rows is not None:
        table = StringIO()
        csv.writer(table).writerows(told)
        put(rows, table.getvalue())
        written.append(str(rows))
    return written


def _told(written: list[str]) -> list[Line]:
    return [Line(f"Written to {path}.", f"已寫入 {path}。", "green") for path in written]
