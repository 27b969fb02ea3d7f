"""What an act adds to the facts of a unit: its day, the period, whether the unit is at home there,
and what is known against it on that day.
"""

from __future__ import annotations

from datetime import date

from onetonne.rules.controversies import known_of
from onetonne.rules.facts import Facts, Known
from onetonne.rules.law import Everywhere, Period, System


def of_act(
    everywhere: Everywhere, system: System, facts: Facts, day: date, period: Period
) -> dict[str, Known]:
    """The facts with those of the act. An A6.4ER that is authorised for nothing is a contribution
    unit. A host that is a member of the EU is neither at home in the
    EU's systems nor known to be abroad, since the lawbook does not say who is a member."""
    found = known_of(everywhere, facts, day)
    country, host = system.jurisdiction.partition("-")[0], facts.get("host")
    if host is not None and (host == country or country != "EU"):
        found["at_home"] = host == country
    if facts.get("unit_type") == "A6.4ER" and "loa_purposes" in facts:
        found.setdefault("contribution_unit", not facts["loa_purposes"])
    return found | {"transaction_day": day, "period_first": period.first,
                    "period_last": period.last}  # fmt: skip
