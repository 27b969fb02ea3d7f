"""Where a host's tonnes went, as a Sankey diagram and as rows: both from the same flows.

A band is as thick as its share, and never too thin to be seen; what counts is the number beside it.
"""

from onetonne.article6.flows import AUTHORISED, BARE, FIRST, ISSUED, Flow, Flows, rank
from onetonne.doors import svg
from onetonne.doors.render import number

LEFT, TOP, COLUMN, NODE, RIGHT = 24, 92, 250, 14, 250
HEIGHT, GAP, SLOT, THIN = 420, 14, 34, 2
"""Height that all units fill, gap between stations, least height of a station with its label, and
thickness of the thinnest band."""
NAMES = {
    ISSUED: ("Issued", "核發"),
    FIRST: ("First transferred", "已首次移轉"),
    AUTHORISED: ("Authorised, still to go", "已授權，尚未移轉"),
    BARE: ("Not first transferred", "未首次移轉"),
    "share_of_proceeds": ("Share of proceeds", "收益分攤"),
    "omge": ("Overall mitigation (OMGE)", "全球排放整體減緩"),
    "omge_voluntary": ("Overall mitigation, voluntary", "自願之全球排放整體減緩"),
    "buffer": ("Buffer", "緩衝庫"),
    "to": ("To {}", "移轉至 {}"),
    "at:authorisation": ("At authorisation", "授權時"),
    "at:issuance": ("At issuance", "核發時"),
    "at:use": ("At use", "使用時"),
    "at:conversion": ("Before conversion", "轉換前"),
    "at:transfer": ("Abroad when authorised", "授權時已在境外"),
    "used:NDC": ("Used towards the NDC of {}", "用於 {} 之 NDC"),
    "used:IMP": ("Used for CORSIA and the like", "用於國際減緩目的"),
    "used:OP": ("Used for other purposes", "用於其他目的"),
    "retired": ("Retired", "註銷使用"),
    "surrendered": ("Surrendered", "繳交"),
    "towards_ndc_host": ("Kept for its own NDC", "計入本國 NDC"),
    "elsewhere": ("In another registry", "移至其他登錄簿"),
    "cancelled": ("Cancelled", "取消"),
    "held": ("Held in {}", "由 {} 持有"),
}
COLOURS = {ISSUED: "#5b6770", FIRST: "#1d5fa8", AUTHORISED: "#b36b00", BARE: "#5b6770",
           "share_of_proceeds": "#00703c", "omge": "#6f3c97", "buffer": "#8a5a2b"}  # fmt: skip
OTHERS = "#1d5fa8"


def rows(told: Flows) -> list[list[str]]:
    """The flows as rows of a table: from, to, units; the heading first."""
    return [["from", "to", "units"],
            *([row.source, row.target, str(row.quantity)] for row in told.rows)]  # fmt: skip


def name(station: str, zh: bool) -> str:
    """What a station is called; `to:CH`, `held:CH` and `used:NDC:CH` name their Party."""
    kind, _, rest = station.partition(":")
    purpose, _, user = rest.partition(":")
    if station in NAMES:
        return NAMES[station][zh]
    if kind == "used":
        return NAMES[f"used:{purpose}"][zh].format(user)
    return NAMES[kind][zh].format(rest or "-")


def draw(told: Flows, language: str, as_of: str) -> str:
    """The diagram as SVG text."""
    zh = language == "zh"
    layout = _Layout(told)
    title = (f"{told.party}：減緩成果之去向（{told.metric}）" if zh
             else f"{told.party}: where its mitigation outcomes went ({told.metric})")  # fmt: skip
    parts = [
        svg.text(LEFT, 34, title, 18, bold=True),
        svg.text(LEFT, 56, as_of, 12, svg.QUIET),
    ]
    parts += [_band(layout, row, _sentence(row, zh)) for row in layout.bands]
    for station, (x, y, high) in layout.boxes.items():
        parts.append(svg.box(x, y, NODE, high, _colour(station)))
    for station, (x, y, high) in layout.boxes.items():
        middle = y + high // 2
        parts += [
            svg.text(x + NODE + 6, middle - 3, name(station, zh), 12, halo=True),
            svg.text(x + NODE + 6, middle + 12, _amount(told, station), 12, bold=True, halo=True),
        ]
    says = ("；" if zh else "; ").join(_sentence(row, zh) for row in told.rows)
    width = LEFT + 3 * COLUMN + NODE + RIGHT
    return svg.panel(width, layout.bottom + 24, title, says, parts, "zh-Hant" if zh else "en")


