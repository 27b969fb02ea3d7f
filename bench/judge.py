"""Asking the law: one unit against every system, warm and cold, and what a start pays for the law.

The figures are absolute in the issue, so each ratio is of what was seen to what is allowed.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.harness import AS_A_USER, ROUNDS, report
from onetonne.rules.facts import read_facts
from onetonne.rules.judge import judge
from onetonne.rules.verdict import Ask, Book
from onetonne.store.systems import COMPILED, load_lawbook

WARM_MS, COLD_S, LOAD_MS = 5, 0.7, 50
DAY = date(2027, 5, 1)
UNITS: list[dict[str, object]] = [
    {"unit_type": "CER", "host": "VN", "reduction_year": 2019, "commitment_period": "CP2"},
    {"unit_type": "A6.4ER", "host": "MM", "loa_purposes": ["NDC"], "loa_country": "KR",
     "reduction_year": 2024, "adjustment": "AUTHORISED"},
    {"unit_type": "VCU", "host": "GH", "reduction_year": 2023, "loa_purposes": ["OIMP_CORSIA"]},
    {"unit_type": "TCER", "host": "TW", "reduction_year": 2025},
]  # fmt: skip


def run() -> None:
    """Every line of the bench about judging."""
    book = load_lawbook()
    units = [read_facts({**book.everywhere.unit_facts.get(str(unit["unit_type"]), {}), **unit})
             for unit in UNITS]  # fmt: skip
    figures = Book(bases={"obligation": {"2026": 1_000_000}, "taxable_emissions": {"2026": 50_000}},
                   used=())  # fmt: skip
    asks = [[Ask(system=code, day=DAY, facts=unit, quantity=100, book=figures)
             for code in book.systems] for unit in units]  # fmt: skip
    warm = [_median(lambda: [judge(book, ask) for ask in asks[0]], 200),
            *(_median(lambda row=row: [judge(book, ask) for ask in row], 200)  # type: ignore[misc]
              for row in asks[1:])]  # fmt: skip
    report("judge-every-system", goal=1, at_least=False,
           ratios=[seconds * 1000 / WARM_MS for seconds in warm],
           systems=len(book.systems), p50_ms=[round(s * 1000, 2) for s in warm])  # fmt: skip
    loads = [_median(load_lawbook, 20) for _ in range(ROUNDS)]
    report("lawbook-load", goal=1, at_least=False, ratios=[s * 1000 / LOAD_MS for s in loads],
           ms=[round(s * 1000, 1) for s in loads], bytes=COMPILED.stat().st_size)  # fmt: skip
    command = str(Path(sys.executable).with_name("onetonne"))
    line = [command, "judge", "--fact", "unit_type=CER", "--fact", "host=KR"]

    def start() -> None:
        subprocess.run(line, check=True, capture_output=True, env=AS_A_USER)

    start()
    colds = [_median(start, 5) for _ in range(ROUNDS)]
    report("judge-cold", goal=1, at_least=False, ratios=[s / COLD_S for s in colds],
           seconds=[round(s, 2) for s in colds])  # fmt: skip


def _median(work: Callable[[], Any], times: int) -> float:
    """The median seconds of so many calls."""
    seen = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seen.append(time.perf_counter() - began)
    return statistics.median(seen)
