"""Play scenario files, each on a fresh ledger with a clock that the file sets.

Whatever goes otherwise than the file expects, and whatever in a file cannot be played, is a
difference with file and line, never an exception. Every file that ends well ends with an
audit: the log is published, replayed and compared with the tables.
"""

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from onetonne.service.scenario import Scenario, ScenarioFault
from onetonne.service.stage import PLAYABLE, Difference, OnStep, Stage, Told
from onetonne.store.lawbook import load_law
from onetonne.store.rows import Engine

__all__ = ["Difference", "Report", "Told", "play"]


class Report(msgspec.Struct, frozen=True):
    """What was played: files, steps that went as expected, and every difference."""

    files: tuple[str, ...]
    steps: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences


def play(
    files: Iterable[str | Path],
    on_step: OnStep | None = None,
    engine: Callable[[], Engine] | None = None,
) -> Report:
    """Play each file on a ledger of its own, in SQLite unless `engine` makes another store.

    `on_step` is told of each step as it went.
    """
    names, steps = [], 0
    differences: list[Difference] = []
    law = load_law()
    for path in files:
        names.append(str(path))
        try:
            scenario = Scenario(Path(path))
            with tempfile.TemporaryDirectory(prefix="onetonne-play-") as folder:
                stage = Stage(scenario, Path(folder), law, engine)
                try:
                    steps += stage.play(on_step or (lambda told: None))
                finally:
                    stage.ledger.close()
                differences += stage.differences
        except ScenarioFault as fault:
            differences.append(Difference(fault.file, fault.line, 0, PLAYABLE, fault.en, fault.zh))
    return Report(tuple(names), steps, tuple(differences))
