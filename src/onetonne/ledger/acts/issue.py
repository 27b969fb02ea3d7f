"""Issue: a lot of new serials appears, whole, in one account.

What a lot of its type must state comes from the lawbook's unit type. The host is the
project's Party unless the act names it.
"""

from onetonne.base.parties import is_party
from onetonne.ledger.acts.boundaries import claimed
from onetonne.ledger.acts.decided import within_cap
from onetonne.ledger.commands import Issue
from onetonne.ledger.events import Event, Issued
from onetonne.ledger.items import MAX_DIGITS, MAX_QUANTITY, Context, open_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import at_period
from onetonne.ledger.tables import Lot, Project
from onetonne.ledger.units import ACTIVITIES, UnitType

MAX_FACTS = 30
MAX_FACT_TEXT = 200
VINTAGES = range(1990, 2101)
"""No reduction before the base year of the Convention is issued as a unit."""
DERIVED = frozenset({"adjusted", "adjustment", "corresponding_adjustment", "first_transfer"})
"""What the ledger itself finds out about units of its Party; nobody states it of such a lot."""
PERIODS = range(100)
"""Numbers of commitment periods; 0 is none."""


def issue(state: State, act: Issue, ctx: Context) -> tuple[Event, ...]:
    unit = unit_type(ctx, act.unit, "issue")
    in_force(ctx, unit)
    account = open_account(state, act.account)
    if account.sink:
        raise Refused("not_an_end", account=act.account)
    check_size(act.quantity, act.first_number)
    project = project_of(state, act.project)
    event = Issued(
        lot=state.counts["lot"] + 1,
        unit=act.unit,
        size=act.quantity,
        account=act.account,
        first_number=act.first_number,
        project=act.project,
        vintage=act.vintage,
        host=act.host or (project.party if project else ""),
        activity=act.activity or (project.activity if project else ""),
        commitment_period=act.commitment_period,
        facts=act.facts,
    )
    check_lot(unit, event, project)
    _not_typed(state, event)
    _under_a_cap(ctx, unit, event)
    within_cap(state, event)
    activity = state.activities.get(act.project)
    if activity is not None and activity.unit == act.unit:
        raise Refused("levied_issue_only", activity=act.project)
    claim = claimed(state, event)
    # After this point the issuance must succeed.
    return (event, *claim)


def _not_typed(state: State, lot: Issued) -> None:
    """What this ledger finds out of its own Party's units by itself is not stated of them; what
    another Party says of its own is a fact like others."""
    typed = sorted(DERIVED & set(lot.facts))
    ours = any(account.sink and account.party == lot.host for account in state.accounts.values())
    if typed and (ours or not lot.host):
        raise Refused("adjustment_by_hand", field=typed[0], found=lot.facts[typed[0]])


def _under_a_cap(ctx: Context, unit: UnitType, lot: Issued) -> None:
    """An allowance of a system says under which period's cap it is issued, by the period's code."""
    if unit.family != "allowance" or ctx.law.hub is None:
        return
    systems = ctx.law.hub.book.systems.values()
    issuing = {system.code: system for system in systems if lot.unit in system.allowances}
    if not issuing:
        return
    known = ", ".join(sorted(issuing))
    given = [fact for fact in ("system", "period") if lot.facts.get(fact)]
    if len(given) < 2:
        missing = {"system": f"system ({known})", "period": "period"}
        lacking = [text for fact, text in missing.items() if fact not in given]
        raise Refused("missing_fact", unit=lot.unit, missing=", ".join(lacking))
    code, name = lot.facts["system"], lot.facts["period"]
    if code not in issuing:
        raise Refused("bad_text", field="system", found=code[:80], expected=known)
    period = at_period(ctx, issuing[code], name).period.code
    if period != name:
        raise Refused("bad_text", field="period", found=name, expected=period)


def unit_type(ctx: Context, code: str, act: str) -> UnitType:
    unit = ctx.law.units.get(code)
    if unit is None:
        raise Refused("unknown_unit", unit=code)
    if act not in unit.acts:
        raise Refused(
            "act_not_permitted_for_unit",
            unit=code,
            act=act,
            sink="-",
            permitted=", ".join(sorted(unit.acts)),
            source=f"{unit.citation.instrument}, {unit.citation.provision}",
        )
    return unit


def in_force(ctx: Context, unit: UnitType) -> None:
    """Whether new units of this type may come to be on the day of the act; both ends count."""
    day = ctx.request.effective or ctx.day
    if (unit.since and day < unit.since) or (unit.until and day > unit.until):
        raise Refused(
            "unit_not_in_force",
            unit=unit.code,
            since=str(unit.since or "-"),
            until=str(unit.until or "-"),
            today=str(day),
        )


def project_of(state: State, code: str) -> Project | None:
    if not code:
        return None
    project = state.projects.get(code)
    if project is None:
        raise Refused("unknown_project", project=code)
    return project


def check_size(quantity: int, first_number: str) -> None:
    if not 0 < quantity <= MAX_QUANTITY:
        raise Refused("bad_quantity", quantity=quantity, limit=MAX_QUANTITY)
    if not (first_number.isascii() and first_number.isdigit()) or len(first_number) > MAX_DIGITS:
        raise Refused("bad_number", text=first_number[:80])
    last = str(int(first_number) + quantity - 1)
    if len(last) > MAX_DIGITS:
        raise Refused("bad_number", text=last)


def facts_of(lot: Issued | Lot, project: Project | None) -> dict[str, str | int]:
    """What law asks of a lot, by the name of the fact; what the project states counts first."""
    return {
        "host": lot.host,
        "project": lot.project,
        "mechanism": (project.mechanism if project else "") or lot.facts.get("mechanism", ""),
        "methodology": (project.methodology if project else "") or lot.facts.get("methodology", ""),
        "activity": lot.activity,
        "vintage": lot.vintage,
        "commitment_period": lot.commitment_period,
    }


def check_lot(unit: UnitType, lot: Issued, project: Project | None) -> None:
    """Every fact that the unit type needs, and no fact that contradicts it."""
    given = facts_of(lot, project)
    missing = [fact for fact in sorted(unit.needs) if not given[fact]]
    if missing:
        raise Refused("missing_fact", unit=lot.unit, missing=", ".join(missing))
    if lot.host and not is_party(lot.host):
        raise Refused("unknown_party", party=lot.host)
    if lot.vintage and lot.vintage not in VINTAGES:
        raise Refused("bad_text", field="vintage", found=lot.vintage, expected="1990 to 2100")
    if lot.commitment_period not in PERIODS:
        found, expected = lot.commitment_period, "0 (none) to 99"
        raise Refused("bad_text", field="commitment_period", found=found, expected=expected)
    if unit.activity in ("reduction", "removal") and lot.activity not in ("", unit.activity):
        raise Refused(
            "activity_mismatch", unit=lot.unit, expected=unit.activity, found=lot.activity
        )
    if lot.activity not in ACTIVITIES:
        raise Refused(
            "bad_text", field="activity", found=lot.activity, expected="reduction or removal"
        )
    long = [k for k, v in lot.facts.items() if len(k) + len(v) > MAX_FACT_TEXT]
    if long or len(lot.facts) > MAX_FACTS:
        expected = f"at most {MAX_FACTS} facts of {MAX_FACT_TEXT} characters"
        raise Refused("bad_text", field="facts", found=len(lot.facts), expected=expected)
