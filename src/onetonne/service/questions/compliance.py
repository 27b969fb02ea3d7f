"""Questions of compliance systems: operators and figures, standing, room under limits, uses by lot,
duties, and the cap-integrity statement. Each now, or as of an entry or a day.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from onetonne.base.days import day_of
from onetonne.ets.awaited import awaited
from onetonne.ets.integrity import Integrity, statement
from onetonne.ets.status import Status, status_of
from onetonne.ledger import entity
from onetonne.ledger.commands import Request
from onetonne.ledger.compliance import Duty, Figure, Operator, Used
from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context
from onetonne.ledger.room import limits_at
from onetonne.ledger.state import State
from onetonne.ledger.systems import At, find_period, home_of
from onetonne.ledger.tables import Lot
from onetonne.ledger.unit_facts import typed
from onetonne.ledger.worth import worth
from onetonne.rules import limits
from onetonne.rules.clauses import Says
from onetonne.rules.law import Limit, System, periods
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, Unknown, View, view
from onetonne.store.schema import TABLES

OWED = ("operators", "members", "figures", "used", "system_uses", "duties", "payments")


class Listed(msgspec.Struct, frozen=True):
    """Rows, and the moment they were asked of."""

    rows: list[Any]
    as_of: AsOf


class Standing(msgspec.Struct, frozen=True):
    status: Status
    as_of: AsOf


class Statement(msgspec.Struct, frozen=True):
    periods: list[Integrity]
    as_of: AsOf


class RoomLeft(msgspec.Struct, frozen=True, kw_only=True):
    """What a limit leaves an operator: certainly, and at best (None: without end); `awaited` are
    the figures that it waits for."""

    limit: str
    says: Says
    certain: int
    possible: int | None
    provisional: bool = False
    awaited: tuple[str, ...] = ()


class Rooms(msgspec.Struct, frozen=True):
    operators: tuple[str, ...]
    bases: dict[str, dict[str, int]]
    rooms: list[RoomLeft]
    as_of: AsOf


def hub_of(ledger: Ledger) -> Hub:
    """The ledger's law of systems."""
    assert ledger.law.hub is not None
    return ledger.law.hub


def system_of(ledger: Ledger, code: str) -> System:
    """Raises Unknown for a system that the law does not know."""
    book = hub_of(ledger).book
    if code not in book.systems:
        known = ", ".join(sorted(book.systems))
        raise Unknown(f"There is no system {code!r}. Known: {known}.",
                      f"沒有體系 {code!r}。已有：{known}。")  # fmt: skip
    return book.systems[code]


def _known(ledger: Ledger, system: str) -> None:
    """Where a system is named, it is one: nothing of none is no answer. Raises Unknown."""
    if system:
        system_of(ledger, system)


def _allowances(ledger: Ledger) -> frozenset[str]:
    """Units that a cap issues, of this system or of one linked to it: they are no credits."""
    units = ledger.law.units.values()
    return frozenset(unit.code for unit in units if unit.family == "allowance")


def _at(ledger: Ledger, seen: View, system: System, period: str) -> At:
    """The period on the day that is asked of, in the system's zone. Raises Unknown."""
    hub, day = hub_of(ledger), seen.asked.day
    if day is None:
        at = ledger.writer.clock() if seen.asked == NOW else _entered(seen)
        day = hub.day_in(system.zone, at) if hub.day_in else day_of(at, ledger.writer.zone)
    found = find_period(system, period, day)
    if found is None:
        known = list(periods(system, day))
        span = f"{known[0].code} .. {known[-1].code}"
        raise Unknown(f"{system.code} has no period {period!r}: {span}.",
                      f"{system.code} 沒有期別 {period!r}：{span}。")  # fmt: skip
    return found


def _entered(seen: View) -> int:
    return seen.entries([seen.seq])[seen.seq].at


def _state(seen: View, where: str = "1 = 1", params: Sequence[Any] = ()) -> State:
    """What the tables say of operators, with the lots that they used."""
    state = State()
    for name in OWED:
        table = TABLES[name]
        for row in seen.structs(name):
            state.know(name, tuple(getattr(row, part) for part in table.key), row)
    used = {row.lot for row in state.used.values()}
    used |= {lot for row in state.duties.values() for lot, _, _ in row.blocks}
    state.lots = _lots(seen, used)
    for row in seen.structs("labels"):
        if row.lot in used:
            state.know("labels", (row.lot, row.kind, row.first, row.labelled), row)
    state.projects = {row.project: row for row in seen.structs("projects")}
    return state


def _lots(seen: View, wanted: Iterable[int]) -> dict[int, Lot]:
    found: dict[int, Lot] = {}
    numbers = sorted(wanted)
    for at in range(0, len(numbers), 500):
        part = numbers[at : at + 500]
        marks = ", ".join("?" * len(part))
        found |= {row.lot: row for row in seen.structs("lots", f"lot IN ({marks})", part)}
    return found


def _operator(state: State, system: str, code: str) -> Operator:
    row = state.operators.get((code, system))
    if row is None:
        known = ", ".join(who for who, where in sorted(state.operators) if where == system) or "-"
        raise Unknown(f"{code!r} is no operator of {system}. Known: {known[:400]}. "
                      "Register it: onetonne ets operator.",
                      f"{code!r} 不是 {system} 的納管事業。已有：{known[:400]}。"
                      "請登錄：onetonne ets operator。")  # fmt: skip
    return row


def _context(ledger: Ledger, at: At) -> Context:
    """A question as the kernel takes it: nobody's act, under the ledger's law, on the day."""
    return Context(0, Request(by=0, acts=()), ledger.law, at.day)


