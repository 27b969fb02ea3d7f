"""Unit types and the small tables the kernel reads, as frozen structs.

What a unit is, which acts it knows and where it may end is law, hence data (`lawbook/`); this file
only says which shape the data has and gives it a digest. Replay never reads it: events carry the
digest of the law they were decided under. Pure: bytes in, `Law` out; files are read in `store`.
"""

from __future__ import annotations

import hashlib
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

import msgspec

from onetonne.ledger.hub import Hub

Act = Literal["issue", "transfer", "retire", "cancel", "surrender", "convert", "lock", "label"]
Family = Literal[
    "allowance",
    "domestic_credit",
    "voluntary_credit",
    "international_credit",
    "kyoto",
    "certificate",
]
Activity = Literal["reduction", "removal", "either", "none"]
ACTIVITIES = ("", "reduction", "removal")
"""What a project or a lot says of itself; a unit type may leave it open."""
Metric = Literal["tCO2e", "kgCO2e", "MWh"]
Expiry = Literal["never", "end_of_next_commitment_period", "end_of_crediting_period", "set_per_lot"]
Fact = Literal[
    "host", "project", "mechanism", "methodology", "activity", "vintage", "commitment_period"
]
Confidence = Literal["high", "medium", "low"]

END_OF_ACT: dict[str, str] = {
    "retire": "retirement",
    "surrender": "surrender",
    "convert": "conversion",
}
"""Act -> the sink it ends in. `cancel` ends in a sink per cancellation kind."""


def day_in(text: str) -> date | None:
    """The day of a text such as 2027-01-31; None for what is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


class Names(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One name in both languages: English and Traditional Chinese (Taiwan usage)."""

    en: str
    zh: str


