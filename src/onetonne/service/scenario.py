"""Scenario files: commands in the field's words, with the answers they must get.

Read through the strict YAML reader; every fault names file and line. The keys of an act are
the fields of its struct, so a scenario, an option and an API body say the same thing; what a
step makes can be given a name that stands wherever its number would.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec

from onetonne.base.reasons import reason, reason_zh
from onetonne.ledger.commands import BY_NAME, Act
from onetonne.service.execute import new_account_number, new_person_number
from onetonne.store.lawbook_faults import LawbookError
from onetonne.store.strict_yaml import Document, read_document

Where = tuple[str | int, ...]
Some = msgspec.Meta(min_length=1)
MAX_STEPS = 2_000
"""Steps of one file; a longer story is no longer read by people."""
DEEDS = ("basket", "together", "repeat", "import", "passport", "verify", "expect")
BARE = ("day", "says", "chapter")
"""What may surround any step; all of the frame an act only, and a basket of them."""
AROUND = {"import": (*BARE, "as", "name", "refused", "facts", "tells")}
KINDS = {
    "account": "accounts",
    "source": "accounts",
    "target": "accounts",
    "person": "people",
    "agents": "people",
    "entities": "accounts",
    "participants": "accounts",
    "lift_by": "people",
    "overridden_by": "people",
    "lot": "lots",
    "lock": "locks",
    "locks": "locks",
    "proposal": "proposals",
    "proposals": "proposals",
    "entry": "entries",
    "recognition": "entries",
    "duty": "entries",
    "duties": "entries",
    "replaces": "entries",
    "verification": "entries",
    "reversal": "entries",
    "observation": "observations",
}
"""Fields that hold a number of ours, and what kind of name may stand there."""
NEW = {"open_account": "account", "enrol": "person"}
"""Acts whose number the caller chooses: a name that is new gets a new number."""
_TRAIL = re.compile(r"\.(\w+)|\[(\d+)\]")
_TYPED = re.compile(r"(.+?)([:=])([0-9]+(?:-[0-9]+)?)")
_UNKNOWN = re.compile(r"unknown field `(.+?)`")


class ScenarioFault(ValueError):
    """A scenario file that cannot be played: where, and what to mend."""

    def __init__(self, file: str, line: int, en: str, zh: str) -> None:
        super().__init__(f"{file}:{line}: {en}")
        self.file, self.line, self.en, self.zh = file, line, en, zh


class Spoken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence in both languages."""

    en: str
    zh: str


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose ledger it is, and the day on which its clock starts."""

    party: str = "TW"
    zone: str = "Asia/Taipei"
    name: str = "registry.example/scenario"
    day: date = date(2025, 1, 2)


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What surrounds the one act of a step: who, when, and what is to come of it."""

    who: str | int = msgspec.field(name="as", default="")
    day: date | None = None
    chapter: Spoken | None = None
    says: Spoken | None = None
    name: str | tuple[str, ...] = ()
    key: str = ""
    effective: date | None = None
    cites: str = ""
    dry: bool = False
    refused: str = ""
    facts: dict[str, Any] = {}
    tells: tuple[str, ...] = ()


FRAME = tuple(field.encode_name for field in msgspec.structs.fields(Frame))


class Step(msgspec.Struct, frozen=True):
    """One step: its frame, and its deed (an act's name or one of DEEDS) with the body."""

    number: int
    line: int
    frame: Frame
    deed: str
    body: Any
    at: Where


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as a whole."""

    scenario: Spoken
    steps: Annotated[tuple[dict[str, Any], ...], Some]
    ledger: Setting = Setting()
    people: dict[str, tuple[str, ...]] = {}
    accounts: dict[str, dict[str, Any]] = {}
    projects: dict[str, dict[str, Any]] = {}


class Names:
    """Names given in a scenario, by kind, and the numbers they stand for."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, int]] = {kind: {} for kind in set(KINDS.values())}
        self.filed: Callable[[int, int], dict[str, Any]] | None = None

    def number(self, kind: str, name: str | int) -> int:
        """Raises KeyError for a name that nothing was given."""
        return name if isinstance(name, int) else self.known[kind][name]

    def of(self, kind: str, number: int) -> str:
        """The name behind a number; the number itself where it has none."""
        found = (name for name, n in self.known[kind].items() if n == number)
        return next(found, str(number))


