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
from onetonne.ledger.article6 import mechanism_commands as m
from onetonne.ledger.items import MAX_DIGITS, MAX_QUANTITY, ends


class Needs(msgspec.Struct):
    """Keys by table; `blocks` as printed, `demand` per lot, `top` (account, lot) pairs of
    which the highest free serials are wanted, `whole` accounts that must be empty, `lineage`
    lots whose project is read too, `operators` with their system, of which all is read that a
    limit looks at, `judged` lots whose marks are read, `systems` whose groups are. For Article 6:
    `scopes` of new authorisations, `parties` whose tallies change, `inventories`, and whether
    `uses` of the same holdings are read. For a mechanism: `verifications` and `reversals` by entry,
    `activities` and `keys` of boundaries of which all is read, and whether the `buffer` is;
    `contributions` and `recalls` by their code, whether the `holders` of serials are read, the
    projects of which all lots are (`credited`), and whether all `registrars` are."""

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
    operators: set[tuple[str, str]] = set()
    judged: set[int] = set()
    systems: set[str] = set()
    caps: set[tuple[str, str]] = set()
    recognitions: set[int] = set()
    duties: set[int] = set()
    scopes: list[a6.Terms] = []
    parties: set[str] = set()
    inventories: set[tuple[str, int, str]] = set()
    uses: bool = False
    verifications: set[int] = set()
    reversals: set[int] = set()
    activities: set[str] = set()
    buffer: bool = False
    keys: set[str] = set()
    contributions: set[str] = set()
    recalls: set[str] = set()
    credited: set[str] = set()
    holders: bool = False
    registrars: bool = False


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
    if len(serials) > MAX_DIGITS and max(map(len, serials.split("-"))) > MAX_DIGITS:
        return 0
    low, high = ends(serials) or (1, 0)
    return max(high - low + 1, 0)


def _dismissed(needs: Needs, act: c.Dismiss) -> None:
    needs.persons.add(act.person)
    needs.registrars = True


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


def _issue(needs: Needs, act: c.Issue) -> None:
    _project(needs, act)
    if act.facts.get("system") and act.facts.get("period"):
        needs.caps.add((act.facts["system"], act.facts["period"]))


def _operator(needs: Needs, act: Any) -> None:
    """The operator, and all who may count as one with it."""
    needs.operators.add((act.operator, act.system))
    needs.systems.add(act.system)


def _judged(needs: Needs, act: Any) -> None:
    if not act.operator:
        return
    _operator(needs, act)
    lots = [item.lot for item in act.items]
    needs.judged.update(lots)
    needs.lineage.update(lots)
    if getattr(act, "replaces", 0):
        needs.duties.add(act.replaces)


def _convert(needs: Needs, act: c.Convert) -> None:
    needs.lineage.update(item.lot for item in act.items)
    _judged(needs, act)


def _group(needs: Needs, act: c.GroupOperators) -> None:
    needs.operators.update((one, act.system) for one in (*act.operators, act.into))
    needs.systems.add(act.system)


def _terms(needs: Needs, act: a6.Terms) -> None:
    needs.projects.update(act.projects)
    needs.accounts.update(act.entities)
    needs.persons.add(act.overridden_by)
    needs.scopes.append(act)


def _use(needs: Needs, act: a6.UseTowardsNdc | a6.UseForPurpose) -> None:
    needs.uses = True
    if isinstance(act, a6.UseTowardsNdc):
        needs.parties.add(act.party)


def _activity(needs: Needs, act: Any) -> None:
    needs.activities.add(act.activity)
    needs.projects.add(act.activity)


def _submitted(needs: Needs, act: m.SubmitActivity) -> None:
    _activity(needs, act)
    needs.credited.add(act.activity)
    needs.accounts.update(act.participants)


def _buffer(needs: Needs, act: m.ReportReversal | m.SettleBuffer) -> None:
    _activity(needs, act)
    needs.buffer = True


def _contribution(needs: Needs, act: a6.RecordContribution | a6.WithdrawContribution) -> None:
    needs.contributions.add(act.contribution)


def _recall(needs: Needs, act: a6.OpenRecall | a6.ConsentToRecall) -> None:
    needs.recalls.add(act.recall)
    needs.uses = needs.holders = True


def _plan(needs: Needs, act: a6.RecordPlan) -> None:
    needs.projects.update(project for share in act.shares for project in share.projects)


_READERS: dict[type, Any] = {
    c.Enrol: _persons,
    c.Dismiss: _dismissed,
    c.OpenAccount: _persons,
    c.Lock: _persons,
    c.RegisterProject: _project,
    c.Issue: _issue,
    c.Admit: _admit,
    c.Propose: _propose,
    c.Label: _label,
    c.Convert: _convert,
    c.RegisterOperator: _operator,
    c.ChangeOperator: _operator,
    c.GroupOperators: _group,
    c.SetCap: lambda needs, act: needs.caps.add((act.system, act.period)),
    c.Allocate: _operator,
    c.SetFigure: _operator,
    c.ReportEmissions: _operator,
    c.RecordPayment: _operator,
    c.Surrender: _judged,
    c.ReturnExcess: _operator,
    c.WithdrawRecognition: lambda needs, act: needs.recognitions.add(act.recognition),
    c.SettleDuty: lambda needs, act: needs.duties.add(act.duty),
    c.Approve: lambda needs, act: needs.proposals.add(act.proposal),
    c.Reject: lambda needs, act: needs.proposals.add(act.proposal),
    c.Withdraw: lambda needs, act: needs.proposals.add(act.proposal),
    c.Lift: lambda needs, act: needs.locks.add(act.lock),
    c.Correct: lambda needs, act: needs.entries.add(act.entry),
    c.CloseAccount: lambda needs, act: needs.whole.add(act.account),
    c.Expire: lambda needs, act: (
        needs.proposals.update(act.proposals),
        needs.locks.update(act.locks),
        needs.duties.update(act.duties),
    ),
    a6.Authorise: _terms,
    a6.ChangeAuthorisation: _terms,
    a6.RecordInventory: lambda needs, act: needs.inventories.add((act.party, act.year, act.metric)),
    a6.UseTowardsNdc: _use,
    a6.UseForPurpose: _use,
    m.SubmitActivity: _submitted,
    m.AdvanceActivity: _activity,
    m.VerifyReductions: _activity,
    m.IssueCredits: lambda needs, act: needs.verifications.add(act.verification),
    m.DeclareBoundary: lambda needs, act: (
        needs.projects.add(act.project),
        needs.credited.add(act.project),
        needs.keys.update(act.keys),
    ),
    m.ChangeRoute: _project,
    m.ReportReversal: _buffer,
    m.RemedyReversal: lambda needs, act: needs.reversals.add(act.reversal),
    m.SettleBuffer: _buffer,
    m.UseEarlier: lambda needs, act: needs.parties.add(act.party),
    a6.RecordContribution: _contribution,
    a6.WithdrawContribution: _contribution,
    a6.RecordPlan: _plan,
    a6.SetLevyPolicy: lambda needs, act: needs.projects.update(act.exempt),
    a6.OpenRecall: _recall,
    a6.ConsentToRecall: _recall,
}
