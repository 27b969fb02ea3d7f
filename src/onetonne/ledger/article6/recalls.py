"""A recall: unused units go back to their host, where the terms said so beforehand.

The host opens a case and nothing moves. Once the other Party consents, the units end at home and
the adjustment is taken back, as an erratum that stands apart. Source: 4/CMA.6, by which what was
first transferred is not touched but by terms that were stated in advance.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from onetonne.ledger.shapes import ActShape, EventShape, Item

if TYPE_CHECKING:
    from onetonne.ledger.state import State

RECALLED = "recalled"
"""What is taken back from first transfers, as a sum of its own."""
HOME = "towards_ndc_host"
"""Where recalled units end: the host counts them itself again."""
MAX_DAYS = 36_525


class OpenRecall(ActShape, frozen=True, tag="open_recall"):
    """The host asks units back that were first transferred under an authorisation."""

    recall: str
    authorisation: str
    items: tuple[Item, ...]
    digest: str
    reason: str = ""


class ConsentToRecall(ActShape, frozen=True, tag="consent_to_recall"):
    """The Party whose accounts hold the units consents, as its document says; they go back."""

    recall: str
    party: str
    digest: str


class RecallOpened(EventShape, frozen=True, tag="recall_opened"):
    """`party` holds the blocks; after `until` it is too late for its consent."""

    recall: str
    authorisation: str
    party: str
    blocks: tuple[tuple[int, int, int], ...]
    day: date
    until: date
    digest: str
    reason: str = ""


class RecallConsented(EventShape, frozen=True, tag="recall_consented"):
    recall: str
    party: str
    day: date
    digest: str


class Recalled(EventShape, frozen=True, tag="recalled"):
    """Blocks of one lot whose first transfer adjusts nothing any more; the moves stand beside."""

    recall: str
    lot: int
    blocks: tuple[tuple[int, int], ...]
    authorisation: str
    version: int
    day: date


class Recall(msgspec.Struct, frozen=True, gc=False):
    """A case; `consented` is the entry by which the units went back, 0 while nothing moved."""

    recall: str
    authorisation: str
    party: str
    blocks: tuple[tuple[int, int, int], ...]
    day: date
    until: date
    digest: str
    opened: int
    consented: int = 0


def opened(state: State, e: RecallOpened, seq: int) -> None:
    """The case stands open."""
    row = Recall(e.recall, e.authorisation, e.party, e.blocks, e.day, e.until, e.digest, seq)
    state.put("recalls", e.recall, row)


def consented(state: State, e: RecallConsented, seq: int) -> None:
    """The case is settled."""
    state.put("recalls", e.recall, replace(state.recalls[e.recall], consented=seq))
