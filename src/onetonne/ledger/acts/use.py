"""Use: towards a Party's NDC, or for other international purposes, once for each serial.

A Party may use units that were surrendered in an emissions trading system: they stay where they
are and are marked. Source: 2/CMA.3 annex, paragraphs 8 and 9; Article 6.2 reference manual.
"""

from onetonne.ledger.acts.ends import MAX_TEXT, sink_number
from onetonne.ledger.acts.first_transfer import (
    Part,
    Writing,
    check_unused,
    common,
    in_scope,
    minus,
    of_host,
    where,
)
from onetonne.ledger.acts.ndc_effect import check_party, check_surrendered
from onetonne.ledger.article6.commands import UseForPurpose, UseTowardsNdc
from onetonne.ledger.article6.events import Used
from onetonne.ledger.article6.finality import closing
from onetonne.ledger.article6.policy import TRUE, chosen
from onetonne.ledger.article6.standing import (
    check_alive,
    check_entity,
    check_in_time,
    check_not_withdrawn,
    is_dead,
    is_spent,
)
from onetonne.ledger.article6.tables import Authorisation, Ndc
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context, Pick, open_account, source_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Account, Lot

END_OF_PURPOSE = {"NDC": "retirement", "IMP": "international_mitigation", "OP": "voluntary"}
"""Where used units come to rest."""


def use_towards_ndc(state: State, act: UseTowardsNdc, ctx: Context) -> tuple[Event, ...]:
    account = open_account(state, act.source)
    surrendered = account.sink == "surrender"
    if not surrendered:
        source_account(state, ctx, act.source)
        check_party(account, act.party)
    kind = "surrender" if surrendered else "retire"
    sink = "surrender" if surrendered else "retirement"
    target = sink_number(state, sink)
    pick = Pick(state, ctx, act.source, kind, sink).take(act.items)
    same_period = chosen(state.choices, ctx.law, "enforce_same_ndc_period") == TRUE
    heads: list[Event] = []
    asked: list[tuple[Authorisation, Lot]] = []
    for number, first, next_, _ in pick.blocks:
        lot = state.lots[number]
        check_unused(state, lot, first, next_)
        if surrendered:
            check_surrendered(state, lot, first, next_, act.party)
        for row, parts in _transferred(state, lot, first, next_):
            check_letter(act, row, lot)
            check_in_time(row, ctx.request.effective or ctx.day)
            asked.append((row, lot))
            heads.append(_used(ctx, act, row, lot, parts))
    pledge = open_pledge(state, act.party, act.year)
    for row, lot in asked:
        check_pledge(act, pledge, row, lot, same_period)
    # After this point the use must succeed.
    return (*heads, *(() if surrendered else pick.moves(target)))


def pledge_for(state: State, party: str, year: int) -> Ndc:
    """The NDC of a Party whose period holds a year."""
    for row in state.ndcs.values():
        if row.party == party and row.first <= year <= row.last:
            return row
    known = ", ".join(
        f"{row.first}-{row.last}" for row in state.ndcs.values() if row.party == party
    )
    raise Refused("no_ndc_period", party=party, year=year, known=known or "-")


def open_pledge(state: State, party: str, year: int) -> Ndc:
    """As `pledge_for`, of a period that was not closed."""
    row = pledge_for(state, party, year)
    check_open(state, party, year)
    return row


def check_open(state: State, party: str, year: int) -> None:
    """Nothing is stated anew of a period that was closed."""
    row = closing(state, party, year)
    if row is not None:
        period = f"{row.first}-{row.last}"
        raise Refused("period_closed", party=party, period=period, entry=row.closed)


def _transferred(
    state: State, lot: Lot, first: int, next_: int
) -> list[tuple[Authorisation, list[Part]]]:
    """The parts of a block by the version under which they were first transferred."""
    rows = state.first_transfers.over(lot.lot, first, next_)
    if len(rows) == 1 and rows[0].first <= first and next_ <= rows[0].next:
        only = rows[0]
        return [(state.authorisations[only.authorisation, only.version], [(first, next_)])]
    found: dict[tuple[str, int], list[Part]] = {}
    for row in rows:
        part = (max(row.first, first), min(row.next, next_))
        found.setdefault((row.authorisation, row.version), []).append(part)
    done = [part for parts in found.values() for part in parts]
    missing = minus([(first, next_)], done)
    if missing:
        free = sum(high - low for low, high in done)
        raise Refused("not_first_transferred", lot=lot.lot, serials=where(lot, missing), free=free)
    return [(state.authorisations[key], parts) for key, parts in found.items()]


def check_letter(act: UseTowardsNdc, row: Authorisation, lot: Lot) -> None:
    """Whether this authorisation lets a Party use units of a lot towards its NDC: no pledge of that
    Party changes what a letter says."""
    check_purpose(row, "NDC")
    if act.approach and act.approach != row.approach:
        raise Refused("other_approach", lot=lot.lot, approach=row.approach, asked=act.approach)
    if row.parties and act.party not in (*row.parties, lot.host):
        raise Refused(
            "party_not_authorised",
            authorisation=row.authorisation,
            party=act.party,
            authorised=", ".join(row.parties),
        )


