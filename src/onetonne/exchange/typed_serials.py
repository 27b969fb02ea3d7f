"""Serials as somebody typed them: how each is read, which of them join, and what a part is.

Nothing is looked up: it is all in the printed form. Numbers are told as text, for they may have
any number of digits.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from onetonne.base.serial_faults import Unparsed
from onetonne.base.serials import Opaque, Serial, SerialError, cut, join, parse, print_serial

_GLUE = frozenset(("to", "-"))
"""What stands between blanks within one serial of some forms."""


class Problem(Struct, frozen=True):
    """What is wrong at which character, counted from 1; `meant` is the repaired serial, if one
    repair makes it whole."""

    code: str
    character: int
    en: str
    zh: str
    meant: str


class Reading(Struct, frozen=True):
    """How a text is read. `state`: parsed, opaque or unreadable; `parts` as printed, by name; the
    issuance is `key`; `exact`: printed back, it is the text."""

    text: str
    state: str
    registry: str = ""
    profile: str = ""
    key: str = ""
    parts: dict[str, str] = {}
    first: str = ""
    last: str = ""
    quantity: int = 0
    exact: bool = False
    problem: Problem | None = None


class Block(Struct, frozen=True):
    """A serial as its registry would print it; `of` the places (from 0) of those it is made of."""

    serial: str
    first: str
    last: str
    quantity: int
    of: tuple[int, ...] = ()


class Shared(Struct, frozen=True):
    """Numbers first..last that two of the serials have, by their places (from 0)."""

    first: str
    last: str
    of: tuple[int, int]


def whole(typed: Iterable[str]) -> list[str]:
    """The serials in the words of a command line: `A to B` and `A - B` are one, quoted or not."""
    found: list[str] = []
    open_ended = False
    for word in typed:
        if found and (open_ended or word in _GLUE):
            found[-1] += f" {word}"
        else:
            found.append(word)
        open_ended = word in _GLUE
    return found


def reading(text: str) -> tuple[Reading, Serial | None]:
    """How a text is read, and the serial where it is one."""
    read = parse(text)
    if isinstance(read, Unparsed):
        problem = Problem(read.code, read.column, read.reason, read.reason_zh, read.meant)
        return Reading(text, "unreadable", profile=read.profile, problem=problem), None
    if isinstance(read, Opaque):
        return Reading(text, "opaque", profile=read.profile), None
    told = Reading(
        text,
        "parsed",
        read.registry,
        read.profile,
        read.key,
        dict(read.fields),
        str(read.first),
        str(read.last),
        read.quantity,
        print_serial(read) == text,
    )
    return told, read


def block(serial: Serial, of: tuple[int, ...] = ()) -> Block:
    return Block(print_serial(serial), str(serial.first), str(serial.last), serial.quantity, of)


_Placed = tuple[Serial, tuple[int, ...]]


def joined(serials: Iterable[tuple[int, Serial]]) -> list[_Placed]:
    """The serials by issuance and number, those that adjoin and can be printed as one joined."""
    made: list[_Placed] = []
    for at, serial in _ordered(serials):
        try:
            one, of = made[-1]
            made[-1] = (join(one, serial), (*of, at))
        except (IndexError, SerialError):
            made.append((serial, (at,)))
    return made


def shared(serials: Iterable[tuple[int, Serial]]) -> Iterator[Shared]:
    """Each serial that shares numbers with one before it, and the numbers that they share."""
    reach: tuple[int, Serial] | None = None
    for at, serial in _ordered(serials):
        same = reach and (reach[1].registry, reach[1].key) == (serial.registry, serial.key)
        if reach and same and serial.first <= reach[1].last:
            last = min(serial.last, reach[1].last)
            yield Shared(str(serial.first), str(last), (reach[0], at))
        if not (reach and same) or serial.last > reach[1].last:
            reach = (at, serial)


def _ordered(serials: Iterable[tuple[int, Serial]]) -> list[tuple[int, Serial]]:
    return sorted(serials, key=lambda s: (s[1].registry, s[1].key, s[1].first, s[1].last))


def taken(serial: Serial, first: int, last: int) -> tuple[Block, list[Block]]:
    """The part first..last of a block, and what is left before and after it. SerialError."""
    part = cut(serial, first, last)
    left = ((serial.first, first - 1), (last + 1, serial.last))
    return block(part), [block(cut(serial, a, b)) for a, b in left if a <= b]
