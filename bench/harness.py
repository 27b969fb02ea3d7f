"""Interleaved timing: each round runs every side once, in turn; the median ratio is told."""

import gc
import json
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import msgspec
import psycopg

ROUNDS = 3
AS_A_USER = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of commands whose start is timed: Python keeps what it compiled, as it does for
every user. A machine that builds or tests may be set otherwise, and would compile at each start."""


def timed(work: Callable[[], Any]) -> float:
    """Seconds that `work` takes, with the collector as the service ships it."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def timed_cpu(work: Callable[[], Any]) -> float:
    """Processor seconds of this process, for work without waits: other load counts less."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def report(name: str, *, goal: float, at_least: bool, ratios: list[float], **facts: Any) -> None:
    """One JSON line: the median ratio, its goal, whether it holds, and what was counted."""
    median = statistics.median(ratios)
    holds = median >= goal if at_least else median <= goal
    line = {
        "bench": name,
        "ratio": round(median, 3),
        "goal": f"{'>=' if at_least else '<='} {goal}",
        "holds": holds,
        "rounds": [round(ratio, 3) for ratio in ratios],
    }
    print(json.dumps(line | facts), flush=True)


def machine() -> None:
    """One JSON line on what this ran on."""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
        models = [row.split(":", 1)[1].strip() for row in file if row.startswith("model name")]
    line = {
        "machine": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "sqlite": apsw.sqlite_lib_version(),
        "sqlite_stdlib": sqlite3.sqlite_version,
        "apsw": apsw.apsw_version(),
        "psycopg": psycopg.__version__,
        "msgspec": msgspec.__version__,
    }
    print(json.dumps(line), flush=True)
