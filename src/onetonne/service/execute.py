"""`execute(batch)`: the one way in. Decide, append, commit durably, answer.

Each batch is one transaction that takes the writer's lock first, so that what it decides
on is what it commits on. A refusal writes nothing; a failed commit leaves nothing behind,
neither in the store nor in memory.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from onetonne.base import account_numbers
from onetonne.base.commitments import commitment
from onetonne.base.days import Today, day_of
from onetonne.base.merkle import leaf_hash
from onetonne.ledger import codec
from onetonne.ledger.commands import Act, Request, encode_acts
from onetonne.ledger.decide import decide
from onetonne.ledger.events import Entry
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import State, apply
from onetonne.ledger.touched import accounts_of, lots_of
from onetonne.ledger.units import Law
from onetonne.service.identity import permitted
from onetonne.service.replay import without_gc
from onetonne.service.sealing import (
    MAX_TEXT,
    NAMED,
    SealedTextTooLong,
    Unwritable,
    blank,
    holds_nul,
    seal,
)
from onetonne.store import rows
from onetonne.store.faults import HeadMoved
from onetonne.store.look_up import LookUp
from onetonne.store.rows import Engine
from onetonne.store.schema import JOURNAL, OPENINGS, REQUESTS

MAX_KEY = 200
"""Characters of an idempotency key: an index holds each of them for ever."""
AHEAD = 125
"""Entries that the store is given at a time: it writes them while the next are decided."""
MAX_BATCH = 10_000
"""Requests of one transaction; beyond that a commit holds other writers for too long."""


class Answer(msgspec.Struct, frozen=True):
    """What became of a request: its entry, or its refusal. `repeated`: an idempotency key
    met its earlier entry. `dry`: decided, not written."""

    entry: Entry | None = None
    refusal: Refusal | None = None
    repeated: bool = False
    dry: bool = False


class Fenced(RuntimeError):
    """Another process took the ledger over; this one must open it anew."""


def fence(db: Engine, evict: bool = False) -> int:
    """Take a ledger over: every writer that is open now is refused from here on. Returns the
    new epoch. `evict` first ends the connection of a writer that hangs (PostgreSQL)."""
    if evict:
        db.evict()
    db.begin()
    try:
        epoch: int = db.query("UPDATE head SET epoch = epoch + 1 RETURNING epoch")[0][0]
        db.commit()
    except BaseException:
        db.rollback()
        raise
    return epoch


def now() -> int:
    """The service's clock: UTC microseconds."""
    return time.time_ns() // 1_000


