"""The reasons to refuse that only the service knows: who may ask, keys used before, entries that
are too large; and odd input that no store could even be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger.given import (
    AGENT,
    AUTHORITY,
    DAY,
    LAW,
    REGISTRAR,
    SECOND,
    A,
    B,
    amount,
    ask,
    block,
    furnished,
    given,
)
from tests.ledger.refusal_rows import ADMIT, CONVERT, LOT, MOVE, OBSERVE, PLEDGE, RETIRE, SERVICE

from onetonne.base.account_numbers import is_valid
from onetonne.ledger import commands as c
from onetonne.ledger.commands import Act, Item, Request
from onetonne.ledger.refusals import CODES
from onetonne.ledger.state import State
from onetonne.service.execute import (
    Answer,
    Writer,
    new_account_number,
    new_person_number,
    request_digest,
)
from onetonne.service.founding import found
from onetonne.service.identity import permitted
from onetonne.store.sqlite import Sqlite

HUGE = 10**30
CANCEL = c.Cancel(source=A, items=block("1"))
DECREE = replace(CONVERT, rule="DECREE")
GRADE = c.Label(items=block("1"), kind="grade", value="A")
OWN = c.Label(items=block("1"), kind="own", value="A", source=A)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    db = Sqlite(tmp_path / "ledger.db", create=True)
    me = found(db, LAW, ledger="test.example/tw", party="TW")
    writer = Writer(db, LAW)
    acts = (c.Enrol(person=REGISTRAR, name="", roles=("registrar", "authority")), *furnished(), LOT)
    for act in acts:
        assert writer.execute([Request(by=me, acts=(act,))])[0].refusal is None
    yield writer
    db.close()


def refused(answer: Answer) -> str:
    return answer.refusal.code if answer.refusal else ""


def test_these_are_all() -> None:
    assert set(SERVICE) < set(CODES)


def test_an_entry_beyond_a_tile_is_too_large(writer: Writer) -> None:
    project = c.RegisterProject(project="P9", party="TW", methodology="x" * 65_535)
    (answer,) = writer.execute([ask(project)])
    assert refused(answer) == "entry_too_large"
    assert answer.refusal is not None
    assert answer.refusal.facts["limit"] == 65_535
    fits = replace(project, methodology="x" * 65_000)
    assert refused(writer.execute([ask(fits)])[0]) == ""


def test_a_key_names_one_request_for_ever(writer: Writer) -> None:
    (first,) = writer.execute([ask(MOVE, key="k")])
    assert first.entry is not None
    (again,) = writer.execute([ask(MOVE, key="k")])
    assert (again.repeated, again.entry) == (True, first.entry)
    for other in (
        ask(RETIRE, key="k"),
        ask(MOVE, key="k", by=SECOND),
        ask(MOVE, key="k", cites="d"),
        ask(MOVE, key="k", effective=DAY),
    ):
        (answer,) = writer.execute([other])
        assert answer.refusal is not None
        assert answer.refusal.code == "key_reused"
        assert answer.refusal.facts == {"key": "k", "entry": first.entry.seq}


NAMES = (
    c.Retire(source=A, items=block("1"), beneficiary="Ms Chen", period="2025"),
    c.Retire(source=A, items=block("2"), beneficiary="Mr Lin", period="2025"),
    c.Cancel(source=A, items=block("3"), reason="hers"),
)
"""Acts that seal three texts."""


def named(*names: str, key: str = "k") -> Request:
    fields = ("beneficiary", "beneficiary", "reason")
    acts = [replace(act, **{f: n}) for act, f, n in zip(NAMES, fields, names, strict=True)]
    return Request(by=REGISTRAR, acts=tuple(acts), key=key)


SENT = ("Ms Chen", "Mr Lin", "hers")
OTHERS = [
    ("Ms Chan", "Mr Lin", "hers"),
    ("Ms Chen", "Mr Li", "hers"),
    ("Ms Chen", "Mr Lin", "his"),
    ("Mr Lin", "Ms Chen", "hers"),
    ("Ms Chen", "Mr Lin", ""),
]


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize("how", ["later", "at once", "dry"])
def test_another_name_under_a_key_is_another_request(
    writer: Writer, how: str, others: tuple[str, ...]
) -> None:
    if how == "later":
        answers = [writer.execute([named(*names)])[0] for names in (SENT, SENT, others)]
    else:
        answers = writer.execute([named(*SENT), named(*SENT), named(*others)], dry=how == "dry")
    assert list(map(refused, answers)) == ["", "", "key_reused"]
    assert [answer.repeated for answer in answers] == [False, True, False]


def test_an_erased_name_is_not_compared_and_the_others_are(writer: Writer) -> None:
    writer.execute([named(*SENT)])
    writer.db.query("DELETE FROM openings WHERE text = 'Ms Chen'")
    writer.db.query("UPDATE openings SET salt = '', text = '' WHERE text = 'hers'")
    assert writer.execute([named("Ms Chan", "Mr Lin", "his")])[0].repeated
    assert refused(writer.execute([named("Ms Chen", "Mr Li", "hers")])[0]) == "key_reused"
    assert refused(writer.execute([named("Ms Chen", "Mr Lin", "")])[0]) == "key_reused"


def test_what_is_kept_of_a_request_is_the_same_for_all_names(writer: Writer) -> None:
    sent, other = named(*SENT), named("Ms Chan", "Mr Wu", "his")
    digest, names = request_digest(sent)
    assert (digest, names) == (request_digest(other)[0], list(SENT))
    both = [c.Propose(acts=request.acts) for request in (sent, other)]
    assert len({request_digest(ask(act))[0] for act in both}) == 1
    writer.execute([sent])
    ((kept,),) = writer.db.query("SELECT digest FROM requests")
    opened = writer.db.query("SELECT text FROM openings WHERE instr(?, commitment)", (kept,))
    assert sorted(opened) == sorted((name,) for name in SENT)
    assert kept.split(" ")[0] == digest


def test_a_repeat_may_spell_out_a_default(writer: Writer) -> None:
    first, spelt = ask(CANCEL, key="k"), ask(replace(CANCEL, kind="".join("voluntary")), key="k")
    (done,) = writer.execute([first])
    (again,) = writer.execute([spelt])
    assert (again.repeated, again.entry) == (True, done.entry)


def test_numbers_drawn_from_keys_are_their_own() -> None:
    drawn = [draw(f"k{n}") for draw in (new_account_number, new_person_number) for n in range(100)]
    assert len(set(drawn)) == 200
    assert drawn == [
        draw(f"k{n}") for draw in (new_account_number, new_person_number) for n in range(100)
    ]
    assert all(map(is_valid, drawn[:100]))
    assert all(10_000_000 <= number < 100_000_000 for number in drawn[100:])
    assert new_account_number("k0") // 100 != new_person_number("k0")
    assert new_account_number() != new_account_number()


def test_a_key_names_its_effective_day_too(writer: Writer) -> None:
    opened = ask(c.OpenAccount(account=5_000), key="k", effective=DAY, cites="d")
    (first,) = writer.execute([opened])
    assert refused(first) == ""
    assert writer.execute([opened])[0].repeated
    (other,) = writer.execute([replace(opened, effective=DAY - timedelta(days=1))])
    assert refused(other) == "key_reused"


def test_a_key_is_short_text(writer: Writer) -> None:
    long, bad = ask(MOVE, key="k" * 201), ask(MOVE, key="a\0b")
    good = ask(MOVE, key="k" * 200)
    answers = writer.execute([long, good, bad])
    assert list(map(refused, answers)) == ["bad_text", "", "bad_text"]
    assert answers[0].refusal is not None
    assert answers[0].refusal.facts["field"] == "key"
    assert writer.db.query("SELECT key FROM requests") == [("k" * 200,)]


@pytest.mark.parametrize(
    "request_",
    [
        ask(replace(RETIRE, beneficiary="a\0b")),
        ask(replace(PLEDGE, reason="\0")),
        ask(c.Recognise(system="S", items=block("1"), conditions="a\0")),
        ask(replace(GRADE, value="\0")),
        ask(MOVE, cites="\0"),
        ask(c.Propose(acts=(replace(RETIRE, beneficiary="\0"),))),
    ],
)
def test_a_nul_is_no_text(writer: Writer, request_: Request) -> None:
    before = writer.db.query("SELECT * FROM head")
    assert refused(writer.execute([request_])[0]) == "bad_text"
    assert writer.db.query("SELECT * FROM head") == before
    spelt = replace(RETIRE, beneficiary=r"\u0000", period=r"\\u0000")
    assert refused(writer.execute([ask(spelt)])[0]) == ""


def test_only_the_ledger_itself_says_its_root(writer: Writer) -> None:
    root = c.Root(root="ab" * 32, holdings=1)
    assert refused(writer.execute([ask(root)])[0]) == "not_permitted"
    assert refused(writer.execute([ask(root, by=0)])[0]) == ""


def test_a_refused_request_leaves_its_key_free(writer: Writer) -> None:
    too_many = replace(MOVE, items=amount(101))
    assert refused(writer.execute([ask(too_many, key="k")])[0]) == "not_enough_free"
    assert refused(writer.execute([ask(MOVE, key="k")])[0]) == ""


@pytest.mark.parametrize(
    "act",
    [
        replace(MOVE, items=block("1", lot=HUGE)),
        replace(MOVE, items=amount(1, lot=HUGE)),
        replace(MOVE, items=amount(HUGE)),
        replace(MOVE, items=block("²")),
        replace(MOVE, items=block(str(HUGE))),
        replace(MOVE, source=HUGE),
        replace(MOVE, target=-HUGE),
        replace(LOT, commitment_period=HUGE),
        replace(LOT, quantity=HUGE),
        replace(LOT, vintage=HUGE),
        replace(PLEDGE, lift_by=HUGE),
        replace(GRADE, items=(Item(lot=HUGE),)),
        replace(ADMIT, filed=replace(ADMIT.filed, observation=HUGE)),
        c.OpenAccount(account=HUGE),
        c.OpenAccount(account=5_000, agents=(HUGE,)),
        c.CloseAccount(account=HUGE),
        c.Enrol(person=HUGE, name=""),
        c.Dismiss(person=HUGE),
        c.Lift(lock=HUGE),
        c.Approve(proposal=HUGE),
        c.Correct(entry=HUGE, reason="x"),
        c.Expire(proposals=(HUGE,)),
        c.Expire(locks=(HUGE,)),
        c.Propose(acts=(replace(MOVE, items=amount(1, lot=HUGE)),)),
    ],
    ids=lambda act: type(act).__name__,
)
def test_numbers_beyond_every_store_are_refused(writer: Writer, act: Act) -> None:
    before = writer.db.query("SELECT * FROM head")
    (answer,) = writer.execute([ask(act)])
    assert refused(answer)
    assert writer.db.query("SELECT * FROM head") == before
    assert refused(writer.execute([ask(MOVE)])[0]) == ""


def test_a_person_beyond_every_store_is_unknown(writer: Writer) -> None:
    assert refused(writer.execute([ask(MOVE, by=HUGE)])[0]) == "unknown_person"


ROLES = {REGISTRAR: "both", SECOND: "registrar", AUTHORITY: "authority", AGENT: "agent"}
ANY = frozenset(ROLES)
BOOKS = frozenset({REGISTRAR, SECOND})
POWER = frozenset({REGISTRAR, AUTHORITY})
HOLDERS = frozenset({REGISTRAR, SECOND, AGENT})
EITHER = frozenset({REGISTRAR, SECOND, AUTHORITY})
WHO: list[tuple[str, Act, frozenset[int]]] = [
    ("the registrar issues", LOT, BOOKS),
    ("the registrar enrols", c.Enrol(person=9, name=""), BOOKS),
    ("the registrar dismisses", c.Dismiss(person=9), BOOKS),
    ("the registrar opens", c.OpenAccount(account=5_000), BOOKS),
    ("the registrar closes", c.CloseAccount(account=A), BOOKS),
    ("the registrar observes", OBSERVE, BOOKS),
    ("the registrar admits", ADMIT, BOOKS),
    ("an agent of the account moves", MOVE, HOLDERS),
    ("an agent of another does not", replace(MOVE, source=B), BOOKS),
    ("an agent retires", RETIRE, HOLDERS),
    ("an agent cancels", CANCEL, HOLDERS),
    ("an authority cancels by decision", replace(CANCEL, kind="administrative"), POWER),
    ("an agent converts", CONVERT, HOLDERS),
    ("an authority converts by decree", DECREE, POWER),
    ("an agent pledges", PLEDGE, HOLDERS),
    ("an authority freezes", replace(PLEDGE, kind="freeze"), POWER),
    ("an authority labels", GRADE, POWER),
    ("a holder labels what is theirs", OWN, HOLDERS),
    ("a holder's label without a holder", replace(OWN, source=0), EITHER),
    ("an unknown label is left to the kernel", replace(GRADE, kind="star"), EITHER),
    ("an unknown rule is left to the kernel", replace(CONVERT, rule="GOLD"), HOLDERS),
    ("an authority corrects", c.Correct(entry=1, reason="x"), EITHER),
    ("who may act may propose", c.Propose(acts=(MOVE,)), HOLDERS),
    ("who may not act may not propose", c.Propose(acts=(MOVE, replace(MOVE, source=B))), BOOKS),
    ("a decree is proposed by an authority", c.Propose(acts=(DECREE,)), POWER),
    ("anyone may try to lift", c.Lift(lock=1), ANY),
    ("anyone may try to withdraw", c.Withdraw(proposal=1), ANY),
    ("who may act may approve", c.Approve(proposal=1), HOLDERS),
    ("who may act may reject", c.Reject(proposal=1), HOLDERS),
    ("an unknown account is left to the kernel", replace(MOVE, source=4242), ANY),
]  # fmt: skip


@pytest.fixture(scope="module")
def state() -> State:
    return given(LOT, c.Propose(acts=(MOVE,)))


@pytest.mark.parametrize(("label", "act", "who"), WHO, ids=[row[0] for row in WHO])
def test_who_may_ask(state: State, label: str, act: Act, who: frozenset[int]) -> None:
    allowed = {by for by in ROLES if permitted(state, ask(act, by=by), LAW) is None}
    assert allowed == who, label
    for by in ANY - who:
        answer = permitted(state, ask(act, by=by), LAW)
        assert answer is not None
        assert answer.code == "not_permitted"
        assert "?" not in answer.sentence()
    facts: dict[str, Any] = {"person": 99}
    stranger = permitted(state, ask(act, by=99), LAW)
    assert stranger is not None
    assert (stranger.code, stranger.facts) == ("unknown_person", facts)


def test_the_service_asks_who_may(writer: Writer) -> None:
    decree = ask(DECREE, by=SECOND)
    facts = {"person": SECOND, "act": "convert", "needed": "the role authority"}
    place = {"act_number": 2, "act_kind": "convert"}
    for acts, at in (((DECREE,), {}), ((MOVE, DECREE, GRADE), place)):
        (answer,) = writer.execute([replace(decree, acts=acts)])
        assert answer.refusal is not None
        assert (answer.refusal.code, answer.refusal.facts) == ("not_permitted", facts | at)
        assert "convert" in answer.refusal.sentence()
    assert refused(writer.execute([replace(decree, by=AUTHORITY)])[0]) == ""


def test_a_batch_may_cite_what_it_made(writer: Writer) -> None:
    seq = writer.state.seq + 1
    answers = writer.execute([ask(MOVE), ask(c.Correct(entry=seq, reason="error"))])
    assert [refused(answer) for answer in answers] == ["", ""]


def test_an_earlier_day_is_refused_after_a_move_in_the_same_batch(writer: Writer) -> None:
    back = ask(c.Transfer(source=B, target=A, items=block("1-10")), effective=DAY, cites="d")
    answers = writer.execute([ask(MOVE), back])
    assert [refused(answer) for answer in answers] == ["", "effective_before_last_move"]


def test_a_rule_reads_the_mechanism_of_the_project(writer: Writer) -> None:
    for project in ("P1", "P2"):
        writer.execute([ask(replace(LOT, project=project))])
    fresh = Writer(writer.db, LAW)
    mech = replace(CONVERT, rule="MECH")
    (fits,) = fresh.execute([ask(replace(mech, items=block("1", lot=2)))])
    assert refused(fits) == ""
    (other,) = Writer(writer.db, LAW).execute([ask(replace(mech, items=block("1", lot=3)))])
    assert refused(other) == "rule_does_not_fit"


@pytest.mark.parametrize(
    "bad",
    [
        ask(replace(RETIRE, beneficiary="\udc80")),
        ask(replace(RETIRE, beneficiary="x" * 2_001)),
        ask(c.Surrender(source=A, items=block("1"), system="\udc80", period="2025")),
        ask(
            c.Propose(
                acts=(c.Surrender(source=A, items=block("1"), system="\udc80", period="2025"),)
            )
        ),
        ask(replace(GRADE, kind="\udc80")),
        ask(replace(LOT, project="\udc80")),
        ask(MOVE, key="\udc80"),
        ask(MOVE, cites="\udc80"),
    ],
    ids=["name", "long", "system", "proposal", "kind", "project", "key", "citation"],
)
def test_text_that_cannot_be_written_fails_its_own_request_alone(
    writer: Writer, bad: Request
) -> None:
    good = ask(replace(MOVE, items=amount(1)))
    answers = writer.execute([good, bad, good])
    assert [refused(answer) for answer in answers] == ["", "bad_text", ""]
    assert answers[1].refusal is not None
    assert answers[1].refusal.sentence().encode()
    assert writer.db.query("SELECT seq FROM head")[0][0] == answers[2].entry.seq  # type: ignore[union-attr]
    dry = writer.execute([good, bad], dry=True)
    assert [(refused(answer), answer.dry) for answer in dry] == [("", True), ("bad_text", True)]
