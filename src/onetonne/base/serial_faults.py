"""Near misses of serials: which character of which part is wrong, what was expected, and the cure.

A reader who typed the letter O for 0 must be told so, and where; a registry that typed it must be
found out, not waved through as an unknown form.
"""

import re
import unicodedata

from msgspec import Struct

from onetonne.base.serial_grammars import (
    BY_PROFILE,
    GRAMMARS,
    KINDS,
    NUMBER,
    PATTERNS,
    Grammar,
    Kind,
    tokens,
)

NEAR = 5  # steps (three parts and their dashes) that must fit before a text counts as nearly one
MAX_REPAIRS = 128  # of a text typed full-width from end to end, and far more than a slip
_DASHES = "‐‑‒–—―−﹘﹣－"
_TWINS = {"O": "0", "o": "0", "l": "1", "I": "1", "i": "1", "|": "1"}
_MISTYPED = "[{0}][0-9{0}]*".format(
    "".join(_TWINS)
)  # how a number goes on that a letter interrupts

# code -> (English, 繁體中文); {found}, {expected}, {column} are filled in
TEXTS: dict[str, tuple[str, str]] = {
    "letter-for-digit": (
        "the letter {found} (character {column}) stands where {expected} is expected; type a digit",
        "第 {column} 字元為字母 {found}，應為{expected}；請改為數字",
    ),
    "letter-case": (
        "{found} (character {column}) is in the wrong case; expected {expected}, type it like this",
        "第 {column} 字元 {found} 的大小寫有誤，應為{expected}；請照此輸入",
    ),
    "full-width": (
        "the full-width character {found} (character {column}) is not read; expected {expected},"
        " type it half-width",
        "第 {column} 字元 {found} 為全形，應為{expected}；請改用半形",
    ),
    "dash": (
        "the dash {found} (character {column}) is not the plain hyphen; expected {expected},"
        " type a hyphen",
        "第 {column} 字元 {found} 並非半形連字號，應為{expected}；請改用半形連字號",
    ),
    "stray-space": (
        "a stray space at character {column}; expected {expected}, delete the space",
        "第 {column} 字元為多餘空白，應為{expected}；請刪除空白",
    ),
    "missing-part": (
        "a part is missing at character {column}: found {found}, expected {expected}; complete it",
        "第 {column} 字元處缺少一段：讀到 {found}，應為{expected}；請補上",
    ),
    "surplus": (
        "{found} is left over from character {column} on; expected {expected}, delete the rest",
        "第 {column} 字元起多出 {found}，應為{expected}；請刪除多餘部分",
    ),
    "reversed-range": (
        "the range is reversed: it ends at {found} (character {column}) before it begins;"
        " expected {expected} or more, check both numbers",
        "號段顛倒：迄號 {found}（第 {column} 字元）小於起號，應不小於 {expected}；請核對兩個號碼",
    ),
    "unexpected": (
        "found {found} at character {column}, expected {expected}; correct it",
        "第 {column} 字元讀到 {found}，應為{expected}；請更正",
    ),
    "length": (
        "the serial is empty or longer than 512 characters; expected one printed serial",
        "序號為空或超過 512 字元；應為單一序號",
    ),
}


class Unparsed(Struct, frozen=True):
    """A text that is nearly a serial. `column` counts characters from 1; `meant` is the repaired
    text when the repair makes it whole, else empty; `code` is stable (see TEXTS)."""

    raw: str
    profile: str
    code: str
    column: int
    part: str
    found: str
    expected: str
    reason: str
    reason_zh: str
    meant: str = ""


class _Stop(Struct, frozen=True):
    """Where a form stopped fitting: steps done, offset, and what was wanted there."""

    grammar: Grammar
    steps: int
    at: int
    part: str
    en: str
    zh: str
    digits: bool  # the part being read is of digits
    glue: bool  # a literal was wanted, not a part


def fault(
    raw: str,
    profile: str,
    code: str,
    at: int,
    *,
    part: str = "",
    found: str = "",
    expected: str = "",
    expected_zh: str = "",
    meant: str = "",
) -> Unparsed:
    """An Unparsed whose sentences are filled in; `at` counts from 0."""
    en, zh = TEXTS[code]
    shown = repr(found) if found else ""
    return Unparsed(
        raw,
        profile,
        code,
        at + 1,
        part,
        found,
        expected,
        en.format(expected=expected, found=shown or "the end", column=at + 1),
        zh.format(expected=expected_zh or expected, found=shown or "結尾", column=at + 1),
        meant,
    )


def diagnose(text: str, profile: str | None, registry: str) -> Unparsed | None:
    """The best account of why no form fits, or None when the text resembles none.

    A form counts when it is demanded, when its sign is in the text, or when a list of its registry
    holds a text of which NEAR steps fit. The form that fits farthest speaks.
    """
    stop = _farthest(text, profile, registry)
    if stop is None:
        return None
    code = _cause(text, stop)
    found = text[stop.at :] if code == "surplus" else text[stop.at : stop.at + 1]
    return fault(
        text,
        stop.grammar.profile,
        code,
        stop.at,
        part=stop.part,
        found=found,
        expected=stop.en,
        expected_zh=stop.zh,
        meant=_repaired(text, stop, code, profile, registry),
    )


