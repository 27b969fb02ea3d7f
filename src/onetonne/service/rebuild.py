"""`rebuild`: make the state tables anew from the journal, in one transaction.

For tables that were damaged or edited by hand; the journal itself is not touched. Other writers
are fenced: the ledger's epoch moves on, and they must open it again.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from onetonne.ledger.proof_findings import Finding
from onetonne.service.replay import Progress, Replay, silent
from onetonne.store.compare import HEAD
from onetonne.store.journal import SignedFrom, first_beyond
from onetonne.store.rows import Engine
from onetonne.store.schema import HOLDING, TABLES, additions, holding_row, to_row

CHUNK = 10_000
"""Rows of one statement."""


class CannotRebuild(ValueError):
    """The journal itself cannot be replayed or believed; nothing was changed. `zh` says it too."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.sentence())
        self.zh = finding.sentence("zh")


class Rebuilt(msgspec.Struct, frozen=True):
    """How many entries were replayed, how many rows written, and the epoch from now on."""

    entries: int
    rows: int
    epoch: int


def rebuild(
    db: Engine,
    on_progress: Progress = silent,
    signed_from: SignedFrom = lambda start: iter(()),
) -> Rebuilt:
    """Replay the journal into emptied tables. Open the ledger again afterwards.
    Raises CannotRebuild where the journal does not replay, or has rows beyond the head that
    `signed_from`, the published log, does not have as well."""
    try:
        db.begin()
        planted = first_beyond(db, signed_from)
        if planted is not None:
            raise CannotRebuild(planted)
        replay = Replay()
        replay.run(_journal(db), on_progress=on_progress)
        if replay.stopped:
            raise CannotRebuild(replay.findings[-1])
        for statement in additions(db.text_type):
            db.connection.execute(statement)
        db.clear_state()
        rows = _write(db, replay)
        _write_meta(db, replay)
        epoch = _move_epoch(db, replay)
        db.commit()
    except BaseException:
        db.rollback()
        raise
    return Rebuilt(replay.state.seq, rows, epoch)


def _journal(db: Engine) -> Iterator[bytes]:
    for (data,) in db.stream("SELECT entry FROM journal ORDER BY seq"):
        yield bytes(data)


def _write(db: Engine, replay: Replay) -> int:
    state, rows = replay.state, 0
    for table in TABLES.values():
        values = getattr(state, table.name).values()
        rows += _insert(db, table.name, table.names, (to_row(table, value) for value in values))
    held = (holding_row(n, h) for n, lane in state.lanes.items() for h in lane.rows.values())
    closing = ((lot.lot, lot.size, None, None, None, None) for lot in state.lots.values())
    rows += _insert(db, "holdings", HOLDING, held) + _insert(db, "holdings", HOLDING, closing)
    marks = ((account, seq) for account, seqs in replay.marks.items() for seq in seqs)
    return rows + _insert(db, "marks", ("account", "seq"), marks)


def _write_meta(db: Engine, replay: Replay) -> None:
    told = replay.state.founded
    if told is None:
        return
    rows = [("ledger", told.ledger), ("party", told.party), ("zone", told.zone)]
    for name, _ in rows:
        db.query("DELETE FROM meta WHERE name = ? RETURNING name", (name,))
    db.insert("meta", ("name", "value"), rows)


def _insert(
    db: Engine, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
) -> int:
    count = 0
    while chunk := list(islice(rows, CHUNK)):
        db.insert(table, columns, chunk)
        count += len(chunk)
    return count


def _move_epoch(db: Engine, replay: Replay) -> int:
    state = replay.state
    values = (state.seq, state.at, *(state.counts[name] for name in HEAD[2:]))
    sets = ", ".join(f'"{name}" = ?' for name in HEAD)
    sql = f"UPDATE head SET {sets}, epoch = epoch + 1 WHERE id = 1 RETURNING epoch"
    found = db.query(sql, values)
    if not found:  # the row itself was lost: an epoch that no writer can be in
        columns = ("id", *HEAD, "epoch")
        order = ("id", "seq", "at", "epoch", *HEAD[2:])
        row = dict(zip(columns, (1, *values, state.at), strict=True))
        db.insert("head", order, [tuple(row[name] for name in order)])
        return state.at
    epoch: int = found[0][0]
    return epoch
