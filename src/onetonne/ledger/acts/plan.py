"""Record a host's plan, and hold an authorisation against it (`check_plan`).

Beyond what the plan or the pledge leaves, an authorisation is refused, unless an authority is named
who overrides that, with a reason. What is not known refuses nothing.
"""

import re
from fractions import Fraction

import msgspec

from onetonne.base.parties import is_party
from onetonne.ledger.acts.first_transfer import FIRST_VINTAGE, of_host
from onetonne.ledger.acts.use import pledge_for
from onetonne.ledger.article6.commands import Terms
from onetonne.ledger.article6.plan import (
    Claim,
    Plan,
    PlanRecorded,
    RecordPlan,
    Share,
    attribute,
    claim_of,
    meets,
    pledge_room,
)
from onetonne.ledger.article6.standing import has_ended
from onetonne.ledger.article6.tables import Authorisation, Ndc
from onetonne.ledger.events import Event
from onetonne.ledger.items import MAX_QUANTITY, Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

MAX_SHARES = 200
MAX_SECTOR = 80
MAX_REASON = 2_000
_SHARE = re.compile(r"0(\.[0-9]{1,9})?|1(\.0{1,9})?|[0-9]{1,9}/[1-9][0-9]{0,8}")
_MONEY = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?")
_LEVEL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def record(state: State, act: RecordPlan, ctx: Context) -> tuple[Event, ...]:
    if not is_party(act.party):
        raise Refused("unknown_party", party=act.party)
    pledge = pledge_for(state, act.party, act.year)
    if not 0 < len(act.shares) <= MAX_SHARES:
        raise Refused("too_many_items", count=len(act.shares), limit=MAX_SHARES)
    for share in act.shares:
        _share(state, share, pledge)
    _apart(act.shares)
    if act.projected and not _LEVEL.fullmatch(act.projected):
        expected = "a decimal number, e.g. 1234.5"
        raise Refused("bad_text", field="projected", found=act.projected[:80], expected=expected)
    priced = any(share.price or share.replacement for share in act.shares)
    if priced != bool(_CURRENCY.fullmatch(act.currency)):
        expected = "three capital letters beside an amount, e.g. USD"
        found = act.currency[:80] or "-"
        raise Refused("bad_text", field="currency", found=found, expected=expected)
    if not _DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    old = state.plans.get((act.party, pledge.first))
    # After this point the record must succeed.
    event = PlanRecorded(
        party=act.party,
        first=pledge.first,
        last=pledge.last,
        version=old.version + 1 if old else 1,
        digest=act.digest,
        shares=act.shares,
        projected=act.projected,
        currency=act.currency,
    )
    return (event,)


def _share(state: State, one: Share, pledge: Ndc) -> None:
    if not 0 < len(one.sector) <= MAX_SECTOR:
        expected, found = f"text of 1 to {MAX_SECTOR} characters", one.sector[:80]
        raise Refused("bad_text", field="sector", found=found, expected=expected)
    if not max(pledge.first, FIRST_VINTAGE) <= one.first <= one.last <= pledge.last:
        found, expected = f"{one.first}-{one.last}", f"years of {pledge.first}-{pledge.last}"
        raise Refused("bad_text", field="vintages", found=found, expected=expected)
    if not 0 <= one.expected <= MAX_QUANTITY:
        raise Refused("bad_quantity", quantity=one.expected, limit=MAX_QUANTITY)
    if not _SHARE.fullmatch(one.share) or Fraction(one.share) > 1:
        expected = "a share from 0 to 1, e.g. 2/5"
        raise Refused("bad_text", field="share", found=one.share[:80], expected=expected)
    for field in ("price", "replacement"):
        value = getattr(one, field)
        if value and not _MONEY.fullmatch(value):
            expected = "a decimal number, e.g. 1234.5"
            raise Refused("bad_text", field=field, found=value[:80], expected=expected)
    for project in one.projects:
        if project not in state.projects:
            raise Refused("unknown_project", project=project)


