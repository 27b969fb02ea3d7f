"""A host's room and its plan, asked of a ledger: what was achieved, promised, sold, used and left,
and what a tonne that is sold costs to replace.

Allowances are no mitigation outcomes; what was converted counts as what was made of it.
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Any

import msgspec

from onetonne.article6.figures import period
from onetonne.article6.room import Promises, Room, promises
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.approach_levies import SUMS
from onetonne.ledger.article6.events import Authorised
from onetonne.ledger.article6.finality import LATE, LATE_RECALL
from onetonne.ledger.article6.plan import (
    Plan,
    Share,
    attribute,
    claim_of,
    covers,
    meets,
    pledge_room,
)
from onetonne.ledger.article6.recalls import RECALLED
from onetonne.ledger.tables import Lot
from onetonne.ledger.units import Law
from onetonne.service.ledger import Ledger
from onetonne.service.questions.article6 import PROMISING, pledge_of, standing
from onetonne.service.questions.asof import NOW, AsOf, Unknown, View, view

FUND = "adaptation_fund"
"""The kind of account that a mechanism's share of proceeds goes to."""
_MONEY = Context(prec=80)


class RoomAnswer(msgspec.Struct, frozen=True):
    as_of: AsOf
    room: Room
    metric: str
    here: int
    left: int


_OF_HOST = "l.host = ? AND l.vintage BETWEEN ? AND ? AND l.unit IN ({})"
_HELD = """SELECT a.sink, a.kind, sum(h.next - h.first) FROM lots l
JOIN holdings h ON h.lot = l.lot JOIN accounts a ON a.account = h.account
WHERE {} GROUP BY a.sink, a.kind"""
_MARKED = """SELECT a.sink, a.kind, sum(
CASE WHEN h.next < f."next" THEN h.next ELSE f."next" END
- CASE WHEN h.first > f."first" THEN h.first ELSE f."first" END)
FROM lots l JOIN first_transfers f ON f.lot = l.lot
JOIN holdings h ON h.lot = f.lot AND h.first < f."next" AND h.next > f."first"
JOIN accounts a ON a.account = h.account WHERE {} GROUP BY a.sink, a.kind"""
_USED = """SELECT u.purpose, sum(u."next" - u."first") FROM lots l JOIN uses u ON u.lot = l.lot
WHERE {} GROUP BY u.purpose"""
_LEVIED = """SELECT sum(h.next - h.first) FROM lots l
JOIN holdings h ON h.lot = l.lot JOIN accounts a ON a.account = h.account
JOIN (SELECT lot, entry FROM levies UNION SELECT lot, entry FROM approach_levies) v
ON v.lot = h.lot AND v.entry = h.moved WHERE a.sink = 'omge' AND {}"""
_UNITS = "SELECT DISTINCT unit FROM lots WHERE host = ?"


def room(ledger: Ledger, party: str, year: int = 0, asof: AsOf = NOW) -> RoomAnswer:
    """What a host achieved in a period, promised, transferred and has left. Raises Unknown."""
    with view(ledger, asof) as seen:
        ndc = pledge_of(seen, party, year)
        where, params = _of(ledger, seen, ndc)
        held = _by_end(seen.query(_HELD.format(where), params))
        marked = _by_end(seen.query(_MARKED.format(where), params))
        held.pop("conversion", None)
        here = held.pop("", 0)
        fund = held.pop(FUND, 0)
        levied = fund - marked.pop(FUND, 0)
        kept = held.pop("towards_ndc_host", 0)
        gone = sum(held.values())
        given = dict(seen.query(_USED.format(where), params))
        told = _promises(seen, ndc)
        found = Room(
            party=party,
            period=f"{ndc.first}-{ndc.last}",
            achieved=here + fund + kept + gone,
            share_of_proceeds=fund,
            omge=held.get("omge", 0),
            kept=kept,
            authorised=told.authorised,
            first_transferred=_transferred(seen, ndc),
            used={"NDC": int(given.get("NDC", 0)),
                  "OIMP": int(given.get("IMP", 0)) + int(given.get("OP", 0))},
            promised=told.promised,
            unlimited=told.unlimited,
            ended=gone - sum(marked.get(end, 0) for end in held),
            levied=levied,
            owed=_owed(seen, ndc),
            omge_voluntary=held.get("omge", 0) - _levied(seen, where, params),
        )  # fmt: skip
        return RoomAnswer(seen.as_of, found, ndc.metric, found.here, found.left)


