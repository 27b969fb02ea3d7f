"""The page on adding a system says what the loader takes: its example compiles, no verb lacks."""

from __future__ import annotations

import re
from pathlib import Path

from tests.rules.cases import KEYS, ask

from onetonne.rules.judge import judge
from onetonne.rules.verbs import VERBS
from onetonne.store.jurisdictions import compile_files, load_lawbook, read_law

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "law-engine.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_example_of_a_system_and_its_cases_hold(tmp_path: Path) -> None:
    law, cases = tmp_path / "law.yaml", tmp_path / "cases.yaml"
    law.write_text(BLOCKS[0])
    cases.write_text(BLOCKS[-1])
    book, text = compile_files([law], load_lawbook()), read_law(cases, cases=True).value
    for told in text["cases"]:
        (verdict,) = judge(book, ask(text, told))
        assert (verdict.result, verdict.failed) == (told["expect"], tuple(told.get("fails", ())))
        assert verdict.quantity == told.get("qty", 0)


def test_every_verb_is_on_the_page_and_every_key_of_a_case() -> None:
    text = PAGE.read_text("utf-8")
    verbs = text[text.index("\n### Tests") : text.index("\n## The cases")]
    assert set(re.findall(r"^\| `(\w+)` \|", verbs, re.MULTILINE)) == set(VERBS)
    assert all(f"`{key}`" in text or f"{key}:" in text for key in KEYS)
