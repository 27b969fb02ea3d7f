"""The lawbook: strict YAML files in, one `Law` out, compiled once so that a start parses no YAML.

`lawbook/units` and `lawbook/acts` hold the tables; `python -m onetonne.store.lawbook` compiles
them into `lawbook/compiled.json`. Every fault is named with file and line; a file with a fault is
refused whole. Law of one's own comes as extra files on top.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from zoneinfo import ZoneInfo

import msgspec

from onetonne.base.days import day_of
from onetonne.base.reasons import reason, reason_zh
from onetonne.ledger.hub import Hub
from onetonne.ledger.units import (
    CancellationKind,
    Conversion,
    LabelKind,
    Law,
    LockKind,
    Mechanism,
    Policy,
    Purpose,
    UnitType,
    canonical_law,
    from_text,
    law_from_json,
    sealed,
)
from onetonne.store.lawbook_checks import check_law, check_row
from onetonne.store.lawbook_faults import Fault, LawbookError

if TYPE_CHECKING:
    from onetonne.rules.law import Lawbook
    from onetonne.store.strict_yaml import Document

HOME = Path(__file__).resolve().parent.parent / "lawbook"
COMPILED = HOME / "compiled.json"
SYSTEMS = HOME / "systems.json"

TABLES: dict[str, type[msgspec.Struct]] = {
    "units": UnitType,
    "conversions": Conversion,
    "cancellation_kinds": CancellationKind,
    "lock_kinds": LockKind,
    "label_kinds": LabelKind,
    "purposes": Purpose,
    "mechanisms": Mechanism,
    "policies": Policy,
}

Tables = dict[str, dict[str, Any]]

_UNKNOWN = re.compile(r"unknown field `(.+?)`")
_MISSING = re.compile(r"missing required field `(.+?)`")
_ENUM = re.compile(r"Invalid enum value '?(.*?)'?$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def load_law(extra: Sequence[Path] = ()) -> Law:
    """The shipped law, with the rows of the `extra` files added. Raises `LawbookError`."""
    shipped = msgspec.structs.replace(law_from_json(COMPILED.read_bytes()), hub=shipped_hub())
    if not extra:
        return shipped
    return compile_documents([law_document(path) for path in extra], shipped)


def shipped_hub() -> Hub:
    """The law of the shipped systems, read when an act first needs it."""
    return Hub(_read_systems, _day_in)


def _read_systems() -> Lawbook:
    # Only here, because the law engine is a tenth of a start that has no use for it.
    from onetonne.rules.law import lawbook_from_json

    return lawbook_from_json(SYSTEMS.read_bytes())


@lru_cache(maxsize=1_000)
def _day_in(zone: str, at: int) -> date:
    return day_of(at, ZoneInfo(zone))


def compile_lawbook(home: Path = HOME) -> Law:
    """The law of the YAML files under `home`, read anew. Raises `LawbookError` with every fault."""
    paths = sorted(home.glob("units/*.yaml")) + sorted(home.glob("acts/*.yaml"))
    return compile_documents([law_document(path) for path in paths], Law.empty())


def compiled_text(law: Law) -> bytes:
    """What `compiled.json` must hold for `law`: its canonical form, one value a line."""
    return msgspec.json.format(canonical_law(law), indent=1) + b"\n"


def law_document(path: Path, **how: Any) -> Document:
    """The file as a document with its lines; `how` as `read_document` takes it. Raises
    `LawbookError`."""
    # Imported here: a start with the compiled law alone must not pay for the YAML reader.
    from onetonne.store.strict_yaml import read_document

    try:
        data = path.read_bytes()
    except OSError as fault:
        facts = {"problem": reason(fault), "problem_zh": reason_zh(fault)}
        raise LawbookError([Fault("NOT_READABLE", _shown(path), 1, facts)]) from fault
    return read_document(_shown(path), data, **how)


def _shown(path: Path) -> str:
    """The path as people know it: from `lawbook/` on for shipped files, else as given."""
    resolved = path.resolve()
    if resolved.is_relative_to(HOME):
        return f"lawbook/{resolved.relative_to(HOME).as_posix()}"
    return str(path)


def compile_documents(documents: Sequence[Document], base: Law) -> Law:
    """`base` with the rows of `documents`, checked each alone and then all together."""
    tables: Tables = {name: dict(getattr(base, name)) for name in TABLES}
    homes: dict[tuple[str, str], Document] = {}
    faults: list[Fault] = []
    for document in documents:
        for table, rows in document.value.items():
            line = document.line((table,))
            if table not in TABLES:
                facts = {"key": table, "tables": ", ".join(TABLES)}
                faults.append(Fault("UNKNOWN_TABLE", document.file, line, facts))
            elif not isinstance(rows, dict):
                faults.append(Fault("NOT_A_MAPPING", document.file, line, {}))
            else:
                for code in rows:
                    faults += _add(document, (table, code), tables, homes)
    law = msgspec.structs.replace(base, **tables)
    faults = faults or check_law(law, homes)
    if faults:
        raise LawbookError(faults)
    return sealed(law)


def _add(
    document: Document,
    at: tuple[str, str],
    tables: Tables,
    homes: dict[tuple[str, str], Document],
) -> list[Fault]:
    """Put the row at (table, code) into `tables`; what is wrong with it is returned."""
    table, code = at
    if code in tables[table]:
        first = homes.get(at)
        where = f"{first.file}:{first.line(at)}" if first else "the shipped lawbook"
        facts = {"code": code, "first": where}
        return [Fault("CODE_TWICE", document.file, document.line(at), facts)]
    row = read_row(document, at, TABLES[table])
    if isinstance(row, Fault):
        return [row]
    tables[table][code] = row
    homes[at] = document
    return check_row(document, at, row)


def read_row(document: Document, at: tuple[str, str], kind: type[msgspec.Struct]) -> Any:
    """The row of `document` at (table, code) as a `kind`, or the `Fault` that prevents it."""
    table, code = at
    row = document.value[table][code]
    if not isinstance(row, dict):
        return Fault("NOT_A_MAPPING", document.file, document.line(at), {})
    if "code" in row:
        return _fault(document, at, kind, "Object contains unknown field `code`")
    try:
        return msgspec.convert({"code": code, **row}, type=kind, dec_hook=from_text)
    except msgspec.ValidationError as fault:
        return _fault(document, at, kind, str(fault))


def _fault(document: Document, at: tuple[str, str], kind: type, message: str) -> Fault:
    """Turn msgspec's message into ours, with the line of what it speaks of."""
    problem, _, trail = message.partition(" - at `")
    steps = [int(index) if index else name for name, index in _STEP.findall(trail)]
    path = (*at, *steps)
    key = str(next((step for step in reversed(steps) if isinstance(step, str)), at[1]))
    facts = {"code": at[1], "key": key, "problem": problem}
    if found := _UNKNOWN.search(problem):
        path, facts["key"] = (*path, found[1]), found[1]
        facts["allowed"] = ", ".join(name for name in _fields(kind, steps) if name != "code")
        return Fault("UNKNOWN_KEY", document.file, document.line(path), facts)
    if found := _MISSING.search(problem):
        facts["key"] = ".".join([*map(str, steps), found[1]])
        return Fault(_missing(facts["key"]), document.file, document.line(path), facts)
    if found := _ENUM.search(problem):
        facts |= {"text": found[1], "allowed": ", ".join(_choices(kind, key))}
        return Fault("UNKNOWN_VALUE", document.file, document.line(path), facts)
    return Fault("WRONG_TYPE", document.file, document.line(path), facts)


