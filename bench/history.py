"""Cost does not grow with history: single transfers on a short and a long ledger; and on an
account with many holdings in a lot split as often, against one with few."""

import statistics
import time
from pathlib import Path

from bench.harness import ROUNDS, report
from bench.world import World, grow
from onetonne.ledger.commands import Issue, Item, Request, Transfer
from onetonne.ledger.units import Law
from onetonne.service.execute import Writer
from onetonne.service.founding import found
from onetonne.store.sqlite import Sqlite

SINGLES = 200
FEW, PIECES = 1_000, 100_000
PER_COMMAND = 300


def run(long: Writer, long_world: World, law: Law, folder: Path, entries: int) -> None:
    short, short_world = new_ledger(folder / "short.db", law, lots=100)
    grow(short, short_world, 1_500)
    ratios = []
    for _ in range(ROUNDS):
        low, high = [], []
        for _ in range(SINGLES):
            low.append(_seconds(short, short_world.transfer()))
            high.append(_seconds(long, long_world.transfer()))
        ratios.append(statistics.median(high) / statistics.median(low))
    report(
        "history-long-against-short",
        goal=1.2,
        at_least=False,
        ratios=ratios,
        entries=[1_500, entries],
    )
    _fragments(short, short_world)


def new_ledger(path: Path, law: Law, lots: int) -> tuple[Writer, World]:
    """An empty ledger in a file, and the model that will fill it."""
    db = Sqlite(path, create=True)
    person = found(db, law, ledger="bench.example/ledger", party="TW")
    return Writer(db, law), World(person, lots)


def _fragments(writer: Writer, world: World) -> None:
    few, many = _split(writer, world, FEW), _split(writer, world, PIECES)
    ratios = []
    for _ in range(ROUNDS):
        low, high = [], []
        for _ in range(SINGLES):
            low.append(_seconds(writer, _take(world, few)))
            high.append(_seconds(writer, _take(world, many)))
        ratios.append(statistics.median(high) / statistics.median(low))
    report("history-many-holdings", goal=1.2, at_least=False, ratios=ratios, holdings=[FEW, PIECES])


def _split(writer: Writer, world: World, pieces: int) -> int:
    """A lot of which the first account holds every second serial, `pieces` times; its number."""
    a, b = world.accounts[:2]
    issue = Issue(unit="TCER", quantity=2 * pieces, account=a, project="TW-BENCH", vintage=2024)
    lot = writer.state.counts["lot"] + 1
    requests = [Request(world.person, (issue,))]
    for low in range(1, 2 * pieces, 2 * PER_COMMAND):
        serials = range(low, min(low + 2 * PER_COMMAND, 2 * pieces), 2)
        items = tuple(Item(lot=lot, serials=str(n)) for n in serials)
        requests.append(Request(world.person, (Transfer(source=a, target=b, items=items),)))
    for request in requests:
        answer = writer.execute([request])[0]
        if answer.refusal is not None:
            raise RuntimeError(answer.refusal.sentence())
    return lot


def _take(world: World, lot: int) -> Request:
    """One unit by quantity: the highest free serial of many fragments."""
    a, b = world.accounts[:2]
    return Request(
        world.person, (Transfer(source=a, target=b, items=(Item(lot=lot, quantity=1),)),)
    )


def _seconds(writer: Writer, request: Request) -> float:
    start = time.perf_counter()
    answer = writer.execute([request])[0]
    seconds = time.perf_counter() - start
    if answer.refusal is not None:
        raise RuntimeError(answer.refusal.sentence())
    return seconds
