"""Close a period of an NDC, once it is over; from then on nothing of it is stated anew.

Source: 2/CMA.3 annex, paragraph 12: adjustments are final before the review of the report starts.
"""

from onetonne.base.parties import is_party
from onetonne.ledger.acts.authorise import DIGEST
from onetonne.ledger.acts.use import open_pledge
from onetonne.ledger.article6.finality import ClosePeriod, PeriodClosed
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State


def close(state: State, act: ClosePeriod, ctx: Context) -> tuple[Event, ...]:
    if not is_party(act.party):
        raise Refused("unknown_party", party=act.party)
    row = open_pledge(state, act.party, act.year)
    day = ctx.request.effective or ctx.day
    if day.year <= row.last:
        period = f"{row.first}-{row.last}"
        raise Refused("period_not_over", party=act.party, period=period, day=str(day))
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    # After this point the period must close.
    event = PeriodClosed(
        party=act.party, first=row.first, last=row.last, day=day, digest=act.digest
    )
    return (event,)
