"""An operator who signs falsehoods: the log is consistent, the passport says what never was."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onetonne.base import merkle
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
    entries: list[tuple[ev.Event, ...]], *holdings: Holding, size: int = 100, **changes: Any
) -> bytes:
    """A passport of serials 0 to 99 whose every hash and signature is right."""
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
        tuple(form.ProvenEntry(n + 1, text.decode(), proof(n)) for n, text in enumerate(data)),
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
    report = check_passport(told(basket, Holding(0, 100, 1, 4)), SIGNER.verifier)
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
