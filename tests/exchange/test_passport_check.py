"""An operator who signs falsehoods: the log is consistent, the passport says what never was."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onetonne.base import merkle
from onetonne.base.commitments import commitment
from onetonne.base.notes import Checkpoint, Signer
from onetonne.exchange import passport as form
from onetonne.exchange.passport_check import check_passport
from onetonne.ledger import codec, roots
from onetonne.ledger import events as ev
from onetonne.ledger.lanes import Holding

NAME = "registry.example/tw"
SIGNER = Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
A, B = 1234567897, 2345678911


def opened(account: int) -> ev.AccountOpened:
    return ev.AccountOpened(account=account, kind="entity")


def issued(**more: Any) -> ev.Issued:
    return ev.Issued(lot=1, unit="TCER", size=100, account=A, first_number="1", **more)


def moved(first: int, next_: int, source: int, target: int, *held: tuple[int, int]) -> ev.Moved:
    return ev.Moved(lot=1, first=first, next=next_, source=source, target=target, held=held)


def history(*acts: tuple[ev.Event, ...]) -> list[tuple[ev.Event, ...]]:
    """Entries 1 to 3 found the ledger, open both accounts and issue; then what is planted."""
    founding = ev.Founded(ledger=NAME, party="TW", zone="UTC", sinks={"retirement": 1})
    return [(founding,), (opened(A), opened(B)), (issued(),), *acts]


def told(
    entries: list[tuple[ev.Event, ...]],
    *holdings: Holding,
    size: int = 100,
    without: tuple[int, ...] = (),
    **changes: Any,
) -> bytes:
    """A passport of serials 0 to 99 whose every hash and signature is right, `without` some of the
    log's entries."""
    leaf = roots.lot_leaf(1, size, holdings)
    rooted = ev.Rooted(root=roots.holdings_root([leaf]).hex(), holdings=len(holdings))
    whole = [*entries, (rooted,)]
    data = [codec.encode(ev.Entry(1, seq, 7, 0, "", e)) for seq, e in enumerate(whole, 1)]
    data = [changes.pop(f"entry_{seq}", text) for seq, text in enumerate(data, 1)]
    hashes = [merkle.leaf_hash(text) for text in data]
    tree, paths = merkle.in_memory(hashes), roots.holding_paths(1, holdings, range(len(holdings)))

    def proof(at: int) -> tuple[str, ...]:
        return tuple(h.hex() for h in merkle.inclusion_proof(tree, at, len(hashes)))

    point = Checkpoint(NAME, len(data), merkle.root(hashes))
    bundle = form.Bundle(
        form.FORMAT, form.VERSION, 1, 0, 100, NAME, str(SIGNER.verifier),
        SIGNER.sign(point.text), len(data),
        form.ProvenLot(size, len(holdings), leaf.root.hex(), 0, 1, ()),
        tuple(form.ProvenHolding(at, h.first, h.next, h.account, h.moved, h.locks,
                                 tuple(step.hex() for step in path))
              for at, (h, path) in enumerate(zip(holdings, paths, strict=True))),
        tuple(form.ProvenEntry(n, text.decode(), proof(n - 1)) for n, text in enumerate(data, 1)
              if n not in without),
        (),
    )  # fmt: skip
    return form.write(msgspec.structs.replace(bundle, **changes))


def found(data: bytes) -> list[tuple[str, str]]:
    report = check_passport(data, SIGNER.verifier)
    return [(finding.code, finding.where) for finding in report.findings]


def test_a_true_history_holds() -> None:
    cut = history(
        (moved(0, 40, A, B, (0, 3)),),
        (moved(40, 60, A, B, (40, 3)),),
        (moved(20, 60, B, A, (0, 4), (40, 5)),),
    )
    now = (Holding(0, 20, B, 4), Holding(20, 60, A, 6), Holding(60, 100, A, 3))
    assert found(told(cut, *now)) == []


def test_a_basket_that_moves_twice_in_one_entry_holds() -> None:
    basket = history((moved(0, 100, A, B, (0, 3)), moved(0, 100, B, 1, (0, 4))))
    data = told(basket, Holding(0, 100, 1, 4), without=(2,))
    report = check_passport(data, SIGNER.verifier)
    assert report.findings == ()
    assert [(s.source, s.account) for s in report.steps] == [(0, A), (A, B), (B, 1)]


def test_a_holder_to_whom_no_move_leads() -> None:
    moves = history((moved(0, 40, A, B, (0, 3)),))
    assert found(told(moves, Holding(0, 100, B, 4))) == [("passport_move", "entry 4")]
    assert found(told(moves, Holding(0, 100, B, 2))) == [("passport_move", "entry 2")]


