"""What the lawbook and the kernel know: unit types and refusals."""

from typing import Annotated

import msgspec
import typer

from onetonne.doors.cli.session import Session, asks
from onetonne.doors.measures import measure
from onetonne.doors.render import Line, Rows
from onetonne.doors.typed import WrongUsage
from onetonne.ledger.refusals import CODES
from onetonne.ledger.units import UnitType
from onetonne.ledger.words import SURE, typed
from onetonne.store.lawbook import load_law

app = typer.Typer()
PANEL = "Reference"


@asks(app, PANEL)
def units(
    s: Session,
    text: Annotated[str, typer.Argument(help="A code, or part of a name.")] = "",
) -> None:
    """Unit types: what they are and what may be done with them. 單位類型。"""
    law = load_law()
    one = law.units.get(text)
    found = [one] if one else [u for u in law.units.values() if _matches(u, text)]
    if not found:
        raise WrongUsage(f"No unit type fits {text!r}. See: onetonne units.",
                         f"沒有符合 {text!r} 的單位類型。請見：onetonne units。")  # fmt: skip
    data = {"law": law.digest, "units": [msgspec.to_builtins(u, order="sorted") for u in found]}
    if one:
        s.reply_apart(data, *_one(one, s))
        return
    heads = (("unit", "單位"), ("name", "名稱"), ("where", "適用"), ("ends", "終結方式"))
    language = s.out.language
    rows = [
        (u.code, getattr(u.names, language), u.jurisdiction, s.words(sorted(u.sinks)))
        for u in found
    ]
    s.reply_apart(data, Rows(heads, rows))


def _matches(unit: UnitType, text: str) -> bool:
    words = (unit.code, unit.names.en, unit.names.zh, unit.jurisdiction, unit.programme)
    return any(text.lower() in word.lower() for word in words)


def _one(unit: UnitType, s: Session) -> tuple[Line, ...]:
    acts, ends, needs = (", ".join(sorted(x)) for x in (unit.acts, unit.sinks, unit.needs))
    cited = (unit.citation.instrument, unit.citation.provision)
    return (
        Line(f"{unit.code}: {unit.names.en}", f"{unit.code}：{unit.names.zh}", "bold"),
        Line(f"One serial is {unit.quantum} {measure(unit.metric)[0]}; issuer: {unit.issuer}.",
             f"一序號為 {unit.quantum} {measure(unit.metric)[1]}；核發者：{unit.issuer}。"),
        Line(f"Acts: {acts}.", f"可為之行為：{s.words(sorted(unit.acts))}。"),
        Line(f"Ends: {ends or '-'}.", f"終結方式：{s.words(sorted(unit.sinks)) or '-'}。"),
        Line(f"A lot needs: {needs or '-'}.", f"批次須載明：{typed(needs) or '-'}。"),
        Line(f"Source: {', '.join(cited)} ({unit.confidence} confidence).",
             f"依據：{' '.join(cited)}（{SURE[unit.confidence]}）。"),
    )  # fmt: skip


@asks(app, PANEL)
def refusals(
    s: Session,
    code: Annotated[str, typer.Argument(help="One code; all if left out.")] = "",
) -> None:
    """Every reason to refuse, by its code. 不受理之事由。"""
    found = {c: row for c, row in CODES.items() if code in ("", c, str(row[0]), f"R{row[0]:02d}")}
    if not found:
        raise WrongUsage(f"There is no refusal {code!r}. See: onetonne refusals.",
                         f"沒有代碼 {code!r}。請見：onetonne refusals。")  # fmt: skip
    at = 2 if s.out.language == "zh" else 1
    heads = (("", ""), ("code", "代碼"), ("sentence", "說明"))
    s.reply_apart(
        {"refusals": [{"code": c, "number": n, "en": en, "zh": zh}
                      for c, (n, en, zh) in found.items()]},
        Rows(heads, [(f"R{row[0]:02d}", c, row[at]) for c, row in found.items()]),
    )  # fmt: skip