def _farthest(text: str, profile: str | None, registry: str) -> _Stop | None:
    plain = _plain(text)
    rows = GRAMMARS if profile is None else (BY_PROFILE[profile],)
    stops = [_walk(text, row) for row in rows]
    near = [
        stop
        for stop in stops
        if profile
        or re.search(stop.grammar.sign, plain, re.IGNORECASE)
        or (registry == stop.grammar.registry and stop.steps >= NEAR)
    ]
    return max(near, key=lambda s: (s.at, s.steps, len(s.grammar.sign)), default=None)


def _plain(text: str) -> str:
    """The text with full-width forms, dashes and stray spaces at the ends made plain."""
    folded = "".join("-" if char in _DASHES else char for char in text)
    return unicodedata.normalize("NFKC", folded).strip()


def _walk(text: str, grammar: Grammar) -> _Stop:
    """Follow the form through the text as far as it goes."""
    at, part, said = 0, "", dict[str, str]()
    steps = tokens(grammar)
    for count, token in enumerate(steps):
        if not token.part:
            ahead = _agreeing(text[at:], token.literal)
            if ahead < len(token.literal):
                return _stopped_at_literal(text, grammar, count, at + ahead, part, ahead)
            at += ahead
            continue
        part = token.part
        kind = KINDS.get(part, NUMBER)
        match = re.compile(re.escape(said[part]) if token.again else kind.pattern).match(text, at)
        if not match:
            again = said[part] if token.again else ""
            end = at + _agreeing(text[at:], again) if again else _run(text, at, kind)
            return _stop(grammar, count, end, part, again)
        said[part] = match.group()
        at = match.end()
    if steps[-1].part and re.fullmatch(_MISTYPED, text[at:]):
        return _stop(grammar, len(steps) - 1, at, part)
    return _Stop(grammar, len(steps), at, "", "the end of the serial", "序號結尾", False, True)


def _stop(grammar: Grammar, steps: int, at: int, part: str, again: str = "") -> _Stop:
    kind = KINDS.get(part, NUMBER)
    digits = "0-9" in kind.chars or "01" in kind.chars
    en, zh = (f"{again} again", f"同前的 {again}") if again else (kind.en, kind.zh)
    return _Stop(grammar, steps, at, part, f"{en} ({part})", zh, digits, False)


def _stopped_at_literal(
    text: str, grammar: Grammar, steps: int, at: int, part: str, ahead: int
) -> _Stop:
    """A part that runs into a wrong character is blamed on the part, else the literal is."""
    if part and ahead == 0 and text[at : at + 1] not in ("", "-", "_"):
        stop = _stop(grammar, steps, at, part)
        if stop.digits:
            return stop
    literal = tokens(grammar)[steps].literal
    return _Stop(grammar, steps, at, part, f"“{literal}”", f"「{literal}」", False, True)


def _run(text: str, at: int, kind: Kind) -> int:
    """Where the fitting characters end; their start when all fit and the part is still wrong."""
    match = re.compile(f"{kind.chars}*").match(text, at)
    end = match.end() if match else at
    return at if text[end : end + 1] in ("-", "_") else end


def _agreeing(text: str, literal: str) -> int:
    """How many leading characters two texts share."""
    pairs = zip(text, literal, strict=False)
    differ = (count for count, (a, b) in enumerate(pairs) if a != b)
    return next(differ, min(len(text), len(literal)))


def _cause(text: str, stop: _Stop) -> str:
    char = text[stop.at : stop.at + 1]
    if not char:
        return "missing-part"
    if char.isspace() or unicodedata.category(char) == "Cf":
        return "stray-space"
    if char in _DASHES:
        return "dash"
    if unicodedata.normalize("NFKC", char) != char:
        return "full-width"
    other = text[: stop.at] + char.swapcase() + text[stop.at + 1 :]
    if char.isascii() and char.isalpha() and _walk(other, stop.grammar).at > stop.at:
        return "letter-case"
    if stop.digits and char in _TWINS:
        return "letter-for-digit"
    if stop.glue and not stop.part:
        return "surplus"
    lacking = char in "-_" and not stop.glue
    return "missing-part" if lacking or _lacks(text, stop) else "unexpected"


def _lacks(text: str, stop: _Stop) -> bool:
    """Whether the text would fit whole if the form did not ask for the part where it stopped."""
    steps = tokens(stop.grammar)
    at = stop.steps + 1 if stop.glue else stop.steps
    rest = steps[: at - 1] + steps[at + 1 :]  # the part goes, and the dash before it
    shorter = (
        KINDS.get(step.part, NUMBER).pattern if step.part else re.escape(step.literal)
        for step in rest
    )
    return re.fullmatch("".join(shorter), text) is not None


def _repaired(text: str, stop: _Stop, code: str, profile: str | None, registry: str) -> str:
    """The text with every curable character cured, when that makes a whole serial; else empty.
    Like characters in a row are cured at once: a text that takes more repairs is no slip."""
    for _ in range(MAX_REPAIRS):
        char = text[stop.at : stop.at + 1]
        cures = {
            "letter-for-digit": _TWINS.get(char, ""),
            "letter-case": char.swapcase(),
            "full-width": unicodedata.normalize("NFKC", char),
            "dash": "-",
            "stray-space": "",
        }
        if code not in cures:
            return ""
        rest = text[stop.at :].lstrip(char)
        text = text[: stop.at] + cures[code] * (len(text) - stop.at - len(rest)) + rest
        if any(pattern.fullmatch(text) for pattern in PATTERNS.values()):
            return text
        found = _farthest(text, profile, registry)
        if found is None:
            return ""
        stop, code = found, _cause(text, found)
    return ""
