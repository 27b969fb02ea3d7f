"""The engine changed by the least step, one place at a time, and whether a check notices.

Each comparison is flipped, each `//`, `+`, `-` and `*` exchanged, `min` and `max` swapped; the
changed code takes the function's place while the checks run, so that everybody calls it.

    python -m tests.rules.engine_mutants     prints each module, what survived, and why it may
"""

from __future__ import annotations

import ast
import copy
import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

from onetonne.rules import (
    act,
    basket,
    clauses,
    compose,
    controversies,
    figures,
    judge,
    law,
    limits,
)

MODULES: tuple[ModuleType, ...] = (
    judge, limits, figures, basket, compose, act, controversies, law, clauses,
)  # fmt: skip
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.GtE: ast.Gt, ast.Gt: ast.GtE, ast.LtE: ast.Lt, ast.Lt: ast.LtE, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.FloorDiv: ast.Div, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One change: where it is, what was and what is now, and the code with it."""

    module: str
    function: str
    what: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module} {self.function}: {self.what}"


def functions(module: ModuleType) -> dict[str, FunctionType]:
    """The module's own functions, methods and properties by their qualified names."""
    found: dict[str, FunctionType] = {}
    for value in vars(module).values():
        if getattr(value, "__module__", "") != module.__name__:
            continue
        inner = [value, *(vars(value).values() if inspect.isclass(value) else ())]
        for part in inner:
            made = part.fget if isinstance(part, property) else part
            if isinstance(made, FunctionType) and made.__module__ == module.__name__:
                found[made.__qualname__] = made
    return found


@functools.cache
def mutants(module: ModuleType) -> tuple[Mutant, ...]:
    """Every change of the module's functions; annotations and defaults are let be."""
    own, tree = functions(module), ast.parse(inspect.getsource(module))
    return tuple(mutant for name, node in _defined(tree, "") if name in own
                 for mutant in _of_function(module, name, node))  # fmt: skip


def _of_function(module: ModuleType, name: str, node: ast.FunctionDef) -> Iterator[Mutant]:
    within = name.rpartition(".")[0]
    short = module.__name__.rpartition(".")[2]
    for n in range(sum(1 for _ in _places(node))):
        twin = copy.deepcopy(node)
        what = _change(list(_places(twin))[n])
        held: ast.stmt = twin
        if within:
            held = ast.ClassDef(within, bases=[], keywords=[], body=[twin], decorator_list=[])
        alone = ast.fix_missing_locations(ast.Module([held], type_ignores=[]))
        code = compile(alone, inspect.getfile(module), "exec")
        yield Mutant(short, name, what, _find(code, name))


def _defined(node: ast.AST, within: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield within + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _defined(child, f"{child.name}.")


def _places(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, int]]:
    """What can be changed in a body, with the number of the sign where there are several."""
    for node in (node for statement in function.body for node in ast.walk(statement)):
        if isinstance(node, ast.Compare):
            yield from ((node, n) for n, sign in enumerate(node.ops) if type(sign) in SWAPPED)
        swaps = isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SWAPPED
        if swaps or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in NAMES):
            yield node, 0


def _change(place: tuple[ast.AST, int]) -> str:
    """Change a node in place, and say how."""
    node, n = place
    before = ast.unparse(node)
    if isinstance(node, ast.Compare):
        kept = node.ops[n]
        node.ops[n] = SWAPPED[type(kept)]()  # type: ignore[call-overload]
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        node.op = SWAPPED[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.Call):
        node.func = ast.copy_location(ast.Name(NAMES[node.func.id], ast.Load()), node.func)  # type: ignore[attr-defined]
    return f"{before} -> {ast.unparse(node)}"


def _find(code: CodeType, name: str) -> CodeType:
    (found,) = [c for c in _codes(code) if c.co_qualname == name]
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def survivors(module: ModuleType, checks: list[Callable[[], str]]) -> tuple[int, list[str]]:
    """How many changes there are, and those that no check notices. A check that noticed is asked
    first the next time."""
    checks, own = list(checks), functions(module)
    count, found = 0, []
    for mutant in mutants(module):
        count += 1
        target = own[mutant.function]
        kept = target.__code__
        target.__code__ = mutant.code
        compose._DESCRIBED.clear()  # what is kept would hide the change
        try:
            if not _noticed(checks):
                found.append(str(mutant))
        finally:
            target.__code__ = kept
            compose._DESCRIBED.clear()
    return count, found


def _noticed(checks: list[Callable[[], str]]) -> bool:
    for n, check in enumerate(checks):
        try:
            said: Any = check()
        except (
            ArithmeticError,
            AssertionError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ):
            said = "broken"
        if said:
            checks.insert(0, checks.pop(n))
            return True
    return False


def main() -> int:
    from tests.rules.test_engine import CHECKS, SAME  # it imports us

    for module in MODULES:
        count, found = survivors(module, CHECKS)
        name = module.__name__.rpartition(".")[2]
        sys.stdout.write(f"{name:14} {count:4} changes, {count - len(found):4} noticed\n")
        for line in found:
            sys.stdout.write(f"    {line}\n        {SAME.get(line, 'NO REASON')}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
