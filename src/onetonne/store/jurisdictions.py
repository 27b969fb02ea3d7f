"""The law of compliance systems: strict YAML in, one `Lawbook` out, compiled so that a start reads
no YAML.

`lawbook/jurisdictions` holds a file for each; `python -m onetonne.store.jurisdictions` compiles
them into `lawbook/systems.json`, with a digest of its own. A fault is named with file and line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from onetonne.rules.law import (
    Base,
    Citation,
    Clause,
    Controversy,
    Everywhere,
    Lawbook,
    Limit,
    System,
    canonical,
    sealed,
)
from onetonne.store.clause_tests import read_plain, read_reading, read_test
from onetonne.store.jurisdiction_checks import (
    check_clause,
    check_controversy,
    check_limit,
    check_system,
)
from onetonne.store.lawbook import HOME, law_document
from onetonne.store.lawbook_faults import Fault, LawbookError
from onetonne.store.systems import COMPILED
from onetonne.store.systems import load_lawbook as load_lawbook

CASES = HOME.parent.parent.parent / "tests" / "cases"
NULLS = frozenset({"test", "share", "tonnes", "ratio", "readings"})
DEPTH = 24  # a test inside a version inside a clause: any, all, verb and value each take a level
TABLES = ("systems", "everywhere")

_UNKNOWN = re.compile(r"unknown field `(.+?)`")
_MISSING = re.compile(r"missing required field `(.+?)`")
_ENUM = re.compile(r"Invalid enum value '?(.*?)'?(?: - at|$)")
_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")

Place = tuple[str | int, ...]


def compile_files(paths: Sequence[Path], base: Lawbook | None = None) -> Lawbook:
    """The law of YAML files, read anew. Raises `LawbookError` with every fault."""
    return compile_documents([read_law(path) for path in paths], base or Lawbook())


def shipped_files() -> list[Path]:
    """The files of the shipped lawbook, in order."""
    return sorted((HOME / "jurisdictions").glob("*.yaml"))


def read_law(path: Path, cases: bool = False) -> Any:
    """One file as a document with lines; of cases, numbers with a point are decimals."""
    return law_document(path, nulls=NULLS, depth=DEPTH, decimals=cases)


def compile_documents(documents: Sequence[Any], base: Lawbook) -> Lawbook:
    """`base` with the systems of the documents. Raises `LawbookError` with every fault."""
    reader = _Reader()
    systems, everywhere = dict(base.systems), base.everywhere
    for document in documents:
        for table, rows in document.value.items():
            if table not in TABLES:
                facts = {"key": table, "tables": ", ".join(TABLES)}
                reader.fault("UNKNOWN_TABLE", document, (table,), facts)
            elif not isinstance(rows, dict):
                reader.fault("NOT_A_MAPPING", document, (table,), {})
            elif table == "everywhere":
                everywhere = reader.everywhere(document, rows) or everywhere
            else:
                found = [reader.system(document, (table, code)) for code in rows]
                systems |= {system.code: system for system in found if system is not None}
    if reader.faults:
        raise LawbookError(reader.faults)
    return sealed(Lawbook(systems=systems, everywhere=everywhere))


class _Reader:
    """Reads rows of documents, and notes what is wrong with each."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, code: str, document: Any, at: Place, facts: dict[str, str]) -> None:
        self.faults.append(Fault(code, document.file, document.line(at), facts))

    def everywhere(self, document: Any, rows: dict[str, Any]) -> Everywhere | None:
        at: Place = ("everywhere",)
        head = {k: v for k, v in rows.items() if k not in ("clauses", "controversies")}
        found: Everywhere | None = self.row(document, at, head, Everywhere, "everywhere")
        if found is None:
            return None
        kept = self.clauses(document, at, rows, found.citations)
        known = {}
        for name, row in self.rows(document, at, rows, "controversies").items():
            place = (*at, "controversies", name)
            read = self.row(document, place, row, Controversy, name, self.controversy)
            if read is not None:
                known[name] = read
                self.faults += check_controversy(document, place, read, found.citations)
        return msgspec.structs.replace(found, clauses=kept, controversies=known)

    def system(self, document: Any, at: Place) -> System | None:
        code = str(at[-1])
        row = document.value[at[0]][code]
        if not isinstance(row, dict):
            self.fault("NOT_A_MAPPING", document, at, {})
            return None
        parts = ("clauses", "limits", "bases")
        head = {k: v for k, v in row.items() if k not in parts} | {"code": code, "clauses": {}}
        system: System | None = self.row(document, at, head, System, code, self.head)
        if system is None:
            return None
        clauses = self.clauses(document, at, row, system.citations)
        bases: dict[str, Base] = {}
        for name, base in self.rows(document, at, row, "bases").items():
            read = self.row(document, (*at, "bases", name), base, Base, name, self.base)
            bases |= {name: read} if read is not None else {}
        limits: dict[str, Limit] = {}
        for name, limit in self.rows(document, at, row, "limits").items():
            place = (*at, "limits", name)
            found = self.row(document, place, limit, Limit, name, self.limit)
            if found is not None:
                limits[name] = found
                self.faults += check_limit(document, place, found, system.citations)
        system = msgspec.structs.replace(system, clauses=clauses, limits=limits, bases=bases)
        self.faults += check_system(document, at, system)
        return system

    def clauses(
        self, document: Any, at: Place, row: dict[str, Any], cited: dict[str, Citation]
    ) -> dict[str, Clause]:
        kept = {}
        for name, clause in self.rows(document, at, row, "clauses").items():
            place = (*at, "clauses", name)
            found = self.row(document, place, clause, Clause, name, self.clause)
            if found is not None:
                kept[name] = found
                self.faults += check_clause(document, place, found, cited)
        return kept

    def rows(self, document: Any, at: Place, row: dict[str, Any], table: str) -> dict[str, Any]:
        """The rows of a table in a row: none where it is left out, a fault where it is no table."""
        found = row.get(table, {})
        if isinstance(found, dict):
            return found
        self.fault("NOT_A_MAPPING", document, (*at, table), {})
        return {}

    def clause(self, document: Any, at: Place, row: dict[str, Any]) -> dict[str, Any]:
        made = {"code": at[-1], **row}
        if "when" in row:
            made["when"] = read_test(document, (*at, "when"), row["when"])
        return made | {"versions": self.versions(document, at, row, "versions", "test")}

    def controversy(self, document: Any, at: Place, row: dict[str, Any]) -> dict[str, Any]:
        made = {"code": at[-1], **row}
        if "when" in row:
            made["when"] = read_test(document, (*at, "when"), row["when"])
        if "times" in row:
            made["times"] = read_plain(document, (*at, "times"), row["times"])
        return made

    def limit(self, document: Any, at: Place, row: dict[str, Any]) -> dict[str, Any]:
        made = {"code": at[-1], **row}
        for key in ("counts", "among"):
            if key in row:
                made[key] = read_test(document, (*at, key), row[key])
        for table in ("shares", "carries"):
            if table in row:
                what = "tonnes" if self.amounts(row[table]) else "share"
                made[table] = self.versions(document, at, row, table, what)
        if "weighs" in row:
            made["weighs"] = self.parts(document, (*at, "weighs"), row["weighs"], "ratio")
        return made

    def amounts(self, versions: Any) -> bool:
        """Whether a limit is an amount, not a share: its versions say `tonnes`."""
        return isinstance(versions, list) and any(
            isinstance(version, dict) and "tonnes" in version for version in versions
        )

    def base(self, document: Any, at: Place, row: dict[str, Any]) -> dict[str, Any]:
        terms = self.parts(document, (*at, "terms"), row.get("terms"), "share", "shares")
        return {"code": at[-1], **row, "terms": terms}

    def parts(
        self, document: Any, at: Place, rows: Any, what: str, table: str = "versions"
    ) -> list[Any]:
        """Rows with a `when` and dated versions of their own."""
        made = []
        for n, row in enumerate(rows if isinstance(rows, list) else [rows]):
            if not isinstance(row, dict):
                raise LawbookError([Fault("NOT_A_MAPPING", document.file, document.line(at), {})])
            versions = {table: self.versions(document, (*at, n), row, table, what)}
            test = (
                {"when": read_test(document, (*at, n, "when"), row["when"])}
                if "when" in row
                else {}
            )
            made.append({**row, **versions, **test})
        return made

    def head(self, document: Any, at: Place, row: dict[str, Any]) -> dict[str, Any]:
        owed = row.get("obligation")
        if not isinstance(owed, dict):
            return row
        place = (*at, "obligation")
        read = {table: self.versions(document, place, owed, table, "share")
                for table in ("shares", "partial") if table in owed}  # fmt: skip
        return {**row, "obligation": {**owed, **read}}

    def versions(
        self, document: Any, at: Place, row: dict[str, Any], table: str, what: str
    ) -> list[Any]:
        """Each version with its readings as data: of one `test` or `share`, or of several."""
        made = []
        listed = row.get(table, [])
        for number, version in enumerate(listed if isinstance(listed, list) else [listed]):
            place = (*at, table, number)
            told = version.get("readings", []) if isinstance(version, dict) else None
            if not isinstance(told, list):
                raise LawbookError(
                    [Fault("NOT_A_MAPPING", document.file, document.line(place), {})]
                )
            rest = {k: v for k, v in version.items() if k not in (what, "readings")}
            places = [((*place, "readings", n), reading) for n, reading in enumerate(told)]
            if what in version:
                places.append(((*place, what), version[what]))
            settled = what in version or version.get("open")
            if not settled or (what in version and "readings" in version):
                raise LawbookError([Fault("NO_READING", document.file, document.line(place),
                                          {"code": str(at[-1]), "key": what})])  # fmt: skip
            readings = [read_reading(document, where, value, what) for where, value in places]
            made.append({**rest, "readings": readings})
        return made

    def row(
        self,
        document: Any,
        at: Place,
        given: Any,
        kind: Any,
        code: str,
        made: Callable[[Any, Place, dict[str, Any]], dict[str, Any]] | None = None,
    ) -> Any:
        """`given` as a `kind`, or None, with the fault noted."""
        if not isinstance(given, dict):
            self.fault("NOT_A_MAPPING", document, at, {})
            return None
        if "code" in given and made is not None and kind is not System:
            self.fault("UNKNOWN_KEY", document, (*at, "code"),
                       {"code": code, "key": "code", "allowed": _fields(kind)})  # fmt: skip
            return None
        try:
            return msgspec.convert(made(document, at, given) if made else given, type=kind)
        except LawbookError as found:
            self.faults += found.faults
        except msgspec.ValidationError as found:
            self.convert_fault(document, at, code, str(found), kind)
        return None

    def convert_fault(self, document: Any, at: Place, code: str, message: str, kind: Any) -> None:
        """msgspec's message in our words, at the line of what it speaks of."""
        problem, _, trail = message.partition(" - at `")
        path: Place = at
        for name, index in _STEP.findall(trail):
            path = (*path, name or (int(index) if index.isdigit() else index))
        key = str(next((step for step in reversed(path) if isinstance(step, str)), code))
        facts = {"code": code, "key": key, "problem": problem}
        if found := _UNKNOWN.search(problem):
            facts |= {"key": found[1], "allowed": _fields(kind) if path == at else "-"}
            self.fault("UNKNOWN_KEY", document, (*path, found[1]), facts)
        elif found := _MISSING.search(problem):
            cited = found[1] in ("cites", "citations")
            facts["key"] = found[1]
            self.fault("MISSING_CITATION" if cited else "MISSING_KEY", document, path, facts)
        elif found := _ENUM.search(problem):
            facts |= {"text": found[1], "allowed": "see docs/reference/law-engine.md"}
            self.fault("UNKNOWN_VALUE", document, path, facts)
        else:
            self.fault("WRONG_TYPE", document, path, facts)


