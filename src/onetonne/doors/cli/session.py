"""What one call of the command line knows: its ledger, who acts, the language, how to answer.

`asks` and `acts` turn a plain function into a command with the shared options. A function
that acts returns what it asks of the ledger; executing and answering are the same for all.
"""

import inspect
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import typer

from onetonne.base.account_numbers import show
from onetonne.base.days import day_of
from onetonne.base.notes import NoteError
from onetonne.doors import answers, known, render, stopping
from onetonne.doors.cli import options as o
from onetonne.doors.files import put
from onetonne.doors.idle import check_idle
from onetonne.doors.names import Names
from onetonne.doors.stopping import NOTHING, UNKNOWN, Stopped, written
from onetonne.doors.typed import WrongUsage, check_some, read_item, read_range
from onetonne.ledger.commands import Act, Item, OpenAccount, Propose, Request
from onetonne.ledger.words import word
from onetonne.service import questions
from onetonne.service.ledger import Ledger
from onetonne.service.questions import AsOf
from onetonne.store.keys import KeyFileError
from onetonne.store.tiles import LogError

DEFAULT_ADDRESS = "ledger"
"""The folder that is the ledger when neither --ledger nor ONETONNE_LEDGER names one."""


class Session:
    """One call: settings, the ledger opened when first needed, and the reply."""

    def __init__(self, ctx: Any, given: dict[str, Any]) -> None:
        for name, value in ctx.find_root().meta.get("before", {}).items():
            given[name] = value or given[name]
        if given["lang"] and given["lang"].lower()[:2] not in ("en", "zh"):
            said = given["lang"]
            raise WrongUsage(
                f"{said!r} is no language here: en or zh.", f"{said!r}：僅有 en 或 zh。"
            )
        self.out = render.Output(render.language(given["lang"]), given["as_json"])
        self.address: str = given["address"] or DEFAULT_ADDRESS
        self.who: str = given["as_who"]
        self.dry: bool = given.get("dry", False)
        self.key: str = given.get("key", "")
        self.effective: date | None = given.get("effective")
        self.cites: str = given.get("cites", "")
        self.asof: int | None = given.get("asof")
        self.on: date | None = given.get("on")
        self.proposal: dict[str, Any] | None = ctx.find_root().meta.get("proposal")
        self._said = {name for name in given if _was_typed(ctx, name)}
        self.after: Callable[[Ledger, list[int]], list[Path]] | None = None
        self._ledger: Ledger | None = None
        self._shared: frozenset[str] | None = None
        self._before: int | None = None
        self.founds = False

    def takes_no(self, name: str, what: str) -> None:
        """Raises WrongUsage where a shared option was typed to a command that it says nothing to;
        that the environment sets it is no mistake."""
        check_idle(name in self._said, what)

    @property
    def ledger(self) -> Ledger:
        """The ledger at the address. Raises LedgerMissing."""
        if self._ledger is None:
            self._ledger = Ledger.open(self.address)
            self._before = known.newest(lambda: self.ledger)
        return self._ledger

    @property
    def names(self) -> Names:
        return Names(self.ledger)

    def close(self) -> None:
        if self._ledger is not None:
            self._ledger.close()

    def stopped(self) -> Stopped:
        """What is true now that Ctrl-C came: the ledger is asked anew, for what ran holds nothing
        any more."""
        if self._ledger is None:
            return Stopped(UNKNOWN if self.founds else NOTHING)
        self._ledger.close()
        self._ledger, before = None, self._before
        return Stopped(written(before, known.newest(lambda: self.ledger)))

    @property
    def moment(self) -> AsOf:
        """When the question is asked of."""
        return AsOf(self.asof, self.on)

    @property
    def today(self) -> date:
        """The day in the registry's zone."""
        return day_of(self.ledger.writer.clock(), self.ledger.writer.zone)

    def data(self, answer: Any) -> dict[str, Any]:
        """An answer's struct as plain data."""
        found: dict[str, Any] = msgspec.to_builtins(answer)
        return found

    def key_file(self) -> str:
        """The file with the log's public key, beside the log, made if it is not there; where that
        cannot be, the key."""
        path, key = self.ledger.folder / "key.pub", f"{self.ledger.verifier()}\n"
        try:
            if not path.exists() or path.read_bytes() != key.encode():
                put(path, key)
        except OSError:
            return key.strip()
        return str(path)

    def reply(self, data: dict[str, Any], *shown: Any) -> None:
        """Print one answer: `data` as JSON, or what is shown to people."""
        self.out.reply(self.address, data, [part for part in shown if part is not None])

    def reply_apart(self, data: dict[str, Any], *shown: Any) -> None:
        """Print an answer that no ledger gave."""
        self.out.reply("", data, [part for part in shown if part is not None])

    def word(self, text: str) -> str:
        """A status or an act in the reader's language."""
        return word(text, self.out.language)

    def words(self, texts: Iterable[str]) -> str:
        """Several of them in a row."""
        return self.listed(map(self.word, texts))

    def listed(self, texts: Iterable[str]) -> str:
        """Texts in a row, as the reader's language sets them apart."""
        return ("、" if self.out.language == "zh" else ", ").join(texts)

    def place(self, number: str, holder: str) -> str:
        """The holder of an account as it is printed; an end by its word."""
        return known.place(number, holder, self.out.language)

    def side(self, number: str, holder: str) -> str:
        """One side of a move: the holder, with the number where several accounts bear the name, or
        the number alone."""
        if self._shared is None:
            self._shared = questions.shared_names(self.ledger)
        told = self.place(number, holder) or number
        return f"{number} {told}" if holder in self._shared else told

    def facts(self, facts: dict[str, str]) -> str:
        """Facts of a history by name, in the reader's language."""
        return known.facts(facts, self.out.language)

    def items(
        self, lot: str, amount: int | None, serials: Iterable[str], items: Iterable[str] = ()
    ) -> tuple[Item, ...]:
        """Items as typed: an amount or ranges of --lot, and each --item."""
        found = []
        serials = list(serials)
        if not lot and (serials or amount is not None):
            raise WrongUsage(
                "Which lot? Add --lot, e.g. --lot TCER-2025-1. See: onetonne holdings.",
                "哪一批次？請加上 --lot，例如 --lot TCER-2025-1。請見：onetonne holdings。",
            )
        if lot:
            if bool(serials) == (amount is not None):
                raise WrongUsage(
                    "Of a lot, give either an amount (500) or --serials (1-500).",
                    "批次須指定數量（500）或 --serials（1-500）其中之一。",
                )
            number = self.names.lot(lot)
            if amount is not None:
                check_some(amount)
                found.append(Item(lot=number, quantity=amount))
            found += [Item(lot=number, serials=read_range(text)) for text in serials]
        for text in items:
            code, span, quantity = read_item(text)
            if not span:
                check_some(quantity)
            found.append(Item(lot=self.names.lot(code), serials=span, quantity=quantity))
        if not found:
            raise WrongUsage(
                "Of what? Give an amount and --lot, or --item LOT:1-500.",
                "請指定標的：數量加 --lot，或 --item LOT:1-500。",
            )
        return tuple(found)

    def execute(self, acts: tuple[Act, ...]) -> answers.Told:
        """Do the acts as one command, publish, and say what became of them."""
        by = self.names.actor(self.who)
        if self.proposal is not None:
            check_idle(self.effective, "day of a proposal")
            acts = (Propose(acts=acts, **self.proposal),)  # type: ignore[arg-type]
        request = Request(by, acts, key=self.key, effective=self.effective, cites=self.cites)
        answer = self.ledger.execute([request], self.dry)[0]
        told = answers.tell(self.ledger, answer)
        for act in acts if answer.refusal is None else ():
            self._warn_of_namesakes(told, act)
        if answer.entry is not None and not self.dry:
            self.publish(told)
        self.reply(told.data, *answers.shown(told, self.out.language))
        if answer.refusal is not None:
            raise typer.Exit(1)
        return told

    def _warn_of_namesakes(self, told: answers.Told, act: Act) -> None:
        """A second account of a name is no mistake by itself, but its holder's name no longer says
        which is meant."""
        if not isinstance(act, OpenAccount):
            return
        others = ", ".join(map(show, questions.namesakes(self.ledger, act.holder, act.account)))
        if others:
            told.warn(
                f"{act.holder} has another account already: {others}. From now on name each by its "
                "number; or close one: onetonne account close NUMBER.",
                f"{act.holder} 已有其他帳戶：{others}。此後請以帳號指明；或關閉其一："
                "onetonne account close 帳號。",
            )

    def publish(self, told: answers.Told) -> None:
        """Publish the log and write what was asked for. The act stands whatever happens here,
        so a failure is a warning beside the answer and never an error instead of it."""
        try:
            told.published(self.ledger.publish())
        except (OSError, KeyFileError, LogError, NoteError) as error:
            told.warn(
                f"The act stands, but the log was not published: {error}. "
                "Mend that, then: onetonne checkpoint",
                f"行為已生效，但日誌未能公布：{getattr(error, 'zh', error)}。"
                "排除後請執行：onetonne checkpoint",
            )
        if self.after is None:
            return
        try:
            files = self.after(self.ledger, told.data["certificates"])
            told.data["certificate_files"] = [str(path) for path in files]
        except (OSError, KeyFileError) as error:
            told.warn(
                f"The act stands, but the certificate was not written: {error}. "
                "Write it with: onetonne certificate NUMBER",
                f"行為已生效，但證書未能寫出：{error}。請執行：onetonne certificate 號碼",
            )


