"""What each act makes the service load: exactly the keys that deciding will read."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace
from tests.ledger import (
    agreement_rows,
    article6_rows,
    authorisation_rows,
    finality_rows,
    levy_rows,
    mechanism_guards,
    plan_rows,
    recall_rows,
    register_rows,
)
from tests.ledger.compliance_rows import (
    ALLOCATE,
    ALLOWANCES,
    BACK,
    CAP,
    CHANGE,
    FIGURE,
    GIVE,
    GROUP,
    OPERATOR,
    PAY,
    RECOGNISE,
    REPORT,
    SETTLE,
    WITHDRAW,
)
from tests.ledger.given import AGENT, STATE, A, B, amount, ask, block
from tests.ledger.refusal_rows import ADMIT, CONVERT, FURNISHED, LOT, MOVE, OBSERVE, PLEDGE, RETIRE

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Act, Item
from onetonne.ledger.items import MAX_QUANTITY
from onetonne.ledger.needs import Needs, needs_of

ME = 1


class Row(NamedTuple):
    label: str
    act: Act
    needs: dict[str, Any]


_BLOCK: dict[str, Any] = {"lots": {1}, "blocks": [(1, "1-10")], "demand": {1: 10}}
_TOP: dict[str, Any] = {"lots": {1}, "top": {(A, 1)}, "demand": {1: 7}}
_TWO = (Item(lot=1, serials="1-10"), Item(lot=2, quantity=3), Item(lot=2, quantity=4))
ROWS = (
    Row("enrol", c.Enrol(person=9, name=""), {"persons": {ME, 9}}),
    Row("dismiss", c.Dismiss(person=9), {"persons": {ME, 9}, "registrars": True}),
    Row(
        "open",
        c.OpenAccount(account=5, agents=(8, 9)),
        {"persons": {ME, 0, 8, 9}, "accounts": {5}},
    ),
    Row("close", c.CloseAccount(account=A), {"accounts": {A}, "whole": {A}}),
    Row("register", c.RegisterProject(project="P", party="TW"), {"projects": {"P"}}),
    Row("issue", LOT, {"accounts": {A}}),
    Row("issue of a project", replace(LOT, project="P"), {"accounts": {A}, "projects": {"P"}}),
    Row(
        "admit",
        replace(ADMIT, project="P"),
        {
            "accounts": {A},
            "projects": {"P"},
            "observations": {FURNISHED + 1},
            "foreign": {"VCS-1"},
        },
    ),
    Row(
        "admit of a row that is none",
        replace(ADMIT, filed=replace(ADMIT.filed, row="[")),
        {"accounts": {A}, "observations": {FURNISHED + 1}},
    ),
    Row("transfer", MOVE, {"accounts": {A, B}, **_BLOCK}),
    Row("retire", RETIRE, {"accounts": {A}, **_BLOCK}),
    Row("by quantity", replace(RETIRE, items=amount(7)), {"accounts": {A}, **_TOP}),
    Row(
        "several items",
        replace(RETIRE, items=_TWO),
        {
            "accounts": {A},
            "lots": {1, 2},
            "blocks": [(1, "1-10")],
            "top": {(A, 2)},
            "demand": {1: 10, 2: 7},
        },
    ),
    Row("one serial", replace(RETIRE, items=block("5")), {
        "accounts": {A}, "lots": {1}, "blocks": [(1, "5")], "demand": {1: 1},
    }),
    *[
        Row(f"no range: {text!r}", replace(RETIRE, items=block(text)), {
            "accounts": {A}, "lots": {1}, "blocks": [(1, text)], "demand": {1: 0},
        })
        for text in ("x", "5-", "-5", "9-3", "²", "1-²", "9" * 41, "1-" + "9" * 41)
    ],
    Row("forty digits", replace(RETIRE, items=block("9" * 40)), {
        "accounts": {A}, "lots": {1}, "blocks": [(1, "9" * 40)], "demand": {1: 1},
    }),
    *[
        Row(f"quantity {quantity}", replace(RETIRE, items=amount(quantity)), {
            "accounts": {A}, "lots": {1}, "top": {(A, 1)}, "demand": {1: size},
        })
        for quantity, size in ((-5, 0), (1, 1), (MAX_QUANTITY, MAX_QUANTITY), (MAX_QUANTITY + 1, 0))
    ],
    Row("convert", CONVERT, {"accounts": {A}, "lineage": {1}, **_BLOCK}),
    Row("convert for another", replace(CONVERT, target=B), {
        "accounts": {A, B}, "lineage": {1}, **_BLOCK,
    }),
    Row("lock", PLEDGE, {"persons": {ME, 0, AGENT}, "accounts": {A}, **_BLOCK}),
    Row("lift", c.Lift(lock=3), {"locks": {3}}),
    Row("label", c.Label(items=block("1-10"), kind="k"), {"labels": {(1, "k")}, **_BLOCK}),
    Row("label as the holder", c.Label(items=block("1-10"), kind="k", source=A), {
        "labels": {(1, "k")}, "accounts": {A}, **_BLOCK,
    }),
    Row("correct", c.Correct(entry=7, reason="r"), {"entries": {7}}),
    Row("correct serials", c.Correct(entry=7, reason="r", items=block("1-10")), {
        "entries": {7}, **_BLOCK,
    }),
    Row("observe", OBSERVE, {}),
    Row("root", c.Root(root="", holdings=0), {}),
    Row("propose", c.Propose(acts=(MOVE, replace(MOVE, items=amount(5)))), {
        "accounts": {A, B}, "lots": {1}, "blocks": [(1, "1-10")], "top": {(A, 1)},
        "demand": {1: 15},
    }),
    Row("propose what has no items", c.Propose(acts=(LOT,)), {"accounts": {A}}),
    Row("approve", c.Approve(proposal=3), {"proposals": {3}}),
    Row("reject", c.Reject(proposal=3), {"proposals": {3}}),
    Row("withdraw", c.Withdraw(proposal=3), {"proposals": {3}}),
    Row("expire duties", c.Expire(duties=(7,)), {"duties": {7}}),
    Row("surrender", replace(GIVE, replaces=9), {
        "accounts": {A}, "operators": {("OP-A", "S")}, "systems": {"S"}, "judged": {1},
        "lineage": {1}, "duties": {9}, **_BLOCK,
    }),
    Row("convert for a system", replace(CONVERT, system="S", period="2025", operator="OP-A"), {
        "accounts": {A}, "operators": {("OP-A", "S")}, "systems": {"S"}, "judged": {1},
        "lineage": {1}, **_BLOCK,
    }),
    Row("issue under a cap", ALLOWANCES, {"accounts": {STATE}, "caps": {("S", "2025")}}),
    Row("allocate", ALLOCATE, {
        "accounts": {STATE}, "operators": {("OP-A", "S")}, "systems": {"S"}, **_BLOCK,
    }),
    Row("set a cap", CAP, {"caps": {("S", "2025")}}),
    *[
        Row(f"of an operator: {type(act).__name__}", act, {
            "operators": {("OP-A", "S")}, "systems": {"S"},
        })
        for act in (FIGURE, REPORT, CHANGE, PAY)
    ],
    Row("register an operator", OPERATOR, {
        "accounts": {A}, "operators": {("X", "S")}, "systems": {"S"},
    }),
    Row("group", GROUP, {"operators": {("OP-A", "S"), ("POOL", "S")}, "systems": {"S"}}),
    Row("return", BACK, {
        "operators": {("OP-A", "S")}, "systems": {"S"}, "lots": {1}, "blocks": [(1, "9-10")],
        "demand": {1: 2},
    }),
    Row("recognise", RECOGNISE, _BLOCK),
    Row("withdraw a recognition", WITHDRAW, {"recognitions": {WITHDRAW.recognition}}),
    Row("settle", SETTLE, {"duties": {SETTLE.duty}}),
    Row("expire", c.Expire(proposals=(1, 2), locks=(3,)), {"proposals": {1, 2}, "locks": {3}}),
    *[Row(*row) for row in mechanism_guards.NEEDS],
    *[Row(*row) for row in authorisation_rows.NEEDS],
    *[Row(*row) for row in recall_rows.NEEDS],
    *[Row(*row) for row in finality_rows.NEEDS],
    *[Row(*row) for row in agreement_rows.NEEDS],
    *[Row(*row) for row in levy_rows.NEEDS],
    *[Row(*row) for row in (*article6_rows.NEEDS, *register_rows.NEEDS, *plan_rows.NEEDS)],
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row.label for row in ROWS])
def test_needs_exactly(row: Row) -> None:
    # `0` is no person; naming it costs nothing and means "nobody".
    wanted = Needs(**({"persons": {ME}} | row.needs))
    found = needs_of([ask(row.act, by=ME)])
    assert drop_nobody(found) == drop_nobody(wanted)


def drop_nobody(needs: Needs) -> Needs:
    return replace(needs, persons=needs.persons - {0})


def test_needs_of_a_batch_add_up() -> None:
    found = needs_of([ask(RETIRE, by=2), ask(MOVE, replace(RETIRE, items=amount(7)), by=3)])
    assert (found.persons, found.demand, found.top) == ({2, 3}, {1: 27}, {(A, 1)})
    assert found.blocks == [(1, "1-10"), (1, "1-10")]


def test_every_act_has_a_row() -> None:
    tried = {type(row.act) for row in ROWS} | {c.Cancel}  # as retire
    assert tried == set(c.BY_NAME.values())
