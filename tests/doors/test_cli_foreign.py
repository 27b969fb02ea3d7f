"""Other registries' exports at the command line: scanned, imported, admitted."""

from __future__ import annotations

from pathlib import Path

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
