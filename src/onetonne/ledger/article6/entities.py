"""Entities of an authorisation: one of them may be withdrawn, the authorisation stays.

What it holds of first transferred units stays its own and is used as before; it gets no more of
them, from whomever. A withdrawal holds for every later version too.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from onetonne.ledger.shapes import ActShape, EventShape

if TYPE_CHECKING:
    from onetonne.ledger.state import State


class WithdrawEntity(ActShape, frozen=True, tag="withdraw_entity"):
    """An account that an authorisation names gets no more units under it."""

    authorisation: str
    account: int
    digest: str
    reason: str = ""


class EntityWithdrawn(EventShape, frozen=True, tag="entity_withdrawn"):
    authorisation: str
    version: int
    account: int
    day: date
    digest: str
    reason: str = ""


def withdrawn(state: State, e: EntityWithdrawn, seq: int) -> None:
    """The row keeps the account among those that were withdrawn."""
    key = e.authorisation, e.version
    old = state.authorisations[key]
    state.put("authorisations", key, replace(old, withdrawn=(*old.withdrawn, e.account)))


def barred(state: State) -> dict[int, set[str]]:
    """The accounts that were withdrawn, each with the authorisations that it was withdrawn from."""
    found: dict[int, set[str]] = {}
    for row in state.authorisations.values():
        for account in () if row.superseded else row.withdrawn:
            found.setdefault(account, set()).add(row.authorisation)
    return found
