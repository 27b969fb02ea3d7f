"""No name enters the log: text in sealed fields becomes a salted commitment.

The salt and the text stay in a side table. Destroying a salt leaves every proof valid and
makes the name unknowable: nothing else that is kept depends on the text.
"""

import re
import secrets
from collections.abc import Callable

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

    def sealed(field: str, text: str) -> str:
        if len(text) > MAX_TEXT:
            raise SealedTextTooLong(field, len(text))
        if "\0" in text:
            raise Unwritable(f"{field} holds a NUL")
        salt = secrets.token_hex(16)
        openings.append((commitment(salt, text), salt, text))
        return openings[-1][0]

    return _with(act, sealed)


def blank(act: Act, texts: list[str]) -> Act:
    """The act with a mark where its sealed fields hold something; each of these is added to
    `texts`, in the order in which `seal` meets them."""

    def blanked(_: str, text: str) -> str:
        texts.append(text)
        return "sealed"

    return _with(act, blanked)


def _with(act: Act, become: Callable[[str, str], str]) -> Act:
    """The act with what becomes of each sealed field, by its name and text."""
    if isinstance(act, Propose):
        return msgspec.structs.replace(act, acts=tuple([_with(one, become) for one in act.acts]))
    changes = {
        field: become(field, text)
        for field in SEALED.get(type(act), ())
        if (text := getattr(act, field))
    }
    return msgspec.structs.replace(act, **changes) if changes else act
