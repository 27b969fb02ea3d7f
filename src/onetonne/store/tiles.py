"""A published log on disk, read: C2SP tlog-tiles paths, entry bundles, tiles, proofs.

The files are the whole interface: any mirror of the directory serves as well as ours. What is read
here is not believed yet; `audit_log` checks all of it, a proof is checked by whoever receives it.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from onetonne.base import merkle
from onetonne.base.merkle import HASH_SIZE
from onetonne.base.notes import MAX_NOTE, Checkpoint, VerifierKey, open_checkpoint

TILE_WIDTH = 256  # hashes of a full tile and entries of a full bundle, fixed by the specification
TILE_HEIGHT = 8
MAX_ENTRY = 65_535  # bytes: the length prefix of an entry has 16 bits
CHECKPOINT = "checkpoint"

Level = int | str  # 0, 1, ... for tiles of hashes, ENTRIES for bundles
ENTRIES = "entries"


class LogError(Exception):
    """The log cannot be read or must not be written; `code` is stable, `where` a path or an entry.

    Codes when reading: file_missing, file_unreadable (the checkpoint), bundle_unreadable,
    tile_unreadable, size_beyond_log. When publishing: log_rolled_back, log_forked, tile_conflict,
    row_damaged, entry_too_long, entry_unreadable. `zh` is the sentence in Chinese.
    """

    def __init__(self, code: str, where: str, text: str, zh: str = "") -> None:
        super().__init__(f"{where}: {text}")
        self.code = code
        self.where = where
        self.zh = zh or str(self)


def tile_path(level: Level, number: int, width: int = TILE_WIDTH) -> str:
    """`tile/<L>/<N>[.p/<W>]`; number 1234067 is spelt x001/x234/067."""
    thousands, last = divmod(number, 1000)
    path = f"{last:03d}"
    while thousands:
        thousands, part = divmod(thousands, 1000)
        path = f"x{part:03d}/{path}"
    return f"tile/{level}/{path}" + (f".p/{width}" if width < TILE_WIDTH else "")


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """A bundle: each entry behind its length in two bytes, big-endian."""
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def unpack_entries(data: bytes, where: str) -> list[bytes]:
    """The entries of a bundle; LogError(bundle_unreadable) when the lengths do not add up."""
    entries, at, end = [], 0, len(data)
    while at < end:
        stop = at + 2 + (data[at] << 8) + (data[at + 1] if at + 1 < end else 0)
        if stop > end or at + 2 > end:
            raise LogError(
                "bundle_unreadable",
                where,
                f"the entry at byte {at} ends beyond the file of {end} bytes; expected whole"
                " entries, fetch the file from a mirror",
            )
        entries.append(data[at + 2 : stop])
        at = stop
    return entries


def edge_root(levels: list[list[bytes]]) -> bytes:
    """The root of a tree given by its unfinished tiles, level 0 first, each a list of hashes."""
    return merkle.fold_peaks(
        [peak for hashes in reversed(levels) for peak in merkle.Frontier(hashes).peaks]
    )


def split_hashes(data: bytes) -> list[bytes]:
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def read_checkpoint(directory: Path, key: VerifierKey) -> Checkpoint:
    """The checkpoint that `key` signed; LogError(file_missing, file_unreadable) or NoteError."""
    return open_checkpoint(read_note(directory), key)


def read_note(directory: Path) -> str:
    """The checkpoint file as it is; a byte that is no UTF-8 becomes a mark no signature covers."""
    try:
        return _read_some(directory / CHECKPOINT, 4 * MAX_NOTE).decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        raise LogError(
            "file_missing",
            CHECKPOINT,
            f"no checkpoint in {directory}: expected a published log; publish it or check the path",
        ) from None
    except OSError as error:
        raise LogError(
            "file_unreadable", CHECKPOINT, f"{error.strerror}; expected a file that can be read"
        ) from error


def _read_some(path: Path, most: int) -> bytes:
    """A file up to a little more than it may hold, so that a giant is malformed, not fatal."""
    with path.open("rb") as file:
        return file.read(most + 1)


def open_log(directory: Path, key: VerifierKey) -> "TileLog":
    """The log at its signed size; errors as `read_checkpoint`."""
    return TileLog(directory, read_checkpoint(directory, key).size)


class TileLog:
    """A log directory at one size. Reads what it needs, keeps the tiles used last."""

    def __init__(self, directory: Path, size: int) -> None:
        self.directory = directory
        self.size = size
        self.tile = lru_cache(maxsize=64)(self._read_tile)
        self.hash_at = lru_cache(maxsize=4096)(self._hash_at)

    def width(self, level: Level, number: int) -> int:
        """How many hashes or entries a tile has at this size, 0 to 256."""
        there = self.size if isinstance(level, str) else self.size >> (TILE_HEIGHT * level)
        return min(max(there - number * TILE_WIDTH, 0), TILE_WIDTH)

    def bundle(self, number: int) -> list[bytes]:
        """The entries of one bundle, as many as the file has, or the width out of a fuller file."""
        data, cut = self._read(ENTRIES, number)
        width = self.width(ENTRIES, number)
        entries = unpack_entries(data, tile_path(ENTRIES, number, width))
        return entries[:width] if cut else entries

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Entries from log index `start` up to `stop`, at most to the size of the log."""
        stop = self.size if stop is None else min(stop, self.size)
        while start < stop:
            number, at = divmod(start, TILE_WIDTH)
            entries = self.bundle(number)
            if len(entries) != (width := self.width(ENTRIES, number)):
                raise LogError(
                    "bundle_unreadable",
                    tile_path(ENTRIES, number, width),
                    f"has {len(entries)} entries, expected {width}; fetch it from a mirror",
                )
            yield from entries[at : at + stop - start]
            start += width - at

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` entries (all by default), computed from the tiles."""
        return merkle.range_root(self.hash_at, 0, self._within(size))

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Audit path of entry `index` in the first `size` entries; ValueError when not there."""
        return merkle.inclusion_proof(self.hash_at, index, self._within(size))

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Shows that the first `old` entries begin the first `new`; ValueError when old > new."""
        return merkle.consistency_proof(self.hash_at, old, self._within(new))

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise LogError(
                "size_beyond_log",
                f"size {size}",
                f"expected 0 to {self.size}, the size of the checkpoint; wait for the next one",
            )
        return size

    def _hash_at(self, level: int, index: int) -> bytes:
        tile_level, inner = divmod(level, TILE_HEIGHT)
        number, at = divmod(index << inner, TILE_WIDTH)
        data = self.tile(tile_level, number)
        return merkle.root(split_hashes(data[at * HASH_SIZE : (at + (1 << inner)) * HASH_SIZE]))

    def _read_tile(self, level: int, number: int) -> bytes:
        data, cut = self._read(level, number)
        width = self.width(level, number)
        if len(data) != width * HASH_SIZE and not (cut and len(data) == TILE_WIDTH * HASH_SIZE):
            raise LogError(
                "tile_unreadable",
                tile_path(level, number, width),
                f"has {len(data)} bytes, expected {width * HASH_SIZE}; fetch it from a mirror",
            )
        return data[: width * HASH_SIZE]

    def _read(self, level: Level, number: int) -> tuple[bytes, bool]:
        """The file, and whether it is a fuller one than asked: partial files may be swept away."""
        width = self.width(level, number)
        wanted, most = tile_path(level, number, width), TILE_WIDTH * HASH_SIZE
        if level == ENTRIES:
            most = TILE_WIDTH * (2 + MAX_ENTRY)
        for path in dict.fromkeys((wanted, tile_path(level, number))):
            try:
                return _read_some(self.directory / path, most), path != wanted
            except OSError:
                continue  # gone or beyond reading comes to the same: a mirror has it
        raise LogError("file_missing", wanted, "expected this file; fetch it from a mirror")
