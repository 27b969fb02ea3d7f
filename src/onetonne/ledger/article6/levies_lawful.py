"""What no history may hold of the levies of cooperative approaches; part of `ledger.lawful`.

A levy is what the policy of its day makes of the blocks it names, each serial once; it is first
transferred and lies where it belongs; nothing is first transferred without the levy that is due.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from onetonne.ledger.acts.first_transfer import INHERITED, Part, common, minus, total
from onetonne.ledger.acts.levy import ROUNDING, cut, levied_before, of_mechanism
from onetonne.ledger.article6 import events as ev
from onetonne.ledger.article6.approach_levies import (
    BASES,
    CASH,
    FIRST_TRANSFERRED,
    ISSUED,
    NONE,
    SOP_KINDS,
    LevyPolicy,
    policy_on,
)
from onetonne.ledger.article6.lawful_uses import issued_by
from onetonne.ledger.article6.levies import MODES, Share, adds_up, goes_on
from onetonne.ledger.events import Converted, Moved
from onetonne.ledger.items import FUND

if TYPE_CHECKING:
    from onetonne.ledger.lawful import Watch
    from onetonne.ledger.tables import Account


def _policy(w: Watch, e: ev.LevyPolicySet) -> None:
    """Versions follow one another, of known words, and take no more than there is."""
    row = w.state.approaches.get(e.approach)
    in_turn = row is not None and e.version == len(row.levies) + 1
    known = e.sop_kind in SOP_KINDS and e.base in BASES and e.rounding in ("", *MODES)
    try:
        shares = [Fraction(text or 0) for text in (e.sop, e.omge)]
        right = all(0 <= share < 1 for share in shares) and sum(shares) <= 1
    except (ValueError, ZeroDivisionError):
        right = False
    if not (in_turn and known and right and bool(e.sop) == (e.sop_kind != NONE)):
        w.say("unlawful_authorisation", f"levies of {e.approach} version {e.version}")


def _levied(w: Watch, e: ev.ApproachLevied) -> None:
    lot, row = w.state.lots.get(e.lot), w.state.approaches.get(e.approach)
    under = w.state.authorisations.get((e.authorisation, e.version))
    policy = policy_on(row, e.day) if row is not None else None
    blocks, where = list(e.blocks), f"lot {e.lot} under {e.authorisation}"
    if lot is None or row is None or under is None or policy is None:
        w.say("unlawful_levy", where)
        return
    issued = any(one.lot == e.lot for one in issued_by(w))
    fits = (
        policy.version == e.policy
        and under.approach == e.approach
        and lot.project not in policy.exempt
        and not of_mechanism(w.state, lot)
        and e.base == (ISSUED if issued and policy.base == ISSUED else FIRST_TRANSFERRED)
        and blocks == sorted(blocks)
        and not any(w.state.approach_levies.over(e.lot, *block) for block in blocks)
    )
    if not fits or not _shares(w, e, policy, row.carries):
        w.say("unlawful_levy", f"{where}: {total(blocks)} units")
    elif not _lies(w, e):
        w.say("unlawful_levy", f"{where}: {blocks[:3]} lie elsewhere")


def _shares(w: Watch, e: ev.ApproachLevied, policy: LevyPolicy, carries: dict[str, str]) -> bool:
    """Whether the shares are those of the policy, worked out from what was carried on."""
    sop = {"sop": policy.sop} if policy.sop else {}
    omge = {"omge": policy.omge} if policy.omge else {}
    cash = policy.sop_kind == CASH
    quantity = total(list(e.blocks))
    return (
        _rates(w, policy, e.shares) == (omge if cash else sop | omge)
        and _rates(w, policy, e.owed) == (sop if cash else {})
        and adds_up(quantity, e.shares, e.levy_capped)
        and adds_up(quantity, e.owed, False)
        and goes_on(quantity, e.shares, carries)
        and goes_on(quantity, e.owed, carries)
        and sum(share.units for share in e.shares) + e.rest == quantity
    )


def _rates(w: Watch, policy: LevyPolicy, shares: tuple[Share, ...]) -> dict[str, str]:
    """The rates of shares by name; a rounding that the policy or the registry did not choose gives
    none. Where neither did, the law of the day said it."""
    found = {}
    for share in shares:
        choice = w.state.choices.get(ROUNDING.get(share.name, ""))
        mode = policy.rounding or (choice.value if choice else share.mode)
        found[share.name] = share.rate if share.mode == mode and not share.net else ""
    return found


def _lies(w: Watch, e: ev.ApproachLevied) -> bool:
    """Whether what was levied is first transferred by this entry, all of it where that is the base,
    and goes to the Fund and to its end."""
    units = {share.name: share.units for share in e.shares}
    sop, left = cut(list(e.blocks), units.get("sop", 0))
    omge, _ = cut(left, units.get("omge", 0))
    wanted = sorted([*sop, *omge]) if e.base == ISSUED else list(e.blocks)
    marked = sorted(
        block
        for one in w.entry.events
        if isinstance(one, ev.FirstTransferred)
        and (one.lot, one.authorisation) == (e.lot, e.authorisation)
        for block in one.blocks
    )
    return (
        not minus(wanted, marked)
        and not minus(sop, _moved(w, e.lot, FUND))
        and not minus(omge, _moved(w, e.lot, "omge"))
    )


def _moved(w: Watch, lot: int, to: str) -> list[Part]:
    """What this entry takes of a lot to accounts of a kind, or to an end."""
    found = []
    for one in w.entry.events:
        target = w.state.accounts.get(one.target) if isinstance(one, Moved) else None
        if isinstance(one, Moved) and one.lot == lot and target is not None:
            found += [(one.first, one.next)] if (target.sink or target.kind) == to else []
    return sorted(found)


def unlevied(w: Watch, e: ev.FirstTransferred) -> bool:
    """Whether something is first transferred without the levy of its approach, which was not taken
    before either."""
    under, lot = w.state.authorisations.get((e.authorisation, e.version)), w.state.lots.get(e.lot)
    row = w.state.approaches.get(under.approach) if under is not None else None
    policy = policy_on(row, e.day) if row is not None else None
    if lot is None or policy is None or e.trigger == INHERITED:
        return False
    if lot.project in policy.exempt or of_mechanism(w.state, lot):
        return False
    burnt = [m for one in w.entry.events if isinstance(one, Converted)
             and one.issued.lot == e.lot for m in one.burnt]  # fmt: skip
    if burnt and levied_before(w.state, burnt):
        return False
    taken = w.state.approach_levies
    due = [part for low, high in sorted(e.blocks) for part in taken.free(e.lot, low, high)]
    done = sorted(
        block
        for one in w.entry.events
        if isinstance(one, ev.ApproachLevied) and one.lot == e.lot
        for block in one.blocks
    )
    return bool(minus(due, done))


def by_levy(w: Watch, e: Moved, target: Account) -> bool:
    """Whether a move is what an authorisation levies of units that exist: no act of who holds
    them."""
    found = [one for one in w.entry.events if isinstance(one, ev.ApproachLevied)]
    made = any(isinstance(one, ev.Authorised) for one in w.entry.events)
    of = any(
        one.lot == e.lot and common(list(one.blocks), [(e.first, e.next)]) == [(e.first, e.next)]
        for one in found
    )
    return made and of and (target.sink or target.kind) in (FUND, "omge")


CHECKS: dict[type, Callable[[Any, Any], None]] = {
    ev.LevyPolicySet: _policy,
    ev.ApproachLevied: _levied,
}
