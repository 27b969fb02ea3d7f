"""What became of an act, told: what moved, the new balances, certificate and checkpoint; or
the refusal with what is in the way and what to do.

The data is for programs (--json); the lines are for people, with numbers as they are printed.
"""

import re
from typing import Any

import msgspec

from onetonne.base import account_numbers
from onetonne.base.days import iso
from onetonne.base.notes import Checkpoint
from onetonne.doors import compliance_notes, effects, known
from onetonne.doors.measures import ORDINARY, amounts, with_metrics
from onetonne.doors.mechanism_notes import MECHANISM, facts_of
from onetonne.doors.render import Line, Rows, number
from onetonne.ledger import events as ev
from onetonne.ledger.article6 import events as a6
from onetonne.ledger.article6.approach_levies import ApproachLevied
from onetonne.ledger.refusals import CODES, Refusal
from onetonne.ledger.words import word, words
from onetonne.service.execute import Answer
from onetonne.service.ledger import Ledger

_ACCOUNT = re.compile(r"\b[0-9]{10}\b")
_PERSON = re.compile(r"(?<=person )[0-9]{8}\b")
_SINK = re.compile(r"\bby ([0-9]{1,3})\b")


class Told(msgspec.Struct):
    """An answer as data, the entry it made, and what a serial is of each lot that it names."""

    data: dict[str, Any]
    entry: ev.Entry | None = None
    refusal: Refusal | None = None
    metrics: dict[int, str] = {}

    def published(self, point: Checkpoint) -> None:
        """Note the checkpoint that now covers the entry."""
        self.data["checkpoint"] = {"size": point.size, "root": point.root.hex()}

    def warn(self, en: str, zh: str) -> None:
        """Note what went wrong after the act was done."""
        self.data.setdefault("warnings", []).append({"en": en, "zh": zh})


def tell(ledger: Ledger, answer: Answer) -> Told:
    """An answer of `execute` as data."""
    if answer.refusal is not None:
        return Told({"accepted": False, "refusal": refused(ledger, answer.refusal)},
                    refusal=answer.refusal)  # fmt: skip
    entry = answer.entry
    assert entry is not None
    moves = effects.moves_of(entry)
    lots = effects.lots_of(ledger, entry, moves)
    sinks = effects.sinks_of(ledger)
    data: dict[str, Any] = {
        "accepted": True,
        "dry_run": answer.dry,
        "repeated": answer.repeated,
        "entry": entry.seq,
        "at": iso(entry.at),
        "by": entry.by,
        "moved": [effects.moved(ledger, lots, sinks, move) for move in moves],
        "marked": [*effects.marked(ledger, lots, entry)],
        "balances": effects.balances(
            ledger, lots, entry, moves, answer.dry and not answer.repeated
        ),
        "certificates": [e.certificate for e in entry.events if isinstance(e, ev.Retired)],
        "events": entry.events,
    }
    return Told(data, entry=entry, metrics=effects.metrics_of(ledger, lots))


def refused(ledger: Ledger, refusal: Refusal) -> dict[str, Any]:
    """A refusal as data: code, number, facts and sentences."""
    said = Refusal(refusal.code, _readable(ledger, refusal.facts))
    return {
        "code": refusal.code,
        "number": CODES[refusal.code][0],
        "facts": refusal.facts,
        "en": said.sentence("en"),
        "zh": said.sentence("zh"),
    }


