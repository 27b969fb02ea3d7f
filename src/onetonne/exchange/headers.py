"""The header of a table: names made different, the column of each field, names that stand twice.

Two columns of one name would leave it to chance which of them is read. Neither wins here: they
are named, and a row in which they differ is not read.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from onetonne.exchange.layouts import Layout
from onetonne.exchange.tables import distinct, plain_header


class Header(Struct, frozen=True):
    """`names` all different, one a column; `width` the columns up to the last that has a name;
    `columns` which name holds a field; `twins` the groups of names that are one as written."""

    names: tuple[str, ...]
    width: int
    columns: dict[str, str]
    twins: tuple[tuple[str, ...], ...]

    def misfit(self, cells: Sequence[str]) -> tuple[str, str, str]:
        """(code, column, value) of the first cell that is missing or beyond; code empty when the
        row fits. Blank cells beyond the header are none."""
        if len(cells) < self.width:
            return "row-too-short", self.names[len(cells)], ""
        for at, cell in enumerate(cells[len(self.names) :], start=len(self.names) + 1):
            if cell.strip():
                return "row-too-long", f"(column {at})", cell
        return "", "", ""

    def columns_in(self, raw: Mapping[str, str]) -> dict[str, str]:
        """Which name holds a field in this row: of several, the first whose cell is not blank."""
        better = {
            twins[0]: next((name for name in twins if raw[name].strip()), twins[0])
            for twins in self.twins
        }
        return {field: better.get(name, name) for field, name in self.columns.items()}

    def twice(self, raw: Mapping[str, str]) -> list[tuple[str, str, bool]]:
        """(first name, later name, whether their cells differ) where a row fills twins twice."""
        found = []
        for twins in self.twins:
            filled = [name for name in twins if raw[name].strip()]
            differ = [name for name in filled if raw[name].strip() != raw[filled[0]].strip()]
            if len(filled) > 1:
                found.append((filled[0], [*differ, filled[1]][0], bool(differ)))
        return found


def header_of(cells: Sequence[str], layout: Layout | None) -> Header:
    """A header as it stands. Names of columns that the list reads are one when `plain_header` makes
    them so, others when they are written alike; of an unknown table nothing is read."""
    names = distinct([text.strip() or f"(column {at})" for at, text in enumerate(cells, start=1)])
    width = max((at for at, text in enumerate(cells, start=1) if text.strip()), default=0)
    if layout is None:
        return Header(names, width, {}, ())
    alike: dict[str, list[str]] = defaultdict(list)
    read = set(layout.columns.values())
    for text, name in zip(cells, names, strict=True):
        plain = plain_header(text)
        alike[plain if plain in read else text.strip()].append(name)
    alike.pop("", None)
    columns = {field: alike[name][0] for field, name in layout.columns.items() if name in alike}
    return Header(names, width, columns, tuple(tuple(x) for x in alike.values() if len(x) > 1))
