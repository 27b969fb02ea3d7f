"""What no history of this ledger may hold, whoever signed it.

A replay shows that entries fit one another; this shows that each is one that `decide` can make:
ends are left by corrections alone, numbers are given once, accounts are there and open, a foreign
serial is used once. It asks no lawbook: what the law of a day allowed is told by its digest.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from onetonne.ledger import events as ev
from onetonne.ledger import lawful_compliance as compliance
from onetonne.ledger.acts.correct import Net, net_of
from onetonne.ledger.acts.pay import AMOUNT, recorded, total
from onetonne.ledger.acts.use import END_OF_PURPOSE
from onetonne.ledger.article6.lawful import CHECKS as ARTICLE6
from onetonne.ledger.article6.lawful import to_withdrawn
from onetonne.ledger.article6.lawful_uses import said
from onetonne.ledger.article6.levies_lawful import CHECKS as APPROACH_LEVIES
from onetonne.ledger.article6.levies_lawful import by_levy
from onetonne.ledger.article6.mechanism_events import EarlierUsed
from onetonne.ledger.article6.mechanism_lawful import CHECKS as MECHANISM
from onetonne.ledger.article6.mechanism_lawful import credited, left_registry
from onetonne.ledger.conversions import needed_for
from onetonne.ledger.ended import head_of
from onetonne.ledger.items import ADMINISTERED, MAX_DIGITS, MAX_QUANTITY
from onetonne.ledger.proof_findings import Finding
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import CLOCK, State
from onetonne.ledger.tables import Account

EntryOf = Callable[[int], ev.Entry | None]
MAX_FINDINGS = 1_000
"""A history that is wrong everywhere need not be told to its end."""
HEADS = (ev.Retired, ev.Cancelled, ev.Surrendered, ev.Corrected, ev.Used, EarlierUsed)
USES = (ev.Surrendered, ev.Returned)
_ENDS: dict[type, str] = {
    ev.Retired: "retirement",
    ev.Surrendered: "surrender",
}
BOTH = ("approved", "rejected")
"""Outcomes that a second person gives to a proposal."""


class Watch:
    """Looks at each event just before it is applied to `state`; `findings` says what it saw.

    `entry_of` gives an earlier entry, so that a correction is held against what it reverses.
    """

    def __init__(self, state: State, entry_of: EntryOf | None = None) -> None:
        self.state, self.entry_of = state, entry_of
        self.findings: list[Finding] = []
        self.entry = ev.Entry(0, 0, 0, 0, "", ())
        self.head: ev.Event | None = None
        self.net: Net | None = None
        self.approved = False
        self.back: ev.Returned | None = None
        self.uses: dict[tuple[type, int], int] = {}
        self.told = compliance.Told()

    def begin(self, entry: ev.Entry) -> None:
        """The next entry: it is no earlier than the last, and somebody's who may act."""
        self.settle()
        self.entry, self.head, self.net, self.approved = entry, None, None, False
        self.back, self.told = None, compliance.Told()
        if entry.at < self.state.at:
            self.say("unlawful_time", str(entry.at), str(self.state.at))
        if entry.by != CLOCK:
            person = self.state.persons.get(entry.by)
            if person is None or not person.active:
                self.say("unlawful_person", str(entry.by))

    def see(self, event: ev.Event) -> None:
        """An event that is about to be applied."""
        if isinstance(event, HEADS):
            self.head, self.net, self.back = event, None, None
        if isinstance(event, USES):
            self.count(event)
        check = _CHECKS.get(type(event))
        if check is not None:
            check(self, event)

    def count(self, event: ev.Surrendered | ev.Returned) -> None:
        """The tonnes that an event says are used, or no longer: as many must move with it."""
        if isinstance(event, ev.Returned) and not event.corrects:
            self.head, self.back = None, event
        if isinstance(event, ev.Surrendered):
            compliance.surrendered(self, event)
            if event.late not in ((), event.uses):
                self.say("unlawful_use", f"late {event.late}")
        for lot, tonnes in event.uses:
            key = (type(event), lot)
            self.uses[key] = self.uses.get(key, 0) + tonnes

    def settle(self) -> None:
        """At the end of an entry: what it counted as used or returned has moved, all of it."""
        for (_, lot), rest in self.uses.items():
            if rest:
                self.say("unlawful_use", f"lot {lot}: {rest}")
        self.uses.clear()
        compliance.settle(self)

    def end(self) -> None:
        """Once all is applied: what is closed holds nothing."""
        self.settle()
        closed = {n: row.closed for n, row in self.state.accounts.items() if row.closed}
        if not closed:
            return
        for number, lane in self.state.lanes.items():
            for held in lane.rows.values():
                if held.account in closed:
                    self.entry = msgspec.structs.replace(self.entry, seq=closed[held.account])
                    self.say("unlawful_account", f"{held.account} with serials of lot {number}")

    def say(self, code: str, found: str, expected: str = "") -> None:
        if len(self.findings) < MAX_FINDINGS:
            where = f"journal entry {self.entry.seq}"
            self.findings.append(Finding(code, where, expected, found[:200]))

    def open(self, number: int) -> Account | None:
        """The account, where it is there and open."""
        account = self.state.accounts.get(number)
        if account is None or account.closed:
            self.say("unlawful_account", str(number))
            return None
        return account

    def once(self, what: str, number: Any, taken: Any) -> None:
        if number in taken:
            self.say("unlawful_number", f"{what} {number}")

    def next(self, what: str, number: int) -> None:
        if number != self.state.counts[what] + 1:
            self.say("unlawful_number", f"{what} {number}")

    def reverses(self, move: ev.Moved) -> bool:
        """Whether a move is part of the correction that the entry names."""
        head = self.head
        if not isinstance(head, ev.Corrected) or any(m != head.entry for _, m in move.held):
            return False
        if self.entry_of is None:
            return True
        if self.net is None:
            self.net = _net(self.entry_of(head.entry))
        return any(
            lot == move.lot and first <= move.first and move.next <= next_
            and (before, after) == (move.target, move.source)
            for lot, first, next_, before, after in self.net
        )  # fmt: skip


