"""YAML 1.2 as law is written: each value with its line, and nothing read by guesswork.

Built on ruamel.yaml's events, not on its types, because types are the trap: in YAML 1.1 `NO` is
false and `012` is ten. Here a plain word is text (`NO` is Norway), a plain number is a whole
number without leading zeros, and all that readers disagree on is refused with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from onetonne.store.lawbook_faults import Fault, LawbookError

Path = tuple[str | int, ...]

MAX_BYTES = 1_000_000  # a law file is written by hand; a larger one is a mistake or an attack
MAX_DEPTH = 12  # deepest lawful file uses 6; the reader recurses, so it must stop somewhere

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_LOOKS_NUMERIC = re.compile(
    r"[-+]?(\.[0-9]|[0-9])[0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|[-+]?0[xob][0-9a-fA-F_]+"
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?|[-+]?\.(inf|nan)",
    re.IGNORECASE,
)


class Document(NamedTuple):
    """A file as plain values (dict, list, str, int, bool) and the line of each path in it."""

    file: str
    value: dict[str, Any]
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """Line of `path`, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(
    file: str,
    data: bytes,
    nulls: frozenset[str] = frozenset(),
    depth: int = MAX_DEPTH,
    decimals: bool = False,
) -> Document:
    """Parse one law file. Raises `LawbookError` with the first fault found.

    `nulls`: keys under which a plain `null` may stand, where it repeals. `decimals`: 0.25 is read
    as a Decimal, in files that are not ours to write.
    """
    if len(data) > MAX_BYTES:
        raise _refusal("TOO_LARGE", file, 1, bytes=len(data), limit=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise _refusal("NOT_UTF8", file, line) from fault
    try:
        events = YAML(typ="safe", pure=True).parse(text)
        return _Reader(file, events, nulls, depth, decimals).document()
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        raise _refusal("NOT_YAML", file, line, problem=str(fault.problem)) from fault
    except YAMLError as fault:
        problem = str(fault).splitlines()[0]
        raise _refusal("NOT_YAML", file, 1, problem=problem) from fault


def _refusal(code: str, file: str, line: int, **facts: object) -> LawbookError:
    return LawbookError([Fault(code, file, line, {k: str(v) for k, v in facts.items()})])


def _tag(event: CollectionStartEvent | ScalarEvent) -> str:
    """The tag as written, or nothing (the lone `!` only says that this is text)."""
    return str(event.tag or "").removeprefix("!") and str(event.tag)


class _Reader:
    """Folds the event stream into values, noting the line of each."""

    def __init__(
        self,
        file: str,
        events: Iterator[Event],
        nulls: frozenset[str],
        depth: int,
        decimals: bool,
    ) -> None:
        self.file = file
        self.events = events
        self.nulls, self.depth, self.decimals = nulls, depth, decimals
        self.lines: dict[Path, int] = {}

    def document(self) -> Document:
        start = (event for event in self.events if isinstance(event, DocumentStartEvent))
        value = self.value(next(self.events), ()) if next(start, None) else None
        if not isinstance(value, dict):
            raise _refusal("NOT_A_MAPPING", self.file, 1)
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                raise self.refusal("SECOND_DOCUMENT", event)
        return Document(self.file, value, self.lines)

    def refusal(self, code: str, event: Event, **facts: object) -> LawbookError:
        return _refusal(code, self.file, event.start_mark.line + 1, **facts)

    def value(self, event: Event, path: Path) -> Any:
        self.lines.setdefault(path, event.start_mark.line + 1)
        if len(path) > self.depth:
            raise self.refusal("TOO_DEEP", event, limit=self.depth)
        if not isinstance(event, CollectionStartEvent | ScalarEvent) or event.anchor:
            raise self.refusal("ALIAS", event)
        if _tag(event):
            raise self.refusal("TAG", event, tag=_tag(event))
        if isinstance(event, ScalarEvent):
            return self.scalar(event, path)
        return self.mapping(path) if isinstance(event, MappingStartEvent) else self.sequence(path)

    def mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.key(event)
            if key in found:
                raise self.refusal("KEY_TWICE", event, key=key, first=self.lines[(*path, key)])
            self.lines[(*path, key)] = event.start_mark.line + 1
            found[key] = self.value(next(self.events), (*path, key))
        return found

    def key(self, event: Event) -> str:
        if not isinstance(event, ScalarEvent) or event.value in ("", "<<"):
            raise self.refusal("BAD_KEY", event)
        if event.anchor or _tag(event):
            raise self.refusal("BAD_KEY", event)
        return str(event.value)

    def sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            item = self.value(event, (*path, len(found)))
            if item in found:
                raise self.refusal("ITEM_TWICE", event, item=item)
            found.append(item)
        return found

    def scalar(self, event: ScalarEvent, path: Path) -> str | int | bool | Decimal | None:
        text, plain = str(event.value), event.style is None
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        if plain and text == "null" and key in self.nulls:
            return None
        if not text.strip() or (plain and text.lower() in ("~", "null")):
            # An empty value has no place of its own in the text: its key's line is meant.
            raise _refusal("EMPTY", self.file, self.lines[path])
        if not plain:
            return text
        if text in ("true", "false"):
            return text == "true"
        if _WHOLE.fullmatch(text):
            return int(text)
        if self.decimals and re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]+", text):
            return Decimal(text)
        if _LOOKS_NUMERIC.fullmatch(text):
            code = "FLOAT" if re.fullmatch(r"[-+]?[0-9]*\.?[0-9]*([eE].*)?", text) else "NUMBER"
            raise self.refusal("NUMBER" if text.isdigit() else code, event, text=text)
        return text
