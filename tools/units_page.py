"""Write docs/reference/units.md from the lawbook; a test compares the page with this text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from onetonne.ledger.units import (
    CancellationKind,
    Citation,
    Conversion,
    LabelKind,
    Law,
    LockKind,
    Purpose,
    UnitType,
)
from onetonne.store.lawbook import load_law

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "units.md"

HEAD = """# Unit types

Generated from `src/onetonne/lawbook` by `python tools/units_page.py`; do not edit by hand.
One serial is one tonne of CO2e unless *metric* says otherwise. *Ends* are the sinks in which a
unit may end; `conversion` means that it may be burnt to issue another. AER, MCU and ITMO are not
listed: they are statuses that follow from authorisation and first transfer, not unit types.
*Low* confidence marks what no published rule settles.
"""


def page(law: Law) -> str:
    """The whole page: unit types by family, conversions, then the small tables."""
    parts = [HEAD]
    for family in sorted({unit.family for unit in law.units.values()}):
        rows = [unit for unit in law.units.values() if unit.family == family]
        parts.append(f"\n## {family.replace('_', ' ').capitalize()}\n")
        head = ["code", "name", "名稱", "activity", "metric", "acts", "ends", "needs", "serials"]
        parts.append(table([*head, "source", "confidence"], map(unit_row, rows)))
    parts.append("\n## Conversions\n")
    head = ["code", "name", "名稱", "from", "to", "ratio", "window", "requires", "by", "source"]
    parts.append(table([*head, "confidence"], map(conversion_row, law.conversions.values())))
    small: dict[str, Iterable[CancellationKind | LockKind | LabelKind | Purpose]] = {
        "Cancellation kinds": law.cancellation_kinds.values(),
        "Lock kinds": law.lock_kinds.values(),
        "Label kinds": law.label_kinds.values(),
        "Purposes of a retirement": law.purposes.values(),
    }
    for title, kinds in small.items():
        parts.append(f"\n## {title}\n")
        cells = ([f"`{k.code}`", k.names.en, k.names.zh, cited(k.citation)] for k in kinds)
        parts.append(table(["code", "name", "名稱", "source"], cells))
    parts.append(f"\nDigest of this law: `{law.digest}`\n")
    return "\n".join(parts)


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |"
                     for line in lines)  # fmt: skip


def unit_row(unit: UnitType) -> list[str]:
    words = [unit.acts, unit.sinks, unit.needs]
    acts, ends, needs = (", ".join(sorted(word)) or "–" for word in words)
    metric = unit.metric if unit.quantum == 1 else f"{unit.quantum} {unit.metric}"
    names = [f"`{unit.code}`", unit.names.en, unit.names.zh, unit.activity, metric]
    source = cited(unit.citation)
    return [*names, acts, ends, needs, unit.serial_profile, source, unit.confidence]


def conversion_row(rule: Conversion) -> list[str]:
    ratio = f"{rule.ratio.numerator}:{rule.ratio.denominator}"
    window = f"{rule.since or ''} to {rule.until or ''}" if rule.since or rule.until else "–"
    asked = [f"{fact} {value}" for fact, value in rule.requires.items()]
    requires = ", ".join(asked + [f"gate of {rule.system}"] * bool(rule.system)) or "–"
    who = f"{rule.by}, {rule.basis.replace('_', ' ')}"
    who += ", illustration" if rule.illustrative else ""
    names = [f"`{rule.code}`", rule.names.en, rule.names.zh, ", ".join(sorted(rule.sources))]
    source = cited(rule.citation)
    return [*names, rule.target, ratio, window, requires, who, source, rule.confidence]


def cited(source: Citation) -> str:
    text = f"{source.instrument}, {source.provision}"
    return f"[{text}]({source.url})" if source.url else text


if __name__ == "__main__":
    PAGE.write_text(page(load_law()), "utf-8")
