"""The record of the long tests holds what a reader needs, failures included."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import long_result


def report(name: str, outcome: str, when: str = "call") -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=name, location=("f", 1, name), keywords={}, outcome=outcome,  # type: ignore[arg-type]
        longrepr=None, when=when, duration=1.25, user_properties=[("commands", 100_000)],  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_record_names_each_test_and_how_it_ended(tmp_path: Path) -> None:
    reports = [
        report("a", "passed", "setup"),
        report("a", "passed"),
        report("b", "failed"),
        report("c", "failed", "setup"),
    ]
    path = long_result.write(reports, "1", tmp_path)
    head, *rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert head["share"] == "1"
    assert head["day"] in path.name
    assert [(row["test"], row["outcome"]) for row in rows] == [
        ("a", "passed"),
        ("b", "failed"),
        ("c", "failed"),
    ]
    assert rows[0]["commands"] == 100_000
