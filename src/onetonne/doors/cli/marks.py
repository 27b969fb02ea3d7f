"""What lies on units without moving them: locks and labels."""

from typing import Annotated, Any

import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.idle import check_idle
from onetonne.doors.render import Rows
from onetonne.ledger.commands import Item, Label, Lift, Lock
from onetonne.ledger.items import printed
from onetonne.service import questions

app = typer.Typer()
PANEL = "Marks and two people"
lock = typer.Typer(help="Pledge, freeze and other locks: set, lift, list. 鎖定。",
                   no_args_is_help=True)  # fmt: skip
app.add_typer(lock, name="lock", rich_help_panel=PANEL)


@acts(lock, PANEL, "set")
def set_lock(
    s: Session,
    kind: Annotated[str, typer.Argument(help="pledge, freeze, buffer ...")],
    source: o.From,
    quantity: o.MaybeAmount = None,
    lot: o.Lot = "",
    serials: o.Serials = o.NONE,
    item: o.Items = o.NONE,
    lift_by: Annotated[str, typer.Option("--lift-by", help="Person who may lift it.")] = "",
    until: o.Until = None,
    reason: o.Reason = "",
) -> Lock:
    """Lock units where they are. 設定鎖定。

    onetonne lock set pledge 100 --lot TCER-2025-1 --from "Solar Co" --lift-by Bank
    """
    told = s.ledger.law.lock_kinds.get(kind)
    of_authority = told is not None and told.lifted_by == "authority"
    check_idle(lift_by and of_authority, "lifter of an authority's lock")
    return Lock(
        source=s.names.account(source),
        items=s.items(lot, quantity, serials, item),
        kind=kind,
        lift_by=s.names.person(lift_by) if lift_by else 0,
        until=until,
        reason=reason,
    )


@acts(lock, PANEL)
def lift(s: Session, number: Annotated[int, typer.Argument(help="The lock's number.")]) -> Lift:
    """Lift a lock. 解除鎖定。"""
    return Lift(lock=number)


@asks(lock, PANEL, "list", when=True)
def list_locks(s: Session) -> None:
    """Locks in force. 鎖定清單。"""
    answer: Any = questions.locks(s.ledger, s.moment)
    listed: Any = questions.lots(s.ledger, s.moment).rows
    lots = {lot.lot: lot for lot in listed}
    found = [
        {"lock": k.lock, "kind": k.kind, "until": k.until and str(k.until), "entry": k.set,
         "reason": answer.names.get(k.reason, ""), "set_by": k.set_by, "lift_by": k.lift_by,
         "blocks": [f"{lots[n].code}:{printed(lots[n], a, b)}" for n, a, b in k.blocks]}
        for k in answer.rows
    ]  # fmt: skip
    heads = (("lock", "鎖定"), ("kind", "種類"), ("serials", "序號"), ("until", "至"),
             ("reason", "理由"))  # fmt: skip
    rows = [(k["lock"], s.word(k["kind"]), ", ".join(k["blocks"]), k["until"] or "", k["reason"])
            for k in found]  # fmt: skip
    s.reply({"locks": found}, Rows(heads, rows[:SHOWN]), more(len(rows)), as_of(answer.as_of))


@acts(app, PANEL)
def label(
    s: Session,
    kind: Annotated[str, typer.Argument(help="ccp, corsia_eligible, first_use ...")],
    lot: o.Lot,
    serials: o.Serials = o.NONE,
    value: Annotated[str, typer.Option("--value", help="What the label says.")] = "",
) -> Label:
    """Label serials, or a whole lot. 加註標籤。"""
    number = s.names.lot(lot)
    items = s.items(lot, None, serials) if serials else (Item(lot=number),)
    return Label(items=items, kind=kind, value=value)
