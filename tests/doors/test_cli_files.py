"""What a command writes is whole or not there, and never over what somebody kept."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.doors.desk import MOVE, Desk

from onetonne.doors.files import put


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_is_replaced_as_a_whole_or_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    put(path, "first")
    assert path.stat().st_mode & 0o777 == 0o666 & ~os.umask(os.umask(0o022)) & 0o777
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    put(link, b"second")
    assert (path.read_text(), link.is_symlink()) == ("second", True)
    assert path.stat().st_mode & 0o777 == 0o640
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        put(path, "third")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.json", "link"]
    assert path.read_text() == "second"


def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    put(pipe, "told")
    assert os.read(reading, 10) == b"told"
    os.close(reading)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "line",
    [
        ("checkpoint", "--since", "kept.txt", "--out", "./kept.txt"),
        ("passport", "1", "5", "--since", "kept.txt", "--out", "kept.txt"),
    ],
)
def test_a_kept_checkpoint_is_never_written_over(desk: Desk, line: tuple[str, ...]) -> None:
    desk.ok("checkpoint", "--out", "kept.txt")
    kept = Path("kept.txt").read_bytes()
    desk.ok("transfer", "10", "--lot", "1", *MOVE)
    error = desk.json(*line, code=2)["error"]
    assert "it would be lost" in error["en"]
    assert "所保存的檢查點" in error["zh"]
    assert Path("kept.txt").read_bytes() == kept


@pytest.mark.parametrize("there", [b"\xff\xfe\x00", b"", None])
def test_a_key_file_that_is_none_is_written_anew(desk: Desk, there: bytes | None) -> None:
    path = Path("tw/key.pub")
    path.unlink(missing_ok=True)
    if there is None:
        path.mkdir()  # in its way: the key is told instead of a file
        path.joinpath("x").touch()
    else:
        path.write_bytes(there)
    told = desk.json("passport", "1", "5", "--out", "p.json")
    assert told["key_file"] == ("tw/key.pub" if there is not None else told["key"])
    desk.ok("passport", "check", "p.json", "--key", told["key_file"])
    shutil.rmtree(path, ignore_errors=True)
