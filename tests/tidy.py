"""The house rules as functions over a source tree, so that a planted breach can show each failing.

Each takes the root of a tree and returns complaints: where, what was found, what to do.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path("src/onetonne")

# The order of the house; packages of one rank do not know each other.
RANK = {
    "base": 0,
    "rules": 1,
    "ledger": 2,
    "article6": 3,
    "ets": 3,
    "claims": 3,
    "mrv": 3,
    "exchange": 4,
    "store": 5,
    "service": 6,
    "doors": 7,
}
PURE = [name for name, rank in RANK.items() if rank < RANK["store"]]
EXACT = [*PURE, "service/questions"]
"""What counts units or money: here a quantity may not even meet a float."""
FLOATS = {
    ("exchange/tables.py", "float"),  # a cell of a workbook comes as one, and is made a text there
    ("service/questions/directory.py", "0.6"),  # how alike two names must be
}
"""The few floats that measure no quantity, or end there: file, and the float as it is written."""
QUOTIENTS = {
    ("rules/facts.py", "found / 100"),
    ("rules/limits.py", "fit[0] / max(shares)"),
    ("rules/limits.py", "fit[1] / min(shares)"),
    ("rules/limits.py", "fits / most"),
}
"""Quotients of Fractions that do not say so where they stand. Two ints would make a float."""

# Lines of code at most: blank lines, comments and docstrings are free, so that a budget never
# costs an explanation. Raised only by a line "Line budget: PATH NUMBER" in a decision record.
BUDGETS = {
    "base": 700,
    "rules": 1200,
    "ledger": 2200,
    "article6": 2500,
    "ets": 1500,
    "claims": 1500,
    "mrv": 2000,
    "exchange": 2500,
    "store": 1500,
    "service": 1500,
    "doors/cli": 1200,
}
FILE_LINES = 400
FUNCTION_LINES = 60
BANNED_STEMS = {"utils", "util", "helpers", "helper", "common", "misc", "core", "manager"}

IMPURE_MODULES = {
    "apsw", "asyncio", "builtins", "bz2", "concurrent", "ctypes", "dbm", "fcntl", "fileinput",
    "getpass", "glob", "gzip", "http", "importlib", "io", "linecache", "locale", "logging", "lzma",
    "mmap", "multiprocessing", "os", "pathlib", "platform", "psycopg", "queue", "random",
    "requests", "ruamel", "secrets", "select", "shelve", "shutil", "signal", "socket", "sqlite3",
    "ssl", "subprocess", "sys", "tarfile", "tempfile", "threading", "time", "urllib", "uuid",
    "yaml", "zipfile",
    "zoneinfo",  # reads the machine's own table of time zones: a zone comes in as a tzinfo
}  # fmt: skip
IN_MEMORY = {"io.BytesIO", "io.StringIO", "zipfile.BadZipFile", "zipfile.ZipFile"}
"""What of those modules needs no disk: a ZipFile as long as it is made over a BytesIO."""
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__"}
FILE_METHODS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
OPENERS = {
    ("exchange/workbook_bounds.py", "book.open"),  # a part of an archive in memory
    ("ledger/lawful.py", "w.open"),  # an account that is open
    ("ledger/lawful_compliance.py", "w.open"),
}
"""Where `open` opens no file: the module, and what it calls."""
CLOCKS = {"now", "today", "utcnow"}
DRAWS = {"generate", "generate_private_key"}
"""A key pair drawn: randomness that no import gives away."""
DOCSTRING_LINES = 5

# What is imported where it is used, because a start must not pay for it: importer -> imported.
DEFERRED = {
    ("doors/cli/__init__.py", "onetonne.doors"),
    ("doors/cli/__init__.py", "onetonne.doors.cli.app"),
    ("doors/cli/letters.py", "onetonne.doors.letter_pdf"),
    ("doors/cli/moves.py", "onetonne.doors.cli.certificates"),
    ("doors/cli/judging.py", "onetonne.rules.cures"),
    ("doors/cli/judging.py", "onetonne.store.jurisdictions"),
    ("doors/cli/judging.py", "onetonne.store.vectors"),
    ("doors/cli/registers.py", "onetonne.doors.workbook"),
    ("ledger/decide.py", "onetonne.ledger.acts_of_systems"),
    ("service/ledger.py", "onetonne.store.postgres"),
    ("store/lawbook.py", "onetonne.rules.law"),
    ("store/lawbook.py", "onetonne.store.strict_yaml"),
    ("store/systems.py", "onetonne.store.jurisdictions"),
}
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:work|root|home|Users)/[\w.]")
INDEX_ADDRESS = re.compile(r"--(?:index-url|extra-index-url|find-links|trusted-host)\b|file:///")


@cache
def _parsed(text: str) -> ast.Module:
    """Every rule reads every module: each text is parsed once."""
    return ast.parse(text)


def _modules(root: Path, *packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Parsed modules of the named packages (all where none is named), paths from the root."""
    folders = [root / PACKAGE / name for name in packages] or [root / PACKAGE]
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield path.relative_to(root), _parsed(path.read_text())


