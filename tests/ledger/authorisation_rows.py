"""What becomes of an authorisation after it is made, for the tests of the kernel."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from tests.ledger.article6_rows import (
    ABROAD,
    AT_USE,
    BEGUN,
    CHANGED,
    DIGEST,
    FLY,
    FOR_ALL,
    JAPAN,
    LOA,
    LOT,
    REACHING,
    REVOKE,
    SOLD,
    USE,
    N,
    loa,
    used,
)
from tests.ledger.given import DAY, RETIREMENT, block

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.commands import Act

SUSPEND = a6.SuspendAuthorisation(authorisation="A1", digest=DIGEST)
RESUME = a6.ResumeAuthorisation(authorisation="A1", digest=DIGEST)
SUSPENDED = {"authorisation": "A1", "entry": N + len(SOLD)}
REFUSED: tuple[tuple[str, tuple[Act, ...], Act, dict[str, Any]], ...] = (
    ("unknown_authorisation", BEGUN, SUSPEND, {"authorisation": "A1"}),
    ("authorisation_revoked", (*BEGUN, LOA, REVOKE), SUSPEND, {}),
    ("authorisation_suspended", (*SOLD, SUSPEND), SUSPEND, SUSPENDED),
    ("authorisation_suspended", (*SOLD, SUSPEND), CHANGED, SUSPENDED),
    ("authorisation_suspended", (*SOLD, SUSPEND), replace(ABROAD, items=block("81-90")), SUSPENDED),
    ("authorisation_suspended", (*BEGUN, LOT, AT_USE, SUSPEND), FLY, {"authorisation": "A1"}),
    ("authorisation_overlaps", (*BEGUN, LOA, SUSPEND), loa("A2"), {"other": "A1"}),
    ("bad_digest", (*BEGUN, LOA), replace(SUSPEND, digest="x"), {}),
    ("unknown_authorisation", BEGUN, RESUME, {"authorisation": "A1"}),
    ("authorisation_revoked", (*BEGUN, LOA, SUSPEND, REVOKE), RESUME, {}),
    ("authorisation_in_force", (*BEGUN, LOA), RESUME, {"authorisation": "A1"}),
    ("authorisation_in_force", (*BEGUN, LOA, SUSPEND, RESUME), RESUME, {}),
    ("bad_digest", (*BEGUN, LOA, SUSPEND), replace(RESUME, digest="x"), {}),
)
_VERSION: dict[str, Any] = {"authorisation": "A1", "version": 1, "day": DAY, "digest": DIGEST}
_LOT_ISSUED = ev.Issued(
    lot=1, unit="CRED", size=100, account=LOT.account, first_number="1", vintage=2024, host="TW"
)
MADE: tuple[tuple[str, tuple[Act, ...], Act | c.Request, tuple[Any, ...]], ...] = (
    ("suspend", SOLD, SUSPEND, (e6.AuthorisationSuspended(**_VERSION),)),
    ("resume", (*SOLD, SUSPEND), RESUME, (e6.AuthorisationResumed(**_VERSION),)),
    ("revoke what is suspended", (*SOLD, SUSPEND), REVOKE,
     (e6.AuthorisationRevoked(**_VERSION),)),
    ("use what was first transferred under one that is suspended", (*SOLD, SUSPEND), USE,
     (used(90, 100, source=JAPAN, purpose="NDC", party="JP", year=2030),
      ev.Moved(lot=1, first=90, next=100, source=JAPAN, target=RETIREMENT,
               held=((90, N + len(SOLD) - 1),)))),
    ("issue while what first transfers it is suspended", (*BEGUN, FOR_ALL, SUSPEND), LOT,
     (_LOT_ISSUED,)),
    ("issue after the revocation of what was suspended",
     (*BEGUN, REACHING, FOR_ALL, SUSPEND, REVOKE), LOT, (_LOT_ISSUED,)),
    ("issue once it is resumed", (*BEGUN, FOR_ALL, SUSPEND, RESUME), LOT,
     (_LOT_ISSUED,
      e6.FirstTransferred(lot=1, blocks=((0, 60),), authorisation="A1", version=1,
                          trigger="authorisation", day=DAY))),
)  # fmt: skip
WORLD: tuple[Act, ...] = (
    loa("S", vintage_from=2042, vintage_to=2042, units=("OUT",)),
    replace(SUSPEND, authorisation="S"),
)
Breaches = tuple[tuple[str, str, dict[str, Any]], ...]
_UNKNOWN = ("unknown_authorisation", "the authorisation is unknown", {"authorisation": "A8"})
_REVOKED = ("authorisation_revoked", "it was revoked", {"authorisation": "R"})
_NO_DIGEST = ("bad_digest", "the digest is no SHA-256 in hex", {"digest": "x"})
GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (SUSPEND, (
        _UNKNOWN,
        _REVOKED,
        ("authorisation_suspended", "it is suspended", {"authorisation": "S"}),
        _NO_DIGEST,
    )),
    (replace(RESUME, authorisation="S"), (
        _UNKNOWN,
        _REVOKED,
        ("authorisation_in_force", "it is not suspended", {"authorisation": "A1"}),
        _NO_DIGEST,
    )),
)  # fmt: skip
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (
    ("suspend", SUSPEND, {}),
    ("resume", RESUME, {}),
)
