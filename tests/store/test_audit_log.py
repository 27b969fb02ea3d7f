"""Each way of spoiling a log is found and named; a log that holds gives no finding."""

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store import log_sample as sample

from onetonne.base import merkle, notes
from onetonne.ledger.proof_findings import TEXTS, Finding
from onetonne.store import audit_log, publish, tiles

SIZE = 1000
Spoiler = Callable[[Path], None]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("log")
    sample.published(directory, SIZE)
    return directory


@pytest.fixture
def log(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(good, tmp_path / "log"))


def found(log: Path, known: Sequence[str] = ()) -> list[tuple[str, str]]:
    findings = audit_log.check_log(log, sample.SIGNER.verifier, known)
    for finding in findings:
        assert finding.sentence("en")
        assert finding.sentence("zh-Hant")
    return [(finding.code, finding.where) for finding in findings]


def note(log: Path) -> str:
    return (log / "checkpoint").read_text()


def rewrite(log: Path, number: int, change: Callable[[list[bytes]], list[bytes]]) -> list[bytes]:
    path = log / tiles.tile_path("entries", number, min(256, SIZE - number * 256))
    entries = change(tiles.unpack_entries(path.read_bytes(), "x"))
    path.write_bytes(tiles.pack_entries(entries))
    return entries


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


def without(index: int) -> Callable[[list[bytes]], list[bytes]]:
    return lambda entries: entries[:index] + entries[index + 1 :]


def replaced(index: int, entry: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda entries: [*entries[:index], entry, *entries[index + 1 :]]


def swapped(one: int, two: int) -> Callable[[list[bytes]], list[bytes]]:
    def change(entries: list[bytes]) -> list[bytes]:
        entries[one], entries[two] = entries[two], entries[one]
        return entries

    return change


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 1000, 66_000])
def test_a_log_that_holds_gives_no_finding(tmp_path: Path, size: int) -> None:
    known = []
    for step in sorted({0, 1, 256, 300, 512, 65_536, size}):
        if step <= size:
            sample.published(tmp_path, step)
            known.append(note(tmp_path))
    assert found(tmp_path, known) == []


