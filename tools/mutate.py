"""The mutation score of the kernel: change the code in small ways, see whether a test notices.

Tests are collected once; each mutant is a fork in which one function has other code, so that no
import is paid twice. A mutant runs only the tests that come to its statement: first those that
noticed others of its function, then the quickest, for some seconds. It counts as noticed when one
of them fails or hangs, whatever those not asked would say. Survivors are listed; below 85 % is a
failure.

    python -m tools.mutate [PART OF A MODULE'S NAME ...]     ONETONNE_LONG below 1 takes a sample

Mutants are judged in an order of which every beginning is a fair sample: an interrupt (Ctrl-C) ends
the run with a report of those that were judged.
"""

from __future__ import annotations

import importlib
import mmap
import os
import random
import signal
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, TypeAlias, TypeVar

import pytest
from _pytest.runner import runtestprotocol
from tools.mutants import ROOT, Mutant, mutants, mutated

KERNEL = ROOT / "src" / "onetonne" / "ledger"
RESULTS = ROOT / "docs" / "results"
LEAST = 85
WORKERS = os.cpu_count() or 1
JUDGES = ("tests/ledger", "tests/ets", "tests/article6", "tests/service/test_play.py")
"""Where the tests of the kernel stand: what its acts do is told by scenarios too."""
ENOUGH = 12
"""Seconds of tests, as they took when they were traced, that one mutant is shown to."""
PATIENCE = 60
"""Seconds of the processor after which a mutant hangs, and five times as many by the clock."""
Name: TypeAlias = tuple[str, str]
"""A module and a function of it."""
SURVIVED, NOTICED, UNMADE = 0, 1, 2
VERDICTS = {SURVIVED: "survived", UNMADE: "cannot be made"}
"""How the process of a mutant ends, unless a test notices or a signal ends what hangs. Code without
the `super()` that the function had cannot be put in its place."""
T = TypeVar("T")


