"""What may be asked of a ledger, now or as of a moment: one file per noun, answers as structs."""

from onetonne.service.questions.asof import NOW, Ambiguous, AsOf, Unknown, View, view
from onetonne.service.questions.deeds import Step
from onetonne.service.questions.directory import (
    Block,
    Listing,
    account_number,
    accounts,
    blocks_of,
    locks,
    lot_number,
    lots,
    name_of,
    person_number,
    persons,
    projects,
    proposals,
)
from onetonne.service.questions.find import Found, Sighting, find
from onetonne.service.questions.history import History, Life, history
from onetonne.service.questions.holdings import HoldingRow, Holdings, holdings
from onetonne.service.questions.statement import Movement, Statement, statement
from onetonne.service.questions.totals import (
    DIMENSIONS,
    ProjectAnswer,
    ProjectLot,
    Total,
    Totals,
    project,
    totals,
)

__all__ = [
    "DIMENSIONS",
    "NOW",
    "Ambiguous",
    "AsOf",
    "Block",
    "Found",
    "History",
    "HoldingRow",
    "Holdings",
    "Life",
    "Listing",
    "Movement",
    "ProjectAnswer",
    "ProjectLot",
    "Sighting",
    "Statement",
    "Step",
    "Total",
    "Totals",
    "Unknown",
    "View",
    "account_number",
    "accounts",
    "blocks_of",
    "find",
    "history",
    "holdings",
    "locks",
    "lot_number",
    "lots",
    "name_of",
    "person_number",
    "persons",
    "project",
    "projects",
    "proposals",
    "statement",
    "totals",
    "view",
]