def _net(entry: ev.Entry | None) -> Net:
    try:
        return net_of(entry) if entry is not None else []
    except Refused:
        return []


def _founded(w: Watch, e: ev.Founded) -> None:
    if w.entry.seq != 1 or w.state.founded is not None:
        w.say("unlawful_number", f"ledger {e.ledger}")


def _closed(w: Watch, e: ev.AccountClosed) -> None:
    account = w.open(e.account)
    if account is not None and account.sink:
        w.say("unlawful_account", str(e.account))


def _issued(w: Watch, e: ev.Issued) -> None:
    account = w.open(e.account)
    if account is not None and account.sink:
        w.say("unlawful_account", str(e.account))
    number = e.first_number
    fits = number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS
    if not fits or not 0 < e.size <= MAX_QUANTITY:
        w.say("unlawful_issue", f"{e.size} from {number}")
    if e.project and e.project not in w.state.projects:
        w.say("unlawful_issue", f"project {e.project}")
    if e.foreign_key:
        _foreign(w, e)
    credited(w, e)
    compliance.issued(w, e)


def _foreign(w: Watch, e: ev.Issued) -> None:
    seen = e.facts.get("observation", "")
    if not (seen.isascii() and seen.isdigit() and int(seen[:18]) in w.state.observations):
        w.say("unlawful_foreign", f"{e.foreign_key} of observation {seen or '-'}")
    for lot in w.state.foreign.get(e.foreign_key, ()):
        if int(lot.foreign_first) <= int(e.foreign_last) and int(e.foreign_first) <= int(
            lot.foreign_last
        ):
            found = f"{e.foreign_key} {e.foreign_first}-{e.foreign_last}"
            w.say("unlawful_foreign", f"{found}, in lot {lot.lot} already")


def _moved(w: Watch, e: ev.Moved) -> None:
    accounts = w.state.accounts
    source, target = accounts.get(e.source), accounts.get(e.target)
    if source is None or target is None or source.closed or target.closed:
        w.say("unlawful_account", f"{e.source} > {e.target}")
        return
    if source.two_people and not w.approved and not by_levy(w, e, target):
        w.say("unlawful_alone", str(e.source))
    if source.kind in ADMINISTERED and not w.reverses(e):
        left_registry(w, e, source, target)
    if w.told.allocated is not None or w.head is not None:
        compliance.moved(w, e, source, target)
    if not source.sink and not w.reverses(e):
        to_withdrawn(w, e)
    if source.sink or target.sink or source.kind == "peer":
        _end(w, e, source, target)


def _end(w: Watch, e: ev.Moved, source: Account, target: Account) -> None:
    """Units go to an end by the act of that end; they come back by a correction, or as what was
    surrendered beyond an obligation."""
    _count(w, e, source, target)
    if w.reverses(e) or _returns(w, e, source):
        return
    if source.sink or source.kind == "peer":
        w.say("sink_left", f"lot {e.lot} {e.first}-{e.next - 1}", source.sink or "peer")
        return
    head = w.head
    kind = ""
    if isinstance(head, ev.Used | EarlierUsed) and head.source == e.source and said(w, e):
        kind = END_OF_PURPOSE.get("NDC" if isinstance(head, EarlierUsed) else head.purpose, "")
    elif isinstance(head, ev.Retired | ev.Surrendered | ev.Cancelled) and head.source == e.source:
        kind = head.kind if isinstance(head, ev.Cancelled) else _ENDS[type(head)]
    if kind != target.sink:
        w.say("sink_entered", f"lot {e.lot} {e.first}-{e.next - 1}", target.sink)


