"""Authorise, change, revoke: a Party says which outcomes may be used, by whom and for what.

An authorisation is an object with versions. A change or a revocation reaches only what is not
yet first transferred (4/CMA.6). One that is made when units exist may first transfer them.
"""

import re
from typing import Any

from msgspec.structs import replace

from onetonne.base.parties import is_party
from onetonne.ledger.acts.contribution import left_out
from onetonne.ledger.acts.first_transfer import (
    FIRST_VINTAGE,
    FOR_OTHERS,
    Writing,
    check_participation,
    in_scope,
    newest,
    retroactive,
)
from onetonne.ledger.acts.plan import check_plan
from onetonne.ledger.article6.agreements import lapsed
from onetonne.ledger.article6.commands import (
    Authorise,
    ChangeAuthorisation,
    RevokeAuthorisation,
    Terms,
)
from onetonne.ledger.article6.events import AuthorisationRevoked, Authorised, Block
from onetonne.ledger.article6.recalls import MAX_DAYS
from onetonne.ledger.article6.standing import check_not_withdrawn, has_ended, is_spent
from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.commands import Item
from onetonne.ledger.events import Event
from onetonne.ledger.items import (
    MAX_ITEMS,
    MAX_PIECES,
    MAX_QUANTITY,
    Context,
    lot_of,
    offsets,
    open_account,
)
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

PURPOSES = ("NDC", "IMP", "OP")
"""Towards an NDC; international mitigation such as CORSIA; other purposes. OIMP is both others."""
TRIGGERS = ("authorisation", "issuance", "use")
LAST_VINTAGE = 2100
MAX_TEXT = 2_000
STATEMENTS = (
    "sectors", "activity_types", "gwp", "methodologies", "registries", "last_issuance",
    "double_counting", "conditions",
)  # fmt: skip
"""What an authorisation may say in words beside its terms (4/CMA.6)."""
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,79}")
DIGEST = re.compile(r"[0-9a-f]{64}")
_FIELDS = frozenset(Authorisation.__struct_fields__)


def authorise(state: State, act: Authorise, ctx: Context) -> tuple[Event, ...]:
    if not CODE.fullmatch(act.authorisation):
        expected = "a code of letters, digits, blank . / - (at most 80)"
        found = act.authorisation[:80]
        raise Refused("bad_text", field="authorisation", found=found, expected=expected)
    if (act.authorisation, 1) in state.authorisations:
        raise Refused("number_taken", what="authorisation", number=act.authorisation)
    _not_over(act, ctx)
    return _version(state, act, ctx, None)


def _not_over(act: Terms, ctx: Context) -> None:
    """No version begins after its own last day: it could first transfer nothing lawfully."""
    day = ctx.request.effective or ctx.day
    if act.use_by is not None and act.use_by < day:
        raise Refused("day_has_passed", day=str(act.use_by), today=str(day))


def change(state: State, act: ChangeAuthorisation, ctx: Context) -> tuple[Event, ...]:
    old = open_authorisation(state, act.authorisation)
    for field in ("approach", "party", "metric"):
        if getattr(act, field) != getattr(old, field):
            fixed = getattr(old, field)
            raise Refused("terms_fixed", authorisation=old.authorisation, field=field, fixed=fixed)
    for account in act.entities:
        check_not_withdrawn(old, account)
    if act.cap and act.cap < old.transferred:
        raise Refused(
            "authorisation_cap_exceeded",
            authorisation=old.authorisation,
            cap=act.cap,
            wanted=old.transferred,
            free=0,
        )
    _not_over(act, ctx)
    return _version(state, act, ctx, old)


def revoke(state: State, act: RevokeAuthorisation, ctx: Context) -> tuple[Event, ...]:
    old = known_authorisation(state, act.authorisation)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    # After this point the revocation must succeed.
    event = AuthorisationRevoked(
        authorisation=old.authorisation,
        version=old.version,
        day=ctx.request.effective or ctx.day,
        digest=act.digest,
        reason=act.reason,
    )
    return (event,)


def open_authorisation(state: State, code: str) -> Authorisation:
    """The newest version of an authorisation that was neither revoked nor suspended."""
    row = known_authorisation(state, code)
    if row.suspended:
        raise Refused("authorisation_suspended", authorisation=code, entry=row.suspended)
    return row


