"""A ledger in which every state table has rows, and ways to open it on either store."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from tests.ledger.given import SYSTEMS

from onetonne.base.merkle import leaf_hash
from onetonne.ledger import commands as c
from onetonne.ledger.acts.first_transfer import RESPONSIBILITIES
from onetonne.ledger.article6 import commands as a6
from onetonne.ledger.article6 import mechanism_commands as m
from onetonne.ledger.article6.plan import Share
from onetonne.ledger.commands import Item
from onetonne.ledger.hub import Hub
from onetonne.service.execute import Answer, new_account_number
from onetonne.service.ledger import Ledger
from onetonne.service.roots import journal_root
from onetonne.store.lawbook import load_law

LATER = date(2999, 1, 1)
_SHIPPED = load_law()
_KOC = msgspec.structs.replace(_SHIPPED.conversions["KOC-KCU"], system="")
"""A rule that no system judges: the law of systems here is made up."""
LAW = msgspec.structs.replace(
    _SHIPPED, hub=Hub(lambda: SYSTEMS), conversions={**_SHIPPED.conversions, "KOC-KCU": _KOC}
)
"""The shipped units, and the kernel tests' made-up system, which has a duty."""


class Sample:
    """The ledger, its people and accounts, and the numbers of what happened."""

    def __init__(self, address: str) -> None:
        self.ledger, self.me = Ledger.create(
            address, ledger="registry.example/tw", party="TW", zone="Asia/Taipei", registrar="Mei",
            law=LAW,
        )  # fmt: skip
        self.state = new_account_number()
        self.second = 77
        self.a, self.b = new_account_number(), new_account_number()

    def do(self, *acts: c.Act, by: int = 0, **rest: Any) -> int:
        """The sequence number of the entry that these acts made."""
        request = c.Request(by=by or self.me, acts=acts, **rest)
        return entry_of(self.ledger.execute([request])[0])

    def fill(self) -> Sample:
        """Issue, move, lock, propose, convert, file, correct: 1,000 serials and their fate."""
        a, b, do = self.a, self.b, self.do
        do(c.Enrol(person=self.second, name="Ann", roles=("registrar", "authority")))
        do(c.Enrol(person=78, name="Gone"))
        do(c.Dismiss(person=78))
        do(c.OpenAccount(account=a, party="TW", holder="Solar Co", agents=(self.me,)))
        do(c.OpenAccount(account=b, party="TW", holder="買方"))
        do(c.RegisterProject(project="TW-1", party="TW", name="Roof", mechanism="TW-GHG"))
        do(c.Issue(unit="TCER", quantity=1000, account=a, project="TW-1", vintage=2024))
        do(c.Transfer(source=a, target=b, items=(item(1, "1-100"), item(1, "201-300"))))
        do(c.Label(items=(item(1, "1-10"),), kind="ccp", value="yes"))
        do(c.Lock(source=a, items=(item(1, "101-150"),), kind="pledge", lift_by=self.me,
                  until=LATER, reason="loan"))  # fmt: skip
        do(c.Lock(source=a, items=(item(1, "401-450"),), kind="pledge", lift_by=self.me))
        do(c.Lift(lock=2))
        retire = c.Retire(source=b, items=(item(1, "1-20"),), beneficiary="ACME",
                          purpose="voluntary_claim", period="2024")  # fmt: skip
        do(retire)
        do(c.Transfer(source=a, target=b, items=(Item(lot=1, quantity=30),)),
           c.Transfer(source=b, target=a, items=(item(1, "971-975"),)))  # fmt: skip
        wrong = do(c.Transfer(source=a, target=b, items=(item(1, "501-510"),)))
        do(c.Correct(entry=wrong, reason="wrong buyer"))
        more = (c.Transfer(source=a, target=b, items=(item(1, "601-650"),)),)
        do(c.Propose(acts=more, until=LATER))
        do(c.Approve(proposal=1), by=self.second)
        do(c.Propose(acts=(c.Transfer(source=a, target=b, items=(item(1, "701-710"),)),)))
        journal_root(self.ledger)
        self.convert()
        self.file()
        self.ledger.publish()
        return self

    def convert(self) -> None:
        """Lot 2 (KOC) is burnt in part, and lot 3 (KCU) made from it."""
        self.do(c.RegisterProject(project="KR-1", party="KR", name="Lake"))
        self.do(c.Issue(unit="KOC", quantity=60, account=self.a, project="KR-1", vintage=2023))
        self.do(c.Transfer(source=self.a, target=self.b, items=(item(2, "11-30"),)))
        self.do(c.Convert(source=self.b, items=(item(2, "11-25"),), rule="KOC-KCU"))

    def comply(self) -> None:
        """An operator of a made-up system: every table of compliance has a row."""
        a, do = self.a, self.do
        of: dict[str, Any] = {"system": "S", "operator": "OP", "period": "ANY"}
        do(c.OpenAccount(account=self.state, kind="party", party="TW"))
        do(c.RegisterOperator(system="S", operator="OP", account=a))
        since = date(2024, 1, 1)
        do(c.GroupOperators(system="S", operators=("OP",), since=since, into="P"), cites="d")
        do(c.SetCap(system="S", period="ANY", tonnes=90), cites="d")
        facts = {"system": "S", "period": "ANY"}
        do(c.Issue(unit="KAU", quantity=50, account=self.state, vintage=2024, facts=facts))
        do(c.Allocate(source=self.state, items=(Item(lot=5, quantity=20),), **of))
        do(c.SetFigure(figure="entitlement", tonnes=7, document="ab" * 32, **of), cites="d")
        do(c.RecordPayment(kind="tax", amount="0.5", currency="TWD", document="ab" * 32, **of),
           cites="d")  # fmt: skip
        do(c.Recognise(system="S", items=(item(1, "901-910"),), until=LATER, effect="e",
                       statement="ab" * 32, conditions="c"))  # fmt: skip
        do(c.Surrender(source=a, items=(item(1, "901-905"),), **of))
        self.ledger.publish()

    def file(self) -> None:
        """Lot 4 is a foreign block that an observation shows."""
        row = msgspec.json.encode(
            {"kind": "block", "quantity": 10, "key": "VCS-1", "first": "5001", "last": "5010"}
        ).decode()
        seen = self.do(c.Observe(register="verra", digest=sha256(b"file").hexdigest(),
                                 root=leaf_hash(row.encode()).hex(), rows=1,
                                 day=date(2024, 5, 1)))  # fmt: skip
        filed = c.Foreign(observation=seen, row=row, index=0)
        self.do(c.Admit(filed=filed, account=self.a, unit="VCU", project="TW-1", vintage=2021))

    def authorise(self, lot: int = 5) -> None:
        """Of a new lot 60 units are first transferred to Japan, 20 used; an inventory is known."""
        digest, abroad = sha256(b"letter").hexdigest(), new_account_number()
        self.do(c.OpenAccount(account=abroad, party="JP", holder="Buyer in Japan"))
        self.do(a6.RegisterApproach(approach="CA9001", parties=("TW", "JP")))
        self.do(a6.DeclareParticipation(party="TW", met=RESPONSIBILITIES))
        self.do(a6.RecordNdc(party="JP", first=2021, last=2030, kind="multi", method="budget",
                             digest=digest))  # fmt: skip
        self.do(a6.RecordInventory(party="JP", year=2024, value="1000.5", digest=digest))
        self.do(a6.Authorise(authorisation="L1", approach="CA9001", party="TW", purposes=("NDC",),
                             digest=digest, cap=100, units=("VCU",), recall_days=365,
                             revocation_terms="counted once"))  # fmt: skip
        self.do(c.Issue(unit="VCU", quantity=100, account=self.a, project="TW-1", vintage=2024,
                        activity="reduction"))  # fmt: skip
        self.do(c.Transfer(source=self.a, target=abroad, items=(item(lot, "41-100"),)))
        self.do(
            a6.UseTowardsNdc(source=abroad, items=(item(lot, "81-100"),), party="JP", year=2030)
        )
        gift = a6.RecordContribution(contribution="N-1", kind="finance", company="A firm",
                                     receiver="TW", amount="12.50", currency="USD", digest=digest,
                                     activity="Meters for schools")  # fmt: skip
        self.do(gift)
        self.do(a6.WithdrawContribution(contribution="N-1", digest=digest, reason="ended"))
        self.do(a6.RecordNdc(party="TW", first=2021, last=2030, kind="multi", method="budget",
                             digest=digest, goal="1000"))  # fmt: skip
        share = Share(sector="all", first=2024, last=2030, expected=100, share="1/2", price="5")
        self.do(a6.RecordPlan(party="TW", year=2024, digest=digest, shares=(share,),
                              currency="USD", projected="900"))  # fmt: skip
        self.do(a6.OpenRecall(recall="C-1", authorisation="L1", items=(item(lot, "41-50"),),
                              digest=digest))  # fmt: skip
        self.do(a6.RecordAgreement(agreement="JP-TW", title="An agreement", parties=("JP", "TW"),
                                   since=date(2024, 1, 1), digest=digest))  # fmt: skip
        self.do(a6.SetLevyPolicy(approach="CA9001", sop="1/20", sop_kind="CASH", rounding="CARRY",
                                 digest=digest))  # fmt: skip
        self.do(c.Transfer(source=self.a, target=abroad, items=(item(lot, "31-40"),)))
        self.do(a6.ChoosePolicy(policy="elapsed", value="INVENTORY_REPORTED", digest=digest))
        self.credit(digest)
        self.ledger.publish()

    def credit(self, digest: str) -> None:
        """A forest under the mechanism: levied, with a buffer, and a reversal met from it."""
        do, operational, supervisory = self.do, 79, 80
        do(c.Enrol(person=operational, name="DOE", roles=("verifier",)))
        do(c.Enrol(person=supervisory, name="SBM", roles=("supervisor",)))
        for kind in ("pending", "adaptation_fund", "buffer"):
            do(c.OpenAccount(account=new_account_number(), party="TW", kind=kind))
        of: dict[str, Any] = {"activity": "R1", "digest": digest}
        year = {"first": date(2024, 1, 1), "last": date(2024, 12, 31)}
        do(c.RegisterProject(project="R1", party="TW", mechanism="PACM", activity="removal"))
        do(m.SubmitActivity(mechanism="PACM", crediting="removal", participants=(self.a,),
                            risk="1/10", **of))  # fmt: skip
        do(m.DeclareBoundary(project="R1", route="A6.4ER", keys=("site:23.5,121.0",),
                             since=date(2021, 1, 1), digest=digest))  # fmt: skip
        do(m.AdvanceActivity(step="approve", **of), by=self.second)
        do(m.AdvanceActivity(step="validate", **of), by=operational)
        do(m.AdvanceActivity(step="register", first=date(2024, 1, 1), last=date(2038, 12, 31),
                             **of), by=supervisory)  # fmt: skip
        done = do(m.VerifyReductions(quantity=100, **year, **of), by=operational)
        do(m.IssueCredits(verification=done, quantity=100))
        do(m.ReportReversal(quantity=4, kind="unavoidable", **of), by=supervisory)


def entry_of(answer: Answer) -> int:
    assert answer.entry is not None, answer.refusal and answer.refusal.sentence()
    return answer.entry.seq


def item(lot: int, serials: str) -> Item:
    return Item(lot=lot, serials=serials)


def sqlite(folder: Path) -> Sample:
    return Sample(str(folder / "ledger")).fill()
