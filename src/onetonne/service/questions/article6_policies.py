"""Which answer holds to each question that the rules of Article 6 leave open, and who chose it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from onetonne.ledger.article6.policy import answers, chosen
from onetonne.ledger.units import Law, Policy
from onetonne.service.ledger import Ledger
from onetonne.service.questions.asof import NOW, AsOf, view

OF_BALANCES = ("ca_year_basis", "elapsed")
"""What is read when a balance is asked for; all others are read by acts."""


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


def answer_to(structs: Callable[..., list[Any]], law: Law, code: str) -> str:
    """The answer that holds, where `structs` reads rows of a table."""
    return chosen({row.policy: row for row in structs("choices", "policy = ?", (code,))}, law, code)