def known_authorisation(state: State, code: str) -> Authorisation:
    """The newest version of an authorisation that was not revoked."""
    row = next((row for row in newest(state) if row.authorisation == code), None)
    if row is None:
        raise Refused("unknown_authorisation", authorisation=code)
    if row.revoked:
        raise Refused("authorisation_revoked", authorisation=code, entry=row.revoked)
    return row


def _version(
    state: State, act: Terms, ctx: Context, old: Authorisation | None
) -> tuple[Event, ...]:
    """The next version of an authorisation, and what it first transfers at once."""
    purposes = _purposes(act)
    _parties(state, act)
    _agreed(state, act, ctx)
    _texts(act)
    blocks = _scope(state, act, ctx)
    event = Authorised(
        authorisation=act.authorisation,
        version=old.version + 1 if old else 1,
        day=ctx.request.effective or ctx.day,
        approach=act.approach,
        party=act.party,
        purposes=purposes,
        digest=act.digest,
        projects=act.projects,
        units=act.units,
        vintage_from=act.vintage_from,
        vintage_to=act.vintage_to,
        blocks=blocks,
        cap=act.cap,
        parties=act.parties,
        entities=act.entities,
        programmes=act.programmes,
        first_transfer=act.first_transfer,
        use_by=act.use_by,
        metric=act.metric,
        change_terms=act.change_terms,
        revocation_terms=act.revocation_terms,
        statements=act.statements,
        recall_days=act.recall_days,
    )
    row = _row(event, old, ctx)
    missed = left_out(state, ctx, row, old)
    if missed:
        event, row = replace(event, left_out=missed), replace(row, left_out=missed)
    _no_overlap(state, row, ctx)
    check_participation(state, act.party)
    beyond = check_plan(state, act, row)
    if beyond:
        by, why = act.overridden_by, act.override_reason
        event = replace(event, overridden_by=by, override_reason=why, beyond=beyond)
    writing = Writing(state, ctx)
    retroactive(writing, row)
    if ctx.pieces > MAX_PIECES:
        raise Refused("too_fragmented", pieces=ctx.pieces, limit=MAX_PIECES)
    # After this point the authorisation must succeed.
    return (event, *writing.events)


def _row(event: Authorised, old: Authorisation | None, ctx: Context) -> Authorisation:
    fields: dict[str, Any] = {
        name: getattr(event, name)
        for name in Authorised.__struct_fields__
        if name in Authorisation.__struct_fields__
    }
    done, out = (old.transferred, old.withdrawn) if old else (0, ())
    return Authorisation(**fields, authorised=ctx.seq, transferred=done, withdrawn=out)


def _purposes(act: Terms) -> tuple[str, ...]:
    """Purposes in their order, OIMP as the two that it is; and what it says of first transfer."""
    asked = {one for word in act.purposes for one in (FOR_OTHERS if word == "OIMP" else (word,))}
    unknown = sorted(asked - set(PURPOSES))
    if unknown or not asked:
        known = ", ".join((*PURPOSES, "OIMP"))
        kind = ", ".join(unknown) or "-"
        raise Refused("unknown_kind", kind=kind, what="purpose of use", known=known)
    others = bool(asked & set(FOR_OTHERS))
    if act.first_transfer not in (TRIGGERS if others else ("",)):
        raise Refused(
            "first_transfer_undefined",
            purposes=", ".join(sorted(asked)),
            found=act.first_transfer,
            expected=", ".join(TRIGGERS) if others else "no value",
        )
    return tuple(one for one in PURPOSES if one in asked)


def _parties(state: State, act: Terms) -> None:
    approach = state.approaches.get(act.approach)
    if approach is None:
        raise Refused("unknown_approach", approach=act.approach)
    for party in (act.party, *act.parties):
        if not is_party(party):
            raise Refused("unknown_party", party=party)
        if party not in approach.parties:
            raise Refused(
                "party_not_in_approach",
                party=party,
                approach=act.approach,
                parties=", ".join(approach.parties),
            )
    for account in act.entities:
        open_account(state, account)


