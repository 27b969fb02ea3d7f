"""What a scenario expects of Article 6: adjustments, annual information, balances, letters.

Exact: an average that is no whole number is written as a fraction, `100/3`.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from onetonne.article6.balance import balance
from onetonne.article6.figures import annual, figures, period
from onetonne.article6.standing import standing
from onetonne.base.days import day_of
from onetonne.base.parties import is_party
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.approach_levies import SUMS
from onetonne.ledger.article6.finality import LATE, LATE_RECALL
from onetonne.ledger.article6.mechanism_folds import EARLIER
from onetonne.ledger.article6.recalls import RECALLED
from onetonne.ledger.article6.standing import is_spent
from onetonne.ledger.items import closed
from onetonne.service.questions.article6_levies import levies as approach_levies
from onetonne.service.questions.article6_policies import OF_BALANCES, answer_to
from onetonne.service.questions.article6_room import plan, room
from onetonne.service.questions.article6_surrender import compared
from onetonne.store import rows

if TYPE_CHECKING:
    from onetonne.service.expect import Picture


def _of(picture: "Picture", table: str, party: str) -> list[Any]:
    if not is_party(party):
        raise KeyError(party)
    return rows.structs(picture.db, table, "party = ?", (party,))


def adjustments(picture: "Picture", about: str, expected: Any) -> Any:
    """A Party's net units by the year that they adjust, in GHG: first transfers - uses."""
    found: dict[str, int] = {}
    for row in _of(picture, "tallies", about):
        sign = {"first_transfer": 1, "use": -1, RECALLED: -1}.get(row.basis, 0)
        if sign and row.metric == "GHG":
            found[str(row.year)] = found.get(str(row.year), 0) + sign * row.quantity
    return found


def errata(picture: "Picture", about: str, expected: Any) -> Any:
    """By year, what a recall took back of a Party's units, and what came of a closed period."""
    found: dict[str, int] = {}
    for row in _of(picture, "tallies", about):
        sign = {RECALLED: -1, LATE: 1, LATE_RECALL: -1}.get(row.basis, 0)
        if sign:
            found[str(row.year)] = found.get(str(row.year), 0) + sign * row.quantity
    return found


def annual_information(picture: "Picture", about: str, expected: Any) -> Any:
    """Of `PARTY YEAR`: what happened in the year, by the rows of annual information."""
    party, year = about.split()
    (told,) = annual(party, "GHG", _of(picture, "tallies", party), range(int(year), int(year) + 1))
    found = {"first": told.first, "others": told.others, "used": told.used, "net": told.net}
    found |= {"sop": told.sop, "omge": told.omge, "owed": told.owed}
    return {name: value for name, value in found.items() if value or name in expected}


def balances_of(picture: "Picture", about: str, expected: Any) -> Any:
    """Of `PARTY YEAR`: the year's adjustment and balance; of `PARTY FIRST-LAST`: the test."""
    party, when = about.split()
    first, dash, _ = when.partition("-")
    ndc: t.Ndc = next(n for n in _of(picture, "ndcs", party) if int(first) in period(n))
    ways = {code: policy(picture, code, "") for code in OF_BALANCES}
    found = figures(
        party, ndc.metric, _of(picture, "inventories", party), _of(picture, "tallies", party),
        ways["ca_year_basis"] == "VINTAGE",
    )  # fmt: skip
    told = balance(ndc, found, ways["elapsed"] == "CALENDAR")
    values: dict[str, Any] = {"reached": told.reached, "gap": told.gap, "verdict": told.verdict}
    if not dash:
        (year,) = (one for one in told.years if one.year == int(first))
        values = {"adjustment": year.adjustment, "balance": year.balance, "above": year.above}
    return {name: _plain(values[name]) for name in values if name in expected}


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return value


def first_transferred(picture: "Picture", about: str, expected: Any) -> Any:
    """The blocks of a lot that were first transferred, each with trigger and day."""
    number = picture.names.number("lots", about)
    base = int(picture.lots[number][3])
    found = rows.structs(picture.db, "first_transfers", "lot = ?", (number,))
    return [f"{closed(base, r.first, r.next)} {r.trigger} {r.day}" for r in found]


def used(picture: "Picture", about: str, expected: Any) -> Any:
    """The blocks of a lot that were used, each with what for."""
    number = picture.names.number("lots", about)
    base = int(picture.lots[number][3])
    found = rows.structs(picture.db, "uses", "lot = ?", (number,))
    return [" ".join((closed(base, r.first, r.next), r.purpose, *_for(r))) for r in found]


def _for(row: t.Use) -> tuple[str, ...]:
    return (row.party, str(row.year)) if row.purpose == "NDC" else (row.programme,)


def authorisations(picture: "Picture", about: str, expected: Any) -> Any:
    """An authorisation's newest version: number, units first transferred, whether revoked."""
    found = rows.structs(picture.db, "authorisations", "authorisation = ?", (about,))
    row: t.Authorisation = found[-1]
    state = "suspended" if row.suspended else "in force"
    state = "revoked" if row.revoked else state
    if state == "in force" and is_spent(row):
        state = "exhausted"
    return f"version {row.version}, {row.transferred} transferred, {state}"


