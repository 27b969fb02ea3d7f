"""Commitments: what stands in the log for a name. Whoever is shown salt and text can check it;
without the salt the name cannot be guessed."""

from hashlib import sha256


def commitment(salt: str, text: str) -> str:
    """SHA-256 in hex over salt, a zero byte and the text in UTF-8."""
    return sha256(salt.encode() + b"\0" + text.encode()).hexdigest()
