"""A throw-away PostgreSQL cluster from the distribution's own server binaries.

It lives in a temporary folder, listens on a socket in that folder only, runs as an unprivileged
user when we are root (the server refuses root), and is gone afterwards. No system cluster is used.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

OWNER = "onetonne"
HOW_TO_GET_IT = (
    "No PostgreSQL server binaries (initdb, postgres) found. These tests start a cluster of their "
    "own from your distribution's: apt-get install postgresql (dnf install postgresql-server, "
    "brew install postgresql), or set ONETONNE_PG_BIN to the folder that holds initdb."
)
_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora, RHEL
    "/usr/local/opt/postgresql*/bin",  # Homebrew
    "/usr/libexec/postgresql*",  # Alpine
)


class NoServer(RuntimeError):
    """The server's binaries are missing; the text says how to get them."""


def find_binaries() -> Path:
    """The folder holding `initdb` and `postgres`, the newest version first.

    Raises NoServer where there is none.
    """
    given = os.environ.get("ONETONNE_PG_BIN")
    on_path = shutil.which("initdb")
    candidates = [Path(given)] if given else []
    candidates += sorted(
        (found for place in _PLACES for found in Path("/").glob(place.lstrip("/"))),
        key=lambda path: [
            int(part) for part in str(path).replace("-", "/").split("/") if part.isdigit()
        ],
        reverse=True,
    )
    candidates += [Path(on_path).resolve().parent] if on_path else []
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise NoServer(HOW_TO_GET_IT)


def _unprivileged() -> str | None:
    """Whom to run the server as; None when we are not root and may run it ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@dataclass
class Cluster:
    """A running cluster; `database()` hands out an empty database and its URL."""

    binaries: Path
    folder: Path
    durable: bool
    user: str | None = field(default_factory=_unprivileged)
    server: subprocess.Popen[bytes] | None = None
    made: int = 0

    def _command(self, name: str, *arguments: str) -> list[str]:
        return [str(self.binaries / name), *arguments]

    def _identity(self) -> dict[str, object]:
        if self.user is None:
            return {"cwd": self.folder}
        entry = pwd.getpwnam(self.user)
        return {
            "cwd": self.folder, "user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [],
        }  # fmt: skip

    def create(self) -> None:
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        made = subprocess.run(
            self._command(
                "initdb", "--pgdata=data", f"--username={OWNER}", "--auth=trust",
                "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
            ),
            capture_output=True, text=True, check=False, **self._identity(),  # type: ignore[call-overload]
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb ended with {made.returncode}: {made.stderr.strip()}")

    def start(self) -> None:
        """Start (or, after `kill`, restart) the server and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "on",
            "max_connections": "100",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self.folder / "server.log").open("ab")
        with log:
            self.server = subprocess.Popen(
                self._command("postgres", "-D", "data", *options),
                stdout=log, stderr=log, start_new_session=True, **self._identity(),  # type: ignore[call-overload]
            )  # fmt: skip
        self._wait()

    def _wait(self, seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError as why:
                assert self.server is not None
                if self.server.poll() is not None or time.monotonic() > end:
                    log = (self.folder / "server.log").read_text()[-2000:]
                    raise RuntimeError(
                        f"the PostgreSQL server did not start: {why}\n{log}"
                    ) from why
            time.sleep(0.05)

    def kill(self) -> None:
        """`kill -9` to the server and its workers: the crash test. `start` brings it back."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)  # fast shutdown: rolls back, then ends
            try:
                self.server.wait(timeout=30)
            except subprocess.TimeoutExpired:  # it is thrown away: what hangs is not waited for
                self.kill()

    def url(self, database: str) -> str:
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            admin.execute(statement.encode())

    def _make(self, name: str) -> None:
        """A database that sorts text as people do, which no answer of a ledger may show; servers
        before 15 cannot without the system's locales."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            sorts = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
            how = sorts if admin.info.server_version >= 150_000 else ""
            admin.execute(f"CREATE DATABASE {name} {how}".encode())

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """URL of a new, empty database; dropped afterwards whoever is still connected."""
        self.made += 1
        name = f"t{os.getpid()}_{self.made}"
        self._make(name)
        try:
            yield self.url(name)
        finally:
            self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextlib.contextmanager
    def copy(self, url: str) -> Iterator[str]:
        """URL of a copy of the database at `url`, to which nobody may be connected."""
        self.made += 1
        name, source = f"t{os.getpid()}_{self.made}", url.split("@/")[1].partition("?")[0]
        self._admin(f"CREATE DATABASE {name} TEMPLATE {source}")
        try:
            yield self.url(name)
        finally:
            self._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextlib.contextmanager
def throwaway(*, durable: bool = False) -> Iterator[Cluster]:
    """A running cluster for the length of a `with`.

    durable: fsync on, as in production; the benches want it. Tests that kill clients or the
    server do not need it, for only a crash of the machine loses what was not synced.
    Raises NoServer when the binaries are missing.
    """
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="onetonne-pg-"))  # short: a socket path has 107 bytes
    cluster = Cluster(binaries, folder, durable)
    try:
        cluster.create()
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
