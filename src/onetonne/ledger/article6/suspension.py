"""A suspended authorisation: nothing new comes under it until it is resumed.

It has not ended: it still holds its scope and what it promises. What was first transferred under it
stays as it is (4/CMA.6).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from onetonne.ledger.shapes import ActShape, EventShape

if TYPE_CHECKING:
    from onetonne.ledger.state import State


class SuspendAuthorisation(ActShape, frozen=True, tag="suspend_authorisation"):
    """Until it is resumed, nothing new is first transferred under an authorisation."""

    authorisation: str
    digest: str
    reason: str = ""


class ResumeAuthorisation(ActShape, frozen=True, tag="resume_authorisation"):
    """A suspended authorisation is in force again, with the terms that it had."""

    authorisation: str
    digest: str
    reason: str = ""


class AuthorisationSuspended(EventShape, frozen=True, tag="authorisation_suspended"):
    authorisation: str
    version: int
    day: date
    digest: str
    reason: str = ""


class AuthorisationResumed(EventShape, frozen=True, tag="authorisation_resumed"):
    authorisation: str
    version: int
    day: date
    digest: str
    reason: str = ""


def suspended(state: State, e: AuthorisationSuspended, seq: int) -> None:
    """The row bears the entry that suspended it."""
    _mark(state, e, seq)


def resumed(state: State, e: AuthorisationResumed, seq: int) -> None:
    """The row bears none any more."""
    _mark(state, e, 0)


def _mark(state: State, e: AuthorisationSuspended | AuthorisationResumed, seq: int) -> None:
    key = e.authorisation, e.version
    state.put("authorisations", key, replace(state.authorisations[key], suspended=seq))
