"""What the made-up systems of `engine_law.yaml` must answer, worked out by hand, number by number.

A row: a system, a unit and an act; the result and how many; of some limits what is certain and what
is possible (None: without end).
"""

# ruff: noqa: RUF012, E501 (rows are data: their defaults are never changed)

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from onetonne.rules.facts import read_facts
from onetonne.rules.judge import judge
from onetonne.rules.law import Lawbook
from onetonne.rules.verdict import Ask, Book, Used
from onetonne.store.jurisdictions import compile_files

LAW = Path(__file__).parent / "engine_law.yaml"
BOOK: Lawbook = compile_files([LAW])
DAYS = {"YEARS": "-02-01", "POTS": "-02-01", "MINIMA": "-02-01", "WEIGHTS": "-02-01"}

Uses = list[tuple[Any, ...]]
"""Period, tonnes, then perhaps: unit (facts or its type), system, weighed, a fact left open."""


class Row(NamedTuple):
    system: str
    period: str
    unit: str | dict[str, Any]
    request: int
    expect: str
    qty: int
    rooms: dict[str, tuple[int, int | None]] = {}
    bases: dict[str, dict[str, int]] = {}
    used: Uses | None = []
    all_used: Uses | None = None
    day: str = ""
    more: dict[str, Any] = {}


def facts_of(unit: str | dict[str, Any]) -> dict[str, Any]:
    told = {"unit_type": unit} if isinstance(unit, str) else unit
    return read_facts(told)


def used_of(rows: Uses | None) -> tuple[Used, ...] | None:
    if rows is None:
        return None
    found = []
    for row in rows:
        rest = (None, "", False, "")[len(row) - 2 :]
        period, tonnes, unit, system, weighed, unsure = (*row, *rest)
        facts = None if unit is None else facts_of(unit)
        open_ = frozenset([unsure] if unsure else [])
        found.append(Used(period, tonnes, facts, weighed, system, open_))
    return tuple(found)


def asked(row: Row) -> Ask:
    day = row.day or f"{int(row.period) + 1}-02-01"
    return Ask(
        system=row.system, day=date.fromisoformat(day), facts=facts_of(row.unit),
        quantity=row.request, period=row.period,
        book=Book(row.bases, used_of(row.used), row.more.get("rooms", {}), used_of(row.all_used)),
        policy=row.more.get("policy", {}), strict=row.more.get("strict", False),
    )  # fmt: skip


def wrong(row: Row) -> str:
    """What the row expects and the judge does not say; empty where they agree."""
    verdicts = judge(BOOK, asked(row))
    if len(verdicts) != 1:
        return f"{len(verdicts)} verdicts"
    (verdict,) = verdicts
    rooms = {room.limit: (room.certain, room.possible) for room in verdict.rooms}
    got = {
        "result": verdict.result, "qty": verdict.quantity,
        "rooms": {name: rooms.get(name) for name in row.rooms} if row.rooms else {},
        "names": sorted(rooms) if "names" in row.more else None,
        "reasons": list(verdict.reasons) if "reasons" in row.more else None,
        "duties": [d.due.isoformat() for d in verdict.duties] if "duties" in row.more else None,
        "warns": len(verdict.warnings) if "warns" in row.more else None,
        "open": list(verdict.rooms[0].open) if "open" in row.more else None,
        "share": verdict.rooms[0].share if "share" in row.more else None,
    }  # fmt: skip
    want = {"result": row.expect, "qty": row.qty, "rooms": row.rooms} | {
        name: row.more.get(name) for name in list(got)[3:]
    }
    return "; ".join(f"{n}: {want[n]} but {got[n]}" for n in got if got[n] != want[n])


UP_TO, OK, NO, OPEN = "ELIGIBLE_UP_TO", "ELIGIBLE", "NOT_ELIGIBLE", "INDETERMINATE"
OB = {"obligation": {"2019": 7, "2020": 1000, "2021": 1000, "2022": 1000, "2023": 1000,
                     "2024": 1000, "2025": 1000}}  # fmt: skip
