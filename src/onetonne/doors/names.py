"""From what people type to the ledger's numbers: accounts, people and lots.

What is looked up is a question; here only what is mistyped is told apart from what is not there.
"""

import re

from onetonne.base import account_numbers
from onetonne.doors import known
from onetonne.doors.typed import WrongUsage
from onetonne.ledger.items import printed
from onetonne.service import questions
from onetonne.service.ledger import Ledger

_NUMBER = re.compile(r"[0-9][0-9-]*")
_REGISTRARS = "SELECT person FROM persons WHERE active = 1 AND roles LIKE ? LIMIT 2"


class Names:
    """Looks names up in one ledger. Raises WrongUsage, or questions.Unknown and Ambiguous."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def account(self, text: str) -> int:
        """An account by number, by a sink's code, or by a holder's name that only one bears."""
        text = text.strip()
        if _NUMBER.fullmatch(text):
            _check_digits(text)
        return questions.account_number(self.ledger, text)

    def person(self, text: str) -> int:
        return questions.person_number(self.ledger, text)

    def lot(self, text: str) -> int:
        return questions.lot_number(self.ledger, text)

    def block(self, text: str) -> tuple[int, str]:
        """A lot and the serials of it that a text names, as printed; none for all of them."""
        blocks = questions.blocks_of(self.ledger, text)
        lot, first, next_ = blocks[0].lot, blocks[0].first, blocks[0].next
        if len(blocks) > 1 or next_ - first == lot.size:
            return self.lot(text), ""
        return lot.lot, printed(lot, first, next_)

    def actor(self, text: str) -> int:
        """Who acts: the named person, or the only registrar there is."""
        if text:
            return self.person(text)
        found = self.ledger.db.query(_REGISTRARS, ('%"registrar"%',))
        if len(found) == 1:
            return int(found[0][0])
        several = ", ".join(known.person(self.ledger, row[0]) for row in found)
        if not several:
            raise WrongUsage(
                "Who acts? There is no registrar any more: add --as NAME or set ONETONNE_AS.",
                "由誰執行？本帳本已無登錄員：請加上 --as 姓名，或設定 ONETONNE_AS。",
            )
        raise WrongUsage(
            f"Who acts? There are several registrars, such as {several}: add --as NAME or set "
            "ONETONNE_AS.",
            f"由誰執行？登錄員不只一位，例如 {several}：請加上 --as 姓名，或設定 ONETONNE_AS。",
        )


def _check_digits(text: str) -> None:
    try:
        account_numbers.read(text)
    except account_numbers.BadAccountNumber as error:
        zh = f"{text} 不是有效帳號：檢查碼不符或格式有誤。帳號寫成 1234-5678-97。"
        raise WrongUsage(f"{error}.", zh, "bad_account_number") from None
