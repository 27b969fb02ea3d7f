"""Withdraw an entity from an authorisation, and keep from it what is first transferred.

An entity's own authorisation ends independently of the others (4/CMA.6, annex II, table 5).
"""

from onetonne.ledger.acts.authorise import DIGEST, known_authorisation
from onetonne.ledger.acts.first_transfer import where
from onetonne.ledger.article6.entities import EntityWithdrawn, WithdrawEntity, barred
from onetonne.ledger.article6.standing import check_not_withdrawn
from onetonne.ledger.events import Converted, Corrected, Event, Moved
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State


def withdraw(state: State, act: WithdrawEntity, ctx: Context) -> tuple[Event, ...]:
    row = known_authorisation(state, act.authorisation)
    check_not_withdrawn(row, act.account)
    if act.account not in row.entities:
        code = row.authorisation
        raise Refused("entity_not_authorised", authorisation=code, account=act.account)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    # After this point the withdrawal must succeed.
    event = EntityWithdrawn(
        authorisation=row.authorisation,
        version=row.version,
        account=act.account,
        day=ctx.request.effective or ctx.day,
        digest=act.digest,
        reason=act.reason,
    )
    return (event,)


def kept_from(state: State, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events, unless they bring first transferred units to who was withdrawn. What a correction
    or a return gives back was its own before."""
    out = barred(state) if state.authorisations else {}
    if not out or any(isinstance(event, Corrected) for event in events):
        return events
    for event in events:
        moves = event.burnt if isinstance(event, Converted) else (event,)
        for move in moves:
            if isinstance(move, Moved):
                target = event.issued.account if isinstance(event, Converted) else move.target
                _check(state, move, target, out.get(target))
    return events


def _check(state: State, move: Moved, target: int, codes: set[str] | None) -> None:
    source = state.accounts.get(move.source)
    own = source is None or source.account == target or source.sink
    if codes is None or own or move.lot not in state.lots:
        return
    for mark in state.first_transfers.over(move.lot, move.first, move.next):
        if mark.authorisation in codes:
            part = (max(mark.first, move.first), min(mark.next, move.next))
            serials = where(state.lots[move.lot], [part])
            raise Refused(
                "kept_from_entity", account=target, authorisation=mark.authorisation,
                lot=move.lot, serials=serials,
            )  # fmt: skip
