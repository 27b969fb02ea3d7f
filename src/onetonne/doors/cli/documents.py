"""The document that an act rests on: a file, whose digest is journaled, or the digest itself."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from onetonne.doors.idle import check_idle
from onetonne.doors.typed import WrongUsage

Document = Annotated[
    Path | None, typer.Option("--document", help="The document; its digest is journaled.")
]
Digest = Annotated[str, typer.Option("--digest", help="The document's SHA-256 instead of a file.")]


def digest_of(document: Path | None, digest: str, needed: bool = True) -> str:
    """The digest of a document, from its file or as given. Raises WrongUsage without either."""
    check_idle(document is not None and digest, "digest beside a document")
    if document is not None:
        return sha256(document.read_bytes()).hexdigest()
    if needed and not digest:
        raise WrongUsage(
            "Which document says so? Add --document FILE, or --digest SHA256.",
            "依據哪份文件？請加上 --document 檔案，或 --digest SHA256。",
        )
    return digest.lower()
