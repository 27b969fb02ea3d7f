"""What happened under a crediting mechanism, as the journal keeps it: additive only.

Each event carries what decided: rates, roundings and policies stand in it, so that a replay asks
no lawbook.
"""

from datetime import date

from onetonne.ledger.article6.levies import Share
from onetonne.ledger.shapes import EventShape


class ActivitySubmitted(EventShape, frozen=True, tag="activity_submitted"):
    activity: str
    mechanism: str
    unit: str
    crediting: str
    participants: tuple[int, ...]
    digest: str
    day: date
    risk: str = ""
    transition: date | None = None


class ActivityAdvanced(EventShape, frozen=True, tag="activity_advanced"):
    """A step of an activity: from one state into another, with what the step sets."""

    activity: str
    step: str
    before: str
    after: str
    digest: str
    day: date
    first: date | None = None
    last: date | None = None
    sop_exempt: bool = False


class ReductionsVerified(EventShape, frozen=True, tag="reductions_verified"):
    activity: str
    first: date
    last: date
    quantity: int
    digest: str


class CreditsLevied(EventShape, frozen=True, tag="credits_levied"):
    """What an issuance was levied; lowest serials first, in the order of the shares, then what is
    left for the participants. The moves stand beside it."""

    lot: int
    activity: str
    mechanism: str
    verification: int
    day: date
    shares: tuple[Share, ...]
    rest: int
    levy_capped: bool = False
    sop_exempt: bool = False
    buffer_base: str = ""


class BoundaryDeclared(EventShape, frozen=True, tag="boundary_declared"):
    project: str
    route: str
    keys: tuple[str, ...]
    since: date
    digest: str


class RouteChanged(EventShape, frozen=True, tag="route_changed"):
    project: str
    route: str
    since: date
    digest: str


class ReductionClaimed(EventShape, frozen=True, tag="reduction_claimed"):
    """A lot was issued for what happened at these keys in these days; nobody else may be."""

    lot: int
    project: str
    keys: tuple[str, ...]
    first: date
    last: date


class ReversalReported(EventShape, frozen=True, tag="reversal_reported"):
    """`own` and `pool` units of the buffer were cancelled for it; what is left is owed."""

    activity: str
    kind: str
    quantity: int
    day: date
    digest: str
    own: int = 0
    pool: int = 0


class ReversalRemedied(EventShape, frozen=True, tag="reversal_remedied"):
    reversal: int
    quantity: int


class BufferSettled(EventShape, frozen=True, tag="buffer_settled"):
    activity: str
    outcome: str
    quantity: int
    digest: str


class EarlierUsed(EventShape, frozen=True, tag="earlier_used"):
    """Units of an earlier mechanism were used towards a Party's first NDC. No host adjusts."""

    lot: int
    blocks: tuple[tuple[int, int], ...]
    source: int
    party: str
    year: int
    day: date
    registered: str


MechanismEvent = (
    ActivitySubmitted
    | ActivityAdvanced
    | ReductionsVerified
    | CreditsLevied
    | BoundaryDeclared
    | RouteChanged
    | ReductionClaimed
    | ReversalReported
    | ReversalRemedied
    | BufferSettled
    | EarlierUsed
)
