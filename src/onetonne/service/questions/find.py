"""Find: what our own lots and what other registers' exports say of a serial, side by side.

What another register said is an observation: it is shown with its register and day, and never
makes a holding of ours.
"""

from datetime import date

import msgspec

from onetonne.base.serial_faults import Unparsed
from onetonne.base.serials import Serial, parse
from onetonne.exchange.observations import serial_key
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, View, view
from onetonne.service.questions.directory import touched
from onetonne.service.questions.history import History, history_of


class Sighting(msgspec.Struct, frozen=True):
    """A row of another register's export: what it said on `day` of serials first..last (empty for
    an opaque serial). `row` and `sheet` as in the file; `cells` as read."""

    observation: int
    register: str
    day: date
    sheet: str
    row: int
    kind: str
    quantity: int
    first: str
    last: str
    cells: dict[str, str]


class Found(msgspec.Struct, frozen=True):
    """Both sides of a serial. `form` is the profile that it was read by, `own` for ours; `problem`
    says in both languages why a text that is nearly a serial could not be read."""

    as_of: AsOf
    asked: str
    form: str
    ours: tuple[History, ...]
    seen: tuple[Sighting, ...]
    problem: tuple[str, str] = ("", "")


class _Record(msgspec.Struct, frozen=True):
    cells: dict[str, str]
    first: str
    kind: str
    last: str
    quantity: int
    row: int
    sheet: str


def find(ledger: Ledger, text: str, asof: AsOf = NOW) -> Found:
    """Any serial, lot or code, in any form. A text that nothing is known of is no error."""
    text = text.strip()
    with view(ledger, asof, replay=False) as seen:
        blocks = touched(ledger, text)
        issued = seen.entries([block.lot.issued for block in blocks])
        blocks = [block for block in blocks if seen.counts(issued[block.lot.issued])]
        ours = [history_of(seen, block) for block in blocks]
        read = parse(text)
        if isinstance(read, Unparsed):
            problem = ("", "") if blocks else (read.reason, read.reason_zh)
            form = "own" if blocks else ""
            return Found(seen.as_of, text, form, tuple(ours), (), problem)
        sightings = tuple(_sightings(seen, serial_key(read), read))
        known = isinstance(read, Serial) or sightings
        form = read.profile if known else "own" if blocks else read.profile
        return Found(seen.as_of, text, form, tuple(ours), sightings)


_ROWS = """SELECT o.observation, o.register, o.day, d.record
FROM observed d JOIN observations o ON o.observation = d.observation
WHERE d.key = ? ORDER BY o.day, o.observation, d.row"""


def _sightings(seen: View, key: str, read: object) -> list[Sighting]:
    """Rows of the same issuance whose numbers overlap those asked for."""
    rows = seen.db.query(_ROWS, (key.replace("\0", ""),))
    entries = seen.entries(sorted({row[0] for row in rows}))
    found = []
    for observation, register, day, record in rows:
        told = msgspec.json.decode(record, type=_Record)
        if not seen.counts(entries[observation]) or not _touches(told, read):
            continue
        fields = {name: getattr(told, name) for name in _Record.__struct_fields__}
        on = date.fromisoformat(day)
        found.append(Sighting(observation=observation, register=register, day=on, **fields))
    return found


def _touches(told: _Record, read: object) -> bool:
    if not isinstance(read, Serial):
        return True
    return bool(told.first) and int(told.first) <= read.last and read.first <= int(told.last)
