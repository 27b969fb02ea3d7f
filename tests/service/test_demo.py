"""The demo tells its nine journeys, and every command that it prints to paste really works."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from onetonne.service.demo import ABROAD, FOLDER, Demo, demo
from onetonne.service.ledger import Ledger
from onetonne.service.scenario import Scenario
from onetonne.service.telling import WIDTH, wrap

BASH = shutil.which("bash") or "bash"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Demo, list[str]]:
    lines: list[str] = []
    done = demo(lines.append, "en", tmp_path_factory.mktemp("demo") / "ledger here")
    return done, lines


def test_it_goes_as_its_story_says(told: tuple[Demo, list[str]]) -> None:
    done, lines = told
    assert done.ok, done.differences
    text = "\n".join(lines)
    for chapter in range(1, 10):
        assert f"\n{chapter}. " in text
    assert len(re.findall(r"refused, [a-z_]+:", text)) >= 8
    assert "illustrative" in text
    assert (
        sum(row.quantity for row in done.holdings) == 500 + 200 + 100_000 + 700 + 700 + 1000 + 600
    )
    assert len(done.commands) == 8
    assert [(a.party, a.year, a.basis, a.quantity) for a in done.adjustments] == [
        ("CH", 2025, "use", 1916),
        ("GH", 2024, "first_transfer", 11733),
        ("GY", 2021, "first_transfer", 15840000),
        ("MM", 2022, "first_transfer", 58091),
        ("TH", 2022, "first_transfer", 1916),
    ]


def test_what_is_real_and_what_is_not_is_said_in_each_journey_abroad() -> None:
    steps = Scenario(ABROAD).steps
    told = [step.frame.says for step in steps if step.frame.chapter]
    assert len(told) == 4
    for says in told:
        assert says is not None
        assert says.en.startswith("Real: ")
        assert "source" in says.en or "briefing" in says.en
        assert "Illustrative: " in says.en
        assert says.zh.startswith("真實：")
        assert "示例：" in says.zh


def test_both_languages_tell_the_same(tmp_path: Path, told: tuple[Demo, list[str]]) -> None:
    lines: list[str] = []
    done = demo(lines.append, "zh-TW", tmp_path / "l")
    assert done.ok
    for english, chinese in (("accepted, entry", "接受，條目"), ("refused, ", "拒絕，")):
        said = [line.strip().startswith(english) for line in told[1]]
        assert sum(said) == sum(line.strip().startswith(chinese) for line in lines) > 5


@pytest.mark.slow
def test_each_command_to_paste_works(told: tuple[Demo, list[str]], tmp_path: Path) -> None:
    """As pasted: one after the other into one shell."""
    done, lines = told
    script = "\n".join(f"{paste.line}\necho EXIT $?" for paste in done.commands)
    ran = subprocess.run([BASH], input=script, capture_output=True, text=True, cwd=tmp_path)
    exits = [int(code) for code in re.findall(r"^EXIT (\d+)$", ran.stdout, re.MULTILINE)]
    assert exits == [paste.code for paste in done.commands], ran.stdout + ran.stderr
    parts = re.split(r"^EXIT \d+$", ran.stdout, flags=re.MULTILINE)
    refused, passport, spoilt, history, find, abroad, chart, letter = parts[:8]
    assert "961" in refused
    assert "holds" in passport
    assert "does not hold" in spoilt
    assert "TCER-2024-6" in history
    assert "90001" in find
    assert "15,911,740 units first transferred" in abroad
    assert "guyana.svg" in chart
    assert "letter.html" in letter
    for paste in done.commands:
        assert f"  {paste.line}" in lines


def test_the_certificate_command_works(told: tuple[Demo, list[str]], tmp_path: Path) -> None:
    line = told[0].certificate
    ran = subprocess.run([BASH, "-c", line], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_its_ledger_opens_and_goes_on(tmp_path: Path) -> None:
    done = demo(lambda line: None, "en", tmp_path / "l")
    with Ledger.open(done.folder) as ledger:
        before = ledger.db.query("SELECT at FROM head")[0][0]
        ledger.publish()
        assert str(ledger.verifier()) == done.key
        assert before < 1_800_000_000_000_000


def test_an_earlier_demo_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = demo(lambda line: None)
    assert Path(first.folder) == tmp_path / FOLDER
    kept = (tmp_path / FOLDER / "key").read_bytes()
    second = demo(lambda line: None)
    assert second.folder != first.folder
    assert (tmp_path / FOLDER / "key").read_bytes() == kept
    shutil.rmtree(second.folder)


@pytest.mark.parametrize(
    "text",
    [
        "one two three " * 20,
        "一二三四五六七八九十，「甲」、乙。" * 12,
        "序號 1-500 之核發:" * 15,
        "x" * 300,
    ],
)
def test_wrapping_loses_no_character(text: str) -> None:
    lines = wrap(text)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert not any(line[0] in ",。;:、」" for line in lines)
    assert all(len(line) <= WIDTH for line in lines) or " " not in text