@pytest.mark.parametrize("index", [0, 254, 255, 256, 767, 768, 999])
def test_an_altered_entry_is_named(log: Path, index: int) -> None:
    rewrite(log, index // 256, replaced(index % 256, b"spoilt"))
    assert found(log) == [("log_entry_altered", f"entry {index + 1}")]


@pytest.mark.parametrize("index", [0, 254, 255, 300, 768, 998, 999])
def test_a_removed_entry_is_named(log: Path, index: int) -> None:
    rewrite(log, index // 256, without(index % 256))
    assert found(log) == [("log_entry_removed", f"entry {index + 1}")]


def test_an_entry_removed_with_all_later_ones_moved_down_is_named_once(log: Path) -> None:
    rest = sample.entries(SIZE)
    del rest[300]
    for number in range(4):
        rewrite(log, number, lambda _, at=number * 256: rest[at : at + 256])  # type: ignore[misc]
    assert found(log) == [("log_entry_removed", "entry 301")]


@pytest.mark.parametrize(("one", "two"), [(3, 4), (254, 255), (0, 200), (998, 999)])
def test_swapped_entries_are_named(log: Path, one: int, two: int) -> None:
    rewrite(log, one // 256, swapped(one % 256, two % 256))
    assert found(log) == [("log_entries_swapped", f"entry {one + 1}")]


def test_entries_swapped_between_bundles_are_named(log: Path) -> None:
    rewrite(log, 0, replaced(255, sample.entry(800)))
    rewrite(log, 3, replaced(800 - 768, sample.entry(255)))
    assert found(log) == [("log_entries_swapped", "entry 256")]


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/003.p/232", "tile/1/000.p/3"])
def test_an_altered_tile_is_named(log: Path, path: str) -> None:
    flip(log / path, 40)
    assert found(log) == [("tile_altered", path)]
    (log / path).write_bytes(b"short")
    assert found(log) == [("tile_altered", path)]
    (log / path).unlink()
    assert found(log) == [("tile_missing", path)]


def test_a_missing_bundle_is_named(log: Path) -> None:
    (log / "tile/entries/002").unlink()
    assert found(log) == [("log_truncated", "tile/entries/002")]
    (log / "tile/0/002").unlink()
    assert ("log_truncated", "tile/entries/002") in found(log)


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 2, 3])
def test_a_bundle_without_any_entry_is_named(log: Path, number: int) -> None:
    """The last one too, whose tile alone still leads to the signed root."""
    rewrite(log, number, lambda _: [])
    path = "tile/entries/003.p/232" if number == 3 else f"tile/entries/00{number}"
    assert found(log) == [("bundle_unreadable", path)]


@pytest.mark.parametrize("path", ["tile/entries/002", "tile/0/002", "checkpoint"])
def test_a_folder_or_a_giant_in_a_files_place_is_a_finding(log: Path, path: str) -> None:
    (log / path).unlink()
    with (log / path).open("wb") as file:
        file.truncate(1 << 36)  # sparse: takes no room on the disk, and none in memory
    assert found(log)
    (log / path).unlink()
    (log / path).mkdir()
    assert found(log)
    if path == "checkpoint":  # what cannot be read is not taken for a log that begins
        with pytest.raises(tiles.LogError, match="can be read"):
            sample.published(log, SIZE + 1)


def test_an_entry_and_its_tile_altered_alike_are_found_one_level_up(log: Path) -> None:
    entries = rewrite(log, 1, replaced(7, b"spoilt"))
    leaves = b"".join(map(merkle.leaf_hash, entries))
    (log / "tile/0/001").write_bytes(leaves)
    assert found(log) == [("log_entry_altered", "entries 256 to 511")]


def test_a_log_rebuilt_around_an_altered_entry_does_not_lead_to_the_signed_root(
    log: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    sample.published(other, SIZE, spoil=5)
    shutil.copy(log / "checkpoint", other / "checkpoint")
    assert found(other) == [("log_root_mismatch", "checkpoint")]


def test_forged_checkpoints_are_found(log: Path) -> None:
    point = notes.claimed_checkpoint(note(log))
    elsewhere = notes.Signer("elsewhere.example/log", sample.SIGNER.private)
    foreign = notes.Checkpoint(elsewhere.name, point.size, point.root)
    for forged in (
        note(log).replace("1000", "1001", 1),
        sample.OTHER.sign(point.text),
        elsewhere.sign(foreign.text),
        sample.SIGNER.sign(foreign.text),
        note(log)[:-10],
        "",
        "\udcff",
    ):
        (log / "checkpoint").write_bytes(forged.encode("utf-8", "surrogateescape"))
        assert found(log)[0] == ("checkpoint_forged", "checkpoint")
    (log / "checkpoint").unlink()
    assert found(log) == [("checkpoint_missing", "checkpoint")]


def test_a_rolled_back_log_is_found_by_a_checkpoint_kept_elsewhere(
    log: Path, tmp_path: Path
) -> None:
    sample.published(tmp_path / "earlier", 900)
    assert found(tmp_path / "earlier") == []
    assert found(tmp_path / "earlier", [note(log)]) == [("log_rolled_back", "checkpoint")]


@pytest.mark.parametrize("kept", [1, 200, 256, 512, 700, 999, 1000])
def test_a_fork_is_found_by_a_checkpoint_kept_elsewhere(tmp_path: Path, kept: int) -> None:
    sample.published(tmp_path / "ours", kept)
    sample.published(tmp_path / "theirs", SIZE, spoil=0)
    forked = [("log_forked", f"checkpoint of {kept} entries")]
    assert found(tmp_path / "theirs") == []
    assert found(tmp_path / "theirs", [note(tmp_path / "ours")]) == forked


def test_a_kept_checkpoint_of_another_key_shows_nothing(log: Path) -> None:
    other = sample.OTHER.sign(notes.Checkpoint(sample.NAME, 5000, bytes(32)).text)
    forged = note(log).replace("\n", "\n1", 1)
    assert found(log, [other, forged, "junk"]) == [
        ("checkpoint_other_key", "known checkpoint 1"),
        ("known_checkpoint_unusable", "known checkpoint 2"),
        ("checkpoint_malformed", "known checkpoint 3"),
    ]


def test_several_things_wrong_at_once_are_each_named(log: Path) -> None:
    rewrite(log, 0, replaced(9, b"spoilt"))
    rewrite(log, 3, replaced(3, b"spoilt"))
    flip(log / "tile/0/002", 0)
    flip(log / "tile/1/000.p/3", 64)
    names = found(log)
    assert ("log_entry_altered", "entry 10") in names
    assert ("log_entry_altered", "entry 772") in names
    assert ("tile_altered", "tile/1/000.p/3") in names


@pytest.mark.parametrize("path", ["tile/0/001", "tile/entries/001"])
def test_one_missing_file_does_not_end_the_check(log: Path, path: str) -> None:
    (log / path).unlink()
    rewrite(log, 2, replaced(1, b"spoilt"))
    assert ("log_entry_altered", "entry 514") in found(log)


def test_where_nothing_leads_to_the_signed_root_both_are_named(log: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    sample.published(other, SIZE, spoil=5)
    shutil.copy(log / "checkpoint", other / "checkpoint")
    flip(other / "tile/0/003.p/232", 0)
    assert found(other) == [
        ("log_root_mismatch", "checkpoint"),
        ("tile_altered", "tile/0/003.p/232"),
    ]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_flipped_bit_in_any_file_goes_unseen(log: Path, data: st.DataObject) -> None:
    paths = sorted(path for path in log.rglob("*") if path.is_file() and path.name != ".lock")
    path = data.draw(st.sampled_from(paths))
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    spoilt = bytearray(before)
    spoilt[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(spoilt)
    try:
        assert found(log)
    finally:
        path.write_bytes(before)


def test_a_log_wrong_everywhere_gives_a_bounded_list(tmp_path: Path) -> None:
    sample.published(tmp_path, 3000)
    for path in (tmp_path / "tile/entries").rglob("*"):
        if path.is_file():
            entries = tiles.unpack_entries(path.read_bytes(), "x")
            path.write_bytes(tiles.pack_entries(entry + b"!" for entry in entries))
    assert len(found(tmp_path)) == audit_log.MAX_FINDINGS


def test_every_code_has_both_languages_and_a_line_in_the_reference() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/log-format.md").read_text("utf-8")
    for code, texts in TEXTS.items():
        english, chinese = (Finding(code, "W").sentence(tag) for tag in ("en", "zh-Hant"))
        assert len(texts) == 2
        assert english != chinese
        assert any(ord(sign) > 0x4E00 for sign in chinese)
        kinds = ("log_", "tile_", "checkpoint_", "bundle_", "known_", "consistency_", "handover_")
        told = code.startswith(kinds)
        assert told == (f"| `{code}` |" in page), code


@pytest.mark.long
def test_the_hash_check_reads_150_000_entries_a_second(
    tmp_path: Path, scaled: Callable[[int], int]
) -> None:
    size = scaled(300_000)
    body = b"x" * 350
    rows = [(merkle.leaf_hash(b"%d" % n + body), b"%d" % n + body) for n in range(size)]
    publish.publish(tmp_path, lambda first: rows[first:], sample.SIGNER)
    start = time.process_time()
    assert audit_log.check_log(tmp_path, sample.SIGNER.verifier) == []
    assert size / (time.process_time() - start) >= 150_000
