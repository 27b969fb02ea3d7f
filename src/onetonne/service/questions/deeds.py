"""What an entry did to serials, in the field's words: its moves and issuances, and the act, person
and facts of each. History and statement are both lists of these.
"""

from datetime import date
from typing import Any

import msgspec

from onetonne.base import account_numbers
from onetonne.base.days import iso
from onetonne.ledger import events as ev
from onetonne.ledger.article6.approach_levies import ApproachLevied
from onetonne.ledger.article6.mechanism_events import CreditsLevied
from onetonne.ledger.ended import head_of
from onetonne.ledger.items import BUFFER, FUND
from onetonne.service.questions.asof import View, entry_day

Deed = ev.Issued | ev.Moved
_HEADS: dict[type, str] = {
    ev.Retired: "retire",
    ev.Cancelled: "cancel",
    ev.Surrendered: "surrender",
    ev.Corrected: "correct",
}
_LEVIES = {FUND: "sop", "omge": "omge", BUFFER: "buffer"}
"""Kinds of account, and the end, to which a levy takes units."""
_SEALED = ("beneficiary", "reason")
_FACTS = ("certificate", "beneficiary", "purpose", "period", "kind", "system", "reason")


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that happened to serials in entry `entry`. `day`: the day on which it counts;
    accounts as printed, with their holders' names; `facts` by name (certificate, lock, rule...)."""

    entry: int
    day: date
    at: str
    by: int
    act: str
    by_name: str = ""
    source: str = ""
    source_name: str = ""
    target: str = ""
    target_name: str = ""
    facts: dict[str, str] = {}


def deeds(entry: ev.Entry) -> list[tuple[int, Deed]]:
    """Moves and issuances of an entry in order, each with the place of its event."""
    found: list[tuple[int, Deed]] = []
    for at, event in enumerate(entry.events):
        if isinstance(event, ev.Issued | ev.Moved):
            found.append((at, event))
        elif isinstance(event, ev.Converted):
            found += [(at, move) for move in event.burnt]
            found.append((at, event.issued))
    return found


class Scribe:
    """Writes steps as of a view; every person, account and name is looked up once."""

    def __init__(self, seen: View) -> None:
        self.seen = seen
        self.known: dict[str, str] = {}
        self.sealed: dict[tuple[str, int], str] = {}
        self.places: dict[int, tuple[str, str]] = {}

    def text(self, commitment: str) -> str:
        """The text behind a commitment; empty when its salt was destroyed."""
        if commitment not in self.known:
            self.known[commitment] = self.seen.names([commitment]).get(commitment, "")
        return self.known[commitment]

    def name(self, table: str, number: int) -> str:
        """The name of a person, or the holder of an account (a sink's name is its code)."""
        if (table, number) not in self.sealed:
            columns = "name, ''" if table == "persons" else "holder, sink"
            key = "person" if table == "persons" else "account"
            sql = f"SELECT {columns} FROM {table} WHERE {key} = ?"
            found = self.seen.query(sql, (number,))
            name = found[0][1] or self.text(found[0][0]) if found else ""
            self.sealed[table, number] = name
        return self.sealed[table, number]

    def step(self, entry: ev.Entry, act: str, facts: dict[str, Any], **accounts: int) -> Step:
        """A step of `entry`; keyword arguments are the accounts `source` and `target`."""
        places = {side: account_numbers.show(number) for side, number in accounts.items()}
        names = {f"{side}_name": self.name("accounts", n) for side, n in accounts.items()}
        if entry.cites:
            facts = facts | {"cites": entry.cites}
        return Step(
            entry=entry.seq,
            day=entry_day(entry, self.seen.zone),
            at=iso(entry.at),
            by=entry.by,
            by_name=self.name("persons", entry.by),
            act=act,
            facts={name: str(value) for name, value in facts.items() if value not in ("", None)},
            **places,
            **names,
        )

    def deed(self, entry: ev.Entry, at: int, deed: Deed) -> Step:
        """The step that a move or an issuance is."""
        event = entry.events[at]
        if isinstance(deed, ev.Issued):
            return self._issued(entry, event, deed)
        sides = {"source": deed.source, "target": deed.target}
        if isinstance(event, ev.Converted):
            facts = {"rule": event.rule, "ratio": event.ratio, "into": event.issued.lot}
            return self.step(entry, "convert", facts, **sides)
        levy = self._levy(entry, deed)
        if levy is not None:
            return self.step(entry, "levy", levy, **sides)
        head = next((e for e in entry.events[at::-1] if type(e) in _HEADS), None)
        if isinstance(head, ev.Corrected) and any(seq == head.entry for _, seq in deed.held):
            facts = {"corrects": head.entry, "reason": self.text(head.reason)}
            return self.step(entry, "correct", facts, **sides)
        if head is None or not self.place(deed.target)[0]:
            return self._carried(entry, deed, sides)
        return self.step(entry, _HEADS[type(head)], self._facts(head), **sides)

    def _levy(self, entry: ev.Entry, deed: ev.Moved) -> dict[str, Any] | None:
        """What a move levies, for whom: its name, rate and exact amount; None for any other."""
        names = [_LEVIES[place] for place in self.place(deed.target) if place in _LEVIES]
        for e in entry.events if names else ():
            if not isinstance(e, ApproachLevied | CreditsLevied) or e.lot != deed.lot:
                continue
            whose = e.approach if isinstance(e, ApproachLevied) else e.activity
            blocks = e.blocks if isinstance(e, ApproachLevied) else ((0, deed.next),)
            within = any(low <= deed.first < deed.next <= high for low, high in blocks)
            for share in e.shares:
                if within and share.name in names:
                    facts = {"kind": share.name, "rate": share.rate, "exact": share.exact}
                    return facts | {"for": whose}
        return None

    def _carried(self, entry: ev.Entry, deed: ev.Moved, sides: dict[str, int]) -> Step:
        """A move to an account that is no end: allocated, given back, or just transferred."""
        why = head_of(entry, deed.lot, deed.first)
        if isinstance(why, ev.Allocated):
            return self.step(entry, "allocate", self._facts(why), **sides)
        if isinstance(why, ev.Returned):
            return self.step(entry, "return", self._facts(why), **sides)
        return self.step(entry, "transfer", {}, **sides)

    def _issued(self, entry: ev.Entry, event: ev.Event, lot: ev.Issued) -> Step:
        facts: dict[str, Any] = {"origin": lot.origin}
        act = "issue"
        if isinstance(event, ev.Converted):
            burnt = [f"lot {m.lot}: {m.next - m.first}" for m in event.burnt]
            facts |= {"rule": event.rule, "ratio": event.ratio, "from": ", ".join(burnt)}
            act = "convert"
        elif lot.foreign_key:
            foreign = f"{lot.foreign_key} {lot.foreign_first}-{lot.foreign_last}"
            facts |= {"foreign": foreign, **lot.facts}
            act = "admit"
        return self.step(entry, act, facts, target=lot.account)

    def _facts(self, head: ev.Event) -> dict[str, Any]:
        found = {name: getattr(head, name) for name in _FACTS if hasattr(head, name)}
        return {k: self.text(v) if k in _SEALED else v for k, v in found.items()}

    def place(self, account: int) -> tuple[str, str]:
        """The sink and the kind of an account."""
        if account not in self.places:
            sql = "SELECT sink, kind FROM accounts WHERE account = ?"
            found = self.seen.query(sql, (account,))
            self.places[account] = found[0] if found else ("", "")
        return self.places[account]
