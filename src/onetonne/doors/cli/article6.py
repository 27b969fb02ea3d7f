"""Article 6 on the command line: what a Party registers, authorises, uses and asks.

The acts of the Party are here; the questions are in `article6_questions`, the letters in `letters`,
the charts in `article6_charts`, under the same command.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from onetonne.doors.cli import article6_agreements as agreements
from onetonne.doors.cli import article6_authorisations as authorisations
from onetonne.doors.cli import article6_charts, letters
from onetonne.doors.cli import article6_levies as levies
from onetonne.doors.cli import article6_mechanism as mechanism
from onetonne.doors.cli import article6_questions as asked
from onetonne.doors.cli import article6_registers as registers
from onetonne.doors.cli import article6_reports as reports
from onetonne.doors.cli import article6_standing as standing
from onetonne.doors.cli import options as o
from onetonne.doors.cli.documents import Digest, Document, digest_of
from onetonne.doors.cli.session import Session, acts
from onetonne.doors.idle import check_idle
from onetonne.doors.typed import WrongUsage, read_amount, read_item
from onetonne.ledger.acts.authorise import STATEMENTS
from onetonne.ledger.article6.commands import (
    Authorise,
    ChangeAuthorisation,
    ChoosePolicy,
    DeclareParticipation,
    RecordInventory,
    RecordNdc,
    RegisterApproach,
    RevokeAuthorisation,
    Terms,
    UseForPurpose,
    UseTowardsNdc,
)
from onetonne.ledger.commands import Item

app = typer.Typer()
PANEL = asked.PANEL
a6 = typer.Typer(
    help="Authorise, use and account for units abroad. 巴黎協定第六條。", no_args_is_help=True
)
app.add_typer(a6, name="a6", rich_help_panel=PANEL)
for part in (
    *(asked, mechanism, standing, registers, reports, letters, authorisations, agreements),
    levies,
):
    a6.registered_commands += part.app.registered_commands
a6.add_typer(article6_charts.chart, name="chart", rich_help_panel=PANEL)

Party = Annotated[str, typer.Argument(help="The Party's code: GH.")]
Metric = Annotated[str, typer.Option("--metric", help="GHG, or another such as MWh.")]
Repeated = list[str]


@acts(a6, PANEL)
def approach(
    s: Session,
    code: Annotated[str, typer.Argument(help="Its code: CA0001.")],
    party: Annotated[Repeated, typer.Option("--party", help="A Party to it. Repeatable.")],
    title: Annotated[str, typer.Option("--title", help="What it is called; public.")] = "",
    since: Annotated[
        date | None, typer.Option("--since", parser=o.day, metavar="DAY", help="Its first day.")
    ] = None,
    until: o.Until = None,
    agreement: Annotated[str, typer.Option("--agreement", help="The agreement it rests on.")] = "",
    document: Document = None,
    digest: Digest = "",
) -> RegisterApproach:
    """Register a cooperative approach. 登錄合作方法。"""
    return RegisterApproach(
        approach=code,
        parties=tuple(one.upper() for one in party),
        title=title,
        since=since,
        until=until,
        digest=digest_of(document, digest, needed=False),
        agreement=agreement,
    )


@acts(a6, PANEL, "party")
def declare(
    s: Session,
    party: Party,
    met: Annotated[
        Repeated,
        typer.Option("--met", help="party, ndc, authorisation, tracking, inventory, contribution."),
    ] = o.NONE,
    document: Document = None,
    digest: Digest = "",
) -> DeclareParticipation:
    """State what a Party shows of its responsibilities. 參與責任。"""
    told = digest_of(document, digest, needed=False)
    return DeclareParticipation(party=party.upper(), met=tuple(met), digest=told)


@acts(a6, PANEL)
def ndc(
    s: Session,
    party: Party,
    years: Annotated[str, typer.Argument(help="Its period: 2021-2030.")],
    kind: Annotated[str, typer.Option("--kind", help="single or multi: years of its target.")],
    method: Annotated[str, typer.Option("--method", help="averaging, trajectory; budget.")],
    goal: Annotated[str, typer.Option("--goal", help="Level of the target year, or budget.")] = "",
    path: Annotated[
        Repeated, typer.Option("--path", help="Level of each year, from the first. Repeatable.")
    ] = o.NONE,
    metric: Metric = "GHG",
    per_unit: Annotated[
        str, typer.Option("--per-unit", help="t CO2e of one unit of another metric.")
    ] = "",
    document: Document = None,
    digest: Digest = "",
) -> RecordNdc:
    """Record an NDC: period, method, target. 登載 NDC。"""
    first, last = read_years(years)
    check_idle(per_unit and metric == "GHG", "worth of a tonne")
    return RecordNdc(
        party=party.upper(),
        first=first,
        last=last,
        kind=kind,
        method=method,
        goal=goal,
        path=tuple(path),
        metric=metric,
        per_unit=per_unit,
        digest=digest_of(document, digest),
    )


def read_years(text: str) -> tuple[int, int]:
    """Two years as typed, `2021-2030`, or one. Raises WrongUsage."""
    first, dash, last = text.partition("-")
    return read_amount(first), read_amount(last if dash else first)


@acts(a6, PANEL)
def inventory(
    s: Session,
    party: Party,
    year: Annotated[int, typer.Argument(help="The year that it states.")],
    value: Annotated[str, typer.Argument(help="Emissions covered by the NDC, or indicator.")],
    metric: Metric = "GHG",
    document: Document = None,
    digest: Digest = "",
) -> RecordInventory:
    """Record what an inventory says of a year. 登載排放清冊。"""
    return RecordInventory(
        party=party.upper(), year=year, value=value, metric=metric,
        digest=digest_of(document, digest),
    )  # fmt: skip


Code = Annotated[str, typer.Argument(help="The authorisation's code.")]
Approach = Annotated[str, typer.Option("--approach", help="The approach's code.")]
By = Annotated[str, typer.Option("--party", help="The Party that authorises.")]
Purposes = Annotated[Repeated, typer.Option("--purpose", help="NDC, IMP, OP, OIMP. Repeatable.")]
ForParty = Annotated[
    Repeated, typer.Option("--for-party", help="Who may use them; any if left out.")
]
Entity = Annotated[
    Repeated, typer.Option("--entity", help="Account that may get them. Repeatable.")
]
Projects = Annotated[Repeated, typer.Option("--project", help="Of this project. Repeatable.")]
Units = Annotated[Repeated, typer.Option("--unit", help="Of this unit type. Repeatable.")]
Vintages = Annotated[str, typer.Option("--vintages", help="2021-2030.")]
Lots = Annotated[Repeated, typer.Option("--lot", help="A whole lot, or LOT:1-500. Repeatable.")]


def _cap(text: Any) -> int:
    """A cap as typed. Raises WrongUsage for 0, which would be none."""
    cap = o.amount(text)
    if not cap:
        raise WrongUsage(
            "A cap is 1 or more; leave --cap out for none. To let nothing more go: onetonne a6 "
            "suspend, or revoke.",
            "上限須為 1 以上；不設上限時請省略 --cap。若不再放行，請用：onetonne a6 suspend 或"
            " revoke。",
        )
    return cap


Cap = Annotated[
    int | None,
    typer.Option("--cap", parser=_cap, metavar="AMOUNT", help="At most; no cap if left out."),
]
Trigger = Annotated[
    str, typer.Option("--first-transfer", help="For IMP, OP: authorisation, issuance, use.")
]
Programmes = Annotated[Repeated, typer.Option("--programme", help="CORSIA ... Repeatable.")]
UseBy = Annotated[
    date | None, typer.Option("--use-by", parser=o.day, metavar="DAY", help="Its last day.")
]
ChangeTerms = Annotated[str, typer.Option(help="How it may be changed.")]
Override = Annotated[str, typer.Option(help="Who decides to go beyond the host's plan.")]
OverrideReason = Annotated[str, typer.Option(help="Why; sealed, not in the log.")]
RecallDays = Annotated[int, typer.Option(help="Unused units may be recalled for so many days.")]
RevocationTerms = Annotated[str, typer.Option(help="How it may be revoked.")]

Stated = Annotated[
    Repeated, typer.Option("--state", metavar="KEY=TEXT", help=f"{', '.join(STATEMENTS)}.")
]


def read_stated(text: str) -> tuple[str, str]:
    """A statement as typed, `sectors=Transport`. Raises WrongUsage."""
    key, sign, said = text.partition("=")
    if not sign or not said:
        raise WrongUsage(f"{text!r} states nothing: write sectors=Transport.",
                         f"{text!r} 未載明內容：請寫 sectors=Transport。")  # fmt: skip
    return key.strip(), said.strip()


def _terms(kind: type[Terms]) -> Callable[..., Terms]:
    """The command of an act that states all terms of an authorisation."""

    def run(
        s: Session, code: Code, approach: Approach, party: By, purpose: Purposes,
        for_party: ForParty = o.NONE, entity: Entity = o.NONE, project: Projects = o.NONE,
        unit: Units = o.NONE, vintages: Vintages = "2021-2100", lot: Lots = o.NONE,
        cap: Cap = None, first_transfer: Trigger = "", programme: Programmes = o.NONE,
        use_by: UseBy = None, metric: Metric = "GHG", change_terms: ChangeTerms = "",
        revocation_terms: RevocationTerms = "", override: Override = "",
        override_reason: OverrideReason = "", state: Stated = o.NONE, recall_days: RecallDays = 0,
        document: Document = None, digest: Digest = "",
    ) -> Terms:  # fmt: skip
        first, last = read_years(vintages)
        check_idle(override_reason and not override, "reason without an override")
        return kind(
            authorisation=code,
            approach=approach,
            party=party.upper(),
            purposes=tuple(one.upper() for one in purpose),
            digest=digest_of(document, digest),
            projects=tuple(project),
            units=tuple(unit),
            vintage_from=first,
            vintage_to=last,
            items=tuple(_item(s, text) for text in lot),
            cap=cap or 0,
            parties=tuple(one.upper() for one in for_party),
            entities=tuple(s.names.account(text) for text in entity),
            programmes=tuple(programme),
            first_transfer=first_transfer,
            use_by=use_by,
            metric=metric,
            change_terms=change_terms,
            revocation_terms=revocation_terms,
            overridden_by=s.names.person(override) if override else 0,
            override_reason=override_reason,
            statements=dict(read_stated(text) for text in state),
            recall_days=recall_days,
        )

    return run


def _item(s: Session, text: str) -> Item:
    if ":" not in text:
        return Item(lot=s.names.lot(text))
    code, span, quantity = read_item(text)
    return Item(lot=s.names.lot(code), serials=span, quantity=quantity)


def _command(name: str, kind: type[Terms], says: str) -> Any:
    run = _terms(kind)
    run.__doc__ = says
    return acts(a6, PANEL, name)(run)


authorise = _command("authorise", Authorise, "Authorise units for use abroad. 授權。")
change = _command("change", ChangeAuthorisation, "State an authorisation anew. 變更授權。")


@acts(a6, PANEL)
def revoke(
    s: Session,
    code: Annotated[str, typer.Argument(help="The authorisation's code.")],
    document: Document = None,
    digest: Digest = "",
    reason: o.Reason = "",
) -> RevokeAuthorisation:
    """Revoke it for what is not yet first transferred. 撤銷授權。"""
    told = digest_of(document, digest)
    return RevokeAuthorisation(authorisation=code, digest=told, reason=reason)


@acts(a6, PANEL)
def use(
    s: Session,
    source: o.From,
    party: Annotated[str, typer.Option("--party", help="The Party that uses them.")],
    year: Annotated[int, typer.Option("--year", help="The year of its NDC.")],
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    approach: Annotated[str, typer.Option("--approach", help="Only units of this approach.")] = "",
) -> UseTowardsNdc:
    """Use units towards a Party's NDC. 用於 NDC。"""
    return UseTowardsNdc(
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
        party=party.upper(),
        year=year,
        approach=approach,
    )


@acts(a6, PANEL, "use-for")
def use_for(
    s: Session,
    purpose: Annotated[str, typer.Argument(help="IMP or OP.")],
    source: o.From,
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    programme: Annotated[str, typer.Option("--programme", help="CORSIA ...")] = "",
) -> UseForPurpose:
    """Use units for CORSIA or another purpose. 用於其他國際目的。"""
    return UseForPurpose(
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
        purpose=purpose.upper(),
        programme=programme,
    )


@acts(a6, PANEL)
def choose(
    s: Session,
    policy: Annotated[str, typer.Argument(help="Its code: onetonne a6 policy.")],
    value: Annotated[str, typer.Argument(help="The answer.")],
    document: Document = None,
    digest: Digest = "",
) -> ChoosePolicy:
    """Answer what a rule leaves open, from now on. 選定政策。"""
    return ChoosePolicy(policy=policy, value=value, digest=digest_of(document, digest))
