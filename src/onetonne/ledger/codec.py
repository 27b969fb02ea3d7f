"""The one encoder and decoder of journal entries: canonical JSON, encoded once.

Bytes are stored, hashed and published as made here; nothing else computes them.
"""

import msgspec

from onetonne.ledger.events import VERSION, Entry

MAX_ENTRY_BYTES = 65_535
"""A tile's entry bundle gives each entry a 16-bit length (C2SP tlog-tiles)."""

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Entry)

encode = _encoder.encode


class Undecodable(ValueError):
    """These bytes are no entry of a format that this program reads."""


def decode(data: bytes) -> Entry:
    """The entry in canonical bytes. Raises Undecodable for what is no entry."""
    try:
        entry = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable(f"not a journal entry: {error}") from error
    if entry.v != VERSION:
        raise Undecodable(f"entry format {entry.v}; this program reads {VERSION}: update it")
    return entry


def read(data: bytes) -> Entry:
    """The entry in bytes that another has made: as `decode`, and exactly as `encode` writes it,
    so that no second reading of the same bytes (blanks, a member twice) is possible."""
    if len(data) > MAX_ENTRY_BYTES:
        raise Undecodable(f"{len(data)} bytes; an entry has at most {MAX_ENTRY_BYTES}")
    entry = decode(data)
    if encode(entry) != data:
        raise Undecodable("not the canonical form of an entry")
    return entry
