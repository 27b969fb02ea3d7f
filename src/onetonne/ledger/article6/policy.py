"""Policies: the answer that holds to a question which a rule leaves open.

A registry's own choice, else the first answer that the lawbook gives.
"""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from onetonne.ledger.article6.tables import Choice
from onetonne.ledger.refusals import Refused
from onetonne.ledger.units import Law, Policy

TRUE = "true"
MAX_ANSWER = 40
_COUNT = re.compile(r"[0-9]{1,18}")
_SHARE = re.compile(r"[0-9]{1,9}/[1-9][0-9]{0,8}")


def chosen(choices: Mapping[str, Choice], law: Law, code: str) -> str:
    """The answer that holds. Refuses where the law knows no such question."""
    choice = choices.get(code)
    if choice is not None:
        return choice.value
    policy = law.policies.get(code)
    if policy is None:
        known = ", ".join(law.policies) or "-"
        raise Refused("unknown_kind", kind=code, what="policy", known=known)
    return policy.values[0]


def is_answer(policy: Policy, value: str) -> bool:
    """Whether a text answers a policy's question: one of its words, or of a kind it allows."""
    if value in policy.values:
        return True
    if len(value) > MAX_ANSWER:
        return False
    return any(_KINDS[kind](value) for kind in policy.others)


def answers(policy: Policy) -> str:
    """What may be answered, as people read it."""
    return ", ".join((*policy.values, *(_SAMPLES[kind] for kind in sorted(policy.others))))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_share(text: str) -> bool:
    return bool(_SHARE.fullmatch(text)) and Fraction(text) <= 1


_KINDS = {"count": lambda text: bool(_COUNT.fullmatch(text)), "share": _is_share, "day": _is_day}
_SAMPLES = {"count": "100", "share": "1/10", "day": "2026-12-31"}
