"""Transfer: serials move between two accounts that can hold.

An end (retirement, cancellation, surrender, conversion) is another act with facts of its
own; a transfer never enters a sink but a peer registry's account.
"""

from onetonne.ledger.commands import Transfer
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context, Pick, open_account, source_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State


def transfer(state: State, act: Transfer, ctx: Context) -> tuple[Event, ...]:
    source_account(state, ctx, act.source)
    target = open_account(state, act.target)
    if target.sink:
        raise Refused("not_an_end", account=act.target)
    if act.source == act.target:
        raise Refused("same_account", account=act.source)
    pick = Pick(state, ctx, act.source, "transfer").take(act.items)
    # After this point the transfer must succeed.
    return pick.moves(act.target)