def standing_of(picture: "Picture", about: str, expected: Any) -> Any:
    """What the serials of a lot are under Article 6: ITMO, AER, MCU, authorised."""
    number = picture.names.number("lots", about)
    (lot,) = rows.structs(picture.db, "lots", "lot = ?", (number,))
    found = standing(
        lot,
        picture.ledger.law,
        day_of(picture.ledger.writer.clock(), picture.ledger.writer.zone),
        rows.structs(picture.db, "authorisations"),
        rows.structs(picture.db, "first_transfers", "lot = ?", (number,)),
    )
    base = int(lot.first_number)
    return [f"{closed(base, first, next_)} {word}" for first, next_, word in found]


def activities(picture: "Picture", about: str, expected: Any) -> Any:
    """An activity: its state, and whatever else of it is asked for."""
    (row,) = rows.structs(picture.db, "activities", "activity = ?", (about,))
    if not isinstance(expected, dict):
        return row.state
    return {name: _dated(getattr(row, name)) for name in expected}


def _dated(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def levies(picture: "Picture", about: str, expected: Any) -> Any:
    """What a lot was levied: units for adaptation, overall mitigation, the buffer."""
    number = picture.names.number("lots", about)
    (row,) = rows.structs(picture.db, "levies", "lot = ?", (number,))
    return {"sop": row.sop, "omge": row.omge, "buffer": row.buffer}


def levied(picture: "Picture", about: str, expected: Any) -> Any:
    """What approaches levied of a Party's units: for adaptation, for overall mitigation, owed."""
    found = dict.fromkeys(SUMS.values(), 0)
    for row in _of(picture, "tallies", about):
        if row.basis in found:
            found[row.basis] += row.quantity
    return {name: found[basis] for name, basis in SUMS.items()}


def taken(picture: "Picture", about: str, expected: Any) -> Any:
    """Each levy of an approach, in its order: the serials it is of, every share as its rate, its
    exact amount and its units, and what is left."""
    if not rows.structs(picture.db, "approaches", "approach = ?", (about,)):
        raise KeyError(about)
    told = approach_levies(picture.ledger, about)
    return [
        " ".join((
            f"{row.serials} {row.base}:",
            *(f"{s.name} {s.rate} {s.exact} {s.units}," for s in row.shares),
            *(f"{s.name} owed {s.rate} {s.exact} {s.units}," for s in row.owed),
            f"rest {row.rest}",
        ))
        for row in told.rows
    ]  # fmt: skip


def room_of(picture: "Picture", about: str, expected: Any) -> Any:
    """Of `PARTY YEAR`: a host's room, by the fields that are named."""
    party, year = about.split()
    told = room(picture.ledger, party, int(year))
    found = msgspec.to_builtins(told.room) | {"here": told.here, "left": told.left}
    return {name: found[name] for name in expected}


def reversals(picture: "Picture", about: str, expected: Any) -> Any:
    """Of a reversal, by the name of its entry, whatever is asked for."""
    number = picture.names.number("entries", about)
    (row,) = rows.structs(picture.db, "reversals", "reversal = ?", (number,))
    return {name: _dated(getattr(row, name)) for name in expected}


def earlier(picture: "Picture", about: str, expected: Any) -> Any:
    """A Party's use of units of an earlier mechanism, by the year that it is for."""
    found: dict[str, int] = {}
    for row in _of(picture, "tallies", about):
        if row.basis == EARLIER:
            found[str(row.year)] = found.get(str(row.year), 0) + row.quantity
    return found


def policy(picture: "Picture", about: str, expected: Any) -> Any:
    """The answer that holds to a question which a rule leaves open."""
    structs = partial(rows.structs, picture.db)
    return answer_to(structs, picture.ledger.law, about)


def contributions(picture: "Picture", about: str, expected: Any) -> Any:
    """A contribution without units: its newest version, by the fields that are named."""
    (row,) = rows.structs(picture.db, "contributions", "contribution = ?", (about,))
    found = msgspec.to_builtins(row) | {"withdrawn": bool(row.withdrawn)}
    return {name: found[name] for name in expected}


def surrendered(picture: "Picture", about: str, expected: Any) -> Any:
    """Of `PARTY YEAR`: surrender held against use, by the fields that are named."""
    party, year = about.split()
    told = compared(picture.ledger, party, int(year))
    return {name: getattr(told, name) for name in expected}


def planned(picture: "Picture", about: str, expected: Any) -> Any:
    """Of `PARTY YEAR`: a host's plan, by the sums that are named; money is exact text."""
    party, year = about.split()
    told = plan(picture.ledger, party, int(year))
    found = {name: getattr(told, name) for name in expected}
    return {name: f"{v:f}" if isinstance(v, Decimal) else v for name, v in found.items()}


QUESTIONS: dict[str, Callable[["Picture", str, Any], Any]] = {
    "activities": activities,
    "adjustments": adjustments,
    "annual": annual_information,
    "authorisations": authorisations,
    "earlier": earlier,
    "errata": errata,
    "contributions": contributions,
    "surrendered": surrendered,
    "plan": planned,
    "emissions_balance": balances_of,
    "first_transferred": first_transferred,
    "levies": levies,
    "levied": levied,
    "host_room": room_of,
    "taken": taken,
    "policy": policy,
    "reversals": reversals,
    "standing": standing_of,
    "used": used,
}
