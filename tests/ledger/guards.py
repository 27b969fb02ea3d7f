"""The order of guards, act by act: a breach for each, so that any two together show which wins.

A breach changes some fields of a request that is otherwise accepted (`item.*` are fields of its
one item). Two breaches of different fields are asked together; the earlier in the list answers.
The page docs/reference/kernel-guards.md is this table, written out by `page()`.
"""

from __future__ import annotations

import textwrap
from datetime import date, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace
from tests.ledger import (
    agreement_rows,
    article6_rows,
    authorisation_rows,
    compliance_guards,
    finality_rows,
    levy_rows,
    mechanism_guards,
    plan_rows,
    recall_rows,
    register_rows,
)
from tests.ledger.given import AGENT, DAY, PAIR, RETIREMENT, SECOND, A, B, amount, block, given
from tests.ledger.guards_elsewhere import ALSO
from tests.ledger.refusal_rows import ENDED, FURNISHED, LOT, OBSERVE, PLEDGE, seen

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Act, Item, Request
from onetonne.ledger.refusals import CODES
from onetonne.ledger.state import State

TOMORROW, YESTERDAY = DAY + timedelta(1), DAY - timedelta(1)
SHUT, GONE = 1099, 77
HELD, LOCKED, BOTH = "31-45", "51-60", "31-60"


class Breach(NamedTuple):
    code: str
    label: str
    fields: dict[str, Any]


class Guards(NamedTuple):
    """One act's guards, first to last, on a request that `base` makes."""

    base: Act
    breaches: tuple[Breach, ...]


def world() -> State:
    """A lot of A with serials held elsewhere, serials locked, and one of each obstacle."""
    return given(
        replace(LOT, project="P1"),
        c.Issue(unit="STAY", quantity=100, account=A),
        replace(LOT, account=PAIR),
        c.Transfer(source=A, target=B, items=block("31-40")),
        replace(PLEDGE, items=block("51-60")),
        c.OpenAccount(account=SHUT),
        c.CloseAccount(account=SHUT),
        c.Enrol(person=GONE, name=""),
        c.Dismiss(person=GONE),
        OBSERVE,
        c.Propose(acts=(c.Transfer(source=A, target=B, items=block("61-62")),)),
        c.Propose(acts=(c.Transfer(source=A, target=B, items=block("63-64")),)),
        c.Withdraw(proposal=2),
        c.Convert(source=A, items=block("65"), rule="WHOLE"),
        replace(PLEDGE, kind="hold", items=block("71")),
        c.Label(items=block("72"), kind="once"),
        *compliance_guards.WORLD,
        *article6_rows.WORLD,
        *mechanism_guards.WORLD,
        *register_rows.WORLD,
        *plan_rows.WORLD,
        *authorisation_rows.WORLD,
        *recall_rows.WORLD,
        *finality_rows.WORLD,
    )


OBSERVED = FURNISHED + 10
MOVED = FURNISHED + 4


def breach(code: str, label: str, **fields: Any) -> Breach:
    return Breach(code, label, {name.replace("item_", "item."): v for name, v in fields.items()})


REQUEST = (
    breach("empty_request", "no act at all", acts=()),
    breach("too_many_items", "more than 100 acts", acts=101),
    breach("unknown_person", "nobody active of that number", by=GONE),
    breach("effective_day_not_allowed", "another day without a decision", cites=""),
    breach("effective_day_in_future", "another day after today", effective=TOMORROW),
)
_SOURCE = (
    breach("unknown_account", "the source is unknown", source=4242),
    breach("account_closed", "the source is closed", source=SHUT),
    breach(
        "sink_is_final", "the source is a sink, or stands for another registry", source=RETIREMENT
    ),
    breach("needs_two_people", "the source acts with two people", source=PAIR),
)
_ITEMS = (
    breach("empty_request", "no item", items=()),
    breach("too_many_items", "more than 300 items", items=301),
    breach("item_malformed", "an item is neither or both of serials and quantity", item_quantity=5),
    breach("unknown_lot", "its lot is unknown", item_lot=99),
    breach("act_not_permitted_for_unit", "its unit does not know this act or end", item_lot=2),
    breach("bad_number", "its serials are no range", item_serials="x"),
    breach("outside_lot", "they lie outside the lot", item_serials="99-101"),
    breach("named_twice", "an earlier item named some of them", items="twice"),
    breach("held_elsewhere", "the source does not hold all of them", item_serials=HELD),
    breach("locked", "some of them are locked", item_serials=LOCKED),
)
_TARGET = (
    breach("unknown_account", "the target is unknown", target=4242),
    breach("account_closed", "the target is closed", target=SHUT),
    breach("not_an_end", "the target is a sink", target=RETIREMENT),
)
_NEW_ACCOUNT = (
    breach("unknown_account", "the account is unknown", account=4242),
    breach("account_closed", "the account is closed", account=SHUT),
    breach("not_an_end", "the account is a sink", account=RETIREMENT),
)
_LOT = (
    breach("unknown_project", "the project is unknown", project="P9"),
    breach("missing_fact", "its type needs a fact that is not given", vintage=0),
    breach("unknown_party", "the host is no Party", host="XX"),
    breach("bad_text", "the vintage is not between 1990 and 2100", vintage=1989),
    breach("bad_text", "the commitment period is not between 0 and 99", commitment_period=100),
    breach("bad_text", "it is neither reduction nor removal", activity="magic"),
    breach("bad_text", "its facts are too many or too long", facts={"k": "v" * 200}),
)

