"""Certificates, passports and audits at the command line; what is spoilt is found."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import apsw
import pytest
from tests.doors.desk import HEAD, MOVE, Desk

from onetonne.base.merkle import leaf_hash
from onetonne.ledger.commands import Root
from onetonne.service.ledger import Ledger
from onetonne.store.keys import create_key

TAKE = ("--lot", "1", "--from", "Solar Co")
HOSTILE = '<script>alert(1)</script> & "Co" \u202e'


def test_a_certificate_is_one_page_without_anything_else(desk: Desk) -> None:
    desk.ok("retire", "--serials", "1-10", *TAKE, "--for", HOSTILE, "--period", "2025",
            "--certificate", "c.html")  # fmt: skip
    page = Path("c.html").read_text("utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page
    assert "\u202e" not in page
    for said in ("Certificate of retirement", "註銷使用證書", "1-10", "TW-1", "No. 1"):
        assert said in page
    assert not re.search(r"<[^>]+\s(?:src|href)\s*=|url\(|@import|<script", page)
    assert "returned by a later correction" not in page


def test_certificates_are_found_by_number_among_many(desk: Desk) -> None:
    for _ in range(5):
        desk.ok("retire", "3", *TAKE, "--for", "ACME", "--period", "2025")
        desk.ok("cancel", "1", *TAKE)
    act = "- retire: {source: Solar Co, items: ['1=2'], beneficiary: %s, period: '2025'}\n"
    Path("b.yaml").write_text("basket:\n" + act % "B" + act % "C")
    desk.ok("basket", "b.yaml")
    for number, units in ((1, 3), (3, 3), (5, 3), (6, 2), (7, 2)):
        told = desk.json("certificate", str(number))
        assert (told["certificate"], told["quantity"]) == (number, units)
        assert Path(f"certificate-{number}.html").exists()
    assert desk("certificate", "8").exit_code == 2


def test_a_corrected_retirement_says_so(desk: Desk) -> None:
    desk.ok("retire", "--serials", "1-10", *TAKE, "--for", "ACME", "--period", "2025")
    desk.ok("correct", str(HEAD + 1), "--reason", "wrong", "--item", "1:1-4")
    assert desk.json("certificate", "1", "--out", "c.html")["corrected"] == 4
    assert "returned by a later correction" in Path("c.html").read_text("utf-8")
    assert "Of them 4 units came back by a correction" in desk.ok("certificate", "1")
    assert "其中 4 單位 已由更正退回" in desk.ok("certificate", "1", "--lang", "zh")


def test_a_passport_holds_anywhere_and_one_byte_spoils_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ok("transfer", "10", "--lot", "1", *MOVE)
    made = desk.json("passport", "TCER-2025-1", "995", "--out", "p.json")
    data = Path("p.json").read_bytes()
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    monkeypatch.delenv("ONETONNE_LEDGER")
    Path("p.json").write_bytes(data)
    told = desk.json("passport", "check", "p.json", "--key", made["key"])
    assert told["ok"] is True
    assert told["holders"][0]["serials"] == "995"
    spoilt = bytearray(data)
    spoilt[len(spoilt) // 2] ^= 1
    Path("p.json").write_bytes(bytes(spoilt))
    assert desk.json("passport", "check", "p.json", "--key", made["key"], code=1)["ok"] is False
    assert desk("passport", "check", "gone.json").exit_code == 3
    assert desk("passport", "check", "p.json", "--key", "nonsense").exit_code == 2


def test_a_passport_shows_a_name_beside_its_serials(desk: Desk) -> None:
    act = "- retire: {source: Solar Co, items: ['1:%s'], beneficiary: %s, period: '2025'}\n"
    acts = act % ("1-10", "Poor Village Fund") + act % ("11-20", "MegaCorp Plc")
    Path("b.yaml").write_text("basket:\n" + acts)
    desk.ok("basket", "b.yaml")
    desk.ok("passport", "1", "1-20", "--out", "p.json")
    told = desk.json("passport", "check", "p.json")
    mine = [(n["lot"], n["serials"], n["text"], n["seq"]) for n in told["names"]
            if n["role"] == "beneficiary"]  # fmt: skip
    assert mine == [("TCER-2025-1", "1-10", "Poor Village Fund", HEAD + 1),
                    ("TCER-2025-1", "11-20", "MegaCorp Plc", HEAD + 1)]  # fmt: skip
    rows = [line.split() for line in desk.ok("passport", "check", "p.json").splitlines()]
    assert ["1-10", "beneficiary", "Poor", "Village", "Fund", str(HEAD + 1)] in rows
    assert ["11-20", "beneficiary", "MegaCorp", "Plc", str(HEAD + 1)] in rows
    desk.ok("passport", "1", "1-10", "--out", "p.json")
    assert "MegaCorp" not in desk.ok("passport", "check", "p.json")
    assert "1-10  受益人" in desk.ok("passport", "check", "p.json", "--lang", "zh")


def test_a_name_of_two_lines_forges_none(desk: Desk) -> None:
    forged = "Honest NGO (entry 7)\nbeneficiary: MegaCorp Plc"
    desk.ok("retire", "--serials", "1-10", *TAKE, "--for", forged, "--period", "2025")
    desk.ok("passport", "1", "1-10", "--out", "p.json")
    for line in (("passport", "check", "p.json"), ("history", "1", "5"), ("certificate", "1"),
                 ("log", str(HEAD + 1))):  # fmt: skip
        told = desk.ok(*line)
        assert not [said for said in told.splitlines() if said.startswith("beneficiary")], line
    assert "\ufffd" in desk.ok("passport", "check", "p.json")
    (name,) = (n for n in desk.json("passport", "check", "p.json")["names"]
               if n["role"] == "beneficiary")  # fmt: skip
    assert name["text"] == forged


def test_an_entry_and_a_checkpoint_are_shown_line_by_line(desk: Desk) -> None:
    lines = desk.ok("log", str(HEAD)).splitlines()
    assert json.loads("\n".join(lines[lines.index("{") :]))["seq"] == HEAD
    note = Path("tw/log/checkpoint").read_text("utf-8")
    assert note.rstrip() in desk.ok("checkpoint")


def test_a_passport_without_a_key_says_how_little_it_shows(desk: Desk) -> None:
    desk.ok("passport", "make", "1", "5-7")
    told = desk.ok("passport", "check", "passport-TCER-2025-1-5-7.json")
    assert "No key was given" in told


def test_a_passport_of_a_row_edited_by_hand_is_refused_in_both_languages(desk: Desk) -> None:
    desk.ok("retire", "--serials", "1-10", *TAKE, "--for", "ACME", "--period", "2025")
    db = apsw.Connection("tw/ledger.db")
    db.execute("UPDATE holdings SET account = (SELECT account FROM holdings WHERE first = 10), "
               "moved = ? WHERE first = 0 AND next IS NOT NULL", (HEAD,))  # fmt: skip
    db.close()
    error = desk.json("passport", "1", "5", code=1)["error"]
    assert error["code"] == "cannot_prove"
    assert "the table of holdings and the journal differ" in error["en"]
    assert "持有資料表與日誌不符" in error["zh"]
    assert not list(Path().glob("passport-*"))


@pytest.mark.parametrize(
    "line",
    [
        ("holdings",),
        ("history", "1"),
        ("transfer", "10", *TAKE, "--to", "Buyer"),
        ("transfer", "--serials", "1-10", *TAKE, "--to", "Buyer"),
        ("passport", "1", "5"),
    ],
)
def test_a_text_for_an_end_is_no_bug(desk: Desk, line: tuple[str, ...]) -> None:
    apsw.Connection("tw/ledger.db").execute("UPDATE holdings SET next = 'x' WHERE first = 0")
    error = desk.json(*line, code=3)["error"]
    assert error["code"] == "tables_disagree"
    assert "`onetonne rebuild`" in error["en"]
    assert "資料表" in error["zh"]


def test_verify_finds_a_row_edited_by_hand_and_rebuild_mends_it(desk: Desk) -> None:
    desk.ok("root")
    assert desk.json("verify")["ok"] is True
    buyer = desk.json("account", "show", "Buyer")["account"]
    db = apsw.Connection("tw/ledger.db")
    db.execute("UPDATE holdings SET account = ? WHERE next IS NOT NULL", (buyer,))
    db.close()
    report = desk.json("verify", code=1)
    assert report["findings"][0]["zh"]
    assert "Findings: " in desk("verify").output
    desk.ok("rebuild")
    assert desk.json("verify")["ok"] is True


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ("UPDATE marks SET seq = 'x' WHERE seq = 2", "cell_unreadable"),
        ("UPDATE meta SET value = CAST(x'ff' AS TEXT) WHERE name = 'zone'", "cell_unreadable"),
        ("UPDATE openings SET salt = x'00'", "cell_unreadable"),
        ("DROP TABLE marks", "table_missing"),
        ("DROP TABLE meta", "table_missing"),
    ],
)
def test_what_cannot_be_read_is_a_finding_and_no_failure(desk: Desk, edit: str, code: str) -> None:
    apsw.Connection("tw/ledger.db").execute(edit)
    told = desk.json("verify", code=1)
    assert {finding["code"] for finding in told["findings"]} - {
        "table_row_missing",
        "table_differs",
    } == {code}
    assert f"table {edit.split()[1 if edit[0] == 'U' else 2]}" in told["findings"][-1]["where"]


def test_a_planted_row_of_the_journal_stops_a_rebuild_until_it_is_removed(desk: Desk) -> None:
    db = apsw.Connection("tw/ledger.db")
    db.execute("INSERT INTO journal VALUES (6, x'00', x'00')")
    told = desk.json("verify", code=1)
    assert [finding["code"] for finding in told["findings"]] == ["journal_beyond_head"]
    refused = desk.json("rebuild", code=1)
    finding = told["findings"][0]
    assert (refused["error"]["en"], refused["error"]["zh"]) == (finding["en"], finding["zh"])
    db.execute("DELETE FROM journal WHERE seq > 5")
    desk.ok("verify")
    desk.ok("transfer", "10", "--lot", "1", *MOVE)
    db.execute("INSERT INTO journal VALUES (7, ?, x'00')", (leaf_hash(b"\0"),))
    db.execute("UPDATE head SET seq = 7")
    refused = desk.json("checkpoint", code=3)
    assert "日誌條目 7" in refused["error"]["zh"]


def test_verify_takes_the_key_that_an_auditor_keeps(desk: Desk) -> None:
    kept = desk.json("checkpoint")["key"]
    assert desk.json("verify", "--key", kept)["key_given"] is True
    own = desk.json("verify")
    assert (own["ok"], own["key_given"]) == (True, False)
    assert "own key" in desk.ok("verify")
    assert "own key" not in desk.ok("verify", "--key", kept)
    Path("big").write_bytes(b"a" * 20_000)
    for text in ("no key", "", "x" * 300, "big", "/dev/zero", "."):
        assert desk.json("verify", "--key", text, code=2)["error"]["code"] == "bad_key"
    # The operator replaces key and log together: not by the program, which knows its key.
    shutil.rmtree("tw/log")
    Path("tw/key").unlink()
    create_key(Path("tw/key"), kept.partition("+")[0])
    for more in ((), ("--new-log",)):
        assert "another ledger's key" in desk.json("checkpoint", *more, code=3)["error"]["en"]
    found = desk.json("verify", code=1)["findings"]
    assert [one["code"] for one in found] == ["checkpoint_missing", "key_beside"]
    assert (found[0]["found"], found[1]["where"]) == (str(Path("tw/log").absolute()), "key")
    # By hand he can make the ledger agree with itself.
    db = apsw.Connection("tw/ledger.db")
    db.execute("DELETE FROM meta WHERE name = 'key'")
    db.close()
    desk.ok("checkpoint", "--new-log")
    (beside,) = desk.json("verify", code=1)["findings"]
    assert (beside["code"], beside["where"], beside["found"]) == ("key_beside", "key.pub", kept)
    Path("tw/key.pub").unlink()
    assert desk.json("verify")["ok"] is True
    found = desk.json("verify", "--key", kept, code=1)["findings"]
    codes = [(finding["code"], finding["where"]) for finding in found]
    assert codes == [
        ("checkpoint_forged", "checkpoint"),
        ("key_beside", "table meta, name=key, column value"),
        ("key_beside", "key"),
    ]


def test_a_refused_init_leaves_no_key(desk: Desk) -> None:
    Path("restored").mkdir()
    shutil.copy("tw/ledger.db", "restored")
    refused = desk("init", "--party", "TW", "--ledger", "restored")
    assert (refused.exit_code, "already" in refused.output) == (2, True)
    assert [path.name for path in Path("restored").iterdir()] == ["ledger.db"]
    with pytest.raises(AssertionError, match="no key here"):
        desk.ok("checkpoint", "--ledger", "restored")


@pytest.mark.parametrize("name", ["key", "ledger.db", "ledger.db-wal", "./log/../key"])
def test_no_answer_is_written_over_the_ledger_itself(desk: Desk, name: str) -> None:
    desk.ok("retire", "10", *TAKE, "--for", "ACME", "--period", "2025")
    before = {path: path.read_bytes() for path in Path("tw").glob("*") if path.is_file()}
    for line in (
        ("passport", "TCER-2025-1", "995", "--out"),
        ("certificate", "1", "--out"),
        ("account", "statement", "Solar Co", "--xlsx"),
        ("retire", "10", *TAKE, "--for", "ACME", "--period", "2025", "--certificate"),
    ):
        told = desk.json(*line, f"tw/{name}", code=2)["error"]
        assert "is a file of the ledger" in told["en"]
        assert "帳本的檔案" in told["zh"]
    assert {path: path.read_bytes() for path in before} == before
    assert desk.json("verify")["ok"] is True
    desk.ok("passport", "TCER-2025-1", "995", "--out", "tw/key.json")
    Path("link").symlink_to("tw/key")
    desk.json("certificate", "1", "--out", "link", code=2)
    Path("loop").symlink_to("loop")
    assert desk("certificate", "1", "--out", "loop").exit_code == 3


def test_what_holds_names_is_for_its_owner_alone(desk: Desk) -> None:
    before = os.umask(0o022)
    try:
        desk.ok("init", "--party", "TW", "--ledger", "other")
    finally:
        os.umask(before)
    with Ledger.open("other") as ledger:
        ledger.ask(0, Root(root="ab" * 32, holdings=0))
        modes = {
            path.name: path.stat().st_mode & 0o777 for path in Path("other").glob("ledger.db*")
        }
    assert modes == dict.fromkeys(("ledger.db", "ledger.db-wal", "ledger.db-shm"), 0o600)


def test_a_passport_without_end_is_too_large(desk: Desk) -> None:
    report = desk.json("passport", "check", "/dev/zero", code=1)
    assert [finding["code"] for finding in report["findings"]] == ["passport_too_large"]


def test_verify_of_a_mirror_and_against_a_kept_checkpoint(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = desk.json("checkpoint")
    Path("kept").write_text(note["note"])
    desk.ok("transfer", "10", "--lot", "1", *MOVE)
    line = ("verify", "--log", "tw/log", "--key", note["key"], "--known", "kept")
    monkeypatch.setenv("ONETONNE_LEDGER", "nowhere")
    assert desk.json(*line)["size"] == HEAD + 1
    bundle = Path(f"tw/log/tile/entries/000.p/{HEAD + 1}")
    data = bytearray(bundle.read_bytes())
    data[40] ^= 1
    bundle.write_bytes(bytes(data))
    assert desk.json(*line, code=1)["ok"] is False
    assert desk.json("verify", "--log", "gone", "--key", note["key"], code=1)["findings"]
