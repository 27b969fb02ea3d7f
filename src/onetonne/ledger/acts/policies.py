"""What the rules leave open: the lawbook names each point and what holds until a ledger chooses."""

from onetonne.ledger.acts.decided import decided
from onetonne.ledger.article6.mechanism_commands import SetPolicy
from onetonne.ledger.article6.mechanism_events import PolicySet
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State
from onetonne.ledger.units import Law, Policy


def set_policy(state: State, act: SetPolicy, ctx: Context) -> tuple[Event, ...]:
    row = _policy(ctx.law, act.policy)
    if not row.takes(act.value):
        expected = " / ".join((*row.values, *_ALSO[row.also]))
        raise Refused("bad_text", field=act.policy, found=act.value[:80], expected=expected)
    decided("set_policy", ctx)
    # After this point the choice must succeed.
    return (PolicySet(policy=act.policy, value=act.value),)


_ALSO = {"": (), "day": ("2026-12-31",), "day_or_days": ("2026-12-31", "90")}


def _policy(law: Law, code: str) -> Policy:
    row = law.policies.get(code)
    if row is None:
        known = ", ".join(sorted(law.policies))
        raise Refused("unknown_kind", kind=code, what="policy", known=known)
    return row


def policy(state: State, law: Law, code: str) -> str:
    """What holds in this ledger: its own choice, or the lawbook's."""
    chosen = state.policies.get(code)
    return chosen.value if chosen else _policy(law, code).value
