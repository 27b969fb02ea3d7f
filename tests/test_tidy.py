"""The house rules hold in this tree, and each of them fails on a planted breach."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import tidy

ROOT = Path(__file__).resolve().parent.parent
Rule = Callable[[Path], list[str]]

RULES: list[Rule] = [
    tidy.imports_go_one_way,
    tidy.no_io_before_store,
    tidy.imports_stand_at_the_top,
    tidy.no_floats_near_quantities,
    tidy.no_broad_except_but_at_the_door,
    tidy.files_stay_short,
    tidy.functions_stay_short,
    tidy.no_banned_names,
    tidy.every_module_says_what_it_is_for,
    tidy.budgets_hold,
]

LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 60
LONG_METHOD = "class A:\n    async def f():\n" + "        x = 1\n" * 60
PROSE = '"""Why.\n\nAnd how.\n"""\n\n# note\nx = """a\nb"""\n'
PROSE += '\n\ndef f():\n    """Doc."""\n    return x  # so\n'
DOC = '"""Why.\n\n{}"""\n'
LATE = "def f():\n    {}\n"
DRIVER = "from onetonne.store.postgres import Postgres"
SWALLOW = "try:\n    f()\nexcept {}:\n    pass\n"
PASS_ON = "try:\n    f()\nexcept {}:\n    undo()\n    raise\n"
HUSH = "suppress(Exception)"
SUPPRESS = "with suppress({}):\n    f()\n"
SLIP = """
def f():
    for x in y:
        try:
            g()
        except Exception:
            if x:
                {}
            raise