GUARDS: dict[type[Any], Guards] = {
    c.Enrol: Guards(
        c.Enrol(person=9, name=""),
        (
            breach("bad_text", "the number has more than 12 digits", person=10**12),
            breach("number_taken", "the number is another's", person=AGENT),
            breach("unknown_kind", "a role is unknown", roles=("king",)),
        ),
    ),
    c.Dismiss: Guards(
        c.Dismiss(person=AGENT),
        (breach("unknown_person", "nobody active of that number", person=GONE),),
    ),
    c.OpenAccount: Guards(
        c.OpenAccount(account=1005),
        (
            breach("bad_text", "the number has more than 12 digits", account=10**12),
            breach("number_taken", "the number is taken or reserved", account=A),
            breach("unknown_kind", "the kind is unknown", kind="box"),
            breach("bad_text", "a sink is named for what is none", sink="unopened"),
            breach("unknown_party", "the Party is unknown", party="XX"),
            breach("unknown_person", "an agent is unknown", agents=(99,)),
        ),
    ),
    c.CloseAccount: Guards(
        c.CloseAccount(account=PAIR + 1),
        (
            breach("unknown_account", "the account is unknown", account=4242),
            breach("account_closed", "the account is closed", account=SHUT),
            breach("sink_is_final", "the account is a sink", account=RETIREMENT),
            breach("account_not_empty", "the account holds units", account=B),
        ),
    ),
    c.RegisterProject: Guards(
        c.RegisterProject(project="P9", party="TW"),
        (
            breach("bad_text", "the code is not of letters, digits, . _ / -", project="a b"),
            breach("number_taken", "the code is taken", project="P1"),
            breach("unknown_party", "the Party is unknown", party="XX"),
            breach("bad_text", "it is neither reduction nor removal", activity="magic"),
            breach("unknown_kind", "it is no project, programme or policy", kind="magic"),
        ),
    ),
    c.Issue: Guards(
        LOT,
        (
            breach("unknown_unit", "the unit type is unknown", unit="GOLD"),
            breach(
                "act_not_permitted_for_unit",
                "units of this type are not issued here",
                unit="NOISSUE",
            ),
            breach(
                "unit_not_in_force",
                "the type is not issued on this day",
                unit="DATED",
                day=date(2027, 1, 1),
            ),
            *_NEW_ACCOUNT,
            breach("bad_quantity", "the quantity is not between 1 and 2^62", quantity=0),
            breach(
                "bad_number", "the first number is none, or the last is too long", first_number="x"
            ),
            *_LOT[:5],
            breach(
                "activity_mismatch",
                "the type is for the other activity",
                unit="REM",
                activity="reduction",
            ),
            *_LOT[5:],
        ),
    ),
    c.Admit: Guards(
        c.Admit(
            filed=replace(seen()[1], observation=OBSERVED), account=A, unit="CRED", vintage=2024
        ),
        (
            *_NEW_ACCOUNT,
            breach(
                "unknown_observation",
                "the observation is unknown",
                filed=replace(ENDED, observation=99),
            ),
            breach(
                "row_not_observed",
                "the row is not in it",
                filed=replace(ENDED, observation=OBSERVED, index=0),
            ),
            breach(
                "row_does_not_fit",
                "the row is of another kind",
                filed=replace(ENDED, observation=OBSERVED),
            ),
            breach("unknown_unit", "the unit type is unknown", unit="GOLD"),
            breach(
                "act_not_permitted_for_unit",
                "units of this type are not issued here",
                unit="NOISSUE",
            ),
            *[row for row in _LOT if set(row.fields) <= {"project", "vintage", "host", "activity"}],
        ),
    ),
    c.Transfer: Guards(
        c.Transfer(source=A, target=B, items=block("1-10")),
        (
            *_SOURCE,
            *_TARGET,
            breach("same_account", "source and target are one", target=A),
            *_ITEMS,
        ),
    ),
    c.Retire: Guards(
        c.Retire(source=A, items=block("1-10"), beneficiary="ACME", period="2025"),
        (
            breach("unknown_kind", "the purpose is unknown", purpose="fun"),
            breach("missing_beneficiary", "nobody benefits", beneficiary=""),
            breach("missing_period", "the purpose needs a period", purpose="obligation", period=""),
            breach("bad_text", "the period is too long", period="x" * 201),
            *_SOURCE,
            *_ITEMS,
        ),
    ),
    c.Cancel: Guards(
        c.Cancel(source=A, items=block("1-10")),
        (
            breach("unknown_kind", "the kind is unknown", kind="fire"),
            *_SOURCE,
            breach("unknown_kind", "this ledger has no sink of that kind", kind="unopened"),
            *_ITEMS,
            Breach(
                "left_its_host",
                "its host is to count what was first transferred",
                {
                    "source": article6_rows.JAPAN,
                    "item.serials": "91-95",
                    "kind": "towards_ndc_host",
                },
            ),
        ),
    ),
    c.Convert: Guards(
        c.Convert(source=A, items=block("1-10"), rule="SEVEN"),
        (
            *_SOURCE,
            *_TARGET,
            breach("unknown_rule", "the rule is unknown", rule="GOLD"),
            breach(
                "rule_not_in_force",
                "the rule is not in force on this day",
                rule="DATED",
                day=date(2027, 1, 1),
            ),
            breach("unknown_lot", "an item's lot is unknown", item_lot=99),
            breach(
                "rule_does_not_fit", "the rule does not take this unit, or these facts", item_lot=2
            ),
            breach(
                "rule_does_not_fit", "the lots differ in project, vintage or host", items="mixed"
            ),
            breach(
                "missing_fact",
                "the rule is a system's, or uses its limits, and no system is named",
                rule="OWN",
                system="",
            ),
            breach("unknown_system", "the law does not know the system", system="T"),
            breach(
                "rule_does_not_fit",
                "the rule is another system's, or uses up another's limits",
                rule="OTHER",
                system="S",
            ),
            breach("missing_period", "a system, and no period", system="S"),
            breach("unknown_period", "the system has no such period", system="S", period="1999"),
            breach(
                "not_an_operator",
                "no such operator, or the account is not its own",
                system="S",
                period="2025",
            ),
            *[row for row in _ITEMS if row.fields not in ({"item.lot": 99}, {"item.lot": 2})],
            breach("nothing_to_convert", "they make no whole unit", item_serials="1"),
            breach(
                "limit_not_known",
                "whatever the system's gate refuses (see surrender)",
                rule="PATH",
                system="S",
                period="2025",
                operator="SOME",
                item_lot=compliance_guards.REM,
                item_serials="1-10",
            ),
        ),
    ),
    c.Lock: Guards(
        c.Lock(source=A, items=block("1-10"), kind="pledge", lift_by=AGENT),
        (
            breach(
                "unknown_kind", "the kind is unknown, or is set by its procedure", kind="proposal"
            ),
            *_SOURCE,
            breach("day_has_passed", "its last day is not after today", until=DAY),
            breach("unknown_person", "who may lift it is unknown", lift_by=99),
            breach("missing_fact", "the kind needs to know who may lift it", lift_by=0),
            *_ITEMS,
        ),
    ),
    c.Lift: Guards(
        c.Lift(lock=4),
        (
            breach("unknown_lock", "the lock is unknown or lifted", lock=99),
            breach("lock_is_managed", "a procedure lifts it", lock=2),
            breach("lock_not_yours", "it is another's to lift", by=SECOND),
        ),
    ),
    c.Label: Guards(
        c.Label(items=block("1-10"), kind="own", value="x"),
        (
            breach("unknown_kind", "the kind is unknown", kind="star"),
            *_ITEMS[:2],
            breach("bad_label_value", "the value is not of its kind", value=""),
            breach("unknown_lot", "an item's lot is unknown", item_lot=99),
            breach("act_not_permitted_for_unit", "its unit does not know labels", item_lot=2),
            breach("item_malformed", "an item is a quantity", item_quantity=5),
            *_ITEMS[5:7],
            breach("held_elsewhere", "the holder who labels does not hold all of them", source=B),
            breach("named_twice", "this entry labelled some of them", items="twice"),
            breach(
                "label_written",
                "they were written once",
                kind="once",
                value="",
                item_serials="72-73",
            ),
        ),
    ),
    c.Correct: Guards(
        c.Correct(entry=MOVED, reason="r", items=block("31-40")),
        (
            breach("unknown_entry", "the entry is unknown", entry=9_999),
            breach("bad_text", "no reason", reason=""),
            breach(
                "nothing_to_correct", "the entry moved nothing, or converted", entry=FURNISHED + 1
            ),
            breach("unknown_lot", "an item's lot is unknown", item_lot=99),
            breach("item_malformed", "an item is not serials", item_quantity=5),
            breach("bad_number", "its serials are no range", item_serials="x"),
            breach("outside_lot", "they lie outside the lot", item_serials="99-101"),
            breach(
                "nothing_to_correct",
                "the entry did not move them as one block",
                item_serials="40-41",
            ),
            breach("named_twice", "an earlier item named some of them", items="twice"),
        ),
    ),
    c.Observe: Guards(
        OBSERVE,
        (
            breach("bad_digest", "digest or root is no SHA-256 in hex", digest="x"),
            breach("bad_text", "the register is empty or too long", register=""),
            breach("bad_quantity", "the rows are not between 1 and 50 million", rows=0),
            breach("effective_day_in_future", "the day lies after today", day_=TOMORROW),
        ),
    ),
    c.Root: Guards(
        c.Root(root="ab" * 32, holdings=1),
        (breach("bad_digest", "the root is no SHA-256 in hex", root="x"),),
    ),
    c.Propose: Guards(
        c.Propose(acts=(c.Transfer(source=A, target=B, items=block("1-10")),)),
        (
            breach("empty_request", "no act", acts_=()),
            breach(
                "bad_proposal", "an act that cannot be proposed", acts_=(c.CloseAccount(account=B),)
            ),
            breach("day_has_passed", "its last day is not after today", until=DAY),
            breach(
                "held_elsewhere",
                "whatever the proposed acts are refused for",
                acts_=(c.Transfer(source=A, target=B, items=block(HELD)),),
            ),
        ),
    ),
    c.Approve: Guards(
        c.Approve(proposal=1),
        (
            breach("unknown_proposal", "the proposal is unknown", proposal=99),
            breach("proposal_settled", "it is settled, or its last day has come", proposal=2),
            breach("same_person", "the proposer approves", by=1),
        ),
    ),
    c.Reject: Guards(
        c.Reject(proposal=1),
        (
            breach("unknown_proposal", "the proposal is unknown", proposal=99),
            breach("proposal_settled", "the proposal is settled", proposal=2),
            breach("same_person", "the proposer rejects", by=1),
        ),
    ),
    c.Withdraw: Guards(
        c.Withdraw(proposal=1),
        (
            breach("unknown_proposal", "the proposal is unknown", proposal=99),
            breach("proposal_settled", "the proposal is settled", proposal=2),
            breach("not_proposer", "another than the proposer withdraws", by=SECOND),
        ),
    ),
    c.Expire: Guards(
        c.Expire(),
        (
            breach("unknown_proposal", "a proposal is unknown", proposals=(99,)),
            breach("proposal_settled", "a proposal is settled", proposals=(2,)),
            breach("not_yet_due", "a proposal is not due", proposals=(1,)),
            breach("unknown_lock", "a lock is unknown, lifted, or a proposal's", locks=(99,)),
            breach("not_yet_due", "a lock is not due", locks=(1,)),
            breach("unknown_duty", "no duty of that entry is open", duties=(99,)),
            breach("not_yet_due", "a duty is not overdue", duties=(compliance_guards.DUTY,)),
            breach("empty_request", "nothing to expire", locks=()),
        ),
    ),
    **{
        type(act): Guards(act, tuple(Breach(*row) for row in rows))
        for act, rows in (
            *article6_rows.GUARDS,
            *mechanism_guards.GUARDS,
            *register_rows.GUARDS,
            *plan_rows.GUARDS,
            *authorisation_rows.GUARDS,
            *recall_rows.GUARDS,
            *finality_rows.GUARDS,
            *agreement_rows.GUARDS,
            *levy_rows.GUARDS,
        )
    },
}

