"""Serials of other registries at the command line: how they are read, cut and joined."""

from __future__ import annotations

import pytest
from tests.base.test_serials import SAMPLES
from tests.doors.desk import Desk

from onetonne.base.serial_grammars import GRAMMARS, tokens
from onetonne.doors.cli.serials import PARTS

GS = SAMPLES["gold-standard"]
CAR = SAMPLES["car"]
CORC = SAMPLES["puro-corc"]
VCU = "20111-{}-{}-VCS-VCU-1500-VER-NA-14-9001-01012021-31122021-{}"


def vcu(first: int, last: int, flag: int = 1) -> str:
    return VCU.format(first, last, flag)


@pytest.mark.parametrize("profile", SAMPLES)
def test_every_form_is_read_part_by_part_without_a_ledger(desk: Desk, profile: str) -> None:
    (told,) = desk.json("serial", SAMPLES[profile], "--ledger", "nowhere")["serials"]
    assert (told["state"], told["profile"], told["exact"]) == ("parsed", profile, True)
    assert told["quantity"] == int(told["last"]) - int(told["first"]) + 1
    names = {token.part for row in GRAMMARS if row.profile == profile for token in tokens(row)}
    assert {*told["parts"], "first", "last"} >= names - {""}
    for language, word in (("en", "quantity"), ("zh", "單位數")):
        shown = desk.ok("serial", SAMPLES[profile], "--lang", language)
        assert word in shown
        assert all(value in shown for value in told["parts"].values())


def test_every_part_has_a_chinese_word() -> None:
    assert {token.part for row in GRAMMARS for token in tokens(row)} - {""} <= set(PARTS)


@pytest.mark.parametrize("line", [(CAR,), tuple(CAR.split())])
def test_a_serial_with_blanks_needs_no_quotes(desk: Desk, line: tuple[str, ...]) -> None:
    told = desk.json("serial", *line, *SAMPLES["itl-range"].split(), GS)["serials"]
    assert [one["text"] for one in told] == [CAR, SAMPLES["itl-range"], GS]
    assert {one["state"] for one in told} == {"parsed"}