def test_a_move_to_somebody_else() -> None:
    moves = history((moved(0, 100, A, B, (0, 3)),))
    assert found(told(moves, Holding(0, 100, A, 4))) == [("passport_move", "entry 4")]


def test_a_move_from_somebody_who_never_had_it() -> None:
    moves = history((moved(0, 100, B, B, (0, 3)),))
    assert found(told(moves, Holding(0, 100, B, 4))) == [("passport_move", "entry 3")]


def test_a_move_that_names_no_holdings_or_later_ones_or_none_in_order() -> None:
    for held in ([], [(5, 3)], [(0, 9)], [(0, 3), (70, 3), (60, 3)], [(0, 3), (100, 3)]):
        moves = history((moved(0, 100, A, B, *held),))
        assert ("passport_move", "entry 4") in found(told(moves, Holding(0, 100, B, 4))), held


def test_a_move_after_the_root_it_stands_under() -> None:
    late = told(history(), Holding(0, 100, A, 4))
    assert found(late) == [("passport_move", "entry 4")] * 2  # too late, and not there


def test_a_lot_of_another_size_than_was_issued() -> None:
    more = told(history(), Holding(0, 120, A, 3), size=120)
    assert ("passport_root", "lot 1") in found(more)


def test_a_filed_unit_whose_observation_is_none() -> None:
    filed = history()
    filed[2] = (issued(origin="filed", foreign_key="VCS-1", facts={"observation": "2"}),)
    assert found(told(filed, Holding(0, 100, A, 3))) == [("passport_move", "entry 2")]
    seen = ev.Observed(register="r", digest="", root="", rows=1, day=date(2024, 1, 1))
    filed[1] = (*filed[1], seen)
    assert found(told(filed, Holding(0, 100, A, 3))) == []


def test_the_log_of_another_ledger() -> None:
    other = history()
    other[0] = (ev.Founded(ledger="registry.example/kr", party="KR", zone="UTC", sinks={}),)
    assert found(told(other, Holding(0, 100, A, 3))) == [("passport_key", "")]
    data = told(history(), Holding(0, 100, A, 3), origin="registry.example/kr")
    assert found(data) == [("passport_key", "")] * 2  # the checkpoint's name, the founding's


def test_entries_that_are_none_or_stand_elsewhere() -> None:
    held = Holding(0, 100, A, 3)
    assert ("passport_entry", "entry 2") in found(told(history(), held, entry_2=b"no entry"))
    moved_on = codec.encode(ev.Entry(1, 9, 7, 0, "", (opened(A), opened(B))))
    assert ("passport_entry", "entry 2") in found(told(history(), held, entry_2=moved_on))


def test_an_entry_that_the_log_does_not_have() -> None:
    bundle = form.read(told(history(), Holding(0, 100, A, 3)))
    entries = list(bundle.entries)
    entries[1] = msgspec.structs.replace(entries[1], entry=entries[1].entry + " ")
    data = form.write(msgspec.structs.replace(bundle, entries=tuple(entries)))
    assert ("passport_entry", "entry 2") in found(data)


def test_a_digest_that_does_not_fit_is_damage() -> None:
    data = told(history(), Holding(0, 100, A, 3))
    end = b'0"}' if data[-3:-2] != b"0" else b'1"}'
    assert found(data[:-3] + end) == [("passport_damaged", "")]


def test_an_entry_that_the_walk_does_not_ask_for_is_refused_by_name() -> None:
    """Entry 4 retires serials that are not these; what it says would be read as said of these."""
    other = history((ev.Retired(certificate=1, source=B, beneficiary="00", purpose="p"),))
    report = check_passport(told(other, Holding(0, 100, A, 3)), SIGNER.verifier)
    (finding,) = report.findings
    assert (finding.code, finding.where) == ("passport_entry_unasked", "entry 4")
    assert "asks for entries 1, 2, 3, 5." in finding.sentence("en")
    assert "條目 1, 2, 3, 5。" in finding.sentence("zh")
    assert report.names == ()
    assert found(told(other, Holding(0, 100, A, 3), without=(4,))) == []


def test_a_long_list_of_entries_asked_for_is_cut() -> None:
    there_and_back = [(moved(0, 100, A, B, (0, n)) if n % 2 else moved(0, 100, B, A, (0, n)),)
                      for n in range(3, 41)]  # fmt: skip
    more = history(*there_and_back, (opened(1),))
    report = check_passport(told(more, Holding(0, 100, A, 41)), SIGNER.verifier)
    (finding,) = report.findings
    assert finding.where == "entry 42"
    assert "20 and 22 more." in finding.sentence("en")
    assert "20 等，另有 22 筆。" in finding.sentence("zh")


