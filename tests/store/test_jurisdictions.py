"""The loader of systems: the shipped law is in step; each fault is refused where it is."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetonne.rules.facts import VOCABULARY
from onetonne.rules.law import Leaf, Share, canonical, lawbook_from_json, sealed
from onetonne.store import jurisdictions
from onetonne.store.jurisdictions import (
    CASES,
    compile_files,
    compiled_text,
    load_lawbook,
    read_law,
    shipped_files,
    without_cases,
)
from onetonne.store.lawbook import load_law
from onetonne.store.lawbook_faults import Fault, LawbookError

LAW = """\
systems:
  XX:
    names: {en: Sample system, zh: 樣本體系}
    jurisdiction: NO
    kind: ets
    zone: Europe/Oslo
    periods:
    - {first: 2020, last: 2025, opens: 01-01, closes: 04-30, cites: [A], confidence: high}
    citations:
      A: {instrument: Sample Act, provision: article 1}
    clauses:
      host:
        says: {en: The host is Norway., zh: 地主國為挪威。}
        versions:
        - since: 2020-01-01
          cites: [A]
          confidence: high
          test:
            one_of: {of: host, value: [NO]}
    limits:
      total:
        says: {en: At most five percent., zh: 至多百分之五。}
        base: obligation
        counts: {one_of: {of: host, value: [NO]}}
        shares:
        - {since: 2020-01-01, share: 5%, cites: [A], confidence: high}
