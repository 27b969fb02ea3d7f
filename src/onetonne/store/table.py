"""What a state table is: its struct, its key and the kind of each column."""

from typing import Any

import msgspec


class Table(msgspec.Struct, frozen=True):
    """A state table: its struct, its key columns, and each column's kind
    (int, text, bool, day, json)."""

    name: str
    row: Any
    key: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.columns)


def columns(**kinds: str) -> tuple[tuple[str, str], ...]:
    return tuple(kinds.items())


def storable(key: Any) -> bool:
    """Whether a table may hold this, and a store be asked for it: a number of 64 bits, or a text
    without NUL."""
    if isinstance(key, str):
        return "\0" not in key
    return not isinstance(key, int) or -(2**63) <= key < 2**63
