"""`verify` names each way in which a ledger can be false, from its files alone or with tables."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.service.proof_sample import Sample, item
from tests.service.sample_ledger import ENGINES, engine_address

from onetonne.base.merkle import leaf_hash
from onetonne.ledger import codec
from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.proof_findings import Finding
from onetonne.ledger.state import CLOCK
from onetonne.ledger.units import Law
from onetonne.service.audit import Report, verify
from onetonne.service.ledger import Ledger
from onetonne.service.rebuild import CannotRebuild, rebuild
from onetonne.service.replay import Replay
from onetonne.service.roots import LotRoots, journal_root
from onetonne.store import publish, tiles
from onetonne.store.cells import READ
from onetonne.store.compare import HEAD
from onetonne.store.faults import StoreDamaged
from onetonne.store.rows import Engine
from onetonne.store.schema import HOLDING, OBSERVED, TABLES
from onetonne.store.tiles import read_checkpoint


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    made = Sample(str(tmp_path_factory.mktemp("audit") / "ledger")).fill()
    with made.ledger:
        yield made


@pytest.fixture(params=ENGINES)
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sample]:
    """A ledger of this test alone, on either store."""
    made = Sample(engine_address(request, tmp_path)).fill()
    with made.ledger:
        yield made


@pytest.fixture
def log(sample: Sample, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample.ledger.log, tmp_path / "log"))


def audit(made: Sample, log: Path | None = None, **more: Any) -> Report:
    report = verify(log or made.ledger.log, made.ledger.verifier(), db=made.ledger.db, **more)
    for finding in report.findings:
        assert finding.sentence("en")
        assert finding.sentence("zh") != finding.sentence("en")
    return report


def codes(report: Report) -> list[str]:
    for finding in report.findings:
        assert english_in(finding) == []
    return [finding.code for finding in report.findings]


def english_in(finding: Finding) -> list[str]:
    """English in the Chinese sentence: two words or more together, unless they are a value or a
    command to type, or the words of the exception that stopped a replay."""
    said = re.sub("`[^`]*`|'[^']*'", "", finding.sentence("zh"))
    return re.findall("[a-z]{2,}(?: [a-z]{2,})+", said) if finding.code != "replay_stopped" else []


def test_english_in_a_chinese_finding_is_seen() -> None:
    assert english_in(Finding("journal_short", "journal", "1", "a ship")) == []
    assert english_in(Finding("journal_short", "journal", "1", "two ships")) == ["two ships"]


def test_a_true_ledger_has_no_finding_on_either_store(own: Sample) -> None:
    seen: list[tuple[str, int, int]] = []
    report = audit(own, on_progress=lambda *told: seen.append(told))
    assert report.findings == ()
    assert report.ok
    assert report.entries == report.size == own.ledger.writer.state.seq
    assert report.roots == 1
    assert report.rows > 90
    assert {stage for stage, _, _ in seen} == {"log", "replay", "tables"}


def test_an_auditor_needs_only_the_files(sample: Sample, log: Path) -> None:
    report = verify(log, sample.ledger.verifier())
    assert report.ok
    assert (report.entries, report.roots, report.rows) == (report.size, 1, 0)


def rewrite(log: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the only bundle of a short log."""
    path = next((log / "tile" / "entries" / "000.p").iterdir())
    path.write_bytes(tiles.pack_entries(change(tiles.unpack_entries(path.read_bytes(), "x"))))


def flipped(entries: list[bytes]) -> list[bytes]:
    spoilt = bytearray(entries[9])
    spoilt[40] ^= 1
    return [*entries[:9], bytes(spoilt), *entries[10:]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (flipped, "log_entry_altered"),
        (lambda e: e[:9] + e[10:], "log_entry_removed"),
        (lambda e: [*e[:9], e[10], e[9], *e[11:]], "log_entries_swapped"),
    ],
)
def test_altered_entries_are_named(
    sample: Sample, log: Path, change: Callable[[list[bytes]], list[bytes]], code: str
) -> None:
    rewrite(log, change)
    alone = verify(log, sample.ledger.verifier())
    assert code in codes(alone)
    assert code in codes(audit(sample, log))


def test_a_forged_checkpoint_is_named(sample: Sample, log: Path) -> None:
    note = (log / "checkpoint").read_text()
    (log / "checkpoint").write_text(note.replace("\n27\n", "\n26\n", 1))
    assert "checkpoint_forged" in codes(verify(log, sample.ledger.verifier()))


