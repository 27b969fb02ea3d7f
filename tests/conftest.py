"""What every test may ask for, and two rules of the run: nothing is skipped unseen, and a suite
that has tests may not come out empty.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import long_result, postgres

ROOT = Path(__file__).resolve().parent.parent
REAL_FILES = ROOT.parent / "shared" / "data"
NO_SKIPS = os.environ.get("CI") == "true" or os.environ.get("ONETONNE_NO_SKIP") == "1"

_CALM = [HealthCheck.too_slow, HealthCheck.data_too_large]
_reports: list[pytest.TestReport] = []
settings.register_profile("fast", max_examples=50, deadline=None, suppress_health_check=_CALM)
settings.register_profile("thorough", max_examples=1000, deadline=None, suppress_health_check=_CALM)
settings.load_profile(os.environ.get("ONETONNE_HYPOTHESIS", "fast"))


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    """A throw-away server for the whole run (fsync off)."""
    try:
        with postgres.throwaway() as cluster:
            yield cluster
    except postgres.NoServer as missing:
        pytest.exit(str(missing), returncode=1)


@pytest.fixture
def postgres_url(postgres_cluster: postgres.Cluster) -> Iterator[str]:
    """URL of an empty database of this test alone."""
    with postgres_cluster.database() as url:
        yield url


@pytest.fixture(scope="session")
def scaled() -> Callable[[int], int]:
    """How many of `full` rounds to run: all under `make long`, a tenth under `.ci/run`."""
    share = float(os.environ.get("ONETONNE_LONG", "1"))
    return lambda full: max(1, round(full * share))


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The folder of real registry files beside the repository (see the marker `real`)."""
    return REAL_FILES


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of real files run where those files are; elsewhere they are deselected, and counted."""
    if REAL_FILES.is_dir():
        return
    absent = [item for item in items if item.get_closest_marker("real")]
    if absent:
        items[:] = [item for item in items if not item.get_closest_marker("real")]
        config.hook.pytest_deselected(items=absent)


def _refuse_skip(report: Any) -> None:
    if NO_SKIPS and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and here a skip is a failure: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Any:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Any:
    report = yield
    _refuse_skip(report)
    return report


def tests_marked(marker: str, tests: Path) -> list[Path]:
    """The test files that use a marker, by their text."""
    use = re.compile(rf"\bmark\.{re.escape(marker)}\b")
    return [path for path in sorted(tests.rglob("test_*.py")) if use.search(path.read_text())]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.keywords.get("long"):
        _reports.append(report)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """`make test-go` before there is any test of it is no failure; afterwards it is."""
    marker = session.config.option.markexpr
    empty = exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED
    if empty and marker.isidentifier() and not tests_marked(marker, ROOT / "tests"):
        session.exitstatus = pytest.ExitCode.OK
        session.config.get_terminal_writer().line(f"no test is marked {marker} yet")
    share = os.environ.get("ONETONNE_LONG", "")
    if _reports and marker == "long" and share == "1":
        path = long_result.write(_reports, share)
        session.config.get_terminal_writer().line(f"\nrecorded in {path.relative_to(ROOT)}")