def named(data: bytes) -> list[tuple[str, int, int, int, str]]:
    report = check_passport(data, SIGNER.verifier)
    assert report.findings == ()
    return [(name.role, name.seq, name.first, name.next, name.text) for name in report.names]


def opening(text: str) -> form.Opening:
    return form.Opening(commitment("s", text), "s", text)


def sealed(text: str) -> str:
    return commitment("s", text)


def retired(number: int, name: str, source: int = A) -> ev.Retired:
    return ev.Retired(certificate=number, source=source, beneficiary=sealed(name), purpose="p")


POOR, MEGA = opening("Poor Village Fund"), opening("MegaCorp Plc")


def test_each_name_stands_beside_the_serials_that_it_speaks_of() -> None:
    basket = history((
        retired(1, "Poor Village Fund"), moved(0, 10, A, 1, (0, 3)), moved(10, 20, A, 1, (10, 3)),
        retired(2, "MegaCorp Plc"), moved(20, 60, A, 1, (20, 3)),
        moved(60, 100, A, B, (60, 3)),
    ))  # fmt: skip
    held = (Holding(0, 10, 1, 4), Holding(10, 60, 1, 4), Holding(60, 100, B, 4))
    poor = ("beneficiary", 4, 0, 20, "Poor Village Fund")
    mega = ("beneficiary", 4, 20, 60, "MegaCorp Plc")
    assert named(told(basket, *held, openings=(POOR, MEGA))) == [poor, mega]
    assert named(told(basket, *held, openings=(MEGA,))) == [mega]
    assert named(told(basket, *held)) == []


def test_a_name_of_the_same_basket_is_not_shown_of_other_serials() -> None:
    basket = history((
        retired(1, "Poor Village Fund"), moved(0, 10, A, 1, (0, 3)),
        retired(2, "MegaCorp Plc"), moved(10, 20, A, 1, (10, 3)),
    ))  # fmt: skip
    held = (Holding(0, 10, 1, 4), Holding(10, 20, 1, 4), Holding(20, 100, A, 3))
    whole = form.read(told(basket, *held, without=(2,), openings=(MEGA,)))
    first = msgspec.structs.replace(whole, next=10, holdings=whole.holdings[:1])
    assert named(form.write(first)) == []
    rest = msgspec.structs.replace(whole, first=15, next=20, holdings=whole.holdings[1:2])
    assert named(form.write(rest)) == [("beneficiary", 4, 15, 20, "MegaCorp Plc")]


@pytest.mark.parametrize(
    "head",
    [
        retired(1, "MegaCorp Plc", source=B),
        ev.Cancelled(source=A, kind="voluntary", reason=sealed("MegaCorp Plc")),
        ev.Corrected(entry=2, reason=sealed("MegaCorp Plc")),
    ],
    ids=["another's retirement", "another end", "a correction of another entry"],
)
def test_a_head_that_is_not_of_this_move_gives_it_no_name(head: ev.Event) -> None:
    planted = history((head, moved(0, 100, A, 1, (0, 3))))
    data = told(planted, Holding(0, 100, 1, 4), without=(2,), openings=(MEGA,))
    assert named(data) == []


def test_what_was_put_right_shows_the_reason_and_no_longer_the_beneficiary() -> None:
    right = history(
        (retired(1, "MegaCorp Plc"), moved(0, 100, A, 1, (0, 3))),
        (ev.Corrected(entry=4, reason=sealed("wrong")), moved(0, 100, 1, A, (0, 4))),
    )
    data = told(right, Holding(0, 100, A, 5), openings=(MEGA, opening("wrong")))
    assert named(data) == [("reason", 5, 0, 100, "wrong")]


def test_holder_and_project_are_those_of_the_block() -> None:
    shown = history()
    shown[1] = (msgspec.structs.replace(opened(A), holder=sealed("Ann")),
                msgspec.structs.replace(opened(B), holder=sealed("Bob")),
                ev.ProjectRegistered(project="X", party="TW", name=sealed("Other")),
                ev.ProjectRegistered(project="P", party="TW", name=sealed("Roof")))  # fmt: skip
    shown[2] = (issued(project="P"),)
    names = tuple(opening(text) for text in ("Ann", "Bob", "Other", "Roof"))
    assert named(told(shown, Holding(0, 100, A, 3), openings=names)) == [
        ("holder", 2, 0, 100, "Ann"),
        ("project", 2, 0, 100, "Roof"),
    ]
