"""The lawbook loader: the shipped law is whole and in step; each fault is refused where it is."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import date
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.test_jurisdictions import OF_SYSTEMS

from onetonne.base.serial_grammars import GRAMMARS
from onetonne.ledger.units import Law
from onetonne.store import lawbook
from onetonne.store.lawbook import compile_lawbook, compiled_text, load_law
from onetonne.store.lawbook_faults import Fault, LawbookError, sentences
from onetonne.store.strict_yaml import read_document
from tools import law_schema, units_page

ROW = """\
units:
  ABC:
    names: {en: Sample credit, zh: 樣本額度}
    family: domestic_credit
    activity: either
    programme: Sample
    issuer: Authority
    jurisdiction: NO
    acts: [issue, transfer, retire]
    sinks: [retirement]
    needs: [vintage]
    citation: {instrument: Sample Act, provision: article 1}
    confidence: high
"""

RULE = """\
conversions:
  CER-ABC:
    names: {en: Sample conversion, zh: 樣本轉換}
    sources: [CER]
    target: EUA
    ratio: 9/10
    citation: {instrument: Sample Act, provision: article 2}
    confidence: low
"""


POLICY = """\
policies:
  what_if:
    names: {en: What holds, zh: 何者為準}
    values: [A, B]
    others: [count]
    because: {en: A is older, zh: A 較早}
    citation: {instrument: Sample Act, provision: article 3}
    confidence: low
