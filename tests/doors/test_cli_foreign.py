"""Other registries' exports at the command line: scanned, imported, admitted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.doors.desk import Desk

import onetonne

SAMPLE = Path(onetonne.__file__).parent / "scenarios" / "voluntary_export.csv"
SHAPE = ["files", "rows", "parsed", "opaque", "unreadable", "quantity_mismatches", "overlaps",
         "by_registry", "findings"]  # fmt: skip


def test_scan_prints_its_promised_shape(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    text = SAMPLE.read_text("utf-8")
    (tmp_path / "in" / "export.csv").write_text(text)
    (tmp_path / "in" / "note.txt").write_text("no table")
    told = desk.json("scan", "in")
    assert list(told) == SHAPE
    assert told["files"] == 1
    assert told["rows"] == told["parsed"] + told["opaque"] + told["unreadable"] > 0
    assert told["findings"][0]["code"] == "not-a-table"


def test_scan_names_a_typed_letter(desk: Desk, tmp_path: Path) -> None:
    text = SAMPLE.read_text("utf-8").replace("500001-500600", "5OOOO1-500600")
    (tmp_path / "bad.csv").write_text(text)
    told = desk.json("scan", "bad.csv")
    assert told["unreadable"] >= 1
    (found,) = [f for f in told["findings"] if f["code"] == "serial-unreadable"]
    assert found["row"]
    assert "serial-unreadable" in desk.ok("scan", "bad.csv")
    assert "無法讀取序號" in desk.ok("scan", "bad.csv", "--lang", "zh")


def test_scan_of_nothing_is_named(desk: Desk) -> None:
    assert desk("scan", "gone.csv").exit_code == 2
    assert desk("scan").exit_code == 2


def test_a_file_is_read_once_by_whatever_names(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / ".export.csv").write_text(SAMPLE.read_text("utf-8"))
    (tmp_path / "link.csv").symlink_to(tmp_path / "in" / ".export.csv")
    hidden = "in/.export.csv"
    once = desk.json("scan", hidden)
    assert once["rows"]
    assert desk.json("scan", hidden, "./in/../in/.export.csv", "link.csv") == once
    assert desk.json("scan", "in")["rows"] == 0


def test_what_cannot_be_opened_is_named_beside_the_rest(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(SAMPLE.read_text("utf-8"))
    (tmp_path / "b.csv").write_text("")
    read = Path.read_bytes

    def denied(path: Path) -> bytes:
        if path.name == "b.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", denied)
    told = desk.json("scan", "b.csv", "a.csv")
    assert told["rows"]
    assert (told["findings"][0]["code"], told["findings"][0]["file"]) == (
        "file-unreadable",
        "b.csv",
    )
    assert "Permission denied" in told["findings"][0]["reason"]


def test_bytes_that_are_no_text_are_named(desk: Desk, tmp_path: Path) -> None:
    bad = os.fsdecode(b"bad\xff.csv")
    (tmp_path / bad).write_text(SAMPLE.read_text("utf-8"))
    assert desk.json("scan", bad)["rows"]
    assert "no UTF-8" in desk("find", os.fsdecode(b"\xff")).output
    assert desk("find", os.fsdecode(b"\xff"), "--json").exit_code == 2


def test_import_of_several_leaves_out_what_has_no_rows_and_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    text = SAMPLE.read_text("utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(text)
    (tmp_path / "in" / "b.txt").write_text("hi")
    (tmp_path / "in" / "z.csv").write_text(text + text.splitlines()[1] + "\n")
    told = desk.json("import", "in", "--register", "verra")
    assert [row["observation"] > 0 for row in told["observations"]] == [True, True]
    assert [row["file"] for row in told["left_out"]] == ["in/b.txt"]
    assert "All is as it should be" in desk.ok("verify")
    assert desk("import", "in/b.txt", "--register", "verra").exit_code == 2
    again = desk.json("import", "in/a.csv", "in/b.txt", "--register", "verra", code=1)
    assert again["observations"][0]["repeated"] is True
    assert "Left out" in desk("import", "in/a.csv", "in/b.txt", "--register", "verra").output


def test_import_leaves_out_what_cannot_be_opened(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        (tmp_path / f"{name}.csv").write_text(SAMPLE.read_text("utf-8") + "\n" * ord(name))
    read = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path.name == "b.csv":
            raise OSError(5, "Input/output error")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    told = desk.json("import", "a.csv", "b.csv", "c.csv", "--register", "verra", code=1)
    assert [row["observation"] > 0 for row in told["observations"]] == [True, True]
    (left,) = told["left_out"]
    assert left["file"] == "b.csv"
    assert left["reason"].startswith("b.csv cannot be read: Input/output error.")
    assert left["reason_zh"].startswith("無法讀取 b.csv")
    assert desk("import", "b.csv", "--register", "verra").exit_code == 3


def test_import_of_a_header_alone_says_what_is_in_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SAMPLE.read_text("utf-8").splitlines()[0])
    assert "nothing in it but perhaps a header" in desk("import", "a.csv", "--register", "v").output


def test_import_admit_and_find(desk: Desk) -> None:
    line = ("import", str(SAMPLE), "--register", "verra", "--day", "2025-06-20")
    assert desk.json(*line, "--dry-run")["observations"][0]["observation"] == 0
    (done,) = desk.json(*line)["observations"]
    assert desk.json(*line)["observations"][0]["repeated"] is True
    seen = done["observation"]
    admit = ("admit", str(seen), "2", "--to", "Buyer", "--rule", "VOLUNTARY-TCER",
             "--project", "TW-1", "--vintage", "2023")  # fmt: skip
    lot = desk.json(*admit)["moved"][0]["lot"]
    again = desk.json(*admit, code=1)
    assert again["refusal"]["code"] == "foreign_serial_used"
    serial = "90001-500001-500600-VCS-VCU-1500-VER-TH-14-99901-01012023-31122023-0"
    found = desk.json("find", serial)
    assert [ours["code"] for ours in found["ours"]] == [lot]
    assert [row["observation"] for row in found["seen"]] == [seen]
    assert desk("admit", str(seen), "999", "--to", "Buyer").exit_code == 2
    assert desk("admit", "1", "2", "--to", "Buyer").exit_code == 2


def test_demo_and_play(desk: Desk, tmp_path: Path) -> None:
    told = desk.json("demo", "d")
    assert told["ok"] is True
    assert len(told["commands"]) == 8
    assert desk("demo", "d").exit_code == 2
    story = Path(onetonne.__file__).parent / "scenarios" / "sold_once.yaml"
    assert desk.json("play", str(story))["ok"] is True
    (tmp_path / "bad.yaml").write_text("scenario: 5\n")
    assert desk.json("play", "bad.yaml", code=1)["differences"][0]["line"]
    assert desk.json("play", "gone.yaml", code=1)["differences"]
