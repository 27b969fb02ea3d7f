"""Every bound of the lawbook moved by the least step, every comparison of the engine flipped, and
whether a case or check notices. The tests ask the same; this prints the table.

    python -m tools.mutate_law     exit 1 if a change goes unnoticed without a reason
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from tests.rules import engine_mutants
from tests.rules.cases import load_cases
from tests.rules.mutations import SAME, as_data, mutants
from tests.rules.test_cases import BOOK, survivors
from tests.rules.test_engine import CHECKS
from tests.rules.test_engine import SAME as ALIKE

from onetonne.rules.law import canonical


def bounds() -> int:
    """A line for each system: days, shares and numbers moved, and those that no case noticed."""
    missed = 0
    cases = load_cases()
    for system in sorted(BOOK.systems):
        law = as_data(canonical(BOOK))["systems"][system]
        moved = sum(1 for _ in mutants(system, law))
        excused = sum(1 for at, _ in SAME if at[0] == system)
        left = survivors(system, cases)
        own = sum(1 for case in cases if case.system == system)
        print(f"{system:<12} {own:>4} cases  {moved:>4} moved  {len(left):>2} unnoticed  "
              f"{excused:>2} that say the same")  # fmt: skip
        missed += len(left)
    return missed


def engine() -> int:
    """A line for each module of the engine: places changed, and those that no check noticed."""
    missed = 0
    for module in engine_mutants.MODULES:
        changed, left = engine_mutants.survivors(module, CHECKS)
        alike = [text for text in left if text in ALIKE]
        name = module.__name__.rpartition(".")[2]
        print(f"{name:<14} {changed:>4} changed  {len(left) - len(alike):>2} unnoticed  "
              f"{len(alike):>2} that answer the same")  # fmt: skip
        missed += len(left) - len(alike)
    return missed


def main() -> int:
    print(f"day {datetime.now(UTC).date().isoformat()}, law {BOOK.digest[:16]}")
    missed = bounds() + engine()
    print(f"unnoticed {missed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
