"""Write lawbook/schema.json, with which editors check a law file; a test compares it."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

from onetonne.store.lawbook import HOME, TABLES

SCHEMA = HOME / "schema.json"


def schema_text() -> bytes:
    """Schema of a law file: the tables with their rows, whose `code` is the row's own key."""
    rows, definitions = msgspec.json.schema_components(
        TABLES.values(), schema_hook=_ratio, ref_template="#/$defs/{name}"
    )
    for told in definitions.values():
        if "description" in told:  # before 3.13 Python keeps the indent of a docstring
            told["description"] = cleandoc(told["description"])
    for kind in TABLES.values():
        definitions[kind.__name__]["properties"].pop("code")
        definitions[kind.__name__]["required"].remove("code")
    tables = {
        name: {"type": "object", "additionalProperties": row}
        for name, row in zip(TABLES, rows, strict=True)
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "OneTonne law file",
        "type": "object",
        "properties": tables,
        "additionalProperties": False,
        "$defs": definitions,
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=1) + b"\n"


def _ratio(kind: type) -> dict[str, Any]:
    return {"type": "string", "pattern": "^[0-9]+/[0-9]+$", "title": kind.__name__}


if __name__ == "__main__":
    SCHEMA.write_bytes(schema_text())