class Scenario:
    """A file that was read and whose shape is right; names are resolved while it is played."""

    def __init__(self, path: Path) -> None:
        self.path, self.file = path, str(path)
        try:
            self.document: Document = read_document(self.file, path.read_bytes())
        except OSError as error:
            en, zh = f"cannot be read: {reason(error)}", f"無法讀取：{reason_zh(error)}"
            raise ScenarioFault(self.file, 1, en, zh) from error
        except LawbookError as error:
            fault = error.faults[0]
            raise ScenarioFault(
                fault.file, fault.line, fault.sentence("en"), fault.sentence("zh")
            ) from error
        self.story: Story = self.convert(self.document.value, Story, ())
        if len(self.story.steps) > MAX_STEPS:
            raise self.fault(("steps",), *_too_many(len(self.story.steps)))
        self.steps = tuple(
            self._step(n + 1, body, ("steps", n)) for n, body in enumerate(self.story.steps)
        )

    def fault(self, at: Where, en: str, zh: str) -> ScenarioFault:
        return ScenarioFault(self.file, self.document.line(at), en, zh)

    def convert(self, value: Any, kind: Any, at: Where) -> Any:
        """`value` as a `kind`. Raises ScenarioFault at the line of what does not fit."""
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            problem, _, trail = str(error).partition(" - at `")
            where = (*at, *(int(n) if n else word for word, n in _TRAIL.findall(trail)))
            if found := _UNKNOWN.search(problem):
                where = (*where, found[1])
            raise self.fault(where, problem, f"格式不符：{problem}") from error

    def _step(self, number: int, body: dict[str, Any], at: Where) -> Step:
        frame = self.convert({k: v for k, v in body.items() if k in FRAME}, Frame, at)
        deeds = [key for key in body if key not in FRAME]
        unknown = [key for key in deeds if key not in BY_NAME and key not in DEEDS]
        if unknown:
            known = ", ".join((*sorted(BY_NAME), *DEEDS, *FRAME))
            en = f"{unknown[0]!r} is no act and no key of a step; known are {known}"
            zh = f"{unknown[0]!r} 不是行為，也不是步驟的鍵；已知者為 {known}"
            raise self.fault((*at, unknown[0]), en, zh)
        if len(deeds) > 1 or not (deeds or frame.says or frame.day):
            en = f"a step holds one act; found {', '.join(deeds) or 'none'}"
            zh = f"每個步驟只有一項行為；此處為 {', '.join(deeds) or '無'}"
            raise self.fault(at, en, zh)
        deed = deeds[0] if deeds else ""
        whole = FRAME if deed in BY_NAME or deed == "basket" else AROUND.get(deed, BARE)
        fit = whole if frame.refused else set(whole) - {"facts", "tells"}
        for key in body:
            if key != deed and key not in fit:
                raise self.fault((*at, key), *_idle(key, deed))
        return Step(number, self.document.line(at), frame, deed, body.get(deed), (*at, deed))

    def together(self, step: Step) -> list[Step]:
        """The steps that are sent at once, in one transaction."""
        listed = self.convert(step.body, Annotated[tuple[dict[str, Any], ...], Some], step.at)
        sent = [self._step(step.number, body, (*step.at, n)) for n, body in enumerate(listed)]
        for one, body in zip(sent, listed, strict=True):
            if one.deed not in BY_NAME and one.deed != "basket":
                en = f"what is sent together are acts and baskets; found {one.deed or 'none'}"
                zh = f"一併送出的只有行為與組合指令；此處為 {one.deed or '無'}"
                raise self.fault(one.at, en, zh)
            for key in ("day", "dry", "chapter"):
                if key in body:
                    raise self.fault((*one.at[:-1], key), *_idle(key, step.deed))
        return sent

    def acts(self, step: Step, names: Names) -> tuple[Act, ...]:
        """The acts of a step, with the numbers that names stand for."""
        if step.deed != "basket":
            return (self.act(step.deed, step.body, step.at, names),)
        return tuple(self._listed(step.body, step.at, names))

    def _listed(self, body: Any, at: Where, names: Names) -> Iterator[Act]:
        for n, one in enumerate(self.convert(body, tuple[dict[str, Any], ...], at)):
            if len(one) != 1 or next(iter(one)) not in BY_NAME:
                en, zh = "an act is written as `name: {fields}`", "行為須寫成 `名稱: {欄位}`"
                raise self.fault((*at, n), en, zh)
            ((name, fields),) = one.items()
            yield self.act(name, fields, (*at, n, name), names)

    def act(self, name: str, body: Any, at: Where, names: Names) -> Act:
        """One act from its fields; a lone value stands for the first field."""
        kind = BY_NAME[name]
        fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
        first = next(iter(fields))
        given = body if isinstance(body, dict) else {first: body}
        given = {_spoken(key, fields): value for key, value in given.items()}
        if name in NEW and isinstance(alias := given.get(first), str):
            table = names.known[KINDS[first]]
            table.setdefault(alias, fresh(KINDS[first]))
        values: dict[str, Any] = {}
        for key, value in given.items():
            here = (*at, key)
            if key == "items":
                listed = self.convert(value, tuple[Any, ...], here)
                value = [self._item(i, (*here, n), names) for n, i in enumerate(listed)]
            elif key == "filed":
                value = self._row(value, here, names)
            elif key == "acts":
                value = tuple(self._listed(value, here, names))
            elif fields.get(key) is str and isinstance(value, int):
                value = str(value)
            elif key == "facts" and isinstance(value, dict):
                value = {name: _text(one) for name, one in value.items()}
            else:
                value = self.resolved(key, value, here, names)
            values[key] = value
        return self.convert(values, kind, at)  # type: ignore[no-any-return]

    def _row(self, value: Any, at: Where, names: Names) -> Any:
        """`{observation: NAME, row: N}`: that row of an imported export, with its proof."""
        given = self.convert(value, dict[str, Any], at)
        given = {key: self.resolved(key, one, at, names) for key, one in given.items()}
        if not isinstance(given.get("row"), int) or names.filed is None:
            return given
        try:
            return names.filed(given["observation"], given["row"])
        except LookupError as error:
            raise self.fault(at, str(error), f"觀察中沒有第 {given['row']} 列") from error

    def _item(self, item: Any, at: Where, names: Names) -> dict[str, Any]:
        """`{spring: 100}`, `{spring: 1-100}`, the same as text (`spring=100`, `spring:1-100`), or
        the fields of an item as they are."""
        if isinstance(item, str) and (typed := _TYPED.fullmatch(item)):
            lot, sign, what = typed.groups()
            item = {"lot": lot, "serials": what}
            if sign == "=":
                item = {"lot": lot, "quantity": int(what) if what.isdigit() else what}
        if isinstance(item, dict) and len(item) == 1 and "lot" not in item:
            ((lot, what),) = item.items()
            field = "quantity" if isinstance(what, int) else "serials"
            item = {"lot": lot, field: what}
        if not isinstance(item, dict):
            en = "an item is written `{lot: quantity}` or `{lot: first-last}`"
            raise self.fault(at, en, "項目須寫成 `{批次: 數量}` 或 `{批次: 起-迄}`")
        return {key: self.resolved(key, value, at, names) for key, value in item.items()}

    def resolved(self, key: str, value: Any, at: Where, names: Names) -> Any:
        """The number that a name stands for, where field `key` holds numbers of ours."""
        if key not in KINDS:
            return value
        if isinstance(value, list):
            return [self.resolved(key, one, at, names) for one in value]
        try:
            return names.number(KINDS[key], value)
        except (KeyError, TypeError):
            known = ", ".join(names.known[KINDS[key]]) or "-"
            en = f"nothing was named {value!r} before; {KINDS[key]} named so far: {known}"
            zh = f"先前沒有名為 {value!r} 者；目前已命名者：{known}"
            raise self.fault(at, en, zh) from None


