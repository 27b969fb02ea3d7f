"""The cycle of an activity: notice, approval by its host, validation, registration, and its end.

Each step is one row of a table: from which states, into which. Who may take it says the service.
Source: 3/CMA.3 annex, chapter V; crediting periods and days of transition are the lawbook's.
"""

import re
from datetime import date, timedelta
from fractions import Fraction

import msgspec

from onetonne.ledger.acts.boundaries import credited, issued_for
from onetonne.ledger.acts.decided import digest
from onetonne.ledger.acts.issue import project_of
from onetonne.ledger.article6.mechanism_commands import (
    AdvanceActivity,
    SubmitActivity,
    VerifyReductions,
)
from onetonne.ledger.article6.mechanism_events import (
    ActivityAdvanced,
    ActivitySubmitted,
    ReductionsVerified,
)
from onetonne.ledger.article6.mechanism_tables import Activity
from onetonne.ledger.article6.policy import chosen
from onetonne.ledger.events import Event
from onetonne.ledger.items import MAX_QUANTITY, Context, open_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.units import Mechanism

NOTICE, APPROVED, VALIDATED = "prior_consideration", "host_approval", "validated"
REGISTERED, SUSPENDED = "registered", "suspended"
AFTER, CLOSED, WITHDRAWN = "post_crediting", "closed", "withdrawn"
MAX_PARTICIPANTS = 50


class Step(msgspec.Struct, frozen=True):
    """From which states a step leads, into which, and which days it must and may set."""

    before: tuple[str, ...]
    after: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


STEPS: dict[str, Step] = {
    "approve": Step((NOTICE,), APPROVED, may=("last",)),
    "validate": Step((APPROVED,), VALIDATED),
    "register": Step((VALIDATED,), REGISTERED, ("first", "last")),
    "renew": Step((REGISTERED,), REGISTERED, ("first", "last")),
    "suspend": Step((REGISTERED,), SUSPENDED),
    "resume": Step((SUSPENDED,), REGISTERED),
    "withdraw": Step((NOTICE, APPROVED, VALIDATED, REGISTERED, SUSPENDED), WITHDRAWN),
    "end": Step((REGISTERED,), AFTER),
    "close": Step((AFTER,), CLOSED),
}
"""After its last crediting period an activity is still watched for reversals, until it closes."""
_RISK = re.compile(r"[1-9][0-9]{0,8}/[1-9][0-9]{0,8}")


def submit(state: State, act: SubmitActivity, ctx: Context) -> tuple[Event, ...]:
    project = project_of(state, act.activity)
    if project is None:
        raise Refused("unknown_project", project=act.activity)
    if act.activity in state.activities:
        raise Refused("number_taken", what="activity", number=act.activity)
    mechanism = mechanism_of(ctx, act.mechanism)
    kind = mechanism.crediting.get(act.crediting)
    if kind is None:
        known = ", ".join(mechanism.crediting)
        raise Refused("unknown_kind", kind=act.crediting, what="crediting period", known=known)
    if project.activity != kind.activity:
        raise Refused(
            "activity_mismatch", unit=act.crediting, expected=kind.activity, found=project.activity
        )
    _participants(state, act.participants)
    if act.risk and (not _RISK.fullmatch(act.risk) or Fraction(act.risk) >= 1):
        expected = "a share below one, e.g. 1/10"
        raise Refused("bad_text", field="risk", found=act.risk[:80], expected=expected)
    if kind.activity == "removal" and not act.risk:
        raise Refused("missing_fact", unit=mechanism.unit, missing="risk")
    digest("digest", act.digest)
    for lot, first, last in issued_for(state, act.activity):
        if lot.unit == mechanism.unit:
            raise credited(act.activity, lot, first, last)
    if act.transition is not None:
        in_time("request", act.transition, mechanism.transition.request)
    # After this point the notice must succeed.
    event = ActivitySubmitted(
        activity=act.activity,
        mechanism=act.mechanism,
        unit=mechanism.unit,
        crediting=act.crediting,
        participants=act.participants,
        digest=act.digest,
        day=ctx.request.effective or ctx.day,
        risk=act.risk,
        transition=act.transition,
    )
    return (event,)


def mechanism_of(ctx: Context, code: str) -> Mechanism:
    row = ctx.law.mechanisms.get(code)
    if row is None:
        known = ", ".join(sorted(ctx.law.mechanisms))
        raise Refused("unknown_kind", kind=code, what="mechanism", known=known)
    return row


def _participants(state: State, accounts: tuple[int, ...]) -> None:
    if not 0 < len(accounts) <= MAX_PARTICIPANTS:
        found, expected = len(accounts), f"1 to {MAX_PARTICIPANTS} accounts"
        raise Refused("bad_text", field="participants", found=found, expected=expected)
    for number in accounts:
        account = open_account(state, number)
        if account.sink:
            raise Refused("not_an_end", account=number)


def in_time(step: str, day: date, until: date) -> None:
    """Whether a step of the transition was taken in time; its last day counts."""
    if day > until:
        raise Refused("transition_closed", step=step, until=str(until), day=str(day))


