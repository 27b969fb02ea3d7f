"""`decide(state, request, law)`: a request becomes one journal entry, or a Refusal.

Pure: no clock, no I/O, no randomness. Guards come first, in a documented order; after the
last guard an act must succeed. Nothing is written here: `evolve` is the only writer.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from onetonne.ledger import commands as c
from onetonne.ledger.acts import (
    accounts,
    activities,
    admit,
    agreements,
    authorise,
    boundaries,
    contribute,
    contribution,
    correct,
    crediting,
    duties,
    earlier,
    ends,
    entities,
    finality,
    issue,
    label,
    levy,
    lock,
    plan,
    pledges,
    policies,
    propose,
    recall,
    record,
    reversals,
    suspend,
    transfer,
    use,
)
from onetonne.ledger.acts.first_transfer import follow
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import mechanism_commands as m
from onetonne.ledger.events import VERSION, Entry, Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refusal, Refused
from onetonne.ledger.state import CLOCK, State, evolve
from onetonne.ledger.units import Law

MAX_ACTS = 100
"""Acts of one basket: one entry holds them all."""
ALONE: dict[type, str] = {
    c.Observe: "observation",
    m.VerifyReductions: "verification",
    m.ReportReversal: "reversal",
}
"""Acts whose outcome is known by its entry: a second in the same entry would take its place."""

_ACTS: dict[type, Callable[[State, Any, Context], tuple[Event, ...]]] = {
    c.Enrol: accounts.enrol,
    c.Dismiss: accounts.dismiss,
    c.OpenAccount: accounts.open_new,
    c.CloseAccount: accounts.close,
    c.RegisterProject: accounts.register_project,
    c.Issue: issue.issue,
    c.Admit: admit.admit,
    c.Transfer: transfer.transfer,
    c.Retire: ends.retire,
    c.Cancel: ends.cancel,
    c.Lock: lock.lock,
    c.Lift: lock.lift,
    c.Label: label.label,
    c.Correct: correct.correct,
    c.Observe: record.observe,
    c.Root: record.root,
    c.SettleDuty: duties.settle,
    c.Reject: propose.reject,
    c.Withdraw: propose.withdraw,
    c.Expire: propose.expire,
    a6.RegisterApproach: pledges.register_approach,
    a6.DeclareParticipation: pledges.declare,
    a6.RecordNdc: pledges.record_ndc,
    a6.RecordInventory: pledges.record_inventory,
    a6.Authorise: authorise.authorise,
    a6.ChangeAuthorisation: authorise.change,
    a6.RevokeAuthorisation: authorise.revoke,
    a6.UseTowardsNdc: use.use_towards_ndc,
    a6.UseForPurpose: use.use_for_purpose,
    a6.ChoosePolicy: policies.choose,
    m.SubmitActivity: activities.submit,
    m.AdvanceActivity: activities.advance,
    m.VerifyReductions: activities.verify,
    m.IssueCredits: crediting.issue_credits,
    m.ForwardCredits: crediting.forward,
    m.DeclareBoundary: boundaries.declare,
    m.ChangeRoute: boundaries.change_route,
    m.ReportReversal: reversals.report,
    m.RemedyReversal: reversals.remedy,
    m.SettleBuffer: reversals.settle,
    m.UseEarlier: earlier.use_earlier,
    a6.RecordContribution: contribute.record,
    a6.WithdrawContribution: contribute.withdraw,
    a6.RecordPlan: plan.record,
    a6.SuspendAuthorisation: suspend.suspend,
    a6.ResumeAuthorisation: suspend.resume,
    a6.WithdrawEntity: entities.withdraw,
    a6.OpenRecall: recall.open_recall,
    a6.ConsentToRecall: recall.consent,
    a6.ClosePeriod: finality.close,
    a6.RecordAgreement: agreements.record,
    a6.SetLevyPolicy: levy.set_policy,
}


def decide(state: State, request: c.Request, law: Law, day: date) -> Entry | Refusal:
    """The entry that `request` makes on `day` (today in the registry's zone), or why not."""
    ctx = Context(state.seq + 1, request, law, day)
    try:
        _guard(state, ctx)
        acts = request.acts
        events = _one(state, acts[0], ctx) if len(acts) == 1 else _all(state.fork(), acts, ctx)
    except Refused as refused:
        return refused.refusal
    return Entry(
        VERSION,
        ctx.seq,
        request.at,
        request.by,
        law.digest,
        events,
        request.effective,
        request.cites,
    )


def placed(refusal: Refusal, acts: Sequence[Any], number: int) -> Refusal:
    """A refusal of the act of that number among several, which then names number and kind."""
    if len(acts) < 2:
        return refusal
    kind = str(acts[number - 1].__struct_config__.tag)
    return Refusal(refusal.code, refusal.facts | {"act_number": number, "act_kind": kind})


def _guard(state: State, ctx: Context) -> None:
    request = ctx.request
    if not request.acts:
        raise Refused("empty_request")
    if len(request.acts) > MAX_ACTS:
        raise Refused("too_many_items", count=len(request.acts), limit=MAX_ACTS)
    person = state.persons.get(request.by)
    if request.by != CLOCK and (person is None or not person.active):
        raise Refused("unknown_person", person=request.by)
    if request.effective is not None:
        _guard_effective(request, ctx.day)


def _guard_effective(request: c.Request, day: date) -> None:
    assert request.effective is not None
    free = all(isinstance(act, c.Correct | c.Observe) for act in request.acts)
    if not free and not request.cites:
        raise Refused("effective_day_not_allowed")
    if request.effective > day:
        raise Refused("effective_day_in_future", day=str(request.effective), today=str(day))


def _one(state: State, act: c.Act, ctx: Context) -> tuple[Event, ...]:
    if type(act) is c.Propose:
        return propose.propose(state, act, ctx, _all)
    if type(act) is c.Approve:
        return propose.approve(state, act, ctx, _all)
    return _decided(state, act, ctx)


def _decided(state: State, act: Any, ctx: Context) -> tuple[Event, ...]:
    """What an act does, the first transfers that follow from it, and what is levied of them."""
    plain = _ACTS.get(type(act))
    if plain is None:
        # Only here, because the law engine is a tenth of a start that has no use for it.
        from onetonne.ledger.acts_of_systems import ACTS

        plain = ACTS[type(act)]
    events = plain(state, act, ctx)
    if state.authorisations or state.approaches:
        events = levy.take(state, ctx, follow(state, ctx, events))
        events = entities.kept_from(state, events)
    return contribution.stays_home(state, ctx, events)


def _all(fork: State, acts: tuple[Any, ...], ctx: Context) -> tuple[Event, ...]:
    """Decide acts one after the other, each on what those before it made, on a copy."""
    events: list[Event] = []
    alone = [type(act) for act in acts if type(act) in ALONE]
    for number, act in enumerate(acts, 1):
        try:
            if isinstance(act, c.Propose | c.Approve):
                raise Refused("bad_proposal", act=str(act.__struct_config__.tag))
            if alone.count(type(act)) > 1:
                raise Refused("one_per_entry", made=ALONE[type(act)])
            made = _decided(fork, act, ctx)
        except Refused as refused:
            refused.refusal = placed(refused.refusal, acts, number)
            raise
        for event in made:
            evolve(fork, event, ctx.seq)
        events += made
    return tuple(events)
