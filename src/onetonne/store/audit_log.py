"""Check a published log from its files alone: entries, tiles, root, signature, kept checkpoints.

Every tile is computed again from the entry bundles. Where the two differ, the hash one level up (in
the end the signed root) says which of them was altered. Streams: memory does not grow with the log.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import product
from pathlib import Path

import msgspec

from onetonne.base import merkle, notes
from onetonne.base.notes import Checkpoint, NoteError, VerifierKey
from onetonne.exchange.consistency import checkpoint_in
from onetonne.ledger.proof_findings import Finding
from onetonne.store.tiles import (
    ENTRIES,
    TILE_HEIGHT,
    TILE_WIDTH,
    LogError,
    TileLog,
    edge_root,
    read_note,
    split_hashes,
    tile_path,
)

MAX_FINDINGS = 1000  # a log that is wrong everywhere need not be listed everywhere

Hashes = list[bytes]


def check_log(
    directory: Path,
    key: VerifierKey,
    known_checkpoints: Sequence[str] = (),
    former: Sequence[VerifierKey] = (),
) -> list[Finding]:
    """All that is wrong with a published log; empty when everything holds.

    `known_checkpoints` are signed notes kept elsewhere (by a witness, in a passport): they alone
    can show a rollback or a fork, since a log that was replaced as a whole agrees with itself.
    A `former` key of the log may have signed these.
    """
    findings: list[Finding] = []
    claimed = _claimed(directory, key, findings)
    known = list(_known(known_checkpoints, (*former, key), findings))
    if claimed is None:
        return findings
    findings += [
        Finding("log_rolled_back", "checkpoint", f"{point.size}", f"{claimed.size}")
        for point in known
        if point.size > claimed.size
    ]
    walk = _Walk(TileLog(directory, claimed.size), claimed, known)
    walk.run()
    return (findings + walk.results())[:MAX_FINDINGS]


def _claimed(directory: Path, key: VerifierKey, findings: list[Finding]) -> Checkpoint | None:
    """The checkpoint to check against: the signed one, or what a forged one pretends."""
    try:
        note = read_note(directory)
    except LogError as error:
        findings.append(
            Finding("checkpoint_missing", error.where, key.name, str(directory.absolute()))
        )
        return None
    try:
        return notes.open_checkpoint(note, key)
    except NoteError as error:
        findings.append(Finding("checkpoint_forged", "checkpoint", str(key), error.code))
    try:
        return notes.claimed_checkpoint(note)
    except NoteError:
        return None


def _known(
    texts: Sequence[str], keys: Sequence[VerifierKey], findings: list[Finding]
) -> Iterator[Checkpoint]:
    for number, text in enumerate(texts, 1):
        known = checkpoint_in(text, f"known checkpoint {number}", *keys)
        if isinstance(known, Finding):
            findings.append(known)
        else:
            yield known


class _Dispute(msgspec.Struct):
    """An unfinished tile that is not what its children give; only the root can say who is right."""

    level: int
    computed: Hashes
    stored: Hashes


class _Walk:
    """One pass over the bundles; `levels` holds the hashes believed so far at the right edge."""

    def __init__(self, log: TileLog, claimed: Checkpoint, known: list[Checkpoint]) -> None:
        self.log = log
        self.claimed = claimed
        self.known = sorted((p for p in known if p.size <= claimed.size), key=lambda p: p.size)
        self.levels: list[Hashes] = [[]]
        self.findings: list[Finding] = []
        self.altered: dict[int, tuple[bytes, bytes]] = {}
        self.shifted = False

    def run(self) -> None:
        count = -(-self.claimed.size // TILE_WIDTH)
        for number in range(count):
            computed, stored = self._bundle_hashes(number), self._tile_hashes(0, number)
            if computed is None and stored is None:
                return  # log_truncated is among the findings; nothing further can be hashed
            if self.log.width(0, number) < TILE_WIDTH:
                self._finish(computed, stored)
                return
            self._take(number, self._settle(0, number, computed, stored))
            if len(self.findings) + len(self.altered) > MAX_FINDINGS:
                return
        self._finish(None, None)

    def results(self) -> list[Finding]:
        """Findings, with two entries that hold each other's hash named as a swap."""
        expected = {pair[0]: index for index, pair in self.altered.items()}
        found = []
        for index, (want, have) in self.altered.items():
            other = expected.get(have)
            if other is None or self.altered[other][1] != want:
                found.append(
                    Finding("log_entry_altered", f"entry {index + 1}", want.hex(), have.hex())
                )
            elif index < other:
                where = f"entry {index + 1}"
                found.append(Finding("log_entries_swapped", where, where, f"entry {other + 1}"))
        return found + self.findings

    def _find(self, code: str, where: str, expected: str = "", found: str = "") -> None:
        self.findings.append(Finding(code, where, expected, found))

    def _bundle_hashes(self, number: int) -> Hashes | None:
        try:
            entries = self.log.bundle(number)
        except LogError as error:
            code = "log_truncated" if error.code == "file_missing" else error.code
            self._find(code, error.where, f"{self.claimed.size}")
            return None
        if not entries:
            self._find("bundle_unreadable", tile_path(ENTRIES, number, self.log.width(0, number)))
            return None
        return [sha256(b"\x00" + entry).digest() for entry in entries]

    def _tile_hashes(self, level: int, number: int) -> Hashes | None:
        try:
            return split_hashes(self.log.tile(level, number))
        except LogError as error:
            code = "tile_missing" if error.code == "file_missing" else "tile_altered"
            self._find(code, error.where)
            return None

    def _settle(
        self, level: int, number: int, computed: Hashes | None, stored: Hashes | None
    ) -> Hashes:
        """The hashes of a full tile to go on with, after naming what differs."""
        if computed == stored or stored is None or computed is None:
            return stored or computed or []
        parent = self._parent(level, number)
        if len(stored) == TILE_WIDTH and merkle.root(stored) == parent:
            self._blame_children(level, number, computed, stored)
            return stored
        self._find("tile_altered", tile_path(level, number))
        return computed if len(computed) == TILE_WIDTH else stored

    def _parent(self, level: int, number: int) -> bytes | None:
        above, at = divmod(number, TILE_WIDTH)
        try:
            return split_hashes(self.log.tile(level + 1, above))[at]
        except LogError:
            return None  # named when the walk comes to that tile

    def _blame_children(self, level: int, number: int, computed: Hashes, stored: Hashes) -> None:
        """The tile is right: name the entries under it that are not."""
        base = number * TILE_WIDTH
        differ = [
            at for at, pair in enumerate(zip(computed, stored, strict=False)) if pair[0] != pair[1]
        ]
        if level:
            for at in differ:
                first = (base + at) << (TILE_HEIGHT * level)
                last = first + (1 << (TILE_HEIGHT * level)) - 1
                where = f"entries {first} to {last}"
                self._find("log_entry_altered", where, stored[at].hex(), computed[at].hex())
            return
        first_bad = differ[0] if differ else min(len(computed), len(stored))
        if _is_shift(computed, stored, first_bad):
            if not (self.shifted and first_bad == 0):  # later bundles only carry the shift on
                where = f"entry {base + first_bad + 1}"
                self._find("log_entry_removed", where, stored[first_bad].hex())
            self.shifted = True
            return
        if len(computed) != len(stored):
            path, counts = tile_path(ENTRIES, number, len(stored)), (len(stored), len(computed))
            self._find("bundle_unreadable", path, *map(str, counts))
        self.altered |= {base + at: (stored[at], computed[at]) for at in differ}

    def _take(self, number: int, hashes: Hashes) -> None:
        """Go on with a full tile of leaves; settle the tiles above that it completes."""
        self.levels[0] = hashes
        self._compare_known(number * TILE_WIDTH, hashes)
        level = 0
        while len(self.levels[level]) == TILE_WIDTH:
            root = merkle.root(self.levels[level])
            self.levels[level] = []
            level += 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(root)
            if len(self.levels[level]) == TILE_WIDTH:
                above = number >> (TILE_HEIGHT * level)
                stored = self._tile_hashes(level, above)
                self.levels[level] = self._settle(level, above, self.levels[level], stored)

    def _finish(self, computed: Hashes | None, stored: Hashes | None) -> None:
        """Compare the unfinished tiles; the signed root decides which side of each is right."""
        disputes = []
        self.levels[0] = computed or stored or []
        for level, mine in enumerate(self.levels):
            theirs = stored if level == 0 else self._edge_tile(level)
            if mine and theirs and mine != theirs:
                disputes.append(_Dispute(level, mine, theirs))
        for choice in product((False, True), repeat=len(disputes)):
            for dispute, believe_tile in zip(disputes, choice, strict=True):
                self.levels[dispute.level] = dispute.stored if believe_tile else dispute.computed
            if self._root_holds():
                self._decide(disputes, choice)
                break
        else:
            root = edge_root(self.levels)
            self._find("log_root_mismatch", "checkpoint", self.claimed.root.hex(), root.hex())
            self._decide(disputes, (False,) * len(disputes))
        size = self.claimed.size
        self._compare_known(size - size % TILE_WIDTH, self.levels[0])

    def _root_holds(self) -> bool:
        width = self.log.width(0, self.claimed.size // TILE_WIDTH)
        return len(self.levels[0]) == width and edge_root(self.levels) == self.claimed.root

    def _edge_tile(self, level: int) -> Hashes | None:
        number = self.claimed.size >> (TILE_HEIGHT * (level + 1))
        return self._tile_hashes(level, number) if self.log.width(level, number) else None

    def _decide(self, disputes: list[_Dispute], believe_tile: Sequence[bool]) -> None:
        for dispute, tile_is_right in zip(disputes, believe_tile, strict=True):
            number = self.claimed.size >> (TILE_HEIGHT * (dispute.level + 1))
            if tile_is_right:
                self._blame_children(dispute.level, number, dispute.computed, dispute.stored)
            else:
                path = tile_path(dispute.level, number, len(dispute.stored))
                self._find("tile_altered", path)

    def _compare_known(self, first: int, hashes: Hashes) -> None:
        """Compare the roots that others kept for sizes in (first, first + len(hashes)]."""
        while self.known and self.known[0].size <= first + len(hashes):
            point = self.known.pop(0)
            root = edge_root([hashes[: point.size - first], *self.levels[1:]])
            if point.size == 0:
                root = merkle.EMPTY_ROOT
            if root != point.root:
                where = f"checkpoint of {point.size} entries"
                self._find("log_forked", where, point.root.hex(), root.hex())


def _is_shift(computed: Hashes, stored: Hashes, at: int) -> bool:
    """Whether the entry at `at` is gone and the ones after it moved down."""
    if at >= len(stored) or stored[at] in computed[at:]:
        return False
    rest = stored[at + 1 :]
    return computed[at : at + len(rest)] == rest and bool(rest or len(computed) < len(stored))
