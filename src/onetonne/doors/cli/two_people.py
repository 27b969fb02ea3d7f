"""Two people: one proposes, another approves or rejects; the proposer may withdraw."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from onetonne.doors import known
from onetonne.doors.cli import options as o
from onetonne.doors.cli.holdings import SHOWN, as_of, more
from onetonne.doors.cli.session import Session, acts, asks
from onetonne.doors.render import Rows
from onetonne.ledger.acts.propose import PROPOSABLE, acts_of
from onetonne.ledger.article6.commands import Article6Act
from onetonne.ledger.commands import Approve, Reject, Withdraw
from onetonne.service import questions

app = typer.Typer()
PANEL = "Marks and two people"
OF_ETS = (
    "set_cap",
    "allocate",
    "set_figure",
    "report_emissions",
    "return_excess",
    "recognise",
)
"""Acts that can be proposed and are commands of the group `ets`."""
OF_A6 = tuple(str(act.__struct_config__.tag) for act in Article6Act.__args__)
"""Those that are commands of the group `a6`."""
COMMANDS = (
    *(tag for act in PROPOSABLE
      if (tag := str(act.__struct_config__.tag)) not in (*OF_ETS, *OF_A6)),
    "basket",
    "ets",
    "a6",
)  # fmt: skip
Number = Annotated[int, typer.Argument(help="The proposal's number.")]


class Proposable(TyperGroup):
    """The same commands as without `propose`; what they ask for waits for a second person."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        root: Any = ctx.find_root().command
        return root.get_command(ctx, cmd_name) if cmd_name in COMMANDS else None


propose = typer.Typer(cls=Proposable, no_args_is_help=True)
app.add_typer(propose, name="propose", rich_help_panel=PANEL)


@propose.callback()
def proposing(ctx: typer.Context, until: o.Until = None) -> None:
    """Ask for an act that a second person must approve. 提案（須另一人核准）。

    onetonne propose --until 2026-12-31 transfer 500 --lot TCER-2025-1 --from A --to B
    """
    ctx.meta["proposal"] = {"until": until}


@asks(app, PANEL, when=True)
def proposals(s: Session) -> None:
    """Proposals that wait for a second person. 待核准的提案。"""
    answer: Any = questions.proposals(s.ledger, s.moment)
    found = [
        {"proposal": p.proposal, "by": p.by, "until": p.until and str(p.until),
         "entry": p.proposed, "lock": p.lock, "acts": acts_of(p),
         "shown": [known.act(s.ledger, act) for act in acts_of(p)],
         "by_shown": known.person(s.ledger, p.by)}
        for p in answer.rows
    ]  # fmt: skip
    heads = (("proposal", "提案"), ("by", "提案人"), ("acts", "行為"), ("until", "至"))
    rows = [
        (
            str(p["proposal"]),
            p["by_shown"],
            tuple(known.act(s.ledger, act, s.out.language) for act in p["acts"]),
            p["until"] or "-",
        )
        for p in found
    ]
    s.reply({"proposals": found}, Rows(heads, rows[:SHOWN]),
            more(len(rows)), as_of(answer.as_of))  # fmt: skip


@acts(app, PANEL)
def approve(s: Session, number: Number) -> Approve:
    """Approve another person's proposal; it is decided anew. 核准提案。"""
    return Approve(proposal=number)


@acts(app, PANEL)
def reject(s: Session, number: Number, reason: o.Reason = "") -> Reject:
    """Reject another person's proposal. 駁回提案。"""
    return Reject(proposal=number, reason=reason)


@acts(app, PANEL)
def withdraw(s: Session, number: Number) -> Withdraw:
    """Withdraw one's own proposal. 撤回提案。"""
    return Withdraw(proposal=number)
