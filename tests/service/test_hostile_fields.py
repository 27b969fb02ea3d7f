"""A text with a NUL or a number beyond 64 bits, in any field of any act, is refused as on the other
store, and what is sent beside it is done."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import pytest
from tests.service.proof_sample import Sample, item

from onetonne.ledger import commands as c
from onetonne.service.place import FOLDER_VARIABLE

HOSTILE = ("a\0b", 2**70, -(2**70))
ACTS = (*get_args(c.Plain), c.Approve, c.Reject, c.Withdraw, c.Expire)
PLAIN = {str: "x", int: 1, bool: False, date: date(2025, 1, 1)}


def plain(kind: Any) -> Any:
    """A value of a field's type."""
    if kind in PLAIN:
        return PLAIN[kind]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind(**{f.name: plain(f.type) for f in msgspec.structs.fields(kind)})
    parts = get_args(kind)
    if get_origin(kind) is dict:
        return {plain(parts[0]): plain(parts[1])}
    if get_origin(kind) is tuple:
        return tuple(plain(part) for part in parts if part is not Ellipsis)
    return parts[0] if get_origin(kind) is Literal else plain(parts[0])


def spoilt(kind: Any, bad: Any) -> Iterator[Any]:
    """Values of a type, in each of which one part of the type of `bad` is that."""
    if kind is type(bad):
        yield bad
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        good = {f.name: plain(f.type) for f in fields}
        for field in fields:
            yield from (kind(**good | {field.name: value}) for value in spoilt(field.type, bad))
    elif get_origin(kind) is dict:
        key, value = get_args(kind)
        yield from ({one: plain(value)} for one in spoilt(key, bad))
        yield from ({plain(key): one} for one in spoilt(value, bad))
    elif get_origin(kind) is tuple:
        parts = [part for part in get_args(kind) if part is not Ellipsis]
        for at, part in enumerate(parts):
            before, after = map(plain, parts[:at]), map(plain, parts[at + 1 :])
            yield from ((*before, one, *after) for one in spoilt(part, bad))
    elif get_origin(kind) in (Annotated, Union, types.UnionType):
        for part in get_args(kind):
            yield from spoilt(part, bad)


def hostile(me: int) -> list[c.Request]:
    """Every act with one part spoilt, sent and proposed."""
    spoilt_acts = [one for kind in ACTS for bad in HOSTILE for one in spoilt(kind, bad)]
    proposed = [c.Propose(acts=(act,)) for act in spoilt_acts if isinstance(act, get_args(c.Plain))]
    return [c.Request(by=me, acts=(act,)) for act in (*spoilt_acts, *proposed)]


def told(address: str) -> dict[str, str]:
    """Why each is refused, beside a transfer that is done."""
    sample = Sample(address).fill()
    good = c.Transfer(source=sample.a, target=sample.b, items=(item(1, "711-720"),))
    found: dict[str, str] = {}
    with sample.ledger as ledger:
        sample.comply()
        for request in hostile(sample.me):
            batch = [request, c.Request(by=sample.me, acts=(good,))]
            bad, done = ledger.writer.execute(batch, dry=True)
            assert done.entry is not None, request
            assert bad.refusal is not None, request
            found[repr(request.acts)] = bad.refusal.code
    return found


def test_it_is_refused_and_harms_nothing_else(tmp_path: Path) -> None:
    assert len(told(str(tmp_path / "ledger"))) > 800


@pytest.mark.postgres
def test_it_is_refused_on_both_stores_alike(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "keys"))
    assert told(postgres_url) == told(str(tmp_path / "ledger"))
