"""Acts of a crediting mechanism for the tests of the kernel: what each refuses and makes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace
from tests.ledger import article6_rows
from tests.ledger.article6_rows import (
    ABROAD,
    BEGUN,
    DIGEST,
    JAPAN,
    LOA,
    NDC,
    OPENED,
    _moved,
    transferred,
)
from tests.ledger.given import DAY, RETIREMENT, A, B, ask, block, given

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.article6 import mechanism_commands as m
from onetonne.ledger.article6 import mechanism_events as e
from onetonne.ledger.article6.levies import Share
from onetonne.ledger.commands import Act

N = given().seq + 1
PENDING, FUND, POOL, OMGE, REVERSAL = 1030, 1031, 1032, 20, 21
NEW_YEAR, LAST = date(2026, 1, 1), date(2026, 1, 31)
TOMORROW, YESTERDAY = DAY + timedelta(1), DAY - timedelta(1)
ACCOUNTS: tuple[Act, ...] = (
    c.OpenAccount(account=PENDING, kind="pending"),
    c.OpenAccount(account=FUND, kind="adaptation_fund"),
    c.OpenAccount(account=POOL, kind="buffer"),
)
PLAN = m.SubmitActivity(
    activity="X1", mechanism="PACM", crediting="fixed", participants=(A,), digest=DIGEST,
    risk="1/10",
)  # fmt: skip
PLACE = m.DeclareBoundary(
    project="X1", route="A64", keys=("meter:x1",), since=NEW_YEAR, digest=DIGEST
)


def step(step: str, activity: str = "X1", **days: Any) -> m.AdvanceActivity:
    return m.AdvanceActivity(activity=activity, step=step, digest=DIGEST, **days)


def project(code: str, activity: str = "reduction") -> c.RegisterProject:
    return c.RegisterProject(project=code, party="TW", mechanism="PACM", activity=activity)


ENDS = {"first": NEW_YEAR, "last": date(2035, 12, 31)}
APPROVE, VALIDATE, REGISTER = step("approve"), step("validate"), step("register", **ENDS)


def cycle(code: str, **changes: Any) -> tuple[Act, ...]:
    """A project until its activity is registered."""
    return (
        project(code),
        replace(PLACE, project=code, keys=(f"meter:{code}",)),
        replace(PLAN, activity=code, **changes),
        *(replace(one, activity=code) for one in (APPROVE, VALIDATE, REGISTER)),
    )


REGISTERED: tuple[Act, ...] = (*ACCOUNTS, *cycle("X1"))
V1 = N + len(REGISTERED)
VERIFY = m.VerifyReductions(activity="X1", first=NEW_YEAR, last=LAST, quantity=100, digest=DIGEST)
ISSUE = m.IssueCredits(verification=V1, quantity=100)
VERIFIED: tuple[Act, ...] = (*REGISTERED, VERIFY)
ISSUED: tuple[Act, ...] = (*VERIFIED, ISSUE)
FORWARD = m.ForwardCredits(source=PENDING, target=A, items=block("91-100"))
FIRE = m.ReportReversal(activity="X1", quantity=4, kind="unavoidable", digest=DIGEST)
CLEARING = replace(FIRE, kind="avoidable")
R1 = N + len(ISSUED)
REMEDY = m.RemedyReversal(reversal=R1, source=A, items=block("91-94"))
OWING: tuple[Act, ...] = (*ISSUED, CLEARING, FORWARD)
SETTLE = m.SettleBuffer(activity="X1", digest=DIGEST)
CLOSED: tuple[Act, ...] = (*ISSUED, step("end"), step("close"))
RELEASE = a6.ChoosePolicy(policy="buffer_at_end", value="RELEASE", digest=DIGEST)
CER = c.Issue(
    unit="CRED", quantity=100, account=JAPAN, vintage=2018, facts={"registration": "2013-01-01"}
)
USE = m.UseEarlier(source=JAPAN, items=block("1-10"), party="JP", year=2030)
CERS: tuple[Act, ...] = (*OPENED, NDC, replace(NDC, first=2031, last=2040), CER)
LATER = replace(LOA, items=(), projects=("X1",), cap=0)
ROUTE = m.ChangeRoute(project="X1", route="CRED", since=date(2027, 1, 1), digest=DIGEST)
SAME = replace(PLACE, project="P1", route="CRED", keys=("meter:X1",))
OF_P1 = c.Issue(unit="CRED", quantity=5, account=A, vintage=2026, project="P1")
TO_B = c.Transfer(source=A, target=B, items=block("91-100"))
OLD_CDM = replace(PLAN, transition=date(2023, 12, 31))


BEFORE = replace(OF_P1, project="X1")
"""Issued for the project of an activity, while it is none and has no boundary."""
OF_P2 = replace(OF_P1, project="P2")


def _late(value: str, *acts: Act) -> tuple[Act, ...]:
    choice = a6.ChoosePolicy(policy="mcu_authorization_deadline", value=value, digest=DIGEST)
    return (*BEGUN, *ISSUED[:-1], replace(ISSUE, verification=V1 + len(BEGUN)), choice, *acts)


AT_ONE = replace(LATER, items=block("50"))
Refusals = tuple[tuple[str, tuple[Act, ...], Any, dict[str, Any]], ...]
REFUSED: Refusals = (
    ("unknown_activity", (), APPROVE, {"activity": "X1"}),
    ("activity_state", (*REGISTERED[:-2],), REGISTER, {"state": "host_approval"}),
    ("activity_state", (*REGISTERED, step("suspend")), VERIFY, {"state": "suspended"}),
    ("activity_state", (*VERIFIED, step("end")), ISSUE, {"state": "post_crediting"}),
    ("activity_state", (*REGISTERED, step("withdraw")), FIRE, {"state": "withdrawn"}),
    ("activity_state", ISSUED, SETTLE, {"wanted": "closed"}),
    ("transition_closed", (project("X1"),), replace(OLD_CDM, transition=date(2024, 1, 1)),
     {"step": "request", "until": "2023-12-31"}),
    ("transition_closed", (*ACCOUNTS, *cycle("X1", transition=date(2023, 12, 31))), VERIFY,
     {"step": "methodology", "until": "2025-12-31"}),
    ("bad_crediting_period", REGISTERED[:-1], replace(REGISTER, first=date(2020, 12, 31)),
     {"earliest": "2021-01-01"}),
    ("bad_crediting_period", REGISTERED[:-1], replace(REGISTER, last=date(2036, 1, 1)),
     {"latest": "2035-12-31", "years": 10}),
    ("bad_crediting_period", REGISTERED[:-1], replace(REGISTER, last=date(2025, 12, 31)), {}),
    ("bad_crediting_period",
     (*REGISTERED[:-3], replace(APPROVE, last=date(2030, 12, 31)), VALIDATE),
     replace(REGISTER, last=date(2031, 1, 1)), {"latest": "2030-12-31"}),
    ("no_renewal_left", REGISTERED,
     step("renew", first=date(2036, 1, 1), last=date(2036, 12, 31)), {"done": 0, "most": 0}),
    ("outside_crediting_period", REGISTERED,
     replace(VERIFY, first=date(2025, 12, 31), last=date(2025, 12, 31)),
     {"first": "2026-01-01"}),
    ("outside_crediting_period",
     (*REGISTERED[:-1], replace(REGISTER, last=date(2026, 1, 30))), VERIFY,
     {"last": "2026-01-30"}),
    ("verified_before", VERIFIED, replace(VERIFY, first=LAST, last=LAST),
     {"entry": V1, "last": "2026-01-31"}),
    ("unknown_verification", VERIFIED, replace(ISSUE, verification=N), {"verification": N}),
    ("not_verified", VERIFIED, replace(ISSUE, quantity=101), {"left": 100, "asked": 101}),
    ("not_verified", ISSUED, replace(ISSUE, quantity=1), {"left": 0}),
    ("reversal_owed", OWING[:-1], ISSUE, {"owed": 4}),
    ("reversal_owed", (*OWING, step("end"), step("close")), SETTLE, {"owed": 4}),
    ("no_account_of_kind", (*VERIFIED[1:],), replace(ISSUE, verification=V1 - 1),
     {"kind": "pending"}),
    ("no_account_of_kind", (ACCOUNTS[0], *VERIFIED[3:]), replace(ISSUE, verification=V1 - 2),
     {"kind": "adaptation_fund"}),
    ("no_account_of_kind", (*ACCOUNTS[:2], *VERIFIED[3:]), replace(ISSUE, verification=V1 - 1),
     {"kind": "buffer"}),
    ("levied_issue_only", REGISTERED,
     c.Issue(unit="A64", quantity=1, account=A, vintage=2026, project="X1"), {"activity": "X1"}),
    ("administered_account", ISSUED, c.Transfer(source=PENDING, target=A, items=block("100")),
     {"kind": "pending"}),
    ("administered_account", ISSUED,
     c.Cancel(source=POOL, items=block("8"), kind="voluntary"), {"kind": "buffer"}),
    ("not_pending", ISSUED, replace(FORWARD, source=A), {"account": A}),
    ("not_a_participant", ISSUED, replace(FORWARD, target=B), {"account": B, "lot": 1}),
    ("mcu_stays", (*OPENED, *ISSUED[:-1], replace(ISSUE, verification=V1 + 2), FORWARD), ABROAD,
     {"serials": "91-100", "host": "TW"}),
    ("mcu_stays", (*ISSUED, c.OpenAccount(account=1024, kind="peer", party="JP")),
     c.Transfer(source=FUND, target=1024, items=block("1")), {"serials": "1"}),
    ("too_late_to_authorise", _late("2026-06-14"), AT_ONE, {"serials": "50"}),
    ("too_late_to_authorise",
     _late("none", FORWARD, TO_B), replace(LATER, items=block("90-92")), {"serials": "91-92"}),
    ("no_boundary", (*ACCOUNTS, project("X1"), *REGISTERED[5:], VERIFY),
     replace(ISSUE, verification=V1 - 1), {"project": "X1"}),
    ("no_boundary", (), replace(ROUTE, project="P1"), {"project": "P1"}),
    ("other_route", (replace(PLACE, project="P1"),), OF_P1, {"route": "A64", "unit": "CRED"}),
    ("other_route", (SAME,), replace(OF_P1, vintage=2025), {"route": "-"}),
    ("other_route", (SAME,), replace(SAME, route="A64"), {"route": "CRED", "unit": "A64"}),
    ("other_route", (SAME, replace(ROUTE, project="P1", route="OUT", since=date(2026, 12, 31))),
     OF_P1, {"route": "OUT"}),
    ("route_stands", (SAME,), replace(ROUTE, project="P1"), {"route": "CRED"}),
    ("route_stands", (SAME,), replace(ROUTE, project="P1", route="OUT", since=NEW_YEAR), {}),
    ("credited_already", (SAME, OF_P1),
     replace(ROUTE, project="P1", route="OUT", since=date(2026, 12, 31)), {"lot": 1}),
    ("credited_already", (project("X1"), BEFORE), PLACE,
     {"lot": 1, "first": "2026-01-01", "last": "2026-12-31", "entry": N + 1}),
    ("credited_already", (project("X1"), replace(BEFORE, unit="A64")), PLAN, {"lot": 1}),
    ("boundary_overlap", (*ISSUED, OF_P1), SAME, {"key": "meter:X1", "project": "X1", "lot": 1}),
    ("boundary_overlap", (*ISSUED, replace(SAME, keys=("meter:P1",)), OF_P1), SAME,
     {"key": "meter:X1", "lot": 1}),
    ("boundary_overlap", (*ISSUED, OF_P1, replace(SAME, since=LAST + timedelta(1)), OF_P2,
                          replace(SAME, project="P2", keys=("meter:P2",))),
     replace(SAME, project="P2"), {"lot": 1}),
    ("boundary_overlap", (*ISSUED, SAME), OF_P1,
     {"key": "meter:X1", "project": "X1", "lot": 1, "entry": N + len(ISSUED) - 1}),
    ("boundary_overlap", (*ISSUED, SAME),
     replace(OF_P1, facts={"monitored_first": "2026-01-31"}), {"last": "2026-01-31"}),
    ("missing_fact", (SAME,), replace(OF_P1, vintage=0, unit="OUT"), {"missing": "vintage"}),
    ("bad_text", (SAME,), replace(OF_P1, facts={"monitored_last": "2027-01-01"}),
     {"field": "monitored_last"}),
    ("bad_text", (SAME,),
     replace(OF_P1, facts={"monitored_first": "2026-02-01", "monitored_last": "2026-01-31"}),
     {"field": "monitored"}),
    ("no_reversal_risk", (*ACCOUNTS, *cycle("X1", risk="")), FIRE, {"activity": "X1"}),
    ("one_per_entry", ISSUED, ask(FIRE, replace(FIRE, quantity=1)), {"made": "reversal"}),
    ("buffer_too_small", ISSUED, replace(FIRE, quantity=11), {"own": 10, "pool": 0}),
    ("buffer_too_small", (*CLOSED, SETTLE), SETTLE, {"own": 0}),
    ("unknown_reversal", ISSUED, REMEDY, {"reversal": R1}),
    ("not_of_mechanism", (*OWING, replace(CER, account=A)),
     replace(REMEDY, items=block("1", lot=2)), {"unit": "CRED", "wanted": "A64"}),
    ("more_than_owed", OWING, replace(REMEDY, items=block("91-95")), {"left": 4, "asked": 5}),
    ("more_than_owed", (*OWING, REMEDY), replace(REMEDY, items=block("95")), {"left": 0}),
    ("not_first_ndc", CERS, replace(USE, year=2031), {"first": 2021, "period": "2031-2040"}),
    ("not_first_ndc", (*CERS[:2], replace(NDC, metric="MWh"), CER), USE, {}),
    ("earlier_unit_unusable", (*CERS[:-1], replace(CER, facts={"registration": "2012-12-31"})),
     USE, {"why": "its activity was registered on 2012-12-31, before 2013-01-01"}),
    ("earlier_unit_unusable", (*CERS[:-1], replace(CER, vintage=2021)), USE,
     {"why": "its reductions are of 2021, not until 2020"}),
    ("earlier_unit_unusable", (*CERS[:-1], replace(CER, facts={})), USE,
     {"why": "it does not state when its activity was registered"}),
    ("earlier_unit_unusable", (*CERS[:-1], replace(CER, unit="OUT")), USE,
     {"why": "it is no unit of an earlier mechanism"}),
    ("nothing_to_correct", ISSUED, c.Correct(entry=N + len(ISSUED) - 1, reason="r"), {}),
    ("nothing_to_correct", (*ISSUED, FIRE), c.Correct(entry=R1, reason="r"), {}),
)  # fmt: skip

_LOT = ev.Issued(
    lot=1, unit="A64", size=100, account=PENDING, first_number="1", project="X1", vintage=2026,
    host="TW", activity="reduction",
)  # fmt: skip
_SHARES = (
    Share("sop", "1/20", "CEIL", "5", 5),
    Share("omge", "1/50", "CEIL", "2", 2),
    Share("buffer", "1/10", "CEIL", "10", 10),
)
_HEAD = e.CreditsLevied(
    lot=1, activity="X1", mechanism="PACM", verification=V1, day=DAY, shares=_SHARES, rest=83,
    buffer_base="ISSUED",
)  # fmt: skip
_CLAIM = e.ReductionClaimed(lot=1, project="X1", keys=("meter:X1",), first=NEW_YEAR, last=LAST)


def _levied(at: int, claim: bool = True) -> tuple[Any, ...]:
    """The events of the issuance, where it is entry `at`."""
    return (
        _LOT, replace(_HEAD, verification=at - 1), _CLAIM,
        _moved(0, 5, PENDING, FUND, (0, at)),
        ev.Cancelled(source=PENDING, kind="omge"),
        _moved(5, 7, PENDING, OMGE, (5, at)),
        _moved(7, 17, PENDING, POOL, (7, at)),
    )  # fmt: skip


def _advanced(act: m.AdvanceActivity, before: str, after: str) -> e.ActivityAdvanced:
    return e.ActivityAdvanced(
        activity=act.activity, step=act.step, before=before, after=after, digest=DIGEST, day=DAY,
        first=act.first, last=act.last, sop_exempt=act.sop_exempt,
    )  # fmt: skip


_AUTHORISED: tuple[Act, ...] = (*BEGUN, *REGISTERED)
_AT = N + len(_AUTHORISED) + 2
_OPEN = replace(LATER, purposes=("OP",), first_transfer="issuance")
_LATE = (*BEGUN, *ISSUED[:-1], replace(ISSUE, verification=V1 + len(BEGUN)))
MADE: tuple[tuple[str, tuple[Act, ...], Any, tuple[Any, ...]], ...] = (
    ("submit an activity", (project("X1"),), PLAN,
     (e.ActivitySubmitted(activity="X1", mechanism="PACM", unit="A64", crediting="fixed",
                          participants=(A,), digest=DIGEST, day=DAY, risk="1/10"),)),
    ("approve it", REGISTERED[:-3], replace(APPROVE, last=LAST, sop_exempt=True),
     (_advanced(replace(APPROVE, last=LAST, sop_exempt=True), "prior_consideration",
                "host_approval"),)),
    ("register it on its bounds", REGISTERED[:-1], REGISTER,
     (_advanced(REGISTER, "validated", "registered"),)),
    ("verify", REGISTERED, VERIFY,
     (e.ReductionsVerified(activity="X1", first=NEW_YEAR, last=LAST, quantity=100,
                           digest=DIGEST),)),
    ("verify the day after", VERIFIED, replace(VERIFY, first=date(2026, 2, 1), last=DAY),
     (e.ReductionsVerified(activity="X1", first=date(2026, 2, 1), last=DAY, quantity=100,
                           digest=DIGEST),)),
    ("issue with levies", VERIFIED, ISSUE, _levied(V1 + 1)),
    ("issue what is authorised", (*_AUTHORISED, LATER, VERIFY),
     replace(ISSUE, verification=_AT - 1), (*_levied(_AT), transferred(0, 7, "levy"))),
    ("issue under an open trigger", (*_AUTHORISED, _OPEN, VERIFY),
     replace(ISSUE, verification=_AT - 1),
     (*_levied(_AT), e6.FirstTransferred(lot=1, blocks=((0, 7), (17, 100)), authorisation="A1",
                                         version=1, trigger="issuance", day=DAY))),
    ("forward", ISSUED, FORWARD, (_moved(90, 100, PENDING, A, (17, V1 + 1)),)),
    ("authorise what was issued", _LATE, LATER,
     (article6_rows.authorised(LATER), transferred(0, 7, "levy"))),
    ("authorise what is left since", (*_LATE, FORWARD, TO_B), LATER,
     (article6_rows.authorised(LATER, left_out=((1, 90, 100),)), transferred(0, 7, "levy"))),
    ("authorise on the last day", (*_late(str(DAY)),), AT_ONE,
     (article6_rows.authorised(AT_ONE, blocks=((1, 49, 50),)),)),
    ("authorise within the days", (*_late("0"),), AT_ONE,
     (article6_rows.authorised(AT_ONE, blocks=((1, 49, 50),)),)),
    ("authorise too late", (*_late(str(YESTERDAY)),), LATER,
     (article6_rows.authorised(LATER, left_out=((1, 0, 100),)),)),
    ("declare a boundary", (project("X1"),),
     replace(PLACE, keys=("site:25.03301,121.5", " meter: x1")[:1]),
     (e.BoundaryDeclared(project="X1", route="A64", keys=("site:25.0330,121.5000",),
                         since=NEW_YEAR, digest=DIGEST),)),
    ("add to a boundary", (project("X1"), PLACE), replace(PLACE, keys=("programme:vcs-1",)),
     (e.BoundaryDeclared(project="X1", route="A64", keys=("meter:X1", "programme:VCS-1"),
                         since=NEW_YEAR, digest=DIGEST),)),
    ("declare where what was issued before was credited",
     (replace(OF_P1, facts={"monitored_last": "2026-03-31"}), replace(OF_P1, vintage=2025)), SAME,
     (e.BoundaryDeclared(project="P1", route="CRED", keys=("meter:X1",), since=NEW_YEAR,
                         digest=DIGEST),
      e.ReductionClaimed(lot=1, project="P1", keys=("meter:X1",), first=NEW_YEAR,
                         last=date(2026, 3, 31)))),
    ("add where it was credited", (SAME, OF_P1),
     replace(SAME, keys=("meter:x1", "meter:x2"), since=date(2026, 7, 1)),
     (e.BoundaryDeclared(project="P1", route="CRED", keys=("meter:X1", "meter:X2"),
                         since=date(2026, 7, 1), digest=DIGEST),
      e.ReductionClaimed(lot=1, project="P1", keys=("meter:X2",), first=date(2026, 7, 1),
                         last=date(2026, 12, 31)))),
    ("declare beside what was made of others by a conversion",
     (OF_P1, c.Convert(source=A, items=block("1-5"), rule="WHOLE"),), SAME,
     (e.BoundaryDeclared(project="P1", route="CRED", keys=("meter:X1",), since=NEW_YEAR,
                         digest=DIGEST),
      e.ReductionClaimed(lot=1, project="P1", keys=("meter:X1",), first=NEW_YEAR,
                         last=date(2026, 12, 31)))),
    ("issue beside what was credited", (*ISSUED, SAME),
     replace(OF_P1, facts={"monitored_first": "2026-02-01"}),
     (ev.Issued(lot=2, unit="CRED", size=5, account=A, first_number="1", project="P1",
                vintage=2026, host="TW", activity="reduction",
                facts={"monitored_first": "2026-02-01"}),
      e.ReductionClaimed(lot=2, project="P1", keys=("meter:X1",), first=date(2026, 2, 1),
                         last=date(2026, 12, 31)))),
    ("change a route", ISSUED, replace(ROUTE, since=date(2026, 2, 1)),
     (e.RouteChanged(project="X1", route="CRED", since=date(2026, 2, 1), digest=DIGEST),)),
    ("answer a reversal", ISSUED, FIRE,
     (e.ReversalReported(activity="X1", kind="unavoidable", quantity=4, day=DAY, digest=DIGEST,
                         own=4),
      ev.Cancelled(source=POOL, kind="reversal"),
      _moved(7, 11, POOL, REVERSAL, (7, V1 + 1)))),
    ("report an avoidable one", ISSUED, CLEARING,
     (e.ReversalReported(activity="X1", kind="avoidable", quantity=4, day=DAY, digest=DIGEST),)),
    ("make it good", OWING, REMEDY,
     (e.ReversalRemedied(reversal=R1, quantity=4), ev.Cancelled(source=A, kind="reversal"),
      _moved(90, 94, A, REVERSAL, (90, R1 + 1)))),
    ("end a buffer", CLOSED, SETTLE,
     (e.BufferSettled(activity="X1", outcome="CANCEL", quantity=10, digest=DIGEST),
      ev.Cancelled(source=POOL, kind="reversal"),
      _moved(7, 17, POOL, REVERSAL, (7, V1 + 1)))),
    ("release a buffer", (*CLOSED, RELEASE), SETTLE,
     (e.BufferSettled(activity="X1", outcome="RELEASE", quantity=10, digest=DIGEST),
      _moved(7, 17, POOL, PENDING, (7, V1 + 1)))),
    ("use CERs towards a first NDC", CERS, USE,
     (e.EarlierUsed(lot=1, blocks=((0, 10),), source=JAPAN, party="JP", year=2030, day=DAY,
                    registered="2013-01-01"),
      _moved(0, 10, JAPAN, RETIREMENT, (0, N + len(CERS) - 1)))),
)  # fmt: skip
