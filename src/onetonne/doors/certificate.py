"""The retirement certificate: one numbered page in both languages, from the journal alone.

It names what was retired, for whom and why, and how anyone can check it. A retirement that
was corrected since is shown as such. Names are hostile input: the page escapes all of them.
"""

from bisect import bisect_left
from datetime import date
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from onetonne.base.account_numbers import show
from onetonne.base.days import day_of, iso
from onetonne.base.merkle import leaf_hash
from onetonne.doors.effects import lot_row
from onetonne.doors.measures import amounts, measure, ordinary
from onetonne.doors.render import plain
from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.items import printed
from onetonne.ledger.tables import Lot
from onetonne.ledger.units import Names
from onetonne.service import questions
from onetonne.service.ledger import Ledger
from onetonne.service.questions.holdings import only
from onetonne.store.schema import JOURNAL, TABLES, from_row


class Line(msgspec.Struct, frozen=True):
    """A block that was retired; `metric` is what one serial is."""

    lot: str
    unit: str
    name: Names
    project: str
    vintage: str
    host: str
    serials: str
    quantity: int
    metric: str
    corrected: int


class Certificate(msgspec.Struct, frozen=True):
    """All that the page says. `corrected`: units of it that are no longer retired. It and
    `quantity` are None where metrics differ."""

    certificate: int
    registry: str
    party: str
    entry: int
    entered: str
    day: date
    account: str
    holder: str
    beneficiary: str
    purpose: Names
    period: str
    lines: tuple[Line, ...]
    quantity: int | None
    corrected: int | None
    by_metric: dict[str, int]
    corrected_by_metric: dict[str, int]
    hash: str
    law: str
    key: str


def certificate(ledger: Ledger, number: int) -> Certificate:
    """Certificate `number` of a ledger. Raises questions.Unknown."""
    entry, data = _entry(ledger, number)
    at, told = next(
        (at, e) for at, e in enumerate(entry.events)
        if isinstance(e, ev.Retired) and e.certificate == number
    )  # fmt: skip
    moves = []
    for event in entry.events[at + 1 :]:
        if not isinstance(event, ev.Moved):
            break
        moves.append(event)
    day = entry.effective or day_of(entry.at, ledger.writer.zone)
    with questions.view(ledger) as seen:
        names = seen.names([told.beneficiary, _holder(ledger, told.source)])
    purpose = ledger.law.purposes.get(told.purpose)
    lines = tuple(_line(ledger, entry.seq, move) for move in moves)
    retired, back = (dict.fromkeys((line.metric for line in lines), 0) for _ in range(2))
    for line in lines:
        retired[line.metric] += line.quantity
        back[line.metric] += line.corrected
    return Certificate(
        certificate=number,
        registry=ledger.meta["ledger"],
        party=ledger.meta["party"],
        entry=entry.seq,
        entered=iso(entry.at),
        day=day,
        account=show(told.source),
        holder=names.get(_holder(ledger, told.source), ""),
        beneficiary=names.get(told.beneficiary, ""),
        purpose=purpose.names if purpose else Names(en=told.purpose, zh=told.purpose),
        period=told.period,
        lines=lines,
        quantity=only(retired, 0),
        corrected=only(back, 0),
        by_metric=retired,
        corrected_by_metric=back,
        hash=leaf_hash(data).hex(),
        law=entry.law,
        key=str(ledger.verifier()),
    )


def _entry(ledger: Ledger, number: int) -> tuple[ev.Entry, bytes]:
    """The entry of a certificate. Numbers grow with entries, so the entries that touched the
    retirement account are searched by halves."""
    sql = """SELECT m.seq FROM marks m JOIN accounts a ON a.account = m.account
    WHERE a.sink = 'retirement' ORDER BY m.seq"""
    seqs = [row[0] for row in ledger.db.query(sql)]
    at = bisect_left(range(len(seqs)), number, key=lambda n: _highest(ledger, seqs, n))
    if number > 0 and at < len(seqs):
        data = _data(ledger, seqs[at])
        entry = codec.decode(data)
        if number in _numbers(entry):
            return entry, data
    raise questions.Unknown(
        f"There is no certificate {number} here. `onetonne history` names those there are.",
        f"本帳本沒有證書 {number}。已核發者請見 `onetonne history`。",
    )


def _highest(ledger: Ledger, seqs: list[int], at: int) -> int:
    """The highest certificate up to the entry at place `at`; corrections have none."""
    while at >= 0:
        found = _numbers(codec.decode(_data(ledger, seqs[at])))
        if found:
            return max(found)
        at -= 1
    return 0


def _data(ledger: Ledger, seq: int) -> bytes:
    return bytes(ledger.db.by_key(JOURNAL, [seq])[0][2])


def _numbers(entry: ev.Entry) -> list[int]:
    return [event.certificate for event in entry.events if isinstance(event, ev.Retired)]


def _holder(ledger: Ledger, account: int) -> str:
    found = ledger.db.by_key(TABLES["accounts"], [account])
    return str(from_row(TABLES["accounts"], found[0]).holder) if found else ""


def _line(ledger: Ledger, seq: int, move: ev.Moved) -> Line:
    lot = lot_row(ledger, move.lot)
    assert isinstance(lot, Lot), "a move names a lot of this ledger"
    unit = ledger.law.units.get(lot.unit)
    return Line(
        lot=lot.code,
        unit=lot.unit,
        name=unit.names if unit else Names(en=lot.unit, zh=lot.unit),
        project=lot.project,
        vintage=str(lot.vintage or "-"),
        host=lot.host,
        serials=printed(lot, move.first, move.next),
        quantity=move.next - move.first,
        metric=ledger.law.measure(lot.unit),
        corrected=_left(ledger, seq, move),
    )


def _left(ledger: Ledger, seq: int, move: ev.Moved) -> int:
    """How many of the moved serials are no longer where the entry put them."""
    rows: list[tuple[Any, ...]] = ledger.db.cover([(move.lot, move.first, move.next)], 2**31)
    there: int = sum(
        min(next_, move.next) - max(first, move.first)
        for _, first, next_, account, moved, _ in rows
        if account == move.target and moved == seq
    )
    return move.next - move.first - there


def page(told: Certificate) -> str:
    """The certificate as one HTML page that needs nothing else."""
    templates = Environment(
        loader=PackageLoader("onetonne.doors"), autoescape=True, undefined=StrictUndefined,
        finalize=lambda value: plain(value) if isinstance(value, str) else value,
    )  # fmt: skip
    unit = " unit" if sum(told.by_metric.values()) == 1 else " units"
    return templates.get_template("certificate.html.jinja").render(
        c=told,
        retired=amounts(told.by_metric, unit),
        returned=amounts(told.corrected_by_metric, ""),
        void=any(told.corrected_by_metric.values()),
        plain=ordinary(told.by_metric),
        measure=measure,
    )
