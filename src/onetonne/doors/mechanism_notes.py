"""How events of a crediting mechanism, and levies, are told after an act: one line each, in both
languages."""

from typing import Any

from onetonne.doors.render import number
from onetonne.ledger.article6 import mechanism_events as e
from onetonne.ledger.article6.approach_levies import ApproachLevied, LevyPolicySet

MECHANISM: dict[type, tuple[str, str]] = {
    e.ActivitySubmitted: (
        "Notice of activity {activity}. Next: its host's approval.",
        "已提出活動 {activity}。下一步：地主國核准。",
    ),
    e.ActivityAdvanced: ("Activity {activity} is now {after}.", "活動 {activity} 目前為 {after}。"),
    e.ReductionsVerified: (
        "{quantity} units verified for {first} to {last}. To issue: onetonne a6 issue with the"
        " number of this entry.",
        "已就 {first} 至 {last} 查證 {quantity} 單位。核發：onetonne a6 issue 及本條目編號。",
    ),
    e.CreditsLevied: (
        "Levied: {levied}; {rest} units wait for forwarding.",
        "提撥：{levied}；{rest} 單位待轉發。",
    ),
    LevyPolicySet: (
        "{approach} levies from {day} on: {levied}. See: onetonne a6 levies {approach}",
        "{approach} 自 {day} 起提撥：{levied}。請見：onetonne a6 levies {approach}",
    ),
    ApproachLevied: (
        "Levied for {approach}: {levied}; {rest} are left.",
        "依 {approach} 提撥：{levied}；餘 {rest}。",
    ),
    e.BoundaryDeclared: ("Boundary of {project}: {keys}.", "{project} 之邊界：{keys}。"),
    e.RouteChanged: (
        "From {since} on {project} is credited as {route}.",
        "自 {since} 起 {project} 之途徑為 {route}。",
    ),
    e.ReductionClaimed: (
        "Credited at {keys} for {first} to {last}; nobody else may be.",
        "已就 {keys} 之 {first} 至 {last} 核發，不得另計。",
    ),
    e.ReversalReported: (
        "Reversal of {quantity} units ({kind}); the buffer answered for {answered}.",
        "逆轉 {quantity} 單位（{kind}）；緩衝抵償 {answered}。",
    ),
    e.ReversalRemedied: (
        "{quantity} units make reversal {reversal} good.",
        "以 {quantity} 單位補足逆轉 {reversal}。",
    ),
    e.BufferSettled: (
        "Buffer of {activity} ended ({outcome}): {quantity} units.",
        "{activity} 之緩衝終了（{outcome}）：{quantity} 單位。",
    ),
    e.EarlierUsed: (
        "{units} units used towards the first NDC of {party}, {year}; no host adjusts.",
        "{units} 單位用於 {party} 首期 NDC（{year}）；地主國不調整。",
    ),
}


def facts_of(event: Any) -> dict[str, Any]:
    """What such an event says in numbers and lists, as people read it."""
    facts: dict[str, Any] = {}
    for name in ("quantity", "rest"):
        if type(event) in MECHANISM and hasattr(event, name):
            facts[name] = number(getattr(event, name))
    if isinstance(event, e.BoundaryDeclared | e.ReductionClaimed):
        facts["keys"] = ", ".join(event.keys)
    if isinstance(event, e.CreditsLevied | ApproachLevied):
        told = [f"{s.name} {number(s.units)}" for s in event.shares]
        owed = event.owed if isinstance(event, ApproachLevied) else ()
        told += [f"{s.name} CASH {number(s.units)}" for s in owed]
        facts["levied"] = ", ".join(told) or "-"
    if isinstance(event, LevyPolicySet):
        told = [f"sop {event.sop} {event.sop_kind}"] if event.sop else []
        told += [f"omge {event.omge}"] if event.omge else []
        facts["levied"] = ", ".join(told) or "-"
    if isinstance(event, e.ReversalReported):
        facts["answered"] = number(event.own + event.pool)
    if isinstance(event, e.EarlierUsed):
        facts["units"] = number(sum(next_ - first for first, next_ in event.blocks))
    return facts
