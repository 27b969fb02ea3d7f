"""Build `.venv` from the lock, and only when the lock (or the interpreter) has changed.

Needs nothing but the standard library, installs nothing outside the project's folder, and may be
called by several people at once: the first builds, the others wait.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".ready"
GUARD = ROOT / ".venv-building"
INPUTS = ("requirements.lock", "pyproject.toml")
OLDEST = (3, 11)


def fingerprint() -> str:
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    digest.update((ROOT / INPUTS[0]).read_bytes())
    # Of pyproject only what an editable install copies; tool settings are read in place.
    digest.update((ROOT / INPUTS[1]).read_bytes().split(b"[tool.")[0])
    return digest.hexdigest()


def is_ready(wanted: str) -> bool:
    return STAMP.is_file() and STAMP.read_text() == wanted


def run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode:
        line = " ".join(str(part) for part in command)
        raise SystemExit(f"make setup: `{line}` ended with {done.returncode}; see the lines above.")


@contextlib.contextmanager
def only_one_builder() -> Iterator[None]:
    """Others wait here; the system lets go of the lock even when its holder is killed."""
    with GUARD.open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield


def pip() -> list[str | Path]:
    """The command that installs into .venv, also where the system's Python lacks ensurepip."""
    python = VENV / "bin" / "python"
    if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True).returncode:
        if subprocess.run([sys.executable, "-m", "pip", "-V"], capture_output=True).returncode:
            raise SystemExit(
                "make setup: this Python has neither ensurepip nor pip, so packages cannot be "
                "installed. Install your system's python3-venv, or set PYTHON=/path/to/python."
            )
        run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV)
        return [sys.executable, "-m", "pip", "--python", python]
    run(sys.executable, "-m", "venv", "--clear", VENV)
    return [python, "-m", "pip"]


def build(wanted: str) -> None:
    began = time.monotonic()
    print("building .venv from requirements.lock ...", flush=True)
    quiet = ["install", "--quiet", "--disable-pip-version-check", "--no-input"]
    installer = pip()
    run(*installer, *quiet, "--require-hashes", "--only-binary=:all:", "-r", INPUTS[0])
    run(*installer, *quiet, "--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text(wanted)
    print(f".venv is ready ({time.monotonic() - began:.0f} s)")


def main() -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SystemExit(f"make setup: Python {found} found, 3.11 or newer needed; set PYTHON=.")
    wanted = fingerprint()
    if not is_ready(wanted):
        with only_one_builder():
            if not is_ready(wanted):
                build(wanted)
    os.utime(STAMP)


if __name__ == "__main__":
    main()