"""
TEST = "one_of: {of: host, value: [NO]}\n    limits"
LATER = "        - {since: 2020-01-01, test: null, cites: [A], confidence: high}\n    limits"


def with_test(test: str) -> str:
    return LAW.replace(TEST, f"{test}\n    limits")


def changed(old: str, new: str) -> str:
    assert old in LAW, old
    return LAW.replace(old, new)


# what is planted, the file, the code of the fault, its line, a word of the sentence
PLANTED: list[tuple[str, str, str, int, str]] = [
    ("unknown table", "system:\n  A: {}\n", "UNKNOWN_TABLE", 1, "systems"),
    ("unknown key", changed("    zone:", "    colour: red\n    zone:"), "UNKNOWN_KEY", 6, "colour"),
    ("unknown key of a clause", changed("        versions", "        hue: x\n        versions"),
     "UNKNOWN_KEY", 14, "hue"),
    ("unknown key of a version", changed("          cites: [A]\n", "          cites: [A]\n"
     "          hue: x\n"), "UNKNOWN_KEY", 17, "hue"),
    ("no citation", changed("          cites: [A]\n", ""), "MISSING_CITATION", 15, "source"),
    ("empty citation", changed("          cites: [A]\n", "          cites: []\n"),
     "MISSING_CITATION", 15, "source"),
    ("citation that is not there", changed("          cites: [A]\n", "          cites: [B]\n"),
     "UNKNOWN_CITATION", 15, "B"),
    ("no confidence", changed("          confidence: high\n", ""), "MISSING_KEY", 15, "confidence"),
    ("a float", changed("5%, c", "0.05, c"), "FLOAT", 26, "0.05"),
    ("five for five percent", changed("5%, c", "5, c"), "WRONG_VALUE", 26, "5%"),
    ("more than all", changed("5%, c", "500%, c"), "WRONG_VALUE", 26, "500%"),
    ("a leading zero", changed("first: 2020", "first: 012"), "NUMBER", 8, "012"),
    ("dates overlap", changed("    limits", LATER), "DATES_OVERLAP", 20, "2020-01-01"),
    ("dates reversed", changed("- since: 2020-01-01", "- since: 2024-01-01\n          until: "
     "2020-12-31"), "DATES_REVERSED", 15, "2020-12-31"),
    ("no period begins", changed("- since: 2020-01-01", "- since: 2020-06-01"), "NOT_A_PERIOD", 15,
     "2020-06-01"),
    ("share on no period", changed("{since: 2020-01-01, share", "{since: 2020-02-01, share"),
     "NOT_A_PERIOD", 26, "total"),
    ("unknown fact", with_test("one_of: {of: hots, value: [NO]}"), "UNKNOWN_FACT", 19, "host"),
    ("a mapping as fact", with_test("one_of: {of: {}, value: [NO]}"), "UNKNOWN_FACT", 19, "{}"),
    ("unknown verb", with_test("equals: {of: host, value: [NO]}"), "UNKNOWN_VERB", 19, "one_of"),
    ("verb on another fact", with_test("is_so: host"), "WRONG_FACTS", 19, "yes"),
    ("too many facts", with_test("is_so: [tribal_land, host_is_ldc]"), "WRONG_FACTS", 19, "yes"),
    ("two verbs", with_test("{is_so: tribal_land, not: {is_so: host_is_ldc}}"), "NOT_A_TEST", 18,
     "unless"),
    ("a word for a test", with_test("true"), "NOT_A_TEST", 18, "mapping"),
    ("an empty any", with_test("any: []"), "NOT_A_TEST", 19, "any"),
    ("no value", with_test("one_of: {of: host}"), "WRONG_VALUE", 19, "list of words"),
    ("a value too many", with_test("is_so: {of: tribal_land, value: true}"), "WRONG_VALUE", 19,
     "no value"),
    ("word for list", with_test("one_of: {of: host, value: NO}"), "WRONG_VALUE", 19, "list"),
    ("no day", with_test("from_day: {of: registration, value: 2020-02-30}"), "WRONG_VALUE", 19,
     "2020-02-30"),
    ("word that the fact cannot be", with_test("one_of: {of: status, value: [sold]}"),
     "UNKNOWN_VALUE", 19, "retired"),
    ("register without a day", with_test("registered: {of: [host, transaction_day], value: {KE: "
     "{after: 2020-01-01}}}"), "WRONG_VALUE", 19, "by"),
    ("register reversed", with_test("registered: {of: [host, transaction_day], value: {KE: {after: "
     "2021-01-01, by: 2020-01-01}}}"), "DATES_REVERSED", 19, "2021-01-01"),
    ("null where a test must be", changed("counts: {one_of: {of: host, value: [NO]}}",
     "counts: null"), "EMPTY", 24, "null"),
    ("neither test nor question", changed("          test:\n            one_of: {of: host, value: "
     "[NO]}\n", ""), "NO_READING", 15, "readings"),
    ("unknown base", changed("base: obligation", "base: emission"), "UNKNOWN_VALUE", 23,
     "obligation"),
    ("part of nothing", changed("base: obligation", "part_of: whole"), "UNKNOWN_VALUE", 23,
     "total"),
    ("dated by nothing", changed("        versions", "        axis: fact\n        versions"),
     "UNKNOWN_VALUE", 12, "registration"),
    ("unknown axis", changed("        versions", "        axis: moon\n        versions"),
     "UNKNOWN_VALUE", 14, "moon"),
    ("unknown zone", changed("Europe/Oslo", "Europe/Olso"), "UNKNOWN_VALUE", 6, "Olso"),
    ("unknown place", changed("jurisdiction: NO", "jurisdiction: QQ"), "UNKNOWN_VALUE", 4, "QQ"),
    ("no such day of the year", changed("closes: 04-30", "closes: 04-31"), "WRONG_VALUE", 8,
     "04-31"),
    ("periods reversed", changed("last: 2025", "last: 2019"), "DATES_OVERLAP", 8, "2020"),
    ("no Chinese", changed("zh: 地主國為挪威。", "zh: Norway"), "NOT_IN_LANGUAGE", 13, "zh"),
    ("list for a clause", changed("      host:\n", "      other: [a]\n      host:\n"),
     "NOT_A_MAPPING", 12, "mapping"),
    ("a circle of paths", changed("    citations:", "    paths:\n    - {source: KOC, target: KCU, "
     "cites: [A]}\n    - {source: KCU, target: KOC, cites: [A]}\n    citations:"), "CYCLE", 11,
     "KCU > KOC"),
    ("a circle of figures", changed("    limits:", "    bases:\n      chargeable_emissions:\n"
     "        says: {en: A figure., zh: 數值。}\n        terms:\n"
     "        - of: chargeable_emissions\n          shares:\n"
     "          - {since: 2020-01-01, share: 100%, cites: [A], confidence: high}\n    limits:"),
     "CYCLE_OF_FIGURES", 21, "chargeable_emissions > chargeable_emissions"),
]  # fmt: skip
MORE: list[tuple[str, str, str, int, str]] = [
    ("list for systems", "systems: [XX]\n", "NOT_A_MAPPING", 1, "mapping"),
    ("word for everywhere", "everywhere: no\n", "NOT_A_MAPPING", 1, "mapping"),
    ("list for clauses", changed("    clauses:\n", "    clauses: [a]\n    rest:\n"),
     "UNKNOWN_KEY", 12, "rest"),
    ("word for versions", LAW[: LAW.index("        versions")] + "        versions: old\n",
     "NOT_A_MAPPING", 14, "mapping"),
    ("word for readings", changed("          test:\n            one_of: {of: host, value: [NO]}\n",
     "          open: Q\n          readings: some\n"), "NOT_A_MAPPING", 15, "mapping"),
    ("a bound with its unit", with_test('more_than: {of: capacity_mw, value: "20 MW"}'),
     "WRONG_VALUE", 19, "20 MW"),
    ("nature of nowhere", changed("    clauses:\n", "    natures:\n    - {units: [EUA], "
     "status: PROPERTY, jurisdiction: QQ-X, says: {en: A thing., zh: 物。}, cites: [A], "
     "confidence: high}\n"
     "    clauses:\n"), "UNKNOWN_VALUE", 12, "QQ-X"),
    ("a year out of sight", changed("first: 2020", "first: 20"), "WRONG_VALUE", 8, "20"),
    ("a rate that is no amount", changed("    clauses:\n", "    obligation:\n"
     "      base: obligation\n      shares: [{since: 2020-01-01, share: 100%, cites: [A], "
     "confidence: high}]\n      rates:\n      - {since: 2020-01-01, amount: few, currency: NOK, "
     "cites: [A], confidence: high}\n    clauses:\n"), "WRONG_VALUE", 15, "few"),
]  # fmt: skip
SPOILERS = st.sampled_from(
    [": ", "- ", "\n", "  ", "{", "]", "'", "null", "[]", "5", "2020", "x: y"]
)
OF_SYSTEMS = {
    "NOT_A_TEST", "UNKNOWN_VERB", "UNKNOWN_FACT", "WRONG_FACTS", "WRONG_VALUE", "NO_READING",
    "DATES_OVERLAP", "UNKNOWN_CITATION", "NO_CASE", "NOT_A_PERIOD", "CYCLE_OF_FIGURES",
}  # fmt: skip


def refused(tmp_path: Path, text: str) -> list[Fault]:
    path = tmp_path / "law.yaml"
    path.write_text(text)
    with pytest.raises(LawbookError) as caught:
        load_lawbook([path])
    assert str(caught.value).startswith(f"{path}:")
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("text", "code", "line", "word"),
    [case[1:] for case in PLANTED + MORE],
    ids=[case[0].replace(" ", "-") for case in PLANTED + MORE],
)
def test_a_planted_fault_is_named_with_its_line(
    tmp_path: Path, text: str, code: str, line: int, word: str
) -> None:
    faults = refused(tmp_path, text)
    assert [(fault.code, fault.line) for fault in faults] == [(code, line)]
    assert word in faults[0].sentence()
    assert re.search(r"[\u4e00-\u9fff]", faults[0].sentence("zh"))


@given(st.integers(0, len(LAW)), st.integers(0, 12), SPOILERS)
def test_a_file_spoilt_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, gone: int, put: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoilt.yaml"
    path.write_text(LAW[:at] + put + LAW[at + gone :])
    try:
        load_lawbook([path])
        faults: tuple[Fault, ...] = ()
    except LawbookError as refusal:
        faults = refusal.faults
    assert all(fault.line >= 1 and fault.sentence() for fault in faults)


def test_a_bound_may_be_a_plain_number(tmp_path: Path) -> None:
    path = tmp_path / "law.yaml"
    path.write_text(with_test('more_than: {of: capacity_mw, value: "20.5"}'))
    test = load_lawbook([path]).systems["XX"].clauses["host"].versions[0].readings[0]
    assert isinstance(test, Leaf)
    assert isinstance(test.value, Share)
    assert str(test.value) == "20.5"


def test_every_fault_of_systems_is_planted() -> None:
    assert OF_SYSTEMS - {case[2] for case in PLANTED} == {"NO_CASE"}


def test_a_law_of_ones_own_is_added_and_changes_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "law.yaml"
    path.write_text(LAW)
    book = load_lawbook([path])
    assert set(book.systems) == {*load_lawbook().systems, "XX"}
    assert book.digest != load_lawbook().digest
    assert book.everywhere == load_lawbook().everywhere


def test_a_number_that_is_a_share_of_nothing_has_no_percent_sign(tmp_path: Path) -> None:
    path = tmp_path / "law.yaml"
    path.write_text(with_test('more_than: {of: capacity_mw, value: "20"}'))
    test = load_lawbook([path]).systems["XX"].clauses["host"].versions[0].readings[0]
    assert isinstance(test, Leaf)
    assert test.value == Share(20, 1, plain=True)
    assert str(test.value) == "20"


def test_a_clause_without_a_case_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "law.yaml"
    path.write_text(LAW)
    (tmp_path / "XX.yaml").write_text("system: XX\ncases:\n- {id: A, fails: [guest]}\n")
    path = path.rename(tmp_path / "law.yml")  # beside the cases, and none of them
    (fault,) = without_cases([read_law(path)], tmp_path)
    assert (fault.code, fault.line) == ("NO_CASE", 12)
    (tmp_path / "XX.yaml").write_text("system: XX\ncases:\n- {id: A, fails: [host]}\n")
    assert without_cases([read_law(path)], tmp_path) == []


FINDING = """\
everywhere:
  citations:
    A: {instrument: Sample study, provision: abstract}
  controversies:
    stoves:
      says: {en: Too much., zh: 過多。}
      by: An institute
      on: 2024-01-23
      kind: overcrediting
      times: "9.2"
      when: {one_of: {of: project_type, value: [COOKSTOVE]}}
      cites: [A]
      confidence: medium
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("cites: [A]", "cites: [B]", "UNKNOWN_CITATION", 5),
        ("cites: [A]", "cites: []", "MISSING_CITATION", 5),
        ("      cites: [A]\n", "", "MISSING_CITATION", 5),
        ("zh: 過多。", "zh: much", "NOT_IN_LANGUAGE", 6),
        ("one_of", "equals", "UNKNOWN_VERB", 11),
        ('"9.2"', "many", "WRONG_VALUE", 10),
        ("      by: An institute\n", "", "MISSING_KEY", 5),
        ("kind:", "colour:", "UNKNOWN_KEY", 9),
        ("stoves:\n", "stoves: []\n    rest:\n", "NOT_A_MAPPING", 5),
    ],
)
def test_a_wrong_finding_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    assert old in FINDING
    faults = refused(tmp_path, FINDING.replace(old, new, 1))
    assert (code, line) in [(fault.code, fault.line) for fault in faults]


