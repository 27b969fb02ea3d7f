"""Record and withdraw non-market contributions: a register without units (Article 6.8).

Whatever names tonnes or serials is refused: a contribution is no claim on a mitigation outcome.
"""

import re

from onetonne.base.parties import is_party
from onetonne.ledger.acts.authorise import DIGEST
from onetonne.ledger.article6.contributions import (
    KINDS,
    Contribution,
    ContributionRecorded,
    ContributionWithdrawn,
    RecordContribution,
    WithdrawContribution,
    speaks_of_units,
)
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

MAX_FACTS, MAX_FACT = 20, 200
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{0,79}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?")


def record(state: State, act: RecordContribution, ctx: Context) -> tuple[Event, ...]:
    if not _CODE.fullmatch(act.contribution):
        expected = "a code of letters, digits, blank . / - (at most 80)"
        found = act.contribution[:80]
        raise Refused("bad_text", field="contribution", found=found, expected=expected)
    if act.kind not in KINDS:
        known, what = ", ".join(KINDS), "kind of contribution"
        raise Refused("unknown_kind", kind=act.kind[:80], what=what, known=known)
    _no_units(act)
    if not (act.giver or act.company):
        raise Refused("giver_not_named", contribution=act.contribution)
    for party in (act.receiver, *((act.giver,) if act.giver else ())):
        if not is_party(party):
            raise Refused("unknown_party", party=party)
    _terms(act)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    old = state.contributions.get(act.contribution)
    if old is not None:
        _open(old)
    # After this point the record must succeed.
    fields = {name: getattr(act, name) for name in RecordContribution.__struct_fields__}
    return (ContributionRecorded(**fields, version=old.version + 1 if old else 1),)


def withdraw(state: State, act: WithdrawContribution, ctx: Context) -> tuple[Event, ...]:
    old = state.contributions.get(act.contribution)
    if old is None:
        raise Refused("unknown_contribution", contribution=act.contribution)
    _open(old)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    # After this point the withdrawal must succeed.
    event = ContributionWithdrawn(
        contribution=act.contribution,
        version=old.version + 1,
        digest=act.digest,
        reason=act.reason,
    )
    return (event,)


def _open(row: Contribution) -> None:
    if row.withdrawn:
        raise Refused("contribution_withdrawn", contribution=row.contribution, entry=row.withdrawn)


def _no_units(act: RecordContribution) -> None:
    """Money may be named, tonnes may not: they are no currency, and no fact counts them."""
    said = [("currency", act.currency), *act.facts.items()]
    for field, value in said:
        if speaks_of_units(value) or (field != "currency" and speaks_of_units(field)):
            found = value[:80]
            raise Refused("contribution_without_units", field=field[:80], found=found)


def _terms(act: RecordContribution) -> None:
    if act.amount and not _AMOUNT.fullmatch(act.amount):
        expected = "a decimal number, e.g. 1234.5"
        raise Refused("bad_text", field="amount", found=act.amount[:80], expected=expected)
    if bool(act.amount) != bool(_CURRENCY.fullmatch(act.currency)):
        expected = "three capital letters beside an amount, e.g. USD"
        found = act.currency[:80] or "-"
        raise Refused("bad_text", field="currency", found=found, expected=expected)
    if act.since and act.until and act.until < act.since:
        expected = f"{act.since} or later"
        raise Refused("bad_text", field="until", found=str(act.until), expected=expected)
    if len(act.facts) > MAX_FACTS or any(
        max(len(name), len(value)) > MAX_FACT for name, value in act.facts.items()
    ):
        expected = f"at most {MAX_FACTS} facts of {MAX_FACT} characters"
        raise Refused("bad_text", field="facts", found=len(act.facts), expected=expected)
