"""What may be asked of a ledger, now or as of a moment: one file per noun, answers as structs."""

from onetonne.service.questions.asof import NOW, Ambiguous, AsOf, Unknown, view
from onetonne.service.questions.deeds import Step
from onetonne.service.questions.directory import (
    Block,
    account_number,
    accounts,
    blocks_of,
    locks,
    lot_number,
    lots,
    name_of,
    namesakes,
    person_number,
    persons,
    projects,
    proposals,
    shared_names,
)
from onetonne.service.questions.find import find
from onetonne.service.questions.history import History, Life, history
from onetonne.service.questions.holdings import holdings
from onetonne.service.questions.lot_facts import lot_facts
from onetonne.service.questions.statement import Statement, statement
from onetonne.service.questions.totals import (
    DIMENSIONS,
    project,
    totals,
)

__all__ = [
    "DIMENSIONS",
    "NOW",
    "Ambiguous",
    "AsOf",
    "Block",
    "History",
    "Life",
    "Statement",
    "Step",
    "Unknown",
    "account_number",
    "accounts",
    "blocks_of",
    "find",
    "history",
    "holdings",
    "locks",
    "lot_facts",
    "lot_number",
    "lots",
    "name_of",
    "namesakes",
    "person_number",
    "persons",
    "project",
    "projects",
    "proposals",
    "shared_names",
    "statement",
    "totals",
    "view",
]
