"""How events of compliance change the state: the part of `evolve` that folds tonnes.

Used tonnes are kept by operator, period and lot: whatever a limit asks is added up from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from onetonne.ledger import compliance as rows
from onetonne.ledger import events as ev
from onetonne.ledger.lanes import Corrupt

if TYPE_CHECKING:
    from onetonne.ledger.state import State

ENTITLING = ("free", "benchmark")
"""Kinds of allocation that make up the figure `allocation`; what is bought does not."""


def use(state: State, e: Any, seq: int, sign: int = 1) -> None:
    """Add the uses that an event names, or take them away."""
    uses: Iterable[tuple[int, int]] = e.uses
    behind: dict[int, int] = {} if isinstance(e, ev.Converted) else dict(e.late)
    for lot, tonnes in uses:
        old = state.used.get((e.operator, e.system, e.period, lot))
        now = (old.tonnes if old else 0) + sign * tonnes
        late = (old.late if old else 0) + sign * behind.get(lot, 0)
        if not 0 <= late <= now and not state.search:
            raise Corrupt(f"{e.operator} returned more of lot {lot} than it used in {e.period}")
        key = (e.operator, e.system, e.period, lot)
        state.put("used", key, rows.Used(*key, now, seq, late))
        _used_in_all(state, (e.system, e.period, state.lots[lot].unit), sign * tonnes, seq)


def _used_in_all(state: State, key: tuple[str, str, str], change: int, seq: int) -> None:
    """What all operators used together: as many rows as a system has periods and unit types."""
    old = state.system_uses.get(key)
    now = (old.tonnes if old else 0) + change
    state.put("system_uses", key, rows.SystemUse(*key, now, seq))


def _registered(state: State, e: ev.OperatorRegistered, seq: int) -> None:
    row = rows.Operator(e.operator, e.system, e.account, e.facts, seq, seq)
    state.put("operators", (e.operator, e.system), row)


def _changed(state: State, e: ev.OperatorChanged, seq: int) -> None:
    if state.search and (e.operator, e.system) not in state.operators:
        return  # a day's view may leave the registration out
    old = state.operators[e.operator, e.system]
    new = msgspec.structs.replace(old, account=e.account, facts=e.facts, changed=seq)
    state.put("operators", (e.operator, e.system), new)


def _grouped(state: State, e: ev.OperatorsGrouped, seq: int) -> None:
    since = e.since.isoformat()
    for operator in e.operators:
        row = rows.Member(e.system, operator, since, e.into, e.kind, seq)
        state.put("members", (e.system, operator, since, e.kind), row)


def _capped(state: State, e: ev.CapSet, seq: int) -> None:
    old = state.caps.get((e.system, e.period))
    row = rows.Cap(e.system, e.period, e.tonnes, old.issued if old else 0, seq)
    state.put("caps", (e.system, e.period), row)


def count_issued(state: State, e: ev.Issued) -> None:
    """Allowances that were issued for a period of a system count against its cap."""
    system, period = e.facts.get("system", ""), e.facts.get("period", "")
    if system and period:
        old = state.caps.get((system, period)) or rows.Cap(system, period, 0, 0, 0)
        row = msgspec.structs.replace(old, issued=old.issued + e.size)
        state.put("caps", (system, period), row)


def _allocated(state: State, e: ev.Allocated, seq: int) -> None:
    key = (e.operator, e.system, e.period, e.kind)
    old = state.allocations.get(key)
    tonnes = e.tonnes + (old.tonnes if old else 0)
    state.put("allocations", key, rows.Allocation(*key, tonnes, seq))
    if e.kind in ENTITLING:
        figure = state.figures.get((*key[:3], "allocation"))
        tonnes, document = (figure.tonnes, figure.document) if figure else (0, "")
        # A decision may have set it below what a correction takes back: it is never negative.
        row = rows.Figure(*key[:3], "allocation", max(0, tonnes + e.tonnes), document, seq)
        state.put("figures", (*key[:3], "allocation"), row)


def _figure(state: State, e: ev.FigureSet, seq: int) -> None:
    key = (e.operator, e.system, e.period, e.figure)
    state.put("figures", key, rows.Figure(*key, e.tonnes, e.document, seq))


def _paid(state: State, e: ev.PaymentRecorded, seq: int) -> None:
    place = 0
    while (e.operator, e.system, e.period, seq, place) in state.payments:
        place += 1
    row = rows.Paid(
        *(e.operator, e.system, e.period, seq, place),
        *(e.kind, e.amount, e.currency, e.paid, e.document),
    )
    state.put("payments", (e.operator, e.system, e.period, seq, place), row)


def _returned(state: State, e: ev.Returned, seq: int) -> None:
    use(state, e, seq, -1)


def _recognised(state: State, e: ev.Recognised, seq: int) -> None:
    row = rows.Recognition(
        seq, e.lot, e.first, e.next, e.system, e.statement, e.conditions, e.effect, e.until
    )
    state.put("recognitions", (e.lot, e.first, seq, e.system), row)


def _withdrawn(state: State, e: ev.RecognitionWithdrawn, seq: int) -> None:
    for key, row in list(state.recognitions.items()):
        if row.recognition == e.recognition:
            new = msgspec.structs.replace(row, withdrawn=seq, reason=e.reason)
            state.put("recognitions", key, new)


def _arose(state: State, e: ev.DutyArose, seq: int) -> None:
    place = sum(1 for duty, _ in state.duties if duty == seq)
    row = rows.Duty(seq, place, e.clause, e.system, e.operator, e.period, e.blocks, e.due)
    state.put("duties", (seq, place), row)


def _settled(state: State, e: ev.DutySettled, seq: int) -> None:
    if state.search and (e.duty, e.place) not in state.duties:
        return  # a day's view may leave its surrender out
    old = state.duties[e.duty, e.place]
    new = msgspec.structs.replace(old, outcome=e.outcome, entry=seq, evidence=e.evidence)
    state.put("duties", (e.duty, e.place), new)


FOLDS: dict[type, Callable[[State, Any, int], None]] = {
    ev.Surrendered: use,
    ev.OperatorRegistered: _registered,
    ev.OperatorChanged: _changed,
    ev.OperatorsGrouped: _grouped,
    ev.CapSet: _capped,
    ev.Allocated: _allocated,
    ev.FigureSet: _figure,
    ev.PaymentRecorded: _paid,
    ev.Returned: _returned,
    ev.Recognised: _recognised,
    ev.RecognitionWithdrawn: _withdrawn,
    ev.DutyArose: _arose,
    ev.DutySettled: _settled,
}
