"""The registry's signing key: which it is, another in its place, and the old one's word for it."""

from pathlib import Path
from typing import Annotated

import typer

from onetonne.doors.cli.session import Session, asks
from onetonne.doors.render import Line, number
from onetonne.doors.typed import read_kept, read_key
from onetonne.exchange import handover
from onetonne.ledger.proof_findings import Finding
from onetonne.service.place import former_keys
from onetonne.service.succession import replace_key

app = typer.Typer()
PANEL = "Proof"
key = typer.Typer(no_args_is_help=True, help="The signing key: show, replace, check. 簽署金鑰。")
app.add_typer(key, name="key", rich_help_panel=PANEL)


@asks(key, PANEL)
def show(s: Session) -> None:
    """The public key, and those before it. 公鑰。"""
    own, former = s.ledger.verifier(), former_keys(s.ledger.db)
    lines = [Line(f"Before it: {one}", f"先前：{one}", "dim") for one in former]
    s.reply({"key": str(own), "former": [str(one) for one in former],
             "key_file": s.key_file()}, str(own), *lines)  # fmt: skip


@asks(key, PANEL)
def replace(
    s: Session,
    lost: Annotated[
        bool, typer.Option("--lost", help="There is no old key any more to vouch for the new one.")
    ] = False,
) -> None:
    """Make a new key; the old one vouches for it and signs no more. 更換金鑰。

    The log goes on. Passports and letters that the old key signed are to be made anew.
    """
    done = replace_key(s.ledger, lost)
    public = s.key_file()
    s.reply(
        {"key": str(done.new), "former": str(done.old), "key_file": public,
         "handover": str(done.handover) if done.handover else None,
         "former_key_file": str(done.aside) if done.aside else None,
         "checkpoint": {"size": done.point.size, "root": done.point.root.hex()}},
        Line("From now on this key signs, and no other. Publish it, and back up its file:",
             "今後由此金鑰簽署，別無其他。請公布之，並備份其檔案：", "green"),
        str(done.new),
        Line(f"Hand this to whoever knows the key before it, {done.handover}:",
             f"請將 {done.handover} 交予持有先前公鑰者：") if done.handover else
        Line("Nothing vouches for it: tell those who know the key before it by another way.",
             "並無金鑰為其作證：請以其他管道告知持有先前公鑰者。", "yellow"),
        f"onetonne key check {done.handover} --key {done.old}" if done.handover else None,
        Line(f"The old key lies in {done.aside}: lock it away, or destroy it.",
             f"舊金鑰存於 {done.aside}：請妥善封存或銷毀。") if done.aside else None,
        Line("Passports and letters under the old key are to be made anew.",
             "以舊金鑰簽署的護照與授權書須重新製作。"),
    )  # fmt: skip


@asks(key, PANEL)
def check(
    s: Session,
    file: Annotated[Path, typer.Argument(help="The handover.")],
    old: Annotated[str, typer.Option("--key", help="The key before it, or its file.")],
) -> None:
    """Check offline which key the old one hands over to. 查核金鑰交接書。"""
    told = handover.check(read_kept(file), read_key(old))
    if isinstance(told, Finding):
        s.reply_apart(
            {"ok": False, "key": None,
             "findings": [{"code": told.code, "where": told.where, "en": told.sentence("en"),
                           "zh": told.sentence("zh")}]},
            Line("It is not shown which key comes next:", "未能證明後繼金鑰：", "bold red"),
            Line(told.sentence("en"), told.sentence("zh")),
        )  # fmt: skip
        raise typer.Exit(1)
    size = number(told.point.size)
    s.reply_apart(
        {"ok": True, "key": str(told.new), "former": str(told.old), "findings": [],
         "checkpoint": {"size": told.point.size, "root": told.point.root.hex()}},
        Line(f"As of checkpoint {size} of {told.point.origin}, the key before it hands over to:",
             f"自 {told.point.origin} 檢查點 {size} 起，先前的金鑰交接予：", "green"),
        str(told.new),
        Line("Keep this file: it is a checkpoint under either key.",
             "請保存此檔：以新舊任一公鑰，皆可作為檢查點。", "dim"),
    )  # fmt: skip
