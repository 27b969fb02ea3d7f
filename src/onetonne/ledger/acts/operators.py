"""Operators: who owes under a system, from which account, and which of them count as one."""

import re

from onetonne.ledger.acts.decided import decided
from onetonne.ledger.commands import ChangeOperator, GroupOperators, RegisterOperator
from onetonne.ledger.entity import KINDS, operator_of
from onetonne.ledger.events import Event, OperatorChanged, OperatorRegistered, OperatorsGrouped
from onetonne.ledger.items import Context, open_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.systems import system_of
from onetonne.rules.facts import VOCABULARY, FactFault, read_fact

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
MAX_OPERATORS = 100
"""Operators of one grouping: one entry holds them all."""


def register(state: State, act: RegisterOperator, ctx: Context) -> tuple[Event, ...]:
    system_of(ctx, act.system)
    _code("operator", act.operator)
    if (act.operator, act.system) in state.operators:
        raise Refused("number_taken", what="operator", number=act.operator)
    _holds(state, act.account)
    _facts(act.facts)
    # After this point the registration must succeed.
    event = OperatorRegistered(
        system=act.system, operator=act.operator, account=act.account, facts=act.facts
    )
    return (event,)


def change(state: State, act: ChangeOperator, ctx: Context) -> tuple[Event, ...]:
    system_of(ctx, act.system)
    old = operator_of(state, act.system, act.operator)
    decided("change_operator", ctx)
    if act.account:
        _holds(state, act.account)
    facts = {name: text for name, text in {**old.facts, **act.facts}.items() if text}
    _facts(facts)
    # After this point the change must succeed.
    event = OperatorChanged(
        system=act.system,
        operator=act.operator,
        account=act.account or old.account,
        facts=facts,
    )
    return (event,)


def group(state: State, act: GroupOperators, ctx: Context) -> tuple[Event, ...]:
    system_of(ctx, act.system)
    if not act.operators:
        raise Refused("empty_request")
    if len(act.operators) > MAX_OPERATORS:
        raise Refused("too_many_items", count=len(act.operators), limit=MAX_OPERATORS)
    for operator in act.operators:
        operator_of(state, act.system, operator)
    if act.kind not in KINDS:
        raise Refused("unknown_kind", kind=act.kind, what="grouping", known=", ".join(KINDS))
    if act.into:
        _code("into", act.into)
    if act.into in act.operators:
        raise Refused("number_taken", what="grouping", number=act.into)
    if act.kind == "merger" and act.into:
        operator_of(state, act.system, act.into)
    decided("group_operators", ctx)
    # After this point the grouping must succeed.
    event = OperatorsGrouped(
        system=act.system, operators=act.operators, since=act.since, into=act.into, kind=act.kind
    )
    return (event,)


def _code(field: str, code: str) -> None:
    if not _CODE.fullmatch(code):
        expected = "a code of letters, digits, . _ / - (at most 40)"
        raise Refused("bad_text", field=field, found=code[:80], expected=expected)


def _holds(state: State, number: int) -> None:
    account = open_account(state, number)
    if account.sink or account.kind == "peer":
        raise Refused("not_an_end", account=number)


def _facts(facts: dict[str, str]) -> None:
    """Facts are of the law's vocabulary, of entities, and in its form."""
    for name, text in facts.items():
        fact = VOCABULARY.get(name)
        if fact is None or fact.about != "entity":
            known = ", ".join(sorted(n for n, f in VOCABULARY.items() if f.about == "entity"))
            raise Refused("unknown_kind", kind=name[:80], what="fact of an operator", known=known)
        try:
            read_fact(name, text)
        except FactFault:
            shapes = {"text": "text of 1 to 60 characters", "yes": "true or false"}
            expected = ", ".join(fact.words) or shapes.get(fact.kind, f"a {fact.kind}")
            raise Refused("bad_text", field=name, found=text[:80], expected=expected) from None
