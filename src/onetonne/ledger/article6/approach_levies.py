"""Levies that a cooperative approach takes of its own accord, for adaptation and for mitigation.

Article 6.2 asks for none; Parties may agree on them (2/CMA.3 annex, paragraphs 37 and 39). A policy
is a dated version on its approach. Each serial is levied once: when it is issued or first
transferred; what is levied is first transferred, so that its host adjusts for it too.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from onetonne.ledger.article6.levies import Share
from onetonne.ledger.shapes import ActShape, EventShape

if TYPE_CHECKING:
    from onetonne.ledger.article6.tables import Approach
    from onetonne.ledger.state import State

UNITS, CASH, NONE = "UNITS", "CASH", "NONE"
SOP_KINDS = (UNITS, CASH, NONE)
"""The share of proceeds is given in units, is owed in money, or there is none."""
ISSUED, FIRST_TRANSFERRED = "ISSUED", "FIRST_TRANSFERRED"
BASES = (ISSUED, FIRST_TRANSFERRED)
SUMS = {"sop": "sop_levied", "omge": "omge_levied", "owed": "sop_owed"}
"""The sums of what approaches levied, and of the units whose worth is owed in money."""


class SetLevyPolicy(ActShape, frozen=True, tag="set_levy_policy"):
    """What a cooperative approach levies from now on; nothing, where neither share is named.

    `sop` and `omge` are shares such as 1/20 of what is issued or first transferred (`base`).
    `rounding` is one for both; empty: as the registry rounds those of Article 6.4. Of projects that
    are `exempt` nothing is levied.
    """

    approach: str
    digest: str
    sop: str = ""
    sop_kind: str = NONE
    omge: str = ""
    base: str = FIRST_TRANSFERRED
    rounding: str = ""
    exempt: tuple[str, ...] = ()


class LevyPolicySet(EventShape, frozen=True, tag="levy_policy_set"):
    """The next version of an approach's policy, whole; it holds from `day` on."""

    approach: str
    version: int
    day: date
    digest: str
    sop: str = ""
    sop_kind: str = NONE
    omge: str = ""
    base: str = FIRST_TRANSFERRED
    rounding: str = ""
    exempt: tuple[str, ...] = ()


class ApproachLevied(EventShape, frozen=True, tag="approach_levied"):
    """What was levied of blocks of one lot, by a version of the approach's `policy`: lowest serials
    for adaptation, then for overall mitigation. `owed` is a share of proceeds in money, as units
    whose worth it is. The moves stand beside it."""

    lot: int
    blocks: tuple[tuple[int, int], ...]
    approach: str
    policy: int
    authorisation: str
    version: int
    base: str
    day: date
    rest: int
    shares: tuple[Share, ...] = ()
    owed: tuple[Share, ...] = ()
    levy_capped: bool = False


class LevyPolicy(msgspec.Struct, frozen=True, gc=False):
    """One version of an approach's policy; `entry` set it."""

    version: int
    day: date
    digest: str
    sop: str
    sop_kind: str
    omge: str
    base: str
    rounding: str
    exempt: tuple[str, ...]
    entry: int

    @property
    def takes(self) -> bool:
        return bool(self.sop or self.omge)


class LevyTaken(msgspec.Struct, frozen=True, gc=False):
    """A block that an approach levied, in whole or by its share: no approach does so again."""

    lot: int
    first: int
    next: int
    approach: str
    policy: int
    day: date
    entry: int


def policy_on(row: Approach, day: date) -> LevyPolicy | None:
    """The newest version that holds on a day, if it takes anything."""
    found = next((one for one in reversed(row.levies) if one.day <= day), None)
    return found if found is not None and found.takes else None


def policy_set(state: State, e: LevyPolicySet, seq: int) -> None:
    """The approach bears one version more."""
    old = state.approaches[e.approach]
    fields = {name: getattr(e, name) for name in LevyPolicy.__struct_fields__ if name != "entry"}
    levies = (*old.levies, LevyPolicy(**fields, entry=seq))
    state.put("approaches", e.approach, replace(old, levies=levies))
