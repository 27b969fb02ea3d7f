"""Serials as registries print them: parse, print, cut, join, whatever the number of digits.

A serial is an issuance key and a closed range first..last of Python ints; the raw string is kept
and never compared. A text of no known form is Opaque (an identity without a range); a text that is
nearly of a known form is Unparsed, with the place and the cure.
"""

from msgspec import Struct
from msgspec.structs import replace

from onetonne.base.serial_faults import Unparsed, diagnose, fault
from onetonne.base.serial_grammars import BY_PROFILE, FAMILY, GRAMMARS, KINDS, PATTERNS, Grammar

MAX_SERIAL = 512  # characters: longer than any printed serial, far below the int parsing limit
OPAQUE = "opaque"


class SerialError(ValueError):
    """A cut outside the block or a join of blocks that do not touch, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


class Serial(Struct, frozen=True, eq=False):
    """A block of units: closed range first..last under an issuance key of a registry.

    `fields` are the other parts as printed; `pads` the least widths of the two numbers where they
    were printed with leading zeros (0: as they come). Equal when registry, key and range are.
    """

    registry: str
    profile: str
    raw: str
    fields: tuple[tuple[str, str], ...]
    key: str
    first: int
    last: int
    pads: tuple[int, int] = (0, 0)

    @property
    def quantity(self) -> int:
        """Units in the block."""
        return self.last - self.first + 1

    @property
    def identity(self) -> tuple[str, str, int, int]:
        return (self.registry, self.key, self.first, self.last)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Serial) and self.identity == other.identity

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.identity)


class Opaque(Struct, frozen=True):
    """A serial of no known form, kept whole under a named profile; it has no range to compute."""

    raw: str
    registry: str = ""
    profile: str = OPAQUE


def parse(text: str, profile: str | None = None, registry: str = "") -> Serial | Opaque | Unparsed:
    """Read a printed serial; `profile` demands one form, `registry` says whose list it stands in.

    Serial when a form fits whole; Unparsed when it is nearly one (or a demanded one does not fit);
    Opaque when it resembles none. KeyError for a profile that does not exist.
    """
    if not text or len(text) > MAX_SERIAL:
        return fault(text[:MAX_SERIAL], profile or "", "length", len(text))
    if profile == OPAQUE:
        return Opaque(text, registry)
    for row in GRAMMARS if profile is None else (BY_PROFILE[profile],):
        match = PATTERNS[row.profile].fullmatch(text)
        if match:
            at = match.start("first" if row.several else "last")
            return _read(text, row, match.groupdict(), at)
    return diagnose(text, profile, registry) or Opaque(text, registry)


def _read(text: str, row: Grammar, parts: dict[str, str], at: int) -> Serial | Unparsed:
    first = parts.pop("first")
    last = parts.pop("last", first)
    if int(last) < int(first):
        return fault(text, row.profile, "reversed-range", at, found=last, expected=first)
    key = "-".join(FAMILY.get((name, parts[name]), _plain(name, parts[name])) for name in row.key)
    fields = tuple(parts.items())
    return Serial(
        row.registry,
        row.profile,
        text,
        fields,
        key,
        int(first),
        int(last),
        (_pad(first), _pad(last)),
    )


def print_serial(serial: Serial) -> str:
    """The serial in the form of its profile; gives back exactly what `parse` accepted."""
    first = str(serial.first).zfill(serial.pads[0])
    last = str(serial.last).zfill(serial.pads[1])
    parts = dict(serial.fields) | {"first": first, "last": last}
    return BY_PROFILE[serial.profile].form.format_map(parts)


def cut(serial: Serial, first: int, last: int) -> Serial:
    """The part first..last of the block, printed in the block's own form and widths.

    SerialError when the part is empty, turned round or reaches outside the block.
    """
    if not serial.first <= first <= last <= serial.last:
        raise SerialError(
            f"{first} to {last} is no part of {serial.first} to {serial.last};"
            " expected numbers of the block, the lower first",
            f"{first} 至 {last} 不是 {serial.first} 至 {serial.last} 的一部分；"
            "應為區段內的號碼，起號在前",
        )
    return _ranged(serial, first, last)


def join(a: Serial, b: Serial) -> Serial:
    """The block made of two blocks of one issuance, the one ending where the other begins.

    SerialError when the issuances differ, the blocks overlap, a gap lies between them, or another
    printed part differs, such as a label or a Kyoto unit type: one serial cannot say both.
    """
    low, high = sorted((a, b), key=lambda serial: serial.first)
    if not _same_issuance(a, b) or low.last + 1 != high.first:
        raise SerialError(
            f"{print_serial(a)} and {print_serial(b)} do not touch within one issuance;"
            " expected the second to begin where the first ends: choose neighbours",
            f"{print_serial(a)} 與 {print_serial(b)} 在同一次核發中並不相鄰；後段須緊接前段",
        )
    if low.fields != high.fields or _several(low) != _several(high):
        raise SerialError(
            f"{print_serial(a)} and {print_serial(b)} touch, but differ in another part than their"
            " numbers; expected all others alike: keep them apart",
            f"{print_serial(a)} 與 {print_serial(b)} 相鄰，"
            "但號碼以外另有不同；其餘各段須相同，請分列",
        )
    return _ranged(low, low.first, high.last)


def _several(serial: Serial) -> str:
    return BY_PROFILE[serial.profile].several or serial.profile


def _ranged(serial: Serial, first: int, last: int) -> Serial:
    profile = _several(serial)
    if first == last:
        profile = next((row.profile for row in GRAMMARS if row.several == profile), profile)
    pads = serial.pads if (first, last) == (serial.first, serial.last) else (max(serial.pads),) * 2
    made = replace(serial, profile=profile, first=first, last=last, pads=(pads[0], pads[1]))
    return replace(made, raw=print_serial(made))


def covers(a: Serial, b: Serial) -> bool:
    """Whether every unit of b is in a."""
    return _same_issuance(a, b) and a.first <= b.first and b.last <= a.last


def overlaps(a: Serial, b: Serial) -> bool:
    """Whether any unit is in both."""
    return _same_issuance(a, b) and a.first <= b.last and b.first <= a.last


def _same_issuance(a: Serial, b: Serial) -> bool:
    return (a.registry, a.key) == (b.registry, b.key)


def _plain(name: str, part: str) -> str:
    """A number without leading zeros; codes, years and days as they are."""
    return part if name in KINDS else part.lstrip("0") or "0"


def _pad(number: str) -> int:
    return len(number) if number[0] == "0" else 0
