"""Numbers that are used or listed twice, found by one sweep per issuance in O(n log n).

A conflict: two rows of one list that share numbers; two ends (retirement, cancellation) of one
number in any lists; two issuances of it on different days. None: a number issued in one row and
ended in another, or the same act told by two files (reported once per pair as `repeated-rows`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

from onetonne.base.serials import Serial
from onetonne.exchange.findings import Finding, Place, finding
from onetonne.exchange.layouts import STOCK_LISTS
from onetonne.exchange.observations import Observation

_ENDED = ("retirement", "cancellation")
_Row = tuple[Serial, Observation]


def conflicts(observations: Iterable[Observation]) -> list[Finding]:
    """One finding per row that shares numbers with an earlier-starting row, in file order."""
    rows = [
        (seen.serial, seen)
        for seen in observations
        if isinstance(seen.serial, Serial) and seen.state == "parsed"
    ]
    found: dict[int, Finding] = {}
    for lane, token in _lanes(rows):
        for (_, late), (_, early) in sweep(lane, token):
            found.setdefault(id(late), _conflict(late, early))
    order = {id(seen): n for n, (_, seen) in enumerate(rows)}
    return [found[key] for key in sorted(found, key=order.__getitem__)] + _repeats(rows)


def sweep(
    rows: list[_Row], token: Callable[[Observation], Hashable]
) -> Iterator[tuple[_Row, _Row]]:
    """Pairs (later, earlier) of one issuance that share numbers and differ in token.

    Each row is compared with the two rows of different token that reach farthest so far: if any
    earlier row of another token overlaps it, one of these two does.
    """
    reach: list[_Row] = []
    for row in sorted(rows, key=lambda row: (row[0].first, row[0].last)):
        mine = token(row[1])
        for other in reach:
            if other[0].last >= row[0].first and token(other[1]) != mine:
                yield row, other
                break
        reach = _farthest_two([*reach, row], token)


def _farthest_two(rows: list[_Row], token: Callable[[Observation], Hashable]) -> list[_Row]:
    best: dict[Hashable, _Row] = {}
    for row in sorted(rows, key=lambda row: row[0].last, reverse=True):
        best.setdefault(token(row[1]), row)
    return list(best.values())[:2]


def _lanes(rows: list[_Row]) -> Iterator[tuple[list[_Row], Callable[[Observation], Hashable]]]:
    """The groups within which numbers may occur once, each with what makes two rows one act."""
    lists: dict[Hashable, list[_Row]] = defaultdict(list)
    ends: dict[Hashable, list[_Row]] = defaultdict(list)
    issues: dict[Hashable, list[_Row]] = defaultdict(list)
    for row in rows:
        serial, seen = row
        issuance = (serial.registry, serial.key)
        if seen.kind in _ENDED:
            ends[issuance].append(row)
        if seen.kind == "issuance":
            issues[issuance].append(row)
        story = "stock" if seen.listing in STOCK_LISTS else seen.kind
        side = "ended" if story in _ENDED else story
        lists[issuance, seen.at.file, seen.at.sheet, side].append(row)
    yield from ((lane, id) for lane in lists.values())
    yield from ((lane, _act) for lane in ends.values())
    yield from ((lane, lambda seen: seen.issued) for lane in issues.values())


def _act(seen: Observation) -> Hashable:
    """What makes two rows of different lists one and the same act."""
    assert isinstance(seen.serial, Serial)
    return (seen.serial, seen.kind, seen.ended, seen.beneficiary, seen.reason, seen.note)


def _conflict(late: Observation, early: Observation) -> Finding:
    if late.kind in _ENDED and early.kind in _ENDED:
        code = "retired-twice"
    elif late.kind == early.kind == "issuance" and late.issued != early.issued:
        code = "issued-twice"
    else:
        code = "overlap"
    assert isinstance(late.serial, Serial)
    return finding(
        code,
        late.at,
        registry=late.registry,
        column=late.columns.get("serial", ""),
        value=late.serial.raw,
        other=str(early.at),
    )


def _repeats(rows: list[_Row]) -> list[Finding]:
    first: dict[Hashable, Observation] = {}
    pairs: Counter[tuple[str, str, str, str]] = Counter()
    for _, seen in rows:
        if seen.kind in _ENDED:
            told = first.setdefault(_act(seen), seen)
            if (told.at.file, told.at.sheet) != (seen.at.file, seen.at.sheet):
                here = (seen.at.file, seen.at.sheet)
                pairs[
                    (*here, " ".join(filter(None, (told.at.file, told.at.sheet))), seen.registry)
                ] += 1
    return [
        finding("repeated-rows", Place(file, sheet), registry=registry, value=str(n), other=other)
        for (file, sheet, other, registry), n in sorted(pairs.items())
    ]
