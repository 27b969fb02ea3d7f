"""Plans of a host for the tests of the kernel: what one refuses, makes, guards and reads."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from tests.ledger.article6_rows import (
    BEGUN,
    CHANGED,
    DIGEST,
    LOA,
    LOT,
    NDC,
    REVOKE,
    authorised,
    loa,
)
from tests.ledger.given import AGENT, AUTHORITY, block

from onetonne.ledger import commands as c
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.article6.plan import Share
from onetonne.ledger.commands import Act

PLEDGE = replace(NDC, party="TW", goal="1000")
MORE = c.RegisterProject(project="P3", party="TW")
POWER = Share(sector="energy", first=2024, last=2024, expected=100, share="2/5", projects=("P1",),
              price="12.50", replacement="30")  # fmt: skip
REST = Share(sector="other", first=2024, last=2026, expected=101, share="0.2")
PLAN = a6.RecordPlan(party="TW", year=2024, digest=DIGEST, shares=(POWER, REST), currency="USD")
PLANNED: tuple[Act, ...] = (*BEGUN, MORE, PLEDGE, PLAN)
"""40 units of P1's vintage 2024 may be sold, and 20 of all else."""
WIDE = replace(LOA, vintage_from=2023, vintage_to=2026)
NARROW = replace(LOA, projects=("P1",), vintage_to=2024)
BY = {"overridden_by": AUTHORITY, "override_reason": "c:why"}


def level(projected: str, pledge: a6.RecordNdc = PLEDGE, *more: Act) -> tuple[Act, ...]:
    """A plan that has room for all, with a projected level, under a pledge."""
    share = replace(REST, expected=10_000, share="1")
    plan = replace(PLAN, shares=(share,), currency="", projected=projected)
    return (*BEGUN, MORE, pledge, plan, *more)


