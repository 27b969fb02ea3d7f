"""Exports as they come: CSV, XLSX and JSON of one list say the same; bad cells are named."""

import csv
from datetime import date
from io import BytesIO

import msgspec
import openpyxl
import pytest
from tests.exchange import samples
from tests.exchange.samples import (
    CAR_CANCELLED_HEADER,
    CAR_HEADER,
    CAR_ISSUED_HEADER,
    GS_HEADER,
    VERRA_HEADER,
    as_csv,
    car,
    gs,
    retired,
    verra,
)

from onetonne.base.serials import Opaque, Serial
from onetonne.exchange import tables
from onetonne.exchange.cells import day, looks_like_formula, quantity
from onetonne.exchange.observations import (
    FileReading,
    Observation,
    observation_rows,
    read_file,
    serial_key,
)


def only(reading: FileReading) -> Observation:
    assert len(reading.observations) == 1, reading
    return reading.observations[0]


def codes(reading: FileReading) -> list[str]:
    return [found.code for found in reading.findings]


def test_a_verra_block_and_a_retirement() -> None:
    rows = as_csv(VERRA_HEADER, verra(1, 1234), retired(1235, 1300))
    block, gone = read_file("verra.csv", rows).observations
    assert (block.kind, block.quantity, block.issued) == ("block", 1234, date(2026, 4, 3))
    assert (gone.kind, gone.ended, gone.beneficiary) == (
        "retirement",
        date(2026, 5, 1),
        "Amsel AG",
    )
    assert (gone.at.row, gone.country, gone.project) == (3, "Namibia", "9001")
    assert isinstance(gone.serial, Serial)
    assert gone.profile == "verra-vcu-2"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("Issued", "issuance"),
        ("Retired", "retirement"),
        ("Canceled", "cancellation"),
        ("Assigned", "block"),
    ],
)
def test_gold_standard_says_a_status(status: str, kind: str) -> None:
    seen = only(read_file("gs.csv", as_csv(GS_HEADER, gs(status, 1, 5))))
    assert (seen.registry, seen.kind, seen.state) == ("gold-standard", kind, "parsed")
    assert seen.issued == date(2026, 3, 31)


def test_a_cer_in_a_gold_standard_list_is_taken_apart() -> None:
    pair = "DK-5-10-2-2-0-7099 - DK-5-19-2-2-0-7099"
    row = gs("Issued", 1, 10, **{"Serial Number": pair})
    seen = only(read_file("gs.csv", as_csv(GS_HEADER, row)))
    assert (seen.state, seen.profile, seen.registry) == ("parsed", "itl-range", "gold-standard")


def test_car_lists_and_namibia() -> None:
    gone = only(read_file("r.csv", as_csv(CAR_HEADER, car(1, 500))))
    assert (gone.kind, gone.ended, gone.country) == ("retirement", date(2026, 3, 25), "NA")
    cancelled = as_csv(CAR_CANCELLED_HEADER, car(1, 500, **{"Cancellation Reason": "ARB"}))
    assert only(read_file("c.csv", cancelled)).kind == "cancellation"
    issued = as_csv(
        CAR_ISSUED_HEADER,
        {"Date Issued": "3/9/2026", "Project ID": "CAR9", "Total Offset Credits Issued": "9,166"},
    )
    seen = only(read_file("i.csv", issued))
    assert (seen.kind, seen.state, seen.quantity, seen.serial) == (
        "issuance",
        "parsed",
        9166,
        None,
    )
    assert seen.issued == date(2026, 3, 9)


PROJECT_LISTS = [
    ("verra", "ID,Name,Proponent,Estimated Annual Emission Reductions\n9001,Etosha,X,\n"),
    ("gold-standard", "GSID,Project Developer Name,Estimated Annual Credits\n99001,X,5\n"),
    ("car", "Project ID,Project Developer,Project Listed Date\nCAR9003,X,01/05/2021\n"),
]