class Reach:
    """The tests that call a function, by their places; which of its lines each comes to."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, int, frozenset[int]]] = []
        self.noticed: dict[int, None] = {}

    def tests(self, mutant: Mutant) -> list[int]:
        """The tests to ask, in order. Where none is seen on the mutant's lines (a function within
        the function, a statement without a line of its own), whichever calls."""
        lines = range(mutant.first, mutant.last + 1)
        there = [call for call in self.calls if not call[2].isdisjoint(lines)] or self.calls
        taken = {place: seconds for seconds, place, _ in sorted(there)}
        keen = [place for place in self.noticed if place in taken]
        asked, spent = [], 0.0
        for place in dict.fromkeys([*keen, *taken]):
            if spent > ENOUGH:
                break
            asked.append(place)
            spent += taken[place]
        return asked

    def note(self, place: int) -> None:
        """This test noticed a mutant: it is asked first of the next."""
        self.noticed = {place: None} | {n: None for n in self.noticed if n != place}


def plain(module: ModuleType, name: str) -> Any:
    """The function itself under a qualified name, taken out of property or classmethod."""
    found: Any = module
    for part in name.split("."):
        found = vars(found)[part]
    found = getattr(found, "fget", None) or getattr(found, "__func__", found)
    return getattr(found, "__wrapped__", found)


def forget(modules: list[ModuleType]) -> None:
    """Empty the caches of their functions: an answer that is kept calls nothing."""
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def spread(listed: list[T]) -> list[T]:
    """The same in an order of which every beginning is a fair sample."""
    return random.Random(0).sample(listed, len(listed))  # noqa: S311


class Runner:
    """A pytest plugin that runs mutants in place of tests."""

    def __init__(self, wanted: list[str], share: float) -> None:
        self.wanted, self.share = wanted, share
        self.total = 0
        self.interrupted = False
        self.verdicts: dict[Mutant, str] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        modules = [
            ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
            for path in sorted(KERNEL.rglob("*.py"))
            if path.stem != "__init__"
        ]
        every = [m for name in modules if self._is_wanted(name) for m in mutants(name)]
        self.total = len(every)
        sample = every[:: max(1, round(1 / self.share))]
        print(f"{len(sample)} of {len(every)} mutants", flush=True)
        reach = self._reach(session, {(m.module, m.function) for m in sample})
        try:
            self._judge(session.items, spread(sample), reach)
        except KeyboardInterrupt:
            self.interrupted = True
        return True

    def _is_wanted(self, module: str) -> bool:
        return not self.wanted or any(part in module for part in self.wanted)

    def _reach(self, session: pytest.Session, wanted: set[Name]) -> dict[Name, Reach]:
        """What each test comes to. The tests must pass as they are."""
        kernel = [importlib.import_module(name) for name in sorted({name for name, _ in wanted})]
        names = {id(plain(sys.modules[m], f).__code__): (m, f) for m, f in wanted}
        reach: dict[Name, Reach] = {name: Reach() for name in wanted}
        for place, item in enumerate(session.items):
            forget(kernel)
            began = time.perf_counter()
            passed, lines = traced(item, names)
            if not passed:
                raise SystemExit(f"mutate: {item.nodeid} fails without any mutation.")
            for name, seen in lines.items():
                reach[name].calls.append((time.perf_counter() - began, place, frozenset(seen)))
        return reach

    def _judge(
        self, items: list[pytest.Item], sample: list[Mutant], reach: dict[Name, Reach]
    ) -> None:
        running: dict[int, tuple[Mutant, int]] = {}
        told = mmap.mmap(-1, 4 * WORKERS)
        try:
            for number, mutant in enumerate(sample):
                if len(running) >= WORKERS:
                    self._wait(running, told, reach)
                places = reach[mutant.module, mutant.function].tests(mutant)
                if not places:
                    self.verdicts[mutant] = "reached by no test"
                    continue
                sys.stdout.flush()
                slot = min(set(range(WORKERS)) - {slot for _, slot in running.values()})
                pid = os.fork()
                if not pid:
                    _child(mutant, items, places, memoryview(told).cast("I")[slot : slot + 1])
                running[pid] = mutant, slot
                if number % 100 == 99:
                    print(f"{number + 1} of {len(sample)}", flush=True)
            while running:
                self._wait(running, told, reach)
        finally:
            for pid in running:
                os.kill(pid, signal.SIGKILL)

    def _wait(
        self, running: dict[int, tuple[Mutant, int]], told: mmap.mmap, reach: dict[Name, Reach]
    ) -> None:
        pid, status = os.wait()
        if pid in running:
            mutant, slot = running.pop(pid)
            self.verdicts[mutant] = verdict = VERDICTS.get(
                os.waitstatus_to_exitcode(status), "noticed"
            )
            if verdict == "noticed":
                reach[mutant.module, mutant.function].note(memoryview(told).cast("I")[slot])


def traced(item: pytest.Item, names: dict[int, Name]) -> tuple[bool, dict[Name, set[int]]]:
    """Run one test: whether it passed, and on which lines of which functions it was."""
    lines: defaultdict[Name, set[int]] = defaultdict(set)

    def called(frame: Any, event: str, arg: object) -> Any:
        name = names.get(id(frame.f_code))
        if name is None:
            return None
        seen = lines[name]

        def line(frame: Any, event: str, arg: object) -> Any:
            seen.add(frame.f_lineno)
            return line

        return line

    sys.settrace(called)
    try:
        return run(item, None), lines
    finally:
        sys.settrace(None)


def _child(mutant: Mutant, items: list[pytest.Item], places: list[int], told: memoryview) -> None:
    """Judge one mutant in this process and end it: 0 when no test noticed. `told` is the place of
    the test that is asked."""
    ended = UNMADE
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
        signal.alarm(5 * PATIENCE)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        module = importlib.import_module(mutant.module)
        plain(module, mutant.function).__code__ = mutated(mutant)
        forget([module])
        ended = NOTICED
        for place, following in zip(places, [*places[1:], None], strict=True):
            told[0] = place
            if not run(items[place], None if following is None else items[following]):
                break
        else:
            ended = SURVIVED
    finally:
        os._exit(ended)


def run(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run one test; whether it passed."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def report(verdicts: dict[Mutant, str], total: int, seconds: float) -> tuple[str, float]:
    """The text of the result, and the score in per cent."""
    missed = {mutant: verdict for mutant, verdict in verdicts.items() if verdict != "noticed"}
    score = 100 * (len(verdicts) - len(missed)) / max(1, len(verdicts))
    lines = [
        f"day {datetime.now(UTC).date().isoformat()}",
        f"mutants judged {len(verdicts)} of {total}",
        f"not noticed {len(missed)}",
        f"score {score:.1f} %, at least {LEAST} % wanted",
        f"seconds {seconds:.0f}",
        "",
        *[f"{mutant} ({verdict})" for mutant, verdict in sorted(missed.items())],
    ]
    return "\n".join(lines), score


def main() -> None:
    share = min(1.0, float(os.environ.get("ONETONNE_LONG", "1")))
    wanted = sys.argv[1:]
    runner, began = Runner(wanted, share), time.monotonic()
    chosen = ["-m", "not (postgres or go or long or browser or real)", *JUDGES]
    os.chdir(ROOT)
    ended = pytest.main(["-qq", "-p", "no:cacheprovider", *chosen], plugins=[runner])
    if not runner.verdicts:
        raise SystemExit(f"mutate: nothing was judged; pytest ended with {ended}.")
    said, score = report(runner.verdicts, runner.total, time.monotonic() - began)
    print(said)
    if runner.interrupted:
        raise SystemExit(f"mutate: interrupted after {len(runner.verdicts)} mutants.")
    if len(runner.verdicts) == runner.total and not wanted:
        RESULTS.mkdir(parents=True, exist_ok=True)
        day = datetime.now(UTC).date().isoformat()
        (RESULTS / f"mutation-{day}.txt").write_text(said + "\n")
    if score < LEAST:
        raise SystemExit(f"mutate: {score:.1f} % is below {LEAST} %; test what is listed.")


if __name__ == "__main__":
    main()
