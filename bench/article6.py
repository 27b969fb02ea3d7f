"""First transfers and uses against as many plain transfers over the same blocks, in the same run.

Twenty hosts issue a million tonnes, authorise them and sell them to a buyer abroad, who uses them,
block by block; beside it twenty lots are moved twice, block by block, within one Party.
"""

from collections.abc import Iterator
from pathlib import Path

from bench.harness import report, timed
from onetonne.base.account_numbers import with_check
from onetonne.base.parties import PARTIES
from onetonne.ledger.acts.first_transfer import RESPONSIBILITIES
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.commands import (
    Act,
    Issue,
    Item,
    OpenAccount,
    RegisterProject,
    Request,
    Transfer,
)
from onetonne.service.execute import Writer
from onetonne.service.ledger import Ledger
from onetonne.service.questions import article6

BUYER, PLAIN = "CH", "TW"
HOSTS = sorted(PARTIES - {BUYER, PLAIN})[:20]
PER_COMMIT, PER_BLOCK = 1_000, 10
DIGEST = "ab" * 32
HOME, ABROAD, PLAINLY = 30_000_000, 40_000_000, 50_000_000
BALANCE_MS = 50


def run(folder: Path, blocks: int) -> None:
    """`blocks` blocks of ten tonnes are issued, authorised, sold and used, and as many moved twice.
    The buyer has two events for each block: it acquires it, and uses it."""
    each = blocks // len(HOSTS)
    ledger, person = Ledger.create(str(folder / "a6"), ledger="bench.example/a6", party="TW")
    writer = ledger.writer
    host_acts, plain_acts = _setting(each)
    kinds = [list(_sales(each)), list(_uses(each)), list(_moves(each, 0)), list(_moves(each, 1))]
    # What must be there first counts too: of the hosts the authorisations and the issuances.
    seconds = [timed(lambda: _send(writer, person, host_acts)), 0.0,
               timed(lambda: _send(writer, person, plain_acts)), 0.0]  # fmt: skip
    slices = max(blocks // (10 * PER_COMMIT), 1)
    size = -(-blocks // slices)
    for at in range(0, blocks, size):
        # All four in turn, so that a slow minute of the disk hits each.
        for n, acts in enumerate(kinds):
            part = acts[at : at + size]
            seconds[n] += timed(lambda p=part: _send(writer, person, p))
    ours, plain = sum(seconds[:2]), sum(seconds[2:])
    report(
        "article6-acts",
        goal=0.5,
        at_least=True,
        ratios=[plain / ours],
        blocks=blocks,
        first_transfers_per_second=round(blocks / seconds[0]),
        uses_per_second=round(blocks / seconds[1]),
        plain_per_second=round(2 * blocks / plain),
    )
    waits = [timed(lambda: article6.accounts(ledger, BUYER)) * 1_000 for _ in range(5)]
    report("article6-balance", goal=1, at_least=False, ratios=[max(waits) / BALANCE_MS],
           events=2 * blocks, milliseconds=round(max(waits), 1))  # fmt: skip
    ledger.close()


def _send(writer: Writer, person: int, acts: list[Act]) -> None:
    for at in range(0, len(acts), PER_COMMIT):
        batch = [Request(person, (act,)) for act in acts[at : at + PER_COMMIT]]
        for answer in writer.execute(batch):
            assert answer.entry is not None, answer.refusal


def _setting(each: int) -> tuple[list[Act], list[Act]]:
    """What hosts and buyer need, and what the plain transfers need."""
    acts: list[Act] = [
        a6.RegisterApproach(approach="CA9001", parties=(*HOSTS, BUYER)),
        a6.RecordNdc(party=BUYER, first=2021, last=2030, kind="multi", method="budget",
                     digest=DIGEST),
        OpenAccount(account=with_check(ABROAD), party=BUYER),
    ]  # fmt: skip
    for n, host in enumerate(HOSTS):
        acts += [
            OpenAccount(account=with_check(HOME + n), party=host),
            RegisterProject(project=f"{host}-1", party=host, activity="reduction"),
            a6.DeclareParticipation(party=host, met=RESPONSIBILITIES),
            a6.Authorise(authorisation=host, approach="CA9001", party=host, purposes=("NDC",),
                         digest=DIGEST, cap=each * PER_BLOCK, vintage_to=2025),
        ]  # fmt: skip
    acts += [_issue(HOME + n, f"{host}-1", each) for n, host in enumerate(HOSTS)]
    plain: list[Act] = [RegisterProject(project="PLAIN", party=PLAIN, activity="reduction")]
    plain += [OpenAccount(account=with_check(PLAINLY + n), party=PLAIN) for n in range(len(HOSTS))]
    return acts, plain + [_issue(PLAINLY + n, "PLAIN", each) for n in range(len(HOSTS))]


def _issue(account: int, project: str, each: int) -> Act:
    return Issue(unit="GS-VER", quantity=each * PER_BLOCK, account=with_check(account),
                 project=project, vintage=2025)  # fmt: skip


def _blocks(each: int, first_lot: int) -> Iterator[tuple[int, tuple[Item, ...]]]:
    """The blocks of each host's lot in turn: (host's number, its items)."""
    for at in range(each):
        for n in range(len(HOSTS)):
            low = at * PER_BLOCK + 1
            serials = f"{low}-{low + PER_BLOCK - 1}"
            yield n, (Item(lot=first_lot + n, serials=serials),)


def _sales(each: int) -> Iterator[Act]:
    for n, items in _blocks(each, 1):
        yield Transfer(source=with_check(HOME + n), target=with_check(ABROAD), items=items)


def _uses(each: int) -> Iterator[Act]:
    for _, items in _blocks(each, 1):
        yield a6.UseTowardsNdc(source=with_check(ABROAD), items=items, party=BUYER, year=2030)


def _moves(each: int, step: int) -> Iterator[Act]:
    """The same blocks of lots that no authorisation speaks of, from one account to the next."""
    for n, items in _blocks(each, len(HOSTS) + 1):
        accounts = [with_check(PLAINLY + (n + at) % len(HOSTS)) for at in range(3)]
        yield Transfer(source=accounts[step], target=accounts[step + 1], items=items)
