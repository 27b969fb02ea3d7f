"""What is installed from a wheel has everything that the tree has: data files travel too."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"


def in_the_tree() -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "src"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    return {name.removeprefix("src/") for name in names}


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
            "--no-index", "--wheel-dir", str(tmp_path), str(ROOT),
        ],
        check=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("onetonne-*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert in_the_tree() - packed == set()
    assert "onetonne/py.typed" in packed
    assert not [name for name in packed if name.startswith("tests/")]
    entry = next(name for name in packed if name.endswith("entry_points.txt"))
    assert "onetonne = onetonne.doors.cli:main" in zipfile.ZipFile(wheel).read(entry).decode()
