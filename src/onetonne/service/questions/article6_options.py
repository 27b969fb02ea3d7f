"""What a company asks: may somebody of this Party obtain units of a lot, and use them for what?

The kernel's own guards answer, so that nothing is promised here that an act would refuse.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from onetonne.ledger.acts import use
from onetonne.ledger.acts.first_transfer import (
    Part,
    check_alive,
    check_receiver,
    in_scope,
    minus,
    total,
    where,
)
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.commands import UseTowardsNdc
from onetonne.ledger.article6.policy import TRUE, chosen
from onetonne.ledger.refusals import Refusal, Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Account, Lot
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, view

FOR = ("obtain", "NDC", "IMP", "OP")


class Option(msgspec.Struct, frozen=True):
    """Some units of a lot: `authorisation` is empty where none speaks of them; for each thing that
    may be done with them no refusal, or the one that an act would meet."""

    quantity: int
    authorisation: str
    first_transferred: bool
    answers: dict[str, Refusal | None]


class Options(msgspec.Struct, frozen=True):
    as_of: AsOf
    lot: str
    host: str
    party: str
    year: int
    rows: tuple[Option, ...]


def options(ledger: Ledger, number: int, party: str, year: int, asof: AsOf = NOW) -> Options:
    """What an entity of `party` may do with units of a lot, towards its NDC for `year`."""
    with view(ledger, asof) as seen:
        lot: Lot = seen.structs("lots", "lot = ?", (number,))[0]
        state = State()
        state.ndcs = {(row.party, row.first): row for row in seen.structs("ndcs")}
        rows: list[t.Authorisation] = seen.structs("authorisations", "party = ?", (lot.host,))
        marks: list[t.FirstTransfer] = seen.structs("first_transfers", "lot = ?", (number,))
        done = sorted((mark.first, mark.next) for mark in marks)
        choices = {row.policy: row for row in seen.structs("choices")}
        same_period = chosen(choices, ledger.law, "enforce_same_ndc_period") == TRUE
        asked = _Asked(state, lot, party, year, seen.day, same_period)
        found = []
        left = minus([(0, lot.size)], done)
        for row in rows:
            mine = [m for m in marks if (m.authorisation, m.version) == _key(row)]
            if mine:
                sold = sum(m.next - m.first for m in mine)
                found.append(Option(sold, row.authorisation, True, asked.transferred(row)))
            parts = [] if row.superseded else _meet(left, in_scope(row, lot, ledger.law))
            if parts:
                told = asked.free(row, parts)
                found.append(Option(total(parts), row.authorisation, False, told))
                left = minus(left, parts)
        if left:
            found.append(Option(total(left), "", False, asked.bare(left)))
        return Options(seen.as_of, lot.code, lot.host, party, year, tuple(found))


def _key(row: t.Authorisation) -> tuple[str, int]:
    return row.authorisation, row.version


def _meet(left: list[Part], scope: list[Part]) -> list[Part]:
    return minus(left, minus(left, scope))


class _Asked:
    """One question; each method gives the answers for units in one situation."""

    def __init__(
        self,
        state: State,
        lot: Lot,
        party: str,
        year: int,
        day: Any,
        same_period: bool,
    ) -> None:
        self.state, self.lot, self.party, self.year, self.day = state, lot, party, year, day
        self.same_period = same_period
        self.account = Account(0, "entity", party, "", (), False, "", 0)

    def transferred(self, row: t.Authorisation) -> dict[str, Refusal | None]:
        return {"obtain": None, **self._uses(row)}

    def free(self, row: t.Authorisation, parts: list[Part]) -> dict[str, Refusal | None]:
        """Not first transferred: the authorisation must be alive, and let this Party have them."""
        dead = _refused(lambda: check_alive(row, self.day))
        full = row.cap and row.transferred >= row.cap
        if dead is None and full:
            facts = {"authorisation": row.authorisation, "cap": row.cap, "wanted": 1, "free": 0}
            dead = Refusal("authorisation_cap_exceeded", facts)
        if dead is not None:
            return dict.fromkeys(FOR, dead)
        # Units for other purposes alone may go abroad without a first transfer.
        home = self.party == self.lot.host or "NDC" not in row.purposes
        may = None if home else _refused(lambda: check_receiver(row, self.account))
        told = self._uses(row)
        if self.party == self.lot.host:
            told["NDC"] = self._not("not_first_transferred", parts)
        return {"obtain": may, **({name: may or no for name, no in told.items()})}

    def bare(self, parts: list[Part]) -> dict[str, Refusal | None]:
        """Under no authorisation: they may be had as they are, and be used for nothing abroad."""
        no = self._not("not_authorised", parts)
        return {"obtain": None, "NDC": no, "IMP": no, "OP": no}

    def _not(self, code: str, parts: list[Part]) -> Refusal:
        return Refusal(code, {"lot": self.lot.code, "serials": where(self.lot, parts), "free": 0})

    def _uses(self, row: t.Authorisation) -> dict[str, Refusal | None]:
        def towards() -> None:
            act = UseTowardsNdc(source=0, items=(), party=self.party, year=self.year)
            pledge = use.pledge_for(self.state, self.party, self.year)
            use.check_towards_ndc(act, pledge, row, self.lot, self.same_period)

        others = {
            purpose: _refused(lambda p=purpose: use.check_purpose(row, p))  # type: ignore[misc]
            for purpose in ("IMP", "OP")
        }
        return {"NDC": _refused(towards), **others}


def _refused(guard: Callable[[], None]) -> Refusal | None:
    try:
        guard()
    except Refused as refused:
        return refused.refusal
    return None
