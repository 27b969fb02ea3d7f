"""Who and what: from the names and numbers people type to the ledger's own numbers, and lists.

A name is looked up among the sealed texts that can still be opened; one that fits nothing, or more
than one thing, is refused with what to type instead.
"""

import re
from difflib import get_close_matches
from typing import Any

import msgspec

from onetonne.base import account_numbers
from onetonne.base.serials import Serial, parse
from onetonne.exchange.observations import serial_key
from onetonne.ledger.items import MAX_DIGITS, ends, printed
from onetonne.ledger.tables import Account, LockRow, Lot, Person, Project, Proposal
from onetonne.ledger.words import word
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
    if not found:
        near = _near(ledger, who, "SELECT name FROM persons WHERE active = 1")
        raise Unknown(
            f"There is no person {who!r} here{near[0]} Give a name or number from: "
            "onetonne person list.",
            f"本帳本沒有人員 {who!r}{near[1]}請填 onetonne person list 所列的姓名或號碼。",
        )
    return _only(found, who, ("people", "人員"))


def account_number(ledger: Ledger, text: str) -> int:
    """An account by printed number, sink code or holder's name. Raises Unknown or Ambiguous."""
    text = text.strip()
    found = ledger.db.query(
        "SELECT account, closed, kind, party FROM accounts LEFT JOIN openings"
        " ON commitment = holder WHERE text = ? OR (sink = ? AND sink <> '') ORDER BY account",
        (text, text),
    )
    # A closed account is meant only where no open one bears the name.
    found = [row for row in found if row[1] == 0] or found
    if not found:
        try:
            number = account_numbers.read(text)
        except account_numbers.BadAccountNumber as error:
            if not any(c.isalpha() for c in text):
                zh = f"{text} 不是有效帳號：檢查碼不符或格式有誤。帳號寫成 1234-5678-97。"
                raise Unknown(f"{error}.", zh) from None
            number = 0
        found = ledger.db.query("SELECT account FROM accounts WHERE account = ?", (number,))
    if not found:
        near = _near(ledger, text, "SELECT holder FROM accounts")
        raise Unknown(
            f"There is no account {text!r} here{near[0]} Give a number such as 1234-5678-97 or a "
            "holder's name from: onetonne account list.",
            f"本帳本沒有帳戶 {text!r}{near[1]}請填帳號（例如 1234-5678-97）或 "
            "onetonne account list 所列的持有人名稱。",
        )
    return _only(found, text, ("accounts", "帳戶"))


def _near(ledger: Ledger, text: str, commitments: str) -> tuple[str, str]:
    """Ends a sentence: with a name that is written much like `text`, or a full stop; en, zh."""
    sql = f"SELECT DISTINCT text FROM openings WHERE commitment IN ({commitments}) LIMIT 5000"
    known = {str(row[0]).casefold(): str(row[0]) for row in ledger.db.query(sql)}
    found = get_close_matches(text.casefold(), known, 1, 0.6)
    if not found:
        return ".", "。"
    return f": did you mean {known[found[0]]!r}?", f"，是否為 {known[found[0]]!r}？"


def _only(found: list[tuple[Any, ...]], text: str, what: tuple[str, str]) -> int:
    if len(found) > 1:
        numbers, zh = (", ".join(_candidate(row, at) for row in found[:20]) for at in ("en", "zh"))
        raise Ambiguous(
            f"{len(found)} {what[0]} are called {text!r}. Give one by its number: {numbers}.",
            f"有 {len(found)} 個{what[1]}名為 {text!r}。請改填號碼：{zh}。",
        )
    return int(found[0][0])


def _candidate(row: tuple[Any, ...], language: str) -> str:
    """A person's number, or an account's with what tells it from its namesakes."""
    if len(row) == 1:
        return str(row[0])
    number, _, kind, party = row
    return f"{account_numbers.show(number)} ({word(kind, language)} {party})"


def namesakes(ledger: Ledger, holder: str, account: int = 0) -> list[int]:
    """The open accounts of a holder of that name, but for `account`."""
    sql = (
        "SELECT account FROM accounts JOIN openings ON commitment = holder"
        " WHERE text = ? AND closed = 0 AND account <> ? ORDER BY account"
    )
    return [int(row[0]) for row in ledger.db.query(sql, (holder, account))]


def shared_names(ledger: Ledger) -> frozenset[str]:
    """Names of holders that several accounts bear: there the name alone tells nothing."""
    sql = (
        "SELECT text FROM accounts JOIN openings ON commitment = holder"
        " GROUP BY text HAVING count(*) > 1"
    )
    return frozenset(str(row[0]) for row in ledger.db.query(sql))