def fresh(kind: str) -> int:
    """A new number for an account or a person."""
    return new_account_number() if kind == "accounts" else new_person_number()


def _text(value: Any) -> Any:
    """A fact as text: whole numbers and days may stand there bare."""
    return str(value) if isinstance(value, int | date) and not isinstance(value, bool) else value


def _spoken(key: str, fields: dict[str, Any]) -> str:
    """`from` and `to` are what people say for the account that gives and the one that gets."""
    if key == "from" and "source" in fields:
        return "source"
    if key == "to" and key not in fields:
        return "target" if "target" in fields else "account"
    return key


def _idle(key: str, deed: str) -> tuple[str, str]:
    """What stands there and would not be heeded: a file that says it expects more than it does."""
    if key in ("facts", "tells"):
        en = f"`{key}` speaks of a refusal: write it beside `refused`, or take it away"
        return en, f"`{key}` 說的是拒絕：須與 `refused` 一起寫，或予刪除"
    what, zh = (f"in `{deed}`", f"`{deed}` 之中") if deed else ("without an act", "沒有行為時")
    return f"`{key}` says nothing {what}: take it away", f"{zh} `{key}` 沒有作用：請予刪除"


def _too_many(count: int) -> tuple[str, str]:
    return (
        f"{count} steps; at most {MAX_STEPS}. Split the file",
        f"共 {count} 個步驟；上限 {MAX_STEPS}。請分成數個檔案",
    )
