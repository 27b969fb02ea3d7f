"""Letters of authorisation: made from the journal, checked against a published log.

A letter is made for the newest version of an authorisation that is in force; one that was revoked
or has ended gets none.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from onetonne.base.account_numbers import show
from onetonne.base.notes import VerifierKey, open_checkpoint
from onetonne.exchange import letter as form
from onetonne.ledger import codec
from onetonne.ledger.article6.events import Authorised
from onetonne.ledger.events import Entry
from onetonne.ledger.proof_findings import Finding
from onetonne.service.ledger import Ledger
from onetonne.service.questions import article6
from onetonne.service.questions.asof import Unknown
from onetonne.store.audit_log import check_log
from onetonne.store.schema import JOURNAL
from onetonne.store.tiles import LogError, TileLog, read_note


def letter(ledger: Ledger, code: str) -> bytes:
    """The letter of an authorisation in force, as a file's bytes; publishes the log first. Raises
    Unknown where there is none in force."""
    told = article6.authorisations(ledger, code=code).rows[-1]
    if told.status not in ("in_force", "exhausted"):
        raise Unknown(
            f"Authorisation {code} is {told.status}: no letter is made of it.",
            f"授權 {code} 的狀態為 {told.status}：不再核發授權書。",
        )
    gone = [show(one) for one in told.row.entities if one in told.row.withdrawn]
    if gone:
        raise Unknown(
            f"Authorisation {code} still names {', '.join(gone)}, which was withdrawn. State it "
            "anew without: onetonne a6 change.",
            f"授權 {code} 仍列有已撤除之 {'、'.join(gone)}。請先重新敘明：onetonne a6 change。",
        )
    point = ledger.publish()
    seq = told.row.authorised
    ((_, _, data),) = ledger.db.by_key(JOURNAL, [seq])
    terms = next(
        event
        for event in codec.decode(bytes(data)).events
        if isinstance(event, Authorised) and event.authorisation == code
    )
    proof = TileLog(ledger.log, point.size).inclusion_proof(seq - 1)
    note = read_note(ledger.log)
    return form.write(ledger.signer(), terms, seq, bytes(data), proof, note, point.size)


def check(
    data: bytes, key: VerifierKey | None, day: date | None, log: Path | None
) -> tuple[form.Report, int]:
    """Check a letter, and against a published log where one is given; the checkpoint's size as of
    which it then holds."""
    alone = form.check_letter(data, key, day)
    if log is None or key is None or not alone.ok:
        return alone, alone.size
    wrong = check_log(log, key, [form.checkpoint_of(data)])
    if wrong:
        return form.Report(tuple(wrong), True, alone.size, alone.terms), alone.size
    size = open_checkpoint(read_note(log), key).size
    try:
        report = form.check_letter(data, key, day, _entries(log, alone.size, size))
    except (LogError, codec.Undecodable) as error:
        finding = Finding("letter_unreadable", "log", found=str(error)[:200])
        return form.Report((finding,), True, alone.size, alone.terms), alone.size
    return report, size


def _entries(log: Path, start: int, size: int) -> Iterator[Entry]:
    for data in TileLog(log, size).entries(start, size):
        yield codec.decode(data)
