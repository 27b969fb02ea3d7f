"""What must hold of Article 6 whatever is asked, told by its number in the list of invariants.

The oracle reads the journal's events serial by serial and keeps sets of its own; it calls nothing
that it judges. `seen` looks at an entry before it is applied, `held` at the state afterwards, and
`year_end` at what Parties hold when a year is over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any, ClassVar

import msgspec

from onetonne.article6 import balance as balances
from onetonne.article6 import figures as numbers
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import events as e6
from onetonne.ledger.article6.levies import Share
from onetonne.ledger.article6.mechanism_events import CreditsLevied
from onetonne.ledger.state import State

Serial = tuple[int, int]
SIGNS = {"first_transfer": 1, "late_transfer": 1, "use": -1, "recalled": -1, "late_recall": -1}
SINGLE = ("averaging",)
LEVIED = ("sop_levied", "omge_levied", "sop_owed")


def span(lot: int, first: int, next_: int) -> set[Serial]:
    return {(lot, at) for at in range(first, next_)}


def floats(value: Any) -> Iterator[Any]:
    """Every float in a value, however deep."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from floats(getattr(value, name))
    elif isinstance(value, dict):
        yield from floats(list(value.values()))
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from floats(one)


class Oracle:
    """`wrong` holds what was found: the number of the invariant, and what broke it."""

    def __init__(self) -> None:
        self.wrong: list[tuple[int, str]] = []
        self.lots: dict[int, ev.Issued] = {}
        self.holder: dict[Serial, int] = {}
        self.parties: dict[int, str] = {}
        self.sinks: dict[int, str] = {}
        self.first: dict[Serial, e6.FirstTransferred] = {}
        self.used: dict[Serial, e6.Used] = {}
        self.recalled: dict[Serial, str] = {}
        self.closed: list[tuple[str, int, int]] = []
        self.apart: set[Serial] = set()
        self.taken_apart: set[Serial] = set()
        self.cases: dict[str, e6.RecallOpened] = {}
        self.consents: set[str] = set()
        self.caps: dict[str, int] = {}
        self.sold: Counter[str] = Counter()
        self.terms: dict[tuple[str, int], e6.Authorised] = {}
        self.pledges: dict[str, list[tuple[int, int]]] = {}
        self.position: set[tuple[str, Serial]] = set()
        self.kinds: dict[int, str] = {}
        self.policies: dict[str, list[e6.LevyPolicySet]] = {}
        self.levied: set[Serial] = set()
        self.made_of_levied: set[Serial] = set()
        self.credited: set[int] = set()
        self.carried: dict[tuple[str, str], Fraction] = {}
        self.given: Counter[str] = Counter()

    def say(self, number: int, text: str) -> None:
        if len(self.wrong) < 50:
            self.wrong.append((number, text))

    def seen(self, entry: ev.Entry) -> None:
        """An entry that is about to be applied."""
        back = any(isinstance(e, ev.Corrected | ev.Returned) for e in entry.events)
        stood = {code: len(rows) for code, rows in self.policies.items()}
        after: list[tuple[Any, dict[str, int]]] = []
        for event in entry.events:
            for _ in floats(event):
                self.say(11, f"entry {entry.seq} has a float")
            made = event.issued if isinstance(event, ev.Converted) else event
            for move in event.burnt if isinstance(event, ev.Converted) else (event,):
                if isinstance(move, ev.Moved):
                    self._moved(move, entry.seq, back)
            if isinstance(event, ev.Converted) and all(
                span(m.lot, m.first, m.next) <= self.levied for m in event.burnt
            ):
                self.made_of_levied |= span(event.issued.lot, 0, event.issued.size)
            if isinstance(made, ev.Issued):
                self._issued(made)
            reader = self._READERS.get(type(event))
            if reader:
                reader(self, event)
            if isinstance(event, e6.LevyPolicySet):
                stood = stood | {event.approach: event.version}
            elif isinstance(event, e6.ApproachLevied | e6.FirstTransferred):
                after.append((event, stood))
        self._levies(entry, after)

    def _policy(self, e: e6.LevyPolicySet) -> None:
        self.policies.setdefault(e.approach, []).append(e)

    def _credited(self, e: CreditsLevied) -> None:
        self.credited.add(e.lot)

    def _levies(self, entry: ev.Entry, found: list[tuple[Any, dict[str, int]]]) -> None:
        """What was first transferred is levied, if its approach said so then (of which so many
        policies `stood`), once; lowest serials lie with the Fund, the next ones ended."""
        for event, stood in found:
            if isinstance(event, e6.ApproachLevied):
                self._levy(event, self._policy_of(event, stood))
        for event, stood in found:
            due = isinstance(event, e6.FirstTransferred) and event.trigger != "conversion"
            if not due or self._policy_of(event, stood) is None:
                continue
            for low, high in event.blocks:
                if not span(event.lot, low, high) <= self.levied | self.made_of_levied:
                    self.say(3, f"entry {entry.seq}: lot {event.lot} {low}-{high} is not levied")

    def _policy_of(
        self, e: e6.FirstTransferred | e6.ApproachLevied, stood: dict[str, int]
    ) -> e6.LevyPolicySet | None:
        approach = self.terms[e.authorisation, e.version].approach
        rows = self.policies.get(approach, [])[: stood.get(approach, 0)]
        on_day = [row for row in rows if row.day <= e.day]
        exempt = on_day and self.lots[e.lot].project in on_day[-1].exempt
        nothing = not on_day or not (on_day[-1].sop or on_day[-1].omge)
        return None if nothing or exempt or e.lot in self.credited else on_day[-1]

    def _levy(self, e: e6.ApproachLevied, policy: e6.LevyPolicySet | None) -> None:
        serials = sorted(s for low, high in e.blocks for s in span(e.lot, low, high))
        if policy is None or self.levied & set(serials):
            self.say(2, f"lot {e.lot} {e.blocks} levied twice, or though nothing is due")
            return
        self.levied |= set(serials)
        wanted = {"sop": policy.sop, "omge": policy.omge}
        at = 0
        for share in (*e.shares, *e.owed):
            owed = share in e.owed
            exact = Fraction(wanted.pop(share.name)) * len(serials)
            units = self._rounded(e.approach, share, exact, len(serials) - (0 if owed else at))
            if share.units != units or share.mode != (policy.rounding or share.mode):
                self.say(3, f"lot {e.lot}: {share.units} for {share.name}, not {units}")
            self.given["sop_owed" if owed else f"{share.name}_levied"] += units
            if not owed:
                self._place(share.name, serials[at : at + units])
                at += units
        if any(wanted.values()):
            self.say(3, f"lot {e.lot}: nothing for {wanted}")

    def _rounded(self, approach: str, share: Share, exact: Fraction, most: int) -> int:
        key = (approach, share.name)
        carried = self.carried.get(key, Fraction(0)) if share.mode == "CARRY" else Fraction(0)
        whole = exact + carried
        up = {"CEIL": 0 if whole.denominator == 1 else 1, "HALF_UP": int(whole % 1 * 2)}
        units = min(int(whole) + up.get(share.mode, 0), most)
        if share.mode == "CARRY":
            self.carried[key] = whole - units
        return units

    def _place(self, name: str, serials: list[Serial]) -> None:
        """Where levied serials lie, and that they are first transferred."""
        for serial in serials:
            account = self.holder[serial]
            place = self.sinks.get(account) or self.kinds.get(account)
            if place != {"sop": "adaptation_fund", "omge": "omge"}[name]:
                self.say(1, f"{serial} levied for {name} lies with {account}")
            if serial not in self.first:
                self.say(3, f"{serial} levied and not first transferred")

    def _issued(self, e: ev.Issued) -> None:
        if e.lot in self.lots:
            self.say(1, f"lot {e.lot} issued twice")
        self.lots[e.lot] = e
        self.holder.update(dict.fromkeys(span(e.lot, 0, e.size), e.account))

    def _moved(self, e: ev.Moved, seq: int, back: bool) -> None:
        for serial in span(e.lot, e.first, e.next):
            if self.holder.get(serial) != e.source:
                self.say(1, f"entry {seq} moves {serial} from who does not hold it")
            if e.source in self.sinks and (not back or serial in self.used):
                self.say(2, f"entry {seq} takes {serial} from its end")
            self.holder[serial] = e.target
            if serial in self.first:
                self.position.discard((self.parties.get(e.source, ""), serial))
                self._stands(serial)

    def _stands(self, serial: Serial) -> None:
        account = self.holder[serial]
        if account not in self.sinks:
            self.position.add((self.parties[account], serial))

    def _founded(self, e: ev.Founded) -> None:
        self.sinks.update({number: sink for sink, number in e.sinks.items()})
        self.parties.update(dict.fromkeys(e.sinks.values(), e.party))

    def _opened(self, e: ev.AccountOpened) -> None:
        self.parties[e.account] = e.party
        self.kinds[e.account] = e.kind
        if e.sink:
            self.sinks[e.account] = e.sink

    def _authorised(self, e: e6.Authorised) -> None:
        self.caps[e.authorisation] = e.cap
        self.terms[e.authorisation, e.version] = e

    def _transferred(self, e: e6.FirstTransferred) -> None:
        for first, next_ in e.blocks:
            for serial in span(e.lot, first, next_):
                if serial in self.first or serial not in self.holder:
                    self.say(2, f"{serial} first transferred twice, or never issued")
                self.first[serial] = e
                lot = self.lots.get(e.lot)
                if lot is not None and self._final(lot.host, lot.vintage):
                    self.apart.add(serial)
                if serial in self.holder:
                    self._stands(serial)
        if e.trigger != "conversion":
            self.sold[e.authorisation] += sum(b - a for a, b in e.blocks)
        cap = self.caps.get(e.authorisation, 0)
        if cap and self.sold[e.authorisation] > cap:
            self.say(7, f"{self.sold[e.authorisation]} of {cap} under {e.authorisation}")

    def _opened_recall(self, e: e6.RecallOpened) -> None:
        self.cases[e.recall] = e

    def _consented(self, e: e6.RecallConsented) -> None:
        case = self.cases.get(e.recall)
        if case is None or case.party != e.party or e.day > case.until or e.recall in self.consents:
            self.say(2, f"recall {e.recall} without its consent")
        self.consents.add(e.recall)

    def _recalled(self, e: e6.Recalled) -> None:
        """Only what was first transferred under terms that allow it, lives abroad, and in time."""
        for first, next_ in e.blocks:
            for serial in span(e.lot, first, next_):
                mark = self.first.get(serial)
                if mark is None or serial in self.used or serial in self.recalled:
                    self.say(2, f"{serial} recalled, though used, or never first transferred")
                    continue
                days = self.terms[mark.authorisation, mark.version].recall_days
                late = e.day > mark.day + timedelta(days)
                if not days or late or e.recall not in self.consents:
                    self.say(2, f"{serial} recalled against the terms")
                if self.holder[serial] in self.sinks:
                    self.say(2, f"{serial} recalled from its end")
                self.recalled[serial] = e.recall
                if self._final(self.lots[e.lot].host, self.lots[e.lot].vintage):
                    self.taken_apart.add(serial)

    def _final(self, party: str, year: int) -> bool:
        return any(p == party and a <= year <= b for p, a, b in self.closed)

    def _closed(self, e: e6.PeriodClosed) -> None:
        if e.day.year <= e.last or self._final(e.party, e.first):
            self.say(6, f"{e.party} {e.first} closed twice, or before it is over")
        self.closed.append((e.party, e.first, e.last))

    def _inventory(self, e: e6.InventoryRecorded) -> None:
        if self._final(e.party, e.year):
            self.say(6, f"{e.party} restates {e.year}, which is final")

    def _ndc(self, e: e6.NdcRecorded) -> None:
        if self._final(e.party, e.first):
            self.say(6, f"{e.party} restates its NDC of {e.first}, which is final")
        self.pledges.setdefault(e.party, []).append((e.first, e.last))

    def _used(self, e: e6.Used) -> None:
        for first, next_ in e.blocks:
            for serial in span(e.lot, first, next_):
                if serial not in self.first:
                    self.say(6, f"{serial} used before it was first transferred")
                if serial in self.used:
                    self.say(2, f"{serial} used twice")
                if self.holder.get(serial) != e.source:
                    self.say(6, f"{serial} used by who does not hold it")
                self.used[serial] = e
        if e.purpose != "NDC":
            return
        if self.sinks.get(e.source, "") not in ("", "surrender"):
            self.say(6, f"used for {e.year} after its end")
        if not self.sinks.get(e.source) and self.parties.get(e.source) != e.party:
            self.say(6, f"{e.party} uses what it has not acquired")
        if self._final(e.party, e.year):
            self.say(6, f"{e.party} uses for {e.year}, which is final")
        if not any(a <= e.year <= b for a, b in self.pledges.get(e.party, ())):
            self.say(6, f"{e.party} uses for {e.year}, of which it has no pledge")

    _READERS: ClassVar[dict[type, Any]] = {
        ev.Founded: _founded,
        ev.AccountOpened: _opened,
        e6.Authorised: _authorised,
        e6.FirstTransferred: _transferred,
        e6.NdcRecorded: _ndc,
        e6.RecallOpened: _opened_recall,
        e6.RecallConsented: _consented,
        e6.Recalled: _recalled,
        e6.PeriodClosed: _closed,
        e6.InventoryRecorded: _inventory,
        e6.Used: _used,
        e6.LevyPolicySet: _policy,
        CreditsLevied: _credited,
    }

    def held(self, state: State) -> None:
        """The state says what the events say."""
        for serial in self.recalled:
            if self.sinks.get(self.holder[serial]) != "towards_ndc_host":
                self.say(2, f"{serial} recalled, and not at home")
        self._conserved(state)
        self._sums(state)
        self._balances(state)
        for table in ("tallies", "first_transfers", "uses", "authorisations"):
            for _ in floats(list(getattr(state, table).values())):
                self.say(11, f"{table} has a float")

    def _conserved(self, state: State) -> None:
        said: Counter[Serial] = Counter()
        for lot, lane in state.lanes.items():
            for h in lane.rows.values():
                for serial in span(lot, h.first, h.next):
                    said[serial] += 1
                    if self.holder.get(serial) != h.account:
                        self.say(1, f"{serial} stands with {h.account}")
        if set(said) != set(self.holder) or set(said.values()) - {1}:
            self.say(1, "live and ended serials are not those that were issued, each once")
        issued: Counter[Any] = Counter()
        for lot_ in state.lots.values():
            issued[lot_.host, lot_.vintage] += lot_.size
        mine: Counter[Any] = Counter()
        for lot, _ in said:
            mine[self.lots[lot].host, self.lots[lot].vintage] += 1
        if issued != mine:
            self.say(1, "a vintage of a host holds more or less than was issued of it")

    def _key(self, serial: Serial) -> tuple[str, str]:
        """Approach and metric under which a serial was first transferred."""
        e = self.first[serial]
        terms = self.terms[e.authorisation, e.version]
        return terms.approach, terms.metric

    def _counted(self) -> list[Serial]:
        """First transferred serials, but for what a conversion handed on."""
        return [s for s, e in self.first.items() if e.trigger != "conversion"]

    def _sums(self, state: State) -> None:
        """A unit adds 1 when it is first transferred, takes 1 when it is used for an NDC, and
        nothing else that is done with it counts."""
        wanted: Counter[Any] = Counter()
        for serial in self._counted():
            wanted[self._key(serial)] += 1
        for serial in self.recalled:
            wanted[self._key(serial)] -= 1
        for serial, e in self.used.items():
            if e.purpose == "NDC":
                wanted[self._key(serial)] -= 1
        given = Counter(dict.fromkeys(LEVIED, 0))
        for row in state.tallies.values():
            if row.basis in LEVIED:
                given[row.basis] += row.quantity
        if +given != +self.given:
            self.say(3, f"levied {given}, not {self.given}")
        found: Counter[Any] = Counter()
        for row in state.tallies.values():
            sign = SIGNS.get(row.basis, 0)
            found[row.approach, row.metric] += sign * row.quantity
        if {k: v for k, v in found.items() if v} != {k: v for k, v in wanted.items() if v}:
            self.say(3, f"adjustments are {found}, not {wanted}")

    def _by_year(self, party: str, metric: str) -> tuple[Counter[int], Counter[int]]:
        first: Counter[int] = Counter()
        used: Counter[int] = Counter()
        for serial in self._counted():
            lot = self.lots[serial[0]]
            if serial not in self.apart and lot.host == party and self._key(serial)[1] == metric:
                first[lot.vintage] += 1
        for e in self.used.values():
            if e.purpose == "NDC" and e.party == party and e.metric == metric:
                used[e.year] += 1
        return first, used

    def _back(self, party: str, metric: str, year: int) -> int:
        """What was recalled of a host's vintage."""
        return sum(
            1
            for serial in self.recalled.keys() - self.taken_apart
            if (self.lots[serial[0]].host, self.lots[serial[0]].vintage) == (party, year)
            and self._key(serial)[1] == metric
        )

    def _apart(self, host: str, metric: str, found: Any, told: Any) -> int:
        """What a host's closed periods hold apart, and what was taken back, each as it is told; how
        much was first transferred of a closed period."""
        mine = {s for s in self._counted() if self.lots[s[0]].host == host}
        mine = {s for s in mine if self._key(s)[1] == metric}
        late = len(mine & self.apart) - len(mine & self.taken_apart)
        if late != sum(found.late.values()):
            self.say(5, f"{host}: {sum(found.late.values())} apart, not {late}")
        back = sum(row.recalled for row in told) - len(mine & self.taken_apart)
        if back != sum(found.recalled.values()):
            self.say(4, f"{host}: {back} recalled by the year of the event")
        return len(mine & self.apart)

    def _balances(self, state: State) -> None:
        sums, inputs = list(state.tallies.values()), list(state.inventories.values())
        for host, metric in {(lot.host, m) for lot in self.lots.values() for m in ("GHG", "MWh")}:
            found = numbers.figures(host, metric, inputs, sums)
            told = numbers.annual(host, metric, sums, range(2013, 2101))
            by_event = sum(row.first + row.others for row in told)
            by_event -= self._apart(host, metric, found, told)
            first, _ = self._by_year(host, metric)
            if {sum(found.first.values()), by_event} != {sum(first.values())}:
                self.say(4, f"{host}: {by_event} by the year of the event")
        for ndc in state.ndcs.values():
            first, used = self._by_year(ndc.party, ndc.metric)
            found = numbers.figures(ndc.party, ndc.metric, inputs, sums)
            whole = balances.balance(ndc, found)
            for year in whole.years:
                back = self._back(ndc.party, ndc.metric, year.year)
                net = first[year.year] - used[year.year] - back
                net = net if ndc.metric == "GHG" else -net
                if ndc.method in SINGLE:
                    continue
                if year.adjustment != net:
                    self.say(5, f"{ndc.party} {year.year}: adjusted by {year.adjustment}")
                if year.balance is not None and year.balance - (year.emissions or 0) != net:
                    self.say(5, f"{ndc.party} {year.year}: balance {year.balance}")
            for value in (y.adjustment for y in whole.years):
                if not isinstance(value, Fraction):
                    self.say(11, f"{ndc.party}: an average is no fraction")
            for _ in floats(whole):
                self.say(11, f"{ndc.party}: a balance has a float")

    def year_end(self, state: State) -> None:
        """What Parties hold of first transferred units is what they held a year ago, and what they
        did since; from here on the state's own holdings are the start."""
        now = set()
        for row in state.first_transfers.values():
            for h in state.lanes[row.lot].rows.values():
                account = state.accounts[h.account]
                if not account.sink:
                    low, high = max(h.first, row.first), min(h.next, row.next)
                    now |= {(account.party, serial) for serial in span(row.lot, low, high)}
        if now != self.position:
            self.say(10, f"{len(now ^ self.position)} serials stand elsewhere at the year's end")
        self.position = now
