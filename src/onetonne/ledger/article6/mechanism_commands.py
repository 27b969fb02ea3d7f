"""Acts of a crediting mechanism (Article 6.4): activities, issuance, reversals.

An activity is a registered project that a mechanism credits. Its units are issued by
`issue_credits` alone, which levies them; days of monitoring lie in one calendar year, the vintage.
Source: 3/CMA.3 annex; 7/CMA.4; 6/CMA.6.
"""

from datetime import date

from onetonne.ledger.shapes import ActShape, Item


class SubmitActivity(ActShape, frozen=True, tag="submit_activity"):
    """Give notice of an activity: a project, its mechanism, the accounts of its participants.

    `crediting` is a kind of crediting period; `risk` a share such as 1/10 of each issuance for the
    buffer against reversals. An activity of the CDM says in `transition` when it asked to move.
    """

    activity: str
    mechanism: str
    crediting: str
    participants: tuple[int, ...]
    digest: str
    risk: str = ""
    transition: date | None = None


class AdvanceActivity(ActShape, frozen=True, tag="advance_activity"):
    """Take an activity a step on: approve, validate, register, renew, suspend, resume, withdraw,
    end, close.

    With `approve` the host says until when it may be credited at most, and whether it is exempt
    from the share of proceeds; with `register` and `renew` the Supervisory Body sets the period.
    """

    activity: str
    step: str
    digest: str
    first: date | None = None
    last: date | None = None
    sop_exempt: bool = False


class VerifyReductions(ActShape, frozen=True, tag="verify_reductions"):
    """A designated operational entity certifies what an activity achieved in days of one year."""

    activity: str
    first: date
    last: date
    quantity: int
    digest: str


class IssueCredits(ActShape, frozen=True, tag="issue_credits"):
    """Issue units of an activity for what was verified, with their levies, into the pending
    account. `verification` is the entry of the certification."""

    verification: int
    quantity: int
    first_number: str = "1"


class ForwardCredits(ActShape, frozen=True, tag="forward_credits"):
    """Forward units of the pending account to a participant of their activity."""

    source: int
    target: int
    items: tuple[Item, ...]


class DeclareBoundary(ActShape, frozen=True, tag="declare_boundary"):
    """Where a project reduces emissions, and as which unit it is credited: one reduction, one
    mechanism.

    `keys` are a kind and a name: meter:, installation:, site: (latitude,longitude), programme:.
    `route` is a unit type of the lawbook. Keys are added to those declared before.
    """

    project: str
    route: str
    keys: tuple[str, ...]
    since: date
    digest: str


class ChangeRoute(ActShape, frozen=True, tag="change_route"):
    """From a day on, a project is credited as another unit."""

    project: str
    route: str
    since: date
    digest: str


class ReportReversal(ActShape, frozen=True, tag="report_reversal"):
    """What was removed is in the air again. `kind`: `unavoidable` is met from the buffer at once,
    the activity's own part first; `avoidable` the participants must make good."""

    activity: str
    quantity: int
    kind: str
    digest: str


class RemedyReversal(ActShape, frozen=True, tag="remedy_reversal"):
    """Participants cancel units of the mechanism for an avoidable reversal (by its entry)."""

    reversal: int
    source: int
    items: tuple[Item, ...]


class SettleBuffer(ActShape, frozen=True, tag="settle_buffer"):
    """End the buffer of a closed activity, as the policy `buffer_at_end` says."""

    activity: str
    digest: str


class UseEarlier(ActShape, frozen=True, tag="use_earlier"):
    """A Party uses units of an earlier mechanism (CERs) towards its first NDC, for a year."""

    source: int
    items: tuple[Item, ...]
    party: str
    year: int


MechanismAct = (
    SubmitActivity
    | AdvanceActivity
    | VerifyReductions
    | IssueCredits
    | ForwardCredits
    | DeclareBoundary
    | ChangeRoute
    | ReportReversal
    | RemedyReversal
    | SettleBuffer
    | UseEarlier
)