def test_a_log_rolled_back_or_forked_is_named(sample: Sample, log: Path, tmp_path: Path) -> None:
    kept = (log / "checkpoint").read_text()
    ledger = sample.ledger
    rows = [(bytes(h), bytes(e)) for h, e in
            ledger.db.query("SELECT hash, entry FROM journal ORDER BY seq")]  # fmt: skip
    short, forked = tmp_path / "short", tmp_path / "forked"
    publish.publish(short, lambda first: rows[first:20], ledger.signer())
    assert "log_rolled_back" in codes(verify(short, ledger.verifier(), [kept]))
    other = rows[-1][1] + b" "
    rows[-1] = (leaf_hash(other), other)
    publish.publish(forked, lambda first: rows[first:], ledger.signer())
    assert "log_forked" in codes(verify(forked, ledger.verifier(), [kept]))


def test_a_database_behind_or_beside_its_log_is_named(own: Sample) -> None:
    db = own.ledger.db
    db.query("UPDATE journal SET entry = ? WHERE seq = 9 RETURNING seq", (b"{}",))
    assert set(codes(audit(own))) == {"journal_differs", "journal_hash"}
    assert [f.where for f in audit(own).findings] == ["journal entry 9"] * 2
    db.query("DELETE FROM journal WHERE seq = 9 RETURNING seq")
    assert codes(audit(own)) == ["journal_differs"]
    db.query("DELETE FROM journal WHERE seq > 20 RETURNING seq")
    report = audit(own)
    assert "journal_short" in codes(report)
    assert report.entries == 20


def test_an_entry_that_does_not_follow_is_named(own: Sample) -> None:
    at = own.ledger.writer.state.at
    false = ev.Entry(1, 28, at, 0, "", (ev.Moved(lot=1, first=0, next=9, source=own.a,
                                                target=own.b, held=((0, 14),)),))  # fmt: skip
    data = codec.encode(false)
    plant(own, data, head=28)
    report = audit(own)
    assert codes(report) == ["replay_stopped"]
    assert report.findings[0].where == "journal entry 28"


def plant(own: Sample, data: bytes, head: int) -> None:
    """Write an entry 28 as no act does, and where the head then stands."""
    own.ledger.db.insert("journal", ("seq", "hash", "entry"), [(28, leaf_hash(data), data)])
    own.ledger.db.query("UPDATE head SET seq = ? RETURNING seq", (head,))


def forged(own: Sample) -> bytes:
    """A move that an act could have made, and none has."""
    move = ev.Moved(lot=1, first=20, next=29, source=own.b, target=own.a, held=((20, 8),))
    return codec.encode(ev.Entry(1, 28, own.ledger.writer.state.at, own.me, "", (move,)))


@pytest.mark.parametrize("garbage", [True, False])
def test_a_row_beyond_the_head_is_named_never_signed_and_never_made_true(
    own: Sample, garbage: bool
) -> None:
    ledger, db = own.ledger, own.ledger.db
    before, holdings = ledger.publish(), db.query("SELECT * FROM holdings ORDER BY lot, first")
    plant(own, b'{"not":"an entry"}' if garbage else forged(own), head=27)
    assert ledger.publish() == before
    (finding,) = audit(own).findings
    assert (finding.code, finding.where) == ("journal_beyond_head", "journal entry 28")
    assert finding.expected == "27"
    for language in ("en", "zh"):
        assert "DELETE FROM journal WHERE seq > 27" in finding.sentence(language)
    with pytest.raises(CannotRebuild) as refused:
        rebuild(db, signed_from=ledger.signed_from)
    assert (str(refused.value), refused.value.zh) == (finding.sentence(), finding.sentence("zh"))
    assert db.query("SELECT * FROM holdings ORDER BY lot, first") == holdings
    db.query("DELETE FROM journal WHERE seq > 27 RETURNING seq")
    assert audit(own).ok
    assert own.do(c.Transfer(source=own.b, target=own.a, items=(item(1, "21"),))) == 28
    assert ledger.publish().size == 28
    assert audit(own).ok


@pytest.mark.parametrize("data", [b'{"not":"an entry"}', b"", b"other number", b"other spelling"])
def test_what_is_not_the_entry_of_its_number_is_not_signed(own: Sample, data: bytes) -> None:
    before = own.ledger.publish()
    data = {
        b"other number": forged(own).replace(b'"seq":28', b'"seq":29'),
        b"other spelling": forged(own).replace(b'"v":1', b'"v": 1'),
    }.get(data, data)
    plant(own, data, head=28)
    with pytest.raises(tiles.LogError, match=r"journal entry 28: .*onetonne verify") as refused:
        own.ledger.publish()
    assert refused.value.code == "entry_unreadable"
    assert "日誌條目 28" in refused.value.zh
    assert read_checkpoint(own.ledger.log, own.ledger.verifier()) == before


