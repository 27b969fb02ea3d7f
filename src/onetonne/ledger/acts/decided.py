"""What an authority's acts rest on: a decision that is cited, documents by digest, and a cap."""

import re

from onetonne.ledger.events import Issued
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

DIGEST = re.compile(r"[0-9a-f]{64}")


def decided(act: str, ctx: Context) -> None:
    """An authority's act names the decision that it rests on."""
    if not ctx.request.cites:
        raise Refused("no_decision", act=act)


def digest(what: str, text: str) -> None:
    if not DIGEST.fullmatch(text):
        raise Refused("bad_digest", what=what)


def within_cap(state: State, lot: Issued) -> None:
    """Refuses allowances beyond the cap of the period that they are issued for."""
    cap = state.caps.get((lot.facts.get("system", ""), lot.facts.get("period", "")))
    if cap is not None and cap.entry and lot.size > cap.tonnes - cap.issued:
        left = max(0, cap.tonnes - cap.issued)
        raise Refused(
            "cap_exceeded",
            system=cap.system,
            period=cap.period,
            cap=cap.tonnes,
            left=left,
            asked=lot.size,
        )
