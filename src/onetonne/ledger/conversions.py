"""Rules of conversion: which is in force, and how many whole units it makes and needs."""

from fractions import Fraction

from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.units import Conversion


def rule_in_force(ctx: Context, code: str, basis: str) -> Conversion:
    """The conversion rule `code` of that basis, on today's law and day."""
    rule = ctx.law.conversions.get(code)
    if rule is None or rule.basis != basis:
        known = sorted(c for c, r in ctx.law.conversions.items() if r.basis == basis)
        raise Refused("unknown_rule", rule=code, known=", ".join(known))
    day = ctx.request.effective or ctx.day
    if not rule.open_on(day):
        raise Refused(
            "rule_not_in_force",
            rule=code,
            since=str(rule.since or "-"),
            until=str(rule.until or "-"),
            today=str(day),
        )
    return rule


def whole_units(rule: Conversion, quantity: int) -> int:
    """Whole target units that `quantity` source units make, rounded down; at least one."""
    made = int(quantity * rule.ratio)
    if made < 1:
        ratio = f"{rule.ratio.numerator}:{rule.ratio.denominator}"
        raise Refused("nothing_to_convert", quantity=quantity, unit=rule.target, ratio=ratio)
    return made


def needed_for(ratio: Fraction, made: int) -> int:
    """The fewest source units that make `made` target units."""
    return -int(-Fraction(made) / ratio // 1)
