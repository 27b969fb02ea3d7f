"""Admit: a foreign unit that an observation shows becomes ours, each foreign serial once.

The act carries the observed row and its Merkle path; the kernel checks both against the
journaled root. Converted units must have been cancelled or retired abroad.
"""

import msgspec

from onetonne.base.merkle import leaf_hash, verify_inclusion
from onetonne.ledger.acts.boundaries import claimed
from onetonne.ledger.acts.issue import check_lot, check_size, in_force, project_of, unit_type
from onetonne.ledger.commands import Admit
from onetonne.ledger.conversions import rule_in_force, whole_units
from onetonne.ledger.events import Event, Issued
from onetonne.ledger.items import MAX_DIGITS, Context, open_account
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State


class ObservedRow(msgspec.Struct, frozen=True):
    """What the kernel reads of an observed row; exchange writes more beside it."""

    kind: str
    quantity: int = 0
    key: str = ""
    first: str = ""
    last: str = ""


def admit(state: State, act: Admit, ctx: Context) -> tuple[Event, ...]:
    account = open_account(state, act.account)
    if account.sink:
        raise Refused("not_an_end", account=act.account)
    row = _observed(state, act)
    first, last = _range(row)
    _once(state, row.key, first, last)
    if act.rule:
        rule = rule_in_force(ctx, act.rule, basis="cancelled_abroad")
        if row.kind not in ("cancellation", "retirement"):
            expected = "a cancellation abroad"
            raise Refused("row_does_not_fit", found=row.kind, expected=expected)
        unit, size, number = rule.target, whole_units(rule, last - first + 1), "1"
    else:
        if row.kind != "block" and row.kind != "issuance":
            raise Refused("row_does_not_fit", found=row.kind, expected="a block in circulation")
        unit, size, number = act.unit, last - first + 1, row.first
    kind = unit_type(ctx, unit, "issue")
    if act.rule:
        # What is filed was issued abroad, in its own time; what is converted is issued now.
        in_force(ctx, kind)
    check_size(size, number)
    project = project_of(state, act.project)
    event = Issued(
        lot=state.counts["lot"] + 1,
        unit=unit,
        size=size,
        account=act.account,
        first_number=number,
        project=act.project,
        vintage=act.vintage,
        host=act.host or (project.party if project else ""),
        activity=act.activity or (project.activity if project else ""),
        origin=f"conversion:{act.rule}" if act.rule else "filed",
        foreign_key=row.key,
        foreign_first=str(first),
        foreign_last=str(last),
        facts={"observation": str(act.filed.observation)},
    )
    check_lot(kind, event, project)
    claim = claimed(state, event)
    # After this point the admission must succeed.
    return (event, *claim)


def _observed(state: State, act: Admit) -> ObservedRow:
    filed = act.filed
    observation = state.observations.get(filed.observation)
    if observation is None:
        raise Refused("unknown_observation", observation=filed.observation)
    try:
        leaf = leaf_hash(filed.row.encode())
        path = [bytes.fromhex(h) for h in filed.proof]
        row = msgspec.json.decode(filed.row, type=ObservedRow)
    except (ValueError, msgspec.DecodeError):
        raise Refused("row_not_observed", observation=filed.observation) from None
    root = bytes.fromhex(observation.root)
    if not verify_inclusion(leaf, filed.index, observation.rows, path, root):
        raise Refused("row_not_observed", observation=filed.observation)
    return row


def _range(row: ObservedRow) -> tuple[int, int]:
    if not (row.key and _is_number(row.first) and _is_number(row.last)):
        raise Refused("row_does_not_fit", found="a row without a serial", expected="a serial")
    first, last = int(row.first), int(row.last)
    if last < first or last - first + 1 != row.quantity:
        found = f"{row.quantity} units for serials {first}-{last}"
        raise Refused("row_does_not_fit", found=found, expected="quantity = range")
    return first, last


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS


def _once(state: State, key: str, first: int, last: int) -> None:
    for lot in state.foreign.get(key, ()):
        low, high = int(lot.foreign_first), int(lot.foreign_last)
        if low <= last and first <= high:
            raise Refused("foreign_serial_used", serials=f"{low}-{high}", lot=lot.lot)
