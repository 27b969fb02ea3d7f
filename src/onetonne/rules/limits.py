"""The second stage: how much room a limit leaves, in whole units, rounded down, never up.

A room is a share of a base, less what the entity used of units that count against the limit, plus
what the period before left and law carries over. Every figure is a pair: what is certain under
every reading, and what is possible under the best (None: without end).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from onetonne.rules.act import of_act
from onetonne.rules.compose import every, held, opposite
from onetonne.rules.facts import Facts, presumptions
from onetonne.rules.figures import NOTHING, Range, figure, floored, readings_of, spread, times
from onetonne.rules.law import (
    Everywhere,
    Leaf,
    Limit,
    Period,
    Share,
    System,
    Test,
    Version,
    called,
    in_force,
)
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Book, Over, Part, Room, Used

ONE: Range = (1, 1)
REMOVAL = Leaf("one_of", ("activity_class",), frozenset({"RM"}))


class At(NamedTuple):
    """What a limit is asked under: the system, the period and the one before, the question."""

    system: System
    period: Period
    before: Period | None
    ask: Ask
    everywhere: Everywhere = Everywhere()

    @property
    def book(self) -> Book:
        return self.ask.book or Book()

    @property
    def facts(self) -> Facts:
        return self.told(self.ask.facts)

    def told(self, facts: Facts, presume: bool = True) -> Facts:
        """The facts with those of the act, and with what may be presumed."""
        given = of_act(self.everywhere, self.system, facts, self.ask.day, self.period)
        return {**presumptions(given), **given} if presume and not self.ask.strict else given


def rooms(at: At) -> list[Room]:
    """The room under every limit that the unit may count against. `ask.book` must be given."""
    found = []
    for limit, version in standing(at):
        applies = counts(at.system, limit, at.facts)
        if applies is Held.FAILS:
            continue
        if limit.among is not None:
            fits = held(limit.counts, at.facts)
            if fits is Held.HOLDS:
                continue  # of what a minimum asks for, nobody can use too much
            low, high = floored(positive(_spare(at, limit, version)))
            applies = applies if fits is Held.FAILS else Held.UNKNOWN
        else:
            low, high = _units(left(at, limit), weight(at, limit, at.facts))
        found.append(_room(at, limit, version, (low, high), applies))
    return found


def _room(
    at: At, limit: Limit, version: Version, found: tuple[int, int | None], applies: Held
) -> Room:
    carried = in_force(limit.carries, at.period.first)
    weighed = [in_force(w.versions, at.period.first) for w in limit.weighs
               if held(w.when, at.facts) is not Held.FAILS]  # fmt: skip
    return Room(
        limit=limit.code, says=limit.says, applies=applies,
        share=_share_told(at, limit, version), certain=found[0], possible=found[1],
        provisional=limit.among is not None,
        open=tuple(v.open for v in (version, carried, *weighed) if v and v.open),
        cites=tuple(at.system.citations[c] for c in version.cites),
    )  # fmt: skip


def _share_told(at: At, limit: Limit, version: Version) -> str:
    """The share as people read it: every reading, or that of each year where they differ."""
    if not limit.by_year:
        return " | ".join("-" if r is None else str(r) for r in version.readings)
    years = range(at.period.first.year, at.period.last.year + 1)
    found = [in_force(limit.shares, at.period.first.replace(year=year)) for year in years]
    return ", ".join(dict.fromkeys(str(r) for v in found if v for r in v.readings))


def standing(at: At) -> Iterator[tuple[Limit, Version]]:
    """The limits that are law for the period. One over a whole system's use needs that use."""
    for limit in at.system.limits.values():
        version = _law(at, limit)
        if version is not None and (limit.scope == "entity" or at.book.all_used is not None):
            yield limit, version


def _law(at: At, limit: Limit) -> Version | None:
    """The version in force, unless it repeals the limit or a policy takes it as no rule."""
    version = in_force(limit.shares, at.period.first)
    return None if version and version.chosen(at.ask.policy) == (None,) else version


def unasked(at: At) -> list[Limit]:
    """Limits over a whole system's use that could not be asked, for want of that use."""
    asked = {limit.code for limit, _ in standing(at)}
    return [x for x in at.system.limits.values() if x.scope == "system" and x.code not in asked
            and _law(at, x) is not None]  # fmt: skip