@pytest.mark.parametrize(("registry", "text"), PROJECT_LISTS)
def test_projects_have_no_serial_and_are_parsed(registry: str, text: str) -> None:
    seen = only(read_file("projects.csv", text.encode()))
    assert (seen.registry, seen.kind, seen.state) == (registry, "project", "parsed")
    head, _, row = text.strip().partition("\n")
    nameless = f"{head}\n{row.replace(row.partition(',')[0], '')}\n"
    reading = read_file("projects.csv", nameless.encode())
    assert codes(reading) == ["project-missing"]
    assert only(reading).state == "unreadable"
    total = f"{head}\nTotal,{row.partition(',')[2]}\n"
    reading = read_file("projects.csv", total.encode())
    assert codes(reading) == ["project-unreadable"]
    assert only(reading).state == "unreadable"


# -- forms of one list


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    sheet.cell(at, column, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_csv_xlsx_and_json_say_the_same() -> None:
    rows = [car(1, 500), car(501, 1500, Vintage=2025)]
    lines: list[list[object]] = [[row.get(name) for name in CAR_HEADER] for row in rows]
    sheet: list[list[object]] = [[None, "Retired credits"], [], list(CAR_HEADER), [], *lines]
    forms = {
        "a.csv": as_csv(CAR_HEADER, *rows),
        "b.csv": b"\xef\xbb\xbf" + as_csv(CAR_HEADER, *rows).replace(b",", b";"),
        "c.csv": as_csv(CAR_HEADER, *rows).decode().encode("utf-16"),
        "d.xlsx": workbook(("Notes", [["read me"]]), ("Retired", sheet)),
        "e.json": msgspec.json.encode(rows),
        "f.json": msgspec.json.encode({"meta": {"n": 2}, "data": {"rows": rows}}),
        "g.jsonl": b"\n".join(map(msgspec.json.encode, rows)),
    }
    for name, data in forms.items():
        found = read_file(name, data).observations
        assert [(o.serial, o.quantity, o.ended, o.vintage, o.country, o.state) for o in found] == [
            (found[0].serial, 500, date(2026, 3, 25), "2026", "NA", "parsed"),
            (found[1].serial, 1000, date(2026, 3, 25), "2025", "NA", "parsed"),
        ], name
        assert all(isinstance(o.serial, Serial) for o in found), name
    numbers = {name: read_file(name, data).observations[0].at for name, data in forms.items()}
    assert (numbers["a.csv"].row, numbers["e.json"].row) == (2, 1)
    assert (numbers["d.xlsx"].sheet, numbers["d.xlsx"].row) == ("Retired", 5)
    assert numbers["f.json"].sheet == "data.rows"


def test_several_sheets_dates_and_numbers_of_a_workbook() -> None:
    header: list[object] = list(GS_HEADER)
    row = gs("Retired", 1, 5) | {"Retirement Date": date(2026, 4, 10), "Quantity": 5.0}
    book = workbook(
        ("Retired", [header, [row.get(name) for name in GS_HEADER]]),
        ("Issued", [header, [gs("Issued", 1, 9).get(name) for name in GS_HEADER]]),
    )
    gone, issued = read_file("gs.xlsx", book).observations
    assert (gone.ended, gone.quantity, gone.at.sheet) == (date(2026, 4, 10), 5, "Retired")
    assert (issued.kind, issued.at.sheet) == ("issuance", "Issued")


def test_quoted_newlines_and_blank_rows_keep_the_row_numbers() -> None:
    first = car(1, 5, **{"Retirement Reason Details": "two\nlines, and a comma"})
    data = as_csv(CAR_HEADER, first) + b"\r\n" + as_csv(CAR_HEADER, car(6, 9)).partition(b"\n")[2]
    one, two = read_file("r.csv", data).observations
    assert (one.at.row, one.note) == (2, "two\nlines, and a comma")
    assert two.at.row == 4


# -- what cannot be read is named


def verra_cell(column: str, value: str) -> FileReading:
    return read_file("v.csv", as_csv(VERRA_HEADER, retired(1, 10) | {column: value}))


@pytest.mark.parametrize(
    ("column", "value", "code", "state"),
    [
        ("Serial Number", "", "serial-missing", "unreadable"),
        ("Serial Number", samples.verra_serial(10, 1), "serial-unreadable", "unreadable"),
        (
            "Serial Number",
            samples.verra_serial(1, 10)[:-1] + "O",
            "serial-unreadable",
            "unreadable",
        ),
        ("Serial Number", "JCM-TH-JP-2018-3026-01401", "serial-opaque", "opaque"),
        ("Quantity Issued", "", "quantity-unreadable", "unreadable"),
        ("Quantity Issued", "ten", "quantity-unreadable", "unreadable"),
        ("Quantity Issued", "10.5", "quantity-unreadable", "unreadable"),
        ("Quantity Issued", "9", "quantity-mismatch", "parsed"),
        ("Quantity Issued", "-10", "negative-quantity", "parsed"),
        ("Issuance Date", "13/01/2026", "date-unreadable", "parsed"),
        ("Retirement Beneficiary", '=HYPERLINK("http://x","y")', "formula-like", "parsed"),
        ("Retirement Details", "+cmd|' /C calc'!A0", "formula-like", "parsed"),
    ],
)
def test_a_bad_cell_is_named(column: str, value: str, code: str, state: str) -> None:
    reading = verra_cell(column, value)
    assert codes(reading) == [code]
    found = reading.findings[0]
    assert (found.file, found.row, found.column, found.value) == ("v.csv", 2, column, value)
    assert (only(reading).state, only(reading).raw[column]) == (state, value)
    assert "{" not in found.reason + found.reason_zh


def test_an_opaque_serial_is_kept_whole() -> None:
    seen = only(verra_cell("Serial Number", "JCM-TH-JP-2018-3026-01401"))
    assert seen.serial == Opaque("JCM-TH-JP-2018-3026-01401", "verra")
    assert seen.profile == "opaque"


def test_thirty_digits_under_their_own_profile() -> None:
    corc = (
        "PURO_PR_CORC_NO_310999_2022_0bc9a654-0000-4000-8000-0123456789ab_"
        "643002406801000010000000099260-643002406801000010000000099279"
    )
    reading = read_file("corcs.csv", f"Serial,Quantity\n{corc},20\n{corc},21\n".encode())
    assert codes(reading) == ["quantity-mismatch"]
    seen = reading.observations[0]
    assert (seen.registry, seen.profile, seen.state) == ("puro", "puro-corc", "parsed")


def test_an_unknown_table_is_opaque_whole() -> None:
    reading = read_file("x.csv", b"Country,Country,\nNA,null,=1\n")
    seen = only(reading)
    assert codes(reading) == ["table-unknown", "formula-like"]
    assert (seen.state, seen.profile) == ("opaque", "opaque-table")
    assert seen.raw == {"Country": "NA", "Country (2)": "null", "(column 3)": "=1"}


def twice(first: str, later: str, column: str = "Quantity Issued") -> FileReading:
    """A Verra row whose header names a column twice, with a cell for each."""
    head, row = as_csv(
        [*VERRA_HEADER, "X"], verra(1, 10) | {column: first, "X": later}
    ).splitlines()
    return read_file("v.csv", head.replace(b",X", f",{column}".encode()) + b"\n" + row)


@pytest.mark.parametrize(
    ("column", "first", "later", "state"),
    [
        ("Quantity Issued", "10", "7", "unreadable"),
        ("Quantity Issued", "7", "10", "unreadable"),
        ("Methodology", "VM1", "VM2", "parsed"),
    ],
)
def test_of_two_columns_of_one_name_neither_wins(
    column: str, first: str, later: str, state: str
) -> None:
    reading = twice(first, later, column)
    again = f"{column} (2)"
    at = [(f.code, f.row, f.column, f.value) for f in reading.findings if f.code[:6] == "column"]
    assert at == [("column-twice", 1, again, again), ("columns-differ", 2, again, later)]
    assert first in next(f for f in reading.findings if f.code == "columns-differ").reason
    assert (only(reading).raw[column], only(reading).raw[again]) == (first, later)
    assert only(reading).state == state


@pytest.mark.parametrize(("first", "later"), [("10", "10"), ("", "10"), ("10", " ")])
def test_two_columns_of_one_name_that_do_not_differ_are_read(first: str, later: str) -> None:
    reading = twice(first, later)
    assert codes(reading) == ["column-twice"]
    assert (only(reading).state, only(reading).quantity) == ("parsed", 10)


def test_names_made_different_hide_no_other() -> None:
    seen = only(read_file("x.csv", b"A,A,A (2),A,,(column 5)\n1,2,3,4,5,6\n"))
    assert list(seen.raw.values()) == list("123456")
    book = workbook(("S", [["Serial", "Quantity", "quantity"], ["x", 1, 2]]))
    assert "columns-differ" in codes(read_file("x.xlsx", book))


def test_of_two_values_of_one_key_neither_wins() -> None:
    rows = b'[{"Serial":"x","Quantity":1,"Quantity":2},{"Serial":"y","Quantity":3}]'
    reading = read_file("a.json", rows)
    found = [(f.code, f.row, f.column, f.value) for f in reading.findings]
    assert found == [
        ("columns-differ", 1, "Quantity (2)", "2"),
        ("serial-opaque", 1, "Serial", "x"),
        ("serial-opaque", 2, "Serial", "y"),
    ]
    assert [seen.state for seen in reading.observations] == ["unreadable", "opaque"]
    assert reading.observations[0].raw == {"Serial": "x", "Quantity": "1", "Quantity (2)": "2"}
    same = read_file("a.jsonl", b'{"Serial":"x","Quantity":1,"Quantity":1}')
    assert [(f.code, f.row) for f in same.findings] == [("column-twice", 1), ("serial-opaque", 1)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"a":[{"Serial":"x","Quantity":1}],"a":[{"Serial":"y","Quantity":1}]}', 2),
        ('[{"Serial":"x","Quantity":1,"of":{"k":1,"k":2}}]', 1),
    ],
)
def test_a_key_that_stands_twice_outside_the_rows_loses_nothing(text: str, rows: int) -> None:
    reading = read_file("a.json", text.encode())
    assert [f.row for f in reading.findings if f.code == "column-twice"] == [0]
    assert len(reading.observations) == rows
    assert "k (2)" in str(reading.observations[0].raw) or rows == 2


