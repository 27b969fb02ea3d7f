"""Acts of Article 6 for the tests of the kernel: what each refuses, makes, guards and reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.ledger.given import (
    CONVERSION,
    DAY,
    PAIR,
    RETIREMENT,
    SECOND,
    SURRENDER,
    VOLUNTARY,
    A,
    B,
    amount,
    ask,
    block,
    given,
)

from onetonne.ledger import commands as c
from onetonne.ledger import events as ev
from onetonne.ledger.acts.first_transfer import RESPONSIBILITIES
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.commands import Act, Item

DIGEST = "ab" * 32
TOMORROW, YESTERDAY = DAY + timedelta(1), DAY - timedelta(1)
JAPAN, STATE, MITIGATION = 1020, 1021, 19
"""An account in Japan, one of the ledger's own Party, and the end of units used for CORSIA."""
APPROACH = a6.RegisterApproach(approach="CA9001", parties=("TW", "JP", "SG"))
OTHER = a6.RegisterApproach(approach="CA9002", parties=("TW", "JP"))
READY = a6.DeclareParticipation(party="TW", met=RESPONSIBILITIES)
NDC = a6.RecordNdc(party="JP", first=2021, last=2030, kind="multi", method="budget", digest=DIGEST)
INVENTORY = a6.RecordInventory(party="TW", year=2024, value="1000", digest=DIGEST)
LOA = a6.Authorise(
    authorisation="A1", approach="CA9001", party="TW", purposes=("NDC",), digest=DIGEST, cap=60
)
FOR_ALL = replace(LOA, purposes=("NDC", "OIMP"), first_transfer="authorisation")
AT_USE = replace(
    LOA, purposes=("IMP",), first_transfer="use", programmes=("CORSIA",), entities=(A,)
)
CHANGED = a6.ChangeAuthorisation(**{
    name: getattr(LOA, name) for name in a6.Terms.__struct_fields__
})  # fmt: skip
REVOKE = a6.RevokeAuthorisation(authorisation="A1", digest=DIGEST)
CHOICE = a6.ChoosePolicy(policy="oimp_auth_ft_year", value="ISSUANCE_YEAR", digest=DIGEST)
ANY_PERIOD = a6.ChoosePolicy(policy="enforce_same_ndc_period", value="false", digest=DIGEST)
REACHING = a6.ChoosePolicy(policy="revoke_stops_future_auth_ft", value="false", digest=DIGEST)
LOT = c.Issue(unit="CRED", quantity=100, account=A, vintage=2024, host="TW")
OLD = replace(LOT, vintage=2020)
ABROAD = c.Transfer(source=A, target=JAPAN, items=block("91-100"))
ALL = replace(ABROAD, items=block("41-100"))
USE = a6.UseTowardsNdc(source=JAPAN, items=block("91-100"), party="JP", year=2030)
FLY = a6.UseForPurpose(source=A, items=block("1-10"), purpose="IMP", programme="CORSIA")
OPENED: tuple[Act, ...] = (
    c.OpenAccount(account=JAPAN, party="JP"),
    c.OpenAccount(account=STATE, party="TW", kind="party"),
)
BEGUN: tuple[Act, ...] = (*OPENED, APPROACH, READY)
SOLD: tuple[Act, ...] = (*BEGUN, NDC, LOT, LOA, ABROAD)
"""10 of 60 authorised units are first transferred to Japan."""


PAST = ask(replace(LOA, use_by=YESTERDAY), effective=YESTERDAY, cites="decision 1")


EXPIRED = ask(replace(FOR_ALL, use_by=YESTERDAY), effective=YESTERDAY, cites="decision 1")


def loa(code: str, **changes: Any) -> a6.Authorise:
    return replace(LOA, authorisation=code, **changes)