def advance(state: State, act: AdvanceActivity, ctx: Context) -> tuple[Event, ...]:
    row = activity_of(state, act.activity)
    step = STEPS.get(act.step)
    if step is None:
        raise Refused("unknown_kind", kind=act.step, what="step", known=", ".join(STEPS))
    in_state(row, act.step, *step.before)
    digest("digest", act.digest)
    _fields(act, step)
    mechanism = mechanism_of(ctx, row.mechanism)
    day = ctx.request.effective or ctx.day
    if row.transition is not None and act.step in ("approve", "validate"):
        last = mechanism.transition
        in_time(act.step, day, last.approval if act.step == "approve" else last.documents)
    if act.step in ("register", "renew"):
        _period(row, act, mechanism)
    # After this point the step must succeed.
    event = ActivityAdvanced(
        activity=act.activity,
        step=act.step,
        before=row.state,
        after=step.after,
        digest=act.digest,
        day=day,
        first=act.first,
        last=act.last,
        sop_exempt=act.sop_exempt,
    )
    return (event,)


def activity_of(state: State, code: str) -> Activity:
    row = state.activities.get(code)
    if row is None:
        raise Refused("unknown_activity", activity=code)
    return row


def in_state(row: Activity, act: str, *states: str) -> None:
    if row.state not in states:
        raise Refused(
            "activity_state",
            activity=row.activity,
            state=row.state,
            act=act,
            wanted=" / ".join(states),
        )


def _fields(act: AdvanceActivity, step: Step) -> None:
    """A step states the days that it sets, and nothing that it does not."""
    for name in ("first", "last"):
        told = getattr(act, name)
        if told is None and name in step.needs:
            raise Refused("bad_text", field=name, found="empty", expected="a day, e.g. 2026-01-01")
        if told is not None and name not in (*step.needs, *step.may):
            raise Refused("bad_text", field=name, found=str(told), expected="no value")
    if act.sop_exempt and act.step != "approve":
        raise Refused("bad_text", field="sop_exempt", found="true", expected="no value")


def _period(row: Activity, act: AdvanceActivity, mechanism: Mechanism) -> None:
    """Whether a crediting period begins and ends where it may; both days belong to it."""
    first, last = act.first, act.last
    assert first is not None
    assert last is not None
    kind = mechanism.crediting[row.crediting]
    if act.step == "renew" and row.renewals >= kind.renewals:
        raise Refused(
            "no_renewal_left", activity=row.activity, done=row.renewals, most=kind.renewals
        )
    earliest = mechanism.begins
    if act.step == "renew" and row.last is not None:
        earliest = row.last + timedelta(1)
    latest = years_on(first, kind.years)
    if row.until is not None:
        latest = min(latest, row.until)
    begins = first == earliest if act.step == "renew" else first >= earliest
    if not begins or not first <= last <= latest:
        raise Refused(
            "bad_crediting_period",
            first=str(first),
            last=str(last),
            years=kind.years,
            earliest=str(earliest),
            latest=str(latest),
        )


def years_on(first: date, years: int) -> date:
    """The last day of as many whole years from `first`."""
    try:
        return first.replace(year=first.year + years) - timedelta(1)
    except ValueError:  # from the 29th of February into a year without one
        return date(first.year + years, 2, 28)


def verify(state: State, act: VerifyReductions, ctx: Context) -> tuple[Event, ...]:
    row = activity_of(state, act.activity)
    in_state(row, "verify_reductions", REGISTERED)
    if not 0 < act.quantity <= MAX_QUANTITY:
        raise Refused("bad_quantity", quantity=act.quantity, limit=MAX_QUANTITY)
    digest("digest", act.digest)
    if not (act.first <= act.last and act.first.year == act.last.year):
        found, expected = f"{act.first} - {act.last}", "days of one year, the first one first"
        raise Refused("bad_text", field="monitoring", found=found, expected=expected)
    if act.last > ctx.day:
        raise Refused("effective_day_in_future", day=str(act.last), today=str(ctx.day))
    if row.first is None or row.last is None or not row.first <= act.first <= act.last <= row.last:
        raise Refused(
            "outside_crediting_period",
            activity=row.activity,
            monitored=f"{act.first} - {act.last}",
            first=str(row.first),
            last=str(row.last),
        )
    if row.transition is not None and not row.renewals:
        until = date.fromisoformat(chosen(state.choices, ctx.law, "cdm_methodology_until"))
        in_time("methodology", act.last, until)
    for other in state.verifications.values():
        if other.activity == row.activity and _meet(act.first, act.last, other.first, other.last):
            raise Refused(
                "verified_before",
                activity=row.activity,
                entry=other.verification,
                first=str(other.first),
                last=str(other.last),
            )
    # After this point the certification must succeed.
    event = ReductionsVerified(
        activity=act.activity,
        first=act.first,
        last=act.last,
        quantity=act.quantity,
        digest=act.digest,
    )
    return (event,)


def _meet(first: date, last: date, other_first: date, other_last: date) -> bool:
    """Whether two periods share a day."""
    return first <= other_last and other_first <= last
