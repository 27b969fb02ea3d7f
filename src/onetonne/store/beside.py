"""What lies beside the journal and cannot be made from it, held against what its entries say."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import msgspec

from onetonne.base.commitments import commitment
from onetonne.base.merkle import Frontier, leaf_hash
from onetonne.ledger.proof_findings import Finding
from onetonne.ledger.state import State
from onetonne.store.audit_log import MAX_FINDINGS
from onetonne.store.cells import MAX_KEY, Reader
from onetonne.store.schema import OBSERVED, OPENINGS, REQUESTS


class _Keyed(msgspec.Struct, frozen=True):
    key: str


def openings(reader: Reader) -> Iterator[Finding]:
    """Openings that do not open their commitment."""
    for told, salt, text in reader.stream("openings", OPENINGS.names):
        if commitment(salt, text) != told:
            where = f"table openings, commitment={told}, column text"
            yield Finding("table_differs", where, told, commitment(salt, text))


def keys(reader: Reader, state: State) -> Iterator[Finding]:
    """Idempotency keys that cannot stand for the entry they name: there is none, or it is another
    key's. Which entry a key stands for is in no journal, so no more can be shown of them."""
    before: tuple[str, int] | None = None
    for key, _, seq in reader.stream("requests", REQUESTS.names, " ORDER BY seq, key"):
        where = f"table requests, key={key[:MAX_KEY]}"
        if not 2 <= seq <= state.seq:
            yield Finding("request_key_false", where, f"entries 2 to {state.seq}", f"entry {seq}")
        elif before is not None and before[1] == seq:
            one = f"an entry that is not key {before[0][:MAX_KEY]}'s"
            yield Finding("request_key_false", where, one, f"entry {seq}")
        before = key, seq


def observed(reader: Reader, state: State) -> Iterator[Finding]:
    """Observations whose rows are not those whose root was journaled, rows that are not numbered
    from 0 or not found by their own key, and rows of no observation. Where none is kept nothing
    false is said: an observation may be journaled without its rows."""
    rows = reader.stream("observed", OBSERVED.names, " ORDER BY observation, row")
    for observation, kept in groupby(rows, itemgetter(0)):
        where, told = f"table observed, observation={observation}", Frontier()
        wrong: list[Finding] = []
        for at, (_, row, key, record) in enumerate(kept):
            told.append(leaf_hash(record.encode()))
            own = _key_of(record)
            for column, want, have in (("row", at, row), ("key", own, key)):
                if want != have and len(wrong) < MAX_FINDINGS:
                    cell = f"{where}, row={row}, column {column}"
                    wrong.append(Finding("observed_cell", cell, repr(want), repr(have)))
        seen, root = state.observations.get(observation), told.root().hex()
        if seen is None:
            yield Finding("observed_extra", where, str(observation), f"{told.size} rows")
        elif root != seen.root:
            yield Finding("observed_differs", where, seen.root, root)
        else:
            yield from wrong


def _key_of(record: str) -> str | None:
    try:
        return key_of(record.encode())
    except (msgspec.DecodeError, RecursionError):
        return None


def key_of(record: bytes) -> str:
    """What `find` looks an observed row up by; PostgreSQL keeps no NUL in a text."""
    return msgspec.json.decode(record, type=_Keyed).key.replace("\0", "")
