"""A workbook that unpacks to more than memory holds is named, not opened."""

from __future__ import annotations

import re
import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from onetonne.exchange import tables, workbook_bounds
from onetonne.exchange.tables import read_tables
from onetonne.exchange.workbook_bounds import MAX_CELLS, too_much

TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OFFICE = "http://schemas.openxmlformats.org"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{OFFICE}/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{OFFICE}/spreadsheetml/2006/main" xmlns:r="{OFFICE}/officeDocument/'
        '2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
CELL = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'


def book(*cells: tuple[str, str]) -> bytes:
    """A workbook of these cells by position, each in a row of its own; nothing in between."""
    rows = "".join(f"<row>{CELL.format(*cell)}</row>" for cell in cells)
    sheet = f'<worksheet xmlns="{OFFICE}/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>'
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as file:
        for name, text in PARTS.items():
            file.writestr(name, text)
        file.writestr("xl/worksheets/sheet1.xml", sheet + "</worksheet>")
    return data.getvalue()


def why(data: bytes) -> str:
    """What is said of a file that cannot be read; empty when it can."""
    found = read_tables("a.xlsx", data).findings
    for finding in found:
        assert finding.code == "file-unreadable"
        assert not re.search("[a-z]{3}", finding.reason_zh)
    return " ".join(finding.reason for finding in found)


def test_a_small_workbook_is_read() -> None:
    (sheet,) = read_tables("a.xlsx", book(("A1", "x"), ("B2", "y"))).sheets
    assert [line.cells for line in sheet.lines] == [("x", ""), ("", "y")]


@pytest.mark.parametrize(
    "cells",
    [
        (("A1", "x"), ("XFD1048576", "y")),
        (("A1", "x"), ("A1048576", "y"), ("XFD2", "z")),
        (("A1", "x"), ("ZZ99999", "y")),
    ],
)
def test_cells_in_far_corners_are_named(cells: tuple[tuple[str, str], ...]) -> None:
    start = time.process_time()
    assert f"more than {MAX_CELLS}" in why(book(*cells))
    assert time.process_time() - start < 5


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_bounds, "MAX_UNPACKED", 3 * 2**20)
    assert why(book(("A1", "x" * 2**20))) == ""
    assert "unpacks to more than 3145728 bytes" in why(book(("A1", "x" * 4 * 2**20)))


def test_a_giant_cell_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_CELL", 100)
    assert why(book(("A1", "x" * 100))) == ""
    (sheet,) = read_tables("a.xlsx", book(("A1", "x" * 101), ("A2", "y"))).sheets
    assert [line.fault for line in sheet.lines] == [tables.BEYOND, ""]


def test_a_position_across_two_reads_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = book(("A1", "x"), ("XFD1048576", "y"))
    for size in range(60, 90):
        monkeypatch.setattr(workbook_bounds, "_CHUNK", size)
        assert "cells are more than" in too_much(data)


def test_another_zip_is_no_workbook() -> None:
    data = BytesIO()
    with ZipFile(data, "w") as file:
        file.writestr("content.xml", "<x/>")
    assert "no XLSX workbook" in why(data.getvalue())
