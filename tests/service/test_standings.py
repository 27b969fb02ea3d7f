"""What units were under Article 6 is told by few kinds of events, exactly as by all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import events as a6
from onetonne.ledger.state import State
from onetonne.service.ledger import Ledger
from onetonne.service.questions import asof
from onetonne.service.questions.asof import entry_day, in_effect, known_at
from onetonne.service.questions.history import history
from onetonne.service.questions.standings import TOLD_BY
from onetonne.service.scenario import Scenario
from onetonne.service.stage import Stage
from onetonne.store.lawbook import load_law

ROOT = Path(__file__).resolve().parents[2]
LAW = load_law()
FILES = sorted(
    path
    for folder in ("tests/scenarios", "src/onetonne/scenarios")
    for path in (ROOT / folder).rglob("*.yaml")
    if any(mark in path.read_text() for mark in ("authorise", "convert", "a6", "suspend"))
)


@pytest.fixture
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """The ledger of a scenario file that was played to its end."""
    stage = Stage(Scenario(request.param), tmp_path, LAW)
    with stage.ledger:
        stage.play(lambda told: None)
        yield stage.ledger


def read_by_standings(state: State) -> dict[str, Any]:
    """The tables that `Standings` reads; of an account whether it waits for forwarding."""
    return {
        "authorisations": dict(state.authorisations),
        "first_transfers": dict(state.first_transfers),
        "lots": dict(state.lots),
        "kinds": {number: row.kind for number, row in state.accounts.items()},
    }


def entries(ledger: Ledger) -> list[ev.Entry]:
    return [codec.decode(bytes(row[0])) for row in
            ledger.db.query("SELECT entry FROM journal ORDER BY seq")]  # fmt: skip


@pytest.mark.parametrize("ledger", FILES, ids=lambda path: path.stem, indirect=True)
def test_few_kinds_of_events_tell_as_much_as_all(ledger: Ledger) -> None:
    db, zone, every = ledger.db, ledger.writer.zone, entries(ledger)
    for seq in range(1, len(every) + 1):
        whole, part = known_at(db, seq), known_at(db, seq, TOLD_BY)
        assert read_by_standings(part) == read_by_standings(whole)
    for day in {entry_day(entry, zone) for entry in every}:
        for seq in {len(every), len(every) // 2 or 1}:
            whole = in_effect(db, seq, day, zone)
            part = in_effect(db, seq, day, zone, TOLD_BY)
            assert read_by_standings(part) == read_by_standings(whole)


@pytest.mark.slow
def test_the_files_hold_what_changes_a_standing(tmp_path: Path) -> None:
    seen = set[type]()
    for number, path in enumerate(FILES):
        stage = Stage(Scenario(path), tmp_path / str(number), LAW)
        with stage.ledger:
            stage.play(lambda told: None)
            seen |= {type(event) for entry in entries(stage.ledger) for event in entry.events}
    assert set(TOLD_BY) | {ev.Converted} <= seen


@pytest.mark.parametrize(
    "ledger", [ROOT / "tests/scenarios/article6/suspension.yaml"], ids=["suspension"], indirect=True
)
def test_history_decodes_no_entry_that_cannot_tell(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The past of one lot costs the bytes of the others' moves, not a replay of them."""
    read = asof._entries
    asked: list[tuple[asof.Kinds, list[bytes]]] = []

    def watched(db: Any, seq: int, kinds: asof.Kinds) -> Iterator[bytes]:
        asked.append((kinds, list(read(db, seq, kinds))))
        return iter(asked[-1][1])

    monkeypatch.setattr(asof, "_entries", watched)
    every = entries(ledger)
    first = next(event for entry in every for event in entry.events
                 if isinstance(event, a6.FirstTransferred))  # fmt: skip
    told = history(ledger, first.lot, asof=asof.AsOf(day=date(2999, 1, 1)))
    assert any(one.standing == "ITMO" for part in told.parts for one in part.standing)
    ((kinds, decoded),) = asked
    assert kinds == TOLD_BY
    assert 0 < len(decoded) < len(every)
    of = (*TOLD_BY, ev.Converted)
    for data in decoded:
        assert any(isinstance(event, of) for event in codec.decode(data).events)
