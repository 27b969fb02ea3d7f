"""Small changes of the kernel's code, one at a time: what they are and the code that they leave."""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "bisect_left": "bisect_right",
         "bisect_right": "bisect_left", "sorted": "list", "reversed": "list"}  # fmt: skip


class Mutant(NamedTuple):
    """One change: node number `node` in walking order, changed in way `way`. Nobody meets it who
    does not come to a line from `first` to `last`: its statement, of a compound one the head."""

    module: str
    function: str
    line: int
    node: int
    way: int
    what: str
    first: int
    last: int

    def __str__(self) -> str:
        where = f"{self.module.removeprefix('onetonne.ledger.')}:{self.line}"
        return f"{where} {self.function}: {self.what}"


def changes(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every small change of one node: what it does, and the node it leaves."""
    if isinstance(node, ast.Compare | ast.BoolOp | ast.BinOp):
        yield from _operators(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", node.operand
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        for value in (True, False):
            other = copy.copy(node)
            other.test = ast.copy_location(ast.Constant(value), node.test)
            yield f"condition {value}", other
    elif isinstance(node, ast.Constant):
        yield from _constants(node, parent)
    elif isinstance(node, ast.Raise | ast.Continue | ast.AugAssign) or _is_effect(node):
        said = ast.unparse(node).splitlines()[0][:60]
        yield f"deleted: {said}", ast.copy_location(ast.Pass(), node)
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _operators(node: Any) -> Iterator[tuple[str, ast.AST]]:
    ops = node.ops if isinstance(node, ast.Compare) else [node.op]
    for place, op in enumerate(ops):
        swap = OPERATORS.get(type(op))
        if swap is None:
            continue
        other = copy.copy(node)
        if isinstance(node, ast.Compare):
            other.ops = [*ops[:place], swap(), *ops[place + 1 :]]
        else:
            other.op = swap()
        yield f"{type(op).__name__} to {swap.__name__} in {ast.unparse(node)[:60]}", other


def _constants(node: ast.Constant, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    other: bool | int | str | None = None
    if isinstance(value, bool):
        other = not value
    elif isinstance(value, int):
        other = value + 1
    elif isinstance(value, str) and isinstance(parent, ast.Compare | ast.Call | ast.Tuple):
        other = value + "~"
    if other is not None:
        yield f"{value!r} to {other!r}", ast.copy_location(ast.Constant(other), node)


def _is_effect(node: ast.AST) -> bool:
    """A statement whose value nobody reads: a call, or a write into something."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    return isinstance(node, ast.Assign) and all(
        isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets
    )


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.func, ast.Name) and node.func.id in NAMES:
        other = copy.copy(node)
        other.func = ast.copy_location(ast.Name(NAMES[node.func.id], ast.Load()), node.func)
        if NAMES[node.func.id] != "list" or (len(node.args) == 1 and not node.keywords):
            yield f"{node.func.id} to {NAMES[node.func.id]}", other
    if len(node.args) > 1 and not any(isinstance(arg, ast.Starred) for arg in node.args[:2]):
        first, second = node.args[:2]
        if ast.dump(first) != ast.dump(second) and ast.unparse(node.func) not in ("min", "max"):
            other = copy.copy(node)
            other.args = [second, first, *node.args[2:]]
            yield f"arguments swapped in {ast.unparse(node)[:60]}", other


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions of a module and methods of its classes, by qualified name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def inside(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, ast.AST, ast.stmt]]:
    """Nodes of a function's body with their parents and the statements that they are part of;
    annotations and texts of faults left out."""
    todo: list[tuple[ast.AST, ast.AST, ast.stmt]] = [
        (node, function, node) for node in function.body
    ]
    while todo:
        node, parent, statement = todo.pop(0)
        yield node, parent, statement
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Corrupt", "Undecodable"):
            continue
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.keyword) and child.arg in ("expected", "known", "why"):
                    continue
                if isinstance(child, ast.AST):
                    part_of = child if isinstance(child, ast.stmt) else statement
                    todo.append((child, node, part_of))


def mutants(module: str) -> Iterator[Mutant]:
    tree = ast.parse(text(module))
    for name, function in functions(tree):
        for number, (node, parent, statement) in enumerate(inside(function)):
            for way, (what, _) in enumerate(changes(node, parent)):
                line = getattr(node, "lineno", function.lineno)
                yield Mutant(module, name, line, number, way, what, *_head(statement))


def _head(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement before the statements within it."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return statement.lineno, max(statement.lineno, last)


def source(module: str) -> Path:
    return ROOT / "src" / Path(*module.split(".")).with_suffix(".py")


@functools.cache
def text(module: str) -> str:
    """A module's text as it was when its mutants were listed, whoever edits it meanwhile."""
    return source(module).read_text()


def mutated(mutant: Mutant) -> CodeType:
    """The code of the mutant's function."""
    tree = ast.parse(text(mutant.module))
    function = dict(functions(tree))[mutant.function]
    for number, (node, parent, _) in enumerate(inside(function)):
        if number == mutant.node:
            _, other = list(changes(node, parent))[mutant.way]
            _put(parent, node, other)
            break
    ast.fix_missing_locations(tree)
    todo = [compile(tree, str(source(mutant.module)), "exec")]
    while todo:
        code = todo.pop()
        if code.co_qualname == mutant.function:
            return code
        todo += [const for const in code.co_consts if isinstance(const, CodeType)]
    raise LookupError(mutant.function)


def _put(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for name, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, name, new)
        elif isinstance(value, list):
            value[:] = [new if child is old else child for child in value]
