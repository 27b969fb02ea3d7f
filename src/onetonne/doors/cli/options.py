"""Options that many commands share, each said once."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from onetonne.doors.typed import read_amount, read_day, read_place

SHARED, HOW = "For every command", "How the act is done"
WHEN = "At what time"
NONE: list[str] = []
"""The default of an option that may be repeated."""


def amount(text: Any) -> int:
    """A whole number as typed; a default comes as it is. Raises WrongUsage."""
    return text if isinstance(text, int) else read_amount(text)


def day(text: Any) -> date:
    """A day as typed; a default comes as it is. Raises WrongUsage."""
    return text if isinstance(text, date) else read_day(text)


def place(text: Any) -> Path:
    """Where a file is to be written; a default comes as it is. Raises WrongUsage."""
    return text if isinstance(text, Path) else read_place(text)


Amount = Annotated[
    int, typer.Argument(parser=amount, metavar="AMOUNT", help="Whole units: 500 or 1,000.")
]
MaybeAmount = Annotated[
    int | None,
    typer.Argument(parser=amount, metavar="AMOUNT", help="Whole units: 500 or 1,000."),
]
Lot = Annotated[str, typer.Option("--lot", help="Lot, by code (TCER-2025-1) or number.")]
Serials = Annotated[
    list[str], typer.Option("--serials", help="A range of the lot as printed: 1-500. Repeatable.")
]
Items = Annotated[
    list[str],
    typer.Option("--item", help="LOT:1-500 (serials) or LOT=500 (amount). Repeatable."),
]
KnownKey = Annotated[
    str,
    typer.Option("--known-key", help="The registry's earlier key, where that signed what is kept."),
]
From = Annotated[
    str, typer.Option("--from", help="The giving account: number, or its holder's name.")
]
To = Annotated[str, typer.Option("--to", help="The receiving account: number or holder's name.")]
Until = Annotated[
    date | None, typer.Option("--until", parser=day, metavar="DAY", help="Last day, 2026-12-31.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why; sealed, not in the log.")]

Language = Annotated[
    str | None,
    typer.Option("--lang", help="en or zh; else from ONETONNE_LANG or LANG.",
                 rich_help_panel=SHARED),
]  # fmt: skip
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object.", rich_help_panel=SHARED)
]
Who = Annotated[
    str, typer.Option("--as", envvar="ONETONNE_AS", show_envvar=True, rich_help_panel=SHARED,
                      help="Who acts: an enrolled person's name or number.")
]  # fmt: skip
Address = Annotated[
    str, typer.Option("--ledger", envvar="ONETONNE_LEDGER", show_envvar=True,
                      rich_help_panel=SHARED, help="Folder of the ledger, or a postgresql:// URL. "
                      "Key and log of a URL lie in the folder ONETONNE_FOLDER, or in "
                      "./onetonne-DATABASE.")
]  # fmt: skip
Dry = Annotated[
    bool, typer.Option("--dry-run", help="Decide and show, write nothing.", rich_help_panel=HOW)
]
Key = Annotated[
    str, typer.Option("--key", help="Idempotency key: sent twice, done once.",
                      rich_help_panel=HOW)
]  # fmt: skip
Effective = Annotated[
    date | None,
    typer.Option("--effective", parser=day, metavar="DAY", rich_help_panel=HOW,
                 help="Another day on which it counts; needs --cites or a correction."),
]  # fmt: skip
Cites = Annotated[
    str, typer.Option("--cites", help="The decision that it rests on.", rich_help_panel=HOW)
]
AsOf = Annotated[
    int | None, typer.Option("--asof", parser=amount, metavar="SEQ",
                             help="As known after this entry.", rich_help_panel=WHEN)
]  # fmt: skip
On = Annotated[
    date | None, typer.Option("--on", parser=day, metavar="DAY",
                              help="As in effect on this day.", rich_help_panel=WHEN)
]  # fmt: skip
