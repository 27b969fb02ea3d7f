"""What eligibility costs a surrender: the same batches through the gate and past it.

A thousand lots, five systems, ten operators of each; both sides decide, fold and commit alike, but
one is told that everything is eligible. The sides take turns within a round; processor time is
compared, because the flush at the end of a batch is the same for both and would hide the gate.
"""

import shutil
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.harness import ROUNDS, report, timed_cpu
from onetonne.base.account_numbers import with_check
from onetonne.base.days import to_instant
from onetonne.ledger.acts import surrender as act
from onetonne.ledger.commands import (
    Issue,
    Item,
    OpenAccount,
    RegisterOperator,
    RegisterProject,
    Request,
    SetFigure,
    Surrender,
)
from onetonne.ledger.gate import Passed, pass_gate
from onetonne.ledger.units import Law
from onetonne.service.execute import Writer
from onetonne.service.founding import found
from onetonne.store.sqlite import Sqlite

LOTS, OPERATORS, VARIANTS = 1_000, 10, 10
BATCH, BATCHES, SLICES = 1_000, 10, 10
GOAL = 0.75
AT = to_instant(datetime(2026, 5, 1, 9, tzinfo=UTC))
ISSUED = AT - 86_400_000_000

# What enters each system: unit, host, period, base of its limits, and facts of the lot.
SYSTEMS: dict[str, tuple[str, str, str, str, dict[str, str]]] = {
    "KR": ("KCU", "KR", "2025", "obligation", {
        "covered_source": "false", "project_start": "2017-01-01"}),
    "SG": ("VCU", "GH", "2025", "taxable_emissions", {
        "methodology_listed": "true", "loa_purposes": "NDC", "loa_country": "SG",
        "adjustment": "AUTHORISED"}),
    "TW": ("TCER", "TW", "2025", "annual_emissions", {"project_family": "VOLUNTARY"}),
    "US-CA": ("ARBOC", "US", "CP5", "obligation", {
        "sector_based": "false", "direct_benefits": "US-CA"}),
    "US-WA": ("WA-OFFSET", "US", "CP1", "obligation", {
        "tribal_land": "false", "direct_benefits": "US-WA"}),
}  # fmt: skip
MUCH = 10**12


class Owing:
    """A ledger in which fifty operators hold twenty lots each, and whose units go next."""

    def __init__(self, path: Path, law: Law) -> None:
        self.instant = ISSUED
        db = Sqlite(path, create=True)
        self.person = found(
            db, law, ledger="bench.example/ets", party="TW", clock=lambda: self.instant
        )
        writer = Writer(db, law, lambda: self.instant)
        self.lots: list[tuple[int, int, str, str, str]] = []
        requests = [Request(self.person, (made,), cites="decision") for made in self._furniture()]
        for start in range(0, len(requests), BATCH):
            _run(writer, requests[start : start + BATCH])
        self.instant = AT
        db.close()
        self.given = 0

    def _furniture(self) -> Iterator[Any]:
        for n in range(VARIANTS):
            yield RegisterProject(project=f"P-{n}", party="TW", mechanism="M", methodology=f"M{n}")
        number = 0
        for place, (system, (unit, host, period, base, facts)) in enumerate(SYSTEMS.items()):
            for n in range(OPERATORS):
                account = with_check(30_000_000 + place * 100 + n)
                of: dict[str, Any] = {"system": system, "operator": f"{system}-{n}"}
                yield OpenAccount(account=account, party="TW")
                leaky = {"high_leakage": "false"} if system == "TW" else {}
                yield RegisterOperator(account=account, facts=leaky, **of)
                yield from self._figures(base, period, of)
                for lot in range(LOTS // len(SYSTEMS) // OPERATORS):
                    number += 1
                    self.lots.append((number, account, system, f"{system}-{n}", period))
                    yield Issue(
                        unit=unit, quantity=1_000_000, account=account, vintage=2024, host=host,
                        activity="reduction", project=f"P-{lot % VARIANTS}", facts=facts,
                    )  # fmt: skip

    def _figures(self, base: str, period: str, of: dict[str, Any]) -> Iterator[Any]:
        years = {"CP5": range(2024, 2027), "CP1": range(2023, 2027)}
        for year in years.get(period, (period,)):
            yield SetFigure(figure=base, period=str(year), tonnes=MUCH, **of)

    def batch(self) -> list[Request]:
        """One small surrender of each of the next lots."""
        requests = []
        for _ in range(BATCH):
            turn, at = divmod(self.given, LOTS)
            self.given += 1
            lot, account, system, operator, period = self.lots[(at * 7) % LOTS]
            item = Item(lot=lot, serials=f"{turn * 2 + 1}-{turn * 2 + 2}")
            made = Surrender(
                source=account, items=(item,), system=system, period=period, operator=operator
            )
            requests.append(Request(self.person, (made,)))
        return requests


def run(folder: Path, law: Law) -> None:
    """Both sides on equal ledgers; the ratio is of the rates with the gate and without it."""
    path, other = folder / "gated.db", folder / "open.db"
    world = Owing(path, law)
    shutil.copyfile(path, other)
    gated, free = (Writer(Sqlite(p), law, lambda: AT) for p in (path, other))
    _gated(gated, world.batch())
    world.given = 0
    ratios, rates = [], []
    world.given = LOTS
    _free(free, world.batch())
    for _ in range(ROUNDS):
        with_gate = without = 0.0
        for _ in range(SLICES):
            batches = [world.batch() for _ in range(BATCHES // SLICES)]
            with_gate += timed_cpu(lambda parts=batches: [_gated(gated, part) for part in parts])
            without += timed_cpu(lambda parts=batches: [_free(free, part) for part in parts])
        ratios.append(without / with_gate)
        rates.append(BATCH * BATCHES / with_gate)
    report(
        "surrender-eligibility",
        goal=GOAL,
        at_least=True,
        ratios=ratios,
        lots=LOTS,
        systems=len(SYSTEMS),
        per_commit=BATCH,
        surrenders_per_second=round(statistics.median(rates)),
    )
    gated.db.close()
    free.db.close()


def _gated(writer: Writer, requests: list[Request]) -> None:
    act.pass_gate = pass_gate
    _run(writer, requests)


def _free(writer: Writer, requests: list[Request]) -> None:
    """The same act, told that all is eligible."""
    act.pass_gate = _all_eligible
    try:
        _run(writer, requests)
    finally:
        act.pass_gate = pass_gate


def _all_eligible(*asked: Any, **how: Any) -> Passed:
    return Passed("ELIGIBLE", "", ())


def _run(writer: Writer, requests: list[Request]) -> None:
    for answer in writer.execute(requests):
        if answer.refusal is not None:
            raise RuntimeError(answer.refusal.sentence())
