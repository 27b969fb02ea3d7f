"""Quantities for people: tonnes are units, as ever; beside anything else each says its measure."""

from collections.abc import Iterable, Mapping, Sequence

from onetonne.doors.render import Rows, number

ORDINARY = "tCO2e"
_NAMES = {"tCO2e": ("t CO2e", "公噸 CO2e"), "kgCO2e": ("kg CO2e", "公斤 CO2e")}


def ordinary(metrics: Iterable[str]) -> bool:
    """Whether all are the tonne, which need not be named."""
    return set(metrics) <= {ORDINARY}


def measure(metric: str) -> tuple[str, str]:
    """A metric in English and 繁體中文, to stand after a number: `kg CO2e`; `× 100 t CO2e`."""
    quantum, _, name = metric.rpartition(" ")
    en, zh = _NAMES.get(name, (name, name))
    return (f"× {quantum} {en}", f"× {quantum} {zh}") if quantum else (en, zh)


def of_outcome(metric: str) -> str:
    """The measure of what Article 6 counts in a metric: of GHG, the tonne."""
    return ORDINARY if metric == "GHG" else metric


def amounts(sums: Mapping[str, int], en: str = " units", zh: str = " 單位") -> tuple[str, str]:
    """Sums by metric in both languages: `1,000 units`, or `500 MWh, 1,000 t CO2e` where not all
    are tonnes; those of which there is nothing are left out."""
    if ordinary(sums):
        count = number(sum(sums.values()))
        return count + en, count + zh
    told = [(number(n), *measure(metric)) for metric, n in sorted(sums.items()) if n]
    return (
        ", ".join(f"{count} {name}" for count, name, _ in told) or "0",
        "、".join(f"{count} {name}" for count, _, name in told) or "0",
    )


def summed(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sum of each metric, of amounts beside their metrics."""
    sums: dict[str, int] = {}
    for metric, quantity in rows:
        sums[metric] = sums.get(metric, 0) + quantity
    return sums


def with_metrics(rows: Rows, at: int, metrics: Sequence[str], language: str) -> Rows:
    """A table with the metric of each row as column `at`, where not all are tonnes."""
    if ordinary(metrics):
        return rows
    names = [measure(metric)[language == "zh"] for metric in metrics]
    return Rows(
        heads=[*rows.heads[:at], ("metric", "計量"), *rows.heads[at:]],
        rows=[(*row[:at], name, *row[at:]) for row, name in zip(rows.rows, names, strict=False)],
        right=rows.right,
    )
