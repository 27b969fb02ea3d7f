"""What lies beside the journal and cannot be made from it, held against what its entries say."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from onetonne.base.commitments import commitment
from onetonne.base.merkle import Frontier, leaf_hash
from onetonne.ledger.proof_findings import Finding
from onetonne.ledger.state import State
from onetonne.store.cells import Reader
from onetonne.store.schema import OBSERVED, OPENINGS, REQUESTS


def openings(reader: Reader) -> Iterator[Finding]:
    """Openings that do not open their commitment."""
    for told, salt, text in reader.stream("openings", OPENINGS.names):
        if commitment(salt, text) != told:
            where = f"table openings, commitment={told}, column text"
            yield Finding("table_differs", where, told, commitment(salt, text))


def keys(reader: Reader, state: State) -> Iterator[Finding]:
    """Idempotency keys that name an entry that is not there: which entry a key stands for is in
    no journal, so no more can be shown of them."""
    for key, _, seq in reader.stream("requests", REQUESTS.names):
        if not 2 <= seq <= state.seq:
            where = f"table requests, key={key[:80]}"
            yield Finding("table_row_extra", where, found=f"entry {seq}")


def observed(reader: Reader, state: State) -> Iterator[Finding]:
    """Observations whose rows are not those whose root was journaled. Where none is kept nothing
    false is said."""
    rows = reader.stream("observed", OBSERVED.names, " ORDER BY observation, row")
    for observation, kept in groupby(rows, itemgetter(0)):
        root = Frontier(leaf_hash(record.encode()) for *_, record in kept).root().hex()
        told = state.observations.get(observation)
        if told is not None and root != told.root:
            where = f"table observed, observation={observation}"
            yield Finding("observed_differs", where, told.root, root)
