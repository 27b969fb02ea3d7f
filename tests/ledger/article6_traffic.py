"""Acts of Article 6 at random, for the traffic: mostly what could be done now, some that cannot."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from tests.ledger.given import A, B

from onetonne.ledger import commands as c
from onetonne.ledger.acts.first_transfer import RESPONSIBILITIES
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6.plan import Share
from onetonne.ledger.commands import Act, Item
from onetonne.ledger.state import State

DIGEST = "cd" * 32
JAPAN, SINGAPORE = 3_001, 3_002
FUND = 3_011
POLICIES = {
    "oimp_auth_ft_year": ("AUTH_YEAR", "ISSUANCE_YEAR"),
    "enforce_same_ndc_period": ("true", "false"),
    "revoke_stops_future_auth_ft": ("true", "false"),
}
ABROAD = {JAPAN: "JP", SINGAPORE: "SG"}


def setting(draw: random.Random, state: State) -> Act:
    """What must be there before anything is authorised, or something more of it."""
    for account, party in ABROAD.items():
        if account not in state.accounts:
            return c.OpenAccount(account=account, party=party)
    if "CA9001" not in state.approaches:
        return a6.RegisterApproach(approach="CA9001", parties=("TW", "JP", "SG"))
    if "TW" not in state.participations:
        return a6.DeclareParticipation(party="TW", met=RESPONSIBILITIES)
    lacking = [party for party in ("JP", "SG") if (party, 2021) not in state.ndcs]
    pledge = a6.RecordNdc(
        party=draw.choice(lacking or ("JP", "SG")),
        first=2021, last=2030, kind="multi", method="budget",
        digest=DIGEST, metric=draw.choice((*("GHG",) * 9, "MWh")),
    )  # fmt: skip
    some = RESPONSIBILITIES if draw.random() < 0.9 else RESPONSIBILITIES[1:]
    if lacking:
        return pledge
    choices: tuple[Act, ...] = (
        pledge,
        a6.RecordInventory(
            party=draw.choice(("JP", "TW")),
            year=2024,
            value=str(draw.randint(1, 99)),
            digest=DIGEST,
        ),
        a6.DeclareParticipation(party="TW", met=some),
        closing(state),
        a6.RecordAgreement(
            agreement="A", title="t", parties=("TW",), since=date(2020, 1, 1), digest=DIGEST
        ),
        a6.RegisterApproach(approach="CA9002", parties=("TW",)),
        choice(draw),
        levy(draw, state),
        levy(draw, state),
    )
    return draw.choice(choices)


def levy(draw: random.Random, state: State) -> Act:
    """What the approach levies of its own accord, one way or the other; at first who gets it."""
    if FUND not in state.accounts:
        return c.OpenAccount(account=FUND, kind="adaptation_fund")
    kind = draw.choice(("UNITS", "UNITS", "CASH", "NONE"))
    return a6.SetLevyPolicy(
        approach="CA9001",
        digest=DIGEST,
        sop="" if kind == "NONE" else draw.choice(("1/20", "1/3")),
        sop_kind=kind,
        omge=draw.choice(("", "1/50", "1/4")),
        base=draw.choice(("ISSUED", "FIRST_TRANSFERRED")),
        rounding=draw.choice(("", "CEIL", "FLOOR", "HALF_UP", "CARRY")),
        exempt=draw.choice(((), (), ("P1",))),
    )


def closing(state: State) -> Act:
    """A pledge of the host that is over, and its end."""
    if ("TW", 2021) in state.ndcs:
        return a6.ClosePeriod(party="TW", year=2024, digest=DIGEST)
    return a6.RecordNdc(
        party="TW", first=2021, last=2024, kind="multi", method="budget", digest=DIGEST
    )


def choice(draw: random.Random) -> Act:
    """A policy that acts read, one way or the other."""
    policy = draw.choice(tuple(POLICIES))
    return a6.ChoosePolicy(policy=policy, value=draw.choice(POLICIES[policy]), digest=DIGEST)


def terms(draw: random.Random, state: State) -> dict[str, Any]:
    """Terms at random; what is narrow is likelier to be apart from others."""
    purposes: tuple[str, ...] = draw.choice((("NDC",), ("NDC",), ("NDC", "IMP"), ("IMP", "OP")))
    units: Any = draw.choice(((), ("CRED",), ("OUT",), ("PROJ",), ("REM",)))
    year = draw.choice((2023, 2024))
    items: tuple[Item, ...] = ()
    if state.lots and draw.random() < 0.5:
        lot = draw.choice(list(state.lots.values()))
        low = draw.randint(1, lot.size)
        base = int(lot.first_number) - 1
        serials = f"{base + low}-{base + draw.randint(low, lot.size)}"
        items = (Item(lot=lot.lot, serials=draw.choice(("", serials))),)
        units, year = (lot.unit,), lot.vintage or 2024
    return {
        "approach": "CA9001",
        "party": "TW" if draw.random() < 0.95 else "JP",
        "purposes": purposes,
        "digest": DIGEST,
        "units": units,
        "vintage_from": max(year, 2021),
        "vintage_to": max(year, 2021),
        "items": items,
        "cap": draw.choice((0, 5, 20, 60)),
        "parties": draw.choice(((), (), ("JP",))),
        "recall_days": draw.choice((0, 40, 400)),
        "revocation_terms": "counted once",
        "entities": draw.choice(((), (), (), (JAPAN, A))),
        "first_transfer": ""
        if purposes == ("NDC",)
        else draw.choice(("authorisation", "issuance", "use")),
    }


def authorise(draw: random.Random, state: State) -> Act:
    if len(state.approaches) == 0:
        return setting(draw, state)
    living = [row for row in state.authorisations.values() if not (row.revoked or row.superseded)]
    if living and draw.random() < 0.4:
        row = draw.choice(living)
        if row.suspended or draw.random() < 0.2:
            kind = a6.ResumeAuthorisation if row.suspended else a6.SuspendAuthorisation
            return kind(authorisation=row.authorisation, digest=DIGEST)
        if row.entities and draw.random() < 0.3:
            account = draw.choice(row.entities)
            return a6.WithdrawEntity(
                authorisation=row.authorisation, account=account, digest=DIGEST
            )
        if draw.random() < 0.6:
            return a6.RevokeAuthorisation(authorisation=row.authorisation, digest=DIGEST)
        return a6.ChangeAuthorisation(authorisation=row.authorisation, **terms(draw, state))
    code = f"L{len(state.authorisations) + draw.randint(0, 3)}"
    return a6.Authorise(authorisation=code, **terms(draw, state))


def sell(draw: random.Random, state: State) -> Act | None:
    """Units of the host go abroad."""
    found = _held(draw, state, (A, B))
    target = draw.choice(tuple(ABROAD))
    return found and c.Transfer(source=found[0], target=target, items=found[1])


def use(draw: random.Random, state: State) -> Act | None:
    """Units abroad are used for a pledge; units anywhere for CORSIA; surrendered ones too. Now and
    then they are recalled."""
    if draw.random() < 0.2:
        return recall(draw, state)
    found = _transferred(draw, state) if draw.random() < 0.8 else _held(draw, state, (A, B))
    if found is None:
        return None
    if found[0] in (A, B):
        kind = draw.choice(("IMP", "OP"))
        return a6.UseForPurpose(source=found[0], items=found[1], purpose=kind)
    party = ABROAD.get(found[0], draw.choice(("JP", "SG")))
    year = draw.choice((2025, 2030, 2030, 2031))
    return a6.UseTowardsNdc(source=found[0], items=found[1], party=party, year=year)


def recall(draw: random.Random, state: State) -> Act | None:
    """Units abroad are asked back; the Party that holds them consents, or another."""
    waiting = [row for row in state.recalls.values() if not row.consented]
    if waiting and draw.random() < 0.7:
        row = draw.choice(waiting)
        party = row.party if draw.random() < 0.9 else "TW"
        return a6.ConsentToRecall(recall=row.recall, party=party, digest=DIGEST)
    found = _transferred(draw, state)
    if found is None:
        return None
    lot = found[1][0].lot
    under = [row.authorisation for row in state.first_transfers.values() if row.lot == lot]
    return a6.OpenRecall(
        recall=f"R{len(state.recalls)}", authorisation=draw.choice(under), items=found[1],
        digest=DIGEST,
    )  # fmt: skip


def plan(draw: random.Random, party: str) -> Act:
    """A plan; a Party whose plan it is authorises little."""
    share = Share(sector="all", first=2021, last=2030, expected=draw.randint(0, 99), share="1/2")
    return a6.RecordPlan(party=party, year=2024, digest=DIGEST, shares=(share,))


def contribute(draw: random.Random, state: State) -> Act:
    """Contributions without units, anew, changed and withdrawn; now and then one that claims."""
    planned = (party for party in ("JP", "SG") if (party, 2021) in state.ndcs)
    if draw.random() < 0.2 and (party := next(planned, "")):
        return plan(draw, party)
    code = f"N-{draw.randint(1, 2 + len(state.contributions))}"
    if code in state.contributions and draw.random() < 0.5:
        return a6.WithdrawContribution(contribution=code, digest=DIGEST)
    facts = draw.choice(({}, {}, {}, {"tonnes": "5"}))
    return a6.RecordContribution(
        contribution=code, kind="finance", giver="JP", receiver="TW", digest=DIGEST, facts=facts
    )


def _transferred(draw: random.Random, state: State) -> tuple[int, tuple[Item, ...]] | None:
    """Serials that were first transferred, from whoever holds them."""
    rows = list(state.first_transfers.values())
    sold = [row for row in rows if row.trigger == "transfer"]
    if not rows:
        return None
    row = draw.choice(sold if sold and draw.random() < 0.6 else rows)
    held = draw.choice(state.lane(row.lot).cover(row.first, row.next))
    low = max(row.first, held.first)
    high = draw.randint(low, min(row.next, held.next) - 1)
    base = int(state.lots[row.lot].first_number)
    return held.account, (Item(lot=row.lot, serials=f"{base + low}-{base + high}"),)


def _held(
    draw: random.Random, state: State, accounts: tuple[int, ...]
) -> tuple[int, tuple[Item, ...]] | None:
    """Some serials that one of these accounts holds."""
    found = [
        (lot, h)
        for lot, lane in state.lanes.items()
        for h in lane.rows.values()
        if h.account in accounts
    ]
    if not found:
        return None
    lot, held = draw.choice(found)
    low = draw.randrange(held.first, held.next)
    high = draw.randint(low, held.next - 1)
    base = int(state.lots[lot].first_number)
    return held.account, (Item(lot=lot, serials=f"{base + low}-{base + high}"),)
