"""Article 6 asked of a ledger: authorisations, first transfers, balances, the host's room, totals.

Adjustments are read from tallies, which follow from first transfers and uses alone.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from onetonne.article6.balance import Balance, balance
from onetonne.article6.figures import Annual, Figures, annual, figures, period
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.standing import is_spent
from onetonne.ledger.items import closed
from onetonne.ledger.tables import lot_code
from onetonne.service.ledger import Ledger
from onetonne.service.questions.article6_policies import OF_BALANCES, answer_to
from onetonne.service.questions.asof import NOW, AsOf, Unknown, View, view


class Listed(msgspec.Struct, frozen=True):
    """Rows of one table, and when they are of."""

    as_of: AsOf
    rows: tuple[Any, ...]


class Told(msgspec.Struct, frozen=True):
    """An authorisation with where it stands: in force, exhausted, suspended, expired, revoked or
    superseded."""

    row: t.Authorisation
    status: str
    room: int | None


PROMISING = ("in_force", "exhausted", "suspended")
"""Where an authorisation stands that has not ended: what it promises still may go."""


class Moved(msgspec.Struct, frozen=True):
    """A first transfer as people read it."""

    lot: str
    serials: str
    quantity: int
    metric: str
    host: str
    vintage: int
    authorisation: str
    version: int
    trigger: str
    day: str
    entry: int


class Accounts(msgspec.Struct, frozen=True):
    """A Party's balance over a period, with the annual information of its years."""

    as_of: AsOf
    ndc: t.Ndc
    figures: Figures
    balance: Balance
    annual: tuple[Annual, ...]
    policies: dict[str, str]


def listed(ledger: Ledger, table: str, asof: AsOf = NOW) -> Listed:
    """All rows of approaches, participations, ndcs, inventories or tallies."""
    with view(ledger, asof) as seen:
        return Listed(seen.as_of, tuple(seen.structs(table)))


def authorisations(ledger: Ledger, asof: AsOf = NOW, code: str | None = None) -> Listed:
    """Every version of every authorisation, or of one. Raises Unknown."""
    with view(ledger, asof) as seen:
        rows = [standing(row, seen) for row in seen.structs("authorisations")]
        found = [row for row in rows if code in (None, row.row.authorisation)]
        if code is not None and not found:
            raise Unknown(f"There is no authorisation {code!r}. See: onetonne a6 list.",
                          f"沒有授權 {code!r}。請見：onetonne a6 list。")  # fmt: skip
        return Listed(seen.as_of, tuple(found))


def standing(row: t.Authorisation, seen: View) -> Told:
    status = "in_force"
    if row.superseded:
        status = "superseded"
    elif row.revoked:
        status = "revoked"
    elif row.use_by is not None and seen.day > row.use_by:
        status = "expired"
    elif row.suspended:
        status = "suspended"
    elif is_spent(row):
        status = "exhausted"
    return Told(row, status, row.cap - row.transferred if row.cap else None)


_TRANSFERS = """SELECT l.unit, l.vintage, l.lot, l.first_number, f."first", f."next", l.host,
f.authorisation, f.version, f."trigger", f.day, f.entry
FROM first_transfers f JOIN lots l ON l.lot = f.lot WHERE {} ORDER BY f.entry, f.lot, f."first\""""


def first_transfers(ledger: Ledger, party: str = "", code: str = "", asof: AsOf = NOW) -> Listed:
    """First transfers of a host, or under an authorisation, in the order they were made."""
    tests, params = ["1 = 1"], []
    for test, value in (("l.host = ?", party), ("f.authorisation = ?", code)):
        if value:
            tests.append(test)
            params.append(value)
    with view(ledger, asof) as seen:
        found = seen.query(_TRANSFERS.format(" AND ".join(tests)), params)
        return Listed(seen.as_of, tuple(_moved(ledger, row) for row in found))


def _moved(ledger: Ledger, row: Sequence[Any]) -> Moved:
    unit, vintage, lot, number, first, next_, *rest = row
    host, *why = rest
    metric = ledger.law.measure(unit)
    return Moved(lot_code(unit, vintage, lot), closed(int(number), first, next_), next_ - first,
                 metric, host, vintage, *why)  # fmt: skip


def accounts(ledger: Ledger, party: str, year: int = 0, asof: AsOf = NOW) -> Accounts:
    """The balance of a Party over the period that holds `year`, or its only one. Raises Unknown."""
    with view(ledger, asof) as seen:
        ndc = pledge_of(seen, party, year)
        inputs, sums = (seen.structs(name, "party = ?", (party,))
                        for name in ("inventories", "tallies"))  # fmt: skip
        ways = {code: answer_to(seen.structs, ledger.law, code) for code in OF_BALANCES}
        found = figures(party, ndc.metric, inputs, sums, ways["ca_year_basis"] == "VINTAGE")
        told = annual(party, ndc.metric, sums, _years(seen, ndc))
        done = balance(ndc, found, ways["elapsed"] == "CALENDAR")
        return Accounts(seen.as_of, ndc, found, done, told, ways)


def _years(seen: View, ndc: t.Ndc) -> range:
    """The pledge's years, and those after it in which something happened."""
    sql = "SELECT coalesce(max(happened), 0) FROM tallies WHERE party = ?"
    return range(ndc.first, max(ndc.last, int(seen.query(sql, (ndc.party,))[0][0])) + 1)


def pledge_of(seen: View, party: str, year: int) -> t.Ndc:
    """The NDC of a Party whose period holds a year, or its only one. Raises Unknown."""
    rows: list[t.Ndc] = seen.structs("ndcs", "party = ?", (party,))
    found = [row for row in rows if not year or year in period(row)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{row.first}-{row.last}" for row in rows) or "-"
    raise Unknown(
        f"Which NDC of {party}? Recorded periods: {known}. Give a year with --year, or record "
        "one: onetonne a6 ndc.",
        f"{party} 的哪一期 NDC？已登載期間：{known}。請以 --year 指定，或登載：onetonne a6 ndc。",
    )
