"""The bytes of acts depend on what is asked, never on how the asking was built."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from onetonne.ledger import commands as c

ITEM = c.Item(lot=1, quantity=3)
BARE = {int: 1, str: "x", date: date(2026, 1, 2), bool: True, c.Foreign: c.Foreign(1, "{}", 0)}


def copied(value: Any) -> Any:
    """An equal value that is another object wherever the language allows it."""
    if isinstance(value, str):
        return "".join(list(value)) if len(value) > 1 else value
    if isinstance(value, tuple):
        return tuple([copied(one) for one in value])
    return int(str(value)) if type(value) is int else value


def bare(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """Values for the fields that have no default."""
    return {
        field.name: BARE.get(field.type, ())
        for field in msgspec.structs.fields(shape)
        if field.required
    }


@pytest.mark.parametrize("name", sorted(c.BY_NAME))
def test_a_default_given_is_a_default_left_out(name: str) -> None:
    shape = c.BY_NAME[name]
    given = bare(shape)
    spelt = given | {
        field.name: copied(field.default)
        for field in msgspec.structs.fields(shape)
        if field.default is not msgspec.NODEFAULT
    }
    short, long = shape(**given), shape(**spelt)
    assert short == long
    assert c.encode_acts((short,)) == c.encode_acts((long,))
    assert set(msgspec.json.decode(c.encode_acts((long,)))[0]) == {"act", *given}


def test_within_a_proposal_and_from_json_too() -> None:
    cancel = c.Cancel(source=1, items=(ITEM,))
    text = '{"act":"cancel","source":1,"items":[{"lot":1,"quantity":3,"serials":""}],'
    read = msgspec.json.decode(text + '"kind":"voluntary"}', type=c.Plain)
    assert read == cancel
    bytes_ = c.encode_acts((c.Propose(acts=(cancel,)),))
    assert c.encode_acts((c.Propose(acts=(read,)),)) == bytes_
    assert b"voluntary" not in bytes_


def test_what_is_no_default_stays() -> None:
    facts = {"b": "1", "a": "2"}
    act = c.Issue(unit="U", quantity=1, account=1, first_number="01", facts=facts)
    text = c.encode_acts((act,))
    assert text == c.encode_acts((msgspec.structs.replace(act, facts={"a": "2", "b": "1"}),))
    assert msgspec.json.decode(text, type=tuple[c.Plain, ...]) == (act,)