def _sentence(row: Flow, zh: bool) -> str:
    between = "→" if zh else "to"
    return f"{name(row.source, zh)} {between} {name(row.target, zh)}: {number(row.quantity)}"


def _amount(told: Flows, station: str) -> str:
    """Units at a station, with their share of all in tenths of a percent, rounded down."""
    here = told.issued if station == ISSUED else told.into(station)
    tenths = 1000 * here // told.issued
    share = "< 0.1 %" if not tenths else f"{tenths // 10}.{tenths % 10} %"
    return number(here) if station == ISSUED else f"{number(here)}  ({share})"


def _colour(station: str) -> str:
    return COLOURS.get(station, OTHERS if station.startswith(("to:", "at:")) else "#5b6770")


def _band(layout: "_Layout", row: Flow, says: str) -> str:
    """A band, in the colour of what the units became at first."""
    first = row.target if row.source == ISSUED else row.source
    (x1, y1), (x2, y2), thick = layout.joined(row)
    return svg.ribbon(x1, y1, x2, y2, thick, _colour(first), says)


class _Layout:
    """Where each station stands: column by column, from the top, in the order of `rank`; ends stand
    across from what comes to them."""

    def __init__(self, told: Flows) -> None:
        self.told = told
        self.ends = told.ends
        self.boxes: dict[str, tuple[int, int, int]] = {}
        self.bottom = TOP
        self._used: dict[tuple[str, bool], int] = {}
        stations = {station for row in told.rows for station in (row.source, row.target)}
        for column in range(3):
            self._stack([s for s in sorted(stations, key=rank) if self._column(s) == column])
        self._stack(sorted(self.ends, key=self._height))

    def _height(self, end: str) -> tuple[bool, int, tuple[int, str]]:
        """Where an end belongs: across from what comes to it, so that bands cross little; what was
        levied at issuance comes last."""
        into = [row for row in self.told.rows if row.target == end]
        levied = any(row.source == ISSUED for row in into)
        weighed = sum(row.quantity * self._middle(row.source) for row in into)
        return levied, weighed // self.told.into(end), rank(end)

    def _middle(self, station: str) -> int:
        _, y, high = self.boxes[station]
        return y + high // 2

    def _column(self, station: str) -> int:
        if station == ISSUED:
            return 0
        if station in self.ends:
            return 3
        return 1 if station in (FIRST, AUTHORISED, BARE) else 2

    def _stack(self, stations: list[str]) -> None:
        y = TOP
        for station in stations:
            into = sum(self.thick(r) for r in self.told.rows if r.target == station)
            out = sum(self.thick(r) for r in self.told.rows if r.source == station)
            high = max(into, out)
            slot = max(high, SLOT)
            x = LEFT + COLUMN * self._column(station)
            self.boxes[station] = (x, y + (slot - high) // 2, high)
            y += slot + GAP
        self.bottom = max(self.bottom, y)

    @property
    def bands(self) -> list[Flow]:
        """The flows from the top down, so that those of one station do not cross."""
        return sorted(
            self.told.rows, key=lambda r: (self.boxes[r.source][1], self.boxes[r.target][1])
        )

    def thick(self, row: Flow) -> int:
        return max(THIN, HEIGHT * row.quantity // self.told.issued)

    def joined(self, row: Flow) -> tuple[tuple[int, int], tuple[int, int], int]:
        """The two ends of a band; bands leave and reach a station side by side."""
        thick = self.thick(row)
        at = []
        for station, leaving in ((row.source, True), (row.target, False)):
            x, y, _ = self.boxes[station]
            used = self._used.get((station, leaving), 0)
            self._used[station, leaving] = used + thick
            at.append((x + NODE if leaving else x, y + used))
        return at[0], at[1], thick