def test_a_head_that_was_moved_back_is_named_and_mended_from_what_is_signed(own: Sample) -> None:
    own.ledger.db.query("UPDATE head SET seq = 20 RETURNING seq")
    (finding,) = audit(own).findings
    assert (finding.code, finding.where) == ("table_differs", "table head, id=1, column seq")
    with pytest.raises(CannotRebuild, match="entry 21 "):
        rebuild(own.ledger.db)
    rebuild(own.ledger.db, signed_from=own.ledger.signed_from)
    assert audit(own).ok


def signed(own: Sample, change: Callable[[bytes], bytes], *events: ev.Event, by: int) -> None:
    """Append and publish an entry as an operator could who holds database and key."""
    at = own.ledger.writer.state.at
    data = change(codec.encode(ev.Entry(1, 28, at, by, "", events)))
    plant(own, data, head=28)
    publish.publish(own.ledger.log, own.ledger._rows_from, own.ledger.signer())


def test_what_no_act_can_have_done_is_named_though_it_is_signed(own: Sample) -> None:
    out = ev.Moved(lot=1, first=0, next=20, source=1, target=own.b, held=((0, 14),))
    signed(own, lambda data: data, out, by=own.me)
    alone = verify(own.ledger.log, own.ledger.verifier())
    assert codes(alone) == ["sink_left"]
    assert alone.findings[0].where == "journal entry 28"
    assert "sink_left" in codes(audit(own))


@pytest.mark.parametrize("target", ["a", "b"])
def test_a_correction_is_held_against_what_it_reverses(own: Sample, target: str) -> None:
    back = ev.Moved(lot=1, first=0, next=20, source=1, target=getattr(own, target),
                    held=((0, 14),))  # fmt: skip
    signed(own, lambda data: data, ev.Corrected(entry=14, reason="x"), back, by=own.me)
    found = codes(verify(own.ledger.log, own.ledger.verifier()))
    assert found == ([] if target == "b" else ["sink_left"])
    assert ("sink_left" in codes(audit(own))) is (target == "a")


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        (b'"do":"rooted"', b'"do": "rooted"'),
        (b'"do":"rooted"', rb'"do":"roote\u0064"'),
        (b'"events":', b'"events":[],"events":'),
        (b'{"v":1', b'{"more":1,"v":1'),
    ],
)
def test_a_false_root_does_not_hide_in_another_spelling(
    own: Sample, plain: bytes, other: bytes
) -> None:
    false = ev.Rooted(root="ab" * 32, holdings=20)
    signed(own, lambda data: data.replace(plain, other), false, by=CLOCK)
    assert codes(verify(own.ledger.log, own.ledger.verifier())) == ["replay_stopped"]
    assert "replay_stopped" in codes(audit(own))


def test_a_false_holdings_root_is_named(own: Sample) -> None:
    act = c.Root(root="ab" * 32, holdings=20)
    own.ledger.execute([c.Request(by=CLOCK, acts=(act,))])
    own.ledger.publish()
    report = audit(own)
    assert codes(report) == ["root_false"]
    assert report.findings[0].where == "journal entry 28"
    assert "ab" * 32 in report.findings[0].found
    alone = verify(own.ledger.log, own.ledger.verifier())
    assert codes(alone) == ["root_false"]
    true = journal_root(own.ledger)  # a false root is not taken for the last true one
    assert true.seq == 29


def test_a_root_that_hides_a_holding_is_named(own: Sample) -> None:
    """The root is right but for the number of holdings."""
    kept = LotRoots(own.ledger.db)
    true = journal_root(own.ledger, kept).events[0]
    assert isinstance(true, ev.Rooted)
    act = c.Root(root=true.root, holdings=true.holdings - 1)
    own.ledger.execute([c.Request(by=CLOCK, acts=(act,))])
    assert codes(audit(own)) == ["root_false"]


