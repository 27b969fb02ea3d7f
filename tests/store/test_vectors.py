"""Vectors in the field's own format: a small file of ours, and the real one where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from onetonne.rules.facts import VOCABULARY, FactFault, read_fact
from onetonne.store.jurisdictions import load_lawbook
from onetonne.store.lawbook_faults import LawbookError
from onetonne.store.vectors import closing, judge_vectors, vector_keys

REAL = Path("vectors") / "eligibility.yaml"
UNIT = (
    "type: ITMO, host: PE, programme: GS, methodology_listed: true, loa: [NDC], "
    "loa_use_country: SG, ca: AUTHORISED, reduction_year: 2023"
)
ACT = "date: 2025-06-01, emissions_year: 2024, taxable: {2024: 2000}, used: 0, request: 150"
SAMPLE = f"""\
test_vectors:
- {{id: A, rule: SG_ICC, unit: {{{UNIT}}}, {ACT}, verdict: ELIGIBLE_UP_TO, qty: 100}}
- {{id: B, rule: SG_ICC, unit: {{{UNIT}}}, {ACT}, verdict: ELIGIBLE, qty: 150}}
- {{id: C, rule: XX_NONE, unit: {{{UNIT}}}, {ACT}, verdict: ELIGIBLE, qty: 150}}
- {{id: D, rule: SG_ICC, unit: {{{UNIT}, hue: red}}, {ACT}, verdict: ELIGIBLE, qty: 150}}
- {{id: E, rule: SG_ICC, unit: {{{UNIT}, mw: 0.25, kp: CP9}}, {ACT}, verdict: ELIGIBLE, qty: 1}}
"""


def outcomes(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "vectors.yaml"
    path.write_text(text)
    return [outcome.line for outcome in judge_vectors(path)]


def test_a_row_passes_or_says_what_it_got(tmp_path: Path) -> None:
    lines = outcomes(tmp_path, SAMPLE)
    assert lines[0] == "ok A"
    assert lines[1] == "FAIL B expected ELIGIBLE 150 got ELIGIBLE_UP_TO 100 (annual)"
    assert "got no such rule in the lawbook: XX_NONE" in lines[2]
    assert "unit.hue" in lines[3]
    assert "commitment_period" in lines[4]


EXCHANGE = """\
test_vectors:
- {id: A, rule: EU_P3_NEW, unit: {type: EUA}, date: 2016-04-30, compliance_year: 2015, request: 5, verdict: ELIGIBLE, qty: 5}
- {id: B, rule: EU_P3_INCUMBENT, unit: {type: CER, project: WIND, kp: CP1}, date: 2014-06-01, compliance_year: 2014,
   nap_entitlement: 100, free_alloc_2008_2012: 1000, used_2008_to_date: 50, request: 90, verdict: ELIGIBLE_UP_TO, qty: 60}
- {id: C, rule: EU_P3_NEW, unit: {type: CER, project: WIND, kp: CP1}, date: 2014-06-01, limit_left: 7, request: 90,
   verdict: ELIGIBLE_UP_TO, qty: 7}
"""  # noqa: E501


def test_an_allowance_needs_no_exchange_and_figures_are_of_their_years(tmp_path: Path) -> None:
    assert outcomes(tmp_path, EXCHANGE) == ["ok A", "ok B", "ok C"]


WHOLE = """\
test_vectors:
- {id: A, rule: US_CA, unit: {type: ARBOC, debs_CA: true}, date: 2024-11-01, compliance_year: 2022,
   obligation: 1000000, used: 0, request: 50000, verdict: ELIGIBLE_UP_TO, qty: 40000}
"""


def test_a_figure_beside_a_year_of_a_longer_period_is_of_the_period(tmp_path: Path) -> None:
    assert outcomes(tmp_path, WHOLE) == ["ok A"]


DEDUCTED = """\
test_vectors:
- {id: A, rule: TW_FEE, unit: {type: TCER, project_family: "自願減量專案"}, date: 2026-05-31,
   emissions_year: 2025, annual: 125000, high_leakage: false, used_deduction: 6000, request: 9000,
   verdict: ELIGIBLE_UP_TO, qty: 3333}
"""


def test_a_use_may_be_told_in_the_limits_own_tonnes(tmp_path: Path) -> None:
    assert outcomes(tmp_path, DEDUCTED) == ["ok A"]


EXACT = """\
test_vectors:
- {id: A, rule: TW_FEE, unit: {type: TCER, project_family: "先期專案"}, date: 2026-05-31,
   emissions_year: 2025, annual: 125000, high_leakage: false, used_deduction: 9999.6, request: 2,
   verdict: ELIGIBLE_UP_TO, qty: 1}
- {id: B, rule: CN_GD, unit: {type: CCER, host_region: SX, project: WIND}, date: 2018-06-01,
   compliance_year: 2017, verified: 1000000, used: 50000, used_outside: 20000, request: 30000,
   verdict: ELIGIBLE_UP_TO, qty: 1428}
