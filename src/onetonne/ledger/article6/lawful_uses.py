"""What no history may hold of first transfers and uses: that they stand beside what makes them, and
say of whom, for what and under which approach as the authorisation does.

Adjustments are sums of these events; whoever signs one that nothing caused would adjust by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from onetonne.ledger.acts.first_transfer import FOR_OTHERS, LEVY, Part, leaves, minus
from onetonne.ledger.acts.use import END_OF_PURPOSE
from onetonne.ledger.article6.events import ApproachLevied, Authorised, FirstTransferred, Used
from onetonne.ledger.article6.mechanism_events import CreditsLevied, EarlierUsed
from onetonne.ledger.article6.policy import TRUE
from onetonne.ledger.article6.tables import Authorisation, FirstTransfer, Ndc
from onetonne.ledger.ended import head_of
from onetonne.ledger.events import Converted, Issued, Moved, Surrendered
from onetonne.ledger.items import BUFFER

if TYPE_CHECKING:
    from onetonne.ledger.lawful import Watch
    from onetonne.ledger.tables import Account, Lot


def used(w: Watch, e: Used) -> None:
    blocks = list(e.blocks)
    lot = w.state.lots.get(e.lot)
    bare = [p for low, high in blocks for p in w.state.first_transfers.free(e.lot, low, high)]
    twice = any(w.state.uses.over(e.lot, low, high) for low, high in blocks)
    if lot is None or not apart(blocks) or bare or twice or not _as_authorised(w, e, lot):
        found = f"lot {e.lot} {blocks[:3]} for {e.purpose} {e.year or ''}".strip()
        w.say("unlawful_outcome_use", found)


def _as_authorised(w: Watch, e: Used, lot: Lot) -> bool:
    rows = _versions(w, e.lot, list(e.blocks))
    told = all(
        (e.approach, e.metric) == (row.approach, row.metric)
        and e.purpose in row.purposes
        and (row.use_by is None or e.day <= row.use_by)
        for row in rows
    )
    right = _for_ndc(w, e, lot, rows) if e.purpose == "NDC" else _for_another(e, rows)
    return told and right and _where(w, e)


def _versions(w: Watch, lot: int, blocks: list[Part]) -> list[Authorisation]:
    marks = (m for low, high in blocks for m in w.state.first_transfers.over(lot, low, high))
    return [w.state.authorisations[mark.authorisation, mark.version] for mark in marks]


def _for_ndc(w: Watch, e: Used, lot: Lot, rows: list[Authorisation]) -> bool:
    """By a Party that may have them, towards a pledge in their metric for that year and vintage."""
    choice = w.state.choices.get("enforce_same_ndc_period")
    same = choice is None or choice.value == TRUE

    def meets(pledge: Ndc) -> bool:
        holds = pledge.party == e.party and pledge.first <= e.year <= pledge.last
        period = pledge.first <= lot.vintage <= pledge.last or not same
        return holds and period and not pledge.closed and pledge.metric == e.metric

    may = all(not row.parties or e.party in (*row.parties, lot.host) for row in rows)
    return may and any(map(meets, w.state.ndcs.values()))


def _for_another(e: Used, rows: list[Authorisation]) -> bool:
    """For CORSIA or another purpose, of no Party and no year, by a programme that is named."""
    programmes = all(not row.programmes or e.programme in row.programmes for row in rows)
    return e.purpose in FOR_OTHERS and not e.party and not e.year and programmes


def _where(w: Watch, e: Used) -> bool:
    """Whether it lies surrendered by the Party that uses it, or leaves an account of that Party by
    this entry."""
    source = w.state.accounts.get(e.source)
    if source is None:
        return False
    if source.sink == "surrender" and e.purpose == "NDC":
        return _of_operator(w, e)
    mine = e.purpose != "NDC" or source.party == e.party
    end = END_OF_PURPOSE.get(e.purpose, "")
    return mine and not source.sink and _by_moves(w, e.lot, e.blocks, _from_to(w, e.source, end))


def _of_operator(w: Watch, e: Used) -> bool:
    """Whether the Party's own operator surrendered it, and not for other purposes."""
    for low, high in e.blocks:
        for held in w.state.lane(e.lot).rows.values():
            if not (held.first < high and low < held.next):
                continue
            if held.account != e.source:
                return False
            if w.entry_of is None:
                continue
            head = head_of(w.entry_of(held.moved), e.lot, max(held.first, low))
            if isinstance(head, Surrendered) and (
                head.ndc_effect == "oimp" or w.state.accounts[head.source].party != e.party
            ):
                return False
    return True


def _from_to(w: Watch, source: int, end: str) -> Callable[[Moved], bool]:
    def fits(move: Moved) -> bool:
        target = w.state.accounts.get(move.target)
        return move.source == source and target is not None and target.sink == end

    return fits


