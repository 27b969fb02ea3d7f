"""Small exports of invented rows in the layouts of the three registries."""

import csv
from io import StringIO

VERRA_HEADER = [
    "Issuance Date",
    "Sustainable Development Goals",
    "Vintage Start",
    "Vintage End",
    "ID",
    "Name",
    "Country/Area",
    "Project Type",
    "Methodology",
    "Total Vintage Quantity",
    "Quantity Issued",
    "Serial Number",
    "Additional Certifications",
    "Retirement/Cancellation Date",
    "Retirement Beneficiary",
    "Retirement Reason",
    "Retirement Details",
]
GS_HEADER = [
    "Vintage",
    "Credit Status",
    "Quantity",
    "GSID",
    "Project Name",
    "Country",
    "Product Type",
    "Issuance Date",
    "Retirement Date",
    "Serial Number",
    "Note",
    "Use Case",
    "Using Entity",
]
CAR_HEADER = [
    "Vintage",
    "Offset Credit Serial Numbers",
    "Quantity of Offset Credits",
    "Status Effective",
    "Project ID",
    "Project Name",
    "Project Site Country",
    "Account Holder",
    "Retirement Reason",
    "Retirement Reason Details",
]
CAR_CANCELLED_HEADER = [*CAR_HEADER[:7], "Cancellation Reason"]
CAR_ISSUED_HEADER = [
    "Date Issued",
    "Project ID",
    "Project Name",
    "Vintage",
    "Total Offset Credits Issued",
    "Project Site Country",
]

Row = dict[str, object]


def verra_serial(first: int, last: int, batch: int = 90001) -> str:
    return f"{batch}-{first}-{last}-VCS-VCU-1500-VER-NA-14-9001-01012021-31122021-0"


def gs_serial(first: int, last: int, issuance: int = 77001) -> str:
    return f"GS1-1-NA-GS99001-16-2025-{issuance}-{first}-{last}"


def car_serial(first: int, last: int, issuance: int = 88001) -> str:
    return f"CAR-1-MX-9003-46-1156-OA-2026-{issuance}-{first} to {last}"


def verra(first: int, last: int, **more: object) -> Row:
    """A block of a Verra list; give `Retirement/Cancellation Date` to retire it."""
    row: Row = {
        "Issuance Date": "2026-04-03",
        "Vintage Start": "2021-01-01",
        "ID": 9001,
        "Name": "Etosha grassland",
        "Country/Area": "Namibia",
        "Quantity Issued": f"{last - first + 1:,}",
        "Serial Number": verra_serial(first, last),
    }
    return row | more


def retired(first: int, last: int, day: str = "2026-05-01", who: str = "Amsel AG") -> Row:
    more = {"Retirement/Cancellation Date": day, "Retirement Beneficiary": who}
    return verra(first, last, **more)


def gs(status: str, first: int, last: int, **more: object) -> Row:
    row: Row = {
        "Vintage": 2025,
        "Credit Status": status,
        "Quantity": last - first + 1,
        "GSID": 99001,
        "Country": "Namibia",
        "Issuance Date": "2026-03-31T12:35:58.842275",
        "Serial Number": gs_serial(first, last),
    }
    return row | more


def car(first: int, last: int, **more: object) -> Row:
    row: Row = {
        "Vintage": 2026,
        "Offset Credit Serial Numbers": car_serial(first, last),
        "Quantity of Offset Credits": last - first + 1,
        "Status Effective": "03/25/2026",
        "Project ID": "CAR9003",
        "Project Site Country": "NA",
        "Account Holder": "Amsel AG",
        "Retirement Reason": "Environmental Benefit",
    }
    return row | more


def as_csv(header: list[str], *rows: Row) -> bytes:
    out = StringIO(newline="")
    writer = csv.DictWriter(out, header, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
