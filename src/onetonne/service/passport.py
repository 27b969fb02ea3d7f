"""Make a passport: journal a holdings root, publish, and gather what the check will ask for.

The holdings are read under the lock in which the root is made, and held against a replay of the
journal's entries that name the lot: tables that say otherwise give neither root nor passport.
Nothing is handed out that does not verify. Other lots, and a forged journal, are for `verify`.
"""

from typing import TYPE_CHECKING

from msgspec import UNSET

from onetonne.base.notes import VerifierKey, open_checkpoint
from onetonne.exchange import passport as form
from onetonne.exchange.life import Life, Piece
from onetonne.exchange.passport_check import check_passport
from onetonne.exchange.passport_names import sealed
from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.lanes import Holding
from onetonne.ledger.lot_replay import LotReplay
from onetonne.ledger.roots import LotLeaf, holding_paths, lot_path
from onetonne.service.consistency import CannotProve, proof, since
from onetonne.service.roots import LotRoots, journal_root
from onetonne.store.rows import Engine
from onetonne.store.schema import HOLDING, JOURNAL, OPENINGS, TABLES, holding_from
from onetonne.store.tiles import TileLog, read_note

if TYPE_CHECKING:
    from onetonne.service.ledger import Ledger
from onetonne.service.place import former_keys

PUBLIC = frozenset({"beneficiary", "project"})
"""The disclosure policy unless another is given: who retired for whom and which project is
public; holders and reasons are not, people are never named. Parties and hosts are not sealed."""
PAGE = 1_000
"""Entries read at a time when a lot is followed through the journal."""
_HOLDINGS = f"SELECT {', '.join(HOLDING)} FROM holdings WHERE lot = ?"


def passport(
    ledger: "Ledger",
    lot: int,
    first: int,
    next_: int,
    disclose: frozenset[str] = PUBLIC,
    roots: LotRoots | None = None,
    kept: str | None = None,
) -> bytes:
    """The passport of serials [first, next_) of a lot (offsets), as a file's bytes; with the proof
    that its checkpoint extends `kept`, where a checkpoint was kept from earlier.

    Journals a holdings root (unless nothing moved since the last) and publishes the log.
    Raises CannotProve: no such serials, too many holdings, a ledger that does not verify, or one
    that does not extend `kept`; of that last nothing is journaled.

    Looks at the bytes of every entry since the lot was issued: about 4 seconds for a million, 10
    where all of them name the lot. All but the newest are read before the writer's lock is taken.
    """
    if kept is not None:
        since(ledger, kept)  # refused before a root is journaled
    held = _Held(lot, first, next_)
    held.follow_ahead(ledger.db)
    rooted = journal_root(ledger, roots, held.read)
    ledger.publish()
    key, former = ledger.verifier(), former_keys(ledger.db)
    note = read_note(ledger.log)
    point = open_checkpoint(note, key)
    tiles = TileLog(ledger.log, point.size)
    journal = _Journal(ledger)
    for seq in (1, rooted.seq, *held.openings):
        journal.need(seq)
    life = Life(journal.need)
    life.walk([
        Piece(lot, max(h.first, first), min(h.next, next_), h.account, h.moved)
        for h in held.holdings
    ])  # fmt: skip
    journal.add_projects(life)
    made = form.Bundle(
        form.FORMAT, form.VERSION, lot, first, next_,
        origin=key.name,
        key=str(key),
        checkpoint=note,
        rooted=rooted.seq,
        proven=held.proven_lot(),
        holdings=held.proven(),
        entries=tuple(
            form.ProvenEntry(seq, data.decode(), _hex(tiles.inclusion_proof(seq - 1)))
            for seq, data in sorted(journal.bytes.items())
        ),
        openings=journal.openings(life, disclose),
        since=UNSET if kept is None else proof(tiles, point, kept, (key, *former)),
    )  # fmt: skip
    return _checked(form.write(made), key, kept, *former)


def _checked(data: bytes, key: VerifierKey, kept: str | None, *former: VerifierKey) -> bytes:
    """The passport, which holds. Raises CannotProve."""
    report = check_passport(data, key, kept, *former)
    if not report.ok:
        what, zh = (
            " ".join(finding.sentence(language) for finding in report.findings[:3])
            for language in ("en", "zh")
        )
        raise CannotProve(
            f"this ledger does not prove these serials: {what} Run `onetonne verify`.",
            f"本帳本無法證明這些序號：{zh}請執行 `onetonne verify`。",
        )
    return data


