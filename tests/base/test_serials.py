"""Serials: what a form accepts is printed back exactly; what it nearly accepts is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetonne.base import serial_faults
from onetonne.base.serial_faults import TEXTS, Unparsed
from onetonne.base.serial_grammars import GRAMMARS, KINDS, Grammar
from onetonne.base.serials import (
    Opaque,
    Serial,
    SerialError,
    covers,
    cut,
    join,
    overlaps,
    parse,
    print_serial,
)

SAMPLES = {
    "verra-vcu-1": "5012-220000101-220000600-VCU-021-MER-AU-3-777-16042012-15042013-0",
    "verra-vcu-2": "20111-881000001-881000250-VCS-VCU-1500-VER-NA-14-9001-01012021-31122021-1",
    "verra-vcu-3": "30222-990000001-990000001-VCS-VCU-500-VER-US-9002-01012024-31122024-0",
    "gold-standard": "GS1-1-NA-GS99001-16-2025-77001-110-5463",
    "car": "CAR-ROC-US-9003-46-1156-FL-2026-88001-852724 to 860723",
    "itl-unit": "DK-5-1463953-2-2-0-7099",
    "itl-range": "DK-5-1463953-2-2-0-7099 - DK-5-1467609-2-2-0-7099",
    "acr": "ACR-FR-9004-2025-2999-30932 to 35143",
    "art": "FCPF-CI-930-2023-20-1 to 46404",
    "puro-corc": "PURO_PR_CORC100+_US_517999_2025_59a44376-0000-4000-8000-0123456789ab_"
    "643002406801000010000000099260-643002406801000010000000099279",
}

VCU = "20111-11-20-VCS-VCU-1500-VER-NA-14-9001-01012021-31122021-0"


def serial(text: str, **options: str) -> Serial:
    found = parse(text, **options)  # type: ignore[arg-type]
    assert isinstance(found, Serial), found
    return found


def near(text: str, **options: str) -> Unparsed:
    found = parse(text, **options)  # type: ignore[arg-type]
    assert isinstance(found, Unparsed), found
    return found


def test_every_form_has_a_sample() -> None:
    assert set(SAMPLES) == {row.profile for row in GRAMMARS}


@pytest.mark.parametrize("profile", SAMPLES)
def test_a_form_reads_and_prints_its_own(profile: str) -> None:
    read = serial(SAMPLES[profile])
    assert read.profile == profile
    assert print_serial(read) == read.raw == SAMPLES[profile]
    assert read == serial(SAMPLES[profile], profile=profile)


def test_numbers_have_no_largest() -> None:
    corc = serial(SAMPLES["puro-corc"])
    assert corc.quantity == 20
    assert corc.first > 2**64
    tail = cut(corc, corc.first + 5, corc.last)
    assert tail.raw.endswith("_643002406801000010000000099265-643002406801000010000000099279")
    assert join(cut(corc, corc.first, corc.first + 4), tail) == corc


def test_leading_zeros_are_kept_through_a_cut() -> None:
    block = serial("ACR-FR-9004-2025-2999-0000001 to 0299564")
    assert cut(block, 7, 12).raw == "ACR-FR-9004-2025-2999-0000007 to 0000012"
    assert block == serial("ACR-FR-9004-2025-2999-1 to 299564")


def test_what_is_equal_is_not_unequal() -> None:
    one, same, other = serial(GS), serial(GS), serial(VERRA)
    assert [one == same, one != same] == [True, False]
    assert [one == other, one != other] == [False, True]


def test_equality_is_by_issuance_and_range_not_by_string() -> None:
    plain = serial(SAMPLES["verra-vcu-2"])
    relabelled = serial(SAMPLES["verra-vcu-2"][:-1] + "0")
    assert plain == relabelled
    assert hash(plain) == hash(relabelled)
    assert plain.raw != relabelled.raw
    assert plain != serial(SAMPLES["verra-vcu-2"].replace("20111-", "20112-"))


def test_an_eru_is_the_aau_it_was() -> None:
    assert serial("DK-1-500-1-1-0-0") == serial("DK-3-500-1-1-0-42")
    assert serial("DK-1-500-1-1-0-0") != serial("DK-2-500-1-1-0-0")


def test_single_kyoto_units_join_into_a_range() -> None:
    pair = join(serial("DK-5-7-2-2-0-7099"), serial("DK-5-8-2-2-0-7099"))
    assert pair.raw == "DK-5-7-2-2-0-7099 - DK-5-8-2-2-0-7099"
    assert pair.profile == "itl-range"


def test_a_part_of_one_kyoto_unit_is_printed_as_one() -> None:
    pair = serial("DK-5-7-2-2-0-7099 - DK-5-9-2-2-0-7099")
    assert cut(pair, 8, 8).raw == "DK-5-8-2-2-0-7099"
    assert cut(pair, 8, 9).raw == "DK-5-8-2-2-0-7099 - DK-5-9-2-2-0-7099"
    assert join(cut(pair, 7, 8), cut(pair, 9, 9)) == pair


APART = [
    (VCU, VCU.replace("-11-20-", "-21-30-")[:-1] + "1"),  # a label
    (VCU, VCU.replace("-11-20-", "-21-30-").replace("-VCS-VCU-", "-VCU-")),  # another form
    ("DK-1-5-1-1-0-0", "DK-3-6-1-1-0-42"),  # an AAU and an ERU that was one
]


@pytest.mark.parametrize(("low", "high"), APART)
def test_what_no_one_serial_can_say_is_not_joined(low: str, high: str) -> None:
    with pytest.raises(SerialError, match="differ in another part") as error:
        join(serial(low), serial(high))
    assert "請分列" in error.value.zh


@pytest.mark.parametrize("span", [(20, 11), (10, 11), (20, 21)])
def test_what_is_no_part_of_a_block_is_not_cut(span: tuple[int, int]) -> None:
    with pytest.raises(SerialError, match="no part of 11 to 20"):
        cut(serial(VCU), *span)


def test_the_unknown_is_kept_whole() -> None:
    assert parse("JCM-TH-JP-2018-3026-01401") == Opaque("JCM-TH-JP-2018-3026-01401")
    assert parse(SAMPLES["car"], profile="opaque") == Opaque(SAMPLES["car"])
    with pytest.raises(KeyError):
        parse("x", profile="no-such-profile")


VERRA = SAMPLES["verra-vcu-2"]
GS = SAMPLES["gold-standard"]
NEAR_MISSES = [
    # text, code, column, part, the serial it was meant to be
    (VERRA[:-1] + "O", "letter-for-digit", len(VERRA), "flag", VERRA[:-1] + "0"),
    (VERRA.replace("881000001", "88l000001"), "letter-for-digit", 9, "first", VERRA),
    (VERRA.replace("01012021", "O1012O21"), "letter-for-digit", 55, "start", VERRA),
    (VERRA.replace("881000250", "880000250"), "reversed-range", 17, "", ""),
    (VERRA.replace("-881000250", ""), "missing-part", 17, "last", ""),
    (VERRA[:-2], "missing-part", len(VERRA) - 1, "end", ""),
    (" " + VERRA, "stray-space", 1, "batch", VERRA),
    (VERRA + "\u3000", "stray-space", len(VERRA) + 1, "", VERRA),
    (VERRA.replace("881000250", "881 000250"), "stray-space", 20, "last", VERRA),
    (VERRA.replace("20111-", "20111\u2013"), "dash", 6, "batch", VERRA),
    (VERRA.replace("20111-", "20111\uff0d"), "dash", 6, "batch", VERRA),
    (VERRA.replace("881000001", "88100000１"), "full-width", 15, "first", VERRA),
    (GS[:-1] + "O", "letter-for-digit", len(GS), "last", GS[:-1] + "0"),
    (GS[:-1] + "Ol1", "letter-for-digit", len(GS), "last", GS[:-1] + "011"),
    (VERRA + "-7", "surplus", len(VERRA) + 1, "", ""),
    (VERRA.replace("31122021", "31132021"), "unexpected", 64, "end", ""),
    (VERRA.replace("VCS-VCU-", "VCS-"), "unexpected", 31, "last", ""),
    (GS.replace("-110-5463", "-11O-5463"), "letter-for-digit", 34, "first", GS),
    (GS.replace("-110-5463", "-5463-110"), "reversed-range", 37, "", ""),
    (GS.replace("-5463", ""), "missing-part", 35, "first", ""),
    (SAMPLES["car"].replace(" to ", "-"), "unexpected", 45, "first", ""),
    (VERRA.lower(), "letter-case", VERRA.index("VCS") + 1, "last", VERRA),
    (GS.lower(), "letter-case", 1, "", GS),
    (GS.replace("GS99001", "Gs99001"), "letter-case", GS.index("GS99001") + 2, "country", GS),
    (SAMPLES["car"].lower(), "letter-case", 1, "", SAMPLES["car"]),
    (
        SAMPLES["car"].upper(),
        "letter-case",
        SAMPLES["car"].index("to") + 1,
        "first",
        SAMPLES["car"],
    ),
    (SAMPLES["itl-range"].lower(), "letter-case", 1, "country", SAMPLES["itl-range"]),
    (SAMPLES["puro-corc"].lower(), "letter-case", 1, "", SAMPLES["puro-corc"]),
    (SAMPLES["itl-range"][:-1] + "8", "unexpected", 49, "project", ""),
]


@pytest.mark.parametrize(("text", "code", "column", "part", "meant"), NEAR_MISSES)
def test_near_misses_are_named(text: str, code: str, column: int, part: str, meant: str) -> None:
    found = near(text, registry="verra")
    assert (found.code, found.column, found.part, found.meant) == (code, column, part, meant)
    assert found.raw == text
    assert "{" not in found.reason + found.reason_zh
    if meant:
        assert isinstance(parse(meant), Serial)


def test_a_part_that_differs_from_its_first_printing_is_told_so() -> None:
    found = near(SAMPLES["itl-range"][:-1] + "8")
    assert "'8' at character 49, expected 7099 again (project)" in found.reason
    assert "讀到 '8'，應為同前的 7099" in found.reason_zh


def test_a_serial_typed_full_width_is_repaired_and_a_wall_of_letters_costs_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert near("".join(chr(ord(char) + 0xFEE0) for char in VERRA)).meant == VERRA
    walks: list[str] = []
    walk = serial_faults._walk
    monkeypatch.setattr(serial_faults, "_walk", lambda *how: walks.append(how[0]) or walk(*how))
    assert near(VERRA.replace("881000001", "O" * 400)).meant == VERRA.replace(
        "881000001", "0" * 400
    )
    near(VERRA.replace("881000001", "O0" * 200))
    assert len(walks) < 200 * len(GRAMMARS)


def test_every_fault_code_is_shown() -> None:
    shown = {code for _, code, _, _, _ in NEAR_MISSES} | {near("").code}
    assert shown == set(TEXTS)


def test_a_registry_list_does_not_let_the_broken_pass_as_unknown() -> None:
    broken = "20111-881000001-881000250-1500-VER-NA-14-9001-01012021-31122021-1"
    assert isinstance(parse(broken), Opaque)
    assert near(broken, registry="verra").code == "unexpected"


@pytest.mark.parametrize("text", ["", "1" * 600, "9" * 512, "-" * 300, "VCU", "GS1-", "CAR-\x00"])
def test_nothing_breaks_the_reader(text: str) -> None:
    assert isinstance(parse(text, registry="verra"), Unparsed | Opaque)


# -- properties


def parts_of(row: Grammar) -> st.SearchStrategy[Serial]:
    number = st.integers(min_value=0, max_value=10**32)
    names = row.form.replace("}", "{").split("{")[1::2]
    drawn = {
        name: st.from_regex(KINDS[name].pattern if name in KINDS else "[0-9]{1,6}", fullmatch=True)
        for name in names
        if name not in ("first", "last")
    }

    def made(values: dict[str, str], low: int, width: int) -> Serial:
        filled = dict(values, first=str(low), last=str(low + width))
        return serial(row.form.format_map(filled), profile=row.profile)

    wide = st.just(0) if "last" not in names else st.integers(min_value=0, max_value=10**12)
    return st.builds(made, st.fixed_dictionaries(drawn), number, wide)


ANY = st.sampled_from(GRAMMARS).flatmap(parts_of)


@given(ANY)
def test_round_trip_is_exact(block: Serial) -> None:
    assert print_serial(block) == block.raw
    assert serial(block.raw, profile=block.profile) == block


@given(ANY, st.data())
def test_cutting_and_joining_give_the_block_back(block: Serial, data: st.DataObject) -> None:
    at = data.draw(st.integers(min_value=block.first, max_value=block.last))
    left = cut(block, block.first, at)
    assert covers(block, left)
    assert serial(left.raw) == left
    if at == block.last:
        assert left == block
        return
    right = cut(block, at + 1, block.last)
    assert not overlaps(left, right)
    assert left.quantity + right.quantity == block.quantity
    assert join(right, left) == join(left, right) == block
    with pytest.raises(SerialError):
        cut(block, at, block.last + 1)
    with pytest.raises(SerialError):
        join(block, right)


@given(st.text(max_size=80))
def test_any_text_gets_an_answer(text: str) -> None:
    assert parse(text, registry="verra").raw == text


@given(ANY, st.data())
def test_one_wrong_character_is_never_read_as_the_same_range(
    block: Serial, data: st.DataObject
) -> None:
    at = data.draw(st.integers(min_value=0, max_value=len(block.raw) - 1))
    wrong = block.raw[:at] + data.draw(st.sampled_from("Ol *")) + block.raw[at + 1 :]
    if wrong != block.raw:
        assert parse(wrong) != block
