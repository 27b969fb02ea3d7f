"""Baskets under the made-up systems of `engine_law.yaml`: which limits they exceed, by hand."""

# ruff: noqa: RUF012 (rows are data: their defaults are never changed)

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from tests.rules.engine_rows import (
    BOOK,
    C1,
    FAR,
    HOME,
    NO,
    OB,
    OK,
    OPEN,
    RED,
    REM,
    Uses,
    facts_of,
    used_of,
)

from onetonne.rules import basket as baskets
from onetonne.rules.verdict import Book, Part


class Many(NamedTuple):
    """A basket: units with quantities, and what is exceeded: limit, asked, room."""

    system: str
    period: str
    parts: list[tuple[str | dict[str, Any], int]]
    expect: str
    over: list[tuple[str, int | None, int]] = []
    bases: dict[str, dict[str, int]] = {}
    used: Uses | None = []
    all_used: Uses | None = None
    day: str = ""
    refused: list[int] = []


MANY: list[Many] = [
    Many("YEARS", "2020", [("CER", 60), ("ERU", 40)], OK, [], OB),
    Many("YEARS", "2020", [("CER", 60), ("ERU", 41)], NO, [("total", 101, 100)], OB),
    Many("YEARS", "2020", [("CER", 1), ("ERU", 51)], NO, [("half", 51, 50)], OB),
    Many("YEARS", "2020", [("CER", 51), ("ERU", 51)], NO, [("total", 102, 100), ("half", 51, 50)],
         OB),
    Many("YEARS", "2020", [("EUA", 900)], OK, [], OB, [("2020", 500)]),
    Many("YEARS", "2020", [("EUA", 900), ("CER", 0)], OK, [], OB, [("2020", 500)]),
    Many("YEARS", "2020", [("CER", 1)], NO, [("total", 1, 0)], OB, [("2020", 100)]),
    Many("YEARS", "2020", [("CER", 1)], NO, [("total", 1, 0)], {}),
    Many("YEARS", "2021", [("CER", 150)], OK, [], OB),
    Many("YEARS", "2021", [("CER", 151)], NO, [("total", 151, 150)], OB),
    Many("YEARS", "2021", [("CER", 125)], OK, [], {"obligation": {"2020": 500, "2021": 1000}}),
    Many("YEARS", "2021", [("CER", 126)], NO, [("total", 126, 125)],
         {"obligation": {"2020": 500, "2021": 1000}}),
    Many("YEARS", "2020", [], OK, [], OB),
    Many("YEARS", "2020", [("CER", 1), ("VCU", 1)], NO, [], OB, refused=[1]),
    Many("YEARS", "2020", [({"host": "NO"}, 1), ("CER", 1)], OPEN, [], OB, refused=[0]),
    Many("YEARS", "2020", [({"host": "NO"}, 1), ("VCU", 1)], NO, [], OB, refused=[0, 1]),
    Many("SPANS", "2022", [(RED, 140), (REM, 301)], OK, [], C1, day="2024-02-01"),
    Many("SPANS", "2022", [(RED, 141), (REM, 302)], NO,
         [("reductions", 141, 140), ("removals", 302, 301)], C1, day="2024-02-01"),
    Many("SPANS", "2022", [("CER", 141)], NO, [("reductions", 141, 140)], C1, day="2024-02-01"),
    Many("MINIMA", "2020", [(HOME, 70), (FAR, 30)], OK),
    Many("MINIMA", "2020", [(HOME, 69), (FAR, 30)], NO, [("home", 99, 98)]),
    Many("MINIMA", "2020", [(FAR, 30), (HOME, 69), (HOME, 1)], OK),
    Many("MINIMA", "2020", [(FAR, 60)], OK, [], {}, [("2020", 140, HOME)]),
    Many("MINIMA", "2020", [(FAR, 61)], NO, [("home", 61, 60)], {}, [("2020", 140, HOME)]),
    Many("MINIMA", "2020", [(HOME, 9)], OK),
    Many("MINIMA", "2020", [("ERU", 9)], OK),
    Many("MINIMA", "2022", [(HOME, 75), (FAR, 25)], OK),
    Many("MINIMA", "2022", [(HOME, 74), (FAR, 25)], NO, [("home", 99, 98)]),
    Many("MINIMA", "2023", [(HOME, 75), (FAR, 25)], NO, [("home", 100, 0)]),
    Many("MINIMA", "2021", [(HOME, 400)], OK, [], {}, [], [("2021", 600, "CER")]),
    Many("MINIMA", "2021", [(HOME, 401)], NO, [("all", 401, 400)], {}, [], [("2021", 600, "CER")]),
    Many("WEIGHTS", "2020", [("CER", 50), ("KCU", 40)], OK, [], OB),
    Many("WEIGHTS", "2020", [("CER", 50), ("KCU", 41)], NO, [("tonnes", 101, 100)], OB),
    Many("WEIGHTS", "2020", [("CER", 84)], NO, [("tonnes", 101, 100)], OB),  # 100.8 t
    Many("WEIGHTS", "2020", [("ERU", 200)], OK, [], OB),
    Many("WEIGHTS", "2020", [("ERU", 201)], NO, [("tonnes", 101, 100)], OB),
    Many("WEIGHTS", "2020", [("AAU", 1)], NO, [("tonnes", None, 100)], OB),
    Many("WEIGHTS", "2020", [("AAU", 1), ("CER", 1)], NO, [("tonnes", None, 100)], OB),
]  # fmt: skip


def wrong_of_many(row: Many) -> str:
    """What the basket expects and is not told; empty where they agree."""
    day = date.fromisoformat(row.day or f"{int(row.period) + 1}-02-01")
    parts = [Part(facts_of(unit), quantity) for unit, quantity in row.parts]
    entity = Book(row.bases, used_of(row.used), {}, used_of(row.all_used))
    baskets._known.clear()
    told = baskets.judge_basket(BOOK, row.system, row.period, day, parts, entity)
    over = [(o.limit, o.asked, o.room) for o in told.over]
    minima = [o.limit for o in told.over if o.provisional]
    got = (told.result, over, list(told.refused), minima)
    want = (row.expect, row.over, row.refused, [name for name, *_ in row.over if name == "home"])
    return "" if got == want else f"{want} but {got}"
