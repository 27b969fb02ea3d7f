"""A quick yes to the question of room: what units take up of each limit is worked out once for
equal facts, so that an ordinary surrender adds whole numbers up and compares them.

It says yes only where the law engine would (its own functions are asked, unit by unit, and what a
period before leaves over is left out); to everything else the engine itself answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from onetonne.rules import limits
from onetonne.rules.compose import held
from onetonne.rules.facts import Known
from onetonne.rules.law import Share
from onetonne.rules.limits import At
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Book, Used

Number = int | Fraction


class Load(NamedTuple):
    """What one unit takes up: of each limit by place, and how far it fits each minimum share.
    `known` is False where law does not say."""

    takes: tuple[tuple[int, Number], ...]
    fits: tuple[tuple[int, Number], ...]
    brings: tuple[int, ...] = ()
    known: bool = True


class Limited(NamedTuple):
    """The limits that stand, each with its room while nothing is used; of a minimum share the
    share itself. `wide` are those of the system over what all entities use."""

    whole: tuple[Number, ...]
    shares: tuple[Fraction | None, ...]
    wide: frozenset[str]


def limited(at: At) -> Limited:
    """The limits' rooms under the figures of the question, nothing used and nothing carried."""
    bare = At(at.system, at.period, None, _with(at, Book(at.book.bases, ())))
    whole: list[Number] = []
    shares: list[Fraction | None] = []
    for limit, version in limits.standing(bare):
        if limit.among is None:
            whole.append(limits.left(bare, limit)[0])
            shares.append(None)
        else:
            told = [r.fraction for r in version.chosen(at.ask.policy) if isinstance(r, Share)]
            whole.append(0)
            shares.append(max(told, default=Fraction(0)))
    wide = [code for code, limit in at.system.limits.items() if limit.scope == "system"]
    return Limited(tuple(whole), tuple(shares), frozenset(wide))


def load(at: At, facts: dict[str, Known], used: Used | None = None) -> Load:
    """What a unit of these facts takes up; with `used`, as one that was used before."""
    told = at.told(facts)
    takes: list[tuple[int, Number]] = []
    fits: list[tuple[int, Number]] = []
    brings: list[int] = []
    for place, (limit, _) in enumerate(limits.standing(at)):
        if used is not None and not limits.uses_of(_asking(at, used), limit):
            continue
        if limits.counts(at.system, limit, told) is Held.FAILS:
            continue
        low, high = limits.weight(at, limit, told)
        if high is None:
            return Load((), (), known=False)
        answer = held(limit.counts, told)
        if limit.among is None and used is not None and answer is Held.FAILS:
            continue
        takes.append((place, high))
        if limit.among is not None and answer is Held.HOLDS:
            sure = limits.counts(at.system, limit, told) is Held.HOLDS
            fits += [(place, low)] if sure else []
            brings.append(place)
    return Load(tuple(takes), tuple(fits), tuple(brings))


def _with(at: At, book: Book) -> Ask:
    return Ask(
        system=at.ask.system, day=at.ask.day, facts=at.ask.facts, period=at.ask.period,
        policy=at.ask.policy, strict=at.ask.strict, book=book,
    )  # fmt: skip


def _asking(at: At, used: Used) -> At:
    return at._replace(ask=_with(at, Book(at.book.bases, (used,))))


class Sum:
    """What was used of each limit so far; it goes on from the `seen`-th change of an operator."""

    __slots__ = ("fit", "known", "seen", "taken")

    def __init__(self, limits: int) -> None:
        self.seen, self.known = 0, True
        self.taken: list[Number] = [0] * limits
        self.fit: list[Number] = [0] * limits

    def add(self, one: Load, tonnes: int) -> None:
        """Tonnes more, or less."""
        self.known = self.known and one.known
        for place, number in one.takes:
            self.taken[place] += tonnes if number == 1 else number * tonnes
        for place, number in one.fits:
            self.fit[place] += tonnes if number == 1 else number * tonnes


def fits(stands: Limited, asked: Sequence[tuple[Load, int]], used: Sequence[Sum]) -> bool:
    """Whether what is asked surely fits beside what was used."""
    wanted: dict[int, Number] = {}
    brought: dict[int, int] = {}
    for one, tonnes in asked:
        if not one.known:
            return False
        for place, number in one.takes:
            wanted[place] = wanted.get(place, 0) + (tonnes if number == 1 else number * tonnes)
        for place in one.brings:
            brought[place] = brought.get(place, 0) + tonnes
    for sum_ in used:
        if not sum_.known:
            return False
    for place, need in wanted.items():
        taken: Number = need
        fit: Number = brought.get(place, 0)
        for sum_ in used:
            taken += sum_.taken[place]
            fit += sum_.fit[place]
        if not _within(taken, fit, stands.whole[place], stands.shares[place]):
            return False
    return True


def _within(taken: Number, fit: Number, whole: Number, share: Fraction | None) -> bool:
    """At most the whole; of a minimum share, at most fit / share in all, without dividing."""
    if share is None:
        return taken <= whole
    return bool(share) and taken * share.numerator <= fit * share.denominator
