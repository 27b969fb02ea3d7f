"""Which answer holds to each question that the rules of Article 6 leave open, and who chose it."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec

from onetonne.article6.safeguards import Limits
from onetonne.ledger.article6.policy import answers, chosen
from onetonne.ledger.units import Law, Policy
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, view

OF_BALANCES = ("ca_year_basis", "elapsed")
"""What is read when a balance is asked for; all others are read by acts."""


NONE = "none"
LIMITS = {
    "first_per_year": "max_ft_per_year",
    "first_share_of_path": "max_ft_share_of_trajectory",
    "used_share_of_gap": "max_share_of_ndc_gap_by_itmo",
}


class Held(msgspec.Struct, frozen=True):
    """A question with the answer that holds; `entry` is 0 where it is the lawbook's own."""

    policy: Policy
    value: str
    answers: str
    entry: int = 0
    since: date | None = None
    digest: str = ""


class Policies(msgspec.Struct, frozen=True):
    as_of: AsOf
    rows: tuple[Held, ...]


def policies(ledger: Ledger, asof: AsOf = NOW) -> Policies:
    """Every question, with the answer that holds."""
    with view(ledger, asof) as seen:
        choices = {row.policy: row for row in seen.structs("choices")}
        found = []
        for code, policy in ledger.law.policies.items():
            told = Held(policy, chosen(choices, ledger.law, code), answers(policy))
            if choice := choices.get(code):
                told = msgspec.structs.replace(
                    told, entry=choice.chosen, since=choice.day, digest=choice.digest
                )
            found.append(told)
        return Policies(seen.as_of, tuple(found))


def limits_of(ledger: Ledger, asof: AsOf = NOW) -> Limits:
    """The limits that the registry chose for safeguards; None where it chose none."""
    held = {row.policy.code: row.value for row in policies(ledger, asof).rows}
    own = {name: held.get(code, NONE) for name, code in LIMITS.items()}
    per_year = own.pop("first_per_year")
    shares = {name: None if text == NONE else Fraction(text) for name, text in own.items()}
    return Limits(None if per_year == NONE else int(per_year), **shares)


def answer_to(structs: Callable[..., list[Any]], law: Law, code: str) -> str:
    """The answer that holds, where `structs` reads rows of a table."""
    return chosen({row.policy: row for row in structs("choices", "policy = ?", (code,))}, law, code)
