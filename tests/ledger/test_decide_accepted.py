"""Every act's accepted path: exactly these events, in this order, with these facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace
from tests.ledger import (
    agreement_rows,
    article6_rows,
    authorisation_rows,
    finality_rows,
    levy_rows,
    mechanism_rows,
    plan_rows,
    recall_rows,
    register_rows,
)
from tests.ledger.given import (
    ADMINISTRATIVE,
    AGENT,
    AUTHORITY,
    CONVERSION,
    DAY,
    LAW,
    PAIR,
    PEER,
    REGISTRAR,
    RETIREMENT,
    SECOND,
    STATE,
    SURRENDER,
    SYSTEMS,
    VERIFIER,
    VOLUNTARY,
    A,
    B,
    amount,
    ask,
    block,
    events,
    given,
    holders,
    picture,
    when,
)
from tests.ledger.refusal_rows import (
    ADMIT,
    CLOSED,
    CONVERT,
    DIGEST,
    ENDED,
    FURNISHED,
    LOT,
    MOVE,
    OBSERVE,
    PLEDGE,
    PROPOSE,
    RETIRE,
    TOMORROW,
)

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.commands import Act, Item, Request, encode_acts
from onetonne.ledger.events import VERSION, Entry, Moved
from onetonne.ledger.lanes import Holding
from onetonne.ledger.state import State, apply
from onetonne.ledger.units import sealed

N = FURNISHED + 1
"""The entry of the first command after the furnishing."""


def moved(first: int, next_: int, source: int = A, target: int = B, **how: Any) -> Moved:
    held = how.pop("held", ((0, N),))
    return Moved(
        lot=how.pop("lot", 1), first=first, next=next_, source=source, target=target, held=held
    )


def issued(**facts: Any) -> ev.Issued:
    usual: dict[str, Any] = {
        "lot": 1,
        "unit": "CRED",
        "size": 100,
        "account": A,
        "first_number": "1",
        "vintage": 2024,
    }
    return ev.Issued(**(usual | facts))


def converted(rule: str, ratio: str, burnt: tuple[Moved, ...], made: int, left: int) -> Any:
    return ev.Converted(
        rule=rule,
        ratio=ratio,
        rounding="down",
        burnt=burnt,
        issued=issued(lot=2, unit="OUT", size=made, origin=f"conversion:{rule}"),
        unburnt=left,
    )


class Row(NamedTuple):
    label: str
    given: tuple[Act | Request, ...]
    when: Act | Request
    then: tuple[Any, ...]


_FREEZE = c.Lock(source=A, items=block("5-15"), kind="freeze")
_PEOPLE = replace(LOT, account=PAIR)
_HELD = ev.Locked(
    lock=1,
    kind="proposal",
    blocks=((1, 0, 10),),
    held=((0,),),
    set_by=REGISTRAR,
    reason="proposal 1",
)
_PROPOSED = ev.Proposed(
    proposal=1, acts=encode_acts((MOVE,)).decode(), by=REGISTRAR, lock=1, until=None
)


def lifted(*held: tuple[int, ...], lock: int = 1, **how: Any) -> ev.Lifted:
    return ev.Lifted(lock=lock, blocks=how.pop("blocks", ((1, 0, 10),)), held=held, **how)


GIVE = c.Surrender(source=A, items=block("1-10"), system="S", period="2025", operator="OP-A")
OF = {"system": "S", "operator": "OP-A", "period": "2025"}
PROOF = "ef" * 32
ALLOWANCES = c.Issue(
    unit="ALW", quantity=100, account=STATE, facts={"system": "S", "period": "2025"}
)


def surrendered(*uses: tuple[int, int], **how: Any) -> ev.Surrendered:
    usual: dict[str, Any] = {
        "source": A, "system": "S", "period": "2025", "operator": "OP-A", "uses": uses,
        "hub": SYSTEMS.digest, "verdict": "ELIGIBLE",
    }  # fmt: skip
    return ev.Surrendered(**(usual | how))


PROVISIONAL = c.Issue(unit="PROJ", quantity=100, account=A, project="P1")
AROSE = ev.DutyArose(clause="adjusted", blocks=((1, 0, 10),), due=date(2026, 12, 31), **OF)
COMPLIANCE = (
    Row(
        "register an operator",
        (),
        c.RegisterOperator(system="S", operator="X", account=B, facts={"high_leakage": "yes"}),
        (
            ev.OperatorRegistered(
                system="S", operator="X", account=B, facts={"high_leakage": "yes"}
            ),
        ),
    ),
    Row(
        "change an operator",
        (),
        ask(
            c.ChangeOperator(system="S", operator="OP-A", account=B, facts={"entity_class": ""}),
            cites="d",
        ),
        (ev.OperatorChanged(system="S", operator="OP-A", account=B),),
    ),
    Row(
        "group operators",
        (),
        ask(
            c.GroupOperators(system="S", operators=("OP-A", "OP-B"), since=DAY, into="POOL"),
            cites="d",
        ),
        (
            ev.OperatorsGrouped(
                system="S", operators=("OP-A", "OP-B"), since=DAY, into="POOL", kind="pool"
            ),
        ),
    ),
    Row(
        "set a cap",
        (),
        ask(c.SetCap(system="S", period="2025", tonnes=1_000), cites="d"),
        (ev.CapSet(system="S", period="2025", tonnes=1_000),),
    ),
    Row(
        "issue up to the cap",
        (ask(c.SetCap(system="S", period="2025", tonnes=100), cites="d"),),
        ALLOWANCES,
        (issued(unit="ALW", account=STATE, vintage=0, facts={"system": "S", "period": "2025"}),),
    ),
    Row(
        "allocate",
        (ALLOWANCES,),
        c.Allocate(source=STATE, items=block("1-10"), kind="free", **OF),
        (ev.Allocated(kind="free", tonnes=10, **OF), moved(0, 10, STATE, A)),
    ),
    Row(
        "set a figure",
        (),
        ask(c.SetFigure(figure="entitlement", tonnes=0, document=PROOF, **OF), cites="d"),
        (ev.FigureSet(figure="entitlement", tonnes=0, document=PROOF, **OF),),
    ),
    Row(
        "record a payment",
        (),
        ask(c.RecordPayment(kind="penalty", amount="0.5", currency="EUR", **OF), cites="d"),
        (ev.PaymentRecorded(kind="penalty", amount="0.5", currency="EUR", paid=DAY, **OF),),
    ),
    Row(
        "take all of a payment back",
        (ask(c.RecordPayment(kind="penalty", amount="0.50", currency="EUR", **OF), cites="d"),),
        ask(c.RecordPayment(kind="penalty", amount="-0.5", currency="EUR", **OF), cites="d"),
        (ev.PaymentRecorded(kind="penalty", amount="-0.5", currency="EUR", paid=DAY, **OF),),
    ),
    Row(
        "report emissions",
        (ask(c.Propose(acts=(c.ReportEmissions(tonnes=7, document=PROOF, **OF),)), by=VERIFIER),),
        ask(c.Approve(proposal=1), by=SECOND),
        (
            ev.Settled(proposal=1, outcome="approved"),
            ev.FigureSet(figure="verified_emissions", tonnes=7, document=PROOF, **OF),
        ),
    ),
    Row(
        "surrender late",
        (LOT,),
        replace(GIVE, period="2024", late=True),
        (surrendered((1, 10), period="2024", late=((1, 10),)), moved(0, 10, A, SURRENDER)),
    ),
    Row(
        "surrender in time, whatever it says",
        (LOT,),
        replace(GIVE, late=True),
        (surrendered((1, 10)), moved(0, 10, A, SURRENDER)),
    ),
    Row(
        "correct a part of what came late",
        (LOT, replace(GIVE, period="2024", late=True)),
        c.Correct(entry=N + 1, reason="e", items=block("9-10")),
        (
            ev.Corrected(entry=N + 1, reason="e"),
            ev.Returned(
                uses=((1, 2),), late=((1, 2),), corrects=N + 1, **(OF | {"period": "2024"})
            ),
            moved(8, 10, SURRENDER, A, held=((0, N + 1),)),
        ),
    ),
    Row(
        "return what came late beyond the obligation",
        (
            LOT,
            replace(GIVE, period="2024", late=True),
            ask(c.SetFigure(figure="obligation", tonnes=8, **(OF | {"period": "2024"})), cites="d"),
        ),
        c.ReturnExcess(items=block("9-10"), **(OF | {"period": "2024"})),
        (
            ev.Returned(uses=((1, 2),), late=((1, 2),), **(OF | {"period": "2024"})),
            moved(8, 10, SURRENDER, A, held=((0, N + 1),)),
        ),
    ),
    Row(
        "return an excess",
        (LOT, GIVE, ask(c.SetFigure(figure="obligation", tonnes=8, **OF), cites="d")),
        c.ReturnExcess(items=block("9-10"), **OF),
        (
            ev.Returned(uses=((1, 2),), **OF),
            moved(8, 10, SURRENDER, A, held=((0, N + 1),)),
        ),
    ),
    Row(
        "correct a surrender",
        (LOT, GIVE),
        c.Correct(entry=N + 1, reason="error", items=block("9-10")),
        (
            ev.Corrected(entry=N + 1, reason="error"),
            ev.Returned(uses=((1, 2),), corrects=N + 1, **OF),
            moved(8, 10, SURRENDER, A, held=((0, N + 1),)),
        ),
    ),
    Row(
        "correct an allocation",
        (ALLOWANCES, c.Allocate(source=STATE, items=block("1-10"), **OF)),
        c.Correct(entry=N + 1, reason="error"),
        (
            ev.Corrected(entry=N + 1, reason="error"),
            ev.Allocated(kind="free", tonnes=-10, **OF),
            moved(0, 10, A, STATE, held=((0, N + 1),)),
        ),
    ),
    Row(
        "recognise a whole lot",
        (LOT,),
        c.Recognise(system="S", items=(Item(lot=1),), statement=PROOF, conditions="c", until=DAY),
        (
            ev.Recognised(
                system="S", lot=1, first=0, next=100, statement=PROOF, conditions="c", until=DAY
            ),
        ),
    ),
    Row(
        "withdraw a recognition",
        (LOT, c.Recognise(system="S", items=block("1-5"))),
        c.WithdrawRecognition(recognition=N + 1, reason="r"),
        (ev.RecognitionWithdrawn(recognition=N + 1, reason="r"),),
    ),
    Row(
        "surrender what was recognised",
        (
            replace(LOT, unit="METH", facts={"methodology": "M"}),
            c.Recognise(system="S", items=block("1-10")),
        ),
        GIVE,
        (surrendered((1, 10)), moved(0, 10, target=SURRENDER)),
    ),
    Row(
        "surrender under a duty",
        (PROVISIONAL,),
        GIVE,
        (surrendered((1, 10)), moved(0, 10, target=SURRENDER), AROSE),
    ),
    Row(
        "correct a surrender under a duty",
        (PROVISIONAL, GIVE),
        c.Correct(entry=N + 1, reason="error"),
        (
            ev.Corrected(entry=N + 1, reason="error"),
            ev.Returned(uses=((1, 10),), corrects=N + 1, **OF),
            ev.DutySettled(duty=N + 1, place=0, outcome="void"),
            moved(0, 10, SURRENDER, A, held=((0, N + 1),)),
        ),
    ),
    Row(
        "meet a duty",
        (PROVISIONAL, GIVE),
        c.SettleDuty(duty=N + 1, evidence=PROOF),
        (ev.DutySettled(duty=N + 1, place=0, outcome="met", evidence=PROOF),),
    ),
    Row(
        "make good by replacement",
        (PROVISIONAL, GIVE, LOT),
        replace(GIVE, items=block("1-10", lot=2), replaces=N + 1),
        (
            surrendered((2, 10), replaces=N + 1),
            moved(0, 10, target=SURRENDER, lot=2, held=((0, N + 2),)),
            ev.DutySettled(duty=N + 1, place=0, outcome="replaced"),
        ),
    ),
)

ROWS = (
    Row(
        "enrol",
        (),
        c.Enrol(person=9, name="n", roles=("agent", "auditor")),
        (ev.Enrolled(person=9, name="n", roles=("agent", "auditor")),),
    ),
    Row("dismiss", (), c.Dismiss(person=AGENT), (ev.Dismissed(person=AGENT),)),
    Row(
        "open an account",
        (),
        c.OpenAccount(
            account=1005, kind="operator", party="TH", holder="h", agents=(AGENT,), two_people=True
        ),
        (
            ev.AccountOpened(
                account=1005,
                kind="operator",
                party="TH",
                holder="h",
                agents=(AGENT,),
                two_people=True,
            ),
        ),
    ),
    Row(
        "open a sink",
        (),
        c.OpenAccount(account=12, kind="sink", sink="unopened"),
        (ev.AccountOpened(account=12, kind="sink", sink="unopened"),),
    ),
    Row("close", (LOT,), c.CloseAccount(account=B), (ev.AccountClosed(account=B),)),
    Row(
        "close what was emptied",
        (LOT, replace(MOVE, items=amount(100))),
        c.CloseAccount(account=A),
        (ev.AccountClosed(account=A),),
    ),
    Row(
        "register a project",
        (),
        c.RegisterProject(
            project="TW/9", party="TW", name="n", mechanism="M", methodology="T", activity="removal"
        ),
        (
            ev.ProjectRegistered(
                project="TW/9",
                party="TW",
                name="n",
                mechanism="M",
                methodology="T",
                activity="removal",
            ),
        ),
    ),
    Row(
        "register a policy",
        (),
        c.RegisterProject(project="LAW-1", party="TW", kind="policy"),
        (ev.ProjectRegistered(project="LAW-1", party="TW", activity="reduction", kind="policy"),),
    ),
    Row("issue", (), LOT, (issued(),)),
    Row(
        "issue with what the project states",
        (),
        c.Issue(unit="PROJ", quantity=5, account=B, project="P2", facts={"k": "v"}),
        (
            issued(
                unit="PROJ",
                size=5,
                account=B,
                project="P2",
                vintage=0,
                host="JP",
                activity="removal",
                facts={"k": "v"},
            ),
        ),
    ),
    Row(
        "issue with its own numbers, host and period",
        (LOT,),
        c.Issue(
            unit="OUT",
            quantity=2**62,
            account=A,
            project="P1",
            host="TH",
            activity="removal",
            commitment_period=2,
            first_number="00901",
            vintage=1990,
        ),
        (
            issued(
                lot=2,
                unit="OUT",
                size=2**62,
                project="P1",
                host="TH",
                activity="removal",
                commitment_period=2,
                first_number="00901",
                vintage=1990,
            ),
        ),
    ),
    Row(
        "issue a fact that the project does not state",
        (),
        c.Issue(
            unit="PROJ",
            quantity=1,
            account=A,
            project="P1",
            facts={"mechanism": "other"},
        ),
        (
            issued(
                unit="PROJ",
                size=1,
                project="P1",
                vintage=0,
                host="TW",
                activity="reduction",
                facts={"mechanism": "other"},
            ),
        ),
    ),
    Row("transfer a block", (LOT,), MOVE, (moved(0, 10),)),
    Row("transfer one serial", (LOT,), replace(MOVE, items=block("100")), (moved(99, 100),)),
    Row("transfer by quantity", (LOT,), replace(MOVE, items=amount(10)), (moved(90, 100),)),
    Row(
        "transfer serials as printed",
        (replace(LOT, first_number="9" * 30),),
        replace(MOVE, items=block("1" + "0" * 30 + "-1" + "0" * 29 + "8")),
        (moved(1, 10),),
    ),
    Row(
        "transfer to a peer's account",
        (LOT,),
        replace(MOVE, target=PEER),
        (moved(0, 10, target=PEER),),
    ),
    Row(
        "transfer several items, each as the event will find it",
        (LOT,),
        replace(MOVE, items=(*block("41-60"), *amount(45), *block("1-2"))),
        (
            moved(40, 60),
            moved(60, 100, held=((60, N),)),
            moved(35, 40),
            moved(0, 2),
        ),
    ),
    Row(
        "transfer over two holdings",
        (LOT, MOVE, c.Transfer(source=B, target=A, items=block("1-5"))),
        replace(MOVE, items=block("1-5")),
        (moved(0, 5, held=((0, N + 2),)),),
    ),
    Row(
        "transfer a quantity past locks and others' serials",
        (LOT, replace(PLEDGE, items=block("91-95")), replace(MOVE, items=block("80-85"))),
        replace(MOVE, items=amount(12)),
        (moved(95, 100, held=((95, N),)), moved(85, 90, held=((85, N),)), moved(77, 79)),
    ),
    Row(
        "transfer all in a run, over holdings of one holder",
        (
            LOT,
            replace(MOVE, items=block("51-60")),
            c.Transfer(source=B, target=A, items=block("51-60")),
        ),
        replace(MOVE, items=amount(60)),
        (moved(40, 100, held=((0, N), (50, N + 2), (60, N))),),
    ),
    Row(
        "retire",
        (LOT,),
        replace(RETIRE, purpose="obligation", period="2025"),
        (
            ev.Retired(
                certificate=1, source=A, beneficiary="ACME", purpose="obligation", period="2025"
            ),
            moved(0, 10, target=RETIREMENT),
        ),
    ),
    Row(
        "retire again: the next certificate",
        (LOT, RETIRE),
        replace(RETIRE, items=amount(1)),
        (
            ev.Retired(certificate=2, source=A, beneficiary="ACME", purpose="voluntary_claim"),
            moved(99, 100, target=RETIREMENT, held=((10, N),)),
        ),
    ),
    Row(
        "cancel",
        (LOT,),
        c.Cancel(source=A, items=block("1-10"), reason="r"),
        (
            ev.Cancelled(source=A, kind="voluntary", reason="r"),
            moved(0, 10, target=VOLUNTARY),
        ),
    ),
    Row(
        "cancel by decision",
        (LOT,),
        c.Cancel(source=A, items=block("1-10"), kind="administrative"),
        (
            ev.Cancelled(source=A, kind="administrative"),
            moved(0, 10, target=ADMINISTRATIVE),
        ),
    ),
    Row(
        "surrender",
        (c.Issue(unit="CRED", quantity=100, account=A, vintage=2024),),
        GIVE,
        (surrendered((1, 10)), moved(0, 10, target=SURRENDER)),
    ),
    *COMPLIANCE,
    Row(
        "convert one to one",
        (LOT,),
        CONVERT,
        (converted("WHOLE", "1/1", (moved(0, 10, target=CONVERSION),), 10, 0),),
    ),
    Row(
        "convert two to one: the odd one stays, the lowest",
        (LOT,),
        replace(CONVERT, rule="HALF", items=block("1-7")),
        (converted("HALF", "1/2", (moved(1, 7, target=CONVERSION),), 3, 1),),
    ),
    Row(
        "convert seven for ten",
        (LOT,),
        replace(CONVERT, rule="SEVEN", items=amount(13)),
        (converted("SEVEN", "7/10", (moved(87, 100, target=CONVERSION),), 9, 0),),
    ),
    Row(
        "convert seven for ten: what makes no whole unit is kept from the last block",
        (LOT,),
        replace(CONVERT, rule="SEVEN", items=(*block("1-10"), *block("21"))),
        (converted("SEVEN", "7/10", (moved(0, 10, target=CONVERSION),), 7, 1),),
    ),
    Row(
        "convert two for three",
        (LOT,),
        replace(CONVERT, rule="MORE", items=block("1-3")),
        (converted("MORE", "3/2", (moved(0, 3, target=CONVERSION),), 4, 0),),
    ),
    Row(
        "convert for another account and vintage",
        (LOT,),
        replace(CONVERT, target=B, vintage=2020),
        (
            ev.Converted(
                rule="WHOLE",
                ratio="1/1",
                rounding="down",
                burnt=(moved(0, 10, target=CONVERSION),),
                issued=issued(
                    lot=2,
                    unit="OUT",
                    size=10,
                    account=B,
                    vintage=2020,
                    origin="conversion:WHOLE",
                ),
            ),
        ),
    ),
    Row(
        "convert keeps the lineage",
        (replace(LOT, project="P1", commitment_period=2),),
        replace(CONVERT, rule="MECH"),
        (
            ev.Converted(
                rule="MECH",
                ratio="1/1",
                rounding="down",
                burnt=(moved(0, 10, target=CONVERSION),),
                issued=issued(
                    lot=2,
                    unit="OUT",
                    size=10,
                    project="P1",
                    host="TW",
                    activity="reduction",
                    commitment_period=2,
                    origin="conversion:MECH",
                ),
            ),
        ),
    ),
    Row(
        "convert what states its mechanism itself",
        (replace(LOT, facts={"mechanism": "M1"}),),
        replace(CONVERT, rule="MECH"),
        (converted("MECH", "1/1", (moved(0, 10, target=CONVERSION),), 10, 0),),
    ),
    Row(
        "convert over two holdings, keeping the lowest",
        (
            LOT,
            replace(MOVE, items=block("5-10")),
            c.Transfer(source=B, target=A, items=block("5-10")),
        ),
        replace(CONVERT, rule="HALF", items=block("4-10")),
        (converted("HALF", "1/2", (moved(4, 10, target=CONVERSION, held=((4, N + 2),)),), 3, 1),),
    ),
    Row(
        "convert over two holdings, cutting the lower",
        (
            LOT,
            replace(MOVE, items=block("5-10")),
            c.Transfer(source=B, target=A, items=block("5-10")),
        ),
        replace(CONVERT, rule="HALF", items=block("2-10")),
        (
            converted(
                "HALF",
                "1/2",
                (moved(2, 10, target=CONVERSION, held=((0, N), (4, N + 2))),),
                4,
                1,
            ),
        ),
    ),
    Row(
        "lock",
        (LOT,),
        replace(PLEDGE, until=TOMORROW, reason="r", items=(*block("1-10"), *block("21"))),
        (
            ev.Locked(
                lock=1,
                kind="pledge",
                blocks=((1, 0, 10), (1, 20, 21)),
                held=((0,), (10,)),
                set_by=REGISTRAR,
                lift_by=AGENT,
                until=TOMORROW,
                reason="r",
            ),
        ),
    ),
    Row(
        "freeze over a pledge",
        (LOT, PLEDGE),
        _FREEZE,
        (
            ev.Locked(
                lock=2,
                kind="freeze",
                blocks=((1, 4, 15),),
                held=((0, 10),),
                set_by=REGISTRAR,
            ),
        ),
    ),
    Row(
        "freeze what acts with two people: an authority is enough",
        (_PEOPLE,),
        replace(_FREEZE, source=PAIR),
        (
            ev.Locked(
                lock=1,
                kind="freeze",
                blocks=((1, 4, 15),),
                held=((0,),),
                set_by=REGISTRAR,
            ),
        ),
    ),
    Row(
        "lift: the neighbour joins",
        (LOT, PLEDGE),
        ask(c.Lift(lock=1), by=AGENT),
        (lifted((0, 10)),),
    ),
    Row(
        "lift a middle: both neighbours join",
        (LOT, replace(PLEDGE, items=block("11-20"))),
        ask(c.Lift(lock=1), by=AGENT),
        (lifted((0, 10, 20), blocks=((1, 10, 20),)),),
    ),
    Row(
        "lift what another lock lies on too",
        (LOT, PLEDGE, _FREEZE),
        ask(c.Lift(lock=1), by=AGENT),
        (lifted((0, 4, 10)),),
    ),
    Row(
        "lift a hold: its setter",
        (LOT, replace(PLEDGE, kind="hold")),
        c.Lift(lock=1),
        (lifted((0, 10)),),
    ),
    Row(
        "lift a hold: whom it names",
        (LOT, replace(PLEDGE, kind="hold")),
        ask(c.Lift(lock=1), by=AGENT),
        (lifted((0, 10)),),
    ),
    Row(
        "lift a freeze: an authority",
        (LOT, _FREEZE),
        ask(c.Lift(lock=1), by=AUTHORITY),
        (lifted((0, 4, 15), blocks=((1, 4, 15),)),),
    ),
    Row(
        "label",
        (LOT,),
        c.Label(items=(*block("1-5"), Item(lot=1, serials="8")), kind="grade", value="A"),
        (
            ev.Labelled(kind="grade", lot=1, first=0, next=5, value="A"),
            ev.Labelled(kind="grade", lot=1, first=7, next=8, value="A"),
        ),
    ),
    Row(
        "label a lot whole",
        (LOT,),
        c.Label(items=(Item(lot=1),), kind="once"),
        (ev.Labelled(kind="once", lot=1, first=0, next=100),),
    ),
    Row(
        "label again, dated",
        (LOT, c.Label(items=block("1-5"), kind="day", value="2026-01-31")),
        c.Label(items=block("5-6"), kind="day", value="2026-02-28"),
        (ev.Labelled(kind="day", lot=1, first=4, next=6, value="2026-02-28"),),
    ),
    Row(
        "label beside what was written once",
        (LOT, c.Label(items=block("5-9"), kind="once")),
        c.Label(items=(*block("1-4"), *block("10")), kind="once"),
        (
            ev.Labelled(kind="once", lot=1, first=0, next=4),
            ev.Labelled(kind="once", lot=1, first=9, next=10),
        ),
    ),
    Row(
        "label as the holder",
        (LOT,),
        c.Label(items=block("1"), kind="own", value="mine", source=A),
        (ev.Labelled(kind="own", lot=1, first=0, next=1, value="mine"),),
    ),
    Row(
        "label with a Party and a count",
        (LOT,),
        ask(
            c.Label(items=block("1"), kind="party", value="TH"),
            c.Label(items=block("1"), kind="count", value="9" * 18),
        ),
        (
            ev.Labelled(kind="party", lot=1, first=0, next=1, value="TH"),
            ev.Labelled(kind="count", lot=1, first=0, next=1, value="9" * 18),
        ),
    ),
    Row(
        "correct a transfer",
        (LOT, MOVE),
        c.Correct(entry=N + 1, reason="r"),
        (
            ev.Corrected(entry=N + 1, reason="r"),
            moved(0, 10, source=B, target=A, held=((0, N + 1),)),
        ),
    ),
    Row(
        "correct a part of a retirement",
        (LOT, RETIRE),
        c.Correct(entry=N + 1, reason="r", items=(*block("5-6"), *block("1"))),
        (
            ev.Corrected(entry=N + 1, reason="r"),
            moved(4, 6, source=RETIREMENT, target=A, held=((0, N + 1),)),
            moved(0, 1, source=RETIREMENT, target=A, held=((0, N + 1),)),
        ),
    ),
    Row(
        "correct a basket that moved serials twice: back to where they were before it",
        (
            LOT,
            ask(
                replace(MOVE, items=(*block("1-10"), *block("11-12"))),
                replace(RETIRE, source=B, items=block("4-6")),
            ),
        ),
        c.Correct(entry=N + 1, reason="r"),
        (
            ev.Corrected(entry=N + 1, reason="r"),
            moved(0, 3, source=B, target=A, held=((0, N + 1),)),
            moved(3, 6, source=RETIREMENT, target=A, held=((3, N + 1),)),
            moved(6, 12, source=B, target=A, held=((6, N + 1), (10, N + 1))),
        ),
    ),
    Row(
        "correct a correction",
        (LOT, MOVE, c.Correct(entry=N + 1, reason="r")),
        c.Correct(entry=N + 2, reason="right after all"),
        (
            ev.Corrected(entry=N + 2, reason="right after all"),
            moved(0, 10, source=A, target=B, held=((0, N + 2),)),
        ),
    ),
    Row(
        "observe",
        (),
        OBSERVE,
        (ev.Observed(register="verra", digest=DIGEST, root=OBSERVE.root, rows=2, day=DAY),),
    ),
    Row(
        "file a foreign block under its own numbers",
        (OBSERVE,),
        replace(ADMIT, project="P2", vintage=2020),
        (
            issued(
                unit="OUT",
                size=10,
                first_number="5",
                project="P2",
                vintage=2020,
                host="JP",
                activity="removal",
                origin="filed",
                foreign_key="VCS-1",
                foreign_first="5",
                foreign_last="14",
                facts={"observation": str(N)},
            ),
        ),
    ),
    Row(
        "convert what was cancelled abroad",
        (OBSERVE,),
        c.Admit(filed=ENDED, account=B, rule="ABROAD", host="TH", activity="removal"),
        (
            issued(
                unit="OUT",
                size=2,
                account=B,
                vintage=0,
                host="TH",
                activity="removal",
                origin="conversion:ABROAD",
                foreign_key="VCS-2",
                foreign_first="1",
                foreign_last="4",
                facts={"observation": str(N)},
            ),
        ),
    ),
    Row("root", (), c.Root(root=DIGEST, holdings=7), (ev.Rooted(root=DIGEST, holdings=7),)),
    Row("propose", (LOT,), PROPOSE, (_HELD, _PROPOSED)),
    Row(
        "propose for an account of two people",
        (_PEOPLE,),
        replace(PROPOSE, acts=(replace(MOVE, source=PAIR),), until=TOMORROW),
        (
            replace(_HELD, until=TOMORROW),
            ev.Proposed(
                proposal=1,
                acts=encode_acts((replace(MOVE, source=PAIR),)).decode(),
                by=REGISTRAR,
                lock=1,
                until=TOMORROW,
            ),
        ),
    ),
    Row(
        "propose what holds nothing",
        (),
        replace(PROPOSE, acts=(LOT,)),
        (ev.Proposed(proposal=1, acts=encode_acts((LOT,)).decode(), by=REGISTRAR),),
    ),
    Row(
        "propose two acts: one lock over both, of a quantity the next free",
        (LOT,),
        replace(PROPOSE, acts=(replace(MOVE, items=amount(3)), replace(RETIRE, items=amount(2)))),
        (
            replace(_HELD, blocks=((1, 97, 100), (1, 95, 97)), held=((0,), (0,))),
            ev.Proposed(
                proposal=1,
                acts=encode_acts(
                    (replace(MOVE, items=amount(3)), replace(RETIRE, items=amount(2)))
                ).decode(),
                by=REGISTRAR,
                lock=1,
            ),
        ),
    ),
    Row(
        "propose a correction: its serials are held where they are",
        (LOT, RETIRE),
        replace(PROPOSE, acts=(c.Correct(entry=N + 1, reason="r"),)),
        (
            _HELD,
            ev.Proposed(
                proposal=1,
                acts=encode_acts((c.Correct(entry=N + 1, reason="r"),)).decode(),
                by=REGISTRAR,
                lock=1,
            ),
        ),
    ),
    Row(
        "approve",
        (LOT, PROPOSE),
        ask(c.Approve(proposal=1), by=SECOND),
        (lifted((0, 10)), ev.Settled(proposal=1, outcome="approved"), moved(0, 10)),
    ),
    Row(
        "approve what holds nothing",
        (replace(PROPOSE, acts=(LOT,)),),
        ask(c.Approve(proposal=1), by=SECOND),
        (ev.Settled(proposal=1, outcome="approved"), issued()),
    ),
    Row(
        "approve for an account of two people",
        (_PEOPLE, replace(PROPOSE, acts=(replace(MOVE, source=PAIR),))),
        ask(c.Approve(proposal=1), by=SECOND),
        (lifted((0, 10)), ev.Settled(proposal=1, outcome="approved"), moved(0, 10, source=PAIR)),
    ),
    Row(
        "approve a correction out of an account of two people",
        (
            LOT,
            replace(MOVE, target=PAIR),
            replace(PROPOSE, acts=(c.Correct(entry=N + 1, reason="r"),)),
        ),
        ask(c.Approve(proposal=1), by=SECOND),
        (
            lifted((0,)),
            ev.Settled(proposal=1, outcome="approved"),
            ev.Corrected(entry=N + 1, reason="r"),
            moved(0, 10, source=PAIR, target=A, held=((0, N + 1),)),
        ),
    ),
    Row(
        "reject",
        (LOT, PROPOSE),
        ask(c.Reject(proposal=1, reason="r"), by=SECOND),
        (lifted((0, 10)), ev.Settled(proposal=1, outcome="rejected", reason="r")),
    ),
    Row(
        "withdraw",
        (LOT, PROPOSE),
        c.Withdraw(proposal=1),
        (lifted((0, 10)), ev.Settled(proposal=1, outcome="withdrawn")),
    ),
    Row(
        "a basket",
        (LOT,),
        ask(MOVE, replace(RETIRE, source=B, items=block("2-3")), replace(MOVE, items=amount(1))),
        (
            moved(0, 10),
            ev.Retired(certificate=1, source=B, beneficiary="ACME", purpose="voluntary_claim"),
            moved(1, 3, source=B, target=RETIREMENT, held=((0, N + 1),)),
            moved(99, 100, held=((10, N),)),
        ),
    ),
    Row(
        "a basket that issues and moves",
        (),
        ask(LOT, MOVE),
        (issued(), moved(0, 10)),
    ),
    *[Row(*row) for row in mechanism_rows.MADE],
    *[Row(*row) for row in (*article6_rows.MADE, *register_rows.MADE, *plan_rows.MADE)],
    *[Row(*row) for row in authorisation_rows.MADE],
    *[Row(*row) for row in recall_rows.MADE],
    *[Row(*row) for row in finality_rows.MADE],
    *[Row(*row) for row in agreement_rows.MADE],
    *[Row(*row) for row in levy_rows.MADE],
)


@pytest.mark.parametrize("row", ROWS, ids=[row.label for row in ROWS])
def test_makes_exactly_these_events(row: Row) -> None:
    assert events(given(*row.given), row.when) == row.then


def test_every_act_has_an_accepted_row() -> None:
    asked = [row.when.acts if isinstance(row.when, Request) else (row.when,) for row in ROWS]
    tried = {type(act) for acts in asked for act in acts}
    tried |= {c.Expire, c.ReportEmissions}  # below, on later days; and by proposal alone
    assert tried == set(c.BY_NAME.values())


def test_an_entry_says_who_when_and_under_which_law() -> None:
    request = ask(MOVE, by=SECOND, at=77, effective=DAY, cites="decision 1", key="k")
    assert when(given(LOT), request) == Entry(
        v=VERSION,
        seq=N + 1,
        at=77,
        by=SECOND,
        law=LAW.digest,
        events=(moved(0, 10),),
        effective=DAY,
        cites="decision 1",
    )


def test_what_is_due_expires_together_and_each_ending_finds_the_one_before() -> None:
    """Two locks and a proposal that lie beside and over each other, ended by one entry."""
    state = given(
        LOT,
        replace(_FREEZE, items=block("1-10"), until=TOMORROW),
        replace(_FREEZE, items=block("6-15"), until=TOMORROW),
        replace(PROPOSE, acts=(replace(MOVE, items=block("16-20")),), until=TOMORROW),
    )
    act = c.Expire(proposals=(1,), locks=(1, 2))
    made = events(state, act, day=TOMORROW)
    assert made == (
        lifted((15, 20), lock=3, blocks=((1, 15, 20),), expired=True),
        ev.Settled(proposal=1, outcome="expired"),
        lifted((0, 5, 10), lock=1, blocks=((1, 0, 10),), expired=True),
        lifted((0, 5, 15), lock=2, blocks=((1, 5, 15),), expired=True),
    )
    given(act, state=state, day=TOMORROW)
    assert state.lanes[1].rows == {0: Holding(0, 100, A, N)}
    assert state.proposals[1].outcome == "expired"


def test_expiry_waits_for_its_day_and_a_lock_ends_once() -> None:
    state = given(LOT, replace(_FREEZE, until=TOMORROW))
    due = c.Expire(locks=(1,))
    assert when(state, due).code == "not_yet_due"  # type: ignore[union-attr]
    assert isinstance(when(state, due, day=TOMORROW + timedelta(9)), Entry)
    twice = when(state, c.Expire(locks=(1, 1)), day=TOMORROW)
    assert twice.code == "unknown_lock"  # type: ignore[union-attr]


def test_a_lock_of_adjoining_blocks_lifts_clean() -> None:
    """Another lock may join what one lock holds as two blocks; lifting knows."""
    both = replace(PLEDGE, items=(*block("1-5"), *block("6-10")))
    state = given(
        LOT, both, replace(_FREEZE, items=block("1-10")), ask(c.Lift(lock=2), by=AUTHORITY)
    )
    given(ask(c.Lift(lock=1), by=AGENT), state=state)
    assert holders(state) == [(0, 100, A, ())]
    replay = State(search=False)
    for seq in range(1, state.seq + 1):
        apply(replay, state.entries[seq])
    assert picture(replay) == picture(state)


def test_approval_decides_anew() -> None:
    """What became impossible since is refused then, and the proposal stands."""
    state = given(LOT, PROPOSE, _FREEZE)
    answer = when(state, ask(c.Approve(proposal=1), by=SECOND))
    assert answer.code == "locked"  # type: ignore[union-attr]
    given(ask(c.Lift(lock=2), by=AUTHORITY), ask(c.Approve(proposal=1), by=SECOND), state=state)
    assert holders(state) == [(0, 10, B, ()), (10, 100, A, ())]


def test_a_refused_basket_leaves_nothing() -> None:
    state = given(LOT)
    answer = when(state, ask(MOVE, replace(MOVE, items=block("5"))))
    assert answer.code == "held_elsewhere"  # type: ignore[union-attr]
    assert holders(state) == [(0, 100, A, ())]


def test_what_a_closed_account_gave_cannot_come_back_to_it() -> None:
    shut = CLOSED[0].account  # type: ignore[union-attr]
    state = given(
        CLOSED[0], replace(LOT, account=shut), replace(MOVE, source=shut, items=amount(100))
    )
    given(CLOSED[1], state=state)
    answer = when(state, c.Correct(entry=N + 2, reason="r"))
    assert answer.code == "account_closed"  # type: ignore[union-attr]


def test_units_taken_in_abroad_are_taken_once_each() -> None:
    state = given(OBSERVE, ADMIT)
    assert when(state, ADMIT).code == "foreign_serial_used"  # type: ignore[union-attr]
    given(c.Admit(filed=ENDED, account=A, rule="ABROAD"), state=state)
    again = when(state, c.Admit(filed=ENDED, account=B, rule="ABROAD"))
    assert again.code == "foreign_serial_used"  # type: ignore[union-attr]


@pytest.mark.parametrize("known", [True, False], ids=["another type", "no systems at all"])
def test_an_allowance_that_no_system_issues_names_no_period(known: bool) -> None:
    other = replace(LAW.units["ALW"], code="ALX")
    law = sealed(replace(LAW, units=LAW.units | {"ALX": other}, hub=LAW.hub if known else None))
    lot = c.Issue(unit="ALX", quantity=5, account=A)
    assert holders(given(lot, law=law)) == [(0, 5, A, ())]
