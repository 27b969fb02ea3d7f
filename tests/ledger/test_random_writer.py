"""The same random commands through the service on SQLite, beside a kernel that knows all.

The writer reads only the rows that a batch names, in batches of any size, with dry runs,
repeats and several writers; it must decide as a kernel with the whole state at hand, and its
tables must say what that kernel's state says.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from tests.ledger.given import AGENT, DAY, LAW, REGISTRAR, furnished, picture, take
from tests.ledger.traffic import Traffic

from onetonne.ledger import codec
from onetonne.ledger.commands import Enrol, Request
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Enrolled, Entry
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import State, apply
from onetonne.service import execute
from onetonne.service.execute import Answer, Writer
from onetonne.service.founding import found
from onetonne.service.identity import permitted
from onetonne.service.rebuild import rebuild
from onetonne.store.schema import HOLDING, TABLES, holding_row, to_row
from onetonne.store.sqlite import Sqlite

MEMORY = Path("/dev/shm")
START = 1_781_524_800_000_000  # DAY, in UTC microseconds
A_DAY = 86_400_000_000


class Clock:
    def __init__(self, traffic: Traffic) -> None:
        self.traffic = traffic

    def __call__(self) -> int:
        return START + (self.traffic.day - DAY).days * A_DAY


class World:
    """A ledger on SQLite, its writers, and the kernel beside them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random, self.traffic = random.Random(seed), Traffic(seed)
        self.clock = Clock(self.traffic)
        path = folder / f"{seed}.db"
        self.db = Sqlite(path, create=True)
        found(self.db, LAW, ledger="test.example/tw", party="TW", clock=self.clock)
        for sql in ("synchronous = OFF", "cache_size = -2000"):
            self.db.connection.execute(f"PRAGMA {sql}")
        self.other = Sqlite(path)
        self.other.connection.execute("PRAGMA synchronous = OFF")
        self.writers = [Writer(db, LAW, self.clock) for db in (self.db, self.other)]
        self.state = State()
        self.registrar = self._catch_up()
        for act in (
            Enrol(person=REGISTRAR, name="", roles=EVERY if seed >= 12 else BOTH),
            *furnished(),
        ):
            self.batch([Request(by=self.registrar, acts=(act,))])
        self.accepted = 0

    def _catch_up(self) -> int:
        data = self.db.query("SELECT entry FROM journal WHERE seq = 1")[0][0]
        entry = codec.decode(data)
        take(self.state, entry, DAY)
        return next(e.person for e in entry.events if isinstance(e, Enrolled))

    def batch(self, requests: list[Request]) -> list[Answer]:
        """Execute, and compare each answer with what the kernel decides by itself."""
        writer = self.random.choice(self.writers)
        answers = writer.execute(requests)
        at = self.clock()
        for request, answer in zip(requests, answers, strict=True):
            mine = self._decide(msgspec.structs.replace(request, at=at))
            if isinstance(mine, Refusal):
                assert answer.refusal is not None, (request, mine)
                assert answer.refusal.code == mine.code, (request, mine, answer.refusal)
                continue
            assert answer.refusal is None, (request, answer.refusal)
            assert answer.entry == mine, request
            take(self.state, mine, self.traffic.day)
        return answers

    def _decide(self, request: Request) -> Entry | Refusal:
        refusal = permitted(self.state, request, LAW)
        return refusal or decide(self.state, request, LAW, self.traffic.day)

    def tables_agree(self) -> None:
        """Every table says what the kernel's state says."""
        held = {
            holding_row(lot, h)
            for lot, lane in self.state.lanes.items()
            for h in lane.rows.values()
        }
        names = ", ".join(f'"{name}"' for name in HOLDING)
        assert held == set(self.db.query(f"SELECT {names} FROM holdings WHERE next IS NOT NULL"))
        for name, table in TABLES.items():
            rows = {to_row(table, value) for value in getattr(self.state, name).values()}
            columns = ", ".join(f'"{column}"' for column in table.names)
            assert rows == set(self.db.query(f'SELECT {columns} FROM "{name}"')), name

    def close(self) -> None:
        self.db.close()
        self.other.close()


