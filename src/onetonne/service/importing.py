"""Import: what another registry's export said on a day becomes one journaled observation.

The journal keeps register, digest, day and the Merkle root over the rows; the rows stay in a
side table, each as canonical JSON of what the file says and how we read it. A row and its path
to the root are what an admission cites. An observation is never a holding.
"""

import hashlib
from collections import Counter
from datetime import date

import msgspec

from onetonne.base.merkle import in_memory, inclusion_proof, leaf_hash, root
from onetonne.base.serials import Serial
from onetonne.exchange.findings import Finding
from onetonne.exchange.observations import Observation, read_file
from onetonne.ledger.commands import Foreign, Observe, Request
from onetonne.service.execute import Answer
from onetonne.service.ledger import Ledger
from onetonne.service.questions.directory import foreign_key
from onetonne.store.rows import Engine

COLUMNS = ("observation", "row", "key", "record")
_encode = msgspec.json.Encoder(order="sorted").encode


class NothingToImport(ValueError):
    """The file holds no data row."""


class Imported(msgspec.Struct, frozen=True):
    """The answer to the observation (its entry's number names it), and what was read."""

    answer: Answer
    register: str
    rows: int
    findings: tuple[Finding, ...]


def import_export(ledger: Ledger, by: int, name: str, data: bytes, day: date) -> Imported:
    """Journal one export (CSV, XLSX or JSON as bytes) as what its register said on `day`.

    The same file, day and person answers with its earlier entry. Raises NothingToImport.
    """
    reading = read_file(name, data)
    if not reading.observations:
        raise NothingToImport(f"{name} holds no data row: give a registry's export")
    records = [record(seen) for seen in reading.observations]
    register = Counter(seen.registry for seen in reading.observations).most_common(1)[0][0]
    digest = hashlib.sha256(data).hexdigest()
    act = Observe(
        register=register,
        digest=digest,
        root=root([leaf_hash(text) for text in records]).hex(),
        rows=len(records),
        day=day,
    )
    key = f"import {by} {digest} {day}"
    answer = ledger.execute([Request(by=by, acts=(act,), key=key)])[0]
    if answer.entry is not None:
        _keep(ledger.db, answer.entry.seq, reading.observations, records)
    return Imported(answer, register, len(records), reading.findings)


def record(seen: Observation) -> bytes:
    """A row's canonical JSON: its place and cells, its kind, and its serial taken apart."""
    fields: dict[str, object] = {
        "cells": seen.raw,
        "kind": seen.kind,
        "register": seen.registry,
        "row": seen.at.row,
        "sheet": seen.at.sheet,
    }
    if seen.quantity is not None and seen.quantity >= 0:
        fields["quantity"] = seen.quantity
    if isinstance(seen.serial, Serial):
        fields["key"] = foreign_key(seen.serial)
        fields["first"], fields["last"] = str(seen.serial.first), str(seen.serial.last)
    return _encode(fields)


def _keep(db: Engine, seq: int, seen: tuple[Observation, ...], records: list[bytes]) -> None:
    """Write the rows beside the entry, unless an earlier import of the file did."""
    db.begin()
    try:
        if not db.query("SELECT row FROM observed WHERE observation = ? LIMIT 1", (seq,)):
            keys = (
                foreign_key(one.serial) if isinstance(one.serial, Serial) else "" for one in seen
            )
            rows = zip(keys, records, strict=True)
            db.insert(
                "observed",
                COLUMNS,
                [(seq, at, key, text.decode()) for at, (key, text) in enumerate(rows)],
            )
        db.commit()
    except BaseException:
        db.rollback()
        raise


def filed(db: Engine, observation: int, index: int) -> Foreign:
    """Row `index` (from 0) of an observation with its path to the root, for `admit`.

    Raises LookupError where there is no such row.
    """
    sql = "SELECT record FROM observed WHERE observation = ? ORDER BY row"
    records = [text for (text,) in db.query(sql, (observation,))]
    if not 0 <= index < len(records):
        raise LookupError(f"observation {observation} has {len(records)} rows, no row {index}")
    leaves = [leaf_hash(text.encode()) for text in records]
    path = inclusion_proof(in_memory(leaves), index, len(leaves))
    return Foreign(
        observation=observation,
        row=records[index],
        index=index,
        proof=tuple(step.hex() for step in path),
    )


def index_of(db: Engine, observation: int, row: int) -> int:
    """The index of the row that a spreadsheet shows as number `row`. Raises LookupError."""
    sql = "SELECT row, record FROM observed WHERE observation = ? ORDER BY row"
    for index, text in db.query(sql, (observation,)):
        if msgspec.json.decode(text)["row"] == row:
            return int(index)
    raise LookupError(f"observation {observation} has no row {row}")