OWING = c.RegisterOperator(
    system="S", operator="JP-1", account=JAPAN, facts={"entity_class": "wide"}
)
GIVEN = (
    OWING,
    c.Surrender(
        source=JAPAN,
        items=block("91-100"),
        system="S",
        period="2025",
        operator="JP-1",
        ndc_effect="use",
    ),
)
"""What a buyer surrenders, as the operator that it is."""
NOTHING_OWED = ask(
    c.SetFigure(system="S", operator="JP-1", period="2025", figure="obligation", tonnes=0),
    cites="decision 1",
)
REFUSED: tuple[tuple[str, tuple[Act, ...], Act, dict[str, Any]], ...] = (
    ("unknown_approach", OPENED, LOA, {"approach": "CA9001"}),
    ("party_not_in_approach", BEGUN, replace(LOA, party="KR"), {"party": "KR"}),
    ("party_not_in_approach", BEGUN, replace(LOA, parties=("KR",)), {"party": "KR"}),
    ("participation_incomplete", (APPROACH,), LOA, {"missing": ", ".join(RESPONSIBILITIES)}),
    ("participation_incomplete", (*BEGUN, LOT, LOA, replace(READY, met=RESPONSIBILITIES[:5])),
     ABROAD, {"missing": "contribution"}),
    ("unknown_authorisation", BEGUN, REVOKE, {"authorisation": "A1"}),
    ("unknown_authorisation", BEGUN, CHANGED, {"authorisation": "A1"}),
    ("authorisation_revoked", (*BEGUN, LOT, LOA, REVOKE), ABROAD, {"authorisation": "A1"}),
    ("authorisation_revoked", (*BEGUN, LOA, REVOKE), REVOKE, {"authorisation": "A1"}),
    ("authorisation_revoked", (*BEGUN, LOA, REVOKE), CHANGED, {}),
    ("authorisation_revoked", (*BEGUN, LOT, AT_USE, REVOKE), FLY, {}),
    ("authorisation_expired", (*BEGUN, LOT, PAST), ABROAD,
     {"until": str(YESTERDAY), "day": str(DAY)}),
    ("authorisation_overlaps", (*BEGUN, LOA), loa("A2"), {"other": "A1"}),
    ("authorisation_overlaps", (*BEGUN, loa("A0", vintage_to=2024)),
     replace(LOA, vintage_from=2024), {"other": "A0"}),
    ("authorisation_overlaps", (*BEGUN, LOT, loa("A0", items=block("1-50"))),
     replace(LOA, items=block("50-60")), {"other": "A0"}),
    ("authorisation_overlaps", (*BEGUN, LOT, loa("A0", units=("CRED",))),
     replace(LOA, items=block("50-60")), {"other": "A0"}),
    ("first_transfer_undefined", BEGUN, replace(LOA, first_transfer="use"), {"found": "use"}),
    ("first_transfer_undefined", BEGUN, replace(AT_USE, first_transfer=""), {"found": ""}),
    ("first_transfer_undefined", BEGUN, replace(AT_USE, first_transfer="border"), {}),
    ("terms_fixed", (*BEGUN, OTHER, LOA), replace(CHANGED, approach="CA9002"),
     {"field": "approach", "fixed": "CA9001"}),
    ("terms_fixed", (*BEGUN, LOA), replace(CHANGED, metric="MWh"), {"field": "metric"}),
    ("lot_outside_scope", (*BEGUN, OLD), replace(LOA, items=(Item(lot=1),)), {"vintage": 2020}),
    ("lot_outside_scope", (*BEGUN, replace(LOT, host="JP")), replace(LOA, items=(Item(lot=1),)),
     {"host": "JP"}),
    ("lot_outside_scope", (*BEGUN, replace(LOT, unit="POWER")), replace(LOA, items=block("1")), {}),
    ("party_not_authorised", (*BEGUN, LOT, replace(LOA, parties=("SG",))), ABROAD,
     {"party": "JP", "authorised": "SG"}),
    ("party_not_authorised",
     (*BEGUN, LOT, replace(FOR_ALL, cap=0, parties=("SG",)), NDC, ABROAD), USE, {"party": "JP"}),
    ("entity_not_authorised", (*BEGUN, LOT, replace(LOA, entities=(B,))), ABROAD,
     {"account": JAPAN}),
    ("entity_not_authorised", (*BEGUN, LOT, replace(AT_USE, entities=(B,))), FLY, {"account": A}),
    ("authorisation_cap_exceeded", (*BEGUN, LOT, LOA), replace(ABROAD, items=block("40-100")),
     {"wanted": 61, "free": 60, "cap": 60}),
    ("authorisation_cap_exceeded", (*BEGUN, LOT, LOA, ALL), replace(ABROAD, items=block("1")),
     {"free": 0}),
    ("authorisation_cap_exceeded", (*BEGUN, LOT, LOA, ALL), replace(CHANGED, cap=59),
     {"wanted": 60}),
    ("authorisation_cap_exceeded", (*BEGUN, LOT, LOA),
     replace(ABROAD, items=(*block("1-30"), *block("41-71"))), {"wanted": 31, "free": 30}),
    ("authorisation_cap_exceeded", (*BEGUN, LOT, AT_USE), replace(FLY, items=block("1-61")),
     {"free": 60}),
    ("authorisation_cap_exceeded", (*BEGUN, LOA), replace(LOT, account=JAPAN), {"wanted": 100}),
    ("not_authorised", (*BEGUN, LOT), FLY, {"serials": "1-10", "free": 0}),
    ("not_authorised", (*BEGUN, LOT, replace(AT_USE, items=block("1-5"))), FLY,
     {"serials": "6-10", "free": 5}),
    ("purpose_not_authorised", (*BEGUN, LOT, LOA), FLY, {"purpose": "IMP"}),
    ("purpose_not_authorised", (*BEGUN, LOT, AT_USE), replace(FLY, programme="fun"),
     {"purpose": "fun"}),
    ("purpose_not_authorised",
     (*BEGUN, LOT, replace(AT_USE, first_transfer="authorisation", entities=(), cap=0), NDC,
      ABROAD),
     USE, {"purpose": "NDC", "authorised": "IMP"}),
    ("not_first_transferred", (*BEGUN, NDC, replace(LOT, account=JAPAN)), USE,
     {"serials": "91-100", "free": 0}),
    ("another_party", SOLD, replace(USE, party="SG"), {"holder": "JP", "party": "SG"}),
    ("another_party", (*SOLD, *GIVEN, replace(NDC, party="SG")),
     replace(USE, source=SURRENDER, party="SG"), {"holder": "JP", "party": "SG"}),
    ("another_party", (*SOLD, *GIVEN, replace(NDC, party="TW")),
     replace(USE, source=SURRENDER, party="TW"), {"account": JAPAN, "holder": "JP"}),
    ("no_ndc_period", (*BEGUN, LOT, LOA, ABROAD), USE, {"year": 2030, "known": "-"}),
    ("no_ndc_period", SOLD, replace(USE, year=2031), {"known": "2021-2030"}),
    ("foreign_period", (*SOLD, replace(NDC, first=2031, last=2035)), replace(USE, year=2031),
     {"vintage": 2024, "period": "2031-2035"}),
    ("other_approach", SOLD, replace(USE, approach="CA9002"), {"approach": "CA9001"}),
    ("authorisation_expired",
     (*BEGUN, NDC, LOT, EXPIRED, replace(ABROAD, items=block("1-10"))),
     replace(USE, items=block("1-10")), {"until": str(YESTERDAY)}),
    ("authorisation_expired", (*BEGUN, LOT, EXPIRED), FLY, {"until": str(YESTERDAY)}),
    ("metric_mismatch", (*BEGUN, replace(NDC, metric="MWh"), LOT, LOA, ABROAD), USE,
     {"metric": "GHG", "ndc": "MWh"}),
    ("already_used", (*SOLD, *GIVEN, replace(USE, source=SURRENDER)),
     replace(USE, source=SURRENDER, items=block("95")), {"serials": "95"}),
    ("already_used", (*SOLD, *GIVEN, replace(USE, source=SURRENDER)),
     c.Correct(entry=given(*SOLD, *GIVEN).seq, reason="r"), {"serials": "91-100"}),
    ("already_used",
     (*SOLD, *GIVEN, replace(USE, source=SURRENDER, items=block("91-92")), NOTHING_OWED),
     c.ReturnExcess(items=block("91-93"), system="S", period="2025", operator="JP-1"),
     {"serials": "91-92"}),
    ("ndc_period_overlaps", (NDC,), replace(NDC, first=2026, last=2035), {"period": "2021-2030"}),
    ("ndc_period_overlaps", (NDC,), replace(NDC, last=2031), {"asked": "2021-2031"}),
    ("ndc_method_fixed", (NDC,), replace(NDC, kind="single", method="averaging"),
     {"method": "budget", "asked": "averaging"}),
    ("first_transfer_stands", SOLD, c.Correct(entry=given(*SOLD).seq, reason="r"), {}),
    ("first_transferred", (*BEGUN, LOT, FOR_ALL),
     c.Convert(source=A, items=block("60-61"), rule="WHOLE"), {"serials": "1-60"}),
    ("first_transferred", (*BEGUN, LOT, FOR_ALL),
     c.Convert(source=A, items=block("1-2"), rule="HALF"), {"serials": "1-60"}),
    ("use_not_stated", (*BEGUN, LOT, AT_USE),
     c.Cancel(source=A, items=block("1-10"), kind="international_mitigation"), {"lot": 1}),
    ("adjustment_by_hand", (), replace(LOT, facts={"corresponding_adjustment": "100"}),
     {"field": "corresponding_adjustment"}),
    ("bad_text", (), replace(APPROACH, approach="CA1"), {"field": "approach"}),
    ("bad_text", (), replace(APPROACH, title="x" * 201), {"field": "title"}),
    ("bad_text", (), replace(APPROACH, since=DAY, until=YESTERDAY), {"field": "until"}),
    ("bad_text", (), replace(APPROACH, parties=("TW", "JP", "TW")), {"field": "parties"}),
    ("number_taken", (APPROACH,), APPROACH, {"number": "CA9001"}),
    ("unknown_party", (), replace(APPROACH, parties=("TW", "XX")), {"party": "XX"}),
    ("unknown_party", (), replace(APPROACH, parties=()), {"party": ""}),
    ("bad_digest", (), replace(APPROACH, digest="x"), {}),
    ("unknown_kind", (), replace(READY, met=("party", "luck")), {"kind": "luck"}),
    ("bad_digest", (), replace(READY, digest="x"), {}),
    ("unknown_kind", (), replace(NDC, kind="multi", method="averaging"), {}),
    ("bad_text", (), replace(NDC, first=2031), {"field": "period"}),
    ("bad_text", (), replace(NDC, first=2012), {"field": "period"}),
    ("bad_text", (), replace(NDC, path=("1", "2")), {"field": "path", "found": 2}),
    ("bad_text", (), replace(NDC, goal="many"), {"found": "many"}),
    ("bad_text", (), replace(NDC, metric="two-words"), {"field": "metric"}),
    ("bad_digest", (), replace(NDC, digest=""), {}),
    ("bad_text", (), replace(INVENTORY, value="1e3"), {"found": "1e3"}),
    ("bad_text", (), replace(INVENTORY, year=2012), {"field": "year"}),
    ("bad_text", BEGUN, loa("_"), {"field": "authorisation"}),
    ("number_taken", (*BEGUN, LOA), LOA, {"number": "A1"}),
    ("day_has_passed", BEGUN, replace(LOA, use_by=YESTERDAY), {}),
    ("day_has_passed", (*BEGUN, LOA), replace(CHANGED, use_by=YESTERDAY), {"day": str(YESTERDAY)}),
    ("unknown_kind", BEGUN, replace(LOA, purposes=("FUN",)), {"kind": "FUN"}),
    ("unknown_kind", BEGUN, replace(LOA, purposes=()), {"kind": "-"}),
    ("unknown_account", BEGUN, replace(LOA, entities=(4242,)), {"account": 4242}),
    ("bad_text", BEGUN, replace(LOA, change_terms="x" * 2_001), {"field": "change_terms"}),
    ("unknown_kind", BEGUN, replace(LOA, statements={"colour": "red"}), {"kind": "colour"}),
    ("bad_text", BEGUN, replace(LOA, statements={"gwp": "x" * 2_001}), {"field": "gwp"}),
    ("bad_text", BEGUN, replace(LOA, vintage_from=2020), {"field": "vintages"}),
    ("bad_text", BEGUN, replace(LOA, vintage_from=2026, vintage_to=2025), {}),
    ("bad_quantity", BEGUN, replace(LOA, cap=-1), {}),
    ("bad_digest", BEGUN, replace(LOA, digest="x"), {}),
    ("unknown_project", BEGUN, replace(LOA, projects=("P9",)), {"project": "P9"}),
    ("unknown_unit", BEGUN, replace(LOA, units=("GOLD",)), {"unit": "GOLD"}),
    ("too_many_items", BEGUN, replace(LOA, projects=("P1",) * 301), {"count": 301}),
    ("item_malformed", (*BEGUN, LOT), replace(LOA, items=amount(5)), {}),
    ("bad_digest", (*BEGUN, LOA), replace(REVOKE, digest="x"), {}),
    ("unknown_kind", (), replace(FLY, purpose="NDC"), {"kind": "NDC"}),
    ("bad_text", (), replace(FLY, programme="x" * 201), {"field": "programme"}),
    ("unknown_kind", (), replace(CHOICE, policy="luck"), {"kind": "luck", "what": "policy"}),
    ("unknown_kind", (), replace(CHOICE, value="LUCK"),
     {"kind": "LUCK", "known": "AUTH_YEAR, ISSUANCE_YEAR"}),
    ("bad_digest", (), replace(CHOICE, digest="x"), {}),
    ("foreign_period",
     (*SOLD, replace(NDC, first=2031, last=2035), ANY_PERIOD, replace(ANY_PERIOD, value="true")),
     replace(USE, year=2031), {}),
    ("sink_is_final", SOLD, replace(USE, source=RETIREMENT), {}),
    ("needs_two_people", SOLD, replace(USE, source=PAIR), {}),
)  # fmt: skip


