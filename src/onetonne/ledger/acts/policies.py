"""Choose a policy: how this registry answers what a rule of Article 6 leaves open.

The questions and their answers are law (`lawbook/acts/article6.yaml`); the choice is journaled, so
that a replay and an auditor see under which answer each act was decided.
"""

from onetonne.ledger.acts.decided import digest
from onetonne.ledger.article6.commands import ChoosePolicy
from onetonne.ledger.article6.events import PolicyChosen
from onetonne.ledger.article6.policy import answers, is_answer
from onetonne.ledger.events import Event
from onetonne.ledger.items import Context
from onetonne.ledger.refusals import Refused
from onetonne.ledger.state import State


def choose(state: State, act: ChoosePolicy, ctx: Context) -> tuple[Event, ...]:
    policy = ctx.law.policies.get(act.policy)
    if policy is None:
        known = ", ".join(ctx.law.policies)
        raise Refused("unknown_kind", kind=act.policy, what="policy", known=known)
    if not is_answer(policy, act.value):
        raise Refused("unknown_kind", kind=act.value, what="answer", known=answers(policy))
    digest("digest", act.digest)
    # After this point the choice must succeed.
    event = PolicyChosen(
        policy=act.policy,
        value=act.value,
        day=ctx.request.effective or ctx.day,
        digest=act.digest,
    )
    return (event,)
