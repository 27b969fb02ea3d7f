"""Numbers of a ledger as people know them: accounts with their holders, people by their names.

A name whose salt was destroyed is gone; its number is all that is shown then.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from onetonne.base.account_numbers import show
from onetonne.doors.fields import named
from onetonne.ledger.commands import Item
from onetonne.ledger.words import WRITTEN, called, word, words
from onetonne.service.ledger import Ledger
from onetonne.store.schema import TABLES, from_row

_HOLDER = """SELECT a.sink, o.text FROM accounts a LEFT JOIN openings o
ON o.commitment = a.holder WHERE a.account = ?"""
_PERSON = "SELECT o.text FROM persons p JOIN openings o ON o.commitment = p.name WHERE p.person = ?"
_SEALED = "SELECT text FROM openings WHERE commitment = ?"
_ACCOUNTS = {"source", "target", "account"}
_PEOPLE = {"by", "person", "lift_by"}
_OF_PROPOSAL = re.compile(r"proposal [0-9]+")
"""The reason of a lock that a proposal set."""


def holder(ledger: Ledger, account: int) -> str:
    """Who holds an account, or which end it is; empty when nobody can tell."""
    found = ledger.db.query(_HOLDER, (account,))
    return str(found[0][0] or found[0][1] or "") if found else ""


def account(ledger: Ledger, number: int) -> str:
    """1234-5678-97 (Solar Co); an end by its name alone."""
    name = holder(ledger, number)
    if number < 1_000:
        return name or str(number)
    return f"{show(number)} ({name})" if name else show(number)


def person(ledger: Ledger, number: int) -> str:
    """12345678 (Mei)."""
    found = ledger.db.query(_PERSON, (number,))
    return f"{number} ({found[0][0]})" if found else str(number)


def place(number: str, holder: str, language: str) -> str:
    """The holder of an account as it is printed; an end by its word."""
    return holder if "-" in number else word(holder, language)


def facts(told: dict[str, str], language: str) -> str:
    """Facts of a history by name: codes in the reader's language, what somebody wrote as it is."""
    if language != "zh":
        return ", ".join(f"{name} {value}" for name, value in told.items())
    return "，".join(f"{called(n, language)} {_fact_zh(n, value)}" for n, value in told.items())


def _fact_zh(name: str, value: str) -> str:
    if name == "from":
        return value.replace("lot ", "批次 ")
    if name == "reason" and _OF_PROPOSAL.fullmatch(value):
        return value.replace("proposal", "提案")
    head, colon, rest = value.partition(":")
    return value if name in WRITTEN else f"{word(head, 'zh')}{colon}{rest}"


def newest(find: Callable[[], Ledger]) -> int | None:
    """The number of a ledger's newest entry; None where it cannot be read (a damaged ledger is
    opened, too, to be looked at)."""
    try:
        return int(find().db.query("SELECT seq FROM head")[0][0])
    except Exception:
        return None


def lot(ledger: Ledger, number: int) -> str:
    """A lot's code; its number when there is no such lot."""
    found = ledger.db.by_key(TABLES["lots"], [number])
    return str(from_row(TABLES["lots"], found[0]).code) if found else str(number)


def act(ledger: Ledger, asked: Any, language: str = "en") -> str:
    """An act that is asked for, in one line: what it is and all that was stated."""
    said = [word(str(type(asked).__struct_config__.tag), language)]
    for field in msgspec.structs.fields(asked):
        value = getattr(asked, field.name)
        if value in ((), {}, "", None) or value == field.default or field.name == "filed":
            continue
        told = _fact(ledger, field.name, value, language)
        said.append(told if field.name == "items" else f"{named(field.name, language)} {told}")
    return ("，" if language == "zh" else ", ").join(said)


def _fact(ledger: Ledger, name: str, value: Any, language: str) -> str:
    if name == "items":
        return ("；" if language == "zh" else "; ").join(
            _item(ledger, one, language) for one in value
        )
    if name in _ACCOUNTS:
        return account(ledger, value)
    if name in _PEOPLE:
        return person(ledger, value)
    if isinstance(value, str) and (found := ledger.db.query(_SEALED, (value,))):
        return str(found[0][0])
    if name in ("quantity", "tonnes"):
        return f"{value:,}"
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return words(", ".join(value), language)
    return word(value, language) if isinstance(value, str) else str(value)


def _item(ledger: Ledger, item: Item, language: str) -> str:
    code = lot(ledger, item.lot)
    if item.serials:
        return f"{code} {item.serials}"
    return f"{code} 之 {item.quantity:,}" if language == "zh" else f"{item.quantity:,} of {code}"