_SINGLE = replace(PLEDGE, kind="single", method="averaging", goal="100")
_PATH = replace(PLEDGE, goal="", path=("100",) * 10)
REFUSED: tuple[tuple[str, tuple[Act, ...], Act, dict[str, Any]], ...] = (
    ("unknown_party", (), replace(PLAN, party="XX"), {"party": "XX"}),
    ("no_ndc_period", (*BEGUN, PLEDGE), replace(PLAN, year=2031), {"known": "2021-2030"}),
    ("too_many_items", (PLEDGE,), replace(PLAN, shares=()), {"count": 0}),
    ("too_many_items", (PLEDGE,), replace(PLAN, shares=(REST,) * 201), {"count": 201}),
    *[
        (code, (PLEDGE,), replace(PLAN, shares=(replace(REST, **fields),)), facts)
        for code, fields, facts in (
            ("bad_text", {"sector": ""}, {"field": "sector"}),
            ("bad_text", {"sector": "x" * 81}, {"field": "sector"}),
            ("bad_text", {"first": 2020}, {"field": "vintages", "found": "2020-2026"}),
            ("bad_text", {"first": 2027}, {"field": "vintages"}),
            ("bad_text", {"last": 2031}, {"field": "vintages", "expected": "years of 2021-2030"}),
            ("bad_quantity", {"expected": -1}, {"quantity": -1}),
            ("bad_quantity", {"expected": 2**62 + 1}, {}),
            ("bad_text", {"share": "1.1"}, {"field": "share", "found": "1.1"}),
            ("bad_text", {"share": "3/2"}, {"field": "share"}),
            ("bad_text", {"share": "1/0"}, {"field": "share"}),
            ("bad_text", {"share": "-1/2"}, {"field": "share"}),
            ("bad_text", {"share": ""}, {"field": "share"}),
            ("bad_text", {"price": "-1"}, {"field": "price"}),
            ("bad_text", {"replacement": "1e3"}, {"field": "replacement"}),
            ("unknown_project", {"projects": ("P9",)}, {"project": "P9"}),
        )
    ],
    ("plan_shares_overlap", (PLEDGE,), replace(PLAN, shares=(REST, replace(REST, sector="b"))),
     {"sector": "b", "other": "other"}),
    ("plan_shares_overlap", (PLEDGE,),
     replace(PLAN, shares=(REST, POWER, replace(REST, first=2026, sector="b"))), {"sector": "b"}),
    ("plan_shares_overlap", (PLEDGE, MORE),
     replace(PLAN, shares=(POWER, replace(POWER, projects=("P3", "P1")))), {}),
    ("bad_text", (PLEDGE,), replace(PLAN, projected="much"), {"field": "projected"}),
    ("bad_text", (PLEDGE,), replace(PLAN, currency=""), {"field": "currency", "found": "-"}),
    ("bad_text", (PLEDGE,), replace(PLAN, shares=(REST,)), {"field": "currency", "found": "USD"}),
    ("bad_digest", (PLEDGE,), replace(PLAN, digest="x"), {}),
    ("plan_needs_cap", PLANNED, replace(NARROW, cap=0), {"period": "2021-2030"}),
    ("plan_needs_cap", PLANNED, replace(NARROW, cap=0, **BY), {}),
    ("beyond_plan", PLANNED, replace(NARROW, cap=41), {"wanted": 41, "free": 40}),
    ("beyond_plan", PLANNED, replace(WIDE, cap=61), {"wanted": 61, "free": 60}),
    ("beyond_plan", PLANNED, replace(NARROW, projects=("P3",), cap=21), {"free": 20}),
    ("beyond_plan", PLANNED, replace(NARROW, projects=("P3",), vintage_to=2030, cap=21), {}),
    ("beyond_plan", PLANNED, replace(WIDE, vintage_from=2027, vintage_to=2035, cap=1),
     {"free": 0}),
    ("beyond_plan", (*PLANNED, replace(LOT, project="P1")),
     replace(LOA, items=block("1-50"), cap=41), {"free": 40}),
    ("beyond_plan", (*PLANNED, replace(LOT, project="P3", vintage=2026)),
     replace(LOA, items=block("1-50"), cap=21), {"free": 20}),
    ("beyond_plan", (*PLANNED, replace(NARROW, cap=30)),
     loa("A2", projects=("P3",), vintage_to=2024, cap=21), {"free": 20}),
    ("beyond_plan", (*PLANNED, replace(NARROW, cap=30)),
     replace(CHANGED, projects=("P1",), vintage_to=2024, cap=41), {"free": 40}),
    ("beyond_plan", (*PLANNED, loa("W", units=("OUT",), vintage_to=2026, cap=30)),
     loa("N", units=("CRED",), projects=("P1",), vintage_to=2024, cap=40), {"free": 30}),
    ("beyond_plan", (*BEGUN, MORE, PLEDGE, loa("U", projects=("P3",), cap=0), PLAN),
     replace(NARROW, projects=("P1",), cap=41), {"free": 40}),
    ("beyond_plan", (*BEGUN, MORE, PLEDGE, loa("U", units=("OUT",), cap=0), PLAN),
     replace(NARROW, units=("CRED",), cap=1), {"free": 0}),
    ("breaks_pledge", level("950"), replace(NARROW, cap=51), {"wanted": 51, "free": 50}),
    ("breaks_pledge", level("950.5"), replace(NARROW, cap=50), {"free": 49}),
    ("breaks_pledge", level("1100"), replace(NARROW, cap=1), {"free": 0}),
    ("breaks_pledge", level("950", PLEDGE, loa("W", vintage_from=2025, cap=30)),
     replace(NARROW, cap=21), {"free": 20}),
    ("breaks_pledge", level("95", _SINGLE), replace(NARROW, cap=51), {"free": 50}),
    ("breaks_pledge", level("999", _PATH), replace(NARROW, cap=2), {"free": 1}),
    ("breaks_pledge", level("999", replace(_PATH, kind="single", method="trajectory", goal="5")),
     replace(NARROW, cap=2), {"free": 1}),
    ("breaks_pledge", level("999", replace(_PATH, goal="1001")), replace(NARROW, cap=3),
     {"free": 2}),
    ("unknown_person", PLANNED, replace(NARROW, cap=41, overridden_by=99, override_reason="c"),
     {"person": 99}),
    ("not_permitted", PLANNED, replace(NARROW, cap=41, overridden_by=AGENT, override_reason="c"),
     {"needed": "the role authority"}),
    ("bad_text", PLANNED, replace(NARROW, cap=41, overridden_by=AUTHORITY),
     {"field": "override_reason", "found": "-"}),
)  # fmt: skip