def _of(ledger: Ledger, seen: View, ndc: t.Ndc) -> tuple[str, Sequence[Any]]:
    """The condition on lots that are a host's outcomes of a period, in its metric."""
    units = [
        code for (code,) in seen.query(_UNITS, (ndc.party,)) if counts(ledger.law, code, ndc.metric)
    ]
    marks = ", ".join("?" * len(units)) or "NULL"
    return _OF_HOST.format(marks), (ndc.party, ndc.first, ndc.last, *units)


def counts(law: Law, code: str, metric: str) -> bool:
    """Whether units of a type are mitigation outcomes in a metric."""
    unit = law.units.get(code)
    return law.outcome(code) == metric and (unit is None or unit.family != "allowance")


def _by_end(rows: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    """Units by the end in which they lie; of those in accounts only the fund's stand apart. What
    went to another registry has ended here."""
    found: dict[str, int] = {}
    for sink, kind, quantity in rows:
        end = sink or (kind if kind in (FUND, "peer") else "")
        found[end] = found.get(end, 0) + int(quantity)
    return found


def _transferred(seen: View, ndc: t.Ndc) -> dict[str, int]:
    found = {"NDC": 0, "OIMP": 0}
    for row in seen.structs("tallies", "party = ?", (ndc.party,)):
        sign = {"first_transfer": 1, LATE: 1, RECALLED: -1, LATE_RECALL: -1}.get(row.basis, 0)
        if sign and row.year in period(ndc) and row.metric == ndc.metric:
            found[row.purpose] += sign * row.quantity
    return found


def _levied(seen: View, where: str, params: Sequence[Any]) -> int:
    """Units that were levied for overall mitigation."""
    return int(seen.query(_LEVIED.format(where), params)[0][0] or 0)


def _owed(seen: View, ndc: t.Ndc) -> int:
    """Units of the period whose worth approaches take for adaptation in money."""
    rows = seen.structs("tallies", "party = ? AND basis = ?", (ndc.party, SUMS["owed"]))
    return sum(r.quantity for r in rows if r.year in period(ndc) and r.metric == ndc.metric)


def _promises(seen: View, ndc: t.Ndc) -> Promises:
    """Those that speak of vintages of the period, in its metric."""
    rows = seen.structs("authorisations", "party = ? AND superseded = 0", (ndc.party,))
    return promises(
        (row, standing(row, seen).status in PROMISING)
        for row in rows
        if row.metric == ndc.metric and row.vintage_from <= ndc.last and ndc.first <= row.vintage_to
    )


class Line(msgspec.Struct, frozen=True):
    """One share of a plan: `authorised` and `sold` (first transferred) units, `left` to authorise;
    `cost` is what a tonne costs to replace beyond its price, exact, None where either is not
    known."""

    share: Share
    planned: int
    authorised: int
    left: int
    achieved: int
    sold: int
    cost: Decimal | None
    cost_of_sold: Decimal | None
    cost_of_authorised: Decimal | None


class Overridden(msgspec.Struct, frozen=True):
    """An authorisation that goes beyond the plan, who decided it, why (if the text is still to be
    opened), and in which entry."""

    authorisation: str
    units: int
    by: int
    reason: str
    entry: int


class PlanAnswer(msgspec.Struct, frozen=True):
    """A plan line by line. `room` is what the pledge leaves for first transfers in all by the
    projected level, None where that is not known; the costs are None where one is missing."""

    as_of: AsOf
    plan: Plan
    lines: tuple[Line, ...]
    beyond: dict[str, int]
    overridden: tuple[Overridden, ...]
    room: int | None
    authorised: int | None
    cost_of_sold: Decimal | None
    cost_of_authorised: Decimal | None
    verdict: str


def plan(ledger: Ledger, party: str, year: int = 0, asof: AsOf = NOW) -> PlanAnswer:
    """What a host planned to sell, allowed and sold, and what that costs. Raises Unknown."""
    with view(ledger, asof) as seen:
        ndc = pledge_of(seen, party, year)
        rows: list[Plan] = seen.structs("plans", "party = ? AND first = ?", (party, ndc.first))
        if not rows:
            raise Unknown(
                f"{party} has no plan for {ndc.first}-{ndc.last}. Record one: onetonne a6 "
                "record-plan.",
                f"{party} 沒有 {ndc.first}-{ndc.last} 的計畫。請登載：onetonne a6 record-plan。",
            )
        (found,) = rows
        lots: dict[int, Lot] = {lot.lot: lot for lot in seen.structs("lots", "host = ?", (party,))}
        told = [
            (row, standing(row, seen).status in PROMISING)
            for row in seen.structs("authorisations", "party = ? AND superseded = 0", (party,))
            if row.metric == ndc.metric and meets(found, row)
        ]
        claims = [claim_of(found, row, not alive, lots) for row, alive in told]
        stands = attribute(found.shares, claims)
        sold = _sold(seen, party)
        units = {code for code in ledger.law.units if counts(ledger.law, code, ndc.metric)}
        lines = tuple(
            _line(found.shares, place, stands.taken[place],
                  [lot for lot in lots.values() if lot.unit in units], sold)
            for place in range(len(found.shares))
        )  # fmt: skip
        caps = [claim.quantity for claim in claims]
        authorised = None if None in caps else sum(cap for cap in caps if cap is not None)
        spare = pledge_room(found, ndc, _used_by(seen, ndc))
        return PlanAnswer(
            as_of=seen.as_of,
            plan=found,
            lines=lines,
            beyond=stands.beyond,
            overridden=_overridden(seen, [row for row, _ in told]),
            room=spare,
            authorised=authorised,
            cost_of_sold=_sum([line.cost_of_sold for line in lines]),
            cost_of_authorised=_sum([line.cost_of_authorised for line in lines]),
            verdict=_verdict(spare, authorised),
        )


def _verdict(spare: int | None, authorised: int | None) -> str:
    """Whether the pledge is met when all that is authorised goes: unknown is not met."""
    if spare is None:
        return "indeterminate"
    return "met" if authorised is not None and authorised <= spare else "missed"


def _line(
    shares: tuple[Share, ...], place: int, taken: int, lots: list[Lot], sold: dict[int, int]
) -> Line:
    share = shares[place]
    mine = [
        lot
        for lot in lots
        if share.first <= lot.vintage <= share.last
        and not lot.origin.startswith("conversion:")
        and covers(shares, place, lot.project)
    ]
    gone = sum(sold.get(lot.lot, 0) for lot in mine)
    cost = None
    if share.price and share.replacement:
        cost = _MONEY.subtract(Decimal(share.replacement), Decimal(share.price))
    return Line(
        share=share,
        planned=share.planned,
        authorised=taken,
        left=share.planned - taken,
        achieved=sum(lot.size for lot in mine),
        sold=gone,
        cost=cost,
        cost_of_sold=_times(cost, gone),
        cost_of_authorised=_times(cost, taken),
    )


def _times(cost: Decimal | None, quantity: int) -> Decimal | None:
    """What units cost; nothing of what nobody sold, whatever a tonne costs."""
    if not quantity:
        return Decimal(0)
    return None if cost is None else _MONEY.multiply(cost, Decimal(quantity))


def _sum(costs: list[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for cost in costs:
        if cost is None:
            return None
        total = _MONEY.add(total, cost)
    return total


_SOLD = """SELECT f.lot, sum(f."next" - f."first") FROM first_transfers f
JOIN lots l ON l.lot = f.lot WHERE l.host = ? AND f."trigger" <> 'conversion' GROUP BY f.lot"""


def _sold(seen: View, party: str) -> dict[int, int]:
    """Units first transferred, by lot; those made of others were counted there."""
    return {lot: int(quantity) for lot, quantity in seen.query(_SOLD, (party,))}


def _used_by(seen: View, ndc: t.Ndc) -> int:
    rows = seen.structs("tallies", "party = ? AND basis = 'use'", (ndc.party,))
    return sum(r.quantity for r in rows if r.year in period(ndc) and r.metric == ndc.metric)


def _overridden(seen: View, rows: list[t.Authorisation]) -> tuple[Overridden, ...]:
    """Whose name stands under an authorisation beyond the plan."""
    entries = seen.entries([row.authorised for row in rows])
    found = [
        (event, entry.seq)
        for entry in entries.values()
        for event in entry.events
        if isinstance(event, Authorised)
        and event.beyond
        and any((row.authorisation, row.version) == (event.authorisation, event.version)
                for row in rows)
    ]  # fmt: skip
    reasons = seen.names([event.override_reason for event, _ in found])
    return tuple(
        Overridden(event.authorisation, event.beyond, event.overridden_by,
                   reasons.get(event.override_reason, "-"), seq)
        for event, seq in found
    )  # fmt: skip
