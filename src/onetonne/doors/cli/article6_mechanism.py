"""Article 6.4 on the command line: the cycle of an activity, issuance, boundaries, reversals.

The acts are under `onetonne a6`, beside those of Article 6.2, in groups by job; the questions are
in `article6_standing`.
"""

from datetime import date
from typing import Annotated

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.documents import Digest, Document, digest_of
from onetonne.doors.cli.session import Session, acts
from onetonne.ledger.article6.mechanism_commands import (
    AdvanceActivity,
    ChangeRoute,
    DeclareBoundary,
    ForwardCredits,
    IssueCredits,
    RemedyReversal,
    ReportReversal,
    SettleBuffer,
    SubmitActivity,
    UseEarlier,
    VerifyReductions,
)

app = typer.Typer()
CYCLE = "Article 6.4: the cycle of an activity"
UNITS = "Article 6.4: issue and forward units"
RISKS = "Article 6.4: reversals and the buffer"

Activity = Annotated[str, typer.Argument(help="The project's code.")]
Route = Annotated[str, typer.Option("--route", help="The unit type that it is credited as.")]
Since = Annotated[
    date, typer.Option("--since", parser=o.day, metavar="DAY", help="From this day on.")
]
First = Annotated[
    date | None, typer.Option("--first", parser=o.day, metavar="DAY", help="Its first day.")
]
Last = Annotated[
    date | None, typer.Option("--last", parser=o.day, metavar="DAY", help="Its last day.")
]
Entry = Annotated[int, typer.Argument(parser=o.amount, metavar="ENTRY", help="Its entry's number.")]
Quantity = Annotated[
    int, typer.Option("--quantity", parser=o.amount, metavar="AMOUNT", help="Whole units.")
]


@acts(app, CYCLE)
def submit(
    s: Session,
    activity: Activity,
    crediting: Annotated[str, typer.Option("--crediting", help="renewable, fixed or removal.")],
    participant: Annotated[
        list[str], typer.Option("--participant", help="An account of one. Repeatable.")
    ],
    mechanism: Annotated[str, typer.Option("--mechanism", help="Its code.")] = "PACM",
    risk: Annotated[str, typer.Option("--risk", help="Its share for the buffer: 1/10.")] = "",
    transition: Annotated[
        date | None,
        typer.Option("--transition", parser=o.day, metavar="DAY",
                     help="When an activity of the CDM asked to move."),
    ] = None,
    document: Document = None,
    digest: Digest = "",
) -> SubmitActivity:  # fmt: skip
    """Give notice of an activity. 提出活動。"""
    return SubmitActivity(
        activity=activity,
        mechanism=mechanism,
        crediting=crediting,
        participants=tuple(s.names.account(text) for text in participant),
        risk=risk,
        transition=transition,
        digest=digest_of(document, digest),
    )


@acts(app, CYCLE)
def step(
    s: Session,
    activity: Activity,
    name: Annotated[
        str,
        typer.Argument(
            help="approve, validate, register, renew, suspend, resume, withdraw, end, close."
        ),
    ],
    first: First = None,
    last: Last = None,
    sop_exempt: Annotated[
        bool, typer.Option("--sop-exempt", help="Exempt from the share of proceeds.")
    ] = False,
    document: Document = None,
    digest: Digest = "",
) -> AdvanceActivity:
    """Take an activity a step on. 推進活動。"""
    told = digest_of(document, digest)
    return AdvanceActivity(
        activity=activity, step=name, first=first, last=last, sop_exempt=sop_exempt, digest=told
    )


@acts(app, CYCLE)
def boundary(
    s: Session,
    activity: Activity,
    at: Annotated[
        list[str],
        typer.Option(
            "--at", help="meter:, installation:, site:25.03,121.56, programme:. Repeatable."
        ),
    ],
    route: Route,
    since: Since,
    document: Document = None,
    digest: Digest = "",
) -> DeclareBoundary:
    """Declare where a project reduces emissions. 申報邊界。"""
    told = digest_of(document, digest)
    return DeclareBoundary(project=activity, route=route, keys=tuple(at), since=since, digest=told)


@acts(app, CYCLE)
def route(
    s: Session,
    activity: Activity,
    route: Route,
    since: Since,
    document: Document = None,
    digest: Digest = "",
) -> ChangeRoute:
    """Credit a project as another unit from a day on. 變更途徑。"""
    told = digest_of(document, digest)
    return ChangeRoute(project=activity, route=route, since=since, digest=told)


@acts(app, UNITS, "certify")
def certify(
    s: Session,
    activity: Activity,
    first: Annotated[date, typer.Argument(parser=o.day, metavar="FIRST", help="2026-01-01.")],
    last: Annotated[date, typer.Argument(parser=o.day, metavar="LAST", help="Of the same year.")],
    quantity: Quantity,
    document: Document = None,
    digest: Digest = "",
) -> VerifyReductions:
    """Certify what an activity achieved. 查證減量。"""
    told = digest_of(document, digest)
    return VerifyReductions(
        activity=activity, first=first, last=last, quantity=quantity, digest=told
    )


@acts(app, UNITS)
def issue(
    s: Session,
    verification: Entry,
    quantity: Quantity,
    first_number: Annotated[str, typer.Option("--first-number", help="As printed.")] = "1",
) -> IssueCredits:
    """Issue units of an activity, with their levies. 核發並提撥。"""
    return IssueCredits(verification=verification, quantity=quantity, first_number=first_number)


@acts(app, UNITS)
def forward(
    s: Session,
    source: o.From,
    target: o.To,
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
) -> ForwardCredits:
    """Forward pending units to a participant. 轉發單位。"""
    return ForwardCredits(
        source=s.names.account(source),
        target=s.names.account(target),
        items=s.items(lot, quantity, serials, item),
    )


@acts(app, UNITS, "use-cers")
def use_cers(
    s: Session,
    source: o.From,
    party: Annotated[str, typer.Option("--party", help="The Party that uses them.")],
    year: Annotated[int, typer.Option("--year", help="A year of its first NDC.")],
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
) -> UseEarlier:
    """Use CERs towards a Party's first NDC. CER 用於首期 NDC。"""
    return UseEarlier(
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
        party=party.upper(),
        year=year,
    )


@acts(app, RISKS)
def reversal(
    s: Session,
    activity: Activity,
    kind: Annotated[str, typer.Argument(help="unavoidable or avoidable.")],
    quantity: Quantity,
    document: Document = None,
    digest: Digest = "",
) -> ReportReversal:
    """Report that removals were reversed. 通報逆轉。"""
    told = digest_of(document, digest)
    return ReportReversal(activity=activity, kind=kind, quantity=quantity, digest=told)


@acts(app, RISKS)
def remedy(
    s: Session,
    reversal: Entry,
    source: o.From,
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
) -> RemedyReversal:
    """Cancel units for an avoidable reversal. 補救逆轉。"""
    return RemedyReversal(
        reversal=reversal,
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
    )


@acts(app, RISKS, "end-buffer")
def end_buffer(
    s: Session, activity: Activity, document: Document = None, digest: Digest = ""
) -> SettleBuffer:
    """End the buffer of a closed activity. 緩衝終了。"""
    return SettleBuffer(activity=activity, digest=digest_of(document, digest))