BOTH = ("registrar", "authority")
EVERY = (*BOTH, "verifier", "supervisor")
"""Roles of one who may do every act of a mechanism, in the ledgers that are full of them."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: these tests are of rows, not of disks."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(autouse=True)
def _names_stay_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without salts both sides make the same bytes."""
    monkeypatch.setattr(execute, "seal", lambda act, openings: act)


def life(folder: Path, seed: int, commands: int) -> int:
    """One ledger's life in batches; return how many commands were accepted."""
    world, done, accepted = World(folder, seed), 0, 0
    while done < commands:
        size = world.random.choice((1, 1, 1, 2, 5, 12))
        # Later commands of a batch aim at what stands before it: some will miss, as in life.
        requests = [world.traffic.request(world.state) for _ in range(size)]
        if world.random.random() < 0.1:
            dry_run_changes_nothing(world, requests)
        accepted += sum(answer.entry is not None for answer in world.batch(requests))
        done += size
    world.tables_agree()
    before = picture(world.state)
    rebuild(world.db)
    world.tables_agree()
    fast = State(search=False)
    for (data,) in world.db.query("SELECT entry FROM journal ORDER BY seq"):
        apply(fast, codec.decode(data))
    assert picture(fast) == before
    world.close()
    return accepted


def dry_run_changes_nothing(world: World, requests: list[Request]) -> None:
    head = world.db.query("SELECT * FROM head")
    dry = world.random.choice(world.writers).execute(requests, dry=True)
    assert world.db.query("SELECT * FROM head") == head
    assert all(answer.dry for answer in dry)
    for request, answer in zip(requests[:1], dry[:1], strict=True):
        real = world._decide(msgspec.structs.replace(request, at=world.clock()))
        if isinstance(real, Refusal):
            assert answer.refusal is not None
            assert answer.refusal.code == real.code
        else:
            assert answer.entry == real


@pytest.mark.slow
def test_the_writer_decides_as_a_kernel_that_knows_all(folder: Path) -> None:
    accepted = sum(life(folder, seed, 300) for seed in (*range(6), 12, 14, 16, 18))
    assert accepted > 700


@pytest.mark.long
def test_a_hundred_thousand_commands_through_the_writer(
    folder: Path, scaled: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    lives, accepted = scaled(250), 0
    for seed in range(5_000, 5_000 + lives):
        accepted += life(folder, seed, 400)
        (folder / f"{seed}.db").unlink()
    record_property("commands", lives * 400)
    record_property("accepted", accepted)


def test_a_repeated_key_answers_with_its_entry_and_a_refusal_keeps_no_key(folder: Path) -> None:
    world = World(folder, 1)
    issue = msgspec.structs.replace(
        Request(by=world.registrar, acts=(world.traffic.issue(world.state),)), key="k1"
    )
    refused = msgspec.structs.replace(issue, by=AGENT, key="k2")
    (first,) = world.writers[0].execute([issue])
    again = world.writers[1].execute([issue, issue])
    assert [answer.entry for answer in again] == [first.entry, first.entry]
    assert all(answer.repeated for answer in again)
    assert world.db.query("SELECT seq FROM head")[0][0] == first.entry.seq  # type: ignore[union-attr]
    (no,) = world.writers[0].execute([refused])
    assert no.refusal is not None
    assert no.refusal.code == "not_permitted"
    (yes,) = world.writers[0].execute([msgspec.structs.replace(issue, key="k2")])
    assert yes.entry is not None
    (other,) = world.writers[0].execute([msgspec.structs.replace(refused, key="k1")])
    assert other.refusal is not None
    assert other.refusal.code == "key_reused"
    world.close()
