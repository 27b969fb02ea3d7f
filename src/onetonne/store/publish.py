"""Publish the journal as a C2SP tlog-tiles directory: entries and tiles first, the checkpoint last.

A crash at any point leaves the old checkpoint with all that it needs; the next call finishes the
work. A full tile is written once and never again. Nothing is signed that would contradict what was.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from onetonne.base import merkle
from onetonne.base.notes import Checkpoint, NoteError, Signer, VerifierKey, open_checkpoint
from onetonne.store.tiles import (
    CHECKPOINT,
    ENTRIES,
    MAX_ENTRY,
    TILE_HEIGHT,
    TILE_WIDTH,
    Level,
    LogError,
    TileLog,
    edge_root,
    pack_entries,
    read_checkpoint,
    read_note,
    split_hashes,
    tile_path,
)

Row = tuple[bytes, bytes]  # leaf hash, entry
RowsFrom = Callable[[int], Iterable[Row]]
Check = Callable[[int, bytes], None]  # log index, entry
Former = Callable[[], Sequence[VerifierKey]]

_INCOMING = ".incoming"  # files on their way in; a crash leaves some, the next run reuses the names
_STAGED = 64  # files flushed together: 2 MB of tiles at most, and 64 bundles of entries
_LOCK = ".lock"


class Disk:
    """Durable writes below one directory; the seam where tests break the power."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._staged: list[tuple[Path, str]] = []
        self._unsettled: set[Path] = set()

    def put(self, path: str, data: bytes) -> None:
        """Replace a file as a whole: after a crash it is the old one or the new one.

        It takes its place at the next flush; flushing many costs little more than one.
        """
        incoming = self.directory / _INCOMING / str(len(self._staged))
        incoming.parent.mkdir(exist_ok=True)
        self.write(incoming, data)
        self._staged.append((incoming, path))
        if len(self._staged) == _STAGED:
            self.flush()

    def flush(self) -> None:
        """Make the content of staged files durable, then give them their names."""
        for incoming, _ in self._staged:
            self.sync(incoming)
        for incoming, path in self._staged:
            target = self.directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            self.rename(incoming, target)
            self._unsettled.update(self.directory / parent for parent in Path(path).parents)
        self._staged.clear()

    def write(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)

    def sync(self, path: Path) -> None:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def settle(self) -> None:
        """Flush, and make the names survive a loss of power."""
        self.flush()
        for directory in sorted(self._unsettled):
            self.sync(directory)
        self._unsettled.clear()

    def discard(self, path: str) -> None:
        """Remove a directory of partial files, if there is one."""
        directory = self.directory / path
        if directory.is_dir():
            for file in directory.iterdir():
                file.unlink(missing_ok=True)
            directory.rmdir()


