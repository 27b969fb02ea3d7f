"""Payments: what an authority notes as paid in money for a period, a penalty or a tax. The books
hold no money; they say what a decision says, in exact decimals. A record is put right by another.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from onetonne.ledger.acts.decided import decided, digest
from onetonne.ledger.commands import RecordPayment
from onetonne.ledger.compliance import Paid
from onetonne.ledger.entity import operator_of
from onetonne.ledger.events import Event, PaymentRecorded
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, at_period, system_of

KINDS = ("penalty", "tax")
AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_CURRENCY = re.compile("[A-Z]{3}")


def record(state: State, act: RecordPayment, ctx: Context) -> tuple[Event, ...]:
    system = system_of(ctx, act.system)
    operator_of(state, act.system, act.operator)
    at = at_period(ctx, system, act.period)
    if act.kind not in KINDS:
        raise Refused("unknown_kind", kind=act.kind[:80], what="payment", known=", ".join(KINDS))
    if not AMOUNT.fullmatch(act.amount) or not Decimal(act.amount):
        raise Refused(
            "bad_text",
            field="amount",
            found=act.amount[:80],
            expected="a decimal number, e.g. 1234.5",
        )
    earlier = recorded(state, act.operator, act.system, at.period.code, act.kind)
    right = {row.currency for row in earlier} or currencies(at, act.kind)
    if not _CURRENCY.fullmatch(act.currency) or (right and act.currency not in right):
        expected = ", ".join(sorted(right)) or "three capital letters"
        raise Refused("wrong_currency", found=act.currency[:80], expected=expected)
    paid = total(earlier)
    if paid + Decimal(act.amount) < 0:
        raise Refused("more_than_paid", paid=f"{paid:f} {act.currency}", asked=act.amount[1:])
    if act.document:
        digest("document", act.document)
    decided("record_payment", ctx)
    # After this point the payment must stand.
    event = PaymentRecorded(
        system=act.system,
        operator=act.operator,
        period=at.period.code,
        kind=act.kind,
        amount=act.amount,
        currency=act.currency,
        paid=at.day,
        document=act.document,
    )
    return (event,)


def currencies(at: At, kind: str) -> set[str]:
    """In which money the period's law says such a payment; empty where it says none."""
    owed = at.system.obligation
    rates = [row for row in owed.rates if not row.expected] if owed else []
    rows = [
        row
        for row in (at.system.penalties if kind == "penalty" else rates)
        if row.since <= at.period.first
    ]
    last = max((row.since for row in rows), default=None)
    return {row.currency for row in rows if row.since == last and row.currency}


def recorded(state: State, *of: str) -> list[Paid]:
    """The records of an operator, a system, a period and a kind."""
    rows = state.payments.values()
    return [row for row in rows if (row.operator, row.system, row.period, row.kind) == of]


def total(rows: Iterable[Paid]) -> Decimal:
    """The exact sum; all are in one currency."""
    return sum((Decimal(row.amount) for row in rows), Decimal(0))