def lot_number(ledger: Ledger, text: str) -> int:
    """A lot by number or code, or by the foreign serial of all of it. Raises Unknown (of a part,
    too: whoever names serials does not mean others), Ambiguous."""
    blocks = blocks_of(ledger, text)
    if len({block.lot.lot for block in blocks}) > 1:
        codes = ", ".join(block.lot.code for block in blocks[:20])
        raise Ambiguous(f"{text!r} reaches over several lots. Give one of {codes}.",
                        f"{text!r} 跨越多個批次。請填其一：{codes}。")  # fmt: skip
    lot = blocks[0].lot
    if sum(block.next - block.first for block in blocks) < lot.size:
        some = ", ".join(printed(lot, block.first, block.next) for block in blocks)
        raise Unknown(
            f"{text!r} names serials {some} of {lot.code}, not the lot. Give the two apart: "
            f"{lot.code}, and --serials {some}.",
            f"{text!r} 指的是 {lot.code} 的序號 {some}，不是整個批次。請分開填寫：批次 {lot.code}"
            f"，序號 --serials {some}。",
        )
    return lot.lot


def blocks_of(ledger: Ledger, text: str) -> list[Block]:
    """The serials of ours that a text names: a lot ("17", "TCER-2025-17": all of it), our own
    printed serials ("TCER-2025-17 5-9", "TCER-2025-17-5") or a foreign serial that was taken in.
    Raises Unknown."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 18:
        lots = _lots(ledger, "lot = ?", (int(text),))
        if lots:
            return [Block(lots[0], 0, lots[0].size)]
        raise _no_lot(text)
    own = _own(ledger, text)
    return [within(*own)] if own else _foreign(ledger, text)


def touched(ledger: Ledger, text: str) -> list[Block]:
    """As `blocks_of`, but nothing where that is unknown here, and of our own printed serials
    those that are in their lot where not all are."""
    try:
        return blocks_of(ledger, text)
    except Unknown:
        own = _own(ledger, text.strip())
    asked = ends(own[1]) if own and own[1] else None
    if own is None or asked is None:
        return []
    lot, base = own[0], int(own[0].first_number)
    first, next_ = max(asked[0] - base, 0), min(asked[1] - base + 1, lot.size)
    return [Block(lot, first, next_)] if first < next_ else []


def _own(ledger: Ledger, text: str) -> tuple[Lot, str | None] | None:
    """The lot of ours that a text names by its code, and what is printed behind it."""
    match = _PRINTED.fullmatch(text)
    if match is None or not text.isascii():
        return None
    # A code may itself look like code and serial (TCER-2025-1700-5), so both readings are tried.
    inner = _PRINTED.fullmatch(text.rpartition("-")[0]) if match["serials"] is None else None
    tries = [(match["code"], match["lot"], match["serials"])]
    if inner is not None and inner["serials"] is None:
        tries.append((inner["code"], inner["lot"], text.rpartition("-")[2]))
    for code, number, serials in tries:
        lots = _lots(ledger, "lot = ?", (int(number),))
        if lots and lots[0].code == code:
            return lots[0], serials
    return None


def within(lot: Lot, serials: str | None) -> Block:
    if serials is None:
        return Block(lot, 0, lot.size)
    low, _, high = serials.partition("-")
    base, high = int(lot.first_number), high or low
    fits = low.isdigit() and high.isdigit() and max(len(low), len(high)) <= MAX_DIGITS
    if fits and base <= int(low) <= int(high) < base + lot.size:
        return Block(lot, int(low) - base, int(high) - base + 1)
    has = f"{base}-{base + lot.size - 1}"
    if fits and int(low) > int(high):
        raise Unknown(f"{serials} runs backwards. Give {high}-{low}, if that is meant.",
                      f"{serials} 前後顛倒。若指此段，請填 {high}-{low}。")  # fmt: skip
    raise Unknown(f"Serials {serials} are not in {lot.code}, which has {has}. Give some of these.",
                  f"{serials} 不在批次 {lot.code} 之內（{has}）。請填其中的序號。")  # fmt: skip


def _no_lot(text: str) -> Unknown:
    return Unknown(
        f"There is no lot and no serial {text!r} here. Give a lot such as TCER-2025-17, or its "
        "number, from: onetonne holdings.",
        f"本帳本沒有批次或序號 {text!r}。請填 onetonne holdings 所列的批次，例如 TCER-2025-17，"
        "或其編號。",
    )


def _foreign(ledger: Ledger, text: str) -> list[Block]:
    """Lots that were admitted for any part of a foreign serial: the same numbers of a filed lot,
    the whole of one that was converted."""
    read = parse(text) if text else None
    if not isinstance(read, Serial):
        raise _no_lot(text)
    blocks = []
    for lot in _lots(ledger, "foreign_key = ?", (serial_key(read),)):
        low, high = int(lot.foreign_first), int(lot.foreign_last)
        first, last = max(low, read.first), min(high, read.last)
        if first <= last:
            filed = lot.origin == "filed"
            span = (first - low, last - low + 1) if filed else (0, lot.size)
            blocks.append(Block(lot, *span))
    if not blocks:
        raise Unknown(
            f"No lot of this ledger was admitted for {text}. See: onetonne find.",
            f"本帳本沒有因 {text} 而納入的批次。請見：onetonne find。",
        )
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
