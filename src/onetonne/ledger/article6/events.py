"""What happened under Article 6, as the journal keeps it: additive only.

Blocks are half-open offsets in their lot. `day` is the day on which a first transfer or a use
counts: annual information reads its year, adjustments read the vintage or the year of the NDC.
"""

from datetime import date

import msgspec

from onetonne.ledger.article6.agreements import AgreementRecorded as AgreementRecorded
from onetonne.ledger.article6.approach_levies import ApproachLevied as ApproachLevied
from onetonne.ledger.article6.approach_levies import LevyPolicySet as LevyPolicySet
from onetonne.ledger.article6.contributions import ContributionRecorded as ContributionRecorded
from onetonne.ledger.article6.contributions import ContributionWithdrawn as ContributionWithdrawn
from onetonne.ledger.article6.entities import EntityWithdrawn as EntityWithdrawn
from onetonne.ledger.article6.finality import PeriodClosed as PeriodClosed
from onetonne.ledger.article6.plan import PlanRecorded as PlanRecorded
from onetonne.ledger.article6.recalls import RecallConsented as RecallConsented
from onetonne.ledger.article6.recalls import Recalled as Recalled
from onetonne.ledger.article6.recalls import RecallOpened as RecallOpened
from onetonne.ledger.article6.suspension import AuthorisationResumed as AuthorisationResumed
from onetonne.ledger.article6.suspension import AuthorisationSuspended as AuthorisationSuspended
from onetonne.ledger.shapes import EventShape

Block = tuple[int, int, int]
"""lot, first, next."""


class ApproachRegistered(EventShape, frozen=True, tag="approach_registered"):
    approach: str
    parties: tuple[str, ...]
    title: str = ""
    since: date | None = None
    until: date | None = None
    digest: str = ""
    agreement: str = ""


class ParticipationDeclared(EventShape, frozen=True, tag="participation_declared"):
    party: str
    met: tuple[str, ...]
    day: date
    digest: str = ""


class NdcRecorded(EventShape, frozen=True, tag="ndc_recorded"):
    party: str
    first: int
    last: int
    version: int
    kind: str
    method: str
    digest: str
    goal: str = ""
    path: tuple[str, ...] = ()
    metric: str = "GHG"
    per_unit: str = ""


class InventoryRecorded(EventShape, frozen=True, tag="inventory_recorded"):
    party: str
    year: int
    version: int
    value: str
    digest: str
    metric: str = "GHG"


class Authorised(EventShape, frozen=True, tag="authorised"):
    """A version of an authorisation, whole; the first is 1. `left_out` are blocks of units issued
    before it which it does not reach; `beyond` units go beyond the Party's plan, as a named
    authority decided."""

    authorisation: str
    version: int
    day: date
    approach: str
    party: str
    purposes: tuple[str, ...]
    digest: str
    vintage_from: int
    vintage_to: int
    projects: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    cap: int = 0
    parties: tuple[str, ...] = ()
    entities: tuple[int, ...] = ()
    programmes: tuple[str, ...] = ()
    first_transfer: str = ""
    use_by: date | None = None
    metric: str = "GHG"
    change_terms: str = ""
    revocation_terms: str = ""
    left_out: tuple[Block, ...] = ()
    overridden_by: int = 0
    override_reason: str = ""
    beyond: int = 0
    statements: dict[str, str] = msgspec.field(default_factory=dict)
    recall_days: int = 0


class AuthorisationRevoked(EventShape, frozen=True, tag="authorisation_revoked"):
    authorisation: str
    version: int
    day: date
    digest: str
    reason: str = ""


class FirstTransferred(EventShape, frozen=True, tag="first_transferred"):
    """Blocks of one lot became internationally transferred mitigation outcomes, once for ever.

    `trigger` is transfer, authorisation, issuance or use. The host is the lot's, the year of the
    adjustment its vintage.
    """

    lot: int
    blocks: tuple[tuple[int, int], ...]
    authorisation: str
    version: int
    trigger: str
    day: date


class Used(EventShape, frozen=True, tag="used"):
    """Blocks of one lot were used: for `NDC` by a Party for a year, for `IMP` or `OP` by whoever
    held them. The moves beside it, if any, take them to their end."""

    lot: int
    blocks: tuple[tuple[int, int], ...]
    source: int
    purpose: str
    day: date
    approach: str
    party: str = ""
    year: int = 0
    programme: str = ""
    metric: str = "GHG"


class PolicyChosen(EventShape, frozen=True, tag="policy_chosen"):
    policy: str
    value: str
    day: date
    digest: str


Article6Event = (
    ApproachRegistered
    | ParticipationDeclared
    | NdcRecorded
    | InventoryRecorded
    | Authorised
    | AuthorisationRevoked
    | FirstTransferred
    | Used
    | PolicyChosen
    | ContributionRecorded
    | ContributionWithdrawn
    | PlanRecorded
    | AuthorisationSuspended
    | AuthorisationResumed
    | EntityWithdrawn
    | RecallOpened
    | RecallConsented
    | Recalled
    | PeriodClosed
    | AgreementRecorded
    | LevyPolicySet
    | ApproachLevied
)
