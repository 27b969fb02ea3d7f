"""Non-market contributions (Article 6.8): finance, technology and capacity building, no units.

A register of what one side gives another for mitigation or adaptation. It holds no tonnes, moves
no serials and adjusts nothing. Source: Paris Agreement, Article 6.8; decision 4/CMA.3.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from onetonne.ledger.shapes import ActShape, EventShape

if TYPE_CHECKING:
    from onetonne.ledger.state import State

KINDS = ("finance", "technology", "capacity")
_UNITS = re.compile(
    r"(?<![a-z'’])t(?:co2e?)?\b|\bco2e?\b|\b(?:kilo|mega)?tonn?e?s?\b|\bserials?\b|\blots?\b"
    r"|\bunits?\b|\bcarbon credits?\b|\bmitigation outcomes?\b|\bitmos?\b|\bvintages?\b"
    r"|\bcorresponding adjustments?\b|噸|序號|減量單位|減緩成果|碳權|相應調整",
    re.IGNORECASE,
)


class RecordContribution(ActShape, frozen=True, tag="record_contribution"):
    """A contribution, or its next version, whole. It comes from the Party `giver` or a `company`
    (of that Party, where one is named), and goes to the Party `receiver`; `activity` says what
    for."""

    contribution: str
    kind: str
    receiver: str
    digest: str
    giver: str = ""
    company: str = ""
    amount: str = ""
    currency: str = ""
    since: date | None = None
    until: date | None = None
    activity: str = ""
    facts: dict[str, str] = msgspec.field(default_factory=dict)


class WithdrawContribution(ActShape, frozen=True, tag="withdraw_contribution"):
    """A contribution is no longer given; what was recorded stays readable."""

    contribution: str
    digest: str
    reason: str = ""


class ContributionRecorded(EventShape, frozen=True, tag="contribution_recorded"):
    """A version of a contribution, whole; the first is 1. Names and activity are commitments."""

    contribution: str
    version: int
    kind: str
    receiver: str
    digest: str
    giver: str = ""
    company: str = ""
    amount: str = ""
    currency: str = ""
    since: date | None = None
    until: date | None = None
    activity: str = ""
    facts: dict[str, str] = {}  # noqa: RUF012 - each struct gets its own


class ContributionWithdrawn(EventShape, frozen=True, tag="contribution_withdrawn"):
    contribution: str
    version: int
    digest: str
    reason: str = ""


class Contribution(msgspec.Struct, frozen=True, gc=False):
    """The newest version; `withdrawn` is the entry that ended it."""

    contribution: str
    version: int
    kind: str
    giver: str
    company: str
    receiver: str
    amount: str
    currency: str
    since: date | None
    until: date | None
    activity: str
    facts: dict[str, str]
    digest: str
    recorded: int
    withdrawn: int = 0


def speaks_of_units(text: str) -> bool:
    """Whether a text names tonnes, serials or units, in a word of ours: `tonnes`, `tCO2e`, 噸."""
    return _UNITS.search(text.replace("_", " ")) is not None


def recorded(state: State, e: ContributionRecorded, seq: int) -> None:
    """The register's row as the event states it."""
    names = [name for name in Contribution.__struct_fields__ if hasattr(e, name)]
    row = Contribution(**{name: getattr(e, name) for name in names}, recorded=seq)
    state.put("contributions", e.contribution, row)


def withdrawn(state: State, e: ContributionWithdrawn, seq: int) -> None:
    """The row ends; its last terms stay."""
    old = state.contributions[e.contribution]
    state.put("contributions", e.contribution, replace(old, version=e.version, withdrawn=seq))