class Writer:
    """The writer of one ledger, over one connection. Not for sharing between threads: see
    `queue.Queue` for many clients."""

    def __init__(self, db: Engine, law: Law, clock: Callable[[], int] = now) -> None:
        self.db, self.law, self.clock = db, law, clock
        zone = db.query("SELECT value FROM meta WHERE name = 'zone'")
        self.zone = ZoneInfo(zone[0][0] if zone else "UTC")
        self.state, self.epoch = rows.open_state(db)
        self.today = Today(self.zone)

    def execute(
        self, batch: Sequence[Request] | Callable[[], Sequence[Request]], dry: bool = False
    ) -> list[Answer]:
        """Answer each request, in order; all that were accepted are durable on return.

        A batch that must speak of the state as it stands (a holdings root) is a function: it
        is called when no other writer can come between.
        Raises a StoreError that says what is true of the batch, or Fenced; either way the
        next call starts from what the store holds.
        """
        try:
            with without_gc():
                return self._run(batch, dry)
        except (Unwritable, UnicodeEncodeError):
            if callable(batch):
                raise
        # Text that cannot be written fails its own request, not those that came along with it.
        refusals = [unwritable(request) for request in batch]
        good = [request for request, no in zip(batch, refusals, strict=True) if no is None]
        answers = iter(self._run(good, dry))
        return [next(answers) if no is None else Answer(refusal=no, dry=dry) for no in refusals]

    def _run(
        self, batch: Sequence[Request] | Callable[[], Sequence[Request]], dry: bool
    ) -> list[Answer]:
        committing = False
        try:
            self.db.begin_at_head()
            if callable(batch):
                self._catch_up()
                batch = batch()
            if len(batch) > MAX_BATCH:
                raise ValueError(f"{len(batch)} requests in a batch; at most {MAX_BATCH}")
            answers = self._execute(batch, dry)
            if dry:
                self.db.rollback()
            else:
                committing = True
                self.db.commit()
        except BaseException as error:
            fault = self.db.fault(error, committing)
            self._undo()
            if isinstance(error, HeadMoved):
                raise Fenced("the head moved under this writer: reopen the ledger") from error
            if fault is not None:
                raise fault from error
            raise
        if dry:
            self.state = State()
        else:
            rows.forget(self.state)
        return answers

    def _undo(self) -> None:
        """Nothing of this batch stays: not in the store, not in memory."""
        self.state = State()
        self.db.rollback()

    def _execute(self, batch: Sequence[Request], dry: bool) -> list[Answer]:
        work = _Batch(self.db, self.state)
        sealed = work.seal(batch)
        look = self._look_up(sealed)
        work.state, after = self.state, self.state.seq
        at = max(self.clock(), self.state.at)
        day = self.today(at)
        for given, request, opened in zip(batch, sealed, work.opened, strict=True):
            if len(work.answers) == look.ready:
                if work.journal and not dry:
                    work.save(look.before)
                look.more()
            answer = self._answer(work, given, request, at, day)
            work.answers.append(answer)
            if answer.entry is not None and not answer.repeated:
                work.openings += opened  # a refused name leaves no trace
            if len(work.journal) == AHEAD and not dry:
                work.save(look.before)
        if not dry and self.state.seq > after:
            work.save(look.before)
            head = (self.state.seq, self.state.at, *(self.state.counts[n] for n in rows.COUNTS))
            self.db.set_head(head, after, self.epoch)
        return [msgspec.structs.replace(a, dry=True) for a in work.answers] if dry else work.answers

    def _look_up(self, requests: Sequence[Request]) -> LookUp:
        """Send for what requests name. The head travels along; where it shows that another process
        wrote, the same is sent for again without what was cached."""
        look = LookUp(self.db, self.state, requests, self._day_of_entry)
        if self._catch_up():
            look = LookUp(self.db, self.state, requests, self._day_of_entry)
        return look

    def _catch_up(self) -> bool:
        """Drop what is cached when another process wrote; refuse when we were fenced."""
        seq, epoch = self.db.head()
        if epoch != self.epoch:
            raise Fenced(f"the ledger is in epoch {epoch}, this writer in {self.epoch}: reopen it")
        if seq == self.state.seq:
            return False
        self.state, self.epoch = rows.open_state(self.db)
        return True

    def _answer(
        self, work: "_Batch", given: Request, request: Request, at: int, day: date
    ) -> Answer:
        seen = work.seen(given)
        if seen is not None:
            return seen
        request = msgspec.structs.replace(request, at=at)
        refusal = permitted(self.state, request, self.law)
        if refusal is not None:
            return Answer(refusal=refusal)
        entry = decide(self.state, request, self.law, day)
        if isinstance(entry, Refusal):
            msgspec.json.encode(entry.facts)  # what is no text is told as such, not repeated
            return Answer(refusal=entry)
        data = codec.encode(entry)
        if len(data) > codec.MAX_ENTRY_BYTES:
            facts = {"bytes": len(data), "limit": codec.MAX_ENTRY_BYTES}
            return Answer(refusal=Refusal("entry_too_large", facts))
        if holds_nul(data):
            return Answer(refusal=_no_text("text", "NUL", "text without NUL"))
        apply(self.state, entry)
        # Later requests of this batch may cite this entry, or act on what it moved.
        self.state.entries[entry.seq] = entry
        self.state.days[entry.seq] = entry.effective or day
        work.add(request, entry, data)
        return Answer(entry=entry)

    def _day_of_entry(self, entry: Entry) -> date:
        return entry.effective or day_of(entry.at, self.zone)