def _by_moves(w: Watch, lot: int, blocks: Iterable[Part], fits: Callable[[Moved], bool]) -> bool:
    """Whether all of these blocks are moved so by this entry."""
    parts = sorted(
        (move.first, move.next)
        for move in w.entry.events
        if isinstance(move, Moved) and move.lot == lot and fits(move)
    )
    return not minus(list(blocks), parts)


def said(w: Watch, move: Moved) -> bool:
    """Whether the uses of this entry speak of all that a move takes to the end of a use."""
    parts = sorted(
        block
        for event in w.entry.events
        if isinstance(event, Used | EarlierUsed)
        and (event.lot, event.source) == (move.lot, move.source)
        for block in event.blocks
    )
    return not minus([(move.first, move.next)], parts)


def earlier(w: Watch, e: EarlierUsed) -> bool:
    """Whether units of an earlier mechanism leave an account of the Party by this entry."""
    source = w.state.accounts.get(e.source)
    mine = source is not None and source.party == e.party
    return mine and _by_moves(w, e.lot, e.blocks, _from_to(w, e.source, "retirement"))


def surrendered(w: Watch, e: Surrendered) -> None:
    """What a surrender says of an NDC is said of first transferred units, and fits what they are
    for. Earlier entries say nothing."""
    if not e.ndc_effect:
        return
    marks: list[FirstTransfer] = []
    at = next(n for n, event in enumerate(w.entry.events) if event is e)
    for event in w.entry.events[at + 1 :]:
        if isinstance(event, Surrendered):
            break
        if isinstance(event, Moved):
            marks += w.state.first_transfers.over(event.lot, event.first, event.next)
    wanted = {"use": ("NDC",), "held": ("NDC",), "oimp": FOR_OTHERS}.get(e.ndc_effect, ())
    rows = [w.state.authorisations[mark.authorisation, mark.version] for mark in marks]
    if not rows or any(not set(wanted) & set(row.purposes) for row in rows):
        w.say("unlawful_outcome_use", f"surrendered by {e.operator} as {e.ndc_effect}")


def caused(w: Watch, e: FirstTransferred, row: Authorisation, lot: Lot) -> bool:
    """Whether this entry holds what first transfers these blocks, by the trigger that it names."""
    if e.trigger == "transfer":
        return "NDC" in row.purposes and not minus(list(e.blocks), sorted(_abroad(w, e, row, lot)))
    if e.trigger == "use":
        uses = sorted(
            block
            for event in w.entry.events
            if isinstance(event, Used) and event.lot == e.lot and event.purpose in FOR_OTHERS
            for block in event.blocks
        )
        return not minus(list(e.blocks), uses)
    if e.trigger == LEVY:
        return _authorises(w, e) or any(
            isinstance(event, CreditsLevied | ApproachLevied) and event.lot == e.lot
            for event in w.entry.events
        )
    if e.trigger != row.first_transfer:
        return False
    return (e.trigger == "authorisation" and _authorises(w, e)) or _comes_new(w, e)


def _authorises(w: Watch, e: FirstTransferred) -> bool:
    return any(
        isinstance(one, Authorised)
        and (one.authorisation, one.version) == (e.authorisation, e.version)
        for one in w.entry.events
    )


def _comes_new(w: Watch, e: FirstTransferred) -> bool:
    """Whether the lot is issued by this entry, or its blocks leave the buffer."""
    if any(one.lot == e.lot for one in issued_by(w)):
        return True
    accounts = w.state.accounts
    return _by_moves(w, e.lot, e.blocks, lambda m: accounts[m.source].kind == BUFFER)


def issued_by(w: Watch) -> Iterator[Issued]:
    """The lots that this entry makes, by issuance or conversion."""
    for one in w.entry.events:
        if isinstance(one, Issued):
            yield one
        elif isinstance(one, Converted):
            yield one.issued


def _abroad(w: Watch, e: FirstTransferred, row: Authorisation, lot: Lot) -> Iterator[Part]:
    """The blocks of a lot that come to another Party's account by this entry, or stand in one when
    it authorises them; in such as the authorisation lets have them."""
    accounts = w.state.accounts
    for one in w.entry.events:
        if isinstance(one, Moved) and one.lot == e.lot and _may(row, lot, accounts.get(one.target)):
            yield one.first, one.next
    for new in issued_by(w):
        if new.lot == e.lot and _may(row, lot, accounts.get(new.account)):
            yield 0, new.size
    if _authorises(w, e):
        for held in w.state.lane(e.lot).rows.values():
            if _may(row, lot, accounts.get(held.account)):
                yield held.first, held.next


def _may(row: Authorisation, lot: Lot, account: Account | None) -> bool:
    if account is None or not leaves(lot, account):
        return False
    entity = not row.entities or account.kind == "party" or account.account in row.entities
    return entity and (not row.parties or account.party in row.parties)


def apart(blocks: list[Part]) -> bool:
    """Whether there are blocks, lowest first, none of which overlap."""
    return bool(blocks) and all(b[0] >= a[1] for a, b in pairwise(blocks))