def _asked(ledger: Ledger, state: State, at: At, row: Operator) -> limits.At:
    """The limits' question for an operator, by what is known of itself."""
    facts = typed(dict(row.facts))
    return limits_at(state, _context(ledger, at), hub_of(ledger), at, row, facts)


def operators(ledger: Ledger, system: str = "", asof: AsOf = NOW) -> Listed:
    """Operators of a system, or of all. Raises Unknown."""
    _known(ledger, system)
    with view(ledger, asof) as seen:
        rows = [row for row in seen.structs("operators") if system in ("", row.system)]
        return Listed(rows, seen.as_of)


def figures(
    ledger: Ledger, system: str, operator: str = "", period: str = "", asof: AsOf = NOW
) -> Listed:
    """Figures in force; each names the entry that set it. Raises Unknown."""
    _known(ledger, system)
    with view(ledger, asof) as seen:
        rows: list[Figure] = seen.structs("figures", "system = ?", (system,))
        wanted = [row for row in rows
                  if operator in ("", row.operator) and period in ("", row.period)]  # fmt: skip
        return Listed(wanted, seen.as_of)


def uses(
    ledger: Ledger, system: str, operator: str = "", period: str = "", asof: AsOf = NOW
) -> Listed:
    """Tonnes used, by lot. Raises Unknown."""
    _known(ledger, system)
    with view(ledger, asof) as seen:
        rows: list[Used] = seen.structs("used", "system = ?", (system,))
        wanted = [row for row in rows if row.tonnes
                  and operator in ("", row.operator) and period in ("", row.period)]  # fmt: skip
        lots = _lots(seen, {row.lot for row in wanted})
        told = [msgspec.to_builtins(row) | {"code": lots[row.lot].code} for row in wanted]
        return Listed(told, seen.as_of)


def duties(ledger: Ledger, system: str = "", everything: bool = False, asof: AsOf = NOW) -> Listed:
    """Duties that are open or overdue; all of them with `everything`. Raises Unknown."""
    _known(ledger, system)
    with view(ledger, asof) as seen:
        rows: list[Duty] = seen.structs("duties")
        wanted = [row for row in rows if system in ("", row.system)
                  and (everything or row.outcome in ("", "overdue"))]  # fmt: skip
        return Listed(wanted, seen.as_of)


def status(ledger: Ledger, system: str, operator: str, period: str, asof: AsOf = NOW) -> Standing:
    """What an operator owes, gave and lacks. Raises Unknown."""
    law = system_of(ledger, system)
    with view(ledger, asof) as seen:
        at = _at(ledger, seen, law, period)
        state = _state(seen)
        row = _operator(state, system, operator)
        together = entity.companions(state, system, operator, at.day, ("merger",))
        ordered = (operator, *[who for who in together if who != operator])
        owed: list[Duty] = seen.structs("duties", "system = ?", (system,))
        figures = entity.figures_of(state, system, together)
        used = entity.uses_of(state, system, together)
        lots = [use.lot for use in used if use.period == at.period.code]
        found = status_of(
            law, at.period, ordered, at.day,
            allowances=_allowances(ledger) | set(law.allowances),
            bases=entity.bases_of(state, figures, law, at.period),
            used=used,
            lots=state.lots,
            duties=[duty for duty in owed if duty.operator in together],
            worth=worth(state, _context(ledger, at), at, row, lots),
            rate=row.facts.get("fee_rate", ""),
            facts=typed(dict(row.facts)),
            payments=[paid for paid in state.payments.values()
                      if paid.system == system and paid.operator in together],
        )  # fmt: skip
        return Standing(found, seen.as_of)


def rooms(ledger: Ledger, system: str, operator: str, period: str, asof: AsOf = NOW) -> Rooms:
    """What each limit leaves an operator, with all that count as one with it. Raises Unknown."""
    law = system_of(ledger, system)
    with view(ledger, asof) as seen:
        at = _at(ledger, seen, law, period)
        state = _state(seen)
        home = home_of(law)
        row = _operator(state, home, operator)
        asked = _asked(ledger, state, at, row)
        found = []
        for limit, _ in limits.standing(asked):
            low, high = limits.left(asked, limit)
            found.append(RoomLeft(
                limit=limit.code, says=limit.says, certain=int(low),
                possible=None if high is None else int(high),
                provisional=limit.among is not None,
                awaited=_awaited(law, asked, limit) if high is None else (),
            ))  # fmt: skip
        together = entity.companions(state, home, operator, at.day)
        return Rooms(together, asked.book.bases, found, seen.as_of)


def _awaited(law: System, asked: limits.At, limit: Limit) -> tuple[str, ...]:
    """The figures that a limit, or the one that it is a part of, waits for."""
    if limit.part_of:
        return _awaited(law, asked, law.limits[limit.part_of])
    if not limit.base:
        return ()
    ask = asked.ask
    return awaited(law, asked.period, asked.book.bases, limit.base, ask.facts, limit.pot)


def integrity(ledger: Ledger, system: str, period: str = "", asof: AsOf = NOW) -> Statement:
    """The cap-integrity statement of a period, or of all that something is known of."""
    law = system_of(ledger, system)
    with view(ledger, asof) as seen:
        caps = {row.period: row for row in seen.structs("caps", "system = ?", (system,))}
        given = seen.structs("allocations", "system = ?", (system,))
        used: list[Used] = seen.structs("used", "system = ?", (system,))
        lots = _lots(seen, {row.lot for row in used})
        known = {*caps, *[row.period for row in (*given, *used)]}
        codes = [_at(ledger, seen, law, period).period.code] if period else sorted(known)
        every = _allowances(ledger)
        told = [statement(law, code, caps.get(code), given, used, lots, every) for code in codes]
        return Statement(told, seen.as_of)
