"""What the command line can do, and in which module each command lives.

A command's module is imported when the command is called: an answer within half a second
cannot pay for what all the others need. Errors of every kind end here, as one sentence.
"""

import sys
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from onetonne.doors import faults, stopping
from onetonne.doors.cli import options as o

PACKAGE = "onetonne.doors.cli"
JOBS: dict[str, tuple[str, ...]] = {
    "start": ("init",),
    "stories": ("demo", "play"),
    "registers": ("person", "account", "project"),
    "moves": ("issue", "transfer", "retire", "cancel", "surrender", "convert"),
    "corrections": ("correct", "basket"),
    "marks": ("lock", "label"),
    "two_people": ("propose", "proposals", "approve", "reject", "withdraw"),
    "holdings": ("holdings", "history", "totals", "log"),
    "finding": ("find",),
    "foreign": ("scan", "import", "admit"),
    "serials": ("serial",),
    "judging": ("judge",),
    "law": ("law",),
    "ets": ("ets",),
    "article6": ("a6",),
    "certificates": ("certificate",),
    "passports": ("passport",),
    "daily": ("daily", "expire"),
    "keys": ("key",),
    "proof": ("checkpoint", "checkpoint-check", "root", "verify", "rebuild"),
    "reference": ("units", "refusals"),
}
MODULE = {command: module for module, commands in JOBS.items() for command in commands}


@cache
def _group(module: str) -> TyperGroup:
    """A module's commands: the parser asks for the same one several times in a line."""
    return get_group(import_module(f"{PACKAGE}.{module}").app)


class Lazy(TyperGroup):
    """A group whose commands are read from their module when they are asked for."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands: Any = dict.fromkeys(MODULE)  # names only: for "did you mean"

    def list_commands(self, ctx: Any) -> list[str]:
        return list(MODULE)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in MODULE:
            return None
        return _group(MODULE[cmd_name]).commands[cmd_name]

    def main(self, args: Any = None, *rest: Any, **how: Any) -> Any:
        """Run one command line. Whatever goes wrong becomes a sentence and an exit code."""
        typed = list(sys.argv[1:] if args is None else args)
        how["standalone_mode"] = False  # so that the parser's complaints come here too
        try:
            faults.check_texts(typed)
            code = super().main(faults.check_signs(typed), *rest, **how)
            if code == stopping.STOPPED:  # the parser's word for an interrupt between the two
                raise stopping.Stopped(stopping.UNKNOWN)
            stopping.end()
        except (Exception, KeyboardInterrupt) as error:
            stopping.end()
            code = faults.tell(error, typed)
        sys.exit(code)


app = typer.Typer(
    name="onetonne",
    cls=Lazy,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done; 1 refused, or a check failed; 2 wrong usage; 3 no such ledger, "
    "or unreadable; 4 busy, taken over or uncertain; 70 a bug; 130 stopped.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def everything(
    ctx: typer.Context,
    lang: o.Language = None,
    as_json: o.Json = False,
    address: Annotated[str, typer.Option("--ledger", hidden=True)] = "",
    as_who: Annotated[str, typer.Option("--as", hidden=True)] = "",
) -> None:
    """A carbon registry: every tonne has one holder. 碳登錄簿：每一噸只有一個持有人。"""
    ctx.meta["before"] = {"lang": lang, "as_json": as_json, "address": address, "as_who": as_who}