CUTS = [
    (SAMPLES["verra-vcu-1"], ("--take", "1"), "220000101-220000101", ["220000102-220000600"]),
    (SAMPLES["verra-vcu-2"], ("--take", "250"), "881000001-881000250", []),
    (SAMPLES["verra-vcu-3"], ("--take", "1"), "990000001-990000001", []),
    (GS, ("--serials", "200-5,463"), "-200-5463", ["-110-199"]),
    (GS, ("--serials", "200"), "-200-200", ["-110-199", "-201-5463"]),
    (CAR, ("--take", "100"), "852724 to 852823", ["852824 to 860723"]),
    (SAMPLES["itl-range"], ("--take", "1"), "DK-5-1463953-2-2-0-7099",
     ["DK-5-1463954-2-2-0-7099 - DK-5-1467609-2-2-0-7099"]),
    (CORC, ("--take", "5"), "260-643002406801000010000000099264", ["9265-6430024068010000100000000"
     "99279"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "asked", "part", "rest"), CUTS)
def test_a_part_and_the_rest_are_printed_as_the_registry_would(
    desk: Desk, text: str, asked: tuple[str, str], part: str, rest: list[str]
) -> None:
    told = desk.json("serial", text, *asked)
    assert part in told["part"]["serial"]
    assert len(told["rest"]) == len(rest)
    for block, end in zip(told["rest"], rest, strict=True):
        assert end in block["serial"]
    pieces = [told["part"], *told["rest"]]
    assert sum(one["quantity"] for one in pieces) == told["serials"][0]["quantity"]
    back = desk.json("serial", *(one["serial"] for one in reversed(pieces)))
    assert [one["serial"] for one in back["blocks"]] == [text]
    assert told["part"]["serial"] in desk.ok("serial", text, *asked).splitlines()


def test_several_are_joined_where_they_adjoin(desk: Desk) -> None:
    told = desk.json("serial", vcu(21, 30), vcu(11, 20), vcu(31, 40, flag=0), vcu(50, 60), GS)
    assert [(one["serial"], one["of"]) for one in told["blocks"]] == [
        (GS, [4]),
        (vcu(11, 30), [1, 0]),
        (vcu(31, 40, flag=0), [2]),  # a label apart
        (vcu(50, 60), [3]),
    ]
    assert desk.json("serial", vcu(21, 30), vcu(11, 20), "--take", "15")["part"]["serial"] == vcu(
        11, 25
    )
    assert vcu(11, 30) in desk.ok("serial", vcu(21, 30), vcu(11, 20)).splitlines()


def test_numbers_that_two_serials_share_are_named(desk: Desk) -> None:
    told = desk.json("serial", vcu(50, 60), vcu(11, 90), vcu(85, 99), vcu(91, 95))
    assert told["shared"] == [
        {"first": "50", "last": "60", "of": [1, 0]},
        {"first": "85", "last": "90", "of": [1, 2]},
        {"first": "91", "last": "95", "of": [2, 3]},
    ]
    assert "share 50 to 60" in " ".join(desk.ok("serial", vcu(50, 60), vcu(11, 90)).split())
    assert "one block" in desk("serial", vcu(50, 60), vcu(11, 90), "--take", "5").output


WRONG = [
    (GS[:-1] + "O", "letter-for-digit", len(GS), GS[:-1] + "0"),
    (CAR.replace("860723", "860722O"), "letter-for-digit", len(CAR) + 1, CAR + "0"),
    (vcu(30, 21), "reversed-range", 10, ""),
    ("", "length", 1, ""),
]


@pytest.mark.parametrize(("text", "code", "character", "meant"), WRONG)
def test_what_is_wrong_is_named_at_its_character(
    desk: Desk, text: str, code: str, character: int, meant: str
) -> None:
    meant = meant.replace("8607230", "8607220")
    told = desk.json("serial", text, "--take", "1", code=1)
    assert "part" not in told
    (one,) = told["serials"]
    assert (one["state"], one["quantity"]) == ("unreadable", 0)
    problem = one["problem"]
    assert [problem[k] for k in ("code", "character", "meant")] == [code, character, meant]
    for language, word in (("en", "Cannot be read"), ("zh", "無法解讀")):
        done = desk("serial", text, "--lang", language)
        assert done.exit_code == 1
        assert word in done.output
        assert meant in done.output.splitlines()


def test_an_opaque_serial_is_said_to_be_opaque(desk: Desk) -> None:
    (told,) = desk.json("serial", "JCM-TH-JP-2018-3026-01401")["serials"]
    assert told["state"] == "opaque"
    assert "Opaque" in desk.ok("serial", "JCM-TH-JP-2018-3026-01401")
    assert desk("serial", "JCM-TH-JP-2018-3026-01401", "--take", "1").exit_code == 2


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ((GS, "--take", "5355"), "has 5354 units"),
        ((GS, "--take", "0"), "0 units are none"),
        ((GS, "--take", "5O"), "letter"),
        ((GS, "--serials", "109-110"), "no part of 110 to 5463"),
        ((GS, "--serials", "300-200"), "the lower first"),
        ((GS, "--serials", "9" * 600), "longer than any serial"),
        ((GS, "--serials", "1-2", "--take", "1"), "either"),
        ((GS, vcu(1, 2), "--take", "1"), "one block"),
    ],
)
def test_what_cannot_be_cut_is_refused(desk: Desk, line: tuple[str, ...], word: str) -> None:
    error = desk.json("serial", *line, code=2)["error"]
    assert word in error["en"]
    assert error["zh"] != error["en"]


def test_a_quantity_beyond_64_bits_is_told(desk: Desk) -> None:
    wide = CORC.replace("_643002406801000010000000099260-", "_1-")
    (told,) = desk.json("serial", wide)["serials"]
    assert told["quantity"] == 643002406801000010000000099279


def test_find_names_the_command_where_it_knows_nothing(desk: Desk) -> None:
    for text in (GS, GS[:-1] + "O", "JCM-TH-JP-2018-3026-01401"):
        assert "onetonne serial" in desk.ok("find", text)
    assert "onetonne serial" not in desk.ok("find", "TCER-2025-1")
