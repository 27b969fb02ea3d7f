"""Levies on an issuance: whole units for adaptation, for overall mitigation, for a buffer.

Exact by fractions; the rounding is named, because no rule was found. All that decided stands in the
shares: nobody need work them out again. Used by the mechanism of Article 6.4 (3/CMA.3, annex)
and by whatever cooperative approach takes levies of its own accord (2/CMA.3, annex, 37 and 39).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import msgspec

MODES = ("CEIL", "FLOOR", "HALF_UP", "CARRY")
"""Up, down, to the nearest (a half goes up), or down with the rest carried to the next issuance."""


class Rate(msgspec.Struct, frozen=True):
    """What is levied: its name, its share of the quantity (`net`: of what earlier levies left), its
    rounding, what was carried to it."""

    name: str
    rate: Fraction
    mode: str
    carried: Fraction = Fraction(0)
    net: bool = False


class Share(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One levy of one issuance, as the journal keeps it; fractions are text such as `101/20`.

    `exact` is the rate of the quantity with what was carried to it; `carry` what is carried on.
    """

    name: str
    rate: str
    mode: str
    exact: str
    units: int
    carry: str = "0"
    net: bool = False


class Split(msgspec.Struct, frozen=True):
    """The shares in their order, what is left for the participants, and whether a levy was cut
    short because the units did not suffice."""

    shares: tuple[Share, ...]
    rest: int
    capped: bool


def split(quantity: int, rates: Iterable[Rate]) -> Split:
    """Levy `quantity` units; the earlier rate takes first where not all find room."""
    shares = []
    left, capped = quantity, False
    for one in rates:
        exact = one.rate * (left if one.net else quantity)
        exact += one.carried if one.mode == "CARRY" else 0
        wanted = rounded(exact, one.mode)
        units = min(wanted, left)
        capped = capped or units < wanted
        carry = exact - units if one.mode == "CARRY" else Fraction(0)
        shares.append(
            Share(one.name, str(one.rate), one.mode, str(exact), units, str(carry), one.net)
        )
        left -= units
    return Split(tuple(shares), left, capped)


def rounded(exact: Fraction, mode: str) -> int:
    """Whole units of an exact levy, 0 or more."""
    if mode == "CEIL":
        return -(-exact.numerator // exact.denominator)
    if mode == "HALF_UP":
        return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return exact.numerator // exact.denominator


def adds_up(quantity: int, shares: Iterable[Share], capped: bool) -> bool:
    """Whether shares are what their own rates, modes and carries make of a quantity."""
    told = tuple(shares)
    try:
        rates = _rates(quantity, told)
    except (ValueError, ZeroDivisionError):
        return False
    known = all(r.mode in MODES and r.rate >= 0 and r.carried >= 0 for r in rates)
    carried_well = all(r.mode == "CARRY" or not r.carried for r in rates)
    made = split(quantity, rates) if known and carried_well else None
    return made is not None and (made.shares, made.capped) == (told, capped)


def goes_on(quantity: int, shares: Iterable[Share], carries: Mapping[str, str]) -> bool:
    """Whether each share that is carried on starts from what was carried to it; shares that add
    up."""
    return all(
        rate.mode != "CARRY" or rate.carried == Fraction(carries.get(rate.name, "0"))
        for rate in _rates(quantity, tuple(shares))
    )


def _rates(quantity: int, shares: tuple[Share, ...]) -> list[Rate]:
    """The rates by which shares were made, with what was carried to each."""
    rates, left = [], quantity
    for share in shares:
        rate, base = Fraction(share.rate), left if share.net else quantity
        carried = Fraction(share.exact) - rate * base
        rates.append(Rate(share.name, rate, share.mode, carried, share.net))
        left -= share.units
    return rates
