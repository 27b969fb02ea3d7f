"""What can be wrong with a law file: a stable code, where it is, and what to do, in two languages.

Codes are never reused. Their sentences are data (`lawbook/loader_faults.json`): each says what
was found, what was expected and how to mend it. They are read only when something is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

SENTENCES = Path(__file__).resolve().parent.parent / "lawbook" / "loader_faults.json"


class Fault(NamedTuple):
    """One thing wrong: its code, file, line (from 1), the facts that its sentence names; `NAME_zh`
    is what the fact `NAME` is in Chinese, where it is words."""

    code: str
    file: str
    line: int
    facts: dict[str, str]

    def sentence(self, language: str = "en") -> str:
        """The sentence in `en` or `zh` (any other language reads English)."""
        spoken = sentences()[self.code]
        told = {
            name: self.facts.get(f"{name}_{language}", fact) for name, fact in self.facts.items()
        }
        return spoken.get(language, spoken["en"]).format(**told)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence()}"


class LawbookError(ValueError):
    """A law file is refused. `faults` in the order found; never empty."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Fault code -> language -> sentence with places for facts."""
    spoken: dict[str, dict[str, str]] = json.loads(SENTENCES.read_text("utf-8"))
    return spoken
