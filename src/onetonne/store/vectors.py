"""Test vectors as the field writes them: a YAML file of rows, judged by the table of its keys.

The table is data (`lawbook/vector_keys.json`); what a row means is in `rules.vectors`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from onetonne.rules.law import Lawbook
from onetonne.rules.vectors import Keys, Outcome, run
from onetonne.store.jurisdictions import load_lawbook, read_law
from onetonne.store.lawbook import HOME
from onetonne.store.lawbook_faults import Fault, LawbookError

KEYS = HOME / "vector_keys.json"


def vector_keys() -> Keys:
    """What each key of a row means."""
    return msgspec.json.decode(KEYS.read_bytes(), type=Keys)


def judge_vectors(path: Path, book: Lawbook | None = None) -> list[Outcome]:
    """Judge every row under `test_vectors` of a file. Raises `LawbookError` with file and line."""
    document = read_law(path, cases=True)
    rows = document.value.get("test_vectors")
    listed: list[Any] = rows if isinstance(rows, list) else [None]
    for n, row in enumerate(listed):
        if not isinstance(row, dict):
            at = ("test_vectors", n) if isinstance(rows, list) else ()
            raise LawbookError([Fault("NOT_A_MAPPING", document.file, document.line(at), {})])
    return run(book or load_lawbook(), vector_keys(), listed)


def closing(outcomes: list[Outcome]) -> str:
    """The last line: `N passed, N failed`."""
    passed = sum(outcome.passed for outcome in outcomes)
    return f"{passed} passed, {len(outcomes) - passed} failed"
