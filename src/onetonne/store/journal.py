"""What a row of the journal must be before it is signed, replayed or believed.

An act writes its entry and moves the head in one transaction: a row beyond the head is no act's.
"""

from collections.abc import Callable, Iterator

from onetonne.ledger import codec
from onetonne.ledger.proof_findings import Finding
from onetonne.store.cells import Reader
from onetonne.store.rows import Engine
from onetonne.store.tiles import LogError

NO_HEAD = 2**63 - 1
BEYOND = " WHERE seq > ? ORDER BY seq"
SignedFrom = Callable[[int], Iterator[bytes]]
"""Signed entries from a log index on."""


def check_entry(index: int, data: bytes) -> None:
    """Raises LogError(entry_unreadable) for what is not the entry at this index of the log."""
    try:
        found = f"entry {codec.read(data).seq}"
        if found == f"entry {index + 1}":
            return
    except codec.Undecodable as error:
        found = str(error)
    raise LogError(
        "entry_unreadable",
        f"journal entry {index + 1}",
        f"this row is not the entry of its number ({found}); nothing of it was signed. Run"
        " `onetonne verify`, and restore the row from a backup",
        f"日誌條目 {index + 1}：該列並非此編號之條目（{found}），未予簽署。"
        "請執行 `onetonne verify`，並自備份還原該列",
    )


def head_of(reader: Reader) -> int:
    """Where the head says that the journal ends; NO_HEAD where it says nothing that can be read."""
    seqs: list[int] = [seq for (seq,) in reader.stream("head", ("seq",))]
    return seqs[0] if seqs else NO_HEAD


def beyond(seq: int, head: int) -> Finding:
    """A row of the journal that lies beyond the head."""
    return Finding("journal_beyond_head", f"journal entry {seq}", str(head))


def seqs_beyond(reader: Reader, bound: int) -> list[int]:
    """The numbers of the rows beyond an entry, whatever else they hold."""
    return [seq for (seq,) in reader.stream("journal", ("seq",), BEYOND, (bound,))]


def first_beyond(db: Engine, signed_from: SignedFrom) -> Finding | None:
    """The first row beyond the head that was not signed either: a head that was moved back by hand
    is mended from rows that the published log has."""
    reader = Reader(db)
    head = head_of(reader)
    signed = signed_from(head)
    rows = reader.stream("journal", ("seq", "entry"), BEYOND, (head,))
    known = {seq for seq, row in rows if next(signed, None) == row}
    planted = (seq for seq in seqs_beyond(reader, head) if seq not in known)
    return next((beyond(seq, head) for seq in planted), None)
