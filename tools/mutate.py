"""The mutation score of the kernel: change the code in small ways, see whether a test notices.

Tests are collected once; each mutant is a fork in which one function has other code, so that no
import is paid twice. A mutant runs only the tests that call its function, the quickest first, and
counts as noticed when one of them fails or hangs. Survivors are listed; below 85 % is a failure.

    python tools/mutate.py [PART OF A MODULE'S NAME ...]     ONETONNE_LONG below 1 takes a sample

Mutants are judged in an order of which every beginning is a fair sample: an interrupt (Ctrl-C) ends
the run with a report of those that were judged.
"""

from __future__ import annotations

import ast
import copy
import functools
import importlib
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple, TypeVar

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parent.parent
KERNEL = ROOT / "src" / "onetonne" / "ledger"
RESULTS = ROOT / "docs" / "results"
LEAST = 85
JUDGES = ("tests/ledger", "tests/ets", "tests/article6", "tests/service/test_play.py")
"""Where the tests of the kernel stand: what its acts do is told by scenarios too."""
PATIENCE = 120
"""Seconds for one mutant; all tests of the kernel take less than half of that."""

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "bisect_left": "bisect_right",
         "bisect_right": "bisect_left", "sorted": "list", "reversed": "list"}  # fmt: skip


T = TypeVar("T")


class Mutant(NamedTuple):
    """One change: node number `node` in walking order, changed in way `way`."""

    module: str
    function: str
    line: int
    node: int
    way: int
    what: str

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
    other: object = None
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


def inside(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Nodes of a function's body with their parents; annotations and texts of faults left out."""
    todo: list[tuple[ast.AST, ast.AST]] = [(node, function) for node in function.body]
    while todo:
        node, parent = todo.pop(0)
        yield node, parent
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Corrupt", "Undecodable"):
            continue
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.keyword) and child.arg in ("expected", "known", "why"):
                    continue
                if isinstance(child, ast.AST):
                    todo.append((child, node))


def mutants(module: str) -> Iterator[Mutant]:
    tree = ast.parse(text(module))
    for name, function in functions(tree):
        for number, (node, parent) in enumerate(inside(function)):
            for way, (what, _) in enumerate(changes(node, parent)):
                line = getattr(node, "lineno", function.lineno)
                yield Mutant(module, name, line, number, way, what)


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
    for number, (node, parent) in enumerate(inside(function)):
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


def plain(module: ModuleType, name: str) -> Any:
    """The function itself under a qualified name, taken out of property or classmethod."""
    found: Any = module
    for part in name.split("."):
        found = vars(found)[part]
    found = getattr(found, "fget", None) or getattr(found, "__func__", found)
    return getattr(found, "__wrapped__", found)


def forget(modules: list[ModuleType]) -> None:
    """Empty the caches of their functions: an answer that is kept calls nothing."""
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def spread(listed: list[T]) -> list[T]:
    """The same in an order of which every beginning is a fair sample."""
    return random.Random(0).sample(listed, len(listed))  # noqa: S311


