"""The day's work, which nobody sends but the clock: what ends today, the holdings root, the log.

Each step sees for itself what is left to do: a run that was killed, a second one and two at once
do together what one does.
"""

from datetime import date
from typing import Any

import msgspec

from onetonne.base.days import day_of
from onetonne.base.notes import Checkpoint
from onetonne.ledger import events as ev
from onetonne.ledger.commands import Expire, Request
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import CLOCK
from onetonne.service.ledger import Ledger
from onetonne.service.roots import journal_root, newest_root
from onetonne.store.tiles import CHECKPOINT, read_checkpoint

AT_ONCE = 1_000
"""Endings of one transaction: other writers wait for it."""
_DUE = {
    "proposals": "SELECT proposal FROM proposals WHERE outcome = '' AND until <= ? AND proposal > ?"
    " ORDER BY proposal",
    "locks": "SELECT \"lock\" FROM locks WHERE lifted = 0 AND kind <> 'proposal' AND until <= ?"
    ' AND "lock" > ? ORDER BY "lock"',
    "duties": "SELECT DISTINCT duty FROM duties WHERE outcome = '' AND due < ? AND duty > ?"
    " ORDER BY duty",
}
"""What an ending names, and which are due on a day, beyond a number. A proposal and a lock end on
their last day, a duty is overdue after it."""


class Ending(msgspec.Struct, frozen=True):
    """A proposal, lock or duty (by the entry in which it arose), and the entry that ended it, or
    why it was refused."""

    kind: str
    number: int
    entry: int = 0
    refusal: Refusal | None = None


class Day(msgspec.Struct, frozen=True):
    """What one run did on `day`: `rooted` is the entry with the newest root, `new_root` whether
    this run journaled it; `added` entries that the log did not have before."""

    day: date
    endings: list[Ending]
    rooted: ev.Entry
    new_root: bool
    point: Checkpoint
    added: int

    @property
    def changed(self) -> bool:
        return self.new_root or self.added > 0 or any(one.entry for one in self.endings)


def daily(ledger: Ledger) -> Day:
    """Do what is due today, in the registry's zone. Raises KeyFileError or LogError before anything
    is done where key or log are missing; whatever is raised, run it again."""
    ledger.signer()
    day = day_of(ledger.writer.clock(), ledger.writer.zone)
    endings = end_due(ledger, day)
    before = newest_root(ledger.db)
    if before is not None and day_of(before.at, ledger.writer.zone) >= day:
        rooted = before
    else:
        rooted = journal_root(ledger)
    there = (ledger.log / CHECKPOINT).exists()
    size = read_checkpoint(ledger.log, ledger.verifier()).size if there else 0
    point = ledger.publish()
    new_root = before is None or rooted.seq > before.seq
    return Day(day, endings, rooted, new_root, point, point.size - size)


def end_due(ledger: Ledger, day: date, by: int = CLOCK, dry: bool = False) -> list[Ending]:
    """End what is due on a day, an entry for each: one that is refused holds up no other, and many
    of them never outgrow an entry. `dry` says what would end."""
    return [one for kind in _DUE for one in _end(ledger, kind, day, by, dry)]


def _end(ledger: Ledger, kind: str, day: date, by: int, dry: bool) -> list[Ending]:
    found: list[Ending] = []
    asked: list[int] = []

    def make() -> list[Request]:
        last = asked[-1] if asked else 0
        sql = f"{_DUE[kind]} LIMIT {AT_ONCE}"
        asked[:] = [row[0] for row in ledger.db.query(sql, (day.isoformat(), last))]
        return [Request(by=by, acts=(_act(kind, number),)) for number in asked]

    while answers := ledger.writer.execute(make, dry):
        found += [
            Ending(kind, number, answer.entry.seq if answer.entry else 0, answer.refusal)
            for number, answer in zip(asked, answers, strict=True)
        ]
    return found


def _act(kind: str, number: int) -> Expire:
    named: dict[str, Any] = {kind: (number,)}
    return Expire(**named)