def _missing(key: str) -> str:
    top = key.partition(".")[0]
    return {"citation": "MISSING_CITATION", "names": "MISSING_NAME"}.get(top, "MISSING_KEY")


def _fields(kind: type, steps: Sequence[str | int]) -> tuple[str, ...]:
    """Field names of `kind`, or of the struct in it that `steps` leads to."""
    for step in steps:
        found = {field.name: field.type for field in msgspec.structs.fields(kind)}
        kind = found[str(step)]
    return tuple(field.name for field in msgspec.structs.fields(kind))


def _choices(kind: type, key: str) -> list[str]:
    """The words that field `key` of `kind` may hold, through sets, mappings and optionals."""
    found = {field.name: field.type for field in msgspec.structs.fields(kind)}
    words: list[str] = []
    rest = [found.get(key, str)]
    while rest:
        for part in get_args(rest.pop()):
            words += [part] if isinstance(part, str) else []
            rest += [] if isinstance(part, str) else [part]
    return sorted(words)


def main() -> int:
    """Compile the shipped lawbook in place. Exit 1 with every fault if it is refused."""
    try:
        law = compile_lawbook()
    except LawbookError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    COMPILED.write_bytes(compiled_text(law))
    rows = ", ".join(f"{len(getattr(law, name))} {name}" for name in TABLES)
    sys.stdout.write(f"{COMPILED.name}: {rows}; digest {law.digest}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
