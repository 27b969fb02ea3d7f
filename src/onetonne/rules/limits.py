"""The second stage: how much room a limit leaves, in whole tonnes, rounded down, never up.

A room is a share of a base, less what the entity used of units that count against the limit, plus
what the period before left and law carries over. Every figure is a pair: what is certain under
every reading, and what is possible under the best (None: without end).
"""

from __future__ import annotations

from collections.abc import Iterable

from onetonne.rules.compose import held
from onetonne.rules.facts import presumptions
from onetonne.rules.law import Limit, Period, Share, System, in_force
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Book, Room

Range = tuple[int, int | None]
"""Certain, possible."""
NOTHING: Range = (0, 0)


def rooms(system: System, period: Period, before: Period | None, ask: Ask) -> list[Room]:
    """The room under every limit that the unit may count against. `ask.book` must be given."""
    book = ask.book
    assert book is not None
    facts = ask.facts if ask.strict else {**presumptions(ask.facts), **ask.facts}
    found = []
    for limit in system.limits.values():
        version = in_force(limit.shares, period.first)
        applies = held(limit.counts, facts)
        if version is None or applies is Held.FAILS:
            continue
        if version.readings == (None,):
            continue  # repealed: there is no such limit
        low, high = _room(system, limit, (period, before), ask, book)
        carried = in_force(limit.carries, period.first)
        found.append(
            Room(
                limit=limit.code, says=limit.says, applies=applies,
                share=" | ".join(str(r) for r in version.readings),
                certain=low, possible=high,
                open=tuple(v.open for v in (version, carried) if v and v.open),
                cites=tuple(system.citations[c] for c in version.cites),
            )
        )  # fmt: skip
    return found


def _room(
    system: System, limit: Limit, at: tuple[Period, Period | None], ask: Ask, book: Book
) -> Range:
    """What is left of the limit in the first of the two periods, with what the other carries."""
    if limit.code in book.rooms:
        return book.rooms[limit.code], book.rooms[limit.code]
    period, before = at
    own = _left(system, limit, period, ask, book)
    version = in_force(limit.carries, period.first)
    if version is None or before is None:
        return _positive(own)
    carried = _positive(_left(system, limit, before, ask, book))
    added = [_share(reading, carried) for reading in version.chosen(ask.policy)]
    return _positive(_plus(own, _spread(added)))


def _left(system: System, limit: Limit, period: Period, ask: Ask, book: Book) -> Range:
    """The limit of one period less its use; below zero where more was used."""
    whole = _whole(system, limit, period, ask, book)
    least, most = _used(limit, period.code, book)
    low = 0 if most is None else whole[0] - most
    return low, None if whole[1] is None else whole[1] - least


def _whole(system: System, limit: Limit, period: Period, ask: Ask, book: Book) -> Range:
    """The limit itself. An unknown base makes nothing certain and everything possible."""
    version = in_force(limit.shares, period.first)
    if version is None:
        return NOTHING
    if limit.part_of:
        base = _whole(system, system.limits[limit.part_of], period, ask, book)
    else:
        known = book.bases.get(limit.base, {}).get(period.code)
        base = (0, None) if known is None else (known, known)
    readings = version.chosen(ask.policy)
    return _spread([(0, None) if r is None else _share(r, base) for r in readings] or [(0, None)])


def _used(limit: Limit, period: str, book: Book) -> Range:
    if book.used is None:
        return 0, None
    least = most = 0
    for used in book.used:
        counts = Held.HOLDS if used.facts is None else held(limit.counts, used.facts)
        if used.period == period and counts is not Held.FAILS:
            most += used.tonnes
            least += used.tonnes if counts is Held.HOLDS else 0
    return least, most


def _share(reading: object, base: Range) -> Range:
    """A share of both ends, each rounded down; None is no share at all."""
    if not isinstance(reading, Share):
        return NOTHING
    low, high = base
    return low * reading.n // reading.d, None if high is None else high * reading.n // reading.d


def _plus(one: Range, other: Range) -> Range:
    high = None if one[1] is None or other[1] is None else one[1] + other[1]
    return one[0] + other[0], high


def _positive(found: Range) -> Range:
    return max(0, found[0]), None if found[1] is None else max(0, found[1])


def _spread(found: list[Range]) -> Range:
    """From the least of all readings to the most of any."""
    highs = [high for _, high in found if high is not None]
    return min(low for low, _ in found), max(highs) if len(highs) == len(found) else None


def settle(requested: int, found: Iterable[Room]) -> Range:
    """How many of `requested` all rooms let pass: certainly, and at best."""
    low, high = requested, requested
    for room in found:
        low = min(low, room.certain)
        if room.applies is Held.HOLDS and room.possible is not None:
            high = min(high, room.possible)
    return low, high
