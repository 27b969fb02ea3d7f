"""A passport verifies with its bytes and a key; spoilt, cut or forged it is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.proof_sample import Sample, item
from tests.service.sample_ledger import ENGINES, engine_address

from onetonne.base.commitments import commitment
from onetonne.base.notes import Signer, parse_verifier_key
from onetonne.exchange import passport as form
from onetonne.exchange.life import Life, Piece
from onetonne.exchange.passport_check import Report, check_passport
from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.lot_replay import LotReplay
from onetonne.ledger.proof_findings import TEXTS
from onetonne.service.audit import verify
from onetonne.service.ledger import LEAVES
from onetonne.service.passport import CannotProve, passport
from onetonne.service.roots import LotRoots, journal_root
from onetonne.store.keys import create_key, load_key
from onetonne.store.schema import HOLDING, holding_from


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    made = Sample(str(tmp_path_factory.mktemp("proof") / "ledger")).fill()
    with made.ledger:
        yield made


@pytest.fixture(scope="module")
def whole(sample: Sample) -> bytes:
    """The passport of serials 1 to 120: retired, held and pledged ones."""
    return passport(sample.ledger, 1, 0, 120)


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    return engine_address(request, tmp_path)


def codes(report: Report) -> set[str]:
    for finding in report.findings:
        assert finding.sentence("en")
        assert finding.sentence("zh") != finding.sentence("en")
    return {finding.code for finding in report.findings}


def changed(data: bytes, **fields: Any) -> bytes:
    """The passport with other fields, made anew with its digest: forged, not damaged."""
    return form.write(msgspec.structs.replace(form.read(data), **fields))


def test_it_says_who_holds_what_as_of_when(sample: Sample, whole: bytes) -> None:
    report = check_passport(whole, sample.ledger.verifier())
    assert report.ok
    assert report.key_given
    held = [(h.first, h.next, h.account, h.status, h.locks) for h in report.holders]
    assert held == [
        (0, 20, 1, "retirement", ()),
        (20, 100, sample.b, "held", ()),
        (100, 120, sample.a, "held", (1,)),
    ]
    assert report.origin == "registry.example/tw"
    assert report.size >= report.rooted > 20
    assert report.rooted_at > 0
    assert report.issued is not None
    assert (report.issued.unit, report.issued.vintage) == ("TCER", 2024)
    assert [step.what for step in report.steps].count("issued") >= 1


def test_public_names_are_opened_and_private_ones_are_not(sample: Sample, whole: bytes) -> None:
    report = check_passport(whole, sample.ledger.verifier())
    assert {(name.role, name.text) for name in report.names} == {
        ("beneficiary", "ACME"),
        ("project", "Roof"),
    }
    assert b"Solar Co" not in whole
    told = passport(sample.ledger, 1, 0, 120, disclose=frozenset({"holder"}))
    names = check_passport(told, sample.ledger.verifier()).names
    assert {name.text for name in names} == {"Solar Co", "買方"}


def test_a_passport_opens_what_concerns_its_serials_and_no_other_name(tmp_path: Any) -> None:
    made = Sample(str(tmp_path / "ledger")).fill()
    both = [c.Retire(source=made.a, items=(item(1, serials),), beneficiary=name,
                     purpose="voluntary_claim", period="2025")
            for serials, name in (("801-810", "Poor Village Fund"),
                                  ("811-820", "MegaCorp"))]  # fmt: skip
    made.do(*both, c.Cancel(source=made.a, items=(item(1, "821-830"),), reason="fire"))
    with made.ledger:
        key, disclose = made.ledger.verifier(), frozenset({"beneficiary", "reason"})
        whole = passport(made.ledger, 1, 795, 840, disclose)
        poor = passport(made.ledger, 1, 800, 810, disclose)
    assert b"MegaCorp" not in poor
    assert b"fire" not in poor
    shown = [(n.first, n.next, n.role, n.text) for n in check_passport(whole, key).names]
    assert shown == [
        (800, 810, "beneficiary", "Poor Village Fund"),
        (810, 820, "beneficiary", "MegaCorp"),
        (820, 830, "reason", "fire"),
    ]
    mixed = changed(poor, openings=form.read(whole).openings)
    (name,) = check_passport(mixed, key).names
    assert (name.first, name.next, name.text) == (800, 810, "Poor Village Fund")
    lie = changed(whole, first=780, next=790, holdings=form.read(whole).holdings[:1])
    assert codes(check_passport(lie, key)) == {"passport_entry_unasked"}


def test_a_converted_unit_names_the_project_of_what_was_burnt(sample: Sample) -> None:
    report = check_passport(passport(sample.ledger, 3, 0, 15), sample.ledger.verifier())
    assert ("project", 2, 10, 25, "Lake") in {
        (n.role, n.lot, n.first, n.next, n.text) for n in report.names
    }


def test_the_check_opens_commitments_as_the_ledger_seals_them(whole: bytes) -> None:
    opening = form.read(whole).openings[0]
    assert commitment(opening.salt, opening.text) == opening.commitment


def test_every_serial_of_the_ledger_has_a_passport(sample: Sample) -> None:
    for lot, size in sample.ledger.db.query("SELECT lot, size FROM lots"):
        data = passport(sample.ledger, lot, 0, size)
        assert check_passport(data, sample.ledger.verifier()).findings == ()


def test_a_converted_unit_is_traced_to_what_was_burnt(sample: Sample) -> None:
    report = check_passport(passport(sample.ledger, 3, 0, 15), sample.ledger.verifier())
    assert {step.lot for step in report.steps} == {2, 3}
    assert {step.what for step in report.steps} == {"issued", "moved", "burnt"}


def test_a_filed_unit_names_its_observation(sample: Sample) -> None:
    bundle = form.read(passport(sample.ledger, 4, 0, 10))
    assert any('"do":"observed"' in proven.entry for proven in bundle.entries)
    cut = tuple(proven for proven in bundle.entries if '"do":"observed"' not in proven.entry)
    data = form.write(msgspec.structs.replace(bundle, entries=cut))
    assert codes(check_passport(data, sample.ledger.verifier())) == {"passport_entry_missing"}


def test_without_a_key_it_says_that_none_was_given(whole: bytes) -> None:
    report = check_passport(whole)
    assert report.ok
    assert not report.key_given


def test_another_key_is_refused(whole: bytes, sample: Sample, tmp_path: Any) -> None:
    create_key(tmp_path / "key", "registry.example/tw")
    other = load_key(tmp_path / "key")
    report = check_passport(whole, other.verifier)
    assert codes(report) == {"passport_key"}  # forged it is only where its own key did not sign it
    third = create_key(tmp_path / "third", "registry.example/tw").verifier
    lie = changed(whole, key=str(third))
    assert codes(check_passport(lie, other.verifier)) == {"passport_key", "passport_checkpoint"}


def test_a_checkpoint_signed_by_a_forger_is_refused(
    whole: bytes, sample: Sample, tmp_path: Any
) -> None:
    create_key(tmp_path / "key", "registry.example/tw")
    forger: Signer = load_key(tmp_path / "key")
    text = form.read(whole).checkpoint.partition("\n\n")[0] + "\n"
    forged = changed(whole, checkpoint=forger.sign(text))
    assert codes(check_passport(forged, sample.ledger.verifier())) == {"passport_checkpoint"}
    own = changed(whole, checkpoint=forger.sign(text), key=str(forger.verifier))
    assert "passport_key" in codes(check_passport(own, sample.ledger.verifier()))


def test_a_holding_left_out_is_found_wherever_it_was(whole: bytes, sample: Sample) -> None:
    key, held = sample.ledger.verifier(), form.read(whole).holdings
    assert len(held) == 3
    for at in range(3):
        cut = changed(whole, holdings=held[:at] + held[at + 1 :])
        assert "passport_holding_missing" in codes(check_passport(cut, key))
    assert "passport_holding_missing" in codes(check_passport(changed(whole, holdings=()), key))


def test_an_entry_left_out_is_found(whole: bytes, sample: Sample) -> None:
    entries = form.read(whole).entries
    for at in range(len(entries)):
        cut = changed(whole, entries=entries[:at] + entries[at + 1 :], openings=())
        found = check_passport(cut, sample.ledger.verifier()).findings
        assert "passport_entry_missing" in {finding.code for finding in found}


def test_two_entries_swapped_are_found(whole: bytes, sample: Sample) -> None:
    entries = list(form.read(whole).entries)
    entries[1], entries[2] = entries[2], entries[1]
    report = check_passport(changed(whole, entries=tuple(entries)), sample.ledger.verifier())
    assert "passport_entry" in codes(report)


@pytest.mark.parametrize(
    ("field", "value"),
    [("account", 2), ("moved", 3), ("locks", (5,)), ("index", 9), ("path", ("00" * 32,))],
)
def test_a_holding_told_otherwise_is_found(
    whole: bytes, sample: Sample, field: str, value: Any
) -> None:
    held = list(form.read(whole).holdings)
    held[1] = msgspec.structs.replace(held[1], **{field: value})
    report = check_passport(changed(whole, holdings=tuple(held)), sample.ledger.verifier())
    assert "passport_root" in codes(report)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"first": 120}, "passport_holding_missing"),
        ({"next": 2**61}, "passport_holding_missing"),
        ({"lot": 2}, "passport_root"),
        ({"origin": "registry.example/other"}, "passport_key"),
        ({"rooted": 1}, "passport_root"),
        ({"checkpoint": ""}, "passport_checkpoint"),
        ({"key": "nonsense"}, "passport_key"),
        ({"version": 2}, "passport_unreadable"),
        ({"openings": (form.Opening("00", "aa", "ACME"),)}, "passport_opening"),
    ],
)
def test_each_part_told_otherwise_is_found(
    whole: bytes, sample: Sample, change: dict[str, Any], code: str
) -> None:
    assert code in codes(check_passport(changed(whole, **change), sample.ledger.verifier()))


@pytest.mark.parametrize("spelling", ["{0} ", " {0}", "{1}", "{2}"])
def test_a_hash_has_one_spelling(whole: bytes, sample: Sample, spelling: str) -> None:
    """The page says lower-case hex: another reader would refuse any other."""
    bundle = form.read(whole)
    first = bundle.entries[0]
    root, step = (
        spelling.format(h, h.upper(), bytes.fromhex(h).hex(" "))
        for h in (bundle.proven.root, first.proof[0])
    )
    proven = msgspec.structs.replace(bundle.proven, root=root)
    entry = msgspec.structs.replace(first, proof=(step, *first.proof[1:]))
    key = sample.ledger.verifier()
    assert "passport_root" in codes(check_passport(changed(whole, proven=proven), key))
    entries = (entry, *bundle.entries[1:])
    assert "passport_entry" in codes(check_passport(changed(whole, entries=entries), key))


@pytest.mark.slow
def test_every_byte_counts(whole: bytes, sample: Sample) -> None:
    """Each byte of the file, one after the other, is spoilt once."""
    key = sample.ledger.verifier()
    for at in range(len(whole)):
        spoilt = bytearray(whole)
        spoilt[at] ^= 0x01
        report = check_passport(bytes(spoilt), key)
        assert not report.ok, at
        assert report.findings[0].sentence("en")


@settings(max_examples=300)
@given(st.data())
def test_any_flipped_bits_are_refused_and_named(
    whole: bytes, sample: Sample, data: st.DataObject
) -> None:
    spoilt = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    report = check_passport(bytes(spoilt), sample.ledger.verifier())
    assert report.ok == (bytes(spoilt) == whole)
    codes(report)


@pytest.mark.parametrize("part", ["holdings", "entries", "openings"])
def test_a_wall_of_what_is_wrong_is_not_listed_whole(
    whole: bytes, sample: Sample, part: str
) -> None:
    few = getattr(form.read(whole), part)
    wall = (msgspec.structs.replace(few[0], **{few[0].__struct_fields__[1]: "0"}),) * 1_500
    if part == "holdings":
        wall = few[:1] * 1_001
    report = check_passport(changed(whole, **{part: wall}), sample.ledger.verifier())
    assert 1 <= len(report.findings) <= 100


@given(st.binary(max_size=300))
def test_what_is_no_passport_is_refused(noise: bytes) -> None:
    report = check_passport(noise)
    assert [finding.code for finding in report.findings] == ["passport_unreadable"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"lot":1,', b'"lot":1.5,'),
        (b'"lot":1,', b""),
        (b'"lot":1,', b'"lot":-1,'),
        (b'"lot":1,', b'"lot":1,"lots":2,'),
        (b'"lot":1,', b'"lot":1, '),
        (b'"lot":1,', b'"lot":99999999999999999999999,'),
        (b'"lot":1,', b'"lot":NaN,'),
        (b'"lot":1,', b'"lot":' + b"[" * 100_000),
        (b'"lot":1,', b'"lot":"\xff",'),
        (b'"version":1,', b'"version":2,'),
        (b'{"index":0,', b'{"x":0,"index":0,'),
        (b'{"index":0,', b"{"),
        (b'"digest":', b""),
    ],
)
def test_why_a_passport_cannot_be_read_is_said_in_chinese(
    whole: bytes, old: bytes, new: bytes
) -> None:
    (finding,) = check_passport(whole.replace(old, new, 1)).findings
    assert finding.code == "passport_unreadable"
    assert not re.search("[a-z]{2,} [a-z]{2,}", finding.sentence("zh")), finding.sentence("zh")


@given(st.data())
def test_a_resealed_forgery_never_crashes_the_check(
    whole: bytes, sample: Sample, data: st.DataObject
) -> None:
    """Any part replaced by any value of its type, and the digest made to fit."""
    bundle = form.read(whole)
    name = data.draw(st.sampled_from(["proven", "holdings", "entries", "openings"]))
    part = getattr(bundle, name)
    one = part if name == "proven" else data.draw(st.sampled_from(part))
    field = data.draw(st.sampled_from(one.__struct_fields__))
    old = getattr(one, field)
    values: dict[type, st.SearchStrategy[Any]] = {
        int: st.integers(0, 2**62),
        str: st.text(st.characters(codec="utf-8"), max_size=70),
        tuple: st.just(()) if field == "locks" else st.lists(st.just("ab" * 32)).map(tuple),
    }
    new = data.draw(values[type(old)].filter(lambda value: value != old))
    forged = msgspec.structs.replace(one, **{field: new})
    whole_part = forged if name == "proven" else tuple(forged if x is one else x for x in part)
    report = check_passport(changed(whole, **{name: whole_part}), sample.ledger.verifier())
    if (name, field) != ("proven", "lots"):
        assert not report.ok


def test_what_no_passport_can_be_made_for_is_said(sample: Sample) -> None:
    for lot, first, next_ in ((99, 0, 1), (1, 5, 5), (1, 0, 1001), (1, -1, 3)):
        with pytest.raises(CannotProve):
            passport(sample.ledger, lot, first, next_)


def test_a_life_too_large_for_one_file_is_asked_for_in_parts(
    sample: Sample, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "MAX_BYTES", len(whole))
    assert passport(sample.ledger, 1, 0, 120) == whole
    monkeypatch.setattr(form, "MAX_BYTES", len(whole) - 1)
    with pytest.raises(CannotProve, match="Ask for a smaller block") as refused:
        passport(sample.ledger, 1, 0, 120)
    assert "請索取較小的區段" in refused.value.zh


def test_a_walk_that_never_ends_is_cut_off() -> None:
    """A planted history in which serials were cut at every entry costs no more than the limit."""
    size = 2**20

    def entry(seq: int) -> ev.Entry:
        held = tuple((low, seq - 1) for low in range(0, size, max(1, size >> seq)))[:70_000]
        move = ev.Moved(lot=1, first=0, next=size, source=5, target=5, held=held)
        return ev.Entry(1, seq, 0, 0, "", (move,))

    life = Life(lambda seq: entry(min(seq, 18)) if seq else None)
    life.walk([Piece(1, 0, size, 5, 18)])
    assert "passport_too_large" in {finding.code for finding in life.findings}


@pytest.mark.parametrize(
    "edit",
    [
        "account = {a}",
        "account = {b}, moved = 9",
        "moved = 9",
        "locks = '1'",
    ],
    ids=["another holder", "the holder before", "an earlier move", "a lock"],
)
@pytest.mark.parametrize("kept", [True, False], ids=["leaves kept", "leaves lost"])
def test_tables_that_the_journal_contradicts_give_no_passport_and_no_root(
    address: str, edit: str, kept: bool
) -> None:
    """Serials 1 to 20 were retired; a row edited by hand says that they are held."""
    made = Sample(address).fill()
    if not kept:
        (made.ledger.folder / LEAVES).unlink()
    change = edit.format(a=made.a, b=made.b)
    sql = f"UPDATE holdings SET {change} WHERE lot = 1 AND first = 0 AND next = 20 RETURNING 1"
    assert made.ledger.db.query(sql) == [(1,)]
    with made.ledger:
        before = made.ledger.db.query("SELECT seq FROM head")
        for first in (0, 500):  # the root would be false for every serial of the lot
            with pytest.raises(CannotProve, match="differ from serial 0 of lot 1") as refused:
                passport(made.ledger, 1, first, first + 5)
            assert "批次 1 自序號 0" in refused.value.zh
        assert made.ledger.db.query("SELECT seq FROM head") == before, "no false root is journaled"
        assert check_passport(passport(made.ledger, 2, 0, 5), made.ledger.verifier()).ok


def test_a_row_edited_in_a_lot_that_did_not_move_since_the_last_root_is_not_signed(
    address: str,
) -> None:
    made = Sample(address).fill()
    with made.ledger:
        journal_root(made.ledger)
        sql = "UPDATE holdings SET account = ? WHERE lot = 1 AND first = 0 RETURNING 1"
        assert made.ledger.db.query(sql, (made.a,)) == [(1,)]
        made.do(c.Transfer(source=made.b, target=made.a, items=(item(3, "1"),)))
        journal_root(made.ledger)
        made.ledger.publish()
        report = verify(made.ledger.log, made.ledger.verifier(), db=made.ledger.db)
        assert {finding.code for finding in report.findings} == {"table_differs"}


def test_a_lock_that_the_tables_lost_is_missed(address: str) -> None:
    made = Sample(address).fill()
    sql = "UPDATE holdings SET locks = NULL WHERE lot = 1 AND first = 100 RETURNING 1"
    assert made.ledger.db.query(sql) == [(1,)]
    with made.ledger, pytest.raises(CannotProve, match="differ from serial 100 of lot 1"):
        passport(made.ledger, 1, 0, 5)


def test_entries_that_do_not_follow_give_no_passport(address: str) -> None:
    made = Sample(address).fill()
    rows = made.ledger.db.query("SELECT seq, entry FROM journal ORDER BY seq")
    seq, data = next(row for row in rows if b'"do":"retired"' in bytes(row[1]))
    spoilt = bytes(data).replace(f'"source":{made.b}'.encode(), f'"source":{made.a}'.encode())
    made.ledger.db.query("UPDATE journal SET entry = ? WHERE seq = ? RETURNING 1", (spoilt, seq))
    with made.ledger, pytest.raises(CannotProve, match=f"after entry {seq - 1} ") as refused:
        passport(made.ledger, 1, 0, 5)
    assert f"條目 {seq - 1} 之後" in refused.value.zh


def test_a_lot_replayed_alone_has_the_holdings_of_the_tables(tmp_path: Any) -> None:
    made = Sample(str(tmp_path / "ledger")).fill()
    made.comply()
    made.authorise(6)
    with made.ledger:
        db = made.ledger.db
        lots = [lot for (lot,) in db.query("SELECT lot FROM lots")]
        assert len(lots) == 7
        for lot in lots:
            replay = LotReplay(lot)
            for seq, data in db.query("SELECT seq, entry FROM journal ORDER BY seq"):
                replay.take(seq, bytes(data))
            sql = f"SELECT {', '.join(HOLDING)} FROM holdings WHERE lot = ? AND next IS NOT NULL"
            rows = db.query(f"{sql} ORDER BY first", (lot,))
            assert replay.holdings == [holding_from(row) for row in rows], lot


def test_a_long_journal_is_read_in_pages(
    sample: Sample, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onetonne.service.passport.PAGE", 2)
    assert passport(sample.ledger, 1, 0, 120) == whole


def test_a_root_is_journaled_only_when_something_moved(tmp_path: Any) -> None:
    made = Sample(str(tmp_path / "ledger")).fill()
    kept = LotRoots(made.ledger.db)
    first = journal_root(made.ledger, kept)
    assert journal_root(made.ledger, kept) == first
    made.do(c.OpenAccount(account=1234567897, party="TW", holder="x"))
    assert journal_root(made.ledger, kept) == first
    made.do(c.Transfer(source=made.a, target=made.b, items=(item(1, "801-805"),)))
    second = journal_root(made.ledger, kept)
    assert second.seq > first.seq
    assert second == journal_root(made.ledger)  # kept leaves and a full reading agree
    made.ledger.close()


class Counting(LotRoots):
    """Says which lots were read from the tables."""

    def __init__(self, made: Sample) -> None:
        super().__init__(made.ledger.db, made.ledger.folder / LEAVES)
        self.read: list[int] = []

    def _take(self, rows: Any) -> None:
        for row in (rows := list(rows)):
            self.read.append(row[0])
        super()._take(rows)


def test_only_lots_that_moved_are_read_again_by_the_next_process(tmp_path: Any) -> None:
    made = Sample(str(tmp_path / "ledger")).fill()
    before = journal_root(made.ledger)
    quiet = Counting(made)
    assert journal_root(made.ledger, quiet) == before
    assert quiet.read == []
    made.do(c.Transfer(source=made.b, target=made.a, items=(item(3, "1"),)))
    moved = Counting(made)
    after = journal_root(made.ledger, moved)
    assert set(moved.read) == {3}
    assert journal_root(made.ledger, LotRoots(made.ledger.db)) == after
    assert verify(made.ledger.log, made.ledger.verifier(), db=made.ledger.db).ok
    made.ledger.close()


@pytest.mark.parametrize("spoil", ["", "{", '{"place":[20,"00",1],"leaves":[]}'])
def test_kept_leaves_that_do_not_fit_are_not_believed(tmp_path: Any, spoil: str) -> None:
    made = Sample(str(tmp_path / "ledger")).fill()
    (made.ledger.folder / LEAVES).write_text(spoil)
    counting = Counting(made)
    journal_root(made.ledger, counting)
    assert set(counting.read) == {1, 2, 3, 4}
    assert verify(made.ledger.log, made.ledger.verifier(), db=made.ledger.db).ok
    made.ledger.close()


@pytest.mark.parametrize("change", ["root", "count", "size", "lot", "gone", "place", "beyond"])
def test_kept_leaves_that_were_altered_are_made_anew_and_never_signed(
    tmp_path: Any, change: str
) -> None:
    made = Sample(str(tmp_path / "ledger")).fill()
    before = journal_root(made.ledger)
    file = made.ledger.folder / LEAVES
    kept = msgspec.json.decode(file.read_bytes())
    assert kept["place"][0] == before.seq
    leaf = kept["leaves"][0]
    if change == "root":
        leaf["root"] = ("B" if leaf["root"][0] == "A" else "A") + leaf["root"][1:]
    elif change == "gone":
        kept["leaves"].pop()
    elif change == "place":
        kept["place"][0] += 1
    elif change == "beyond":
        kept["place"][0] = 2**64
    else:
        leaf[change] += 1
    file.write_bytes(msgspec.json.encode(kept))
    made.do(c.Transfer(source=made.b, target=made.a, items=(item(3, "1"),)))
    counting = Counting(made)
    after = journal_root(made.ledger, counting)
    assert set(counting.read) == {1, 2, 3, 4}
    assert after == journal_root(made.ledger, LotRoots(made.ledger.db))
    made.ledger.publish()
    assert verify(made.ledger.log, made.ledger.verifier(), db=made.ledger.db).ok
    again = Counting(made)
    assert journal_root(made.ledger, again) == after
    assert again.read == []
    made.ledger.close()


def test_kept_leaves_of_a_root_that_is_not_the_journals_are_not_believed(tmp_path: Any) -> None:
    """A whole tree that is consistent in itself, and of another history."""
    made = Sample(str(tmp_path / "ledger")).fill()
    journal_root(made.ledger)
    file = made.ledger.folder / LEAVES
    old = msgspec.json.decode(file.read_bytes())
    made.do(c.Transfer(source=made.b, target=made.a, items=(item(3, "1"),)))
    journal_root(made.ledger)
    new = msgspec.json.decode(file.read_bytes())
    file.write_bytes(msgspec.json.encode({"place": new["place"], "leaves": old["leaves"]}))
    counting = Counting(made)
    journal_root(made.ledger, counting)
    assert set(counting.read) == {1, 2, 3, 4}
    made.ledger.close()


def test_every_code_has_both_sentences() -> None:
    for code, texts in TEXTS.items():
        assert len(texts) == 2, code
        assert all(texts), code


def test_both_stores_give_a_passport_that_verifies(address: str) -> None:
    made = Sample(address).fill()
    with made.ledger:
        data = passport(made.ledger, 1, 0, 1000)
        key = parse_verifier_key(str(made.ledger.verifier()))
    assert check_passport(data, key).findings == ()
