"""The demo: nine journeys, told as they are played into two ledgers that stay: five of a tonne in
one, four across borders under Article 6 in the other.

It needs no network and touches nothing but a folder of its own. At the end stand who holds what,
who adjusts what, the signed checkpoint, and commands to paste that act on these very ledgers.
"""

import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from onetonne.base.account_numbers import show
from onetonne.ledger.words import word
from onetonne.service import questions
from onetonne.service.place import KEY
from onetonne.service.questions import article6
from onetonne.service.roots import journal_root
from onetonne.service.scenario import Scenario, Spoken
from onetonne.service.stage import Difference, Stage
from onetonne.service.telling import Teller
from onetonne.store.lawbook import load_law
from onetonne.store.tiles import read_note

STORIES = Path(__file__).resolve().parent.parent / "scenarios"
STORY, ABROAD = STORIES / "five_journeys.yaml", STORIES / "article6_journeys.yaml"
FOLDER = Path("onetonne-demo")
ADJUSTING = ("first_transfer", "use")
"""The sums that adjust a Party's emissions; a use for other purposes adjusts nobody's."""
FOREIGN = "90001-500001-500600-VCS-VCU-1500-VER-TH-14-99901-01012023-31122023-0"
"""A serial of the made-up export that the third journey imports."""
SPOIL = (
    "import pathlib; p = pathlib.Path('tonne.json'); b = bytearray(p.read_bytes()); "
    "b[len(b) // 2] ^= 1; p.write_bytes(b)"
)


class Paste(msgspec.Struct, frozen=True):
    """A command to paste: what it shows, the line, and how it exits."""

    says: Spoken
    line: str
    code: int


class Held(msgspec.Struct, frozen=True):
    """One row of who holds what; `account` is empty for an end."""

    account: str
    holder: str
    serials: str
    quantity: int
    status: str


class Adjusted(msgspec.Struct, frozen=True):
    """What adjusts a Party's emissions of a year: units first transferred, or used."""

    party: str
    year: int
    basis: str
    quantity: int


