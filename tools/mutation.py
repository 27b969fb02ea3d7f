"""The mutation score of the kernel: change the code in small ways, see whether a test notices.

A mutant counts as noticed when a test fails or hangs on it. Survivors are listed by name (show one
with `mutmut show NAME`), and a score below 85 % fails. ONETONNE_LONG below 1 takes a sample.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUTANTS = ROOT / "mutants"
RESULTS = ROOT / "docs" / "results"
LEAST = 85
SAMPLE = "*__mutmut_*3"  # numbers ending in 3: about one in ten, spread over all functions

SURVIVED = 0
UNTESTED = (5, 33)  # no test reaches the function: as bad as a survivor
NOT_JUDGED = (None, 2, 34)  # outside the sample, interrupted, or marked as not to be mutated


def verdicts(folder: Path) -> dict[str, int | None]:
    """Exit code of the tests by mutant, None where it was not run."""
    found: dict[str, int | None] = {}
    for path in sorted(folder.rglob("*.meta")):
        found |= json.loads(path.read_text())["exit_code_by_key"]
    return found


def judge(codes: dict[str, int | None]) -> tuple[int, list[str], list[str]]:
    """How many were judged, and the names of survivors and of those no test reaches."""
    judged = {name: code for name, code in codes.items() if code not in NOT_JUDGED}
    survivors = [name for name, code in judged.items() if code == SURVIVED]
    untested = [name for name, code in judged.items() if code in UNTESTED]
    return len(judged), survivors, untested


def main() -> None:
    whole = float(os.environ.get("ONETONNE_LONG", "1")) >= 1
    shutil.rmtree(MUTANTS, ignore_errors=True)  # a verdict on older code is no verdict
    began = time.monotonic()
    command = [str(Path(sys.executable).with_name("mutmut")), "run"]
    command += [] if whole else [SAMPLE]
    watched = sys.stdout.isatty()  # its progress line is for eyes, not for a build's log
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=not watched, text=True)
    judged, survivors, untested = judge(verdicts(MUTANTS))
    if done.returncode or not judged:
        print((done.stdout or "")[-3000:], (done.stderr or "")[-3000:], sep="\n")
        raise SystemExit(f"make mutation: mutmut ended with {done.returncode}, {judged} verdicts.")
    missed = sorted(survivors + untested)
    score = 100 * (judged - len(missed)) / judged
    day = datetime.now(UTC).date().isoformat()
    text = "\n".join(
        [
            f"day {day}",
            f"mutants judged {judged}{'' if whole else ' (a sample)'}",
            f"survived {len(survivors)}, reached by no test {len(untested)}",
            f"score {score:.1f} %, at least {LEAST} % wanted",
            f"seconds {time.monotonic() - began:.0f}",
            "",
            *missed,
        ]
    )
    print(text)
    if whole:
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / f"mutation-{day}.txt").write_text(text + "\n")
    if score < LEAST:
        raise SystemExit(f"make mutation: {score:.1f} % is below {LEAST} %; test what is listed.")


if __name__ == "__main__":
    main()