def test_a_number_is_no_share(tmp_path: Path) -> None:
    path = tmp_path / "law.yaml"
    path.write_text(with_test('more_than: {of: capacity_mw, value: "15"}') + "\n" + FINDING)
    book = load_lawbook([path])
    (reading,) = book.systems["XX"].clauses["host"].versions[0].readings
    assert isinstance(reading, Leaf)
    assert str(reading.value) == "15"
    assert str(book.everywhere.controversies["stoves"].times) == "9.2"
    assert lawbook_from_json(canonical(book)) == book


def test_every_shipped_clause_has_a_case() -> None:
    assert without_cases([read_law(path) for path in shipped_files()], CASES) == []


def test_the_compiled_file_is_in_step() -> None:
    book = compile_files(shipped_files())
    assert jurisdictions.COMPILED.read_bytes() == compiled_text(book), (
        "run: python -m onetonne.store.jurisdictions"
    )
    assert load_lawbook() == book


def test_a_stale_compiled_file_would_be_noticed(tmp_path: Path) -> None:
    copies = []
    for path in shipped_files():
        copies.append(tmp_path / path.name)
        copies[-1].write_text(path.read_text().replace("2016-12-03", "2016-12-04"))
    assert compiled_text(compile_files(copies)) != jurisdictions.COMPILED.read_bytes()


def test_the_law_loads_within_fifty_milliseconds() -> None:
    data = jurisdictions.COMPILED.read_bytes()
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        lawbook_from_json(data)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05


def test_units_that_law_names_exist_and_their_families_agree() -> None:
    units, book = load_law().units, load_lawbook()
    for code, facts in book.everywhere.unit_facts.items():
        assert facts["family"] == units[code].family, code
        assert set(facts) <= set(VOCABULARY)
    for path in (path for system in book.systems.values() for path in system.paths):
        assert {path.source, path.target} <= set(units)


def test_the_compiled_law_is_sealed_by_its_own_bytes() -> None:
    assert load_lawbook().digest == sealed(load_lawbook()).digest