def _count(w: Watch, e: ev.Moved, source: Account, target: Account) -> None:
    kind = ev.Surrendered if target.sink == "surrender" else ev.Returned
    if "surrender" in (source.sink, target.sink) and (kind, e.lot) in w.uses:
        w.uses[kind, e.lot] -= e.next - e.first


def _returns(w: Watch, e: ev.Moved, source: Account) -> bool:
    """Whether a move brings back what the operator itself surrendered for that period."""
    back = w.back
    if back is None or source.sink != "surrender":
        return False
    operator = w.state.operators.get((back.operator, back.system))
    if operator is None or operator.account != e.target:
        return False
    if w.entry_of is None:
        return True
    heads = [head_of(w.entry_of(moved), e.lot, max(e.first, start)) for start, moved in e.held]
    return all(
        isinstance(head, ev.Surrendered)
        and (head.system, head.operator, head.period) == (back.system, back.operator, back.period)
        for head in heads
    )


def _converted(w: Watch, e: ev.Converted) -> None:
    """As many are issued as the ratio gives for what was burnt, and no more was burnt than that."""
    burnt = sum(move.next - move.first for move in e.burnt)
    for move in e.burnt:
        source, target = w.open(move.source), w.open(move.target)
        if target is not None and target.sink != "conversion":
            w.say("sink_entered", f"lot {move.lot}", "conversion")
        if source is not None and (source.sink or source.kind == "peer"):
            w.say("sink_left", f"lot {move.lot}", source.sink or "peer")
        if source is not None and source.two_people and not w.approved:
            w.say("unlawful_alone", str(move.source))
    try:
        ratio = Fraction(e.ratio)
        right = int(burnt * ratio) == e.issued.size and needed_for(ratio, e.issued.size) == burnt
    except (ValueError, ZeroDivisionError):
        right = False
    if not right:
        w.say("unlawful_conversion", f"{e.issued.size} for {burnt}", e.ratio)
    _issued(w, e.issued)
    compliance.converted(w, e)


def _lifted(w: Watch, e: ev.Lifted) -> None:
    row = w.state.locks.get(e.lock)
    if row is not None and (row.lifted or row.blocks != e.blocks):
        w.say("unlawful_block", f"lock {e.lock}")


def _labelled(w: Watch, e: ev.Labelled) -> None:
    lot = w.state.lots.get(e.lot)
    twice = (e.lot, e.kind, e.first, w.entry.seq) in w.state.labels
    if twice or lot is None or not 0 <= e.first < e.next <= lot.size:
        w.say("unlawful_block", f"label {e.kind} on lot {e.lot} {e.first}-{e.next - 1}")


def _paid(w: Watch, e: ev.PaymentRecorded) -> None:
    """An exact amount, in the money of those before, that takes back no more than was paid."""
    known = (e.operator, e.system) in w.state.operators and bool(w.entry.cites)
    earlier = recorded(w.state, e.operator, e.system, e.period, e.kind)
    other = any(row.currency != e.currency for row in earlier)
    shaped = known and not other and AMOUNT.fullmatch(e.amount)
    if not shaped or total(earlier) + Decimal(e.amount) < 0:
        w.say("unlawful_payment", f"{e.amount} {e.currency}")


def _proposed(w: Watch, e: ev.Proposed) -> None:
    w.next("proposal", e.proposal)
    if e.by != w.entry.by:
        w.say("unlawful_person", str(e.by))


def _settled(w: Watch, e: ev.Settled) -> None:
    row = w.state.proposals.get(e.proposal)
    if row is None:
        return
    mine = row.by == w.entry.by
    if row.outcome or (mine and e.outcome in BOTH) or (not mine and e.outcome == "withdrawn"):
        w.say("unlawful_alone", f"proposal {e.proposal}, {e.outcome} by {w.entry.by}")
    w.approved = w.approved or e.outcome == "approved"


def _rooted(w: Watch, e: ev.Rooted) -> None:
    if w.entry.by != CLOCK:
        w.say("unlawful_person", str(w.entry.by))


_CHECKS: dict[type, Callable[[Watch, Any], None]] = {
    ev.Founded: _founded,
    ev.Enrolled: lambda w, e: w.once("person", e.person, w.state.persons),
    ev.AccountOpened: lambda w, e: w.once("account", e.account, w.state.accounts),
    ev.AccountClosed: _closed,
    ev.ProjectRegistered: lambda w, e: w.once("project", e.project, w.state.projects),
    ev.Issued: _issued,
    ev.Moved: _moved,
    ev.Converted: _converted,
    ev.Retired: lambda w, e: w.next("certificate", e.certificate),
    ev.Locked: lambda w, e: w.next("lock", e.lock),
    ev.Lifted: _lifted,
    ev.Labelled: _labelled,
    ev.Proposed: _proposed,
    ev.Settled: _settled,
    ev.Rooted: _rooted,
    ev.PaymentRecorded: _paid,
    **compliance.CHECKS,
    **ARTICLE6,
    **MECHANISM,
    **APPROACH_LEVIES,
}
