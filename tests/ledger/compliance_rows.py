"""Reasons of compliance systems to refuse: what stands, what is asked, which facts are named."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from tests.ledger.given import (
    DAY,
    STATE,
    SURRENDER,
    VERIFIER,
    A,
    B,
    amount,
    ask,
    block,
    given,
)

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Item

NEXT = given().seq + 1
"""The entry of the first command after the furnishing."""
PROOF = "ef" * 32
OF: dict[str, Any] = {"system": "S", "operator": "OP-A", "period": "2025"}
LOT = c.Issue(unit="CRED", quantity=100, account=A, vintage=2024)
GIVE = c.Surrender(source=A, items=block("1-10"), **OF)
TIGHT = replace(GIVE, operator="TIGHT")
ALLOWANCES = c.Issue(
    unit="ALW", quantity=100, account=STATE, facts={"system": "S", "period": "2025"}
)
ALLOCATE = c.Allocate(source=STATE, items=block("1-10"), **OF)
REPORT = c.ReportEmissions(tonnes=7, document=PROOF, **OF)
FIGURE = c.SetFigure(figure="obligation", tonnes=8, **OF)
OPERATOR = c.RegisterOperator(system="S", operator="X", account=A)
CHANGE = c.ChangeOperator(system="S", operator="OP-A")
GROUP = c.GroupOperators(system="S", operators=("OP-A",), since=DAY, into="POOL")
CAP = c.SetCap(system="S", period="2025", tonnes=99)
PAY = c.RecordPayment(kind="penalty", amount="40.50", currency="EUR", **OF)
RECOGNISE = c.Recognise(system="S", items=block("1-10"))
WITHDRAW = c.WithdrawRecognition(recognition=NEXT + 1, reason="r")
SETTLE = c.SettleDuty(duty=NEXT + 1, evidence=PROOF)
BACK = c.ReturnExcess(items=block("9-10"), **OF)
PROVISIONAL = c.Issue(unit="PROJ", quantity=100, account=A, project="P1")
OWN = c.Convert(source=A, items=block("1-10"), rule="OWN")
METH = replace(LOT, unit="METH", facts={"methodology": "M"})


def decided(act: Any) -> Any:
    """The act with the decision that it rests on."""
    return ask(act, cites="decision 1")


def approved(act: Any) -> tuple[Any, ...]:
    return ask(c.Propose(acts=(act,)), by=VERIFIER), ask(c.Approve(proposal=1), by=2)


TENTH = decided(replace(FIGURE, operator="TIGHT", tonnes=50))
ROWS: tuple[tuple[Any, ...], ...] = (
    ("unknown_system", (), replace(OPERATOR, system="T"), {"system": "T", "known": "S"}),
    ("unknown_system", (LOT,), replace(GIVE, system=""), {"known": "S"}),
    ("unknown_system", (LOT,), replace(GIVE, system="x" * 200), {"system": "x" * 80}),
    ("unknown_period", (LOT,), replace(GIVE, period="2019"), {"known": "2015 .. ANY"}),
    ("unknown_period", (), decided(replace(CAP, period="1999")), {"period": "1999"}),
    ("unknown_period", (), decided(replace(FIGURE, period="x")), {"period": "x"}),
    ("not_an_operator", (LOT,), replace(GIVE, operator=""), {"operator": ""}),
    ("not_an_operator", (LOT,), replace(GIVE, operator="OP-B"), {"operator": "OP-B"}),
    ("not_an_operator", (), decided(replace(CHANGE, operator="X")), {"operator": "X"}),
    ("not_an_operator", (), decided(replace(GROUP, operators=("X",))), {"operator": "X"}),
    ("not_an_operator", (), decided(replace(GROUP, kind="merger")), {"operator": "POOL"}),
    ("number_taken", (), replace(OPERATOR, operator="OP-A"), {"what": "operator"}),
    ("number_taken", (), decided(replace(GROUP, into="OP-A")), {"what": "grouping"}),
    ("unknown_kind", (), decided(replace(GROUP, kind="club")), {"what": "grouping"}),
    ("unknown_kind", (), replace(OPERATOR, facts={"host": "JP"}),
     {"what": "fact of an operator"}),
    ("unknown_kind", (), decided(replace(FIGURE, figure="luck")), {"what": "figure"}),
    ("unknown_kind", (), decided(replace(FIGURE, figure="verified_emissions")),
     {"what": "figure"}),
    ("unknown_kind", (ALLOWANCES,), replace(ALLOCATE, kind="gift"), {"what": "allocation"}),
    ("bad_text", (), replace(OPERATOR, operator="a b"), {"field": "operator"}),
    ("bad_text", (), decided(replace(GROUP, into="a b")), {"field": "into"}),
    ("bad_text", (), replace(OPERATOR, facts={"high_leakage": "maybe"}),
     {"field": "high_leakage", "expected": "true or false"}),
    ("bad_text", (), replace(OPERATOR, facts={"entity_class": ""}), {"field": "entity_class"}),
    ("bad_text", (LOT, RECOGNISE), replace(WITHDRAW, reason=""), {"field": "reason"}),
    ("bad_text", (LOT,), replace(RECOGNISE, effect="x" * 401), {"field": "effect"}),
    ("not_an_end", (), replace(OPERATOR, account=SURRENDER), {"account": SURRENDER}),
    ("empty_request", (), decided(replace(GROUP, operators=())), {}),
    ("empty_request", (), replace(RECOGNISE, items=()), {}),
    ("too_many_items", (), decided(replace(GROUP, operators=("OP-A",) * 101)), {"limit": 100}),
    ("too_many_items", (LOT,), replace(RECOGNISE, items=block("1") * 301), {"limit": 300}),
    ("bad_quantity", (), decided(replace(FIGURE, tonnes=-1)), {"quantity": -1}),
    ("bad_quantity", (), decided(replace(CAP, tonnes=2**62 + 1)), {}),
    ("bad_digest", (), decided(replace(FIGURE, document="x")), {"what": "document"}),
    ("bad_digest", (), replace(REPORT, document=""), {"what": "document"}),
    ("bad_digest", (LOT,), replace(RECOGNISE, statement="x"), {"what": "statement"}),
    ("bad_digest", (PROVISIONAL, GIVE), replace(SETTLE, evidence=""), {"what": "evidence"}),
    ("day_has_passed", (LOT,), replace(RECOGNISE, until=DAY.replace(day=1)), {}),
    ("item_malformed", (LOT,), replace(RECOGNISE, items=amount(5)), {}),
    ("item_malformed", (LOT, GIVE), replace(BACK, items=amount(5)), {}),
    ("named_twice", (LOT,), replace(RECOGNISE, items=(*block("1-10"), *block("10"))),
     {"serials": "10"}),
    ("named_twice", (LOT,), ask(RECOGNISE, replace(RECOGNISE, items=(Item(lot=1),))), {}),
    ("no_decision", (), CHANGE, {"act": "change_operator"}),
    ("no_decision", (), GROUP, {"act": "group_operators"}),
    ("no_decision", (), CAP, {"act": "set_cap"}),
    ("no_decision", (), FIGURE, {"act": "set_figure"}),
    ("no_decision", approved(REPORT), ask(c.Propose(acts=(REPORT,)), by=VERIFIER),
     {"act": "report_emissions"}),
    ("must_be_proposed", (), ask(REPORT, by=VERIFIER), {"act": "report_emissions"}),
    ("must_be_proposed", approved(REPORT), replace(REPORT, decision="d"), {}),
    ("not_eligible", (replace(LOT, unit="DATED", vintage=0),), GIVE,
     {"clauses": "unit", "lot": 1, "serials": "1-10", "system": "S", "period": "2025"}),
    ("not_eligible", (LOT,), replace(GIVE, period="2026"), {"clauses": "window"}),
    ("not_eligible", (LOT,), replace(GIVE, period="2024"), {"clauses": "window"}),
    ("not_eligible", (LOT,), replace(GIVE, period="2026", late=True), {"clauses": "window"}),
    ("indeterminate", (LOT,), replace(GIVE, period="2015", late=True), {"clauses": "window"}),
    ("not_eligible",
     (METH, RECOGNISE, c.WithdrawRecognition(recognition=NEXT + 1, reason="r")), GIVE,
     {"clauses": "approved", "serials": "1-10"}),
    ("indeterminate", (METH, replace(RECOGNISE, items=block("1-9"))), GIVE,
     {"clauses": "approved", "facts": "recognised", "serials": "10"}),
    ("limit_exceeded", (LOT, TENTH), TIGHT, {"room": 5, "asked": 10, "limits": "total"}),
    ("limit_exceeded", (LOT, TENTH, replace(TIGHT, items=block("1-3"))),
     replace(TIGHT, items=block("4-6")), {"room": 2, "asked": 3}),
    ("limit_exceeded", (LOT, TENTH), ask(*[replace(TIGHT, items=block(t)) for t in ("1-3", "4-6")]),
     {"room": 2, "asked": 3}),
    ("limit_not_known", (LOT,), TIGHT, {"room": 0, "asked": 10, "limits": "total"}),
    ("missing_fact", (), replace(ALLOWANCES, facts={}),
     {"unit": "ALW", "missing": "system (S), period"}),
    ("missing_fact", (), replace(ALLOWANCES, facts={"system": "S"}), {"missing": "period"}),
    ("missing_fact", (), replace(ALLOWANCES, facts={"period": "2025"}),
     {"missing": "system (S)"}),
    ("bad_text", (), replace(ALLOWANCES, facts={"system": "T", "period": "2025"}),
     {"field": "system", "found": "T", "expected": "S"}),
    ("unknown_period", (), replace(ALLOWANCES, facts={"system": "S", "period": "1999"}),
     {"period": "1999"}),
    ("bad_text", (), replace(ALLOWANCES, facts={"system": "S", "period": "2040"}),
     {"field": "period", "found": "2040", "expected": "ANY"}),
    ("cap_exceeded", (decided(CAP),), ALLOWANCES, {"cap": 99, "left": 99, "asked": 100}),
    ("cap_exceeded", (ALLOWANCES, decided(CAP)), replace(ALLOWANCES, quantity=1),
     {"left": 0, "asked": 1}),
    ("cap_exceeded", (decided(CAP),),
     ask(replace(ALLOWANCES, quantity=60), replace(ALLOWANCES, quantity=40)), {"left": 39}),
    ("not_the_states", (LOT,), replace(ALLOCATE, source=A), {"account": A}),
    ("not_for_this_period", (ALLOWANCES,), replace(ALLOCATE, period="2026"),
     {"found": "S 2025", "expected": "S 2026"}),
    ("not_for_this_period", (replace(LOT, account=STATE),), ALLOCATE, {"found": "- -"}),
    ("same_account", (ALLOWANCES, decided(replace(CHANGE, account=STATE))), ALLOCATE,
     {"account": STATE}),
    ("no_excess", (LOT, GIVE), BACK, {"excess": 0, "asked": 2}),
    ("no_excess", (LOT, GIVE, decided(replace(FIGURE, tonnes=9))), BACK, {"excess": 1}),
    ("not_used_here", (LOT, GIVE),
     replace(BACK, operator="OP-B"), {"operator": "OP-B", "serials": "9-10"}),
    ("under_duty", (PROVISIONAL, GIVE, decided(replace(FIGURE, tonnes=8))), BACK,
     {"serials": "9-10", "entry": NEXT + 1}),
    ("no_excess", (PROVISIONAL, GIVE, LOT, decided(replace(FIGURE, tonnes=9)),
                   replace(GIVE, items=block("1-10", lot=2), replaces=NEXT + 1)),
     replace(BACK, items=block("9-10", lot=2)), {"excess": 1, "asked": 2}),
    ("unknown_recognition", (), WITHDRAW, {"entry": NEXT + 1}),
    ("unknown_recognition", (LOT, RECOGNISE, WITHDRAW), WITHDRAW, {}),
    ("unknown_duty", (PROVISIONAL,), SETTLE, {"entry": NEXT + 1}),
    ("unknown_duty", (PROVISIONAL, GIVE, SETTLE), SETTLE, {}),
    ("unknown_duty", (PROVISIONAL, GIVE), replace(SETTLE, clause="other"), {}),
    ("unknown_duty", (LOT,), replace(GIVE, replaces=NEXT), {"entry": NEXT}),
    ("unknown_duty", (), c.Expire(duties=(NEXT,)), {}),
    ("not_yet_due", (PROVISIONAL, GIVE), c.Expire(duties=(NEXT + 1,)),
     {"what": "duty", "until": "2026-12-31"}),
    ("not_enough_to_replace", (PROVISIONAL, GIVE, LOT),
     replace(GIVE, items=block("1-9", lot=2), replaces=NEXT + 1), {"tonnes": 10, "asked": 9}),
    ("held_elsewhere", (LOT, GIVE), c.Transfer(source=A, target=B, items=block("1")),
     {"elsewhere": f"1 by {SURRENDER} (surrendered to S for 2025, entry {NEXT + 1})"}),
    ("held_elsewhere", (LOT, GIVE), replace(GIVE, items=block("10-11")),
     {"elsewhere": f"10 by {SURRENDER} (surrendered to S for 2025, entry {NEXT + 1})", "free": 1}),
    ("nothing_to_correct", (LOT, GIVE, decided(replace(FIGURE, tonnes=8)), BACK),
     c.Correct(entry=NEXT + 3, reason="e"), {}),
    ("nothing_to_correct", (LOT, GIVE, c.Correct(entry=NEXT + 1, reason="e")),
     c.Correct(entry=NEXT + 2, reason="e"), {}),
    ("act_not_permitted_for_unit", (replace(LOT, unit="REM"),), GIVE,
     {"unit": "REM", "act": "surrender", "sink": "S", "permitted": "convert (OUT)",
      "source": "Test Act, section 1"}),
    ("missing_fact", (LOT,), OWN, {"unit": "OWN", "missing": "system (S), period, operator"}),
    ("missing_fact", (replace(LOT, unit="REM"),), replace(OWN, rule="PATH"),
     {"missing": "system (S), period, operator"}),
    ("rule_does_not_fit", (LOT,), replace(OWN, rule="OTHER", system="S", period="2025"),
     {"expected": "system T", "found": "system S", "lot": 1}),
    ("missing_period", (LOT,), replace(OWN, system="S"), {"act": "convert", "kind": "S"}),
    ("no_decision", (), PAY, {"act": "record_payment"}),
    ("unknown_kind", (), decided(replace(PAY, kind="gift")), {"known": "penalty, tax"}),
    ("bad_text", (), decided(replace(PAY, amount="1,000")), {"field": "amount"}),
    ("bad_text", (), decided(replace(PAY, amount="0.00")), {"field": "amount", "found": "0.00"}),
    ("wrong_currency", (), decided(replace(PAY, currency="USD")),
     {"found": "USD", "expected": "EUR"}),
    ("wrong_currency", (), decided(replace(PAY, kind="tax", currency="eur")),
     {"expected": "three capital letters"}),
    ("wrong_currency", (decided(replace(PAY, kind="tax", currency="TWD")),),
     decided(replace(PAY, kind="tax")), {"found": "EUR", "expected": "TWD"}),
    ("more_than_paid", (decided(PAY),), decided(replace(PAY, amount="-40.51")),
     {"paid": "40.50 EUR", "asked": "40.51"}),
    ("more_than_paid", (decided(PAY),), decided(replace(PAY, operator="OP-B", amount="-1")),
     {"paid": "0 EUR"}),
)  # fmt: skip