N = given().seq + 1
"""The entry of the first command after the furnishing."""


def _moved(first: int, next_: int, source: int, target: int, *held: tuple[int, int]) -> ev.Moved:
    return ev.Moved(lot=1, first=first, next=next_, source=source, target=target, held=held)


def transferred(first: int, next_: int, trigger: str = "transfer", **how: Any) -> Any:
    usual: dict[str, Any] = {"authorisation": "A1", "version": 1, "day": DAY, "lot": 1}
    return e6.FirstTransferred(blocks=((first, next_),), trigger=trigger, **(usual | how))


def authorised(act: a6.Terms = LOA, **changes: Any) -> e6.Authorised:
    fields = {f: getattr(act, f) for f in a6.Terms.__struct_fields__ if f != "items"}
    return e6.Authorised(**(fields | {"version": 1, "day": DAY} | changes))


def used(first: int, next_: int, **how: Any) -> e6.Used:
    usual: dict[str, Any] = {"lot": 1, "day": DAY, "approach": "CA9001"}
    return e6.Used(blocks=((first, next_),), **(usual | how))


AUTHORISED_YESTERDAY = ask(FOR_ALL, effective=YESTERDAY, cites="decision 1")
_LOT_ISSUED = ev.Issued(
    lot=1, unit="CRED", size=100, account=A, first_number="1", vintage=2024, host="TW"
)
_LOT = N + len(BEGUN)
_SOLD = N + len(SOLD) - 1
MADE: tuple[tuple[str, tuple[Act, ...], Act | c.Request, tuple[Any, ...]], ...] = (
    ("register an approach", (), APPROACH,
     (e6.ApproachRegistered(approach="CA9001", parties=("TW", "JP", "SG")),)),
    ("declare participation", (), READY,
     (e6.ParticipationDeclared(party="TW", met=RESPONSIBILITIES, day=DAY),)),
    ("record an NDC", (NDC,), replace(NDC, goal="10", path=("1",) * 10),
     (e6.NdcRecorded(party="JP", first=2021, last=2030, version=2, kind="multi", method="budget",
                     digest=DIGEST, goal="10", path=("1",) * 10),)),
    ("record an inventory", (), INVENTORY,
     (e6.InventoryRecorded(party="TW", year=2024, version=1, value="1000", digest=DIGEST),)),
    ("record it again", (INVENTORY,), replace(INVENTORY, value="-0.5"),
     (e6.InventoryRecorded(party="TW", year=2024, version=2, value="-0.5", digest=DIGEST),)),
    ("authorise", (*BEGUN, LOT), LOA, (authorised(),)),
    ("authorise blocks", (*BEGUN, LOT), replace(LOA, items=block("1-50")),
     (authorised(blocks=((1, 0, 50),)),)),
    ("authorise what exists, up to the cap", (*BEGUN, LOT), FOR_ALL,
     (authorised(FOR_ALL, purposes=("NDC", "IMP", "OP")), transferred(0, 60, "authorisation"))),
    ("authorise what other Parties hold", (*BEGUN, LOT, ABROAD), LOA,
     (authorised(), transferred(90, 100))),
    ("authorise what they may not have", (*BEGUN, LOT, ABROAD), replace(LOA, parties=("SG",)),
     (authorised(parties=("SG",)),)),
    ("change an authorisation", SOLD, replace(CHANGED, cap=70), (authorised(version=2, cap=70),)),
    ("revoke an authorisation", SOLD, REVOKE,
     (e6.AuthorisationRevoked(authorisation="A1", version=1, day=DAY, digest=DIGEST),)),
    ("transfer abroad", (*BEGUN, LOT, LOA), ABROAD,
     (_moved(90, 100, A, JAPAN, (0, _LOT)), transferred(90, 100))),
    ("transfer abroad what is first transferred in part", SOLD, replace(ABROAD, items=amount(5)),
     (_moved(85, 90, A, JAPAN, (0, N + 5)), transferred(85, 90))),
    ("transfer on", (*SOLD, c.OpenAccount(account=1022, party="SG")),
     c.Transfer(source=JAPAN, target=1022, items=block("91-100")),
     (_moved(90, 100, JAPAN, 1022, (90, _SOLD)),)),
    ("transfer back and out again", SOLD,
     ask(c.Transfer(source=JAPAN, target=A, items=block("91")),
         replace(ABROAD, items=block("90-91"))),
     (_moved(90, 91, JAPAN, A, (90, _SOLD)),
      _moved(89, 91, A, JAPAN, (0, N + 5), (90, _SOLD + 1)), transferred(89, 90))),
    ("transfer at home", (*BEGUN, LOT, LOA), replace(ABROAD, target=B),
     (_moved(90, 100, A, B, (0, _LOT)),)),
    ("transfer abroad under no authorisation", (*BEGUN, LOT, loa("A0", vintage_to=2023)), ABROAD,
     (_moved(90, 100, A, JAPAN, (0, _LOT)),)),
    ("transfer under the next one, once nothing is left of the cap",
     (*BEGUN, LOT, replace(LOA, parties=("SG",), cap=10), c.OpenAccount(account=1022, party="SG"),
      replace(ABROAD, target=1022), loa("A2", parties=("JP",))),
     replace(ABROAD, items=block("90")),
     (_moved(89, 90, A, JAPAN, (0, _LOT)), transferred(89, 90, authorisation="A2"))),
    ("use for CORSIA under the next one", (*BEGUN, LOT, replace(AT_USE, cap=10), FLY,
                                           replace(AT_USE, authorisation="A2")),
     replace(FLY, items=block("11")),
     (transferred(10, 11, "use", authorisation="A2"),
      used(10, 11, source=A, purpose="IMP", programme="CORSIA"),
      _moved(10, 11, A, MITIGATION, (10, _LOT)))),
    ("issue under an open trigger", (*BEGUN, FOR_ALL), LOT,
     (ev.Issued(lot=1, unit="CRED", size=100, account=A, first_number="1", vintage=2024,
                host="TW"), transferred(0, 60, "authorisation"))),
    ("issue abroad", (*BEGUN, replace(LOA, cap=100)), replace(LOT, account=JAPAN),
     (ev.Issued(lot=1, unit="CRED", size=100, account=JAPAN, first_number="1", vintage=2024,
                host="TW"), transferred(0, 100))),
    ("use towards an NDC", SOLD, USE,
     (used(90, 100, source=JAPAN, purpose="NDC", party="JP", year=2030),
      _moved(90, 100, JAPAN, RETIREMENT, (90, _SOLD)))),
    ("use what was surrendered",
     (*SOLD, *GIVEN),
     replace(USE, source=SURRENDER),
     (used(90, 100, source=SURRENDER, purpose="NDC", party="JP", year=2030),)),
    ("use for CORSIA", (*BEGUN, LOT, AT_USE), FLY,
     (transferred(0, 10, "use"), used(0, 10, source=A, purpose="IMP", programme="CORSIA"),
      _moved(0, 10, A, MITIGATION, (0, _LOT)))),
    ("authorise with two people", (*BEGUN, LOT, c.Propose(acts=(FOR_ALL,))),
     ask(c.Approve(proposal=1), by=SECOND),
     (ev.Settled(proposal=1, outcome="approved"),
      authorised(FOR_ALL, purposes=("NDC", "IMP", "OP")), transferred(0, 60, "authorisation"))),
    ("convert what is first transferred, one for one", (*BEGUN, LOT, FOR_ALL),
     c.Convert(source=A, items=block("1-10"), rule="WHOLE"),
     (ev.Converted(
         rule="WHOLE", ratio="1/1", rounding="down",
         burnt=(_moved(0, 10, A, CONVERSION, (0, _LOT)),),
         issued=ev.Issued(lot=2, unit="OUT", size=10, account=A, first_number="1", vintage=2024,
                          host="TW", origin="conversion:WHOLE")),
      transferred(0, 10, "conversion", lot=2))),
    ("choose a policy", (), CHOICE,
     (e6.PolicyChosen(policy="oimp_auth_ft_year", value="ISSUANCE_YEAR", day=DAY, digest=DIGEST),)),
    ("issue later under an open trigger", (*BEGUN, AUTHORISED_YESTERDAY), LOT,
     (_LOT_ISSUED, transferred(0, 60, "authorisation", day=YESTERDAY))),
    ("issue later, and count it then", (*BEGUN, AUTHORISED_YESTERDAY, CHOICE), LOT,
     (_LOT_ISSUED, transferred(0, 60, "authorisation"))),
    ("issue after a revocation", (*BEGUN, FOR_ALL, REVOKE), LOT, (_LOT_ISSUED,)),
    ("issue after a revocation that reaches what exists", (*BEGUN, FOR_ALL, REVOKE, REACHING), LOT,
     (_LOT_ISSUED, transferred(0, 60, "authorisation"))),
    ("issue after the last day of one that was revoked too",
     (*BEGUN, REACHING, ask(replace(FOR_ALL, use_by=YESTERDAY), effective=YESTERDAY, cites="d"),
      REVOKE), LOT, (_LOT_ISSUED,)),
    ("issue after the revocation of one that waits for issuance",
     (*BEGUN, REACHING, replace(FOR_ALL, first_transfer="issuance"), REVOKE), LOT, (_LOT_ISSUED,)),
    ("use towards an NDC of another period",
     (*SOLD, replace(NDC, first=2031, last=2035), ANY_PERIOD), replace(USE, year=2031),
     (used(90, 100, source=JAPAN, purpose="NDC", party="JP", year=2031),
      _moved(90, 100, JAPAN, RETIREMENT, (90, _SOLD)))),
    ("use for another purpose what is first transferred", (*BEGUN, LOT, FOR_ALL),
     replace(FLY, purpose="OP", programme=""),
     (used(0, 10, source=A, purpose="OP"), _moved(0, 10, A, VOLUNTARY, (0, _LOT)))),
)  # fmt: skip


