"""A ledger of a given length, made by the kernel itself, and a model that knows its holdings.

The model picks random blocks to transfer, so that every measured command is accepted.
"""

import random
from collections.abc import Iterator
from typing import Any

from onetonne.base.account_numbers import with_check
from onetonne.ledger.commands import Issue, Item, OpenAccount, RegisterProject, Request, Transfer
from onetonne.service.execute import Writer

ACCOUNTS = 1_000
LOT_SIZE = 1_000_000
Move = tuple[int, int, int, int, int]
"""Lot, first, next (offsets), source, target."""


class World:
    """The holdings of a bench ledger: three parallel lists, and random blocks from them."""

    def __init__(self, person: int, lots: int, seed: int = 1) -> None:
        self.person, self.lots = person, lots
        self.random = random.Random(seed)
        self.accounts = [with_check(20_000_000 + n) for n in range(ACCOUNTS)]
        self.holdings: list[tuple[int, int, int, int]] = []

    def founding(self) -> Iterator[Request]:
        """Open the accounts and issue the lots, spread over the accounts."""
        for account in self.accounts:
            yield Request(self.person, (OpenAccount(account=account, party="TW"),))
        project = RegisterProject(
            project="TW-BENCH", party="TW", mechanism="TW", methodology="TM001"
        )
        yield Request(self.person, (project,))
        for lot in range(1, self.lots + 1):
            account = self.accounts[lot % ACCOUNTS]
            issue = Issue(
                unit="TCER", quantity=LOT_SIZE, account=account, project="TW-BENCH", vintage=2024
            )
            yield Request(self.person, (issue,))
            self.holdings.append((lot, 0, LOT_SIZE, account))

    def move(self, at: int | None = None, whole: bool = False) -> Move:
        """The upper half of one holding (or all) goes to another account; the model too."""
        if at is None:
            at = self.random.randrange(len(self.holdings))
        lot, first, next_, account = self.holdings[at]
        cut = first if whole else first + (next_ - first) // 2
        target = self.accounts[self.random.randrange(ACCOUNTS)]
        while target == account:
            target = self.accounts[self.random.randrange(ACCOUNTS)]
        if cut == first:
            self.holdings[at] = (lot, first, next_, target)
        else:
            self.holdings[at] = (lot, first, cut, account)
            self.holdings.append((lot, cut, next_, target))
        return lot, cut, next_, account, target

    def independent(self, count: int, whole: bool = False) -> list[Move]:
        """Moves of `count` different holdings, which may happen in any order."""
        places = self.random.sample(range(len(self.holdings)), count)
        return [self.move(at, whole) for at in places]

    def request(self, move: Move) -> Request:
        lot, first, next_, source, target = move
        item = Item(lot=lot, serials=f"{first + 1}-{next_}")
        return Request(self.person, (Transfer(source=source, target=target, items=(item,)),))

    def transfer(self) -> Request:
        return self.request(self.move())


def grow(writer: Writer, world: World, entries: int, batch: int = 1_000) -> None:
    """Bring the ledger to `entries` journal entries."""
    for part in _batches(world.founding(), batch):
        _run(writer, part)
    while writer.state.seq < entries:
        count = min(batch, entries - writer.state.seq)
        _run(writer, [world.transfer() for _ in range(count)])


def _batches(requests: Iterator[Request], size: int) -> Iterator[list[Request]]:
    part: list[Request] = []
    for request in requests:
        part.append(request)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def _run(writer: Writer, requests: list[Request]) -> list[Any]:
    answers = writer.execute(requests)
    for answer in answers:
        if answer.refusal is not None:
            raise RuntimeError(answer.refusal.sentence())
    return answers
