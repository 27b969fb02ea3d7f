"""A Party's balance year by year, as a drawing and as rows: both from the same numbers.

Above, emissions as columns and the adjusted balance as dots, against path and target. Between, what
adjusts them, on a scale of its own: it is often too small to be seen above. Below, the numbers.
"""

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from onetonne.article6.balance import Balance, Year
from onetonne.doors import svg
from onetonne.doors.render import number, rounded
from onetonne.ledger.article6.tables import Ndc
from onetonne.ledger.words import word

LEFT, RIGHT, COLUMN, LEAST = 168, 24, 92, 5
"""Margins, width of a year, and how many years a drawing is wide at least."""
UPPER, LOWER, ROW = (116, 250), (404, 90), 19
"""Top and height of the two plots, and height of a row of numbers."""
EMISSIONS, BALANCE, PATH, TARGET, FIRST, USED = (
    "#9aa3ab", "#0b4f9e", "#b34700", "#8f1d1d", "#b36b00", "#00703c",
)  # fmt: skip
WORDS = {
    "title": ("{}: balance {} to {} ({}, {})", "{}：排放餘額 {} 至 {}（{}，{}）"),
    "emissions": ("Inventory", "清冊"),
    "indicator": ("Indicator", "指標"),
    "balance": ("Balance", "餘額"),
    "path": ("Path", "路徑"),
    "target": ("Target", "目標"),
    "first": ("First transferred", "首次移轉"),
    "used": ("Used", "使用"),
    "adjustment": ("Adjustment", "調整"),
    "unknown": ("no inventory", "尚無清冊"),
    "verdict": ("Reached {} of {}: {}, missing {}.", "達成 {}／{}：{}，差額 {}。"),
    "open": ("Target {}: {}, data is missing.", "目標 {}：{}，缺少數值。"),
    "none": ("No data for a chart.", "尚無可繪之數值。"),
}
HEAD = ("year", "emissions", "first_transferred", "used", "adjustment", "balance", "path",
        "reached", "target", "gap", "verdict")  # fmt: skip


def rows(ndc: Ndc, told: Balance) -> list[list[str]]:
    """The numbers as rows of a table, exact (`100/3`); the heading first, the test last."""
    years = [
        [str(y.year), _exact(y.emissions), str(y.first), str(y.used), _exact(y.adjustment),
         _exact(y.balance), _exact(y.path), "", "", "", ""]
        for y in told.years
    ]  # fmt: skip
    sums = [str(sum(y.first for y in told.years)), str(sum(y.used for y in told.years))]
    test = [f"{ndc.first}-{ndc.last}", "", *sums, "", "", "", _exact(told.reached),
            _exact(told.target), _exact(told.gap), told.verdict]  # fmt: skip
    return [list(HEAD), *years, test]


def _exact(value: Fraction | None) -> str:
    return "" if value is None else str(value)


class Scale(msgspec.Struct, frozen=True):
    """Values to heights, in whole points: `low` to `high` fill a plot from its foot to its head."""

    head: int
    height: int
    low: Fraction
    high: Fraction

    def at(self, value: Fraction | int) -> int:
        if self.high == self.low:
            return self.head + self.height
        share = (self.high - value) / (self.high - self.low)
        return self.head + round(self.height * share)


def scale(place: tuple[int, int], values: Sequence[Fraction | int]) -> Scale:
    """The scale of a plot over all its values; zero is always on it."""
    found = [Fraction(0), *map(Fraction, values)]
    return Scale(*place, min(found), max(found))


def draw(ndc: Ndc, told: Balance, language: str, as_of: str) -> str:
    """The drawing as SVG text."""
    at = 1 if language == "zh" else 0
    wide = LEFT + COLUMN * max(len(told.years), LEAST) + RIGHT
    title = WORDS["title"][at].format(
        told.party, ndc.first, ndc.last, word(told.method, language), told.metric
    )
    goal = Fraction(ndc.goal) if ndc.goal and told.method != "budget" else None
    verdict = _verdict(told, language)
    parts = [
        svg.text(24, 34, title, 18, bold=True),
        svg.text(24, 56, verdict, 13),
        svg.text(24, 74, as_of, 12, svg.QUIET),
        *_legend(told, goal, at),
        *_upper(told, goal, wide, at),
        *_lower(told, wide, at),
        *_numbers(told, wide, at),
    ]
    foot = _table_top() + ROW * 7 + 16
    return svg.panel(wide, foot, title, _says(told, verdict, at), parts, ("en", "zh-Hant")[at])


def _verdict(told: Balance, language: str) -> str:
    """Whether the target is reached; where that cannot be told, what is known of it."""
    at = 1 if language == "zh" else 0
    goal, found = rounded(told.target), word(told.verdict, language)
    if told.gap is None:
        return WORDS["open"][at].format(goal, found)
    return WORDS["verdict"][at].format(rounded(told.reached), goal, found, rounded(told.gap))


def _x(place: int) -> int:
    """The middle of a year's column."""
    return LEFT + COLUMN * place + COLUMN // 2


