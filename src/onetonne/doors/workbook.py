"""Tables as workbooks (XLSX) that are safe to open: text is text, whatever it begins with.

A cell of text is stored as text and marked as quoted, so that `=1+1` in a name is never a
formula; numbers beyond what a spreadsheet holds exactly are written as text too.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from onetonne.doors.files import put
from onetonne.doors.render import plain

EXACT = 10**15
"""Spreadsheets keep 15 digits of a number."""
MAX_TEXT = 32_767
"""Characters of a cell."""
Sheets = dict[str, tuple[Sequence[str], Sequence[Sequence[object]]]]


def write(path: Path, sheets: Sheets) -> None:
    """Write sheets by name: headings and rows. Raises OSError."""
    book = Workbook()
    del book[book.sheetnames[0]]
    for name, (heads, rows) in sheets.items():
        sheet: Worksheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for row, cells in enumerate((heads, *rows), 1):
            for column, value in enumerate(cells, 1):
                _put(sheet, row, column, value)
        for column in range(1, len(heads) + 1):
            sheet.cell(1, column).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(column)].width = 18
    made = BytesIO()
    book.save(made)
    put(path, made.getvalue())


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, int) and abs(value) < EXACT:
        cell.value = value
        cell.number_format = "#,##0"
        return
    cell.value = plain("" if value is None else value)[:MAX_TEXT]
    cell.data_type = "s"
    cell.quotePrefix = True
