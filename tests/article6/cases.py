"""Pledges, inventories and tallies for tests of the accounting."""

from __future__ import annotations

from typing import Any

from onetonne.article6.figures import Figures, figures
from onetonne.ledger.article6.tables import Inventory, Ndc, Tally

DIGEST = "ab" * 32


def pledge(**changes: Any) -> Ndc:
    """A multi-year pledge of TW for 2021 to 2030, without target or path."""
    usual: dict[str, Any] = {
        "party": "TW", "first": 2021, "last": 2030, "version": 1, "kind": "multi",
        "method": "budget", "digest": DIGEST, "goal": "", "path": (), "metric": "GHG",
        "per_unit": "", "recorded": 1,
    }  # fmt: skip
    return Ndc(**(usual | changes))


def averaged(goal: str = "") -> Ndc:
    return pledge(kind="single", method="averaging", goal=goal)


def budget(goal: str, path: tuple[str, ...] = ()) -> Ndc:
    return pledge(goal=goal, path=path)


def tally(year: int, happened: int, quantity: int, **changes: Any) -> Tally:
    usual: dict[str, Any] = {
        "party": "TW", "basis": "first_transfer", "year": year, "happened": happened,
        "approach": "CA9001", "purpose": "NDC", "metric": "GHG", "quantity": quantity,
    }  # fmt: skip
    return Tally(**(usual | changes))


class _Facts:
    """Emissions, first transfers and uses by year, as accounting reads them."""

    def __call__(
        self,
        emissions: dict[int, Any],
        first: dict[int, int] | None = None,
        used: dict[int, int] | None = None,
    ) -> Figures:
        sums = [tally(year, 2026, quantity) for year, quantity in (first or {}).items()]
        sums += [tally(year, 2026, q, basis="use") for year, q in (used or {}).items()]
        return figures("TW", "GHG", self.inputs(emissions), sums)

    def inputs(self, emissions: dict[int, Any], metric: str = "GHG") -> list[Inventory]:
        return [
            Inventory("TW", year, metric, 1, str(value), DIGEST, 1)
            for year, value in emissions.items()
        ]


facts = _Facts()
