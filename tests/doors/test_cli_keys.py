"""The signing key at the desk: shown, replaced, lost, and what an auditor does then."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.doors.desk import MOVE, Desk


@pytest.fixture
def handed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """What an auditor has: key and checkpoint of before, the handover, what came after it."""
    Path("kept.txt").write_text(desk.ok("checkpoint"))
    desk.ok("passport", "1", "1-10", "--out", "before.json")
    shutil.copy("tw/key.pub", "old.pub")
    told = desk.json("key", "replace")
    shutil.copy(told["handover"], "handover")
    desk.ok("transfer", "10", "--lot", "1", *MOVE)
    made = desk.ok("checkpoint", "--since", "kept.txt", "--out", "newer.txt")
    assert f"--known kept.txt --known-key {Path('old.pub').read_text().strip()}" in made
    made = desk.ok("passport", "1", "1-10", "--since", "kept.txt", "--out", "after.json")
    assert "--known kept.txt --known-key onetonne.example/tw+" in made
    shutil.copy("tw/key.pub", "new.pub")
    shutil.copytree("tw/log", "mirror")
    shutil.rmtree("tw")
    monkeypatch.delenv("ONETONNE_LEDGER")
    return desk


def test_what_is_shown_of_a_key(desk: Desk) -> None:
    before = desk.json("key", "show")
    assert before["former"] == []
    done = desk.json("key", "replace")
    assert (done["former"], done["key"]) == (before["key"], desk.json("key", "show")["key"])
    assert Path(done["key_file"]).read_text() == f"{done['key']}\n"
    assert Path(done["former_key_file"]).stat().st_mode & 0o777 == 0o600
    assert desk.json("key", "show")["former"] == [before["key"]]
    assert before["key"] in " ".join(desk.ok("key", "show").split())
    assert desk.json("verify")["ok"]
    said = desk.ok("key", "replace", "--lang", "zh")
    assert "今後由此金鑰簽署" in said
    assert "舊金鑰存於" in said


def test_a_key_is_longer_than_a_name_of_a_file(desk: Desk) -> None:
    name = "登錄簿" * 60
    desk.ok("init", "--ledger", "long", "--party", "TW", "--origin", name, "--registrar", "Jun")
    key = Path("long/key.pub").read_text("utf-8").strip()
    assert desk.json("verify", "--ledger", "long", "--key", key)["ok"]


def test_an_auditor_goes_from_the_old_key_to_the_new(handed: Desk) -> None:
    new = Path("new.pub").read_text().strip()
    assert new in handed.ok("key", "check", "handover", "--key", "old.pub")
    assert "先前的金鑰交接予" in handed.ok(
        "key", "check", "handover", "--key", "old.pub", "--lang", "zh"
    )
    told = handed.json("key", "check", "handover", "--key", "old.pub")
    assert (told["ok"], told["key"]) == (True, new)
    under = ("--key", "new.pub", "--known", "kept.txt", "--known-key", "old.pub")
    assert handed.json("checkpoint-check", "newer.txt", *under)["ok"]
    assert handed.json("passport", "check", "after.json", *under)["extends"] == 5
    assert handed.json("verify", "--log", "mirror", *under)["ok"]
    assert handed.json("passport", "check", "before.json", "--key", "old.pub")["ok"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("key", "check", "handover", "--key", "new.pub"), "handover_to_itself"),
        (("key", "check", "kept.txt", "--key", "old.pub"), "handover_none"),
        (("key", "check", "before.json", "--key", "old.pub"), "handover_none"),
        (("key", "check", "old.pub", "--key", "old.pub"), "checkpoint_malformed"),
        (("checkpoint-check", "newer.txt", "--key", "new.pub", "--known", "kept.txt"),
         "checkpoint_other_key"),
        (("checkpoint-check", "newer.txt", "--key", "old.pub", "--known", "kept.txt"),
         "checkpoint_other_key"),
        (("passport", "check", "before.json", "--key", "new.pub"), "passport_key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(handed: Desk, line: tuple[str, ...], code: str) -> None:
    found = handed.json(*line, code=1)["findings"]
    assert found[0]["code"] == code
    assert (found[0]["zh"] != found[0]["en"], handed(*line, "--lang", "zh").exit_code) == (True, 1)


def test_a_key_of_another_ledger_and_an_idle_one_are_refused(handed: Desk) -> None:
    handed.ok("init", "--ledger", "kr", "--party", "KR", "--registrar", "Jun")
    line = ("checkpoint-check", "newer.txt", "--key", "new.pub", "--known", "kept.txt",
            "--known-key", "kr/key.pub")  # fmt: skip
    done = handed(*line)
    assert (done.exit_code, "two of one ledger" in " ".join(done.stderr.split())) == (2, True)
    for idle in (
        ("passport", "check", "after.json", "--key", "new.pub", "--known-key", "old.pub"),
        ("verify", "--log", "mirror", "--key", "new.pub", "--known-key", "old.pub"),
    ):
        done = handed(*idle)
        assert (done.exit_code, "--known-key does nothing here" in done.stderr) == (2, True)


def test_a_lost_key_is_replaced_and_the_desk_goes_on(desk: Desk) -> None:
    done = desk("key", "replace", "--lost")
    assert done.exit_code == 3
    assert "leave out --lost" in " ".join(done.stderr.split())
    Path("tw/key").unlink()
    done = desk("key", "replace")
    assert done.exit_code == 3
    assert "onetonne key replace --lost" in " ".join(done.stderr.split())
    said = desk.ok("key", "replace", "--lost")
    assert "Nothing vouches for it" in said
    assert desk.json("key", "show")["former"] != []
    assert "not published" not in desk.ok("transfer", "10", "--lot", "1", *MOVE)
    assert desk.json("verify")["ok"]
