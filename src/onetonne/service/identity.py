"""Who may send which act: the registrar keeps the books, an authority freezes, labels and
corrects, an agent acts for the accounts that name them.

Two people where an account demands it is the kernel's guard; that the second differs from
the first is too. This file only answers whether a person may ask at all.
"""

from collections.abc import Mapping

from onetonne.ledger import commands as c
from onetonne.ledger.acts.propose import acts_of
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import mechanism_commands as m
from onetonne.ledger.decide import placed
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import CLOCK, State
from onetonne.ledger.units import CancellationKind, Conversion, LabelKind, Law

REGISTRAR = (
    c.Enrol,
    c.Dismiss,
    c.OpenAccount,
    c.CloseAccount,
    c.RegisterProject,
    c.Issue,
    c.Admit,
    c.Observe,
)
AUTHORITY = (
    c.Label,
    c.Correct,
    c.RegisterOperator,
    c.ChangeOperator,
    c.GroupOperators,
    c.Allocate,
    c.ReturnExcess,
)
DECIDED = (
    *(c.SetCap, c.SetFigure, c.Recognise, c.WithdrawRecognition, c.SettleDuty),
    c.RecordPayment,
)
"""What an authority alone decides."""
PLAIN = (c.Transfer, c.Retire, c.Surrender)
"""Acts for an account whatever they say: most requests are one of these."""
NATIONAL = (
    *(a6.RegisterApproach, a6.DeclareParticipation, a6.RecordNdc, a6.RecordInventory),
    *(a6.Authorise, a6.ChangeAuthorisation, a6.RevokeAuthorisation),
    *(a6.UseTowardsNdc, a6.ChoosePolicy, m.UseEarlier, m.ChangeRoute),
    *(a6.RecordContribution, a6.WithdrawContribution, a6.RecordPlan),
    *(a6.SuspendAuthorisation, a6.ResumeAuthorisation, a6.WithdrawEntity),
    *(a6.OpenRecall, a6.ConsentToRecall, a6.ClosePeriod, a6.RecordAgreement),
    a6.SetLevyPolicy,
)
"""Acts of the Party itself: nobody but an authority speaks for it."""
FOR_AN_ACCOUNT = (c.Transfer, c.Retire, c.Cancel, c.Surrender, c.Convert, c.Lock, a6.UseForPurpose,
                  m.RemedyReversal)  # fmt: skip


STEPS = {"approve": "authority", "withdraw": "authority", "validate": "verifier"}
"""Whose step of an activity it is: its host's, or a designated operational entity's; every other
is the Supervisory Body's."""


def permitted(state: State, request: c.Request, law: Law) -> Refusal | None:
    """None when the person may send these acts, else the refusal that says what is needed."""
    if request.by == CLOCK:
        return None
    person = state.persons.get(request.by)
    if person is None or not person.active:
        return Refusal("unknown_person", {"person": request.by})
    for number, act in enumerate(request.acts, 1):
        needed = _needed(state, act, request.by, person.roles, law)
        if request.effective is not None and not isinstance(act, c.Correct | c.Observe):
            needed = needed or ("" if "authority" in person.roles else "the role authority")
        if needed:
            name = type(act).__struct_config__.tag
            facts = {"person": request.by, "act": name, "needed": needed}
            refusal = placed(Refusal("not_permitted", facts), request.acts, number)
            asked, lacking = _inner(state, act, request.by, person.roles, law)
            at = next((n for n, what in enumerate(lacking, 1) if what), 0)
            return placed(refusal, asked, at) if at else refusal
    return None


def _inner(
    state: State, act: c.Act, by: int, roles: tuple[str, ...], law: Law
) -> tuple[tuple[c.Act, ...], list[str]]:
    """The acts that an act proposes or settles, and what is lacking for each."""
    if isinstance(act, c.Propose):
        return act.acts, [_needed(state, one, by, roles, law) for one in act.acts]
    if isinstance(act, c.Approve | c.Reject):
        row = state.proposals.get(act.proposal)
        asked = acts_of(row) if row else ()
        return asked, [_to_settle(state, one, by, roles, law) for one in asked]
    return (), []


def _needed(state: State, act: c.Act, by: int, roles: tuple[str, ...], law: Law) -> str:
    """What is lacking for one act; empty when nothing is."""
    if isinstance(act, PLAIN):
        return "" if "registrar" in roles else _agent(state, act.source, by)
    if isinstance(act, c.Root):
        return "the ledger itself"
    if _of_authority(act, law):
        return "" if "authority" in roles else "the role authority"
    if role := _of_office(act):
        return "" if role in roles else f"the role {role}"
    if isinstance(act, c.Propose | c.Approve | c.Reject):
        _, lacking = _inner(state, act, by, roles, law)
        return next(filter(None, lacking), "")
    if "registrar" in roles:
        return ""
    if isinstance(act, c.Label) and act.source and _by(law.label_kinds, act.kind) == "holder":
        return _agent(state, act.source, by)
    if isinstance(act, AUTHORITY):
        return "" if "authority" in roles else "the role authority or registrar"
    if isinstance(act, c.Lift | c.Withdraw):
        return ""
    if isinstance(act, FOR_AN_ACCOUNT):
        return _agent(state, act.source, by)
    return "the role registrar"


def _of_office(act: c.Act) -> str:
    """The one role that may do an act of an office, whatever else a person is."""
    if isinstance(act, c.ReportEmissions | m.VerifyReductions):
        return "verifier"
    if isinstance(act, m.AdvanceActivity):
        return STEPS.get(act.step, "supervisor")
    return "supervisor" if isinstance(act, m.ReportReversal | m.SettleBuffer) else ""


def _to_settle(state: State, act: c.Act, by: int, roles: tuple[str, ...], law: Law) -> str:
    """What is lacking to approve or reject one act: of a verifier's report, the other side."""
    if isinstance(act, c.ReportEmissions):
        allowed = "authority" in roles or "registrar" in roles
        return "" if allowed else "the role authority or registrar"
    return _needed(state, act, by, roles, law)


def _agent(state: State, number: int, by: int) -> str:
    account = state.accounts.get(number)
    mine = account is None or by in account.agents
    return "" if mine else "an agent of the account, or the registrar,"


def _of_authority(act: c.Act, law: Law) -> bool:
    """Whether the law leaves this very act to an authority; its decision needs no agent."""
    if isinstance(act, (*DECIDED, *NATIONAL)):
        return True
    if isinstance(act, c.Lock):
        return act.kind == "freeze"
    if isinstance(act, c.Cancel):
        return _by(law.cancellation_kinds, act.kind) == "authority"
    if isinstance(act, c.Label):
        return _by(law.label_kinds, act.kind) == "authority"
    if isinstance(act, c.Convert | c.Admit):
        return _by(law.conversions, act.rule) == "authority"
    return False


def _by(rows: Mapping[str, CancellationKind | Conversion | LabelKind], code: str) -> str:
    row = rows.get(code)
    return row.by if row else ""
