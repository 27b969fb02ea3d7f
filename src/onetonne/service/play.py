"""Play scenario files: each on a ledger of its own, with a clock that the file sets.

An answer other than the expected one is a difference with file and line, never an exception;
after it the file's later steps are not played, because they build on it. Every file ends with
an audit: the log is published, replayed and compared with the tables.
"""

import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from onetonne.ledger import events as ev
from onetonne.ledger.commands import Request
from onetonne.ledger.units import Law
from onetonne.service.audit import verify
from onetonne.service.execute import Answer, Writer
from onetonne.service.expect import QUESTIONS, Picture
from onetonne.service.founding import found
from onetonne.service.importing import filed, import_export, index_of
from onetonne.service.ledger import DATABASE, KEY, Ledger
from onetonne.service.scenario import Names, Scenario, ScenarioFault, Step
from onetonne.store.keys import create_key
from onetonne.store.lawbook import load_law
from onetonne.store.rows import Engine
from onetonne.store.sqlite import Sqlite

MINUTE = 60_000_000
OPENING_HOUR = time(9)


class Difference(msgspec.Struct, frozen=True):
    """What a file expected and what was found instead, and where the file says so."""

    file: str
    line: int
    step: int
    expected: str
    found: str

    def __str__(self) -> str:
        step = f"step {self.step}: " if self.step else ""
        return f"{self.file}:{self.line}: {step}expected {self.expected}; found {self.found}"


class Told(msgspec.Struct, frozen=True):
    """One step as it went: its answers (one but for a repeat), or what differed."""

    file: str
    step: Step
    day: date
    answer: Answer | None = None
    difference: Difference | None = None


class Report(msgspec.Struct, frozen=True):
    """What was played: files, steps that went as expected, and every difference."""

    files: tuple[str, ...]
    steps: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences


