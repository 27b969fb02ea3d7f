"""Log check and replay, table comparison, and a one-shot command: rates and times.

These are absolute on this machine, so each is told beside the floor it stands on: hashing
and decoding the same entries in a bare loop.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.harness import AS_A_USER, report
from onetonne.base.merkle import leaf_hash
from onetonne.ledger import codec
from onetonne.service.audit import verify
from onetonne.service.ledger import Ledger

REPLAY_GOAL, ROWS_GOAL = 40_000, 15_000
SHOTS = 9
SECONDS, MEBIBYTES = 0.6, 200
SHOOTER = """
import os, sys, time
start = time.perf_counter()
null = os.open(os.devnull, os.O_WRONLY)
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ,
                     file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
_, status, usage = os.wait4(pid, 0)
taken = time.perf_counter() - start
print(taken, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A child counts its parent's memory until it runs its own program, so a small one starts it."""


def run(address: Path, lot: str, source: str, target: str) -> None:
    """`address` is a ledger's folder, published; the rest are what a transfer names."""
    with Ledger.open(str(address)) as ledger:
        floor = _floor(ledger)
        start = time.process_time()
        alone = verify(ledger.log, ledger.verifier())
        replay = time.process_time() - start
        start = time.process_time()
        whole = verify(ledger.log, ledger.verifier(), db=ledger.db)
        compare = max(time.process_time() - start - replay, 0.001)
        if alone.findings or whole.findings:
            raise RuntimeError(str(whole.findings[:3]))
    rate = alone.entries / replay
    report(
        "log-check-and-replay",
        goal=1,
        at_least=True,
        ratios=[rate / REPLAY_GOAL],
        entries_per_second=round(rate),
        floor_per_second=round(floor),
    )
    rows = whole.rows / compare
    report(
        "tables-compared",
        goal=1,
        at_least=True,
        ratios=[rows / ROWS_GOAL],
        rows_per_second=round(rows),
        rows=whole.rows,
    )
    _one_shot(address, lot, source, target)


def _floor(ledger: Ledger) -> float:
    """Entries a second that are only read, hashed and decoded."""
    count, start = 0, time.process_time()
    for (data,) in ledger.db.stream("SELECT entry FROM journal ORDER BY seq LIMIT 100000"):
        leaf_hash(data)
        codec.decode(data)
        count += 1
    return count / (time.process_time() - start)


def _one_shot(address: Path, lot: str, source: str, target: str) -> None:
    command = [str(Path(sys.executable).with_name("onetonne")), "transfer", "1", "--lot", lot]
    command += ["--from", source, "--to", target, "--dry-run", "--ledger", str(address)]
    seconds, most = [], 0
    for _ in range(SHOTS):
        done = subprocess.run(
            [sys.executable, "-c", SHOOTER, *command],
            capture_output=True,
            text=True,
            check=True,
            env=AS_A_USER,
        )
        taken, peak = done.stdout.split()
        seconds.append(float(taken))
        most = max(most, int(peak) // 1024)
    middle = statistics.median(seconds)
    report(
        "one-shot-command",
        goal=1,
        at_least=False,
        ratios=[max(middle / SECONDS, most / MEBIBYTES)],
        p50_seconds=round(middle, 3),
        most_mebibytes=most,
    )