def test_roots_are_right_at_every_point_of_a_history(own: Sample) -> None:
    kept = LotRoots(own.ledger.db)
    for n in range(12):
        kind = n % 4
        if kind < 2:
            serials = f"{820 + n}-{821 + n}"
            own.do(c.Transfer(source=own.a, target=own.b, items=(item(1, serials),)))
            own.do(c.Transfer(source=own.b, target=own.a, items=(item(1, serials),)))
        elif kind == 2:
            own.do(c.Lock(source=own.a, items=(item(1, f"{860 + n}"),), kind="pledge",
                          lift_by=own.me))  # fmt: skip
        else:
            own.do(c.Issue(unit="TCER", quantity=9, account=own.a, project="TW-1", vintage=2025))
        assert journal_root(own.ledger, kept).seq == own.ledger.writer.state.seq
    report = audit(own)
    assert report.ok
    assert report.roots == 13


def cells() -> list[tuple[str, str]]:
    """Every column of every state table, `head` and `meta`."""
    named = [(table.name, column) for table in TABLES.values() for column in table.names]
    named += [("holdings", column) for column in HOLDING]
    named += [("head", column) for column in HEAD]
    return [*named, ("meta", "value"), ("marks", "account"), ("marks", "seq"), ("openings", "text")]


KEYS = {name: table.key for name, table in TABLES.items()} | {
    "holdings": ("lot", "first"),
    "head": (),
    "meta": ("name",),
    "marks": ("account", "seq"),
    "openings": ("commitment",),
}


def spoil(db: Engine, table: str, column: str) -> None:
    """Write another value of its kind into one cell of one row, as a hand would."""
    kind = dict(TABLES[table].columns).get(column) if table in TABLES else None
    if kind is None:
        kind = "text" if table in ("meta", "openings") or column == "locks" else "int"
    other = {
        "int": f'"{column}" + 9000',
        "text": "'edited'",
        "bool": f'1 - "{column}"',
        "day": "'2001-01-01'",
        "json": "'[9]'",
    }[kind]
    key = ", ".join(KEYS[table])
    one = f'({key}) = (SELECT {key} FROM "{table}" ORDER BY {key} LIMIT 1)' if key else "1 = 1"
    db.query(f'UPDATE "{table}" SET "{column}" = {other} WHERE {one} RETURNING 1')


def without_guards(db: Engine) -> None:
    """A hand that edits with the constraints off: foreign keys would refuse some edits."""
    if db.name == "sqlite":
        db.query("PRAGMA foreign_keys = OFF")
    else:
        db.query("SELECT set_config('session_replication_role', 'replica', false)")


@pytest.mark.slow
def test_every_column_of_every_table_is_compared(own: Sample) -> None:
    own.comply()
    own.authorise(lot=6)
    db = own.ledger.db
    without_guards(db)
    missed = []
    for table, column in cells():
        db.begin()
        if (table, column) == ("holdings", "next"):
            db.query("UPDATE holdings SET next = 19 WHERE lot = 1 AND first = 0 RETURNING 1")
        elif (table, column) == ("holdings", "first"):
            db.query("UPDATE holdings SET first = 21 WHERE lot = 1 AND first = 20 RETURNING 1")
        else:
            spoil(db, table, column)
        replay = audit_within(own)
        db.rollback()
        in_key = column in KEYS[table] and table != "openings"
        wanted = f"table {table}" if in_key else f"column {column}"
        named = [f for f in replay if f"table {table}" in f.where and wanted in f.where]
        if not named:
            missed.append((table, column, replay))
    assert missed == []
    assert audit(own).ok


def audit_within(own: Sample) -> tuple[Any, ...]:
    """The findings with an edit in place that is not committed."""

    class Seen:
        """The same connection, whose transaction stays as it is."""

        name, query, stream = own.ledger.db.name, own.ledger.db.query, own.ledger.db.stream
        columns = own.ledger.db.columns
        begin_read = rollback = staticmethod(lambda: None)

    seen: Any = Seen()
    return verify(own.ledger.log, own.ledger.verifier(), db=seen).findings


