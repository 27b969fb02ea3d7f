"""States for kernel tests, built by commands only, so that no test stands on an impossible one.

`given(act, Request, ...)` decides and applies each in turn and fails with the refusal's own
sentence; `when(state, act)` decides one more and checks that deciding changed nothing.
"""

from __future__ import annotations

import copy
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from onetonne.base.merkle import leaf_hash, node_hash
from onetonne.ledger.commands import (
    Act,
    Enrol,
    Foreign,
    Item,
    OpenAccount,
    RegisterProject,
    Request,
)
from onetonne.ledger.compliance_commands import RegisterOperator
from onetonne.ledger.decide import decide
from onetonne.ledger.events import VERSION, Enrolled, Entry, Founded
from onetonne.ledger.hub import Hub
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import CLOCK, State, apply
from onetonne.ledger.units import (
    CancellationKind,
    Citation,
    Conversion,
    LabelKind,
    Law,
    LockKind,
    Names,
    Purpose,
    UnitType,
    sealed,
)
from onetonne.store.compliance_rows import OWED
from onetonne.store.jurisdictions import compile_files
from onetonne.store.lawbook import load_law

DAY = date(2026, 6, 15)
REGISTRAR, SECOND, AUTHORITY, AGENT, VERIFIER = 1, 2, 3, 4, 5
A, B, PAIR, PEER, STATE = 1001, 1002, 1003, 1004, 1006
RETIREMENT, SURRENDER, CONVERSION, ADMINISTRATIVE, VOLUNTARY = 1, 2, 3, 10, 11
SINKS = {
    "retirement": RETIREMENT,
    "surrender": SURRENDER,
    "conversion": CONVERSION,
    "administrative": ADMINISTRATIVE,
    "voluntary": VOLUNTARY,
    "international_mitigation": 19,
    "omge": 20,
    "reversal": 21,
    "towards_ndc_host": 22,
}

_NAMES = Names("a name", "名稱")
_CITED = Citation("Test Act", "section 1")
_ROW: dict[str, Any] = {"names": _NAMES, "citation": _CITED, "confidence": "high"}
_ENDS = frozenset(SINKS)
_ALL_ACTS = frozenset(
    {"issue", "transfer", "retire", "cancel", "surrender", "convert", "lock", "label"}
)


def _unit(code: str, **fields: Any) -> UnitType:
    usual: dict[str, Any] = {
        "family": "domestic_credit",
        "activity": "either",
        "programme": "test",
        "issuer": "registry",
        "jurisdiction": "TW",
        "acts": _ALL_ACTS,
        "sinks": _ENDS,
        "needs": frozenset(),
    }
    return UnitType(code=code, **_ROW, **(usual | fields))


def _rule(code: str, ratio: str, **fields: Any) -> Conversion:
    usual: dict[str, Any] = {"sources": frozenset({"CRED"}), "target": "OUT"}
    return Conversion(code=code, ratio=Fraction(ratio), **_ROW, **(usual | fields))


def _by_code(*rows: Any) -> dict[str, Any]:
    return {row.code: row for row in rows}


