"""What happened: the facts that the journal keeps, one struct per kind.

Additive only: a field or kind that was journaled is never renamed, retyped or removed.
Blocks are half-open offsets in their lot: `first` is in, `next` is not.
"""

from datetime import date

import msgspec

from onetonne.ledger.article6.events import Article6Event
from onetonne.ledger.article6.events import FirstTransferred as FirstTransferred
from onetonne.ledger.article6.events import Used as Used
from onetonne.ledger.article6.mechanism_events import MechanismEvent
from onetonne.ledger.shapes import EventShape

VERSION = 1


class Founded(EventShape, frozen=True, tag="founded"):
    """The first entry: whose ledger this is, and its sinks by reserved account number."""

    ledger: str
    party: str
    zone: str
    sinks: dict[str, int]


class Enrolled(EventShape, frozen=True, tag="enrolled"):
    person: int
    name: str
    roles: tuple[str, ...]


class Dismissed(EventShape, frozen=True, tag="dismissed"):
    person: int


class AccountOpened(EventShape, frozen=True, tag="account_opened"):
    account: int
    kind: str
    party: str = ""
    holder: str = ""
    agents: tuple[int, ...] = ()
    two_people: bool = False
    sink: str = ""


class AccountClosed(EventShape, frozen=True, tag="account_closed"):
    account: int


class ProjectRegistered(EventShape, frozen=True, tag="project_registered"):
    project: str
    party: str
    name: str = ""
    mechanism: str = ""
    methodology: str = ""
    activity: str = ""
    kind: str = "project"


class Issued(EventShape, frozen=True, tag="issued"):
    """A lot came to be: serials 0..size-1, all in one account.

    `origin` names where they come from: nothing (an issuance), a conversion rule, or the
    observation and serial of the foreign unit that was filed.
    """

    lot: int
    unit: str
    size: int
    account: int
    first_number: str
    project: str = ""
    vintage: int = 0
    host: str = ""
    activity: str = ""
    commitment_period: int = 0
    facts: dict[str, str] = {}  # noqa: RUF012 - each struct gets its own
    origin: str = ""
    foreign_key: str = ""
    foreign_first: str = ""
    foreign_last: str = ""


class Moved(EventShape, frozen=True, tag="moved"):
    """A block changed hands. `held` lists the holdings it was cut from, lowest first, each
    as (its first offset, the entry that had last moved it)."""

    lot: int
    first: int
    next: int
    source: int
    target: int
    held: tuple[tuple[int, int], ...]


class Retired(EventShape, frozen=True, tag="retired"):
    certificate: int
    source: int
    beneficiary: str
    purpose: str
    period: str = ""


class Cancelled(EventShape, frozen=True, tag="cancelled"):
    source: int
    kind: str
    reason: str = ""


class Surrendered(EventShape, frozen=True, tag="surrendered"):
    """`uses` are tonnes by lot; `hub` is the digest of the systems' law, `verdict` its word;
    `ndc_effect` what becomes of those that were first transferred: use, held or oimp; `late` are
    the uses once more, where they came after the last day."""

    source: int
    system: str
    period: str
    operator: str = ""
    uses: tuple[tuple[int, int], ...] = ()
    hub: str = ""
    verdict: str = ""
    replaces: int = 0
    ndc_effect: str = ""
    late: tuple[tuple[int, int], ...] = ()


class Converted(EventShape, frozen=True, tag="converted"):
    """Whole source ranges burnt and one lot issued, as one event.

    `unburnt` is the remainder that makes no whole target unit; it stays with its holder.
    """

    rule: str
    ratio: str
    rounding: str
    burnt: tuple[Moved, ...]
    issued: Issued
    unburnt: int = 0
    system: str = ""
    period: str = ""
    operator: str = ""
    uses: tuple[tuple[int, int], ...] = ()
    hub: str = ""
    verdict: str = ""


class Locked(EventShape, frozen=True, tag="locked"):
    lock: int
    kind: str
    blocks: tuple[tuple[int, int, int], ...]
    held: tuple[tuple[int, ...], ...]
    set_by: int
    lift_by: int = 0
    until: date | None = None
    reason: str = ""


class Lifted(EventShape, frozen=True, tag="lifted"):
    """A lock ended. `held` gives, per block, the keys of the holdings that it covered."""

    lock: int
    blocks: tuple[tuple[int, int, int], ...]
    held: tuple[tuple[int, ...], ...]
    expired: bool = False


class Labelled(EventShape, frozen=True, tag="labelled"):
    kind: str
    lot: int
    first: int
    next: int
    value: str = ""


