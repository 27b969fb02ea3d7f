"""Scenario files play as written, and each thing that can be wrong with one is named."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onetonne.ledger.commands import BY_NAME
from onetonne.ledger.refusals import CODES
from onetonne.service.play import Report, Told, play
from onetonne.service.scenario import Scenario
from onetonne.service.stage import Stage
from onetonne.service.steps import agrees
from onetonne.store.lawbook import load_law

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "src/onetonne/scenarios").glob("*.yaml"))
ACCEPTANCE = sorted((ROOT / "tests/scenarios").rglob("*.yaml"))

HEAD = """
scenario: {en: A trial, zh: 試驗}
people:
  mei: [registrar, authority]
  ann: [agent]
accounts:
  solar: {party: TW, agents: [ann]}
  buyer: {}
projects:
  TW-001: {party: TW}
steps:
- issue: {unit: TCER, quantity: 100, to: solar, project: TW-001, vintage: 2024, activity: reduction}
  name: spring
"""


def played(tmp_path: Path, steps: str, head: str = HEAD) -> Report:
    file = tmp_path / "trial.yaml"
    file.write_text(head + steps)
    return play([file])


def only(report: Report) -> str:
    assert not report.ok
    (difference,) = report.differences
    return str(difference).rpartition("trial.yaml")[2]


@pytest.mark.parametrize("path", SHIPPED + ACCEPTANCE, ids=lambda path: path.stem)
def test_scenario_goes_as_written(path: Path) -> None:
    told: list[Told] = []
    report = play([path], told.append)
    assert report.ok, "\n".join(map(str, report.differences))
    assert report.steps == len(told) > 0


@pytest.mark.postgres
@pytest.mark.parametrize("path", SHIPPED + ACCEPTANCE, ids=lambda path: path.stem)
def test_scenario_goes_the_same_on_postgresql(path: Path, postgres_url: str) -> None:
    from onetonne.store.postgres import Postgres

    report = play([path], engine=lambda: Postgres(postgres_url, create=True))
    assert report.ok, "\n".join(map(str, report.differences))


@pytest.mark.slow
def test_every_act_and_refusal_stands_in_a_scenario() -> None:
    """The scenarios are the acceptance list: a new act or code without one is noticed."""
    refused: set[str] = set()
    acted: set[str] = set()

    def note(told: Told) -> None:
        deeds = told.step.body if told.step.deed in ("together", "basket") else [told.step.deed]
        acted.update(key for deed in deeds for key in ([deed] if isinstance(deed, str) else deed))
        refused.update(answer.refusal.code for answer in told.answers if answer.refusal)

    assert play(SHIPPED + ACCEPTANCE, note).ok
    assert set(BY_NAME) - acted == {"root"}, "journaled by the ledger itself, with each passport"
    assert set(CODES) - refused == BEYOND_A_SCENARIO


BEYOND_A_SCENARIO = {
    "too_many_items",  # hundreds of items: tests of the kernel make them
    "too_fragmented",
    "entry_too_large",
    "missing_beneficiary",  # an empty text cannot be written in a scenario
    "nothing_to_convert",  # every shipped rule converts one to one
}


# What is expected and not found is a difference with its line.
DIFFERENCES = {
    "- expect: {balances: {solar: 99}}": ":14: step 2: expected balances of solar 99; found 100",
    "- expect: {balances: {solar: {spring: 1}}}": "found {'spring': 100}",
    "- expect: {holds: {solar: [spring 1-99]}}": "found ['spring 1-100']",
    "- expect: {status: {spring: {held: 100, retirement: 1}}}": "found {'held': 100}",
    "- expect: {issued: {TCER: 1}}": "found 100",
    "- expect: {locked: {solar: 1}}": "found 0",
    "- expect: {open: {solar: false}}": "found True",
    "- expect: {open: {solar: 1}}": "found True",
    "- expect: {counts: {lots: true}}": "found 1",
    "- expect: {labels: {spring: [ccp yes 1-100]}}": "found []",
    "- expect: {counts: {lots: 2}}": "found 1",
    "- transfer: {from: solar, to: buyer, items: [{spring: 101}]}": (
        ":14: step 2: expected an entry; found refusal not_enough_free"
    ),
    "- {transfer: {from: solar, to: buyer, items: [{spring: 1}]}, refused: locked}": (
        "expected refusal locked; found entry 7"
    ),
    "- {transfer: {from: solar, to: buyer, items: [{spring: 101}]}, refused: locked}": (
        "expected refusal locked; found refusal not_enough_free"
    ),
    "- transfer: {from: solar, to: buyer, items: [{spring: 101}]}\n"
    "  refused: not_enough_free\n  facts: {free: 7}": "expected free 7; found free 100",
    "- transfer: {from: solar, to: buyer, items: [{spring: 101}]}\n"
    "  refused: not_enough_free\n  facts: {fre: None}": "expected fre None; found fre not stated",
    "- passport: {lot: spring, serials: abc}": "expected a passport; found abc is no serial number",
    "- passport: {lot: spring, serials: 0-5}": "Serials 0-5 lie outside lot 1, which has 1-100",
    "- passport: {lot: 99}": "found There is no lot 99",
    "- transfer: {from: solar, to: buyer, items: [{spring: 101}]}\n"
    "  refused: not_enough_free\n  tells: [free, beer]": "expected a refusal that says 'beer'",
}


@pytest.mark.parametrize("steps", DIFFERENCES)
def test_difference_is_named(tmp_path: Path, steps: str) -> None:
    assert DIFFERENCES[steps] in only(played(tmp_path, steps))


AGREE = (
    (5, 5, True),
    ("5", 5, True),
    (5, 6, False),
    ({"a": 1}, {"a": 1, "b": 2}, True),
    ({"a": 1, "b": 2}, {"a": 1}, False),
    ({"a": 1}, "a", False),
    ([{"a": 1}], [{"a": 1, "b": 2}], True),
    ([1], [1, 2], False),
    ([1], "1", False),
)


@pytest.mark.parametrize(("expected", "found", "agreed"), AGREE)
def test_a_fact_with_parts_agrees_where_those_named_do(
    expected: object, found: object, agreed: bool
) -> None:
    assert agrees(expected, found) is agreed


# A file that says what cannot be played is refused at its line.
FAULTS = {
    "- sell: {from: solar}": ":14: expected a scenario that can be played; found 'sell' is no act",
    "- {lift: x, approve: y}": ":14: ",
    "- transfer: {from: nobody, to: buyer, items: [{spring: 1}]}": "nothing was named 'nobody'",
    "- transfer: {from: solar, to: buyer, items: [{autumn: 1}]}": "so far: spring",
    "- transfer:\n    from: solar\n    too: buyer\n    items: [{spring: 1}]": ":16: ",
    "- {transfer: {from: solar, to: buyer, items: [{spring: 1}]}, as: eve}": "named 'eve'",
    "- transfer: {from: solar, to: buyer, items: [spring]}": "an item is written",
    "- {says: {en: Back., zh: 回到過去。}, day: 2001-01-01}": "only moves forward",
    "- expect: {colours: {solar: 1}}": "is no question",
    "- expect: {balances: {nobody: 1}}": "nothing was named 'nobody'",
    "- repeat: k1": "nothing was sent with key 'k1'",
    "- basket: [{transfer: {}, retire: {}}]": "an act is written as",
    "- {says: {en: Only one language.}}": "missing required field `zh`",
    "- {}": "a step holds one act; found none",
    "- lift: [1]": "Expected `int`, got `array`",
    "- transfer: {from: solar, to: buyer, items: 7}": "Expected `array`",
    "- approve: 1.5": "never exact",
    "- passport: {lot: spring, item: 7}": "unknown field `item`",
    "- verify: {solar: 5}": "unknown field `solar`",
    "- together: []": "length >= 1",
    "- together: [{expect: {balances: {solar: 1}}}]": "acts and baskets; found expect",
    "- together: [{says: {en: Now., zh: 現在。}}]": "acts and baskets; found none",
    "- expect: {policy: {tempo: FAST}}": "tempo is no policy",
    "- approve:": "empty",
}


@pytest.mark.parametrize("steps", FAULTS)
def test_fault_is_named(tmp_path: Path, steps: str) -> None:
    assert FAULTS[steps].lower() in only(played(tmp_path, steps)).lower()


MOVE = "transfer: {from: solar, to: buyer, items: [{spring: 1}]}"
IDLE = {
    "- {day: 2025-02-01, refused: locked}": "`refused` says nothing without an act",
    "- {expect: {balances: {solar: 100}}, refused: locked}": "`refused` says nothing in `expect`",
    "- {expect: {balances: {solar: 100}}, as: ann}": "`as` says nothing in `expect`",
    "- {verify: {}, name: audit}": "`name` says nothing in `verify`",
    "- {passport: {lot: spring}, refused: locked}": "`refused` says nothing in `passport`",
    "- {repeat: k, dry: true}": "`dry` says nothing in `repeat`",
    "- {import: {file: x.csv, register: verra}, key: k}": "`key` says nothing in `import`",
    f"- {{together: [{{{MOVE}}}], refused: locked}}": "`refused` says nothing in `together`",
    f"- together: [{{{MOVE}, day: 2025-02-01}}]": "`day` says nothing in `together`",
    f"- together: [{{{MOVE}, dry: true}}]": "`dry` says nothing in `together`",
    f"- {{{MOVE}, facts: {{free: 7}}}}": "`facts` speaks of a refusal",
    f"- {{{MOVE}, tells: [free]}}": "`tells` speaks of a refusal",
    "- expect: {}": "length >= 1",
    "- expect: {balances: {}}": "length >= 1",
    "- expect: {status: {sprng: {}}}": "nothing was named 'sprng'",
    "- expect: {issued: {TCRE: 0}}": "nothing was named 'TCRE'",
    "- expect: {adjustments: {TWW: {}}}": "nothing was named 'TWW'",
    "- expect: {taken: {bridge: []}}": "nothing was named 'bridge'",
    "- expect: {integrity: {TW 2025: {capp: none}}}": "'capp' is none of system, ",
}


@pytest.mark.parametrize("steps", IDLE)
def test_what_would_not_be_compared_is_a_fault(tmp_path: Path, steps: str) -> None:
    """Each of these would pass, whatever the ledger answers."""
    report = played(tmp_path, steps)
    assert IDLE[steps] in only(report)


HEADS = {
    "ledger: {zone: Asia/Nowhere}": "is no time zone",
    "ledger: {party: ZZ}": "is no Party",
    "ledger: {name: two words}": "is no log name",
    "ledger: {day: 1066-10-14}": "outside the years 1990 to 2199",
    "ledger: {town: Taipei}": "unknown field `town`",
    "accounts: {x: {kind: cellar}}": "cellar is no account kind",
    "people: {mei: registrar}": "Expected `array`",
    "tempo: 3": "unknown field `tempo`",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_fault_of_the_head_is_named(tmp_path: Path, head: str) -> None:
    steps = "steps: [{says: {en: A word., zh: 一句話。}}]\n"
    text = only(played(tmp_path, steps, f"scenario: {{en: A trial, zh: 試驗}}\n{head}\n"))
    assert text.startswith(":2: ")
    assert HEADS[head] in text


WORDS = ["7", "-1", "{}", "[]", "true", "x", "'1-1'", "spring", "2025-13-99", "{spring: 1}",
         "[[1]]", "null", '"a\\0b"', "{lot: 1}", "mei", "1-0"]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=20)
@given(data=st.data())
def test_a_spoilt_file_is_a_difference_and_never_a_crash(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = data.draw(st.sampled_from(SHIPPED + ACCEPTANCE))
    text = path.read_text()
    words = list(re.finditer(r"[\w.-]+", text))
    spoilt = data.draw(st.sampled_from(words))
    word = data.draw(st.sampled_from(WORDS))
    file = tmp_path_factory.mktemp("spoilt") / "trial.yaml"
    file.write_text(text[: spoilt.start()] + word + text[spoilt.end() :])
    for difference in play([file]).differences:
        assert str(difference).startswith(f"{file}:")


@pytest.mark.parametrize(
    "asked", ["room: {SG-1 XX 2025: 1}", "plan: {GH 2025: {room: 1}}", "plan: {GH x: {room: 1}}",
              "surrendered: {GH: {verdict: met}}"],
)  # fmt: skip
def test_a_question_of_nothing_that_is_there_is_a_difference(tmp_path: Path, asked: str) -> None:
    report = played(tmp_path, f"- expect: {{{asked}}}")
    assert len(report.differences) == 1
    assert report.differences[0].sentence("zh")


def test_a_difference_is_said_in_both_languages(tmp_path: Path) -> None:
    report = played(tmp_path, "- transfer: {from: solar, to: buyer, items: [{spring: 101}]}")
    chinese = report.differences[0].sentence("zh")
    assert "第 2 步：預期 an entry；實得 refusal not_enough_free: 帳戶" in chinese
    fault = played(tmp_path, "- sell: {from: solar}").differences[0]
    assert "不是行為" in fault.sentence("zh-TW")


def test_a_file_without_steps_is_a_fault(tmp_path: Path) -> None:
    assert "length >= 1" in only(played(tmp_path, "", HEAD.partition("steps:")[0] + "steps: []\n"))


def test_a_missing_file_is_a_difference(tmp_path: Path) -> None:
    report = play([tmp_path / "none.yaml"])
    assert "No such file" in str(report.differences[0])


def test_a_tampered_table_is_found_at_the_end(tmp_path: Path) -> None:
    """The audit that ends every scenario can fail."""
    file = tmp_path / "trial.yaml"
    file.write_text(HEAD)
    stage = Stage(Scenario(file), tmp_path / "ledger", load_law())
    buyer = stage.names.number("accounts", "buyer")

    def tamper(told: Told) -> None:
        sql = "UPDATE holdings SET account = ? WHERE next IS NOT NULL"
        stage.ledger.db.query(sql, (buyer,))

    stage.play(tamper)
    assert stage.differences[0].expected == "a ledger that verifies"
    stage.ledger.close()
