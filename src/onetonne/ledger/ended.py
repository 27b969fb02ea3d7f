"""What units were used for: the act of an entry that put them where they ended.

The three lawful ends of a tonne (compliance, a tax or fee, a Party's NDC) exclude one another;
whoever asks for a used tonne is told the first use.
"""

from collections.abc import Iterator

from onetonne.ledger import events as ev

Head = ev.Retired | ev.Cancelled | ev.Surrendered | ev.Corrected | ev.Returned | ev.Allocated


def head_of(entry: ev.Entry | None, lot: int, at: int) -> Head | None:
    """The event that says why an entry moved the serial at offset `at` of a lot, its last move."""
    found: Head | None = None
    for _, move, head in heads(entry) if entry is not None else ():
        if move.lot == lot and move.first <= at < move.next:
            found = head
    return found


def heads(entry: ev.Entry) -> Iterator[tuple[int, ev.Moved, Head | None]]:
    """Each move of an entry in order: its place among the events, and what says why."""
    head: Head | None = None
    left, into = 0, 0
    for at, event in enumerate(entry.events):
        if isinstance(event, Head):
            head, left, into = event, _tonnes(event), 0
        elif isinstance(event, ev.Moved):
            into = into or event.target
            if isinstance(head, ev.Corrected):
                pass  # what is put right goes back to many accounts
            elif event.target != into or left == 0:
                head = None  # a transfer of the same basket, which has no head of its own
            left -= event.next - event.first
            yield at, event, head


def _tonnes(head: Head) -> int:
    """How many serials a head speaks of; -1 where it does not say."""
    if isinstance(head, ev.Surrendered | ev.Returned):
        return sum(tonnes for _, tonnes in head.uses) or -1
    return head.tonnes if isinstance(head, ev.Allocated) else -1


def told(entry: ev.Entry | None, lot: int, at: int) -> str:
    """The use of a serial in a set phrase; empty where the entry says none."""
    head = head_of(entry, lot, at)
    if entry is None or head is None:
        return ""
    if isinstance(head, ev.Surrendered):
        return f"surrendered to {head.system} for {head.period}, entry {entry.seq}"
    if isinstance(head, ev.Retired):
        return f"retired for {head.purpose} {head.period}".rstrip() + f", entry {entry.seq}"
    if isinstance(head, ev.Cancelled):
        return f"cancelled as {head.kind}, entry {entry.seq}"
    return ""