def test_objects_are_rows_whatever_their_keys() -> None:
    header_like = [{"": "Serial", "b": "Quantity"}, {"": "x"}]
    assert len(read_file("a.json", msgspec.json.encode(header_like)).observations) == 2
    assert len(read_file("a.json", b'[{"": "x"}, {"": "y"}]').observations) == 2


@pytest.mark.parametrize(("more", "code"), [(-1, "row-too-short"), (0, ""), (1, "row-too-long")])
def test_a_row_that_does_not_fit_its_header_is_not_read(more: int, code: str) -> None:
    head = as_csv(CAR_HEADER, car(1, 5))
    row = ["2026", samples.car_serial(6, 9), "4", "", "", "", "", "", "x", "y", "z"][: 10 + more]
    reading = read_file("r.csv", head + ",".join(row).encode())
    assert codes(reading) == ([code] if code else [])
    assert [seen.state for seen in reading.observations] == [
        "parsed",
        "unreadable" if code else "parsed",
    ]
    for found in reading.findings:
        column, value = ("Retirement Reason Details", "") if more < 0 else ("(column 11)", "z")
        assert (found.row, found.column, found.value) == (3, column, value)
        assert f"{10 + more} cells" in found.reason
        assert "{" not in found.reason + found.reason_zh


def test_blank_names_at_the_end_of_a_header_ask_for_no_cells() -> None:
    reading = read_file("l.csv", b"Serial,Quantity,,\nx,1\ny,1,,\nz,1,2,3\n")
    assert codes(reading) == ["serial-opaque"] * 3


