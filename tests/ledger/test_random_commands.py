"""Random commands on the bare kernel: what must hold after each, whatever was asked.

`make test` runs some thousands; `make long` half a million.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from tests.ledger.given import LAW, SURRENDER, code, founded, furnished, given, picture, take
from tests.ledger.invariants import broken, left_a_sink
from tests.ledger.refusal_rows import LOT
from tests.ledger.traffic import Traffic

from onetonne.ledger import codec
from onetonne.ledger import commands as c
from onetonne.ledger.compliance import Figure
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Entry
from onetonne.ledger.lanes import Holding
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.roots import holdings_root, lot_leaf
from onetonne.ledger.state import State, apply
from onetonne.ledger.units import Law

NEVER = (c.Dismiss, c.Enrol, c.RegisterProject, c.Root, c.ReportEmissions)
"""Acts that the traffic leaves to the tables of single commands."""
EPISODE = 250
"""Commands on one ledger; then a new one, so that states stay small and checks whole."""


def episode(seed: int, commands: int = EPISODE) -> dict[str, int]:
    """Run one ledger's life; return how often each answer was given."""
    traffic, state = Traffic(seed), founded()
    given(*furnished(), state=state)
    journal = [codec.encode(state.entries[seq]) for seq in range(1, state.seq + 1)]
    answers: dict[str, int] = {}
    for _ in range(commands):
        request = traffic.request(state)
        before = picture(state)
        answer = decide(state, request, LAW, traffic.day)
        assert picture(state) == before, ("deciding changed the state", seed, request)
        if isinstance(answer, Refusal):
            msgspec.json.encode(answer.facts)
            assert "?" not in answer.sentence().replace("mechanism ?", ""), answer
            answers[answer.code] = answers.get(answer.code, 0) + 1
            continue
        assert not left_a_sink(state, answer), (seed, request)
        counts = dict(state.counts)
        data = codec.encode(answer)
        assert codec.decode(data) == answer
        take(state, answer, traffic.day)
        assert not broken(state), (seed, request, broken(state))
        assert all(counts[name] <= number for name, number in state.counts.items())
        journal.append(data)
        for act in {type(act).__name__ for act in request.acts}:
            answers[act] = answers.get(act, 0) + 1
    for replay in (replayed(journal, search=False), replayed(journal, search=True)):
        assert picture(replay) == picture(state), f"seed {seed}: replay differs"
    return answers


def replayed(journal: list[bytes], search: bool) -> State:
    """The state that entries alone give: no law is at hand here."""
    state = State(search)
    for data in journal:
        apply(state, codec.decode(data))
    return state


@pytest.mark.slow
def test_commands_at_random_keep_every_invariant() -> None:
    answers: dict[str, int] = {}
    acts = [kind for kind in c.BY_NAME.values() if kind not in NEVER]
    for seed in range(40):
        for name, count in episode(seed).items():
            answers[name] = answers.get(name, 0) + count
    # The traffic is worth something only while every act is among what was accepted.
    assert [kind for kind in acts if not answers.get(kind.__name__)] == []


@pytest.mark.long
def test_half_a_million_commands_at_random(
    scaled: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    episodes = scaled(2_000)
    for seed in range(1_000, 1_000 + episodes):
        episode(seed)
    record_property("commands", episodes * EPISODE)


def test_an_empty_lawbook_refuses_new_acts_and_replays_old_ones() -> None:
    traffic, state = Traffic(7), given()
    for _ in range(120):
        answer = decide(state, traffic.request(state), LAW, traffic.day)
        if isinstance(answer, Entry):
            take(state, answer, traffic.day)
    journal = [codec.encode(state.entries[seq]) for seq in range(1, state.seq + 1)]
    replay = replayed(journal, search=False)
    assert picture(replay) == picture(state)
    assert root(replay) == root(state)
    assert code(state, LOT, law=Law.empty()) == "unknown_unit"


def root(state: State) -> bytes:
    """The holdings root of a whole state."""
    return holdings_root(
        lot_leaf(lot, row.size, [h for _, h in sorted(state.lanes[lot].rows.items())])
        for lot, row in sorted(state.lots.items())
    )


def planted(state: State, lot: int, *rows: Holding) -> list[str]:
    for row in rows:
        state.lanes[lot].add(row)
    return broken(state)


def test_each_invariant_finds_its_breach() -> None:
    traffic, state = Traffic(3), given()
    while not any(not row.lifted for row in state.locks.values()):
        answer = decide(state, traffic.request(state), LAW, traffic.day)
        if isinstance(answer, Entry):
            take(state, answer, traffic.day)
    lock = next(row for row in state.locks.values() if not row.lifted)
    lot, first, next_ = lock.blocks[0]
    held = state.lanes[lot].cover(first, next_)[0]
    assert broken(state) == []
    bare = Holding(held.first, held.next, held.account, held.moved)
    assert f"lock {lock.lock} does not lie on its serials" in planted(state, lot, bare)
    longer = Holding(held.first, held.next + 1, held.account, held.moved, held.locks)
    assert any(text.startswith(f"lot {lot}") for text in planted(state, lot, longer))
    state.of["figures"][("X", "S")] = {}
    state.figures[("X", "S", "2025", "obligation")] = Figure("X", "S", "2025", "f", 1, "", 1)
    assert any("kept of it" in text for text in broken(state))
    spent = Holding(held.first, held.next, SURRENDER, held.moved, held.locks)
    assert any("counted as used" in text for text in planted(state, lot, spent))
    nobody = Holding(held.first, held.next, 4242, held.moved, held.locks)
    assert any("one of nobody" in text for text in planted(state, lot, nobody))
