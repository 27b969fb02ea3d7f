"""How tests are put together: all, any, not and unless over three answers.

A certain answer outranks an unknown one: one FAILS settles `all`, one HOLDS settles `any`. The
same walk tells which facts a test read, and says it in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from onetonne.rules.facts import VOCABULARY, Facts, Known
from onetonne.rules.law import AllOf, AnyOf, Leaf, Not, Register, Says, Test, Unless, Value
from onetonne.rules.verbs import VERBS, Held

HOLDS, FAILS, UNKNOWN = Held.HOLDS, Held.FAILS, Held.UNKNOWN


def held(test: Test, facts: Facts) -> Held:
    """What the test says of these facts."""
    if isinstance(test, Leaf):
        return VERBS[test.verb].run(*[facts.get(name) for name in test.of], test.value)
    if isinstance(test, Not):
        return opposite(held(test.of, facts))
    if isinstance(test, AllOf):
        return every([held(part, facts) for part in test.of])
    parts = test.of if isinstance(test, AnyOf) else (test.exception, test.of)
    return opposite(every([opposite(held(part, facts)) for part in parts]))


def opposite(answer: Held) -> Held:
    """HOLDS for FAILS and back; what is unknown stays unknown."""
    if answer is HOLDS:
        return FAILS
    return HOLDS if answer is FAILS else UNKNOWN


def every(answers: list[Held]) -> Held:
    """FAILS if one fails, else UNKNOWN if one is unknown, else HOLDS."""
    if FAILS in answers:
        return FAILS
    return UNKNOWN if UNKNOWN in answers else HOLDS


def leaves(test: Test, positive: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """Every verb in a test, and whether it is wanted to hold (False: under a `not`)."""
    if isinstance(test, Leaf):
        yield test, positive
    elif isinstance(test, Not):
        yield from leaves(test.of, not positive)
    elif isinstance(test, Unless):
        yield from leaves(test.exception, positive)
        yield from leaves(test.of, positive)
    else:
        for part in test.of:
            yield from leaves(part, positive)


class Description(NamedTuple):
    """What a test says of itself, whatever the facts: in words, and which facts it reads (each
    once, in order)."""

    test: Test
    words: Says
    reads: tuple[str, ...]


_DESCRIBED: dict[int, Description] = {}
MAX_DESCRIBED = 10_000
"""Tests that are remembered: some hundreds are one lawbook's."""


def described(test: Test) -> Description:
    """What a test says of itself. A law's tests are asked again for every unit, so it is kept, by
    identity; each keeps its test, so that no other takes its number."""
    kept = _DESCRIBED.get(id(test))
    if kept is None:
        if len(_DESCRIBED) >= MAX_DESCRIBED:
            _DESCRIBED.clear()
        reads = dict.fromkeys(name for leaf, _ in leaves(test) for name in leaf.of)
        kept = _DESCRIBED[id(test)] = Description(test, said(test), tuple(reads))
    return kept


def missing(test: Test, facts: Facts) -> list[str]:
    """The unknown facts that leave this test open."""
    open_ = [leaf for leaf, _ in leaves(test) if held(leaf, facts) is Held.UNKNOWN]
    return list(dict.fromkeys(n for leaf in open_ for n in _lacking(leaf, facts)))


def _lacking(leaf: Leaf, facts: Facts) -> list[str]:
    """A year stands in for its day, so of the two only the day is asked for."""
    absent = [name for name in leaf.of if name not in facts]
    kinds = [VOCABULARY[name].kind for name in leaf.of]
    if kinds == ["day", "year"]:
        return absent[:1]
    return absent


def said(test: Test, positive: bool = True) -> Says:
    """The test in words."""
    if isinstance(test, Leaf):
        return _leaf(test, positive)
    if isinstance(test, Not):
        return said(test.of, not positive)
    if isinstance(test, Unless):
        rule, but = said(test.of, positive), said(test.exception)
        return Says(f"{rule.en}, unless {but.en}", f"{rule.zh}，但{but.zh}者除外")
    joined = isinstance(test, AllOf) is positive
    parts = [said(part, positive) for part in test.of]
    nested = [len(test.of) > 1 and _is_joined(part) for part in test.of]
    en = [f"({p.en})" if inner else p.en for p, inner in zip(parts, nested, strict=True)]
    zh = [f"({p.zh})" if inner else p.zh for p, inner in zip(parts, nested, strict=True)]
    return Says((" and " if joined else " or ").join(en), ("，且" if joined else "，或").join(zh))


def _is_joined(test: Test) -> bool:
    """Whether the words of a test have an "and" or "or" of their own, and so need brackets."""
    inner = test.of if isinstance(test, Not) else test
    return isinstance(inner, AllOf | AnyOf) and len(inner.of) > 1


def _leaf(leaf: Leaf, positive: bool) -> Says:
    verb = VERBS[leaf.verb]
    en = [VOCABULARY[name].en for name in leaf.of]
    zh = [VOCABULARY[name].zh for name in leaf.of]
    shown = show_value(leaf.value)
    return Says(
        (verb.en if positive else verb.en_not).format(*en, value=shown),
        (verb.zh if positive else verb.zh_not).format(*zh, value=shown),
    )


def show_value(value: Value) -> str:
    """A clause's value as people read it."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    if isinstance(value, Register):
        rows = sorted(value.rows.items())
        return ", ".join(f"{who} {row.by}" for who, row in rows)
    return "" if value is None else str(value)


def show_fact(value: Known | None) -> str:
    """A fact as people read it; unknown is a question mark."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    return value.isoformat() if isinstance(value, date) else str(value)


_ZH = {"?": "不明", "yes": "是", "no": "否", "none": "無"}


def shown_in_chinese(text: str) -> str:
    """What `show_fact` says, in Chinese; codes and days stay as they are."""
    return _ZH.get(text, text)
