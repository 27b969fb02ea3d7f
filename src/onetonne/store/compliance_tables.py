"""The tables of compliance systems; those of an operator lead with it, so that all of one entity
is read together whatever the system."""

from onetonne.ledger import compliance as s
from onetonne.store.table import Table, columns

COMPLIANCE = (
    Table(
        "operators",
        s.Operator,
        ("operator", "system"),
        columns(
            operator="text",
            system="text",
            account="int",
            facts="json",
            registered="int",
            changed="int",
        ),
    ),
    Table(
        "members",
        s.Member,
        ("system", "operator", "since", "kind"),
        columns(
            system="text", operator="text", since="text", into="text", kind="text", entry="int"
        ),
    ),
    Table(
        "caps",
        s.Cap,
        ("system", "period"),
        columns(system="text", period="text", tonnes="int", issued="int", entry="int"),
    ),
    Table(
        "allocations",
        s.Allocation,
        ("operator", "system", "period", "kind"),
        columns(
            operator="text", system="text", period="text", kind="text", tonnes="int", entry="int"
        ),
    ),
    Table(
        "figures",
        s.Figure,
        ("operator", "system", "period", "figure"),
        columns(
            operator="text",
            system="text",
            period="text",
            figure="text",
            tonnes="int",
            document="text",
            entry="int",
        ),
    ),
    Table(
        "used",
        s.Used,
        ("operator", "system", "period", "lot"),
        columns(
            operator="text",
            system="text",
            period="text",
            lot="int",
            tonnes="int",
            entry="int",
            late="int",
        ),
    ),
    Table(
        "system_uses",
        s.SystemUse,
        ("system", "period", "unit"),
        columns(system="text", period="text", unit="text", tonnes="int", entry="int"),
    ),
    Table(
        "recognitions",
        s.Recognition,
        ("lot", "first", "recognition", "system"),
        columns(
            recognition="int",
            lot="int",
            first="int",
            next="int",
            system="text",
            statement="text",
            conditions="text",
            effect="text",
            until="day",
            withdrawn="int",
            reason="text",
        ),
    ),
    Table(
        "duties",
        s.Duty,
        ("duty", "place"),
        columns(
            duty="int",
            place="int",
            clause="text",
            system="text",
            operator="text",
            period="text",
            blocks="json",
            due="day",
            outcome="text",
            entry="int",
            evidence="text",
        ),
    ),
    Table(
        "payments",
        s.Paid,
        ("operator", "system", "period", "entry", "place"),
        columns(
            operator="text",
            system="text",
            period="text",
            entry="int",
            place="int",
            kind="text",
            amount="text",
            currency="text",
            paid="day",
            document="text",
        ),
    ),
)
