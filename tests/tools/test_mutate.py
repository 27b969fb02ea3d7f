"""The mutation runner changes what it says, and counts survivors against us."""

from __future__ import annotations

import ast
import mmap
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from onetonne.ledger import refusals
from tools import mutants, mutate

PLAIN = """
def f(a, b):
    if a < b and not a:
        raise ValueError("no")
    b += 1
    return max(a, b)


class C:
    def g(self, a):
        self.a = a
        return h(a,
                 7)
"""


def made() -> list[str]:
    tree = ast.parse(PLAIN)
    return [
        f"{name}: {what}"
        for name, function in mutants.functions(tree)
        for node, parent, _ in mutants.inside(function)
        for what, _ in mutants.changes(node, parent)
    ]


def test_every_kind_of_change_is_made() -> None:
    assert sorted(made()) == sorted(
        [
            "f: condition True",
            "f: condition False",
            "f: And to Or in a < b and (not a)",
            "f: Lt to LtE in a < b",
            "f: not dropped",
            "f: deleted: raise ValueError('no')",
            "f: 'no' to 'no~'",
            "f: deleted: b += 1",
            "f: 1 to 2",
            "f: max to min",
            "C.g: deleted: self.a = a",
            "C.g: arguments swapped in h(a, 7)",
            "C.g: 7 to 8",
        ]
    )


def test_a_mutant_is_other_code_of_the_same_function(tmp_path: Path) -> None:
    module = "onetonne.ledger.acts.transfer"
    every = list(mutants.mutants(module))
    plain = compile(mutants.text(module), "transfer.py", "exec")
    codes = {code.co_qualname: code for code in plain.co_consts if hasattr(code, "co_qualname")}
    assert every
    for mutant in every:
        code = mutants.mutated(mutant)
        assert code.co_qualname == mutant.function
        before = codes[mutant.function]
        assert (code.co_code, code.co_consts) != (before.co_code, before.co_consts) or (
            code.co_names != before.co_names
        )


def test_survivors_and_untested_code_count_against_us() -> None:
    one = mutants.Mutant("onetonne.ledger.items", "f", 7, 0, 0, "Lt to LtE in a < b", 7, 7)
    verdicts = {
        one: "survived",
        one._replace(line=8): "reached by no test",
        one._replace(line=9): "noticed",
        one._replace(line=10): "noticed",
    }
    said, score = mutate.report(verdicts, 9, 3)
    assert score == 50
    assert "mutants judged 4 of 9" in said
    assert "items:7 f: Lt to LtE in a < b (survived)" in said
    assert "items:8 f: Lt to LtE in a < b (reached by no test)" in said
    assert "items:9" not in said


def test_whatever_was_judged_first_is_a_fair_sample() -> None:
    every = list(range(5_000))
    order = mutate.spread(every)
    assert sorted(order) == every
    assert {place // 500 for place in order[:100]} == set(range(10))


def reach(*calls: tuple[float, int, set[int]]) -> mutate.Reach:
    found = mutate.Reach()
    found.calls = [(seconds, place, frozenset(lines)) for seconds, place, lines in calls]
    return found


MUTANT = mutants.Mutant("m", "f", 8, 0, 0, "1 to 2", 7, 8)


def test_a_mutant_is_shown_to_the_tests_that_come_to_its_statement() -> None:
    found = reach((0.3, 1, {6, 7}), (0.1, 2, {8, 9}), (0.2, 3, {6, 9}))
    assert found.tests(MUTANT) == [2, 1]
    assert found.tests(MUTANT._replace(first=20, last=21)) == [2, 3, 1]  # no line is told of it
    assert reach().tests(MUTANT) == []


def test_who_noticed_before_is_asked_first_and_nobody_for_ever() -> None:
    found = reach(*((mutate.ENOUGH / 4, place, {7}) for place in range(9)))
    assert found.tests(MUTANT) == [0, 1, 2, 3, 4]
    found.note(7)
    found.note(2)
    found.note(8)
    found.note(7)
    assert found.tests(MUTANT) == [7, 8, 2, 0, 1]


def test_the_lines_of_a_mutant_are_the_head_of_its_statement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mutants, "text", lambda module: PLAIN)
    lines = {(m.what, m.first, m.last) for m in mutants.mutants("m")}
    assert ("Lt to LtE in a < b", 3, 3) in lines
    assert ("'no' to 'no~'", 4, 4) in lines
    assert ("arguments swapped in h(a, 7)", 12, 13) in lines


def branches(value: int) -> str:
    if value == 1:
        return "one"
    return "other"


def test_what_a_test_comes_to_is_told_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutate, "run", lambda item, following: branches(1) == "one")
    passed, lines = mutate.traced(cast(pytest.Item, None), {id(branches.__code__): ("m", "f")})
    first = branches.__code__.co_firstlineno
    assert passed
    assert {line - first for line in lines["m", "f"]} == {1, 2}
    assert sys.gettrace() is None


def test_verdicts_are_how_the_processes_of_mutants_end() -> None:
    runner = mutate.Runner([], 1)
    told = mmap.mmap(-1, 4)
    memoryview(told).cast("I")[0] = 5
    seen = {MUTANT[:2]: mutate.Reach()}
    ends = {"survived": "os._exit(0)", "noticed": "os._exit(1)", "cannot be made": "os._exit(2)"}
    for verdict, code in [*ends.items(), ("noticed", "os.kill(os.getpid(), 9)")]:
        child = subprocess.Popen([sys.executable, "-c", f"import os; {code}"])
        runner._wait({child.pid: (MUTANT, 0)}, told, seen)
        child.returncode = 0  # it was waited for already
        assert runner.verdicts == {MUTANT: verdict}
    assert list(seen[MUTANT[:2]].noticed) == [5]


def test_code_without_the_super_of_its_function_cannot_take_its_place() -> None:
    every = mutants.mutants("onetonne.ledger.refusals")
    mutant = next(m for m in every if m.what.startswith("deleted: super()"))
    with pytest.raises(ValueError, match="free vars"):
        mutate.plain(refusals, mutant.function).__code__ = mutants.mutated(mutant)
