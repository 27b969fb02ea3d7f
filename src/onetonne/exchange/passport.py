"""The passport: one file in which a block of serials carries the proof of its whole life.

Format 1, described for implementers in `docs/reference/passport.md`. JSON without blanks whose
last member is the SHA-256 of all bytes before it, so that a copying error anywhere is seen.
"""

from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from onetonne.exchange.consistency import Since

FORMAT = "onetonne-passport"
VERSION = 1
MAX_BYTES = 64 * 1024 * 1024
"""A passport that is larger is asked for in parts; the check reads it as a whole."""
MAX_HOLDINGS = 1_000
"""Holdings of one passport: some ten megabytes; ask for a smaller block beyond."""
_TAIL = b',"digest":"'
_TAIL_BYTES = len(_TAIL) + 64 + len(b'"}')

Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
Hashes = tuple[str, ...]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class ProvenEntry(_Part, frozen=True):
    """A journal entry, its exact text, and its audit path (hex) under the checkpoint."""

    seq: Count
    entry: str
    proof: Hashes


class ProvenHolding(_Part, frozen=True):
    """A holding at its index in the lot, and its audit path (hex) to the lot's root."""

    index: Count
    first: Count
    next: Count
    account: Count
    moved: Count
    locks: tuple[Count, ...]
    path: Hashes


class ProvenLot(_Part, frozen=True):
    """The lot's leaf, and its audit path (hex) to the holdings root: `index` of `lots`."""

    size: Count
    count: Count
    root: str
    index: Count
    lots: Count
    path: Hashes


class Opening(_Part, frozen=True):
    """A name that the registry discloses: SHA-256(salt, a zero byte, text) is the commitment."""

    commitment: str
    salt: str
    text: str


class Bundle(_Part, frozen=True):
    """What is asked (offsets of a lot, `next` exclusive) and everything that proves it.

    `rooted` is the entry with the holdings root, `key` the line of the log's verifier key, `since`
    the proof that the checkpoint extends an older one, where it was asked for.
    """

    format: str
    version: int
    lot: Count
    first: Count
    next: Count
    origin: str
    key: str
    checkpoint: str
    rooted: Count
    proven: ProvenLot
    holdings: tuple[ProvenHolding, ...]
    entries: tuple[ProvenEntry, ...]
    openings: tuple[Opening, ...]
    since: Since | UnsetType = UNSET
    digest: str = ""


class Unreadable(ValueError):
    """These bytes are no passport of this format; the text says what is amiss."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Bundle).decode


def write(bundle: Bundle) -> bytes:
    """The file: the bundle with its digest."""
    data = _encode(msgspec.structs.replace(bundle, digest="0" * 64))
    return data[:-_TAIL_BYTES] + _TAIL + digest_of(data).encode() + b'"}'


def digest_of(data: bytes) -> str:
    """The digest that a file's content gives: over all bytes before the member `digest`."""
    return sha256(data[:-_TAIL_BYTES]).hexdigest()


def read(data: bytes) -> Bundle:
    """The bundle in a file, its form checked and nothing else. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{len(data)} bytes; at most {MAX_BYTES}")
    try:
        bundle = _decode(data)
        again = _encode(bundle)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Unreadable(str(error)[:300]) from error
    if (bundle.format, bundle.version) != (FORMAT, VERSION):
        raise Unreadable(f"format {bundle.format[:40]!r} version {bundle.version}")
    if len(bundle.holdings) > MAX_HOLDINGS:
        raise Unreadable(f"{len(bundle.holdings)} holdings; at most {MAX_HOLDINGS}")
    if again != data:
        raise Unreadable("not the canonical form: members in order, no blanks, each once")
    return bundle