def _agreed(state: State, act: Terms, ctx: Context) -> None:
    """The approach, and the agreement on which it rests, are in force that day."""
    day = ctx.request.effective or ctx.day
    approach = state.approaches[act.approach]
    if not approach.holds(day):
        raise Refused(
            "approach_not_in_force",
            approach=act.approach,
            since=str(approach.since or "-"),
            until=str(approach.until or "-"),
            day=str(day),
        )
    row = lapsed(state, act.approach, day)
    if row is not None:
        raise Refused(
            "agreement_not_in_force",
            agreement=row.agreement,
            approach=act.approach,
            since=str(row.since),
            until=str(row.until or "-"),
            day=str(day),
        )


def _texts(act: Terms) -> None:
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    unknown = sorted(set(act.statements) - set(STATEMENTS))
    if unknown:
        kind, known = ", ".join(unknown), ", ".join(STATEMENTS)
        raise Refused("unknown_kind", kind=kind, what="statement of an authorisation", known=known)
    texts = {"change_terms": act.change_terms, "revocation_terms": act.revocation_terms}
    for field, text in (texts | act.statements).items():
        if len(text) > MAX_TEXT:
            found = f"{len(text):,} characters long"
            expected = f"{MAX_TEXT:,} characters at most"
            raise Refused("bad_text", field=field, found=found, expected=expected)
    if not 0 <= act.recall_days <= MAX_DAYS:
        raise Refused("bad_quantity", quantity=act.recall_days, limit=MAX_DAYS)
    if act.recall_days and not act.revocation_terms:
        expected = "how a recall counts nothing twice"
        raise Refused("bad_text", field="revocation_terms", found="empty", expected=expected)
    if not 0 <= act.cap <= MAX_QUANTITY:
        raise Refused("bad_quantity", quantity=act.cap, limit=MAX_QUANTITY)
    if not FIRST_VINTAGE <= act.vintage_from <= act.vintage_to <= LAST_VINTAGE:
        found = f"{act.vintage_from}-{act.vintage_to}"
        expected = f"years from {FIRST_VINTAGE} to {LAST_VINTAGE}"
        raise Refused("bad_text", field="vintages", found=found, expected=expected)


def _scope(state: State, act: Terms, ctx: Context) -> tuple[Block, ...]:
    """The blocks that the act names, each of a lot that the rest of its scope admits."""
    if len(act.items) + len(act.projects) + len(act.units) > MAX_ITEMS:
        count = len(act.items) + len(act.projects) + len(act.units)
        raise Refused("too_many_items", count=count, limit=MAX_ITEMS)
    for project in act.projects:
        if project not in state.projects:
            raise Refused("unknown_project", project=project)
    for unit in act.units:
        if unit not in ctx.law.units:
            raise Refused("unknown_unit", unit=unit)
    return tuple(_block(state, act, item, ctx) for item in act.items)


def _block(state: State, act: Terms, item: Item, ctx: Context) -> Block:
    lot = lot_of(state, item.lot)
    if item.quantity:
        raise Refused("item_malformed", item=f"quantity {item.quantity}: a scope takes serials")
    first, next_ = offsets(lot, item.serials) if item.serials else (0, lot.size)
    wide = Authorisation(
        **{f: getattr(act, f) for f in Terms.__struct_fields__ if f in _FIELDS},
        version=0,
        day=ctx.day,
        blocks=(),
        authorised=0,
    )
    if not in_scope(wide, lot, ctx.law):
        raise Refused(
            "lot_outside_scope",
            lot=lot.lot,
            authorisation=act.authorisation,
            host=lot.host,
            vintage=lot.vintage,
        )
    return (lot.lot, first, next_)


def _no_overlap(state: State, new: Authorisation, ctx: Context) -> None:
    """No serial may be authorised twice at once: whose cap and terms would it be under?"""
    for row in newest(state):
        same = row.authorisation == new.authorisation or row.party != new.party
        if same or has_ended(row, ctx.day) or is_spent(row):
            continue
        if not are_apart(row, new):
            raise Refused(
                "authorisation_overlaps",
                authorisation=new.authorisation,
                other=row.authorisation,
                entry=row.authorised,
            )


def are_apart(one: Authorisation, other: Authorisation) -> bool:
    """Whether two scopes can have no serial in common."""
    if one.metric != other.metric:
        return True
    if one.vintage_to < other.vintage_from or other.vintage_to < one.vintage_from:
        return True
    for a, b in ((one.projects, other.projects), (one.units, other.units)):
        if a and b and not set(a) & set(b):
            return True
    if not (one.blocks and other.blocks):
        return False
    return not any(
        a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in one.blocks for b in other.blocks
    )
