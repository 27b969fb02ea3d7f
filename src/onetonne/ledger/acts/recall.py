"""Open a recall, consent to it: units that nobody used go back to their host.

Nothing moves until the Party consents whose accounts hold them, and neither is heard when the time
that the terms give is over. What was used never comes back.
"""

from datetime import date, timedelta

from onetonne.ledger.acts.authorise import CODE, DIGEST
from onetonne.ledger.acts.ends import sink_number
from onetonne.ledger.acts.first_transfer import INHERITED, check_unused, newest, where
from onetonne.ledger.article6.recalls import (
    HOME,
    ConsentToRecall,
    OpenRecall,
    Recall,
    RecallConsented,
    Recalled,
    RecallOpened,
)
from onetonne.ledger.article6.tables import FirstTransfer
from onetonne.ledger.commands import Item
from onetonne.ledger.events import Cancelled, Event
from onetonne.ledger.items import (
    MAX_ITEMS,
    Context,
    Pick,
    lot_of,
    offsets,
    printed,
    source_account,
    unit_permits,
)
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

Block = tuple[int, int, int]


def open_recall(state: State, act: OpenRecall, ctx: Context) -> tuple[Event, ...]:
    if not CODE.fullmatch(act.recall):
        expected = "a code of letters, digits, blank . / - (at most 80)"
        raise Refused("bad_text", field="recall", found=act.recall[:80], expected=expected)
    if act.recall in state.recalls:
        raise Refused("number_taken", what="recall", number=act.recall)
    if not any(row.authorisation == act.authorisation for row in newest(state)):
        raise Refused("unknown_authorisation", authorisation=act.authorisation)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    blocks = _blocks(state, act, ctx)
    marks = [mark for block in blocks for mark in _marks(state, act.authorisation, block)]
    day = ctx.request.effective or ctx.day
    until = min(_until(state, mark) for mark in marks)
    _in_time(act.recall, until, day)
    parties = {party for block in blocks for _, _, _, party in _held(state, act, block)}
    if len(parties) > 1:
        raise _no(state, act.authorisation, blocks[0], "several Parties hold them")
    # After this point the case must open.
    event = RecallOpened(
        recall=act.recall,
        authorisation=act.authorisation,
        party=parties.pop(),
        blocks=blocks,
        day=day,
        until=until,
        digest=act.digest,
        reason=act.reason,
    )
    return (event,)


def consent(state: State, act: ConsentToRecall, ctx: Context) -> tuple[Event, ...]:
    row = state.recalls.get(act.recall)
    if row is None:
        raise Refused("unknown_recall", recall=act.recall)
    if row.consented:
        raise Refused("recall_settled", recall=act.recall, entry=row.consented)
    if act.party != row.party:
        raise Refused("consent_of_another", recall=act.recall, holder=row.party, party=act.party)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    day = ctx.request.effective or ctx.day
    _in_time(row.recall, row.until, day)
    back: list[Event] = []
    items: dict[int, list[Item]] = {}
    for block in row.blocks:
        back += _recalled(row, block, _marks(state, row.authorisation, block), day)
        for account, first, next_, party in _held(state, row, block):
            if party != row.party:
                raise _no(state, row.authorisation, block, "another Party holds them now")
            serials = printed(state.lots[block[0]], first, next_)
            items.setdefault(account, []).append(Item(lot=block[0], serials=serials))
    target = sink_number(state, HOME)
    for account, mine in sorted(items.items()):
        source_account(state, ctx, account)
        pick = Pick(state, ctx, account, "cancel", HOME).take(mine)
        back += [Cancelled(source=account, kind=HOME, reason=""), *pick.moves(target)]
    # After this point the units must go back.
    head = RecallConsented(recall=act.recall, party=act.party, day=day, digest=act.digest)
    return (head, *back)


def _blocks(state: State, act: OpenRecall, ctx: Context) -> tuple[Block, ...]:
    """The blocks that are asked back, each serial once."""
    if not act.items:
        raise Refused("empty_request")
    if len(act.items) > MAX_ITEMS:
        raise Refused("too_many_items", count=len(act.items), limit=MAX_ITEMS)
    found: list[Block] = []
    for item in act.items:
        lot = lot_of(state, item.lot)
        if item.quantity or not item.serials:
            raise Refused("item_malformed", item="a recall takes serials")
        first, next_ = offsets(lot, item.serials)
        unit_permits(ctx.law, lot, "cancel", HOME)
        if any(n == item.lot and first < high and low < next_ for n, low, high in found):
            raise Refused("named_twice", lot=item.lot, serials=item.serials)
        found.append((item.lot, first, next_))
    return tuple(sorted(found))


def _marks(state: State, code: str, block: Block) -> list[FirstTransfer]:
    """The first transfers of a block, all under terms that provide for its recall."""
    lot, (number, first, next_) = state.lots[block[0]], block
    bare = state.first_transfers.free(number, first, next_)
    if bare:
        free = next_ - first - sum(high - low for low, high in bare)
        raise Refused("not_first_transferred", lot=number, serials=where(lot, bare), free=free)
    marks = state.first_transfers.over(number, first, next_)
    for mark in marks:
        if mark.authorisation != code:
            raise _no(state, code, block, f"their authorisation is {mark.authorisation}")
        if mark.trigger == INHERITED:
            raise _no(state, code, block, "a conversion made them")
        if not state.authorisations[mark.authorisation, mark.version].recall_days:
            raise _no(state, code, block, "its terms provide for no recall")
    check_unused(state, lot, first, next_)
    return marks


def _no(state: State, code: str, block: Block, why: str) -> Refused:
    number, first, next_ = block
    serials = printed(state.lots[number], first, next_)
    return Refused("not_recallable", lot=number, serials=serials, authorisation=code, why=why)


def _until(state: State, mark: FirstTransfer) -> date:
    """The last day on which a first transferred unit may be recalled."""
    row = state.authorisations[mark.authorisation, mark.version]
    return mark.day + timedelta(row.recall_days)


def _in_time(recall: str, until: date, day: date) -> None:
    if day > until:
        raise Refused("recall_too_late", recall=recall, until=str(until), day=str(day))


def _held(state: State, of: OpenRecall | Recall, block: Block) -> list[tuple[int, int, int, str]]:
    """Who holds a block: account, first, next, Party; all of it lives, with another than its
    host."""
    number, first, next_ = block
    found = []
    for held in state.lane(number).cover(first, next_):
        account = state.accounts[held.account]
        if account.sink or account.kind == "peer":
            sink = account.sink or "peer"
            raise Refused("sink_is_final", account=account.account, sink=sink)
        if not account.party:
            raise _no(state, of.authorisation, block, "no Party holds them")
        if account.party == state.lots[number].host:
            raise _no(state, of.authorisation, block, "their host holds them")
        low, high = max(held.first, first), min(held.next, next_)
        found.append((held.account, low, high, account.party))
    return found


def _recalled(row: Recall, block: Block, marks: list[FirstTransfer], day: date) -> list[Recalled]:
    """What of a block is recalled, by the version that it was first transferred under."""
    number, first, next_ = block
    by: dict[int, list[tuple[int, int]]] = {}
    for mark in marks:
        part = (max(mark.first, first), min(mark.next, next_))
        by.setdefault(mark.version, []).append(part)
    return [
        Recalled(recall=row.recall, lot=number, blocks=tuple(parts),
                 authorisation=row.authorisation, version=version, day=day)
        for version, parts in by.items()
    ]  # fmt: skip
