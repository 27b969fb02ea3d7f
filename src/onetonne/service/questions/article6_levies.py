"""What cooperative approaches levy of their own accord: their policies, and each levy, exact."""

from collections.abc import Iterator

import msgspec

from onetonne.ledger.article6.approach_levies import SUMS, ApproachLevied, LevyPolicy
from onetonne.ledger.article6.levies import Share
from onetonne.ledger.items import closed
from onetonne.ledger.tables import Lot
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, View, view
from onetonne.service.questions.holdings import only


class Policy(msgspec.Struct, frozen=True):
    """A version of an approach's policy."""

    approach: str
    policy: LevyPolicy


class Levied(msgspec.Struct, frozen=True):
    """One levy: `quantity` units it is of; `shares` in units, `owed` in money."""

    lot: str
    serials: str
    quantity: int
    approach: str
    policy: int
    authorisation: str
    base: str
    day: str
    entry: int
    shares: tuple[Share, ...]
    owed: tuple[Share, ...]
    rest: int
    levy_capped: bool
    metric: str


class Levies(msgspec.Struct, frozen=True):
    """Policies, levies in their order, and the sums of what was levied and is owed: `sums` is null
    where there are several metrics, `by_metric` has them all."""

    as_of: AsOf
    policies: tuple[Policy, ...]
    rows: tuple[Levied, ...]
    sums: dict[str, int | None]
    by_metric: dict[str, dict[str, int]]


def levies(ledger: Ledger, approach: str = "", asof: AsOf = NOW) -> Levies:
    """What one approach levies and levied, or all of them."""
    test = "approach = ?" if approach else "approach <> ?"
    with view(ledger, asof) as seen:
        policies = tuple(
            Policy(row.approach, policy)
            for row in seen.structs("approaches", test, (approach,))
            for policy in row.levies
        )
        sums: dict[str, dict[str, int]] = {basis: {} for basis in SUMS.values()}
        for row in seen.structs("tallies", test, (approach,)):
            if row.basis in sums:
                of = sums[row.basis]
                of[row.metric] = of.get(row.metric, 0) + row.quantity
        every = {basis: only(of, 0) for basis, of in sums.items()}
        return Levies(seen.as_of, policies, tuple(_levied(ledger, seen, approach)), every, sums)


_LEVIES = "SELECT lot, entry FROM levies UNION SELECT lot, entry FROM approach_levies"


def levying(seen: View) -> frozenset[tuple[int, int]]:
    """Lots with the entries that levied them: what ended as overall mitigation by another entry,
    somebody gave of its own accord."""
    return frozenset((lot, entry) for lot, entry in seen.query(_LEVIES, ()))


def _levied(ledger: Ledger, seen: View, approach: str) -> Iterator[Levied]:
    test = "approach = ?" if approach else "approach <> ?"
    marks = seen.structs("approach_levies", test, (approach,))
    entries = seen.entries(sorted({mark.entry for mark in marks}))
    lots: dict[int, Lot] = {}
    for seq in sorted(entries):
        for e in entries[seq].events:
            if not isinstance(e, ApproachLevied) or approach not in ("", e.approach):
                continue
            if e.lot not in lots:
                (lots[e.lot],) = seen.structs("lots", "lot = ?", (e.lot,))
            lot = lots[e.lot]
            base = int(lot.first_number)
            yield Levied(
                lot=lot.code,
                serials=", ".join(closed(base, low, high) for low, high in e.blocks),
                quantity=sum(high - low for low, high in e.blocks),
                approach=e.approach,
                policy=e.policy,
                authorisation=e.authorisation,
                base=e.base,
                day=e.day.isoformat(),
                entry=seq,
                shares=e.shares,
                owed=e.owed,
                rest=e.rest,
                levy_capped=e.levy_capped,
                metric=ledger.law.measure(lot.unit),
            )
