"""Who may send which act: the registrar keeps the books, an authority freezes, labels and
corrects, an agent acts for the accounts that name them.

Two people where an account demands it is the kernel's guard; that the second differs from
the first is too. This file only answers whether a person may ask at all.
"""

from onetonne.ledger import commands as c
from onetonne.ledger.acts.propose import acts_of
from onetonne.ledger.refusals import Refusal
from onetonne.ledger.state import CLOCK, State

REGISTRAR = (
    c.Enrol,
    c.Dismiss,
    c.OpenAccount,
    c.CloseAccount,
    c.RegisterProject,
    c.Issue,
    c.Admit,
    c.Observe,
    c.Root,
)
AUTHORITY = (c.Label, c.Correct)
FOR_AN_ACCOUNT = (c.Transfer, c.Retire, c.Cancel, c.Surrender, c.Convert, c.Lock)


def permitted(state: State, request: c.Request) -> Refusal | None:
    """None when the person may send these acts, else the refusal that says what is needed."""
    if request.by == CLOCK:
        return None
    person = state.persons.get(request.by)
    if person is None or not person.active:
        return Refusal("unknown_person", {"person": request.by})
    for act in request.acts:
        needed = _needed(state, act, request.by, person.roles)
        if needed:
            name = type(act).__struct_config__.tag
            facts = {"person": request.by, "act": name, "needed": needed}
            return Refusal("not_permitted", facts)
    return None


def _needed(state: State, act: c.Act, by: int, roles: tuple[str, ...]) -> str:
    """What is lacking for one act; empty when nothing is."""
    if isinstance(act, c.Lock) and act.kind == "freeze":
        return "" if "authority" in roles else "the role authority"
    if "registrar" in roles:
        return ""
    if isinstance(act, AUTHORITY):
        return "" if "authority" in roles else "the role authority or registrar"
    if isinstance(act, c.Propose):
        lacking = (_needed(state, one, by, roles) for one in act.acts)
        return next((what for what in lacking if what), "")
    if isinstance(act, c.Approve | c.Reject):
        row = state.proposals.get(act.proposal)
        asked = acts_of(row) if row else ()
        lacking = (_needed(state, one, by, roles) for one in asked)
        return next((what for what in lacking if what), "")
    if isinstance(act, c.Lift | c.Withdraw):
        return ""
    if isinstance(act, FOR_AN_ACCOUNT):
        account = state.accounts.get(act.source)
        mine = account is None or by in account.agents
        return "" if mine else "an agent of the account, or the registrar,"
    return "the role registrar"
