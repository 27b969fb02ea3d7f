"""The stage of one scenario: its ledger, its clock, and the names given so far.

A step is sent, its answer compared, and what it made is named. An answer other than the
expected one is a difference with file and line; later steps build on it and are not played.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from onetonne.base.notes import NoteError, check_name
from onetonne.ledger import events as ev
from onetonne.ledger.commands import Request
from onetonne.ledger.units import Law
from onetonne.service import steps
from onetonne.service.execute import Answer, Writer
from onetonne.service.founding import CannotFound, check_founding, found
from onetonne.service.ledger import DATABASE, Ledger
from onetonne.service.place import KEY
from onetonne.service.scenario import Names, Scenario, Setting, Step, Where
from onetonne.service.sealing import SealedTextTooLong
from onetonne.store.keys import create_key
from onetonne.store.rows import Engine
from onetonne.store.sqlite import Sqlite

MINUTE = 60_000_000
OPENING_HOUR = time(9)
YEARS = range(1990, 2200)
"""No unit is older, and no one plans further; instants stay well within 64 bits."""
KIND_OF_FACT = {
    "account": "accounts",
    "entry": "entries",
    "lock": "locks",
    "lot": "lots",
    "person": "people",
    "proposal": "proposals",
}


PLAYABLE = "a scenario that can be played"


class Difference(msgspec.Struct, frozen=True):
    """What a file expected and what was found instead, and where the file says so. `zh` is
    what was found, in Chinese, where that is a sentence."""

    file: str
    line: int
    step: int
    expected: str
    found: str
    zh: str = ""

    def sentence(self, language: str = "en") -> str:
        """The difference in `en` or `zh`, with its place first."""
        place = f"{self.file}:{self.line}: "
        if language.startswith("zh"):
            step = f"第 {self.step} 步：" if self.step else ""
            expected = "可演練的情境檔" if self.expected == PLAYABLE else self.expected
            return f"{place}{step}預期 {expected}；實得 {self.zh or self.found}"
        step = f"step {self.step}: " if self.step else ""
        return f"{place}{step}expected {self.expected}; found {self.found}"

    def __str__(self) -> str:
        return self.sentence()


class Told(msgspec.Struct, frozen=True):
    """One step as it went: the ledger's answers, and what differed."""

    file: str
    step: Step
    day: date
    answers: tuple[Answer, ...] = ()
    difference: Difference | None = None


OnStep = Callable[[Told], None]


