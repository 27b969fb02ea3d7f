"""Who and what: from the names and numbers people type to the ledger's own numbers, and lists.

A name is looked up among the sealed texts that can still be opened; one that fits nothing, or more
than one thing, is refused with what to type instead.
"""

import re
from typing import Any

import msgspec

from onetonne.base import account_numbers
from onetonne.base.serials import Serial, parse
from onetonne.exchange.observations import serial_key
from onetonne.ledger.items import MAX_DIGITS
from onetonne.ledger.tables import Account, LockRow, Lot, Person, Project, Proposal
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, Ambiguous, AsOf, Unknown, View, view
from onetonne.store import rows

_PRINTED = re.compile(r"(?P<code>.+-(?:\d{4}|x)-(?P<lot>\d{1,18}))(?:[-\s]+(?P<serials>[\d-]+))?")


class Block(msgspec.Struct, frozen=True):
    """Serials of one lot that a text names; offsets, `next` exclusive."""

    lot: Lot
    first: int
    next: int


def name_of(ledger: Ledger, commitment: str) -> str:
    """The text behind a commitment; empty when there is none or its salt was destroyed."""
    found = ledger.db.query("SELECT text FROM openings WHERE commitment = ?", (commitment,))
    return str(found[0][0]) if found else ""


def person_number(ledger: Ledger, who: str) -> int:
    """A person by number or enrolled name. Raises Unknown or Ambiguous."""
    who = who.strip()
    if who.isascii() and who.isdigit() and len(who) <= 18:
        found = ledger.db.query("SELECT person FROM persons WHERE person = ?", (int(who),))
    else:
        sql = (
            "SELECT person FROM persons JOIN openings ON commitment = name"
            " WHERE text = ? AND active = 1 ORDER BY person"
        )
        found = ledger.db.query(sql, (who,))
    return _only(found, who, "person", "a number or a name from `onetonne person list`")


def account_number(ledger: Ledger, text: str) -> int:
    """An account by printed number, sink code or holder's name. Raises Unknown or Ambiguous."""
    text = text.strip()
    found = ledger.db.query("SELECT account FROM accounts WHERE sink = ? AND sink <> ''", (text,))
    found = found or ledger.db.query(
        "SELECT account FROM accounts JOIN openings ON commitment = holder"
        " WHERE text = ? AND closed = 0 ORDER BY account",
        (text,),
    )
    expected = "a number like 1234-5678-97, a holder's name, or an end such as retirement"
    if not found:
        try:
            number = account_numbers.read(text)
        except account_numbers.BadAccountNumber as error:
            if any(c.isalpha() for c in text):
                raise Unknown(f"no account {text!r} here: give {expected}") from None
            raise Unknown(str(error)) from None
        found = ledger.db.query("SELECT account FROM accounts WHERE account = ?", (number,))
    return _only(found, text, "account", expected)


def _only(found: list[tuple[Any, ...]], text: str, what: str, expected: str) -> int:
    if not found:
        raise Unknown(f"no {what} {text!r} here: give {expected}")
    if len(found) > 1:
        numbers = ", ".join(_shown(what, row[0]) for row in found[:20])
        raise Ambiguous(f"{len(found)} {what}s are called {text!r}: give one of {numbers}")
    return int(found[0][0])


def _shown(what: str, number: int) -> str:
    return account_numbers.show(number) if what == "account" else str(number)


def lot_number(ledger: Ledger, text: str) -> int:
    """A lot by number, code, or any serial in it, ours or foreign. Raises Unknown, Ambiguous."""
    blocks = blocks_of(ledger, text)
    if len({block.lot.lot for block in blocks}) > 1:
        codes = ", ".join(block.lot.code for block in blocks[:20])
        raise Ambiguous(f"{text!r} reaches over several lots: give one of {codes}")
    return blocks[0].lot.lot


