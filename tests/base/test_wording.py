"""Facts in Chinese sentences: set phrases are worded, what somebody typed is left alone."""

import pytest

from onetonne.base.wording import Wording, closed_up

WORDS = Wording({"empty": "空白", "{} row {}": "{} 第 {} 列", "{} by {} {}": "{0} 受 {2}（{1}）"})
LIST = Wording({"{} by {}": "{} 由 {} 持有"}, listed=True)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("empty", "空白"),
        ("not empty", "not empty"),
        ("a row b.csv row 12", "a row b.csv 第 12 列"),
        ("1-5 by pledge 1", "1-5 受 1（pledge）"),
        ("two\nlines row 1", "two\nlines 第 1 列"),
        ("", ""),
        ("{} row", "{} row"),
    ],
)
def test_a_phrase_is_worded_and_nothing_else(text: str, zh: str) -> None:
    assert WORDS.zh(text) == zh


def test_a_list_is_worded_part_by_part() -> None:
    assert LIST.zh("1-5 by 10; 7 by 11") == "1-5 由 10 持有；7 由 11 持有"
    assert WORDS.zh("empty; empty") == "empty; empty"


def test_a_blank_between_two_chinese_characters_goes() -> None:
    assert closed_up("應為 整數；收到 x。 請 更正") == "應為整數；收到 x。請更正"
