"""What a zipped workbook unpacks to, looked at before it is opened.

A reader of sheets takes room for every cell between the first and the last one: two cells in far
corners of a file of two kilobytes end the program. Positions are read as ECMA-376 writes them.
"""

import re
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

MAX_UNPACKED = 512 * 2**20
"""Bytes of all parts together: four times the largest public list."""
MAX_CELLS = 20_000_000
"""Cells of all sheets, empty ones between others included."""
_CHUNK = 2**20
_OVERLAP = 64
_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})[0-9]""")
_ROW = re.compile(rb"""\br\s*=\s*["'][A-Z]{0,3}([0-9]{1,18})["']""")
_BROKEN = (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def too_much(data: bytes) -> str:
    """Why a zipped workbook is not opened; empty when it may be. Never raises."""
    try:
        with ZipFile(BytesIO(data)) as book:
            names = book.namelist()
            if not any(name.endswith("workbook.xml") for name in names):
                return "it is no XLSX workbook"
            left, room = MAX_UNPACKED, MAX_CELLS
            for name in names:
                size, cells = _part(book, name, left)
                left -= size
                if left < 0:
                    return f"it unpacks to more than {MAX_UNPACKED} bytes"
                room -= cells
                if room < 0:
                    return f"{MAX_CELLS - room} cells are more than {MAX_CELLS}"
    except _BROKEN as error:
        return f"the workbook is damaged: {type(error).__name__}: {error}"
    return ""


def _part(book: ZipFile, name: str, most: int) -> tuple[int, int]:
    """The bytes of a part, read no further than just beyond `most`, and the cells from its first
    row and column to the last that it names."""
    size, rows, columns, tail = 0, 0, set[bytes](), b""
    with book.open(name) as part:
        while size <= most and (chunk := part.read(_CHUNK)):
            size += len(chunk)
            text = tail + chunk
            columns.update(_COLUMN.findall(text))
            rows = max(rows, *map(int, set(_ROW.findall(text))), 0)
            tail = text[-_OVERLAP:]
    return size, rows * max(map(_number, columns), default=1)


def _number(column: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number
