"""Statement: an account's opening balance, each movement, and closing balance, per lot and in all.

Movements stand on the day on which they count: a correction with an effective day belongs to that
day's statement, whenever it was entered.
"""

from datetime import date

import msgspec

from onetonne.base import account_numbers
from onetonne.ledger import events as ev
from onetonne.ledger.items import printed
from onetonne.ledger.tables import Lot
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, Unknown, View, entry_day, view
from onetonne.service.questions.deeds import Deed, Scribe, Step, deeds
from onetonne.service.questions.holdings import only

PAGE = 1_000
"""Entries read at a time."""


class Movement(msgspec.Struct, frozen=True):
    """Serials that came (`change` above 0) or went; `balance` is the lot's in the account after;
    `metric` is what one serial is."""

    step: Step
    lot: int
    code: str
    serials: str
    metric: str
    change: int
    balance: int


class Statement(msgspec.Struct, frozen=True):
    """Balances by lot code, in the units of each lot, whose metric `metrics` gives; `since` and
    `until` are inclusive days. Sums are by metric; a total is None where there are several."""

    as_of: AsOf
    account: int
    shown: str
    holder: str
    since: date | None
    until: date
    opening: dict[str, int]
    movements: tuple[Movement, ...]
    closing: dict[str, int]
    opening_total: int | None
    closing_total: int | None
    opening_by_metric: dict[str, int]
    closing_by_metric: dict[str, int]
    metrics: dict[str, str]


_Found = tuple[date, int, int, int, ev.Entry, Deed]


def statement(
    ledger: Ledger,
    account: int,
    since: date | None = None,
    until: date | None = None,
    asof: AsOf = NOW,
) -> Statement:
    """What moved in an account from `since` (its opening when absent) to `until` (the day asked
    of). Costs what the account's own entries cost. Raises Unknown."""
    with view(ledger, asof, replay=False) as seen:
        return _statement(seen, account, since, min(until or seen.day, seen.day))


def _statement(seen: View, account: int, since: date | None, until: date) -> Statement:
    rows = seen.structs("accounts", "account = ?", (account,))
    opened = rows[0].opened if rows else 0
    found = [row for row in _moves(seen, account) if row[0] <= until] if opened else []
    if not 0 < opened <= seen.seq or not (found or seen.counts(seen.entries([opened])[opened])):
        number = account_numbers.show(account)
        raise Unknown(f"There was no account {number} as of entry {seen.seq}. Ask a later one.",
                      f"截至條目 {seen.seq}，尚無帳戶 {number}。請查詢較晚的條目。")  # fmt: skip
    scribe = Scribe(seen)
    lots = _lots(seen, {row[5].lot for row in found})
    metrics = {lot.code: seen.law.measure(lot.unit) for lot in lots.values()}
    balance: dict[str, int] = {}
    opening: dict[str, int] = {}
    movements = []
    for day, _, at, change, entry, deed in sorted(found, key=lambda row: row[:3]):
        lot = lots[deed.lot]
        balance[lot.code] = balance.get(lot.code, 0) + change
        if since is not None and day < since:
            opening = {code: held for code, held in balance.items() if held}
            continue
        first, next_ = (0, deed.size) if isinstance(deed, ev.Issued) else (deed.first, deed.next)
        serials = printed(lot, first, next_)
        step = scribe.deed(entry, at, deed)
        metric, after = metrics[lot.code], balance[lot.code]
        movements.append(Movement(step, lot.lot, lot.code, serials, metric, change, after))
    closing = {code: held for code, held in balance.items() if held}
    before, after_all = _by_metric(opening, metrics), _by_metric(closing, metrics)
    return Statement(
        as_of=seen.as_of,
        account=account,
        shown=account_numbers.show(account),
        holder=scribe.name("accounts", account),
        since=since,
        until=until,
        opening=opening,
        movements=tuple(movements),
        closing=closing,
        opening_total=only(before, 0),
        closing_total=only(after_all, 0),
        opening_by_metric=before,
        closing_by_metric=after_all,
        metrics=metrics,
    )


def _by_metric(held: dict[str, int], metrics: dict[str, str]) -> dict[str, int]:
    """Balances added up by metric, 0 for one of which nothing is held."""
    sums = dict.fromkeys(metrics.values(), 0)
    for code, quantity in held.items():
        sums[metrics[code]] += quantity
    return sums


def _moves(seen: View, account: int) -> list[_Found]:
    """Every deed that changed the account's balance, with its day and the change."""
    sql = "SELECT seq FROM marks WHERE account = ? AND seq <= ? ORDER BY seq"
    seqs = [row[0] for row in seen.db.query(sql, (account, seen.seq))]
    found: list[_Found] = []
    for start in range(0, len(seqs), PAGE):
        for seq, entry in sorted(seen.entries(seqs[start : start + PAGE]).items()):
            day = entry_day(entry, seen.zone)
            for at, deed in deeds(entry):
                change = _change(deed, account)
                if change:
                    found.append((day, seq, at, change, entry, deed))
    return found


def _change(deed: Deed, account: int) -> int:
    if isinstance(deed, ev.Issued):
        return deed.size if deed.account == account else 0
    size = deed.next - deed.first
    return size * ((deed.target == account) - (deed.source == account))


def _lots(seen: View, numbers: set[int]) -> dict[int, Lot]:
    found = (seen.structs("lots", "lot = ?", (number,)) for number in sorted(numbers))
    return {rows[0].lot: rows[0] for rows in found}