def recorded(act: a6.RecordPlan = PLAN, version: int = 1) -> e6.PlanRecorded:
    fields = {f: getattr(act, f) for f in a6.RecordPlan.__struct_fields__ if f != "year"}
    return e6.PlanRecorded(**fields, first=2021, last=2030, version=version)


def _fits(act: a6.Authorise, **changes: Any) -> tuple[Any, ...]:
    return (authorised(act, **changes),)


_N40 = replace(NARROW, cap=40)
MADE: tuple[tuple[str, tuple[Act, ...], Act, tuple[Any, ...]], ...] = (
    ("record a plan", (*BEGUN, MORE, PLEDGE), PLAN, (recorded(),)),
    ("record it again", PLANNED, PLAN, (recorded(version=2),)),
    ("authorise up to the plan", PLANNED, _N40, _fits(_N40)),
    ("authorise widely up to the plan", PLANNED, WIDE, _fits(WIDE)),
    ("authorise narrowly after widely, where it fits",
     (*PLANNED, loa("W", units=("OUT",), vintage_to=2026, cap=20)),
     replace(_N40, units=("CRED",)), _fits(replace(_N40, units=("CRED",)))),
    ("authorise what the plan's period does not hold", PLANNED,
     replace(LOA, vintage_from=2031, cap=0), _fits(replace(LOA, vintage_from=2031, cap=0))),
    ("authorise in another metric", PLANNED, replace(LOA, metric="MWh", cap=0),
     _fits(replace(LOA, metric="MWh", cap=0))),
    ("what was revoked frees the plan", (*PLANNED, _N40, REVOKE), loa("A2", cap=60),
     _fits(loa("A2", cap=60))),
    ("another Party's plan holds nobody else",
     (*BEGUN, NDC, replace(PLAN, party="JP", shares=(REST,), currency="")),
     replace(LOA, cap=0), _fits(replace(LOA, cap=0))),
    ("override the plan", PLANNED, replace(NARROW, cap=50, **BY),
     _fits(replace(NARROW, cap=50, **BY), beyond=10)),
    ("override the pledge", level("950"), replace(NARROW, cap=60, **BY),
     _fits(replace(NARROW, cap=60, **BY), beyond=10)),
    ("an override that is not needed is not journaled", PLANNED, replace(_N40, **BY), _fits(_N40)),
    ("without a goal the pledge refuses nothing",
     level("950", replace(PLEDGE, goal="")), _N40, _fits(_N40)),
    ("the projected level may leave just enough", level("950"), replace(NARROW, cap=50),
     _fits(replace(NARROW, cap=50))),
)  # fmt: skip
OTHER = replace(PLEDGE, party="SG")
WORLD: tuple[Act, ...] = (
    OTHER,
    replace(PLAN, party="SG", shares=(REST,), currency=""),
)
Breaches = tuple[tuple[str, str, dict[str, Any]], ...]


def _of(**fields: Any) -> dict[str, Any]:
    return {"shares": (replace(REST, **fields),), "currency": ""}


GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (replace(PLAN, party="SG", shares=(replace(POWER, projects=()),)), (
        ("unknown_party", "the Party is unknown", {"party": "XX"}),
        ("no_ndc_period", "no NDC holds the year", {"year": 2050}),
        ("too_many_items", "no share, or more than 200", {"shares": ()}),
        ("bad_text", "a sector, its vintages, share or price is not in its form",
         {"shares": (replace(POWER, share="2"),)}),
        ("bad_quantity", "what is expected is below 0 or above 2^62",
         {"shares": (replace(POWER, expected=-1),)}),
        ("unknown_project", "a project is unknown",
         {"shares": (replace(POWER, projects=("P9",)),)}),
        ("plan_shares_overlap", "two shares name the same", {"shares": (POWER, POWER)}),
        ("bad_text", "the projected level is no decimal number", {"projected": "x"}),
        ("bad_text", "prices and currency do not stand together", {"currency": ""}),
        ("bad_digest", "the digest is no SHA-256 in hex", {"digest": "x"}),
    )),
)  # fmt: skip
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (
    ("record a plan", PLAN, {"projects": {"P1"}}),
)
