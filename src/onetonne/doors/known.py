"""Numbers of a ledger as people know them: accounts with their holders, people by their names.

A name whose salt was destroyed is gone; its number is all that is shown then.
"""

from typing import Any

import msgspec

from onetonne.base.account_numbers import show
from onetonne.ledger.commands import Item
from onetonne.service.ledger import Ledger
from onetonne.store.schema import TABLES, from_row

_HOLDER = """SELECT a.sink, o.text FROM accounts a LEFT JOIN openings o
ON o.commitment = a.holder WHERE a.account = ?"""
_PERSON = "SELECT o.text FROM persons p JOIN openings o ON o.commitment = p.name WHERE p.person = ?"
_SEALED = "SELECT text FROM openings WHERE commitment = ?"
_ACCOUNTS = {"source", "target", "account"}
_PEOPLE = {"by", "person", "lift_by"}


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


def lot(ledger: Ledger, number: int) -> str:
    """A lot's code; its number when there is no such lot."""
    found = ledger.db.by_key(TABLES["lots"], [number])
    return str(from_row(TABLES["lots"], found[0]).code) if found else str(number)


def act(ledger: Ledger, asked: Any) -> str:
    """An act that is asked for, in one line: what it is and all that was stated."""
    said = [str(type(asked).__struct_config__.tag)]
    for field in msgspec.structs.fields(asked):
        value = getattr(asked, field.name)
        if value in ((), {}, "", None) or value == field.default or field.name == "filed":
            continue
        said.append(_fact(ledger, field.name, value))
    return ", ".join(said)


def _fact(ledger: Ledger, name: str, value: Any) -> str:
    if name == "items":
        return "; ".join(_item(ledger, one) for one in value)
    if name in _ACCOUNTS:
        return f"{name} {account(ledger, value)}"
    if name in _PEOPLE:
        return f"{name} {person(ledger, value)}"
    if isinstance(value, str) and (found := ledger.db.query(_SEALED, (value,))):
        return f"{name} {found[0][0]}"
    return f"{name} {value:,}" if name in ("quantity", "tonnes") else f"{name} {value}"


def _item(ledger: Ledger, item: Item) -> str:
    if item.serials:
        return f"{lot(ledger, item.lot)} {item.serials}"
    return f"{item.quantity:,} of {lot(ledger, item.lot)}"
