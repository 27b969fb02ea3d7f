"""What others found about units: told everywhere, a fact for clauses, a refusal for nobody."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from onetonne.rules.controversies import known_of, told
from onetonne.rules.cures import with_cures
from onetonne.rules.facts import Known, read_facts
from onetonne.rules.judge import judge
from onetonne.rules.verbs import Held
from onetonne.rules.verdict import Ask, Verdict
from onetonne.store.jurisdictions import load_lawbook

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "prudent-regulator.yaml"
BOOK = load_lawbook([EXAMPLE])
STOVES = {"unit_type": "A6.4ER", "family": "international_credit", "programme": "A6.4",
          "host": "MM", "project_type": "COOKSTOVE", "methodology": "AMS-II.G",
          "loa_purposes": ["NDC"], "adjustment": "AUTHORISED"}  # fmt: skip
FOUND = date(2025, 4, 10)


def facts(**more: Any) -> dict[str, Known]:
    return read_facts({k: v for k, v in {**STOVES, **more}.items() if v is not None})


def verdict(day: date, given: dict[str, Known], system: str = "XR") -> Verdict:
    (found,) = judge(BOOK, Ask(system=system, day=day, facts=given, period=str(day.year - 1)))
    return found


def known(day: date, **more: Any) -> dict[str, Known]:
    return known_of(BOOK.everywhere, facts(**more), day)


@pytest.mark.parametrize(
    ("day", "words", "times"),
    [
        (date(2025, 4, 9), set(), None),
        (FOUND, {"myanmar-cookstoves", "overcrediting"}, Fraction(137, 5)),
    ],
)  # fmt: skip
def test_a_finding_is_a_fact_from_its_day_on(
    day: date, words: set[str], times: Fraction | None
) -> None:
    found = known(day)
    assert (found["controversies"], found.get("overcredited")) == (words, times)


VCU = {"unit_type": "VCU", "programme": "VCS", "host": "GH"}


def test_methodologies_are_told_apart() -> None:
    before, after = date(2024, 1, 22), date(2024, 1, 23)
    assert known(before, **VCU)["controversies"] == frozenset()
    found = known(after, **VCU)
    assert found["controversies"] == {"cookstove-methodologies", "overcrediting"}
    assert found["overcredited"] == Fraction(46, 5)
    assert verdict(date(2025, 6, 1), facts(**VCU)).failed == ("not-overcredited",)
    metered = {**VCU, "programme": "GS", "methodology": "GS-METERED"}
    assert known(after, **metered)["overcredited"] == Fraction(3, 2)
    assert known(before, **metered)["controversies"] == frozenset()
    assert verdict(date(2025, 6, 1), facts(**metered)).failed == ()


def test_the_most_of_several_findings_counts() -> None:
    row = BOOK.everywhere.controversies["metered-cookstoves"]
    more = msgspec.structs.replace(
        row, when=BOOK.everywhere.controversies["myanmar-cookstoves"].when
    )
    both = msgspec.structs.replace(
        BOOK.everywhere, controversies={**BOOK.everywhere.controversies, "metered-cookstoves": more}
    )
    found = known_of(both, facts(), FOUND)
    assert found["overcredited"] == Fraction(137, 5)
    assert len(found["controversies"]) == 3  # type: ignore[arg-type]


def test_what_is_not_known_to_be_meant_is_neither_clean_nor_accused() -> None:
    assert known(FOUND, host="GH")["controversies"] == frozenset()
    assert "controversies" not in known(FOUND, project_type=None)
    assert verdict(date(2025, 6, 1), facts(project_type=None)).unknown == ("not-overcredited",)
    assert told(BOOK.everywhere, facts(project_type=None), FOUND) == []


def test_what_is_already_known_is_kept() -> None:
    found = known(FOUND, controversies=["land rights"], overcredited="30", methodology="VM0050")
    assert found["controversies"] == {"land rights", "myanmar-cookstoves", "overcrediting"}
    assert found["overcredited"] == 30
    assert known(FOUND, overcredited="3")["overcredited"] == Fraction(137, 5)


def test_a_finding_is_told_in_every_system_and_refuses_in_none() -> None:
    for code in load_lawbook().systems:
        with_it, without = (
            judge(load_lawbook(), Ask(system=code, day=date(2027, 6, 1), facts=given))
            for given in (facts(), facts(project_type="OTHER", methodology="OTHER"))
        )
        for a, b in zip(with_it, without, strict=True):
            if len(a.findings) == 1:
                continue  # no period is open, nothing was asked
            said = [w.en for w in a.warnings if w.en.startswith("Known controversy")]
            assert len(said) == 1
            assert "Carbon Market Watch, 2025-04-10, 27.4 times" in said[0]
            assert not any(w.en.startswith("Known controversy") for w in b.warnings)
            assert a.result == b.result


def test_a_regulator_may_refuse_them() -> None:
    day = date(2026, 6, 1)
    refused = verdict(day, facts(methodology="VM0050"))
    assert refused.failed == ("not-overcredited",)
    assert verdict(day, facts(host="GH", methodology="VM0050")).result == "ELIGIBLE"
    ask = Ask(system="XR", day=day, facts=facts(methodology="VM0050"), period="2025")
    (finding,) = [f for f in with_cures(BOOK, ask, refused).findings if f.held is Held.FAILS]
    assert [cure.kind for cure in finding.cures] == ["none"], "another period does not unfind it"


def test_an_unauthorised_unit_of_the_mechanism_stays_at_home() -> None:
    day, given = (
        date(2026, 6, 1),
        {"loa_purposes": [], "adjustment": "NONE", "methodology": "VM0050"},
    )
    abroad = verdict(day, facts(host="GH", **given))
    assert abroad.failed == ("host-authorised", "authorised")
    assert verdict(day, facts(host="NO", **given)).result == "ELIGIBLE"
    assert verdict(day, facts(host=None, **given)).unknown == (
        "host-authorised", "authorised", "not-overcredited",
    )  # fmt: skip


def test_a_credit_that_its_host_counts_too_is_told_so_abroad_only() -> None:
    def warned(year: int, host: str | None, **more: Any) -> bool:
        given = facts(unit_type="VCU", family="voluntary_credit", programme="VCS", host=host,
                      reduction_year=year, methodology="VM0050", **more)  # fmt: skip
        return any("counts towards the host's own target" in w.en
                   for w in verdict(date(2026, 6, 1), given).warnings)  # fmt: skip

    none = {"loa_purposes": [], "adjustment": "NONE"}
    assert warned(2021, "GH", **none)
    assert not warned(2020, "GH", **none), "before the Paris Agreement's targets"
    assert not warned(2021, "NO", **none), "at home that is as it should be"
    assert not warned(2021, None, **none), "nobody knows whose target"
    assert not warned(2021, "GH", loa_purposes=None, adjustment=None), "absent is not none"
    assert not warned(2021, "GH", loa_purposes=["OIMP_OTHER"])


def test_a_member_of_the_union_is_not_told_to_be_abroad() -> None:
    given = facts(host="DE", loa_purposes=[], adjustment="NONE", methodology="VM0050")
    system = msgspec.structs.replace(BOOK.systems["XR"], jurisdiction="EU")
    book = msgspec.structs.replace(BOOK, systems={"XR": system})
    (found,) = judge(book, Ask(system="XR", day=date(2026, 6, 1), facts=given, period="2025"))
    assert "host-authorised" in found.unknown