def counts(system: System, limit: Limit, facts: Facts) -> Held:
    """Whether such a unit is one of those that the limit speaks of."""
    answers = [held(limit.among or limit.counts, facts)]
    if system.removals is not None and system.removals.kept == "apart":
        removal = held(REMOVAL, facts)
        answers.append(removal if limit.compartment else opposite(removal))
    return every(answers)


def weight(at: At, limit: Limit, facts: Facts) -> Range:
    """How many tonnes of the limit one such unit takes up; (0, None) where law does not say."""
    for row in limit.weighs:
        applies = held(row.when, facts)
        version = in_force(row.versions, at.period.first)
        if applies is Held.FAILS or version is None:
            continue
        readings = version.chosen(at.ask.policy)
        ratios = [r.fraction for r in readings if isinstance(r, Share)]
        if not ratios:
            return 0, None
        if applies is Held.UNKNOWN or None in readings:
            ratios.append(Fraction(1))
        return min(ratios), max(ratios)
    return ONE


def _units(room: Range, one: Range) -> tuple[int, int | None]:
    """A room as whole units of which each takes up `one`."""
    low = 0 if one[1] is None else int(room[0] / Fraction(one[1]))
    if room[1] == 0:
        return low, 0  # nothing left is nothing, whatever one takes up
    high = None if room[1] is None or not one[0] else int(room[1] / Fraction(one[0]))
    return low, high


def left(at: At, limit: Limit) -> Range:
    """What is left of a limit, in its own tonnes, with what the period before carries over."""
    if limit.code in at.book.rooms:
        return at.book.rooms[limit.code], at.book.rooms[limit.code]
    own = _left(at, limit)
    version = in_force(limit.carries, at.period.first)
    if version is None or at.before is None:
        return positive(own)
    carried = positive(_left(at._replace(period=at.before), limit))
    added = [times(reading, carried) for reading in version.chosen(at.ask.policy)]
    return positive(_plus(own, spread(added)))


def _left(at: At, limit: Limit) -> Range:
    """The limit of one period less its use; below zero where more was used."""
    whole = _whole(at, limit)
    least, most = _used(at, limit, limit.counts)
    low = 0 if most is None else whole[0] - most
    return low, None if whole[1] is None else whole[1] - least


def _whole(at: At, limit: Limit) -> Range:
    """The limit itself. An unknown base makes nothing certain and everything possible."""
    version = in_force(limit.shares, at.period.first)
    if version is None:
        return NOTHING
    if limit.by_year:
        return floored(_by_year(at, limit))
    if limit.part_of:
        base = _whole(at, at.system.limits[limit.part_of])
    elif limit.base:
        base = figure(at.system, at.book, at.facts, limit.base, at.period, at.ask.policy, limit.pot)
    else:
        base = ONE  # an amount stands by itself
    found = _of_readings(readings_of(version, at.ask.policy), base)
    return found if limit.weighs else floored(found)


def _of_readings(readings: Sequence[object], base: Range) -> Range:
    """A base under every reading. One that there is no such limit takes nothing from what the
    others leave certain, and makes everything possible; no reading at all makes nothing certain."""
    low, high = spread([times(r, base) for r in readings if r is not None] or [(0, None)])
    return low, None if None in readings else high


def _by_year(at: At, limit: Limit) -> Range:
    """Each year's share of that year's base; where only the whole is known, one share must do."""
    total: Range = NOTHING
    years = range(at.period.first.year, at.period.last.year + 1)
    versions = [in_force(limit.shares, at.period.first.replace(year=year)) for year in years]
    given = at.book.bases.get(limit.base, {})
    whole = given.get(at.period.code, given.get(""))
    if whole is not None and not any(str(year) in given for year in years):
        ends = [_of_readings(readings_of(v, at.ask.policy), (whole, whole)) for v in versions if v]
        return spread(ends) if all(versions) else (0, None)
    for year, version in zip(years, versions, strict=True):
        base = given.get(str(year))
        known_base: Range = (0, None) if base is None else (base, base)
        if version is not None:
            total = _plus(total, _of_readings(readings_of(version, at.ask.policy), known_base))
    return total


def uses_of(at: At, limit: Limit) -> Sequence[Used] | None:
    """The uses that may count: of this period or pot, of this system or those named."""
    rows = at.book.all_used if limit.scope == "system" else at.book.used
    if rows is None:
        return None
    return [row for row in rows if _of_time(at, limit, row.period)
            and (not row.system or row.system == at.system.code
                 or row.system in limit.with_uses)]  # fmt: skip


