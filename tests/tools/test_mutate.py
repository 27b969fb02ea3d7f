"""The mutation runner changes what it says, and counts survivors against us."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "tools" / "mutate.py"
spec = importlib.util.spec_from_file_location("mutate", SOURCE)
assert spec is not None
assert spec.loader is not None
mutate = importlib.util.module_from_spec(spec)
sys.modules["mutate"] = mutate
spec.loader.exec_module(mutate)

PLAIN = """
def f(a, b):
    if a < b and not a:
        raise ValueError("no")
    b += 1
    return max(a, b)


class C:
    def g(self, a):
        self.a = a
        return h(a, 7)
"""


def made() -> list[str]:
    tree = ast.parse(PLAIN)
    return [
        f"{name}: {what}"
        for name, function in mutate.functions(tree)
        for node, parent in mutate.inside(function)
        for what, _ in mutate.changes(node, parent)
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
    every = list(mutate.mutants(module))
    plain = compile(mutate.text(module), "transfer.py", "exec")
    codes = {code.co_qualname: code for code in plain.co_consts if hasattr(code, "co_qualname")}
    assert every
    for mutant in every:
        code = mutate.mutated(mutant)
        assert code.co_qualname == mutant.function
        before = codes[mutant.function]
        assert (code.co_code, code.co_consts) != (before.co_code, before.co_consts) or (
            code.co_names != before.co_names
        )


def test_survivors_and_untested_code_count_against_us() -> None:
    one = mutate.Mutant("onetonne.ledger.items", "f", 7, 0, 0, "Lt to LtE in a < b")
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
