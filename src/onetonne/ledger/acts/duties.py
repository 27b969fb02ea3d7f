"""Duties: what must follow a provisional surrender by a day. It is met by proof, made good by
replacement, or noted as overdue by the clock; overdue tonnes no longer count for a status.
"""

from collections.abc import Iterator

from onetonne.ledger.acts.decided import digest
from onetonne.ledger.commands import SettleDuty, Surrender
from onetonne.ledger.compliance import Duty
from onetonne.ledger.events import DutySettled, Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

UNMET = ("", "overdue")
"""Outcomes of a duty that can still be made good."""


def settle(state: State, act: SettleDuty, ctx: Context) -> tuple[Event, ...]:
    rows = [row for row in _of(state, act.duty)
            if act.clause in ("", row.clause) and not row.outcome]  # fmt: skip
    if not rows:  # what is overdue left its room to others: it is replaced, not met late
        raise Refused("unknown_duty", entry=act.duty)
    digest("evidence", act.evidence)
    # After this point the duty must be met.
    return tuple(_settled(row, "met", act.evidence) for row in rows)


def replaced(
    state: State, act: Surrender, period: str, quantity: int
) -> tuple[tuple[Event, ...], bool]:
    """The duties of an entry, made good by another surrender for the same period; and whether it
    may come late, which only as many units as the duties need may."""
    if not act.replaces:
        return (), False
    rows = [
        row
        for row in _of(state, act.replaces)
        if (row.system, row.operator, row.period) == (act.system, act.operator, period)
    ]
    if not rows:
        raise Refused("unknown_duty", entry=act.replaces)
    needed = len_of(rows)
    if quantity < needed:
        raise Refused("not_enough_to_replace", entry=act.replaces, tonnes=needed, asked=quantity)
    return tuple(_settled(row, "replaced") for row in rows), quantity == needed


def len_of(rows: list[Duty]) -> int:
    """Tonnes under these duties, each serial once."""
    return sum(next_ - first for _, first, next_ in {b for row in rows for b in row.blocks})


def overdue(state: State, number: int, ctx: Context) -> tuple[Event, ...]:
    """The duties of an entry that were not met by their last day."""
    rows = [row for row in _of(state, number) if not row.outcome]
    if not rows:
        raise Refused("unknown_duty", entry=number)
    due = [row for row in rows if row.due < ctx.day]
    if not due:
        until = min(row.due for row in rows)
        raise Refused(
            "not_yet_due", what="duty", number=number, until=str(until), today=str(ctx.day)
        )
    return tuple(_settled(row, "overdue") for row in due)


def _of(state: State, number: int) -> Iterator[Duty]:
    return (row for row in state.owed() if row.duty == number and row.outcome in UNMET)


def _settled(row: Duty, outcome: str, evidence: str = "") -> DutySettled:
    return DutySettled(duty=row.duty, place=row.place, outcome=outcome, evidence=evidence)
