"""The order of guards of a crediting mechanism's acts, in the world of `guards`; and what they
read."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace
from tests.ledger import article6_rows, compliance_guards
from tests.ledger.article6_rows import _NO_DIGEST, AGED, JAPAN, Breaches
from tests.ledger.given import PAIR, RETIREMENT, A, B, block, given
from tests.ledger.mechanism_rows import (
    ACCOUNTS,
    CER,
    CLEARING,
    FIRE,
    FORWARD,
    ISSUE,
    LAST,
    OF_P1,
    PENDING,
    PLACE,
    PLAN,
    POOL,
    REGISTER,
    REMEDY,
    ROUTE,
    SETTLE,
    TOMORROW,
    USE,
    VERIFY,
    cycle,
    project,
    step,
)

from onetonne.ledger.article6 import mechanism_commands as m
from onetonne.ledger.commands import Act

BEFORE = given().seq + 16 + len(compliance_guards.WORLD) + len(article6_rows.WORLD)
"""The last entry of the world before these acts: 16 are its own."""
FIRST_LOT = 9
"""The lot of the first issuance: eight are there before."""
_ACTS: list[Act] = []


def _add(*acts: Act) -> int:
    """Acts of the world; the entry of the last one."""
    _ACTS.extend(acts)
    return BEFORE + len(_ACTS)


_add(*ACCOUNTS)
V1 = _add(*cycle("X1"), VERIFY)
_add(replace(ISSUE, verification=V1, quantity=60))
_add(replace(FORWARD, items=block("51-60", lot=FIRST_LOT)))
_add(*cycle("X2")[:-1])
V3 = _add(*cycle("X3"), replace(VERIFY, activity="X3"))
_add(replace(ISSUE, verification=V3), step("end", "X3"), step("close", "X3"), project("X4"))
V5 = _add(*cycle("X5"), replace(VERIFY, activity="X5"))
R5 = _add(replace(CLEARING, activity="X5"))
_add(project("X6"), replace(PLACE, project="X6", route="CRED", keys=("meter:X8",)))
_add(replace(OF_P1, project="X6"))
V7 = _add(*cycle("X7")[:1], *cycle("X7")[2:], replace(VERIFY, activity="X7", quantity=40))
V8 = _add(*cycle("X8", risk=""), replace(VERIFY, activity="X8", quantity=40))
_add(*cycle("XT", transition=date(2023, 12, 31)), project("XR", "removal"))
_add(project("XN"), replace(PLAN, activity="XN", transition=date(2023, 12, 31)))
_add(*cycle("XO"), replace(CLEARING, activity="XO"), step("end", "XO"), step("close", "XO"))
_add(*cycle("XE"), step("end", "XE"), step("close", "XE"))
_add(CER)
_add(OF_P1, project("XB"), replace(OF_P1, project="XB", unit="A64"))
WORLD: tuple[Act, ...] = tuple(_ACTS)
CERS = FIRST_LOT + 3

_NO_ACTIVITY = ("unknown_activity", "the activity is unknown", {"activity": "X99"})
_STATE = "the activity is not in a state that allows it"
_ACCOUNT: Breaches = (
    ("unknown_account", "the source is unknown", {"source": 4242}),
    ("account_closed", "the source is closed", {"source": 1099}),
)
_SOURCE: Breaches = (
    *_ACCOUNT,
    ("sink_is_final", "the source is a sink, or stands for another registry",
     {"source": RETIREMENT}),
    ("administered_account", "the source is the mechanism's own", {"source": POOL}),
    ("needs_two_people", "the source acts with two people", {"source": PAIR}),
)  # fmt: skip
_ITEMS: Breaches = (
    ("empty_request", "no item", {"items": ()}),
    ("too_many_items", "more than 300 items", {"items": 301}),
    ("item_malformed", "an item is neither or both of serials and quantity", {"item.quantity": 5}),
    ("unknown_lot", "its lot is unknown", {"item.lot": 99}),
    ("act_not_permitted_for_unit", "its unit does not know this act or end", {"item.lot": 2}),
    ("bad_number", "its serials are no range", {"item.serials": "x"}),
    ("outside_lot", "they lie outside the lot", {"item.serials": "99-101"}),
    ("held_elsewhere", "the source does not hold all of them", {"item.serials": "1-3"}),
)
GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (replace(PLAN, activity="X4"), (
        ("unknown_project", "the project is unknown", {"activity": "X99"}),
        ("number_taken", "it is an activity already", {"activity": "X1"}),
        ("unknown_kind", "the mechanism is unknown", {"mechanism": "XXX"}),
        ("unknown_kind", "the mechanism has no such crediting period", {"crediting": "long"}),
        ("activity_mismatch", "the period is for the other activity", {"crediting": "removal"}),
        ("bad_text", "there is no participant, or more than 50", {"participants": ()}),
        ("unknown_account", "a participant's account is unknown", {"participants": (4242,)}),
        ("account_closed", "a participant's account is closed", {"participants": (1099,)}),
        ("not_an_end", "a participant's account is a sink", {"participants": (RETIREMENT,)}),
        ("bad_text", "the risk is no share below one", {"risk": "1/1"}),
        ("missing_fact", "a removal states no risk",
         {"activity": "XR", "crediting": "removal", "risk": ""}),
        _NO_DIGEST,
        ("credited_already", "units of the mechanism were issued for it before",
         {"activity": "XB"}),
        ("transition_closed", "the transition was asked for too late",
         {"transition": date(2024, 1, 1)}),
    )),
    (replace(REGISTER, activity="X2"), (
        _NO_ACTIVITY,
        ("unknown_kind", "the step is unknown", {"step": "leap"}),
        ("activity_state", _STATE, {"step": "approve"}),
        _NO_DIGEST,
        ("bad_text", "the step lacks a day, or states what it does not set", {"first": None}),
        ("transition_closed", "this step of the transition is no longer possible",
         {"activity": "XN", "step": "approve", "first": None, "last": None,
          "day": date(2026, 7, 1)}),
        ("no_renewal_left", "it was renewed as often as it may be",
         {"activity": "X1", "step": "renew"}),
        ("bad_crediting_period", "the period is too early, too long, or does not follow the last",
         {"first": date(2020, 12, 31)}),
    )),
    (replace(VERIFY, first=date(2026, 2, 1), last=date(2026, 2, 28)), (
        _NO_ACTIVITY,
        ("activity_state", _STATE, {"activity": "X2"}),
        ("bad_quantity", "the quantity is not between 1 and 2^62", {"quantity": 0}),
        _NO_DIGEST,
        ("bad_text", "the days are not of one year", {"first": date(2025, 2, 1)}),
        ("effective_day_in_future", "its last day has not come", {"last": TOMORROW}),
        ("outside_crediting_period", "the days lie outside the crediting period",
         {"first": date(2020, 1, 1), "last": date(2020, 1, 2)}),
        ("transition_closed", "its methodology was that of the CDM for too long",
         {"activity": "XT"}),
        ("verified_before", "some of the days were verified before", {"first": LAST}),
    )),
    (m.IssueCredits(verification=V1, quantity=10), (
        ("unknown_verification", "the entry verifies nothing", {"verification": 1}),
        ("activity_state", _STATE, {"verification": V3}),
        ("reversal_owed", "a reversal is not made good yet", {"verification": V5}),
        ("bad_quantity", "the quantity is not between 1 and 2^62", {"quantity": 0}),
        ("bad_number", "the first number is none, or the last is too long", {"first_number": "x"}),
        ("not_verified", "it is more than was verified and not issued yet", {"quantity": 41}),
        ("no_boundary", "its project declared no boundary", {"verification": V7}),
        ("boundary_overlap", "another project was credited for it", {"verification": V8}),
    )),
    (replace(FORWARD, items=block("41-50", lot=FIRST_LOT)), (
        *_ACCOUNT,
        ("not_pending", "the source is not the pending account", {"source": A}),
        ("unknown_account", "the target is unknown", {"target": 4242}),
        ("account_closed", "the target is closed", {"target": 1099}),
        *_ITEMS,
        ("not_a_participant", "the target is no participant of their activity", {"target": B}),
    )),
    (replace(PLACE, project="X4", keys=("meter:X4",)), (
        ("unknown_project", "the project is unknown", {"project": "X99"}),
        ("unknown_unit", "the route is no unit type", {"route": "GOLD"}),
        ("bad_text", "a key is none, or there are more than 200", {"keys": ("box:1",)}),
        _NO_DIGEST,
        ("other_route", "the project has another route", {"project": "X6"}),
        ("credited_already", "it was credited as another unit for days after that",
         {"project": "P1"}),
        ("boundary_overlap", "another project was credited where it was credited too",
         {"project": "P1", "route": "CRED", "keys": ("meter:X8",)}),
    )),
    (replace(ROUTE, project="X6", route="OUT"), (
        ("no_boundary", "the project declared no boundary", {"project": "X4"}),
        ("unknown_unit", "the route is no unit type", {"route": "GOLD"}),
        ("route_stands", "it is its route already, or the day is not after the last change",
         {"route": "CRED"}),
        _NO_DIGEST,
        ("credited_already", "it was credited for days after that",
         {"since": date(2026, 12, 31)}),
    )),
    (FIRE, (
        _NO_ACTIVITY,
        ("activity_state", _STATE, {"activity": "X2"}),
        ("no_reversal_risk", "it has no part in the buffer", {"activity": "X8"}),
        ("unknown_kind", "the kind is unknown", {"kind": "sad"}),
        ("bad_quantity", "the quantity is not between 1 and 2^62", {"quantity": 0}),
        _NO_DIGEST,
        ("buffer_too_small", "the whole buffer does not hold as many", {"quantity": 10**6}),
    )),
    (replace(REMEDY, reversal=R5, items=block("51-54", lot=FIRST_LOT)), (
        ("unknown_reversal", "the entry reports no reversal", {"reversal": 1}),
        *_SOURCE,
        *_ITEMS,
        ("not_of_mechanism", "they are no units of the mechanism",
         {"item.lot": 1, "item.serials": "1-4"}),
        ("more_than_owed", "they are more than is still to be made good",
         {"item.serials": "51-55"}),
    )),
    (replace(SETTLE, activity="X3"), (
        _NO_ACTIVITY,
        ("activity_state", _STATE, {"activity": "X1"}),
        ("reversal_owed", "a reversal is not made good yet", {"activity": "XO"}),
        _NO_DIGEST,
        ("buffer_too_small", "the buffer holds nothing of it", {"activity": "XE"}),
    )),
    (replace(USE, items=block("1-10", lot=CERS)), (
        *_SOURCE,
        ("another_party", "the source is another Party's", {"party": "SG"}),
        ("no_ndc_period", "no NDC of the Party holds the year", {"year": 2050}),
        ("not_first_ndc", "the NDC of the year is not its first", {"year": 2035}),
        *_ITEMS[:-1],
        ("earlier_unit_unusable", "they are none, or were registered or achieved at other times",
         {"item.lot": AGED, "item.serials": "91-95"}),
    )),
)  # fmt: skip

_OF_X1: dict[str, Any] = {"activities": {"X1"}, "projects": {"X1"}}
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (
    ("submit an activity", PLAN, {"accounts": {A}, "credited": {"X1"}, **_OF_X1}),
    ("advance an activity", REGISTER, _OF_X1),
    ("verify", VERIFY, _OF_X1),
    ("issue credits", ISSUE, {"verifications": {ISSUE.verification}}),
    ("forward", FORWARD, {"accounts": {PENDING, A}, "lots": {1}, "blocks": [(1, "91-100")],
                          "demand": {1: 10}}),
    ("declare a boundary", PLACE, {"projects": {"X1"}, "keys": {"meter:x1"},
                                   "credited": {"X1"}}),
    ("change a route", ROUTE, {"projects": {"X1"}}),
    ("report a reversal", FIRE, {"buffer": True, **_OF_X1}),
    ("remedy", REMEDY, {"accounts": {A}, "reversals": {REMEDY.reversal}, "lots": {1},
                        "blocks": [(1, "91-94")], "demand": {1: 4}}),
    ("settle a buffer", SETTLE, {"buffer": True, **_OF_X1}),
    ("use CERs", USE, {"accounts": {JAPAN}, "parties": {"JP"}, "lots": {1},
                       "blocks": [(1, "1-10")], "demand": {1: 10}}),
)  # fmt: skip
