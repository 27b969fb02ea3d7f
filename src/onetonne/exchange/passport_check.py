"""Check a passport with nothing but its bytes and the registry's public key.

Signature, inclusion of each entry, the holdings root and the path of each holding, then the
walk back to issuance. What it shows is so *as of* a checkpoint and a holdings root, and says so.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import msgspec

from onetonne.base import merkle, notes
from onetonne.base.commitments import commitment
from onetonne.base.merkle import leaf_hash
from onetonne.base.notes import Checkpoint, NoteError, VerifierKey
from onetonne.exchange import passport
from onetonne.exchange.consistency import KEPT, Since, checkpoint_in, extends, unhex
from onetonne.exchange.life import Life, Piece, Step
from onetonne.exchange.passport import Bundle, ProvenHolding
from onetonne.exchange.passport_names import Registered, Sealed, sealed
from onetonne.ledger import codec
from onetonne.ledger import events as ev
from onetonne.ledger.lanes import Holding
from onetonne.ledger.proof_findings import Finding
from onetonne.ledger.roots import LotLeaf, verify_holding, verify_lot


class Holder(msgspec.Struct, frozen=True):
    """Serials of the block asked for: who holds them, and `status`: held, or the sink they
    ended in (retirement, surrender, conversion, a kind of cancellation)."""

    first: int
    next: int
    account: int
    status: str
    moved: int
    locks: tuple[int, ...]


class Report(msgspec.Struct, frozen=True):
    """What a passport shows when `findings` (at most 100) is empty, as of checkpoint (size, root)
    and of the holdings root in entry `rooted` at `rooted_at` (UTC microseconds). `key_given`:
    checked against the reader's own key; otherwise only that the file agrees with itself. `lots`
    are the issuances behind these serials, `names` those disclosed, each with the serials it speaks
    of. `since`: the size from which it carries a proof of consistency; `extends`: that of the kept
    checkpoint which it was held against. Each is None where there is none."""

    findings: tuple[Finding, ...]
    key_given: bool
    lot: int = 0
    first: int = 0
    next: int = 0
    origin: str = ""
    size: int = 0
    root: str = ""
    rooted: int = 0
    rooted_at: int = 0
    lots: dict[int, ev.Issued] = {}
    holders: tuple[Holder, ...] = ()
    steps: tuple[Step, ...] = ()
    names: tuple[Sealed, ...] = ()
    since: int | None = None
    extends: int | None = None

    @property
    def issued(self) -> ev.Issued | None:
        """The issuance of the lot asked for."""
        return self.lots.get(self.lot)

    @property
    def ok(self) -> bool:
        return not self.findings


def check_passport(
    data: bytes, key: VerifierKey | None = None, known: str | None = None, *former: VerifierKey
) -> Report:
    """Verify a passport offline. Never raises: whatever is wrong is a finding.

    Without `key` the file's own key is used, which shows no more than that it is whole. `known` is
    a checkpoint kept from earlier: the passport must prove that its own extends that. A `former`
    key of the log may have signed it.
    """
    try:
        bundle = passport.read(data)
    except passport.Unreadable as error:
        finding = Finding("passport_unreadable", "", found=str(error))
        if len(data) > passport.MAX_BYTES:
            finding = Finding("passport_too_large", "", f"{passport.MAX_BYTES} bytes")
        return Report((finding,), key is not None)
    return _Check(data, bundle, key, known, former).report()


class _Check:
    def __init__(
        self,
        data: bytes,
        bundle: Bundle,
        key: VerifierKey | None,
        known: str | None,
        former: tuple[VerifierKey, ...],
    ) -> None:
        self.bundle, self.key_given = bundle, key is not None
        self.since = bundle.since if isinstance(bundle.since, Since) else None
        self.findings: list[Finding] = []
        self.entries: dict[int, ev.Entry] = {}
        self.life = Life(self.entries.get)
        given = passport.digest_of(data)
        if given != bundle.digest:
            self._find("passport_damaged", "", bundle.digest, given)
        self.point = self._checkpoint(key)
        self.kept = None if known is None else self._kept(known, key, former)

    def report(self) -> Report:
        if self.point is None:
            return Report(self._told(), self.key_given)
        self._entries(self.point)
        rooted = self._root()
        self._holdings()
        holders = tuple(self._holders())
        self._walk(holders)
        opened = self._opened()
        self._unasked()
        names = tuple(self._names(opened))
        asked = self.bundle
        return Report(
            self._told(),
            self.key_given,
            asked.lot,
            asked.first,
            asked.next,
            self.point.origin,
            self.point.size,
            self.point.root.hex(),
            asked.rooted,
            rooted.at if rooted else 0,
            self.life.issued,
            holders,
            tuple(self.life.steps),
            names,
            self.since.size if self.since else None,
            self.kept.size if self.kept else None,
        )

    def _told(self) -> tuple[Finding, ...]:
        return tuple(self.findings[:MAX_FINDINGS])

    def _find(self, code: str, where: str, expected: str = "", found: str = "") -> None:
        self.findings.append(Finding(code, where, expected, found))

    def _checkpoint(self, key: VerifierKey | None) -> Checkpoint | None:
        """The signed checkpoint; of a forged one what it claims, to say what else is wrong."""
        bundle = self.bundle
        if key is not None and bundle.key != str(key):
            self._find("passport_key", "", str(key), bundle.key)
        try:
            point = notes.open_checkpoint(
                bundle.checkpoint, key or notes.parse_verifier_key(bundle.key)
            )
            if point.origin != bundle.origin:
                self._find("passport_key", "", point.origin, bundle.origin)
            return point
        except NoteError as error:
            if not self._signed_by_its_own():  # else it is true to a key that is not the reader's
                self._find("passport_checkpoint", "", str(key or bundle.key), error.code)
        try:
            return notes.claimed_checkpoint(bundle.checkpoint)
        except NoteError:
            return None

    def _signed_by_its_own(self) -> bool:
        with suppress(NoteError):
            own = notes.parse_verifier_key(self.bundle.key)
            return bool(notes.open_checkpoint(self.bundle.checkpoint, own))
        return False

    def _kept(
        self, known: str, key: VerifierKey | None, former: tuple[VerifierKey, ...]
    ) -> Checkpoint | None:
        """The checkpoint kept from earlier, after asking whether this one extends it."""
        try:
            own = key or notes.parse_verifier_key(self.bundle.key)
            kept = checkpoint_in(known, KEPT, *former, own)
        except NoteError:
            return None  # the file's own key is none, which is found already
        if isinstance(kept, Finding):
            self.findings.append(kept)
            return None
        if self.point is not None:
            self.findings += extends(self.point, self.since, kept)
        return kept

    def _entries(self, point: Checkpoint) -> None:
        """Every entry is in the log at its place, and the order is the log's."""
        before = 0
        for proven in self.bundle.entries:
            where = f"entry {proven.seq}"
            if len(self.findings) > MAX_FINDINGS:
                return
            if proven.seq <= before:
                self._find("passport_entry", where, f"after entry {before}", "out of order")
            before = proven.seq
            leaf = leaf_hash(proven.entry.encode())
            path = _hashes(proven.proof)
            if not merkle.verify_inclusion(leaf, proven.seq - 1, point.size, path, point.root):
                expected = f"a path to root {point.root.hex()} of {point.size} entries"
                self._find("passport_entry", where, expected, f"leaf {leaf.hex()}")
                continue
            try:
                entry = codec.read(proven.entry.encode())
            except codec.Undecodable as error:
                self._find("passport_entry", where, "a journal entry", str(error)[:300])
                continue
            if entry.seq != proven.seq:
                self._find("passport_entry", where, where, f"entry {entry.seq}")
            else:
                self.entries[entry.seq] = entry

    def _root(self) -> ev.Entry | None:
        """The lot is under the holdings root that the entry `rooted` journaled."""
        bundle, proven = self.bundle, self.bundle.proven
        entry = self.life.need(bundle.rooted)
        roots = [e.root for e in entry.events if isinstance(e, ev.Rooted)] if entry else []
        if entry is not None and not roots:
            self._find("passport_root", f"entry {bundle.rooted}", "a holdings root", "none")
        leaf, path = self._leaf(), _hashes(proven.path)
        if roots and not verify_lot(leaf, proven.index, proven.lots, path, unhex(roots[0])):
            self._find("passport_root", f"lot {bundle.lot}", roots[0], f"leaf {leaf.hash.hex()}")
        return entry

    def _leaf(self) -> LotLeaf:
        proven = self.bundle.proven
        return LotLeaf(self.bundle.lot, proven.size, proven.count, unhex(proven.root))

    def _holdings(self) -> None:
        """The holdings tile the block without a gap, and each is under the lot's root."""
        bundle, leaf = self.bundle, self._leaf()
        held = bundle.holdings
        asked = f"serials {bundle.first} to {bundle.next - 1}"
        if not held or not bundle.first < bundle.next <= leaf.size:
            self._find("passport_holding_missing", "", asked, f"{len(held)} holdings")
            return
        if not held[0].first <= bundle.first < held[0].next:
            self._find("passport_holding_missing", "", asked, f"from {held[0].first}")
        if not held[-1].first < bundle.next <= held[-1].next:
            self._find("passport_holding_missing", "", asked, f"up to {held[-1].next - 1}")
        for one, two in pairwise(held):
            if (one.next, one.index + 1) != (two.first, two.index):
                found = f"{two.first} at index {two.index}"
                expected = f"{one.next} at index {one.index + 1}"
                self._find("passport_holding_missing", "", expected, found)
        for h in held:
            if not verify_holding(leaf, _holding(h), h.index, _hashes(h.path)):
                where = f"the holding of serials {h.first} to {h.next - 1}"
                self._find("passport_root", where, bundle.proven.root, "another root")
            if h.moved >= bundle.rooted:
                self._find("passport_move", f"entry {h.moved}", f"before {bundle.rooted}", "later")

    def _holders(self) -> Iterator[Holder]:
        """Who holds what of the block; an account that is no sink must show its opening."""
        founding = self.life.need(1)
        for event in founding.events if founding else ():
            if isinstance(event, ev.Founded) and event.ledger != self.bundle.origin:
                self._find("passport_key", "", event.ledger, self.bundle.origin)
        known = Registered(self.entries.values())
        for h in self.bundle.holdings:
            status = known.status(h.account)
            if not status:
                self._find("passport_entry_missing", f"the opening of account {h.account}")
            elif h.account not in known.sinks:
                self.life.needed.add(known.accounts[h.account][0])
            first, next_ = max(h.first, self.bundle.first), min(h.next, self.bundle.next)
            yield Holder(first, next_, h.account, status, h.moved, h.locks)

    def _walk(self, holders: tuple[Holder, ...]) -> None:
        lot = self.bundle.lot
        self.life.walk([Piece(lot, h.first, h.next, h.account, h.moved) for h in holders])
        self.findings += self.life.findings
        issued = self.life.issued.get(lot)
        if issued is not None and issued.size != self.bundle.proven.size:
            found = f"size {self.bundle.proven.size}"
            self._find("passport_root", f"lot {lot}", f"size {issued.size}", found)
        there = Registered(self.entries.values()).projects
        for code in sorted({e.project for e in self.life.issued.values()} - {""}):
            if code in there:
                self.life.needed.add(there[code][0])
            else:
                self._find("passport_entry_missing", f"the registration of project {code}")

    def _unasked(self) -> None:
        """No entry but those that the proof asks for: what others say is of other serials. Where
        the walk broke, nobody knows what it would have asked for."""
        if self.findings:
            return
        asked = sorted(self.life.needed)
        for seq in sorted(self.entries.keys() - self.life.needed):
            expected = "entries " + ", ".join(map(str, asked[:TOLD]))
            expected += f" and {len(asked) - TOLD} more" if len(asked) > TOLD else ""
            self._find("passport_entry_unasked", f"entry {seq}", expected)

    def _opened(self) -> dict[str, str]:
        """Text by commitment, of each opening; one that opens nothing here is a finding."""
        there = {
            value: (role, entry.seq)
            for entry in self.entries.values()
            for role, value in sealed_in(entry)
        }
        opened: dict[str, str] = {}
        for opening in self.bundle.openings:
            role, seq = there.get(opening.commitment, ("", 0))
            where = f"{role} of entry {seq}" if role else "no entry of this passport"
            given = commitment(opening.salt, opening.text)
            if not role or given != opening.commitment:
                self._find("passport_opening", where, opening.commitment, given)
            else:
                opened[opening.commitment] = opening.text
        return opened

    def _names(self, opened: dict[str, str]) -> Iterator[Sealed]:
        """The names of what concerns the block, where they were disclosed."""
        for name in () if self.findings else sealed(self.life, self.entries):
            if name.text in opened:
                yield msgspec.structs.replace(name, text=opened[name.text])


MAX_FINDINGS = 100
"""Findings that a report has: a passport that is wrong everywhere need not be listed everywhere."""
TOLD = 20
"""Entries that a finding names."""
SEALED: dict[type, tuple[str, str]] = {
    ev.Enrolled: ("person", "name"),
    ev.AccountOpened: ("holder", "holder"),
    ev.ProjectRegistered: ("project", "name"),
    ev.Retired: ("beneficiary", "beneficiary"),
    ev.Cancelled: ("reason", "reason"),
    ev.Locked: ("reason", "reason"),
    ev.Corrected: ("reason", "reason"),
    ev.Settled: ("reason", "reason"),
}
"""Which field of which event is a commitment, and the role of the name in it."""


def sealed_in(entry: ev.Entry) -> Iterator[tuple[str, str]]:
    """(role, commitment) of each name that an entry seals."""
    for event in entry.events:
        role, field = SEALED.get(type(event), ("", ""))
        if role and getattr(event, field):
            yield role, getattr(event, field)


def _holding(h: ProvenHolding) -> Holding:
    return Holding(h.first, h.next, h.account, h.moved, h.locks)


def _hashes(texts: tuple[str, ...]) -> list[bytes]:
    return [unhex(text) for text in texts]
