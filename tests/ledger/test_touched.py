"""What an entry is said to touch is what it changes, over random histories."""

from __future__ import annotations

from tests.ledger.given import LAW, given, take
from tests.ledger.traffic import Traffic

from onetonne.ledger import events as ev
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Entry
from onetonne.ledger.state import State
from onetonne.ledger.touched import accounts_of, lots_of


def stood(state: State) -> dict[int, frozenset[object]]:
    return {lot: frozenset(lane.rows.values()) for lot, lane in state.lanes.items() if lane.rows}


def moved(entry: Entry) -> set[int]:
    """The accounts that opened, closed, got or gave something, spelt out the long way."""
    found: set[int] = set()
    for event in entry.events:
        for part in (*event.burnt, event.issued) if isinstance(event, ev.Converted) else (event,):
            if isinstance(part, ev.Moved):
                found |= {part.source, part.target}
            elif isinstance(part, ev.Issued | ev.AccountOpened | ev.AccountClosed):
                found.add(part.account)
    return found


def test_an_entry_touches_what_it_changes() -> None:
    seen: set[type[ev.Event]] = set()
    for seed in range(40):
        traffic, state = Traffic(seed), given()
        for _ in range(150):
            entry = decide(state, traffic.request(state), LAW, traffic.day)
            if not isinstance(entry, Entry):
                continue
            before = stood(state)
            take(state, entry, traffic.day)
            after = stood(state)
            changed = {lot for lot in after if after[lot] != before.get(lot)}
            assert lots_of(entry) == changed, entry
            assert accounts_of(entry) == moved(entry), entry
            seen |= {type(event) for event in entry.events}
    assert {ev.Moved, ev.Issued, ev.Converted, ev.Locked, ev.Lifted, ev.AccountClosed} <= seen