class Corrected(EventShape, frozen=True, tag="corrected"):
    """Names the entry whose moves the following moves reverse."""

    entry: int
    reason: str


class Proposed(EventShape, frozen=True, tag="proposed"):
    """`acts` are the canonical bytes of the acts asked for, as text."""

    proposal: int
    acts: str
    by: int
    lock: int = 0
    until: date | None = None


class Settled(EventShape, frozen=True, tag="settled"):
    """A proposal ended: approved, rejected, withdrawn or expired."""

    proposal: int
    outcome: str
    reason: str = ""


class Observed(EventShape, frozen=True, tag="observed"):
    register: str
    digest: str
    root: str
    rows: int
    day: date


class Rooted(EventShape, frozen=True, tag="rooted"):
    """The holdings root over the state before this entry."""

    root: str
    holdings: int


class OperatorRegistered(EventShape, frozen=True, tag="operator_registered"):
    system: str
    operator: str
    account: int
    facts: dict[str, str] = {}  # noqa: RUF012 - each struct gets its own


class OperatorChanged(EventShape, frozen=True, tag="operator_changed"):
    """The operator's account and facts as they are from now on, whole."""

    system: str
    operator: str
    account: int
    facts: dict[str, str] = {}  # noqa: RUF012 - each struct gets its own


class OperatorsGrouped(EventShape, frozen=True, tag="operators_grouped"):
    system: str
    operators: tuple[str, ...]
    since: date
    into: str = ""
    kind: str = ""


class CapSet(EventShape, frozen=True, tag="cap_set"):
    system: str
    period: str
    tonnes: int


class Allocated(EventShape, frozen=True, tag="allocated"):
    """The moves beside it gave an operator allowances for a period."""

    system: str
    operator: str
    period: str
    kind: str
    tonnes: int


class FigureSet(EventShape, frozen=True, tag="figure_set"):
    system: str
    operator: str
    period: str
    figure: str
    tonnes: int
    document: str = ""
    decision: str = ""


class PaymentRecorded(EventShape, frozen=True, tag="payment_recorded"):
    system: str
    operator: str
    period: str
    kind: str
    amount: str
    currency: str
    paid: date
    document: str = ""


class Returned(EventShape, frozen=True, tag="returned"):
    """Tonnes by lot that no longer count as used for a period: an excess that went back, or a
    surrender that was corrected (`corrects` names it); `late` are those of them that came late."""

    system: str
    operator: str
    period: str
    uses: tuple[tuple[int, int], ...]
    corrects: int = 0
    late: tuple[tuple[int, int], ...] = ()


class Recognised(EventShape, frozen=True, tag="recognised"):
    system: str
    lot: int
    first: int
    next: int
    statement: str = ""
    conditions: str = ""
    effect: str = ""
    until: date | None = None


class RecognitionWithdrawn(EventShape, frozen=True, tag="recognition_withdrawn"):
    recognition: int
    reason: str


class DutyArose(EventShape, frozen=True, tag="duty_arose"):
    """A clause accepted these serials provisionally: what it demands must follow by `due`."""

    clause: str
    system: str
    operator: str
    period: str
    blocks: tuple[tuple[int, int, int], ...]
    due: date


class DutySettled(EventShape, frozen=True, tag="duty_settled"):
    """The `place`-th duty of entry `duty` was met, replaced, void, or became overdue; with no
    outcome it stands open again, because what replaced it was corrected away."""

    duty: int
    place: int
    outcome: str
    evidence: str = ""


Event = (
    Founded
    | Enrolled
    | Dismissed
    | AccountOpened
    | AccountClosed
    | ProjectRegistered
    | Issued
    | Moved
    | Retired
    | Cancelled
    | Surrendered
    | Converted
    | Locked
    | Lifted
    | Labelled
    | Corrected
    | Proposed
    | Settled
    | Observed
    | Rooted
    | OperatorRegistered
    | OperatorChanged
    | OperatorsGrouped
    | CapSet
    | Allocated
    | FigureSet
    | PaymentRecorded
    | Returned
    | Recognised
    | RecognitionWithdrawn
    | DutyArose
    | DutySettled
    | Article6Event
    | MechanismEvent
)


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One journal entry: one command's events, by one person, at one instant.

    `at` is UTC microseconds; `effective` the day on which it counts when that is not the
    day of `at`; `law` the digest of the lawbook under which it was decided.
    """

    v: int
    seq: int
    at: int
    by: int
    law: str
    events: tuple[Event, ...]
    effective: date | None = None
    cites: str = ""
