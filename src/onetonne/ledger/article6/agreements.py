"""Agreements between Parties: a dated register of what cooperative approaches rest on.

An approach may name its agreement. Nothing is authorised under it on a day on which that is not in
force. Source: 2/CMA.3 annex, paragraph 18: what an initial report says of an approach.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from onetonne.ledger.shapes import ActShape, EventShape

if TYPE_CHECKING:
    from onetonne.ledger.state import State


class RecordAgreement(ActShape, frozen=True, tag="record_agreement"):
    """An agreement, or its next version, whole: its Parties, and from when until when it holds."""

    agreement: str
    title: str
    parties: tuple[str, ...]
    since: date
    digest: str
    until: date | None = None


class AgreementRecorded(EventShape, frozen=True, tag="agreement_recorded"):
    agreement: str
    version: int
    title: str
    parties: tuple[str, ...]
    since: date
    digest: str
    until: date | None = None


class Agreement(msgspec.Struct, frozen=True, gc=False):
    """The newest version."""

    agreement: str
    version: int
    title: str
    parties: tuple[str, ...]
    since: date
    until: date | None
    digest: str
    recorded: int

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day; both its days are."""
        return self.since <= day and (self.until is None or day <= self.until)


def recorded(state: State, e: AgreementRecorded, seq: int) -> None:
    """The register's row as the event states it."""
    row = Agreement(e.agreement, e.version, e.title, e.parties, e.since, e.until, e.digest, seq)
    state.put("agreements", e.agreement, row)


def lapsed(state: State, approach: str, day: date) -> Agreement | None:
    """The agreement of an approach that is not in force on a day; None where it is, or none is
    named."""
    row = state.approaches.get(approach)
    found = state.agreements.get(row.agreement) if row is not None else None
    return None if found is None or found.holds(day) else found