SYSTEMS = compile_files([Path(__file__).with_name("systems.yaml")])
LAW = sealed(
    Law(
        hub=Hub(lambda: SYSTEMS),
        units=_by_code(
            _unit("CRED", needs=frozenset({"vintage"})),
            _unit("OUT"),
            _unit("PROJ", needs=frozenset({"project", "mechanism", "host"})),
            _unit("REM", activity="removal", needs=frozenset({"vintage"})),
            _unit("METH", needs=frozenset({"methodology"})),
            _unit("STAY", acts=frozenset({"issue"}), sinks=frozenset()),
            _unit(
                "ALW",
                acts=frozenset({"issue", "transfer"}),
                sinks=frozenset({"surrender"}),
                family="allowance",
            ),
            _unit("NOISSUE", acts=frozenset({"transfer"})),
            _unit("DATED", since=date(2026, 1, 1), until=date(2026, 12, 31)),
            _unit("POWER", metric="MWh"),
            _unit("A64", needs=frozenset({"host", "project", "activity", "vintage"})),
        ),
        conversions=_by_code(
            _rule("WHOLE", "1/1"),
            _rule("HALF", "1/2"),
            _rule("MORE", "3/2"),
            _rule("SEVEN", "7/10"),
            _rule("DATED", "1/1", since=date(2026, 1, 1), until=date(2026, 12, 31)),
            _rule("MECH", "1/1", requires={"mechanism": "M1"}),
            _rule("ABROAD", "1/2", basis="cancelled_abroad"),
            _rule("ABROAD_DATED", "1/1", basis="cancelled_abroad", target="DATED"),
            _rule("DECREE", "1/1", by="authority"),
            _rule("OWN", "1/1", system="S"),
            _rule("OTHER", "1/1", system="T"),
            _rule("PATH", "1/1", sources=frozenset({"REM"})),
        ),
        cancellation_kinds=_by_code(
            CancellationKind(code="voluntary", by="holder", **_ROW),
            CancellationKind(code="administrative", by="authority", **_ROW),
            CancellationKind(code="unopened", by="holder", **_ROW),
            CancellationKind(code="international_mitigation", by="holder", **_ROW),
            CancellationKind(code="omge", by="authority", **_ROW),
            CancellationKind(code="reversal", by="holder", **_ROW),
            CancellationKind(code="towards_ndc_host", by="holder", **_ROW),
        ),
        lock_kinds=_by_code(
            *[
                LockKind(code=code, lifted_by=by, blocks=frozenset({"transfer"}), **_ROW)
                for code, by in (
                    ("pledge", "named_party"),
                    ("hold", "setter"),
                    ("freeze", "authority"),
                    ("proposal", "system"),
                    ("handover", "system"),
                )
            ]
        ),
        label_kinds=_by_code(
            LabelKind(code="grade", write_once=False, value="text", by="authority", **_ROW),
            LabelKind(code="once", write_once=True, value="none", by="authority", **_ROW),
            LabelKind(code="day", write_once=False, value="day", by="authority", **_ROW),
            LabelKind(code="party", write_once=False, value="party", by="authority", **_ROW),
            LabelKind(code="count", write_once=False, value="count", by="authority", **_ROW),
            LabelKind(code="own", write_once=False, value="text", by="holder", **_ROW),
        ),
        purposes=_by_code(
            Purpose(code="voluntary_claim", period=False, **_ROW),
            Purpose(code="obligation", period=True, **_ROW),
        ),
        policies=load_law().policies,
        mechanisms={
            code: replace(row, unit="A64", earlier=replace(row.earlier, units=frozenset({"CRED"})))
            for code, row in load_law().mechanisms.items()
        },
    )
)


def ask(*acts: Act, by: int = REGISTRAR, **fields: Any) -> Request:
    return Request(by=by, acts=acts, **fields)


def block(serials: str, lot: int = 1) -> tuple[Item, ...]:
    return (Item(lot=lot, serials=serials),)


def amount(quantity: int, lot: int = 1) -> tuple[Item, ...]:
    return (Item(lot=lot, quantity=quantity),)


def founded(search: bool = True) -> State:
    """An empty ledger with its sinks and one registrar who is an authority too."""
    state = State(search)
    events = (
        Founded(ledger="test.example/tw", party="TW", zone="UTC", sinks=SINKS),
        Enrolled(person=REGISTRAR, name="", roles=("registrar", "authority")),
    )
    take(state, Entry(VERSION, 1, 1, CLOCK, LAW.digest, events), DAY)
    return state


def take(state: State, entry: Entry, day: date) -> None:
    """Apply an entry and remember it, as the service does with what a request may cite."""
    apply(state, entry)
    state.entries[entry.seq] = entry
    state.days[entry.seq] = entry.effective or day