def _of_time(at: At, limit: Limit, name: str) -> bool:
    if limit.pot is None or not name:
        return not name or called(at.period, name)
    first, last = limit.pot
    return first <= int(name) <= last if name.isdigit() else True


def _used(at: At, limit: Limit, test: Test, nameless: Held = Held.HOLDS) -> Range:
    """Tonnes of the limit that were used: at least, at most. `nameless`: what is taken of use of
    which nobody said of what."""
    rows = uses_of(at, limit)
    if rows is None:
        return 0, None
    least: Fraction | int = 0
    most: Fraction | int | None = 0
    own = limit.scope == "entity"  # of what others used only the type is known: nothing presumed
    for row in rows:
        facts = _facts_of(at, row, own)
        answer = nameless if facts is None else every(
            [held(test, facts), counts(at.system, limit, facts)])  # fmt: skip
        if answer is Held.FAILS:
            continue
        one = ONE if row.weighed or facts is None else weight(at, limit, facts)
        least += row.tonnes * one[0] if answer is Held.HOLDS else 0
        most = None if most is None or one[1] is None else most + row.tonnes * one[1]
    return least, most


def _facts_of(at: At, row: Used, presume: bool) -> Facts | None:
    """What is known of units that were used; None where nobody said of which kind they were."""
    if row.facts is None:
        return None
    facts = at.told(row.facts, presume)
    return {name: value for name, value in facts.items() if name not in row.unsure}


def _spare(at: At, limit: Limit, version: Version) -> Range:
    """What else may be used before the minimum share is broken: Q / share - all that is used."""
    assert limit.among is not None
    fit = _used(at, limit, limit.counts, nameless=Held.UNKNOWN)
    total = _used(at, limit, limit.among)
    readings = version.chosen(at.ask.policy)
    shares = [r.fraction for r in readings if isinstance(r, Share)]
    if not shares or total[1] is None or fit[1] is None:
        return 0, None
    if not min(shares) or None in readings:
        return fit[0] / max(shares) - total[1] if max(shares) else 0, None
    return fit[0] / max(shares) - total[1], fit[1] / min(shares) - total[0]


def over(at: At, parts: Sequence[Part]) -> list[Over]:
    """Each limit that all parts together exceed: what they ask of it, and the room that it has."""
    found = []
    for limit, version in standing(at):
        asked: Fraction | int | None = 0
        fits: Fraction | int = 0
        for part in parts:
            facts = at.told(part.facts)
            if counts(at.system, limit, facts) is Held.FAILS:
                continue
            one = weight(at, limit, facts)[1]
            asked = None if asked is None or one is None else asked + part.quantity * one
            if limit.among is not None and held(limit.counts, facts) is Held.HOLDS:
                fits += part.quantity
        if asked == 0 or (limit.among is not None and fits == asked):
            continue  # a basket of what a minimum asks for only mends it
        room = _room_of_all(at, limit, version, fits)
        if asked is None or asked > room:
            cites = tuple(at.system.citations[c] for c in version.cites)
            found.append(Over(limit=limit.code, says=limit.says, room=max(0, int(room)),
                              asked=None if asked is None else -int(-asked // 1),
                              provisional=limit.among is not None,
                              open=version.open, cites=cites))  # fmt: skip
    return found


def _room_of_all(at: At, limit: Limit, version: Version, fits: Fraction | int) -> Fraction | int:
    """What the parts together may ask of a limit; of a minimum, with what they bring themselves."""
    if limit.among is None:
        return left(at, limit)[0]
    shares = [r.fraction for r in version.chosen(at.ask.policy) if isinstance(r, Share)]
    spare = _spare(at, limit, version)[0]
    most = max(shares, default=Fraction(0))
    return spare + fits / most if most else spare


def _plus(one: Range, other: Range) -> Range:
    high = None if one[1] is None or other[1] is None else one[1] + other[1]
    return one[0] + other[0], high


def positive(found: Range) -> Range:
    """Never below zero."""
    return max(0, found[0]), None if found[1] is None else max(0, found[1])


def settle(requested: int, found: Iterable[Room]) -> tuple[int, int]:
    """How many of `requested` all rooms let pass: certainly, and at best."""
    low, high = requested, requested
    for room in found:
        low = min(low, room.certain)
        if room.applies is Held.HOLDS and room.possible is not None:
            high = min(high, room.possible)
    return low, high
