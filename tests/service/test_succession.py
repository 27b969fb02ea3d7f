"""Another key takes the place of the ledger's own: the log goes on, whatever cuts it short."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.service.test_place import NAME, PG, ledger

from onetonne.base.notes import NoteError, open_checkpoint
from onetonne.exchange import consistency, handover
from onetonne.exchange.handover import Handover
from onetonne.ledger import commands as c
from onetonne.service import succession
from onetonne.service.audit import verify
from onetonne.service.consistency import kept_under, since
from onetonne.service.ledger import Ledger
from onetonne.service.place import FORMER, INCOMING, former_keys, remembered
from onetonne.service.succession import Succession, replace_key
from onetonne.store import keys, publish
from onetonne.store.keys import KeyFileError, create_key, load_key
from onetonne.store.tiles import LogError, read_checkpoint, read_note

__all__ = ("PG", "ledger")


def move_on(ledger: Ledger, number: int) -> None:
    registrar = int(ledger.db.query("SELECT person FROM persons ORDER BY person")[0][0])
    answer = ledger.ask(registrar, c.Enrol(person=number, name="B", roles=("agent",)))
    assert answer.entry is not None
    ledger.publish()


def test_the_log_goes_on_under_the_new_key_and_the_old_one_vouches(ledger: Ledger) -> None:
    old, kept = ledger.verifier(), read_note(ledger.log)
    move_on(ledger, 1000_0003)
    done = replace_key(ledger)
    assert (done.old, done.new) == (old, ledger.verifier())
    assert load_key(ledger.folder / "key").verifier == done.new != old
    assert former_keys(ledger.db) == (old,)
    assert not (ledger.folder / INCOMING).exists()
    assert done.aside
    assert load_key(done.aside).verifier == old
    for key in (old, done.new):  # whoever knows either can read it
        assert read_checkpoint(ledger.log, key) == done.point
    assert done.handover is not None
    word = done.handover.read_text()
    assert handover.check(word, old) == Handover(done.point, old, done.new)
    assert open_checkpoint(word, done.new) == done.point
    move_on(ledger, 1000_0004)
    proof, note = since(ledger, kept)
    text = consistency.write(proof, note)
    assert consistency.check(text, kept, done.new, old).ok
    (finding,) = consistency.check(text, kept, done.new).findings
    assert finding.code == "checkpoint_other_key"
    assert (kept_under(ledger, kept), kept_under(ledger, note)) == (old, None)
    proof, note = since(ledger, word)  # the handover is a checkpoint under the new key
    assert consistency.check(consistency.write(proof, note), word, done.new).ok
    assert verify(ledger.log, done.new, [kept, word], ledger.db, former=(old,)).ok
    codes = {f.code for f in verify(ledger.log, done.new, [kept], ledger.db).findings}
    assert codes == {"checkpoint_other_key"}


def test_what_the_old_key_signs_later_is_not_the_ledgers(ledger: Ledger) -> None:
    old = ledger.signer()
    done = replace_key(ledger)
    move_on(ledger, 1000_0003)
    forged = old.sign(read_checkpoint(ledger.log, done.new).text)
    for given, kept in ((forged, forged), (forged, read_note(ledger.log))):
        report = consistency.check(given, kept, done.new, old.verifier)
        assert [f.where for f in report.findings] == ["newer checkpoint"]
    (ledger.log / "checkpoint").write_text(forged)
    codes = {f.code for f in verify(ledger.log, done.new, former=(old.verifier,)).findings}
    assert codes == {"checkpoint_forged"}
    assert done.aside
    done.aside.replace(ledger.folder / "key")
    with pytest.raises(KeyFileError, match="another ledger's key"):
        ledger.publish()


def test_a_third_key_still_proves_to_holders_of_the_first(ledger: Ledger) -> None:
    kept, first = read_note(ledger.log), ledger.verifier()
    second = replace_key(ledger).new
    move_on(ledger, 1000_0003)
    third = replace_key(ledger).new
    assert former_keys(ledger.db) == (second, first)
    proof, note = since(ledger, kept)
    assert consistency.check(consistency.write(proof, note), kept, third, first).ok
    assert len(list(ledger.log.glob("handover-*"))) == 2


def test_a_lost_key_is_replaced_without_its_word(ledger: Ledger) -> None:
    old, kept = ledger.verifier(), read_note(ledger.log)
    with pytest.raises(KeyFileError) as refused:
        replace_key(ledger, lost=True)
    assert refused.value.code == "key_there"
    (ledger.folder / "key").unlink()
    with pytest.raises(KeyFileError) as refused:
        replace_key(ledger)
    assert "onetonne key replace --lost" in str(refused.value)
    assert "onetonne key replace --lost" in refused.value.zh
    assert not (ledger.folder / INCOMING).exists()
    done = replace_key(ledger, lost=True)
    assert (done.handover, done.aside, former_keys(ledger.db)) == (None, None, (old,))
    move_on(ledger, 1000_0003)
    proof, note = since(ledger, kept)
    assert consistency.check(consistency.write(proof, note), kept, done.new, old).ok


def test_neither_key_nor_log_is_no_ground_for_a_new_key(ledger: Ledger) -> None:
    (ledger.folder / "key").unlink()
    (ledger.log / "checkpoint").unlink()
    with pytest.raises(LogError) as refused:
        replace_key(ledger, lost=True)
    assert refused.value.code == "log_missing"
    assert FORMER not in remembered(ledger.db)


CUT: list[tuple[object, str]] = [
    (succession, "create_key"),
    (succession, "cosign"),
    (publish.Disk, "rename"),
    (succession.handover, "write"),
    (succession, "_remember"),
    (keys.os, "link"),
    (succession, "take_place"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("lost", [False, True], ids=["there", "lost"])
@pytest.mark.parametrize("place", CUT, ids=lambda place: place[1])
def test_cut_short_at_any_step_it_holds_and_the_next_run_finishes_it(
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    place: tuple[object, str],
    lost: bool,
    after: bool,
) -> None:
    old = ledger.verifier()
    if lost:
        (ledger.folder / "key").unlink()
    owner, name = place
    made: Callable[..., object] = getattr(owner, name)

    def cut(*args: object, **how: object) -> object:
        if after:
            made(*args, **how)
        raise OSError("no power")

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, cut)
        try:
            replace_key(ledger, lost)
        except OSError:
            pass
        else:  # where a lost key has no such step
            assert (lost, name) in ((True, "write"), (True, "link"))
            return
    known = ledger.verifier()
    assert read_checkpoint(ledger.log, known).size == 3
    settled = (ledger.folder / "key").exists() and load_key(
        ledger.folder / "key"
    ).verifier == known != old
    if not settled:
        if known != old:
            with pytest.raises(KeyFileError) as refused:
                ledger.publish()
            assert refused.value.code == ("key_missing" if lost else "key_half_replaced")
        done = replace_key(ledger, lost)
        assert (done.old, done.new) == (old, ledger.verifier())
        assert (done.handover is None) is lost
        if done.handover:
            assert handover.check(done.handover.read_text(), old) == Handover(
                done.point, old, done.new
            )
    assert former_keys(ledger.db) == (old,)
    assert len(list(ledger.log.glob("handover-*"))) == (0 if lost else 1)
    move_on(ledger, 1000_0003)
    assert verify(ledger.log, ledger.verifier(), db=ledger.db).ok


def test_who_signed_meanwhile_with_the_old_key_is_refused(ledger: Ledger) -> None:
    """Another process read the old key before, and publishes after."""
    signer = ledger.signer()
    replace_key(ledger)
    move_on(ledger, 1000_0003)
    with pytest.raises(ValueError, match="no signature by"):
        publish.publish(ledger.log, ledger._rows_from, signer)
    assert read_checkpoint(ledger.log, ledger.verifier()).size == 4


def test_who_published_in_between_with_the_old_key_holds_nothing_up(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After both signed, another process that had read the old key signs more with it alone."""
    signer, real = ledger.signer(), succession._remember

    def late(*args: object) -> None:
        move_on(ledger, 1000_0003)
        with pytest.raises(NoteError):
            read_checkpoint(ledger.log, load_key(ledger.folder / INCOMING).verifier)
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(succession, "_remember", late)
    done = replace_key(ledger)
    assert (done.old, done.point.size) == (signer.verifier, 4)
    assert read_checkpoint(ledger.log, done.new) == done.point
    assert verify(ledger.log, done.new, db=ledger.db).ok


