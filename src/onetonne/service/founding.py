"""Founding a ledger: its tables, its sinks and its first registrar, as entry 1."""

import secrets
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onetonne.base.commitments import commitment
from onetonne.base.merkle import leaf_hash
from onetonne.base.parties import is_party
from onetonne.ledger import codec
from onetonne.ledger.events import VERSION, Enrolled, Entry, Founded
from onetonne.ledger.state import CLOCK, State, apply
from onetonne.ledger.units import Law
from onetonne.service.execute import new_person_number, now
from onetonne.store import rows
from onetonne.store.rows import Engine
from onetonne.store.schema import OPENINGS

FIRST_SINKS = {"retirement": 1, "surrender": 2, "conversion": 3}
FIRST_CANCELLATION = 10
HEAD = ("id", "seq", "at", "epoch", "lot", "lock", "proposal", "certificate")


class CannotFound(ValueError):
    """A ledger cannot be founded so; `en` and `zh` say what to change."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


def check_founding(ledger: str, party: str, zone: str) -> None:
    """Raises CannotFound for a bad log origin, Party or time zone."""
    if not is_party(party):
        raise CannotFound(
            f"{party!r} is no Party. Give its two-letter code (ISO 3166-1, or EU), e.g. TW.",
            f"{party!r} 不是締約方。請填二位代碼（ISO 3166-1 或 EU），例如 TW。",
        )
    if not ledger or any(c.isspace() or c == "+" for c in ledger) or len(ledger) > 200:
        raise CannotFound(
            f"{ledger!r} is no log name. Write one without blanks or +, e.g. registry.example/tw.",
            f"{ledger!r} 不能作為日誌名稱。不得含空白或 +，例如 registry.example/tw。",
        )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CannotFound(
            f"{zone!r} is no time zone. Write one by its IANA name, e.g. Asia/Taipei.",
            f"{zone!r} 不是時區。請填 IANA 名稱，例如 Asia/Taipei。",
        ) from error


def found(
    db: Engine,
    law: Law,
    ready: Callable[[], None] = lambda: None,
    *,
    ledger: str,
    party: str,
    zone: str = "UTC",
    registrar: str = "registrar",
    clock: Callable[[], int] = now,
) -> int:
    """Make an empty ledger in `db`; return the first registrar's person number.

    `ledger` is the log's origin, e.g. `registry.example/tw`; `zone` an IANA time zone. `ready` is
    called when it is certain that no ledger stands here, and that nobody else founds one.
    Raises CannotFound for a bad Party, zone or name.
    """
    check_founding(ledger, party, zone)
    person, salt = new_person_number(), secrets.token_hex(16)
    name = commitment(salt, registrar)
    entry = Entry(
        v=VERSION,
        seq=1,
        at=clock(),
        by=CLOCK,
        law=law.digest,
        events=(
            Founded(ledger=ledger, party=party, zone=zone, sinks=sinks(law)),
            Enrolled(person=person, name=name, roles=("registrar", "authority")),
        ),
    )
    state = State()
    apply(state, entry)
    data = codec.encode(entry)
    try:
        db.begin()
        if db.founded():
            raise CannotFound(
                "There is a ledger already. Choose another address with --ledger.",
                "此處已有帳本。請以 --ledger 另選位址。",
            )
        ready()
        db.create()
        db.insert("meta", ("name", "value"), [("ledger", ledger), ("party", party), ("zone", zone)])
        db.insert("head", HEAD, [(1, 1, entry.at, 1, 0, 0, 0, 0)])
        rows.save_journal(db, [(1, leaf_hash(data), data)])
        rows.save(db, state, {})
        db.insert("openings", OPENINGS.names, [(name, salt, registrar)])
        db.commit()
    except BaseException:
        db.rollback()
        raise
    return person


def sinks(law: Law) -> dict[str, int]:
    """Every end that the lawbook knows, by reserved account number."""
    kinds = enumerate(sorted(law.cancellation_kinds), FIRST_CANCELLATION)
    return FIRST_SINKS | {kind: number for number, kind in kinds}
