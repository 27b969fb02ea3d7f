"""The shape of the law the kernel reads: digest, ratio, windows, exact round trip."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetonne.ledger.units import (
    Citation,
    Conversion,
    Law,
    Names,
    UnitType,
    canonical_law,
    law_from_json,
    sealed,
)

NAMES = Names(en="Sample", zh="樣本")
SOURCE = Citation(instrument="Sample Act", provision="article 1")


def unit(code: str = "ABC", **changes: object) -> UnitType:
    row: dict[str, object] = {
        "code": code,
        "names": NAMES,
        "family": "allowance",
        "activity": "none",
        "programme": "Sample",
        "issuer": "Authority",
        "jurisdiction": "XX",
        "acts": frozenset({"issue", "transfer"}),
        "sinks": frozenset[str](),
        "needs": frozenset[str](),
        "citation": SOURCE,
        "confidence": "high",
    }
    return UnitType(**(row | changes))  # type: ignore[arg-type]


def conversion(ratio: Fraction = Fraction(1), **changes: object) -> Conversion:
    row: dict[str, object] = {
        "code": "A-B",
        "names": NAMES,
        "sources": frozenset({"A"}),
        "target": "B",
        "ratio": ratio,
        "citation": SOURCE,
        "confidence": "high",
    }
    return Conversion(**(row | changes))  # type: ignore[arg-type]


def test_the_empty_law_has_no_rows_and_a_digest() -> None:
    law = Law.empty()
    assert not law.units
    assert not law.conversions
    assert len(law.digest) == 64
    assert law == sealed(law)


def test_the_digest_is_the_hash_of_the_canonical_bytes() -> None:
    law = sealed(Law(units={"ABC": unit()}))
    assert law.digest == hashlib.sha256(canonical_law(law)).hexdigest()
    assert law.digest != Law.empty().digest
    assert json.loads(canonical_law(law))["digest"] == ""


def test_the_digest_does_not_depend_on_the_order_of_rows_or_words() -> None:
    one, two = unit("A"), unit("B", acts=frozenset({"transfer", "issue"}))
    forth = sealed(Law(units={"A": one, "B": two}))
    back = sealed(Law(units={"B": two, "A": one}))
    assert forth.digest == back.digest


@pytest.mark.parametrize(
    "change",
    [
        {"activity": "removal"},
        {"quantum": 2},
        {"until": date(2030, 1, 1)},
        {"needs": frozenset({"vintage"})},
        {"citation": Citation(instrument="Sample Act", provision="article 2")},
    ],
)
def test_any_change_of_a_row_changes_the_digest(change: dict[str, object]) -> None:
    assert sealed(Law(units={"ABC": unit()})).digest != (
        sealed(Law(units={"ABC": unit(**change)})).digest
    )


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_ratio_survives_the_round_trip_exactly(above: int, below: int) -> None:
    law = sealed(Law(conversions={"A-B": conversion(Fraction(above, below))}))
    again = law_from_json(canonical_law(law))
    assert again == law
    assert again.conversions["A-B"].ratio == Fraction(above, below)


@pytest.mark.parametrize("ratio", ["1", "1.0", "0/1", "1/0", "-1/2", "1/2/3", "", "½/1", "1 /2", 1])
def test_what_is_no_ratio_is_refused(ratio: object) -> None:
    data = json.loads(canonical_law(Law(conversions={"A-B": conversion()})))
    data["conversions"]["A-B"]["ratio"] = ratio
    with pytest.raises(msgspec.ValidationError, match="ratio"):
        law_from_json(json.dumps(data).encode())


def test_unknown_keys_in_compiled_law_are_refused() -> None:
    data = json.loads(canonical_law(Law(units={"ABC": unit()})))
    data["units"]["ABC"]["color"] = "green"
    with pytest.raises(msgspec.ValidationError, match="color"):
        law_from_json(json.dumps(data).encode())


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2012, 12, 31), False),
        (date(2013, 1, 1), True),
        (date(2015, 3, 31), True),
        (date(2015, 4, 1), False),
    ],
)
def test_both_ends_of_a_window_belong_to_it(day: date, is_open: bool) -> None:
    rule = conversion(since=date(2013, 1, 1), until=date(2015, 3, 31))
    assert rule.open_on(day) is is_open


def test_a_window_may_be_open_at_either_end() -> None:
    assert conversion().open_on(date.min)
    assert conversion(since=date(2020, 1, 1)).open_on(date.max)
    assert not conversion(until=date(2020, 1, 1)).open_on(date.max)
