"""Finality: a period of an NDC is closed before its review starts, and its adjustments stand.

What is first transferred or recalled of its vintages afterwards is summed apart, as errata that no
balance of the period holds. Source: 2/CMA.3 annex, paragraph 12.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from onetonne.ledger.article6.recalls import RECALLED
from onetonne.ledger.shapes import ActShape, EventShape

if TYPE_CHECKING:
    from onetonne.ledger.article6.tables import Ndc
    from onetonne.ledger.state import State

LATE = "late_transfer"
LATE_RECALL = "late_recall"
"""First transfers and recalls of a closed period, as sums of their own."""
AFTERWARDS = {"first_transfer": LATE, RECALLED: LATE_RECALL}


class ClosePeriod(ActShape, frozen=True, tag="close_period"):
    """The Party's adjustments for the period that holds `year` are final."""

    party: str
    year: int
    digest: str


class PeriodClosed(EventShape, frozen=True, tag="period_closed"):
    party: str
    first: int
    last: int
    day: date
    digest: str


def closed(state: State, e: PeriodClosed, seq: int) -> None:
    """The pledge bears the entry that closed its period."""
    key = e.party, e.first
    state.put("ndcs", key, replace(state.ndcs[key], closed=seq))


def closing(state: State, party: str, year: int) -> Ndc | None:
    """The closed pledge of a Party whose period holds a year, if there is one."""
    for row in state.ndcs.values():
        if row.party == party and row.first <= year <= row.last and row.closed:
            return row
    return None


def basis(state: State, party: str, year: int, usual: str) -> str:
    """Under which sum units of a vintage count: those of a closed period stand apart."""
    return AFTERWARDS[usual] if closing(state, party, year) else usual
