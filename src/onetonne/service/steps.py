"""Steps that are no single act: several at once, one sent again, an import, an audit, a
passport, and what is expected of the ledger. Each takes the stage and the step.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from onetonne.base.reasons import reason, reason_zh
from onetonne.exchange.passport_check import check_passport
from onetonne.ledger import codec
from onetonne.ledger.items import offsets, printed
from onetonne.ledger.refusals import Refused
from onetonne.service import audit, observing
from onetonne.service.execute import Answer
from onetonne.service.expect import QUESTIONS, Picture
from onetonne.service.passport import passport as make_passport
from onetonne.service.questions.asof import Unknown
from onetonne.service.scenario import Some, Step
from onetonne.store import rows
from onetonne.store.schema import JOURNAL

if TYPE_CHECKING:
    from onetonne.service.stage import Stage

Answers = tuple[Answer, ...]


class Import(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The export of a register, beside the scenario, and the day on which it said so."""

    file: str
    register: str
    day: date | None = None


class Passport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The serials of a lot (all unless given, as printed) whose passport is made."""

    lot: str | int
    serials: str = ""


class Verify(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of the ledger is audited: there is nothing to say."""


Asked = Annotated[dict[str, Annotated[dict[str, Any], Some]], Some]
"""Questions, each with what it is asked of and the answer."""


def said(answer: Answer, language: str = "en") -> str:
    """An answer in a few words, for a difference."""
    if answer.refusal:
        return f"refusal {answer.refusal.code}: {answer.refusal.sentence(language)}"
    return f"entry {answer.entry.seq}" if answer.entry else "no answer"


def _plain(value: Any) -> bytes:
    """A value as text in which `true` is not 1."""
    return msgspec.json.encode(value, order="sorted")


def agrees(expected: Any, found: Any) -> bool:
    """Whether a fact is as expected: of what has names only those that are named, of a list each
    in turn, of all else the text."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            agrees(one, found.get(name)) for name, one in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(found) == len(expected)
            and all(map(agrees, expected, found))
        )
    return str(expected) == str(found)


def together(stage: "Stage", step: Step) -> Answers:
    """Send several steps in one transaction: each is decided on what those before it left."""
    return stage.send(stage.scenario.together(step))


def repeat(stage: "Stage", step: Step) -> Answers:
    """Send again what was sent under an idempotency key: the same entry must answer."""
    key = stage.scenario.convert(step.body, str, step.at)
    if key not in stage.sent:
        known = ", ".join(filter(None, stage.sent)) or "-"
        en = f"nothing was sent with key {key!r}; keys so far: {known}"
        raise stage.scenario.fault(step.at, en, f"沒有以鍵 {key!r} 送出的請求；已用：{known}")
    request, first = stage.sent[key]
    answer = stage.ledger.execute([request])[0]
    if not answer.repeated or answer.entry != first.entry:
        stage.differ(step, "the same entry again", said(answer))
    return (answer,)


def import_(stage: "Stage", step: Step) -> Answers:
    """Journal the export that lies beside the scenario, as its register's word of a day."""
    asked = stage.scenario.convert(step.body, Import, step.at)
    try:
        data = (stage.scenario.path.parent / asked.file).read_bytes()
    except OSError as error:
        en = f"{asked.file}: {reason(error)}"
        zh = f"無法讀取 {asked.file}：{reason_zh(error)}"
        raise stage.scenario.fault(step.at, en, zh) from error
    day = asked.day or stage.clock.day
    who = stage.who(step)
    try:
        seen = observing.observe(stage.ledger, who, asked.register, asked.file, data, day)
    except Unknown as error:
        raise stage.scenario.fault(step.at, str(error), f"{asked.file} 沒有資料列") from error
    if seen.refusal:
        answer = Answer(refusal=seen.refusal)
    else:
        ((_, _, entry),) = stage.ledger.db.by_key(JOURNAL, [seen.observation])
        answer = Answer(entry=codec.decode(bytes(entry)), repeated=seen.repeated)
    stage.compare(step, answer)
    if answer.entry:
        stage.name(step, answer.entry)
    return (answer,)


def filed(stage: "Stage", observation: int, row: int) -> dict[str, Any]:
    """A row of an imported export as an admission carries it. Raises LookupError."""
    cited: dict[str, Any] = msgspec.to_builtins(observing.foreign(stage.ledger, observation, row))
    return cited


def passport(stage: "Stage", step: Step) -> Answers:
    """Make a passport and check it with the key alone; spoilt by one byte it must fail."""
    asked = stage.scenario.convert(step.body, Passport, step.at)
    number = stage.scenario.resolved("lot", asked.lot, step.at, stage.names)
    ledger = stage.ledger
    lots = {lot.lot: lot for lot in rows.structs(ledger.db, "lots", "lot = ?", (number,))}
    try:
        if number not in lots:
            raise Refused("unknown_lot", lot=number)
        first, next_ = offsets(
            lots[number], asked.serials or printed(lots[number], 0, lots[number].size)
        )
    except Refused as error:
        refusal = error.refusal
        stage.differ(step, "a passport", refusal.sentence(), zh=refusal.sentence("zh"))
        return ()
    data, key = make_passport(ledger, number, first, next_), ledger.verifier()
    spoilt = bytearray(data)
    spoilt[len(data) // 2] ^= 1
    if check_passport(bytes(spoilt), key).ok or not check_passport(data, key).ok:
        stage.differ(step, "a passport that verifies until a byte is spoilt", "otherwise")
    return ()


def verify(stage: "Stage", step: Step) -> Answers:
    """Publish the log, then audit it: files, replay, holdings roots and tables."""
    stage.scenario.convert(step.body, Verify, step.at)
    return audited(stage, step)


def audited(stage: "Stage", step: Step) -> Answers:
    ledger = stage.ledger
    ledger.publish()
    report = audit.verify(ledger.log, ledger.verifier(), db=ledger.db)
    if not report.ok:
        found = "; ".join(finding.sentence() for finding in report.findings)
        stage.differ(step, "a ledger that verifies", found)
    return ()


def expect(stage: "Stage", step: Step) -> Answers:
    """Ask the ledger, and compare each answer whole."""
    asked = stage.scenario.convert(step.body, Asked, step.at)
    picture = Picture(stage.ledger, stage.names)
    for question, expectations in asked.items():
        if question not in QUESTIONS:
            known = ", ".join(QUESTIONS)
            en = f"{question!r} is no question; known are {known}"
            zh = f"{question!r} 不是問題；已知者為 {known}"
            raise stage.scenario.fault((*step.at, question), en, zh)
        for about, expected in expectations.items():
            at = (*step.at, question, about)
            try:
                found = picture.look(question, about, expected)
            except KeyError:
                en, zh = f"nothing was named {about!r} before", f"先前沒有名為 {about!r} 者"
                raise stage.scenario.fault(at, en, zh) from None
            except Refused as error:
                no = error.refusal
                raise stage.scenario.fault(at, no.sentence(), no.sentence("zh")) from None
            except Unknown as error:
                raise stage.scenario.fault(at, str(error), error.zh) from error
            except (ValueError, StopIteration):
                en, zh = f"{question} is not asked of {about!r}", f"{question} 不能問 {about!r}"
                raise stage.scenario.fault(at, en, zh) from None
            if _plain(found) != _plain(expected):
                stage.differ(step, f"{question} of {about} {expected}", str(found), at)
    return ()


STEPS: dict[str, Callable[["Stage", Step], Answers]] = {
    "together": together,
    "repeat": repeat,
    "import": import_,
    "passport": passport,
    "verify": verify,
    "expect": expect,
}
