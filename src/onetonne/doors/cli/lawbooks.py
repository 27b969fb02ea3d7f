"""What the commands that read law share: the files on top, a system by its code, its own today."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from onetonne.doors.typed import WrongUsage
from onetonne.rules.law import Lawbook, System

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


def today_in(system: System) -> date:
    """The day in the system's own zone."""
    return datetime.now(UTC).astimezone(ZoneInfo(system.zone)).date()
