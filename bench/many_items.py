"""An atomic command over many items against as many single commands, in equal commits."""

from bench.harness import ROUNDS, report, timed
from bench.world import World
from onetonne.ledger.commands import Item, Request, Transfer
from onetonne.service.execute import Writer

ITEMS = 100
COMMANDS = 40


def run(writer: Writer, world: World) -> None:
    ratios = []
    for _ in range(ROUNDS):
        apart = together = 0.0
        for _ in range(COMMANDS):  # in turn, so that what is written back now and then hits both
            singles, whole = _apart(world), [_together(world)]
            apart += timed(lambda batch=singles: _run(writer, batch))  # type: ignore[misc]
            together += timed(lambda batch=whole: _run(writer, batch))  # type: ignore[misc]
        ratios.append(together / apart)
    report("many-items", goal=0.6, at_least=False, ratios=ratios, items=ITEMS)


def _apart(world: World) -> list[Request]:
    """As many transfers of one whole holding each."""
    return [world.request(move) for move in world.independent(ITEMS, whole=True)]


def _together(world: World) -> Request:
    """One transfer of ITEMS blocks that one account holds."""
    by_account: dict[int, list[int]] = {}
    for at, holding in enumerate(world.holdings):
        by_account.setdefault(holding[3], []).append(at)
    source, places = max(by_account.items(), key=lambda pair: len(pair[1]))
    target = next(a for a in world.accounts if a != source)
    items = []
    for at in world.random.sample(places, min(ITEMS, len(places))):
        lot, first, next_, _ = world.holdings[at]
        world.holdings[at] = (lot, first, next_, target)
        items.append(Item(lot=lot, serials=f"{first + 1}-{next_}"))
    if len(items) < ITEMS:
        raise RuntimeError(f"only {len(items)} holdings in one account: grow the ledger first")
    act = Transfer(source=source, target=target, items=tuple(items))
    return Request(world.person, (act,))


def _run(writer: Writer, batch: list[Request]) -> None:
    for answer in writer.execute(batch):
        if answer.refusal is not None:
            raise RuntimeError(answer.refusal.sentence())
