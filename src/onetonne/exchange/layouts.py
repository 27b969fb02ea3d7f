"""The lists that registries export, one row of a table each: how to know it, where its columns are.

A list is known by its header alone, wherever in the sheet that stands. Column names are compared
as `plain_header` makes them. Read off the public exports of Verra, Gold Standard and the Climate
Action Reserve.
"""

from msgspec import Struct

from onetonne.exchange.tables import plain_header


class Layout(Struct, frozen=True):
    """One list. `needs` are the headers that tell it from others; `columns` say which header holds
    a field; `kind` is what a row is, unless a status or an end date says more (`kind_of`)."""

    name: str
    registry: str
    kind: str
    needs: tuple[str, ...]
    columns: dict[str, str]


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "verra-transactions",
        "verra",
        "block",
        ("serial number", "quantity issued"),
        {
            "serial": "serial number",
            "quantity": "quantity issued",
            "project": "id",
            "country": "country area",
            "vintage": "vintage start",
            "issued": "issuance date",
            "ended": "retirement cancellation date",
            "beneficiary": "retirement beneficiary",
            "reason": "retirement reason",
            "note": "retirement details",
        },
    ),
    Layout(
        "verra-projects",
        "verra",
        "project",
        ("id", "proponent", "estimated annual emission reductions"),
        {"project": "id", "country": "country area"},
    ),
    Layout(
        "gold-standard-credits",
        "gold-standard",
        "block",
        ("gsid", "serial number", "quantity"),
        {
            "serial": "serial number",
            "quantity": "quantity",
            "project": "gsid",
            "country": "country",
            "vintage": "vintage",
            "status": "credit status",
            "issued": "issuance date",
            "ended": "retirement date",
            "beneficiary": "using entity",
            "reason": "use case",
            "note": "note",
        },
    ),
    Layout(
        "gold-standard-projects",
        "gold-standard",
        "project",
        ("gsid", "project developer name", "estimated annual credits"),
        {"project": "gsid", "country": "country"},
    ),
    Layout(
        "car-retirements",
        "car",
        "retirement",
        ("offset credit serial numbers", "quantity of offset credits", "retirement reason"),
        {
            "serial": "offset credit serial numbers",
            "quantity": "quantity of offset credits",
            "project": "project id",
            "country": "project site country",
            "vintage": "vintage",
            "ended": "status effective",
            "beneficiary": "account holder",
            "reason": "retirement reason",
            "note": "retirement reason details",
        },
    ),
    Layout(
        "car-cancellations",
        "car",
        "cancellation",
        ("offset credit serial numbers", "quantity of offset credits", "cancellation reason"),
        {
            "serial": "offset credit serial numbers",
            "quantity": "quantity of offset credits",
            "project": "project id",
            "country": "project site country",
            "vintage": "vintage",
            "ended": "status effective",
            "reason": "cancellation reason",
        },
    ),
    Layout(
        "car-issuances",
        "car",
        "issuance",
        ("date issued", "project id", "total offset credits issued"),
        {
            "quantity": "total offset credits issued",
            "project": "project id",
            "country": "project site country",
            "vintage": "vintage",
            "issued": "date issued",
        },
    ),
    Layout(
        "car-projects",
        "car",
        "project",
        ("project id", "project developer", "project listed date"),
        {"project": "project id", "country": "project site country"},
    ),
    Layout(
        "car-credits",
        "car",
        "block",
        ("offset credit serial numbers", "quantity of offset credits"),
        {
            "serial": "offset credit serial numbers",
            "quantity": "quantity of offset credits",
            "project": "project id",
            "country": "project site country",
            "vintage": "vintage",
        },
    ),
    # anybody's list of serials: the registry is the one whose form the serial has
    Layout(
        "serial-list",
        "",
        "block",
        ("serial number", "quantity"),
        {"serial": "serial number", "quantity": "quantity", "status": "status"},
    ),
    Layout(
        "serial-list",
        "",
        "block",
        ("serial", "quantity"),
        {"serial": "serial", "quantity": "quantity", "status": "status"},
    ),
)

# Lists whose rows, ended or not, together state each number once.
STOCK_LISTS = frozenset({"verra-transactions"})

# Lists of whoever holds serials: not the registry's word.
ANYBODYS = frozenset(layout.name for layout in LAYOUTS if not layout.registry)

STATUS_KINDS = {
    "issued": "issuance",
    "retired": "retirement",
    "canceled": "cancellation",
    "cancelled": "cancellation",
}


def layout_of(header: tuple[str, ...]) -> Layout | None:
    """The list that a header belongs to, or None."""
    names = {plain_header(cell) for cell in header}
    return next((layout for layout in LAYOUTS if names.issuperset(layout.needs)), None)


_NEEDED = {
    name.replace(" ", mark) for row in LAYOUTS for name in row.needs for mark in (" ", "_", "")
}


def is_header(cells: tuple[str, ...]) -> bool:
    """Whether a row below a header is one, too: the same once more, or that of a second list. What
    most rows are not is seen at once."""
    return not _NEEDED.isdisjoint(map(str.lower, cells)) and layout_of(cells) is not None


BLANK = frozenset(("", "-", "--", "na", "n/a", "none", "null", "nan"))
"""How exports write that there is no day."""


def kind_of(layout: Layout, status: str, ended: str) -> str:
    """What a row is. Verra lists blocks, ended ones with a date (it does not tell retirement from
    cancellation: read as retirement); Gold Standard states the present status of each block."""
    if status.strip():
        return STATUS_KINDS.get(status.strip().lower(), layout.kind)
    is_ended = ended.strip().lower() not in BLANK
    return "retirement" if layout.kind == "block" and is_ended else layout.kind
