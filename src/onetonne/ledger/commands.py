"""What may be asked of the ledger: one frozen struct per act.

The same struct is the CLI option, the scenario key, the JSON schema and the API body.
Quantities are whole serials; numbers are given as printed; days are ISO 8601.
Fields listed in SEALED arrive as text and enter the kernel as salted commitments.
"""

from datetime import date
from functools import cache
from typing import Any

import msgspec

from onetonne.ledger.article6.commands import (
    Article6Act,
    Authorise,
    ChangeAuthorisation,
    OpenRecall,
    RecordContribution,
    ResumeAuthorisation,
    RevokeAuthorisation,
    SuspendAuthorisation,
    WithdrawContribution,
    WithdrawEntity,
)
from onetonne.ledger.article6.mechanism_commands import MechanismAct
from onetonne.ledger.compliance_commands import Allocate as Allocate
from onetonne.ledger.compliance_commands import ChangeOperator as ChangeOperator
from onetonne.ledger.compliance_commands import GroupOperators as GroupOperators
from onetonne.ledger.compliance_commands import Recognise as Recognise
from onetonne.ledger.compliance_commands import RecordPayment as RecordPayment
from onetonne.ledger.compliance_commands import RegisterOperator as RegisterOperator
from onetonne.ledger.compliance_commands import ReportEmissions as ReportEmissions
from onetonne.ledger.compliance_commands import ReturnExcess as ReturnExcess
from onetonne.ledger.compliance_commands import SetCap as SetCap
from onetonne.ledger.compliance_commands import SetFigure as SetFigure
from onetonne.ledger.compliance_commands import SettleDuty as SettleDuty
from onetonne.ledger.compliance_commands import Surrender as Surrender
from onetonne.ledger.compliance_commands import WithdrawRecognition as WithdrawRecognition
from onetonne.ledger.shapes import ActShape
from onetonne.ledger.shapes import Item as Item


class Enrol(ActShape, frozen=True, tag="enrol"):
    """Give a person a number under which their acts are journaled."""

    person: int
    name: str
    roles: tuple[str, ...] = ("agent",)


class Dismiss(ActShape, frozen=True, tag="dismiss"):
    """End a person's right to act; what they did stays theirs."""

    person: int


class OpenAccount(ActShape, frozen=True, tag="open_account"):
    account: int
    kind: str = "entity"
    party: str = ""
    holder: str = ""
    agents: tuple[int, ...] = ()
    two_people: bool = False
    sink: str = ""


class CloseAccount(ActShape, frozen=True, tag="close_account"):
    account: int


class RegisterProject(ActShape, frozen=True, tag="register_project"):
    """An activity that reduces or removes emissions: `kind` project, programme or policy."""

    project: str
    party: str
    name: str = ""
    mechanism: str = ""
    methodology: str = ""
    activity: str = "reduction"
    kind: str = "project"


class Foreign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A row of an observation: its canonical JSON, and the Merkle path to the root."""

    observation: int
    row: str
    index: int
    proof: tuple[str, ...] = ()


class Issue(ActShape, frozen=True, tag="issue"):
    """Put `quantity` new serials of one lot into an account.

    `vintage` is the year in which the reductions happened.
    """

    unit: str
    quantity: int
    account: int
    project: str = ""
    vintage: int = 0
    host: str = ""
    activity: str = ""
    commitment_period: int = 0
    first_number: str = "1"
    facts: dict[str, str] = msgspec.field(default_factory=dict)


class Admit(ActShape, frozen=True, tag="admit"):
    """Take in a foreign unit that an observation shows, each foreign serial once.

    With `rule`, convert what was cancelled abroad under a rule of the lawbook; without,
    file the block as `unit` under its own numbers.
    """

    filed: Foreign
    account: int
    unit: str = ""
    rule: str = ""
    project: str = ""
    vintage: int = 0
    host: str = ""
    activity: str = ""


class Transfer(ActShape, frozen=True, tag="transfer"):
    source: int
    target: int
    items: tuple[Item, ...]


class Retire(ActShape, frozen=True, tag="retire"):
    source: int
    items: tuple[Item, ...]
    beneficiary: str
    purpose: str = "voluntary_claim"
    period: str = ""


class Cancel(ActShape, frozen=True, tag="cancel"):
    source: int
    items: tuple[Item, ...]
    kind: str = "voluntary"
    reason: str = ""


class Convert(ActShape, frozen=True, tag="convert"):
    """Burn whole serials of the source and issue one lot of the rule's target unit.

    Where a system's law lets units in only so, `system`, `period` and `operator` say for whom.
    """

    source: int
    items: tuple[Item, ...]
    rule: str
    target: int = 0
    vintage: int = 0
    system: str = ""
    period: str = ""
    operator: str = ""


class Lock(ActShape, frozen=True, tag="lock"):
    source: int
    items: tuple[Item, ...]
    kind: str
    lift_by: int = 0
    until: date | None = None
    reason: str = ""


class Lift(ActShape, frozen=True, tag="lift"):
    lock: int


class Label(ActShape, frozen=True, tag="label"):
    """Mark serials without moving them. Each kind is write-once or dated."""

    items: tuple[Item, ...]
    kind: str
    value: str = ""
    source: int = 0


class Correct(ActShape, frozen=True, tag="correct"):
    """Reverse the last move of exactly the serials that entry `entry` moved."""

    entry: int
    reason: str
    items: tuple[Item, ...] = ()


class Observe(ActShape, frozen=True, tag="observe"):
    """Journal what another register's export said on a day, by digest and Merkle root."""

    register: str
    digest: str
    root: str
    rows: int
    day: date


