"""What becomes of an authorisation after it is made, on the command line: it is held back and
resumed, an entity gets no more under it, unused units are recalled;
and of a period: it is closed."""

from typing import Annotated

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.article6_questions import exact
from onetonne.doors.cli.documents import Digest, Document, digest_of
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.measures import with_metrics
from onetonne.doors.render import Rows
from onetonne.ledger.article6.commands import (
    ClosePeriod,
    ConsentToRecall,
    OpenRecall,
    ResumeAuthorisation,
    SuspendAuthorisation,
    WithdrawEntity,
)
from onetonne.service.questions import article6_recalls as ask

app = typer.Typer()
PANEL = "Article 6"
Code = Annotated[str, typer.Argument(help="The authorisation's code.")]


@acts(app, PANEL)
def suspend(
    s: Session, code: Code, document: Document = None, digest: Digest = "", reason: o.Reason = ""
) -> SuspendAuthorisation:
    """Let nothing new come under it for now. 暫停授權。"""
    told = digest_of(document, digest)
    return SuspendAuthorisation(authorisation=code, digest=told, reason=reason)


@acts(app, PANEL)
def resume(
    s: Session, code: Code, document: Document = None, digest: Digest = "", reason: o.Reason = ""
) -> ResumeAuthorisation:
    """Put a suspended one in force again. 恢復授權。"""
    told = digest_of(document, digest)
    return ResumeAuthorisation(authorisation=code, digest=told, reason=reason)


@acts(app, PANEL, "withdraw-entity")
def withdraw_entity(
    s: Session,
    code: Code,
    account: Annotated[str, typer.Argument(help="The account that gets no more.")],
    document: Document = None,
    digest: Digest = "",
    reason: o.Reason = "",
) -> WithdrawEntity:
    """Withdraw one of its entities: it gets nothing new. 撤除授權實體。"""
    told, number = digest_of(document, digest), s.names.account(account)
    return WithdrawEntity(authorisation=code, account=number, digest=told, reason=reason)


Case = Annotated[str, typer.Argument(help="The recall's code.")]


@acts(app, PANEL)
def recall(
    s: Session,
    code: Case,
    authorisation: Annotated[str, typer.Argument(help="The authorisation whose terms allow it.")],
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    document: Document = None,
    digest: Digest = "",
    reason: o.Reason = "",
) -> OpenRecall:
    """Ask unused units back; nothing moves until the other Party consents. 提出召回。"""
    return OpenRecall(
        recall=code,
        authorisation=authorisation,
        items=s.items(lot, None, serials, item),
        digest=digest_of(document, digest),
        reason=reason,
    )


@acts(app, PANEL)
def consent(
    s: Session,
    code: Case,
    party: Annotated[str, typer.Option("--party", help="The Party that holds them.")],
    document: Document = None,
    digest: Digest = "",
) -> ConsentToRecall:
    """Record that the Party consents: the units go back. 同意召回。"""
    told = digest_of(document, digest)
    return ConsentToRecall(recall=code, party=party.upper(), digest=told)


@asks(app, PANEL, when=True)
def recalls(s: Session) -> None:
    """Recalls: whose consent each waits for, until when. 召回清單。"""
    answer = ask.recalls(s.ledger, s.moment)
    heads = (("recall", "召回"), ("authorisation", "授權"), ("host", "地主國"),
             ("held by", "持有方"), ("units", "單位數"), ("until", "期限"), ("status", "狀態"),
             ("restates", "須更新年度"))  # fmt: skip
    rows = [(c.row.recall, c.row.authorisation, c.host, c.row.party, c.quantity, c.row.until,
             s.word(c.status), ", ".join(map(str, c.restates))) for c in answer.rows]  # fmt: skip
    table = Rows(heads, rows[:SHOWN], right=frozenset({4}))
    metrics = [c.metric for c in answer.rows]
    s.reply(exact(answer), with_metrics(table, 5, metrics, s.out.language), more(len(rows)),
            as_of(answer.as_of))  # fmt: skip


@acts(app, PANEL)
def close(
    s: Session,
    party: Annotated[str, typer.Argument(help="The Party's code: GH.")],
    year: Annotated[int, typer.Argument(help="A year of the period.")],
    document: Document = None,
    digest: Digest = "",
) -> ClosePeriod:
    """Make a period's adjustments final, before its review. 結清 NDC 期間。"""
    return ClosePeriod(party=party.upper(), year=year, digest=digest_of(document, digest))
