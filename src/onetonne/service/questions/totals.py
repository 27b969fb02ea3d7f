"""Totals: how many units there are, by type, status, Party, vintage and what else lots know; and
a project with its lots and where their units are.

Sums come from SQL by lot and place; they are folded here, where a sum may pass 64 bits.
"""

from collections.abc import Sequence

import msgspec

from onetonne.ledger.tables import Lot, Project
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, Unknown, View, view
from onetonne.service.questions.holdings import only, status_of, summed

DIMENSIONS = (
    "type", "status", "party", "vintage", "holder_party", "project", "lot", "activity",
    "commitment_period",
)  # fmt: skip
"""`party` is the host, the nationality of the tonne; `holder_party` that of the account."""
STANDARD = ("type", "status", "party", "vintage")

_SUMS = """SELECT h.lot, a.sink, a.kind, a.party, h.locks IS NOT NULL, SUM(h.next - h.first)
FROM holdings h LEFT JOIN accounts a ON a.account = h.account WHERE h.next IS NOT NULL{}
GROUP BY h.lot, a.sink, a.kind, a.party, h.locks IS NOT NULL"""


class Total(msgspec.Struct, frozen=True):
    """A sum in one metric, and what it is of: a value for each dimension asked for."""

    of: dict[str, str]
    metric: str
    quantity: int


class Totals(msgspec.Struct, frozen=True):
    """Sums, and all by metric; `quantity` is all where there is one metric, else None."""

    as_of: AsOf
    by: tuple[str, ...]
    rows: tuple[Total, ...]
    quantity: int | None
    by_metric: dict[str, int]


class ProjectLot(msgspec.Struct, frozen=True):
    lot: Lot
    code: str
    metric: str
    by_status: dict[str, int]


class ProjectAnswer(msgspec.Struct, frozen=True):
    """A project, its lots, and where its units are, by metric and status. `quantity`, all ever
    issued, and `by_status` are None where metrics differ."""

    as_of: AsOf
    project: Project
    name: str
    lots: tuple[ProjectLot, ...]
    by_status: dict[str, int] | None
    quantity: int | None
    by_metric: dict[str, dict[str, int]]


def totals(ledger: Ledger, by: Sequence[str] = STANDARD, asof: AsOf = NOW) -> Totals:
    """Units by any of DIMENSIONS. Raises Unknown for another."""
    wrong = [name for name in by if name not in DIMENSIONS]
    if wrong:
        known = ", ".join(DIMENSIONS)
        raise Unknown(f"There are no totals by {wrong[0]!r}. Give one or more of {known}.",
                      f"總量不能依 {wrong[0]!r} 分列。請由下列選用：{known}。")  # fmt: skip
    with view(ledger, asof) as seen:
        sums: dict[tuple[str, ...], int] = {}
        every: dict[str, int] = {}
        for facts, quantity in _facts(seen, seen.structs("lots")):
            key = (*(facts[name] for name in by), facts["metric"])
            sums[key] = sums.get(key, 0) + quantity
            every[key[-1]] = every.get(key[-1], 0) + quantity
        rows = tuple(
            Total(dict(zip(by, key[:-1], strict=True)), key[-1], sums[key]) for key in sorted(sums)
        )
        return Totals(seen.as_of, tuple(by), rows, only(every, 0), every)


def project(ledger: Ledger, code: str, asof: AsOf = NOW) -> ProjectAnswer:
    """A project by its code. Raises Unknown."""
    with view(ledger, asof) as seen:
        found: list[Project] = seen.structs("projects", "project = ?", (code,))
        if not found:
            raise Unknown(
                f"There is no project {code!r} as of entry {seen.seq}, {seen.day}. "
                "See: onetonne project list.",
                f"截至條目 {seen.seq}、{seen.day}，沒有專案 {code!r}。"
                "請見：onetonne project list。",
            )
        lots: list[Lot] = seen.structs("lots", "project = ?", (code,))
        by_lot: dict[str, dict[str, int]] = {str(lot.lot): {} for lot in lots}
        every: dict[str, dict[str, int]] = {}
        for facts, quantity in _facts(seen, lots):
            for sums in (by_lot[facts["lot"]], every.setdefault(facts["metric"], {})):
                sums[facts["status"]] = sums.get(facts["status"], 0) + quantity
        rows = tuple(
            ProjectLot(lot, lot.code, seen.law.measure(lot.unit), by_lot[str(lot.lot)])
            for lot in lots
        )
        name = seen.names([found[0].name]).get(found[0].name, "")
        of, issued = only(every, {}), only(summed(every), 0)
        return ProjectAnswer(seen.as_of, found[0], name, rows, of, issued, every)


def _facts(seen: View, lots: list[Lot]) -> list[tuple[dict[str, str], int]]:
    """Every sum over holdings of these lots with its metric and its value in each dimension."""
    by_number = {lot.lot: lot for lot in lots}
    few = len(lots) <= 100
    where = f" AND h.lot IN ({', '.join(map(str, by_number)) or 'NULL'})" if few else ""
    found = []
    for number, sink, kind, party, locked, quantity in seen.query(_SUMS.format(where)):
        lot = by_number.get(number)
        if lot is None:
            continue
        facts = {
            "metric": seen.law.measure(lot.unit),
            "type": lot.unit,
            "status": status_of(sink or "", kind or "", bool(locked)),
            "party": lot.host,
            "vintage": str(lot.vintage or ""),
            "holder_party": party or "",
            "project": lot.project,
            "lot": str(number),
            "activity": lot.activity,
            "commitment_period": str(lot.commitment_period or ""),
        }
        found.append((facts, int(quantity)))
    return found