def test_rows_out_of_shape_are_unreadable_and_counted() -> None:
    good = as_csv(CAR_HEADER, car(1, 5))
    long = read_file("r.csv", good + b"," * 12 + b"x\r\n")
    assert codes(long) == ["row-too-long"]
    open_quote = read_file("r.csv", good + b'2025,"CAR-1\r\n2024,never,read\r\n')
    assert codes(open_quote) == ["quote-unclosed"]
    sloppy = read_file("r.csv", good + b'"a"b,c\r\n2025,"CAR-1\r\n2024,never,read\r\n')
    assert "quote-unclosed" in codes(sloppy)
    mixed = read_file("r.json", b'[{"Serial": "x", "Quantity": 1}, 7]')
    assert codes(mixed) == ["serial-opaque", "row-not-object"]
    for reading in (long, open_quote, mixed):
        assert [seen.state for seen in reading.observations][-1] == "unreadable"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("LICENSE", b"text", "not-a-table"),
        ("a.json", b'{"a": 1}', "not-a-table"),
        ("a.json", b'[{"a": 1', "file-unreadable"),
        ("a.json", b"[" * 100_000, "file-unreadable"),
        ("a.xlsx", b"PK\x03\x04 broken", "file-unreadable"),
        ("a.xls", b"no workbook", "file-unreadable"),
        ("a.csv", b"a,b\n\0,1\n", "file-unreadable"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16-le"), "file-unreadable"),
        ("a.csv", "a,b\n1,2\n".encode("utf-32"), "file-unreadable"),
        ("a.csv", b"a,b\n\x81,1\n", "file-unreadable"),
        ("a.csv", b"a,b\ncaf\xe9,1\n", "not-utf8"),
    ],
)
def test_a_bad_file_is_named(name: str, data: bytes, code: str) -> None:
    reading = read_file(name, data)
    assert code in codes(reading)
    if code == "file-unreadable":
        assert reading.observations == ()


