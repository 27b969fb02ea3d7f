"""What a surrender says of an NDC: use by the Party in the same period, held for later, or for
other international purposes. Use itself stays an act of the Party, with its year.

Source: 2/CMA.3 annex, paragraphs 1 and 8: what is surrendered adjusts nothing by itself.
"""

from onetonne.ledger.acts.first_transfer import FOR_OTHERS, where
from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.commands import Surrender
from onetonne.ledger.compliance import Operator
from onetonne.ledger.ended import head_of
from onetonne.ledger.events import Surrendered
from onetonne.ledger.items import Pick
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.tables import Account, Lot

EFFECTS = ("use", "held", "oimp")


def check_effect(state: State, act: Surrender, operator: Operator, pick: Pick) -> None:
    """First transferred units name their effect, others have none; it fits what they are for."""
    if act.ndc_effect and act.ndc_effect not in EFFECTS:
        kind, known = act.ndc_effect[:80], ", ".join(EFFECTS)
        raise Refused("unknown_kind", kind=kind, what="effect on an NDC", known=known)
    found = False
    for number, first, next_, _ in pick.blocks:
        lot = state.lots[number]
        for mark in state.first_transfers.over(number, first, next_):
            found = True
            if not act.ndc_effect:
                part = (max(mark.first, first), min(mark.next, next_))
                serials, known = where(lot, [part]), ", ".join(EFFECTS)
                raise Refused("ndc_effect_missing", lot=number, serials=serials, known=known)
            row = state.authorisations[mark.authorisation, mark.version]
            why = _contradiction(state, act.ndc_effect, operator, row, lot)
            if why:
                raise Refused("ndc_effect_contradicted", effect=act.ndc_effect, why=why)
    if act.ndc_effect and not found:
        why = "none of them was first transferred"
        raise Refused("ndc_effect_contradicted", effect=act.ndc_effect, why=why)


def _contradiction(
    state: State, effect: str, operator: Operator, row: Authorisation, lot: Lot
) -> str:
    """Why units of a lot cannot have this effect; empty where they can."""
    if effect == "oimp":
        others = any(one in row.purposes for one in FOR_OTHERS)
        return "" if others else f"{row.authorisation} is for an NDC alone"
    if "NDC" not in row.purposes:
        return f"{row.authorisation} is not for an NDC"
    if effect == "held":
        return ""
    party = state.accounts[operator.account].party
    if row.parties and party not in (*row.parties, lot.host):
        return f"{row.authorisation} is not for {party}"
    pledges = [one for one in state.ndcs.values() if one.party == party]
    pledge = next((one for one in pledges if one.first <= lot.vintage <= one.last), None)
    if pledge is None:
        return f"{party} has no recorded NDC for vintage {lot.vintage}"
    if pledge.metric != row.metric:
        return f"lot {lot.lot} is measured in {row.metric}, the NDC in {pledge.metric}"
    return ""


def check_surrendered(state: State, lot: Lot, first: int, next_: int, party: str) -> None:
    """What was surrendered is used by the Party of who surrendered it, and not for other purposes
    as well."""
    for held in state.lane(lot.lot).cover(first, next_):
        head = head_of(state.entries.get(held.moved), lot.lot, max(held.first, first))
        if isinstance(head, Surrendered) and head.ndc_effect == "oimp":
            part = (max(held.first, first), min(held.next, next_))
            raise Refused(
                "surrendered_for_others",
                lot=lot.lot,
                serials=where(lot, [part]),
                entry=held.moved,
            )
        if isinstance(head, Surrendered):
            check_party(state.accounts[head.source], party)


def check_party(account: Account, party: str) -> None:
    if account.party != party:
        raise Refused("another_party", account=account.account, holder=account.party, party=party)
