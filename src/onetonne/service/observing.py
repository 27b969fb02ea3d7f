"""Observing: another registry's export as what it said on a day, journaled as one entry.

The entry holds the file's digest and the Merkle root of its rows; the rows lie beside the journal,
written in the entry's own transaction, and prove themselves against that root when they are used.
"""

import hashlib
from collections.abc import Sequence
from datetime import date

import msgspec

from onetonne.base import merkle
from onetonne.exchange.findings import Finding
from onetonne.exchange.observations import observation_rows, read_file
from onetonne.ledger.commands import Foreign, Observe, Request
from onetonne.ledger.refusals import Refusal
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import Ambiguous, Unknown
from onetonne.store.beside import key_of
from onetonne.store.rows import Engine
from onetonne.store.schema import OBSERVED


class Observing(msgspec.Struct, frozen=True):
    """What became of an import. `observation` is the entry that holds it (0 when refused or dry);
    `repeated`: the same file, register and day were observed before, by that entry."""

    register: str
    digest: str
    day: date
    rows: int
    parsed: int
    opaque: int
    unreadable: int
    findings: tuple[Finding, ...] = ()
    observation: int = 0
    root: str = ""
    repeated: bool = False
    refusal: Refusal | None = None


_NOTHING = ("there is nothing in it but perhaps a header", "檔案中除標題外沒有任何資料")


class Altered(RuntimeError):
    """The rows beside the journal are not those that were observed."""


class _Leaf(msgspec.Struct, frozen=True):
    row: int
    sheet: str


def observe(
    ledger: Ledger, by: int, register: str, name: str, data: bytes, day: date, dry: bool = False
) -> Observing:
    """Journal an export file (`name` tells its format) as what `register` said on `day`.

    The same file of the same register and day is answered with its earlier entry. A file without
    a single row raises Unknown: there is nothing to observe.
    """
    reading = read_file(name, data)
    leaves = observation_rows(reading.observations)
    if not leaves:
        why = reading.findings[0] if reading.findings else None
        raise Unknown(
            f"{name} has no rows to observe: {why.reason if why else _NOTHING[0]}. "
            "Give an export in CSV, XLSX or JSON.",
            f"{name} 沒有可觀察的資料列：{why.reason_zh if why else _NOTHING[1]}。"
            "請提供 CSV、XLSX 或 JSON 匯出檔。",
        )
    states = [seen.state for seen in reading.observations]
    told = Observing(
        register=register,
        digest=hashlib.sha256(data).hexdigest(),
        day=day,
        rows=len(leaves),
        parsed=states.count("parsed"),
        opaque=states.count("opaque"),
        unreadable=states.count("unreadable"),
        findings=reading.findings,
        root=merkle.root(map(merkle.leaf_hash, leaves)).hex(),
    )
    return _journaled(ledger, by, told, leaves, dry)


def _journaled(
    ledger: Ledger, by: int, told: Observing, leaves: Sequence[bytes], dry: bool
) -> Observing:
    act = Observe(
        register=told.register, digest=told.digest, root=told.root, rows=told.rows, day=told.day
    )
    earlier = _earlier(ledger.db, told)
    answer = None if earlier else ledger.execute([Request(by=by, acts=(act,))], dry=True)[0]
    if earlier or dry or (answer and answer.refusal):
        refusal = answer.refusal if answer else None
        return msgspec.structs.replace(
            told, observation=earlier, repeated=bool(earlier), refusal=refusal
        )

    def batch() -> list[Request]:
        """Asked for under the writer's lock: nobody else can observe the same, or be entry
        seq + 1."""
        if _earlier(ledger.db, told):
            return []
        seq = _sweep(ledger.db)
        rows = zip(range(len(leaves)), leaves, strict=True)
        records = ((seq + 1, at, key_of(leaf), leaf.decode()) for at, leaf in rows)
        ledger.db.insert(OBSERVED.name, OBSERVED.names, records)
        return [Request(by=by, acts=(act,))]

    answers = ledger.writer.execute(batch)
    if not answers:
        return msgspec.structs.replace(told, observation=_earlier(ledger.db, told), repeated=True)
    entry, refusal = answers[0].entry, answers[0].refusal
    if entry is None:
        _forget(ledger.db)
    return msgspec.structs.replace(told, observation=entry.seq if entry else 0, refusal=refusal)


def _earlier(db: Engine, told: Observing) -> int:
    sql = "SELECT observation FROM observations WHERE digest = ? AND register = ? AND day = ?"
    found = db.query(sql, (told.digest, told.register, told.day.isoformat()))
    return int(found[0][0]) if found else 0


def _sweep(db: Engine) -> int:
    """Drop rows of an entry that never came to be; return the last entry."""
    seq = int(db.query("SELECT seq FROM head")[0][0])
    db.query("DELETE FROM observed WHERE observation > ? RETURNING row", (seq,))
    return seq


def _forget(db: Engine) -> None:
    """A refusal writes nothing: not even rows beside the journal."""
    db.begin()
    try:
        _sweep(db)
        db.commit()
    except BaseException:
        db.rollback()
        raise


def foreign(ledger: Ledger, observation: int, row: int, sheet: str = "") -> Foreign:
    """A row of an observation, by its number in the file, with the path to the journaled root: what
    an admission carries. Raises Unknown, Ambiguous (several sheets), Altered."""
    leaves = _leaves(ledger, observation)
    found = []
    for at, leaf in enumerate(leaves):
        read = msgspec.json.decode(leaf, type=_Leaf)
        if read.row == row and sheet in ("", read.sheet):
            found.append((at, read.sheet))
    if not found:
        raise Unknown(
            f"Observation {observation} has no row {row}. Give one that `onetonne find` shows.",
            f"觀察 {observation} 沒有第 {row} 列。請填 `onetonne find` 所示的列號。",
        )
    if len(found) > 1:
        sheets = ", ".join(name for _, name in found)
        raise Ambiguous(
            f"Row {row} stands on {len(found)} sheets. Give --sheet, one of {sheets}.",
            f"第 {row} 列見於 {len(found)} 個工作表。請以 --sheet 指定其一：{sheets}。",
        )
    at = found[0][0]
    hashes = merkle.in_memory([merkle.leaf_hash(leaf) for leaf in leaves])
    proof = merkle.inclusion_proof(hashes, at, len(leaves))
    return Foreign(
        observation=observation,
        row=leaves[at].decode(),
        index=at,
        proof=tuple(step.hex() for step in proof),
    )


def _leaves(ledger: Ledger, observation: int) -> list[bytes]:
    """All rows of an observation, checked against the root that its entry journaled."""
    db = ledger.db
    told = db.query("SELECT root FROM observations WHERE observation = ?", (observation,))
    if not told:
        raise Unknown(
            f"Entry {observation} is no observation. Give one that `onetonne import` answered.",
            f"條目 {observation} 不是觀察。請填 `onetonne import` 所回覆的條目。",
        )
    sql = "SELECT record FROM observed WHERE observation = ? ORDER BY row"
    leaves = [row[0].encode() for row in db.query(sql, (observation,))]
    if merkle.root(map(merkle.leaf_hash, leaves)).hex() != told[0][0]:
        raise Altered(
            f"the rows kept of observation {observation} are not those that were observed:"
            " import the same file again into a new ledger, or restore the database"
        )
    return leaves
