"""One row for each reason to refuse: what stands, what is asked, which facts are named.

SERVICE lists the codes that only the service raises; their rows are tested there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec.structs import replace
from tests.ledger import (
    agreement_rows,
    article6_rows,
    authorisation_rows,
    compliance_rows,
    finality_rows,
    levy_rows,
    mechanism_rows,
    plan_rows,
    recall_rows,
    register_rows,
)
from tests.ledger.compliance_rows import GIVE
from tests.ledger.given import (
    ADMINISTRATIVE,
    AGENT,
    AUTHORITY,
    DAY,
    PAIR,
    PEER,
    RETIREMENT,
    SECOND,
    A,
    B,
    amount,
    ask,
    block,
    given,
    observed,
)

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Act, Item, Request

SERVICE = ("entry_too_large", "key_reused", "not_permitted")
YESTERDAY, TOMORROW = DAY - timedelta(1), DAY + timedelta(1)
GONE, SHUT = 77, 1099
LOT = c.Issue(unit="CRED", quantity=100, account=A, vintage=2024)
ALLOWANCES = c.Issue(unit="ALW", quantity=100, account=A, facts={"system": "S", "period": "2025"})
MOVE = c.Transfer(source=A, target=B, items=block("1-10"))
PLEDGE = c.Lock(source=A, items=block("1-10"), kind="pledge", lift_by=AGENT)
RETIRE = c.Retire(source=A, items=block("1-10"), beneficiary="ACME")
RETIRE_B = c.Retire(source=B, items=block("1", lot=2), beneficiary="ACME")
CONVERT = c.Convert(source=A, items=block("1-10"), rule="WHOLE")
DIGEST = "ab" * 32
CLOSED = (c.OpenAccount(account=SHUT), c.CloseAccount(account=SHUT))

_SEEN: dict[str, Any] = {
    "kind": "block",
    "quantity": 10,
    "key": "VCS-1",
    "first": "5",
    "last": "14",
}
_ENDED = {"kind": "cancellation", "quantity": 4, "key": "VCS-2", "first": "1", "last": "4"}


def seen(**changes: Any) -> tuple[c.Observe, c.Foreign, c.Foreign]:
    """An observation of two rows, and both as a command files them when entry 11 holds it."""
    root, (first, second) = observed(_SEEN | changes, _ENDED)
    observe = c.Observe(register="verra", digest=DIGEST, root=root, rows=2, day=DAY)
    return (
        observe,
        replace(first, observation=FURNISHED + 1),
        replace(second, observation=FURNISHED + 1),
    )


FURNISHED = given().seq
OBSERVE, FILED, ENDED = seen()
ADMIT = c.Admit(filed=FILED, account=A, unit="OUT")
PROPOSE = c.Propose(acts=(MOVE,))


class Row(NamedTuple):
    code: str
    given: tuple[Act | Request, ...]
    when: Act | Request
    facts: Mapping[str, Any] = MappingProxyType({})


def _pieces(count: int) -> tuple[Act, ...]:
    """A lot cut into pieces: every second serial of `count` pairs moved away and back."""
    items = tuple(Item(lot=1, serials=str(2 * n + 1)) for n in range(count))
    return (
        replace(LOT, quantity=10_000),
        *[
            c.Transfer(source=A, target=B, items=items[at : at + 300])
            for at in range(0, count, 300)
        ],
        *[
            c.Transfer(source=B, target=A, items=items[at : at + 300])
            for at in range(0, count, 300)
        ],
    )


OF_COMPLIANCE = tuple(Row(*row) for row in compliance_rows.ROWS)
ROWS = (
    Row("empty_request", (), ask()),
    Row("empty_request", (LOT,), replace(MOVE, items=())),
    Row("empty_request", (LOT,), c.Label(items=(), kind="grade", value="A")),
    Row("empty_request", (), c.Propose(acts=())),
    Row("empty_request", (), c.Expire()),
    Row(
        "too_many_items",
        (LOT,),
        replace(MOVE, items=block("1") * 301),
        {"count": 301, "limit": 300},
    ),
    Row("too_many_items", (LOT,), ask(*[MOVE] * 101), {"count": 101, "limit": 100}),
    Row("too_many_items", (LOT,), c.Label(items=block("1") * 301, kind="grade", value="A")),
    Row("unknown_person", (), ask(LOT, by=99), {"person": 99}),
    Row(
        "unknown_person",
        (c.Enrol(person=GONE, name=""), c.Dismiss(person=GONE)),
        ask(LOT, by=GONE),
        {"person": GONE},
    ),
    Row("unknown_person", (), c.Dismiss(person=99), {"person": 99}),
    Row("last_registrar", (c.Dismiss(person=SECOND),), c.Dismiss(person=1), {"person": 1}),
    Row("last_registrar", (), ask(c.Dismiss(person=SECOND), c.Dismiss(person=1)), {"person": 1}),
    Row("unknown_person", (), c.OpenAccount(account=1005, agents=(99,)), {"person": 99}),
    Row("unknown_person", (LOT,), replace(PLEDGE, lift_by=99), {"person": 99}),
    Row(
        "unknown_person",
        (LOT, c.Enrol(person=GONE, name=""), c.Dismiss(person=GONE)),
        replace(PLEDGE, lift_by=GONE),
        {"person": GONE},
    ),
    Row("needs_two_people", (replace(LOT, account=PAIR),), replace(MOVE, source=PAIR)),
    Row("needs_two_people", (replace(LOT, account=PAIR),), replace(RETIRE, source=PAIR)),
    Row("needs_two_people", (replace(LOT, account=PAIR),), replace(CONVERT, source=PAIR)),
    Row("needs_two_people", (replace(LOT, account=PAIR),), replace(PLEDGE, source=PAIR)),
    Row(
        "needs_two_people",
        (LOT, replace(MOVE, target=PAIR)),
        c.Correct(entry=FURNISHED + 2, reason="error"),
        {"account": PAIR},
    ),
    Row(
        "needs_two_people",
        (
            replace(LOT, account=PAIR),
            c.Propose(acts=(replace(MOVE, source=PAIR),)),
            ask(c.Approve(proposal=1), by=SECOND),
        ),
        c.Correct(entry=FURNISHED + 3, reason="error"),
        {"account": PAIR},
    ),
    Row("effective_day_not_allowed", (LOT,), ask(MOVE, effective=DAY)),
    Row(
        "effective_day_in_future",
        (LOT,),
        ask(MOVE, effective=TOMORROW, cites="decision 1"),
        {"day": str(TOMORROW), "today": str(DAY)},
    ),
    Row("effective_day_in_future", (), replace(OBSERVE, day=TOMORROW)),
    Row(
        "effective_before_last_move",
        (LOT,),
        ask(MOVE, effective=YESTERDAY, cites="decision 1"),
        {"moved": str(DAY), "day": str(YESTERDAY)},
    ),
    Row(
        "effective_before_last_move",
        (LOT, MOVE),
        ask(c.Correct(entry=FURNISHED + 2, reason="error"), effective=YESTERDAY),
    ),
    Row("number_taken", (), c.OpenAccount(account=A), {"what": "account", "number": A}),
    Row("number_taken", (), c.OpenAccount(account=999), {"what": "account"}),
    Row("number_taken", (), c.Enrol(person=AGENT, name=""), {"what": "person"}),
    Row("number_taken", (), c.RegisterProject(project="P1", party="TW"), {"number": "P1"}),
    Row(
        "number_taken",
        (),
        c.OpenAccount(account=12, kind="sink", sink="voluntary"),
        {"what": "sink", "number": "voluntary"},
    ),
    Row("unknown_party", (), c.OpenAccount(account=1005, party="XX"), {"party": "XX"}),
    Row("unknown_party", (), c.OpenAccount(account=1005, kind="peer"), {"party": ""}),
    Row("unknown_party", (), c.RegisterProject(project="P9", party="tw"), {"party": "tw"}),
    Row("unknown_party", (), replace(LOT, host="ZZ"), {"party": "ZZ"}),
    Row("unknown_kind", (), c.Enrol(person=50, name="", roles=("king",)), {"what": "role"}),
    Row("unknown_kind", (), c.Enrol(person=50, name="", roles=()), {"what": "role"}),
    Row("unknown_kind", (), c.OpenAccount(account=1005, kind="box"), {"kind": "box"}),
    Row("unknown_kind", (), c.OpenAccount(account=1005, kind="sink"), {"kind": "sink"}),
    Row(
        "unknown_kind",
        (),
        c.OpenAccount(account=12, kind="sink", sink="fire"),
        {"what": "cancellation kind"},
    ),
    Row("unknown_kind", (LOT,), replace(RETIRE, purpose="fun"), {"what": "purpose"}),
    Row(
        "unknown_kind", (LOT,), c.Cancel(source=A, items=block("1"), kind="fire"), {"kind": "fire"}
    ),
    Row(
        "unknown_kind",
        (LOT,),
        c.Cancel(source=A, items=block("1"), kind="unopened"),
        {"what": "sink"},
    ),
    Row("unknown_kind", (LOT,), replace(PLEDGE, kind="chain"), {"what": "lock kind"}),
    Row(
        "unknown_kind", (LOT,), replace(PLEDGE, kind="proposal"), {"known": "freeze, hold, pledge"}
    ),
    Row("unknown_kind", (LOT,), replace(PLEDGE, kind="handover"), {"kind": "handover"}),
    Row("unknown_kind", (LOT,), c.Label(items=block("1"), kind="star"), {"what": "label kind"}),
    Row("unknown_account", (LOT,), replace(MOVE, source=1234), {"account": 1234}),
    Row("unknown_account", (LOT,), replace(MOVE, target=1234), {"account": 1234}),
    Row("unknown_account", (), replace(LOT, account=1234), {"account": 1234}),
    Row("unknown_account", (LOT,), replace(CONVERT, target=1234), {"account": 1234}),
    Row("unknown_account", (LOT,), replace(PLEDGE, source=1234), {"account": 1234}),
    Row("unknown_account", (), c.CloseAccount(account=1234), {"account": 1234}),
    Row("account_closed", CLOSED, replace(LOT, account=SHUT), {"entry": FURNISHED + 2}),
    Row("account_closed", (LOT, *CLOSED), replace(MOVE, target=SHUT), {"account": SHUT}),
    Row("account_closed", CLOSED, c.CloseAccount(account=SHUT), {"account": SHUT}),
    Row("account_not_empty", (LOT,), c.CloseAccount(account=A), {"account": A, "held": 100}),
    Row(
        "account_not_empty",
        (LOT, replace(LOT, quantity=7, account=B), MOVE),
        c.CloseAccount(account=A),
        {"held": 90},
    ),
    Row("sink_is_final", (LOT, RETIRE), replace(MOVE, source=RETIREMENT), {"sink": "retirement"}),
    Row("sink_is_final", (LOT, RETIRE), replace(RETIRE, source=RETIREMENT)),
    Row("sink_is_final", (LOT, RETIRE), replace(PLEDGE, source=RETIREMENT)),
    Row("sink_is_final", (LOT, RETIRE), replace(CONVERT, source=RETIREMENT)),
    Row("sink_is_final", (), c.CloseAccount(account=RETIREMENT), {"sink": "retirement"}),
    Row(
        "sink_is_final",
        (LOT, replace(MOVE, target=PEER)),
        replace(MOVE, source=PEER),
        {"sink": "peer", "account": PEER},
    ),
    Row("not_an_end", (), replace(LOT, account=RETIREMENT), {"account": RETIREMENT}),
    Row("not_an_end", (LOT,), replace(MOVE, target=ADMINISTRATIVE), {"account": ADMINISTRATIVE}),
    Row("not_an_end", (LOT,), replace(CONVERT, target=RETIREMENT), {"account": RETIREMENT}),
    Row("not_an_end", (OBSERVE,), replace(ADMIT, account=RETIREMENT), {"account": RETIREMENT}),
    Row("same_account", (LOT,), replace(MOVE, target=A), {"account": A}),
    Row("unknown_project", (), replace(LOT, project="P9"), {"project": "P9"}),
    Row("unknown_unit", (), replace(LOT, unit="GOLD"), {"unit": "GOLD"}),
    Row("act_not_permitted_for_unit", (), replace(LOT, unit="NOISSUE"), {"act": "issue"}),
    Row(
        "act_not_permitted_for_unit",
        (ALLOWANCES,),
        RETIRE,
        {"unit": "ALW", "act": "retire", "sink": "retirement", "permitted": "issue, transfer"},
    ),
    Row("act_not_permitted_for_unit", (ALLOWANCES,), c.Label(items=block("1"), kind="once")),
    Row("act_not_permitted_for_unit", (ALLOWANCES,), PLEDGE, {"act": "lock", "sink": "-"}),
    Row("missing_fact", (), replace(LOT, vintage=0), {"unit": "CRED", "missing": "vintage"}),
    Row("missing_fact", (), replace(LOT, unit="PROJ"), {"missing": "host, mechanism, project"}),
    Row("missing_fact", (LOT,), replace(PLEDGE, lift_by=0), {"missing": "lift_by"}),
    Row(
        "activity_mismatch",
        (),
        replace(LOT, unit="REM", activity="reduction"),
        {"expected": "removal", "found": "reduction"},
    ),
    Row("bad_quantity", (), replace(LOT, quantity=0), {"quantity": 0, "limit": 2**62}),
    Row("bad_quantity", (), replace(LOT, quantity=-1), {"quantity": -1}),
    Row("bad_quantity", (), replace(LOT, quantity=2**62 + 1)),
    Row("bad_quantity", (LOT,), replace(MOVE, items=amount(-5)), {"quantity": -5}),
    Row("bad_quantity", (LOT,), replace(MOVE, items=amount(2**62 + 1))),
    Row("bad_quantity", (), replace(OBSERVE, rows=0), {"quantity": 0}),
    Row("bad_quantity", (), replace(OBSERVE, rows=50_000_001), {"limit": 50_000_000}),
    Row(
        "bad_quantity",
        (replace(LOT, quantity=2**62),),
        replace(CONVERT, items=amount(2**62), rule="MORE"),
        {"quantity": 3 * 2**61},
    ),
    *[
        Row("bad_number", (LOT,), replace(MOVE, items=block(text)), {"text": text[:80]})
        for text in ("x", "5-", "-5", "9-3", "1 - 5", "1-2-3", "²", "１", "1O", "9" * 82, "0x1")
    ],
    Row("bad_number", (), replace(LOT, first_number="1a"), {"text": "1a"}),
    Row("bad_number", (), replace(LOT, first_number=""), {"text": ""}),
    Row("bad_number", (), replace(LOT, first_number="²"), {"text": "²"}),
    Row("bad_number", (), replace(LOT, first_number="1" * 41), {"text": "1" * 41}),
    Row("bad_number", (), replace(LOT, first_number="9" * 40), {"text": "1" + "0" * 38 + "98"}),
    Row("item_malformed", (LOT,), replace(MOVE, items=(Item(lot=1),))),
    Row(
        "item_malformed",
        (LOT,),
        replace(MOVE, items=(Item(lot=1, serials="1", quantity=1),)),
        {"item": '{"lot":1,"serials":"1","quantity":1}'},
    ),
    Row("item_malformed", (LOT,), c.Label(items=amount(5), kind="once")),
    Row(
        "item_malformed",
        (LOT, MOVE),
        c.Correct(entry=FURNISHED + 2, reason="error", items=amount(5)),
    ),
    Row(
        "item_malformed",
        (LOT, MOVE),
        c.Correct(entry=FURNISHED + 2, reason="error", items=(Item(lot=1),)),
    ),
    Row("unknown_lot", (LOT,), replace(MOVE, items=block("1", lot=2)), {"lot": 2}),
    Row("unknown_lot", (LOT,), replace(MOVE, items=block("1", lot=-1)), {"lot": -1}),
    Row("unknown_lot", (LOT,), replace(CONVERT, items=block("1", lot=2)), {"lot": 2}),
    Row("unknown_lot", (LOT,), c.Label(items=block("1", lot=2), kind="once"), {"lot": 2}),
    Row(
        "unknown_lot",
        (LOT, MOVE),
        c.Correct(entry=FURNISHED + 2, reason="error", items=block("1", lot=2)),
    ),
    Row(
        "outside_lot",
        (LOT,),
        replace(MOVE, items=block("100-101")),
        {"lot": 1, "serials": "100-101", "has": "1-100"},
    ),
    Row("outside_lot", (LOT,), replace(MOVE, items=block("0")), {"serials": "0"}),
    Row(
        "outside_lot",
        (replace(LOT, first_number="501"),),
        replace(MOVE, items=block("500")),
        {"has": "501-600"},
    ),
    Row(
        "named_twice",
        (LOT,),
        replace(MOVE, items=(*block("1-5"), *block("5"))),
        {"lot": 1, "serials": "5"},
    ),
    Row("named_twice", (LOT,), replace(MOVE, items=(*block("5"), *block("1-5")))),
    Row("named_twice", (LOT,), replace(MOVE, items=(*amount(5), *block("96-96")))),
    Row("named_twice", (LOT,), c.Label(items=(*block("1-5"), *block("5-9")), kind="once")),
    Row("named_twice", (LOT,), c.Label(items=(*block("1-5"), *block("5")), kind="own", value="x")),
    Row(
        "named_twice",
        (LOT,),
        ask(
            c.Label(items=block("1-5"), kind="own", value="x"),
            c.Label(items=block("5-9"), kind="own", value="y"),
        ),
    ),
    Row(
        "named_twice",
        (LOT, MOVE),
        c.Correct(entry=FURNISHED + 2, reason="error", items=(*block("1-5"), *block("4"))),
    ),
    Row(
        "held_elsewhere",
        (LOT, MOVE),
        replace(MOVE, items=block("6-15")),
        {"account": A, "lot": 1, "serials": "6-15", "elsewhere": f"6-10 by {B}", "free": 5},
    ),
    Row(
        "held_elsewhere",
        (LOT, replace(RETIRE, items=block("6-10"))),
        replace(MOVE, items=block("3-8")),
        {
            "elsewhere": f"6-8 by {RETIREMENT} (retired for voluntary_claim, "
            f"entry {FURNISHED + 2})",
            "free": 3,
        },
    ),
    Row("held_elsewhere", (LOT,), c.Label(items=block("1"), kind="own", value="x", source=B)),
    Row(
        "held_elsewhere",
        (LOT, MOVE, replace(MOVE, items=block("20-25")), replace(PLEDGE, items=block("12-13"))),
        replace(MOVE, items=block("5-22")),
        {"elsewhere": f"5-10 by {B}; 20-22 by {B}", "free": 7},
    ),
    Row(
        "locked",
        (LOT, PLEDGE),
        replace(MOVE, items=block("6-15")),
        {"serials": "6-15", "locks": "6-10 by pledge 1", "free": 5, "lot": 1, "account": A},
    ),
    Row(
        "sink_is_final",
        (LOT, replace(MOVE, target=PEER)),
        replace(PLEDGE, source=PEER, kind="freeze"),
        {"account": PEER, "sink": "peer"},
    ),
    Row("locked", (LOT, PLEDGE), PLEDGE, {"free": 0}),
    Row("locked", (LOT, PLEDGE), replace(PROPOSE, acts=(RETIRE,)), {"locks": "1-10 by pledge 1"}),
    Row(
        "locked",
        (LOT, MOVE, replace(PLEDGE, source=B, items=block("3-4"))),
        c.Correct(entry=FURNISHED + 2, reason="error"),
        {"locks": "3-4 by lock 1", "free": 8, "serials": "1-10", "lot": 1},
    ),
    Row(
        "locked",
        (LOT, PLEDGE),
        ask(
            c.Lock(source=A, items=block("1-20"), kind="freeze"),
            replace(MOVE, items=block("1-5")),
            by=AUTHORITY,
        ),
        {"locks": "1-5 by pledge 1; 1-5 by freeze 2"},
    ),
    Row(
        "not_enough_free",
        (LOT, PLEDGE),
        replace(MOVE, items=amount(91)),
        {"account": A, "lot": 1, "wanted": 91, "free": 90, "locked": 10},
    ),
    Row(
        "not_enough_free",
        (LOT, replace(PLEDGE, items=block("51-60"))),
        replace(MOVE, items=amount(91)),
        {"free": 90, "locked": 10},
    ),
    Row("not_enough_free", (LOT,), replace(MOVE, items=amount(1) * 101), {"free": 0}),
    Row(
        "not_enough_free",
        (LOT,),
        replace(MOVE, items=(*block("40-60"), *amount(80))),
        {"wanted": 80, "free": 79},
    ),
    Row(
        "too_fragmented",
        _pieces(751),
        replace(MOVE, items=block("1-1502")),
        {"pieces": 1502, "limit": 1500},
    ),
    Row("missing_beneficiary", (LOT,), replace(RETIRE, beneficiary="")),
    Row(
        "missing_period",
        (LOT,),
        replace(RETIRE, purpose="obligation"),
        {"act": "retire", "kind": "obligation"},
    ),
    Row(
        "missing_period",
        (LOT,),
        replace(GIVE, period=""),
        {"act": "surrender", "kind": "S"},
    ),
    Row("unknown_rule", (LOT,), replace(CONVERT, rule="GOLD"), {"rule": "GOLD"}),
    Row("unknown_rule", (LOT,), replace(CONVERT, rule="ABROAD"), {"rule": "ABROAD"}),
    Row(
        "unknown_rule",
        (OBSERVE,),
        replace(ADMIT, filed=ENDED, rule="HALF"),
        {"known": "ABROAD, ABROAD_DATED"},
    ),
    Row(
        "rule_does_not_fit",
        (replace(LOT, unit="OUT"),),
        CONVERT,
        {"rule": "WHOLE", "expected": "CRED", "lot": 1, "found": "OUT"},
    ),
    Row(
        "rule_does_not_fit",
        (replace(LOT, project="P2"),),
        replace(CONVERT, rule="MECH"),
        {"expected": "mechanism M1", "found": "mechanism M2"},
    ),
    Row("rule_does_not_fit", (LOT,), replace(CONVERT, rule="MECH"), {"found": "mechanism ?"}),
    Row(
        "rule_does_not_fit",
        (LOT, replace(LOT, vintage=2025)),
        replace(CONVERT, items=(*block("1"), *block("1", lot=2))),
        {"expected": "one project, vintage and host, as lot 1", "lot": 2},
    ),
    Row(
        "nothing_to_convert",
        (LOT,),
        replace(CONVERT, items=block("1"), rule="SEVEN"),
        {"quantity": 1, "unit": "OUT", "ratio": "7:10"},
    ),
    Row("unknown_lock", (), c.Lift(lock=1), {"lock": 1}),
    Row(
        "unknown_lock", (LOT, PLEDGE, ask(c.Lift(lock=1), by=AGENT)), ask(c.Lift(lock=1), by=AGENT)
    ),
    Row("unknown_lock", (LOT,), c.Expire(locks=(1,)), {"lock": 1}),
    Row("unknown_lock", (LOT, PROPOSE), c.Expire(locks=(1,)), {"lock": 1}),
    Row("lock_not_yours", (LOT, PLEDGE), c.Lift(lock=1), {"lift_by": f"person {AGENT}"}),
    Row(
        "lock_not_yours",
        (LOT, replace(PLEDGE, kind="hold")),
        ask(c.Lift(lock=1), by=SECOND),
        {"lift_by": "person 1", "lock": 1, "person": SECOND},
    ),
    Row(
        "lock_not_yours",
        (LOT, replace(PLEDGE, kind="freeze")),
        ask(c.Lift(lock=1), by=AGENT),
        {"lift_by": "an authority"},
    ),
    Row("lock_is_managed", (LOT, PROPOSE), c.Lift(lock=1), {"lock": 1, "kind": "proposal"}),
    Row("day_has_passed", (LOT,), replace(PLEDGE, until=DAY), {"day": str(DAY)}),
    Row("day_has_passed", (LOT,), replace(PROPOSE, until=DAY), {"today": str(DAY)}),
    Row(
        "not_yet_due",
        (LOT, replace(PLEDGE, until=TOMORROW)),
        c.Expire(locks=(1,)),
        {"what": "lock", "number": 1, "until": str(TOMORROW), "today": str(DAY)},
    ),
    Row("not_yet_due", (LOT, PLEDGE), c.Expire(locks=(1,)), {"until": "-"}),
    Row("not_yet_due", (LOT, PROPOSE), c.Expire(proposals=(1,)), {"what": "proposal"}),
    Row("unknown_proposal", (), c.Approve(proposal=1), {"proposal": 1}),
    Row("unknown_proposal", (), c.Reject(proposal=1), {"proposal": 1}),
    Row("unknown_proposal", (), c.Withdraw(proposal=1), {"proposal": 1}),
    Row("unknown_proposal", (), c.Expire(proposals=(1,)), {"proposal": 1}),
    Row(
        "proposal_settled",
        (LOT, PROPOSE, c.Withdraw(proposal=1)),
        ask(c.Approve(proposal=1), by=SECOND),
        {"proposal": 1, "outcome": "withdrawn"},
    ),
    Row(
        "proposal_settled",
        (LOT, PROPOSE, ask(c.Approve(proposal=1), by=SECOND)),
        ask(c.Approve(proposal=1), by=SECOND),
        {"outcome": "approved"},
    ),
    Row("same_person", (LOT, PROPOSE), c.Approve(proposal=1), {"person": 1, "proposal": 1}),
    Row("same_person", (LOT, PROPOSE), c.Reject(proposal=1), {"person": 1}),
    Row("not_proposer", (LOT, PROPOSE), ask(c.Withdraw(proposal=1), by=SECOND), {"by": 1}),
    Row(
        "label_written",
        (LOT, c.Label(items=block("5-9"), kind="once")),
        c.Label(items=block("9-12"), kind="once"),
        {"kind": "once", "lot": 1, "serials": "9-12", "entry": FURNISHED + 2},
    ),
    Row(
        "label_written",
        (LOT, c.Label(items=block("5"), kind="once")),
        c.Label(items=(Item(lot=1),), kind="once"),
    ),
    *[
        Row("bad_label_value", (LOT,), c.Label(items=block("1"), kind=kind, value=value))
        for kind, value in (
            ("once", "x"),
            ("grade", ""),
            ("grade", "x" * 401),
            ("day", "2025-02-30"),
            ("day", "20250228"),
            ("day", "2025-W09-5"),
            ("day", ""),
            ("party", "XX"),
            ("count", "-1"),
            ("count", "²"),
            ("count", ""),
            ("count", "1" * 19),
        )
    ],
    Row("unknown_entry", (), c.Correct(entry=99, reason="error"), {"entry": 99}),
    Row(
        "nothing_to_correct",
        (LOT,),
        c.Correct(entry=FURNISHED + 1, reason="error"),
        {"entry": FURNISHED + 1, "why": "it moved nothing"},
    ),
    Row(
        "nothing_to_correct",
        (LOT, CONVERT),
        c.Correct(entry=FURNISHED + 2, reason="error"),
        {"why": "a conversion stands, cancel what it made"},
    ),
    Row(
        "nothing_to_correct",
        (LOT, MOVE),
        c.Correct(entry=FURNISHED + 2, reason="error", items=block("10-11")),
        {"why": "it did not move 10-11 of lot 1 as one block"},
    ),
    Row(
        "nothing_to_correct",
        (
            LOT,
            c.Retire(source=A, items=block("1-10"), beneficiary="ACME"),
            c.Correct(entry=FURNISHED + 2, reason="the wrong client"),
        ),
        c.Correct(entry=FURNISHED + 3, reason="the right one after all"),
        {"why": "what came back from its end is retired or cancelled again"},
    ),
    Row(
        "nothing_to_correct",
        (LOT, ask(MOVE, c.Transfer(source=B, target=A, items=block("1-10")))),
        c.Correct(entry=FURNISHED + 2, reason="there and back"),
        {"why": "it moved nothing"},
    ),
    Row(
        "moved_since",
        (LOT, MOVE, c.Transfer(source=B, target=A, items=block("5"))),
        c.Correct(entry=FURNISHED + 2, reason="error"),
        {"serials": "1-10", "lot": 1, "entry": FURNISHED + 3},
    ),
    Row("bad_digest", (), replace(OBSERVE, digest="ab"), {"what": "digest"}),
    Row("bad_digest", (), replace(OBSERVE, root=DIGEST.upper()), {"what": "root"}),
    Row("bad_digest", (), c.Root(root="", holdings=0), {"what": "root"}),
    Row("unknown_observation", (), ADMIT, {"observation": FURNISHED + 1}),
    Row("row_not_observed", (OBSERVE,), replace(ADMIT, filed=replace(FILED, index=1))),
    Row("row_not_observed", (OBSERVE,), replace(ADMIT, filed=replace(FILED, row="{}"))),
    Row("row_not_observed", (OBSERVE,), replace(ADMIT, filed=replace(FILED, row=FILED.row + " "))),
    Row("row_not_observed", (OBSERVE,), replace(ADMIT, filed=replace(FILED, proof=("zz",)))),
    Row("row_not_observed", (OBSERVE,), replace(ADMIT, filed=replace(FILED, proof=()))),
    Row("row_does_not_fit", (OBSERVE,), replace(ADMIT, filed=ENDED), {"found": "cancellation"}),
    Row(
        "row_does_not_fit",
        (OBSERVE,),
        replace(ADMIT, rule="ABROAD"),
        {"found": "block", "expected": "a cancellation abroad"},
    ),
    *[
        Row("row_does_not_fit", (seen(**bad)[0],), replace(ADMIT, filed=seen(**bad)[1]))
        for bad in (
            {"key": ""},
            {"first": ""},
            {"last": "x"},
            {"first": "²"},
            {"last": "9" * 41},
            {"quantity": 9},
            {"first": "15"},
        )
    ],
    Row(
        "foreign_serial_used",
        (OBSERVE, ADMIT),
        ADMIT,
        {"serials": "5-14", "lot": 1},
    ),
    Row("bad_proposal", (LOT,), replace(PROPOSE, acts=(c.Lift(lock=1),)), {"act": "lift"}),
    Row("bad_proposal", (LOT,), replace(PROPOSE, acts=(MOVE, c.CloseAccount(account=B)))),
    Row("bad_proposal", (LOT,), ask(MOVE, PROPOSE), {"act": "propose"}),
    Row(
        "bad_proposal",
        (LOT, replace(LOT, account=B), PROPOSE),
        ask(RETIRE_B, c.Approve(proposal=1)),
        {"act": "approve"},
    ),
    Row("bad_text", (), c.OpenAccount(account=1005, sink="voluntary"), {"field": "sink"}),
    Row("bad_text", (), c.OpenAccount(account=0, sink="voluntary"), {"field": "account"}),
    Row("bad_text", (), c.OpenAccount(account=10**12), {"field": "account"}),
    Row("bad_text", (), c.Enrol(person=0, name=""), {"field": "person", "found": 0}),
    Row("bad_text", (), c.Enrol(person=10**12, name=""), {"field": "person"}),
    Row("bad_text", (), c.RegisterProject(project="", party="TW"), {"field": "project"}),
    Row("bad_text", (), c.RegisterProject(project="a b", party="TW"), {"found": "a b"}),
    Row("bad_text", (), c.RegisterProject(project="x" * 81, party="TW"), {"found": "x" * 80}),
    Row(
        "bad_text",
        (),
        c.RegisterProject(project="P9", party="TW", activity="magic"),
        {"field": "activity"},
    ),
    Row("bad_text", (), replace(LOT, vintage=1989), {"field": "vintage", "found": 1989}),
    Row("bad_text", (), replace(LOT, vintage=2101), {"field": "vintage"}),
    Row(
        "unknown_kind",
        (),
        c.RegisterProject(project="P9", party="TW", kind="magic"),
        {"kind": "magic", "known": "project, programme, policy"},
    ),
    Row("bad_text", (), replace(LOT, activity="magic"), {"field": "activity"}),
    Row("bad_text", (), replace(LOT, commitment_period=100), {"field": "commitment_period"}),
    Row("bad_text", (), replace(LOT, commitment_period=-1), {"found": -1}),
    Row("bad_text", (), replace(LOT, facts={"k" * 100: "v" * 101}), {"field": "facts"}),
    Row("bad_text", (), replace(LOT, facts={str(n): "v" for n in range(31)}), {"found": 31}),
    Row("bad_text", (LOT,), replace(RETIRE, period="x" * 201), {"field": "period"}),
    Row("bad_text", (LOT, MOVE), c.Correct(entry=FURNISHED + 2, reason=""), {"field": "reason"}),
    Row("bad_text", (), replace(OBSERVE, register=""), {"field": "register"}),
    Row("bad_text", (), replace(OBSERVE, register="x" * 81), {"found": "x" * 80}),
    *OF_COMPLIANCE,
    *[Row(*row) for row in mechanism_rows.REFUSED],
    *[Row(*row) for row in (*article6_rows.REFUSED, *register_rows.REFUSED, *plan_rows.REFUSED)],
    *[Row(*row) for row in authorisation_rows.REFUSED],
    *[Row(*row) for row in recall_rows.REFUSED],
    *[Row(*row) for row in finality_rows.REFUSED],
    *[Row(*row) for row in agreement_rows.REFUSED],
    *[Row(*row) for row in levy_rows.REFUSED],
)


class Dated(NamedTuple):
    """A row that holds on some days: the act, the day, and whether it is refused then."""

    code: str
    when: Act
    day: date
    refused: bool


_DATED = replace(LOT, unit="DATED", vintage=0)
DATED = (
    Dated("unit_not_in_force", _DATED, date(2025, 12, 31), True),
    Dated("unit_not_in_force", _DATED, date(2026, 1, 1), False),
    Dated("unit_not_in_force", _DATED, date(2026, 12, 31), False),
    Dated("unit_not_in_force", _DATED, date(2027, 1, 1), True),
    Dated("rule_not_in_force", replace(CONVERT, rule="DATED"), date(2025, 12, 31), True),
    Dated("rule_not_in_force", replace(CONVERT, rule="DATED"), date(2026, 1, 1), False),
    Dated("rule_not_in_force", replace(CONVERT, rule="DATED"), date(2026, 12, 31), False),
    Dated("rule_not_in_force", replace(CONVERT, rule="DATED"), date(2027, 1, 1), True),
)
