"""What may be asked of a ledger, now or as of a moment: one file per noun, answers as structs."""

from onetonne.service.questions.asof import NOW, Ambiguous, AsOf, Unknown, View, view
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
from onetonne.service.questions.holdings import HoldingRow, Holdings, holdings

__all__ = [
    "NOW",
    "Ambiguous",
    "AsOf",
    "Block",
    "HoldingRow",
    "Holdings",
    "Listing",
    "Unknown",
    "View",
    "account_number",
    "accounts",
    "blocks_of",
    "holdings",
    "locks",
    "lot_number",
    "lots",
    "name_of",
    "person_number",
    "persons",
    "projects",
    "proposals",
    "view",
]
