"""Serials of other registries: how one is read, what a part of it is, which of them join."""

from typing import Annotated, Any

import msgspec
import typer

from onetonne.base.serials import MAX_SERIAL, Serial, SerialError
from onetonne.doors.cli import options as o
from onetonne.doors.cli.foreign import PANEL
from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line, Rows, number
from onetonne.doors.typed import WrongUsage, check_some, read_range
from onetonne.exchange.typed_serials import Block, Reading, block, joined, reading, shared, taken
from onetonne.exchange.typed_serials import whole as whole_serials

app = typer.Typer()
PARTS = {
    "batch": "批次編號", "verifier": "查驗機構", "house": "計畫代號", "country": "國家",
    "scope": "範疇", "project": "專案", "start": "起日", "end": "迄日", "flag": "標記",
    "series": "系列", "standard": "標準", "activity": "活動類型", "year": "年份",
    "issuance": "核發", "class": "類別", "developer": "開發者", "state": "州別",
    "unit_type": "單位類型", "original": "原承諾期", "applicable": "適用承諾期",
    "lulucf": "土地利用活動", "programme": "計畫", "product": "產品", "uuid": "核發識別碼",
    "first": "起號", "last": "迄號", "quantity": "單位數",
}  # fmt: skip
"""The parts of serials, as the grammars name them, in Chinese."""


@asks(app, PANEL)
def serial(
    s: Session,
    texts: Annotated[
        list[str], typer.Argument(metavar="TEXT", help="Serials as any registry prints them.")
    ],
    take: Annotated[
        int | None,
        typer.Option("--take", parser=o.amount, metavar="N", help="Print the first N units apart."),
    ] = None,
    numbers: Annotated[
        str, typer.Option("--serials", metavar="FIRST-LAST", help="Print this part apart: 51-60.")
    ] = "",
) -> None:
    """How a serial is read; a part of it; several joined. No ledger is asked. 序號解讀。

    onetonne serial GS1-1-NA-GS99001-16-2025-77001-110-5463 --take 500
    """
    readings, found = [], []
    for at, text in enumerate(whole_serials(texts)):
        told, read = reading(text)
        readings.append(told)
        found += [(at, read)] if read else []
    wrong = any(told.state == "unreadable" for told in readings)
    blocks, both = joined(found), list(shared(found))
    data: dict[str, Any] = {
        "serials": readings, "blocks": [block(*made) for made in blocks], "shared": both,
    }  # fmt: skip
    shown: list[Any] = [part for told in readings for part in _shown(told, s.out.language)]
    if len(readings) > 1 and found:
        shown += _listed("Joined where they adjoin", "相鄰者合併", data["blocks"])
    shown += [
        Line(f"{readings[i].text} and {readings[j].text} share {one.first} to {one.last}.",
             f"{readings[i].text} 與 {readings[j].text} 重複 {one.first} 至 {one.last}。", "yellow")
        for one in both for i, j in [one.of]
    ]  # fmt: skip
    if (take is not None or numbers) and not wrong:
        if len(blocks) != 1 or len(found) < len(readings) or both:
            raise WrongUsage(
                "A part is taken of one block that can be read. Give one serial of a known form, "
                "or several that adjoin. To see how they are read, leave --take and --serials out.",
                "僅能自一個可解讀的區段取出部分。請提供一個已知格式的序號，或數個相鄰者。"
                "若要查看解讀結果，請勿加 --take 與 --serials。",
            )
        data["part"], data["rest"] = _part(blocks[0][0], take, numbers)
        shown += _listed("The part", "取出部分", [data["part"]])
        shown += _listed("The rest", "其餘", data["rest"])
    s.reply_apart(msgspec.to_builtins(data), *shown)
    if wrong:
        raise typer.Exit(1)


def _part(whole: Serial, take: int | None, numbers: str) -> tuple[Block, list[Block]]:
    """The part asked for and the rest. Raises WrongUsage."""
    if take is not None and numbers:
        raise WrongUsage("Give either --take or --serials.", "--take 與 --serials 請擇一。")
    if take is not None:
        check_some(take)
        if take > whole.quantity:
            raise WrongUsage(
                f"The block has {whole.quantity} units; {take} cannot be taken. Take fewer.",
                f"區段僅有 {whole.quantity} 單位，無法取出 {take} 單位。請減少數量。",
            )
        return taken(whole, whole.first, whole.first + take - 1)
    if len(numbers) > MAX_SERIAL:
        raise WrongUsage("--serials is longer than any serial. Write 1-500, or 7 for one.",
                         "--serials 比任何序號都長。請寫成 1-500，單一序號寫成 7。")  # fmt: skip
    first, _, last = read_range(numbers).partition("-")
    try:
        return taken(whole, int(first), int(last or first))
    except SerialError as error:
        raise WrongUsage(f"{error}.", f"{error.zh}。") from None


def _shown(told: Reading, language: str) -> list[Any]:
    """One reading: the text, and below it all that it says, or why it says nothing."""
    if told.problem:
        why = told.problem
        wrong = Line(f"Cannot be read: {why.en}.", f"無法解讀：{why.zh}。", "red")
        perhaps = [Line("Perhaps it is:", "可能是："), why.meant] if why.meant else []
        return [told.text, wrong, *perhaps, ""]
    if told.state == "opaque":
        unknown = Line("Opaque: of no known form. It is kept whole; nothing is computed from it.",
                       "格式未知：整串保留，無法據以計算。", "yellow")  # fmt: skip
        return [told.text, unknown, ""]
    back = ("is", "相符") if told.exact else ("is NOT", "不符")
    heads = (("part", "欄位"), ("value", "值"))
    values = told.parts | {
        "first": told.first,
        "last": told.last,
        "quantity": number(told.quantity),
    }
    rows = [
        (PARTS[name] if language == "zh" else name.replace("_", " "), value)
        for name, value in values.items()
    ]
    return [
        told.text,
        Line(f"Registry {told.registry}, form {told.profile}, issuance {told.key}.",
             f"登錄簿 {told.registry}，格式 {told.profile}，核發 {told.key}。"),
        Line(f"Printed anew it {back[0]} the same text.", f"重新列印與原文{back[1]}。"),
        Rows(heads, rows),
    ]  # fmt: skip


def _listed(en: str, zh: str, blocks: list[Block]) -> list[Any]:
    """Blocks, each alone on its line, to be copied; above them how many units they are."""
    units = number(sum(one.quantity for one in blocks))
    return [Line(f"{en}, {units} units:", f"{zh}，{units} 單位：", "bold"),
            *(one.serial for one in blocks)]  # fmt: skip
