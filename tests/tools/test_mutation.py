"""The mutation score counts what it should: survivors and untested code against us."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "tools" / "mutation.py"
spec = importlib.util.spec_from_file_location("mutation", SOURCE)
assert spec is not None
assert spec.loader is not None
mutation = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mutation)


def test_survivors_and_untested_code_count_against_us(tmp_path: Path) -> None:
    codes = {"killed": 1, "hung": -24, "survived": 0, "unreached": 33, "left out": None}
    (tmp_path / "a.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    found = mutation.verdicts(tmp_path)
    assert found == codes
    assert mutation.judge(found) == (4, ["survived"], ["unreached"])