_SHARED = {"lang": (o.Language, None), "as_json": (o.Json, False), "address": (o.Address, ""),
           "as_who": (o.Who, "")}  # fmt: skip
_HOW = {"dry": (o.Dry, False), "key": (o.Key, ""), "effective": (o.Effective, None),
        "cites": (o.Cites, "")}  # fmt: skip
_WHEN = {"asof": (o.AsOf, None), "on": (o.On, None)}


def _was_typed(ctx: Any, name: str) -> bool:
    """Whether an option stands in the line, before or after the command."""
    source = getattr(ctx.get_parameter_source(name), "name", "")
    return source == "COMMANDLINE" or bool(ctx.find_root().meta.get("before", {}).get(name))


Run = TypeVar("Run", bound=Callable[..., Any])


def asks(
    app: typer.Typer, panel: str, name: str | None = None, when: bool = False
) -> Callable[[Run], Run]:
    """Register a function of a Session that prints its own reply."""
    extra = _SHARED | (_WHEN if when else {})

    def command(run: Run) -> Run:
        def ask(s: Session, **typed: Any) -> None:
            check_idle(s.proposal is not None, "question as a proposal")
            run(s, **typed)

        _register(app, panel, name, run, extra, ask)
        return run

    return command


def acts(app: typer.Typer, panel: str, name: str | None = None) -> Callable[[Run], Run]:
    """Register a function of a Session that returns the acts it asks for, one or several."""

    def command(run: Run) -> Run:
        def act(s: Session, **typed: Any) -> None:
            made = run(s, **typed)
            if made is not None:  # else there was nothing to do, and the command said so
                s.execute(made if isinstance(made, tuple) else (made,))

        _register(app, panel, name, run, _SHARED | _HOW, act)
        return run

    return command


def _register(
    app: typer.Typer,
    panel: str,
    name: str | None,
    run: Callable[..., Any],
    extra: dict[str, tuple[Any, Any]],
    call: Callable[..., Any],
) -> None:
    """A command of `run`'s parameters, but its Session, and the shared ones in `extra`."""

    def command(ctx: typer.Context, **typed: Any) -> None:
        given = {field: typed.pop(field) for field in extra}
        session = Session(ctx, given)
        stopping.begin()
        try:
            call(session, **typed)
        except KeyboardInterrupt:
            raise session.stopped() from None
        finally:
            session.close()

    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [p.replace(kind=keyword) for p in list(inspect.signature(run).parameters.values())[1:]]
    shared = [inspect.Parameter(field, keyword, default=default, annotation=option)
              for field, (option, default) in extra.items()]  # fmt: skip
    context = inspect.Parameter("ctx", keyword, annotation=typer.Context)
    parameters = [context, *own, *shared]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    command.__doc__, command.__module__ = run.__doc__, run.__module__
    app.command(name or run.__name__, rich_help_panel=panel)(command)