- {id: C, rule: KR_P4, unit: {type: KAU}, date: 2027-05-01, compliance_year: 2026,
   obligation: 200000, request: 500, verdict: ELIGIBLE, qty: 500}
"""


def test_a_part_of_a_tonne_and_a_use_beside_the_rest_count_exactly(tmp_path: Path) -> None:
    assert outcomes(tmp_path, EXACT) == ["ok A", "ok B", "ok C"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("date: 2018-13-01", "date: '2018-13-01', which is no day"),
        ("request: 1", "date: '', which is no day"),
        ("date: 2018-06-01, request: ten", "request: 'ten'"),
        ("date: 2018-06-01, request: -1", "request: '-1'"),
        ("date: 2018-06-01, verified: many", "verified: 'many'"),
        ("date: 2018-06-01, used: 5%", "used: '5%'"),
        ("date: 2018-06-01, used: 1, used_outside: some", "used_outside: 'some'"),
    ],
)
def test_a_row_that_cannot_be_read_fails_by_the_name_of_its_key(
    tmp_path: Path, wrong: str, told: str
) -> None:
    row = f"{{id: A, rule: CN_GD, unit: {{type: CCER}}, {wrong}, verdict: ELIGIBLE, qty: 1}}"
    assert told in outcomes(tmp_path, f"test_vectors:\n- {row}\n")[0]


@pytest.mark.parametrize(
    ("unit", "told"),
    [("[ARBOC]", "unit: "), ("{type: ARBOC, debs_CA: maybe}", "neither true nor false")],
)
def test_a_unit_that_cannot_be_read_fails_by_name(tmp_path: Path, unit: str, told: str) -> None:
    row = f"{{id: A, rule: US_CA, unit: {unit}, date: 2024-11-01, verdict: ELIGIBLE, qty: 1}}"
    assert told in outcomes(tmp_path, f"test_vectors:\n- {row}\n")[0]


def test_five_for_five_percent_is_no_share_of_a_whole() -> None:
    assert read_fact("home_ownership", "100%") == 1
    with pytest.raises(FactFault, match="five percent is 5%"):
        read_fact("home_ownership", "5")


@pytest.mark.parametrize(
    ("rule", "day", "year", "verdict"),
    [
        ("CORSIA_PILOT", "2025-01-31", 2020, "ELIGIBLE 10"),
        ("CORSIA_PILOT", "2025-02-01", 2020, "NOT_ELIGIBLE 0"),
        ("CORSIA_P1", "2024-01-01", 2021, "ELIGIBLE 10"),
        ("CORSIA_P1", "2028-01-31", 2026, "ELIGIBLE 10"),
        ("CORSIA_P1", "2028-02-01", 2026, "NOT_ELIGIBLE 0"),
        ("CORSIA_P2", "2031-01-31", 2027, "INDETERMINATE 0"),
        ("CORSIA_P2", "2031-02-01", 2030, "INDETERMINATE 0"),
        ("CORSIA_P2", "2037-02-01", 2033, "NOT_ELIGIBLE 0"),
    ],
)
def test_a_rule_may_stand_for_some_periods_of_a_system(
    tmp_path: Path, rule: str, day: str, year: int, verdict: str
) -> None:
    unit = ("type: ACR, project: LANDFILL, host: US, first_crediting_period: 2016-01-01, "
            f"reduction_year: {year}, loa: [OIMP_CORSIA], ca: AUTHORISED")  # fmt: skip
    act = f"date: {day}, requirement: 100, used: 0, request: 10"
    result, qty = verdict.split()
    row = f"{{id: A, rule: {rule}, unit: {{{unit}}}, {act}, verdict: {result}, qty: {qty}}}"
    assert outcomes(tmp_path, f"test_vectors:\n- {row}\n") == ["ok A"]


def test_the_last_line_counts(tmp_path: Path) -> None:
    path = tmp_path / "vectors.yaml"
    path.write_text(SAMPLE)
    assert closing(judge_vectors(path)) == "1 passed, 4 failed"


@pytest.mark.parametrize("text", ["rows: []\n", "test_vectors: 5\n", "test_vectors: [5]\n"])
def test_a_file_without_rows_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(LawbookError):
        outcomes(tmp_path, text)


def test_every_key_of_the_table_leads_to_a_fact_that_there_is() -> None:
    keys = vector_keys()
    for meaning in (*keys.unit.values(), *keys.row.values()):
        assert not meaning.fact or meaning.fact in VOCABULARY
        for facts in (*meaning.values.values(), meaning.used or {}):
            assert set(facts) <= set(VOCABULARY)
    assert {rule["system"] for rule in keys.rules.values()} == set(load_lawbook().systems)


@pytest.mark.real
def test_every_real_vector_of_a_system_in_the_lawbook_passes(real_files: Path) -> None:
    lines = [outcome.line for outcome in judge_vectors(real_files.parent / REAL)]
    ours = [line for line in lines if "no such rule in the lawbook" not in line]
    assert len(ours) >= 8
    assert [line for line in ours if not line.startswith("ok ")] == []
