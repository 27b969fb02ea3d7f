"""What holds of every state that commands can reach. Each check returns what is wrong, so that
a test can plant the breach and see it found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise

from onetonne.ledger.article6.approach_levies import SUMS
from onetonne.ledger.article6.tables import FirstTransfer
from onetonne.ledger.events import Converted, Corrected, Entry, Moved, Returned
from onetonne.ledger.state import State


def untiled(state: State) -> Iterator[str]:
    """Every issued serial is held by exactly one account: holdings tile each lot."""
    for number, lot in state.lots.items():
        rows = [h for _, h in sorted(state.lanes[number].rows.items())]
        if not rows or rows[0].first != 0 or rows[-1].next != lot.size:
            yield f"lot {number} is not covered from end to end"
        if any(a.next != b.first for a, b in pairwise(rows)):
            yield f"lot {number} has a gap or an overlap"
        if any(h.first >= h.next or h.account not in state.accounts for h in rows):
            yield f"lot {number} has an empty holding, or one of nobody"
        if any(key != h.first for key, h in state.lanes[number].rows.items()):
            yield f"lot {number} keeps a holding under another key"
        order = state.lanes[number].order
        if order is not None and order != sorted(state.lanes[number].rows):
            yield f"lot {number} has lost its order"
    if set(state.lots) != set(range(1, state.counts["lot"] + 1)):
        yield "a lot is missing from the count"


def lost_locks(state: State) -> Iterator[str]:
    """A lock lies on exactly its serials while it lives, and nowhere after."""
    wanted: dict[int, set[tuple[int, int]]] = {}
    for number, row in state.locks.items():
        if not row.lifted:
            wanted[number] = {(lot, at) for lot, a, b in row.blocks for at in range(a, b)}
    found: dict[int, set[tuple[int, int]]] = {number: set() for number in wanted}
    for lot, lane in state.lanes.items():
        for h in lane.rows.values():
            if len(set(h.locks)) != len(h.locks):
                yield f"lot {lot} from {h.first}: a lock twice"
            for number in h.locks:
                found.setdefault(number, set()).update((lot, at) for at in range(h.first, h.next))
    for number in found.keys() | wanted.keys():
        if found.get(number) != wanted.get(number):
            yield f"lock {number} does not lie on its serials"


def half_settled(state: State) -> Iterator[str]:
    """An open proposal holds its lock; a settled one holds none."""
    for number, row in state.proposals.items():
        lock = state.locks.get(row.lock)
        if lock is not None and bool(lock.lifted) is not bool(row.outcome):
            yield f"proposal {number} is {row.outcome or 'open'} and its lock is not"


def rewritten(state: State) -> Iterator[str]:
    """A write-once label lies on a serial once."""
    once: set[tuple[int, int]] = set()
    for row in state.labels.values():
        if row.kind == "once":
            here = {(row.lot, at) for at in range(row.first, row.next)}
            if once & here:
                yield f"lot {row.lot} from {row.first}: written twice"
            once |= here


def miscounted(state: State) -> Iterator[str]:
    """What operators used of a lot is what stands in the end of surrenders, no more and no less."""
    used: dict[int, int] = {}
    for row in state.used.values():
        used[row.lot] = used.get(row.lot, 0) + row.tonnes
        if row.tonnes < 0:
            yield f"{row.operator} used less than nothing of lot {row.lot}"
    for number, lane in state.lanes.items():
        ends = {n for n, account in state.accounts.items() if account.sink == "surrender"}
        stands = sum(h.next - h.first for h in lane.rows.values() if h.account in ends)
        if stands != used.get(number, 0):
            yield f"lot {number}: {stands} surrendered, {used.get(number, 0)} counted as used"


def beside_its_operator(state: State) -> Iterator[str]:
    """What is kept by operator says what its table says."""
    for table, of in state.of.items():
        if {k: v for rows in of.values() for k, v in rows.items()} != getattr(state, table):
            yield f"{table} and what is kept of it by operator differ"


def twice_transferred(state: State) -> Iterator[str]:
    """A serial is first transferred once, within its lot; it is used once, and only then."""
    transferred: set[tuple[int, int]] = set()
    for row in state.first_transfers.values():
        here = {(row.lot, at) for at in range(row.first, row.next)}
        if transferred & here or row.next > state.lots[row.lot].size:
            yield f"lot {row.lot} from {row.first}: first transferred twice"
        transferred |= here
    used: set[tuple[int, int]] = set()
    for use in state.uses.values():
        here = {(use.lot, at) for at in range(use.first, use.next)}
        if used & here:
            yield f"lot {use.lot} from {use.first}: used twice"
        if here - transferred:
            yield f"lot {use.lot} from {use.first}: used, not first transferred"
        used |= here


def counted(state: State) -> list[FirstTransfer]:
    """First transfers but those that a conversion handed on: their tonnes were counted before."""
    return [row for row in state.first_transfers.values() if row.trigger != "conversion"]


def over_cap(state: State) -> Iterator[str]:
    """What was first transferred under an authorisation is what it says, and within its cap."""
    sums: Counter[str] = Counter()
    for row in counted(state):
        sums[row.authorisation] += row.next - row.first
    for row_ in state.authorisations.values():
        if not row_.superseded:
            if row_.transferred != sums[row_.authorisation]:
                yield f"authorisation {row_.authorisation} has lost count"
            if row_.cap and row_.transferred > row_.cap:
                yield f"authorisation {row_.authorisation} is over its cap"


def final(state: State, party: str, year: int, entry: int) -> bool:
    """Whether an entry came after the Party's period of that year was closed."""
    return any(
        row.party == party and row.first <= year <= row.last and 0 < row.closed < entry
        for row in state.ndcs.values()
    )


