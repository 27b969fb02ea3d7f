"""A small ledger for these tests, and an independent check of it: the tables against a replay of
the journal, the tiling of each lot, and each idempotency key against its one entry.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from onetonne.base.merkle import leaf_hash
from onetonne.ledger import codec
from onetonne.ledger.commands import (
    Act,
    Enrol,
    Issue,
    Item,
    OpenAccount,
    RegisterProject,
    Request,
    Transfer,
)
from onetonne.ledger.state import State, apply
from onetonne.ledger.units import Law
from onetonne.service.execute import Answer, Writer, new_account_number
from onetonne.service.founding import found
from onetonne.service.place import is_url
from onetonne.store.lawbook import load_law
from onetonne.store.postgres import Postgres
from onetonne.store.rows import Engine
from onetonne.store.schema import HOLDING, TABLES, holding_row, to_row
from onetonne.store.sqlite import Sqlite

SIZE = 240
ANN = 11_111_111


@cache
def law() -> Law:
    return load_law()


def engine(address: str, create: bool = False) -> Engine:
    return Postgres(address, create) if is_url(address) else Sqlite(Path(address), create)


def writer(address: str) -> Writer:
    return Writer(engine(address), law())


@dataclass
class Books:
    """An address with a registrar, a second one (Ann), accounts, and lots of SIZE serials."""

    address: str
    registrar: int
    accounts: list[int]
    lots: int
    setup: int = 0
    known: State = field(default_factory=lambda: State(search=False))

    def transfer(self, source: int, target: int, serials: str, lot: int = 1) -> Transfer:
        items = (Item(lot=lot, serials=serials),)
        return Transfer(source=self.accounts[source], target=self.accounts[target], items=items)

    def request(self, *acts: Act, key: str = "", by: int = 0) -> Request:
        return Request(by=by or self.registrar, acts=acts, key=key)


def make(address: str, accounts: int = 3, lots: int = 1) -> Books:
    """Found a ledger at a path or URL; the lots go to the first account."""
    db = engine(address, create=True)
    registrar = found(db, law(), ledger="registry.example/test", party="TW")
    books = Books(address, registrar, [new_account_number() for _ in range(accounts)], lots)
    acts: list[Act] = [Enrol(person=ANN, name="Ann", roles=("registrar",))]
    acts += [OpenAccount(account=number, party="TW", holder="Co") for number in books.accounts]
    acts.append(
        RegisterProject(
            project="TW-1", party="TW", name="x", methodology="TM001", mechanism="TW-GHG"
        )
    )
    acts += [issue(books) for _ in range(lots)]
    setup = Writer(db, law())
    for act in acts:
        done(setup.execute([books.request(act)])[0])
    books.setup = setup.state.seq
    db.close()
    return books


def issue(books: Books) -> Issue:
    return Issue(
        unit="TCER", quantity=SIZE, account=books.accounts[0], project="TW-1", vintage=2024
    )


def done(answer: Answer) -> int:
    """The sequence of the entry; fails on a refusal."""
    assert answer.refusal is None, answer.refusal.sentence()
    assert answer.entry is not None
    return answer.entry.seq


def complaints(books: Books, db: Engine, keyed: bool = False) -> list[str]:
    """What is wrong with a ledger: nothing, one hopes. Replays only what is new since last time.

    keyed: every request since the setup had an idempotency key, so every entry must have one too.
    """
    db.begin_read()
    try:
        return [
            *_journal(books, db),
            *_tables(books.known, db),
            *_tiling(db),
            *_keys(books, db, keyed),
        ]
    finally:
        db.rollback()


def _journal(books: Books, db: Engine) -> list[str]:
    found = []
    known = books.known
    sql = "SELECT seq, hash, entry FROM journal WHERE seq > ? ORDER BY seq"
    for seq, leaf, data in db.query(sql, (known.seq,)):
        entry = codec.decode(bytes(data))
        if seq != entry.seq or leaf_hash(bytes(data)) != bytes(leaf):
            found.append(f"journal row {seq} holds entry {entry.seq}")
        apply(known, entry)
    head = db.query('SELECT seq, at, lot, "lock", proposal, certificate FROM head')
    if head != [(known.seq, known.at, *known.counts.values())]:
        found.append(f"head {head}, replay {known.seq} {known.counts}")
    if db.query("SELECT count(*) FROM journal") != [(known.seq,)]:
        found.append("the journal has a gap")
    return found


def _tables(state: State, db: Engine) -> list[str]:
    found = []
    for name, table in TABLES.items():
        names = ", ".join(f'"{column}"' for column in table.names)
        stored = set(db.query(f'SELECT {names} FROM "{name}"'))
        replayed = {to_row(table, row) for row in getattr(state, name).values()}
        found += [f"{name}: {row} differs from the replay" for row in stored ^ replayed]
    stored = set(db.query(f"SELECT {', '.join(HOLDING)} FROM holdings WHERE next IS NOT NULL"))
    replayed = {
        holding_row(lot, h) for lot, lane in state.lanes.items() for h in lane.rows.values()
    }
    return found + [f"holding {row} differs from the replay" for row in stored ^ replayed]


def _tiling(db: Engine) -> list[str]:
    """One holder for each serial: holdings run from 0 to the lot's size, no gap, no overlap."""
    found = []
    for lot, size in db.query("SELECT lot, size FROM lots"):
        rows = db.query("SELECT first, next FROM holdings WHERE lot = ? ORDER BY first", (lot,))
        gaps = [pair for pair in pairwise(rows) if pair[0][1] != pair[1][0]]
        if gaps or rows[0][0] != 0 or rows[-1] != (size, None):
            found.append(f"lot {lot} is not tiled: {gaps or rows}")
    return found


def _keys(books: Books, db: Engine, keyed: bool = False) -> list[str]:
    """One idempotency key for one entry, and none for an entry that is not there."""
    rows = [seq for (seq,) in db.query("SELECT seq FROM requests ORDER BY seq")]
    twice = [seq for seq, times in Counter(rows).items() if times > 1]
    beyond = [seq for seq in rows if not books.setup < seq <= books.known.seq]
    without = set(range(books.setup + 1, books.known.seq + 1)) - set(rows) if keyed else ()
    found = [(twice, "have several keys"), (beyond, "have a key but are not there")]
    found.append((sorted(without), "have no key"))
    return [f"entries {seqs} {what}" for seqs, what in found if seqs]
