"""The verbs from both sides of their bounds, and what they may never become."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from types import ModuleType
from typing import Any

import pytest
from tests.rules.cases import difference, load_cases

from onetonne.rules import compose, limits, verbs
from onetonne.rules.compose import held, leaves, said
from onetonne.rules.facts import VOCABULARY, FactFault, read_fact, read_facts
from onetonne.rules.judge import judge
from onetonne.rules.law import (
    AllOf,
    AnyOf,
    Entered,
    Leaf,
    Not,
    Register,
    Share,
    System,
    Test,
    Unless,
)
from onetonne.rules.verbs import VERBS, Held
from onetonne.store.jurisdictions import load_lawbook

YES, NO, OPEN = Held.HOLDS, Held.FAILS, Held.UNKNOWN
DAY = date(2020, 6, 1)
LIST = Register({"GH": Entered(by=DAY, after=DAY), "PE": Entered(by=DAY, after=date(2020, 5, 1)),
                 "BT": Entered(by=DAY)})  # fmt: skip

ROWS: list[tuple[str, tuple[Any, ...], Any, Held]] = [
    ("one_of", ("CER",), frozenset({"CER"}), YES),
    ("one_of", ("ERU",), frozenset({"CER"}), NO),
    ("includes", (frozenset({"NDC", "OIMP_OTHER"}),), frozenset({"NDC"}), YES),
    ("includes", (frozenset({"NDC"}),), frozenset({"NDC"}), YES),
    ("includes", (frozenset({"NDC"}),), frozenset({"NDC", "OIMP_OTHER"}), NO),
    ("includes", (frozenset(),), frozenset({"NDC"}), NO),
    ("includes_any", (frozenset({"NDC"}),), frozenset({"NDC", "OIMP_OTHER"}), YES),
    ("includes_any", (frozenset(),), frozenset({"NDC"}), NO),
    ("is_so", (True,), None, YES),
    ("is_so", (False,), None, NO),
    ("from_day", (DAY,), DAY, YES),
    ("from_day", (date(2020, 5, 31),), DAY, NO),
    ("from_day", (None, 2019), DAY, NO),
    ("from_day", (None, 2020), DAY, OPEN),
    ("from_day", (None, 2021), DAY, YES),
    ("from_day", (None, 2020), date(2020, 1, 1), YES),
    ("from_day", (None, 2020), date(2020, 12, 31), OPEN),
    ("not_after", (DAY, DAY), None, YES),
    ("not_after", (date(2020, 6, 2), DAY), None, NO),
    ("not_after", (2020, date(2020, 12, 31)), None, YES),
    ("not_after", (2020, date(2020, 12, 30)), None, OPEN),
    ("not_after", (2020, date(2020, 1, 1)), None, OPEN),
    ("not_after", (2020, date(2019, 12, 31)), None, NO),
    ("to_day", (DAY,), DAY, YES),
    ("to_day", (date(2020, 6, 2),), DAY, NO),
    ("to_day", (None, 2019), DAY, YES),
    ("to_day", (None, 2020), DAY, OPEN),
    ("to_day", (None, 2021), DAY, NO),
    ("to_day", (None, 2020), date(2020, 12, 31), YES),
    ("to_day", (None, 2020), date(2020, 1, 1), OPEN),
    ("at_least", (Fraction(1, 5),), Share(1, 5), YES),
    ("at_least", (Fraction(199, 1000),), Share(1, 5), NO),
    ("more_than", (Fraction(201, 1000),), Share(1, 5), YES),
    ("more_than", (Fraction(1, 5),), Share(1, 5), NO),
    ("within_years", (DAY, date(2022, 6, 1)), 2, YES),
    ("within_years", (DAY, date(2022, 6, 2)), 2, NO),
    ("within_years", (DAY, DAY), 2, YES),
    ("within_years", (DAY, date(2020, 5, 31)), 2, NO),
    ("within_years", (date(2020, 2, 29), date(2022, 2, 28)), 2, YES),
    ("within_years", (date(2020, 2, 29), date(2022, 3, 1)), 2, NO),
    ("registered", ("GH", DAY), LIST, YES),
    ("registered", ("GH", date(2020, 5, 31)), LIST, NO),
    ("registered", ("PE", date(2020, 5, 1)), LIST, OPEN),
    ("registered", ("PE", date(2020, 4, 30)), LIST, NO),
    ("registered", ("BT", date(2020, 5, 31)), LIST, OPEN),
    ("registered", ("KE", DAY), LIST, NO),
]


@pytest.mark.parametrize(("verb", "found", "value", "answer"), ROWS)
def test_a_verb_on_both_sides_of_its_bound(
    verb: str, found: tuple[Any, ...], value: Any, answer: Held
) -> None:
    assert VERBS[verb].run(*found, value) is answer


@pytest.mark.parametrize("name", sorted(VERBS))
def test_what_is_unknown_stays_unknown(name: str) -> None:
    value = next(value for verb, _, value, _ in ROWS if verb == name)
    nothing = [None] * len(VERBS[name].takes)
    assert VERBS[name].run(*nothing, value) is OPEN


def test_verbs_are_few_plain_and_named_after_no_system() -> None:
    assert len(VERBS) <= 20
    systems = {word.lower() for s in load_lawbook().systems.values() for word in
               (s.code, *s.names.en.lower().split())} - {"international", "credits"}  # fmt: skip
    for name, verb in VERBS.items():
        assert 1 <= verb.least <= len(verb.takes) <= 4
        assert not systems & set(name.split("_"))
        assert {kind for place in verb.takes for kind in place} <= {
            fact.kind for fact in VOCABULARY.values()
        }


def used(tests: list[Test]) -> set[str]:
    return {leaf.verb for test in tests for leaf, _ in leaves(test)}


def trees_of(system: System) -> list[Test]:
    found = [c.when for c in system.clauses.values() if c.when is not None]
    found += [limit.counts for limit in system.limits.values()]
    return found + [r for c in system.clauses.values() for v in c.versions for r in v.readings
                    if r is not None and not isinstance(r, Share)]  # fmt: skip


def test_no_verb_waits_for_a_use() -> None:
    systems = load_lawbook().systems.values()
    assert set().union(*(used(trees_of(system)) for system in systems)) == set(VERBS)


EIGHT = {
    "EU": ("EU", "EU-EXCHANGE", "EU-TARGET"), "Korea": ("KR",), "Singapore": ("SG",),
    "Taiwan": ("TW", "TW-2015"), "California": ("US-CA",), "Washington": ("US-WA",),
    "Guangdong": ("CN-GD",), "aviation": ("CORSIA",),
}  # fmt: skip


def test_every_verb_serves_at_least_two_of_the_first_eight_systems() -> None:
    book = load_lawbook()
    users = {
        verb: [name for name, codes in EIGHT.items()
               if any(verb in used(trees_of(book.systems[code])) for code in codes)]
        for verb in VERBS
    }  # fmt: skip
    assert {verb: who for verb, who in users.items() if len(who) < 2} == {}


A = Leaf("is_so", ("tribal_land",))
B = Leaf("is_so", ("host_is_ldc",))
ANSWERS = {YES: True, NO: False, OPEN: None}


@pytest.mark.parametrize(("a", "b"), [(a, b) for a in Held for b in Held])
def test_a_certain_answer_outranks_an_unknown(a: Held, b: Held) -> None:
    given = {"tribal_land": ANSWERS[a], "host_is_ldc": ANSWERS[b]}
    facts = {name: value for name, value in given.items() if value is not None}
    both, either = held(AllOf((A, B)), facts), held(AnyOf((A, B)), facts)
    assert both is (NO if NO in (a, b) else OPEN if OPEN in (a, b) else YES)
    assert either is (YES if YES in (a, b) else OPEN if OPEN in (a, b) else NO)
    assert held(Unless(exception=A, of=B), facts) is either
    assert held(Not(Not(A)), facts) is a


def test_a_test_is_said_in_both_languages() -> None:
    rule = Unless(exception=A, of=Not(AnyOf((B, Leaf("one_of", ("host",), frozenset({"SG"}))))))
    assert said(rule).en == (
        "host is a least developed country: no and host Party is not SG, "
        "unless on federally recognised tribal land: yes"
    )
    assert "除外" in said(rule).zh


@pytest.mark.parametrize(
    ("name", "value"),
    [("hots", "KR"), ("host", "QQ"), ("registration", "2020-02-30"), ("reduction_year", "20"),
     ("home_ownership", "1/2"), ("home_ownership", True), ("status", "sold"), ("host", True),
     ("loa_purposes", ["NDC", "ELSE"]), ("loa_purposes", 5), ("tribal_land", "maybe"),
     ("unit_type", ""), ("unit_type", "\x1b[2J")],
)  # fmt: skip
def test_a_fact_that_cannot_be_is_named(name: str, value: object) -> None:
    with pytest.raises(FactFault) as caught:
        read_fact(name, value)
    assert caught.value.name == name
    assert any("\u4e00" <= c <= "\u9fff" for c in caught.value.zh)


@pytest.mark.parametrize(
    ("facts", "period"),
    [({"reduction_year": 2012}, "CP1"), ({"reduction_year": 2013}, "CP2"),
     ({"reduction_year": 2000}, "CP1"), ({"reduction_year": 1999}, None),
     ({"reduction_year": 2020}, "CP2"), ({"reduction_year": 2021}, None),
     ({"reduction_from": "2012-01-01", "reduction_to": "2012-12-31"}, "CP1"),
     ({"reduction_from": "2012-12-31", "reduction_to": "2013-01-01"}, None),
     ({"reduction_from": "2014-01-01"}, None), ({}, None),
     ({"reduction_year": 2012, "commitment_period": "CP2"}, "CP2"),
     ({"reduction_year": 2012, "family": "voluntary_credit"}, None)],
)  # fmt: skip
def test_the_reductions_settle_the_commitment_period(
    facts: dict[str, object], period: str | None
) -> None:
    assert read_facts({"family": "kyoto", **facts}).get("commitment_period") == period


def test_a_plain_number_is_said_as_it_is() -> None:
    large = Leaf("more_than", ("capacity_mw",), Share(20, 1, plain=True))
    assert said(large).en == "capacity in MW above 20"
    assert said(Leaf("at_least", ("home_ownership",), Share(1, 5))).en.endswith("at least 20%")


@pytest.mark.parametrize(
    "facts",
    [
        {"reduction_from": "2020-01-02", "reduction_to": "2020-01-01"},
        {"reduction_year": 2020, "reduction_from": "2019-12-31"},
        {"loa_purposes": [], "adjustment": "AUTHORISED"},
    ],
)
def test_facts_that_contradict_each_other_are_refused(facts: dict[str, object]) -> None:
    with pytest.raises(FactFault):
        read_facts(facts)


def test_a_share_is_exact_however_it_is_written() -> None:
    assert {read_fact("home_ownership", text) for text in ("25%", "0.25", "0.250")} == {
        Fraction(1, 4)
    }
    assert read_fact("host", "NO") == "NO"


FLIPPED = {ast.GtE: ast.Gt, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.Lt: ast.LtE}


def flips(module: ModuleType) -> Iterator[tuple[str, dict[str, Any]]]:
    """The module once for each comparison in it, with that one made the least bit different."""
    text = inspect.getsource(module)
    count = sum(isinstance(node, ast.Compare) for node in ast.walk(ast.parse(text)))
    for wanted in range(count):
        tree = ast.parse(text)
        node = [n for n in ast.walk(tree) if isinstance(n, ast.Compare)][wanted]
        for at, sign in enumerate(node.ops):
            if type(sign) in FLIPPED:
                node.ops[at] = FLIPPED[type(sign)]()
                space: dict[str, Any] = {"__name__": module.__name__}
                exec(compile(tree, "mutant", "exec"), space)
                yield f"line {node.lineno}: {ast.unparse(node)}", space
                node.ops[at] = sign


def test_every_comparison_of_a_verb_is_met_by_a_row() -> None:
    unseen = []
    for what, space in flips(verbs):
        table = space["VERBS"]
        wrong = [r for r in ROWS if table[r[0]].run(*r[1], r[2]).name != r[3].name]
        if not wrong:
            unseen.append(what)
    assert unseen == []


def test_a_limit_passed_by_one_makes_a_case_fail() -> None:
    """`min` and `//` are all that limits do; taken otherwise, cases fail."""
    book, cases = load_lawbook(), load_cases()

    def notices(name: str, other: Callable[..., Any]) -> bool:
        kept = getattr(limits, name)
        setattr(limits, name, other)
        try:
            return any(difference(case, judge(book, case.ask)) for case in cases)
        finally:
            setattr(limits, name, kept)

    share, used_ = limits.times, limits._used
    assert notices("times", lambda r, b: tuple(x and x + 1 for x in share(r, b)))
    assert notices("_used", lambda *a: tuple(x and x - 1 for x in used_(*a)))
    assert compose.every([]) is YES
