"""Scan: every planted breach is found and named where it stands; no other row is accused."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import REAL_FILES
from tests.exchange.samples import (
    CAR_CANCELLED_HEADER,
    CAR_HEADER,
    GS_HEADER,
    VERRA_HEADER,
    as_csv,
    car,
    gs,
    retired,
    verra,
    verra_serial,
)

from onetonne.exchange.conflicts import export_day
from onetonne.exchange.findings import OVERLAP_CODES, QUANTITY_CODES, TEXTS
from onetonne.exchange.scan import ScanReport, scan_files

KEYS = ["files", "rows", "parsed", "opaque", "unreadable"]


def scan(**files: bytes) -> ScanReport:
    report = scan_files((f"{name}.csv", data) for name, data in files.items())
    assert report.rows == report.parsed + report.opaque + report.unreadable
    return report


def overlaps(report: ScanReport) -> list[tuple[str, str, int, str]]:
    return [(found.code, found.file, found.row, found.other) for found in report.overlaps]


def test_the_shape_of_the_answer() -> None:
    answer = scan(v=as_csv(VERRA_HEADER, verra(1, 5))).told()
    assert list(answer) == [*KEYS, "quantity_mismatches", "overlaps", "by_registry", "findings"]
    assert [answer[key] for key in KEYS] == [1, 1, 1, 0, 0]
    assert (answer["quantity_mismatches"], answer["overlaps"]) == (0, 0)
    assert answer["by_registry"]["verra"]["kinds"] == {"block": 1}


def test_planted_breaches_are_each_found_and_named() -> None:
    wrong = verra(5000, 5009) | {"Serial Number": verra_serial(5000, 5009)[:-1] + "O"}
    turned = verra(6000, 6009) | {"Serial Number": verra_serial(6009, 6000)}
    report = scan(
        v=as_csv(
            VERRA_HEADER,
            verra(1, 100),
            verra(90, 120),  # row 3 shares 90 to 100 with row 2
            retired(200, 299),
            retired(200, 299),  # row 5 retires them again
            wrong,
            turned,
            verra(7000, 7009, **{"Quantity Issued": "-10"}),
            verra(8000, 8009, **{"Quantity Issued": "11"}),
        )
    )
    assert overlaps(report) == [
        ("overlap", "v.csv", 3, "v.csv row 2"),
        ("retired-twice", "v.csv", 5, "v.csv row 4"),
    ]
    assert [(f.code, f.row, f.column, f.value) for f in report.quantity_mismatches] == [
        ("negative-quantity", 8, "Quantity Issued", "-10"),
        ("quantity-mismatch", 9, "Quantity Issued", "11"),
    ]
    unread = [f for f in report.findings if f.code == "serial-unreadable"]
    assert [f.row for f in unread] == [6, 7]
    assert "letter 'O'" in unread[0].reason
    assert "reversed" in unread[1].reason
    assert (report.rows, report.parsed, report.unreadable) == (8, 6, 2)
    assert report.by_registry["verra"]["overlaps"] == 2


def test_a_held_and_a_retired_row_of_one_verra_list_share_no_number() -> None:
    report = scan(v=as_csv(VERRA_HEADER, verra(1, 100), retired(50, 60)))
    assert overlaps(report) == [("overlap", "v.csv", 3, "v.csv row 2")]


def test_issued_in_one_list_and_retired_in_another_is_no_double() -> None:
    issued = as_csv(GS_HEADER, gs("Issued", 1, 100))
    gone = as_csv(GS_HEADER, gs("Retired", 20, 30), gs("Canceled", 31, 40))
    assert scan(issued=issued, gone=gone).overlaps == []
    both = as_csv(GS_HEADER, gs("Issued", 1, 100), gs("Retired", 20, 30))
    assert scan(both=both).overlaps == []


def test_retired_and_cancelled_is_a_double_across_lists() -> None:
    gone = as_csv(CAR_HEADER, car(1, 100))
    cancelled = as_csv(CAR_CANCELLED_HEADER, car(100, 200))
    assert overlaps(scan(gone=gone, cancelled=cancelled)) == [
        ("retired-twice", "cancelled.csv", 2, "gone.csv row 2")
    ]


def test_two_issuances_of_one_number() -> None:
    same_list = as_csv(GS_HEADER, gs("Issued", 1, 100), gs("Issued", 100, 200))
    assert [code for code, *_ in overlaps(scan(a=same_list))] == ["overlap"]
    later = as_csv(GS_HEADER, gs("Issued", 50, 60, **{"Issuance Date": "2026-06-01"}))
    first = as_csv(GS_HEADER, gs("Issued", 1, 100))
    assert [code for code, *_ in overlaps(scan(a=first, b=later))] == ["issued-twice"]


MONDAY, TUESDAY = "verra-2026-05-04", "verra_20260505"
HELD = as_csv(VERRA_HEADER, verra(1, 100), retired(101, 110))
SPLIT = as_csv(VERRA_HEADER, verra(1, 90), retired(91, 100), retired(101, 110))


def test_another_days_export_of_one_list_is_no_double() -> None:
    report = scan(**{MONDAY: HELD, TUESDAY: SPLIT})
    assert report.overlaps == []
    assert [(f.code, f.file, f.value) for f in report.findings] == [
        ("repeated-rows", f"{TUESDAY}.csv", "1")
    ]
    again = as_csv(VERRA_HEADER, retired(100, 101, who="Bussard SA"))
    assert [row[:3] for row in overlaps(scan(**{MONDAY: HELD, TUESDAY: again}))] == [
        ("retired-twice", f"{MONDAY}.csv", 3)
    ]


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("verra", "verra-again"),  # no day
        (MONDAY, "2026-05-04/verra"),
        (MONDAY, "verra"),  # of any day
        ("verra", TUESDAY),
        (MONDAY, "verra-2026-05-04-to-2026-05-05"),  # which of the two is not guessed
    ],
)
def test_two_accounts_of_a_number_on_one_day_are_a_double(first: str, later: str) -> None:
    report = scan(**{first: HELD, later: SPLIT})
    code = "overlap-of-files"
    assert sorted(overlaps(report)) == sorted(
        [
            (code, f"{first}.csv", 2, f"{later}.csv row 2"),
            (code, f"{later}.csv", 3, f"{first}.csv row 2"),
        ]
    )
    (repeated,) = [f for f in report.findings if f.code == "repeated-rows"]
    assert repeated.value == "1"


def test_a_copy_of_a_list_is_told_once_and_is_no_double() -> None:
    report = scan(a=HELD, b=HELD)
    assert report.overlaps == []
    assert [(f.code, f.file, f.value) for f in report.findings] == [("repeated-rows", "b.csv", "2")]
    assert scan(**{MONDAY: as_csv(VERRA_HEADER, verra(1, 9)), TUESDAY: HELD}).findings == []


def test_two_issuances_of_one_number_on_one_day_in_two_lists() -> None:
    first, other = (as_csv(GS_HEADER, gs("Issued", *span)) for span in ((1, 100), (50, 150)))
    assert overlaps(scan(a=first, b=other)) == [("overlap-of-files", "b.csv", 2, "a.csv row 2")]
    assert scan(**{"a 2026-05-04": first, "a 2026-05-05": other}).overlaps == []
    undated = as_csv(GS_HEADER, gs("Issued", 1, 100, **{"Issuance Date": ""}))
    assert scan(a=first, b=undated).overlaps == []


def listed(first: int, last: int) -> bytes:
    return f"Serial,Quantity\n{verra_serial(first, last)},{last - first + 1}\n".encode()


def test_a_holders_list_is_held_against_other_holders_and_not_against_the_registrys() -> None:
    assert scan(registry=HELD, mine=listed(20, 30)).overlaps == []
    assert [row[:3] for row in overlaps(scan(mine=listed(20, 30), yours=listed(30, 40)))] == [
        ("overlap-of-files", "yours.csv", 2)
    ]


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("x/verra-2026-03-31.csv", date(2026, 3, 31)),
        ("verra_2026_03_31T0915.xlsx", date(2026, 3, 31)),
        ("VCUs.20260331.csv", date(2026, 3, 31)),
        ("2026-03-31/verra.csv", date(2026, 3, 31)),
        ("c:\\2026-03-31\\verra.csv", date(2026, 3, 31)),
        ("2026-03-30/2026-03-31/2020/verra.csv", date(2026, 3, 31)),
        ("2026-03-30/2026-03-31 and 2026-03-29.csv", None),
        ("2026-03-31 of 20260331.csv", date(2026, 3, 31)),
        ("verra-2026-02-30.csv", None),
        ("verra-2026-0331.csv", None),
        ("verra-120260331.csv", None),
        ("verra.csv", None),
    ],
)
def test_the_day_of_an_export_is_what_its_name_says(path: str, day: date | None) -> None:
    assert export_day(path) == day


def test_retired_for_two_beneficiaries_is_a_double_across_files() -> None:
    report = scan(
        a=as_csv(VERRA_HEADER, retired(1, 10)),
        b=as_csv(VERRA_HEADER, retired(1, 10, who="Bussard SA")),
    )
    assert overlaps(report) == [("retired-twice", "b.csv", 2, "a.csv row 2")]


def test_one_issuance_is_not_another() -> None:
    other = {"Serial Number": verra_serial(1, 10, batch=90002)}
    assert scan(v=as_csv(VERRA_HEADER, verra(1, 10), verra(1, 10, **other))).overlaps == []


def test_progress_and_texts() -> None:
    said: list[tuple[str, int]] = []
    files = [("a.csv", as_csv(VERRA_HEADER, verra(1, 5))), ("LICENSE", b"text")]
    report = scan_files(files, lambda name, rows: said.append((name, rows)))
    assert said == [("a.csv", 1), ("LICENSE", 1)]
    assert report.files == 1
    assert set(TEXTS) >= OVERLAP_CODES | QUANTITY_CODES


def test_the_page_of_exports_has_every_finding() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "exports.md").read_text("utf-8")
    named = re.findall("`([a-z0-9-]+)`", page.partition("## Findings")[2])
    assert sorted(set(named) & set(TEXTS)) == sorted(TEXTS)


RANGES = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 12)).map(lambda t: (t[0], t[0] + t[1])),
    max_size=12,
)


@given(RANGES, RANGES)
def test_the_sweep_finds_what_comparing_all_pairs_finds(
    held: list[tuple[int, int]], gone: list[tuple[int, int]]
) -> None:
    rows = [verra(*span) for span in held] + [retired(*span) for span in gone]
    report = scan(v=as_csv(VERRA_HEADER, *rows))
    spans = sorted(held + gone)
    expected = sum(
        any(early[1] >= late[0] for early in spans[:at]) for at, late in enumerate(spans)
    )
    assert len(report.overlaps) == expected


REAL = sorted(REAL_FILES.glob("registries/*/*"))


@pytest.mark.real
@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_real_exports_are_read_row_by_row(path) -> None:  # type: ignore[no-untyped-def]
    report = scan_files([(path.name, path.read_bytes())])
    assert report.rows == report.parsed >= 50
    assert report.findings == []


@pytest.mark.real
def test_real_exports_have_no_double_and_a_planted_one_is_found() -> None:
    files = [(str(path), path.read_bytes()) for path in REAL]
    assert scan_files(files).findings == []
    name, data = next(item for item in files if item[0].endswith("verra/transactions.csv"))
    twice = data + data.strip().rpartition(b"\n")[2] + b"\n"
    report = scan_files([(name, twice)])
    assert [found.row for found in report.overlaps] == [202]