def _legend(told: Balance, goal: Fraction | None, at: int) -> list[str]:
    """What each mark means, in a row over the plot."""
    entries = [(_first_name(told), EMISSIONS), ("balance", BALANCE)]
    entries += [("path", PATH)] if any(y.path is not None for y in told.years) else []
    entries += [("target", TARGET)] if goal is not None else []
    parts, x = [], 24
    for name, colour in entries:
        said = WORDS[name][at]
        parts += [svg.box(x, 88, 12, 12, colour), svg.text(x + 18, 99, said)]
        x += 34 + (len(said) * 13 if at else len(said) * 7)
    return parts


def _first_name(told: Balance) -> str:
    return "emissions" if told.metric == "GHG" else "indicator"


def _upper(told: Balance, goal: Fraction | None, wide: int, at: int) -> list[str]:
    values = [v for y in told.years for v in (y.emissions, y.balance, y.path) if v is not None]
    values += [goal] if goal is not None else []
    if not values:
        return [svg.text(LEFT, UPPER[0] + UPPER[1] // 2, WORDS["none"][at], 13, svg.QUIET)]
    plot = scale(UPPER, values)
    parts = _axis(plot, wide)
    for place, year in enumerate(told.years):
        if year.emissions is not None:
            parts.append(_column(_x(place) - 24, 48, plot, year.emissions, EMISSIONS))
        else:
            where = (_x(place), plot.at(0) - 6)
            parts.append(svg.text(*where, WORDS["unknown"][at], 10, svg.QUIET, "middle"))
    path = [(p, y.path) for p, y in enumerate(told.years) if y.path is not None]
    for place, level in path:
        y = plot.at(level)
        parts.append(svg.line(_x(place) - 40, y, _x(place) + 40, y, PATH, 3))
    if goal is not None:
        place, y = len(told.years) - 1, plot.at(goal)
        parts.append(svg.line(_x(place) - 44, y, _x(place) + 44, y, TARGET, 4))
    known = [(_x(p), plot.at(y.balance)) for p, y in enumerate(told.years) if y.balance is not None]
    parts += [svg.path(known, BALANCE)] if len(known) > 1 else []
    return parts + [svg.dot(x, y, BALANCE) for x, y in known]


def _lower(told: Balance, wide: int, at: int) -> list[str]:
    """What is first transferred upwards, what is used downwards, on a scale of its own."""
    values = [v for y in told.years for v in (y.first, -y.used)]
    plot = scale(LOWER, values)
    middle = LOWER[0] - 10
    parts = [
        svg.box(24, middle - 11, 12, 12, FIRST),
        svg.text(42, middle, WORDS["first"][at]),
        svg.box(168, middle - 11, 12, 12, USED),
        svg.text(186, middle, WORDS["used"][at]),
        *_axis(plot, wide),
    ]
    for place, year in enumerate(told.years):
        if year.first:
            parts.append(_column(_x(place) - 24, 22, plot, year.first, FIRST))
        if year.used:
            parts.append(_column(_x(place) + 2, 22, plot, -year.used, USED))
    return parts


def _column(x: int, wide: int, plot: Scale, value: Fraction | int, colour: str) -> str:
    """A column from zero to a value; one that is not zero is always to be seen."""
    zero, tip = plot.at(0), plot.at(value)
    return svg.box(x, min(zero, tip), wide, max(abs(zero - tip), 2 if value else 0), colour)


def _axis(plot: Scale, wide: int) -> list[str]:
    """Lines at the ends of a scale and at zero, each with its number."""
    parts = []
    for value in sorted({plot.low, plot.high, Fraction(0)}):
        y = plot.at(value)
        parts.append(svg.line(LEFT, y, wide - RIGHT, y, svg.QUIET if not value else svg.RULE))
        parts.append(svg.text(LEFT - 8, y + 4, rounded(value), 11, svg.QUIET, "end"))
    return parts


def _table_top() -> int:
    return LOWER[0] + LOWER[1] + 32


def _cells(told: Balance, year: Year) -> list[tuple[str, str]]:
    return [
        (_first_name(told), rounded(year.emissions)),
        ("first", number(year.first)),
        ("used", number(year.used)),
        ("adjustment", rounded(year.adjustment)),
        ("balance", rounded(year.balance)),
        ("path", rounded(year.path)),
    ]


def _numbers(told: Balance, wide: int, at: int) -> list[str]:
    """The numbers of each year under its column."""
    top = _table_top()
    parts = [svg.line(24, top + 6, wide - RIGHT, top + 6)]
    for place, year in enumerate(told.years):
        x = _x(place) + COLUMN // 2 - 6
        parts.append(svg.text(x, top, str(year.year), 12, anchor="end", bold=True))
        for row, (name, said) in enumerate(_cells(told, year), 1):
            y = top + ROW * row + 4
            if not place:
                parts.append(svg.text(24, y, WORDS[name][at], 12, svg.QUIET))
            parts.append(svg.text(x, y, said, _size(said), anchor="end"))
    return parts


def _size(said: str) -> int:
    """The size at which a number stays in its column."""
    return 12 if len(said) <= 12 else 10 if len(said) <= 15 else 8


def _says(told: Balance, verdict: str, at: int) -> str:
    """All numbers in words, for whoever cannot see them."""
    years = [
        f"{year.year}: " + ", ".join(f"{WORDS[n][at]} {said}" for n, said in _cells(told, year))
        for year in told.years
    ]
    return f"{verdict} {'; '.join(years)}."