def test_a_workbook_is_known_by_what_it_holds_not_by_its_name() -> None:
    book = workbook(("S", [list(CAR_HEADER), [car(1, 5).get(name) for name in CAR_HEADER]]))
    assert only(read_file("new.xls", book)).state == only(read_file("new.csv", book)).state
    for name in ("list.xlsx", "list.xlsm", "list.xls"):
        (found,) = read_file(name, as_csv(CAR_HEADER, car(1, 5))).findings
        assert "named as a workbook but is none" in found.reason
        assert "檔名為活頁簿，內容卻不是" in found.reason_zh


@pytest.mark.parametrize(
    ("name", "data", "zh"),
    [
        ("a.json", b'[{"a": 1,}]', "不是 JSON：trailing comma in object (byte 9)"),
        ("a.xlsx", b"PK\x03\x04 broken", "活頁簿已損毀：BadZipFile"),
    ],
)
def test_why_a_file_is_not_read_is_said_in_chinese(name: str, data: bytes, zh: str) -> None:
    (found,) = read_file(name, data).findings
    assert zh in found.reason_zh


@pytest.mark.parametrize("name", ["old.xls", "locked.xlsx"])
def test_an_old_or_locked_workbook_is_told_to_be_saved_anew(name: str) -> None:
    (found,) = read_file(name, b"\xd0\xcf\x11\xe0" + b"\0" * 512).findings
    assert found.code == "file-unreadable"
    assert "save it as XLSX" in found.reason
    assert "另存為" in found.reason_zh


def test_a_quote_that_closes_in_a_later_line_is_named_and_what_follows_is_read() -> None:
    """In the second reading the first row with a loose quote is whole within its line."""
    head = as_csv(CAR_HEADER, car(1, 5))
    rows = as_csv(CAR_HEADER, car(6, 7)).partition(b"\n")[2]
    swallowed = b'2025,"first\r\n' + rows.rstrip() + b',"second" x\r\n'
    reading = read_file("q.csv", head + swallowed + rows)
    assert [(found.code, found.row) for found in reading.findings] == [("quote-astray", 3)]
    assert [seen.state for seen in reading.observations] == ["parsed", "unreadable", "parsed"]
    loose = read_file("q.csv", head + rows.replace(b"Holder", b'"Hol"der') + rows)
    assert [seen.state for seen in loose.observations] == ["parsed"] * 3