def blocks_of(ledger: Ledger, text: str) -> list[Block]:
    """The serials of ours that a text names: a lot ("17", "TCER-2025-17": all of it), our own
    printed serials ("TCER-2025-17 5-9", "TCER-2025-17-5") or a foreign serial that was taken in.
    Raises Unknown."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 18:
        lots = _lots(ledger, "lot = ?", (int(text),))
        if lots:
            return [Block(lots[0], 0, lots[0].size)]
        raise Unknown(f"no lot {text} here: give a lot such as TCER-2025-17, or a serial")
    return _own(ledger, text) or _foreign(ledger, text)


def _own(ledger: Ledger, text: str) -> list[Block]:
    match = _PRINTED.fullmatch(text)
    if match is None or not text.isascii():
        return []
    # A code may itself look like code and serial (TCER-2025-1700-5), so both readings are tried.
    inner = _PRINTED.fullmatch(text.rpartition("-")[0]) if match["serials"] is None else None
    tries = [(match["code"], match["lot"], match["serials"])]
    if inner is not None and inner["serials"] is None:
        tries.append((inner["code"], inner["lot"], text.rpartition("-")[2]))
    for code, number, serials in tries:
        lots = _lots(ledger, "lot = ?", (int(number),))
        if lots and lots[0].code == code:
            return [within(lots[0], serials)]
    return []


def within(lot: Lot, serials: str | None) -> Block:
    if serials is None:
        return Block(lot, 0, lot.size)
    low, _, high = serials.partition("-")
    base, high = int(lot.first_number), high or low
    fits = low.isdigit() and high.isdigit() and max(len(low), len(high)) <= MAX_DIGITS
    if fits and base <= int(low) <= int(high) < base + lot.size:
        return Block(lot, int(low) - base, int(high) - base + 1)
    raise Unknown(f"{serials} is not in {lot.code}: it has {base}-{base + lot.size - 1}")


def _foreign(ledger: Ledger, text: str) -> list[Block]:
    """Lots that were admitted for any part of a foreign serial: the same numbers of a filed lot,
    the whole of one that was converted."""
    read = parse(text) if text else None
    if not isinstance(read, Serial):
        raise Unknown(f"{text!r} is no lot and no serial of this ledger: give TCER-2025-17 or 17")
    blocks = []
    for lot in _lots(ledger, "foreign_key = ?", (serial_key(read),)):
        low, high = int(lot.foreign_first), int(lot.foreign_last)
        first, last = max(low, read.first), min(high, read.last)
        if first <= last:
            filed = lot.origin == "filed"
            span = (first - low, last - low + 1) if filed else (0, lot.size)
            blocks.append(Block(lot, *span))
    if not blocks:
        raise Unknown(f"no lot of this ledger was admitted for {text}")
    return blocks


def _lots(ledger: Ledger, where: str, params: tuple[Any, ...]) -> list[Lot]:
    return rows.structs(ledger.db, "lots", where, params)


class Listing(msgspec.Struct, frozen=True):
    """Rows of one kind as of a moment; `names` opens the commitments in them."""

    as_of: AsOf
    rows: tuple[Account | Lot | Project | Person | LockRow | Proposal, ...]
    names: dict[str, str] = {}


def accounts(ledger: Ledger, asof: AsOf = NOW) -> Listing:
    return _listing(ledger, asof, "accounts", "holder")


def lots(ledger: Ledger, asof: AsOf = NOW) -> Listing:
    return _listing(ledger, asof, "lots")


def projects(ledger: Ledger, asof: AsOf = NOW) -> Listing:
    return _listing(ledger, asof, "projects", "name")


def persons(ledger: Ledger, asof: AsOf = NOW) -> Listing:
    return _listing(ledger, asof, "persons", "name")


def locks(ledger: Ledger, asof: AsOf = NOW) -> Listing:
    """Locks that are not lifted."""
    return _listing(ledger, asof, "locks", "reason", "lifted = 0")


def proposals(ledger: Ledger, asof: AsOf = NOW) -> Listing:
    """Proposals that are not settled."""
    return _listing(ledger, asof, "proposals", "", "outcome = ''")


def _listing(
    ledger: Ledger, asof: AsOf, table: str, sealed: str = "", where: str = "1 = 1"
) -> Listing:
    with view(ledger, asof) as seen:
        found = tuple(seen.structs(table, where))
        return Listing(seen.as_of, found, _names(seen, found, sealed))


def _names(seen: View, found: tuple[Any, ...], sealed: str) -> dict[str, str]:
    return seen.names([getattr(row, sealed) for row in found]) if sealed else {}
