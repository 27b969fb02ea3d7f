"""What a year of compliance says at the desk: right numbers, right words, and what to do next."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
from tests.doors.desk import Desk
from tests.doors.test_cli_ets import DIGEST, MAY, OF, give, owing

from onetonne.base.reasons import reason_zh
from onetonne.doors.typed import read_sum

__all__ = ["owing"]
LATIN = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
PAY = (*OF, "--kind", "penalty", "--cites", "decision 2")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("25000.50", "25000.50"),
        ("25,000.50", "25000.50"),
        ("1,000,000", "1000000"),
        ("100,5", "100,5"),
        ("1,00", "1,00"),
        ("10000,000", "10000,000"),
        ("1,000.5,0", "1,000.5,0"),
        (" 7 ", "7"),
    ],
)
def test_a_comma_is_never_dropped_to_make_another_sum(typed: str, read: str) -> None:
    assert read_sum(typed) == read


def test_a_sum_with_a_decimal_comma_is_refused_and_not_paid_tenfold(owing: Desk) -> None:
    refused = owing.json("ets", "pay", "100,5", "KRW", *PAY, "--as", "Mei", code=1)["refusal"]
    assert (refused["code"], refused["facts"]["found"]) == ("bad_text", "100,5")
    assert "1,000.5 KRW" in owing.ok("ets", "pay", "1,000.5", "KRW", *PAY, "--as", "Mei")
    said = owing.ok("ets", "pay", "2", "KRW", *PAY, "--as", "Mei", "--lang", "zh")
    assert "（罰款）" in said


def test_history_tells_what_was_allocated_and_what_was_given_back(owing: Desk) -> None:
    owing.ok("account", "open", "State", "--kind", "party", "--party", "TW", "--as", "Mei")
    owing.ok("transfer", "100", "--lot", "2", "--from", "Solar Co", "--to", "State", *MAY,
             "--as", "Mei")  # fmt: skip
    owing.ok("ets", "allocate", "100", "--lot", "2", "--from", "State", *OF, *MAY, "--as", "Mei")
    give(owing, "102", "2")
    owing.ok("ets", "return", *OF, "--lot", "2", "--serials", "199-200", "--as", "Mei")
    parts = owing.json("history", "2")["parts"]
    acts = {tuple(step["act"] for step in part["steps"]) for part in parts}
    assert ("issue", "transfer", "allocate", "surrender", "return") in acts
    assert "退還" in owing.ok("history", "2", "--lang", "zh")
    assert "核配" in owing.ok("history", "2", "--lang", "zh")


def test_who_approves_sees_that_nothing_was_emitted(owing: Desk) -> None:
    of = ("--operator", "KR-1", "--system", "KR", "--period", "2024", "--document", DIGEST)
    owing.ok("ets", "emissions", "0", *of, "--as", "Vera")
    owing.ok("ets", "emissions", "12000", *of, "--as", "Vera")
    told = owing.json("proposals")["proposals"]
    shown = [one["shown"][0] for one in told]
    assert ["tonnes 0," in text for text in shown] == [True, False]
    assert "tonnes 12,000," in shown[1]
    assert ["ndc_effect" in text for text in shown] == [False, False]


@pytest.mark.parametrize("question", ["operators", "figures", "used", "duties"])
def test_a_system_that_is_none_is_no_empty_answer(owing: Desk, question: str) -> None:
    for language in ("en", "zh"):
        done = owing("ets", question, "--system", "XX", "--lang", language)
        assert done.exit_code == 2
        assert "CN, CN-GD, CORSIA" in done.output
    assert owing("ets", question, "--system", "KR").exit_code == 0


def test_none_of_a_lot_is_said_before_it_is_asked(owing: Desk) -> None:
    for typed in (("0", "--lot", "2"), ("--item", "2=0")):
        done = owing("surrender", *typed, "--from", "Solar Co", *OF, *MAY, "--as", "Mei")
        assert (done.exit_code, "1 or more" in done.output) == (2, True)


def test_an_exchange_asks_for_whom(owing: Desk) -> None:
    done = owing("convert", "1", "--lot", "3", "--from", "Solar Co", "--rule", "KOC-KCU",
                 "--system", "KR", "--period", "2025", "--as", "Mei")  # fmt: skip
    assert (done.exit_code, "--operator" in done.output) == (2, True)


def test_what_was_recognised_grouped_or_withdrawn_is_told(owing: Desk) -> None:
    said = owing.ok("ets", "recognise", "--system", "KR", "--lot", "3", "--as", "Mei")
    assert "Recognised for KR: 50 units of lot 3." in said
    entry = re.search(r"entry (\d+)", said)
    assert entry is not None
    gone = owing.ok("ets", "withdraw", entry[1], "--reason", "r", "--as", "Mei", "--lang", "zh")
    assert f"條目 {entry[1]} 之認可" in gone
    pool = owing.ok("ets", "group", "KR-1", "--system", "KR", "--since", "2026-01-01", "--into",
                    "P", "--kind", "pool", "--cites", "d", "--as", "Mei")  # fmt: skip
    assert "from 2026-01-01 on (pool): KR-1, P." in pool


def test_a_refusal_writes_large_numbers_as_answers_do(owing: Desk) -> None:
    owing.ok("ets", "cap", "1000", "--system", "KR", "--period", "2025", "--cites", "d",
             "--as", "Mei")  # fmt: skip
    done = owing("issue", "30000", "--unit", "KAU", "--to", "Solar Co", "--vintage", "2025",
                 "--fact", "system=KR", "--fact", "period=2025", "--as", "Mei")  # fmt: skip
    assert "2025 is 1,000; 800 are left to be issued, not 30,000." in done.output


def test_a_folder_for_a_file_is_said_in_the_readers_language(desk: Desk, tmp_path: Path) -> None:
    for typed in (("play",), ("basket",)):
        said = desk(*typed, str(tmp_path), "--lang", "zh").output
        assert "這是資料夾，不是檔案" in said.replace("\n", "")
        assert not LATIN.search(said.replace(str(tmp_path), ""))
    file = tmp_path / "basket.yaml"
    file.write_text("acts: []\n")
    said = desk("basket", str(file), "--lang", "zh", "--as", "Mei").output.replace("\n", "")
    assert "`basket` 之下沒有行為清單" in said


def test_a_reason_nobody_worded_is_a_number() -> None:
    assert reason_zh(OSError(errno.EISDIR, "Is a directory")) == "這是資料夾，不是檔案"
    assert reason_zh(OSError(errno.EPIPE, "Broken pipe")) == f"系統錯誤 {errno.EPIPE}"
    assert reason_zh(OSError()) == "無法存取"
