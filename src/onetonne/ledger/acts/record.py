"""Record: what another register's export said on a day, and the root over our holdings."""

import re

from onetonne.ledger.commands import Observe, Root
from onetonne.ledger.events import Event, Observed, Rooted
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

MAX_ROWS = 50_000_000
"""Rows of one export: the largest public one has under a tenth of that."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


def observe(state: State, act: Observe, ctx: Context) -> tuple[Event, ...]:
    for name, value in (("digest", act.digest), ("root", act.root)):
        if not _DIGEST.fullmatch(value):
            raise Refused("bad_digest", what=name)
    if not act.register or len(act.register) > 80:
        expected = "a register's name of at most 80 characters"
        raise Refused("bad_text", field="register", found=act.register[:80], expected=expected)
    if not 0 < act.rows <= MAX_ROWS:
        raise Refused("bad_quantity", quantity=act.rows, limit=MAX_ROWS)
    if act.day > ctx.day:
        raise Refused("effective_day_in_future", day=str(act.day), today=str(ctx.day))
    return (
        Observed(
            register=act.register, digest=act.digest, root=act.root, rows=act.rows, day=act.day
        ),
    )


def root(state: State, act: Root, ctx: Context) -> tuple[Event, ...]:
    if not _DIGEST.fullmatch(act.root):
        raise Refused("bad_digest", what="root")
    return (Rooted(root=act.root, holdings=act.holdings),)
