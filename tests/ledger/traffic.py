"""Commands at random, seeded: mostly what could be done now, some that cannot.

One generator peeks at a State to aim well; the same seed gives the same commands.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
from tests.ledger import article6_traffic, mechanism_traffic
from tests.ledger.given import (
    AGENT,
    AUTHORITY,
    DAY,
    PAIR,
    PEER,
    REGISTRAR,
    SECOND,
    STATE,
    SURRENDER,
    VERIFIER,
    A,
    B,
    observed,
)

from onetonne.ledger import commands as c
from onetonne.ledger.commands import Act, Item, Request
from onetonne.ledger.lanes import Holding
from onetonne.ledger.state import State

SIZES = (1, 2, 3, 7, 10, 24, 60)
UNITS = ("CRED", "CRED", "CRED", "CRED", "OUT", "ALW", "PROJ", "REM")
RULES = ("WHOLE", "HALF", "MORE", "SEVEN", "DATED", "MECH", "DECREE")
DIGEST = "cd" * 32
ARTICLE6: tuple[tuple[Any, int], ...] = (
    (article6_traffic.setting, 5),
    (article6_traffic.authorise, 7),
    (article6_traffic.sell, 8),
    (article6_traffic.use, 9),
    (article6_traffic.contribute, 2),
    (mechanism_traffic.cycle, 0),
    (mechanism_traffic.after, 0),
)
OF_MECHANISM = (90, 60)
"""Their weights instead, in every second ledger from the twelfth on."""


def _reports(act: c.Propose) -> bool:
    return any(isinstance(one, c.ReportEmissions) for one in act.acts)


class Traffic:
    """Random requests for one ledger; `day` moves on now and then."""

    def __init__(self, seed: int) -> None:
        own = OF_MECHANISM if seed >= 12 and seed % 2 == 0 else (0, 0)
        weights = [weight for _, weight in ARTICLE6[:-2]] + [*own]
        self.random = random.Random(seed)
        self.day = DAY
        self.filed: list[c.Foreign] = []
        self.fresh = 2_000
        self.weighed: list[tuple[Callable[[State], Act | None], int]] = [
            (self.issue, 6), (self.transfer, 24), (self.retire, 6), (self.cancel, 4),
            (self.surrender, 7), (self.convert, 8), (self.lock, 10), (self.lift, 8),
            (self.propose, 8), (self.settle, 9), (self.expire, 4), (self.label, 5),
            (self.correct, 9), (self.admit, 2), (self.observe, 1), (self.people, 2),
            (self.owe, 9), (self.report, 2), (self.give_back, 3), (self.settle_duty, 7),
            *[(lambda state, make=make: make(self.random, state), weight)
              for (make, _), weight in zip(ARTICLE6, weights, strict=True)],
        ]  # fmt: skip

    def request(self, state: State) -> Request:
        """The next command."""
        chance = self.random.random
        if chance() < 0.02:
            self.day += timedelta(1)
        count = self.random.randint(2, 4) if chance() < 0.12 else 1
        acts = tuple(act for _ in range(count) if (act := self.act(state)) is not None)
        (by,) = self.random.choices((REGISTRAR, SECOND, AUTHORITY, AGENT, 99), (60, 33, 4, 2, 1))
        dated: dict[str, Any] = {"cites": "decision"} if chance() < 0.5 else {}
        if any(isinstance(act, c.Propose) and _reports(act) for act in acts):
            by = VERIFIER if chance() < 0.95 else by
        if chance() < 0.04:
            dated = {"effective": self.day - timedelta(self.random.randint(0, 2)), "cites": "d"}
        return Request(by=by, acts=acts, **dated)

    def act(self, state: State) -> Act | None:
        makers, weights = zip(*self.weighed, strict=True)
        for _ in range(3):
            made: Act | None = self.random.choices(makers, weights)[0](state)
            if made is not None:
                return made
        return self.issue(state)

    # what acts name

    def account(self, state: State) -> int:
        pool = [
            A,
            A,
            A,
            A,
            B,
            B,
            B,
            PAIR,
            PEER,
            *[n for n in state.accounts if n >= 2_000],
            1,
            4242,
        ]
        return self.random.choice(pool)

    def holding(self, state: State) -> tuple[int, Holding] | None:
        """Some holding; those that can move are likelier."""
        if not state.lots:
            return None
        for _ in range(4):
            lot = self.random.choice(list(state.lots))
            held = self.random.choice(list(state.lanes[lot].rows.values()))
            free = not held.locks and held.account >= 1000 and held.account not in (PAIR, PEER)
            if free or self.random.random() < 0.15:
                return lot, held
        return lot, held

    def item(self, state: State, lot: int, held: Holding) -> Item:
        chance, whole = self.random.random(), state.lots[lot]
        if chance < 0.35:
            return Item(lot=lot, quantity=self.random.randint(1, max(1, held.next - held.first)))
        low, high = held.first, held.next
        if chance < 0.75:
            low = self.random.randrange(held.first, held.next)
            high = self.random.randint(low + 1, held.next)
        elif chance < 0.85:
            high = self.random.randint(high, whole.size + 1)
        base = int(whole.first_number)
        return Item(lot=lot, serials=f"{base + low}-{base + high - 1}")

    def items(self, state: State) -> tuple[int, tuple[Item, ...]] | None:
        found = self.holding(state)
        if found is None:
            return None
        lot, held = found
        items = [self.item(state, lot, held)]
        while self.random.random() < 0.3:
            more = self.holding(state)
            if more is not None and (more[1].account == held.account or len(items) > 3):
                items.append(self.item(state, *more))
        return held.account, tuple(items)

    # the acts

    def issue(self, state: State) -> Act:
        if len(state.lots) > 25:
            return self.transfer(state) or c.Root(root=DIGEST, holdings=0)
        unit = self.random.choice(UNITS)
        project = self.random.choice(("P1", "P2")) if self.random.random() < 0.5 else ""
        return c.Issue(
            unit=unit,
            quantity=self.random.choice(SIZES),
            account=self.random.choice((A, A, B, PAIR)),
            vintage=self.random.choice((2023, 2024)),
            project="P1" if unit == "PROJ" else project,
            first_number=self.random.choice(("1", "1", "1001", "9" * 30)),
            facts={"system": "S", "period": "2026"} if unit == "ALW" else {},
        )

    def transfer(self, state: State) -> Act | None:
        found = self.items(state)
        return found and c.Transfer(source=found[0], target=self.account(state), items=found[1])

    def retire(self, state: State) -> Act | None:
        found = self.items(state)
        return found and c.Retire(source=found[0], items=found[1], beneficiary="ACME")

    def cancel(self, state: State) -> Act | None:
        found, kind = self.items(state), self.random.choice(("voluntary", "administrative"))
        return found and c.Cancel(source=found[0], items=found[1], kind=kind)

    def surrender(self, state: State) -> Act | None:
        found = self.items(state)
        if found is None:
            return None
        mine = {A: ("OP-A", "OP-A", "TIGHT"), B: ("OP-B",), PAIR: ("OP-P",)}
        operator = self.random.choice((*mine.get(found[0], ()), "OP-A"))
        period = self.random.choice(("2025", "2025", "2025", "2025", "2026"))
        replaces = 0
        if state.duties and self.random.random() < 0.2:
            replaces = self.random.choice(list(state.duties))[0]
        return c.Surrender(
            source=found[0], items=found[1], system="S", period=period, operator=operator,
            replaces=replaces, ndc_effect=self.effect(state, found),
        )  # fmt: skip

    def effect(self, state: State, found: tuple[int, tuple[Item, ...]]) -> str:
        """What a surrender says of an NDC: mostly what fits where first transferred units are."""
        marked = any(item.lot in state.first_transfers.order for item in found[1])
        return self.random.choice(("", "use", "held", "oimp", "oimp")) if marked else ""

    def owe(self, state: State) -> Act | None:
        """What an authority decides of a system and its operators."""
        operator = self.random.choice(("OP-A", "OP-A", "OP-B", "TIGHT", "NEW"))
        of: dict[str, Any] = {"system": "S", "operator": operator}
        lots = [n for n, lot in state.lots.items() if lot.unit == "ALW"]
        of_state = [
            n for n in lots if any(h.account == STATE for h in state.lanes[n].rows.values())
        ]
        held = self.holding(state)
        items = (self.item(state, *held),) if held else ()
        return self.random.choice((
            lambda: c.RegisterOperator(account=self.account(state), **(of | {"operator": "NEW"})),
            lambda: c.ChangeOperator(account=self.random.choice((0, 0, A, B)), **of),
            lambda: c.GroupOperators(
                system="S", operators=(operator,), since=self.day,
                into=self.random.choice(("POOL", "POOL", "OP-B", "")),
                kind=self.random.choice(("pool", "pool", "merger")),
            ),
            lambda: self.cap(state, of),
            lambda: c.SetFigure(
                figure="obligation", tonnes=self.random.choice((0, 5, 40, 200)), period="2025", **of
            ),
            lambda: self.allowances(),
            lambda: c.Allocate(
                source=STATE, period="2025", kind=self.random.choice(("free", "auction")), **of,
                items=(Item(lot=self.random.choice(of_state or lots or [1]), quantity=3),),
            ),
            lambda: c.Recognise(system="S", items=items, until=self.day) if items else None,
            lambda: c.WithdrawRecognition(
                recognition=self.random.choice([r.recognition for r in state.recognitions.values()]
                                               or [1]), reason="r"),
        ))()  # fmt: skip

    def cap(self, state: State, of: dict[str, Any]) -> Act:
        """A cap, or a payment: money is recorded, and taken back."""
        tonnes = self.random.choice((50, 500))
        if state.seq % 3 == 0:
            return c.SetCap(system="S", period="2025", tonnes=tonnes)
        amount = "-7.25" if tonnes == 50 and state.payments else "7.25"
        return c.RecordPayment(kind="penalty", amount=amount, currency="EUR", period="2025", **of)

    def allowances(self) -> Act:
        """Allowances of the State for a period, and so under its cap."""
        return c.Issue(
            unit="ALW",
            quantity=self.random.choice(SIZES),
            account=STATE,
            facts={"system": "S", "period": "2025"},
        )

    def report(self, state: State) -> Act:
        operator = self.random.choice(("OP-A", "OP-B", "TIGHT"))
        act = c.ReportEmissions(
            system="S",
            operator=operator,
            period="2025",
            tonnes=self.random.choice((0, 7, 30)),
            document=DIGEST,
            decision=self.random.choice(("", "d")),
        )
        return act if self.random.random() < 0.2 else c.Propose(acts=(act,))

    def give_back(self, state: State) -> Act | None:
        """Some of what was used goes back, where a lot of the sink shows a block of it."""
        used = [row for row in state.used.values() if row.tonnes]
        if not used:
            return None
        row = self.random.choice(used)
        ended = [h for h in state.lanes[row.lot].rows.values() if h.account == SURRENDER]
        if not ended:
            return None
        h = self.random.choice(ended)
        base = int(state.lots[row.lot].first_number)
        high = self.random.randint(h.first + 1, h.next)
        item = Item(lot=row.lot, serials=f"{base + h.first}-{base + high - 1}")
        return c.ReturnExcess(system="S", operator=row.operator, period=row.period, items=(item,))

    def settle_duty(self, state: State) -> Act | None:
        unmet = [key[0] for key, row in state.duties.items() if row.outcome in ("", "overdue")]
        if not unmet:
            return None
        return c.SettleDuty(duty=self.random.choice(unmet), evidence=DIGEST)

    def convert(self, state: State) -> Act | None:
        found, rule = self.items(state), self.random.choice(RULES)
        return found and c.Convert(source=found[0], items=found[1], rule=rule)

    def lock(self, state: State) -> Act | None:
        found = self.items(state)
        until = self.day + timedelta(2) if self.random.random() < 0.5 else None
        kind = self.random.choice(("pledge", "hold", "freeze", "freeze"))
        return found and c.Lock(
            source=found[0], items=found[1], kind=kind, lift_by=REGISTRAR, until=until
        )

    def lift(self, state: State) -> Act | None:
        alive = [n for n, row in state.locks.items() if not row.lifted]
        return c.Lift(lock=self.random.choice(alive)) if alive else None

    def propose(self, state: State) -> Act | None:
        makers = (self.transfer, self.retire, self.convert, self.correct, self.issue)
        asked = [self.random.choice(makers)(state) for _ in range(self.random.randint(1, 2))]
        acts: Any = tuple(act for act in asked if act is not None)
        until = self.day + timedelta(2) if self.random.random() < 0.5 else None
        return c.Propose(acts=acts, until=until) if acts else None

    def settle(self, state: State) -> Act | None:
        alive = [n for n, row in state.proposals.items() if not row.outcome]
        if not alive:
            return None
        kinds: tuple[type[Any], ...] = (c.Approve, c.Approve, c.Approve, c.Reject, c.Withdraw)
        made: Act = self.random.choice(kinds)(proposal=self.random.choice(alive))
        return made

    def expire(self, state: State) -> Act | None:
        def due(until: date | None) -> bool:
            return until is not None and (until <= self.day or self.random.random() < 0.02)

        proposals = tuple(n for n, p in state.proposals.items() if not p.outcome and due(p.until))
        locks = tuple(
            n
            for n, row in state.locks.items()
            if not row.lifted and due(row.until) and row.kind != "proposal"
        )
        duties = tuple({
            row.duty for row in state.duties.values()
            if not row.outcome and (row.due < self.day or self.random.random() < 0.02)
        })  # fmt: skip
        if not (proposals or locks or duties):
            return None
        return c.Expire(proposals=proposals, locks=locks, duties=duties)

    def label(self, state: State) -> Act | None:
        found, kind = self.holding(state), self.random.choice(("grade", "once", "own"))
        if found is None:
            return None
        items = tuple(self.item(state, *found) for _ in range(self.random.randint(1, 2)))
        value = "" if kind == "once" else self.random.choice("xyz")
        source = found[1].account if kind == "own" else 0
        return c.Label(items=items, kind=kind, value=value, source=source)

    def correct(self, state: State) -> Act | None:
        if self.random.random() < 0.4 and (found := self.holding(state)):
            lot, held = found
            item = self.item(state, lot, held)
            items = (item,) if item.serials else ()
            return c.Correct(entry=held.moved, reason="error", items=items)
        return c.Correct(entry=self.random.randint(max(1, state.seq - 12), state.seq), reason="e")

    def observe(self, state: State) -> Act:
        first = self.random.randint(1, 500)
        key = self.random.choice(("VCS-1", "VCS-2"))
        row = {"quantity": 10, "key": key, "first": str(first), "last": str(first + 9)}
        root, filed = observed({"kind": "block"} | row, {"kind": "retirement"} | row)
        self.filed = [msgspec.structs.replace(f, observation=state.seq + 1) for f in filed]
        return c.Observe(register="verra", digest=DIGEST, root=root, rows=2, day=self.day)

    def admit(self, state: State) -> Act | None:
        if not self.filed:
            return self.observe(state)
        filed, rule = self.random.choice(self.filed), self.random.choice(("", "ABROAD"))
        return c.Admit(filed=filed, account=A, unit="OUT", rule=rule)

    def people(self, state: State) -> Act:
        if self.random.random() < 0.3:
            return c.CloseAccount(account=self.account(state))
        self.fresh += 1
        two = self.random.random() < 0.2
        return c.OpenAccount(account=self.fresh, agents=(AGENT,), two_people=two)
