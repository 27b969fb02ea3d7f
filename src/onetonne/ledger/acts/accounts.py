"""People, accounts and projects: who may act, where units may stand, what made them."""

import re

from onetonne.base.parties import is_party
from onetonne.ledger.commands import CloseAccount, Dismiss, Enrol, OpenAccount, RegisterProject
from onetonne.ledger.events import (
    AccountClosed,
    AccountOpened,
    Dismissed,
    Enrolled,
    Event,
    ProjectRegistered,
)
from onetonne.ledger.items import Context, open_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.units import ACTIVITIES

ROLES = ("registrar", "authority", "agent", "auditor", "verifier", "supervisor")
"""A verifier stands for a designated operational entity too, a supervisor for the mechanism's
Supervisory Body."""
KINDS = (
    *("entity", "operator", "party", "trader", "buffer", "escrow", "peer"),
    *("pending", "adaptation_fund"),
)
"""Kinds of account that hold units. A peer account stands for another registry: what goes
there has left this ledger, so it is a sink too."""
RESERVED = 1_000
"""Account numbers below are sinks."""
LIMIT = 10**12
"""Numbers of accounts and people are below; 0 is the ledger's clock."""
PROJECT_KINDS = ("project", "programme", "policy")
"""Activities of a cooperative approach are single, many under one plan, or a measure of a Party."""
_PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,79}")


def enrol(state: State, act: Enrol, ctx: Context) -> tuple[Event, ...]:
    _number("person", act.person)
    if act.person in state.persons:
        raise Refused("number_taken", what="person", number=act.person)
    unknown = [role for role in act.roles if role not in ROLES]
    if unknown or not act.roles:
        kind = ", ".join(unknown) or "-"
        raise Refused("unknown_kind", kind=kind, what="role", known=", ".join(ROLES))
    return (Enrolled(person=act.person, name=act.name, roles=act.roles),)


def _number(what: str, number: int) -> None:
    if not 0 < number < LIMIT:
        expected = "a number of at most 12 digits"
        raise Refused("bad_text", field=what, found=number, expected=expected)


def dismiss(state: State, act: Dismiss, ctx: Context) -> tuple[Event, ...]:
    person = state.persons.get(act.person)
    if person is None or not person.active:
        raise Refused("unknown_person", person=act.person)
    others = (row for row in state.persons.values() if row.active and row.person != act.person)
    if "registrar" in person.roles and not any("registrar" in row.roles for row in others):
        raise Refused("last_registrar", person=act.person)
    return (Dismissed(person=act.person),)


def open_new(state: State, act: OpenAccount, ctx: Context) -> tuple[Event, ...]:
    _number("account", act.account)
    if act.account in state.accounts or (act.account < RESERVED and not act.sink):
        raise Refused("number_taken", what="account", number=act.account)
    if act.kind not in KINDS and not (act.kind == "sink" and act.sink):
        raise Refused("unknown_kind", kind=act.kind, what="account kind", known=", ".join(KINDS))
    if act.kind == "sink":
        _new_sink(state, ctx, act.sink)
    elif act.sink:
        raise Refused("bad_text", field="sink", found=act.sink, expected="kind sink only")
    # What goes to another registry goes to a Party, which decides whether it is first transferred.
    if (act.party or act.kind == "peer") and not is_party(act.party):
        raise Refused("unknown_party", party=act.party)
    for agent in act.agents:
        person = state.persons.get(agent)
        if person is None or not person.active:
            raise Refused("unknown_person", person=agent)
    event = AccountOpened(
        account=act.account,
        kind=act.kind,
        party=act.party,
        holder=act.holder,
        agents=act.agents,
        two_people=act.two_people,
        sink=act.sink,
    )
    return (event,)


def _new_sink(state: State, ctx: Context, sink: str) -> None:
    if sink not in ctx.law.cancellation_kinds:
        known = ", ".join(sorted(ctx.law.cancellation_kinds))
        raise Refused("unknown_kind", kind=sink, what="cancellation kind", known=known)
    if any(account.sink == sink for account in state.accounts.values()):
        raise Refused("number_taken", what="sink", number=sink)


def close(state: State, act: CloseAccount, ctx: Context) -> tuple[Event, ...]:
    account = open_account(state, act.account)
    if account.sink:
        raise Refused("sink_is_final", account=act.account, sink=account.sink)
    held = sum(
        h.next - h.first
        for lane in state.lanes.values()
        for h in lane.rows.values()
        if h.account == act.account
    )
    if held:
        raise Refused("account_not_empty", account=act.account, held=held)
    return (AccountClosed(account=act.account),)


def register_project(state: State, act: RegisterProject, ctx: Context) -> tuple[Event, ...]:
    if not _PROJECT.fullmatch(act.project):
        expected = "a code of letters, digits, . _ / - (at most 80)"
        raise Refused("bad_text", field="project", found=act.project[:80], expected=expected)
    if act.project in state.projects:
        raise Refused("number_taken", what="project", number=act.project)
    if not is_party(act.party):
        raise Refused("unknown_party", party=act.party)
    if act.activity not in ACTIVITIES:
        expected = "reduction or removal"
        raise Refused("bad_text", field="activity", found=act.activity, expected=expected)
    if act.kind not in PROJECT_KINDS:
        known = ", ".join(PROJECT_KINDS)
        raise Refused("unknown_kind", kind=act.kind, what="kind of activity", known=known)
    event = ProjectRegistered(
        project=act.project,
        party=act.party,
        name=act.name,
        mechanism=act.mechanism,
        methodology=act.methodology,
        activity=act.activity,
        kind=act.kind,
    )
    return (event,)
