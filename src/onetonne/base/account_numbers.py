"""Account numbers: eight random digits and two check digits (ISO 7064 MOD 97-10).

A number says nothing about its holder; a mistyped digit or two swapped ones are caught.
"""

import re

_PRINTED = re.compile(r"(\d{4})-?(\d{4})-?(\d{2})")
FIRST_BODY, LAST_BODY = 10_000_000, 99_999_999


class BadAccountNumber(ValueError):
    """No account number of this form exists."""


def with_check(body: int) -> int:
    """The account number of an eight-digit body: its two check digits appended."""
    return body * 100 + (98 - body * 100 % 97)


def is_valid(number: int) -> bool:
    """Whether the check digits fit. Numbers below 1,000 are a ledger's own sinks."""
    return 0 < number < 1_000 or (number % 97 == 1 and with_check(number // 100) == number)


def show(number: int) -> str:
    """As people read it: 1234-5678-97; a sink's short number as it is."""
    if number < 1_000:
        return str(number)
    text = f"{number:010d}"
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def read(text: str) -> int:
    """The number in printed text. Raises BadAccountNumber when it has no such form or its
    check digits do not fit."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 3 and int(text):
        return int(text)
    match = _PRINTED.fullmatch(text)
    if match is None or not text.isascii():
        raise BadAccountNumber(f"{text!r} is no account number; write it like 1234-5678-97")
    number = int("".join(match.groups()))
    if not is_valid(number):
        raise BadAccountNumber(f"{text} is mistyped: its check digits do not fit. Check it")
    return number
