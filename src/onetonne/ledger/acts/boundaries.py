"""One reduction, one mechanism: where a project reduces, as which unit, and who was credited.

A lot that is issued for a project with a declared boundary claims its keys for the days that were
monitored; a lot of another project that shares a key and a day is refused, and names the first.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from onetonne.ledger.acts.decided import digest
from onetonne.ledger.article6.mechanism_commands import ChangeRoute, DeclareBoundary
from onetonne.ledger.article6.mechanism_events import (
    BoundaryDeclared,
    ReductionClaimed,
    RouteChanged,
)
from onetonne.ledger.article6.mechanism_tables import Boundary
from onetonne.ledger.events import Event, Issued
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Lot
from onetonne.ledger.units import day_in

KINDS = ("meter", "installation", "site", "programme")
"""Of keys: a meter, an installation, coordinates, a project's number in another programme."""
MAX_KEYS = 200
MONITORED = ("monitored_first", "monitored_last")
"""Facts of a lot that narrow its vintage to the days that were monitored."""
_NAME = re.compile(r"[A-Z0-9][A-Z0-9./_-]{0,79}")
_PLACES = Decimal("0.0001")
"""Coordinates are compared to four places, some eleven metres."""


def declare(state: State, act: DeclareBoundary, ctx: Context) -> tuple[Event, ...]:
    if act.project not in state.projects:
        raise Refused("unknown_project", project=act.project)
    _route(ctx, act.route)
    old = state.boundaries.get(act.project)
    keys = tuple(sorted({*map(key_of, act.keys), *(old.keys if old else ())}))
    if not 0 < len(keys) <= MAX_KEYS:
        found, expected = len(keys), f"1 to {MAX_KEYS} keys"
        raise Refused("bad_text", field="keys", found=found, expected=expected)
    digest("digest", act.digest)
    if old is not None and act.route != route_on(old, act.since):
        raise Refused(
            "other_route",
            project=act.project,
            unit=act.route,
            route=route_on(old, act.since) or "-",
        )
    added = tuple(key for key in keys if old is None or key not in old.keys)
    late = _claimed_late(state, act, added, first_one=old is None)
    # After this point the declaration must succeed.
    event = BoundaryDeclared(
        project=act.project, route=act.route, keys=keys, since=act.since, digest=act.digest
    )
    return (event, *late)


def _claimed_late(
    state: State, act: DeclareBoundary, added: tuple[str, ...], first_one: bool
) -> tuple[Event, ...]:
    """What lots that were issued before claim of keys that are declared only now, from the day on
    from which these hold. A first boundary has the route of what was issued since that day."""
    claims: list[Event] = []
    for lot, first, last in issued_for(state, act.project):
        if last < act.since or not added:
            continue
        if first_one and lot.unit != act.route:
            raise credited(act.project, lot, first, last)
        start = max(first, act.since)
        _check_free(state, act.project, added, start, last)
        claims.append(
            ReductionClaimed(lot=lot.lot, project=act.project, keys=added, first=start, last=last)
        )
    return tuple(claims)


def issued_for(state: State, project: str) -> Iterator[tuple[Lot, date, date]]:
    """The lots that were issued or filed for a project, with the days that they are for; what was
    converted from others is not one of them."""
    for _, lot in sorted(state.lots.items()):
        if lot.project == project and lot.vintage and lot.origin in ("", "filed"):
            try:
                days = _monitored(lot)
            except Refused:  # its facts were not asked for when it was issued
                days = date(lot.vintage, 1, 1), date(lot.vintage, 12, 31)
            yield lot, *days


def credited(project: str, lot: Lot, first: date, last: date) -> Refused:
    return Refused(
        "credited_already",
        project=project,
        lot=lot.lot,
        first=str(first),
        last=str(last),
        entry=lot.issued,
    )


