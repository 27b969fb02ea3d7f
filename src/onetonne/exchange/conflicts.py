"""Numbers that are used or listed twice, found by one sweep per issuance in O(n log n).

A conflict: rows of one list, or of the lists of one teller on one day, that share numbers; two ends
(retirement, cancellation) of one number in any lists; its issuance on two days. None: issued in one
row and ended in another, or the same told by two files (once per pair as `repeated-rows`).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date

from onetonne.base.serials import Serial
from onetonne.exchange.findings import Finding, Place, finding
from onetonne.exchange.layouts import ANYBODYS, STOCK_LISTS
from onetonne.exchange.observations import Observation

_ENDED = ("retirement", "cancellation")
_DAY = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([-_.]?)([0-9]{2})\2([0-9]{2})(?![0-9])")
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
    tellers: dict[Hashable, list[_Row]] = defaultdict(list)
    ends: dict[Hashable, list[_Row]] = defaultdict(list)
    issues: dict[Hashable, list[_Row]] = defaultdict(list)
    for row in rows:
        serial, seen = row
        issuance = (serial.registry, serial.key)
        if seen.kind in _ENDED:
            ends[issuance].append(row)
        if seen.kind == "issuance" and seen.issued:
            issues[issuance].append(row)
        story = "stock" if seen.listing in STOCK_LISTS else seen.kind
        side = "ended" if story in _ENDED else story
        lists[issuance, seen.at.file, seen.at.sheet, side].append(row)
        if side != "ended":
            tellers[issuance, _teller(seen), side].append(row)
    yield from ((lane, id) for lane in lists.values())
    yield from ((lane, _told) for lane in ends.values())
    yield from ((lane, lambda seen: seen.issued) for lane in issues.values())
    yield from ((lane, _told) for same in tellers.values() for lane in _by_day(same))


def _by_day(rows: list[_Row]) -> Iterator[list[_Row]]:
    """The rows of each export day, with those of no day among all of them: only two days that are
    known may differ. Nothing where all stand in one list."""
    if len({(seen.at.file, seen.at.sheet) for _, seen in rows}) < 2:
        return
    days = {file: export_day(file) for file in {seen.at.file for _, seen in rows}}
    known = set(days.values())
    for day in known - {None} or known:
        yield [row for row in rows if days[row[1].at.file] in (day, None)]


def export_day(path: str) -> date | None:
    """The day of an export: the one in the file's name (2026-03-31, 2026_03_31, 20260331), else in
    the nearest folder's that has one; none where a name has two."""
    for name in reversed(re.split(r"[/\\]", path)):
        days = set(filter(None, map(_day, _DAY.finditer(name))))
        if days:
            return days.pop() if len(days) == 1 else None
    return None


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None


def _teller(seen: Observation) -> Hashable:
    """Whose word a row is: a registry's, or anybody's who lists serials."""
    return "" if seen.listing in ANYBODYS else seen.registry


def _told(seen: Observation) -> Hashable:
    """What makes two rows of different lists one and the same act, or block."""
    if seen.kind in _ENDED:
        return (seen.serial, seen.kind, seen.ended, seen.beneficiary, seen.reason, seen.note)
    return (seen.serial, seen.kind)


def _conflict(late: Observation, early: Observation) -> Finding:
    days = {late.issued, early.issued}
    if late.kind in _ENDED and early.kind in _ENDED:
        code = "retired-twice"
    elif late.kind == early.kind == "issuance" and len(days) == 2 and None not in days:
        code = "issued-twice"
    elif (late.at.file, late.at.sheet) == (early.at.file, early.at.sheet):
        code = "overlap"
    else:
        code = "overlap-of-files"
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
    days: dict[str, date | None] = {}
    for _, seen in rows:
        file, sheet = here = (seen.at.file, seen.at.sheet)
        if file not in days:
            days[file] = export_day(file)
        # what ended, ended for good; a block is expected again in the export of another day
        lasting = seen.kind in _ENDED
        told = first.setdefault(
            (_told(seen), None if lasting else (_teller(seen), days[file])), seen
        )
        if (told.at.file, told.at.sheet) != here:
            other = " ".join(filter(None, (told.at.file, told.at.sheet)))
            pairs[(file, sheet, other, seen.registry)] += 1
    return [
        finding("repeated-rows", Place(file, sheet), registry=registry, value=str(n), other=other)
        for (file, sheet, other, registry), n in sorted(pairs.items())
    ]
