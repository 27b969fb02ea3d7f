"""The page on scenario files names every key there is, and its example plays."""

import re
from pathlib import Path

import msgspec
import pytest

from onetonne.ledger.commands import BY_NAME
from onetonne.service.expect import QUESTIONS
from onetonne.service.play import play
from onetonne.service.scenario import DEEDS, FRAME, Story
from onetonne.service.steps import STEPS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "scenarios.md"


def acts_table() -> str:
    """The table of acts, as the page must have it."""
    rows = ["| act | fields |", "| --- | --- |"]
    for name, act in sorted(BY_NAME.items()):
        fields = ", ".join(f"`{field.name}`" for field in msgspec.structs.fields(act))
        rows.append(f"| `{name}` | {fields} |")
    return "\n".join(rows)


def first_cells(text: str) -> set[str]:
    """Codes in the first column of the page's tables."""
    cells = re.findall(r"^\| (.+?) \|", text, re.MULTILINE)
    return {code for cell in cells for code in re.findall(r"`([^`]+)`", cell)}


def test_the_page_lists_every_act_with_its_fields() -> None:
    assert acts_table() in PAGE.read_text()


def test_the_page_names_every_key_and_no_other() -> None:
    head = {field.name for field in msgspec.structs.fields(Story)}
    assert first_cells(PAGE.read_text()) == {*head, *FRAME, *DEEDS, *QUESTIONS, *BY_NAME}


def test_every_deed_is_played() -> None:
    assert set(DEEDS) == {"basket", *STEPS}


def test_the_example_plays(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    file = tmp_path / "example.yaml"
    file.write_text(example)
    report = play([file])
    assert report.ok, report.differences


@pytest.mark.parametrize("word", ["`refused`", "`balances`", "`together`"])
def test_a_key_that_is_left_out_is_seen(word: str) -> None:
    text = PAGE.read_text().replace(f"| {word} |", "| - |")
    assert word.strip("`") not in first_cells(text)