def test_a_row_removed_or_added_by_hand_is_named(own: Sample) -> None:
    own.comply()
    own.authorise(lot=6)
    db = own.ledger.db
    without_guards(db)
    for table in (*TABLES, "holdings", "marks"):
        db.begin()
        key = ", ".join(f'"{name}"' for name in KEYS[table])
        db.query(f'DELETE FROM "{table}" WHERE ({key}) = (SELECT {key} FROM "{table}" LIMIT 1)'
                 " RETURNING 1")  # fmt: skip
        found = audit_within(own)
        db.rollback()
        named = [(f.code, f.where.split(",")[0]) for f in found]
        assert ("table_row_missing", f"table {table}") in named
    db.begin()
    db.insert("holdings", HOLDING, [(1, 5000, 5001, own.a, 3, None)])
    db.insert("marks", ("account", "seq"), [(own.a, 1)])
    db.insert("persons", TABLES["persons"].names, [(9, "x", "[]", 1)])
    db.insert("journal", ("seq", "hash", "entry"), [(0, b"", b"{}")])
    found = audit_within(own)
    db.rollback()
    assert {(f.code, f.where) for f in found} == {
        ("table_row_extra", "table holdings, lot=1, first=5000"),
        ("table_row_extra", f"table marks, account={own.a}, seq=1"),
        ("table_row_extra", "table persons, person=9"),
        ("table_row_extra", "journal entry 0"),
    }


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Sample]:
    """A ledger of this test alone in SQLite, which takes anything in any column."""
    made = Sample(str(tmp_path / "ledger")).fill()
    with made.ledger:
        db = made.ledger.db
        made.do(c.Transfer(source=made.b, target=made.a, items=(item(1, "21"),)), key="k")
        made.comply()
        made.authorise(lot=6)
        without_guards(db)
        db.query("PRAGMA ignore_check_constraints = ON")
        (seen,) = db.query("SELECT observation FROM observations")[0]
        db.insert("observed", OBSERVED.names, [(seen, 0, "VCS-1", ROW)])
        yield made


ROW = '{"kind":"block","quantity":10,"key":"VCS-1","first":"5001","last":"5010"}'
"""What the sample's observation journaled."""
GARBLED = "CAST(x'41ff' AS TEXT)"


def edit(db: Engine, table: str, column: str, value: str) -> None:
    """Write a value into one cell of one row, of any kind."""
    key = ", ".join(f'"{name}"' for name in READ[table].key)
    one = f'({key}) = (SELECT {key} FROM "{table}" LIMIT 1)' if key else "1 = 1"
    assert db.query(f'UPDATE "{table}" SET "{column}" = {value} WHERE {one} RETURNING 1')


@pytest.mark.slow
def test_a_cell_that_cannot_be_read_is_named_in_every_column(plain: Sample) -> None:
    db, missed = plain.ledger.db, []
    for table in READ.values():
        for column in table.names:
            db.begin()
            edit(db, table.name, column, GARBLED)
            where = [f.where for f in audit_within(plain) if f.code == "cell_unreadable"]
            db.rollback()
            key = "" if column in table.key else "=".join(table.key[:1])
            named = re.compile(f"table {table.name}, .*{key}.*, column {column}")
            if len(where) != 1 or not named.fullmatch(where[0]):
                missed.append((table.name, column, where))
    assert missed == []
    assert audit(plain).ok


@pytest.mark.parametrize(
    ("table", "column", "value", "found"),
    [
        ("marks", "seq", "'x'", "'x'"),
        ("marks", "seq", "1.5", "1.5"),
        ("marks", "seq", "9e999", "inf"),
        ("accounts", "opened", "1.5", "1.5"),
        ("openings", "salt", "x'00'", r"b'\x00'"),
        ("openings", "text", "x'ff'", r"b'\xff'"),
        ("observed", "record", "x'00'", r"b'\x00'"),
        ("persons", "name", GARBLED, r"b'A\xff'"),
        ("meta", "value", GARBLED, r"b'A\xff'"),
        ("head", "seq", "9e999", "inf"),
        ("journal", "entry", "'{}'", "'{}'"),
        ("journal", "hash", GARBLED, r"b'A\xff'"),
        ("requests", "seq", "'x'", "'x'"),
    ],
)
def test_a_cell_of_another_kind_is_named_with_what_it_holds(
    plain: Sample, table: str, column: str, value: str, found: str
) -> None:
    edit(plain.ledger.db, table, column, value)
    with Ledger.open(plain.ledger.address) as ledger:
        report = verify(ledger.log, ledger.verifier(), db=ledger.db)
    named = [f for f in report.findings if f.code == "cell_unreadable"]
    assert f"table {table}, " in named[0].where
    assert named[0].where.endswith(f"column {column}")
    assert named[0].found == found
    assert codes(report)


def test_a_table_that_is_gone_or_lacks_a_column_is_named(own: Sample) -> None:
    db = own.ledger.db
    without_guards(db)
    for name, table in READ.items():
        if name == "head":
            continue  # without it there is no ledger to open
        for change in (f'DROP TABLE "{name}"', f'ALTER TABLE "{name}" RENAME TO gone'):
            db.begin()
            db.connection.execute(change + (" CASCADE" if db.name != "sqlite" else "")
                                  if change.startswith("DROP") else change)  # fmt: skip
            found = audit_within(own)
            db.rollback()
            assert [(f.code, f.where) for f in found] == [("table_missing", f"table {name}")]
            assert found[0].found == ", ".join(n for n in table.names if n in found[0].found)
    db.connection.execute('ALTER TABLE "recalls" RENAME COLUMN "recall" TO "other"')
    (finding,) = audit(own).findings
    assert (finding.where, finding.found) == ("table recalls", "recall")