class Clock:
    """A scenario's clock: it stands still within a step and moves only forward."""

    def __init__(self, day: date, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.at = self._opening(day)

    def __call__(self) -> int:
        return self.at

    def _opening(self, day: date) -> int:
        moment = datetime.combine(day, OPENING_HOUR, self.zone)
        return int(moment.timestamp()) * 1_000_000

    @property
    def day(self) -> date:
        return datetime.fromtimestamp(self.at // 1_000_000, self.zone).date()

    def step(self, day: date | None) -> bool:
        """A minute on, or to the opening of a later day; False where that lies behind."""
        if day is not None and day < self.day:
            return False
        forward = self.at + MINUTE
        self.at = max(forward, self._opening(day)) if day else forward
        return True


class Stage:
    """One scenario on a ledger of its own. Raises ScenarioFault for what cannot be played."""

    def __init__(
        self,
        scenario: Scenario,
        folder: Path,
        law: Law,
        engine: Callable[[], Engine] | None = None,
    ) -> None:
        self.scenario, self.names = scenario, Names()
        self.differences: list[Difference] = []
        self.sent: dict[str, tuple[Request, Answer]] = {}
        given = scenario.story.ledger
        self._check(given)
        self.clock = Clock(given.day, given.zone)
        people = scenario.story.people or {"registrar": ("registrar", "authority")}
        self.founder = next(iter(people))
        folder.mkdir(parents=True, exist_ok=True)
        db = engine() if engine else Sqlite(folder / DATABASE, create=True)
        me = found(
            db,
            law,
            ledger=given.name,
            party=given.party,
            zone=given.zone,
            registrar=self.founder,
            clock=self.clock,
        )
        create_key(folder / KEY, given.name)
        self.ledger = Ledger(given.name, db, folder, law)
        self.ledger.writer = Writer(db, law, self.clock)
        self.names.known["people"][self.founder] = me
        self.names.filed = lambda observation, row: steps.filed(self, observation, row)
        self._furnish(people)

    def _check(self, given: Setting) -> None:
        try:
            check_founding(given.name, given.party, given.zone)
            check_name(given.name)
        except (CannotFound, NoteError) as error:
            raise self.scenario.fault(("ledger",), str(error), f"無法建立帳本：{error}") from error
        days: dict[Where, date] = {("ledger", "day"): given.day}
        days |= {(*s.at[:-1], "day"): s.frame.day for s in self.scenario.steps if s.frame.day}
        for at, day in days.items():
            if day.year not in YEARS:
                en = f"{day} lies outside the years {YEARS[0]} to {YEARS[-1]} of a scenario's clock"
                zh = f"{day} 超出情境時鐘的年份 {YEARS[0]} 至 {YEARS[-1]}"
                raise self.scenario.fault(at, en, zh)

    def _furnish(self, people: dict[str, tuple[str, ...]]) -> None:
        """Enrol, open and register what stands at the head of the file."""
        story = self.scenario.story
        for name, roles in list(people.items())[1:]:
            self._set_up("enrol", {"person": name, "name": name, "roles": roles}, ("people", name))
        for name, fields in story.accounts.items():
            self._set_up("open_account", {"account": name, **fields}, ("accounts", name))
        for name, fields in story.projects.items():
            self._set_up("register_project", {"project": name, **fields}, ("projects", name))

    def _set_up(self, name: str, fields: dict[str, Any], at: Where) -> None:
        self.clock.step(None)
        act = self.scenario.act(name, fields, at, self.names)
        answer = self.ledger.ask(self.names.number("people", self.founder), act)
        if answer.refusal:
            raise self.scenario.fault(at, answer.refusal.sentence(), answer.refusal.sentence("zh"))

    def play(self, on_step: OnStep) -> int:
        """Play every step, until one goes otherwise than expected, then audit the ledger;
        how many steps went as expected."""
        done = 0
        for step in self.scenario.steps:
            before = len(self.differences)
            answers = self._play(step)
            new = self.differences[before] if len(self.differences) > before else None
            on_step(Told(self.scenario.file, step, self.clock.day, answers, new))
            if new and step.deed != "expect":
                return done
            done += new is None
        steps.audited(self, self.scenario.steps[-1])
        return done

    def _play(self, step: Step) -> tuple[Answer, ...]:
        if not self.clock.step(step.frame.day):
            now, wanted = self.clock.day, step.frame.day
            en = f"{wanted} lies before {now}; a scenario's clock only moves forward"
            zh = f"{wanted} 早於 {now}；情境的時鐘只能前進"
            raise self.scenario.fault((*step.at[:-1], "day"), en, zh)
        if not step.deed:
            return ()
        deed = steps.STEPS.get(step.deed)
        return deed(self, step) if deed else self.send([step], step.frame.dry)

    def who(self, step: Step) -> int:
        """The person who takes a step: the founder unless it names another."""
        name = step.frame.who or self.founder
        return int(self.scenario.resolved("person", name, step.at, self.names))

    def _request(self, step: Step) -> Request:
        frame = step.frame
        return Request(
            by=self.who(step),
            acts=self.scenario.acts(step, self.names),
            key=frame.key,
            effective=frame.effective,
            cites=frame.cites,
        )

    def send(self, listed: list[Step], dry: bool = False) -> tuple[Answer, ...]:
        """Send steps in one transaction; compare each answer and name what it made."""
        requests = [self._request(step) for step in listed]
        try:
            answers = self.ledger.execute(requests, dry)
        except SealedTextTooLong as error:
            raise self.scenario.fault(listed[0].at, str(error), f"文字過長：{error}") from error
        for step, request, answer in zip(listed, requests, answers, strict=True):
            self.compare(step, answer)
            if answer.entry and not dry:
                self.sent.setdefault(request.key, (request, answer))
                self.name(step, answer.entry)
        return tuple(answers)

    def compare(self, step: Step, answer: Answer) -> None:
        """Note where an answer is not the one that the step expects."""
        wanted, refusal = step.frame.refused, answer.refusal
        said = steps.said(answer)
        if (refusal.code if refusal else "") != wanted:
            zh = steps.said(answer, "zh")
            self.differ(step, f"refusal {wanted}" if wanted else "an entry", said, zh=zh)
        elif refusal:
            for name, value in step.frame.facts.items():
                known = self.names.known.get(KIND_OF_FACT.get(name, ""), {})
                expected = known.get(str(value), value)
                stated = name in refusal.facts and steps.agrees(expected, refusal.facts[name])
                if not stated:
                    found_ = f"{name} {refusal.facts.get(name, 'not stated')} ({said})"
                    self.differ(step, f"{name} {expected}", found_)
            for words in step.frame.tells:
                if words not in said and words not in steps.said(answer, "zh"):
                    zh = steps.said(answer, "zh")
                    self.differ(step, f"a refusal that says {words!r}", said, zh=zh)

    def differ(self, step: Step, expected: str, found_: str, at: Where = (), zh: str = "") -> None:
        """Note a difference, at the line of `at` or of the step."""
        line = self.scenario.document.line(at or step.at)
        file = self.scenario.file
        self.differences.append(Difference(file, line, step.number, expected, found_, zh))

    def name(self, step: Step, entry: ev.Entry) -> None:
        """Give the step's name to what its entry made: the entry itself, and each lot, lock,
        proposal or observation; several names go to several lots in turn."""
        given = step.frame.name
        names = (given,) if isinstance(given, str) else given
        if not names:
            return
        known = self.names.known
        lots = []
        for event in entry.events:
            if isinstance(event, ev.Issued):
                lots.append(event.lot)
            elif isinstance(event, ev.Converted):
                lots.append(event.issued.lot)
            elif isinstance(event, ev.Locked) and event.kind != "proposal":
                known["locks"][names[0]] = event.lock
            elif isinstance(event, ev.Proposed):
                known["proposals"][names[0]] = event.proposal
            elif isinstance(event, ev.Observed):
                known["observations"][names[0]] = entry.seq
        known["entries"][names[0]] = entry.seq
        known["lots"].update(zip(names, lots, strict=False))
