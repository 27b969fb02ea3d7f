"""The names that a passport may show: each of an event that concerns the serials asked for.

The beneficiary of a retirement, the reason of a cancellation or a correction belong to the serials
that this very act put where they are; a project to those that were issued for it; a holder to
those that it holds. A name that stands in the same entry and speaks of others is not shown.
"""

from collections.abc import Iterable, Iterator

import msgspec

from onetonne.exchange.life import Life
from onetonne.ledger import events as ev
from onetonne.ledger.ended import Head, heads

HELD = "held"


class Sealed(msgspec.Struct, frozen=True, order=True):
    """A name, as text or as the commitment to it: serials [first, next) of `lot` that it speaks of,
    its `role` (beneficiary, project, holder, reason), in which entry."""

    lot: int
    first: int
    next: int
    role: str
    seq: int
    text: str


class Registered:
    """What some entries register: ends, accounts and projects, each with the first that does."""

    def __init__(self, entries: Iterable[ev.Entry]) -> None:
        self.sinks: dict[int, str] = {}
        self.accounts: dict[int, tuple[int, ev.AccountOpened]] = {}
        self.projects: dict[str, tuple[int, ev.ProjectRegistered]] = {}
        for entry in sorted(entries, key=lambda e: e.seq):
            for event in entry.events:
                if isinstance(event, ev.Founded) and entry.seq == 1:
                    self.sinks = {number: name for name, number in event.sinks.items()}
                elif isinstance(event, ev.AccountOpened):
                    self.accounts.setdefault(event.account, (entry.seq, event))
                elif isinstance(event, ev.ProjectRegistered):
                    self.projects.setdefault(event.project, (entry.seq, event))

    def status(self, account: int) -> str:
        """The end that an account is, or `held`; empty where no entry opened it."""
        if account in self.sinks:
            return self.sinks[account]
        return self.accounts[account][1].sink or HELD if account in self.accounts else ""


def sealed(life: Life, entries: dict[int, ev.Entry]) -> list[Sealed]:
    """The commitments that concern the serials of a walk which found nothing amiss."""
    known = Registered(entries.values())
    named = [*_projects(life, known), *_holders(life, known), *_heads(life, entries, known)]
    out: list[Sealed] = []
    for name in sorted(named, key=lambda n: (n.role, n.seq, n.text, n.lot, n.first)):
        last = out[-1] if out else None
        if last is not None and _alike(last, name) and name.first <= last.next:
            out.pop()
            joined = max(last.next, name.next)
            name = msgspec.structs.replace(last, next=joined)
        out.append(name)
    return sorted(name for name in out if name.text)


def _alike(a: Sealed, b: Sealed) -> bool:
    return (a.role, a.seq, a.text, a.lot) == (b.role, b.seq, b.text, b.lot)


def _projects(life: Life, known: Registered) -> Iterator[Sealed]:
    for step in life.steps:
        code = life.issued[step.lot].project if step.what == "issued" else ""
        if code in known.projects:
            seq, event = known.projects[code]
            yield Sealed(step.lot, step.first, step.next, "project", seq, event.name)


def _holders(life: Life, known: Registered) -> Iterator[Sealed]:
    for piece in life.asked:
        if piece.account in known.accounts and piece.account not in known.sinks:
            seq, event = known.accounts[piece.account]
            yield Sealed(piece.lot, piece.first, piece.next, "holder", seq, event.holder)


def _heads(life: Life, entries: dict[int, ev.Entry], known: Registered) -> Iterator[Sealed]:
    """Why the serials were put where they are, by the act that did it and no other."""
    asked = {piece.seq for piece in life.asked}
    why = {seq: {at: (move, head) for at, move, head in heads(entries[seq])} for seq in asked}
    for piece, first, next_, at in life.brought:
        if at in why[piece.seq]:  # else an issuance, or what a conversion burnt
            move, head = why[piece.seq][at]
            role, text = _said(move, head, known.status(move.target))
            yield Sealed(piece.lot, first, next_, role, piece.seq, text)


def _said(move: ev.Moved, head: Head | None, status: str) -> tuple[str, str]:
    """Role and commitment that an act gives its own move, which ended in `status`."""
    if isinstance(head, ev.Retired) and (move.source, status) == (head.source, "retirement"):
        return "beneficiary", head.beneficiary
    if isinstance(head, ev.Cancelled) and (move.source, status) == (head.source, head.kind):
        return "reason", head.reason
    if isinstance(head, ev.Corrected) and all(seq == head.entry for _, seq in move.held):
        return "reason", head.reason
    return "", ""
