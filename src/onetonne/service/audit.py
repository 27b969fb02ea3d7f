"""`verify`: is this ledger what its log says, and did it ever claim what is not so?

The published files are checked, every entry is replayed and every holdings root computed again;
with the database, journal and tables are compared too. An auditor needs files and key alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec

from onetonne.base import notes
from onetonne.base.merkle import EMPTY_ROOT, leaf_hash
from onetonne.base.notes import Checkpoint, VerifierKey
from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.proof_findings import Finding
from onetonne.service.place import REMEMBERED, remembered
from onetonne.service.replay import Progress, Replay, silent
from onetonne.store.audit_log import MAX_FINDINGS, check_log
from onetonne.store.beside import keys, observed, openings
from onetonne.store.cells import Lacking, Reader
from onetonne.store.compare import Comparison, unless_lacking
from onetonne.store.journal import NO_HEAD, beyond, head_of, seqs_beyond
from onetonne.store.keys import KeyFileError, load_key
from onetonne.store.rows import Engine
from onetonne.store.schema import JOURNAL
from onetonne.store.tiles import LogError, TileLog, read_note


class Report(msgspec.Struct, frozen=True):
    """What was verified, as of which checkpoint, and all that is wrong (at most 1,000).

    `entries` replayed, `roots` computed again, `rows` of tables compared (0: no database)."""

    origin: str
    size: int
    root: str
    entries: int
    roots: int
    rows: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings


def verify(
    log: Path,
    key: VerifierKey,
    known_checkpoints: Sequence[str] = (),
    db: "Engine | None" = None,
    compare_tables: bool = True,
    on_progress: Progress = silent,
    former: Sequence[VerifierKey] = (),
) -> Report:
    """Audit a ledger from the folder of its published log, and its database where given.

    `known_checkpoints` are signed notes kept elsewhere: only they can show a rollback or a
    fork. A `former` key of the log may have signed them. Never raises for what is wrong with the
    ledger; that is in the report.
    """
    on_progress("log", 0, 0)
    findings: list[Finding] = list(check_log(log, key, known_checkpoints, former))
    point = _claimed(log, key)
    tiles = TileLog(log, point.size)
    on_progress("log", point.size, point.size)
    rows = 0
    if db is None:
        replay = Replay(lambda seq: _entry_of(tiles, seq))
        replay.run(_published(tiles), point.size, on_progress)
        findings += replay.findings
    else:
        findings += _beside(log.parent, key, db)
        db.begin_read()
        try:
            journal = _Journal(db, tiles)
            replay = Replay(journal.entry_of)
            replay.run(journal.entries(), journal.size, on_progress)
            findings += journal.findings + journal.reader.findings + replay.findings
            if compare_tables and not replay.stopped:
                rows = _compare(db, replay, findings, on_progress)
        finally:
            db.rollback()
    return Report(
        point.origin,
        point.size,
        point.root.hex(),
        replay.state.seq,
        replay.roots,
        rows,
        tuple(dict.fromkeys(findings))[:MAX_FINDINGS],
    )


def _claimed(log: Path, key: VerifierKey) -> Checkpoint:
    """The checkpoint as it stands; `check_log` says whether it can be believed."""
    try:
        return notes.claimed_checkpoint(read_note(log))
    except (LogError, notes.NoteError):
        return Checkpoint(key.name, 0, EMPTY_ROOT)


def _beside(folder: Path, key: VerifierKey, db: Engine) -> Iterator[Finding]:
    """Keys beside a ledger's log that are not the one by which it is checked."""
    where = "table meta, name=key, column value"
    beside = {where: remembered(db).get(REMEMBERED, str(key))}
    with suppress(OSError):
        beside["key.pub"] = (folder / "key.pub").read_text("utf-8", "replace").strip()
    with suppress(OSError, KeyFileError):  # a key that cannot be used signs nothing
        beside["key"] = str(load_key(folder / "key").verifier)
    for name, found in beside.items():
        if found != str(key):
            yield Finding("key_beside", name, str(key), found[:200])


def _published(tiles: TileLog) -> Iterator[bytes]:
    """Entries of the log, as far as its files can be read; `check_log` names what cannot."""
    try:
        yield from tiles.entries()
    except LogError:
        return


def _entry_of(tiles: TileLog, seq: int) -> ev.Entry | None:
    """An entry of the log; None where there is none that can be read."""
    try:
        return next((codec.decode(data) for data in tiles.entries(seq - 1, seq)), None)
    except (LogError, codec.Undecodable):
        return None


class _Journal:
    """The journal's rows beside the published entries; where they differ, what was published
    is replayed, for that is what others rely on."""

    def __init__(self, db: Engine, tiles: TileLog) -> None:
        self.db, self.tiles, self.reader = db, tiles, Reader(db)
        self.head = head_of(self.reader)
        self.size = tiles.size if self.head == NO_HEAD else self.head
        self.findings: list[Finding] = []

    def entries(self) -> Iterator[bytes]:
        try:
            yield from self._rows()
        except Lacking as lacking:
            self._keep(lacking.finding)
            yield from _published(self.tiles)

    def _rows(self) -> Iterator[bytes]:
        published = _published(self.tiles)
        awaited = 1
        bound = max(self.head, self.tiles.size)
        for seq in seqs_beyond(self.reader, bound):
            self._keep(beyond(seq, self.head))
        within = " WHERE seq <= ? ORDER BY seq"
        for seq, leaf, data in self.reader.stream("journal", JOURNAL.names, within, (bound,)):
            if seq < awaited:
                self._find("table_row_extra", seq, found=f"{len(data)} bytes")
                continue
            for there in islice(published, seq - awaited):
                self._find("journal_differs", awaited, leaf_hash(there).hex(), "no row")
                awaited += 1
                yield there
            if leaf_hash(data) != leaf:
                self._find("journal_hash", seq, leaf_hash(data).hex(), leaf.hex())
            there = next(published, data)
            if there != data:
                self._find("journal_differs", seq, leaf_hash(there).hex(), leaf_hash(data).hex())
            awaited = seq + 1
            yield there
        if awaited <= self.tiles.size:
            size = str(self.tiles.size)
            self.findings.append(Finding("journal_short", "journal", size, str(awaited - 1)))

    def entry_of(self, seq: int) -> ev.Entry | None:
        """An entry as it was replayed: as published, or as the journal has it since."""
        if seq <= self.tiles.size:
            return _entry_of(self.tiles, seq)
        rows = self.db.by_key(JOURNAL, [seq])
        return codec.decode(bytes(rows[0][2])) if rows else None

    def _find(self, code: str, seq: int, expected: str = "", found: str = "") -> None:
        self._keep(Finding(code, f"journal entry {seq}", expected, found))

    def _keep(self, finding: Finding) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(finding)


def _compare(
    db: Engine,
    replay: Replay,
    findings: list[Finding],
    on_progress: Progress,
) -> int:
    """Compare tables, openings and observed rows; the number of rows read."""
    reader = Reader(db)
    on_progress("tables", 0, 0)
    compared = Comparison(reader, replay.state, replay.marks).findings()
    state = replay.state
    for part in (compared, openings(reader), keys(reader, state), observed(reader, state)):
        findings += islice(unless_lacking(part), MAX_FINDINGS)
    findings += reader.findings
    on_progress("tables", reader.rows, reader.rows)
    return reader.rows
