"""Suspend and resume an authorisation: its Party holds it back for a time, whatever it says.

Source: the states of an authorisation under 4/CMA.6; a revocation ends one for good.
"""

from onetonne.ledger.acts.authorise import DIGEST, known_authorisation, open_authorisation
from onetonne.ledger.article6.suspension import (
    AuthorisationResumed,
    AuthorisationSuspended,
    ResumeAuthorisation,
    SuspendAuthorisation,
)
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State


def suspend(state: State, act: SuspendAuthorisation, ctx: Context) -> tuple[Event, ...]:
    row = open_authorisation(state, act.authorisation)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    # After this point the suspension must succeed.
    event = AuthorisationSuspended(
        authorisation=row.authorisation,
        version=row.version,
        day=ctx.request.effective or ctx.day,
        digest=act.digest,
        reason=act.reason,
    )
    return (event,)


def resume(state: State, act: ResumeAuthorisation, ctx: Context) -> tuple[Event, ...]:
    row = known_authorisation(state, act.authorisation)
    if not row.suspended:
        raise Refused("authorisation_in_force", authorisation=row.authorisation)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    # After this point it is in force again.
    event = AuthorisationResumed(
        authorisation=row.authorisation,
        version=row.version,
        day=ctx.request.effective or ctx.day,
        digest=act.digest,
        reason=act.reason,
    )
    return (event,)
