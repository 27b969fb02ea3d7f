"""Acts of Article 6.2: approaches, participation, pledges, inventories, authorisations, use.

There is no act for a first transfer and none for an adjustment: a first transfer follows from a
move, an issuance, an authorisation or a use; adjustments are summed from first transfers and uses.
Values of emissions are decimal text. Source: 2/CMA.3 annex, 4/CMA.6.
"""

from datetime import date

import msgspec

from onetonne.ledger.article6.agreements import RecordAgreement as RecordAgreement
from onetonne.ledger.article6.approach_levies import SetLevyPolicy as SetLevyPolicy
from onetonne.ledger.article6.contributions import RecordContribution as RecordContribution
from onetonne.ledger.article6.contributions import WithdrawContribution as WithdrawContribution
from onetonne.ledger.article6.entities import WithdrawEntity as WithdrawEntity
from onetonne.ledger.article6.finality import ClosePeriod as ClosePeriod
from onetonne.ledger.article6.plan import RecordPlan as RecordPlan
from onetonne.ledger.article6.recalls import ConsentToRecall as ConsentToRecall
from onetonne.ledger.article6.recalls import OpenRecall as OpenRecall
from onetonne.ledger.article6.suspension import ResumeAuthorisation as ResumeAuthorisation
from onetonne.ledger.article6.suspension import SuspendAuthorisation as SuspendAuthorisation
from onetonne.ledger.shapes import ActShape, Item


class RegisterApproach(ActShape, frozen=True, tag="register_approach"):
    """A cooperative approach: its code (CA0001), its Parties, its days, and its agreement."""

    approach: str
    parties: tuple[str, ...]
    title: str = ""
    since: date | None = None
    until: date | None = None
    digest: str = ""
    agreement: str = ""


class DeclareParticipation(ActShape, frozen=True, tag="declare_participation"):
    """What a Party shows of its responsibilities (2/CMA.3 annex, paragraph 4), `met` by code."""

    party: str
    met: tuple[str, ...]
    digest: str = ""


class RecordNdc(ActShape, frozen=True, tag="record_ndc"):
    """A Party's NDC for a period: `kind` single or multi, the method of adjustment, the target.

    `goal` is the level of the target year (single), or the budget of the whole period (multi);
    `path` the indicative level of each year, from the first. Not known: empty.
    """

    party: str
    first: int
    last: int
    kind: str
    method: str
    digest: str
    goal: str = ""
    path: tuple[str, ...] = ()
    metric: str = "GHG"
    per_unit: str = ""


class RecordInventory(ActShape, frozen=True, tag="record_inventory"):
    """What a national inventory says of one year, as covered by the NDC; a newer version counts."""

    party: str
    year: int
    value: str
    digest: str
    metric: str = "GHG"


class Terms(ActShape, frozen=True):
    """What an authorisation says. Of a scope, what is not named does not limit it.

    `cap` 0 is no cap. `first_transfer` is what first transfers units for other international
    mitigation purposes: authorisation, issuance or use. `parties` and `entities` may be any when
    none is named. `overridden_by` is the authority by whom a plan is set aside, and
    `override_reason` why. `statements` are what 4/CMA.6 asks for beside that, by key, in words:
    they are told and not enforced. `recall_days` are the days after a first transfer within which
    unused units may be recalled with the holder's consent; 0: never.
    """

    authorisation: str
    approach: str
    party: str
    purposes: tuple[str, ...]
    digest: str
    projects: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    vintage_from: int = 2021
    vintage_to: int = 2100
    items: tuple[Item, ...] = ()
    cap: int = 0
    parties: tuple[str, ...] = ()
    entities: tuple[int, ...] = ()
    programmes: tuple[str, ...] = ()
    first_transfer: str = ""
    use_by: date | None = None
    metric: str = "GHG"
    change_terms: str = ""
    revocation_terms: str = ""
    overridden_by: int = 0
    override_reason: str = ""
    statements: dict[str, str] = msgspec.field(default_factory=dict)
    recall_days: int = 0


class Authorise(Terms, frozen=True, tag="authorise"):
    """A Party authorises mitigation outcomes for use, as a document of that digest says."""


class ChangeAuthorisation(Terms, frozen=True, tag="change_authorisation"):
    """The next version of an authorisation, whole; what was first transferred stays as it is."""


class RevokeAuthorisation(ActShape, frozen=True, tag="revoke_authorisation"):
    """End an authorisation for what is not yet first transferred."""

    authorisation: str
    digest: str
    reason: str = ""


class UseTowardsNdc(ActShape, frozen=True, tag="use_towards_ndc"):
    """A Party uses first transferred units towards its NDC, for a calendar year."""

    source: int
    items: tuple[Item, ...]
    party: str
    year: int
    approach: str = ""


class UseForPurpose(ActShape, frozen=True, tag="use_for_purpose"):
    """Use or cancel units for another international purpose: IMP (CORSIA, ...) or OP."""

    source: int
    items: tuple[Item, ...]
    purpose: str
    programme: str = ""


class ChoosePolicy(ActShape, frozen=True, tag="choose_policy"):
    """How this registry answers a question that a rule leaves open, from now on (`a6 policy`)."""

    policy: str
    value: str
    digest: str


Article6Act = (
    RegisterApproach
    | DeclareParticipation
    | RecordNdc
    | RecordInventory
    | Authorise
    | ChangeAuthorisation
    | RevokeAuthorisation
    | UseTowardsNdc
    | UseForPurpose
    | ChoosePolicy
    | RecordContribution
    | WithdrawContribution
    | RecordPlan
    | SuspendAuthorisation
    | ResumeAuthorisation
    | WithdrawEntity
    | OpenRecall
    | ConsentToRecall
    | ClosePeriod
    | RecordAgreement
    | SetLevyPolicy
)
