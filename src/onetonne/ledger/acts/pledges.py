"""What Article 6 accounting starts from: approaches, participation, NDCs, inventories.

All are inputs that others decide: the ledger takes them with the digest of their document, in
versions, and never changes the method of a period once it is chosen (2/CMA.3 annex, paragraph 7).
"""

import re

from onetonne.base.parties import is_party
from onetonne.ledger.acts.authorise import DIGEST
from onetonne.ledger.acts.first_transfer import RESPONSIBILITIES
from onetonne.ledger.acts.use import check_open
from onetonne.ledger.article6.commands import (
    DeclareParticipation,
    RecordInventory,
    RecordNdc,
    RegisterApproach,
)
from onetonne.ledger.article6.events import (
    ApproachRegistered,
    InventoryRecorded,
    NdcRecorded,
    ParticipationDeclared,
)
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State

METHODS = {"single": ("averaging", "trajectory"), "multi": ("budget",)}
"""Kinds of NDC by the years of their target, and the methods that each may choose."""
YEARS = range(2013, 2101)
MAX_TITLE = 200
_APPROACH = re.compile(r"CA[0-9]{4}")
_METRIC = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")
_VALUE = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")


def register_approach(state: State, act: RegisterApproach, ctx: Context) -> tuple[Event, ...]:
    if not _APPROACH.fullmatch(act.approach):
        found, expected = act.approach[:80], "CA and four digits, e.g. CA0001"
        raise Refused("bad_text", field="approach", found=found, expected=expected)
    if act.approach in state.approaches:
        raise Refused("number_taken", what="cooperative approach", number=act.approach)
    for party in act.parties or ("",):
        _party(party)
    each_once(act.parties)
    if act.since and act.until and act.until < act.since:
        expected = f"{act.since} or later"
        raise Refused("bad_text", field="until", found=str(act.until), expected=expected)
    if len(act.title) > MAX_TITLE:
        expected = f"{MAX_TITLE} characters at most"
        raise Refused("bad_text", field="title", found=act.title[:80], expected=expected)
    if act.digest:
        _digest(act.digest)
    if act.agreement:
        _rests_on(state, act)
    # After this point the registration must succeed.
    event = ApproachRegistered(
        approach=act.approach,
        parties=act.parties,
        title=act.title,
        since=act.since,
        until=act.until,
        digest=act.digest,
        agreement=act.agreement,
    )
    return (event,)


def each_once(parties: tuple[str, ...]) -> None:
    if len(set(parties)) < len(parties):
        raise Refused(
            "bad_text", field="parties", found=", ".join(parties), expected="each Party once"
        )


def _rests_on(state: State, act: RegisterApproach) -> None:
    """An approach rests on an agreement of all its Parties."""
    row = state.agreements.get(act.agreement)
    if row is None:
        raise Refused("unknown_agreement", agreement=act.agreement[:80])
    for party in act.parties:
        if party not in row.parties:
            parties = ", ".join(row.parties)
            raise Refused(
                "party_not_in_agreement", party=party, agreement=row.agreement, parties=parties
            )


def declare(state: State, act: DeclareParticipation, ctx: Context) -> tuple[Event, ...]:
    _party(act.party)
    unknown = [one for one in act.met if one not in RESPONSIBILITIES]
    if unknown:
        known, what = ", ".join(RESPONSIBILITIES), "responsibility"
        raise Refused("unknown_kind", kind=", ".join(unknown), what=what, known=known)
    if act.digest:
        _digest(act.digest)
    # After this point the declaration must succeed.
    day = ctx.request.effective or ctx.day
    return (ParticipationDeclared(party=act.party, met=act.met, day=day, digest=act.digest),)


def record_ndc(state: State, act: RecordNdc, ctx: Context) -> tuple[Event, ...]:
    _party(act.party)
    if act.method not in METHODS.get(act.kind, ()):
        known = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in METHODS.items())
        kind, what = f"{act.kind}/{act.method}", "method of an NDC"
        raise Refused("unknown_kind", kind=kind, what=what, known=known)
    if not (act.first in YEARS and act.last in YEARS and act.first <= act.last):
        found, expected = f"{act.first}-{act.last}", "the first and the last year of a period"
        raise Refused("bad_text", field="period", found=found, expected=expected)
    _metric(act.metric)
    for value in (act.goal, act.per_unit, *act.path):
        if value:
            _value("value", value)
    years = act.last - act.first + 1
    if len(act.path) not in (0, years):
        expected = f"a value for each of the {years} years"
        raise Refused("bad_text", field="path", found=len(act.path), expected=expected)
    _digest(act.digest)
    version = _version_of(state, act)
    # After this point the record must succeed.
    event = NdcRecorded(
        party=act.party,
        first=act.first,
        last=act.last,
        version=version,
        kind=act.kind,
        method=act.method,
        digest=act.digest,
        goal=act.goal,
        path=act.path,
        metric=act.metric,
        per_unit=act.per_unit,
    )
    return (event,)


def _version_of(state: State, act: RecordNdc) -> int:
    """The version that an NDC gets: periods do not overlap, and keep their method."""
    for row in state.ndcs.values():
        same = (row.first, row.last) == (act.first, act.last)
        if row.party != act.party or act.last < row.first or row.last < act.first:
            continue
        period = f"{row.first}-{row.last}"
        if not same:
            asked = f"{act.first}-{act.last}"
            raise Refused("ndc_period_overlaps", party=act.party, asked=asked, period=period)
        check_open(state, act.party, act.first)
        chosen = (row.kind, row.method, row.metric)
        if chosen != (act.kind, act.method, act.metric):
            raise Refused(
                "ndc_method_fixed",
                party=act.party,
                period=period,
                method=row.method,
                asked=act.method,
            )
        return row.version + 1
    return 1


def record_inventory(state: State, act: RecordInventory, ctx: Context) -> tuple[Event, ...]:
    _party(act.party)
    if act.year not in YEARS:
        expected = f"{YEARS[0]} to {YEARS[-1]}"
        raise Refused("bad_text", field="year", found=act.year, expected=expected)
    _metric(act.metric)
    _value("value", act.value)
    _digest(act.digest)
    check_open(state, act.party, act.year)
    old = state.inventories.get((act.party, act.year, act.metric))
    # After this point the record must succeed.
    event = InventoryRecorded(
        party=act.party,
        year=act.year,
        version=old.version + 1 if old else 1,
        value=act.value,
        digest=act.digest,
        metric=act.metric,
    )
    return (event,)


def _party(party: str) -> None:
    if not is_party(party):
        raise Refused("unknown_party", party=party)


def _digest(digest: str) -> None:
    if not DIGEST.fullmatch(digest):
        raise Refused("bad_digest", what="digest")


def _metric(metric: str) -> None:
    if not _METRIC.fullmatch(metric):
        expected = "GHG, or a metric such as MWh"
        raise Refused("bad_text", field="metric", found=metric[:80], expected=expected)


def _value(field: str, value: str) -> None:
    if not _VALUE.fullmatch(value):
        expected = "a decimal number, e.g. 1234.5"
        raise Refused("bad_text", field=field, found=value[:80], expected=expected)
