"""An answer in 繁體中文 holds none of our English codes: whole stories are played, every answer and
refusal is told, and the ledger that they leave is asked all there is to ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from tests.doors.desk import Desk

from onetonne.base.account_numbers import show
from onetonne.doors import answers
from onetonne.doors.fields import FIELDS_ZH, named
from onetonne.doors.render import Output
from onetonne.ledger.commands import Plain
from onetonne.ledger.words import NAMES_ZH, ZH, called
from onetonne.service.ledger import Ledger
from onetonne.service.scenario import Scenario
from onetonne.service.stage import Stage, Told
from onetonne.service.telling import Teller
from onetonne.store.lawbook import load_law

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "src/onetonne/scenarios").glob("*.yaml"))
STORIES = [*SHIPPED, *sorted((ROOT / "tests/scenarios/acts").glob("*.yaml"))]
STORIES += [ROOT / f"tests/scenarios/{name}.yaml"
            for name in ("compliance/acts", "article6/activity_cycle", "article6/V01")]  # fmt: skip
CODES = {code for code in ZH.keys() | NAMES_ZH.keys() if code != "ndc"}
TO_TYPE = re.compile(
    r"onetonne [a-z0-9 -]+"  # a command
    r"|--[a-z-]+( [a-z_]+)?"  # an option with its value
    r"|（[a-zA-Z0-9_、]+）"  # a code beside its word
    r"|請以 retire、cancel、surrender 或 convert"
    r"|[a-z]+:[A-Z0-9.,-]+"  # what a boundary is at: meter:GH-77
    r"|\[.*?\]"  # where the law says so
)
ECHO = ("unknown_kind", "bad_text", "first_transfer_undefined", "ndc_effect_missing",
        "ndc_effect_contradicted", "adjustment_by_hand", "act_not_permitted_for_unit",
        "contribution_without_units", "number_taken", "not_eligible", "indeterminate",
        "limit_exceeded", "limit_not_known")  # fmt: skip
"""Refusals that repeat what was typed, may be typed or stands in the law."""


def english_in(text: str, names: list[str]) -> list[str]:
    """Codes of ours in a Chinese text that are neither a name somebody gave nor to be typed."""
    text = TO_TYPE.sub(" ", text)
    for name in names:
        text = text.replace(name, " ")
    return [code for code in re.findall(r"[A-Za-z][A-Za-z0-9_-]*", text) if code in CODES]


def names_in(ledger: Ledger) -> list[str]:
    """What people called things: names and texts, longest first."""
    sql = ("SELECT text FROM openings", "SELECT project FROM projects",
           "SELECT operator FROM operators", "SELECT value FROM labels")  # fmt: skip
    found = {str(row[0]) for one in sql for row in ledger.db.query(one)}
    return sorted(found - {""}, key=len, reverse=True)


def shown(parts: list[object], capsys: pytest.CaptureFixture[str]) -> str:
    Output("zh", False).reply("", {}, [part for part in parts if part is not None])
    return capsys.readouterr().out


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_no_answer_in_chinese_is_partly_english(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    stage = Stage(Scenario(story), tmp_path / "ledger", load_law())
    ledger = stage.ledger

    def told(one: Told) -> None:
        names = names_in(ledger)
        for answer in one.answers:
            said: list[str] = []
            Teller(said.append, "zh", stage).answer(answer)
            text = shown(answers.shown(answers.tell(ledger, answer), "zh"), capsys)
            refused = answer.refusal.code if answer.refusal else ""
            if refused not in ECHO:
                text = text.replace(refused, "") if refused else text
                rest = "".join(line.strip() for line in said).replace(f"{refused}：", "")
                assert english_in(text, names) + english_in(rest, names) == [], text

    stage.play(told)
    names, lines = names_in(ledger), list(questions(ledger))
    ledger.close()
    desk = Desk()
    for line in lines:
        done = desk(*line, "--lang", "zh", "--ledger", str(tmp_path / "ledger"))
        said = done.output.replace(str(tmp_path), "")
        assert english_in(said, names) == [], (line, said)


def questions(ledger: Ledger) -> list[tuple[str, ...]]:
    """All that may be asked of a ledger, of each thing in it."""
    every: list[tuple[str, ...]] = [
        *(("holdings",), ("totals",), ("totals", "--by", "activity"), ("log", "--last", "400")),
        *(("lock", "list"), ("proposals",), ("person", "list"), ("account", "list")),
        *(("project", "list"), ("verify",), ("ets", "duties", "--all")),
        *(("a6", name) for name in (
            "list", "first-transfers", "totals", "contributions", "surrendered", "stocktake",
            "recalls", "levies", "activities")),
    ]  # fmt: skip
    for code, _ in ledger.db.query("SELECT lot, unit FROM lots"):
        every += [("history", str(code)), ("a6", "standing", str(code))]
    for (number,) in ledger.db.query("SELECT account FROM accounts WHERE sink = ''"):
        every += [("account", "show", show(number)), ("account", "statement", show(number))]
    every += [
        ("project", "show", row[0]) for row in ledger.db.query("SELECT project FROM projects")
    ]
    every += [("a6", "activity", row[0])
              for row in ledger.db.query("SELECT activity FROM activities")]  # fmt: skip
    every += [("ets", "figures", "--system", row[0])
              for row in ledger.db.query("SELECT DISTINCT system FROM figures")]  # fmt: skip
    for (party,) in ledger.db.query("SELECT DISTINCT party FROM ndcs"):
        every += [("a6", "balance", party), ("a6", "room", party)]
    return every


def test_english_in_an_answer_is_seen() -> None:
    assert english_in("901-1000 受鎖定 1（pledge 2）", []) == ["pledge"]
    assert english_in("帳戶（sink）由 Solar 持有，vintage 2025", ["Solar"]) == ["vintage"]
    assert english_in("請見：onetonne lock list。", []) == []


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (("units", "TCER"), ("retirement", "surrender", "medium", "activity,")),
        (("units",), ("retirement", "surrender")),
        (("law", "nature"), ("UNSETTLED", "PROPERTY")),
        (("law", "facts"), (" text ", " day ", " yes ", " share ")),
        (("judge", "--fact", "unit_type=VCU"), ("NOT_ELIGIBLE", "INDETERMINATE")),
        (("find", "nonsense"), ("opaque",)),
    ],
)
def test_the_lawbook_is_read_in_chinese(
    desk: Desk, line: tuple[str, ...], codes: tuple[str, ...]
) -> None:
    said = desk.ok(*line, "--lang", "zh")
    assert [code for code in codes if code in said] == []


def test_every_field_of_an_act_that_may_be_proposed_has_a_name() -> None:
    fields = {field.name for kind in get_args(Plain) for field in msgspec.structs.fields(kind)}
    as_they_are = {name for name in fields - {"items", "filed"} if named(name, "zh") == name}
    assert as_they_are == set()
    assert fields >= FIELDS_ZH.keys()
    assert {name for name in FIELDS_ZH if called(name, "zh") != name} == set()
    assert named("source", "en") == "source"


def test_a_proposal_is_told_in_chinese(desk: Desk) -> None:
    desk.ok("propose", "--until", "2999-01-01", "retire", "5", "--lot", "1", "--from", "Solar Co",
            "--for", "Buyer", "--period", "2025")  # fmt: skip
    told = desk.ok("proposals", "--lang", "zh")
    assert english_in(told, ["Mei", "Solar", "Co", "Buyer", "tw", "ledger"]) == []
    assert "自帳戶" in told
    assert "持有 995、鎖定 5" in desk.ok("holdings", "--lang", "zh")
