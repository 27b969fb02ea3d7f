"""An operator's standing in a period: what it owes, what it gave by kind, what is missing by when,
and what a missing tonne costs. Counted in whole units, priced in exact decimals.

Tonnes under a duty that is still open count provisionally; tonnes of an overdue one do not. Of a
tax or a fee the rest is owed in money; what an authority recorded as paid is held against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

import msgspec

from onetonne.ets.awaited import awaited
from onetonne.ledger.compliance import Duty, Paid, Used
from onetonne.ledger.entity import Bases, by_lot, lost, owed_in
from onetonne.ledger.tables import Lot
from onetonne.ledger.unit_facts import allowance_year
from onetonne.ledger.worth import Worth, counted, weigh
from onetonne.rules.clauses import Citation, Says
from onetonne.rules.facts import Facts
from onetonne.rules.law import Period, Share, System, in_force

Word = Literal[
    "not_due", "compliant", "provisionally_compliant", "made_good_late", "payable", "paid", "short",
    "unreported",
]  # fmt: skip


class Cost(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the shortfall costs: money (decimal text), a multiple of the price, or units."""

    per_tonne: str = ""
    total: str = ""
    currency: str = ""
    times_price: str = ""
    units: int = 0
    makes_good: bool
    open: str = ""
    note: Says | None = None
    cites: tuple[Citation, ...] = ()


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed in money for the tonnes that no credit covers, at the law's general rate, or the
    one granted to the operator (`rate`); decimal text, not rounded. `by`: the last day."""

    tonnes: str
    per_tonne: str
    total: str
    currency: str
    by: date
    rate: str = ""
    note: Says | None = None
    cites: tuple[Citation, ...] = ()


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded as paid, a penalty or a tax: exact decimal text. `due` and `open` are empty
    where law, or a figure that is missing, leaves the amount open; `on`: the day of the last."""

    kind: str
    paid: str
    currency: str
    on: date
    due: str = ""
    open: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """`obligation` None: no figure yet. `surrendered` by unit type; of it `allowances` and
    `credits`; `banked` and `borrowed` are allowances of earlier and later years; `provisional`
    and `lost` units stand under duties that are open or overdue. `interim` is what was due in
    advance by the day in a period of several years, `next_interim` the next such day. `deducted`:
    exact tonnes, where law counts a unit as more or less than one; `counted` and its `excess` are
    rounded down.
    `late`: tonnes that came after the last day; `shortfall` and `penalty` are of what was missing
    on that day, made good since or not. `payment`: what is left of a tax or a fee; `paid`: what was
    recorded as paid, by kind. `awaited`: figures that somebody must still tell. A deadline of
    low confidence is the outer bound that was read: the true day may be an earlier one."""

    system: str
    operator: str
    period: str
    day: date
    deadline: date
    deadline_confidence: str
    status: Word
    obligation: int | None
    surrendered: dict[str, int]
    allowances: int
    credits: int
    banked: int
    borrowed: int
    provisional: int
    lost: int
    counted: int
    outstanding: int
    excess: int
    shortfall: int
    interim: int = 0
    next_interim: date | None = None
    late: int = 0
    operators: tuple[str, ...] = ()
    deducted: str = ""
    awaited: tuple[str, ...] = ()
    payment: Payment | None = None
    penalty: Cost | None = None
    paid: tuple[Settled, ...] = ()


def status_of(
    system: System,
    period: Period,
    operators: tuple[str, ...],
    day: date,
    *,
    allowances: frozenset[str],
    bases: Bases,
    used: Iterable[Used],
    lots: dict[int, Lot],
    duties: Iterable[Duty],
    worth: Worth = MappingProxyType({}),
    rate: str = "",
    facts: Facts | None = None,
    payments: Iterable[Paid] = (),
) -> Status:
    """The standing on a day of an operator (the first of `operators`, which owe as one);
    `allowances` are the unit types that are no credits, `worth` the tonnes that a unit of a lot
    stands for, where it is not one; `rate` of a tax or fee that was granted to the operator."""
    mine = [row for row in used if row.period == period.code and row.tonnes > 0]
    owed = owed_in(system, period, bases)
    by_unit = _by_unit(mine, lots)
    own = sum(n for unit, n in by_unit.items() if unit in allowances)
    years = [(allowance_year(lots[row.lot]), row.tonnes) for row in mine
             if lots[row.lot].unit in allowances]  # fmt: skip
    under = [d for d in duties if d.period == period.code]
    open_, gone = _open(under), lost(under, system.code, period.code)
    given = sum(by_unit.values())
    exact = counted(mine, gone, worth)
    whole = int(exact)
    missing = max(0, (owed or 0) - whole)
    pay = payment(system, period, owed - exact, rate) if owed is not None and owed > exact else None
    sure = int(exact - weigh(open_, worth))
    word = _word(owed, missing, sure, day > period.closes)
    word = "payable" if pay else word
    told = [row for row in payments if row.period == period.code]
    tax = settled(told, "tax", pay.total if pay else "" if owed is None else "0")
    word = "paid" if pay and tax and tax.open == "0" else word
    ahead, next_day = interim(system, period, bases, day)
    behind = max(0, ahead - whole) if word == "not_due" else 0
    word = "short" if behind else word
    late = weigh(((row.lot, row.late) for row in mine), worth)
    at_last = max(0, (owed or 0) - int(exact - late))
    word = "made_good_late" if at_last and owed is not None and not missing else word
    lacking = (behind or at_last) if word in ("short", "made_good_late") else 0
    fine = cost(system, period, lacking) if lacking else None
    fined = settled(told, "penalty", fine.total if fine and not fine.times_price else "")
    return Status(
        system=system.code, operator=operators[0], period=period.code, day=day,
        deadline=period.closes, deadline_confidence=period.confidence, status=word, obligation=owed,
        surrendered=dict(sorted(by_unit.items())), allowances=own, credits=given - own,
        banked=sum(n for year, n in years if year and year < period.first.year),
        borrowed=sum(n for year, n in years if year > period.last.year),
        provisional=_units(open_), lost=_units(gone), counted=whole, outstanding=missing,
        excess=max(0, whole - owed) if owed is not None else 0,
        shortfall=lacking, late=sum(row.late for row in mine), interim=ahead, next_interim=next_day,
        operators=operators, deducted=_text(exact) if exact != given - _units(gone) else "",
        awaited=awaited(system, period, bases, "obligation", facts or {}) if owed is None else (),
        payment=pay, penalty=fine, paid=tuple(x for x in (tax, fined) if x),
    )  # fmt: skip


