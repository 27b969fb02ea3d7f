"""A host's plan: what it may sell of each sector and vintage, and what a tonne costs to replace.

A share is exact (`2/5`, `0.4`); what may be sold is the whole units of it. Authorisations are set
against the shares, the narrow ones first, so that their order does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from onetonne.ledger.article6.tables import Authorisation, Ndc
from onetonne.ledger.shapes import ActShape, EventShape
from onetonne.ledger.tables import Lot

if TYPE_CHECKING:
    from onetonne.ledger.state import State


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of `expected` units of a sector and vintages, the part that may be sold, at which price, and
    what a tonne in its place costs. Without `projects`: of all that no other share names."""

    sector: str
    first: int
    last: int
    expected: int
    share: str
    projects: tuple[str, ...] = ()
    price: str = ""
    replacement: str = ""

    @property
    def planned(self) -> int:
        return int(self.expected * Fraction(self.share))


class RecordPlan(ActShape, frozen=True, tag="record_plan"):
    """What a Party means to sell in the period of its NDC that holds `year`; a newer one counts.

    `projected` is the level before any transfer: of the last year where transfers are averaged,
    of the whole period else. Not known: empty.
    """

    party: str
    year: int
    digest: str
    shares: tuple[Share, ...]
    projected: str = ""
    currency: str = ""


class PlanRecorded(EventShape, frozen=True, tag="plan_recorded"):
    party: str
    first: int
    last: int
    version: int
    digest: str
    shares: tuple[Share, ...]
    projected: str = ""
    currency: str = ""


class Plan(msgspec.Struct, frozen=True, gc=False):
    """The newest version for a period, known by its first year."""

    party: str
    first: int
    last: int
    version: int
    shares: tuple[Share, ...]
    projected: str
    currency: str
    digest: str
    recorded: int


def recorded(state: State, e: PlanRecorded, seq: int) -> None:
    """The newest plan of a period."""
    names = [name for name in Plan.__struct_fields__ if name != "recorded"]
    row = Plan(**{name: getattr(e, name) for name in names}, recorded=seq)
    state.put("plans", (e.party, e.first), row)


class Claim(msgspec.Struct, frozen=True):
    """What an authorisation may still make or made of the shares (by place) that it may meet;
    `quantity` None: it has no cap."""

    authorisation: str
    quantity: int | None
    places: tuple[int, ...]


class Set(msgspec.Struct, frozen=True):
    """Claims set against shares: what each share has given, what of each claim found no place."""

    taken: tuple[int, ...]
    beyond: dict[str, int]


def places(
    shares: tuple[Share, ...], row: Authorisation, lots: Mapping[int, Lot]
) -> tuple[int, ...]:
    """The shares that an authorisation may meet: by its blocks, else its projects and vintages."""
    if row.blocks:
        named = {(lots[lot].project, lots[lot].vintage) for lot, _, _ in row.blocks}
        return tuple(
            n for n, one in enumerate(shares)
            if any(one.first <= year <= one.last and covers(shares, n, project)
                   for project, year in named)
        )  # fmt: skip
    return tuple(
        n for n, one in enumerate(shares)
        if one.first <= row.vintage_to and row.vintage_from <= one.last
        and (not row.projects or any(covers(shares, n, project) for project in row.projects))
    )  # fmt: skip


def covers(shares: tuple[Share, ...], place: int, project: str) -> bool:
    """Whether a project is of a share: named there, or named by no other of those years."""
    mine = shares[place]
    if mine.projects:
        return project in mine.projects
    return not any(
        project in one.projects
        for one in shares
        if one.first <= mine.last and mine.first <= one.last
    )


def attribute(shares: tuple[Share, ...], claims: Iterable[Claim]) -> Set:
    """Set claims against shares: what has no cap takes all, then the narrow go before the wide."""
    left = [one.planned for one in shares]
    taken = [0] * len(shares)
    beyond: dict[str, int] = {}

    def order(claim: Claim) -> tuple[bool, int, str]:
        return claim.quantity is not None, len(claim.places), claim.authorisation

    for claim in sorted(claims, key=order):
        rest = claim.quantity
        for place in claim.places:
            part = left[place] if rest is None else min(left[place], rest)
            left[place] -= part
            taken[place] += part
            rest = None if rest is None else rest - part
        if rest:
            beyond[claim.authorisation] = rest
    return Set(tuple(taken), beyond)


def claim_of(plan: Plan, row: Authorisation, dead: bool, lots: Mapping[int, Lot]) -> Claim:
    """What an authorisation claims of a plan: its cap, or once it has ended what it transferred."""
    quantity = row.transferred if dead else row.cap or None
    return Claim(row.authorisation, quantity, places(plan.shares, row, lots))


def meets(plan: Plan, row: Authorisation) -> bool:
    """Whether an authorisation speaks of vintages of the plan's period."""
    return row.vintage_from <= plan.last and plan.first <= row.vintage_to


def pledge_room(plan: Plan, ndc: Ndc, used: int) -> int | None:
    """Units that may be first transferred in all before the pledge is missed, by the projected
    level and the method of the NDC; None where the level or the goal is not known, or the metric
    is an indicator's. It may be negative."""
    if not plan.projected or ndc.metric != "GHG":
        return None
    path = sum(map(Fraction, ndc.path), Fraction(0)) if ndc.path else None
    goal = Fraction(ndc.goal) if ndc.goal else None
    level = path if ndc.method == "trajectory" else goal
    level = path if ndc.method == "budget" and level is None else level
    if level is None:
        return None
    years = ndc.last - ndc.first + 1 if ndc.method == "averaging" else 1
    spare = (level - Fraction(plan.projected)) * years + used
    return spare.numerator // spare.denominator
