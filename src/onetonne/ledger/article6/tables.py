"""The rows that Article 6 adds to the state, and `Marks`: blocks of a lot that bear a mark."""

from bisect import bisect_left, bisect_right, insort
from datetime import date
from typing import Protocol, TypeVar

import msgspec

from onetonne.ledger.article6.approach_levies import LevyPolicy


class Approach(msgspec.Struct, frozen=True, gc=False):
    """`levies` are the versions of its own levies, `carries` what each carries on."""

    approach: str
    parties: tuple[str, ...]
    title: str
    since: date | None
    until: date | None
    digest: str
    registered: int
    agreement: str = ""
    levies: tuple[LevyPolicy, ...] = ()
    carries: dict[str, str] = msgspec.field(default_factory=dict)

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day; its first and last count."""
        return (self.since or day) <= day <= (self.until or day)


class Participation(msgspec.Struct, frozen=True, gc=False):
    party: str
    met: tuple[str, ...]
    day: date
    digest: str
    declared: int


class Ndc(msgspec.Struct, frozen=True, gc=False):
    """A pledge for the years `first` to `last`; the newest version. `closed` is the entry that made
    its adjustments final."""

    party: str
    first: int
    last: int
    version: int
    kind: str
    method: str
    digest: str
    goal: str
    path: tuple[str, ...]
    metric: str
    per_unit: str
    recorded: int
    closed: int = 0


class Inventory(msgspec.Struct, frozen=True, gc=False):
    party: str
    year: int
    metric: str
    version: int
    value: str
    digest: str
    recorded: int


class Authorisation(msgspec.Struct, frozen=True, gc=False):
    """One version of an authorisation. The newest has no `superseded`; its `transferred` are all
    units first transferred under the authorisation, in whichever version. `suspended` is the
    entry that suspended it, 0 while it is in force; `withdrawn` are entities that get no more."""

    authorisation: str
    version: int
    day: date
    approach: str
    party: str
    purposes: tuple[str, ...]
    digest: str
    projects: tuple[str, ...]
    units: tuple[str, ...]
    vintage_from: int
    vintage_to: int
    blocks: tuple[tuple[int, int, int], ...]
    cap: int
    parties: tuple[str, ...]
    entities: tuple[int, ...]
    programmes: tuple[str, ...]
    first_transfer: str
    use_by: date | None
    metric: str
    change_terms: str
    revocation_terms: str
    authorised: int
    superseded: int = 0
    revoked: int = 0
    transferred: int = 0
    left_out: tuple[tuple[int, int, int], ...] = ()
    statements: dict[str, str] = msgspec.field(default_factory=dict)
    suspended: int = 0
    withdrawn: tuple[int, ...] = ()
    recall_days: int = 0


class FirstTransfer(msgspec.Struct, frozen=True, gc=False):
    lot: int
    first: int
    next: int
    authorisation: str
    version: int
    trigger: str
    day: date
    entry: int


class Use(msgspec.Struct, frozen=True, gc=False):
    lot: int
    first: int
    next: int
    purpose: str
    party: str
    year: int
    programme: str
    day: date
    entry: int


class Tally(msgspec.Struct, frozen=True, gc=False):
    """Units of a Party by what they are (`first_transfer` or `use`), the year that is adjusted, the
    year in which it happened, approach, purpose (NDC or OIMP) and metric."""

    party: str
    basis: str
    year: int
    happened: int
    approach: str
    purpose: str
    metric: str
    quantity: int


class Choice(msgspec.Struct, frozen=True, gc=False):
    """A registry's own answer to a question that a rule leaves open; the newest."""

    policy: str
    value: str
    day: date
    digest: str
    chosen: int


TallyKey = tuple[str, str, int, int, str, str, str]


class _Block(Protocol):
    @property
    def lot(self) -> int: ...
    @property
    def first(self) -> int: ...
    @property
    def next(self) -> int: ...


Row = TypeVar("Row", bound=_Block)


class Marks(dict[tuple[int, int], Row]):
    """Rows over blocks of lots, none of which overlap, by (lot, first offset)."""

    def __init__(self) -> None:
        super().__init__()
        self.order: dict[int, list[int]] = {}

    def __setitem__(self, key: tuple[int, int], row: Row) -> None:
        if key not in self:
            insort(self.order.setdefault(key[0], []), key[1])
        super().__setitem__(key, row)

    def copy(self) -> "Marks[Row]":
        other: Marks[Row] = Marks()
        other.update(self)
        other.order = {lot: list(firsts) for lot, firsts in self.order.items()}
        return other

    def clear(self) -> None:
        super().clear()
        self.order.clear()

    def over(self, lot: int, first: int, next_: int) -> list[Row]:
        """The rows that overlap [first, next), lowest first."""
        order = self.order.get(lot)
        if not order:
            return []
        at = bisect_right(order, first)
        found = []
        if at:
            row = self[lot, order[at - 1]]
            if row.next > first:
                found.append(row)
        if at < len(order) and order[at] < next_:
            found += [self[lot, low] for low in order[at : bisect_left(order, next_, at)]]
        return found

    def free(self, lot: int, first: int, next_: int) -> list[tuple[int, int]]:
        """The parts of [first, next) that no row covers, lowest first."""
        over = self.over(lot, first, next_)
        if not over:
            return [(first, next_)]
        parts = []
        for row in over:
            if first < row.first:
                parts.append((first, row.first))
            first = row.next
        return [*parts, (first, next_)] if first < next_ else parts
