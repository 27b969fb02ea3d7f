"""Go's own log code (golang.org/x/mod/sumdb, inside every Go toolchain) accepts what we publish.

The packages are taken out of the toolchain's own sources at test time, so nothing is fetched and
nothing of theirs is kept here.
"""

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.store import log_sample as sample

from onetonne.base import notes
from onetonne.store import tiles

pytestmark = pytest.mark.go

HERE = Path(__file__).parent
SIZE = 6_000
OLD = 2_500
KEY = str(sample.SIGNER.verifier)


def go_command() -> str:
    beside = Path(sys.executable).parent / "go"
    found = str(beside) if beside.exists() else shutil.which("go")
    assert found, "no Go toolchain: run `make test-go`, which installs one in .venv"
    return found


@pytest.fixture(scope="session")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier, built from our verify.go and the sumdb packages of the toolchain."""
    go, place = go_command(), tmp_path_factory.mktemp("go")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(place),
        "GOCACHE": str(place / "cache"),
        "GOPATH": str(place / "gopath"),
        "GOPROXY": "off",
        "GONOSUMDB": "*",
        "GOFLAGS": "-mod=mod",
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [go, *arguments],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    vendored = Path(run("env", "GOROOT")) / "src/cmd/vendor/golang.org/x/mod"
    for package in ("sumdb/note", "sumdb/tlog"):
        shutil.copytree(vendored / package, place / "mod" / package)
    (place / "mod/go.mod").write_text("module golang.org/x/mod\n\ngo 1.25\n")
    (place / "go.mod").write_text(
        "module verify\n\ngo 1.25\n\nrequire golang.org/x/mod v0.0.0\n\n"
        "replace golang.org/x/mod => ./mod\n"
    )
    shutil.copy(HERE / "verify.go", place)
    run("vet", ".")
    run("build", "-o", "verify", ".")
    return place / "verify"


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that grew in steps, with the checkpoint of an earlier step kept beside it."""
    place = tmp_path_factory.mktemp("published")
    for size in (0, 300, OLD):
        sample.published(place / "log", size)
    shutil.copy(place / "log/checkpoint", place / "old")
    sample.published(place / "log", SIZE)
    return place


@pytest.fixture
def place(good: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(good, tmp_path / "place"))


def ask(
    verifier: Path, place: Path, key: str = KEY, indexes: Sequence[int] = ()
) -> tuple[int, str]:
    arguments = [str(place / "log"), key, str(place / "old"), *map(str, indexes)]
    done = subprocess.run([verifier, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_go_accepts_signature_every_entry_and_growth(verifier: Path, place: Path) -> None:
    status, output = ask(verifier, place)
    assert status == 0, output
    point = notes.claimed_checkpoint((place / "log/checkpoint").read_text())
    root = base64.b64encode(point.root).decode()
    assert output.splitlines()[-1] == f"accepted {SIZE} {root}"


def test_go_builds_the_proofs_that_we_build(verifier: Path, place: Path) -> None:
    indexes = [0, 1, 255, 256, 2_499, 2_500, 5_887, 5_888, 5_999]
    status, output = ask(verifier, place, indexes=indexes)
    assert status == 0, output
    log = tiles.open_log(place / "log", sample.SIGNER.verifier)

    def spelt(proof: Sequence[bytes]) -> str:
        return "[" + " ".join(base64.b64encode(step).decode() for step in proof) + "]"

    lines = output.splitlines()[:-1]
    assert lines[0] == f"consistency {OLD} {spelt(log.consistency_proof(OLD))}"
    assert lines[1:] == [f"inclusion {at} {spelt(log.inclusion_proof(at))}" for at in indexes]


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/entries/011", "tile/entries/023.p/112"])
def test_go_refuses_one_flipped_bit_in_an_entry(verifier: Path, place: Path, path: str) -> None:
    bundle = place / "log" / path
    data = bytearray(bundle.read_bytes())
    data[100] ^= 1
    bundle.write_bytes(data)
    status, output = ask(verifier, place)
    assert (status, "refused: entry" in output) == (1, True), output


@pytest.mark.parametrize("path", ["tile/0/003", "tile/1/000.p/23"])
def test_go_refuses_an_altered_tile(verifier: Path, place: Path, path: str) -> None:
    tile = place / "log" / path
    data = bytearray(tile.read_bytes())
    data[40] ^= 1
    tile.write_bytes(data)
    assert ask(verifier, place)[0] == 1


def test_go_refuses_forgery_fork_and_rollback(verifier: Path, place: Path, tmp_path: Path) -> None:
    status, output = ask(verifier, place, key=str(sample.OTHER.verifier))
    assert (status, "refused: checkpoint" in output) == (1, True), output
    shutil.rmtree(place / "log")
    sample.published(place / "log", SIZE, spoil=7)
    status, output = ask(verifier, place)
    assert (status, "refused: old checkpoint" in output) == (1, True), output
    shutil.rmtree(place / "log")
    sample.published(place / "log", OLD - 1)
    assert ask(verifier, place)[0] == 1
