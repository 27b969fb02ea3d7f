"""The law answers every case as written, every clause refuses in one, and every bound is met."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from tests.rules.cases import Case, difference, failing, load_cases
from tests.rules.mutations import SAME, Path, as_data, mutants

from onetonne.rules.judge import WINDOW, judge
from onetonne.rules.law import Lawbook, System, canonical, in_force
from onetonne.store.jurisdictions import load_lawbook

BOOK = load_lawbook()
CASES = load_cases()
ANY = "any system"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_law_answers_as_the_case_says(case: Case) -> None:
    assert difference(case, judge(BOOK, case.ask)) == ""


def without_a_refusal(book: Lawbook, cases: list[Case]) -> set[tuple[str, str]]:
    """Gates for which no case refuses: system and clause. A gate of every system that speaks of a
    few units only needs a case in one of them."""
    told = {(case.system, name) for case in cases for name in case.told.get("fails", ())}
    shared = book.everywhere.clauses.values()
    gates = {
        (system.code, clause.code)
        for system in book.systems.values()
        for clause in [*(c for c in shared if c.when is None), *system.clauses.values()]
        if clause.effect == "gate"
    } | {(system, WINDOW) for system in book.systems}
    some = {(ANY, c.code) for c in shared if c.when is not None and c.effect == "gate"}
    return (gates | some) - told - {(ANY, name) for _, name in told}


def test_every_clause_has_a_case_that_refuses_because_of_it() -> None:
    assert without_a_refusal(BOOK, CASES) == set()


def test_a_clause_without_a_case_is_seen() -> None:
    kept = [case for case in CASES if "use-country" not in case.told.get("fails", ())]
    assert without_a_refusal(BOOK, kept) == {("SG", "use-country"), ("KR", "use-country")}


def survivors(system: str, cases: list[Case], only: str = "") -> list[str]:
    """Changes of one bound of a system's law (of one clause) that none of its cases notices."""
    law = as_data(canonical(BOOK))["systems"][system]
    own = [case for case in cases if case.system == system]
    found = []
    for at, what, changed in mutants(system, law):
        if only and only not in at:
            continue
        try:
            mutant = msgspec.convert(changed, System)
            notice = _notices(mutant, own, at)
        except ValueError:
            notice = True  # no such day: the loader would refuse it
        if not notice:
            found.append(f"{'.'.join(map(str, at))} {what}")
    return found


def _notices(mutant: System, own: list[Case], at: Path) -> bool:
    """Whether a case notices; the one that does is asked first the next time. Of a changed clause
    only the cases are asked in full in which that clause, by itself, says something else."""
    book = Lawbook(systems={mutant.code: mutant}, everywhere=BOOK.everywhere)
    for n, case in enumerate(own):
        if at[0] == "clauses":
            before, after = (_alone(system, str(at[1]), case)
                             for system in (BOOK.systems[mutant.code], mutant))  # fmt: skip
            if before == after:
                continue
        if difference(case, judge(book, case.ask)):
            own.insert(0, own.pop(n))
            return True
    return False


def _alone(system: System, name: str, case: Case) -> list[object]:
    """What one clause says in a case: its answer, its warning, its duty."""
    only = msgspec.structs.replace(
        system, clauses={name: system.clauses[name]}, limits={}, paths=()
    )
    book = Lawbook(systems={system.code: only})
    return [(v.failed, v.unknown, v.warnings, v.duties) for v in judge(book, case.ask)]


@pytest.mark.slow
@pytest.mark.parametrize("system", sorted(BOOK.systems))
def test_a_bound_moved_by_the_least_step_makes_a_case_fail(system: str) -> None:
    assert survivors(system, CASES) == []


def test_a_bound_without_its_case_is_seen() -> None:
    kept = [case for case in CASES if case.id not in {"KR-70", "KR-74"}]
    assert [s.split()[0] for s in survivors("KR", kept, "reduced-from")] == [
        "clauses.reduced-from.versions.0.readings.0.value",
        "clauses.reduced-from.versions.1.readings.0.value",
    ]


def test_what_is_excused_is_still_there() -> None:
    law = as_data(canonical(BOOK))["systems"]
    for (system, *steps), _ in SAME:
        value: Any = law[str(system)]
        for step in steps:
            value = value[step]
        assert value


def test_a_case_that_the_law_contradicts_is_seen() -> None:
    case = CASES[0]
    wrong = case._replace(told={**case.told, "expect": "NOT_ELIGIBLE", "fails": ["kind"]})
    assert failing(BOOK, [wrong]) == [
        "SG-01: result: NOT_ELIGIBLE but ELIGIBLE; qty: 0 but 100; fails: {'kind'} but set()"
    ] or failing(BOOK, [wrong])[0].startswith(f"{case.id}: result")


def test_every_version_is_cited_and_every_citation_is_used() -> None:
    for system in BOOK.systems.values():
        text = json.dumps(msgspec.to_builtins(system))
        for code in system.citations:
            assert text.count(f'"{code}"') > 1, f"{system.code}: {code} is never cited"


def test_in_force_follows_null_and_expected() -> None:
    limit = BOOK.systems["KR"].limits["international"]
    repealed = in_force(limit.shares, limit.shares[1].since)
    assert repealed is not None
    assert repealed.readings == (None,)
    soon = msgspec.structs.replace(limit.shares[1], expected=True)
    assert in_force((limit.shares[0], soon), soon.since) == limit.shares[0]
