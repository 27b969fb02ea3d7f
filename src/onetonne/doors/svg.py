"""The parts of a drawing: a panel with its title and description, texts, boxes, lines, curves.

Coordinates are integers. The panel brings its own light ground, so that a chart reads the same on
a dark page; it holds no script, no style sheet and no font, and its numbers are text.
"""

from collections.abc import Iterable, Sequence
from html import escape

from onetonne.doors.render import plain

INK, QUIET, RULE, GROUND = "#1a1a1a", "#4a4a4a", "#c8ccd0", "#ffffff"
FACE = "Noto Sans TC, PingFang TC, Microsoft JhengHei, Helvetica, Arial, sans-serif"


def panel(width: int, height: int, title: str, says: str, parts: Iterable[str], lang: str) -> str:
    """A drawing as one SVG text. `says` tells what it shows to those who cannot see it."""
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="title desc" lang="{lang}" '
        f'font-family="{FACE}">',
        f'<title id="title">{shown(title)}</title>',
        f'<desc id="desc">{shown(says)}</desc>',
        f'<rect width="{width}" height="{height}" fill="{GROUND}"/>',
        *parts,
        "</svg>\n",
    ))  # fmt: skip


def shown(text: str) -> str:
    return escape(plain(text))


def text(
    x: int, y: int, words: str, size: int = 12, fill: str = INK, anchor: str = "start",
    bold: bool = False, halo: bool = False,
) -> str:  # fmt: skip
    """One line of text; `halo` keeps it readable where it lies on something: the same words
    beneath, drawn broad in the ground's colour, which every viewer can do."""
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"{weight}'
    said = shown(words)
    beneath = (
        f'<text {place} fill="{GROUND}" stroke="{GROUND}" stroke-width="4" '
        f'stroke-linejoin="round" aria-hidden="true">{said}</text>\n'
    )
    return f'{beneath if halo else ""}<text {place} fill="{fill}">{said}</text>'


def box(x: int, y: int, width: int, height: int, fill: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>'


def line(x1: int, y1: int, x2: int, y2: int, stroke: str = RULE, width: int = 1) -> str:
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{width}"/>'
    )


def path(points: Sequence[tuple[int, int]], stroke: str, dashes: str = "") -> str:
    """Straight lines through points."""
    way = " ".join(f"{'L' if at else 'M'}{x} {y}" for at, (x, y) in enumerate(points))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{way}" fill="none" stroke="{stroke}" stroke-width="2"{dashed}/>'


def dot(x: int, y: int, fill: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="4" fill="{fill}" stroke="{GROUND}"/>'


def ribbon(x1: int, y1: int, x2: int, y2: int, thick: int, fill: str, says: str) -> str:
    """A band of one thickness from a left edge to a right one; `says` names it when pointed at."""
    mid = (x1 + x2) // 2
    return (
        f'<path d="M{x1} {y1}C{mid} {y1} {mid} {y2} {x2} {y2}v{thick}'
        f'C{mid} {y2 + thick} {mid} {y1 + thick} {x1} {y1 + thick}z" fill="{fill}" '
        f'fill-opacity="0.35"><title>{shown(says)}</title></path>'
    )