@pytest.mark.parametrize("mark", [b";", b"\t"])
def test_the_delimiter_is_the_headers_though_a_title_stands_above(mark: bytes) -> None:
    table = as_csv(CAR_HEADER, car(1, 5)).replace(b",", mark)
    reading = read_file("r.csv", b"Export of today\r\n\r\n" + table)
    assert only(reading).state == "parsed"


@pytest.mark.parametrize(
    ("text", "warned"), [("31/03/2026", True), ("31/13/2026", False), ("31-Mar-2026", False)]
)
def test_a_day_before_its_month_says_that_others_are_read_wrongly(text: str, warned: bool) -> None:
    reading = read_file("v.csv", as_csv(VERRA_HEADER, verra(1, 5) | {"Issuance Date": text}))
    (found,) = reading.findings
    assert found.code == "date-unreadable"
    assert ("its other days are read wrongly" in found.reason) is warned
    assert ("其他日期亦已誤讀" in found.reason_zh) is warned


def test_an_opaque_serial_is_the_same_with_blanks_around_it() -> None:
    data = "Serial,Quantity\n JCM-TH-JP-1\u00a0,1\nJCM-TH-JP-1,1\n".encode()
    seen = read_file("r.csv", data).observations
    assert {serial_key(one.serial) for one in seen} == {"opaque:JCM-TH-JP-1"}
    assert seen[0].raw["Serial"] == " JCM-TH-JP-1\u00a0"


@pytest.mark.parametrize("again", [CAR_HEADER, [name.replace(" ", "_") for name in CAR_HEADER]])
def test_a_header_below_a_list_is_no_row_of_it(again: list[str]) -> None:
    repeated = as_csv(CAR_HEADER, car(1, 5)) + as_csv(again) + as_csv(CAR_HEADER, car(6, 9))
    reading = read_file("r.csv", repeated)
    assert [seen.at.row for seen in reading.observations] == [2, 5]
    assert not reading.findings


def test_a_second_list_of_a_sheet_is_read_as_what_it_is() -> None:
    data = as_csv(VERRA_HEADER, verra(1, 5)) + b"\r\n" + as_csv(CAR_HEADER, car(1, 5))
    reading = read_file("two.csv", data)
    told = [(seen.registry, seen.kind, seen.at.row) for seen in reading.observations]
    assert told == [("verra", "block", 2), ("car", "retirement", 5)]
    assert not reading.findings


@pytest.mark.parametrize("text", ["NA", "n/a", "-", "None", "nan"])
def test_no_day_is_no_end(text: str) -> None:
    reading = read_file("v.csv", as_csv(VERRA_HEADER, verra(1, 5) | {VERRA_HEADER[13]: text}))
    assert (only(reading).kind, codes(reading)) == ("block", [])


@pytest.mark.parametrize("number", ["1e300000000", "-1E99999999", "1e-99999999", "0e999999"])
def test_a_number_that_would_fill_the_memory_is_none(number: str) -> None:
    data = f'[{{"Serial": "x", "Quantity": {number}}}]'.encode()
    (found,) = [f for f in read_file("r.json", data).findings if f.code == "quantity-unreadable"]
    assert len(found.value) < 30


def test_a_finding_shows_no_more_of_a_cell_than_it_keeps() -> None:
    reading = read_file(
        "v.csv", as_csv(VERRA_HEADER, verra(1, 5) | {"Quantity Issued": "x" * 9999})
    )
    (found,) = reading.findings
    assert max(len(found.value), len(found.reason), len(found.reason_zh)) < 400


