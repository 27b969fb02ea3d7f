"""The pages keep their word: links resolve, targets are described, both READMEs say the same."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from onetonne.ledger import units

ROOT = Path(__file__).resolve().parent.parent

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
MAKE = re.compile(r"`(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)`")


def pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted({name for name in listed.stdout.split("\0") if name})
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def anchors(text: str) -> set[str]:
    """Anchors of a page's headings, as the usual forges make them."""
    kept = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(text))
    return {title.strip().replace(" ", "-") for title in kept}


def broken_links(page: Path) -> list[str]:
    found = []
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue  # another site: not ours to check in a test run
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            found.append(f"{page.name}: {link} leads nowhere")
        elif anchor and anchor not in anchors(target.read_text()):
            found.append(f"{page.name}: {link} names a heading that is not there")
    return found


def commands(page: Path) -> list[str]:
    """The lines of the shell blocks of a page, without comments."""
    lines = (line.partition(" #")[0].strip() for block in FENCE.findall(page.read_text())
             for line in block.splitlines())  # fmt: skip
    return [line for line in lines if line and not line.startswith("#")]


def targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text()))


def unnamed_targets(text: str) -> set[str]:
    return targets() - set(MAKE.findall(text))


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    assert broken_links(page) == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_named_targets_exist(page: Path) -> None:
    assert set(MAKE.findall(page.read_text())) - targets() == set()


def test_contributing_names_every_target() -> None:
    assert unnamed_targets((ROOT / "CONTRIBUTING.md").read_text()) == set()


def test_both_readmes_give_the_same_commands() -> None:
    english = commands(ROOT / "README.md")
    assert english[:2] == ["make demo", "make test"]
    assert commands(ROOT / "README.zh-TW.md") == english


def test_the_index_lists_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link).resolve() for link in LINK.findall(index.read_text())}
    pages_ = {*index.parent.glob("*.md"), *index.parent.glob("reference/*.md")} - {index}
    assert {str(page) for page in pages_ - linked} == set()


def test_every_act_has_its_word_in_the_glossary() -> None:
    terms = (ROOT / "docs" / "glossary.md").read_text().lower()
    words = {"issue": "issuance", "retire": "retirement", "cancel": "cancellation"}
    words |= {"convert": "conversion", "correct": "correction", "admit": "admission"}
    words |= {"observe": "observation", "propose": "proposal", "approve": "approval"}
    acts = get_args(units.Act)
    assert [act for act in acts if words.get(act, act) not in terms] == []


def test_every_decision_is_listed_under_its_number() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    listed = re.findall(
        r"^\| \[(\d+)\]\(([^)]+)\)", (folder / "README.md").read_text(), re.MULTILINE
    )
    # A number is given once; one that was kept for a record that never came stays empty.
    assert listed == [(str(int(path.name[:4])), path.name) for path in records]
    assert len({path.name[:5] for path in records}) == len(records)
    for path in records:
        assert path.read_text().startswith(f"# {int(path.name[:4])}. ")


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](gone.md) [b](#two) [c](#one) [d](page.md) [e](https://e.org/x)\n")
    assert [fault.split()[1] for fault in broken_links(page)] == ["gone.md", "#two"]


def test_an_unnamed_target_is_seen() -> None:
    assert "setup" not in unnamed_targets("run `make setup`, or `PYTHON=x make lint`")
    assert "setup" in unnamed_targets("run make test and `make lint`")


def test_a_command_in_one_readme_only_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\nmake demo  # a show\n\nmake play\n```\n")
    assert commands(page) == ["make demo", "make play"]
