"""A letter's sheet as a PDF on A4, its fonts embedded; the same bytes for the same sheet.

Typst sets the page from a template of ours. The sheet goes in as data, so that nothing that people
typed is ever read as markup. Typst and the Chinese font come with the extra `pdf`, so this
module is imported only where a PDF is asked for.
"""

from pathlib import Path
from typing import Any

import msgspec
import pylopdf_fonts_zh_tw as fonts
import typst

from onetonne.doors.letter_sheet import Sheet
from onetonne.doors.render import plain

TEMPLATE = Path(__file__).parent / "templates" / "letter.typ"
FONTS = ("Noto Sans TC", "DejaVu Sans Mono")


def pdf(told: Sheet) -> bytes:
    """The sheet as a PDF."""
    data = _plain(msgspec.to_builtins(told)) | {"fonts": FONTS}
    made = typst.compile(
        TEMPLATE,
        font_paths=[fonts.sans_path().parent],
        ignore_system_fonts=True,
        sys_inputs={"sheet": msgspec.json.encode(data).decode()},
    )
    assert isinstance(made, bytes), "without a place to write to it answers with the file"
    return made


def _plain(value: Any) -> Any:
    """Every text in plain data made safe to print."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return plain(value) if isinstance(value, str) else value