class Citation(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Where a row comes from: the instrument, the place in it, and an address if there is one."""

    instrument: str
    provision: str
    url: str = ""


class UnitType(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """A kind of unit. One serial is `quantum` times `metric` (1 tCO2e unless stated).

    `sinks` names the permitted ends: retirement, surrender, conversion and cancellation kinds.
    `needs` are the facts without which a lot of this type cannot be issued. `serial_profile` is
    a registry of `base.serial_grammars`, `opaque` (kept whole), or `own` (we number from 1).
    """

    code: str
    names: Names
    family: Family
    activity: Activity
    programme: str
    issuer: str
    jurisdiction: str
    acts: frozenset[Act]
    sinks: frozenset[str]
    needs: frozenset[Fact]
    citation: Citation
    confidence: Confidence
    metric: Metric = "tCO2e"
    quantum: int = 1
    serial_profile: str = "own"
    expires: Expiry = "never"
    since: date | None = None
    until: date | None = None

    @property
    def measure(self) -> str:
        """What one serial is: `tCO2e`, `MWh`; with the quantum before it where that is not 1."""
        return self.metric if self.quantum == 1 else f"{self.quantum} {self.metric}"

    @property
    def outcome(self) -> str:
        """What Article 6 counts it in: `GHG` for tonnes, else its metric."""
        return "GHG" if self.metric == "tCO2e" else self.metric


class Conversion(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Burn units of one of `sources`, issue `ratio` units of `target` for each, rounded down.

    The window is inclusive and read against the day of the act. `requires` are facts that the
    source lot must carry with exactly that value. `basis`: burn what we hold, or issue against a
    proven cancellation in another registry. `illustrative`: no published rule, never a default.
    `system`: whose unit the target is; its gate judges what is burnt, for an operator's period.
    """

    code: str
    names: Names
    sources: frozenset[str]
    target: str
    ratio: Fraction
    citation: Citation
    confidence: Confidence
    by: Literal["holder", "authority"] = "holder"
    basis: Literal["held", "cancelled_abroad"] = "held"
    rounding: Literal["down"] = "down"
    requires: dict[Fact, str] = {}
    system: str = ""
    illustrative: bool = False
    since: date | None = None
    until: date | None = None

    def open_on(self, day: date) -> bool:
        """Whether `day` lies in the window; both ends belong to it."""
        after_start = self.since is None or self.since <= day
        return after_start and (self.until is None or day <= self.until)


class CancellationKind(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True
):
    """A reason why units are destroyed without serving a target; each kind is a sink of its own."""

    code: str
    names: Names
    by: Literal["holder", "authority"]
    citation: Citation
    confidence: Confidence


class LockKind(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """A hold on serials that moves nothing: which acts it stops and who may lift it."""

    code: str
    names: Names
    blocks: frozenset[Act]
    lifted_by: Literal["setter", "named_party", "authority", "system"]
    citation: Citation
    confidence: Confidence


class LabelKind(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """A mark on serials: set once for ever, or dated, where the newest on a day is the one read.

    `fact`: the fact of the law that its value is a word of.
    """

    code: str
    names: Names
    write_once: bool
    value: Literal["none", "text", "day", "party", "count"]
    by: Literal["holder", "authority"]
    citation: Citation
    confidence: Confidence
    fact: str = ""


class Purpose(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """What a retirement is for. `period`: whether the claim must name the time that it covers."""

    code: str
    names: Names
    period: bool
    citation: Citation
    confidence: Confidence


class Policy(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """A question that a rule leaves open, and the answers to it; the first of `values` is ours.

    `names` is the question, `because` why the first answer is the first. `others` says what kinds
    of answer there may be beside the words in `values`.
    """

    code: str
    names: Names
    values: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    because: Names
    citation: Citation
    confidence: Confidence
    others: frozenset[Literal["count", "share", "day"]] = frozenset()


class Levied(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """A levy on each issuance while it is in force: `sop` goes to adaptation, `omge` to overall
    mitigation; its share, and the policy that says how it is rounded."""

    name: Literal["sop", "omge"]
    rate: Fraction
    rounding: str
    citation: Citation
    since: date | None = None
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether it is levied on a day; both ends of its time belong to it."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)


class Crediting(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """How long a crediting period lasts at most, and how often it may be renewed."""

    years: int
    renewals: int
    activity: Literal["reduction", "removal"]


class Transition(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Last days for activities that come from an earlier mechanism."""

    request: date
    approval: date
    documents: date


class Earlier(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Units of an earlier mechanism that a Party may use towards its first NDC: which, registered
    from what day, for what was achieved until which year."""

    units: frozenset[str]
    registered_from: date
    achieved_until: int
    citation: Citation


class Mechanism(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """A crediting mechanism: its unit, its levies in the order in which they take serials,
    its crediting periods by kind, and what it takes over from an earlier one."""

    code: str
    names: Names
    unit: str
    begins: date
    levies: tuple[Levied, ...]
    buffer_rounding: str
    crediting: dict[str, Crediting]
    transition: Transition
    earlier: Earlier
    citation: Citation
    confidence: Confidence


class Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All tables that the kernel reads, each by code, and the digest of exactly these tables;
    beside them the law of compliance systems (`hub`), which has a digest of its own."""

    units: dict[str, UnitType] = {}
    conversions: dict[str, Conversion] = {}
    cancellation_kinds: dict[str, CancellationKind] = {}
    lock_kinds: dict[str, LockKind] = {}
    label_kinds: dict[str, LabelKind] = {}
    purposes: dict[str, Purpose] = {}
    mechanisms: dict[str, Mechanism] = {}
    policies: dict[str, Policy] = {}
    digest: str = ""
    hub: Hub | None = None

    def measure(self, code: str) -> str:
        """`UnitType.measure`; a tonne for a type that is not here."""
        unit = self.units.get(code)
        return unit.measure if unit else "tCO2e"

    def outcome(self, code: str) -> str:
        """`UnitType.outcome`; `GHG` for a type that is not here."""
        unit = self.units.get(code)
        return unit.outcome if unit else "GHG"

    @classmethod
    def empty(cls) -> Law:
        """A law without rows: every new act is refused, every old event still replays."""
        return sealed(cls())


def sealed(law: Law) -> Law:
    """`law` with its digest: SHA-256 (hex) of `canonical_law(law)`."""
    digest = hashlib.sha256(canonical_law(law)).hexdigest()
    return msgspec.structs.replace(law, digest=digest)


def canonical_law(law: Law) -> bytes:
    """The tables without digest as JSON bytes: keys and sets sorted, no spaces, UTF-8."""
    tables = {name: getattr(law, name) for name in law.__struct_fields__ if name != "hub"}
    return msgspec.json.encode(tables | {"digest": ""}, enc_hook=_to_text, order="sorted")


def law_from_json(data: bytes) -> Law:
    """The law in `data`, sealed anew. Raises `msgspec.ValidationError` naming the path."""
    return sealed(msgspec.json.decode(data, type=Law, dec_hook=from_text))


def _to_text(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise NotImplementedError(f"no JSON form for {type(value).__name__}")


def from_text(kind: type, value: Any) -> Any:
    """msgspec hook: a ratio is text `a/b` with whole positive numbers; never a float."""
    if kind is not Fraction:
        raise NotImplementedError(f"no way to read {kind.__name__}")
    parts = value.split("/") if isinstance(value, str) else []
    whole = len(parts) == 2 and all(part.isascii() and part.isdigit() for part in parts)
    if not whole or not all(int(part) for part in parts):
        raise ValueError('a ratio is text like "1/1": two whole numbers above 0')
    return Fraction(int(parts[0]), int(parts[1]))
