"""Acts that make, move or end units."""

from pathlib import Path
from typing import Annotated

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.session import Session, acts
from onetonne.doors.idle import check_idle
from onetonne.doors.typed import WrongUsage, read_facts, read_name
from onetonne.ledger.commands import Cancel, Convert, Issue, Retire, Surrender, Transfer

app = typer.Typer()
PANEL = "Units"


@acts(app, PANEL)
def issue(
    s: Session,
    quantity: o.Amount,
    unit: Annotated[str, typer.Option("--unit", help="Unit type. See: onetonne units.")],
    to: o.To,
    project: Annotated[str, typer.Option("--project", help="The project's code.")] = "",
    vintage: Annotated[int, typer.Option("--vintage", help="Year of the reductions.")] = 0,
    host: Annotated[str, typer.Option("--host", help="Host Party; default the project's.")] = "",
    activity: Annotated[str, typer.Option("--activity", help="reduction or removal.")] = "",
    period: Annotated[int, typer.Option("--commitment-period", help="Kyoto units: 1 or 2.")] = 0,
    first: Annotated[str, typer.Option("--first-number", help="Number of serial one.")] = "1",
    fact: Annotated[list[str], typer.Option("--fact", help="NAME=VALUE. Repeatable.")] = o.NONE,
) -> Issue:
    """Issue a lot of new units into an account. 核發。"""
    return Issue(
        unit=unit,
        quantity=quantity,
        account=s.names.account(to),
        project=project,
        vintage=vintage,
        host=host.upper(),
        activity=activity,
        commitment_period=period,
        first_number=first,
        facts=read_facts(fact),
    )


@acts(app, PANEL)
def transfer(
    s: Session,
    source: o.From,
    target: o.To,
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
) -> Transfer:
    """Move units to another account. 移轉。

    onetonne transfer 500 --lot TCER-2025-1 --from 1234-5678-97 --to "Buyer Ltd"
    """
    return Transfer(
        source=s.names.account(source),
        target=s.names.account(target),
        items=s.items(lot, quantity, serials, item),
    )


@acts(app, PANEL)
def retire(
    s: Session,
    source: o.From,
    beneficiary: Annotated[str, typer.Option("--for", help="Beneficiary; sealed.")],
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    purpose: Annotated[
        str, typer.Option("--purpose", help="voluntary_claim, contribution, ...")
    ] = "voluntary_claim",
    period: Annotated[str, typer.Option("--period", help="What time it covers: 2025.")] = "",
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--certificate",
            parser=o.place,
            metavar="FILE",
            help="Write the certificate to this file.",
        ),
    ] = None,
) -> Retire:
    """Retire units for a beneficiary; gives a certificate. 註銷使用（附證書）。"""
    if certificate is not None:
        check_idle(s.proposal is not None, "certificate of a proposal")
        # Only here, because a page costs an engine that no other act needs.
        from onetonne.doors.cli.certificates import write

        s.after = lambda ledger, numbers: write(ledger, numbers, certificate)
    return Retire(
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
        beneficiary=read_name(beneficiary),
        purpose=purpose,
        period=period,
    )


@acts(app, PANEL)
def cancel(
    s: Session,
    source: o.From,
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    kind: Annotated[str, typer.Option("--kind", help="voluntary, omge, reversal ...")] = (
        "voluntary"
    ),
    reason: o.Reason = "",
) -> Cancel:
    """Cancel units, by kind. 取消。"""
    items = s.items(lot, quantity, serials, item)
    return Cancel(source=s.names.account(source), items=items, kind=kind, reason=reason)


@acts(app, PANEL)
def surrender(
    s: Session,
    source: o.From,
    system: Annotated[str, typer.Option("--system", help="The compliance system: KR.")],
    period: Annotated[str, typer.Option("--period", help="The compliance period: 2025.")],
    operator: Annotated[str, typer.Option("--operator", help="For which operator; its code.")],
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    replaces: Annotated[
        int, typer.Option("--replaces", help="The entry whose unmet duties this makes good.")
    ] = 0,
    ndc_effect: Annotated[
        str, typer.Option("--ndc-effect", help="Of ITMOs: use, held (for later) or oimp.")
    ] = "",
    late: Annotated[
        bool, typer.Option("--late", help="After the last day, where law lets it be made good.")
    ] = False,
) -> Surrender:
    """Surrender units for an operator's obligation, through the system's gate. 繳交抵減。"""
    return Surrender(
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
        system=system,
        period=period,
        operator=operator,
        replaces=replaces,
        ndc_effect=ndc_effect,
        late=late,
    )


@acts(app, PANEL)
def convert(
    s: Session,
    source: o.From,
    rule: Annotated[str, typer.Option("--rule", help="Conversion rule: CER-EUA-CP2.")],
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    to: Annotated[str, typer.Option("--to", help="Account for the new lot.")] = "",
    vintage: Annotated[int, typer.Option("--vintage", help="Year of the new lot.")] = 0,
    system: Annotated[str, typer.Option("--system", help="For use in this system.")] = "",
    period: Annotated[str, typer.Option("--period", help="For this period of it.")] = "",
    operator: Annotated[str, typer.Option("--operator", help="By this operator of it.")] = "",
) -> Convert:
    """Burn units and issue one lot of another type. 轉換。"""
    check_idle(not system and (period or operator), "part of a system")
    if system and not operator:
        raise WrongUsage(
            "For which operator? Add --operator. See: onetonne ets operators.",
            "為哪一事業？請加上 --operator。請見：onetonne ets operators。",
        )
    return Convert(
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
        rule=rule,
        target=s.names.account(to) if to else 0,
        vintage=vintage,
        system=system,
        period=period,
        operator=operator,
    )
