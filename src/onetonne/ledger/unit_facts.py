"""What our own books say of serials, as facts that the law reads; what they do not say is unknown.

Later sources count first: the unit's type, the lot and its project, what the lot states itself,
then labels, recognitions and first transfers that lie on just these serials.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from onetonne.ledger.article6.tables import Authorisation
from onetonne.ledger.compliance import Recognition
from onetonne.ledger.tables import LabelRow, Lot, Project
from onetonne.ledger.units import Law
from onetonne.rules.facts import VOCABULARY, FactFault, Known, read_facts
from onetonne.rules.law import Everywhere

_ACTIVITY = {"reduction": "R", "removal": "RM"}
_YEAR = re.compile("[0-9]{4}")
_TIMES = re.compile(r"([0-9]+(?:\.[0-9]+)?) times")
ORIGIN = "conversion:"
PURPOSES = {"NDC": "NDC", "IMP": "OIMP_CORSIA", "OP": "OIMP_OTHER"}
"""Purposes of an authorisation, as the law of systems calls them."""
Raw = dict[str, Any]


def of_lot(lot: Lot, project: Project | None, law: Law, everywhere: Everywhere) -> Raw:
    """Plain facts of a lot, for `typed`."""
    found = of_unit(lot.unit, law, everywhere)
    found |= {"host": lot.host, "reduction_year": lot.vintage}
    found["activity_class"] = _ACTIVITY.get(lot.activity)
    found["commitment_period"] = f"CP{lot.commitment_period}" if lot.commitment_period else None
    if project is not None:
        found["methodology"] = project.methodology
        found.setdefault("programme", project.mechanism)
    if found.get("family") == "allowance":
        found["allowance_year"] = allowance_year(lot)
    if lot.origin.startswith(ORIGIN):
        # It came to be because its source was burnt, here or (as observed) abroad.
        found |= {"origin_unit": made_from(lot, law), "origin_unit_cancelled": True}
    found |= {name: value for name, value in lot.facts.items() if name in VOCABULARY}
    return {name: value for name, value in found.items() if value}


def of_unit(code: str, law: Law, everywhere: Everywhere) -> Raw:
    """What is known of a unit by its type alone."""
    unit = law.units.get(code)
    found: Raw = {"family": unit.family} if unit else {}
    return found | everywhere.unit_facts.get(code, {}) | {"unit_type": code}


def allowance_year(lot: Lot) -> int:
    """The year that an allowance was issued for; 0 where nothing says it."""
    period = lot.facts.get("period", "")
    return int(period) if _YEAR.fullmatch(period) else lot.vintage


def made_from(lot: Lot, law: Law) -> str:
    """The unit that a converted lot was first made from; empty where nobody can tell."""
    stated = lot.facts.get("origin_unit", "")
    rule = law.conversions.get(lot.origin.removeprefix(ORIGIN))
    if stated or rule is None or not lot.origin.startswith(ORIGIN):
        return stated
    return next(iter(rule.sources)) if len(rule.sources) == 1 else ""


def inherited(lots: Iterable[Lot], law: Law) -> dict[str, str]:
    """What a lot made from these states as they do: the law's facts that all of them share."""
    told: list[dict[str, str]] = []
    for lot in lots:
        own = {name: text for name, text in lot.facts.items() if name in VOCABULARY}
        first = made_from(lot, law)
        told.append(own | ({"origin_unit": first} if first else {}))
    shared = set(told[0].items()).intersection(*[one.items() for one in told[1:]]) if told else ()
    return dict(sorted(shared))


def typed(raw: Raw) -> dict[str, Known]:
    """Typed facts; one that cannot be read, or contradicts another, is unknown."""
    facts = dict(raw)
    while True:
        try:
            return read_facts(facts)
        except FactFault as fault:
            del facts[fault.name]


def marks_on(
    law: Law, system: str, day: date, labels: Iterable[LabelRow], known: Iterable[Recognition]
) -> Raw:
    """What labels and recognitions, all of which cover the serials whole, say on a day."""
    found = labelled(law, labels)
    mine = [row for row in known if row.system == system]
    if mine:
        found["recognised"] = any(in_force(row, day) for row in mine)
    return found


def labelled(law: Law, labels: Iterable[LabelRow]) -> Raw:
    """What labels say: `labels` has each kind, its value, and both as `kind:value`; the value of a
    kind that is a fact of the law goes to it. How many times too much was credited stands in a
    controversy's text ("27.4 times")."""
    words: dict[str, set[str]] = {}
    for label in labels:
        kind = law.label_kinds.get(label.kind)
        told = (label.kind, label.value, f"{label.kind}:{label.value}" if label.value else "")
        words.setdefault("labels", set()).update(filter(None, told))
        if kind is not None and kind.fact:
            words.setdefault(kind.fact, set()).add(label.value)
    times = [Fraction(m[1]) for m in map(_TIMES.search, words.get("controversies", ())) if m]
    found: Raw = {"overcredited": max(times)} if times else {}
    for name, values in words.items():
        found[name] = sorted(values) if VOCABULARY[name].kind == "words" else max(values)
    return found


def authorised(rows: Iterable[Authorisation]) -> Raw:
    """What the authorisations say under which serials were first transferred, each covering them
    whole; that transfer binds the host to adjust."""
    found: Raw = {}
    for row in rows:
        found["loa_purposes"] = sorted(PURPOSES[purpose] for purpose in row.purposes)
        found["adjustment"] = "AUTHORISED"
        if len(row.parties) == 1:
            found["loa_country"] = row.parties[0]
    return found


def in_force(row: Recognition, day: date) -> bool:
    """Whether a recognition stands on a day; its last day counts."""
    return not row.withdrawn and (row.until is None or day <= row.until)
