"""What our books say of serials as facts: of the type, the lot, and of what lies on the serials."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.given import LAW, STATE, A, founded, take

from onetonne.ledger import commands as c
from onetonne.ledger import unit_facts
from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.compliance import Recognition
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Entry
from onetonne.ledger.hub import Hub
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.tables import LabelRow, Lot, Project
from onetonne.ledger.units import Law
from onetonne.rules.law import Everywhere
from onetonne.store.lawbook import load_law
from onetonne.store.systems import load_lawbook

SHIPPED = load_law()
DAY = date(2026, 6, 15)
LOT = Lot(
    lot=1, unit="CRED", size=100, first_number="1", project="", vintage=0, host="", activity="",
    commitment_period=0, facts={}, origin="issued", foreign_key="", foreign_first="",
    foreign_last="", issued=1,
)  # fmt: skip
PROJECT = Project("P1", "TW", "n", "M1", "TM001", "reduction", 1)


def told(project: Project | None = None, law: Law = LAW, **lot: Any) -> dict[str, Any]:
    everywhere = Everywhere(unit_facts={"VCU": {"programme": "VCS"}})
    return unit_facts.of_lot(replace(LOT, **lot), project, law, everywhere)


CRED = {"family": "domestic_credit", "unit_type": "CRED"}


@pytest.mark.parametrize(
    ("lot", "project", "more"),
    [
        ({}, None, {}),
        ({"vintage": 2024, "host": "JP"}, None, {"reduction_year": 2024, "host": "JP"}),
        ({"activity": "reduction"}, None, {"activity_class": "R"}),
        ({"activity": "removal"}, None, {"activity_class": "RM"}),
        ({"commitment_period": 2}, None, {"commitment_period": "CP2"}),
        ({}, PROJECT, {"methodology": "TM001", "programme": "M1"}),
        ({"facts": {"methodology": "X", "color": "red"}}, PROJECT,
         {"methodology": "X", "programme": "M1"}),
        ({"origin": "conversion:MECH"}, None,
         {"origin_unit": "CRED", "origin_unit_cancelled": True}),
        ({"origin": "conversion:GONE"}, None, {"origin_unit_cancelled": True}),
        ({"origin": "conversion:GONE", "facts": {"origin_unit": "CER"}}, None,
         {"origin_unit": "CER", "origin_unit_cancelled": True}),
        ({"origin": "issued", "facts": {"origin_unit": "CER"}}, None, {"origin_unit": "CER"}),
    ],
)  # fmt: skip
def test_facts_of_a_lot(lot: Any, project: Any, more: dict[str, Any]) -> None:
    assert told(project, **lot) == CRED | more


def test_a_type_that_two_sources_make_does_not_tell_which() -> None:
    two = replace(LAW.conversions["MECH"], sources=frozenset({"CRED", "REM"}))
    law = replace(LAW, conversions={"TWO": two})
    assert told(law=law, origin="conversion:TWO") == CRED | {"origin_unit_cancelled": True}


def test_what_a_type_says_everywhere_counts_before_its_project() -> None:
    found = told(PROJECT, SHIPPED, unit="VCU")
    assert (found["programme"], found["family"]) == ("VCS", "voluntary_credit")
    assert told(law=SHIPPED, unit="UNKNOWN") == {"unit_type": "UNKNOWN"}


@pytest.mark.parametrize(
    ("facts", "vintage", "year"),
    [({"period": "2025"}, 2024, 2025), ({"period": "CP5"}, 2024, 2024), ({}, 2024, 2024)],
)
def test_the_year_of_an_allowance(facts: dict[str, str], vintage: int, year: int) -> None:
    found = told(unit="ALW", facts=facts, vintage=vintage)
    assert found["allowance_year"] == year
    assert "allowance_year" not in told(facts=facts, vintage=vintage)


def test_what_is_made_of_lots_says_what_all_of_them_do() -> None:
    one = replace(LOT, facts={"project_type": "WIND", "host_region": "CN-GD", "color": "red"})
    other = replace(LOT, facts={"project_type": "WIND", "host_region": "CN-SZ"})
    assert unit_facts.inherited([one, other], LAW) == {"project_type": "WIND"}
    assert unit_facts.inherited([], LAW) == {}
    made = replace(one, origin="conversion:MECH")
    assert unit_facts.inherited([made], LAW)["origin_unit"] == "CRED"


def test_a_fact_that_cannot_be_read_is_unknown_and_the_rest_is_read() -> None:
    assert unit_facts.typed({"host": "nowhere", "unit_type": "CRED"}) == {"unit_type": "CRED"}


def label(kind: str, value: str = "") -> LabelRow:
    return LabelRow(1, kind, 0, 100, value, 5)


def test_what_labels_say() -> None:
    assert unit_facts.labelled(SHIPPED, []) == {}
    found = unit_facts.labelled(SHIPPED, [label("ccp"), label("corsia_eligible", "P1")])
    assert found == {"labels": ["P1", "ccp", "corsia_eligible", "corsia_eligible:P1"]}
    place = unit_facts.labelled(SHIPPED, [label("direct_environmental_benefit", "US-CA")])
    assert place["direct_benefits"] == ["US-CA"]
    lines = ["over 2.5 times, says one", "overcrediting", "27.4 times, says another"]
    found = unit_facts.labelled(SHIPPED, [label("controversy", text) for text in lines])
    assert found["controversies"] == sorted(lines)
    assert found["overcredited"] == Fraction(274, 10)


def recognised(**more: Any) -> Recognition:
    return replace(Recognition(7, 1, 0, 100, "S", "", "", "", None), **more)


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ((), None),
        ((recognised(system="T"),), None),
        ((recognised(),), True),
        ((recognised(until=DAY),), True),
        ((recognised(until=date(2026, 6, 14)),), False),
        ((recognised(withdrawn=9),), False),
        ((recognised(withdrawn=9), recognised()), True),
    ],
)
def test_a_recognition_of_the_system_stands_until_its_last_day(rows: Any, known: Any) -> None:
    assert unit_facts.marks_on(SHIPPED, "S", DAY, (), rows).get("recognised") is known


def test_what_an_authorisation_says_of_what_was_first_transferred_under_it() -> None:
    fields: dict[str, Any] = dict.fromkeys(Authorisation.__struct_fields__)
    row = Authorisation(**(fields | {"purposes": ("OP", "NDC", "IMP"), "parties": ("SG",)}))
    purposes = ["NDC", "OIMP_CORSIA", "OIMP_OTHER"]
    found = {"loa_purposes": purposes, "adjustment": "AUTHORISED"}
    assert unit_facts.authorised([row]) == found | {"loa_country": "SG"}
    assert unit_facts.authorised([replace(row, parties=("SG", "JP"))]) == found
    assert unit_facts.authorised([]) == {}


def test_what_is_known_against_a_part_of_a_lot_stops_that_part_at_the_gate() -> None:
    """The example of a prudent regulator, who refuses what was credited twice over."""
    example = Path(__file__).resolve().parents[2] / "docs" / "examples" / "prudent-regulator.yaml"
    law = replace(SHIPPED, hub=Hub(lambda: load_lawbook([example])))
    state = founded()

    def do(act: Any) -> Entry | Refusal:
        request = c.Request(by=1, acts=(act,), cites="d", at=1)
        entry = decide(state, request, law, DAY)
        if isinstance(entry, Entry):
            take(state, entry, DAY)
        return entry

    of: dict[str, Any] = {"system": "XR", "operator": "X"}
    facts = {"project_type": "BIOGAS", "loa_purposes": "NDC"}
    for act in (
        c.OpenAccount(account=A, party="NO"), c.OpenAccount(account=STATE, party="NO"),
        c.RegisterProject(project="P", party="NO", mechanism="M", methodology="M"),
        c.RegisterOperator(account=A, **of),
        c.SetFigure(figure="taxable_emissions", period="2025", tonnes=1_000, **of),
        c.Issue(unit="VCU", quantity=100, account=A, project="P", vintage=2024, host="NO",
                activity="reduction", facts=facts),
        c.Label(items=(c.Item(lot=1, serials="1-10"),), kind="controversy", value="overcrediting"),
        c.Label(items=(c.Item(lot=1, serials="1-10"),), kind="controversy", value="2.1 times"),
    ):  # fmt: skip
        assert isinstance(do(act), Entry), act

    def give(serials: str) -> Entry | Refusal:
        items = (c.Item(lot=1, serials=serials),)
        return do(c.Surrender(source=A, items=items, period="2025", **of))

    refused = give("10-11")
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.facts["clauses"]) == ("not_eligible", "not-overcredited")
    assert refused.facts["serials"] == "10"
    assert isinstance(give("11-20"), Entry)