GUARDS |= {
    kind: Guards(base, tuple(breach(*row[:2], **row[2]) for row in rows(_SOURCE, _ITEMS)))
    for kind, (base, rows) in compliance_guards.GUARDS.items()
}
WHO = {c.Approve: SECOND, c.Reject: SECOND}
_REQUEST_FIELDS = ("by", "day", "effective", "cites")


def build(act: Act, fields: dict[str, Any]) -> tuple[Request, date]:
    """The request with these breaches, and the day on which it is asked."""
    fields = dict(fields)
    outer = {name: fields.pop(name) for name in _REQUEST_FIELDS if name in fields}
    day = outer.pop("day", DAY)
    inner = {name[5:]: fields.pop(name) for name in list(fields) if name.startswith("item.")}
    fields = {name.removesuffix("_"): value for name, value in fields.items()}
    many = fields.pop("items", None)
    items = getattr(act, "items", ())
    if inner:
        items = (replace(items[0], **inner), *items[1:])
    if isinstance(many, tuple) and many:
        items = many
    elif many is not None:
        items = _many(items[0], many)
    if items:
        fields["items"] = items
    elif many == ():
        fields["items"] = ()
    outer.setdefault("by", WHO.get(type(act), 1))
    if type(act) in compliance_guards.DECIDED:
        outer.setdefault("cites", "decision 1")
    return Request(acts=(replace(act, **fields),), **outer), day


