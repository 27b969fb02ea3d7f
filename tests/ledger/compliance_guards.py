"""The guards of compliance acts in their order; `guards` tries them with all the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace
from tests.ledger.compliance_rows import (
    ALLOCATE,
    ALLOWANCES,
    BACK,
    CAP,
    CHANGE,
    FIGURE,
    GIVE,
    GROUP,
    NEXT,
    OF,
    OPERATOR,
    PAY,
    PROOF,
    RECOGNISE,
    REPORT,
    decided,
)
from tests.ledger.given import DAY, STATE, A, block

from onetonne.ledger import commands as c

Row = tuple[str, str, dict[str, Any]]
Rows = Callable[[Iterable[Any], Iterable[Any]], list[Row]]
BEFORE = NEXT + 15
"""The entry after those that the world of `guards` is made of."""
CEDED = c.Surrender(source=A, items=block("81-90"), **OF)
WORLD: tuple[Any, ...] = (
    replace(ALLOWANCES),
    CEDED,
    decided(replace(FIGURE, tonnes=15)),
    decided(replace(FIGURE, operator="TIGHT", tonnes=0)),
    c.RegisterOperator(system="S", operator="SOME", account=A, facts={"entity_class": "tight"}),
    c.Recognise(system="S", items=block("91-95")),
    c.Issue(unit="PROJ", quantity=10, account=A, project="P1"),
    c.Surrender(source=A, items=block("1-10", lot=6), **OF),
    decided(c.SetCap(system="S", period="2028", tonnes=5)),
)
RECOGNISED, DUTY, ALW, REM = BEFORE + 6, BEFORE + 8, 5, 7
_SYSTEM: Row = ("unknown_system", "the law does not know the system", {"system": "T"})
_PERIOD: Row = ("unknown_period", "the system has no such period", {"period": "1999"})
_OPERATOR: Row = ("not_an_operator", "no such operator in that system", {"operator": "X"})
_DECISION: Row = ("no_decision", "no decision is cited", {"cites": ""})
_TONNES: Row = ("bad_quantity", "the tonnes are not between 0 and 2^62", {"tonnes": -1})
_DOCUMENT: Row = ("bad_digest", "the document is no SHA-256 in hex", {"document": "x"})
_NEW = [
    ("unknown_account", "the account is unknown", {"account": 4242}),
    ("account_closed", "the account is closed", {"account": 1099}),
    ("not_an_end", "the account is a sink, or another registry's", {"account": 1}),
]
_FACTS = [
    ("unknown_kind", "a fact is not one of operators", {"facts": {"host": "JP"}}),
    ("bad_text", "a fact is not in its form", {"facts": {"high_leakage": "perhaps"}}),
]
DECIDED = (c.ChangeOperator, c.GroupOperators, c.SetCap, c.SetFigure, c.RecordPayment)


def _surrender(source: Iterable[Any], items: Iterable[Any]) -> list[Row]:
    return [
        _SYSTEM,
        ("missing_period", "no period", {"period": ""}),
        _PERIOD,
        _OPERATOR,
        *source,
        ("not_an_operator", "the account is not the operator's own", {"source": 1002}),
        *items,
        ("unknown_kind", "the effect on an NDC is unknown", {"ndc_effect": "gift"}),
        ("ndc_effect_contradicted", "it does not fit the units, or they have none",
         {"ndc_effect": "use"}),
        ("unknown_duty", "no unmet duty of that entry to replace", {"replaces": 99}),
        ("not_enough_to_replace", "fewer units than the duties need", {
            "replaces": DUTY, "item.serials": "11-15", "period": "2025"}),
        ("not_eligible", "a clause fails, the period's window among them", {"period": "2024"}),
        ("indeterminate", "a clause cannot be settled", {"period": "2015"}),
        ("limit_exceeded", "a limit has less room", {"operator": "TIGHT", "replaces": 0}),
        ("limit_not_known", "a limit's figure is unknown", {"operator": "SOME", "replaces": 0}),
        ("act_not_permitted_for_unit", "they enter the system only as another unit", {
            "item.lot": REM, "item.serials": "1-10"}),
    ]  # fmt: skip


def _back(source: Iterable[Any], items: Iterable[Any]) -> list[Row]:
    kept = [row for row in items if row[2] not in ({"item.lot": 2}, {"item.quantity": 5})]
    return [
        _SYSTEM,
        _PERIOD,
        _OPERATOR,
        ("needs_two_people", "its account needs two people", {"operator": "OP-P"}),
        ("item_malformed", "an item is not serials", {"item.quantity": 5}),
        *[row for row in kept if row[0] not in ("locked", "held_elsewhere")],
        ("held_elsewhere", "they are not in the end of surrenders", {"item.serials": "1-10"}),
        ("not_used_here", "another surrendered them, or to another system or period", {
            "operator": "OP-B"}),
        ("under_duty", "they stand under a duty that is not met", {
            "item.lot": 6, "item.serials": "1-2"}),
        ("no_excess", "more than was surrendered beyond the obligation", {
            "item.serials": "81-90"}),
    ]  # fmt: skip


GUARDS: dict[type[Any], tuple[Any, Rows]] = {
    c.Surrender: (GIVE, _surrender),
    c.RegisterOperator: (OPERATOR, lambda *_: [
        _SYSTEM,
        ("bad_text", "the code is not of letters, digits, . _ / -", {"operator": "a b"}),
        ("number_taken", "the code is taken in that system", {"operator": "OP-A"}),
        *_NEW,
        *_FACTS,
    ]),
    c.ChangeOperator: (CHANGE, lambda *_: [_SYSTEM, _OPERATOR, _DECISION, *_NEW, *_FACTS]),
    c.GroupOperators: (GROUP, lambda *_: [
        _SYSTEM,
        ("empty_request", "no operator", {"operators": ()}),
        ("too_many_items", "more than 100 operators", {"operators": ("OP-A",) * 101}),
        ("not_an_operator", "one of them is none", {"operators": ("X",)}),
        ("unknown_kind", "neither pool nor merger", {"kind": "club"}),
        ("bad_text", "the pool's code is none", {"into": "a b"}),
        ("number_taken", "an operator into itself", {"into": "OP-A"}),
        ("not_an_operator", "merged into what is no operator", {"kind": "merger"}),
        _DECISION,
    ]),
    c.SetCap: (CAP, lambda *_: [_SYSTEM, _PERIOD, _TONNES, _DECISION]),
    c.Allocate: (replace(ALLOCATE, items=block("1-10", lot=ALW)), lambda source, items: [
        _SYSTEM,
        _PERIOD,
        ("unknown_kind", "neither free, benchmark nor auction", {"kind": "gift"}),
        _OPERATOR,
        *source,
        ("not_the_states", "the source is no Party's account", {"source": A}),
        ("same_account", "the State is the operator", {"operator": "STATE"}),
        *[row for row in items if row[2] not in (
            {"items": "twice"}, {"item.serials": "31-45"}, {"item.serials": "51-60"})],
        ("not_for_this_period", "a lot is of another system or period", {"period": "2026"}),
    ]),
    c.SetFigure: (FIGURE, lambda *_: [
        _SYSTEM, _OPERATOR, _PERIOD,
        ("unknown_kind", "no figure of the law, or one that a verifier reports",
         {"figure": "luck"}),
        _TONNES, _DOCUMENT, _DECISION,
    ]),
    c.RecordPayment: (PAY, lambda *_: [
        _SYSTEM, _OPERATOR, _PERIOD,
        ("unknown_kind", "neither penalty nor tax", {"kind": "gift"}),
        ("bad_text", "the amount is no decimal, or zero", {"amount": "x"}),
        ("wrong_currency", "not the money of the law, or of what was recorded before", {
            "currency": "USD"}),
        ("more_than_paid", "it takes back more than was recorded", {"amount": "-1"}),
        _DOCUMENT, _DECISION,
    ]),
    c.ReportEmissions: (REPORT, lambda *_: [
        _SYSTEM, _OPERATOR, _PERIOD, _TONNES, _DOCUMENT,
        ("must_be_proposed", "it is not approved by another", {"decision": "d"}),
    ]),
    c.ReturnExcess: (replace(BACK, items=block("81-82")), _back),
    c.Recognise: (RECOGNISE, lambda source, items: [
        _SYSTEM,
        *[row for row in items if row[0] in ("empty_request", "too_many_items")],
        ("bad_digest", "the statement is no SHA-256 in hex", {"statement": "x"}),
        ("bad_text", "conditions or effect are too long", {"effect": "x" * 401}),
        ("day_has_passed", "its last day lies before today", {"until": DAY.replace(day=1)}),
        ("unknown_lot", "an item's lot is unknown", {"item.lot": 99}),
        ("item_malformed", "an item is a quantity", {"item.quantity": 5}),
        *[row for row in items if row[0] in ("bad_number", "outside_lot", "named_twice")],
    ]),
    c.WithdrawRecognition: (
        c.WithdrawRecognition(recognition=RECOGNISED, reason="r"), lambda *_: [
            ("unknown_recognition", "none of that entry is in force", {"recognition": 1}),
            ("bad_text", "no reason", {"reason": ""}),
        ]),
    c.SettleDuty: (c.SettleDuty(duty=DUTY, evidence=PROOF), lambda *_: [
        ("unknown_duty", "none of that entry is open, or of that clause", {"duty": 1}),
        ("bad_digest", "the evidence is no SHA-256 in hex", {"evidence": "x"}),
    ]),
}  # fmt: skip
WORLD = (*WORLD, c.RegisterOperator(system="S", operator="STATE", account=STATE))