def check_pledge(
    act: UseTowardsNdc, pledge: Ndc, row: Authorisation, lot: Lot, same_period: bool = True
) -> None:
    """Whether this pledge is in the metric of the units, and holds their vintage."""
    if row.metric != pledge.metric:
        raise Refused(
            "metric_mismatch", lot=lot.lot, metric=row.metric, party=act.party, ndc=pledge.metric
        )
    if same_period and not pledge.first <= lot.vintage <= pledge.last:
        raise Refused(
            "foreign_period",
            lot=lot.lot,
            vintage=lot.vintage,
            year=act.year,
            period=f"{pledge.first}-{pledge.last}",
        )


def check_purpose(row: Authorisation, purpose: str) -> None:
    if purpose not in row.purposes:
        raise Refused(
            "purpose_not_authorised",
            authorisation=row.authorisation,
            purpose=purpose,
            authorised=", ".join(row.purposes),
        )


def _used(
    ctx: Context, act: UseTowardsNdc, row: Authorisation, lot: Lot, parts: list[Part]
) -> Used:
    return Used(
        lot=lot.lot,
        blocks=tuple(parts),
        source=act.source,
        purpose="NDC",
        day=ctx.request.effective or ctx.day,
        approach=row.approach,
        party=act.party,
        year=act.year,
        metric=row.metric,
    )


def use_for_purpose(state: State, act: UseForPurpose, ctx: Context) -> tuple[Event, ...]:
    if act.purpose not in ("IMP", "OP"):
        known = "IMP, OP"
        raise Refused("unknown_kind", kind=act.purpose, what="purpose of use", known=known)
    if len(act.programme) > MAX_TEXT:
        expected = f"{MAX_TEXT} characters at most"
        raise Refused("bad_text", field="programme", found=act.programme[:80], expected=expected)
    account = source_account(state, ctx, act.source)
    sink = END_OF_PURPOSE[act.purpose]
    target = sink_number(state, sink)
    pick = Pick(state, ctx, act.source, "cancel", sink).take(act.items)
    writing = Writing(state, ctx)
    heads: list[Event] = []
    for number, first, next_, _ in pick.blocks:
        lot = state.lots[number]
        _first_transfer_now(writing, act, account, lot, first, next_)
        for row, parts in _now_transferred(writing, lot, first, next_):
            check_purpose(row, act.purpose)
            check_entity(row, account)
            _programme(row, act.programme)
            check_in_time(row, writing.day)
            used = Used(
                lot=number,
                blocks=tuple(parts),
                source=act.source,
                purpose=act.purpose,
                day=writing.day,
                approach=row.approach,
                party="",
                programme=act.programme,
                metric=row.metric,
            )
            heads.append(used)
    # After this point the use must succeed.
    return (*writing.events, *heads, *pick.moves(target))


def _programme(row: Authorisation, programme: str) -> None:
    if row.programmes and programme not in row.programmes:
        raise Refused(
            "purpose_not_authorised",
            authorisation=row.authorisation,
            purpose=programme,
            authorised=", ".join(row.programmes),
        )


def _first_transfer_now(
    w: Writing, act: UseForPurpose, account: Account, lot: Lot, first: int, next_: int
) -> None:
    """First transfer by its use what was not first transferred before."""
    parts = w.free(lot.lot, [(first, next_)])
    over = []
    for row in of_host(w.state, lot.host):
        mine = common(parts, in_scope(row, lot, w.ctx.law))
        if not mine:
            continue
        if is_dead(row, w.day) or is_spent(row):
            over.append(row)
            continue
        check_purpose(row, act.purpose)
        check_entity(row, account)
        check_not_withdrawn(row, account.account)
        _programme(row, act.programme)
        w.all(row, lot, mine, "use")
        parts = minus(parts, mine)
    for row in over:
        mine = common(parts, in_scope(row, lot, w.ctx.law))
        if mine:
            check_alive(row, w.day)
            check_purpose(row, act.purpose)
            w.all(row, lot, mine, "use")
    if parts:
        free = next_ - first - sum(high - low for low, high in parts)
        raise Refused("not_authorised", lot=lot.lot, serials=where(lot, parts), free=free)


def _now_transferred(
    w: Writing, lot: Lot, first: int, next_: int
) -> list[tuple[Authorisation, list[Part]]]:
    """As `_transferred`, with what this act itself first transfers."""
    found: list[tuple[Authorisation, list[Part]]] = []
    for row in w.state.first_transfers.over(lot.lot, first, next_):
        key = (row.authorisation, row.version)
        part = (max(row.first, first), min(row.next, next_))
        found.append((w.state.authorisations[key], [part]))
    for event in w.events:
        parts = common(list(event.blocks), [(first, next_)]) if event.lot == lot.lot else []
        if parts:
            found.append((w.state.authorisations[event.authorisation, event.version], parts))
    return found
