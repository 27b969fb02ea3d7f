"""Files that a command writes: whole, or as they were before."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


def put(path: Path, data: bytes | str) -> None:
    """Write a file beside its place, then give it its name: on a full disk what stood there stays.
    What is no plain file (a pipe, a terminal) is written to. Raises OSError."""
    content = data.encode() if isinstance(data, str) else data
    place = Path(os.path.realpath(path))
    mode = 0o666 & ~_umask()
    with suppress(FileNotFoundError):
        mode = place.stat().st_mode
        if not stat.S_ISREG(mode):
            place.write_bytes(content)
            return
    handle, made = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    incoming = Path(made)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        incoming.chmod(stat.S_IMODE(mode))
        incoming.replace(place)
    finally:
        with suppress(FileNotFoundError):
            incoming.unlink()


def _umask() -> int:
    """The mask of new files; it cannot be read without being set."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
