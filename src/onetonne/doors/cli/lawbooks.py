"""What the commands that read law share: the files on top, a system by its code, its own today."""

from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from onetonne.doors.typed import WrongUsage
from onetonne.rules.browse import named
from onetonne.rules.law import Lawbook, System
from onetonne.store.lawbook import load_law

LawFile = Annotated[
    list[Path], typer.Option("--law", help="A law file of your own on top. Repeatable.")
]
NO_FILES: list[Path] = []


def system_of(book: Lawbook, code: str) -> System:
    """The system of that code. Raises WrongUsage naming those there are."""
    if code not in book.systems:
        known = ", ".join(book.systems)
        raise WrongUsage(f"There is no system {code!r}. Known: {known}.",
                         f"沒有體系 {code!r}。已有：{known}。")  # fmt: skip
    return book.systems[code]


def unit_of(book: Lawbook, code: str) -> None:
    """Raises WrongUsage for a unit type that neither the lawbook of units nor any system names."""
    known = {*load_law().units, *book.everywhere.unit_facts, *named(book, "unit_type")}
    if code not in known:
        folded = {name.casefold(): name for name in sorted(known)}
        near = [folded[name] for name in get_close_matches(code.casefold(), folded, cutoff=0.5)]
        en = f" Did you mean: {', '.join(near)}?" if near else ""
        zh = f"是否為：{'、'.join(near)}？" if near else ""
        raise WrongUsage(
            f"There is no unit type {code!r}.{en} See docs/reference/units.md.",
            f"沒有單位類型 {code!r}。{zh}請見 docs/reference/units.md。",
        )


def today_in(system: System) -> date:
    """The day in the system's own zone."""
    return datetime.now(UTC).astimezone(ZoneInfo(system.zone)).date()
