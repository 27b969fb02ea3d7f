"""What a row of the journal must be before it is signed, replayed or believed.

An act writes its entry and moves the head in one transaction: a row beyond the head is no act's.
"""

from collections.abc import Callable, Iterator

from onetonne.ledger import codec
from onetonne.ledger.proof_findings import Finding
from onetonne.store.rows import Engine
from onetonne.store.tiles import LogError

NO_HEAD = 2**63 - 1
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


def head_of(db: Engine) -> int:
    """Where the head says that the journal ends; NO_HEAD where it says nothing that can be read."""
    rows = db.query("SELECT seq FROM head")
    return rows[0][0] if rows and isinstance(rows[0][0], int) else NO_HEAD


def beyond(seq: int, head: int, data: bytes) -> Finding:
    """A row of the journal that lies beyond the head."""
    where, size = f"journal entry {seq}", f"{len(data)} bytes"
    return Finding("journal_beyond_head", where, str(head), size)


def first_beyond(db: Engine, signed_from: SignedFrom) -> Finding | None:
    """The first row beyond the head that was not signed either: a head that was moved back by hand
    is mended from rows that the published log has."""
    head = head_of(db)
    signed = signed_from(head)
    sql = "SELECT seq, entry FROM journal WHERE seq > ? ORDER BY seq"
    # To the end, for a half-read answer would keep its connection busy.
    found = [(seq, row) for seq, row in db.stream(sql, (head,)) if next(signed, None) != row]
    return beyond(found[0][0], head, found[0][1]) if found else None
