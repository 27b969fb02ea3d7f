"""How a store fails, by name, and what is true of the batch afterwards.

All but one leave nothing of the batch behind. OutcomeUnknown is the honest exception: the
commit was under way when its answer was lost, and only asking again with the same
idempotency key tells.
"""

from typing import Any


class StoreError(RuntimeError):
    """A batch was not committed; nothing of it was written."""


class StoreBusy(StoreError):
    """Another process kept writing for longer than a writer waits. Send again."""


class StoreFull(StoreError):
    """The disk, or the database's quota, is full. Make room, then send again."""


class StoreLost(StoreError):
    """The database cannot be reached, or its connection broke before the commit."""


class StoreRefused(StoreError):
    """The database itself refused the rows: a gap, an overlap, a number that is taken. The kernel
    refuses first: so the tables are not what the journal gives, or the kernel errs."""


class StoreDamaged(StoreError):
    """A row of a table is gone or cannot be read: a hand has been there."""


class StoreFailed(StoreError):
    """Any other failure of the store, in its own words."""


class OutcomeUnknown(StoreError):
    """The connection broke during the commit: it happened as a whole or not at all. A request
    sent again with the same idempotency key is answered truthfully, once; one without a key
    must be looked for in the journal first."""


class HeadMoved(Exception):
    """The head does not stand where this writer left it, or not in its epoch: it was fenced."""


NOTHING_WRITTEN = {
    StoreBusy: "another process kept the ledger busy; nothing was written, send again",
    StoreFull: "no room on the ledger's disk; nothing was written, make room and send again",
    StoreLost: "the database cannot be reached; nothing was written, send again",
    StoreRefused: "the database refused the rows: its tables disagree with the journal, or "
    "onetonne is at fault; nothing was written. Run `onetonne verify`, then `onetonne rebuild`; "
    "where verify finds nothing, report it",
    StoreDamaged: "a row of the tables is not what onetonne wrote; nothing was written. Run "
    "`onetonne verify`, then `onetonne rebuild`",
    StoreFailed: "the store failed; nothing was written",
    OutcomeUnknown: "the answer of the commit was lost: it happened as a whole or not at all; "
    "send again with the same idempotency key, or look in the journal",
}


def only(head: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The one row of the table head. Raises StoreDamaged where somebody has removed it."""
    if not head:
        raise damaged("head", "the row is gone")
    return head[0]


def damaged(table: str, found: object) -> StoreDamaged:
    """The fault of a row that is gone or cannot be read, with what was found there."""
    return StoreDamaged(f"{NOTHING_WRITTEN[StoreDamaged]} (table {table}: {found})")


def named(kind: type[StoreError], error: BaseException) -> StoreError:
    """The fault with what is true of the batch, what to do, and the engine's own words."""
    return kind(f"{NOTHING_WRITTEN[kind]} ({str(error).strip() or type(error).__name__})")