class _Held:
    """The holdings of one lot and the leaves of all, read under the lock of the root."""

    def __init__(self, lot: int, first: int, next_: int) -> None:
        self.lot, self.first, self.next = lot, first, next_
        self.replay = LotReplay(lot)
        self.all: list[Holding] = []
        self.lots: list[LotLeaf] = []
        self.span = range(0)
        self.openings: list[int] = []

    def follow_ahead(self, db: Engine) -> None:
        """Follow the lot as far as the journal goes, before any lock is taken."""
        db.begin_read()
        try:
            self.follow(db)
        finally:
            db.rollback()

    def follow(self, db: Engine) -> None:
        """Take what the journal has of the lot since the last call."""
        if self.replay.seq == 0:  # what stands before the issuance does not name the lot
            for (issued,) in db.query("SELECT issued FROM lots WHERE lot = ?", (self.lot,)):
                self.replay.seq = issued - 1
        sql = "SELECT seq, entry FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"
        try:
            while page := db.query(sql, (self.replay.seq, PAGE)):
                for seq, data in page:
                    self.replay.take(seq, bytes(data))
        except ValueError as error:
            at = self.replay.seq
            raise CannotProve(
                f"what comes after entry {at} does not follow from the journal before it: {error}."
                " Run `onetonne verify`.",
                f"條目 {at} 之後的紀錄與先前日誌不符：{error}。請執行 `onetonne verify`。",
            ) from error

    def read(self, roots: LotRoots) -> None:
        leaf = roots.leaves.get(self.lot)
        if leaf is None:
            raise CannotProve(
                f"there is no lot {self.lot}; see `onetonne holdings`",
                f"沒有批次 {self.lot}；請見 `onetonne holdings`",
            )
        if not 0 <= self.first < self.next <= leaf.size:
            raise CannotProve(
                f"serials {self.first} to {self.next - 1} of lot {self.lot}: it has 0 to"
                f" {leaf.size - 1} (counted from 0)",
                f"批次 {self.lot} 之序號 {self.first} 至 {self.next - 1}：該批次僅有 0 至"
                f" {leaf.size - 1}（由 0 起算）",
            )
        sql = f"{_HOLDINGS} AND next IS NOT NULL ORDER BY first"
        self.lots = roots.lots
        self.all = [holding_from(row) for row in roots.db.stream(sql, (self.lot,))]
        self._hold_against_journal(roots.db)
        touched = [
            at for at, h in enumerate(self.all) if h.first < self.next and self.first < h.next
        ]
        self.span = range(touched[0], touched[-1] + 1)
        if len(self.span) > form.MAX_HOLDINGS:
            raise CannotProve(
                f"these serials lie in {len(self.span)} holdings; a passport takes"
                f" {form.MAX_HOLDINGS}. Ask for a smaller block",
                f"這些序號分屬 {len(self.span)} 筆持有；一份護照至多"
                f" {form.MAX_HOLDINGS} 筆。請索取較小的區段",
            )
        accounts = {h.account for h in self.holdings}
        opened = TABLES["accounts"].names.index("opened")
        rows = roots.db.by_key(TABLES["accounts"], sorted(accounts))
        self.openings = sorted({row[opened] for row in rows})

    def _hold_against_journal(self, db: Engine) -> None:
        """Refuse where the table of holdings is not what the journal gives."""
        self.follow(db)
        told = set(self.replay.holdings) ^ set(self.all)
        if told:
            first = min(h.first for h in told)
            raise CannotProve(
                f"the table of holdings and the journal differ from serial {first} of lot"
                f" {self.lot} on (counted from 0). Run `onetonne verify`, then `onetonne rebuild`",
                f"批次 {self.lot} 自序號 {first}（由 0 起算）起，持有資料表與日誌不符。"
                "請執行 `onetonne verify`，再執行 `onetonne rebuild`",
            )

    @property
    def holdings(self) -> list[Holding]:
        return [self.all[at] for at in self.span]

    def proven(self) -> tuple[form.ProvenHolding, ...]:
        paths = holding_paths(self.lot, self.all, self.span)
        return tuple(
            form.ProvenHolding(at, h.first, h.next, h.account, h.moved, h.locks, _hex(path))
            for at, h, path in zip(self.span, self.holdings, paths, strict=True)
        )

    def proven_lot(self) -> form.ProvenLot:
        at = [leaf.lot for leaf in self.lots].index(self.lot)
        leaf = self.lots[at]
        path = _hex(lot_path(self.lots, at))
        return form.ProvenLot(leaf.size, leaf.count, leaf.root.hex(), at, len(self.lots), path)


class _Journal:
    """The entries that were asked for, as bytes: these and no others go into the passport."""

    def __init__(self, ledger: "Ledger") -> None:
        self.db = ledger.db
        self.bytes: dict[int, bytes] = {}
        self.entries: dict[int, ev.Entry] = {}

    def need(self, seq: int) -> ev.Entry | None:
        if seq not in self.entries:
            rows = self.db.by_key(JOURNAL, [seq])
            if not rows:
                return None
            self.bytes[seq] = bytes(rows[0][2])
            self.entries[seq] = codec.decode(self.bytes[seq])
        return self.entries[seq]

    def add_projects(self, life: Life) -> None:
        """Where the projects of these lots were registered: their Party and name."""
        codes = sorted({event.project for event in life.issued.values() if event.project})
        at = TABLES["projects"].names.index("registered")
        for row in self.db.by_key(TABLES["projects"], codes):
            self.need(row[at])

    def openings(self, life: Life, disclose: frozenset[str]) -> tuple[form.Opening, ...]:
        """The names in the roles to disclose, of what concerns these serials and nothing else."""
        if life.findings:
            return ()  # the check will say what is amiss
        wanted = {name.text for name in sealed(life, self.entries) if name.role in disclose}
        rows = self.db.by_key(OPENINGS, sorted(wanted))
        return tuple(form.Opening(*row) for row in sorted(rows))


def _hex(hashes: list[bytes]) -> tuple[str, ...]:
    return tuple(step.hex() for step in hashes)
