"""Levies of cooperative approaches, for the tests of the kernel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.ledger.article6_rows import (
    ABROAD,
    APPROACH,
    AT_USE,
    BEGUN,
    DIGEST,
    FLY,
    FOR_ALL,
    JAPAN,
    LOA,
    LOT,
    MITIGATION,
    N,
    _moved,
    authorised,
    transferred,
    used,
)
from tests.ledger.given import DAY, PAIR, SECOND, A, ask, block
from tests.ledger.mechanism_rows import FUND, OMGE

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.article6.levies import Share
from onetonne.ledger.commands import Act

POLICY = a6.SetLevyPolicy(
    approach="CA9001", sop="1/20", sop_kind="UNITS", omge="1/50", digest=DIGEST
)
CASH = replace(POLICY, sop_kind="CASH", rounding="CARRY")
OF_ISSUED = replace(POLICY, base="ISSUED", sop="5/100")
OPEN = c.OpenAccount(account=FUND, kind="adaptation_fund")
LEVYING: tuple[Act, ...] = (*BEGUN, OPEN, POLICY)
ALL = replace(ABROAD, items=block("1-100"))
WIDE = replace(LOA, cap=0)
EVERY = replace(FOR_ALL, cap=0)
OF_PAIR = replace(LOT, account=PAIR)
PLEDGE = c.Lock(source=A, items=block("50"), kind="pledge", lift_by=SECOND)
REFUSED: tuple[tuple[str, tuple[Act, ...], Any, dict[str, Any]], ...] = (
    ("unknown_approach", (), POLICY, {"approach": "CA9001"}),
    ("unknown_kind", (APPROACH,), replace(POLICY, sop_kind="LUCK"), {"kind": "LUCK"}),
    ("unknown_kind", (APPROACH,), replace(POLICY, base="LUCK"), {"kind": "LUCK"}),
    ("unknown_kind", (APPROACH,), replace(POLICY, rounding="LUCK"),
     {"known": "CEIL, FLOOR, HALF_UP, CARRY"}),
    ("bad_text", (APPROACH,), replace(POLICY, sop="1/1"), {"field": "sop", "found": "1/1"}),
    ("bad_text", (APPROACH,), replace(POLICY, sop="0.05"), {"field": "sop"}),
    ("bad_text", (APPROACH,), replace(POLICY, omge="0/1"), {"field": "omge"}),
    ("bad_text", (APPROACH,), replace(POLICY, sop=""), {"field": "sop_kind"}),
    ("bad_text", (APPROACH,), replace(POLICY, sop_kind="NONE"), {"field": "sop_kind"}),
    ("bad_text", (APPROACH,), replace(POLICY, sop="1/2", omge="51/100"), {"found": "51/100"}),
    ("too_many_items", (APPROACH,), replace(POLICY, exempt=("P1",) * 301), {"count": 301}),
    ("unknown_project", (APPROACH,), replace(POLICY, exempt=("P9",)), {"project": "P9"}),
    ("bad_digest", (APPROACH,), replace(POLICY, digest="x"), {}),
    ("no_account_of_kind", (*BEGUN, POLICY, LOT, LOA), ABROAD, {"kind": "adaptation_fund"}),
    ("locked", (*LEVYING, LOT, PLEDGE), replace(EVERY, items=block("50-60")),
     {"serials": "50", "account": A}),
    ("act_not_permitted_for_unit",
     (*BEGUN, replace(POLICY, sop="", sop_kind="NONE"), WIDE),
     replace(LOT, unit="ALW", account=JAPAN, facts={"system": "S", "period": "2025"}),
     {"act": "cancel", "sink": "omge"}),
)  # fmt: skip


def share(name: str, rate: str, exact: str, units: int, **how: Any) -> Share:
    return Share(name, rate, how.pop("mode", "CEIL"), exact, units, **how)


def levied(first: int, next_: int, *shares: Share, **how: Any) -> e6.ApproachLevied:
    usual: dict[str, Any] = {
        "lot": 1, "approach": "CA9001", "policy": 1, "authorisation": "A1", "version": 1,
        "base": "FIRST_TRANSFERRED", "day": DAY, "shares": shares,
        "rest": next_ - first - sum(one.units for one in shares),
    }  # fmt: skip
    return e6.ApproachLevied(blocks=((first, next_),), **(usual | how))


ONE_OF_TEN = (share("sop", "1/20", "1/2", 1), share("omge", "1/50", "1/5", 1))
OF_HUNDRED = (share("sop", "1/20", "5", 5), share("omge", "1/50", "2", 2))
ENDED = ev.Cancelled(source=A, kind="omge")
AT = N + len(LEVYING)
"""The entry that issues the lot."""
SET = e6.LevyPolicySet(
    approach="CA9001", version=1, day=DAY, digest=DIGEST, sop="1/20", sop_kind="UNITS", omge="1/50"
)
GOES = (
    _moved(92, 100, A, JAPAN, (0, AT)),
    transferred(92, 100),
    transferred(90, 92, "levy"),
    levied(90, 100, *ONE_OF_TEN),
    _moved(90, 91, A, FUND, (0, AT)),
    ENDED,
    _moved(91, 92, A, OMGE, (91, AT)),
)
"""Ten units go abroad: one for adaptation, one for overall mitigation, eight arrive."""
_ISSUED = ev.Issued(
    lot=1, unit="CRED", size=100, account=A, first_number="1", vintage=2024, host="TW"
)
_CARRIED = {"mode": "CARRY"}
MADE: tuple[tuple[str, tuple[Any, ...], Any, tuple[Any, ...]], ...] = (
    ("set what an approach levies", (APPROACH,), POLICY, (SET,)),
    ("set it anew, to nothing", (APPROACH, POLICY),
     a6.SetLevyPolicy(approach="CA9001", digest=DIGEST),
     (e6.LevyPolicySet(approach="CA9001", version=2, day=DAY, digest=DIGEST),)),
    ("units go abroad and are levied", (*LEVYING, LOT, LOA), ABROAD, GOES),
    ("they go in two pieces, levied as one", (*LEVYING, LOT, LOA),
     replace(ABROAD, items=(*block("95-100"), *block("11-14"))),
     (_moved(94, 100, A, JAPAN, (0, AT)), _moved(12, 14, A, JAPAN, (0, AT)),
      transferred(94, 100), transferred(12, 14), transferred(10, 12, "levy"),
      replace(levied(10, 14, *ONE_OF_TEN), blocks=((10, 14), (94, 100)), rest=8),
      _moved(10, 11, A, FUND, (0, AT)), ENDED, _moved(11, 12, A, OMGE, (11, AT)))),
    ("one unit goes, all of it for adaptation", (*LEVYING, LOT, LOA),
     replace(ABROAD, items=block("7")),
     (transferred(6, 7, "levy"),
      levied(6, 7, share("sop", "1/20", "1/20", 1), share("omge", "1/50", "1/50", 0),
             levy_capped=True),
      _moved(6, 7, A, FUND, (0, AT)))),
    ("in money nothing moves", (*BEGUN, CASH, LOT, LOA), ABROAD,
     (_moved(90, 100, A, JAPAN, (0, AT - 1)), transferred(90, 100),
      levied(90, 100, share("omge", "1/50", "1/5", 0, carry="1/5", **_CARRIED),
             owed=(share("sop", "1/20", "1/2", 0, carry="1/2", **_CARRIED),)))),
    ("what was carried counts", (*BEGUN, CASH, LOT, LOA, ABROAD),
     replace(ABROAD, items=block("81-90")),
     (_moved(80, 90, A, JAPAN, (0, AT - 1)), transferred(80, 90),
      levied(80, 90, share("omge", "1/50", "2/5", 0, carry="2/5", **_CARRIED),
             owed=(share("sop", "1/20", "1", 1, **_CARRIED),)))),
    ("what is exempt is not levied",
     (*BEGUN, replace(POLICY, exempt=("P1",)), replace(LOT, project="P1"), LOA), ABROAD,
     (_moved(90, 100, A, JAPAN, (0, AT - 1)), transferred(90, 100))),
    ("a policy of another approach takes nothing",
     (*BEGUN, replace(APPROACH, approach="CA9003"), replace(POLICY, approach="CA9003"), LOT, LOA),
     ABROAD, (_moved(90, 100, A, JAPAN, (0, AT)), transferred(90, 100))),
    ("a policy holds from its day on", (*LEVYING, LOT),
     ask(EVERY, effective=DAY - timedelta(1), cites="d"),
     (authorised(EVERY, day=DAY - timedelta(1), purposes=("NDC", "IMP", "OP")),
      transferred(0, 100, "authorisation", day=DAY - timedelta(1)))),
    ("issued under it, levied at once", (*BEGUN, OPEN, OF_ISSUED, WIDE), LOT,
     (_ISSUED, transferred(0, 7, "levy"), levied(0, 100, *OF_HUNDRED, base="ISSUED"),
      _moved(0, 5, A, FUND, (0, AT + 1)), ENDED, _moved(5, 7, A, OMGE, (5, AT + 1)))),
    ("issued under it, as far as the cap reaches", (*BEGUN, OPEN, OF_ISSUED, replace(LOA, cap=10)),
     LOT,
     (_ISSUED, transferred(0, 2, "levy"), levied(0, 10, *ONE_OF_TEN, base="ISSUED"),
      _moved(0, 1, A, FUND, (0, AT + 1)), ENDED, _moved(1, 2, A, OMGE, (1, AT + 1)))),
    ("levied at issuance, not again", (*BEGUN, OPEN, OF_ISSUED, WIDE, LOT), ABROAD,
     (_moved(90, 100, A, JAPAN, (7, AT + 1)), transferred(90, 100))),
    ("not levied at issuance, but when it goes", (*BEGUN, OPEN, OF_ISSUED, LOT, LOA), ABROAD,
     GOES),
    ("units that exist, by the authorisation, of two people", (*LEVYING, OF_PAIR), EVERY,
     (authorised(EVERY, purposes=("NDC", "IMP", "OP")), transferred(0, 100, "authorisation"),
      levied(0, 100, *OF_HUNDRED), _moved(0, 5, PAIR, FUND, (0, AT)),
      replace(ENDED, source=PAIR), _moved(5, 7, PAIR, OMGE, (5, AT)))),
    ("units that stand abroad when they are authorised",
     (*LEVYING, replace(LOT, account=JAPAN)), WIDE,
     (authorised(WIDE), transferred(7, 100), transferred(0, 7, "levy"),
      levied(0, 100, *OF_HUNDRED), _moved(0, 5, JAPAN, FUND, (0, AT)),
      replace(ENDED, source=JAPAN), _moved(5, 7, JAPAN, OMGE, (5, AT)))),
    ("a use is of the rest", (*LEVYING, LOT, AT_USE), FLY,
     (transferred(2, 10, "use"), used(2, 10, source=A, purpose="IMP", programme="CORSIA"),
      _moved(2, 10, A, MITIGATION, (0, AT)), transferred(0, 2, "levy"), levied(0, 10, *ONE_OF_TEN),
      _moved(0, 1, A, FUND, (0, AT)), ENDED, _moved(1, 2, A, OMGE, (1, AT)))),
)  # fmt: skip
Breaches = tuple[tuple[str, str, dict[str, Any]], ...]
GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (POLICY, (
        ("unknown_approach", "the approach is unknown", {"approach": "CA9009"}),
        ("unknown_kind", "the kind of share of proceeds is unknown", {"sop_kind": "LUCK"}),
        ("unknown_kind", "the base is unknown", {"base": "LUCK"}),
        ("unknown_kind", "the rounding is unknown", {"rounding": "LUCK"}),
        ("bad_text", "a share is none below one", {"sop": "1/1"}),
        ("bad_text", "a share of proceeds without its kind, or a kind without it",
         {"sop_kind": "NONE"}),
        ("bad_text", "the shares are more than one together", {"omge": "99/100"}),
        ("too_many_items", "more than 300 projects are exempt", {"exempt": ("P1",) * 301}),
        ("unknown_project", "an exempt project is unknown", {"exempt": ("P9",)}),
        ("bad_digest", "the digest is no SHA-256 in hex", {"digest": "x"}),
    )),
)  # fmt: skip
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (
    ("set what an approach levies", POLICY, {}),
    ("exempt a project", replace(POLICY, exempt=("P1",)), {"projects": {"P1"}}),
)
