"""Letters of authorisation: a signed file, its page and PDF, and the check that needs no ledger."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from onetonne.doors import letter_page
from onetonne.doors.cli import options as o
from onetonne.doors.cli.article6_questions import PANEL, exact
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.files import put
from onetonne.doors.letter_sheet import Sheet, sheet
from onetonne.doors.render import Line
from onetonne.doors.typed import WrongUsage, read_key
from onetonne.exchange.letter import MAX_BYTES, Report
from onetonne.service import letters

app = typer.Typer()
Html = Annotated[
    Path | None,
    typer.Option(
        "--html", parser=o.place, metavar="FILE", help="Write a page of it too, both languages."
    ),
]
Pdf = Annotated[
    Path | None,
    typer.Option(
        "--pdf", parser=o.place, metavar="FILE", help="Write a PDF of it too; needs the extra pdf."
    ),
]


@asks(app, PANEL)
def letter(
    s: Session,
    code: Annotated[str, typer.Argument(help="The authorisation's code.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", parser=o.place, metavar="FILE", help="Default: letter-CODE.json."),
    ] = None,
    html: Html = None,
    pdf_file: Pdf = None,
) -> None:
    """Write a letter of authorisation as a signed file. 授權書。"""
    data = letters.letter(s.ledger, code)
    path = out or Path(f"letter-{code.replace('/', '-').replace(' ', '-')}.json")
    report, size = letters.check(data, s.ledger.verifier(), None, None)
    made = _shown(sheet(data, report, size, path.name), html, pdf_file)
    put(path, data)
    written = _write(made)
    key = s.key_file()
    s.reply(
        {"file": str(path), "authorisation": code, "key": str(s.ledger.verifier()),
         "key_file": key, "shown": written},
        Line(f"Letter of {code} written to {path}.", f"{code} 的授權書已寫入 {path}。", "green"),
        *_told(written),
        Line("To check it anywhere:", "任何地方皆可查核："),
        f"onetonne a6 letter-check {path} --key {key}",
    )  # fmt: skip


@asks(app, PANEL, "letter-check")
def letter_check(
    s: Session,
    file: Annotated[Path, typer.Argument(help="The letter.")],
    key: Annotated[
        str | None, typer.Option("--key", help="The registry's public key, or its file.")
    ] = None,
    day: Annotated[
        date | None,
        typer.Option("--day", parser=o.day, metavar="DAY", help="For use on this day."),
    ] = None,
    log: Annotated[
        Path | None, typer.Option("--log", help="A newer log of the registry, to hold it against.")
    ] = None,
    html: Html = None,
    pdf_file: Pdf = None,
) -> None:
    """Check a letter offline; with a log, what came after. 查核授權書。"""
    if log is not None and key is None:
        raise WrongUsage(
            "A log is held against the registry's key, not a letter's own: add --key KEY.",
            "查核日誌須以登錄簿之公鑰為準，不得以授權書自附者為準：請加上 --key 公鑰。",
        )
    with file.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)
    own = None if key is None else read_key(key)
    report, size = letters.check(data, own, day, log)
    findings = [{"code": f.code, "where": f.where, "en": f.sentence("en"), "zh": f.sentence("zh")}
                for f in report.findings]  # fmt: skip
    found = sheet(data, report, size, file.name) if html or pdf_file else None
    written = _write(_shown(found, html, pdf_file))
    told = {"ok": report.ok, "key_given": report.key_given, "valid_as_of": size,
            "terms": exact(report.terms), "findings": findings, "shown": written}  # fmt: skip
    unshown = found is None and (html or pdf_file)
    s.reply_apart(
        told, *_verdict(report, size), *_told(written),
        Line("No page is made of a letter that is not genuine.", "授權書不真，不製作頁面。",
             "yellow") if unshown else None,
    )  # fmt: skip
    if not report.ok:
        raise typer.Exit(1)


def _pdf(told: Sheet) -> bytes:
    """The sheet as a PDF. Raises WrongUsage where the extra `pdf` is not installed."""
    try:
        from onetonne.doors.letter_pdf import pdf
    except ImportError as error:
        raise WrongUsage(
            "A PDF needs the extra `pdf`, which is not installed: pip install 'onetonne[pdf]'. "
            "Or write the page (--html) and print it.",
            "製作 PDF 須安裝選用套件 `pdf`：pip install 'onetonne[pdf]'。"
            "或改以 --html 寫出網頁後列印。",
        ) from error
    return pdf(told)


def _shown(found: Sheet | None, html: Path | None, pdf_file: Path | None) -> dict[Path, bytes]:
    """What is to be written where: all is made before anything is written."""
    forms: tuple[tuple[Path | None, Callable[[Sheet], bytes]], ...] = (
        (html, lambda told: letter_page.page(told).encode()),
        (pdf_file, _pdf),
    )
    return {path: make(found) for path, make in forms if path is not None and found is not None}


def _write(made: dict[Path, bytes]) -> list[str]:
    for path, data in made.items():
        put(path, data)
    return [str(path) for path in made]


def _told(written: list[str]) -> list[Line]:
    return [Line(f"To read or print: {path}.", f"供閱覽或列印：{path}。") for path in written]


def _verdict(report: Report, size: int) -> list[Any]:
    if not report.ok:
        return [
            Line("This letter does not hold:", "此授權書不成立：", "bold red"),
            *(Line(f.sentence("en"), f.sentence("zh")) for f in report.findings),
        ]
    terms = report.terms
    assert terms is not None, "a letter that holds has its terms"
    name, version = terms.authorisation, terms.version
    uses = ", ".join(terms.purposes)
    parts = [
        Line(f"{name} version {version} of {terms.party}, for {uses}: the letter is genuine.",
             f"{terms.party} 的 {name} 第 {version} 版，用途 {uses}：授權書為真。", "green"),
        Line(f"Valid as of checkpoint {size}; what came after, it cannot know.",
             f"截至檢查點 {size} 有效；其後之事無從得知。"),
    ]  # fmt: skip
    if not report.key_given:
        parts.append(
            Line("No key was given: this shows only that the file agrees with itself. Add --key.",
                 "未提供金鑰：僅能證明檔案自身一致。請加上 --key。", "yellow"))  # fmt: skip
    return parts
