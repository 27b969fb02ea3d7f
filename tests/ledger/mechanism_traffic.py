"""Acts of a crediting mechanism at random: activities are taken through their cycle, now and then
out of it."""

from __future__ import annotations

import random
from datetime import date

from tests.ledger.article6_traffic import DIGEST, JAPAN
from tests.ledger.given import A, B

from onetonne.ledger import commands as c
from onetonne.ledger.article6 import mechanism_commands as m
from onetonne.ledger.commands import Act, Item
from onetonne.ledger.state import State

ACCOUNTS = {3_010: "pending", 3_011: "adaptation_fund", 3_012: "buffer"}
PENDING, FUND, POOL = ACCOUNTS
CODES = ("Z1", "Z2", "Z3")
NEXT = {
    "prior_consideration": "approve",
    "host_approval": "validate",
    "validated": "register",
    "suspended": "resume",
    "post_crediting": "close",
}
FIRST, LAST = date(2024, 1, 1), date(2033, 12, 31)


def cycle(draw: random.Random, state: State) -> Act:
    """What an activity wants next."""
    for account, kind in ACCOUNTS.items():
        if account not in state.accounts:
            return c.OpenAccount(account=account, kind=kind)
    code = draw.choice(CODES)
    if code not in state.projects:
        return c.RegisterProject(project=code, party="TW", mechanism="PACM", activity="reduction")
    row = state.activities.get(code)
    if row is None:
        risk = draw.choice(("1/10", "1/3", ""))
        return m.SubmitActivity(activity=code, mechanism="PACM", crediting="fixed", risk=risk,
                                participants=(A, B), digest=DIGEST)  # fmt: skip
    if code not in state.boundaries or draw.random() < 0.05:
        key = f"meter:{draw.choice((code, 'SHARED'))}"
        return m.DeclareBoundary(project=code, route="A64", keys=(key,), since=FIRST, digest=DIGEST)
    if row.state == "registered":
        return _registered(draw, state, code)
    if row.state == "closed":
        return m.SettleBuffer(activity=code, digest=DIGEST)
    step = NEXT.get(row.state, "renew")
    days = {"first": FIRST, "last": LAST} if step == "register" else {}
    return m.AdvanceActivity(activity=code, step=step, digest=DIGEST, **days)


def _registered(draw: random.Random, state: State, code: str) -> Act:
    open_ = [v for v in state.verifications.values()
             if v.activity == code and v.issued < v.quantity]  # fmt: skip
    chance = draw.random()
    if open_ and chance < 0.5:
        one = draw.choice(open_)
        return m.IssueCredits(verification=one.verification, quantity=draw.randint(1, one.quantity))
    if chance < 0.8:
        year, month = draw.choice((2024, 2025)), draw.randint(1, 12)
        days = {"first": date(year, month, 1), "last": date(year, month, 28)}
        return m.VerifyReductions(activity=code, quantity=draw.choice((1, 7, 40)), digest=DIGEST,
                                  **days)  # fmt: skip
    if chance < 0.9:
        kind = draw.choice(("unavoidable", "avoidable"))
        return m.ReportReversal(activity=code, quantity=draw.randint(1, 3), kind=kind,
                                digest=DIGEST)  # fmt: skip
    if chance < 0.97:
        return m.AdvanceActivity(activity=code, step=draw.choice(("suspend", "end")),
                                 digest=DIGEST)  # fmt: skip
    since = date(2026, draw.randint(1, 12), 1)
    return m.ChangeRoute(project=code, route="CRED", since=since, digest=DIGEST)


def after(draw: random.Random, state: State) -> Act | None:
    """What becomes of the units: forwarded, given for a reversal; old ones serve a first NDC."""
    owed = [row for row in state.reversals.values() if row.remedied < row.quantity]
    if owed and draw.random() < 0.5:
        found = _held(draw, state, (A, B), "A64")
        return found and m.RemedyReversal(
            reversal=draw.choice(owed).reversal, source=found[0], items=found[1]
        )
    if draw.random() < 0.3 and JAPAN in state.accounts:
        found = _held(draw, state, (JAPAN,), "CRED")
        if found is None:
            return c.Issue(unit="CRED", quantity=5, account=JAPAN, vintage=2018,
                           facts={"registration": "2014-01-01"})  # fmt: skip
        return m.UseEarlier(source=found[0], items=found[1], party="JP", year=2030)
    found = _held(draw, state, (PENDING,), "A64")
    target = draw.choice((A, A, B, JAPAN))
    return found and m.ForwardCredits(source=found[0], target=target, items=found[1])


def _held(
    draw: random.Random, state: State, accounts: tuple[int, ...], unit: str
) -> tuple[int, tuple[Item, ...]] | None:
    found = [
        (lot, h)
        for lot, lane in state.lanes.items()
        for h in lane.rows.values()
        if h.account in accounts and not h.locks and state.lots[lot].unit == unit
        and (unit != "CRED" or state.lots[lot].vintage == 2018)
    ]  # fmt: skip
    if not found:
        return None
    lot, held = draw.choice(found)
    base = int(state.lots[lot].first_number)
    low = draw.randrange(held.first, held.next)
    high = draw.randint(low, min(held.next - 1, low + 3))
    return held.account, (Item(lot=lot, serials=f"{base + low}-{base + high}"),)
