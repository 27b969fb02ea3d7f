"""First transfer: what makes units internationally transferred, once for ever (2/CMA.3 annex).

It is no act of its own. It follows, by the earliest trigger, from a move to another Party's
account, from an issuance, an authorisation or a use; `follow` adds it to what an act does.
Source of the triggers: 2/CMA.3 annex, paragraph 2; 4/CMA.6.
"""

from collections.abc import Iterator
from datetime import date

from onetonne.ledger.article6.events import FirstTransferred
from onetonne.ledger.article6.mechanism_events import CreditsLevied
from onetonne.ledger.article6.mechanism_tables import Levies
from onetonne.ledger.article6.policy import TRUE, chosen
from onetonne.ledger.article6.standing import (
    check_alive,
    check_receiver,
    is_dead,
    is_spent,
    only_revoked,
)
from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.events import Converted, Event, Issued, Moved, Used
from onetonne.ledger.items import BUFFER, Context, printed
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Account, Lot
from onetonne.ledger.units import Law

FIRST_VINTAGE = 2021
"""Outcomes of earlier years are none under Article 6.2 (2/CMA.3 annex, paragraph 1)."""
RESPONSIBILITIES = ("party", "ndc", "authorisation", "tracking", "inventory", "contribution")
"""2/CMA.3 annex, paragraph 4 (a) to (f)."""
FOR_OTHERS = ("IMP", "OP")
INTERNATIONAL = "international_mitigation"
"""The end of units that were used for CORSIA and the like."""
LEVY = "levy"
"""What is levied of authorised units is first transferred when it is levied, or when they are
authorised."""
INHERITED = "conversion"
"""A mark that came with a conversion: counted where it was made first, and nowhere again."""
Part = tuple[int, int]


def in_scope(row: Authorisation, lot: Lot | Issued, law: Law) -> list[Part]:
    """The parts of a lot that an authorisation speaks of, lowest first, in its metric."""
    if row.party != lot.host:
        return []
    return speaks_of(row, lot) if law.outcome(lot.unit) == row.metric else []


def speaks_of(row: Authorisation, lot: Lot | Issued) -> list[Part]:
    """As `in_scope`, of what the lot itself says."""
    fits = (
        lot.host == row.party
        and max(row.vintage_from, FIRST_VINTAGE) <= lot.vintage <= row.vintage_to
        and (not row.projects or lot.project in row.projects)
        and (not row.units or lot.unit in row.units)
    )
    if not fits:
        return []
    named = sorted((first, next_) for number, first, next_ in row.blocks if number == lot.lot)
    parts = named if row.blocks else [(0, lot.size)]
    out = sorted((first, next_) for number, first, next_ in row.left_out if number == lot.lot)
    return minus(parts, out) if out else parts


def newest(state: State) -> Iterator[Authorisation]:
    """Every authorisation in its newest version."""
    return (row for row in state.authorisations.values() if not row.superseded)


def of_host(state: State, party: str) -> list[Authorisation]:
    """The authorisations of a host, each in its newest version."""
    rows = state.authorisations.values()
    return [row for row in rows if row.party == party and not row.superseded]


def common(one: list[Part], other: list[Part]) -> list[Part]:
    """What two sorted lists of parts share."""
    if len(one) == 1 and len(other) == 1:
        low, high = max(one[0][0], other[0][0]), min(one[0][1], other[0][1])
        return [(low, high)] if low < high else []
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return sorted((low, high) for low, high in pairs if low < high)


def minus(parts: list[Part], taken: list[Part]) -> list[Part]:
    """What of `parts` lies outside `taken`, both sorted."""
    if parts == taken:
        return []
    for low, high in taken:
        parts = [
            piece
            for a, b in parts
            for piece in ((a, min(b, low)), (max(a, high), b))
            if piece[0] < piece[1]
        ]
    return parts


def total(parts: list[Part]) -> int:
    return sum(high - low for low, high in parts)


