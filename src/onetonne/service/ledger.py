"""A ledger opened by its address: a folder (SQLite) or a postgresql:// URL.

The folder holds the database file, the signing key and the published log; a ledger in
PostgreSQL keeps key and log in a folder too, named after its database unless given.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path

from onetonne.base.notes import Checkpoint, NoteError, Signer, VerifierKey, parse_verifier_key
from onetonne.ledger.commands import Act, Request
from onetonne.ledger.units import Law
from onetonne.service.execute import Answer, Writer
from onetonne.service.founding import CannotFound, check_founding, found
from onetonne.service.place import (
    FOLDER_VARIABLE,
    KEY,
    LOG,
    REMEMBERED,
    check_log_there,
    folder_of,
    former_keys,
    is_url,
    key_there,
    own_key,
    remember,
    remembered,
)
from onetonne.store.faults import only
from onetonne.store.journal import check_entry
from onetonne.store.keys import create_key, load_key
from onetonne.store.lawbook import load_law
from onetonne.store.publish import publish
from onetonne.store.rows import Engine
from onetonne.store.sqlite import LedgerMissing, Sqlite
from onetonne.store.tiles import LogError, open_log

DATABASE, LEAVES = "ledger.db", "lot-roots.json"


class Ledger:
    """One ledger: its database, law, writer, key and log. Close it, or use `with`."""

    def __init__(self, address: str, db: Engine, folder: Path, law: Law) -> None:
        self.address, self.db, self.folder, self.law = address, db, folder, law

    @classmethod
    def create(
        cls,
        address: str,
        *,
        ledger: str,
        party: str,
        zone: str = "UTC",
        registrar: str = "registrar",
        law: Law | None = None,
    ) -> tuple["Ledger", int]:
        """Found a ledger at an address that has none; returns it and its registrar's number.
        Raises CannotFound, with what to change; then nothing was made, and no key."""
        check_founding(ledger, party, zone)
        folder = folder_of(address)
        if (folder / LOG).exists():
            how = FOLDER_VARIABLE if is_url(address) else "--ledger"
            raise CannotFound(
                f"There is a ledger in {folder.absolute()} already. Choose another folder with "
                f"{how}.",
                f"{folder.absolute()} 已有帳本。請以 {how} 另選資料夾。",
            )
        law = law or load_law()
        if (folder / KEY).exists():
            _make_key(folder / KEY, ledger)
        db = _engine(address, folder, create=True)
        try:
            person = found(
                db, law, lambda: _make_key(folder / KEY, ledger),
                ledger=ledger, party=party, zone=zone, registrar=registrar,
            )  # fmt: skip
        except BaseException:
            db.close()
            raise
        opened = cls(address, db, folder, law)
        opened.publish()
        return opened, person

    @classmethod
    def open(cls, address: str, law: Law | None = None) -> "Ledger":
        """The ledger at an address. Raises LedgerMissing."""
        folder = folder_of(address)
        return cls(address, _engine(address, folder), folder, law or load_law())

    @cached_property
    def meta(self) -> dict[str, str]:
        """Of which ledger, Party and zone: read when first asked for, as the writer."""
        return dict(self.db.query("SELECT name, value FROM meta"))

    @cached_property
    def writer(self) -> Writer:
        """Made when first asked for: an audit or a rebuild needs none, and can so look at a
        ledger that no writer can open."""
        return Writer(self.db, self.law)

    @property
    def log(self) -> Path:
        """The folder of tiles, entries and checkpoint, ready to mirror."""
        return self.folder / LOG

    def signer(self, new_log: bool = False) -> Signer:
        """The ledger's own key, when its log is there too, or may begin anew. Raises KeyFileError,
        and LogError where the log is missing."""
        signer = own_key(self.address, self.folder, self.db)
        if not new_log:
            check_log_there(self.address, self.folder, self.db)
        return signer

    def verifier(self) -> VerifierKey:
        """The ledger's own public key, which it remembers. Raises KeyFileError where it does not,
        and has no key file."""
        with suppress(NoteError):
            if kept := remembered(self.db).get(REMEMBERED):
                return parse_verifier_key(kept)
        return key_there(self.address, self.folder).verifier

    def execute(self, batch: Sequence[Request], dry: bool = False) -> list[Answer]:
        """Answer requests; see `execute.Writer`. What is accepted is durable on return."""
        return self.writer.execute(batch, dry)

    def ask(self, by: int, *acts: Act, dry: bool = False, key: str = "") -> Answer:
        """One request by one person."""
        return self.execute([Request(by=by, acts=acts, key=key)], dry)[0]

    def publish(self, new_log: bool = False) -> Checkpoint:
        """Bring the log's files up to the journal and sign a new checkpoint. A log that is lost
        begins anew only where that is asked for."""
        signer = self.signer(new_log)
        before = partial(former_keys, self.db)
        point = publish(self.log, self._rows_from, signer, check=check_entry, former=before)
        remember(self.db, signer.verifier)
        return point

    def _rows_from(self, start: int) -> Iterator[tuple[bytes, bytes]]:
        """As far as the head: an act moves it with its entry, so what lies beyond is no act's."""
        (head,) = only(self.db.query("SELECT seq FROM head"))
        sql = "SELECT hash, entry FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq"
        for leaf, entry in self.db.stream(sql, (start, head)):
            yield bytes(leaf), bytes(entry)

    def signed_from(self, start: int) -> Iterator[bytes]:
        """Entries of the log that this ledger has signed, from a log index on, as far as they can
        be read."""
        return self._signed(self.verifier(), start)  # known before a caller reads other rows

    def _signed(self, key: VerifierKey, start: int) -> Iterator[bytes]:
        with suppress(LogError, NoteError):
            yield from open_log(self.log, key).entries(start)

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _make_key(path: Path, ledger: str) -> None:
    """The key is there before the ledger, so that none is without; a founding cut short left one.
    A key of another name is refused."""
    signer = load_key(path) if path.exists() else create_key(path, ledger)
    if signer.name != ledger:
        raise CannotFound(
            f"{path} is the key of {signer.name}, not of {ledger}. Choose another folder.",
            f"{path} 是 {signer.name} 的金鑰，不是 {ledger} 的。請另選資料夾。",
        )


def _engine(address: str, folder: Path, create: bool = False) -> Engine:
    if is_url(address):
        # PostgreSQL's driver is an extra, and a third of a second to load: only where it is used.
        from onetonne.store.postgres import Postgres

        return Postgres(address, create)
    if not create and not (folder / DATABASE).exists():
        raise LedgerMissing(f"no ledger in {folder.absolute()}: make one with `onetonne init`")
    if create:
        folder.mkdir(parents=True, exist_ok=True)
        # It holds names and salts. What SQLite puts beside it is as private.
        (folder / DATABASE).touch(0o600)
    return Sqlite(folder / DATABASE, create)
