"""The house rules as functions over a source tree, so that a planted breach can show each failing.

Each takes the root of a tree and returns complaints: where, what was found, what to do.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
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
EXACT = ["base", "rules", "ledger"]  # here a quantity may not even meet a float

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
    "apsw", "asyncio", "concurrent", "ctypes", "fcntl", "getpass", "glob", "http", "importlib",
    "locale", "logging", "mmap", "multiprocessing", "os", "pathlib", "platform", "psycopg", "queue",
    "random", "requests", "ruamel", "secrets", "select", "shutil", "signal", "socket", "sqlite3",
    "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "yaml",
    "zoneinfo",  # reads the machine's own table of time zones: a zone comes in as a tzinfo
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__"}
CLOCKS = {"now", "today", "utcnow"}
DRAWS = {"generate", "generate_private_key"}
"""A key pair drawn: randomness that no import gives away."""
DOCSTRING_LINES = 5

# What is imported where it is used, because a start must not pay for it: importer -> imported.
DEFERRED = {
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


def _modules(root: Path, *packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Parsed modules of the named packages (all where none is named), paths from the root."""
    folders = [root / PACKAGE / name for name in packages] or [root / PACKAGE]
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield path.relative_to(root), ast.parse(path.read_text(), str(path))


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


def no_io_before_store(root: Path) -> list[str]:
    found = []
    for path, tree in _modules(root, *PURE):
        for line, name in _imports(path, tree):
            if name.split(".")[0] in IMPURE_MODULES:
                found.append(f"{path}:{line}: imports {name}; let the shell do it and pass it in.")
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Name) and called.id in IMPURE_CALLS:
                found.append(
                    f"{path}:{node.lineno}: calls {called.id}(); return the value instead."
                )
            if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                found.append(f"{path}:{node.lineno}: reads a clock; take the instant as a fact.")
            if isinstance(called, ast.Attribute) and called.attr in DRAWS:
                found.append(f"{path}:{node.lineno}: draws a key; take it as an argument.")
    return found


def imports_stand_at_the_top(root: Path) -> list[str]:
    """A module's imports are its first lines, but for the few that DEFERRED names."""
    found = []
    for path, tree in _modules(root):
        own = path.relative_to(PACKAGE).as_posix()
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
    found = []
    for path, tree in _modules(root, *EXACT):
        for node in ast.walk(tree):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            named = isinstance(node, ast.Name) and node.id == "float"
            if literal or named:
                line = getattr(node, "lineno", 0)
                found.append(f"{path}:{line}: a float; use int, Decimal or Fraction.")
    return found


def _swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches everything and does not pass it on."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})
        for kind in kinds
    )
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


def no_broad_except_but_at_the_door(root: Path) -> list[str]:
    return [
        f"{path}:{node.lineno}: catches everything; name what can happen, or re-raise at the end."
        for path, tree in _modules(root)
        if path.parts[2] != "doors"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _swallows(node)
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
    for node in ast.walk(ast.parse(text)):
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
