"""What a unit stands for: a tonne, unless a limit of the system's law weighs it otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from onetonne.rules import limits
from onetonne.rules.facts import Facts
from onetonne.rules.verbs import Held


def worth(asked: limits.At, lots: Iterable[tuple[int, Facts]]) -> dict[int, Fraction]:
    """Tonnes that one unit of each lot deducts, by lot, where that is not one; of a weight that
    law leaves open the least."""
    weighed = [limit for limit, _ in limits.standing(asked) if limit.weighs]
    found: dict[int, Fraction] = {}
    for lot, facts in lots if weighed else ():
        told = asked.told(facts)
        for limit in weighed:
            if limits.counts(asked.system, limit, told) is Held.HOLDS:
                found[lot] = Fraction(limits.weight(asked, limit, told)[0])
    return found