def _readable(ledger: Ledger, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with accounts and lots as people know them."""
    shown: dict[str, Any] = {}
    sinks = effects.sinks_of(ledger)
    for name, value in facts.items():
        if name == "lot" and isinstance(value, int):
            row = effects.lot_row(ledger, value)
            shown[name] = row.code if row else value
        elif name == "account" and isinstance(value, int):
            shown[name] = known.account(ledger, value)
        elif name in ("person", "by") and isinstance(value, int):
            shown[name] = known.person(ledger, value)
        elif isinstance(value, str):
            value = _SINK.sub(lambda found: f"by {sinks.get(int(found[1]), found[1])}", value)
            value = _PERSON.sub(lambda found: known.person(ledger, int(found[0])), value)
            shown[name] = _ACCOUNT.sub(lambda found: _show_account(ledger, found), value)
        else:
            counts = name in _QUANTITIES and isinstance(value, int)
            shown[name] = number(value) if counts else value
    return shown


_QUANTITIES = {
    *("free", "wanted", "locked", "held", "quantity", "limit"),
    *("cap", "left", "room", "asked", "excess", "units", "tonnes"),
}


def _show_account(ledger: Ledger, match: re.Match[str]) -> str:
    value = int(match[0])
    return known.account(ledger, value) if account_numbers.is_valid(value) else match[0]


def shown(told: Told, language: str) -> list[Any]:
    """An answer for people: lines and a table of what moved."""
    data = told.data
    if told.refusal is not None:
        return _refused_lines(data["refusal"], told.refusal)
    parts: list[Any] = [_headline(data)]
    if data["moved"]:
        parts.append(_moved_table(data["moved"], language))
    parts += [_noted(event, told.metrics) for event in data["events"] if type(event) in _NOTES]
    if data["marked"]:
        rows = [(word(m["act"], language), m["lot"], m["serials"], m["quantity"])
                for m in data["marked"]]  # fmt: skip
        table = Rows((("what", "內容"), *_UNITS), rows, right=frozenset({3}))
        parts.append(with_metrics(table, 4, [m["metric"] for m in data["marked"]], language))
    for balance in data["balances"]:
        held, free = (amounts({balance["metric"]: balance[name]}, "", "")
                      for name in ("quantity", "free"))  # fmt: skip
        where, lot = f"{balance['account']} {balance['holder']}", balance["lot"]
        parts.append(Line(f"Balance of {where}, {lot}: {held[0]}, free {free[0]}.",
                          f"餘額 {where}，{lot}：{held[1]}，可用 {free[1]}。"))  # fmt: skip
    for path in data.get("certificate_files", ()):
        parts.append(Line(f"Certificate written to {path}.", f"證書已寫入 {path}。"))
    for certificate in data["certificates"]:
        if not data["dry_run"] and "certificate_files" not in data:
            parts.append(Line(f"Certificate {certificate}. To print: onetonne certificate "
                              f"{certificate}",
                              f"證書 {certificate}。列印：onetonne certificate "
                              f"{certificate}"))  # fmt: skip
    return [*parts, *after(told)]


def after(told: Told) -> list[Line]:
    """What came after the act: warnings, and the checkpoint that covers it."""
    data = told.data
    parts = [Line(said["en"], said["zh"], "yellow") for said in data.get("warnings", ())]
    if "checkpoint" in data:
        size, root = data["checkpoint"]["size"], data["checkpoint"]["root"][:16]
        parts.append(Line(f"Checkpoint {size}, root {root}...",
                          f"檢查點 {size}，根 {root}...", "dim"))  # fmt: skip
    return parts


def _headline(data: dict[str, Any]) -> Line:
    seq = data["entry"]
    if data["dry_run"] and not data["repeated"]:
        return Line(f"Dry run: this would be entry {seq}. Nothing was written.",
                    f"試行：此將成為條目 {seq}。未寫入任何資料。", "yellow")  # fmt: skip
    if data["repeated"]:
        return Line(f"Done before, as entry {seq}; not done again.",
                    f"先前已完成（條目 {seq}）；未重複執行。", "yellow")  # fmt: skip
    return Line(f"Done: entry {seq}, {data['at']}.", f"完成：條目 {seq}，{data['at']}。", "green")


def _refused_lines(refusal: dict[str, Any], raw: Refusal) -> list[Any]:
    code, n = refusal["code"], refusal["number"]
    parts: list[Any] = [
        Line(f"Refused: {code} (R{n:02d}).", f"不受理：{code}（R{n:02d}）。", "bold red"),
        Line(refusal["en"], refusal["zh"]),
    ]
    return parts


_UNITS = (("lot", "批次"), ("serials", "序號"), ("units", "單位數"))


def _moved_table(moved: list[dict[str, Any]], language: str) -> Rows:
    heads = (*_UNITS, ("from", "自"), ("to", "至"))
    rows = [(m["lot"], m["serials"], m["quantity"], _side(m["from"], m["from_holder"], language),
             _side(m["to"], m["to_holder"], language)) for m in moved]  # fmt: skip
    table = Rows(heads, rows, right=frozenset({2}))
    return with_metrics(table, 3, [m["metric"] for m in moved], language)


def _side(number_: str | None, holder: str, language: str) -> str:
    """An account and its holder; an end by its name; nothing before an issuance."""
    if number_ is None:
        return "-"
    if "-" not in number_ and holder:
        return known.place(number_, holder, language)
    return f"{number_} {holder}".strip()


_NOTES: dict[type, tuple[str, str]] = {
    ev.Enrolled: ("Person {person} enrolled.", "已登錄人員 {person}。"),
    ev.Dismissed: ("Person {person} dismissed.", "已解除人員 {person}。"),
    ev.AccountOpened: ("Account {account} opened.", "已開立帳戶 {account}。"),
    ev.AccountClosed: ("Account {account} closed.", "已關閉帳戶 {account}。"),
    ev.ProjectRegistered: ("Project {project} registered.", "已登錄專案 {project}。"),
    ev.Locked: ("Lock {lock} ({kind}) set.", "已設定鎖定 {lock}（{kind}）。"),
    ev.Lifted: ("Lock {lock} lifted.", "已解除鎖定 {lock}。"),
    ev.Labelled: ("Label {kind} set.", "已加上標籤 {kind}。"),
    ev.Corrected: ("Corrects entry {entry}.", "更正條目 {entry}。"),
    ev.Proposed: (
        "Proposal {proposal} waits for a second person: onetonne approve {proposal} --as NAME",
        "提案 {proposal} 待另一人核准：onetonne approve {proposal} --as 姓名",
    ),
    ev.Settled: ("Proposal {proposal}: {outcome}.", "提案 {proposal}：{outcome}。"),
    ev.Observed: ("Observed: {rows} rows of {register}.", "已觀察 {register} 的 {rows} 列。"),
    ev.Rooted: ("Holdings root over {holdings} holdings.", "持有根，涵蓋 {holdings} 筆持有。"),
    a6.ApproachRegistered: ("Approach {approach} registered.", "已登錄合作方法 {approach}。"),
    a6.ParticipationDeclared: ("{party} shows: {met}.", "{party} 已具備：{met}。"),
    a6.NdcRecorded: (
        "NDC of {party} for {first}-{last}, version {version}.",
        "已登載 {party} {first}-{last} 的 NDC，第 {version} 版。",
    ),
    a6.InventoryRecorded: (
        "Inventory of {party} for {year}: {value}, version {version}.",
        "已登載 {party} {year} 年清冊：{value}，第 {version} 版。",
    ),
    a6.Authorised: (
        "Authorisation {authorisation}, version {version}. To send it: onetonne a6 letter "
        "{authorisation}",
        "授權 {authorisation}，第 {version} 版。核發授權書：onetonne a6 letter {authorisation}",
    ),
    a6.AuthorisationRevoked: (
        "Authorisation {authorisation} revoked.",
        "已撤銷授權 {authorisation}。",
    ),
    a6.AuthorisationSuspended: (
        "Authorisation {authorisation} suspended. To resume it: onetonne a6 resume {authorisation}",
        "已暫停授權 {authorisation}。恢復請用：onetonne a6 resume {authorisation}",
    ),
    a6.AuthorisationResumed: (
        "Authorisation {authorisation} is in force again.",
        "授權 {authorisation} 已恢復效力。",
    ),
    a6.EntityWithdrawn: (
        "Account {account} gets nothing new under {authorisation}.",
        "帳戶 {account} 不得再依 {authorisation} 取得單位。",
    ),
    a6.RecallOpened: (
        "Recall {recall} waits for the consent of {party} until {until}: onetonne a6 consent"
        " {recall} --party {party}",
        "召回 {recall} 待 {party} 於 {until} 前同意：onetonne a6 consent {recall} --party {party}",
    ),
    a6.AgreementRecorded: (
        "Agreement {agreement}, version {version}, in force from {since}.",
        "已登載協定 {agreement}，第 {version} 版，自 {since} 生效。",
    ),
    a6.PeriodClosed: (
        "The NDC period {first}-{last} of {party} is closed: what comes now is an erratum.",
        "{party} 的 {first}-{last} NDC 期間已結清；其後之變動列為勘誤。",
    ),
    a6.RecallConsented: ("{party} consents to recall {recall}.", "{party} 同意召回 {recall}。"),
    a6.Recalled: (
        "{units} under {authorisation} are recalled: their first transfer adjusts nothing.",
        "依 {authorisation} 召回 {units}：其首次移轉不再調整。",
    ),
    a6.FirstTransferred: (
        "First transfer of {units}, by {trigger}, under {authorisation}.",
        "首次移轉 {units}（{trigger}），依授權 {authorisation}。",
    ),
    a6.PolicyChosen: ("{policy}: {value} from now on.", "{policy}：自今起採 {value}。"),
    a6.ContributionRecorded: (
        "Contribution {contribution} ({kind}) to {receiver}, version {version}: no units.",
        "已登載貢獻 {contribution}（{kind}），受方 {receiver}，第 {version} 版：不含單位。",
    ),
    a6.PlanRecorded: (
        "Plan of {party} for {first}-{last}, version {version}. See: onetonne a6 plan {party}",
        "已登載 {party} {first}-{last} 的計畫，第 {version} 版。請見：onetonne a6 plan {party}",
    ),
    a6.ContributionWithdrawn: (
        "Contribution {contribution} withdrawn.",
        "已撤回貢獻 {contribution}。",
    ),
    a6.Used: ("{units} used for {purpose}.", "已使用 {units}，用途 {purpose}。"),
    **compliance_notes.COMPLIANCE,
    **MECHANISM,
}


_MEASURED: dict[type, str] = {
    **dict.fromkeys((a6.FirstTransferred, a6.Used, a6.Recalled, ev.Recognised), "units"),
    ApproachLevied: "rest",
}
"""Events of one lot whose amount is told with its measure, and the fact that it is."""


def _serials(event: Any) -> int:
    """How many serials such an event speaks of."""
    if isinstance(event, ApproachLevied):
        return event.rest
    blocks = [(event.first, event.next)] if isinstance(event, ev.Recognised) else event.blocks
    return sum(next_ - first for first, next_ in blocks)


def _noted(event: Any, metrics: dict[int, str]) -> Line:
    facts = msgspec.structs.asdict(event) | facts_of(event) | compliance_notes.facts_of(event)
    if isinstance(event, a6.ParticipationDeclared):
        facts["met"] = ", ".join(event.met) or "-"
    told: dict[str, str] = {
        name: word(str(facts[name]), "zh")
        for name in ("outcome", "figure", "trigger", "kind", "after")
        if name in facts
    }
    told |= {name: words(facts[name], "zh") for name in ("met", "levied") if name in facts}
    zh_facts = facts | told
    if type(event) in _MEASURED:
        name = _MEASURED[type(event)]
        of = {metrics.get(event.lot, ORDINARY): _serials(event)}
        facts[name], zh_facts[name] = amounts(of)
    if "account" in facts:
        facts["account"] = zh_facts["account"] = account_numbers.show(facts["account"])
    en, zh = _NOTES[type(event)]
    return Line(en.format_map(facts), zh.format_map(zh_facts))