def _many(item: Item, many: Any) -> tuple[Item, ...]:
    if many == "twice":
        return (Item(lot=1, serials=item.serials), item)
    if many == "mixed":
        return (item, *amount(1, lot=3))
    return (item,) * many if isinstance(many, int) else ()


def page() -> str:
    """The reference page: each act's guards in order, with number and code."""
    lines = [
        "# The order of guards",
        "",
        "Of several reasons to refuse, the first in this order is the answer. After the last guard",
        "an act must succeed. Of several items the first is looked at whole before the next. This",
        "page is written from the table that the tests try, any two breaches together",
        "(`tests/ledger/guards.py`); `not_permitted`, `key_reused` and `entry_too_large` are the",
        "service's: the first two come before every guard here, the last after them. What an act",
        "meets only in a state of its own is listed below its guards, without an order.",
        "",
        "## Every request",
        "",
        *_listed(REQUEST),
    ]
    for kind, guards in GUARDS.items():
        lines += ["", f"## `{kind.__struct_config__.tag}`", "", *_listed(guards.breaches)]
        if also := ALSO.get(kind.__struct_config__.tag):
            named = ", ".join(f"`{code}` ({CODES[code][0]})" for code in also)
            lines += ["", *textwrap.wrap(f"Also, in a state of its own: {named}.", 96)]
    lines += [
        "",
        "## What an item may meet last",
        "",
        "- `effective_before_last_move` (10): on another day, serials that moved later.",
        "- `bad_quantity` (25), `not_enough_free` (33): a quantity that is none, or not there.",
        "- `too_fragmented` (34): the items of one command cross more than 1,500 holdings.",
        "- A correction meets `needs_two_people` (7) for either account, `moved_since` (54) and",
        "  `locked` (32), in this order, for each block.",
        "",
    ]
    return "\n".join(lines)


def reasons(kind: Any) -> set[str]:
    """Every reason for which the page says that an act may be refused."""
    tag = kind.__struct_config__.tag
    return {row.code for row in GUARDS[kind].breaches}.union(ALSO.get(tag, ()))


def _listed(breaches: tuple[Breach, ...]) -> list[str]:
    return [
        f"{place}. `{row.code}` ({CODES[row.code][0]}): {row.label}."
        for place, row in enumerate(breaches, 1)
    ]
