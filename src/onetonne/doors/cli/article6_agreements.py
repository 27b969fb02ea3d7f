"""Agreements between Parties, on the command line: a dated register."""

from datetime import date
from typing import Annotated

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.article6_questions import exact
from onetonne.doors.cli.documents import Digest, Document, digest_of
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.render import Rows
from onetonne.ledger.article6.commands import RecordAgreement
from onetonne.service.questions import article6 as ask

app = typer.Typer()
PANEL = "Article 6"


@acts(app, PANEL)
def agreement(
    s: Session,
    code: Annotated[str, typer.Argument(help="Its code: CH-GH.")],
    title: Annotated[str, typer.Option("--title", help="What it is called; public.")],
    party: Annotated[list[str], typer.Option("--party", help="A Party to it. Repeatable.")],
    since: Annotated[
        date, typer.Option("--since", parser=o.day, metavar="DAY", help="In force from this day.")
    ],
    until: o.Until = None,
    document: Document = None,
    digest: Digest = "",
) -> RecordAgreement:
    """Record an agreement between Parties, or its next version. 登載協定。"""
    return RecordAgreement(
        agreement=code,
        title=title,
        parties=tuple(one.upper() for one in party),
        since=since,
        until=until,
        digest=digest_of(document, digest),
    )


@asks(app, PANEL, when=True)
def agreements(s: Session) -> None:
    """Agreements, their days, and the approaches that rest on them. 協定清單。"""
    answer = ask.listed(s.ledger, "agreements", s.moment)
    named = ask.listed(s.ledger, "approaches", s.moment).rows
    heads = (("code", "代碼"), ("version", "版本"), ("Parties", "締約方"), ("since", "自"),
             ("until", "至"), ("approaches", "合作方法"), ("title", "名稱"))  # fmt: skip
    rows = [(a.agreement, a.version, ", ".join(a.parties), a.since, a.until or "-",
             ", ".join(one.approach for one in named if one.agreement == a.agreement), a.title)
            for a in answer.rows]  # fmt: skip
    s.reply(exact(answer), Rows(heads, rows[:SHOWN]), more(len(rows)), as_of(answer.as_of))
