"""No name enters the log: text in sealed fields becomes a salted commitment.

The salt and the text stay in a side table. Destroying a salt leaves every proof valid and
makes the name unknowable.
"""

import re
import secrets

import msgspec

from onetonne.base.commitments import commitment
from onetonne.ledger.commands import SEALED, Act, Propose

MAX_TEXT = 2_000
"""Characters of one sealed text: a name, an address, a reason; documents go by digest."""


class Unwritable(ValueError):
    """Text that no store keeps as it is."""


class SealedTextTooLong(Unwritable):
    """A name or reason, `field`, is longer than MAX_TEXT: it has `length` characters."""

    def __init__(self, field: str, length: int) -> None:
        super().__init__(f"{field}: {length} characters")
        self.field, self.length = field, length


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def holds_nul(data: bytes) -> bool:
    """Whether JSON holds a NUL in a text: PostgreSQL keeps none, and no reader shows one."""
    return rb"\u0000" in data and _NUL.search(data) is not None


NAMED = frozenset((*SEALED, Propose))
"""Acts that may hold a name; all others pass as they are."""


def seal(act: Act, openings: list[tuple[str, str, str]]) -> Act:
    """The act with its sealed fields as commitments; (commitment, salt, text) is added to
    `openings` for each."""
    if isinstance(act, Propose):
        inner = tuple(seal(one, openings) for one in act.acts)
        return msgspec.structs.replace(act, acts=inner)
    changes = {}
    for field in SEALED.get(type(act), ()):
        text = getattr(act, field)
        if not text:
            continue
        if len(text) > MAX_TEXT:
            raise SealedTextTooLong(field, len(text))
        if "\0" in text:
            raise Unwritable(f"{field} holds a NUL")
        salt = secrets.token_hex(16)
        changes[field] = commitment(salt, text)
        openings.append((changes[field], salt, text))
    return msgspec.structs.replace(act, **changes) if changes else act
