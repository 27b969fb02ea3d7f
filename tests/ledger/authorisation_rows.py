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
    MITIGATION,
    NDC,
    REACHING,
    REVOKE,
    SOLD,
    USE,
    N,
    authorised,
    loa,
    transferred,
    used,
)
from tests.ledger.given import CONVERSION, DAY, RETIREMENT, B, block

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
WITHDRAW = a6.WithdrawEntity(authorisation="A1", account=JAPAN, digest=DIGEST)
TO_JAPAN = replace(LOA, entities=(JAPAN,))
OUT: tuple[Act, ...] = (*BEGUN, NDC, LOT, TO_JAPAN, ABROAD, WITHDRAW)
"""10 units came to the Japanese account before it was withdrawn."""
SINGAPORE = c.OpenAccount(account=1022, party="SG")
BACK = c.Transfer(source=JAPAN, target=1022, items=block("91-92"))
AGAIN = c.Transfer(source=1022, target=JAPAN, items=block("91"))
FLYING = (*BEGUN, LOT, AT_USE, FLY, replace(WITHDRAW, account=AT_USE.entities[0]))
REFUSED = (
    *REFUSED,
    ("unknown_authorisation", BEGUN, WITHDRAW, {"authorisation": "A1"}),
    ("authorisation_revoked", (*BEGUN, TO_JAPAN, REVOKE), WITHDRAW, {}),
    ("entity_not_authorised", (*BEGUN, LOA), WITHDRAW, {"account": JAPAN}),
    ("entity_withdrawn", OUT, WITHDRAW, {"account": JAPAN, "authorisation": "A1"}),
    ("entity_withdrawn", OUT, replace(CHANGED, entities=(JAPAN,)), {"account": JAPAN}),
    ("entity_withdrawn", OUT, replace(ABROAD, items=block("81-90")), {"account": JAPAN}),
    ("entity_withdrawn", (*OUT, CHANGED), replace(ABROAD, items=block("81-90")), {}),
    ("entity_withdrawn", FLYING, replace(FLY, items=block("11-20")), {}),
    ("entity_withdrawn", OUT, replace(LOT, account=JAPAN), {}),
    ("kept_from_entity", (*OUT, SINGAPORE, BACK), AGAIN,
     {"account": JAPAN, "serials": "91", "authorisation": "A1", "lot": 1}),
    ("kept_from_entity", (*OUT, SINGAPORE, BACK),
     c.Convert(source=1022, target=JAPAN, items=block("91"), rule="WHOLE"), {"serials": "91"}),
    ("bad_digest", (*BEGUN, TO_JAPAN), replace(WITHDRAW, digest="x"), {}),
)  # fmt: skip
_BOTH = (JAPAN, SINGAPORE.account)
_SOLD = N + len(OUT) - 2
MADE = (
    *MADE,
    ("withdraw an entity", (*BEGUN, TO_JAPAN), WITHDRAW,
     (e6.EntityWithdrawn(**_VERSION, account=JAPAN),)),
    ("use what an entity had before it was withdrawn", OUT, USE,
     (used(90, 100, source=JAPAN, purpose="NDC", party="JP", year=2030),
      ev.Moved(lot=1, first=90, next=100, source=JAPAN, target=RETIREMENT,
               held=((90, _SOLD),)))),
    ("use for CORSIA what an entity had",
     (*BEGUN, LOT, replace(AT_USE, first_transfer="authorisation"),
      replace(WITHDRAW, account=AT_USE.entities[0])), FLY,
     (used(0, 10, source=AT_USE.entities[0], purpose="IMP", programme="CORSIA"),
      ev.Moved(lot=1, first=0, next=10, source=AT_USE.entities[0], target=MITIGATION,
               held=((0, N + len(BEGUN)),)))),
    ("another entity still gets them",
     (*BEGUN, SINGAPORE, LOT, replace(LOA, entities=_BOTH), WITHDRAW),
     replace(ABROAD, target=1022),
     (ev.Moved(lot=1, first=90, next=100, source=LOT.account, target=1022,
               held=((0, N + len(BEGUN) + 1),)), transferred(90, 100))),
    ("convert what it had", OUT, c.Convert(source=JAPAN, items=block("91"), rule="WHOLE"),
     (ev.Converted(
         rule="WHOLE", ratio="1/1", rounding="down",
         burnt=(ev.Moved(lot=1, first=90, next=91, source=JAPAN, target=CONVERSION,
                         held=((90, _SOLD),)),),
         issued=ev.Issued(lot=2, unit="OUT", size=1, account=JAPAN, first_number="1",
                          vintage=2024, host="TW", origin="conversion:WHOLE")),
      transferred(0, 1, "conversion", lot=2))),
    ("give it back what a correction undoes", (*OUT, SINGAPORE, BACK),
     c.Correct(entry=N + len(OUT) + 1, reason="r"),
     (ev.Corrected(entry=N + len(OUT) + 1, reason="r"),
      ev.Moved(lot=1, first=90, next=92, source=1022, target=JAPAN,
               held=((90, N + len(OUT) + 1),)))),
    ("authorise nothing anew that a withdrawn entity holds",
     (*BEGUN, LOT, ABROAD, replace(LOA, vintage_to=2023, entities=(JAPAN,)), WITHDRAW),
     CHANGED, (authorised(version=2),)),
)  # fmt: skip
WORLD: tuple[Act, ...] = (
    loa("S", vintage_from=2042, vintage_to=2042, units=("OUT",)),
    replace(SUSPEND, authorisation="S"),
    loa("E", vintage_from=2043, vintage_to=2043, entities=(JAPAN, B)),
    replace(WITHDRAW, authorisation="E", account=B),
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
    (replace(WITHDRAW, authorisation="E"), (
        _UNKNOWN,
        _REVOKED,
        ("entity_withdrawn", "the account was withdrawn before", {"account": B}),
        ("entity_not_authorised", "it names no such account", {"account": 4242}),
        _NO_DIGEST,
    )),
)  # fmt: skip
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (
    ("suspend", SUSPEND, {}),
    ("resume", RESUME, {}),
    ("withdraw an entity", WITHDRAW, {"accounts": {JAPAN}}),
)
