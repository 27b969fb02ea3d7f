"""The gate of a compliance system: may these serials be used for this operator's period, on this
day, and is there room? The one place that asks the law engine on behalf of an act.

What is judged once is kept by the law's digest, system, period, day and facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import structs

from onetonne.ledger import gate_words
from onetonne.ledger.compliance import Operator
from onetonne.ledger.events import DutyArose
from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context, lot_of, printed
from onetonne.ledger.kinds import Batch, Piece, batches_of
from onetonne.ledger.refusals import Refused
from onetonne.ledger.room import check_limits
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, hub_of
from onetonne.rules.judge import judge
from onetonne.rules.verdict import Ask, Verdict


class Passed(NamedTuple):
    """What the gate let pass: its word, the digest of the law, and what must follow."""

    verdict: str
    hub: str
    duties: tuple[DutyArose, ...]


def pass_gate(
    state: State,
    ctx: Context,
    operator: Operator,
    at: At,
    pieces: Iterable[Piece],
    limited: bool = True,
    replaces: int = 0,
    late: bool = False,
    any_day: bool = False,
) -> Passed:
    """The verdict under which these serials may be used for the operator's period. Refuses what
    fails a clause, what cannot be settled, and what goes beyond a limit (where they are asked).
    What replaces the units of entry `replaces` takes their room; `late` excuses a window that has
    closed, `any_day` one that has not opened too."""
    hub = hub_of(ctx)
    batches = batches_of(state, ctx, hub, operator, at, pieces)
    excused = any_day or (late and at.day > at.period.closes)
    verdicts = [_gates(state, ctx, hub, at, batch, excused) for batch in batches]
    if limited and at.system.limits:
        check_limits(state, ctx, hub, at, operator, batches, replaces)
    if not [verdict for verdict in verdicts if verdict.duties]:
        return Passed("ELIGIBLE", hub.book.digest, ())
    duties = [
        DutyArose(clause=duty.clause, system=at.system.code, operator=operator.operator,
                  period=at.period.code, blocks=tuple(batch.pieces), due=duty.due)
        for batch, verdict in zip(batches, verdicts, strict=True) for duty in verdict.duties
    ]  # fmt: skip
    return Passed("ELIGIBLE", hub.book.digest, tuple(duties))


def _gates(state: State, ctx: Context, hub: Hub, at: At, batch: Batch, excused: bool) -> Verdict:
    system, period = at.system.code, at.period.code
    key = (at.key, batch.kind.number)
    verdict: Verdict | None = hub.seen.get(key)
    if verdict is not None and verdict.result == "ELIGIBLE":
        return verdict
    ask = Ask(system=system, period=period, day=at.day, facts=batch.kind.facts)
    verdict = hub.once(key, lambda: judge(hub.book, ask)[0])
    assert verdict is not None
    if excused:  # what does not bind is not told
        verdict = structs.replace(verdict, findings=verdict.findings[1:])
    if not verdict.failed and not verdict.unknown:
        return verdict
    lot, first, next_ = batch.pieces[0]
    facts = {
        "system": system, "period": period, "day": str(at.day), "lot": lot,
        "serials": printed(lot_of(state, lot), first, next_),
    }  # fmt: skip
    if verdict.failed:
        why = gate_words.failures(hub.book, ask, verdict, gate_words.conversions(ctx.law))
        raise Refused("not_eligible", **facts, **why)
    raise Refused("indeterminate", **facts, **gate_words.lacking(hub.book, ask, verdict))
