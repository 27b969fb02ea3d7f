"""Fifteen findings of a published audit of another registry: each holds here, and each test fails
when the finding's own bug is planted.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from tests.article6.cases import averaged, budget, facts, pledge, tally
from tests.ledger import article6_rows as rows
from tests.ledger.given import A, B, block, code, events, given

from onetonne.article6 import balance as balances
from onetonne.article6 import figures, initial_report, safeguards
from onetonne.ledger import commands as c
from onetonne.ledger.acts import authorise, first_transfer
from onetonne.ledger.article6 import standing
from onetonne.ledger.article6.events import FirstTransferred
from onetonne.ledger.article6.tables import Marks

Patch = pytest.MonkeyPatch


def f01_the_host_adds_and_the_user_subtracts() -> None:
    found = facts({2025: 100}, first={2025: 30}, used={2025: 10})
    (year,) = (one for one in balances.balance(pledge(), found).years if one.year == 2025)
    assert (year.adjustment, year.balance) == (20, 120)


def p01(patch: Patch) -> None:
    """Subtracts what was transferred, adds what was used."""
    real = balances._year
    wrong = lambda ndc, found, year, adjustment: real(ndc, found, year, -adjustment)  # noqa: E731
    patch.setattr(balances, "_year", wrong)


def f02_the_method_of_the_pledge_is_applied() -> None:
    found = facts({2030: 1000}, first={2023: 100, 2030: 100})
    assert balances.balance(averaged(), found).years[-1].adjustment == 20
    assert balances.balance(pledge(), found).years[-1].adjustment == 100


def p02(patch: Patch) -> None:
    """Stores the method, and adjusts every year alike."""
    patch.setattr(balances, "_averaged", lambda ndc, found, calendar: balances._yearly(ndc, found))


def f03_nothing_is_levied_but_by_a_cancellation_that_moves_units() -> None:
    state = given(*rows.BEGUN, rows.LOT)
    assert {h.account for h in state.lanes[1].rows.values()} == {A}
    moves = events(state, c.Cancel(source=A, items=block("1-2"), kind="voluntary"))
    assert sum(getattr(e, "next", 0) - getattr(e, "first", 0) for e in moves) == 2


def p03(patch: Patch) -> None:
    """A flag says that units were cancelled, and all of them stay."""
    from onetonne.ledger.acts import ends

    patch.setattr(ends, "_end", lambda *asked: ())


def f04_an_authorisation_has_a_purpose() -> None:
    state = given(*rows.BEGUN)
    assert code(state, replace(rows.LOA, purposes=())) == "unknown_kind"


def p04(patch: Patch) -> None:
    patch.setattr(authorise, "_purposes", lambda act: act.purposes)


def f05_one_authorisation_may_be_for_ndcs_and_for_others() -> None:
    state = given(*rows.SOLD[:4], rows.LOT, rows.FOR_ALL)
    (row,) = state.authorisations.values()
    assert row.purposes == ("NDC", "IMP", "OP")


def p05(patch: Patch) -> None:
    """Knows one purpose at a time."""
    real = authorise._purposes
    patch.setattr(authorise, "_purposes", lambda act: real(act)[:1])


def f06_each_authorisation_defines_its_own_first_transfer() -> None:
    at_once = rows.loa("A1", purposes=("IMP",), first_transfer="authorisation", vintage_to=2024)
    at_use = rows.loa("A2", purposes=("IMP",), first_transfer="use", vintage_from=2025)
    state = given(*rows.BEGUN, rows.LOT, replace(rows.LOT, vintage=2025), at_once, at_use)
    assert {row.lot for row in state.first_transfers.values()} == {1}


def p06(patch: Patch) -> None:
    """One setting for the whole registry."""
    patch.setattr(first_transfer, "trigger_of", lambda row, lot, account: "authorisation")


def f07_only_authorised_entities_get_units() -> None:
    state = given(*rows.BEGUN, rows.LOT, replace(rows.LOA, entities=(B,)))
    assert code(state, rows.ABROAD) == "entity_not_authorised"
    assert next(iter(state.authorisations.values())).entities == (B,)


def p07(patch: Patch) -> None:
    patch.setattr(standing, "check_entity", lambda row, account: None)


_SUMS = (tally(2022, 2025, 40), tally(2023, 2025, 60), tally(2030, 2026, 10, basis="use"))


def f08_annual_information_is_a_sum_by_the_year_of_the_event() -> None:
    told = figures.annual("TW", "GHG", _SUMS, range(2025, 2027))
    assert [(one.year, one.first, one.used) for one in told] == [(2025, 100, 0), (2026, 0, 10)]


def p08(patch: Patch) -> None:
    """Lists the actions: a row for each, and none where nothing was summed."""
    listed = lambda party, metric, sums, years: tuple(  # noqa: E731
        figures.Annual(row.happened, row.quantity) for row in sums
    )
    patch.setattr(figures, "annual", listed)


def f09_annual_information_has_its_year_and_what_is_cumulative() -> None:
    told = figures.annual("TW", "GHG", _SUMS, range(2025, 2027))
    assert [(one.year, one.net, one.cumulative) for one in told] == [
        (2025, 100, 100),
        (2026, -10, 90),
    ]
    assert {row.approach for row in _SUMS} == {"CA9001"}


def p09(patch: Patch) -> None:
    real = figures.annual
    bare = lambda *asked: tuple(replace(one, cumulative=0) for one in real(*asked))  # noqa: E731
    patch.setattr(figures, "annual", bare)


def f10_other_metrics_have_their_own_sign_and_sum() -> None:
    mine = pledge(metric="MWh", per_unit="0.5")
    sums = (tally(2025, 2026, 1000, metric="MWh"), tally(2025, 2026, 7))
    found = figures.figures("TW", "MWh", facts.inputs({2025: 50_000}, "MWh"), sums)
    (year,) = (one for one in balances.balance(mine, found).years if one.year == 2025)
    assert year.balance == 49_000
    assert balances.in_tonnes(mine, 1000) == 500
    assert figures.figures("TW", "GHG", (), sums).first == {2025: 7}


def p10(patch: Patch) -> None:
    """Takes every metric for greenhouse gases."""
    patch.setattr(balances, "_sign", lambda ndc: 1)


def f11_an_initial_report_without_human_rights_is_incomplete() -> None:
    draft = dict.fromkeys(initial_report.SECTIONS, "said")
    assert initial_report.missing(draft) == ()
    for name in ("human_rights", "sustainable_development", "safeguards"):
        assert initial_report.missing(draft | {name: " "}) == (name,)


def p11(patch: Patch) -> None:
    kept = {k: v for k, v in initial_report.SECTIONS.items() if k != "human_rights"}
    patch.setattr(initial_report, "SECTIONS", kept)


def f12_an_authorisation_that_ended_does_not_come_back() -> None:
    state = given(*rows.BEGUN, rows.LOT, rows.LOA, rows.REVOKE)
    asked = (rows.CHANGED, rows.REVOKE, rows.ABROAD)
    assert [code(state, act) for act in asked] == ["authorisation_revoked"] * 3
    assert code(state, rows.LOA) == "number_taken"


def p12(patch: Patch) -> None:
    """Any status may follow any other."""
    newest = lambda state, code_: next(iter(state.authorisations.values()))  # noqa: E731
    patch.setattr(authorise, "open_authorisation", newest)


def f13_a_safeguard_without_data_is_not_passed() -> None:
    limits = safeguards.Limits(first_share_of_path=Fraction(1, 10), used_share_of_gap=Fraction(1))
    told = safeguards.check(budget("9325"), facts({}), limits)
    assert {one.verdict for one in told} == {"indeterminate"}


def p13(patch: Patch) -> None:
    patch.setattr(safeguards, "UNKNOWN", safeguards.MET)


def f14_vintages_are_checked() -> None:
    state = given(*rows.BEGUN, rows.OLD, rows.LOT, rows.loa("A1", vintage_to=2023))
    assert code(state, replace(rows.LOA, authorisation="A2", vintage_from=2020)) == "bad_text"
    for act in (replace(rows.ABROAD, items=block("1", lot=n)) for n in (1, 2)):
        assert not [e for e in events(state, act) if isinstance(e, FirstTransferred)]
    later = given(*rows.SOLD, replace(rows.NDC, first=2031, last=2035))
    assert code(later, replace(rows.USE, year=2031)) == "foreign_period"


def p14(patch: Patch) -> None:
    patch.setattr(first_transfer, "speaks_of", lambda row, lot: [(0, lot.size)])


def f15_a_part_that_is_split_off_is_first_transferred_when_it_goes() -> None:
    state = given(*rows.SOLD, replace(rows.ABROAD, items=block("81-90")))
    sums = [row.next - row.first for row in state.first_transfers.values()]
    assert sums == [10, 10]
    assert [row.quantity for row in state.tallies.values()] == [20]


def p15(patch: Patch) -> None:
    """The part is born as if it had been transferred already: nothing is free."""
    patch.setattr(Marks, "free", lambda self, lot, first, next_: [])


class Finding(NamedTuple):
    holds: Callable[[], None]
    plant: Callable[[Patch], None]


FINDINGS = [
    Finding(holds, globals()[f"p{name[1:3]}"])
    for name, holds in sorted(globals().items())
    if name[0] == "f" and name[1:3].isdigit()
]
NAMES = [finding.holds.__name__ for finding in FINDINGS]


def test_there_are_fifteen() -> None:
    assert [name[1:3] for name in NAMES] == [f"{n:02d}" for n in range(1, 16)]


@pytest.mark.parametrize("finding", FINDINGS, ids=NAMES)
def test_the_finding_does_not_hold_here(finding: Finding) -> None:
    finding.holds()


@pytest.mark.parametrize("finding", FINDINGS, ids=NAMES)
def test_its_own_bug_is_noticed(finding: Finding, monkeypatch: Patch) -> None:
    finding.plant(monkeypatch)
    with pytest.raises(AssertionError):
        finding.holds()