REM, AGED = 7, 8
"""Lots of the world that guards are tried in, after its own four."""
WORLD: tuple[Act, ...] = (
    *BEGUN,
    replace(APPROACH, approach="CA9003"),
    NDC,
    replace(NDC, first=2031, last=2040),
    replace(AT_USE, purposes=("NDC", "IMP"), units=("CRED",), vintage_to=2029, entities=()),
    ABROAD,
    c.Lock(source=JAPAN, items=block("96-97"), kind="hold"),
    loa("B", units=("REM",), vintage_from=2030, vintage_to=2040),
    loa("R", vintage_from=2041),
    replace(REVOKE, authorisation="R"),
    c.Issue(unit="REM", quantity=100, account=A, vintage=2025, host="TW"),
    OLD,
    replace(ABROAD, items=block("91-100", lot=AGED)),
)
Breaches = tuple[tuple[str, str, dict[str, Any]], ...]
_NO_DIGEST = ("bad_digest", "the digest is no SHA-256 in hex", {"digest": "x"})
_NO_PARTY = ("unknown_party", "the Party is unknown", {"party": "XX"})
_TERMS: Breaches = (
    ("unknown_kind", "a purpose is unknown, or there is none", {"purposes": ("FUN",)}),
    ("first_transfer_undefined", "the first transfer is not defined, or is without need",
     {"first_transfer": "border"}),
    ("unknown_approach", "the approach is unknown", {"approach": "CA9009"}),
    ("unknown_party", "a Party is unknown", {"parties": ("XX",)}),
    ("party_not_in_approach", "a Party takes no part in the approach", {"parties": ("KR",)}),
    ("unknown_account", "an entity's account is unknown", {"entities": (4242,)}),
    _NO_DIGEST,
    ("unknown_kind", "a statement is unknown", {"statements": {"colour": "red"}}),
    ("bad_text", "a text is too long", {"change_terms": "x" * 2_001}),
    ("bad_quantity", "the cap is below 0 or above 2^62", {"cap": 2**62 + 1}),
    ("bad_text", "the vintages are not within 2021 to 2100", {"vintage_from": 2020}),
    ("too_many_items", "the scope names more than 300 things", {"projects": ("P1",) * 301}),
    ("unknown_project", "a project is unknown", {"projects": ("P9",)}),
    ("unknown_unit", "a unit type is unknown", {"units": ("GOLD",)}),
    ("unknown_lot", "an item's lot is unknown", {"item.lot": 99}),
    ("item_malformed", "an item is a quantity", {"item.quantity": 5}),
    ("bad_number", "its serials are no range", {"item.serials": "x"}),
    ("outside_lot", "they lie outside the lot", {"item.serials": "99-101"}),
    ("lot_outside_scope", "the rest of the scope does not admit the lot", {"item.lot": AGED}),
)  # fmt: skip
_SOURCE: Breaches = (
    ("unknown_account", "the source is unknown", {"source": 4242}),
    ("account_closed", "the source is closed", {"source": 1099}),
    ("sink_is_final", "the source is a sink, or stands for another registry",
     {"source": RETIREMENT}),
    ("needs_two_people", "the source acts with two people", {"source": PAIR}),
)  # fmt: skip
_ITEMS: Breaches = (
    ("empty_request", "no item", {"items": ()}),
    ("too_many_items", "more than 300 items", {"items": 301}),
    ("item_malformed", "an item is neither or both of serials and quantity", {"item.quantity": 5}),
    ("unknown_lot", "its lot is unknown", {"item.lot": 99}),
    ("act_not_permitted_for_unit", "its unit does not know this act or end", {"item.lot": 2}),
    ("bad_number", "its serials are no range", {"item.serials": "x"}),
    ("outside_lot", "they lie outside the lot", {"item.serials": "99-101"}),
    ("named_twice", "an earlier item named some of them", {"items": "twice"}),
    ("held_elsewhere", "the source does not hold all of them", {"item.serials": "31-45"}),
)
_CHANGE = replace(
    CHANGED, purposes=("NDC", "IMP"), first_transfer="use", units=("CRED",), vintage_to=2029,
    programmes=("CORSIA",), items=block("91-100"),
)  # fmt: skip
GUARDS: tuple[tuple[Act, Breaches], ...] = (
    (replace(APPROACH, approach="CA9004"), (
        ("bad_text", "the code is not CA and four digits", {"approach": "CA"}),
        ("number_taken", "the code is taken", {"approach": "CA9001"}),
        ("unknown_party", "a Party is unknown, or there is none", {"parties": ()}),
        ("bad_text", "a Party is named twice", {"parties": ("TW", "TW")}),
        ("bad_text", "its last day is before its first", {"since": DAY, "until": YESTERDAY}),
        ("bad_text", "the title is too long", {"title": "x" * 201}),
        _NO_DIGEST,
        ("unknown_agreement", "the agreement that it names is unknown", {"agreement": "X"}),
    )),
    (READY, (
        _NO_PARTY,
        ("unknown_kind", "a responsibility is unknown", {"met": ("luck",)}),
        _NO_DIGEST,
    )),
    (replace(NDC, party="SG"), (
        _NO_PARTY,
        ("unknown_kind", "the method is none of its kind", {"method": "luck"}),
        ("bad_text", "the period is none", {"first": 2200}),
        ("bad_text", "the metric is no word", {"metric": "-"}),
        ("bad_text", "a value is no decimal number", {"goal": "x"}),
        ("bad_text", "the path has not a value for each year", {"path": ("1",)}),
        _NO_DIGEST,
        ("ndc_period_overlaps", "it cuts into another period", {"party": "JP", "last": 2029}),
        ("ndc_method_fixed", "its period has another method",
         {"party": "JP", "kind": "single", "method": "averaging"}),
    )),
    (INVENTORY, (
        _NO_PARTY,
        ("bad_text", "the year is not within 2013 to 2100", {"year": 2012}),
        ("bad_text", "the metric is no word", {"metric": "-"}),
        ("bad_text", "the value is no decimal number", {"value": "x"}),
        _NO_DIGEST,
    )),
    (loa("A9", units=("REM",), vintage_to=2029, items=block("1-10", lot=REM)), (
        ("bad_text", "the code is not of letters, digits, blank . / -", {"authorisation": "_"}),
        ("number_taken", "the code is taken", {"authorisation": "A1"}),
        ("day_has_passed", "its last day has passed", {"use_by": YESTERDAY}),
        *_TERMS,
        ("authorisation_overlaps", "another one may speak of the same serials",
         {"units": (), "party": "TW"}),
        ("participation_incomplete", "the Party has not shown its responsibilities",
         {"party": "JP", "items": ()}),
    )),
    (_CHANGE, (
        ("unknown_authorisation", "the authorisation is unknown", {"authorisation": "A8"}),
        ("authorisation_revoked", "it was revoked", {"authorisation": "R"}),
        ("terms_fixed", "approach, Party or metric are others", {"metric": "MWh"}),
        ("authorisation_cap_exceeded", "the cap lies below what was first transferred", {"cap": 9}),
        ("day_has_passed", "its last day has passed", {"use_by": YESTERDAY}),
        *[row for row in _TERMS if row[0] != "unknown_approach"],
        ("authorisation_overlaps", "another one may speak of the same serials",
         {"units": (), "vintage_to": 2100, "items": ()}),
    )),
    (REVOKE, (
        ("unknown_authorisation", "the authorisation is unknown", {"authorisation": "A8"}),
        ("authorisation_revoked", "it was revoked", {"authorisation": "R"}),
        _NO_DIGEST,
    )),
    (replace(USE, items=block("91-95")), (
        *_SOURCE,
        ("another_party", "the source is another Party's", {"party": "SG"}),
        *_ITEMS,
        ("locked", "some of them are locked", {"item.serials": "95-96"}),
        ("not_first_transferred", "some of them are not first transferred",
         {"item.lot": AGED, "item.serials": "91-95"}),
        ("other_approach", "they are of another approach", {"approach": "CA9003"}),
        ("no_ndc_period", "no NDC of the Party holds the year", {"year": 2050}),
        ("foreign_period", "their vintage is of another period", {"year": 2035}),
    )),
    (CHOICE, (
        ("unknown_kind", "the policy is unknown", {"policy": "luck"}),
        ("unknown_kind", "the answer is none of its answers", {"value": "LUCK"}),
        _NO_DIGEST,
    )),
    (FLY, (
        ("unknown_kind", "the purpose is neither IMP nor OP", {"purpose": "NDC"}),
        ("bad_text", "the programme is too long", {"programme": "x" * 201}),
        *_SOURCE,
        *_ITEMS,
        ("locked", "some of them are locked", {"item.serials": "51-60"}),
        ("not_authorised", "some of them are under no authorisation",
         {"item.lot": AGED, "item.serials": "1-10"}),
        ("purpose_not_authorised", "it is not for this purpose", {"purpose": "OP"}),
        ("purpose_not_authorised", "it is not for this programme", {"programme": "fun"}),
        ("authorisation_cap_exceeded", "they are more than its cap leaves", {
            "items": tuple(Item(lot=1, serials=s) for s in ("1-30", "41-50", "63-64", "66-70",
                                                            "73-80"))}),
    )),
)  # fmt: skip


_BLOCK: dict[str, Any] = {"lots": {1}, "blocks": [(1, "91-100")], "demand": {1: 10}}
_SCOPE = replace(LOA, items=block("91-100"), projects=("P1",), entities=(B,))
NEEDS: tuple[tuple[str, Act, dict[str, Any]], ...] = (
    ("register an approach", APPROACH, {}),
    ("declare participation", READY, {}),
    ("record an NDC", NDC, {}),
    ("record an inventory", INVENTORY, {"inventories": {("TW", 2024, "GHG")}}),
    ("authorise", LOA, {"scopes": [LOA]}),
    ("authorise blocks", _SCOPE,
     {"scopes": [_SCOPE], "projects": {"P1"}, "accounts": {B}, **_BLOCK}),
    ("change", CHANGED, {"scopes": [CHANGED]}),
    ("revoke", REVOKE, {}),
    ("choose a policy", CHOICE, {}),
    ("use towards an NDC", USE, {"accounts": {JAPAN}, "parties": {"JP"}, "uses": True, **_BLOCK}),
    ("use for CORSIA", replace(FLY, items=block("91-100")),
     {"accounts": {A}, "uses": True, **_BLOCK}),
)  # fmt: skip