def test_a_handover_waits_while_another_publishes(ledger: Ledger) -> None:
    """Both would stage their files under the same names."""
    with ThreadPoolExecutor(1) as pool:
        with publish.locked(ledger.log):
            put = pool.submit(publish.put_beside, ledger.log, "handover-x", "told\n")
            with pytest.raises(TimeoutError):
                put.result(timeout=0.2)
            assert not list(ledger.log.glob(".incoming/*"))
        put.result(timeout=10)
    assert (ledger.log / "handover-x").read_text() == "told\n"


def test_two_at_once_come_one_after_the_other(ledger: Ledger) -> None:
    first = ledger.verifier()

    def replace(_: int) -> Succession:
        with Ledger.open(ledger.address) as mine:
            return replace_key(mine)

    with ThreadPoolExecutor(2) as pool:
        done = {one.old: one.new for one in pool.map(replace, range(2))}
    second = done[first]
    assert done == {first: second, second: ledger.verifier()}
    assert former_keys(ledger.db) == (second, first)
    move_on(ledger, 1000_0003)
    assert verify(ledger.log, done[second], db=ledger.db).ok


@pytest.mark.parametrize("lost", [False, True], ids=["handed over", "lost"])
def test_a_database_from_before_learns_the_key_that_followed(ledger: Ledger, lost: bool) -> None:
    first = ledger.verifier()
    for _ in range(2):
        if lost:
            (ledger.folder / "key").unlink()
        replace_key(ledger, lost)
        move_on(ledger, 1000_0003 + ledger.writer.state.seq)
    last, (second, _) = ledger.verifier(), former_keys(ledger.db)
    ledger.db.begin()  # as a backup has it
    ledger.db.query("UPDATE meta SET value = ? WHERE name = 'key' RETURNING name", (str(first),))
    ledger.db.query("DELETE FROM meta WHERE name = ? RETURNING name", (FORMER,))
    ledger.db.commit()
    with pytest.raises(KeyFileError, match="onetonne key replace") as refused:
        ledger.publish()
    assert refused.value.code == "key_other"
    if lost:
        with pytest.raises(KeyFileError, match="another ledger's key"):
            replace_key(ledger)  # nothing but the operator's word says so
    done = replace_key(ledger, lost)
    assert (done.new, ledger.verifier()) == (last, last)
    assert former_keys(ledger.db) == ((first,) if lost else (second, first))
    assert load_key(ledger.folder / "key").verifier == last
    assert verify(ledger.log, last, db=ledger.db).ok


