"""Begin: found a ledger."""

import shlex
from typing import Annotated

import typer

from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line
from onetonne.doors.typed import read_name
from onetonne.service.ledger import Ledger
from onetonne.service.place import FOLDER_VARIABLE, KEY, LOG, folder_of, is_url

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
    folder, apart = folder_of(s.address).absolute(), is_url(s.address)
    kept = (folder / KEY).exists()
    s.founds = True
    ledger, person = Ledger.create(
        s.address, ledger=origin, party=party, zone=zone, registrar=registrar
    )
    ledger.close()
    s.key_file()
    key = str(s.ledger.verifier())
    data = {"founded": origin, "party": party, "zone": zone,
            "registrar": {"person": person, "name": registrar}, "key": key,
            "folder": str(folder), "log": str(folder / LOG)}  # fmt: skip
    s.reply(
        data,
        Line(f"Founded {origin} for {party}.", f"已為 {party} 建立 {origin}。", "green"),
        Line(f"Registrar: {registrar}, person {person}.", f"登錄員：{registrar}，人員 {person}。"),
        Line("Publish this key; whoever has it can check the ledger:",
             "請公布此金鑰；持有者皆可查核本帳本："),
        key,
        Line(f"Key and log lie in {folder}. Keep a copy of the key apart: it cannot be made anew.",
             f"金鑰與日誌位於 {folder}。請另存一份金鑰：金鑰無法重製。"),
        Line("The key was there already.", "金鑰先前已存在。") if kept else None,
        Line("To run commands from another folder:", "於其他資料夾執行指令時：") if apart else None,
        f"export {FOLDER_VARIABLE}={shlex.quote(str(folder))}" if apart else None,
    )  # fmt: skip
