"""Scan: read registry exports and name everything in them that cannot be true.

What counts as a conflict, and what does not, is said in `conflicts`. Pure: the caller opens files.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct

from onetonne.exchange.conflicts import conflicts
from onetonne.exchange.findings import OVERLAP_CODES, QUANTITY_CODES, Finding, Place, finding
from onetonne.exchange.observations import FileReading, Observation, read_file
from onetonne.exchange.tables import is_table_file

STATES = ("parsed", "opaque", "unreadable")


class ScanReport(Struct, frozen=True):
    """What `scan` prints. `rows`, every data row, = `parsed` + `opaque` + `unreadable`.

    `files` counts those that are tables; `quantity_mismatches` and `overlaps` are the findings
    of those kinds, `findings` all with them; `by_registry` counts by registry and kind.
    """

    files: int
    rows: int
    parsed: int
    opaque: int
    unreadable: int
    quantity_mismatches: list[Finding]
    overlaps: list[Finding]
    by_registry: dict[str, dict[str, Any]]
    findings: list[Finding]

    def told(self) -> dict[str, Any]:
        """What `scan --json` prints: counts, and after them every finding by its place."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        for count in ("quantity_mismatches", "overlaps"):
            data[count] = len(data[count])
        return data


def scan_files(
    files: Iterable[tuple[str, bytes | OSError]],
    on_progress: Callable[[str, int], None] | None = None,
) -> ScanReport:
    """Read the files (or told why one cannot be read) and check them together.
    `on_progress(name, rows so far)` after each file."""
    observations: list[Observation] = []
    findings: list[Finding] = []
    tables = 0
    for name, data in files:
        if isinstance(data, OSError):
            why = f"the system says {data.strerror}"
            findings.append(finding("file-unreadable", Place(name), why=why))
            continue
        reading: FileReading = read_file(name, data)
        tables += is_table_file(name, data)
        observations += reading.observations
        findings += reading.findings
        if not reading.observations and not reading.findings:
            findings.append(finding("no-rows", Place(name)))
        if on_progress:
            on_progress(name, len(observations))
    return scan_observations(observations, findings, tables)


def scan_observations(
    observations: list[Observation], findings: list[Finding], files: int
) -> ScanReport:
    """The report over observations already read, with the findings of their reading."""
    told = findings + conflicts(observations)
    states = Counter(seen.state for seen in observations)
    return ScanReport(
        files=files,
        rows=len(observations),
        parsed=states["parsed"],
        opaque=states["opaque"],
        unreadable=states["unreadable"],
        quantity_mismatches=[found for found in told if found.code in QUANTITY_CODES],
        overlaps=[found for found in told if found.code in OVERLAP_CODES],
        by_registry=_by_registry(observations, told),
        findings=told,
    )


def _by_registry(
    observations: list[Observation], findings: list[Finding]
) -> dict[str, dict[str, Any]]:
    grouped: dict[str, list[Observation]] = defaultdict(list)
    for seen in observations:
        grouped[seen.registry].append(seen)
    codes = Counter((found.registry, found.code) for found in findings)
    answer: dict[str, dict[str, Any]] = {}
    for registry, rows in sorted(grouped.items()):
        states = Counter(seen.state for seen in rows)
        kinds = Counter(seen.kind or "unreadable" for seen in rows)
        answer[registry] = {
            "files": len({seen.at.file for seen in rows}),
            "rows": len(rows),
            **{state: states[state] for state in STATES},
            "quantity_mismatches": sum(codes[registry, code] for code in QUANTITY_CODES),
            "overlaps": sum(codes[registry, code] for code in OVERLAP_CODES),
            "kinds": dict(sorted(kinds.items())),
        }
    return answer