def test_a_key_that_was_replaced_never_comes_back(ledger: Ledger, tmp_path: Path) -> None:
    """Key and log are restored from before the key was replaced, and the new key is lost."""
    shutil.copytree(ledger.log, tmp_path / "log")
    shutil.copy(ledger.folder / "key", tmp_path / "key")
    first, kept = ledger.verifier(), read_note(ledger.log)
    second = replace_key(ledger).new
    move_on(ledger, 1000_0003)
    shutil.rmtree(ledger.log)
    shutil.copytree(tmp_path / "log", ledger.log)
    shutil.copy(tmp_path / "key", ledger.folder / "key")
    for lost, code in ((False, "key_other"), (True, "key_there")):
        with pytest.raises(KeyFileError) as refused:
            replace_key(ledger, lost)
        assert refused.value.code == code
    assert (ledger.verifier(), former_keys(ledger.db)) == (second, (first,))
    (ledger.folder / "key").unlink()
    done = replace_key(ledger, lost=True)
    assert (done.old, former_keys(ledger.db)) == (second, (second, first))
    assert done.new not in (first, second)
    assert read_checkpoint(ledger.log, done.new) == done.point
    assert verify(ledger.log, done.new, [kept], ledger.db, former=(first,)).ok


def test_another_ledgers_key_is_never_followed(ledger: Ledger, tmp_path: Path) -> None:
    (ledger.folder / "key").unlink()
    create_key(ledger.folder / "key", NAME)
    for lost, code in ((False, "key_other"), (True, "key_there")):
        with pytest.raises(KeyFileError) as refused:
            replace_key(ledger, lost)
        assert refused.value.code == code
    assert FORMER not in remembered(ledger.db)


def test_a_handover_says_nothing_unless_both_keys_signed_it(tmp_path: Path) -> None:
    old, new, thief = (create_key(tmp_path / name, NAME) for name in ("a", "b", "c"))
    away = create_key(tmp_path / "d", "registry.example/kr")
    point = consistency.Checkpoint(NAME, 0, bytes(32))

    def code(text: str) -> str:
        told = handover.check(text, old.verifier)
        assert not isinstance(told, Handover)
        assert "金鑰" in told.sentence("zh") or "檢查點" in told.sentence("zh")
        return told.code

    good = handover.write(point, old, new)
    assert handover.check(good, old.verifier) == Handover(point, old.verifier, new.verifier)
    assert code(handover.write(point, thief, new)) == "checkpoint_other_key"
    assert code(old.sign(f"{point.text}{handover.NEXT}{thief.verifier}\n")) == "handover_unsigned"
    assert code(old.sign(f"{point.text}{handover.NEXT}nonsense\n")) == "handover_unsigned"
    assert code(handover.write(point, old, old)) == "handover_to_itself"
    assert code(handover.write(point, old, away)) == "handover_unsigned"
    assert code(old.sign(point.text)) == "handover_none"
    twice = f"{point.text}{handover.NEXT}{new.verifier}\n{handover.NEXT}{thief.verifier}\n"
    assert code(thief.cosign(new.cosign(old.sign(twice)))) == "handover_none"
    assert code(good.replace(str(new.verifier), str(thief.verifier))) != ""
    assert code(old.sign(f"{point.text}a\u2028{handover.NEXT}{new.verifier}\n")) == "handover_none"
    assert code("") == "checkpoint_malformed"