class Demo(msgspec.Struct, frozen=True):
    """What the demo left: its ledger's folder, public key and checkpoint, who holds what, the
    commands, and how to print a certificate; the folder of the ledger of Article 6 and who adjusts
    what there. `differences` says where the demo is broken."""

    folder: str
    key: str
    checkpoint: str
    holdings: tuple[Held, ...]
    certificate: str
    commands: tuple[Paste, ...]
    differences: tuple[Difference, ...]
    article6: str = ""
    adjustments: tuple[Adjusted, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.differences


def demo(out: Callable[[str], None], language: str = "en", folder: Path | None = None) -> Demo:
    """Play the journeys into a new folder, telling them by lines to `out`.

    `language` is "en" or "zh". Without `folder`: ./onetonne-demo, or a temporary one where
    that exists, so that an earlier demo stays as it is.
    """
    if folder is None:
        taken = FOLDER.exists()
        folder = Path(tempfile.mkdtemp(prefix="onetonne-demo-")) if taken else FOLDER
    home = folder.resolve()
    with _played(STORY, home, out, language) as (teller, stage):
        done = _left(stage)
    out("")
    with _played(ABROAD, home / "article6", out, language) as (_, stage):
        done = _with_article6(done, stage)
    _end(teller, done)
    return done


@contextmanager
def _played(
    story: Path, folder: Path, out: Callable[[str], None], language: str
) -> Iterator[tuple[Teller, Stage]]:
    """A story as it is told, and its stage while its ledger is open."""
    scenario = Scenario(story)
    stage = Stage(scenario, folder, load_law())
    teller = Teller(out, language, stage)
    try:
        teller.spoken(scenario.story.scenario)
        stage.play(teller.step)
        journal_root(stage.ledger)
        stage.ledger.publish()
        yield teller, stage
    finally:
        stage.ledger.close()


def _left(stage: Stage) -> Demo:
    ledger, home = stage.ledger, stage.ledger.folder
    key = ledger.verifier()
    public = home / f"{KEY}.pub"
    public.write_text(f"{key}\n", "utf-8")
    return Demo(
        folder=str(home),
        key=str(key),
        checkpoint=read_note(ledger.log),
        holdings=tuple(
            Held(
                r.shown if "-" in r.shown else "", r.holder, f"{r.code} {r.serials}", r.quantity,
                r.status,
            )
            for r in questions.holdings(ledger).rows
        ),
        certificate=f"{program()} certificate 1 --ledger {shlex.quote(str(home))}",
        commands=_commands(stage, shlex.quote(str(home)), shlex.quote(str(public))),
        differences=tuple(stage.differences),
    )  # fmt: skip


def _with_article6(done: Demo, stage: Stage) -> Demo:
    ledger = stage.ledger
    rows = [r for r in article6.listed(ledger, "tallies").rows if r.basis in ADJUSTING]
    return msgspec.structs.replace(
        done,
        article6=str(ledger.folder),
        adjustments=tuple(
            Adjusted(r.party, r.year, r.basis, r.quantity)
            for r in sorted(rows, key=lambda r: (r.party, r.year))
        ),
        commands=(*done.commands, *_abroad(shlex.quote(str(ledger.folder)))),
        differences=(*done.differences, *stage.differences),
    )


def _abroad(home: str) -> tuple[Paste, ...]:
    call = f"{program()} a6"
    return (
        Paste(Spoken(en="What was first transferred across borders, and why.",
                     zh="跨境首次移轉之單位及其原因。"),
              f"{call} first-transfers --ledger {home}", 0),
        Paste(Spoken(en="Where Guyana's tonnes went: a drawing and its numbers.",
                     zh="蓋亞那之噸的去向：圖與數字。"),
              f"{call} chart flows GY --svg guyana.svg --csv guyana.csv --ledger {home}", 0),
        Paste(Spoken(en="Myanmar's letter of authorisation, signed, and as a page to print.",
                     zh="緬甸之授權書：已簽署，另附可列印之頁面。"),
              f"{call} letter MM-COOK/1 --html letter.html --ledger {home}", 0),
    )  # fmt: skip


def program() -> str:
    """How this very program is called from any folder."""
    beside = Path(sys.executable).with_name("onetonne")
    found = shutil.which("onetonne")
    same = found is not None and Path(found).resolve() == beside.resolve()
    return "onetonne" if same or not beside.exists() else shlex.quote(str(beside))


def _commands(stage: Stage, home: str, public: str) -> tuple[Paste, ...]:
    call, known = program(), stage.names.known
    number = known["lots"]["spring"]
    lot = questions.holdings(stage.ledger, lot=number).rows[0].code
    source, target = show(known["accounts"]["solar"]), show(known["accounts"]["steel"])
    check = f"{call} passport check tonne.json --key {public}"
    transfer = f"transfer --lot {lot} --serials 961 --from {source} --to {target}"
    make = f"passport {lot} 961 --out tonne.json"
    texts = (
        ("A used tonne is offered again: refused, with the reason.",
         "已使用的一噸再次出售：遭拒，並說明原因。"),
        ("That tonne's passport, made and checked in an empty folder.",
         "於空資料夾製作並查核該噸的護照。"),
        ("The same passport with one byte spoilt: refused.",
         "同一護照只更動一個位元組：不成立。"),
        ("That tonne's whole life.", "該噸的完整歷程。"),
        ("A serial of another registry: what is known of it there and here.",
         "他處登錄簿的序號：該處所述與本帳本所載。"),
    )  # fmt: skip
    lines = (
        (f"{call} {transfer} --ledger {home}", 1),
        (f'cd "$(mktemp -d)" && {call} {make} --ledger {home} && {check}', 0),
        (f'python3 -c "{SPOIL}" && {check}', 1),
        (f"{call} history {lot} 961 --ledger {home}", 0),
        (f"{call} find {FOREIGN} --ledger {home}", 0),
    )
    return tuple(
        Paste(Spoken(en=en, zh=zh), line, code)
        for (en, zh), (line, code) in zip(texts, lines, strict=True)
    )


def _end(teller: Teller, done: Demo) -> None:
    out, say = teller.out, teller.say
    out("")
    say("Who holds what", "目前持有")
    for row in done.holdings:
        status = word(row.status, teller.language)
        status += " " * (12 - len(status) * (2 if status != row.status else 1))
        holder = row.holder if row.account else word(row.holder, teller.language)
        out(f"  {row.account:<12}  {row.serials:<25} {row.quantity:>5,}  {status}{holder}".rstrip())
    out("")
    say("Who adjusts what, under Article 6", "第六條下之調整")
    for told in done.adjustments:
        sign, what = ("+", "first transferred") if told.basis == "first_transfer" else ("-", "used")
        zh = "首次移轉" if sign == "+" else "使用"
        units = f"{sign}{told.quantity:,}"
        say(
            f"{told.party} {told.year} {units:>12}  {what}",
            f"{told.party} {told.year} {units:>12}  {zh}",
            "  ",
        )
    out("")
    say("The checkpoint, signed and published", "已簽署並公布之檢查點")
    for line in done.checkpoint.strip().splitlines():
        out(f"  {line}".rstrip())
    out("")
    say(
        "The ledger, its public key, and the ledger of Article 6",
        "帳本、其公開金鑰，及第六條之帳本",
    )
    out(f"  {done.folder}")
    out(f"  {done.key}")
    out(f"  {done.article6}")
    out("")
    say("Certificate 1 as a page", "第 1 號證書頁面")
    out(f"  {done.certificate}")
    out("")
    say("Commands to paste, in this order", "請依序貼上以下指令")
    for number, paste in enumerate(done.commands, start=1):
        out("")
        say(f"{number}. {paste.says.en}", f"{number}. {paste.says.zh}", "  ")
        out(f"  {paste.line}")