def _by_unit(used: Iterable[Used], lots: dict[int, Lot]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in used:
        unit = lots[row.lot].unit
        found[unit] = found.get(unit, 0) + row.tonnes
    return found


def interim(system: System, period: Period, bases: Bases, day: date) -> tuple[int, date | None]:
    """Of a longer period: what was due before `day` for its years, each a share of that year's
    figure, and the next such day. A year whose figure nobody has told owes nothing yet."""
    law = system.obligation
    if law is None or not law.partial_closes or period.first.year == period.last.year:
        return 0, None
    owed, ahead = 0, list[date]()
    for year in range(period.first.year, period.last.year + 1):
        due = date.fromisoformat(f"{year + 1}-{law.partial_closes}")
        version = in_force(law.partial, date(year, 1, 1))
        share = version.readings[0] if version and len(version.readings) == 1 else None
        if due >= period.closes or not isinstance(share, Share):
            continue
        if due >= day:
            ahead.append(due)
        else:
            whole = bases.get(law.base, {}).get(str(year), 0)
            owed -= int(-whole * share.fraction // 1)
    return owed, min(ahead, default=None)


def payment(system: System, period: Period, tonnes: Fraction, rate: str = "") -> Payment | None:
    """What these tonnes cost in money; None where law has no such rate for the period."""
    rates = system.obligation.rates if system.obligation else ()
    rows = [row for row in rates
            if row.since <= period.first and not row.expected and row.kind == rate]  # fmt: skip
    if not rows:
        return None
    law = rows[-1]
    return Payment(
        tonnes=_text(tonnes), per_tonne=law.amount, total=_text(tonnes * Fraction(law.amount)),
        currency=law.currency, by=period.closes, rate=rate, note=law.note,
        cites=tuple(system.citations[code] for code in law.cites),
    )  # fmt: skip


def settled(rows: Iterable[Paid], kind: str, due: str) -> Settled | None:
    """What was paid of one kind, and what is open of `due` (empty: nobody can say)."""
    mine = [row for row in rows if row.kind == kind]
    if not mine:
        return None
    paid = sum((Fraction(row.amount) for row in mine), Fraction(0))
    return Settled(
        kind=kind, paid=_text(paid), currency=mine[-1].currency, due=due,
        on=max(row.paid for row in mine),
        open=_text(max(Fraction(0), Fraction(due) - paid)) if due else "",
    )  # fmt: skip


def _text(number: Fraction) -> str:
    """A number as decimal text; law's shares and rates are decimals, so that it ends."""
    return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"


def _open(duties: Iterable[Duty]) -> tuple[tuple[int, int], ...]:
    """Units under duties that are open, each once."""
    return by_lot({block for duty in duties if not duty.outcome for block in duty.blocks})


def _units(rows: Iterable[tuple[int, int]]) -> int:
    return sum(n for _, n in rows)


def _word(owed: int | None, missing: int, sure: int, late: bool) -> Word:
    if owed is None:
        return "unreported" if late else "not_due"
    if missing:
        return "short" if late else "not_due"
    return "provisionally_compliant" if sure < owed else "compliant"


def cost(system: System, period: Period, missing: int) -> Cost | None:
    """What law of the period says a shortfall costs; None where it says nothing."""
    rows = [row for row in system.penalties if row.since <= period.first]
    if not rows:
        return None
    law = rows[-1]
    total = f"{(Decimal(law.amount) * missing).normalize():f}" if law.amount else ""
    return Cost(
        per_tonne=law.amount, total=total, currency=law.currency, times_price=law.times_price,
        units=law.units * missing, makes_good=law.makes_good, open=law.open, note=law.note,
        cites=tuple(system.citations[code] for code in law.cites),
    )  # fmt: skip
