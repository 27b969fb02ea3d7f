"""Two accounts of one name: told when the second is opened, told apart in every list, and never
guessed between."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.doors.desk import Desk

HOLD = ("5", "--lot", "1", "--from", "Solar Co")


@pytest.fixture
def two(desk: Desk) -> tuple[Desk, str, str]:
    """A desk where "Buyer" has two accounts, and their numbers."""
    first = number_of(desk, "Buyer")
    desk.ok("account", "open", "Buyer", "--kind", "trader", "--party", "JP")
    (second,) = {row["account"] for row in rows(desk, "Buyer")} - {int(first.replace("-", ""))}
    text = str(second)
    return desk, first, f"{text[:4]}-{text[4:8]}-{text[8:]}"


def rows(desk: Desk, name: str) -> list[dict[str, object]]:
    told = desk.json("account", "list")
    return [row for row in told["rows"] if told["names"].get(row["holder"]) == name]


def number_of(desk: Desk, name: str) -> str:
    return str(desk.json("account", "show", name)["shown"])


def test_a_second_account_of_a_name_is_opened_with_a_warning(desk: Desk) -> None:
    first = number_of(desk, "Buyer")
    line = ("account", "open", "Buyer")
    for typed in ((*line, "--dry-run"), (*line, "--key", "k"), (*line, "--key", "k")):
        (warning,) = desk.json(*typed)["warnings"]
        assert warning["en"].startswith(f"Buyer has another account already: {first}. ")
        assert warning["zh"].startswith(f"Buyer 已有其他帳戶：{first}。")
    assert "warnings" not in desk.json("account", "open", "Nobody else")


def test_a_closed_account_is_no_namesake(desk: Desk) -> None:
    desk.ok("account", "close", "Buyer")
    assert "warnings" not in desk.json("account", "open", "Buyer")


@pytest.mark.parametrize(
    "line",
    [
        ("transfer", *HOLD, "--to", "Buyer"),
        ("retire", "5", "--lot", "1", "--from", "Buyer", "--for", "A", "--period", "2025"),
        ("issue", "5", "--unit", "TCER", "--to", "Buyer", "--project", "TW-1", "--vintage", "2025"),
        ("lock", "set", "freeze", "5", "--lot", "1", "--from", "Buyer"),
        ("account", "show", "Buyer"),
        ("account", "statement", "Buyer"),
        ("account", "close", "Buyer"),
        ("holdings", "Buyer"),
        ("ets", "operator", "KR-1", "--system", "KR", "--account", "Buyer"),
        ("a6", "withdraw-entity", "A1", "Buyer", "--digest", "a" * 64),
        ("a6", "submit", "TW-1", "--crediting", "fixed", "--participant", "Buyer",
         "--digest", "a" * 64),
        ("basket", "b.yaml"),
    ],
    ids=lambda line: " ".join(line[:2]),
)  # fmt: skip
def test_a_name_that_two_bear_is_refused_with_both(
    two: tuple[Desk, str, str], line: tuple[str, ...]
) -> None:
    desk, first, second = two
    Path("b.yaml").write_text(
        'basket:\n- transfer: {source: Solar Co, target: Buyer, items: ["1=5"]}'
    )
    error = desk.json(*line, code=2)["error"]
    assert error["code"] == "ambiguous"
    assert "2 accounts are called 'Buyer'. Give one by its number: " in error["en"]
    for number, en, zh in ((first, "entity TW", "一般帳戶 TW"), (second, "trader JP", "交易商 JP")):
        assert f"{number} ({en})" in error["en"]
        assert f"{number} ({zh})" in error["zh"]


def test_lists_tell_two_of_a_name_apart(two: tuple[Desk, str, str]) -> None:
    desk, first, second = two
    desk.ok("transfer", *HOLD, "--to", first)
    desk.ok("transfer", "--lot", "1", "--serials", "996-1000", "--from", first, "--to", second)
    told = desk.ok("history", "1", "1000")
    for number in (first, second):
        assert f"{number} Buyer" in " ".join(told.split())
        assert number in desk.ok("account", "list")
    assert f"{second} Buyer" in " ".join(desk.ok("account", "statement", first).split())
    assert f"{first} Solar Co" not in told


def test_a_holder_called_like_an_end_is_not_taken_for_it(desk: Desk) -> None:
    desk.ok("account", "open", "voluntary")
    error = desk.json("holdings", "voluntary", code=2)["error"]
    assert (error["code"], "sink" in error["en"]) == ("ambiguous", True)
    assert desk.json("holdings", "retirement")["quantity"] == 0
