"""`onetonne daily`: one command for cron or a timer."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.doors.desk import HEAD, Desk

from onetonne.ledger import codec
from onetonne.service import daily
from onetonne.service.execute import Writer, now
from onetonne.service.ledger import Ledger

DAY = 86_400_000_000
UNTIL = str(date.today() + timedelta(days=2))


ENDED = [
    {"kind": "proposal", "number": 1, "entry": HEAD + 3},
    {"kind": "lock", "number": 1, "entry": HEAD + 4},
]


@pytest.fixture
def later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with a lock that ends and a proposal that ends, some days later."""
    desk.ok("lock", "set", "pledge", "10", "--lot", "1", "--from", "Solar Co", "--lift-by", "Mei",
            "--until", UNTIL)  # fmt: skip
    desk.ok("propose", "--until", UNTIL, "transfer", "5", "--lot", "1", "--from", "Solar Co",
            "--to", "Buyer")  # fmt: skip
    monkeypatch.setattr(Writer.__init__, "__defaults__", (lambda: now() + 3 * DAY,))
    return desk


def test_the_day_is_told_as_data(later: Desk) -> None:
    done = later.json("daily")
    assert done["ended"] == ENDED
    assert (done["changed"], done["refused"]) == (True, [])
    assert (done["root"]["entry"], done["root"]["new"]) == (HEAD + 5, True)
    assert (done["checkpoint"]["size"], done["checkpoint"]["added"]) == (HEAD + 5, 3)
    again = later.json("daily")
    assert (again["changed"], again["ended"]) == (False, [])
    assert (again["root"]["new"], again["checkpoint"]["added"]) == (False, 0)
    assert later.json("verify")["ok"] is True


@pytest.mark.parametrize(
    ("lang", "first", "second"),
    [
        ("en", ("proposal", "Root over", "Entries published: 3"), "Nothing was left to do today"),
        ("zh", ("提案", "已記載", "新公布 3 筆條目"), "今日已無待辦事項"),
    ],
)
def test_the_day_is_told_in_both_languages(
    later: Desk, lang: str, first: tuple[str, ...], second: str
) -> None:
    told = later.ok("daily", "--lang", lang)
    assert [text for text in first if text not in told] == []
    assert second not in told
    assert second in later.ok("daily", "--lang", lang)


def test_what_is_refused_is_told_and_the_exit_code_is_one(
    later: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a number that no proposal has is taken for due."""
    monkeypatch.setitem(daily._DUE, "proposals", "SELECT 9 WHERE ? <> '' AND ? < 9")
    done = later.json("daily", code=1)
    (refused,) = done["refused"]
    assert (refused["kind"], refused["number"]) == ("proposal", 9)
    assert refused["refusal"]["code"] == "unknown_proposal"
    assert [one["kind"] for one in done["ended"]] == ["lock"]
    assert (done["root"]["new"], done["checkpoint"]["added"]) == (True, 2)
    told = later("daily", "--lang", "zh")
    assert told.exit_code == 1
    assert "不受理：提案 9" in told.stdout


def test_a_missing_key_is_named_before_anything_is_done(later: Desk) -> None:
    Path("tw/key").rename("key")
    error = later.json("daily", code=3)["error"]
    assert f"{Path('tw/key').absolute()}：此處沒有金鑰" in error["zh"]
    Path("key").rename("tw/key")
    assert later.json("daily")["ended"]


def test_endings_alone_are_each_an_entry_and_are_published(later: Desk) -> None:
    dry = later.json("expire", "--dry-run")
    assert (dry["accepted"], dry["dry_run"], dry["due"]) == (True, True, 2)
    assert "checkpoint" not in dry
    done = later.json("expire")
    assert (done["due"], done["ended"], done["refused"]) == (2, ENDED, [])
    assert done["checkpoint"]["size"] == HEAD + 4
    assert later.json("expire")["due"] == 0
    assert later.json("daily")["ended"] == []
    assert later.json("verify")["ok"] is True


@pytest.mark.parametrize(
    ("lang", "dry", "ended"),
    [("en", "Dry run: nothing was written.", "lock"), ("zh", "試行：未寫入任何資料。", "鎖定")],
)
def test_endings_are_told_in_both_languages(later: Desk, lang: str, dry: str, ended: str) -> None:
    told = later.ok("expire", "--dry-run", "--lang", lang)
    assert dry in told
    assert ended in told
    assert ended in later.ok("expire", "--lang", lang)
    assert ended not in later.ok("expire", "--lang", lang)


def test_an_ending_that_is_refused_is_told_and_the_others_stand(
    later: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a number that no proposal has is taken for due."""
    monkeypatch.setitem(daily._DUE, "proposals", "SELECT 9 WHERE ? <> '' AND ? < 9")
    done = later.json("expire", code=1)
    assert (done["accepted"], done["due"]) == (False, 2)
    assert done["refused"][0]["refusal"]["code"] == "unknown_proposal"
    assert [one["kind"] for one in done["ended"]] == ["lock"]


def test_endings_stand_where_the_log_cannot_be_published(later: Desk) -> None:
    Path("tw/key").rename("key")
    (warning,) = later.json("expire")["warnings"]
    assert "the log was not published" in warning["en"]
    Path("key").rename("tw/key")
    assert later.json("daily")["checkpoint"]["added"] == 3


def test_many_endings_never_outgrow_an_entry(later: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry has room for both, but not for the two in one."""
    monkeypatch.setattr(codec, "MAX_ENTRY_BYTES", 300)
    done = later.json("expire")
    assert (done["due"], done["ended"]) == (2, ENDED)
    sizes = [row[0] for row in Ledger.open("tw").db.query("SELECT length(entry) FROM journal")][-2:]
    assert max(sizes) <= 300 < sum(sizes)
