"""Columns as PostgreSQL's binary arrays: what `unnest` takes, packed without a driver's detour.

One array is a header (dimensions, whether NULL occurs, element type, length, lower bound) and
each element behind its length (array_send in the server's sources).
"""

from collections.abc import Sequence
from struct import Struct, error
from typing import Any

OIDS = {"bigint": 20, "text": 25, "bytea": 17}
_HEADER = Struct("!iiIii")
_LENGTH = Struct("!i")
_NULL = _LENGTH.pack(-1)
_RUN = 64
_RUNS = [Struct("!" + "iq" * count) for count in range(_RUN + 1)]


def scalar(value: int) -> bytes:
    """One bigint."""
    return value.to_bytes(8, "big", signed=True)


def array(kind: str, column: Sequence[Any]) -> bytes:
    """A column of one SQL type (`bigint`, `text`, `bytea`), None for NULL.

    Raises OverflowError for a number beyond 64 bits, UnicodeEncodeError for a lone surrogate.
    """
    nulls = None in column
    header = _HEADER.pack(1, nulls, OIDS[kind], len(column), 1)
    if nulls and column.count(None) == len(column):
        return header + _NULL * len(column)
    if kind == "bigint" and not nulls:
        return header + _integers(column)
    parts = [header]
    for value in column:
        if value is None:
            parts.append(_NULL)
        else:
            data = scalar(value) if kind == "bigint" else _octets(value)
            parts += (_LENGTH.pack(len(data)), data)
    return b"".join(parts)


def _octets(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _integers(column: Sequence[int]) -> bytes:
    """Each number behind its length, eight, in runs: a format for each length would cost more."""
    flat = [8] * (2 * len(column))
    flat[1::2] = column
    parts = []
    for at in range(0, len(flat), 2 * _RUN):
        run = flat[at : at + 2 * _RUN]
        try:
            parts.append(_RUNS[len(run) // 2].pack(*run))
        except error as why:
            raise OverflowError(f"a number beyond 64 bits among {len(column)}") from why
    return b"".join(parts)