def test_json_lines_count_as_the_file_does_and_a_broken_line_costs_itself_alone() -> None:
    row = '{"Serial": "x\u2028y", "Quantity": 1}'
    reading = read_file("r.jsonl", f"{row}\n\n{row[:20]}\n{row}\n".encode())
    assert [(seen.at.row, seen.state) for seen in reading.observations] == [
        (1, "opaque"),
        (3, "unreadable"),
        (4, "opaque"),
    ]
    assert only(read_file("one.jsonl", row.encode())).at.row == 1
    broken = read_file("r.json", f"[{row},\n{row[:20]}\n".encode())
    assert codes(broken) == ["file-unreadable"]


def states(reading: FileReading) -> list[tuple[str, int, str]]:
    """The code of the first finding on each row, its number and state."""
    first = {found.row: found.code for found in reversed(reading.findings)}
    return [(first.get(o.at.row, ""), o.at.row, o.state) for o in reading.observations]


BEYOND = [("cell-beyond-bounds", "unreadable"), ("serial-opaque", "opaque")]


@pytest.mark.parametrize("name", ["a.csv", "b.json"])
def test_a_cell_beyond_bounds_costs_its_row_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = csv.field_size_limit(100)
    monkeypatch.setattr(tables, "MAX_CELL", 100)
    table = f"Serial,Quantity\n{'x' * 101},1\ny,2\n".encode()
    rows = msgspec.json.encode([{"Serial": text, "Quantity": 1} for text in ("x" * 101, "y")])
    try:
        reading = read_file(name, rows if name == "b.json" else table)
    finally:
        csv.field_size_limit(before)
    assert [(code, state) for code, _, state in states(reading)] == BEYOND


def test_a_duration_that_no_calendar_has_costs_its_row_alone() -> None:
    book = openpyxl.load_workbook(
        BytesIO(workbook(("S", [[], [None, "Serial", "Quantity"], [None, "x", 1], [None, "y", 2]])))
    )
    cell = book["S"]["C3"]
    cell.value, cell.number_format = 1e20, "[h]:mm"
    out = BytesIO()
    book.save(out)
    assert states(read_file("a.xlsx", out.getvalue())) == [
        (code, row, state) for row, (code, state) in enumerate(BEYOND, start=3)
    ]


def test_objects_of_ever_new_keys_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_CELLS", 100)
    for rows, found in ((10, []), (11, ["file-unreadable"])):
        data = msgspec.json.encode([{f"k{n}": 1} for n in range(rows)])
        assert [code for code in codes(read_file("a.json", data)) if code[0] == "f"] == found


def test_an_empty_file_has_no_rows() -> None:
    assert read_file("a.csv", b"") == FileReading((), ())


def test_rows_for_the_root_hold_what_the_file_says() -> None:
    seen = read_file("r.csv", as_csv(CAR_HEADER, car(1, 5), car(6, 9))).observations
    rows = observation_rows(seen)
    assert len(rows) == 2
    assert rows[0].startswith(b'{"cells":{"Account Holder":"Amsel AG",')
    assert rows[0].endswith(b'"row":2,"sheet":""}')


def test_numbers_and_days() -> None:
    assert [quantity(t) for t in ("1,454,054", "84267.0", " 7 ", "(5)", "-5", "0")] == [
        1454054,
        84267,
        7,
        -5,
        -5,
        0,
    ]
    assert {quantity(t) for t in ("", "1.5", "1,45", "1.454.054", "١٢", "=1", "(5", "-(5)")} == {
        None
    }
    # a thousand where a dot parts thousands, a one where it begins decimals
    assert {quantity(t) for t in ("1.000", "-999.000", "(12.000)")} == {None}
    assert [quantity(t) for t in ("0.000", "5.00", "5.0000", "1,000.000", "1000.000")] == [
        0,
        5,
        5,
        1000,
        1000,
    ]
    assert day("2026-04-13T12:35:58.842275") == day("04/13/2026") == day("4/13/2026 1:02 PM")
    assert {day(t) for t in ("", "13/04/2026", "2026-02-30", "soon", "NA")} == {None}
    assert not any(map(looks_like_formula, ("-5", "- for 2025", "@amsel", "+886 (0)2", "a=b")))