"""
FINALLY = "def f():\n    try:\n        g()\n    finally:\n        {}\n"
ARCHIVE = "from io import BytesIO\nfrom zipfile import ZipFile\nbook = ZipFile({})\n"

# rule, file in the tree, what it says, whether the rule must object
CASES: list[tuple[Rule, str, str, bool]] = [
    (tidy.imports_go_one_way, "base/a.py", "from onetonne.ledger import state", True),
    (tidy.imports_go_one_way, "base/a.py", "import onetonne.rules.judge", True),
    (tidy.imports_go_one_way, "base/a.py", "def f():\n    from onetonne import store", True),
    (tidy.imports_go_one_way, "base/a.py", "from ..ledger import state", True),
    (tidy.imports_go_one_way, "ledger/acts/a.py", "from ...store import sqlite", True),
    (tidy.imports_go_one_way, "ets/a.py", "from onetonne.claims import label", True),
    (tidy.imports_go_one_way, "__init__.py", "from onetonne.base import blocks", True),
    (tidy.imports_go_one_way, "ledger/acts/a.py", "from ..state import State", False),
    (tidy.imports_go_one_way, "ledger/a.py", "from onetonne.base.blocks import Block", False),
    (tidy.imports_go_one_way, "doors/a.py", "from onetonne import base, service", False),
    (tidy.no_io_before_store, "ledger/a.py", "import os", True),
    (tidy.no_io_before_store, "exchange/a.py", "from pathlib import Path", True),
    (tidy.no_io_before_store, "mrv/a.py", "text = open('x').read()", True),
    (tidy.no_io_before_store, "base/a.py", "import datetime\nd = datetime.date.today()", True),
    (tidy.no_io_before_store, "rules/a.py", "from datetime import datetime\ndatetime.now()", True),
    (tidy.no_io_before_store, "rules/a.py", "from datetime import date", False),
    (tidy.no_io_before_store, "base/a.py", "import uuid", True),
    (tidy.no_io_before_store, "ledger/acts/a.py", "from secrets import token_hex", True),
    (tidy.no_io_before_store, "base/a.py", "from zoneinfo import ZoneInfo", True),
    (tidy.no_io_before_store, "base/a.py", "from datetime import tzinfo", False),
    (tidy.no_io_before_store, "base/a.py", "key = Ed25519PrivateKey.generate()", True),
    (tidy.no_io_before_store, "exchange/a.py", "os = __import__('os')", True),
    (tidy.no_io_before_store, "exchange/a.py", "import io\nt = io.open('x').read()", True),
    (tidy.no_io_before_store, "base/a.py", "from io import FileIO", True),
    (tidy.no_io_before_store, "exchange/a.py", "from io import BytesIO, StringIO", False),
    (tidy.no_io_before_store, "base/a.py", "import builtins\nbuiltins.open('x')", True),
    (tidy.no_io_before_store, "exchange/a.py", "import zipfile\nzipfile.ZipFile('x')", True),
    (tidy.no_io_before_store, "exchange/a.py", ARCHIVE.format("'x'"), True),
    (tidy.no_io_before_store, "exchange/a.py", ARCHIVE.format("file='x'"), True),
    (tidy.no_io_before_store, "exchange/a.py", ARCHIVE.format("BytesIO(b'')"), False),
    (tidy.no_io_before_store, "mrv/a.py", "import tarfile", True),
    (tidy.no_io_before_store, "mrv/a.py", "from gzip import GzipFile", True),
    (tidy.no_io_before_store, "ledger/a.py", "def f(path): return path.open()", True),
    (tidy.no_io_before_store, "ledger/a.py", "def f(path): return path.read_text()", True),
    (tidy.no_io_before_store, "ledger/a.py", "def f(version): return version.open", False),
    (tidy.no_io_before_store, "exchange/workbook_bounds.py", "part = book.open('x')", False),
    (tidy.no_io_before_store, "exchange/workbook_bounds.py", "part = page.open('x')", True),
    (tidy.no_io_before_store, "exchange/a.py", "part = book.open('x')", True),
    (tidy.imports_stand_at_the_top, "store/a.py", LATE.format("from onetonne.base import b"), True),
    (tidy.imports_stand_at_the_top, "doors/a.py", LATE.format("import json"), True),
    (tidy.imports_stand_at_the_top, "service/a.py", "from onetonne.base import b", False),
    (tidy.imports_stand_at_the_top, "service/ledger.py", LATE.format(DRIVER), False),
    (tidy.imports_stand_at_the_top, "service/queue.py", LATE.format(DRIVER), True),
    (tidy.no_io_before_store, "store/a.py", "import os", False),
    (tidy.no_floats_near_quantities, "base/a.py", "half = 0.5", True),
    (tidy.no_floats_near_quantities, "ledger/acts/a.py", "t = float('1')", True),
    (tidy.no_floats_near_quantities, "rules/a.py", "def f(x: float) -> None: ...", True),
    (tidy.no_floats_near_quantities, "ledger/a.py", "half = Decimal('0.5')", False),
    (tidy.no_floats_near_quantities, "service/a.py", "wait = 0.5", False),
    (tidy.no_floats_near_quantities, "article6/a.py", "share = 0.5", True),
    (tidy.no_floats_near_quantities, "ets/a.py", "due = float('1.1') * 1000", True),
    (tidy.no_floats_near_quantities, "exchange/a.py", "half = 0.5", True),
    (tidy.no_floats_near_quantities, "service/questions/a.py", "half = 0.5", True),
    (tidy.no_floats_near_quantities, "ets/a.py", "import builtins\nbuiltins.float('1')", True),
    (tidy.no_floats_near_quantities, "exchange/tables.py", "isinstance(1, float)", False),
    (tidy.no_floats_near_quantities, "exchange/tables.py", "half = 0.5", True),
    (tidy.no_floats_near_quantities, "ledger/a.py", "def f(a, b): return round(a / b)", True),
    (tidy.no_floats_near_quantities, "ledger/a.py", "def f(a, b):\n    a /= b", True),
    (tidy.no_floats_near_quantities, "ledger/a.py", "def f(a, b): return a // b", False),
    (tidy.no_floats_near_quantities, "ledger/a.py", "def f(a, b): return -Fraction(a) / b", False),
    (tidy.no_floats_near_quantities, "ets/a.py", "def f(a, b): return a / Decimal(b)", False),
    (tidy.no_floats_near_quantities, "ets/a.py", "def f(a, b): return Decimal(a / b)", True),
    (tidy.no_floats_near_quantities, "rules/facts.py", "x = found / 100", False),
    (tidy.no_floats_near_quantities, "rules/facts.py", "x = other / 100", True),
    (tidy.no_floats_near_quantities, "rules/a.py", "x = found / 100", True),
    (tidy.no_floats_near_quantities, "service/a.py", "def f(folder): return folder / 'x'", False),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", SWALLOW.format("Exception"), True),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", SWALLOW.format("BaseException"), True),
    (tidy.no_broad_except_but_at_the_door, "base/a.py", SWALLOW.format("(E, Exception)"), True),
    (tidy.no_broad_except_but_at_the_door, "base/a.py", SWALLOW.replace(" {}", ""), True),
    (tidy.no_broad_except_but_at_the_door, "base/a.py", SWALLOW.format("KeyError"), False),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", PASS_ON.format("BaseException"), False),
    (tidy.no_broad_except_but_at_the_door, "doors/cli.py", SWALLOW.format("Exception"), False),
    (tidy.no_broad_except_but_at_the_door, "ets/a.py", SWALLOW.format("builtins.Exception"), True),
    (tidy.no_broad_except_but_at_the_door, "ets/a.py", SUPPRESS.format("Exception"), True),
    (tidy.no_broad_except_but_at_the_door, "ets/a.py", SUPPRESS.format("E, BaseException"), True),
    (tidy.no_broad_except_but_at_the_door, "ets/a.py", SUPPRESS.format("KeyError"), False),
    (tidy.no_broad_except_but_at_the_door, "ets/a.py", f"contextlib.{HUSH}", True),
    (tidy.no_broad_except_but_at_the_door, "doors/a.py", SUPPRESS.format("Exception"), False),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", SLIP.format("return None"), True),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", SLIP.format("continue"), True),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", SLIP.format("break"), True),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", SLIP.format("undo()"), False),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", SLIP.format("for _ in x: break"), False),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", FINALLY.format("return 1"), True),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", FINALLY.format("if x: return 1"), True),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", FINALLY.format("close()"), False),
    (tidy.no_broad_except_but_at_the_door, "store/a.py", FINALLY.format("lambda: 1"), False),
    (tidy.files_stay_short, "ledger/a.py", "x = 1\n" * 401, True),
    (tidy.files_stay_short, "ledger/a.py", "x = 1\n" * 400, False),
    (tidy.functions_stay_short, "ledger/a.py", LONG_FUNCTION, True),
    (tidy.functions_stay_short, "ledger/a.py", LONG_METHOD, True),
    (tidy.functions_stay_short, "ledger/a.py", LONG_FUNCTION.removesuffix("    x = 1\n"), False),
    (tidy.no_banned_names, "ledger/utils.py", "", True),
    (tidy.no_banned_names, "base/common/blocks.py", "", True),
    (tidy.no_banned_names, "../../tests/helpers.py", "", True),
    (tidy.no_banned_names, "ledger/state.py", "", False),
    (tidy.every_module_says_what_it_is_for, "ledger/a.py", "x = 1", True),
    (tidy.every_module_says_what_it_is_for, "ledger/a.py", '"""Why."""', False),
    (tidy.every_module_says_what_it_is_for, "ledger/a.py", DOC.format("And.\n" * 4), False),
    (tidy.every_module_says_what_it_is_for, "ledger/a.py", DOC.format("And.\n" * 5), True),
    (tidy.budgets_hold, "base/a.py", "x = 1\n" * 701, True),
    (tidy.budgets_hold, "base/a.py", "x = 1\n\n# why\n" * 700, False),
    (tidy.budgets_hold, "doors/cli.py", "x = 1\n" * 1201, True),
    (tidy.budgets_hold, "doors/cli/a.py", "x = 1\n" * 1201, True),
    (tidy.budgets_hold, "doors/web.py", "x = 1\n" * 1201, False),
]  # fmt: skip


def plant(root: Path, name: str, text: str) -> None:
    path = root / tidy.PACKAGE / name
    (root / tidy.PACKAGE).mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_this_tree_keeps(rule: Rule) -> None:
    complaints = rule(ROOT)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(("rule", "name", "text", "objects"), CASES)
def test_rule_sees_the_breach_and_only_that(
    tmp_path: Path, rule: Rule, name: str, text: str, objects: bool
) -> None:
    plant(tmp_path, name, text)
    assert bool(rule(tmp_path)) is objects


def test_every_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _, objects in CASES if objects} == set(RULES)


EXCEPTIONS = [
    *[(tidy.no_floats_near_quantities, "FLOATS", one) for one in sorted(tidy.FLOATS)],
    *[(tidy.no_floats_near_quantities, "QUOTIENTS", one) for one in sorted(tidy.QUOTIENTS)],
    *[(tidy.no_io_before_store, "OPENERS", one) for one in sorted(tidy.OPENERS)],
]


@pytest.mark.parametrize(("rule", "table", "one"), EXCEPTIONS)
def test_every_exception_is_still_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: Rule, table: str, one: tuple[str, str]
) -> None:
    plant(tmp_path, one[0], (ROOT / tidy.PACKAGE / one[0]).read_text())
    assert not rule(tmp_path)
    monkeypatch.setattr(tidy, table, getattr(tidy, table) - {one})
    assert rule(tmp_path)


def test_every_package_has_its_place_and_its_budget() -> None:
    folders = {path.parent.name for path in (ROOT / tidy.PACKAGE).glob("*/__init__.py")}
    assert folders - {"lawbook"} == set(tidy.RANK)
    assert set(tidy.RANK) - {"doors"} <= set(tidy.BUDGETS)


def test_a_decision_record_raises_a_budget(tmp_path: Path) -> None:
    plant(tmp_path, "base/a.py", "x = 1\n" * 701)
    record = tmp_path / "docs" / "decisions" / "0009-more-base.md"
    record.parent.mkdir(parents=True)
    record.write_text("# 9. More base\n\nLine budget: base 701\n")
    assert tidy.budgets_hold(tmp_path) == []


def test_prose_is_not_charged_to_a_budget() -> None:
    assert tidy.code_lines(PROSE) == 4


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(name) for name in listed.stdout.split("\0") if name]


def test_published_text_names_no_machine() -> None:
    complaints = tidy.no_machine_in_the_text(ROOT, tracked())
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    ("name", "text", "objects"),
    [
        ("notes.md", "see /" + "home/ann/ledger", True),
        ("notes.md", "see `/" + "work/x`", True),
        ("a.py", "x = '/" + "root/.cache'", True),
        ("notes.md", "see ../shared/data and https://example.org/home/ann", False),
        ("a.lock", "--extra-" + "index-url https://example.org/simple", True),
        ("a.lock", "rich==15.0.0", False),
    ],
)
def test_machine_rule(tmp_path: Path, name: str, text: str, objects: bool) -> None:
    (tmp_path / name).write_text(text)
    assert bool(tidy.no_machine_in_the_text(tmp_path, [Path(name)])) is objects
