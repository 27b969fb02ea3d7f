"""Correct what was entered wrongly, and do several acts as one."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from onetonne.doors.cli import options as o
from onetonne.doors.cli.session import Session, acts
from onetonne.doors.names import Names
from onetonne.doors.typed import WrongUsage, read_item
from onetonne.ledger.commands import BY_NAME, Act, Correct
from onetonne.ledger.words import word
from onetonne.service.questions import Ambiguous, Unknown
from onetonne.service.scenario import KINDS
from onetonne.store.strict_yaml import read_document

app = typer.Typer()
PANEL = "Units"


@acts(app, PANEL)
def correct(
    s: Session,
    entry: Annotated[int, typer.Argument(help="The entry whose moves are reversed.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; sealed, not in the log.")],
    item: Annotated[
        list[str], typer.Option("--item", help="Only these: LOT:1-500. Repeatable.")
    ] = o.NONE,
) -> Correct:
    """Reverse the last move of exactly the serials that an entry moved. 更正。"""
    items = s.items("", None, (), item) if item else ()
    return Correct(entry=entry, reason=reason, items=items)


@acts(app, PANEL)
def basket(
    s: Session,
    file: Annotated[Path, typer.Argument(help="YAML or JSON: acts under `basket`.")],
) -> tuple[Act, ...]:
    """Do several acts as one command: all happen or none. 一次執行多項行為。

    basket:
    - transfer: {source: Solar Co, target: Buyer, items: ["TCER-2025-1=500"]}
    """
    data = file.read_bytes()
    try:
        read = msgspec.json.decode(data) if file.suffix == ".json" else _yaml(file, data)
    except RecursionError:
        raise _misshapen(file, 0, "it nests too deep", "巢狀層數過多") from None
    listed = read.get("basket") if isinstance(read, dict) else None
    if not isinstance(listed, list) or not listed:
        zh = "`basket` 之下沒有行為清單"
        raise _misshapen(file, 0, "there is no list of acts under `basket`", zh)
    return tuple(_act(s.names, file, n, one) for n, one in enumerate(listed, 1))


def _yaml(file: Path, data: bytes) -> Any:
    return read_document(file.name, data).value


def _act(names: Names, file: Path, n: int, one: Any) -> Act:
    if not (isinstance(one, dict) and len(one) == 1 and next(iter(one)) in BY_NAME):
        known = ", ".join(sorted(BY_NAME))
        raise _misshapen(file, n, f"expected one of {known}", f"應為下列之一：{known}")
    ((name, fields),) = one.items()
    if not isinstance(fields, dict):
        raise _misshapen(file, n, f"{name} holds no fields", f"{name} 沒有欄位")
    try:
        named = {key: _value(names, key, value) for key, value in fields.items()}
        act: Act = msgspec.convert(named, BY_NAME[name])
    except (WrongUsage, Unknown, Ambiguous) as error:
        error.en = f"{file.name}, act {n} ({name}): {error.en}"
        error.zh = f"{file.name}，第 {n} 項（{word(name, 'zh')}）：{error.zh}"
        raise
    except msgspec.ValidationError as error:
        raise _misshapen(file, n, f"{name}: {error}", f"{name} 格式不符（{error}）") from None
    return act


def _value(names: Names, key: str, value: Any) -> Any:
    """A field's value with the numbers that names stand for."""
    if key == "items" and isinstance(value, list):
        return [_item(names, one) for one in value]
    find = {"accounts": names.account, "people": names.person, "lots": names.lot}
    look = find.get(KINDS.get(key, ""))
    if look is None:
        return value
    if isinstance(value, list):
        return [look(str(one)) for one in value]
    return look(str(value))


def _item(names: Names, one: Any) -> Any:
    if isinstance(one, str):
        lot, serials, quantity = read_item(one)
        return {"lot": names.lot(lot), "serials": serials, "quantity": quantity}
    if isinstance(one, dict) and "lot" in one:
        return one | {"lot": names.lot(str(one["lot"]))}
    return one


def _misshapen(file: Path, n: int, en: str, zh: str) -> WrongUsage:
    act = (f", act {n}", f"，第 {n} 項") if n else ("", "")
    shape = '- transfer: {source: A, target: B, items: ["TCER-2025-1=500"]}'
    return WrongUsage(f"{file.name}{act[0]}: {en}. Write {shape}.",
                      f"{file.name}{act[1]}：{zh}。寫法：{shape}。")  # fmt: skip