def _imports(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of everything that a module imports."""
    package = list(path.with_suffix("").parts[1:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{stem}.{alias.name}") for alias in node.names)


def imports_go_one_way(root: Path) -> list[str]:
    found = []
    for path, tree in _modules(root):
        own = path.parts[2] if len(path.parts) > 3 else ""
        for line, name in _imports(path, tree):
            parts = name.split(".")
            if parts[0] != "onetonne" or len(parts) < 2 or parts[1] not in RANK:
                continue
            allowed = own in RANK and (parts[1] == own or RANK[parts[1]] < RANK[own])
            if not allowed:
                found.append(
                    f"{path}:{line}: {own or 'onetonne'} imports {parts[1]}, which comes after it "
                    f"or stands beside it; move the shared part down or pass it in."
                )
    return found


def _own(path: Path) -> str:
    """A module's path within the package, as the tables of exceptions name it."""
    return path.relative_to(PACKAGE).as_posix()


def _last(node: ast.AST | None) -> str:
    """The last part of a dotted name; empty for what is no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def no_io_before_store(root: Path) -> list[str]:
    found = []
    for path, tree in _modules(root, *PURE):
        for line, name in _imports(path, tree):
            if name.split(".")[0] in IMPURE_MODULES and name not in IN_MEMORY:
                found.append(f"{path}:{line}: imports {name}; let the shell do it and pass it in.")
        found += [
            f"{path}:{node.lineno}: {why}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and (why := _does_io(_own(path), node))
        ]
    return found


def _does_io(own: str, call: ast.Call) -> str:
    """What a call does with the world, and what to do instead; empty for a pure one."""
    called, name = call.func, _last(call.func)
    if isinstance(called, ast.Name) and name in IMPURE_CALLS:
        return f"calls {name}(); return the value instead."
    if name == "ZipFile" and not (call.args and _calls(call.args[0], {"BytesIO"})):
        return "opens an archive; take its bytes, and make the ZipFile over a BytesIO of them."
    if not isinstance(called, ast.Attribute):
        return ""
    if name in FILE_METHODS and (own, ast.unparse(called)) not in OPENERS:
        return f"calls .{name}(); take what is in the file as an argument."
    if name in CLOCKS:
        return "reads a clock; take the instant as a fact."
    return "draws a key; take it as an argument." if name in DRAWS else ""


def _calls(node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is a call of one of these, whatever its sign."""
    while isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Call) and _last(node.func) in names


def imports_stand_at_the_top(root: Path) -> list[str]:
    """A module's imports are its first lines, but for the few that DEFERRED names."""
    found = []
    for path, tree in _modules(root):
        own = _own(path)
        inner = [
            node
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        found += [
            f"{path}:{node.lineno}: imports inside a function; import at the top, or name the "
            f"pair in DEFERRED with what it saves."
            for node in inner
            if (own, getattr(node, "module", None)) not in DEFERRED
        ]
    return found


def no_floats_near_quantities(root: Path) -> list[str]:
    """Neither a float, nor a `/` that may make one: beside it stands a Fraction or a Decimal."""
    return [
        f"{path}:{getattr(node, 'lineno', 0)}: {why}"
        for path, tree in _modules(root, *EXACT)
        for own in [_own(path)]
        for node in ast.walk(tree)
        if (why := _may_be_float(own, node))
    ]


def _may_be_float(own: str, node: ast.AST) -> str:
    """Why a node is or makes a float, and what to do instead; empty when it does not."""
    literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
    named = isinstance(node, ast.Name | ast.Attribute) and _last(node) == "float"
    if (literal or named) and (own, ast.unparse(node)) not in FLOATS:
        return "a float; use int, Decimal or Fraction."
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
        sides = [node.value]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        sides = [node.left, node.right]
    else:
        return ""
    exact = any(_calls(side, {"Fraction", "Decimal"}) for side in sides)
    if exact or (own, ast.unparse(node)) in QUOTIENTS:
        return ""
    return "a quotient that may be a float; write Fraction(...) beside the /, or use //."


def _broad(kind: ast.expr | None) -> bool:
    """Whether an `except` or a `suppress` of this takes everything."""
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or _last(one) in {"Exception", "BaseException"} for one in kinds)


