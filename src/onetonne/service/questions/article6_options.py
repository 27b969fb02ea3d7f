"""What a company asks: may somebody of this Party obtain units of a lot, and use them for what?

The kernel's own guards answer, so that nothing is promised here that an act would refuse. Each no
says what would cure it; the trading systems of the Party are asked beside it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from onetonne.base.account_numbers import show
from onetonne.ledger.acts import use
from onetonne.ledger.acts.first_transfer import (
    Part,
    check_participation,
    in_scope,
    minus,
    total,
    where,
)
from onetonne.ledger.article6 import tables as t
from onetonne.ledger.article6.commands import UseTowardsNdc
from onetonne.ledger.article6.policy import TRUE, chosen
from onetonne.ledger.article6.standing import (
    check_alive,
    check_entity,
    check_in_time,
    check_receiver,
    is_dead,
    is_spent,
)
from onetonne.ledger.refusals import Refusal, Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Account, Lot
from onetonne.rules.explain import headline
from onetonne.rules.judge import judge
from onetonne.rules.law import Says
from onetonne.rules.verdict import Ask
from onetonne.service.ledger import Ledger
from onetonne.service.questions.article6_cures import cure
from onetonne.service.questions.asof import NOW, AsOf, View, view
from onetonne.service.questions.lot_facts import lot_facts

FOR = ("obtain", "NDC", "IMP", "OP", "claim")
"""To have them, to use them for its NDC, for CORSIA and the like, for other purposes; and to retire
them for a claim that adjusts nothing, which needs no authorisation."""


class Option(msgspec.Struct, frozen=True):
    """Some units of a lot: `authorisation` is empty where none speaks of them, `ended` names the
    end in which they lie. For each thing that may be done with them no refusal, or the one that an
    act would meet; the act (`acts`), and for each no what would cure it (`cures`)."""

    quantity: int
    authorisation: str
    first_transferred: bool
    answers: dict[str, Refusal | None]
    acts: dict[str, str] = {}
    cures: dict[str, Says] = {}
    ended: str = ""


class Domestic(msgspec.Struct, frozen=True):
    """What the law of one trading system of the Party says of a unit of the lot, for a period;
    `reasons` are the clauses in the way."""

    system: str
    period: str
    result: str
    reasons: tuple[str, ...]
    says: Says
    act: str
    cure: str


class Options(msgspec.Struct, frozen=True):
    as_of: AsOf
    lot: str
    host: str
    metric: str
    party: str
    year: int
    rows: tuple[Option, ...]
    domestic: tuple[Domestic, ...]


def options(ledger: Ledger, number: int, party: str, year: int, asof: AsOf = NOW) -> Options:
    """What an entity of `party` may do with units of a lot, towards its NDC for `year`. Raises
    Unknown for a lot that was not there yet."""
    with view(ledger, asof) as seen:
        lots: list[Lot] = seen.structs("lots", "lot = ?", (number,))
        if not lots:
            raise seen.no_lot(number)
        lot = lots[0]
        state = State()
        state.ndcs = {(row.party, row.first): row for row in seen.structs("ndcs")}
        state.participations = {row.party: row for row in seen.structs("participations")}
        rows: list[t.Authorisation] = seen.structs("authorisations", "party = ?", (lot.host,))
        marks: list[t.FirstTransfer] = seen.structs("first_transfers", "lot = ?", (number,))
        done = sorted((mark.first, mark.next) for mark in marks)
        choices = {row.policy: row for row in seen.structs("choices")}
        same_period = chosen(choices, ledger.law, "enforce_same_ndc_period") == TRUE
        asked = _Asked(state, lot, party, year, seen.day, same_period)
        ended = _ended(seen, number)
        gone = sorted(part for parts, _ in ended.values() for part in parts)
        # What has ended, or has nothing left, speaks of no serial that another one speaks of.
        rows.sort(key=lambda row: is_dead(row, seen.day) or is_spent(row))
        found = []
        left = minus(minus([(0, lot.size)], done), gone)
        for row in rows:
            mine = [m for m in marks if (m.authorisation, m.version) == _key(row)]
            sold = minus(sorted((m.first, m.next) for m in mine), gone)
            if sold:
                found.append(asked.option(sold, row, True, asked.transferred(row)))
            parts = [] if row.superseded else _meet(left, in_scope(row, lot, ledger.law))
            if parts:
                found.append(asked.option(parts, row, False, asked.free(row)))
                left = minus(left, parts)
        if left:
            found.append(asked.option(left, None, False, asked.bare(left)))
        found += [asked.over(*ended[sink], sink) for sink in sorted(ended)]
        told, day = tuple(found), seen.day
        as_of = seen.as_of
    systems = tuple(domestic(ledger, lot, party, day, asof))
    metric = ledger.law.measure(lot.unit)
    return Options(as_of, lot.code, lot.host, metric, party, year, told, systems)


_ENDED = """SELECT h.first, h.next, h.account, a.sink FROM holdings h
JOIN accounts a ON a.account = h.account
WHERE h.lot = ? AND (a.sink <> '' OR a.kind = 'peer') ORDER BY h.first"""


def _ended(seen: View, lot: int) -> dict[str, tuple[list[Part], int]]:
    """What of a lot lies in an end, by end, with the account that it is."""
    found: dict[str, tuple[list[Part], int]] = {}
    for first, next_, account, sink in seen.query(_ENDED, (lot,)):
        found.setdefault(sink or "peer", ([], account))[0].append((first, next_))
    return found


def domestic(
    ledger: Ledger, lot: Lot, party: str, day: date, asof: AsOf = NOW
) -> Iterator[Domestic]:
    """The answers of the trading systems of a Party, for the periods open on a day."""
    assert ledger.law.hub is not None
    book = ledger.law.hub.book
    for code, system in book.systems.items():
        if system.jurisdiction != party:
            continue
        facts = lot_facts(ledger, lot.lot, book.everywhere, asof)
        for verdict in judge(book, Ask(system=code, day=day, facts=facts, quantity=1)):
            if not verdict.period:
                continue  # it is over, or has not begun
            yes = verdict.result in ("ELIGIBLE", "ELIGIBLE_UP_TO")
            yield Domestic(
                system=code,
                period=verdict.period,
                result=verdict.result,
                reasons=verdict.reasons,
                says=headline(verdict),
                act=f"surrender --system {code} --period {verdict.period}".strip(),
                cure="" if yes else f"onetonne judge {lot.code} --system {code}",
            )


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

    def option(
        self,
        parts: list[Part],
        row: t.Authorisation | None,
        done: bool,
        answers: dict[str, Refusal | None],
    ) -> Option:
        """Units in one situation, with the act for each answer and the cure of each no."""
        answers = {name: self._of_nobody(no) for name, no in answers.items()}
        cures = {name: cure(no.code, done) for name, no in answers.items() if no is not None}
        code = row.authorisation if row else ""
        return Option(total(parts), code, done, answers, self._acts(row, done), cures)

    def _of_nobody(self, no: Refusal | None) -> Refusal | None:
        """A refusal of the account that asks, which is no account yet: it is told by its Party."""
        if no is None or no.facts.get("account") != 0:
            return no
        return Refusal(no.code, no.facts | {"account": self.party})

    def over(self, parts: list[Part], account: int, sink: str) -> Option:
        """What has ended is had and used by nobody any more."""
        no = Refusal("sink_is_final", {"account": show(account), "sink": sink})
        told: dict[str, Refusal | None] = dict.fromkeys(FOR, no)
        return replace(self.option(parts, None, False, told), ended=sink)

    def _acts(self, row: t.Authorisation | None, done: bool) -> dict[str, str]:
        """The command of each act; a host counts its own units by a cancellation."""
        own = self.party == self.lot.host and not done
        towards = f"a6 use --party {self.party} --year {self.year}"
        programme = f" --programme {programme_of(row)}" if row and programme_of(row) else ""
        return {
            "obtain": "transfer",
            "NDC": "cancel --kind towards_ndc_host" if own else towards,
            "IMP": f"a6 use-for IMP{programme}",
            "OP": f"a6 use-for OP{programme}",
            "claim": "retire --purpose voluntary_claim",
        }

    def transferred(self, row: t.Authorisation) -> dict[str, Refusal | None]:
        return {"obtain": None, **self._uses(row), "claim": None}

    def free(self, row: t.Authorisation) -> dict[str, Refusal | None]:
        """Not first transferred: at home they are had as they are, and count there; abroad, and for
        other purposes, the authorisation must be alive and let this Party have them."""
        home = self.party == self.lot.host
        plain = home or "NDC" not in row.purposes
        dead = _refused(lambda: check_alive(row, self.day))
        if dead is None and is_spent(row):
            facts = {"authorisation": row.authorisation, "cap": row.cap, "wanted": 1, "free": 0}
            dead = Refusal("authorisation_cap_exceeded", facts)
        may = dead or _refused(lambda: check_participation(self.state, row.party))
        may = may or (None if plain else _refused(lambda: check_receiver(row, self.account)))
        told = {name: may or no for name, no in self._uses(row).items()}
        told["NDC"] = None if home else told["NDC"]
        # Units for other purposes alone may go abroad without a first transfer.
        return {"obtain": None if plain else may, **told, "claim": None if plain else may}

    def bare(self, parts: list[Part]) -> dict[str, Refusal | None]:
        """Under no authorisation: they may be had as they are, and be used for nothing abroad."""
        no = self._not("not_authorised", parts)
        own = None if self.party == self.lot.host else no
        return {"obtain": None, "NDC": own, "IMP": no, "OP": no, "claim": None}

    def _not(self, code: str, parts: list[Part]) -> Refusal:
        return Refusal(code, {"lot": self.lot.code, "serials": where(self.lot, parts), "free": 0})

    def _uses(self, row: t.Authorisation) -> dict[str, Refusal | None]:
        def towards() -> None:
            act = UseTowardsNdc(source=0, items=(), party=self.party, year=self.year)
            use.check_letter(act, row, self.lot)
            check_in_time(row, self.day)
            pledge = use.open_pledge(self.state, self.party, self.year)
            use.check_pledge(act, pledge, row, self.lot, self.same_period)

        def otherwise(purpose: str) -> None:
            use.check_purpose(row, purpose)
            check_entity(row, self.account)
            check_in_time(row, self.day)

        others = {
            purpose: _refused(lambda p=purpose: otherwise(p))  # type: ignore[misc]
            for purpose in ("IMP", "OP")
        }
        return {"NDC": _refused(towards), **others}


def programme_of(row: t.Authorisation) -> str:
    """A programme that an authorisation is for: CORSIA, or the first; any will do without one."""
    return "CORSIA" if "CORSIA" in row.programmes else next(iter(row.programmes), "")


def _refused(guard: Callable[[], None]) -> Refusal | None:
    try:
        guard()
    except Refused as refused:
        return refused.refusal
    return None
