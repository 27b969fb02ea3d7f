"""The law of compliance systems as a start reads it: compiled, without a line of YAML.

What compiles it, `jurisdictions`, is read only where somebody brings law files of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from onetonne.rules.law import Lawbook, lawbook_from_json

COMPILED = Path(__file__).resolve().parent.parent / "lawbook" / "systems.json"


def load_lawbook(extra: Sequence[Path] = ()) -> Lawbook:
    """The shipped systems, with those of the `extra` files; one of the same code takes the place of
    the shipped one. Raises `LawbookError`."""
    shipped = lawbook_from_json(COMPILED.read_bytes())
    if not extra:
        return shipped
    from onetonne.store.jurisdictions import compile_files

    return compile_files(extra, shipped)
