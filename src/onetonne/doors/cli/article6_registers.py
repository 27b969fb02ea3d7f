"""Registers of Article 6 that move no units, on the command line: contributions (6.8), plans."""

import csv
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.documents import Digest, Document, digest_of
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.render import Line, Rows
from onetonne.doors.typed import WrongUsage, read_amount, read_facts, read_party, read_sum
from onetonne.ledger.article6.commands import RecordContribution, RecordPlan, WithdrawContribution
from onetonne.ledger.article6.plan import Share
from onetonne.service.questions import article6_registers as ask

app = typer.Typer()
PANEL = "Article 6"
Code = Annotated[str, typer.Argument(help="The contribution's code.")]


@acts(app, PANEL, "contribute")
def contribute(
    s: Session,
    code: Code,
    kind: Annotated[str, typer.Option("--kind", help="finance, technology or capacity.")],
    receiver: Annotated[str, typer.Option("--for", help="The Party that receives it.")],
    giver: Annotated[str, typer.Option("--giver", help="The Party that gives it.")] = "",
    company: Annotated[str, typer.Option("--company", help="Or who does; sealed.")] = "",
    amount: Annotated[str, typer.Option("--amount", help="As decimal number: 1500000.50.")] = "",
    currency: Annotated[str, typer.Option("--currency", help="Of the amount: USD.")] = "",
    since: Annotated[
        date | None, typer.Option("--since", parser=o.day, metavar="DAY", help="Its first day.")
    ] = None,
    until: o.Until = None,
    activity: Annotated[str, typer.Option("--activity", help="What it is for; sealed.")] = "",
    fact: Annotated[
        list[str], typer.Option("--fact", help="NAME=VALUE, public; no tonnes. Repeatable.")
    ] = o.NONE,
    document: Document = None,
    digest: Digest = "",
) -> RecordContribution:
    """Record a contribution without units (6.8), or its next version. 登載非市場貢獻。"""
    return RecordContribution(
        contribution=code,
        kind=kind,
        receiver=receiver.upper(),
        giver=giver.upper(),
        company=company,
        amount=read_sum(amount),
        currency=currency,
        since=since,
        until=until,
        activity=activity,
        facts=read_facts(fact),
        digest=digest_of(document, digest),
    )


@acts(app, PANEL, "withdraw-contribution")
def withdraw(
    s: Session, code: Code, document: Document = None, digest: Digest = "", reason: o.Reason = ""
) -> WithdrawContribution:
    """Withdraw a contribution. 撤回非市場貢獻。"""
    told = digest_of(document, digest)
    return WithdrawContribution(contribution=code, digest=told, reason=reason)


FIELDS = ("contribution", "version", "status", "kind", "giver", "company", "receiver", "amount",
          "currency", "since", "until", "activity", "digest")  # fmt: skip


@asks(app, PANEL, "contributions", when=True)
def contributions(
    s: Session,
    party: Annotated[str, typer.Option("--party", help="That gives or receives.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="finance, technology or capacity.")] = "",
    out: Annotated[
        Path | None,
        typer.Option("--csv", parser=o.place, metavar="FILE", help="Write them to this file."),
    ] = None,
) -> None:
    """Contributions without units (6.8). 非市場貢獻清單。"""
    answer = ask.contributions(s.ledger, read_party(party), kind, s.moment)
    if out is not None:
        with out.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([FIELDS, *map(_cells, answer.rows)])
    heads = (("code", "代碼"), ("version", "版本"), ("kind", "種類"), ("from", "提供者"),
             ("to", "受方"), ("amount", "金額"), ("from day", "起"), ("to day", "迄"),
             ("status", "狀態"))  # fmt: skip
    rows = [
        (g.row.contribution, str(g.row.version), s.word(g.row.kind),
         " ".join(filter(None, (g.row.giver, g.company))), g.row.receiver,
         f"{g.row.amount} {g.row.currency}".strip() or "-", g.row.since or "-",
         g.row.until or "-", s.word(g.status))
        for g in answer.rows
    ]  # fmt: skip
    s.reply(
        s.data(answer) | ({"file": str(out)} if out else {}),
        Rows(heads, rows[:SHOWN], right=frozenset({5})), more(len(rows)),
        Line("A contribution has no units and claims no tonnes.",
             "貢獻不含單位，亦不主張任何噸數。"),
        as_of(answer.as_of),
    )  # fmt: skip


def _cells(given: ask.Given) -> list[Any]:
    """One line of the file; what has no value is left empty."""
    opened = {"status": given.status, "company": given.company, "activity": given.activity}
    cells = [opened[name] if name in opened else getattr(given.row, name) for name in FIELDS]
    return ["" if cell is None else cell for cell in cells]


@acts(app, PANEL, "record-plan")
def record_plan(
    s: Session,
    party: Annotated[str, typer.Argument(help="The Party's code: GH.")],
    year: Annotated[int, typer.Argument(help="A year of the NDC meant.")],
    share: Annotated[
        list[str],
        typer.Option("--share", help="SECTOR:YEARS:EXPECTED:SHARE[:PRICE:REPLACEMENT[:PROJECTS]]: "
                     "energy:2024-2026:10000:2/5:12.50:30:GH-1,GH-2. Repeatable."),
    ],
    projected: Annotated[
        str, typer.Option("--projected", help="The level before any transfer, if known.")
    ] = "",
    currency: Annotated[str, typer.Option("--currency", help="Of the prices: USD.")] = "",
    document: Document = None,
    digest: Digest = "",
) -> RecordPlan:  # fmt: skip
    """Record what a host means to sell, at which price. 登載計畫。"""
    return RecordPlan(
        party=party.upper(),
        year=year,
        shares=tuple(map(read_planned, share)),
        projected=projected,
        currency=currency,
        digest=digest_of(document, digest),
    )


def read_planned(text: str) -> Share:
    """A share as typed. Raises WrongUsage."""
    parts = text.split(":")
    if not 4 <= len(parts) <= 7:
        raise WrongUsage(
            f"{text!r} is no share: write SECTOR:YEARS:EXPECTED:SHARE, as energy:2024:10000:2/5.",
            f"{text!r} 不是計畫項目：請寫 部門:年份:預期:比例，例如 energy:2024:10000:2/5。",
        )
    sector, years, expected, part, price, replacement, projects = (*parts, "", "", "")[:7]
    first, dash, last = years.partition("-")
    return Share(
        sector=sector.strip(),
        first=read_amount(first),
        last=read_amount(last if dash else first),
        expected=read_amount(expected),
        share=part,
        price=price,
        replacement=replacement,
        projects=tuple(one.strip() for one in projects.split(",") if one.strip()),
    )
