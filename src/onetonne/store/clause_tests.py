"""Tests as law files write them: `all`, `any`, `not`, `unless`, or a verb with facts and a value.

Each word, fact and value is checked against the verbs and the vocabulary here, where its line is
known; what comes out is data that `rules.law` reads.
"""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import Any

from onetonne.rules.facts import VOCABULARY, read_number
from onetonne.rules.verbs import VERBS, Verb
from onetonne.store.lawbook_faults import Fault, LawbookError

Place = tuple[str | int, ...]


def read_reading(document: Any, at: Place, value: Any, what: str) -> Any:
    """A test, a share, a ratio, an amount, or null, which repeals. Raises `LawbookError`."""
    if value is None:
        return None
    if what == "test":
        return read_test(document, at, value)
    return _tonnes(document, at, value) if what == "tonnes" else _share(document, at, value, what)


def read_test(document: Any, at: Place, value: Any) -> dict[str, Any]:
    """A test as data. Raises `LawbookError`."""
    if not isinstance(value, dict) or not value:
        raise _fault(document, at, "NOT_A_TEST", allowed=_words())
    if set(value) == {"unless", "test"}:
        exception = read_test(document, (*at, "unless"), value["unless"])
        rule = read_test(document, (*at, "test"), value["test"])
        return {"type": "unless", "exception": exception, "of": rule}
    if len(value) != 1:
        raise _fault(document, at, "NOT_A_TEST", allowed=_words())
    word, inner = next(iter(value.items()))
    here = (*at, word)
    if word == "not":
        return {"type": "not", "of": read_test(document, here, inner)}
    if word in ("all", "any"):
        if not isinstance(inner, list) or not inner:
            raise _fault(document, here, "NOT_A_TEST", allowed=_words())
        return {"type": word, "of": [read_test(document, (*here, n), part)
                                     for n, part in enumerate(inner)]}  # fmt: skip
    if word not in VERBS:
        raise _fault(document, here, "UNKNOWN_VERB", text=word, allowed=_words())
    return _leaf(document, here, word, inner)


def _leaf(document: Any, at: Place, word: str, inner: Any) -> dict[str, Any]:
    """`{of: FACT or [FACT, ...], value: ...}`; a verb without a value may name its fact alone."""
    verb = VERBS[word]
    given = inner if isinstance(inner, dict) else {"of": inner}
    extra = set(given) - {"of", "value"}
    if extra or "of" not in given or ("value" in given) == (verb.value == "none"):
        key = min(extra, default="value")
        raise _fault(document, at, "WRONG_VALUE", text=str(given.get(key, "nothing")),
                     wants=_WANTED[verb.value])  # fmt: skip
    names = given["of"] if isinstance(given["of"], list) else [given["of"]]
    _facts(document, (*at, "of"), word, verb, names)
    leaf: dict[str, Any] = {"type": "leaf", "verb": word, "of": names}
    if verb.value != "none":
        leaf["value"] = _value(document, (*at, "value"), verb, names, given["value"])
    return leaf


def _facts(document: Any, at: Place, word: str, verb: Verb, names: list[Any]) -> None:
    for name in names:
        if not isinstance(name, str) or name not in VOCABULARY:
            near = difflib.get_close_matches(str(name), VOCABULARY, 1)
            raise _fault(document, at, "UNKNOWN_FACT", text=str(name), near=", ".join(near) or "-")
    kinds = [VOCABULARY[name].kind for name in names]
    fits = len(kinds) <= len(verb.takes) and len(kinds) >= verb.least
    if not fits or any(k not in v for k, v in zip(kinds, verb.takes, strict=False)):
        wants = ", ".join("/".join(sorted(place)) for place in verb.takes)
        raise _fault(document, at, "WRONG_FACTS", verb=word, text=", ".join(kinds), wants=wants)


_WANTED = {
    "none": "no value", "words": "a list of words", "day": "a day such as 2021-01-01",
    "share": "text such as 5%, or 15 where it is no share", "count": "a whole number",
    "register": "entries by code with on, or after and by, each a day",
}  # fmt: skip


def _value(document: Any, at: Place, verb: Verb, names: list[str], value: Any) -> Any:
    kind = verb.value
    if kind == "share":
        return read_plain(document, at, value)
    good = False
    if kind == "words":
        good = isinstance(value, list) and bool(value)
        good = good and all(isinstance(word, str) for word in value)
        allowed = VOCABULARY[names[0]].words
        for word in value if good and allowed else ():
            if word not in allowed:
                raise _fault(document, at, "UNKNOWN_VALUE", text=word, key=names[0],
                             allowed=", ".join(sorted(allowed)))  # fmt: skip
    elif kind == "day":
        good = _is_day(value)
    elif kind == "count":
        good = isinstance(value, int) and not isinstance(value, bool) and value > 0
    elif kind == "register":
        good = isinstance(value, dict) and bool(value)
        if good:
            rows = {who: _entered(document, (*at, who), row) for who, row in value.items()}
            return {"type": "register", "rows": rows}
    if not good:
        raise _fault(document, at, "WRONG_VALUE", text=str(value), wants=_WANTED[kind])
    return value


def _entered(document: Any, at: Place, row: Any) -> dict[str, str]:
    row = row if isinstance(row, dict) else {"on": row}
    days = {"by": row["on"], "after": row["on"]} if set(row) == {"on"} else row
    good = "by" in days and set(days) <= {"by", "after"} and all(map(_is_day, days.values()))
    if not good:
        raise _fault(document, at, "WRONG_VALUE", text=str(row), wants=_WANTED["register"])
    if days.get("after", days["by"]) > days["by"]:
        raise _fault(document, at, "DATES_REVERSED", since=days["after"], until=days["by"])
    return dict(days)


def _tonnes(document: Any, at: Place, value: Any) -> dict[str, Any]:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise _fault(document, at, "WRONG_VALUE", text=str(value), wants=_WANTED["count"])
    return {"type": "tonnes", "tonnes": value}


def _share(document: Any, at: Place, value: Any, what: str = "share") -> dict[str, Any]:
    """Only a ratio may be above the whole."""
    found = read_number(value) if isinstance(value, str) and value.endswith("%") else None
    if found is None or (found > 1 and what != "ratio"):
        raise _fault(document, at, "WRONG_VALUE", text=str(value), wants=_WANTED["share"])
    return {"type": "share", "n": found.numerator, "d": found.denominator}


def read_plain(document: Any, at: Place, value: Any) -> dict[str, Any]:
    """A share, or a number that is a share of nothing, such as a capacity: text without `%`."""
    found = read_number(value) if isinstance(value, str) and not value.endswith("%") else None
    if found is None:
        return _share(document, at, value)
    return {"type": "share", "n": found.numerator, "d": found.denominator, "plain": True}


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _words() -> str:
    return ", ".join(["all", "any", "not", "unless", *VERBS])


def _fault(document: Any, at: Place, code: str, **facts: str) -> LawbookError:
    """The fault, with the clause that it is in: the name after `clauses`, `limits` or `bases`."""
    for table in ("clauses", "limits", "bases", "controversies"):
        if table in at:
            facts["code"] = str(at[at.index(table) + 1])
    return LawbookError([Fault(code, document.file, document.line(at), {"code": "-", **facts})])
