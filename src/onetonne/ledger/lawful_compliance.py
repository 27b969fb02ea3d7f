"""What no history may hold of compliance systems, whoever signed it; part of the watch in
`ledger.lawful`.

Allowances that were allocated moved from the State to their operator, and none beyond a cap was
issued; figures rest on a decision; a duty lies on what was surrendered, and is settled once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from onetonne.base.days import to_moment
from onetonne.ledger import events as ev
from onetonne.ledger.acts.allocate import KINDS
from onetonne.ledger.acts.decided import DIGEST
from onetonne.ledger.acts.duties import UNMET
from onetonne.ledger.acts.figures import EMISSIONS
from onetonne.ledger.compliance import Duty
from onetonne.ledger.ended import head_of
from onetonne.ledger.entity import KINDS as GROUPINGS
from onetonne.ledger.entity import by_lot
from onetonne.ledger.items import MAX_QUANTITY
from onetonne.ledger.tables import Account
from onetonne.rules.facts import BASES

if TYPE_CHECKING:
    from onetonne.ledger.lawful import Watch

AHEAD = timedelta(hours=14)
"""The zone in which a day is over first."""
Block = tuple[int, int, int]
Key = tuple[str, str, str, str]


class Told:
    """What one entry has said of compliance so far, to be borne out by the rest of it."""

    def __init__(self) -> None:
        self.allocated: ev.Allocated | None = None
        self.rest = 0
        self.taken: dict[Key, int] = {}
        self.given: list[tuple[ev.Surrendered, Block]] = []
        self.back: list[Block] = []
        self.void: list[Duty] = []


def settle(w: Watch) -> None:
    """At the end of an entry: what it allocated, or took back of it, moved; and a duty was void
    only where its units went back."""
    told = w.told
    if told.allocated is not None:
        w.say("unlawful_allocation", f"{_of(told.allocated)}: {told.rest}")
    for key, rest in told.taken.items():
        if rest:
            w.say("unlawful_allocation", f"{' '.join(key)}: {rest}")
    for row in told.void:
        if not any(_over(block, gone) for block in row.blocks for gone in told.back):
            w.say("unlawful_duty", _named(row.duty, row.place))


def moved(w: Watch, e: ev.Moved, source: Account, target: Account) -> None:
    """A move, held against what its entry says of it."""
    told = w.told
    if isinstance(w.head, ev.Corrected):
        _put_right(w, e, w.head)
    elif target.sink == "surrender" and isinstance(w.head, ev.Surrendered):
        told.given.append((w.head, (e.lot, e.first, e.next)))
    if told.allocated is None:
        return
    said, lot = told.allocated, w.state.lots.get(e.lot)
    operator = w.state.operators.get((said.operator, said.system))
    told.rest -= e.next - e.first
    right = (
        source.kind == "party"
        and operator is not None
        and e.target == operator.account
        and lot is not None
        and (lot.facts.get("system"), lot.facts.get("period")) == (said.system, said.period)
    )
    if not right or told.rest < 0:
        w.say("unlawful_allocation", f"{_of(said)}: lot {e.lot} {e.first}-{e.next - 1}")
    if told.rest <= 0:
        told.allocated = None


def _put_right(w: Watch, e: ev.Moved, head: ev.Corrected) -> None:
    told = w.told
    told.back.append((e.lot, e.first, e.next))
    before = head_of(w.entry_of(head.entry), e.lot, e.first) if w.entry_of else None
    if isinstance(before, ev.Allocated):
        key = (before.operator, before.system, before.period, before.kind)
        told.taken[key] = told.taken.get(key, 0) + e.next - e.first


def issued(w: Watch, e: ev.Issued) -> None:
    """Nothing is issued beyond the cap that stands."""
    cap = w.state.caps.get((e.facts.get("system", ""), e.facts.get("period", "")))
    if cap is not None and cap.entry and e.size > cap.tonnes - cap.issued:
        issued_so = f"{cap.issued + e.size} issued under a cap of {cap.tonnes}"
        w.say("unlawful_allocation", f"{cap.system} {cap.period}: {issued_so}")


def _allocated(w: Watch, e: ev.Allocated) -> None:
    told = w.told
    if told.allocated is not None:
        w.say("unlawful_allocation", f"{_of(told.allocated)}: {told.rest}")
    _operator(w, e.operator, e.system)
    told.allocated, told.rest = None, 0
    if e.kind not in KINDS or not e.tonnes:
        w.say("unlawful_allocation", f"{_of(e)}: {e.tonnes}")
    elif e.tonnes > 0:
        told.allocated, told.rest = e, e.tonnes
    elif w.entry_of is not None or not isinstance(w.head, ev.Corrected):
        key = (e.operator, e.system, e.period, e.kind)
        told.taken[key] = told.taken.get(key, 0) + e.tonnes


def _of(e: ev.Allocated) -> str:
    return f"{e.operator} {e.system} {e.period} {e.kind}"


def _operator(w: Watch, operator: str, system: str) -> None:
    if (operator, system) not in w.state.operators:
        w.say("unlawful_operator", f"{operator} {system}")


def _figure(w: Watch, e: ev.FigureSet) -> None:
    _operator(w, e.operator, e.system)
    if e.figure == EMISSIONS:
        again = (e.operator, e.system, e.period, EMISSIONS) in w.state.figures
        rests = w.approved and bool(e.document) and (bool(e.decision) or not again)
    else:
        rests = bool(w.entry.cites)
    shaped = not e.document or DIGEST.fullmatch(e.document) is not None
    if not (rests and shaped and e.figure in BASES and 0 <= e.tonnes <= MAX_QUANTITY):
        w.say("unlawful_figure", f"{e.figure} {e.operator} {e.system} {e.period}: {e.tonnes}")


def _cap(w: Watch, e: ev.CapSet) -> None:
    if not (w.entry.cites and 0 <= e.tonnes <= MAX_QUANTITY):
        w.say("unlawful_figure", f"cap {e.system} {e.period}: {e.tonnes}")


def _registered(w: Watch, e: ev.OperatorRegistered) -> None:
    if (e.operator, e.system) in w.state.operators:
        w.say("unlawful_number", f"operator {e.operator} {e.system}")
    _holds(w, e.account)


def _changed(w: Watch, e: ev.OperatorChanged) -> None:
    _operator(w, e.operator, e.system)
    old = w.state.operators.get((e.operator, e.system))
    if old is not None and e.account != old.account:
        _holds(w, e.account)
    if not w.entry.cites:
        w.say("unlawful_operator", f"{e.operator} {e.system}")


def _holds(w: Watch, number: int) -> None:
    account = w.open(number)
    if account is not None and (account.sink or account.kind == "peer"):
        w.say("unlawful_account", str(number))


def _grouped(w: Watch, e: ev.OperatorsGrouped) -> None:
    for operator in e.operators:
        _operator(w, operator, e.system)
    if e.kind == "merger" and e.into:
        _operator(w, e.into, e.system)
    if e.kind not in GROUPINGS or e.into in e.operators or not (e.operators and w.entry.cites):
        w.say("unlawful_operator", f"{' '.join(e.operators)} > {e.into}")


def surrendered(w: Watch, e: ev.Surrendered) -> None:
    """What is surrendered for an obligation is its operator's own."""
    if not e.operator:
        return  # an end without an obligation
    _operator(w, e.operator, e.system)
    row = w.state.operators.get((e.operator, e.system))
    if row is not None and row.account != e.source:
        w.say("unlawful_operator", f"{e.operator} {e.system}, {e.source}")