def _apart(shares: tuple[Share, ...]) -> None:
    """No project and vintage may be of two shares."""
    for n, one in enumerate(shares):
        for other in shares[:n]:
            years = one.first <= other.last and other.first <= one.last
            both = set(one.projects) & set(other.projects)
            if years and (both or not (one.projects or other.projects)):
                raise Refused("plan_shares_overlap", sector=one.sector, other=other.sector)


class Over(msgspec.Struct, frozen=True):
    """By how much an authorisation goes beyond a plan (units), and the refusal that says so."""

    units: int
    code: str
    facts: dict[str, int | str]


def over_plan(state: State, row: Authorisation) -> Over | None:
    """What of a new version of an authorisation a plan of its Party does not allow, if anything:
    the worst of all."""
    found: Over | None = None
    for plan in state.plans.values():
        ndc = state.ndcs[plan.party, plan.first]
        if plan.party != row.party or not meets(plan, row) or ndc.metric != row.metric:
            continue
        for over in _over(state, plan, ndc, row):
            if found is None or over.units > found.units:
                found = over
    return found


def _over(state: State, plan: Plan, ndc: Ndc, row: Authorisation) -> list[Over]:
    lots = state.lots
    others = [
        claim_of(plan, one, has_ended(one, row.day), lots)
        for one in of_host(state, plan.party)
        if one.authorisation != row.authorisation and one.metric == row.metric and meets(plan, one)
    ]
    mine = claim_of(plan, row, False, lots)
    period = f"{plan.first}-{plan.last}"
    named: dict[str, int | str] = {"authorisation": row.authorisation, "party": plan.party,
                                   "period": period}  # fmt: skip
    if mine.quantity is None:
        return [Over(MAX_QUANTITY, "plan_needs_cap", named)]
    found = []
    before = sum(attribute(plan.shares, others).beyond.values())
    beyond = sum(attribute(plan.shares, [*others, mine]).beyond.values()) - before
    if beyond > 0:
        free = mine.quantity - beyond
        facts = named | {"wanted": mine.quantity, "free": free}
        found.append(Over(beyond, "beyond_plan", facts))
    room = pledge_room(plan, ndc, _used(state, ndc))
    taken = _sum(others)
    if room is not None and taken is not None and taken + mine.quantity > room:
        free = max(room - taken, 0)
        facts = named | {"wanted": mine.quantity, "free": free}
        found.append(Over(mine.quantity - free, "breaks_pledge", facts))
    return found


def _sum(claims: list[Claim]) -> int | None:
    """What other authorisations allow; None where one has no cap."""
    known = [claim.quantity for claim in claims if claim.quantity is not None]
    return sum(known) if len(known) == len(claims) else None


def _used(state: State, ndc: Ndc) -> int:
    """What the Party itself uses towards this pledge makes room."""
    return sum(
        row.quantity
        for row in state.tallies.values()
        if (row.party, row.basis, row.metric) == (ndc.party, "use", ndc.metric)
        and ndc.first <= row.year <= ndc.last
    )


def check_plan(state: State, act: Terms, row: Authorisation) -> int:
    """The units by which an authorisation may go beyond the plan, as overridden; 0 where it does
    not. Refuses what nobody overrides."""
    over = over_plan(state, row)
    if over is None:
        return 0
    if not act.overridden_by or over.code == "plan_needs_cap":
        raise Refused(over.code, **over.facts)
    person = state.persons.get(act.overridden_by)
    if person is None or not person.active:
        raise Refused("unknown_person", person=act.overridden_by)
    if "authority" not in person.roles:
        needed = "the role authority"
        raise Refused("not_permitted", person=act.overridden_by, act="override", needed=needed)
    if not 0 < len(act.override_reason) <= MAX_REASON:
        found, expected = act.override_reason[:80] or "-", f"text of 1 to {MAX_REASON} characters"
        raise Refused("bad_text", field="override_reason", found=found, expected=expected)
    return over.units