def _leaves(node: ast.AST, looping: bool = False) -> bool:
    """Whether a way leads past an exception: a return, or the next round of a loop around it.
    What a function or a loop within does with itself is its own affair."""
    if isinstance(node, ast.Break | ast.Continue):
        return not looping
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    looping = looping or isinstance(node, ast.For | ast.AsyncFor | ast.While)
    inner = ast.iter_child_nodes(node)
    return isinstance(node, ast.Return) or any(_leaves(one, looping) for one in inner)


def _swallows(node: ast.AST) -> bool:
    """Whether everything that may come up is caught here and not, or not always, passed on."""
    if isinstance(node, ast.ExceptHandler):
        last = node.body[-1]
        passed_on = isinstance(last, ast.Raise) and last.exc is None
        return _broad(node.type) and (not passed_on or any(map(_leaves, node.body)))
    if isinstance(node, ast.Try | ast.TryStar):
        return any(map(_leaves, node.finalbody))
    suppresses = isinstance(node, ast.Call) and _last(node.func) == "suppress"
    return suppresses and any(map(_broad, node.args))


def no_broad_except_but_at_the_door(root: Path) -> list[str]:
    return [
        f"{path}:{getattr(node, 'lineno', 0)}: may swallow everything; name what can happen, or "
        f"re-raise at the end and leave no other way."
        for path, tree in _modules(root)
        if path.parts[2] != "doors"
        for node in ast.walk(tree)
        if _swallows(node)
    ]


def files_stay_short(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {count} lines, at most {FILE_LINES}; split it by its nouns."
        for path in sorted((root / PACKAGE).rglob("*.py"))
        if (count := len(path.read_text().splitlines())) > FILE_LINES
    ]


def functions_stay_short(root: Path) -> list[str]:
    return [
        f"{path}:{node.lineno}: {node.name} has {count} lines, at most {FUNCTION_LINES}; "
        f"name a part of it."
        for path, tree in _modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (count := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def no_banned_names(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: says nothing about what is in it; name it after its noun."
        for top in ("src", "tests", "bench", "tools")
        for path in sorted((root / top).rglob("*"))
        if (path.suffix == ".py" or path.is_dir()) and path.stem.lower() in BANNED_STEMS
    ]


def every_module_says_what_it_is_for(root: Path) -> list[str]:
    return [
        f"{path}:1: a docstring of {count} lines; say what it holds and why, in 1 to "
        f"{DOCSTRING_LINES}."
        for path, tree in _modules(root)
        if not 1 <= (count := _written(ast.get_docstring(tree) or "")) <= DOCSTRING_LINES
    ]


def _written(text: str) -> int:
    """Lines that are not blank."""
    return sum(bool(line.strip()) for line in text.splitlines())


def code_lines(text: str) -> int:
    """Lines that hold code: neither blank, nor comment, nor docstring."""
    prose: set[int] = set()
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                prose.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
              tokenize.ENCODING, tokenize.ENDMARKER}  # fmt: skip
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent:
            held.update(range(token.start[0], token.end[0] + 1))
    return len(held - prose)


def budgets(root: Path) -> dict[str, int]:
    """The budgets in force: those above, and what decision records have made of them."""
    raised = re.compile(r"^Line budget: (\S+) (\d+)\s*$", re.MULTILINE)
    records = sorted((root / "docs" / "decisions").glob("*.md"))
    changes = [pair for record in records for pair in raised.findall(record.read_text())]
    raised_to = dict(BUDGETS)
    for name, lines in changes:
        raised_to[name] = max(int(lines), raised_to.get(name, 0))
    return raised_to


def budgets_hold(root: Path) -> list[str]:
    found = []
    for name, most in budgets(root).items():
        place = root / PACKAGE / name
        files = [*place.rglob("*.py"), *place.parent.glob(f"{place.name}.py")]
        count = sum(code_lines(path.read_text()) for path in files)
        if count > most:
            found.append(
                f"{PACKAGE / name}: {count} lines of code, its budget is {most}; take something "
                f"out, or write a decision record with a line `Line budget: {name} {count}`."
            )
    return found


def no_machine_in_the_text(root: Path, tracked: list[Path]) -> list[str]:
    """No path of somebody's machine and no package index in what we publish."""
    found = []
    for path in tracked:
        try:
            text = (root / path).read_text()
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # binary, or removed but not yet committed
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATH.search(line):
                found.append(f"{path}:{number}: names a folder of one machine; make it relative.")
            if path.suffix == ".lock" and INDEX_ADDRESS.search(line):
                found.append(f"{path}:{number}: names a package index; run `make lock`.")
    return found
