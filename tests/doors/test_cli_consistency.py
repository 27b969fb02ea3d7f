"""An auditor kept a checkpoint; today's must extend it, and nobody needs the log to tell."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.doors.desk import HEAD, MOVE, Desk

from onetonne.base.notes import Checkpoint
from onetonne.exchange import passport as form
from onetonne.store.keys import load_key


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A checkpoint in kept.txt as the command prints it, then 12 entries more."""
    Path("kept.txt").write_text(desk.ok("checkpoint"))
    shutil.copytree("tw", "older")
    for _ in range(12):
        desk.ok("transfer", "1", "--lot", "1", *MOVE)
    return desk


def alone(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what an auditor has: key, kept checkpoint and what was handed out."""
    Path("tw/key.pub").rename("key.pub")
    shutil.rmtree("tw")
    monkeypatch.delenv("ONETONNE_LEDGER")


CHECK = ("passport", "check", "p.json", "--key", "key.pub", "--known")
NEWER = ("checkpoint-check", "newer.txt", "--key", "key.pub", "--known")


def codes(told: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in told["findings"]]


def test_a_newer_checkpoint_and_a_passport_extend_a_kept_one_offline(
    kept: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = kept.json("checkpoint", "--since", "kept.txt", "--out", "newer.txt")
    assert (made["since"], made["size"], made["file"]) == (HEAD, HEAD + 12, "newer.txt")
    assert Path("newer.txt").read_text("utf-8") == made["proof"]
    assert "--known kept.txt" in kept.ok("passport", "1", "5", "--since", "kept.txt",
                                         "--out", "p.json")  # fmt: skip
    kept.ok("passport", "1", "5", "--since", "newer.txt", "--out", "next.json")
    kept.ok("passport", "1", "5", "--out", "old.json")
    alone(kept, tmp_path, monkeypatch)
    told = kept.json(*NEWER, "kept.txt")
    assert (told["ok"], told["known"]["size"], told["checkpoint"]["size"]) == (
        True, HEAD, HEAD + 12)  # fmt: skip
    assert "nothing of it was changed or taken out" in " ".join(kept.ok(*NEWER, "kept.txt").split())
    assert "較新者" in kept.ok(*NEWER, "kept.txt", "--lang", "zh")
    told = kept.json(*CHECK, "kept.txt")
    assert (told["since"], told["extends"]) == (HEAD, HEAD)
    assert f"extends the kept checkpoint of {HEAD} entries" in kept.ok(*CHECK, "kept.txt")
    assert f"所保存的 {HEAD} 筆檢查點" in kept.ok(*CHECK, "kept.txt", "--lang", "zh")
    said = kept.ok("passport", "check", "p.json")
    assert "with --known" in " ".join(said.split())
    # What was handed out is kept in its turn.
    shutil.copy("next.json", "p.json")
    assert kept.json(*CHECK, "newer.txt")["extends"] == HEAD + 12
    told = kept.json("passport", "check", "old.json", "--key", "key.pub")
    assert (told["ok"], told["since"], told["extends"]) == (True, None, None)
    shutil.copy("old.json", "p.json")
    assert kept.json(*CHECK, "old.json")["ok"] is True


@pytest.mark.slow
def test_what_is_wrong_with_a_passport_held_against_a_kept_checkpoint(
    kept: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.ok("passport", "1", "5", "--since", "kept.txt", "--out", "p.json")
    kept.ok("passport", "1", "5", "--out", "without.json")
    kept.ok("transfer", "1", "--lot", "1", *MOVE)
    kept.ok("checkpoint", "--out", "later.txt")
    kept.ok("checkpoint", "--ledger", "older", "--out", "same.txt")
    kept.ok("init", "--party", "KR", "--ledger", "kr")
    kept.ok("checkpoint", "--ledger", "kr", "--out", "kr.txt")
    text = Path("same.txt").read_text("utf-8")
    Path("forged.txt").write_text(text.replace(f"\n{HEAD}\n", f"\n{HEAD - 1}\n"))
    made = form.read(Path("p.json").read_bytes())
    assert isinstance(made.since, form.Since)
    alone(kept, tmp_path, monkeypatch)
    for known, expected in (
        ("kr.txt", "checkpoint_elsewhere"),
        ("forged.txt", "known_checkpoint_unusable"),
        ("key.pub", "checkpoint_malformed"),
        ("/dev/null", "checkpoint_malformed"),
        ("/dev/zero", "checkpoint_malformed"),
        ("later.txt", "checkpoint_older"),
    ):
        assert codes(kept.json(*CHECK, known, code=1)) == [expected]
    assert kept(*CHECK, "gone.txt").exit_code == 3
    shutil.copy("without.json", "p.json")
    assert codes(kept.json(*CHECK, "kept.txt", code=1)) == ["consistency_missing"]
    steps = made.since.proof[::-1]
    for since, expected in (
        (form.Since(HEAD, steps), "consistency_wrong"),
        (form.Since(HEAD, ("zz",)), "consistency_wrong"),
        (form.Since(HEAD - 1, made.since.proof), "consistency_other"),
    ):
        altered = form.Bundle(**{f: getattr(made, f) for f in made.__struct_fields__}
                              | {"since": since})  # fmt: skip
        Path("p.json").write_bytes(form.write(altered))
        assert codes(kept.json(*CHECK, "kept.txt", code=1)) == [expected]
        assert kept.json("passport", "check", "p.json", "--key", "key.pub")["since"] == since.size
    error = kept.json("passport", "check", "p.json", "--known", "kept.txt", code=2)["error"]
    assert ("add --key" in error["en"], "請加上 --key" in error["zh"]) == (True, True)


def test_a_fork_gets_no_proof_and_passes_no_check(
    kept: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older copy is restored under the same key, and other entries are written."""
    kept.ok("checkpoint", "--out", "newer.txt")
    kept.ok("transfer", "7", "--lot", "1", *MOVE, "--ledger", "older")
    since = ("--since", "newer.txt", "--ledger", "older")
    refusals = [kept.json("checkpoint", *since, code=1)]
    for _ in range(12):
        kept.ok("transfer", "2", "--lot", "1", *MOVE, "--ledger", "older")
    before = kept.json("log", "--ledger", "older")["head"]
    refusals.append(kept.json("checkpoint", *since, code=1))
    refusals.append(kept.json("passport", "make", "1", "5", *since, code=1))
    assert kept.json("log", "--ledger", "older")["head"] == before
    for refused, en, zh in zip(
        refusals,
        ("was rolled back", "was forked", "was forked"),
        ("遭回溯", "出現分歧", "出現分歧"),
        strict=True,
    ):
        assert refused["error"]["code"] == "cannot_prove"
        assert en in refused["error"]["en"]
        assert zh in refused["error"]["zh"]
    # Its operator does not ask himself, and hands out the proof of his other history.
    kept.ok("checkpoint", "--since", "kept.txt", "--ledger", "older", "--out", "forked.txt")
    kept.ok("passport", "1", "5", "--since", "kept.txt", "--ledger", "older", "--out", "p.json")
    size = HEAD + 12
    Path("forked.txt").write_text(
        Path("forked.txt").read_text("utf-8").replace(f"old {HEAD}\n", f"old {size}\n")
    )
    alone(kept, tmp_path, monkeypatch)
    line = ("checkpoint-check", "forked.txt", "--key", "key.pub", "--known")
    assert codes(kept.json(*line, "newer.txt", code=1)) == ["consistency_wrong"]
    assert codes(kept.json(*CHECK, "newer.txt", code=1)) == ["consistency_other"]


def test_two_histories_of_one_size_are_a_fork(kept: Desk) -> None:
    for _ in range(12):
        kept.ok("transfer", "2", "--lot", "1", *MOVE, "--ledger", "older")
    kept.ok("checkpoint", "--out", "newer.txt")
    kept.ok("checkpoint", "--ledger", "older", "--out", "other.txt")
    kept.ok("passport", "1", "5")
    Path("tw/key.pub").rename("key.pub")
    told = kept.json(*NEWER, "other.txt", code=1)
    assert codes(told) == ["log_forked"]
    assert "出現分歧" in told["findings"][0]["zh"]


def test_a_checkpoint_of_another_key_gets_no_proof(kept: Desk) -> None:
    kept.ok("init", "--party", "TW", "--ledger", "again")
    kept.ok("checkpoint", "--ledger", "again", "--out", "again.txt")
    Path("junk").write_text("junk")
    for known, en in (
        ("again.txt", "signed by another key"),
        ("junk", "holds none"),
        ("/dev/null", "holds none"),
    ):
        for line in (("checkpoint",), ("passport", "1", "5")):
            error = kept.json(*line, "--since", known, code=1)["error"]
            assert (error["code"], en in error["en"]) == ("cannot_prove", True)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_other_shells_write_is_read(kept: Desk, coding: str) -> None:
    """A redirection may change line ends and encoding; JSON is as good."""
    text = Path("kept.txt").read_text("utf-8")
    Path("kept.txt").write_bytes(text.replace("\n", "\r\n").encode(coding))
    kept.ok("checkpoint", "--since", "kept.txt")
    assert kept.json("verify", "--known", "kept.txt")["ok"] is True
    Path("kept.json").write_text(json.dumps(kept.json("checkpoint")))
    kept.ok("checkpoint", "--since", "kept.json")
    signer = load_key(Path("tw/key"))
    Path("kept.txt").write_text(signer.sign(Checkpoint(signer.name, HEAD, bytes(32)).text))
    assert codes(kept.json("verify", "--known", "kept.txt", code=1)) == ["log_forked"]
