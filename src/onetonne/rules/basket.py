"""Several units of one act together: each through the gates, and all of them through the limits.

A share of what is used can only be asked of the whole basket. What the gates say of the same facts
on the same day under the same law is worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from onetonne.rules import limits
from onetonne.rules.compose import every
from onetonne.rules.judge import judge
from onetonne.rules.law import Lawbook, called, periods
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Book, Duty, Over, Part, Result, Verdict

MAX_KNOWN = 50_000
"""Gates kept: a registry's distinct lots of a season; each is some kilobytes."""
_known: dict[tuple[object, ...], Verdict] = {}


class Basket(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: the gates for each part, each limit that all exceed together, and what must
    follow. `quantity` is what was asked for, or 0."""

    result: Result
    verdicts: tuple[Verdict, ...]
    over: tuple[Over, ...] = ()
    duties: tuple[tuple[int, Duty], ...] = ()
    law: str = ""

    @property
    def refused(self) -> tuple[int, ...]:
        """The parts that the gates do not let pass, by number."""
        return tuple(n for n, v in enumerate(self.verdicts) if v.result != "ELIGIBLE")


def judge_basket(
    book: Lawbook,
    system: str,
    period: str,
    day: date,
    parts: Sequence[Part],
    entity: Book,
    policy: Mapping[str, int] | None = None,
) -> Basket:
    """Judge all parts as one surrender for one period. Raises KeyError for an unknown system."""
    ask = Ask(system=system, day=day, facts=parts[0].facts if parts else {}, period=period,
              policy=dict(policy or {}), book=entity)  # fmt: skip
    verdicts = tuple(_gates(book, ask, part) for part in parts)
    duties = tuple((n, duty) for n, v in enumerate(verdicts) for duty in v.duties)
    answers = {v.result for v in verdicts}
    if answers - {"ELIGIBLE"}:
        held = every([Held.FAILS if r == "NOT_ELIGIBLE" else Held.UNKNOWN
                      for r in answers - {"ELIGIBLE"}])  # fmt: skip
        result: Result = "NOT_ELIGIBLE" if held is Held.FAILS else "INDETERMINATE"
        return Basket(result=result, verdicts=verdicts, law=book.digest)
    found = book.systems[system]
    span = list(periods(found, day))
    this = next(p for p in span if called(p, period))
    earlier = [p for p in span if p.first < this.first]
    at = limits.At(found, this, earlier[-1] if earlier else None, ask, book.everywhere)
    over = tuple(limits.over(at, parts))
    return Basket(result="NOT_ELIGIBLE" if over else "ELIGIBLE", verdicts=verdicts, over=over,
                  duties=duties, law=book.digest)  # fmt: skip


def _gates(book: Lawbook, ask: Ask, part: Part) -> Verdict:
    """The gates for one part, from memory where the same was asked before."""
    alone = msgspec.structs.replace(ask, facts=part.facts, quantity=1, book=None)
    key = (book.digest, ask.system, ask.period, ask.day, tuple(sorted(ask.policy.items())),
           frozenset(part.facts.items()))  # fmt: skip
    found = _known.get(key) if book.digest else None
    if found is None:
        found = judge(book, alone)[0]
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        _known[key] = found
    return found
