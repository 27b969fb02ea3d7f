"""The guard of tiling, against whoever writes: on both stores what is committed tiles its lots,
whatever was done on the way; and on PostgreSQL nobody gets past the guard.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import apsw
import psycopg
import pytest

from onetonne.store.postgres import Postgres
from onetonne.store.rows import Engine
from onetonne.store.schema import TABLES
from onetonne.store.sqlite import Sqlite

SIZE = 40
REFUSED = (apsw.ConstraintError, psycopg.IntegrityError)
TILED = [(0, 10), (10, 20), (20, 30), (30, 40), (40, None)]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: Any, tmp_path: Path) -> Iterator[Engine]:
    """Tables alone, with two lots of four holdings each."""
    db: Engine
    if request.param == "sqlite":
        db = Sqlite(tmp_path / "ledger.db", create=True)
    else:
        db = Postgres(request.getfixturevalue("postgres_url"), create=True)
    db.begin()
    db.create()
    for lot in (1, 2):
        lots = TABLES["lots"]
        values = [lot if n == "lot" else SIZE if n == "size" else blank(k) for n, k in lots.columns]
        db.insert("lots", lots.names, [values])
        rows = [(lot, *pair, *((7, 1) if pair[1] else (None, None)), None) for pair in TILED]
        db.save_holdings([], [], [], rows)
    db.commit()
    yield db
    db.close()


def blank(kind: str) -> Any:
    return {"int": 1, "text": "", "bool": 0, "day": None, "json": "{}"}[kind]


def rows(db: Engine, lot: int = 1) -> list[tuple[Any, ...]]:
    return db.query("SELECT first, next FROM holdings WHERE lot = ? ORDER BY first", (lot,))


def by_hand(db: Engine, *statements: str) -> None:
    """Statements of one transaction, with its commit; rolled back where something is refused."""
    db.begin()
    try:
        for statement in statements:
            db.connection.execute(statement)
        db.commit()
    except BaseException:
        db.rollback()
        raise


def put(first: int, next_: int | None, lot: int = 1) -> str:
    held = "7, 1" if next_ else "NULL, NULL"
    return f"INSERT INTO holdings VALUES ({lot}, {first}, {next_ or 'NULL'}, {held}, NULL)"


def cut(first: int, next_: int) -> str:
    return f"UPDATE holdings SET next = {next_} WHERE lot = 1 AND first = {first}"


def drop(first: int) -> str:
    return f"DELETE FROM holdings WHERE lot = 1 AND first = {first}"


def move(first: int, to: int) -> str:
    return f"UPDATE holdings SET first = {to} WHERE lot = 1 AND first = {first}"


LAWFUL = {
    "a cut, lower part first": (cut(10, 15), put(15, 20)),
    "a cut of three": (cut(10, 12), put(12, 17), put(17, 20)),
    "two holdings joined": (drop(20), cut(10, 30)),
    "an end that moves": (cut(10, 18), move(20, 18)),
    "a row away and back": (drop(20), put(20, 30)),
    "a gap that is filled": (drop(10), drop(20), put(10, 30)),
    "all of it anew": ("DELETE FROM holdings WHERE lot = 1", put(0, 40), put(40, None)),
}
UNLAWFUL = {
    "a gap": (cut(10, 15),),
    "a gap in the middle": (cut(10, 12), put(15, 20)),
    "a gap at the start": (move(0, 1),),
    "a holding lost": (drop(10),),
    "the first lost": (drop(0),),
    "an overlap": (put(12, 18),),
    "an overlap of the same end": (put(12, 20),),
    "an overlap with the next": (cut(10, 25),),
    "an overlap beyond an end": (cut(10, 30),),
    "one over all": (drop(0), put(0, 40)),
    "two cuts, one row": (cut(10, 15), cut(20, 25), put(15, 20)),
    "no closing row": (drop(40),),
    "a second closing row": (put(50, None),),
    "a closing row in between": (cut(10, 15), put(15, None), put(16, 20)),
    "a tail cut off": (drop(40), drop(30), put(30, None)),
    "rows behind the closing row": (put(45, 50),),
    "no row at all": ("DELETE FROM holdings WHERE lot = 1",),
    "another lot's row": ("UPDATE holdings SET lot = 2 WHERE lot = 1 AND first = 10",),
    "a cut that shifts": (cut(10, 15), put(15, 20), move(10, 11)),
}


@pytest.mark.parametrize("what", LAWFUL)
def test_what_ends_up_tiled_may_be_written_in_any_number_of_steps(db: Engine, what: str) -> None:
    by_hand(db, *LAWFUL[what])
    found = rows(db)
    assert all(a[1] == b[0] for a, b in pairwise(found))
    assert found[0][0] == 0
    assert found[-1] == (SIZE, None)


@pytest.mark.parametrize("what", UNLAWFUL)
def test_what_does_not_is_refused_at_the_latest_by_the_commit(db: Engine, what: str) -> None:
    with pytest.raises(REFUSED):
        by_hand(db, *UNLAWFUL[what])
    assert rows(db) == TILED


def test_a_random_hand_commits_exactly_what_tiles(db: Engine) -> None:
    """Random statements, a third of them apt to be right; the judge is a plain look at the rows."""
    draw = random.Random(9)
    seen = {True: 0, False: 0}
    for _ in range(400):
        db.begin()
        try:
            for statement in random_steps(draw, rows(db)):
                db.connection.execute(statement)
            found = rows(db)
            tiled = (
                all(a[1] == b[0] for a, b in pairwise(found))
                and bool(found)
                and found[0][0] == 0
                and found[-1] == (SIZE, None)
            )
        except REFUSED:  # an index or a CHECK spoke at once
            db.rollback()
            continue
        if tiled:
            db.commit()
        else:
            with pytest.raises(REFUSED):
                db.commit()
            db.rollback()
        seen[tiled] += 1
    assert min(seen.values()) > 40, seen


def random_steps(draw: random.Random, now: list[tuple[Any, ...]]) -> list[str]:
    held = [pair for pair in now if pair[1] is not None]
    low, high = draw.choice(held)
    at = draw.randrange(SIZE)
    joined = draw.randrange(len(held))
    ways = [
        [cut(low, max(at, low + 1))],
        [put(at, min(at + draw.randrange(1, 9), SIZE))],
        [drop(low)],
        [move(low, at)],
        [cut(low, (low + high) // 2), put((low + high) // 2, high)] if high - low > 1 else [],
        [drop(held[joined][0]), cut(held[joined - 1][0], held[joined][1])] if joined else [],
    ]
    return [step for way in draw.choices(ways, (1, 1, 1, 1, 5, 4), k=2) for step in way]


@pytest.fixture
def on_postgres(db: Engine) -> Postgres:
    assert isinstance(db, Postgres)
    return db


POSTGRES = [
    pytest.mark.postgres,
    pytest.mark.parametrize("db", [pytest.param("postgres")], indirect=True),
]


def only_postgres(test: Any) -> Any:
    for mark in POSTGRES:
        test = mark(test)
    return test


@only_postgres
@pytest.mark.parametrize("what", UNLAWFUL)
def test_a_session_that_asks_is_refused_before_the_commit(on_postgres: Postgres, what: str) -> None:
    """The guard is a constraint like any other: SET CONSTRAINTS asks it now."""
    on_postgres.begin()
    with pytest.raises(REFUSED):
        asked(on_postgres, *UNLAWFUL[what], "SET CONSTRAINTS ALL IMMEDIATE")
    on_postgres.rollback()


def asked(db: Postgres, *statements: str) -> None:
    for statement in statements:
        db.connection.execute(statement)


@only_postgres
def test_what_is_open_stands_on_one_row_until_it_is_closed(on_postgres: Postgres) -> None:
    on_postgres.begin()
    on_postgres.save_holdings(
        [(1, 30)], [(15, 1, 10), (40, 1, 20)], [], [(1, 15, 20, 8, 2, None)]
    )  # fmt: skip
    assert on_postgres.query("SELECT loose FROM tiling") == [(0,)]
    on_postgres.connection.execute(drop(15))
    ((loose,),) = on_postgres.query("SELECT loose FROM tiling")
    assert loose != 0
    on_postgres.connection.execute(put(15, 20))
    on_postgres.commit()
    assert on_postgres.query("SELECT loose FROM tiling") == [(0,)]


@only_postgres
def test_nobody_gets_past_the_guard(on_postgres: Postgres) -> None:
    """Tables of the same names in front, the notes thrown away, another person with rights on
    this table alone, a savepoint: none of it helps, and a step taken back is forgotten."""
    shadow = "CREATE TEMP TABLE holdings (LIKE public.holdings) ON COMMIT DROP"
    with pytest.raises(REFUSED):
        by_hand(on_postgres, shadow, cut(10, 15).replace("holdings", "public.holdings"))
    with pytest.raises(REFUSED):
        by_hand(on_postgres, cut(10, 15), "DELETE FROM tiling")
    name = f"clerk_{random.randrange(10**9)}"
    by_hand(on_postgres, f"CREATE ROLE {name}", f"GRANT ALL ON holdings TO {name}")
    with pytest.raises(REFUSED):
        by_hand(on_postgres, f"SET LOCAL ROLE {name}", cut(10, 15))
    by_hand(on_postgres, f"SET LOCAL ROLE {name}", *LAWFUL["two holdings joined"])
    by_hand(on_postgres, f"REVOKE ALL ON holdings FROM {name}", f"DROP ROLE {name}")
    by_hand(on_postgres, "SAVEPOINT s", cut(10, 15), "ROLLBACK TO s")
    with pytest.raises(psycopg.errors.FeatureNotSupported):
        by_hand(on_postgres, "TRUNCATE holdings")


HUNG_ELSEWHERE = {
    "on a table of one's own": (
        "CREATE TEMP TABLE mine (lot bigint, first bigint, next bigint) ON COMMIT DROP",
        "CREATE TRIGGER t AFTER INSERT ON mine REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.holdings_inserted()",
    ),
    "the other way round": (
        "CREATE TRIGGER undo AFTER UPDATE ON holdings REFERENCING OLD TABLE AS fresh"
        " NEW TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.holdings_changed()",
    ),
}


@only_postgres
@pytest.mark.parametrize("how", HUNG_ELSEWHERE)
def test_nobody_makes_the_guard_count_something_else(on_postgres: Postgres, how: str) -> None:
    name = f"clerk_{random.randrange(10**9)}"
    by_hand(on_postgres, f"CREATE ROLE {name}", f"GRANT ALL ON holdings TO {name}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        by_hand(on_postgres, f"SET LOCAL ROLE {name}", *HUNG_ELSEWHERE[how])
    by_hand(on_postgres, f"SET LOCAL ROLE {name}", *LAWFUL["two holdings joined"])
    by_hand(on_postgres, f"REVOKE ALL ON holdings FROM {name}", f"DROP ROLE {name}")


@only_postgres
def test_what_was_open_before_all_is_emptied_is_forgotten(on_postgres: Postgres) -> None:
    alone = "INSERT INTO holdings VALUES (1, 5, 10, 7, 1, NULL)"
    with pytest.raises(REFUSED):
        by_hand(on_postgres, cut(10, 15), "TRUNCATE holdings, lots", alone)
    by_hand(on_postgres, cut(10, 15), "TRUNCATE holdings, lots")
    assert on_postgres.query("SELECT loose FROM tiling") == [(0,)]
    with pytest.raises(REFUSED):
        by_hand(on_postgres, alone)


@only_postgres
def test_places_beyond_32_bits_are_told_apart(on_postgres: Postgres) -> None:
    """A lot of its own whose ends and beginnings differ in their upper halves alone."""
    low, high = 85_899_347_221, 2_156_073_583_863
    odd = (
        "DELETE FROM lots WHERE lot = 1",
        "DELETE FROM holdings WHERE lot = 1",
        f"INSERT INTO holdings VALUES (1, 0, 85899346402, 7, 1, NULL),"
        f" (1, {low}, {high}, 7, 1, NULL), (1, 2156073582592, NULL, NULL, NULL, NULL)",
    )
    with pytest.raises(REFUSED):
        by_hand(on_postgres, *odd)


@only_postgres
def test_the_guard_is_what_refuses(on_postgres: Postgres) -> None:
    """The check of these tests can fail: without its triggers a gap is committed."""
    name = "ALTER TABLE holdings DISABLE TRIGGER USER"
    by_hand(on_postgres, name, cut(10, 15))
    assert rows(on_postgres)[1] == (10, 15)


AT_ONCE = {
    "both cut the same": (LAWFUL["a cut, lower part first"], (cut(10, 17), put(17, 20))),
    "a cut and a join": (LAWFUL["a cut, lower part first"], LAWFUL["two holdings joined"]),
    "two joins": (LAWFUL["two holdings joined"], (drop(30), cut(20, 40))),
    "an end moved twice": (LAWFUL["an end that moves"], (cut(20, 26), move(30, 26))),
    "a join and a row of its own": (LAWFUL["two holdings joined"], (drop(20), put(20, 30))),
}


@only_postgres
@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
@pytest.mark.parametrize("what", AT_ONCE)
def test_two_hands_at_once_leave_the_lot_tiled(
    on_postgres: Postgres, what: str, level: str
) -> None:
    """Neither takes the writer's lock. Whoever comes second waits, then does something lawful or
    is refused."""
    one, two = AT_ONCE[what]
    begin = f"BEGIN ISOLATION LEVEL {level}"
    with psycopg.connect(on_postgres.url, autocommit=True) as first, psycopg.connect(
        on_postgres.url, autocommit=True
    ) as second:  # fmt: skip
        for session in (first, second):
            session.execute(begin)
            session.execute("SELECT count(*) FROM holdings")
            session.execute("SET LOCAL lock_timeout = '100ms'")
        for statement in one:
            first.execute(statement)
        try:
            for statement in two[:-1]:
                second.execute(statement)
        except psycopg.errors.LockNotAvailable:
            second.execute("ROLLBACK")
            second.execute(begin)
        first.execute("COMMIT")
        try:
            for statement in two if second.info.transaction_status == 2 else ():
                second.execute(statement)
            second.execute("COMMIT")
        except psycopg.Error:
            second.execute("ROLLBACK")
    found = rows(on_postgres)
    assert all(a[1] == b[0] for a, b in pairwise(found))
    assert (found[0][0], found[-1]) == (0, (SIZE, None))