C1 = {"obligation": {"2021": 1000, "2022": 1010, "2023": 1005}}
C2 = {"obligation": {"2024": 1000, "2025": 1000, "2026": 1000}}
WHOLE = {"obligation": {"C1": 1000}}
RED, REM = {"unit_type": "CER", "activity_class": "R"}, {"unit_type": "CER", "activity_class": "RM"}
POT = {"nap_entitlement": {"2010": 100}, "free_allocation": {"2008": 500, "2012": 500, "2013": 900}}
HOME, FAR = {"unit_type": "CER", "host": "NO"}, {"unit_type": "CER", "host": "SE"}

ROWS: list[Row] = [
    # a share of a base, rounded down; the bound itself, one more
    Row("YEARS", "2020", "CER", 100, OK, 100, {"total": (100, 100)}, OB),
    Row("YEARS", "2020", "CER", 101, UP_TO, 100, {"total": (100, 100)}, OB,
        more={"reasons": ["total"], "names": ["total"], "share": "10%", "open": []}),
    Row("YEARS", "2020", "CER", 100, UP_TO, 99, {"total": (99, 99)}, {"obligation": {"2020": 999}}),
    Row("YEARS", "2020", "EUA", 900, OK, 900, {}, OB, more={"names": []}),
    Row("YEARS", "2020", "CER", 1, NO, 0, {"total": (0, 0)}, OB, [("2020", 100)],
        more={"reasons": ["LIMIT_EXHAUSTED", "total"]}),
    Row("YEARS", "2020", "CER", 9, NO, 0, {"total": (0, 0)}, OB, [("2020", 130)]),
    Row("YEARS", "2020", "CER", 9, UP_TO, 1, {"total": (1, 1)}, OB, [("2020", 99)]),
    # a part of another limit, however much of that is used
    Row("YEARS", "2020", "ERU", 60, UP_TO, 50, {"total": (100, 100), "half": (50, 50)}, OB,
        more={"reasons": ["half"]}),
    Row("YEARS", "2020", "ERU", 60, UP_TO, 30, {"total": (30, 30), "half": (50, 50)}, OB,
        [("2020", 70, "CER")]),
    Row("YEARS", "2020", "ERU", 50, UP_TO, 20, {"total": (70, 70), "half": (20, 20)}, OB,
        [("2020", 30, "ERU")]),
    Row("YEARS", "2020", "ERU", 50, OK, 50, {"total": (100, 100)}, OB, [("2020", 30, "EUA")]),
    Row("YEARS", "2020", "ERU", 100, UP_TO, 50, {}, OB, more={"reasons": ["half"]}),
    # which use counts: of the period, of this system, of a known amount
    Row("YEARS", "2020", "CER", 90, OK, 90, {"total": (100, 100)}, OB, [("2021", 30)]),
    Row("YEARS", "2020", "CER", 90, OK, 90, {"total": (100, 100)}, OB,
        [("2020", 30, "CER", "POTS")]),
    Row("YEARS", "2020", "CER", 90, UP_TO, 70, {"total": (70, 70)}, OB,
        [("2020", 30, "CER", "YEARS")]),
    Row("YEARS", "2020", "CER", 90, UP_TO, 70, {"total": (70, 70)}, OB, [("", 30)]),
    Row("YEARS", "2020", "CER", 90, OPEN, 0, {"total": (0, 100)}, OB, None),
    Row("YEARS", "2020", "CER", 90, OPEN, 0, {"total": (0, None)}, {}),
    Row("YEARS", "2020", {"host": "NO"}, 200, OPEN, 0, {}, OB),  # what it is is not known
    Row("YEARS", "2020", "ERU", 90, OPEN, 40, {"total": (100, 100), "half": (40, 50)}, OB,
        [("2020", 0), ("2020", 10, {"host": "NO"})], more={"rooms": {"total": 100}}),
    Row("YEARS", "2020", "CER", 90, UP_TO, 12, {"total": (12, 12)}, OB, [("2020", 70)],
        more={"rooms": {"total": 12}}),
    # what the year before left is carried: half of it, none or all, none
    Row("YEARS", "2021", "CER", 500, UP_TO, 150, {"total": (150, 150)}, OB),
    Row("YEARS", "2021", "CER", 500, UP_TO, 135, {"total": (135, 135)}, OB, [("2020", 30)]),
    Row("YEARS", "2021", "CER", 500, UP_TO, 134, {"total": (134, 134)}, OB, [("2020", 31)]),
    Row("YEARS", "2021", "CER", 500, UP_TO, 100, {"total": (100, 100)}, OB, [("2020", 170)]),
    Row("YEARS", "2021", "CER", 500, UP_TO, 30, {"total": (30, 30)}, OB, [("2021", 120)]),
    Row("YEARS", "2021", "CER", 500, NO, 0, {"total": (0, 0)}, OB, [("2021", 200)]),
    Row("YEARS", "2021", "CER", 500, OPEN, 100, {"total": (100, None)}, {"obligation": {"2021": 1000}}),
    Row("YEARS", "2022", "CER", 500, OPEN, 100, {"total": (100, 200)}, OB,
        more={"reasons": ["total"], "open": ["Q-CARRY"]}),
    Row("YEARS", "2022", "CER", 100, OK, 100, {"total": (100, 200)}, OB),
    Row("YEARS", "2022", "CER", 101, OPEN, 100, {"total": (100, 200)}, OB),
    Row("YEARS", "2022", "CER", 500, UP_TO, 200, {"total": (200, 200)}, OB,
        more={"policy": {"Q-CARRY": 2}}),
    Row("YEARS", "2022", "CER", 500, UP_TO, 100, {"total": (100, 100)}, OB,
        more={"policy": {"Q-CARRY": 1}}),
    Row("YEARS", "2022", "CER", 500, OPEN, 0, {"total": (0, 70)}, OB, [("2022", 130)]),
    Row("YEARS", "2023", "CER", 500, UP_TO, 100, {"total": (100, 100)}, OB),
    # the share itself is open; a rule of low confidence may be none
    Row("YEARS", "2024", "CER", 500, OPEN, 100, {"total": (100, 200)}, OB,
        more={"open": ["Q-SHARE"], "share": "10% | 20%"}),
    Row("YEARS", "2024", "CER", 500, UP_TO, 200, {"total": (200, 200)}, OB,
        more={"policy": {"Q-SHARE": 2}, "open": ["Q-SHARE"]}),
    Row("YEARS", "2025", "CER", 500, OPEN, 100, {"total": (100, None)}, OB),
    # windows
    Row("YEARS", "2020", "CER", 1, OK, 1, {}, OB, day="2021-01-01"),
    Row("YEARS", "2020", "CER", 1, NO, 0, {}, OB, day="2020-12-31", more={"reasons": ["window"]}),
    Row("YEARS", "2020", "CER", 1, OK, 1, {}, OB, day="2021-04-30"),
    Row("YEARS", "2020", "CER", 1, NO, 0, {}, OB, day="2021-05-01", more={"reasons": ["window"]}),
    Row("YEARS", "2020", {"unit_type": "VCU", "status": "retired"}, 1, NO, 0, {}, OB,
        day="2021-05-01", more={"reasons": ["window", "kind"]}),
    # long periods: each year's own share; whole days; two years after; a window that may be other
    Row("SPANS", "C1", RED, 900, UP_TO, 140, {"reductions": (140, 140)}, C1, day="2024-02-01",
        more={"names": ["reductions"], "share": "4%, 6%"}),  # 40 + 40.4 + 60.3
    Row("SPANS", "2022", RED, 900, UP_TO, 140, {"reductions": (140, 140)}, C1, day="2022-02-01"),
    Row("SPANS", "2021", RED, 900, UP_TO, 140, {"reductions": (140, 140)}, C1, day="2022-02-01"),
    Row("SPANS", "2023", RED, 900, UP_TO, 140, {"reductions": (140, 140)}, C1, day="2022-02-01"),
    Row("SPANS", "C1", RED, 1, NO, 0, {}, C1, day="2022-01-31"),
    Row("SPANS", "C1", RED, 1, OK, 1, {}, C1, day="2024-11-01"),
    Row("SPANS", "C1", RED, 1, NO, 0, {}, C1, day="2024-11-02"),
    Row("SPANS", "C1", RED, 900, UP_TO, 40, {"reductions": (40, 40)}, C1,
        [("2021", 30, RED), ("2023", 30, RED), ("C1", 40, RED), ("2024", 7, RED), ("2020", 7, RED)],
        day="2024-02-01"),
    Row("SPANS", "C1", RED, 900, OPEN, 100, {"reductions": (100, None)},
        {"obligation": {"2021": 1000, "2023": 1000}}, day="2024-02-01"),
    Row("SPANS", "C1", RED, 900, OPEN, 40, {"reductions": (40, None)},
        {"obligation": {"C1": 1000, "2021": 1000}}, day="2024-02-01"),
    Row("SPANS", "C1", RED, 900, OPEN, 40, {"reductions": (40, 60)}, WHOLE, day="2024-02-01"),
    Row("SPANS", "C1", RED, 900, OPEN, 40, {"reductions": (40, 60)}, {"obligation": {"": 1000}},
        day="2024-02-01"),
    Row("SPANS", "C1", RED, 900, UP_TO, 140, {"reductions": (140, 140)},
        {"obligation": {"C1": 9, **C1["obligation"]}}, day="2024-02-01"),
    Row("SPANS", "C1", RED, 900, OPEN, 0, {"reductions": (0, None)}, {}, day="2024-02-01"),
    Row("SPANS", "C2", RED, 900, OPEN, 120, {"reductions": (120, None)}, C2, day="2024-07-01"),
    Row("SPANS", "C2", RED, 900, OPEN, 140, {"reductions": (140, None)}, C2, day="2024-07-01",
        more={"policy": {"Q-YEAR": 2}}),
    Row("SPANS", "C2", RED, 1, NO, 0, {}, C2, day="2024-06-30"),
    Row("SPANS", "C2", RED, 1, OK, 1, {}, C2, day="2028-03-15"),
    Row("SPANS", "C2", RED, 1, NO, 0, {}, C2, day="2028-03-16"),
    Row("SPANS", "C3", RED, 1, OK, 1, {}, {"obligation": {"2027": 50, "2028": 50, "2029": 50}},
        day="2030-01-01"),
    Row("SPANS", "C3", RED, 1, OK, 1, {}, {"obligation": {"2027": 50, "2028": 50, "2029": 50}},
        day="2031-01-31"),
    Row("SPANS", "C3", RED, 1, OPEN, 0, {}, {}, day="2031-02-01", more={"reasons": ["window"]}),
    Row("SPANS", "C3", RED, 1, OPEN, 0, {}, {}, day="2029-12-31", more={"reasons": ["window"]}),
    # two compartments: removals have their own room, and what may be either counts in both
    Row("SPANS", "C1", REM, 900, UP_TO, 301, {"removals": (301, 301)}, C1, day="2024-02-01",
        more={"names": ["removals"]}),  # a tenth of 3,015
    Row("SPANS", "C1", REM, 900, UP_TO, 301, {"removals": (301, 301)}, C1, [("2021", 90, RED)],
        day="2024-02-01"),
    Row("SPANS", "C1", RED, 900, UP_TO, 140, {"reductions": (140, 140)}, C1, [("2021", 90, REM)],
        day="2024-02-01"),
    Row("SPANS", "C1", REM, 900, UP_TO, 211, {"removals": (211, 211)}, C1, [("2021", 90, REM)],
        day="2024-02-01"),
    Row("SPANS", "C1", "CER", 900, OPEN, 140, {"reductions": (140, 140), "removals": (301, 301)},
        C1, day="2024-02-01"),
    Row("SPANS", "C1", RED, 900, OPEN, 50, {"reductions": (50, 140)}, C1, [("2021", 90, "CER")],
        day="2024-02-01"),
    Row("SPANS", "C1", REM, 9, OPEN, 0, {"removals": (0, None)},
        {"obligation": {"2021": 1000, "2022": 1010}}, day="2024-02-01"),
    # duties and warnings: told, deciding nothing
    Row("SPANS", "C1", {**RED, "adjustment": "NONE"}, 1, OK, 1, {}, C1, day="2024-02-01",
        more={"duties": ["2024-05-01"], "warns": 0}),
    Row("SPANS", "C1", RED, 1, OK, 1, {}, C1, day="2024-02-01", more={"duties": ["2024-05-01"]}),
    Row("SPANS", "C1", {**RED, "adjustment": "APPLIED_IN_BTR"}, 1, OK, 1, {}, C1, day="2024-02-01",
        more={"duties": []}),
    Row("SPANS", "C1", {**RED, "host": "SE"}, 1, OK, 1, {}, C1, day="2024-02-01",
        more={"warns": 1}),
    Row("SPANS", "C1", {**RED, "host": "NO"}, 1, OK, 1, {}, C1, day="2024-02-01",
        more={"warns": 0}),
    Row("SPANS", "C1", {"activity_class": "R", "host": "SE"}, 1, OPEN, 0, {}, C1, day="2024-02-01",
        more={"warns": 0}),
    # pots: five years, one room; derived: the greater of 100 and 11% of 1,000
    Row("POTS", "2010", "CER", 900, UP_TO, 110, {"pot": (110, 110)}, {"entitlement": {"2010": 110}}),
    Row("POTS", "2010", "CER", 900, UP_TO, 70, {"pot": (70, 70)}, {"entitlement": {"2010": 110}},
        [("2008", 10, "CER"), ("2012", 20, "CER"), ("2007", 9, "CER"), ("2013", 9, "CER"),
         ("2010", 9, "ERU"), ("2009", 10, "CER", "YEARS"), ("2009", 9, "CER", "SPANS")]),
    Row("POTS", "2010", "CER", 900, UP_TO, 100, {"pot": (100, 100)}, {"entitlement": {"2010": 110}},
        [("C1", 4), ("", 6)]),
    Row("POTS", "2010", {"unit_type": "CER", "high_leakage": False}, 900, UP_TO, 110,
        {"pot": (110, 110)}, POT),
    Row("POTS", "2010", {"unit_type": "CER", "high_leakage": False}, 900, UP_TO, 120,
        {"pot": (120, 120)}, {**POT, "nap_entitlement": {"2010": 120}}),
    Row("POTS", "2010", {"unit_type": "CER", "high_leakage": True}, 9000, OPEN, 500,
        {"pot": (500, 1000)}, {**POT, "verified_emissions": {"2010": 2000}}),
    Row("POTS", "2010", {"unit_type": "CER", "high_leakage": True}, 9000, UP_TO, 1000,
        {"pot": (1000, 1000)}, {**POT, "verified_emissions": {"2010": 2000}},
        more={"policy": {"Q-TERM": 2}}),
    Row("POTS", "2010", {"unit_type": "CER", "high_leakage": True}, 9000, UP_TO, 110,
        {"pot": (110, 110)}, {**POT, "verified_emissions": {"2010": 1000}}),
    Row("POTS", "2010", {"unit_type": "CER", "high_leakage": True}, 9000, UP_TO, 110,
        {"pot": (110, 110)}, {**POT, "verified_emissions": {"2010": 600}}),
    Row("POTS", "2008", {"unit_type": "CER", "high_leakage": True}, 9000, UP_TO, 110,
        {"pot": (110, 110)}, {**POT, "nap_entitlement": {"2008": 5},
                              "verified_emissions": {"2008": 2000}}),
    Row("POTS", "2010", "CER", 9000, OPEN, 110, {"pot": (110, 1000)},
        {**POT, "verified_emissions": {"2010": 2000}}),
    Row("POTS", "2010", {"unit_type": "CER", "high_leakage": True}, 9000, OPEN, 110,
        {"pot": (110, None)}, POT),
    Row("POTS", "2010", {"unit_type": "CER", "high_leakage": False}, 9000, OPEN, 110,
        {"pot": (110, None)}, {"free_allocation": POT["free_allocation"]}),
    Row("POTS", "2010", "ERU", 900, UP_TO, 60, {"share": (60, 60)},
        {"total_emissions": {"2008": 900, "2009": 100, "2010": 200, "2011": 300, "2012": 900}}),
    Row("POTS", "2010", "ERU", 900, UP_TO, 70, {"share": (70, 70)}, {"total_emissions": {"": 700}}),
    Row("POTS", "2010", "KCU", 900, OPEN, 50, {"either": (50, 80)}, {"total_emissions": {"2010": 1000}}),
    Row("POTS", "2010", {"unit_type": "KCU", "high_leakage": False}, 900, UP_TO, 80,
        {"either": (80, 80)}, {"total_emissions": {"2010": 1000}}),
    # minima: seventy of a hundred must be from home; what is from home is never too much
    Row("MINIMA", "2020", FAR, 50, UP_TO, 30, {"home": (30, 30)}, {}, [("2020", 70, HOME)]),
    Row("MINIMA", "2020", FAR, 50, UP_TO, 29, {"home": (29, 29)}, {}, [("2020", 69, HOME)]),
    Row("MINIMA", "2020", FAR, 50, UP_TO, 10, {"home": (10, 10)}, {},
        [("2020", 70, HOME), ("2020", 20, FAR), ("2020", 9, "ERU"), ("2021", 9, FAR)]),
    Row("MINIMA", "2020", FAR, 50, NO, 0, {"home": (0, 0)}, {}, [("2020", 40, FAR)]),
    Row("MINIMA", "2020", HOME, 50, OK, 50, {}, {}, [("2020", 40, FAR)], more={"names": []}),
    Row("MINIMA", "2020", "ERU", 50, OK, 50, {}, {}, more={"names": []}),
    Row("MINIMA", "2020", "CER", 50, OPEN, 30, {"home": (30, 30)}, {}, [("2020", 70, HOME)],
        more={"warns": 1}),
    Row("MINIMA", "2020", FAR, 50, OPEN, 0, {"home": (0, None)}, {}, None),
    Row("MINIMA", "2020", FAR, 50, OPEN, 20, {"home": (20, 34)}, {},
        [("2020", 70, HOME), ("2020", 10, "CER")]),  # 100 - 80; 80 / 0.7 - 80
    Row("MINIMA", "2020", FAR, 90, NO, 0, {"home": (0, 0)}, {}, [("2020", 0)]),
    Row("MINIMA", "2020", FAR, 90, OPEN, 0, {"home": (0, 42)}, {}, [("2020", 100)]),
    Row("MINIMA", "2022", FAR, 900, OPEN, 40, {"home": (40, 120)}, {}, [("2022", 120, HOME)]),
    Row("MINIMA", "2023", FAR, 900, OPEN, 0, {"home": (0, None)}, {}, [("2023", 120, HOME)]),
    Row("MINIMA", "2024", FAR, 900, OPEN, 120, {"home": (120, None)}, {}, [("2024", 120, HOME)]),
    Row("MINIMA", "2025", FAR, 900, OPEN, 0, {"home": (0, None)}, {}, [("2025", 120, HOME)]),
    # low confidence: what the rule leaves is certain, without it everything is possible
    Row("DOUBTS", "D1", "CER", 900, OPEN, 200, {"yearly": (200, None)},
        {"obligation": {"2020": 1000, "2021": 1000}}, day="2022-02-01"),
    Row("DOUBTS", "D1", "CER", 900, OPEN, 100, {"yearly": (100, None)}, {"obligation": {"D1": 1000}},
        day="2022-02-01"),
    Row("DOUBTS", "D2", "CER", 900, UP_TO, 100, {"yearly": (100, 100)},
        {"obligation": {"2022": 1000, "2023": 1000}}, day="2024-02-01"),
    Row("DOUBTS", "D2", "CER", 900, OPEN, 0, {"yearly": (0, None)}, {"obligation": {"D2": 1000}},
        day="2024-02-01"),
    Row("DOUBTS", "D1", {"unit_type": "ERU", "host": "SE"}, 900, OPEN, 60, {"home": (60, None)}, {},
        [("D1", 60, {"unit_type": "ERU", "host": "NO"})], day="2022-02-01"),
    Row("DOUBTS", "D2", "KCU", 900, OPEN, 50, {"weighed": (50, 100)},
        {"verified_emissions": {"D2": 1000}}, day="2024-02-01"),
    Row("DOUBTS", "D1", "KCU", 900, OPEN, 100, {"weighed": (100, None)},
        {"verified_emissions": {"D1": 1000}}, day="2022-02-01", more={"share": "10% | -"}),
    Row("DOUBTS", "D1", "KCU", 900, OK, 900, {}, {"verified_emissions": {"D1": 1000}},
        day="2022-02-01", more={"policy": {"Q-ANY": 2}, "names": []}),
    Row("DOUBTS", "D1", "KCU", 900, UP_TO, 100, {}, {"verified_emissions": {"D1": 1000}},
        day="2022-02-01", more={"policy": {"Q-ANY": 1}}),
    Row("MINIMA", "2022", HOME, 500, OK, 500, {}, {}, [], more={"names": [], "warns": 0}),
    # over all entities; asked only where their use is known
    Row("MINIMA", "2021", HOME, 500, UP_TO, 400, {"all": (400, 400)}, {}, [],
        [("2021", 600, "CER"), ("2021", 9, "ERU"), ("2020", 9, "CER")], more={"warns": 0}),
    Row("MINIMA", "2021", HOME, 500, OK, 500, {}, {}, [], more={"names": [], "warns": 1}),
    Row("MINIMA", "2020", HOME, 500, OK, 500, {}, {}, [], [("2020", 9000)],
        more={"names": [], "warns": 0}),
    Row("MINIMA", "2022", HOME, 500, OK, 500, {}, {}, [], [("2022", 9000)], more={"names": []}),
    # weights: 1.2 t a unit; 0.3 or 0.5; not told; perhaps two
    Row("WEIGHTS", "2020", "CER", 900, UP_TO, 83, {"tonnes": (83, 83)}, OB),
    Row("WEIGHTS", "2020", "CER", 84, UP_TO, 83, {"tonnes": (83, 83)}, OB),
    Row("WEIGHTS", "2020", "CER", 900, UP_TO, 73, {"tonnes": (73, 73)}, OB, [("2020", 10, "CER")]),
    Row("WEIGHTS", "2020", "CER", 900, UP_TO, 75, {"tonnes": (75, 75)}, OB,
        [("2020", 10, "CER", "", True)]),
    Row("WEIGHTS", "2020", "CER", 900, UP_TO, 75, {"tonnes": (75, 75)}, OB, [("2020", 10)]),
    Row("WEIGHTS", "2020", "KCU", 900, UP_TO, 88, {"tonnes": (88, 88)}, OB, [("2020", 10, "CER")]),
    Row("WEIGHTS", "2020", "ERU", 900, OPEN, 200, {"tonnes": (200, 333)}, OB,
        more={"open": ["Q-RATIO"]}),
    Row("WEIGHTS", "2020", "ERU", 900, UP_TO, 333, {"tonnes": (333, 333)}, OB,
        more={"policy": {"Q-RATIO": 1}}),
    Row("WEIGHTS", "2020", "KCU", 900, OPEN, 95, {"tonnes": (95, 97)}, OB, [("2020", 10, "ERU")]),
    Row("WEIGHTS", "2020", "AAU", 900, OPEN, 0, {"tonnes": (0, None)}, OB),
    Row("WEIGHTS", "2020", "AAU", 900, NO, 0, {"tonnes": (0, 0)}, OB, [("2020", 100)]),
    Row("WEIGHTS", "2020", "KCU", 900, OPEN, 0, {"tonnes": (0, 100)}, OB, [("2020", 10, "AAU")]),
    Row("WEIGHTS", "2020", "KCU", 900, UP_TO, 100, {"tonnes": (100, 100)}, OB),
    Row("WEIGHTS", "2021", "KCU", 900, OPEN, 50, {"tonnes": (50, 100)}, OB),
    Row("WEIGHTS", "2021", {"unit_type": "KCU", "tribal_land": True}, 900, UP_TO, 50,
        {"tonnes": (50, 50)}, OB),
    Row("WEIGHTS", "2021", {"unit_type": "KCU", "tribal_land": False}, 900, UP_TO, 100,
        {"tonnes": (100, 100)}, OB),
    Row("WEIGHTS", "2020", "KCU", 900, UP_TO, 99, {"tonnes": (99, 99)}, {"obligation": {"2020": 999}}),
    Row("WEIGHTS", "2020", "CER", 900, UP_TO, 83, {"tonnes": (83, 83)}, {"obligation": {"2020": 996}}),
    # of what others used nothing is presumed, nor what differs from unit to unit
    Row("SHARED", "2020", "CER", 91, OPEN, 90, {"mine": (90, 100)}, {},
        [("2020", 10, "CER", "", False, "before_cdm")]),
    Row("SHARED", "2020", "CER", 91, UP_TO, 90, {"mine": (90, 90)}, {},
        [("2020", 10, "CER", "", False, "host")]),
    Row("SHARED", "2020", "CER", 61, OPEN, 60, {"mine": (90, 90), "ours": (60, 100)}, {},
        [("2020", 10, "CER")], [("2020", 40, "CER")]),
    Row("SHARED", "2020", "CER", 61, OPEN, 60, {"mine": (90, 100), "ours": (60, 100)}, {},
        [("2020", 10, "CER")], [("2020", 40, "CER")], more={"strict": True}),
    Row("WEIGHTS", "2020", "CER", 900, UP_TO, 82, {"tonnes": (82, 82)}, {"obligation": {"2020": 995}}),
]  # fmt: skip