"""
SPOILERS = st.sampled_from([b": ", b"- ", b"\n", b"  ", b"{", b"]", b"'", b"#", b"!", b"&a ", b"%"])


def refused(tmp_path: Path, text: str | bytes) -> list[Fault]:
    path = tmp_path / "law.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(LawbookError) as caught:
        load_law([path])
    assert str(caught.value).startswith(f"{path}:")
    return list(caught.value.faults)


def replaced(old: str, new: str, text: str = ROW) -> str:
    assert old in text
    return text.replace(old, new)


# the law file, the code of the fault, its line, a word that the sentence must contain
PLANTED: list[tuple[str, str | bytes, str, int, str]] = [
    ("unknown table", "unit:\n  A: {}\n", "UNKNOWN_TABLE", 1, "units"),
    ("unknown key", ROW + "    colour: green\n", "UNKNOWN_KEY", 14, "colour"),
    ("unknown key within", replaced("zh: 樣本額度", "zh: 樣本, fr: x"), "UNKNOWN_KEY", 3, "en, zh"),
    ("code as key", ROW + "    code: XYZ\n", "UNKNOWN_KEY", 14, "code"),
    ("no citation", re.sub(" +citation.*\n", "", ROW), "MISSING_CITATION", 2, "source"),
    (
        "half a citation",
        replaced(", provision: article 1", ""),
        "MISSING_CITATION",
        12,
        "provision",
    ),
    ("no names", re.sub(" +names.*\n", "", ROW), "MISSING_NAME", 2, "zh"),
    ("no answer", replaced("[A, B]", "[]", POLICY), "WRONG_TYPE", 4, "values"),
    ("no kind of answer", replaced("[count]", "[tea]", POLICY), "UNKNOWN_VALUE", 5, "share"),
    ("no reason in Chinese", replaced("A 較早", "older", POLICY), "NOT_IN_LANGUAGE", 6, "zh"),
    ("no Chinese", replaced(", zh: 樣本額度", ""), "MISSING_NAME", 3, "names.zh"),
    ("no English", replaced("en: Sample credit, ", ""), "MISSING_NAME", 3, "names.en"),
    ("Chinese in English", replaced("zh: 樣本額度", "zh: Sample"), "NOT_IN_LANGUAGE", 3, "zh"),
    ("English in Chinese", replaced("en: Sample credit", "en: 樣本"), "NOT_IN_LANGUAGE", 3, "en"),
    ("missing key", replaced("    confidence: high\n", ""), "MISSING_KEY", 2, "confidence"),
    ("a float", ROW + "    quantum: 5.0\n", "FLOAT", 14, "5.0"),
    ("a float by exponent", ROW + "    quantum: 1e3\n", "FLOAT", 14, "1e3"),
    ("a point alone", ROW + "    quantum: .5\n", "FLOAT", 14, ".5"),
    ("leading zero", replaced("programme: Sample", "programme: 012"), "NUMBER", 6, "012"),
    ("sexagesimal", replaced("programme: Sample", "programme: 12:30"), "NUMBER", 6, "12:30"),
    ("hexadecimal", replaced("programme: Sample", "programme: 0x1F"), "NUMBER", 6, "0x1F"),
    ("underscore", ROW + "    quantum: 1_000\n", "NUMBER", 14, "1_000"),
    ("infinity", ROW + "    quantum: .inf\n", "NUMBER", 14, ".inf"),
    ("past 64 bits", ROW + "    quantum: 9999999999999999999\n", "NUMBER", 14, "9999"),
    ("number for text", replaced("programme: Sample", "programme: 12"), "WRONG_TYPE", 6, "str"),
    ("boolean for text", replaced("programme: Sample", "programme: true"), "WRONG_TYPE", 6, "str"),
    ("text for number", ROW + "    quantum: many\n", "WRONG_TYPE", 14, "int"),
    ("quoted number", ROW + '    quantum: "1"\n', "WRONG_TYPE", 14, "int"),
    ("list for text", replaced("programme: Sample", "programme: [a]"), "WRONG_TYPE", 6, "str"),
    ("word for list", replaced("[vintage]", "vintage"), "WRONG_TYPE", 11, "array"),
    ("list for row", "units:\n  ABC: [a]\n", "NOT_A_MAPPING", 2, "mapping"),
    ("list for table", "units: [ABC]\n", "NOT_A_MAPPING", 1, "mapping"),
    ("list for file", "- units\n", "NOT_A_MAPPING", 1, "mapping"),
    ("empty file", "# nothing\n", "NOT_A_MAPPING", 1, "mapping"),
    ("unknown family", replaced("domestic_credit", "credit"), "UNKNOWN_VALUE", 4, "allowance"),
    ("unknown activity", replaced("either", "both"), "UNKNOWN_VALUE", 5, "removal"),
    ("unknown act", replaced("[issue, ", "[mint, "), "UNKNOWN_VALUE", 9, "mint"),
    ("unknown fact", replaced("[vintage]", "[colour]"), "UNKNOWN_VALUE", 11, "colour"),
    ("unknown confidence", replaced("high", "sure"), "UNKNOWN_VALUE", 13, "medium"),
    ("unknown sink", replaced("[retirement]", "[retirement, sea]"), "UNKNOWN_VALUE", 10, "omge"),
    ("unknown profile", ROW + "    serial_profile: vera\n", "UNKNOWN_VALUE", 14, "gold-standard"),
    ("unknown metric", ROW + "    metric: kWh\n", "UNKNOWN_VALUE", 14, "MWh"),
    ("key twice", ROW + "    activity: removal\n", "KEY_TWICE", 14, "line 5"),
    ("code twice in a file", ROW + ROW[7:], "KEY_TWICE", 14, "ABC"),
    ("code of the lawbook", replaced("ABC", "EUA"), "CODE_TWICE", 2, "shipped"),
    ("act twice", replaced("[issue, ", "[issue, issue, "), "ITEM_TWICE", 9, "issue"),
    ("bad code", replaced("ABC", "A/C"), "BAD_CODE", 2, "A/C"),
    ("endless code", replaced("ABC", "A" * 41), "BAD_CODE", 2, "39"),
    ("zero quantum", ROW + "    quantum: 0\n", "NOT_POSITIVE", 14, "quantum"),
    (
        "dates reversed",
        ROW + "    since: 2020-01-02\n    until: 2020-01-01\n",
        "DATES_REVERSED",
        15,
        "2020-01-02",
    ),
    ("no day", ROW + "    since: 2020-02-30\n", "WRONG_TYPE", 14, "since"),
    ("a year only", ROW + "    since: 2020\n", "WRONG_TYPE", 14, "since"),
    ("act without sink", replaced("[retirement]", "[]"), "ACT_WITHOUT_SINK", 10, "retirement"),
    ("cancel without kind", replaced("retire]", "retire, cancel]"), "ACT_WITHOUT_SINK", 10, "omge"),
    ("sink without act", replaced(", retire]", "]"), "SINK_WITHOUT_ACT", 10, "retire"),
    (
        "kind without cancel",
        replaced("[retirement]", "[retirement, omge]"),
        "SINK_WITHOUT_ACT",
        10,
        "cancel",
    ),
    ("null", replaced("either", "null"), "EMPTY", 5, "null"),
    ("nothing", replaced("either", ""), "EMPTY", 5, "empty"),
    ("blank text", replaced("programme: Sample", 'programme: " "'), "EMPTY", 6, "empty"),
    ("alias", replaced("[vintage]", "&n [vintage]"), "ALIAS", 11, "anchors"),
    ("tag", replaced("either", "!!str either"), "TAG", 5, "tag"),
    ("merge key", replaced("    family", "    <<: {a: b}\n    family"), "BAD_KEY", 4, "key"),
    ("second document", ROW + "---\na: b\n", "SECOND_DOCUMENT", 14, "second"),
    ("not YAML", "units: [\n", "NOT_YAML", 2, "YAML"),
    ("tab", "units:\n\tABC: x\n", "NOT_YAML", 2, "YAML"),
    ("control character", "units:\n  A: \x07\n", "NOT_YAML", 1, "YAML"),
    ("not UTF-8", b"units:\n  A: \xff\n", "NOT_UTF8", 2, "UTF-8"),
    ("too deep", "units: " + "[" * 3000, "TOO_DEEP", 1, "12"),
    ("too large", "#" * 1_000_001, "TOO_LARGE", 1, "1000000"),
    ("ratio as number", replaced("9/10", "1", RULE), "WRONG_TYPE", 6, "1/1"),
    ("ratio as float", replaced("9/10", "0.9", RULE), "FLOAT", 6, "1/20"),
    ("ratio of nothing", replaced("9/10", "0/1", RULE), "WRONG_TYPE", 6, "ratio"),
    ("unknown source", replaced("[CER]", "[CERX]", RULE), "UNKNOWN_UNIT", 4, "CERX"),
    ("unknown target", replaced("EUA", "EUX", RULE), "UNKNOWN_UNIT", 5, "EUX"),
    ("source kept whole", replaced("[CER]", "[UKA]", RULE), "NOT_CONVERTIBLE", 4, "UKA"),
    ("to itself", replaced("EUA", "CER", RULE), "CYCLE", 2, "CER > CER"),
    (
        "unknown required fact",
        RULE + "    requires: {colour: green}\n",
        "UNKNOWN_VALUE",
        9,
        "commitment_period",
    ),
    ("unquoted period", RULE + "    requires: {commitment_period: 1}\n", "WRONG_TYPE", 9, "str"),
]


@pytest.mark.parametrize(
    ("text", "code", "line", "word"),
    [case[1:] for case in PLANTED],
    ids=[case[0].replace(" ", "-") for case in PLANTED],
)
def test_a_planted_fault_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, code: str, line: int, word: str
) -> None:
    faults = refused(tmp_path, text)
    assert [(fault.code, fault.line) for fault in faults] == [(code, line)]
    assert word in faults[0].sentence()
    assert re.search(r"[\u4e00-\u9fff]", faults[0].sentence("zh"))


def test_every_fault_has_a_planted_file_and_says_it_in_both_languages() -> None:
    planted = {case[2] for case in PLANTED} | {"NOT_READABLE"} | OF_SYSTEMS
    assert planted == set(sentences())
    for spoken in sentences().values():
        assert set(spoken) == {"en", "zh"}
        places = [set(re.findall(r"\{\w+\}", text)) for text in spoken.values()]
        assert places[0] == places[1]


def test_all_rows_with_faults_are_named_at_once(tmp_path: Path) -> None:
    other = replaced("ABC", "DEF").removeprefix("units:\n").replace("high", "sure")
    faults = refused(tmp_path, replaced("either", "both") + other)
    assert [(fault.code, fault.line) for fault in faults] == [
        ("UNKNOWN_VALUE", 5),
        ("UNKNOWN_VALUE", 25),
    ]


def test_a_circle_through_several_types_and_files_is_found(tmp_path: Path) -> None:
    middle = (
        replaced("ABC", "MID").replace("retire]", "convert]").replace("retirement", "conversion")
    )
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(middle + replaced("target: EUA", "target: MID", RULE))
    second.write_text(
        replaced("CER-ABC", "MID-CER", RULE)
        .replace("[CER]", "[MID]")
        .replace("target: EUA", "target: CER")
    )
    with pytest.raises(LawbookError) as caught:
        load_law([first, second])
    (fault,) = caught.value.faults
    assert (fault.code, fault.file, fault.line) == ("CYCLE", str(second), 2)
    assert fault.facts["path"] == "MID > CER > MID"
    assert load_law([first]).conversions["CER-ABC"].target == "MID"


def test_the_same_code_in_two_files_names_the_first(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(ROW)
    second.write_text("# a line more\n" + ROW)
    with pytest.raises(LawbookError) as caught:
        load_law([first, second])
    (fault,) = caught.value.faults
    assert (fault.code, fault.line) == ("CODE_TWICE", 3)
    assert f"{first}:2" in fault.sentence()


def test_words_that_other_readers_turn_into_truth_stay_words() -> None:
    text = b"a: {x: NO, y: on, z: Off, t: yes, d: 2015-03-31, q: '012', n: 0, b: false}"
    read = read_document("law.yaml", text).value
    assert read["a"] == {
        "x": "NO",
        "y": "on",
        "z": "Off",
        "t": "yes",
        "d": "2015-03-31",
        "q": "012",
        "n": 0,
        "b": False,
    }


def test_a_law_of_ones_own_is_added_and_changes_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "law.yaml"
    path.write_text(ROW + RULE)
    law = load_law([path])
    assert law.units["ABC"].jurisdiction == "NO"
    assert law.conversions["CER-ABC"].ratio == Fraction(9, 10)
    assert law.units["EUA"] == load_law().units["EUA"]
    assert law.digest != load_law().digest


def test_the_shipped_law_compiles_and_the_compiled_file_is_in_step() -> None:
    law = compile_lawbook()
    assert lawbook.COMPILED.read_bytes() == compiled_text(law), (
        "run: python -m onetonne.store.lawbook"
    )
    assert msgspec.structs.replace(load_law(), hub=None) == law


def test_the_schema_for_editors_is_in_step() -> None:
    assert law_schema.SCHEMA.read_bytes() == law_schema.schema_text(), (
        "run: python tools/law_schema.py"
    )


def test_a_stale_compiled_file_would_be_noticed(tmp_path: Path) -> None:
    home = tmp_path / "lawbook"
    for path in [*lawbook.HOME.glob("units/*.yaml"), *lawbook.HOME.glob("acts/*.yaml")]:
        copy = home / path.relative_to(lawbook.HOME)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text().replace("2015-03-31", "2015-04-01"))
    assert compiled_text(compile_lawbook(home)) != lawbook.COMPILED.read_bytes()


def test_the_page_of_unit_types_is_in_step() -> None:
    assert units_page.PAGE.read_text("utf-8") == units_page.page(load_law()), (
        "run: python tools/units_page.py"
    )


NAMED = set(
    """
    EUA EUAA UKA CHU KAU CEA NZU CCA QC-allowance WA-allowance RGGI-allowance PTBAE-PU SMC
    CER ERU AAU RMU tCER lCER A6.4ER KOC KCU i-KCU CCER J-CREDIT JCM ARBOC QC-OFFSET WA-OFFSET
    RGGI-OFFSET CCI ACCU SPE-GRK T-VER T-VER-PREMIUM VCU GS-VER ACR CAR TREES CORC TCER VER-TW
    CRCF-PERMANENT CRCF-FARMING CRCF-PRODUCT CRCF-SOIL GX_ALLOWANCE GCC
    """.split()
)


def test_the_types_that_the_field_names_are_there() -> None:
    assert not NAMED - set(load_law().units)


@pytest.mark.parametrize("status", ["AER", "MCU", "ITMO", "ICC"])
def test_a_status_is_no_unit_type(status: str) -> None:
    assert status not in load_law().units


def test_every_row_has_both_names_a_source_and_its_own_code() -> None:
    law = load_law()
    rows = [(code, row) for table in lawbook.TABLES for code, row in getattr(law, table).items()]
    assert len(rows) > 100
    for code, row in rows:
        assert row.code == code
        assert row.names.en.strip()
        assert re.search(r"[\u4e00-\u9fff]", row.names.zh)
        assert row.citation.instrument.strip()
        assert row.citation.provision.strip()


def test_chinese_names_are_traditional() -> None:
    simplified = set("汇额减证书认专业务单华国际储备转换发权标签导则规划岛亚韩东联单验项")
    law = load_law()
    for table in lawbook.TABLES:
        for row in getattr(law, table).values():
            assert not simplified & set(row.names.zh), row.code


def test_what_is_unsettled_says_so() -> None:
    law = load_law()
    assert all(rule.confidence == "low" for rule in law.conversions.values() if rule.illustrative)
    assert {"VOLUNTARY-TCER", "VOLUNTARY-SPE"} <= {
        code for code, rule in law.conversions.items() if rule.illustrative
    }
    assert all(law.units[code].confidence == "low" for code in ("VER-TW", "UK_REMOVAL_ALLOWANCE"))


@pytest.mark.parametrize(
    ("code", "last"),
    [
        ("CER-EUA-CP1", date(2015, 3, 31)),
        ("ERU-EUA-CP1", date(2015, 3, 31)),
        ("CER-EUAA-CP2", date(2021, 4, 30)),
        ("ERU-EUAA-CP2", date(2021, 4, 30)),
    ],
)
def test_the_last_days_of_the_exchange_of_kyoto_units(code: str, last: date) -> None:
    rule = load_law().conversions[code]
    assert rule.ratio == 1
    assert rule.open_on(last)
    assert not rule.open_on(date.fromordinal(last.toordinal() + 1))
    assert rule.requires == {"commitment_period": code[-1]}


def test_only_kcu_is_surrendered_in_korea_and_no_temporary_cer_anywhere() -> None:
    units = load_law().units
    assert "surrender" not in units["KOC"].acts
    assert {"surrender"} <= units["KCU"].acts & units["i-KCU"].acts & units["KAU"].acts
    assert "surrender" not in units["tCER"].acts | units["lCER"].acts
    assert "transfer" not in units["CCI"].acts


def test_serials_are_read_by_grammars_that_exist() -> None:
    known = {grammar.registry for grammar in GRAMMARS} | {"own", "opaque"}
    units = load_law().units
    assert {unit.serial_profile for unit in units.values()} <= known
    assert units["VCU"].serial_profile == "verra"
    assert units["RMU"].serial_profile == "itl"


def test_a_start_parses_no_yaml_and_takes_little_time() -> None:
    probe = (
        "import sys; from onetonne.store import lawbook;"
        "lawbook.load_law(); sys.exit('ruamel.yaml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        load_law()
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.05


def test_compiling_from_the_command_line_says_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lawbook, "COMPILED", tmp_path / "compiled.json")
    assert lawbook.main() == 0
    assert load_law().digest in capsys.readouterr().out
    assert (tmp_path / "compiled.json").read_bytes() == compiled_text(load_law())


def test_a_refused_lawbook_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> Law:
        raise LawbookError([Fault("ALIAS", "a.yaml", 7, {})])

    monkeypatch.setattr(lawbook, "COMPILED", tmp_path / "compiled.json")
    monkeypatch.setattr(lawbook, "compile_lawbook", refuse)
    assert lawbook.main() == 1
    assert capsys.readouterr().err.startswith("a.yaml:7: ")
    assert not (tmp_path / "compiled.json").exists()


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(LawbookError) as caught:
        load_law([tmp_path / name])
    assert [fault.code for fault in caught.value.faults] == ["NOT_READABLE"]


@given(data=st.data())
def test_a_spoilt_file_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    text = (ROW + RULE).encode()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        drop = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.binary(max_size=4) | SPOILERS) + text[at + drop :]
    outcome: Law | LawbookError
    try:
        document = read_document("law.yaml", text)
        outcome = lawbook.compile_documents([document], load_law())
    except LawbookError as refusal:
        outcome = refusal
    if isinstance(outcome, Law):
        assert outcome.units.keys() >= load_law().units.keys()
    else:
        assert all(fault.line > 0 and fault.sentence() for fault in outcome.faults)