def _fields(kind: Any) -> str:
    return ", ".join(f.name for f in msgspec.structs.fields(kind) if f.name != "code")


def without_cases(documents: Sequence[Any], folder: Path) -> list[Fault]:
    """A fault for each gate that no case in `folder` refuses for, at the line of the clause."""
    told: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        cases = read_law(path, cases=True).value
        names = told.setdefault(str(cases.get("system")), set())
        names |= {name for case in cases.get("cases", ()) for name in case.get("fails", ())}
    return [fault for document in documents for fault in _untold(document, told)]


def _untold(document: Any, told: dict[str, set[str]]) -> Iterator[Fault]:
    tables = [("everywhere",), *(("systems", s) for s in document.value.get("systems", {}))]
    for at in tables:
        row = document.value.get(at[0], {})
        row = row.get(at[1], {}) if len(at) > 1 else row
        seen = set().union(*told.values()) if len(at) == 1 else told.get(at[-1], set())
        for name, clause in row.get("clauses", {}).items():
            if name not in seen and clause.get("effect", "gate") == "gate":
                line = document.line((*at, "clauses", name))
                facts = {"code": name, "folder": "tests/cases"}
                yield Fault("NO_CASE", document.file, line, facts)


def main() -> int:
    """Compile the shipped systems in place. Exit 1 with every fault if they are refused."""
    try:
        documents = [read_law(path) for path in shipped_files()]
        book = compile_documents(documents, Lawbook())
        faults = without_cases(documents, CASES) if CASES.is_dir() else []
        if faults:
            raise LawbookError(faults)
    except LawbookError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    COMPILED.write_bytes(compiled_text(book))
    sys.stdout.write(f"{COMPILED.name}: {', '.join(book.systems)}; digest {book.digest}\n")
    return 0


def compiled_text(book: Lawbook) -> bytes:
    """What `systems.json` must hold: the canonical form, one value a line."""
    return msgspec.json.format(canonical(book), indent=1) + b"\n"


if __name__ == "__main__":
    raise SystemExit(main())