def publish(
    directory: Path,
    rows_from: RowsFrom,
    signer: Signer,
    *,
    check: Check = lambda index, entry: None,
    disk: Disk | None = None,
    former: Former = tuple,
) -> Checkpoint:
    """Bring the log up to the journal and sign its new head; answers with the checkpoint in force.

    `rows_from(index)` gives (leaf hash, entry) of the journal from a log index (sequence - 1) on;
    it is asked from inside what is published already, to compare. `check` raises LogError for an
    entry that must not be signed; it is asked of those that are not signed yet. Call again after
    any error. A checkpoint that one of the `former` keys signed is the log's too, and signed anew.
    LogError: log_rolled_back, log_forked, tile_conflict, row_damaged, entry_too_long,
    what `check` raises, or what reading the published log raises. NoteError when the published
    checkpoint is not `signer`'s.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with locked(directory):
        old, own = _published(directory, signer.verifier, former)
        writer = _Writer(disk or Disk(directory), old, check)
        writer.follow(rows_from)
        checkpoint = Checkpoint(signer.name, writer.size, edge_root(writer.levels))
        if checkpoint == writer.old and writer.size and own:
            return checkpoint
        writer.finish()
        writer.disk.put(CHECKPOINT, signer.sign(checkpoint.text).encode())
        writer.disk.settle()
        return checkpoint


def cosign(directory: Path, keys: Sequence[VerifierKey], signer: Signer) -> Checkpoint:
    """Put `signer`'s signature behind that of one of the log's `keys` on the published checkpoint,
    so that it holds for who knows either. Raises LogError, NoteError."""
    with locked(directory):
        note = read_note(directory)
        checkpoint, _ = _published(directory, keys[0], lambda: keys[1:])
        with suppress(NoteError):
            return open_checkpoint(note, signer.verifier)
        _put(directory, CHECKPOINT, signer.cosign(note))
        return checkpoint


def put_beside(directory: Path, name: str, text: str) -> None:
    """Publish a file beside the checkpoint: whole, and while no other publisher writes."""
    with locked(directory):
        _put(directory, name, text)


def _put(directory: Path, path: str, text: str) -> None:
    disk = Disk(directory)
    disk.put(path, text.encode())
    disk.settle()


class _Writer:
    """The right edge of the growing log: for each level the hashes of the unfinished tile."""

    def __init__(self, disk: Disk, old: Checkpoint, check: Check) -> None:
        self.disk = disk
        self.old = old
        self.check = check
        # Start inside what is signed, so that the journal is always compared with it.
        self.size = max(old.size - 1, 0) // TILE_WIDTH * TILE_WIDTH
        self.levels = _edge(TileLog(disk.directory, old.size), self.size)
        self.entries: list[bytes] = []
        self.full: list[str] = []

    def follow(self, rows_from: RowsFrom) -> None:
        rows = iter(rows_from(self.size))
        while batch := list(islice(rows, TILE_WIDTH)):
            self._take(batch)
            if len(batch) < TILE_WIDTH:
                break
        if self.size < self.old.size:
            raise self._rolled_back(self.size)

    def _take(self, batch: list[Row]) -> None:
        """Check the rows of one bundle, then keep them, then write the bundle if it is full."""
        first = self.size
        for index, (leaf, entry) in enumerate(batch, first):
            _check_row(index, leaf, entry)
            if index >= self.old.size:
                self.check(index, entry)
        hashes = [leaf for leaf, _ in batch]
        if first < self.old.size:
            self._compare(hashes)
        self.size = first + len(batch)
        self.levels[0], self.entries = hashes, [entry for _, entry in batch]
        if len(batch) == TILE_WIDTH:
            self._store(ENTRIES, first // TILE_WIDTH, TILE_WIDTH, pack_entries(self.entries))
            self._carry()

    def _compare(self, hashes: list[bytes]) -> None:
        """The fork guard: these rows must lead to the root that is signed already."""
        signed = self.old.size - self.size
        if len(hashes) < signed:
            raise self._rolled_back(self.size + len(hashes))
        if edge_root([hashes[:signed], *self.levels[1:]]) != self.old.root:
            raise LogError(
                "log_forked",
                f"entries {self.size} to {self.old.size - 1}",
                "the journal does not lead to the root of the published checkpoint; nothing was"
                " written. Restore the journal that was published, or start a log under a new name",
            )

    def _rolled_back(self, size: int) -> LogError:
        return LogError(
            "log_rolled_back",
            f"entry {size}",
            f"the journal ends here, the published checkpoint has {self.old.size} entries;"
            " restore the newer journal, nothing was written",
        )

    def _carry(self) -> None:
        """Store each tile that is full now; its root becomes a hash one level up."""
        level = 0
        while len(self.levels[level]) == TILE_WIDTH:
            hashes = self.levels[level]
            number = (self.size >> (TILE_HEIGHT * (level + 1))) - 1
            self._store(level, number, TILE_WIDTH, b"".join(hashes))
            self.levels[level] = []
            level += 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(merkle.root(hashes))

    def finish(self) -> None:
        """Write the partial tiles of this size and sweep the ones that full tiles replace."""
        for level, hashes in enumerate(self.levels):
            if hashes:
                number = self.size >> (TILE_HEIGHT * (level + 1))
                if level == 0:
                    self._store(ENTRIES, number, len(hashes), pack_entries(self.entries))
                self._store(level, number, len(hashes), b"".join(hashes))
        self.disk.settle()
        for path in self.full:
            self.disk.discard(f"{path}.p")

    def _store(self, level: Level, number: int, width: int, data: bytes) -> None:
        """Write a file that will never change; one that is there already must be the same."""
        path = tile_path(level, number, width)
        try:
            there = (self.disk.directory / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            self.disk.put(path, data)
        else:
            if there != data:
                raise LogError(
                    "tile_conflict",
                    path,
                    "exists with other content; expected what the journal gives. If no checkpoint"
                    " covers it, move it away and publish again; if one does, the log was altered",
                )
        if width == TILE_WIDTH:
            self.full.append(path)


def _edge(log: TileLog, size: int) -> list[list[bytes]]:
    """The hashes of the unfinished tiles at `size`, a multiple of 256 not beyond the log."""
    levels: list[list[bytes]] = [[]]
    while there := size >> (TILE_HEIGHT * len(levels)):
        number, width = divmod(there, TILE_WIDTH)
        level = len(levels)
        levels.append(split_hashes(log.tile(level, number))[:width] if width else [])
    return levels


def _check_row(index: int, leaf: bytes, entry: bytes) -> None:
    if len(entry) > MAX_ENTRY:
        raise LogError(
            "entry_too_long",
            f"entry {index}",
            f"has {len(entry)} bytes, expected at most {MAX_ENTRY}; enter documents by digest",
        )
    if merkle.leaf_hash(entry) != leaf:
        raise LogError(
            "row_damaged",
            f"entry {index}",
            "the journal's hash is not the hash of the journal's entry; nothing of this bundle was"
            " written, run verify on the journal",
        )


def _published(directory: Path, own: VerifierKey, former: Former) -> tuple[Checkpoint, bool]:
    """The checkpoint as it stands, and whether the log's own key signed it."""
    try:
        return read_checkpoint(directory, own), True
    except LogError as error:
        if error.code != "file_missing":
            raise
        return Checkpoint(own.name, 0, merkle.EMPTY_ROOT), True
    except NoteError:
        for key in former():
            with suppress(NoteError):
                return read_checkpoint(directory, key), False
        raise


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """One at a time in a folder: two publishers would race the checkpoint backwards."""
    with (directory / _LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