class Writing:
    """The first transfers of one act: no serial twice, no cap exceeded, whatever it holds."""

    def __init__(self, state: State, ctx: Context) -> None:
        self.state, self.ctx = state, ctx
        self.day = ctx.request.effective or ctx.day
        self.spent: dict[str, int] = {}
        self.written: dict[int, list[Part]] = {}
        self.events: list[FirstTransferred] = []

    def free(self, lot: int, parts: list[Part]) -> list[Part]:
        """The parts that are not first transferred yet."""
        marks, written = self.state.first_transfers, self.written.get(lot)
        found = [part for low, high in parts for part in marks.free(lot, low, high)]
        return minus(found, written) if written else found

    def room(self, row: Authorisation) -> int | None:
        """What is left of a cap; None where there is none."""
        spent = row.transferred + self.spent.get(row.authorisation, 0)
        return row.cap - spent if row.cap else None

    def fill(self, row: Authorisation, lot: Lot | Issued, parts: list[Part], trigger: str) -> None:
        """First transfer what the cap leaves room for, lowest serials first."""
        left = self.room(row)
        kept = []
        for low, high in parts:
            high = high if left is None else min(high, low + left)
            if low < high:
                kept.append((low, high))
                left = None if left is None else left - (high - low)
        self.write(row, lot, kept, trigger)

    def all(self, row: Authorisation, lot: Lot | Issued, parts: list[Part], trigger: str) -> None:
        """First transfer all of it, or refuse."""
        left, wanted = self.room(row), total(parts)
        if left is not None and wanted > left:
            raise Refused(
                "authorisation_cap_exceeded",
                authorisation=row.authorisation,
                cap=row.cap,
                wanted=wanted,
                free=left,
            )
        self.write(row, lot, parts, trigger)

    def write(self, row: Authorisation, lot: Lot | Issued, parts: list[Part], trigger: str) -> None:
        if not parts:
            return
        check_participation(self.state, row.party)
        event = FirstTransferred(
            lot=lot.lot,
            blocks=tuple(parts),
            authorisation=row.authorisation,
            version=row.version,
            trigger=trigger,
            day=self.counts_on(row, trigger),
        )
        self.events.append(event)
        self.written[lot.lot] = sorted([*self.written.get(lot.lot, []), *parts])
        done = self.spent.get(row.authorisation, 0)
        self.spent[row.authorisation] = done + total(parts)

    def counts_on(self, row: Authorisation, trigger: str) -> date:
        """The day of a first transfer: of the authorisation, where that is what it is."""
        if trigger != "authorisation" or row.day == self.day:
            return self.day
        answer = chosen(self.state.choices, self.ctx.law, "oimp_auth_ft_year")
        return row.day if answer == "AUTH_YEAR" else self.day


def check_participation(state: State, party: str) -> None:
    """A Party first transfers nothing before it has shown all of its responsibilities."""
    row = state.participations.get(party)
    met = row.met if row else ()
    missing = [one for one in RESPONSIBILITIES if one not in met]
    if missing:
        raise Refused("participation_incomplete", party=party, missing=", ".join(missing))