def change_route(state: State, act: ChangeRoute, ctx: Context) -> tuple[Event, ...]:
    old = state.boundaries.get(act.project)
    if old is None:
        raise Refused("no_boundary", project=act.project)
    _route(ctx, act.route)
    last, since = old.routes[-1]
    if act.route == last or act.since.isoformat() <= since:
        raise Refused("route_stands", project=act.project, route=last, since=since)
    digest("digest", act.digest)
    for row in state.claims.values():
        if row.project == act.project and row.last >= act.since:
            raise Refused(
                "credited_already",
                project=act.project,
                lot=row.lot,
                first=str(row.first),
                last=str(row.last),
                entry=row.entry,
            )
    # After this point the change must succeed.
    event = RouteChanged(project=act.project, route=act.route, since=act.since, digest=act.digest)
    return (event,)


def _route(ctx: Context, route: str) -> None:
    if route not in ctx.law.units:
        raise Refused("unknown_unit", unit=route)


def key_of(text: str) -> str:
    """A key in the one form in which it is compared. Refuses what is none."""
    kind, _, name = text.partition(":")
    found = _site(name) if kind == "site" else name.strip().upper()
    if kind not in KINDS or not found or (kind != "site" and not _NAME.fullmatch(found)):
        expected = "meter:, installation:, site:25.0330,121.5654, programme:"
        raise Refused("bad_text", field="keys", found=text[:80], expected=expected)
    return f"{kind}:{found}"


def _site(text: str) -> str:
    """Latitude and longitude to four places; empty for what is none."""
    try:
        latitude, longitude = (Decimal(part.strip()) for part in text.split(","))
        if abs(latitude) > 90 or abs(longitude) > 180:
            return ""
        return ",".join(str(one.quantize(_PLACES) + 0) for one in (latitude, longitude))
    except (ValueError, InvalidOperation):
        return ""


def route_on(row: Boundary, day: date) -> str:
    """The unit as which a project is credited for a day; empty before its first route."""
    found = ""
    for route, since in row.routes:
        found = route if since <= day.isoformat() else found
    return found


def claimed(state: State, lot: Issued, days: tuple[date, date] | None = None) -> tuple[Event, ...]:
    """What an issuance claims of a declared boundary. Refuses another route than the declared one,
    and whatever was credited before."""
    row = state.boundaries.get(lot.project)
    if row is None:
        return ()
    first, last = days or _monitored(lot)
    for day in (first, last):
        if route_on(row, day) != lot.unit:
            route = route_on(row, day) or "-"
            raise Refused("other_route", project=lot.project, unit=lot.unit, route=route)
    _check_free(state, lot.project, row.keys, first, last)
    return (
        ReductionClaimed(lot=lot.lot, project=lot.project, keys=row.keys, first=first, last=last),
    )


def _check_free(state: State, project: str, keys: tuple[str, ...], first: date, last: date) -> None:
    """Whether nobody else was credited for these keys in these days."""
    for key in keys:
        for other in state.claims.values():
            shares = other.key == key and other.project != project
            if shares and first <= other.last and other.first <= last:
                raise Refused(
                    "boundary_overlap",
                    key=key,
                    project=other.project,
                    lot=other.lot,
                    first=str(other.first),
                    last=str(other.last),
                    entry=other.entry,
                )


def _monitored(lot: Issued | Lot) -> tuple[date, date]:
    """The days that a lot is for: its vintage, or those in it that its facts state."""
    if not lot.vintage:
        raise Refused("missing_fact", unit=lot.unit, missing="vintage")
    days = [date(lot.vintage, 1, 1), date(lot.vintage, 12, 31)]
    for at, name in enumerate(MONITORED):
        if name in lot.facts:
            day = day_in(lot.facts[name])
            if day is None or day.year != lot.vintage:
                expected = f"a day, e.g. {lot.vintage}-01-01"
                raise Refused("bad_text", field=name, found=lot.facts[name], expected=expected)
            days[at] = day
    if days[0] > days[1]:
        expected = "days of one year, the first one first"
        found = f"{days[0]} - {days[1]}"
        raise Refused("bad_text", field="monitored", found=found, expected=expected)
    return days[0], days[1]
