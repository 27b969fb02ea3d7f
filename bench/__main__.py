"""`make bench`: every performance line of the ledger, as JSON lines.

ONETONNE_BENCH_ENTRIES (default 1,000,000) sets the length of the ledgers that are built;
ONETONNE_BENCH_ONLY names the parts to run, e.g. "kernel sqlite".
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.postgres import NoServer, find_binaries, throwaway

from bench import (
    article6,
    audit,
    history,
    judge,
    kernel,
    many_items,
    plpgsql,
    surrender,
    transfers,
)
from bench.harness import machine, report
from bench.world import World, grow
from onetonne.service.execute import Writer
from onetonne.service.founding import found
from onetonne.service.ledger import Ledger
from onetonne.store.lawbook import load_law
from onetonne.store.postgres import Postgres
from onetonne.store.sqlite import Sqlite

ENTRIES = int(os.environ.get("ONETONNE_BENCH_ENTRIES", "1000000"))
LOTS = 1_000
BLOCKS = ENTRIES // 10
"""Blocks of ten tonnes that are first transferred and used."""
MEDIAN_BYTES = 600


def sqlite(folder: Path) -> None:
    """Everything that runs on one long SQLite ledger, built once."""
    law = load_law()
    address = folder / "ledger"
    ledger, person = Ledger.create(str(address), ledger="bench.example/ledger", party="TW")
    world = World(person, LOTS)
    _say(f"building {ENTRIES:,} entries on SQLite")
    grow(ledger.writer, world, ENTRIES)
    size = transfers.median_entry(ledger.db)
    report("median-entry", goal=1, at_least=False, ratios=[size / MEDIAN_BYTES], median_bytes=size)
    path = address / "ledger.db"
    other = transfers.copy_of(path)
    transfers.run(Sqlite(path), Sqlite(other), law, world, ENTRIES)
    other.unlink()
    writer = Writer(Sqlite(path), law)
    many_items.run(writer, world)
    history.run(writer, world, law, folder, ENTRIES)
    writer.db.close()
    _say("publishing and verifying")
    ledger.publish()
    ledger.close()
    lot, _, _, source = world.holdings[-1]
    target = next(a for a in world.accounts if a != source)
    audit.run(address, str(lot), str(source), str(target))
    shutil.rmtree(address)


def postgresql(folder: Path) -> None:
    """The same SQL and the function by hand, on a throw-away server that syncs."""
    law = load_law()
    with throwaway(durable=True) as cluster, cluster.database() as url:
        db = Postgres(url, create=True)
        person = found(db, law, ledger="bench.example/ledger", party="TW")
        world = World(person, LOTS)
        _say(f"building {ENTRIES:,} entries on PostgreSQL")
        grow(Writer(db, law), world, ENTRIES)
        db.connection.execute("VACUUM ANALYZE")
        db.close()
        with cluster.copy(url) as other:
            transfers.run(Postgres(url), Postgres(other), law, world, ENTRIES)
            plpgsql.run(url, other, law, world, find_binaries() / "pgbench")


def kernel_alone(folder: Path) -> None:
    kernel.run(load_law())


def eligibility(folder: Path) -> None:
    surrender.run(folder, load_law())


def judging(folder: Path) -> None:
    judge.run()


def outcomes(folder: Path) -> None:
    article6.run(folder, BLOCKS)


PARTS: dict[str, Callable[[Path], None]] = {
    "kernel": kernel_alone,
    "eligibility": eligibility,
    "judge": judging,
    "article6": outcomes,
    "sqlite": sqlite,
    "postgresql": postgresql,
}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    machine()
    wanted = os.environ.get("ONETONNE_BENCH_ONLY", " ".join(PARTS)).split()
    for name in wanted:
        with tempfile.TemporaryDirectory() as folder:
            try:
                PARTS[name](Path(folder))
            except NoServer as error:
                _say(str(error))
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
