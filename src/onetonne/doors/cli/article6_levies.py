"""Levies that a cooperative approach takes of its own accord, on the command line."""

from typing import Annotated

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.article6_questions import exact
from onetonne.doors.cli.documents import Digest, Document, digest_of
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.measures import amounts, of_outcome, with_metrics
from onetonne.doors.render import Line, Rows, number
from onetonne.ledger.article6.approach_levies import FIRST_TRANSFERRED, NONE, UNITS
from onetonne.ledger.article6.commands import SetLevyPolicy
from onetonne.ledger.article6.levies import Share
from onetonne.service.questions import article6_levies as ask

app = typer.Typer()
PANEL = "Article 6"


@acts(app, PANEL, "levy")
def levy(
    s: Session,
    code: Annotated[str, typer.Argument(help="The cooperative approach: CA0001.")],
    sop: Annotated[str, typer.Option("--sop", help="For adaptation, a share: 1/20.")] = "",
    kind: Annotated[
        str, typer.Option("--sop-kind", help="UNITS, or CASH: then it is owed and nothing moves.")
    ] = "",
    omge: Annotated[str, typer.Option("--omge", help="For overall mitigation: 1/50.")] = "",
    base: Annotated[
        str, typer.Option("--base", help="Of what is ISSUED or FIRST_TRANSFERRED.")
    ] = FIRST_TRANSFERRED,
    rounding: Annotated[
        str,
        typer.Option("--rounding", help="CEIL, FLOOR, HALF_UP, CARRY; left out: as a6 policy."),
    ] = "",
    exempt: Annotated[
        list[str], typer.Option("--exempt", help="A project that is not levied. Repeatable.")
    ] = o.NONE,
    document: Document = None,
    digest: Digest = "",
) -> SetLevyPolicy:
    """What an approach levies from now on; without shares, nothing. 合作方法之提撥。"""
    return SetLevyPolicy(
        approach=code,
        sop=sop,
        sop_kind=kind.upper() or (UNITS if sop else NONE),
        omge=omge,
        base=base.upper(),
        rounding=rounding.upper(),
        exempt=tuple(exempt),
        digest=digest_of(document, digest),
    )


@asks(app, PANEL, "levies", when=True)
def levies(
    s: Session,
    code: Annotated[str, typer.Argument(help="One approach; all if left out.")] = "",
) -> None:
    """What approaches levy, and each levy with its exact share. 提撥清單。"""
    answer = ask.levies(s.ledger, code, s.moment)
    heads = (("approach", "合作方法"), ("version", "版本"), ("since", "自"),
             ("adaptation", "調適"), ("overall mitigation", "整體減緩"), ("of what is", "基礎"),
             ("rounding", "進位"), ("exempt", "豁免"))  # fmt: skip
    policies = [
        (p.approach, p.policy.version, p.policy.day,
         f"{p.policy.sop} {s.word(p.policy.sop_kind)}" if p.policy.sop else "-",
         p.policy.omge or "-", s.word(p.policy.base), p.policy.rounding or "-",
         ", ".join(p.policy.exempt) or "-")
        for p in answer.policies
    ]  # fmt: skip
    taken = (("lot", "批次"), ("serials", "序號"), ("of units", "計算單位數"),
             ("adaptation", "調適"), ("overall mitigation", "整體減緩"), ("owed", "應付"),
             ("rest", "餘數"), ("entry", "條目"))  # fmt: skip
    rows = [
        (row.lot, row.serials, row.quantity, _told(row.shares, "sop"), _told(row.shares, "omge"),
         _told(row.owed, "sop"), row.rest, str(row.entry))
        for row in answer.rows
    ]  # fmt: skip
    sop, omge, owed = (
        amounts({of_outcome(metric): n for metric, n in answer.by_metric[name].items()})
        for name in ("sop_levied", "omge_levied", "sop_owed")
    )
    metrics = [row.metric for row in answer.rows]
    table = Rows(taken, rows[:SHOWN], right=frozenset({2, 3, 4, 5, 6}))
    s.reply(
        exact(answer),
        Rows(heads, policies),
        with_metrics(table, 7, metrics, s.out.language),
        more(len(rows)),
        Line(f"{sop[0]} for adaptation, {omge[0]} for overall mitigation; worth of {owed[0]} owed.",
             f"調適 {sop[1]}，整體減緩 {omge[1]}；應付 {owed[1]} 之價額。"),
        as_of(answer.as_of),
    )  # fmt: skip


def _told(shares: tuple[Share, ...], name: str) -> str:
    """The units of a share, and what they are exactly: 6 (101/20)."""
    found = [f"{number(share.units)} ({share.exact})" for share in shares if share.name == name]
    return found[0] if found else "-"