def follow(state: State, ctx: Context, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events of an act with the first transfers that follow from them."""
    if not state.authorisations:
        return events
    writing: Writing | None = None
    levied = {event.lot: event for event in events if isinstance(event, CreditsLevied)}
    for event in events:
        if isinstance(event, Moved):
            if event.lot in levied:
                continue
            lot, account = state.lots[event.lot], state.accounts[event.target]
            if account.sink == INTERNATIONAL:
                _stated(state, ctx, lot, event, events)
            if state.accounts[event.source].sink:
                check_unused(state, lot, event.first, event.next)
            if leaves(lot, account):
                writing = writing or Writing(state, ctx)
                _moved(writing, lot, [(event.first, event.next)], account)
            if state.accounts[event.source].kind == BUFFER and not account.sink:
                writing = writing or Writing(state, ctx)
                _open_triggers(writing, lot, [(event.first, event.next)])
        elif isinstance(event, Issued | Converted):
            writing = writing or Writing(state, ctx)
            if isinstance(event, Converted):
                _inherited(writing, event)
            made = event.issued if isinstance(event, Converted) else event
            _issued(writing, made, levied.get(made.lot))
    return (*events, *writing.events) if writing is not None else events


def check_unused(state: State, lot: Lot, first: int, next_: int) -> None:
    """What was used towards an NDC does not come back, nor is it used again."""
    for row in state.uses.over(lot.lot, first, next_):
        serials = where(lot, [(max(row.first, first), min(row.next, next_))])
        raise Refused("already_used", lot=lot.lot, serials=serials, entry=row.entry)


def _stated(state: State, ctx: Context, lot: Lot, move: Moved, events: tuple[Event, ...]) -> None:
    """Units that a host authorised end for an international purpose by their use alone: a plain
    cancellation would leave out the first transfer that it triggers."""
    if any(isinstance(event, Used) for event in events):
        return
    part = [(move.first, move.next)]
    for row in of_host(state, lot.host):
        if common(part, in_scope(row, lot, ctx.law)):
            raise Refused("use_not_stated", lot=lot.lot, authorisation=row.authorisation)


def _inherited(w: Writing, event: Converted) -> None:
    """Units that are made one for one of first transferred ones are so too, under the same version;
    nothing is adjusted again. Any other conversion of such units is refused."""
    burnt = [(m.lot, m.first, m.next) for m in event.burnt]
    rows = [row for block in burnt for row in w.state.first_transfers.over(*block)]
    if not rows:
        return
    only = rows[0]
    bare = [part for block in burnt for part in w.state.first_transfers.free(*block)]
    versions = {(row.authorisation, row.version, row.day) for row in rows}
    if bare or len(versions) > 1 or event.issued.size != total([b[1:] for b in burnt]):
        lot = w.state.lots[only.lot]
        serials = where(lot, [(only.first, only.next)])
        raise Refused("first_transferred", lot=lot.lot, serials=serials, entry=only.entry)
    whole = [(0, event.issued.size)]
    made = FirstTransferred(
        lot=event.issued.lot,
        blocks=tuple(whole),
        authorisation=only.authorisation,
        version=only.version,
        trigger=INHERITED,
        day=only.day,
    )
    w.events.append(made)
    w.written[event.issued.lot] = whole


def leaves(lot: Lot | Issued, account: Account) -> bool:
    """Whether an account is another Party's than the host's."""
    return not account.sink and account.party not in ("", lot.host) and bool(lot.host)


def _moved(w: Writing, lot: Lot | Issued, parts: list[Part], account: Account) -> None:
    """Units that come to another Party's account, or to one in another registry."""
    over: list[Authorisation] = []
    parts = w.free(lot.lot, parts)
    for row in of_host(w.state, lot.host) if parts else ():
        mine = common(parts, in_scope(row, lot, w.ctx.law))
        if not mine or "NDC" not in row.purposes:
            continue
        if is_dead(row, w.day) or is_spent(row):
            over.append(row)
            continue
        check_receiver(row, account)
        w.all(row, lot, mine, "transfer")
        parts = minus(parts, mine)
    for row in over:
        mine = common(parts, in_scope(row, lot, w.ctx.law))
        if mine:
            check_alive(row, w.day)
            check_receiver(row, account)
            w.all(row, lot, mine, "transfer")


def _issued(w: Writing, lot: Issued, levied: CreditsLevied | None) -> None:
    """New units: open triggers are asked, then whether they stand abroad already. What is levied
    for adaptation and overall mitigation is first transferred, the buffer is not."""
    parts = [(0, lot.size)]
    if levied is not None:
        units = {share.name: share.units for share in levied.shares}
        cut = units.get("sop", 0) + units.get("omge", 0)
        parts = minus(parts, [(cut, cut + units.get("buffer", 0))])
        _levied(w, lot, [(0, cut)] if cut else [])
    _open_triggers(w, lot, parts)
    account = w.state.accounts[lot.account]
    if leaves(lot, account):
        _moved(w, lot, [(0, lot.size)], account)


def _open_triggers(w: Writing, lot: Lot | Issued, parts: list[Part]) -> None:
    """First transfer what an authorisation makes so by itself, or by the issuance."""
    for row in of_host(w.state, lot.host):
        if row.first_transfer in ("authorisation", "issuance") and not _stopped(w, row):
            mine = w.free(lot.lot, common(parts, in_scope(row, lot, w.ctx.law)))
            w.fill(row, lot, mine, row.first_transfer)


def _levied(w: Writing, lot: Issued, parts: list[Part]) -> None:
    """What is levied of units that are authorised; an open trigger says so in its own words."""
    for row in of_host(w.state, lot.host):
        if row.first_transfer not in ("authorisation", "issuance") and not is_dead(row, w.day):
            w.fill(row, lot, common(parts, in_scope(row, lot, w.ctx.law)), LEVY)


def _levied_before(w: Writing, row: Authorisation, lot: Lot, levies: Levies | None) -> None:
    """What was levied of units before they were authorised, as far as that reaches it."""
    if levies is not None and levies.sop + levies.omge:
        mine = common([(0, levies.sop + levies.omge)], in_scope(row, lot, w.ctx.law))
        w.fill(row, lot, w.free(lot.lot, mine), LEVY)


def _stopped(w: Writing, row: Authorisation) -> bool:
    """Whether an authorisation reaches no new units: it has ended. One that first transfers by
    itself may reach further than its revocation."""
    if not is_dead(row, w.day):
        return False
    if row.first_transfer != "authorisation" or not only_revoked(row, w.day):
        return True
    return chosen(w.state.choices, w.ctx.law, "revoke_stops_future_auth_ft") == TRUE


def retroactive(w: Writing, row: Authorisation) -> None:
    """An authorisation finds live units in its scope, in the order of their issuance."""
    pieces = 0
    for number, lot in sorted(w.state.lots.items()):
        scope = in_scope(row, lot, w.ctx.law)
        if not scope:
            continue
        _levied_before(w, row, lot, w.state.levies.get(number))
        for _, held in sorted(w.state.lane(number).rows.items()):
            # A holder that was not loaded is none whose units could be triggered.
            account = w.state.accounts.get(held.account)
            trigger = trigger_of(row, lot, account) if account else ""
            parts = common(scope, [(held.first, held.next)]) if trigger else []
            pieces += bool(parts)
            w.fill(row, lot, w.free(number, parts), trigger)
    w.ctx.pieces += pieces


def trigger_of(row: Authorisation, lot: Lot, account: Account) -> str:
    """What first transfers units that an account holds when they are authorised."""
    if account.sink or account.kind in ("peer", BUFFER):
        return ""
    if row.first_transfer == "authorisation":
        return "authorisation"
    abroad = "NDC" in row.purposes and account.party not in ("", lot.host)
    allowed = not row.parties or account.party in row.parties
    entity = not row.entities or account.kind == "party" or account.account in row.entities
    entity = entity and account.account not in row.withdrawn
    return "transfer" if abroad and allowed and entity else ""


def where(lot: Lot, parts: list[Part]) -> str:
    """Parts as printed."""
    return ", ".join(printed(lot, low, high) for low, high in parts[:20])
