"""What no history may hold of levies, of an approach or a mechanism: each is named by the watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.ledger import levy_rows as rows
from tests.ledger import mechanism_rows as m
from tests.ledger import test_lawful_mechanism as others
from tests.ledger.article6_rows import BEGUN, DIGEST, JAPAN, LOT, _moved, authorised, transferred
from tests.ledger.given import DAY, LAW, PAIR, REGISTRAR, A, B, given

from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.article6.levies import Share
from onetonne.ledger.events import VERSION, Entry
from onetonne.ledger.lawful import Watch
from onetonne.ledger.state import State, apply

WHOLE = given(*rows.LEVYING, LOT, rows.WIDE, rows.OF_PAIR, replace(LOT, vintage=2025, project="P1"))
CARRYING = given(*BEGUN, rows.OPEN, rows.CASH, LOT, rows.WIDE, rows.ABROAD)
AT, OF_PAIR = rows.AT, rows.AT + 2


def watched(whole: State, *events: Any) -> set[str]:
    """The codes that the watch gives for a story with one more entry."""
    state = State(search=False)
    watch = Watch(state)
    last = Entry(VERSION, whole.seq + 1, 1, REGISTRAR, LAW.digest, events)
    for entry in (*(replace(whole.entries[n], at=1) for n in range(1, whole.seq + 1)), last):
        watch.begin(entry)
        apply(state, entry, watch.see)
    return {finding.code for finding in watch.findings}


REST, FIRST, MARK, LEVIED, SOP, END, OMGE = rows.GOES


def goes(levied: Any = LEVIED, *moves: Any) -> tuple[Any, ...]:
    """The ten units that go, with another levy or other moves."""
    return (REST, FIRST, MARK, levied, *(moves or (SOP, END, OMGE)))


SHARES = rows.ONE_OF_TEN
TWO = rows.share("sop", "1/20", "1/2", 2)
TO_B = replace(SOP, target=B)
UNLEVIED = (replace(REST, first=90), replace(FIRST, blocks=((90, 100),)))
NOBODY = e6.LevyPolicySet(approach="CA9001", version=2, day=DAY, digest=DIGEST)
CASHING = replace(rows.SET, version=2, sop_kind="CASH")
OWED = replace(LEVIED, policy=2, shares=SHARES[1:], owed=SHARES[:1], rest=9)
IN_MONEY = (
    CASHING,
    replace(REST, first=91),
    replace(FIRST, blocks=((91, 100),)),
    replace(MARK, blocks=((90, 91),)),
    OWED,
    END,
    _moved(90, 91, A, m.OMGE, (0, AT)),
)
NEW = replace(rows._ISSUED, lot=4, vintage=2026)
ISSUING = replace(rows.SET, version=2, base="ISSUED")
OF_NEW = replace(
    rows.levied(0, 100, *rows.OF_HUNDRED, base="ISSUED"), lot=4, policy=2
)  # fmt: skip


def issued(**changes: Any) -> tuple[Any, ...]:
    """A lot that is levied when it is issued."""
    at = WHOLE.seq + 1
    return (
        ISSUING,
        NEW,
        transferred(0, 7, "levy", lot=4),
        replace(OF_NEW, **changes),
        replace(_moved(0, 5, A, m.FUND, (0, at)), lot=4),
        END,
        replace(_moved(5, 7, A, m.OMGE, (5, at)), lot=4),
    )


EVERY = authorised(rows.EVERY, authorisation="A2", purposes=("NDC", "IMP", "OP"))
ENDED = e6.AuthorisationRevoked(authorisation="A1", version=1, day=DAY, digest=DIGEST)
HOLD = {"lot": 2, "authorisation": "A2"}
BY_LETTER = (
    ENDED,
    EVERY,
    transferred(0, 100, "authorisation", **HOLD),
    replace(rows.levied(0, 100, *rows.OF_HUNDRED), **HOLD),
    replace(_moved(0, 5, PAIR, m.FUND, (0, OF_PAIR)), lot=2),
    replace(END, source=PAIR),
    replace(_moved(5, 7, PAIR, m.OMGE, (5, OF_PAIR)), lot=2),
)
LAWFUL: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("a policy", (NOBODY,)),
    ("units that go", goes()),
    ("units that go when nothing is levied", (NOBODY, *UNLEVIED)),
    ("what is owed in money", IN_MONEY),
    ("units of a project that is exempt",
     (replace(rows.SET, version=2, exempt=("P1",)),
      replace(_moved(90, 100, A, JAPAN, (0, AT + 3)), lot=3), transferred(90, 100, lot=3))),
    ("a lot that is levied when issued", issued()),
    ("what an authorisation levies of two people's units", BY_LETTER),
)  # fmt: skip
UNLAWFUL: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("a policy out of turn", "unlawful_authorisation", (replace(NOBODY, version=3),)),
    ("a policy of no approach's words", "unlawful_authorisation", (replace(NOBODY, base="X"),)),
    ("a policy of an unknown kind", "unlawful_authorisation", (replace(NOBODY, sop_kind="X"),)),
    ("a policy of unknown rounding", "unlawful_authorisation", (replace(NOBODY, rounding="X"),)),
    ("a policy that takes all", "unlawful_authorisation", (replace(NOBODY, omge="1"),)),
    ("a policy that takes more than all", "unlawful_authorisation",
     (replace(NOBODY, sop="1/2", sop_kind="UNITS", omge="2/3"),)),
    ("a policy that gives", "unlawful_authorisation", (replace(NOBODY, omge="-1/2"),)),
    ("a policy of no number", "unlawful_authorisation", (replace(NOBODY, omge="much"),)),
    ("a share of no kind", "unlawful_authorisation", (replace(NOBODY, sop="1/20"),)),
    ("units that go and are not levied", "unlawful_levy", UNLEVIED),
    ("some of them are not", "unlawful_levy",
     (replace(REST, next=100), FIRST, MARK,
      replace(LEVIED, blocks=((90, 95),), rest=3,
              shares=(rows.share("sop", "1/20", "1/4", 1), rows.share("omge", "1/50", "1/10", 1))),
      SOP, END, OMGE)),
    ("levied twice", "unlawful_levy", (*goes(), LEVIED)),
    ("levied less", "unlawful_levy", goes(replace(LEVIED, shares=(SHARES[0],), rest=9), SOP)),
    ("levied more", "unlawful_levy", goes(replace(LEVIED, shares=(TWO, SHARES[1]), rest=7))),
    ("more is left than there is", "unlawful_levy", goes(replace(LEVIED, rest=9))),
    ("at another rate", "unlawful_levy",
     goes(replace(LEVIED, shares=(rows.share("sop", "1/10", "1", 1), SHARES[1])))),
    ("by another policy", "unlawful_levy", goes(replace(LEVIED, policy=2))),
    ("of another base", "unlawful_levy", goes(replace(LEVIED, base="ISSUED"))),
    ("in money that is due in units", "unlawful_levy",
     goes(replace(LEVIED, shares=SHARES[1:], owed=SHARES[:1], rest=9))),
    ("in units that is due in money", "unlawful_levy",
     (CASHING, *goes(replace(LEVIED, policy=2)))),
    ("of an approach that levies nothing", "unlawful_levy", (NOBODY, *goes())),
    ("before its day", "unlawful_levy", goes(replace(LEVIED, day=DAY - timedelta(1)))),
    ("of a project that is exempt", "unlawful_levy",
     (replace(rows.SET, version=2, exempt=("P1",)), transferred(0, 2, "levy", lot=3),
      replace(LEVIED, lot=3, blocks=((0, 10),), policy=2))),
    ("the fund's to somebody else", "unlawful_levy", goes(LEVIED, TO_B, END, OMGE)),
    ("the fund's are other serials", "unlawful_levy",
     goes(LEVIED, replace(SOP, first=80, next=81), END, replace(OMGE, held=((81, AT),)))),
    ("what ends does not", "unlawful_levy", goes(LEVIED, SOP)),
    ("levied, not first transferred", "unlawful_levy", (REST, FIRST, LEVIED, SOP, END, OMGE)),
    ("blocks that are not in order", "unlawful_levy",
     goes(replace(LEVIED, blocks=((95, 100), (90, 95))))),
    ("an end that no cancellation names", "sink_entered", goes(LEVIED, SOP, OMGE)),
    ("when issued, by a policy of first transfers", "unlawful_levy", issued()[1:]),
    ("when issued, and said to be else", "unlawful_levy", issued(base="FIRST_TRANSFERRED")),
    ("two people's units by nobody's letter", "unlawful_alone",
     (transferred(0, 100, lot=2), replace(BY_LETTER[3], authorisation="A1"), *BY_LETTER[4:])),
    ("more than is levied of two people's units", "unlawful_alone",
     (*BY_LETTER, replace(_moved(7, 8, PAIR, B, (7, OF_PAIR)), lot=2))),
)  # fmt: skip


@pytest.mark.parametrize(("label", "events"), LAWFUL, ids=[row[0] for row in LAWFUL])
def test_what_an_act_can_do_is_not_named(label: str, events: tuple[Any, ...]) -> None:
    assert watched(WHOLE, *events) == set()


@pytest.mark.parametrize(("label", "code", "events"), UNLAWFUL, ids=[r[0] for r in UNLAWFUL])
def test_what_no_act_can_do_is_named(label: str, code: str, events: tuple[Any, ...]) -> None:
    assert code in watched(WHOLE, *events)


def on(omge: Share, owed: Share) -> tuple[Any, ...]:
    """Ten more units, of which the shares are carried on; nothing is whole but what is owed."""
    return (
        _moved(80, 90, A, JAPAN, (0, AT)),
        transferred(80, 90),
        rows.levied(80, 90, omge, owed=(owed,)),
    )


def carried(name: str, rate: str, exact: str, units: int, carry: str) -> Share:
    return rows.share(name, rate, exact, units, carry=carry, mode="CARRY")


OMGE_ON, SOP_ON = carried("omge", "1/50", "2/5", 0, "2/5"), carried("sop", "1/20", "1", 1, "0")


def test_what_is_carried_on_is_lawful() -> None:
    assert watched(CARRYING, *on(OMGE_ON, SOP_ON)) == set()


@pytest.mark.parametrize(
    ("omge", "owed"),
    [
        (carried("omge", "1/50", "1/5", 0, "1/5"), SOP_ON),
        (carried("omge", "1/50", "3/5", 0, "3/5"), SOP_ON),
        (carried("omge", "1/50", "2/5", 0, "1/5"), SOP_ON),
        (OMGE_ON, carried("sop", "1/20", "1/2", 0, "1/2")),
        (OMGE_ON, carried("sop", "1/20", "1", 0, "1")),
        (rows.share("omge", "1/50", "1/5", 0, mode="FLOOR"), SOP_ON),
    ],
    ids=["forgotten", "invented", "lost", "owed forgotten", "owed put off", "another rounding"],
)
def test_a_forged_carry_of_an_approach_is_named(omge: Share, owed: Share) -> None:
    assert "unlawful_levy" in watched(CARRYING, *on(omge, owed))


CHOICES = (
    a6.ChoosePolicy(policy="levy_rounding_sop", value="CARRY", digest=DIGEST),
    a6.ChoosePolicy(policy="buffer_base", value="NET", digest=DIGEST),
)
V1 = m.V1 + len(CHOICES)
CREDITED = given(
    *CHOICES, *m.VERIFIED, replace(m.ISSUE, verification=V1, quantity=90)
)  # fmt: skip
LATER = CREDITED.seq + 1


def credited(sop: Share, buffer: Share, capped: bool = False) -> tuple[Any, ...]:
    """Ten more credits: what is levied lies where it says."""
    omge = Share("omge", "1/50", "CEIL", "1/5", 1)
    shares = (sop, omge, buffer)
    lot = replace(others.LOT, lot=2, size=10)
    head = replace(
        others.HEAD, lot=2, verification=V1, shares=shares, levy_capped=capped,
        buffer_base="NET", rest=10 - sum(one.units for one in shares),
    )  # fmt: skip
    found: list[Any] = [
        lot,
        head,
        replace(others.CLAIM, lot=2, first=m.NEW_YEAR, last=m.LAST),
    ]
    at = 0
    for share, to in zip(shares, (m.FUND, m.OMGE, m.POOL), strict=True):
        if share.name == "omge":
            found.append(others.CANCELLED)
        if share.units:
            move = _moved(at, at + share.units, m.PENDING, to, (at, LATER))
            found.append(replace(move, lot=2))
        at += share.units
    return tuple(found)


SOP_OF_TEN = Share("sop", "1/20", "CARRY", "1", 1)
NET_OF_EIGHT = Share("buffer", "1/10", "CEIL", "4/5", 1, net=True)


def test_a_carried_and_a_net_levy_are_lawful() -> None:
    (first,) = CREDITED.levies.values()
    assert (first.sop, first.omge, first.buffer) == (4, 2, 9)
    assert watched(CREDITED, *credited(SOP_OF_TEN, NET_OF_EIGHT)) == set()


@pytest.mark.parametrize(
    ("sop", "buffer"),
    [
        (Share("sop", "1/20", "CARRY", "1/2", 0, "1/2"), replace(NET_OF_EIGHT, exact="9/10")),
        (Share("sop", "1/20", "CARRY", "3/2", 1, "1/2"), NET_OF_EIGHT),
        (Share("sop", "1/20", "CARRY", "1", 0, "1"), replace(NET_OF_EIGHT, exact="9/10")),
        (SOP_OF_TEN, replace(NET_OF_EIGHT, exact="1")),
        (SOP_OF_TEN, Share("buffer", "1/10", "CEIL", "1", 1)),
        (SOP_OF_TEN, replace(NET_OF_EIGHT, units=0)),
    ],
    ids=["forgotten", "invented", "put off", "of all, said to be net", "of all", "nothing"],
)
def test_a_forged_carried_or_net_levy_is_named(sop: Share, buffer: Share) -> None:
    assert "unlawful_levy" in watched(CREDITED, *credited(sop, buffer))
