"""The printed forms of unit serials, one row of a table per registry and generation.

A form is both the parser and the printer: names in braces are parts (PARTS says what each may
hold), the rest is literal. Forms were read off public serials; the Kyoto one follows decisions
13/CMP.1 (annex, 23-30) and 3/CMP.1 (appendix D, 7).
"""

import re
from functools import cache
from string import Formatter

from msgspec import Struct

DIGITS = "[0-9]"
_DAY = "(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{4}"
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Kind(Struct, frozen=True):
    """What a part may hold: a pattern, the class of its characters, and the words for it."""

    pattern: str
    chars: str
    en: str
    zh: str


NUMBER = Kind(f"{DIGITS}+", DIGITS, "digits", "數字")
CAPITALS = "[A-Z]"
KINDS: dict[str, Kind] = {
    "first": Kind(f"{DIGITS}+", DIGITS, "the first number, digits only", "起號（僅數字）"),
    "last": Kind(f"{DIGITS}+", DIGITS, "the last number, digits only", "迄號（僅數字）"),
    "country": Kind("[A-Z]{2}", CAPITALS, "a country code of two capitals", "兩個大寫字母的國碼"),
    "house": Kind("[A-Z]{3}", CAPITALS, "three capitals such as VER", "三個大寫字母，例如 VER"),
    "state": Kind("[A-Z]{2,3}", CAPITALS, "a state code of capitals", "大寫字母的州碼"),
    "year": Kind(f"{DIGITS}{{4}}", DIGITS, "a year of four digits", "四位數年份"),
    "start": Kind(_DAY, DIGITS, "a day as DDMMYYYY", "日期 DDMMYYYY"),
    "end": Kind(_DAY, DIGITS, "a day as DDMMYYYY", "日期 DDMMYYYY"),
    "flag": Kind("[01]", "[01]", "0 or 1", "0 或 1"),
    "unit_type": Kind("[0-7]", "[0-7]", "a Kyoto unit type, 0 to 7", "京都單位類型 0 至 7"),
    "class": Kind("(?:[0-9]+|ROC)", "[0-9A-Z]", "a number or ROC", "數字或 ROC"),
    "uuid": Kind(_UUID, "[0-9a-f-]", "an issuance UUID", "核發 UUID"),
    "product": Kind("CORC[0-9]*\\+?", "[CORC0-9+]", "CORC, CORC100+", "CORC、CORC100+"),
    "programme": Kind("(?:ART|FCPF)", "[A-Z]", "ART or FCPF", "ART 或 FCPF"),
}


class Grammar(Struct, frozen=True):
    """One printed form. `key`: the parts that name the issuance within which numbers are unique.

    `sign` finds texts that are meant to be of this form even when they are misspelt;
    `several` is the profile that prints a range when this one prints a single unit.
    """

    profile: str
    registry: str
    form: str
    key: tuple[str, ...]
    sign: str
    several: str = ""


_VERRA_KEY = ("batch", "house", "country", "project", "start", "end")
_ITL_TAIL = "{original}-{applicable}-{lulucf}-{project}"
_ITL_SIGN = r"[A-Z]{2}-[0-7]-[0-9OolI]+-[0-9]-[0-9]-"

GRAMMARS: tuple[Grammar, ...] = (
    # Verra: the label flag, the scope and the word VCS may change or go; the unit stays the same.
    Grammar(
        "verra-vcu-1",
        "verra",
        "{batch}-{first}-{last}-VCU-{verifier}-{house}-{country}-{scope}-{project}-{start}-{end}-{flag}",
        _VERRA_KEY,
        "VCU",
    ),
    Grammar(
        "verra-vcu-2",
        "verra",
        "{batch}-{first}-{last}-VCS-VCU-{verifier}-{house}-{country}-{scope}-{project}"
        "-{start}-{end}-{flag}",
        _VERRA_KEY,
        "VCS-VCU",
    ),
    Grammar(
        "verra-vcu-3",
        "verra",
        "{batch}-{first}-{last}-VCS-VCU-{verifier}-{house}-{country}-{project}"
        "-{start}-{end}-{flag}",
        _VERRA_KEY,
        "VCS-VCU",
    ),
    Grammar(
        "gold-standard",
        "gold-standard",
        "GS{series}-{standard}-{country}-GS{project}-{activity}-{year}-{issuance}-{first}-{last}",
        ("country", "project", "activity", "year", "issuance"),
        "^GS[0-9OlI]",
    ),
    Grammar(
        "car",
        "car",
        "CAR-{class}-{country}-{project}-{activity}-{developer}-{state}-{year}-{issuance}"
        "-{first} to {last}",
        ("class", "country", "project", "activity", "developer", "state", "year", "issuance"),
        "^CAR-",
    ),
    # Kyoto: numbers are unique per Party of origin and commitment period; an AAU or RMU keeps its
    # number when it becomes an ERU, so type 3 counts as 1 and type 4 as 2 (FAMILY).
    Grammar(
        "itl-unit",
        "itl",
        "{country}-{unit_type}-{first}-" + _ITL_TAIL,
        ("country", "unit_type", "original"),
        "^" + _ITL_SIGN,
        several="itl-range",
    ),
    Grammar(
        "itl-range",
        "itl",
        "{country}-{unit_type}-{first}-"
        + _ITL_TAIL
        + " - {country}-{unit_type}-{last}-"
        + _ITL_TAIL,
        ("country", "unit_type", "original"),
        "^" + _ITL_SIGN + ".* - ",
    ),
    Grammar(
        "acr",
        "acr",
        "ACR-{country}-{project}-{year}-{issuance}-{first} to {last}",
        ("country", "project", "year", "issuance"),
        "^ACR-",
    ),
    Grammar(
        "art",
        "art",
        "{programme}-{country}-{project}-{year}-{issuance}-{first} to {last}",
        ("programme", "country", "project", "year", "issuance"),
        "^(?:ART|FCPF)-",
    ),
    Grammar(
        "puro-corc",
        "puro",
        "PURO_PR_{product}_{country}_{project}_{year}_{uuid}_{first}-{last}",
        ("country", "project", "year", "uuid"),
        "^PURO_",
    ),
)

FAMILY = {("unit_type", "3"): "1", ("unit_type", "4"): "2"}


class Token(Struct, frozen=True):
    """A step of a form: a literal (`part` empty) or a part; `again` when it must repeat."""

    part: str
    literal: str
    again: bool = False


@cache
def tokens(grammar: Grammar) -> tuple[Token, ...]:
    """The form taken apart, in printed order."""
    steps: list[Token] = []
    seen: set[str] = set()
    for literal, part, _, _ in Formatter().parse(grammar.form):
        if literal:
            steps.append(Token("", literal))
        if part:
            steps.append(Token(part, "", again=part in seen))
            seen.add(part)
    return tuple(steps)


def _compiled(grammar: Grammar) -> re.Pattern[str]:
    def step(token: Token) -> str:
        if not token.part:
            return re.escape(token.literal)
        if token.again:
            return f"(?P={token.part})"
        return f"(?P<{token.part}>{KINDS.get(token.part, NUMBER).pattern})"

    return re.compile("".join(map(step, tokens(grammar))))


BY_PROFILE: dict[str, Grammar] = {row.profile: row for row in GRAMMARS}
PATTERNS: dict[str, re.Pattern[str]] = {row.profile: _compiled(row) for row in GRAMMARS}