class Import(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registry's export beside the scenario, and the day on which it was its word."""

    file: str
    day: date | None = None


OnStep = Callable[[Told], None]


def play(
    files: Iterable[str | Path],
    on_step: OnStep | None = None,
    engine: Callable[[], Engine] | None = None,
) -> Report:
    """Play each file on a fresh ledger, in SQLite unless `engine` makes another store.

    A file that cannot be read or understood is a difference too; nothing is raised for it.
    """
    names, steps = [], 0
    differences: list[Difference] = []
    law = load_law()
    for path in files:
        names.append(str(path))
        try:
            scenario = Scenario(Path(path))
            with tempfile.TemporaryDirectory(prefix="onetonne-play-") as folder:
                stage = Stage(scenario, Path(folder), law, engine)
                try:
                    steps += stage.play(on_step or (lambda told: None))
                finally:
                    stage.ledger.close()
            differences += stage.differences
        except ScenarioFault as fault:
            differences.append(_unplayable(fault))
    return Report(tuple(names), steps, tuple(differences))


def _unplayable(fault: ScenarioFault) -> Difference:
    return Difference(fault.file, fault.line, 0, "a scenario that can be played", fault.en)


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
    """One scenario, its ledger, and the names given so far."""

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
        self.names.filed = self._filed
        self._furnish(people)

    def _furnish(self, people: dict[str, tuple[str, ...]]) -> None:
        """Enrol, open and register what stands at the head of the file."""
        story = self.scenario.story
        for name, roles in list(people.items())[1:]:
            self._set_up("enrol", {"person": name, "name": name, "roles": roles}, ("people", name))
        for name, fields in story.accounts.items():
            self._set_up("open_account", {"account": name, **fields}, ("accounts", name))
        for name, fields in story.projects.items():
            self._set_up("register_project", {"project": name, **fields}, ("projects", name))

    def _set_up(self, name: str, fields: dict[str, Any], at: tuple[str | int, ...]) -> None:
        self.clock.step(None)
        act = self.scenario.act(name, fields, at, self.names)
        answer = self.ledger.ask(self.names.number("people", self.founder), act)
        if answer.refusal:
            raise self.scenario.fault(at, answer.refusal.sentence(), answer.refusal.sentence("zh"))

    def play(self, on_step: OnStep) -> int:
        """Play every step, until one goes otherwise than expected; how many were played."""
        done = 0
        for step in self.scenario.steps:
            before = len(self.differences)
            answer = self._play(step)
            new = self.differences[before:]
            on_step(Told(self.scenario.file, step, self.clock.day, answer, new[0] if new else None))
            if new and step.deed != "expect":
                return done
            done += 1
        self._verify(self.scenario.steps[-1])
        return done

    def _play(self, step: Step) -> Answer | None:
        if not self.clock.step(step.frame.day):
            now, wanted = self.clock.day, step.frame.day
            en = f"{wanted} lies before {now}; a scenario's clock only moves forward"
            raise self.scenario.fault((*step.at[:-1], "day"), en, f"{wanted} 早於 {now}")
        deed = getattr(self, f"_{step.deed}", None) if step.deed else lambda step: None
        if deed is not None:
            return deed(step)
        return self._send([step], step.frame.dry)[0]

    def _who(self, step: Step) -> int:
        name = step.frame.who or self.founder
        return int(self.scenario.resolved("person", name, step.at, self.names))

    def _request(self, step: Step) -> Request:
        acts = self.scenario.acts(step, self.names)
        frame = step.frame
        return Request(
            by=self._who(step),
            acts=acts,
            key=frame.key,
            effective=frame.effective,
            cites=frame.cites,
        )

    def _send(self, steps: list[Step], dry: bool = False) -> list[Answer]:
        """Send steps in one transaction; compare each answer and name what it made."""
        requests = [self._request(step) for step in steps]
        answers = self.ledger.execute(requests, dry)
        for step, request, answer in zip(steps, requests, answers, strict=True):
            self._compare(step, answer)
            if answer.entry and not dry:
                self.sent.setdefault(request.key, (request, answer))
                self._name(step, answer.entry)
        return answers

    def _together(self, step: Step) -> None:
        self._send(self.scenario.together(step))

    def _compare(self, step: Step, answer: Answer) -> None:
        wanted, refusal = step.frame.refused, answer.refusal
        if (refusal.code if refusal else "") != wanted:
            self._differ(step, f"refusal {wanted}" if wanted else "an entry", _said(answer))
        elif refusal:
            for name, value in step.frame.facts.items():
                expected = self._fact(name, value)
                if str(refusal.facts.get(name)) != expected:
                    said = f"{name} {refusal.facts.get(name, 'not stated')} ({_said(answer)})"
                    self._differ(step, f"{name} {expected}", said)

    def _fact(self, name: str, value: str | int) -> str:
        kinds = {"account": "accounts", "lot": "lots", "lock": "locks", "proposal": "proposals"}
        kinds |= {"entry": "entries", "person": "people"}
        if name in kinds and isinstance(value, str):
            return str(self.names.known[kinds[name]].get(value, value))
        return str(value)

    def _differ(self, step: Step, expected: str, found: str, key: str = "") -> None:
        line = self.scenario.document.line((*step.at, key) if key else step.at)
        self.differences.append(Difference(self.scenario.file, line, step.number, expected, found))

    def _name(self, step: Step, entry: ev.Entry) -> None:
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

    def _repeat(self, step: Step) -> Answer | None:
        """Send again what was sent under an idempotency key: the same entry must answer."""
        if step.body not in self.sent:
            known = ", ".join(self.sent) or "-"
            en = f"nothing was sent with key {step.body!r}; keys so far: {known}"
            raise self.scenario.fault(step.at, en, f"沒有以鍵 {step.body!r} 送出的請求")
        request, first = self.sent[step.body]
        answer = self.ledger.execute([request])[0]
        if not answer.repeated or answer.entry != first.entry:
            self._differ(step, "the same entry again", _said(answer))
        return answer

    def _expect(self, step: Step) -> None:
        asked = self.scenario.convert(step.body, dict[str, dict[str, Any]], step.at)
        picture = Picture(self.ledger.db, self.names)
        for question, expectations in asked.items():
            if question not in QUESTIONS:
                en = f"{question!r} is no question; known are {', '.join(QUESTIONS)}"
                raise self.scenario.fault((*step.at, question), en, f"未知的問題 {question!r}")
            for about, expected in expectations.items():
                at = (*step.at, question, about)
                try:
                    found_ = picture.look(question, about, expected)
                except KeyError:
                    en = f"nothing was named {about!r} before"
                    raise self.scenario.fault(at, en, f"先前沒有名為 {about!r} 者") from None
                if found_ != expected:
                    line = self.scenario.document.line(at)
                    head = f"{question} of {about}"
                    self.differences.append(
                        Difference(
                            self.scenario.file, line, step.number, f"{head} {expected}", f"{found_}"
                        )
                    )

    def _verify(self, step: Step) -> None:
        """Publish the log, then audit it: files, replay, holdings roots and tables."""
        ledger = self.ledger
        ledger.publish()
        report = verify(ledger.log, ledger.verifier(), db=ledger.db)
        if not report.ok:
            self._differ(step, "a ledger that verifies", "; ".join(map(str, report.findings)))

    def _import(self, step: Step) -> Answer:
        """Journal the export that lies beside the scenario, as its register's word of a day."""
        asked = self.scenario.convert(step.body, Import, step.at)
        who = self._who(step)
        path = self.scenario.path.parent / asked.file
        try:
            data = path.read_bytes()
        except OSError as error:
            raise self.scenario.fault(
                step.at, f"{asked.file}: {error.strerror}", f"無法讀取 {asked.file}"
            ) from error
        day = asked.day or self.clock.day
        answer = import_export(self.ledger, who, asked.file, data, day).answer
        self._compare(step, answer)
        if answer.entry:
            self._name(step, answer.entry)
        return answer

    def _filed(self, observation: int, row: int) -> dict[str, Any]:
        db = self.ledger.db
        foreign: dict[str, Any] = msgspec.to_builtins(
            filed(db, observation, index_of(db, observation, row))
        )
        return foreign


def _said(answer: Answer) -> str:
    if answer.refusal:
        return f"refusal {answer.refusal.code}: {answer.refusal.sentence()}"
    return f"entry {answer.entry.seq}" if answer.entry else "no answer"