def test_rebuild_mends_cells_that_cannot_be_read(plain: Sample) -> None:
    db = plain.ledger.db
    db.query("UPDATE marks SET seq = 'x' WHERE seq = 5 RETURNING 1")
    db.query(f"UPDATE persons SET name = {GARBLED} RETURNING 1")
    db.query(f"UPDATE head SET seq = {GARBLED} RETURNING 1")
    assert set(codes(audit(plain))) == {"cell_unreadable", "table_row_missing"}
    rebuild(db)
    assert audit(plain).ok


def test_a_key_of_no_entry_is_named(own: Sample) -> None:
    own.do(c.Transfer(source=own.b, target=own.a, items=(item(1, "21"),)), key="k")
    own.ledger.publish()
    assert audit(own).ok
    for seq in (29, 1, 0, -1):
        own.ledger.db.query("UPDATE requests SET seq = ? RETURNING key", (seq,))
        report = audit(own)
        assert codes(report) == ["request_key_false"]
        assert report.findings[0].where == "table requests, key=k"
        assert report.findings[0].found == f"entry {seq}"


def test_a_key_moved_to_the_entry_of_another_key_is_named(own: Sample) -> None:
    for n in (1, 2):
        own.do(c.Transfer(source=own.b, target=own.a, items=(item(1, f"{20 + n}"),)), key=f"k{n}")
    own.ledger.publish()
    assert audit(own).ok
    own.ledger.db.query("UPDATE requests SET seq = 28 WHERE key = 'k2' RETURNING key")
    report = audit(own)
    assert codes(report) == ["request_key_false"]
    (finding,) = report.findings
    assert (finding.where, finding.found) == ("table requests, key=k2", "entry 28")
    assert finding.expected == "an entry that is not key k1's"


def test_a_ledger_without_its_head_is_audited_and_rebuilt(own: Sample) -> None:
    address = own.ledger.address
    own.ledger.db.query("DELETE FROM head WHERE id = 1 RETURNING id")
    with pytest.raises(StoreDamaged, match="onetonne rebuild"):
        own.do(c.Dismiss(person=77))
    with Ledger.open(address) as ledger:
        report = verify(ledger.log, ledger.verifier(), db=ledger.db)
        assert [(f.code, f.where) for f in report.findings] == [
            ("table_row_missing", "table head, id=1")
        ]
        with pytest.raises(StoreDamaged, match="onetonne rebuild"):
            journal_root(ledger)
        rebuild(ledger.db)
    with Ledger.open(address) as ledger:
        assert verify(ledger.log, ledger.verifier(), db=ledger.db).ok
        assert ledger.ask(own.me, c.Dismiss(person=77)).entry is not None


def test_a_finding_says_table_key_column_expected_and_found(own: Sample) -> None:
    db = own.ledger.db
    db.query("UPDATE holdings SET account = ? WHERE lot = 1 AND first = 20 RETURNING 1", (own.a,))
    (finding,) = audit(own).findings
    assert finding.code == "table_differs"
    assert finding.where == "table holdings, lot=1, first=20, column account"
    assert (finding.expected, finding.found) == (str(own.b), str(own.a))
    assert audit(own, compare_tables=False).ok


def test_history_replays_to_the_same_root_with_an_empty_lawbook(own: Sample) -> None:
    """The law that decided is gone: the history still gives the holdings that the tables have."""
    own.ledger.law = own.ledger.writer.law = Law.empty()
    (event,) = journal_root(own.ledger).events
    assert isinstance(event, ev.Rooted)
    replay = Replay()
    replay.run(bytes(data) for (data,) in own.ledger.db.query("SELECT entry FROM journal"
                                                              " ORDER BY seq"))  # fmt: skip
    assert replay.root() == (event.root, event.holdings)
    own.ledger.publish()
    assert audit(own).ok


def test_a_log_that_is_not_there_is_said(sample: Sample, tmp_path: Path) -> None:
    report = verify(tmp_path / "nowhere", sample.ledger.verifier())
    assert codes(report) == ["checkpoint_missing"]
    assert report.entries == 0
