"""A small log made on the spot: entries, a journal to publish from, two keys of one name."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onetonne.base import merkle, notes
from onetonne.store import publish

NAME = "onetonne.example/sample"
SIGNER = notes.Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = notes.Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


def entry(index: int) -> bytes:
    return b'{"seq":%d,"act":"transfer","to":"1234-5678-97"}' % (index + 1)


def entries(size: int, spoil: int | None = None) -> list[bytes]:
    return [entry(index) if index != spoil else b"spoilt" for index in range(size)]


def rows(size: int, spoil: int | None = None) -> publish.RowsFrom:
    """A journal of `size` rows; the row `spoil` says something else."""
    return lambda first: ((merkle.leaf_hash(text), text) for text in entries(size, spoil)[first:])


def published(
    directory: Path,
    size: int,
    *,
    spoil: int | None = None,
    signer: notes.Signer = SIGNER,
    check: publish.Check = lambda index, entry: None,
    disk: publish.Disk | None = None,
) -> notes.Checkpoint:
    """Publish the first `size` entries of the sample."""
    return publish.publish(directory, rows(size, spoil), signer, check=check, disk=disk)