def furnished() -> tuple[Act, ...]:
    """People, accounts and a project that most tests want."""
    return (
        Enrol(person=SECOND, name="second", roles=("registrar",)),
        Enrol(person=AUTHORITY, name="authority", roles=("authority",)),
        Enrol(person=AGENT, name="agent", roles=("agent",)),
        OpenAccount(account=A, party="TW", agents=(AGENT,)),
        OpenAccount(account=B, party="TW"),
        OpenAccount(account=PAIR, party="TW", two_people=True),
        OpenAccount(account=PEER, kind="peer", party="JP"),
        RegisterProject(project="P1", party="TW", mechanism="M1", methodology="TM001"),
        RegisterProject(project="P2", party="JP", mechanism="M2", activity="removal"),
        Enrol(person=VERIFIER, name="verifier", roles=("verifier",)),
        OpenAccount(account=STATE, kind="party", party="TW"),
        *[
            RegisterOperator(
                system="S", operator=code, account=account, facts={"entity_class": kind}
            )
            for code, account, kind in (
                ("OP-A", A, "wide"),
                ("OP-B", B, "wide"),
                ("OP-P", PAIR, "wide"),
                ("TIGHT", A, "tight"),
            )
        ],
    )


def given(
    *asked: Act | Request, law: Law = LAW, day: date = DAY, state: State | None = None
) -> State:
    """The furnished ledger after these commands; each must be accepted."""
    if state is None:
        state = given(*furnished(), state=founded())
    for one in asked:
        request = one if isinstance(one, Request) else ask(one)
        entry = decide(state, request, law, day)
        assert isinstance(entry, Entry), (request, entry.sentence())
        take(state, entry, day)
    return state


def when(state: State, asked: Act | Request, law: Law = LAW, day: date = DAY) -> Entry | Refusal:
    """What is decided; deciding alone changes nothing, and what is accepted can be applied."""
    request = asked if isinstance(asked, Request) else ask(asked)
    before = picture(state)
    answer = decide(state, request, law, day)
    assert picture(state) == before, "deciding changed the state"
    if isinstance(answer, Entry):
        apply(copy.deepcopy(state), answer)
    return answer


def events(state: State, asked: Act | Request, **how: Any) -> tuple[Any, ...]:
    """The events of an accepted request."""
    answer = when(state, asked, **how)
    assert isinstance(answer, Entry), answer.sentence()
    return answer.events


def code(state: State, asked: Act | Request, **how: Any) -> str:
    """The code of a refusal, or "" when the request is accepted."""
    answer = when(state, asked, **how)
    return answer.code if isinstance(answer, Refusal) else ""


TABLES = (
    *("persons", "accounts", "projects", "lots", "locks", "proposals", "labels"),
    *("approaches", "participations", "ndcs", "inventories", "authorisations"),
    *OWED,
    *("first_transfers", "uses", "tallies", "choices"),
    *("activities", "verifications", "levies", "boundaries", "claims", "reversals"),
    *("contributions", "plans"),
)


def picture(state: State) -> dict[str, Any]:
    """All that a state says, for comparison; holdings as they stand, empty lanes left out."""
    said: dict[str, Any] = {name: dict(getattr(state, name)) for name in TABLES}
    said["observations"] = dict(state.observations)
    said["lanes"] = {k: dict(v.rows) for k, v in state.lanes.items() if v.rows}
    said["counts"] = dict(state.counts)
    said["seq"] = state.seq
    return said


def holders(state: State, lot: int = 1) -> list[tuple[int, int, int, tuple[int, ...]]]:
    """Who holds what in a lot: (first, next, account, locks), joined where alike."""
    out: list[tuple[int, int, int, tuple[int, ...]]] = []
    for _, h in sorted(state.lanes[lot].rows.items()):
        if out and out[-1][1:] == (h.first, h.account, h.locks):
            out[-1] = (out[-1][0], h.next, h.account, h.locks)
        else:
            out.append((h.first, h.next, h.account, h.locks))
    return out


def observed(*rows: dict[str, Any]) -> tuple[str, list[Foreign]]:
    """The root over two rows of a foreign export, and each as a command gives it."""
    texts = [msgspec.json.encode(row).decode() for row in rows]
    assert len(texts) == 2
    left, right = (leaf_hash(text.encode()) for text in texts)
    root = node_hash(left, right).hex()
    proofs = ((right.hex(),), (left.hex(),))
    filed = [
        Foreign(observation=0, row=text, index=index, proof=proofs[index])
        for index, text in enumerate(texts)
    ]
    return root, filed