class Root(ActShape, frozen=True, tag="root"):
    """Journal the Merkle root over all holdings as they stand before this entry."""

    root: str
    holdings: int


Plain = (
    Enrol
    | Dismiss
    | OpenAccount
    | CloseAccount
    | RegisterProject
    | Issue
    | Admit
    | Transfer
    | Retire
    | Cancel
    | Surrender
    | Convert
    | Lock
    | Lift
    | Label
    | Correct
    | Observe
    | Root
    | RegisterOperator
    | ChangeOperator
    | GroupOperators
    | SetCap
    | Allocate
    | SetFigure
    | ReportEmissions
    | ReturnExcess
    | Recognise
    | WithdrawRecognition
    | SettleDuty
    | RecordPayment
    | Article6Act
    | MechanismAct
)


class Propose(ActShape, frozen=True, tag="propose"):
    """Ask for acts that a second person must approve; their serials are held meanwhile."""

    acts: tuple[Plain, ...]
    until: date | None = None


class Approve(ActShape, frozen=True, tag="approve"):
    proposal: int


class Reject(ActShape, frozen=True, tag="reject"):
    proposal: int
    reason: str = ""


class Withdraw(ActShape, frozen=True, tag="withdraw"):
    proposal: int


class Expire(ActShape, frozen=True, tag="expire"):
    """Sent by the service's clock: end proposals and locks whose day has passed, and note duties
    (by the entry in which they arose) that were not met in time."""

    proposals: tuple[int, ...] = ()
    locks: tuple[int, ...] = ()
    duties: tuple[int, ...] = ()


Act = Plain | Propose | Approve | Reject | Withdraw | Expire


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """Acts by one person at one instant; all of them happen or none.

    `at` is UTC microseconds, set by the service. `effective` is another day on which the
    acts count, allowed only where a decision is cited (`cites`) or to a correction.
    """

    by: int
    acts: tuple[Act, ...]
    at: int = 0
    key: str = ""
    effective: date | None = None
    cites: str = ""


SEALED: dict[type, tuple[str, ...]] = {
    Enrol: ("name",),
    OpenAccount: ("holder",),
    RegisterProject: ("name",),
    Retire: ("beneficiary",),
    Cancel: ("reason",),
    Lock: ("reason",),
    Reject: ("reason",),
    Correct: ("reason",),
    WithdrawRecognition: ("reason",),
    RevokeAuthorisation: ("reason",),
    SuspendAuthorisation: ("reason",),
    ResumeAuthorisation: ("reason",),
    WithdrawEntity: ("reason",),
    OpenRecall: ("reason",),
    RecordContribution: ("company", "activity"),
    WithdrawContribution: ("reason",),
    Authorise: ("override_reason",),
    ChangeAuthorisation: ("override_reason",),
}

_encoder = msgspec.json.Encoder(order="deterministic")


def encode_acts(acts: tuple[Act, ...]) -> bytes:
    """Canonical bytes of acts, for proposals and for comparing repeated requests: acts that are
    equal have the same, whether a default was given or left out."""
    return _encoder.encode(_settled(acts))


def _settled(value: Any) -> Any:
    """A value equal to this one, in which each default is the shape's own object: the encoder
    leaves out a text or a tuple only where it is that very object."""
    if isinstance(value, tuple | list):
        return tuple(map(_settled, value))
    if not isinstance(value, msgspec.Struct):
        return value
    changes = {}
    for name, default in _defaults(type(value)):
        given = getattr(value, name)
        settled = default if given == default else _settled(given)
        if settled is not given:
            changes[name] = settled
    return msgspec.structs.replace(value, **changes) if changes else value


@cache
def _defaults(shape: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in msgspec.structs.fields(shape))


BY_NAME: dict[str, Any] = {
    t.__struct_config__.tag: t
    for t in (*Plain.__args__, Propose, Approve, Reject, Withdraw, Expire)
}
