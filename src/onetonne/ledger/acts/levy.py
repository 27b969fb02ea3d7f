"""Levy: a cooperative approach takes its share of what is issued or first transferred under it.

No act of its own: `take` adds it to what an act does, as first transfers are. The lowest serials go
to the Adaptation Fund, the next end as overall mitigation, what the act moves is the rest. Worked
out as the levies of Article 6.4 are. Source: 2/CMA.3 annex, paragraphs 37 and 39.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from onetonne.ledger.acts.authorise import DIGEST
from onetonne.ledger.acts.crediting import account_of_kind
from onetonne.ledger.acts.ends import sink_number
from onetonne.ledger.acts.first_transfer import (
    INHERITED,
    LEVY,
    Part,
    check_participation,
    common,
    in_scope,
    minus,
    of_host,
    total,
    where,
)
from onetonne.ledger.article6.approach_levies import (
    BASES,
    CASH,
    FIRST_TRANSFERRED,
    ISSUED,
    NONE,
    SOP_KINDS,
    ApproachLevied,
    LevyPolicy,
    LevyPolicySet,
    SetLevyPolicy,
    policy_on,
)
from onetonne.ledger.article6.events import Authorised, FirstTransferred
from onetonne.ledger.article6.levies import MODES, Rate, Split, split
from onetonne.ledger.article6.policy import chosen
from onetonne.ledger.article6.standing import is_dead
from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.events import (
    Cancelled,
    Converted,
    Corrected,
    Event,
    Issued,
    Moved,
    Returned,
    Used,
)
from onetonne.ledger.items import (
    FUND,
    MAX_ITEMS,
    Context,
    check_effective,
    keyed,
    unit_permits,
)
from onetonne.ledger.lanes import Holding
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Lot

ROUNDING = {"sop": "levy_rounding_sop", "omge": "levy_rounding_omge"}
"""The policies by which this registry rounds a levy whose approach does not say how."""
_SHARE = re.compile(r"[1-9][0-9]{0,8}/[1-9][0-9]{0,8}")


def set_policy(state: State, act: SetLevyPolicy, ctx: Context) -> tuple[Event, ...]:
    approach = state.approaches.get(act.approach)
    if approach is None:
        raise Refused("unknown_approach", approach=act.approach)
    words = (
        ("kind of share of proceeds", act.sop_kind, SOP_KINDS),
        ("base of a levy", act.base, BASES),
        ("rounding of a levy", act.rounding, ("", *MODES)),
    )
    for what, word, known in words:
        if word not in known:
            raise Refused(
                "unknown_kind", kind=word, what=what, known=", ".join(filter(None, known))
            )
    shares = {name: _share(name, getattr(act, name)) for name in ("sop", "omge")}
    if bool(act.sop) == (act.sop_kind == NONE):
        expected = "UNITS or CASH with a share of proceeds, NONE without"
        raise Refused("bad_text", field="sop_kind", found=act.sop_kind, expected=expected)
    if sum(shares.values()) > 1:
        expected = "shares that are one together at most"
        raise Refused("bad_text", field="omge", found=act.omge, expected=expected)
    if len(act.exempt) > MAX_ITEMS:
        raise Refused("too_many_items", count=len(act.exempt), limit=MAX_ITEMS)
    for project in act.exempt:
        if project not in state.projects:
            raise Refused("unknown_project", project=project)
    if not DIGEST.fullmatch(act.digest):
        raise Refused("bad_digest", what="digest")
    # After this point the policy must be set.
    event = LevyPolicySet(
        approach=act.approach,
        version=len(approach.levies) + 1,
        day=ctx.request.effective or ctx.day,
        digest=act.digest,
        sop=str(shares["sop"] or ""),
        sop_kind=act.sop_kind,
        omge=str(shares["omge"] or ""),
        base=act.base,
        rounding=act.rounding,
        exempt=act.exempt,
    )
    return (event,)


def _share(name: str, text: str) -> Fraction:
    if text and (not _SHARE.fullmatch(text) or Fraction(text) >= 1):
        expected = "a share below one, e.g. 1/20"
        raise Refused("bad_text", field=name, found=text[:80], expected=expected)
    return Fraction(text or 0)


class Due(NamedTuple):
    """Blocks of a lot of which an approach takes its share, under one authorisation."""

    lot: Lot | Issued
    under: Authorisation | Authorised
    policy: LevyPolicy
    blocks: list[Part]
    base: str
    mark: FirstTransferred


def take(state: State, ctx: Context, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events of an act, with what approaches levy of what it issues and first transfers."""
    if not any(row.levies for row in state.approaches.values()):
        return events
    taking = _Taking(state, ctx, events)
    for due in (*taking.transferred(), *taking.issued()):
        taking.levy(due)
    return taking.all() if taking.levied else events


