"""What becomes of an authorisation after it is made, on the command line: it is held back and
resumed, an entity gets no more under it."""

from typing import Annotated

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.documents import Digest, Document, digest_of
from onetonne.doors.cli.session import Session, acts
from onetonne.ledger.article6.commands import (
    ResumeAuthorisation,
    SuspendAuthorisation,
    WithdrawEntity,
)

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
