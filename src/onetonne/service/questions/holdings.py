"""Holdings: who holds which serials, of which lot, under which locks, and what became of them.

A status is derived from where the serials are and what locks lie on them; it is stored nowhere.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from onetonne.base import account_numbers
from onetonne.ledger.items import closed
from onetonne.ledger.tables import lot_code
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, View, view
from onetonne.service.questions.standings import Standing, Standings
from onetonne.store.schema import holding_from

Of = TypeVar("Of")
_ENDS = {"retirement": "retired", "surrender": "surrendered", "conversion": "converted"}


class HoldingRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run of serials with one holder, last moved by entry `moved`. `serials` as printed;
    `first` and `next` the same as offsets in the lot, `next` exclusive. `standing` is what its
    parts are under Article 6, of those that are anything; `metric` what one serial is."""

    account: int
    shown: str
    holder: str
    lot: int
    code: str
    serials: str
    quantity: int
    metric: str
    status: str
    locks: tuple[int, ...]
    moved: int
    first: int
    next: int
    standing: tuple[Standing, ...] = ()


class Holdings(msgspec.Struct, frozen=True):
    """Rows by lot and serial, and their sums: by lot; by metric and status; and all and by status
    where all are of one metric, else None."""

    as_of: AsOf
    rows: tuple[HoldingRow, ...]
    quantity: int | None
    by_status: dict[str, int] | None
    by_lot: dict[str, int]
    by_metric: dict[str, dict[str, int]]


_ROWS = """SELECT h.lot, h.first, h.next, h.account, h.moved, h.locks, l.unit, l.vintage,
l.first_number, a.sink, a.kind, a.holder
FROM holdings h JOIN lots l ON l.lot = h.lot LEFT JOIN accounts a ON a.account = h.account
WHERE h.next IS NOT NULL"""


def holdings(
    ledger: Ledger, account: int | None = None, lot: int | None = None, asof: AsOf = NOW
) -> Holdings:
    """Holdings of an account, of a lot, of both, or all. Quantities in units of each lot."""
    with view(ledger, asof) as seen:
        wanted = [("h.account", account), ("h.lot", lot)]
        given = [(column, value) for column, value in wanted if value is not None]
        where = "".join(f" AND {column} = ?" for column, _ in given)
        rows = rows_where(seen, where, [value for _, value in given])
        are = Standings(ledger, seen, {row.lot for row in rows})
        told = (are.of(row.lot, row.first, row.next, row.account) for row in rows)
        rows = tuple(
            replace(row, standing=parts) if parts else row
            for row, parts in zip(rows, told, strict=True)
        )
        return _answer(seen, rows)


def rows_where(seen: View, where: str, params: Iterable[object]) -> tuple[HoldingRow, ...]:
    """Holdings rows that fit an SQL condition on h, l or a."""
    found = seen.query(f"{_ROWS}{where} ORDER BY h.lot, h.first", list(params))
    names = seen.names([row[11] for row in found])
    out = []
    for (
        lot,
        first,
        next_,
        account,
        moved,
        locks,
        unit,
        vintage,
        number,
        sink,
        kind,
        holder,
    ) in found:
        held = holding_from((lot, first, next_, account, moved, locks))
        out.append(
            HoldingRow(
                account=account,
                shown=account_numbers.show(account),
                holder=names.get(holder, "") or sink or "",
                lot=lot,
                code=lot_code(unit, vintage, lot),
                serials=closed(int(number), first, next_),
                quantity=next_ - first,
                metric=seen.law.measure(unit),
                status=status_of(sink or "", kind or "", bool(locks)),
                locks=held.locks,
                moved=moved,
                first=first,
                next=next_,
            )
        )
    return tuple(out)


def status_of(sink: str, kind: str, locked: bool) -> str:
    """held, locked, retired, surrendered, converted, cancelled.KIND, or transferred (it stands in
    another registry's account)."""
    if sink:
        return _ENDS.get(sink) or f"cancelled.{sink}"
    if kind == "peer":
        return "transferred"
    return "locked" if locked else "held"


def _answer(seen: View, rows: tuple[HoldingRow, ...]) -> Holdings:
    by_metric: dict[str, dict[str, int]] = {}
    by_lot: dict[str, int] = {}
    for row in rows:
        of = by_metric.setdefault(row.metric, {})
        of[row.status] = of.get(row.status, 0) + row.quantity
        by_lot[row.code] = by_lot.get(row.code, 0) + row.quantity
    every = only(summed(by_metric), 0)
    return Holdings(seen.as_of, rows, every, only(by_metric, {}), by_lot, by_metric)


def summed(by_metric: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The sum of each metric."""
    return {metric: sum(of.values()) for metric, of in by_metric.items()}


def only(by_metric: Mapping[str, Of], nothing: Of) -> Of | None:
    """What there is of the one metric; None where there are several, which are never added."""
    return None if len(by_metric) > 1 else next(iter(by_metric.values()), nothing)
