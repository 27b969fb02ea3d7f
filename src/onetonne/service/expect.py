"""What a scenario expects of the ledger, read from the tables and compared whole.

Each question gives a plain value; what is found must equal what is expected, so an extra
holding is as much a difference as a missing one.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from onetonne.service import expect_article6
from onetonne.service.ledger import Ledger
from onetonne.service.questions import compliance
from onetonne.service.questions.asof import Unknown
from onetonne.service.scenario import Names

Looked = Any


class Picture:
    """The ledger as a scenario names it, read in one go: scenarios are small."""

    def __init__(self, ledger: Ledger, names: Names) -> None:
        self.ledger, self.names = ledger, names
        self.db = db = ledger.db
        lots = "SELECT lot, unit, size, first_number FROM lots"
        self.lots = {row[0]: row for row in db.query(lots)}
        accounts = "SELECT account, sink, closed FROM accounts"
        self.accounts = {row[0]: row for row in db.query(accounts)}
        self.held = db.query(
            "SELECT lot, first, next, account, locks FROM holdings "
            "WHERE next IS NOT NULL ORDER BY lot, first"
        )

    def look(self, question: str, about: str, expected: Any) -> Looked:
        """The answer in the form of what is expected. Raises KeyError for an unknown name."""
        return QUESTIONS[question](self, about, expected)

    def _mine(self, account: str) -> list[tuple[Any, ...]]:
        number = self.names.number("accounts", account)
        return [row for row in self.held if row[3] == number]

    def balances(self, about: str, expected: Any) -> Looked:
        mine = self._mine(about)
        if not isinstance(expected, dict):
            return sum(row[2] - row[1] for row in mine)
        found: Counter[str] = Counter()
        for lot, first, next_, _, _ in mine:
            name = self.names.of("lots", lot)
            found[name if name in expected else self.lots[lot][1]] += next_ - first
        return dict(found)

    def locked(self, about: str, expected: Any) -> Looked:
        return sum(row[2] - row[1] for row in self._mine(about) if row[4])

    def holds(self, about: str, expected: Any) -> Looked:
        return self._joined([row[:3] for row in self._mine(about)])

    def _joined(self, rows: list[Any]) -> list[str]:
        """Blocks as people write them, `spring 1-100`; neighbours as one."""
        blocks: list[list[int]] = []
        for lot, first, next_ in rows:
            if blocks and blocks[-1][0] == lot and blocks[-1][2] == first:
                blocks[-1][2] = next_
            else:
                blocks.append([lot, first, next_])
        return [self._printed(*block) for block in blocks]

    def _printed(self, lot: int, first: int, next_: int) -> str:
        base = int(self.lots[lot][3])
        return f"{self.names.of('lots', lot)} {base + first}-{base + next_ - 1}"

    def status(self, about: str, expected: Any) -> Looked:
        """Where a lot's (or a unit type's) serials are: held, or an end by its name."""
        lot = self.names.known["lots"].get(about)
        if lot is None:
            self._unit(about)
        found: Counter[str] = Counter()
        for number, first, next_, account, _ in self.held:
            if number == lot or (lot is None and self.lots[number][1] == about):
                found[self.accounts[account][1] or "held"] += next_ - first
        return dict(found)

    def _unit(self, about: str) -> None:
        if about not in self.ledger.law.units:
            raise KeyError(about)

    def issued(self, about: str, expected: Any) -> Looked:
        self._unit(about)
        return sum(row[2] for row in self.lots.values() if row[1] == about)

    def locks(self, about: str, expected: Any) -> Looked:
        number = self.names.number("locks", about)
        ((lifted,),) = self.db.query('SELECT lifted FROM locks WHERE "lock" = ?', (number,))
        return "lifted" if lifted else "in force"

    def proposals(self, about: str, expected: Any) -> Looked:
        number = self.names.number("proposals", about)
        sql = "SELECT outcome FROM proposals WHERE proposal = ?"
        ((outcome,),) = self.db.query(sql, (number,))
        return outcome or "open"

    def open(self, about: str, expected: Any) -> Looked:
        return not self.accounts[self.names.number("accounts", about)][2]

    def labels(self, about: str, expected: Any) -> Looked:
        number = self.names.number("lots", about)
        sql = "SELECT kind, value, first, next FROM labels WHERE lot = ? ORDER BY labelled, first"
        rows = self.db.query(sql, (number,))
        return [
            " ".join((kind, value, self._printed(number, first, next_).split()[-1]))
            for kind, value, first, next_ in rows
        ]

    def compliance(self, about: str, expected: Any) -> Looked:
        """The standing of `OPERATOR SYSTEM PERIOD`: its word, or the facts of it that are named."""
        operator, system, period = _named(about, 3)
        try:
            found = compliance.status(self.ledger, system, operator, period).status
        except Unknown as error:
            return str(error)
        return _picked(found, expected) if isinstance(expected, dict) else found.status

    def room(self, about: str, expected: Any) -> Looked:
        """What each limit leaves `OPERATOR SYSTEM PERIOD`: for certain."""
        operator, system, period = _named(about, 3)
        found = compliance.rooms(self.ledger, system, operator, period)
        return {row.limit: row.certain for row in found.rooms}

    def integrity(self, about: str, expected: Any) -> Looked:
        """Facts of the cap-integrity statement of `SYSTEM PERIOD`."""
        system, period = _named(about, 2)
        return _picked(compliance.integrity(self.ledger, system, period).periods[0], expected)

    def duties(self, about: str, expected: Any) -> Looked:
        """The outcomes of the duties that arose in an entry, in order."""
        number = self.names.number("entries", about)
        rows = compliance.duties(self.ledger, everything=True).rows
        return [row.outcome or "open" for row in rows if row.duty == number]

    def counts(self, about: str, expected: Any) -> Looked:
        """`entries` of the journal, `lots`, `certificates`, `proposals`, `locks`."""
        columns = {"entries": "seq", "lots": "lot", "certificates": "certificate"}
        columns |= {"locks": '"lock"', "proposals": "proposal"}
        ((value,),) = self.db.query(f"SELECT {columns[about]} FROM head")
        return value


def _named(about: str, count: int) -> list[str]:
    """The parts of a name with blanks between them. Raises KeyError where they are others."""
    parts = about.split()
    if len(parts) != count:
        raise KeyError(about)
    return parts


def _picked(found: Any, expected: Any) -> Looked:
    """Of what has names those that are expected; what is not there is `none`."""
    names = found.__struct_fields__
    wrong = [name for name in expected if name not in names] if isinstance(expected, dict) else []
    if wrong:
        en, zh = (
            f"{wrong[0]!r} is none of {', '.join(names)}",
            f"{wrong[0]!r} 不在 {'、'.join(names)} 之中",
        )
        raise Unknown(en, zh)
    return _shaped(msgspec.to_builtins(found), expected)


def _shaped(found: Any, expected: Any) -> Looked:
    if isinstance(expected, dict) and isinstance(found, dict):
        return {name: _shaped(found.get(name), one) for name, one in expected.items()}
    if isinstance(found, tuple) and isinstance(expected, list):
        shapes = [*expected, *[None] * len(found)]
        return [_shaped(one, shape) for one, shape in zip(found, shapes, strict=False)]
    return "none" if found is None else found


QUESTIONS: dict[str, Callable[[Picture, str, Any], Looked]] = {
    "balances": Picture.balances,
    "compliance": Picture.compliance,
    "counts": Picture.counts,
    "duties": Picture.duties,
    "holds": Picture.holds,
    "integrity": Picture.integrity,
    "issued": Picture.issued,
    "labels": Picture.labels,
    "locked": Picture.locked,
    "locks": Picture.locks,
    "open": Picture.open,
    "proposals": Picture.proposals,
    "room": Picture.room,
    "status": Picture.status,
    **expect_article6.QUESTIONS,
}
