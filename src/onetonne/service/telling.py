"""Telling a scenario in sentences, in English or Traditional Chinese, while it is played.

Each step's own words come first, then the ledger's answers: what an entry did, or the refusal,
with accounts, people and lots as they are printed and the names behind them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from onetonne.base.account_numbers import show
from onetonne.base.wording import CJK, closed_up
from onetonne.ledger import events as ev
from onetonne.ledger.items import printed
from onetonne.ledger.tables import Lot
from onetonne.ledger.words import word
from onetonne.service import questions
from onetonne.service.execute import Answer
from onetonne.service.scenario import Spoken
from onetonne.service.stage import Stage, Told
from onetonne.store.schema import TABLES, from_row

WIDTH = 96
"""Columns of a line; a Chinese character takes two."""
_STOPS = "[,。;:、」》)，；：）？！]*"
_PARTS = re.compile(rf"[{CJK}]{_STOPS}|[^\s{CJK}]+{_STOPS}|\s+")
_NUMBER = re.compile(
    r"\b[0-9]{10}\b|\b[0-9]{8}\b|(?:(?<=by )|(?<=由 ))[0-9]{1,3}\b|(?:(?<=lot )|(?<=批次 ))[0-9]+\b"
)


def wrap(text: str, width: int = WIDTH) -> list[str]:
    """Lines of at most `width` columns; Chinese breaks between characters, not before a stop."""
    lines, line, columns = [], "", 0
    for part in _PARTS.findall(text):
        size = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in part)
        if line and columns + size > width:
            lines.append(line.rstrip())
            line, columns = "", 0
        if line or not part.isspace():
            line, columns = line + part, columns + size
    return [*lines, line.rstrip()] if line.strip() else lines


class Teller:
    """Says what happens on a stage, by lines to `out`."""

    def __init__(self, out: Callable[[str], None], language: str, stage: Stage) -> None:
        self.out, self.stage = out, stage
        self.language = "zh" if language.startswith("zh") else "en"

    def say(self, en: str, zh: str, indent: str = "") -> None:
        """One sentence, wrapped."""
        text = zh if self.language == "zh" else en
        for line in wrap(closed_up(text), WIDTH - len(indent)):
            self.out(indent + line)

    def spoken(self, words: Spoken, indent: str = "") -> None:
        self.say(words.en, words.zh, indent)

    def step(self, told: Told) -> None:
        """Tell one step as it went."""
        frame = told.step.frame
        if frame.chapter:
            self.out("")
            self.spoken(frame.chapter)
        if frame.says:
            self.out("")
            self.out(f"  {told.day}")
            self.spoken(frame.says, "  ")
        for answer in told.answers:
            self.answer(answer)
        if told.difference:
            self.out(f"    !! {told.difference}")

    def answer(self, answer: Answer) -> None:
        if answer.refusal:
            code = answer.refusal.code
            en = self.named(answer.refusal.sentence("en"))
            zh = self.named(answer.refusal.sentence("zh"))
            self.say(f"refused, {code}: {en}", f"拒絕，{code}：{zh}", "    ")
        elif answer.entry:
            what = "; ".join(self.events(answer.entry))
            seq = answer.entry.seq
            self.say(f"accepted, entry {seq}: {what}", f"接受，條目 {seq}：{what}", "    ")

    def named(self, text: str) -> str:
        """A sentence with accounts, people and lots as they are printed."""

        def name(match: re.Match[str]) -> str:
            number, before = int(match[0]), text[: match.start()]
            if before.endswith(("lot ", "批次 ")):
                lot = self.lot(number)
                return lot.code if lot else match[0]
            if len(match[0]) == 8:
                who = self.stage.names.of("people", number)
                return f"{match[0]} ({who})" if who != match[0] else match[0]
            # "by 1": a sink; a lock by its number stays as it is.
            held = before.endswith(("by ", "由 "))
            return self.account(number) if held or number > 10**9 else match[0]

        return _NUMBER.sub(name, text)

    def account(self, number: int) -> str:
        """An account as printed, with its holder; a sink by its name."""
        rows = self.stage.ledger.db.by_key(TABLES["accounts"], [number])
        row = from_row(TABLES["accounts"], rows[0]) if rows else None
        if row is None or row.sink:
            return word(row.sink, self.language) if row else str(number)
        holder = questions.name_of(self.stage.ledger, row.holder).partition(" (")[0]
        return f"{show(number)} ({holder})" if holder else show(number)

    def lot(self, number: int) -> Lot | None:
        rows = self.stage.ledger.db.by_key(TABLES["lots"], [number])
        row: Lot | None = from_row(TABLES["lots"], rows[0]) if rows else None
        return row

    def block(self, lot: int, first: int, next_: int) -> str:
        row = self.lot(lot)
        return f"{row.code} {printed(row, first, next_)}" if row else f"{lot}"

    def two(self, en: str, zh: str) -> str:
        return zh if self.language == "zh" else en

    def events(self, entry: ev.Entry) -> Iterator[str]:
        """Each event of an entry in a few words."""
        for event in entry.events:
            if isinstance(event, ev.Moved):
                yield self.move(event, f"{self.account(event.source)} -> ")
            elif isinstance(event, ev.Issued):
                yield self.issued(event)
            elif isinstance(event, ev.Converted):
                yield from (self.move(move) for move in event.burnt)
                yield self.issued(event.issued)
            elif isinstance(event, ev.Locked):
                blocks = ", ".join(self.block(*block) for block in event.blocks)
                yield f"{word(event.kind, self.language)} {event.lock}: {blocks}"
            elif isinstance(event, ev.Retired):
                number = event.certificate
                yield self.two(f"certificate {number}", f"證書第 {number} 號")
            elif isinstance(event, ev.AccountOpened):
                yield self.two("account ", "帳戶 ") + self.account(event.account)
            elif isinstance(event, ev.ProjectRegistered):
                yield self.two("project ", "專案 ") + f"{event.project} ({event.party})"
            elif isinstance(event, ev.FirstTransferred):
                yield from self.first_transferred(event)
            elif isinstance(event, ev.Observed):
                rows = self.two(f"{event.rows} rows", f"{event.rows} 列")
                yield f"{event.register}, {rows}, SHA-256 {event.digest[:16]}..."
            else:
                tag = str(event.__struct_config__.tag)
                yield self.two(tag.replace("_", " "), word(tag, "zh"))

    def first_transferred(self, event: ev.FirstTransferred) -> Iterator[str]:
        """Serials, what first transferred them, and under which authorisation."""
        cause = word(event.trigger, self.language)
        for first, next_ in event.blocks:
            block = self.block(event.lot, first, next_)
            yield self.two(
                f"first transfer of {block} by {cause}, {event.authorisation}",
                f"首次移轉 {block}，因{cause}，{event.authorisation}",
            )

    def move(self, move: ev.Moved, source: str = "") -> str:
        block = self.block(move.lot, move.first, move.next)
        return f"{block}: {source}{self.account(move.target)}"

    def issued(self, lot: ev.Issued) -> str:
        made = self.two("issued to ", "核發至 ")
        return f"{self.block(lot.lot, 0, lot.size)}: {made}{self.account(lot.account)}"
