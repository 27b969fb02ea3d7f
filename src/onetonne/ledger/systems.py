"""A compliance system as an act meets it: which, which period, which day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from onetonne.ledger.hub import Hub
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.rules.law import Period, System, called, periods


class At(NamedTuple):
    """A system, one of its periods and the one before, and the day in the system's zone; `key`
    stands for all of it, and for the law's digest, in what is kept."""

    system: System
    period: Period
    before: Period | None
    day: date
    key: str = ""


def hub_of(ctx: Context) -> Hub:
    """The systems' law. Refuses where there is none."""
    if ctx.law.hub is None:
        raise Refused("unknown_system", system="-", known="-")
    return ctx.law.hub


def system_of(ctx: Context, code: str) -> System:
    """The system. Refuses one that the law does not know."""
    book = hub_of(ctx).book
    system = book.systems.get(code)
    if system is None:
        raise Refused("unknown_system", system=code[:80], known=", ".join(sorted(book.systems)))
    return system


def day_in(ctx: Context, system: System) -> date:
    """The day of the act in the system's own zone, or the one that the cited decision fixes."""
    if ctx.request.effective is not None:
        return ctx.request.effective
    hub = hub_of(ctx)
    return hub.day_in(system.zone, ctx.request.at) if hub.day_in else ctx.day


def home_of(system: System) -> str:
    """Where a system's operators are registered: with the one that it exchanges units for."""
    return system.exchange_for or system.code


def at_period(ctx: Context, system: System, name: str) -> At:
    """The period of that code, or the one that a year lies in. Refuses what is none."""
    day = day_in(ctx, system)
    hub = hub_of(ctx)
    key = (hub.book.digest, system.code, name, day)
    found: At | None = hub.seen.get(key)
    if found is None:
        found = hub.once(key, lambda: find_period(system, name, day, hub.book.digest))
    if found is None:
        known = list(periods(system, day))
        span = f"{known[0].code} .. {known[-1].code}"
        raise Refused("unknown_period", system=system.code, period=name[:80], known=span)
    return found


def find_period(system: System, name: str, day: date, law: str = "") -> At | None:
    """A system's period with the one before it, as law tells them around a day."""
    known = list(periods(system, day))
    period = next((p for p in known if called(p, name)), None)
    if period is None:
        return None
    earlier = [p for p in known if p.first < period.first]
    key = f"{law}/{system.code}/{period.code}/{day}"
    return At(system, period, earlier[-1] if earlier else None, day, key)
