"""The tutorial's commands run in its order and answer as the page says; its scenario is the
one that is shipped.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(sh|text|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit (\d)$")


def plain(text: str) -> str:
    return " ".join(text.split())


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    here = str(Path(sys.executable).parent)
    setting = {k: v for k, v in os.environ.items() if not k.startswith("ONETONNE_")}
    setting |= {"PATH": os.pathsep.join([here, os.environ["PATH"]]), "LANG": "en", "COLUMNS": "160"}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=setting, capture_output=True, text=True
    )


def differences(page: str, folder: Path) -> list[str]:
    """Follow a page in a folder; what does not go as it says."""
    found, said = [], ""
    for kind, text in BLOCK.findall(page):
        if kind == "yaml":
            (folder / "sold_once.yaml").write_text(text)
        elif kind == "text":
            found += [f"not said: {line}" for line in text.splitlines() if plain(line) not in said]
        else:
            said = ""
            for line in text.splitlines():
                exits = EXIT.search(line)
                ran = run(EXIT.sub("", line), folder)
                said += plain(ran.stdout + ran.stderr) + " "
                if ran.returncode != int(exits[1] if exits else 0):
                    found.append(f"{line}: exit {ran.returncode}: {ran.stdout}{ran.stderr}")
    return found


@pytest.mark.slow
def test_the_tutorial_goes_as_written(tmp_path: Path) -> None:
    assert differences(PAGE.read_text(), tmp_path) == []


def test_its_scenario_is_the_shipped_one() -> None:
    shipped = (ROOT / "src/onetonne/scenarios/sold_once.yaml").read_text()
    assert [text for kind, text in BLOCK.findall(PAGE.read_text()) if kind == "yaml"] == [shipped]


def test_a_page_that_promises_too_much_is_seen(tmp_path: Path) -> None:
    page = "```sh\necho one  # exit 1\necho two\n```\n\n```text\ntwo\nthree\n```\n"
    assert differences(page, tmp_path) == ["echo one  # exit 1: exit 0: one\n", "not said: three"]
