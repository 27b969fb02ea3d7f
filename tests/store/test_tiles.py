"""Publishing and reading a log: what is written, what a crash leaves, what is refused."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store import log_sample as sample

from onetonne.base import merkle, notes
from onetonne.store import keys, publish, tiles

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "log-format.md"


def files(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and ".incoming" not in path.parts and path.name != ".lock"
    }


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (999, 256, "tile/0/999"),
        (1000, 256, "tile/0/x001/000"),
        (1_234_067, 256, "tile/0/x001/x234/067"),
        (273, 112, "tile/0/273.p/112"),
    ],
)
def test_paths(number: int, width: int, path: str) -> None:
    assert tiles.tile_path(0, number, width) == path
    assert tiles.tile_path("entries", number, width) == path.replace("/0/", "/entries/", 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_read_back(entries: list[bytes]) -> None:
    data = tiles.pack_entries(entries)
    assert tiles.unpack_entries(data, "x") == entries
    if data:
        with pytest.raises(tiles.LogError, match="ends beyond"):
            tiles.unpack_entries(data + b"\0", "x")


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 700])
def test_what_is_published_reads_back(tmp_path: Path, size: int) -> None:
    point = sample.published(tmp_path, size)
    entries = sample.entries(size)
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    log = tiles.open_log(tmp_path, sample.SIGNER.verifier)
    assert point == notes.Checkpoint(sample.NAME, size, merkle.root(leaves))
    assert (log.size, log.root()) == (size, point.root)
    assert list(log.entries()) == entries
    assert list(log.entries(100, 300)) == entries[100:300]


def test_a_tree_of_70_000_has_the_files_that_the_format_asks_for(tmp_path: Path) -> None:
    sample.published(tmp_path, 70_000)
    names = files(tmp_path)
    page = PAGE.read_text("utf-8")
    assert names["checkpoint"].decode() in page
    assert str(sample.SIGNER.verifier) in page
    assert sum(name.startswith("tile/0/") for name in names) == 273 + 1
    assert len(names["tile/0/273.p/112"]) == 112 * 32
    assert len(names["tile/1/000"]) == 8192
    assert len(names["tile/1/001.p/17"]) == 17 * 32
    assert len(names["tile/2/000.p/1"]) == 32
    assert sum(name.startswith("tile/entries/") for name in names) == 274
    log = tiles.open_log(tmp_path, sample.SIGNER.verifier)
    for index in (0, 255, 65_535, 65_536, 69_999):
        leaf = merkle.leaf_hash(sample.entry(index))
        proof = log.inclusion_proof(index)
        assert merkle.verify_inclusion(leaf, index, 70_000, proof, log.root())
        proof = log.consistency_proof(index)
        assert merkle.verify_consistency(index, 70_000, log.root(index), log.root(), proof)


def test_growing_in_steps_gives_the_files_of_one_step(tmp_path: Path) -> None:
    for size in (0, 3, 3, 200, 256, 300, 511, 512, 513, 1200):
        sample.published(tmp_path / "steps", size)
    sample.published(tmp_path / "once", 1200)
    steps, once = files(tmp_path / "steps"), files(tmp_path / "once")
    assert {name: steps[name] for name in once} == once
    # Partial files of older checkpoints stay only where no full file has replaced them.
    assert {name.split("/")[1] for name in steps.keys() - once.keys()} <= {"1"}


def test_an_old_reader_finds_full_tiles_where_partial_ones_were(tmp_path: Path) -> None:
    sample.published(tmp_path, 300)
    old = tiles.open_log(tmp_path, sample.SIGNER.verifier)
    sample.published(tmp_path, 600)
    assert not (tmp_path / "tile/0/001.p").exists()
    assert list(old.entries()) == sample.entries(300)
    assert old.root() == merkle.root(map(merkle.leaf_hash, sample.entries(300)))


class FailingDisk(publish.Disk):
    """Loses power at the n-th step, leaving half of what it was writing."""

    def __init__(self, directory: Path, steps: int) -> None:
        super().__init__(directory)
        self.steps = steps

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise PowerLossError

    def write(self, path: Path, data: bytes) -> None:
        try:
            self._step()
        except PowerLossError:
            path.write_bytes(data[: len(data) // 2])
            raise
        super().write(path, data)

    def sync(self, path: Path) -> None:
        self._step()
        super().sync(path)

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        super().rename(source, target)

    def discard(self, path: str) -> None:
        self._step()
        super().discard(path)


class PowerLossError(Exception):
    pass


def test_a_crash_at_any_step_leaves_a_log_that_holds_and_can_go_on(tmp_path: Path) -> None:
    base, whole = tmp_path / "base", tmp_path / "whole"
    old = sample.published(base, 700)
    new = sample.published(whole, 1100)
    crashes = 0
    for steps in range(100):
        log = tmp_path / "log"
        shutil.copytree(base, log)
        try:
            sample.published(log, 1100, disk=FailingDisk(log, steps))
        except PowerLossError:
            crashes += 1
        else:
            break
        reader = tiles.open_log(log, sample.SIGNER.verifier)
        assert reader.size in (old.size, new.size)
        assert reader.root() == (old if reader.size == old.size else new).root
        assert list(reader.entries()) == sample.entries(reader.size)
        assert sample.published(log, 1100) == new
        after = files(log)
        assert {name: after[name] for name in files(whole)} == files(whole)
        shutil.rmtree(log)
    else:
        pytest.fail("publishing never got through")
    assert crashes > 20


def test_full_tiles_are_written_once(tmp_path: Path) -> None:
    written: list[str] = []

    class WatchedDisk(publish.Disk):
        def put(self, path: str, data: bytes) -> None:
            written.append(path)
            super().put(path, data)

    for size in (300, 300, 700, 701, 1100):
        sample.published(tmp_path, size, disk=WatchedDisk(tmp_path))
    assert written.count("checkpoint") == 4
    rest = [path for path in written if path != "checkpoint"]
    assert len(rest) == len(set(rest))


def code_of(directory: Path, size: int, **options: object) -> str:
    before = files(directory)
    with pytest.raises((tiles.LogError, notes.NoteError)) as caught:
        sample.published(directory, size, **options)  # type: ignore[arg-type]
    assert files(directory)["checkpoint"] == before["checkpoint"]
    return caught.value.code


@pytest.mark.parametrize("size", [700, 768])
def test_a_journal_that_disagrees_with_what_is_signed_is_not_published(
    tmp_path: Path, size: int
) -> None:
    sample.published(tmp_path, size)
    assert code_of(tmp_path, size - 1) == "log_rolled_back"
    assert code_of(tmp_path, 100) == "log_rolled_back"
    assert code_of(tmp_path, 900, spoil=size - 1) == "log_forked"
    assert code_of(tmp_path, size, spoil=size - 1) == "log_forked"
    assert code_of(tmp_path, 900, signer=sample.OTHER) == "note_unsigned"


def test_what_is_not_signed_yet_is_checked_first_and_only_that(tmp_path: Path) -> None:
    sample.published(tmp_path, 700)

    def refuse(index: int, entry: bytes) -> None:
        if index in (699, 701):
            raise tiles.LogError("entry_unreadable", f"entry {index}", "x")

    assert sample.published(tmp_path, 701, check=refuse).size == 701
    assert code_of(tmp_path, 702, check=refuse) == "entry_unreadable"


def test_a_damaged_row_or_an_altered_tile_stops_the_publisher(tmp_path: Path) -> None:
    sample.published(tmp_path, 700)

    def wrong_hash(first: int) -> Iterator[publish.Row]:
        for leaf, entry in sample.rows(900)(first):
            yield leaf, entry + b"!" if entry == sample.entry(800) else entry

    def too_long(first: int) -> Iterator[publish.Row]:
        yield from sample.rows(700)(first)
        entry = b"x" * (tiles.MAX_ENTRY + 1)
        yield merkle.leaf_hash(entry), entry

    for rows, code in ((wrong_hash, "row_damaged"), (too_long, "entry_too_long")):
        with pytest.raises(tiles.LogError) as caught:
            publish.publish(tmp_path, rows, sample.SIGNER)
        assert caught.value.code == code
    (tmp_path / "tile/entries/002").write_bytes(b"left by someone else")
    assert code_of(tmp_path, 900) == "tile_conflict"
    (tmp_path / "tile/1/000.p/2").write_bytes(bytes(64))
    assert code_of(tmp_path, 900) == "log_forked"


def test_the_longest_entry_and_the_empty_one_are_published(tmp_path: Path) -> None:
    entries = [b"", b"x" * tiles.MAX_ENTRY]
    rows = [(merkle.leaf_hash(entry), entry) for entry in entries]
    publish.publish(tmp_path, lambda first: rows[first:], sample.SIGNER)
    assert list(tiles.open_log(tmp_path, sample.SIGNER.verifier).entries()) == entries


def test_questions_beyond_the_checkpoint_are_refused(tmp_path: Path) -> None:
    sample.published(tmp_path, 10)
    log = tiles.open_log(tmp_path, sample.SIGNER.verifier)
    with pytest.raises(tiles.LogError, match="expected 0 to 10"):
        log.root(11)
    with pytest.raises(tiles.LogError, match="no checkpoint"):
        tiles.open_log(tmp_path / "nowhere", sample.SIGNER.verifier)


def test_a_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.key"
    made = keys.create_key(path, sample.NAME)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load_key(path).verifier == made.verifier
    with pytest.raises(keys.KeyFileError) as caught:
        keys.create_key(path, sample.NAME)
    assert caught.value.code == "key_exists"
    assert keys.load_key(path).verifier == made.verifier


@pytest.mark.parametrize("step", ["fdopen", "fsync", "link"])
def test_a_key_cut_short_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "log.key"

    def planted(*_: object, **__: object) -> None:
        assert not path.exists()
        raise KeyboardInterrupt("planted")

    with monkeypatch.context() as cut:
        cut.setattr(os, step, planted)
        with pytest.raises(KeyboardInterrupt):
            keys.create_key(path, sample.NAME)
    assert list(tmp_path.iterdir()) == []
    made = keys.create_key(path, sample.NAME)
    assert keys.load_key(path).verifier == made.verifier


KILLED = """
import os, sys
from pathlib import Path
from onetonne.store import keys
os.fsync = lambda handle: os.kill(os.getpid(), 9)
keys.create_key(Path(sys.argv[1]), sys.argv[2])
"""


def test_a_process_killed_while_it_makes_a_key_leaves_none(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), sample.NAME], check=False)
    assert done.returncode == -9
    assert not path.exists()
    assert all(left.stat().st_mode & 0o777 == 0o600 for left in tmp_path.iterdir())
    made = keys.create_key(path, sample.NAME)
    assert keys.load_key(path).verifier == made.verifier


def test_a_key_and_its_name_are_flushed_in_that_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, flushed = tmp_path / "log.key", []
    real = os.fsync

    def watched(handle: int) -> None:
        flushed.append((os.path.samestat(os.fstat(handle), tmp_path.stat()), path.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    keys.create_key(path, sample.NAME)
    assert flushed == [(False, False), (True, True)]


def test_of_makers_at_once_one_makes_the_key(tmp_path: Path) -> None:
    path = tmp_path / "log.key"

    def made(_: int) -> str:
        try:
            return str(keys.create_key(path, sample.NAME).verifier)
        except keys.KeyFileError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(made, range(16)))
    told.remove(str(keys.load_key(path).verifier))
    assert told == ["key_exists"] * 15
    assert [left.name for left in tmp_path.iterdir()] == ["log.key"]


def test_a_key_file_that_cannot_be_trusted_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    codes = []
    keys.create_key(path, sample.NAME)
    good = path.read_text()
    renamed = good.replace("onetonne", "other")
    for text, mode in ((good, 0o640), (renamed, 0o600), (good[:-9], 0o600), ("", 0o600)):
        path.write_text(text)
        path.chmod(mode)
        with pytest.raises(keys.KeyFileError) as caught:
            keys.load_key(path)
        codes.append(caught.value.code)
        assert caught.value.zh.startswith(f"{path}：")
    assert codes == ["key_exposed", "key_damaged", "key_damaged", "key_damaged"]
    with pytest.raises(keys.KeyFileError) as caught:
        keys.load_key(tmp_path / "none")
    assert caught.value.code == "key_missing"
    with pytest.raises(notes.NoteError):
        keys.create_key(tmp_path / "bad", "a name with blanks")


def test_publishers_at_once_never_take_the_checkpoint_back(tmp_path: Path) -> None:
    journal: list[publish.Row] = []
    sizes: list[int] = []

    class WatchedDisk(publish.Disk):
        def put(self, path: str, data: bytes) -> None:
            if path == "checkpoint":
                sizes.append(notes.claimed_checkpoint(data.decode()).size)
            super().put(path, data)

    def work(worker: int) -> None:
        for turn in range(15):
            entry = sample.entry(worker * 1000 + turn)
            journal.append((merkle.leaf_hash(entry), entry))
            publish.publish(
                tmp_path, lambda first: journal[first:], sample.SIGNER, disk=WatchedDisk(tmp_path)
            )

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, worker) for worker in range(4)]:
            done.result()
    assert sizes == sorted(sizes)
    log = tiles.open_log(tmp_path, sample.SIGNER.verifier)
    assert list(log.entries()) == [entry for _, entry in journal]
