"""What is known against some units: findings that the lawbook lists, as facts and as warnings.

A finding refuses nothing by itself. From the day on which it was published a clause may read it:
`controversies` holds its name and its kind, `overcredited` how many times too much was credited.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from onetonne.rules.compose import held
from onetonne.rules.facts import Facts, Known
from onetonne.rules.law import Controversy, Everywhere, Says
from onetonne.rules.verbs import Held


def known_of(everywhere: Everywhere, facts: Facts, day: date) -> dict[str, Known]:
    """The facts with what the list says of such a unit on that day. Where a finding may speak of it
    and this cannot be settled, nothing is added, so that what is known against it stays unknown."""
    rows = _rows(everywhere, facts, day)
    if not all(answer is Held.HOLDS for _, answer in rows):
        return dict(facts)
    words, times = facts.get("controversies"), facts.get("overcredited")
    found = words if isinstance(words, frozenset) else frozenset()
    most = [row.times.fraction for row, _ in rows if row.times is not None]
    most += [times] if isinstance(times, Fraction) else []
    listed = {word for row, _ in rows for word in (row.code, row.kind)}
    more: dict[str, Known] = {"overcredited": max(most)} if most else {}
    return {**facts, "controversies": found | listed, **more}


def told(everywhere: Everywhere, facts: Facts, day: date) -> list[Says]:
    """One sentence for each finding that speaks of the unit: what, by whom, when, where written;
    then one for whatever else is stated of the unit itself, as by a label."""
    rows = [row for row, answer in _rows(everywhere, facts, day) if answer is Held.HOLDS]
    listed = {word for row in rows for word in (row.code, row.kind)}
    words = facts.get("controversies")
    stated = sorted(words - listed) if isinstance(words, frozenset) else []
    return [_sentence(row, everywhere) for row in rows] + [
        Says(
            f"Known controversy: {text} (stated of this unit)", f"已知爭議：{text}（依該單位所載）"
        )
        for text in stated
    ]


def _rows(everywhere: Everywhere, facts: Facts, day: date) -> list[tuple[Controversy, Held]]:
    """The findings published by that day that speak of the unit, or may."""
    rows = [(row, held(row.when, facts)) for row in everywhere.controversies.values()
            if row.on <= day]  # fmt: skip
    return [(row, answer) for row, answer in rows if answer is not Held.FAILS]


def _sentence(row: Controversy, everywhere: Everywhere) -> Says:
    places = [everywhere.citations[code] for code in row.cites]
    en = "; ".join(f"{place.instrument}, {place.provision}" for place in places)
    times = "" if row.times is None else f", {row.times} times"
    fold = "" if row.times is None else f"，{row.times} 倍"
    return Says(f"Known controversy: {row.says.en} ({row.by}, {row.on}{times}) [{en}]",
                f"已知爭議：{row.says.zh}（{row.by}，{row.on}{fold}）［{en}］")  # fmt: skip
