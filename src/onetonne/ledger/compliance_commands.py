"""What a compliance system asks of the ledger: operators and their groups, caps, allocation,
figures, payments, surrender and its lawful return, recognition, duties. One frozen struct per act.

An operator is known to a system by a code of its own; what is decided about it cites a decision.
"""

from datetime import date

import msgspec

from onetonne.ledger.shapes import ActShape, Item


class RegisterOperator(ActShape, frozen=True, tag="register_operator"):
    """An account's holder becomes an operator of a system; `facts` are the law's, of entities."""

    operator: str
    system: str
    account: int
    facts: dict[str, str] = msgspec.field(default_factory=dict)


class ChangeOperator(ActShape, frozen=True, tag="change_operator"):
    """Another account, or other facts; those not named stay, an empty one is taken away."""

    operator: str
    system: str
    account: int = 0
    facts: dict[str, str] = msgspec.field(default_factory=dict)


class GroupOperators(ActShape, frozen=True, tag="group_operators"):
    """From `since` on, limits look at these operators together: a `pool` under any code, or a
    `merger` into an operator, which takes over what they owe. Without `into` they stand alone."""

    system: str
    operators: tuple[str, ...]
    since: date
    into: str = ""
    kind: str = "pool"


class SetCap(ActShape, frozen=True, tag="set_cap"):
    """The most allowances that may be issued for a period of a system."""

    system: str
    period: str
    tonnes: int


class Allocate(ActShape, frozen=True, tag="allocate"):
    """Allowances go from the State's account to an operator: free, by benchmark, or sold."""

    source: int
    items: tuple[Item, ...]
    system: str
    period: str
    operator: str
    kind: str = "free"


class SetFigure(ActShape, frozen=True, tag="set_figure"):
    """A figure of an operator that limits are shares of; the last one stands."""

    system: str
    operator: str
    period: str
    figure: str
    tonnes: int
    document: str = ""


class ReportEmissions(ActShape, frozen=True, tag="report_emissions"):
    """Verified emissions of a period, proposed by a verifier and approved by another; what was
    approved is replaced on a `decision` alone."""

    system: str
    operator: str
    period: str
    tonnes: int
    document: str
    decision: str = ""


class RecordPayment(ActShape, frozen=True, tag="record_payment"):
    """Money paid for a period, a `penalty` or a `tax` (or fee): exact decimal text, on the decision
    that is cited. Below zero it takes back what was recorded wrongly, or repaid."""

    system: str
    operator: str
    period: str
    kind: str
    amount: str
    currency: str
    document: str = ""


class Surrender(ActShape, frozen=True, tag="surrender"):
    """Give units for an operator's obligation of a period, through the system's gate.

    `replaces`: the entry of duties that were not met, which these units make good. `ndc_effect`:
    what becomes of units among them that were first transferred: `use` by the Party in the same
    NDC period, `held` for later, or `oimp`. `late`: after the last day, where law lets what is
    missing be made good then; it is never told as in time.
    """

    source: int
    items: tuple[Item, ...]
    system: str
    period: str
    operator: str = ""
    replaces: int = 0
    ndc_effect: str = ""
    late: bool = False


class ReturnExcess(ActShape, frozen=True, tag="return_excess"):
    """What was surrendered beyond the obligation goes back, up to the excess and no more."""

    system: str
    operator: str
    period: str
    items: tuple[Item, ...]


class Recognise(ActShape, frozen=True, tag="recognise"):
    """An authority approves serials, or whole lots, for a system after review; `statement` is the
    digest of what the host stated."""

    system: str
    items: tuple[Item, ...]
    statement: str = ""
    conditions: str = ""
    effect: str = ""
    until: date | None = None


class WithdrawRecognition(ActShape, frozen=True, tag="withdraw_recognition"):
    """The recognition made by entry `recognition` ends."""

    recognition: int
    reason: str


class SettleDuty(ActShape, frozen=True, tag="settle_duty"):
    """What was to follow has followed: the duties that arose in entry `duty` are met; `evidence`
    is the digest of the proof. `clause`: only those of one clause."""

    duty: int
    evidence: str
    clause: str = ""