def _recognised(w: Watch, e: ev.Recognised) -> None:
    lot = w.state.lots.get(e.lot)
    if lot is None or not 0 <= e.first < e.next <= lot.size:
        w.say("unlawful_block", f"recognition on lot {e.lot} {e.first}-{e.next - 1}")


def _withdrawn(w: Watch, e: ev.RecognitionWithdrawn) -> None:
    rows = w.state.recognitions.values()
    if not any(r.recognition == e.recognition and not r.withdrawn for r in rows):
        w.say("unlawful_block", f"recognition {e.recognition}")


def converted(w: Watch, e: ev.Converted) -> None:
    """What an exchange uses up of a limit is what it burns, or nothing."""
    if e.uses not in ((), by_lot((m.lot, m.first, m.next) for m in e.burnt)):
        w.say("unlawful_use", f"{e.uses}")


def _arose(w: Watch, e: ev.DutyArose) -> None:
    """A duty lies on what its entry surrenders, or on what a correction leaves of another."""
    of = (e.system, e.operator, e.period)
    if isinstance(w.head, ev.Corrected):
        on = [b for row in w.told.void for b in row.blocks
              if (row.clause, row.due) == (e.clause, e.due)
              and (row.system, row.operator, row.period) == of]  # fmt: skip
    else:
        on = [b for head, b in w.told.given if (head.system, head.operator, head.period) == of]
    within = all(any(_in(block, other) for other in on) for block in e.blocks)
    if not (e.blocks and e.clause and within):
        w.say("unlawful_duty", f"{e.clause} {e.operator} {e.system} {e.period}")


def _settled(w: Watch, e: ev.DutySettled) -> None:
    row = w.state.duties.get((e.duty, e.place))
    if row is None or not _may_settle(w, row, e):
        w.say("unlawful_duty", _named(e.duty, e.place))
    elif e.outcome == "void":
        w.told.void.append(row)


def _may_settle(w: Watch, row: Duty, e: ev.DutySettled) -> bool:
    """Met or overdue once, replaced by enough units, void or open again by a correction alone."""
    put_right = w.head if isinstance(w.head, ev.Corrected) else None
    if e.outcome == "met":
        return not row.outcome and DIGEST.fullmatch(e.evidence) is not None
    if put_right is None:
        if e.outcome == "overdue":
            return not row.outcome and row.due < (to_moment(w.entry.at) + AHEAD).date()
        return e.outcome == "replaced" and row.outcome in UNMET and _replaced(w, row)
    if e.outcome == "void":
        return row.outcome not in ("met", "void")
    if row.duty == w.entry.seq:  # what stays of a duty stands as the whole stood
        return e.outcome in {old.outcome for old in w.told.void} - {""}
    again = (row.outcome, row.entry) == ("replaced", put_right.entry)
    return again and e.outcome in UNMET


def _replaced(w: Watch, row: Duty) -> bool:
    units = sum(
        next_ - first
        for head, (_, first, next_) in w.told.given
        if head.replaces == row.duty
        and (head.system, head.operator, head.period) == (row.system, row.operator, row.period)
    )
    return units >= row.tonnes


def _named(duty: int, place: int) -> str:
    return f"duty {place} of entry {duty}"


def _over(one: Block, other: Block) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _in(one: Block, other: Block) -> bool:
    return one[0] == other[0] and other[1] <= one[1] < one[2] <= other[2]


CHECKS: dict[type, Callable[[Watch, Any], None]] = {
    ev.OperatorRegistered: _registered,
    ev.OperatorChanged: _changed,
    ev.OperatorsGrouped: _grouped,
    ev.CapSet: _cap,
    ev.Allocated: _allocated,
    ev.FigureSet: _figure,
    ev.Recognised: _recognised,
    ev.RecognitionWithdrawn: _withdrawn,
    ev.DutyArose: _arose,
    ev.DutySettled: _settled,
}
