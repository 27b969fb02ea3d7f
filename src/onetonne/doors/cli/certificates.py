"""The retirement certificate, printed as a page."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from onetonne.doors.certificate import certificate as read
from onetonne.doors.certificate import page
from onetonne.doors.cli import options as o
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.files import put
from onetonne.doors.measures import amounts
from onetonne.doors.render import Line
from onetonne.service.ledger import Ledger

app = typer.Typer()


@asks(app, "Proof")
def certificate(
    s: Session,
    n: Annotated[int, typer.Argument(metavar="NUMBER", help="The certificate's number.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", parser=o.place, metavar="FILE", help="Default: certificate-NUMBER.html."
        ),
    ] = None,
) -> None:
    """Write a retirement certificate as one page, both languages. 證書。"""
    told = read(s.ledger, n)
    path = out or Path(f"certificate-{n}.html")
    put(path, page(told))
    en, zh = amounts(told.by_metric)
    back_en, back_zh = amounts(told.corrected_by_metric)
    s.reply(
        msgspec.to_builtins(told) | {"file": str(path)},
        Line(f"Certificate {n}: {en} for {told.beneficiary}.",
             f"證書 {n}：{zh}，受益人 {told.beneficiary}。"),
        Line(f"Of them {back_en} came back by a correction: it no longer holds for these.",
             f"其中 {back_zh} 已由更正退回，本證書對其不再有效。", "yellow")
        if any(told.corrected_by_metric.values()) else None,
        Line(f"Written to {path}; open it in a browser and print.",
             f"已寫入 {path}；請以瀏覽器開啟列印。", "green"),
    )  # fmt: skip


def write(ledger: Ledger, numbers: list[int], path: Path) -> list[Path]:
    """Write the certificates of one act; the second and later beside the first."""
    written = []
    for at, n in enumerate(numbers):
        file = path if at == 0 else path.with_stem(f"{path.stem}-{n}")
        put(file, page(read(ledger, n)))
        written.append(file)
    return written
