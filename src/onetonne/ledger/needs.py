"""What a request reads: the keys of the rows that `decide` may look at.

The service loads exactly these before it decides, so that the kernel never searches a
store and the cost of a command does not grow with history.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from onetonne.ledger import commands as c
from onetonne.ledger.acts.admit import ObservedRow
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.items import MAX_DIGITS, MAX_QUANTITY


class Needs(msgspec.Struct):
    """Keys by table; `blocks` as printed, `demand` per lot, `top` (account, lot) pairs of
    which the highest free serials are wanted, `whole` accounts that must be empty, `lineage`
    lots whose project is read too. For Article 6: `scopes` of new authorisations, `parties` whose
    tallies change, `inventories`, and whether `uses` of the same holdings are read."""

    persons: set[int] = set()
    accounts: set[int] = set()
    projects: set[str] = set()
    lots: set[int] = set()
    locks: set[int] = set()
    proposals: set[int] = set()
    entries: set[int] = set()
    observations: set[int] = set()
    foreign: set[str] = set()
    labels: set[tuple[int, str]] = set()
    blocks: list[tuple[int, str]] = []
    top: set[tuple[int, int]] = set()
    demand: dict[int, int] = {}
    whole: set[int] = set()
    lineage: set[int] = set()
    scopes: list[a6.Terms] = []
    parties: set[str] = set()
    inventories: set[tuple[str, int, str]] = set()
    uses: bool = False


def needs_of(requests: Iterable[c.Request]) -> Needs:
    """The keys that these requests name, themselves; what a proposal, lock or entry names
    in turn is added when that row is known."""
    needs = Needs()
    for request in requests:
        needs.persons.add(request.by)
        for act in request.acts:
            add_act(needs, act)
    return needs


def add_act(needs: Needs, act: c.Act) -> None:
    """Add the keys that one act names."""
    items = getattr(act, "items", None)
    if items is not None:
        _items(needs, items, getattr(act, "source", 0))
    for field in ("source", "target", "account"):
        number = getattr(act, field, None)
        if number:
            needs.accounts.add(number)
    reader = _READERS.get(type(act))
    if reader is not None:
        reader(needs, act)


def _items(needs: Needs, items: tuple[c.Item, ...], source: int) -> None:
    for item in items:
        needs.lots.add(item.lot)
        if item.quantity:
            needs.top.add((source, item.lot))
            size = item.quantity if 0 < item.quantity <= MAX_QUANTITY else 0
        else:
            needs.blocks.append((item.lot, item.serials))
            size = _size(item.serials)
        needs.demand[item.lot] = needs.demand.get(item.lot, 0) + size


def _size(serials: str) -> int:
    low, dash, high = serials.partition("-")
    high = high if dash else low
    if not (serials.isascii() and low.isdigit() and high.isdigit()):
        return 0
    if max(len(low), len(high)) > MAX_DIGITS:
        return 0
    return max(int(high) - int(low) + 1, 0)


def _persons(needs: Needs, act: Any) -> None:
    needs.persons.add(getattr(act, "person", 0))
    needs.persons.update(getattr(act, "agents", ()))
    needs.persons.add(getattr(act, "lift_by", 0))


def _project(needs: Needs, act: Any) -> None:
    if act.project:
        needs.projects.add(act.project)


def _admit(needs: Needs, act: c.Admit) -> None:
    _project(needs, act)
    needs.observations.add(act.filed.observation)
    try:
        key = msgspec.json.decode(act.filed.row, type=ObservedRow).key
    except (ValueError, msgspec.DecodeError):
        return
    needs.foreign.add(key)


def _propose(needs: Needs, act: c.Propose) -> None:
    for asked in act.acts:
        add_act(needs, asked)


def _label(needs: Needs, act: c.Label) -> None:
    needs.labels.update((item.lot, act.kind) for item in act.items)


def _terms(needs: Needs, act: a6.Terms) -> None:
    needs.projects.update(act.projects)
    needs.accounts.update(act.entities)
    needs.scopes.append(act)


def _use(needs: Needs, act: a6.UseTowardsNdc | a6.UseForPurpose) -> None:
    needs.uses = True
    if isinstance(act, a6.UseTowardsNdc):
        needs.parties.add(act.party)


_READERS: dict[type, Any] = {
    c.Enrol: _persons,
    c.Dismiss: _persons,
    c.OpenAccount: _persons,
    c.Lock: _persons,
    c.RegisterProject: _project,
    c.Issue: _project,
    c.Admit: _admit,
    c.Propose: _propose,
    c.Label: _label,
    c.Convert: lambda needs, act: needs.lineage.update(item.lot for item in act.items),
    c.Approve: lambda needs, act: needs.proposals.add(act.proposal),
    c.Reject: lambda needs, act: needs.proposals.add(act.proposal),
    c.Withdraw: lambda needs, act: needs.proposals.add(act.proposal),
    c.Lift: lambda needs, act: needs.locks.add(act.lock),
    c.Correct: lambda needs, act: needs.entries.add(act.entry),
    c.CloseAccount: lambda needs, act: needs.whole.add(act.account),
    c.Expire: lambda needs, act: (
        needs.proposals.update(act.proposals),
        needs.locks.update(act.locks),
    ),
    a6.Authorise: _terms,
    a6.ChangeAuthorisation: _terms,
    a6.RecordInventory: lambda needs, act: needs.inventories.add((act.party, act.year, act.metric)),
    a6.UseTowardsNdc: _use,
    a6.UseForPurpose: _use,
}
