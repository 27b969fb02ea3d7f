"""How many: limits over what an entity uses, the figures that they are shares of, and how law
derives one figure from others. Quantities are whole tonnes; shares are exact fractions.
"""

from __future__ import annotations

from typing import Literal

from onetonne.rules.clauses import Row, Says, Test, Version


class Weight(Row, frozen=True, kw_only=True):
    """How many tonnes of a limit one unit takes up, where it is not one: 120% is 1.2."""

    when: Test
    versions: tuple[Version, ...]


class Limit(Row, frozen=True, kw_only=True):
    """At most a share of a base (`base`), of another limit (`part_of`), or an amount (neither), in
    whole tonnes rounded down, over the lots for which `counts` holds.

    `carries`: which share of the room that the period before left unused is added. `by_year`: each
    year of a period has its own share of its own base. `pot`: these years share one room, uses of
    the systems `with_uses` included. `among`: a minimum; of all that is used among these, at least
    the share is what `counts`. `scope`: over the entity's uses, or over the whole system's.
    `compartment`: for removals only, where the system keeps them apart.
    """

    code: str
    says: Says
    counts: Test
    shares: tuple[Version, ...]
    base: str = ""
    part_of: str = ""
    carries: tuple[Version, ...] = ()
    by_year: bool = False
    pot: tuple[int, int] | None = None
    with_uses: tuple[str, ...] = ()
    among: Test | None = None
    weighs: tuple[Weight, ...] = ()
    scope: Literal["entity", "system"] = "entity"
    compartment: Literal["", "removals"] = ""


class Term(Row, frozen=True, kw_only=True):
    """A share of a figure less an amount, for entities for which `when` holds. `years`: the figure
    of these years together, not of the period."""

    of: str
    shares: tuple[Version, ...]
    less: int = 0
    when: Test | None = None
    years: tuple[int, int] | None = None


class Base(Row, frozen=True, kw_only=True):
    """A figure that law derives from others: the greatest of its terms that apply."""

    code: str
    says: Says
    terms: tuple[Term, ...]