class _Batch:
    """What one transaction gathers and has not given to the store yet: journal rows, marks,
    idempotency keys, openings, and the lots whose holdings changed."""

    def __init__(self, db: Engine, state: State) -> None:
        self.db, self.state = db, state
        self.answers: list[Answer] = []
        self.journal: list[tuple[int, bytes, bytes]] = []
        self.marks: list[tuple[int, int]] = []
        self.keys: dict[str, tuple[str, str, int]] = {}
        self.new_keys: list[tuple[str, str, int]] = []
        self.lots: set[int] = set()
        self.opened: list[list[tuple[str, str, str]]] = []  # by request, as it was sealed
        self.openings: list[tuple[str, str, str]] = []
        self.known: dict[str, tuple[str, str, int]] = {}

    def seal(self, batch: Sequence[Request]) -> list[Request]:
        """The batch with names as commitments; known idempotency keys are looked up."""
        keys = [request.key for request in batch if request.key]
        if any(map(_bad_key, keys)):
            raise Unwritable("an idempotency key")
        if keys:
            self.known = {row[0]: row for row in self.db.by_key(REQUESTS, keys)}
        return [self._seal(request) for request in batch]

    def _seal(self, request: Request) -> Request:
        opened: list[tuple[str, str, str]] = []
        self.opened.append(opened)
        if NAMED.isdisjoint(map(type, request.acts)):
            return request
        acts: tuple[Act, ...] = tuple([seal(act, opened) for act in request.acts])
        return msgspec.structs.replace(request, acts=acts)

    def seen(self, given: Request) -> Answer | None:
        """The earlier answer to a repeated request; a refusal when the key was another's."""
        if not given.key:
            return None
        row = self.keys.get(given.key) or self.known.get(given.key)
        if row is None:
            return None
        digest, names = request_digest(given)
        earlier, *commitments = row[1].split(" ")
        if earlier != digest or not self._open(commitments, names):
            facts = {"key": given.key, "entry": row[2]}
            return Answer(refusal=Refusal("key_reused", facts))
        entry = self.state.entries.get(row[2])
        if entry is None:
            entry = codec.decode(self.db.by_key(JOURNAL, [row[2]])[0][2])
        return Answer(entry=entry, repeated=True)

    def _open(self, commitments: list[str], names: list[str]) -> bool:
        """Whether names open the commitments of an earlier request; one that was erased since
        is not compared."""
        pending = [row for row in self.openings if row[0] in commitments]
        kept = [*pending, *self.db.by_key(OPENINGS, commitments)] if commitments else []
        salts = {told: salt for told, salt, _ in kept if salt}
        pairs = zip(commitments, names, strict=False)
        return all(commitment(salts[c], name) == c for c, name in pairs if c in salts)

    def add(self, sealed: Request, entry: Entry, data: bytes) -> None:
        seq = entry.seq
        self.journal.append((seq, leaf_hash(data), data))
        self.marks += [(account, seq) for account in accounts_of(entry)]
        self.lots |= lots_of(entry)
        if key := sealed.key:
            digest, commitments = request_digest(sealed)
            self.keys[key] = (key, " ".join((digest, *commitments)), seq)
            self.new_keys.append(self.keys[key])

    def save(self, before: rows.Before) -> None:
        """Give what was gathered to the store. A number of marks finds its places in order."""
        rows.save_journal(self.db, self.journal)
        self.db.insert("marks", ("account", "seq"), sorted(self.marks))
        rows.save(self.db, self.state, before, sorted(self.lots))
        if self.new_keys:
            self.db.insert("requests", REQUESTS.names, self.new_keys)
        if self.openings:
            self.db.insert("openings", OPENINGS.names, self.openings)
        for gathered in (self.journal, self.marks, self.new_keys, self.openings, self.lots):
            gathered.clear()


def unwritable(request: Request) -> Refusal | None:
    """Why a request cannot be written: a text too long for a seal, no Unicode, one with a NUL, or
    an idempotency key that no index takes."""
    if _bad_key(request.key):
        expected = f"at most {MAX_KEY} characters, none of them NUL"
        return _no_text("key", ascii(request.key[:80])[1:-1], expected)
    try:
        for act in request.acts:
            seal(act, [])
        msgspec.json.encode(request)
    except SealedTextTooLong as error:
        found = f"{error.length:,} characters long"
        return _no_text(error.field, found, f"{MAX_TEXT:,} characters at most")
    except UnicodeEncodeError as error:
        found = ascii(error.object[error.start : error.end])
        return _no_text("text", found, "Unicode text")
    except Unwritable:
        return _no_text("text", "NUL", "text without NUL")
    return None


def _no_text(field: str, found: str, expected: str) -> Refusal:
    return Refusal("bad_text", {"field": field, "found": found, "expected": expected})


def _bad_key(key: str) -> bool:
    return len(key) > MAX_KEY or "\0" in key


def request_digest(request: Request) -> tuple[str, list[str]]:
    """What an idempotency key names: SHA-256 in hex of who asks for what, as given but for its
    sealed texts; and these, in order. A digest over a name would let it be guessed for ever."""
    texts: list[str] = []
    acts = tuple([blank(act, texts) for act in request.acts])
    content = b"|".join(
        (
            str(request.by).encode(),
            encode_acts(acts),
            str(request.effective or "").encode(),
            request.cites.encode(),
        )
    )
    return hashlib.sha256(content).hexdigest(), texts


def new_account_number(key: str = "") -> int:
    """A random account number with check digits; under an idempotency key the same each time,
    so that a request sent again asks for the same."""
    span = account_numbers.LAST_BODY - account_numbers.FIRST_BODY + 1
    return account_numbers.with_check(account_numbers.FIRST_BODY + _drawn("account", key, span))


def new_person_number(key: str = "") -> int:
    """A random number for a person: eight digits; under an idempotency key the same each time."""
    return 10_000_000 + _drawn("person", key, 90_000_000)


def _drawn(what: str, key: str, below: int) -> int:
    if not key:
        return secrets.randbelow(below)
    digest = hashlib.sha256(f"{what}\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest) % below