def of_mechanism(state: State, lot: Lot | Issued) -> bool:
    """Whether a mechanism issued a lot, with levies of its own: no approach takes more of it."""
    activity = state.activities.get(lot.project)
    return activity is not None and activity.unit == lot.unit


def levied_before(state: State, burnt: Iterable[Moved]) -> bool:
    """Whether all that was burnt for new units was levied: they are not levied again."""
    return not any(state.approach_levies.free(m.lot, m.first, m.next) for m in burnt)


class _Taking:
    """The levies of one act: each serial once, and never of what is not there."""

    def __init__(self, state: State, ctx: Context, events: tuple[Event, ...]) -> None:
        self.state, self.ctx, self.events = state, ctx, events
        self.burnt = {e.issued.lot: e.burnt for e in events if isinstance(e, Converted)}
        self.new = {e.lot: e for e in events if isinstance(e, Issued)}
        # What a conversion makes is there to be levied, and is no issuance under an approach.
        made = {e.issued.lot: e.issued for e in events if isinstance(e, Converted)}
        self.made = self.new | made
        # What comes back goes whole to whose it was, who gives what is levied.
        self.back = any(isinstance(e, Corrected | Returned) for e in events)
        self.carries: dict[str, dict[str, str]] = {}
        self.levied: list[tuple[FirstTransferred | None, ApproachLevied, list[list[Part]]]] = []
        self.gone: dict[int, list[Part]] = {}
        self.moved: dict[int, list[Part]] = {}

    def lot(self, number: int) -> Lot | Issued:
        return self.made.get(number) or self.state.lots[number]

    def under(self, mark: FirstTransferred) -> Authorisation | Authorised:
        """The version that something was first transferred under; this act itself may make it."""
        for e in self.events:
            if isinstance(e, Authorised) and (e.authorisation, e.version) == (
                mark.authorisation, mark.version
            ):  # fmt: skip
                return e
        return self.state.authorisations[mark.authorisation, mark.version]

    def transferred(self) -> Iterator[Due]:
        """What this act first transfers, by lot and authorisation."""
        marks: dict[tuple[int, str], list[FirstTransferred]] = {}
        for e in self.events:
            if isinstance(e, FirstTransferred) and e.trigger != INHERITED:
                marks.setdefault((e.lot, e.authorisation), []).append(e)
        for (number, _), found in marks.items():
            blocks = sorted(block for mark in found for block in mark.blocks)
            yield from self._due(number, self.under(found[0]), blocks, found[0])

    def issued(self) -> Iterator[Due]:
        """What it issues under an approach that levies what is issued, as far as a cap reaches."""
        day = self.ctx.request.effective or self.ctx.day
        for number, lot in self.new.items():
            for row in of_host(self.state, lot.host):
                if is_dead(row, day) or not in_scope(row, lot, self.ctx.law):
                    continue
                left = minus([(0, lot.size)], sorted(self._done(number)))
                room = total(left) if not row.cap else max(row.cap - self._spent(row), 0)
                mark = FirstTransferred(
                    lot=number, blocks=(), authorisation=row.authorisation, version=row.version,
                    trigger=LEVY, day=day,
                )  # fmt: skip
                for due in self._due(number, row, cut(left, room)[0], mark):
                    if due.policy.base == ISSUED:
                        check_participation(self.state, row.party)
                        yield due

    def _done(self, number: int) -> list[Part]:
        marks = (e for e in self.events if isinstance(e, FirstTransferred) and e.lot == number)
        return [block for mark in marks for block in mark.blocks]

    def _spent(self, row: Authorisation) -> int:
        marks = (e for e in self.events if isinstance(e, FirstTransferred))
        mine = (e for e in marks if e.authorisation == row.authorisation)
        return row.transferred + sum(total(list(e.blocks)) for e in mine if e.trigger != INHERITED)

    def _due(
        self,
        number: int,
        under: Authorisation | Authorised,
        blocks: list[Part],
        mark: FirstTransferred,
    ) -> Iterator[Due]:
        lot = self.lot(number)
        policy = policy_on(self.state.approaches[under.approach], mark.day)
        if policy is None or lot.project in policy.exempt or of_mechanism(self.state, lot):
            return
        taken = self.state.approach_levies
        blocks = [part for low, high in blocks for part in taken.free(number, low, high)]
        if number in self.burnt and levied_before(self.state, self.burnt[number]):
            return
        issued = policy.base == ISSUED and number in self.new
        if blocks:
            base = ISSUED if issued else FIRST_TRANSFERRED
            yield Due(lot, under, policy, blocks, base, mark)

    def levy(self, due: Due) -> None:
        """Work out one levy, and which serials it takes."""
        made, owed = self._split(due)
        left = due.blocks
        parts: dict[str, list[Part]] = {}
        for share in made.shares:
            parts[share.name], left = cut(left, share.units)
        taken, _ = cut(due.blocks, sum(share.units for share in made.shares))
        event = ApproachLevied(
            lot=due.lot.lot,
            blocks=tuple(due.blocks),
            approach=due.under.approach,
            policy=due.policy.version,
            authorisation=due.under.authorisation,
            version=due.under.version,
            base=due.base,
            day=due.mark.day,
            rest=made.rest,
            shares=made.shares,
            owed=owed.shares,
            levy_capped=made.capped,
        )
        # What an authorisation or an issuance first transfers, says so in its own words.
        own = due.mark.trigger in ("authorisation", "issuance")
        mark = replace(due.mark, blocks=tuple(taken), trigger=LEVY) if taken and not own else None
        self.levied.append((mark, event, [parts.get("sop", []), parts.get("omge", [])]))
        if taken:
            self.gone[due.lot.lot] = sorted([*self.gone.get(due.lot.lot, []), *taken])

    def _split(self, due: Due) -> tuple[Split, Split]:
        """What is taken in units, and what is owed in money."""
        policy, quantity = due.policy, total(due.blocks)
        old = self.state.approaches[due.under.approach].carries
        carries = self.carries.setdefault(due.under.approach, dict(old))
        rates: dict[str, Rate] = {}
        for name, text in (("sop", policy.sop), ("omge", policy.omge)):
            if text:
                mode = policy.rounding or chosen(self.state.choices, self.ctx.law, ROUNDING[name])
                rates[name] = Rate(name, Fraction(text), mode, Fraction(carries.get(name, "0")))
        cash = [rates.pop("sop")] if policy.sop_kind == CASH else []
        made, owed = split(quantity, rates.values()), split(quantity, cash)
        told = (*made.shares, *owed.shares)
        carries.update({share.name: share.carry for share in told if share.mode == "CARRY"})
        return made, owed

    def all(self) -> tuple[Event, ...]:
        """The act's own events about what is left, then each levy with its moves."""
        out: list[Event] = []
        for e in self.events:
            out += self._rest(e)
        for mark, event, (sop, omge) in self.levied:
            out += [mark, event] if mark is not None else [event]
            lot = self.lot(event.lot)
            if sop:
                unit_permits(self.ctx.law, lot, "transfer", "")
                target = account_of_kind(self.state, FUND).account
                for source, part in self._from(lot, sop):
                    out.append(self._move(lot, part, source, target))
            if omge:
                unit_permits(self.ctx.law, lot, "cancel", "omge")
                target = sink_number(self.state, "omge")
                for source, part in self._from(lot, omge):
                    out.append(Cancelled(source=source, kind="omge"))
                    out.append(self._move(lot, part, source, target))
        return tuple(out)

    def _rest(self, e: Event) -> list[Event]:
        """An event of the act without the serials that were levied."""
        gone = self.gone.get(getattr(e, "lot", 0))
        if gone is None:
            return [e]
        if isinstance(e, Moved) and self.back:
            return [e]
        if isinstance(e, Moved):
            lot, parts = self.lot(e.lot), minus([(e.first, e.next)], gone)
            return [self._move(lot, part, e.source, e.target) for part in parts]
        if isinstance(e, FirstTransferred) and e.trigger in ("authorisation", "issuance"):
            return [e]
        if isinstance(e, FirstTransferred | Used):
            blocks = minus(sorted(e.blocks), gone)
            return [replace(e, blocks=tuple(blocks))] if blocks else []
        return [e]

    def _from(self, lot: Lot | Issued, parts: list[Part]) -> list[tuple[int, Part]]:
        """Who gives the levied serials: whoever the act takes them from, or holds them."""
        found = []
        for e in self.events:
            if isinstance(e, Moved) and e.lot == lot.lot:
                mine = common(parts, [(e.first, e.next)])
                found += [(e.target if self.back else e.source, part) for part in mine]
                parts = minus(parts, mine)
        for low, high in parts:
            for h in self._held(lot, low, high):
                self._unlocked(lot, h)
                found.append((h.account, (max(h.first, low), min(h.next, high))))
        return sorted(found, key=lambda one: one[1])

    def _held(self, lot: Lot | Issued, first: int, next_: int) -> list[Holding]:
        if isinstance(lot, Issued):
            return [Holding(0, lot.size, lot.account, self.ctx.seq)]
        moves = [e for e in self.events if isinstance(e, Moved) and e.lot == lot.lot]
        if self.back and moves:
            over = [e for e in moves if e.first < next_ and first < e.next]
            return [Holding(e.first, e.next, e.target, self.ctx.seq) for e in over]
        return self.state.lane(lot.lot).cover(first, next_)

    def _unlocked(self, lot: Lot | Issued, h: Holding) -> None:
        """What is locked is not levied, and so not first transferred either."""
        if h.locks and isinstance(lot, Lot):
            serials = where(lot, [(h.first, h.next)])
            rows = [self.state.locks.get(number) for number in h.locks]
            told = "; ".join(
                f"{serials} by {row.kind if row else 'lock'} {number}"
                for row, number in zip(rows, h.locks, strict=True)
            )
            raise Refused(
                "locked", account=h.account, lot=lot.lot, serials=serials, locks=told, free=0
            )

    def _move(self, lot: Lot | Issued, part: Part, source: int, target: int) -> Moved:
        first, next_ = part
        holdings = self._held(lot, *part)
        check_effective(self.state, self.ctx, holdings)
        held = keyed(self.moved.setdefault(lot.lot, []), holdings, first, next_)
        return Moved(lot=lot.lot, first=first, next=next_, source=source, target=target, held=held)


def cut(parts: list[Part], units: int) -> tuple[list[Part], list[Part]]:
    """The lowest units of sorted parts, and the rest."""
    low, rest = [], []
    for first, next_ in parts:
        at = min(next_, first + units)
        units -= at - first
        low += [(first, at)] if first < at else []
        rest += [(at, next_)] if at < next_ else []
    return low, rest