class Runner:
    """A pytest plugin that runs mutants in place of tests."""

    def __init__(self, wanted: list[str], share: float) -> None:
        self.wanted, self.share = wanted, share
        self.total = 0
        self.interrupted = False
        self.verdicts: dict[Mutant, str] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        modules = [
            ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
            for path in sorted(KERNEL.rglob("*.py"))
            if path.stem != "__init__"
        ]
        every = [m for name in modules if self._is_wanted(name) for m in mutants(name)]
        self.total = len(every)
        sample = every[:: max(1, round(1 / self.share))]
        print(f"{len(sample)} of {len(every)} mutants", flush=True)
        callers = self._callers(session, {(m.module, m.function) for m in sample})
        try:
            self._judge(spread(sample), callers)
        except KeyboardInterrupt:
            self.interrupted = True
        return True

    def _is_wanted(self, module: str) -> bool:
        return not self.wanted or any(part in module for part in self.wanted)

    def _callers(
        self, session: pytest.Session, wanted: set[tuple[str, str]]
    ) -> dict[tuple[str, str], list[pytest.Item]]:
        """Which tests call each function, the quickest first. The tests must pass as they are."""
        kernel = [importlib.import_module(name) for name in sorted({name for name, _ in wanted})]
        codes = {plain(sys.modules[m], f).__code__: (m, f) for m, f in wanted}
        callers: dict[tuple[str, str], list[tuple[float, int]]] = {key: [] for key in wanted}
        for place, item in enumerate(session.items):
            seen: set[tuple[str, str]] = set()

            def note(frame: Any, event: str, arg: object, seen: Any = seen) -> None:
                if event == "call" and frame.f_code in codes:
                    seen.add(codes[frame.f_code])

            began = time.perf_counter()
            forget(kernel)
            sys.setprofile(note)
            passed = run(item, None)
            sys.setprofile(None)
            if not passed:
                raise SystemExit(f"mutate: {item.nodeid} fails without any mutation.")
            for key in seen:
                callers[key].append((time.perf_counter() - began, place))
        return {
            key: [session.items[place] for _, place in sorted(found)]
            for key, found in callers.items()
        }

    def _judge(
        self, sample: list[Mutant], callers: dict[tuple[str, str], list[pytest.Item]]
    ) -> None:
        running: dict[int, Mutant] = {}
        workers = os.cpu_count() or 1
        try:
            for number, mutant in enumerate(sample):
                if len(running) >= workers:
                    self._wait(running)
                items = callers[mutant.module, mutant.function]
                if not items:
                    self.verdicts[mutant] = "reached by no test"
                    continue
                sys.stdout.flush()
                pid = os.fork()
                if not pid:
                    _child(mutant, items)
                running[pid] = mutant
                if number % 100 == 99:
                    print(f"{number + 1} of {len(sample)}", flush=True)
            while running:
                self._wait(running)
        finally:
            for pid in running:
                os.kill(pid, signal.SIGKILL)

    def _wait(self, running: dict[int, Mutant]) -> None:
        pid, status = os.wait()
        if pid in running:
            self.verdicts[running.pop(pid)] = "survived" if status == 0 else "noticed"


def _child(mutant: Mutant, items: list[pytest.Item]) -> None:
    """Judge one mutant in this process and end it: 0 when no test noticed."""
    ended = 1
    try:
        signal.alarm(PATIENCE)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        module = importlib.import_module(mutant.module)
        plain(module, mutant.function).__code__ = mutated(mutant)
        forget([module])
        ended = int(any(not run(*pair) for pair in zip(items, [*items[1:], None], strict=True)))
    finally:
        os._exit(ended)


def run(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run one test; whether it passed."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def report(verdicts: dict[Mutant, str], total: int, seconds: float) -> tuple[str, float]:
    """The text of the result, and the score in per cent."""
    missed = {mutant: verdict for mutant, verdict in verdicts.items() if verdict != "noticed"}
    score = 100 * (len(verdicts) - len(missed)) / max(1, len(verdicts))
    lines = [
        f"day {datetime.now(UTC).date().isoformat()}",
        f"mutants judged {len(verdicts)} of {total}",
        f"not noticed {len(missed)}",
        f"score {score:.1f} %, at least {LEAST} % wanted",
        f"seconds {seconds:.0f}",
        "",
        *[f"{mutant} ({verdict})" for mutant, verdict in sorted(missed.items())],
    ]
    return "\n".join(lines), score


def main() -> None:
    share = min(1.0, float(os.environ.get("ONETONNE_LONG", "1")))
    wanted = sys.argv[1:]
    runner, began = Runner(wanted, share), time.monotonic()
    chosen = ["-m", "not (postgres or go or long or browser or real)", *JUDGES]
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    ended = pytest.main(["-qq", "-p", "no:cacheprovider", *chosen], plugins=[runner])
    if not runner.verdicts:
        raise SystemExit(f"mutate: nothing was judged; pytest ended with {ended}.")
    said, score = report(runner.verdicts, runner.total, time.monotonic() - began)
    print(said)
    if runner.interrupted:
        raise SystemExit(f"mutate: interrupted after {len(runner.verdicts)} mutants.")
    if share >= 1 and not wanted:
        RESULTS.mkdir(parents=True, exist_ok=True)
        day = datetime.now(UTC).date().isoformat()
        (RESULTS / f"mutation-{day}.txt").write_text(said + "\n")
    if score < LEAST:
        raise SystemExit(f"mutate: {score:.1f} % is below {LEAST} %; test what is listed.")


if __name__ == "__main__":
    main()