def adrift(state: State) -> Iterator[str]:
    """Adjustments are the first transfers by vintage less the uses by year, and nothing else."""
    wanted: Counter[tuple[str, str, int, int]] = Counter()
    for row in counted(state):
        lot = state.lots[row.lot]
        late = final(state, lot.host, lot.vintage, row.entry)
        key = (lot.host, "late_transfer" if late else "first_transfer", lot.vintage, row.day.year)
        wanted[key] += row.next - row.first
    for use in state.uses.values():
        if use.purpose == "NDC":
            wanted[use.party, "use", use.year, use.day.year] += use.next - use.first
    for case in state.recalls.values():
        for number, first, next_ in case.blocks if case.consented else ():
            lot = state.lots[number]
            late = final(state, lot.host, lot.vintage, case.consented)
            wanted[lot.host, "late_recall" if late else "recalled", lot.vintage, 0] += next_ - first
    found: Counter[tuple[str, str, int, int]] = Counter()
    for tally in state.tallies.values():
        # What approaches levy adjusts nothing by itself; the oracle holds it against the entries.
        if tally.basis not in ("purpose", "pre_2021", *SUMS.values()):
            # A case says by which entry its units went back, and not on which day that counts.
            happened = 0 if tally.basis in ("recalled", "late_recall") else tally.happened
            found[tally.party, tally.basis, tally.year, happened] += tally.quantity
    if wanted != found:
        yield "a tally is not the sum of its events"


def broken(state: State) -> list[str]:
    """All that is wrong with a state."""
    checks = (
        *(untiled, lost_locks, half_settled, rewritten, miscounted, beside_its_operator),
        *(twice_transferred, over_cap, adrift, miscredited),
    )
    return [text for check in checks for text in check(state)]


def left_a_sink(state: State, entry: Entry) -> list[str]:
    """Moves out of a sink or a peer's account without a correction or a lawful
    return; `state` before the entry."""
    if any(isinstance(event, Corrected | Returned) for event in entry.events):
        return []
    out = []
    for event in entry.events:
        for move in event.burnt if isinstance(event, Converted) else (event,):
            if isinstance(move, Moved):
                account = state.accounts[move.source]
                if account.sink or account.kind == "peer":
                    out.append(f"entry {entry.seq} takes {move.first}..{move.next} from a sink")
    return out


def miscredited(state: State) -> Iterator[str]:
    """What is owed is what was reported less what was made good; no reduction is claimed twice."""
    owed: Counter[str] = Counter()
    for row in state.reversals.values():
        owed[row.activity] += row.quantity - row.remedied
    for activity in state.activities.values():
        if activity.owed != owed[activity.activity] or activity.owed < 0:
            yield f"activity {activity.activity} has lost count of its reversals"
    issued: Counter[int] = Counter()
    for levies in state.levies.values():
        lot = state.lots[levies.lot]
        issued[lot.vintage] += lot.size
        if levies.sop + levies.omge + levies.buffer > lot.size:
            yield f"lot {levies.lot} was levied more than it is"
    verified: Counter[int] = Counter()
    for told in state.verifications.values():
        verified[told.first.year] += told.issued
        if told.issued > told.quantity:
            yield f"verification {told.verification} was issued beyond"
    if issued != +verified:
        yield "what was issued is not what was verified"
    for one, other in combinations(state.claims.values(), 2):
        shares = one.key == other.key and one.project != other.project
        if shares and one.first <= other.last and other.first <= one.last:
            yield f"{one.key} was credited as lots {one.lot} and {other.lot}"
