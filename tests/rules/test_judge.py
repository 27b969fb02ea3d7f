"""What must hold of every verdict, whatever the law: cures, policies, presumptions, sentences."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec
import pytest
from tests.rules.cases import Case, load_cases

from onetonne.rules import compose
from onetonne.rules.cures import with_cures
from onetonne.rules.explain import explain
from onetonne.rules.facts import read_facts
from onetonne.rules.judge import judge
from onetonne.rules.law import Clause, Lawbook, Leaf, Version, Years, periods, questions
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Verdict
from onetonne.store.jurisdictions import load_lawbook

BOOK = load_lawbook()
CASES = load_cases()
BY_ID = {case.id: case for case in CASES}


def one(ask: Ask, book: Lawbook = BOOK) -> Verdict:
    (verdict,) = judge(book, ask)
    return verdict


def changed(case: Case, **what: object) -> Ask:
    return msgspec.structs.replace(case.ask, **what)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_cure_holds_when_judged_again(case: Case) -> None:
    for verdict in judge(BOOK, case.ask):
        if not verdict.period or (
            verdict.findings[0].clause == "window" and len(verdict.findings) == 1
        ):
            continue
        for finding in with_cures(BOOK, case.ask, verdict).findings:
            if finding.held is Held.FAILS:
                assert finding.cures, "what nothing can cure says so"
            for cure in finding.cures:
                if cure.kind == "none":
                    continue
                facts = {**case.ask.facts, **cure.facts}
                period = cure.period or case.ask.period
                day = case.ask.day
                if finding.clause == "window":
                    continue  # a later day too: the period says which
                again = one(changed(case, facts=facts, period=period, day=day))
                assert finding.clause not in (*again.failed, *again.unknown)


def cures(case: str, clause: str) -> list[str]:
    ask = BY_ID[case].ask
    verdict = with_cures(BOOK, ask, one(ask), {"KOC": ["KCU"], "EUA": ["EUAA"]})
    finding = next(f for f in verdict.findings if f.clause == clause)
    return [f"{cure.kind} {cure.period}".strip() for cure in finding.cures]


def test_an_exchange_is_no_cure_of_itself() -> None:
    into = {"CER": ["EUA", "EUA", "KOC"]}
    cures = {}
    for name in ("EX-51", "EU-40"):  # refused in the exchange; refused for want of it
        ask = BY_ID[name].ask
        found = with_cures(BOOK, ask, one(ask), into).findings
        cures[name] = [cure.facts.get("unit_type") for finding in found for cure in finding.cures
                       if cure.kind == "conversion"]  # fmt: skip
    assert cures == {"EX-51": [], "EU-40": ["EUA"]}


def test_a_missing_letter_another_year_and_nothing_are_told_apart() -> None:
    assert cures("SG-71", "adjustment") == ["fact"]
    assert cures("KR-91", "authorised") == ["fact"]
    assert cures("SG-06", "window") == ["period 2025", "period 2026", "period 2027"]
    assert cures("KR-25", "unit") == ["period 2026", "period 2027", "period 2028"]
    assert cures("KR-51", "conversion-window") == ["none"]  # to convert it is what is too late
    assert cures("SG-13", "not-domestic") == ["none"]
    assert cures("KR-20", "unit") == ["none"]


def test_without_figures_of_the_entity_only_the_gates_answer() -> None:
    verdict = one(changed(BY_ID["SG-90"], quantity=10**6, book=None))
    assert (verdict.result, verdict.rooms) == ("ELIGIBLE", ())
    assert any("limits" in warning.en for warning in verdict.warnings)


def test_what_was_presumed_is_shown_and_strict_presumes_nothing() -> None:
    relaxed, strict = (one(changed(BY_ID["SG-01"], strict=strict)) for strict in (False, True))
    assert relaxed.findings[1].assumed == ("status",)
    assert strict.findings[1].held is Held.UNKNOWN
    assert any(line.en.startswith("Assumed: status") for line in explain(relaxed))


def test_announced_law_is_told_and_does_not_decide() -> None:
    kind = BOOK.systems["SG"].clauses["kind"]
    bill = Version(since=date(2024, 1, 1), readings=(None,), cites=("S3",), confidence="high",
                   expected=True)  # fmt: skip
    more: Clause = msgspec.structs.replace(kind, versions=(*kind.versions, bill))
    system = BOOK.systems["SG"]
    clauses = {**system.clauses, "kind": more}
    book = Lawbook(systems={"SG": msgspec.structs.replace(system, clauses=clauses)})
    verdict = one(BY_ID["SG-10"].ask, book)
    assert verdict.failed == ("kind",)
    assert any("not yet law" in warning.en for warning in verdict.warnings)


def test_a_clause_may_be_dated_by_a_fact_of_the_unit() -> None:
    """As an exclusion that binds units entered in a registry from a day on."""
    ban = Clause(
        code="ban", says=BOOK.systems["SG"].clauses["kind"].says, axis="fact",
        dated_by="registry_entry",
        versions=(Version(since=date(2012, 12, 18), cites=("S3",), confidence="high",
                          readings=(Leaf("one_of", ("project_type",), frozenset({"WIND"})),)),),
    )  # fmt: skip
    system = msgspec.structs.replace(BOOK.systems["SG"], clauses={"ban": ban})
    book = Lawbook(systems={"SG": system})
    for entered, failed in (("2012-12-17", ()), ("2012-12-18", ("ban",))):
        more = read_facts({"project_type": "HFC23", "registry_entry": entered})
        facts = {**BY_ID["SG-01"].ask.facts, **more}
        assert one(changed(BY_ID["SG-01"], facts=facts), book).failed == failed
    assert one(BY_ID["SG-01"].ask, book).findings[1].missing == ("registry_entry",)


@pytest.mark.parametrize("day", [date.min, date(1990, 1, 1), date.max])
@pytest.mark.parametrize("system", sorted(BOOK.systems))
def test_a_day_before_the_system_or_at_the_end_of_time_is_answered(system: str, day: date) -> None:
    ask = changed(BY_ID["KR-50"], system=system, day=day, period=None,
                  facts={**BY_ID["KR-50"].ask.facts, "certification": day})  # fmt: skip
    assert {verdict.result for verdict in judge(BOOK, ask)} == {"NOT_ELIGIBLE"}


def test_a_policy_picks_only_a_reading_that_there_is() -> None:
    assert questions(BOOK.systems["SG"]) == {
        "OI-3-agreements": 2, "SG-purposes": 2, "OI-3-rollover": 2
    }  # fmt: skip
    case = BY_ID["SG-72"]
    for choice in (0, 3, -1):
        assert one(changed(case, policy={"SG-purposes": choice})).unknown == ("authorised",)


@pytest.mark.parametrize(
    ("opening", "day"),
    [("within", date(2024, 2, 1)), ("first", date(2025, 2, 1)), ("last", date(2027, 2, 1))],
)
def test_a_period_opens_in_or_after_its_first_year_or_after_its_last(
    opening: Literal["within", "first", "last"], day: date
) -> None:
    row = Years(first=2024, last=2026, code="CP", opens="02-01", closes="11-01", opening=opening,
                cites=("A",), confidence="high")  # fmt: skip
    (period,) = periods(msgspec.structs.replace(BOOK.systems["KR"], periods=(row,)), day)
    assert (period.opens, period.closes) == (day, date(2027, 11, 1))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_verdict_is_told_in_both_languages(case: Case) -> None:
    for verdict in judge(BOOK, case.ask):
        for line in explain(verdict, everything=True):
            assert any("\u4e00" <= c <= "\u9fff" for c in line.zh)
            assert not any("\u4e00" <= c <= "\u9fff" for c in line.en)
        for finding in verdict.findings:
            assert finding.cites, finding.clause


def test_a_verdict_is_data() -> None:
    verdict = one(BY_ID["SG-71"].ask)
    assert b'"result":"NOT_ELIGIBLE"' in msgspec.json.encode(
        verdict, enc_hook=lambda value: str(value)
    )
    assert verdict.law == BOOK.digest


def test_what_a_test_says_of_itself_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (Leaf("one_of", ("host",), frozenset({code})) for code in ("TW", "KR"))
    monkeypatch.setattr(compose, "_DESCRIBED", kept := {})
    monkeypatch.setattr(compose, "MAX_DESCRIBED", 1)
    assert compose.described(first) is compose.described(first)
    assert compose.described(second).words == compose.said(second) != compose.said(first)
    assert [one.test for one in kept.values()] == [second]  # it does not grow without end
