"""Begin: found a ledger."""

from typing import Annotated

import typer

from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line
from onetonne.doors.typed import read_name
from onetonne.service.ledger import Ledger

app = typer.Typer()
PANEL = "Start"


@asks(app, PANEL)
def init(
    s: Session,
    party: Annotated[str, typer.Option("--party", help="Whose ledger: TW, KE, EU ...")],
    origin: Annotated[
        str, typer.Option("--origin", help="The log's name for ever: registry.example/tw.")
    ] = "",
    zone: Annotated[str, typer.Option("--zone", help="Time zone of its days.")] = "UTC",
    registrar: Annotated[
        str, typer.Option("--registrar", help="The first registrar's name.")
    ] = "registrar",
) -> None:
    """Found a new ledger. 建立帳本。"""
    s.takes_no("as_who", "actor of a founding")
    party, registrar = party.upper(), read_name(registrar)
    origin = origin or f"onetonne.example/{party.lower()}"
    s.founds = True
    ledger, person = Ledger.create(
        s.address, ledger=origin, party=party, zone=zone, registrar=registrar
    )
    ledger.close()
    key = s.key_file().read_text("utf-8").strip()
    data = {"founded": origin, "party": party, "zone": zone,
            "registrar": {"person": person, "name": registrar}, "key": key}  # fmt: skip
    s.reply(
        data,
        Line(f"Founded {origin} for {party}.", f"已為 {party} 建立 {origin}。", "green"),
        Line(f"Registrar: {registrar}, person {person}.", f"登錄員：{registrar}，人員 {person}。"),
        Line("Publish this key; whoever has it can check the ledger:",
             "請公布此金鑰；持有者皆可查核本帳本："),
        key,
    )  # fmt: skip
